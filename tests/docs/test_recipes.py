"""The recipes of CONTRIBUTING.md are true: the lines that they give are code, and what they name is there."""

import re
from pathlib import Path

import pytest

from clientdesk.domain import fields, firm_settings

ROOT = Path(__file__).parents[2]
RECIPES = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("\n## Recipes")[2]
FENCED = re.compile(r"```(\w+)\n(.+?)```", re.DOTALL)
CODE = re.compile(r"`([^`]+)`")
NAME = re.compile(r"[A-Za-z]*_\w+|[A-Z]{4,}|[A-Z]\w+\.\w+")
"""Names that are told from words: with an underscore, of capitals only, or of a class and what it has."""
MADE_BY_A_RECIPE = {"command_list_count", "fax_sort"}


def named() -> set[str]:
    """The names of the program that the recipes name, by themselves and as what is called."""
    whole = {part.partition("(")[0].removeprefix("@") for part in CODE.findall(FENCED.sub("", RECIPES))}
    return {name for part in whole if NAME.fullmatch(part) for name in part.split(".")} - MADE_BY_A_RECIPE


def test_what_the_recipes_name_is_there() -> None:
    modules = [
        path.read_text(encoding="utf-8") for floor in ("clientdesk", "tests") for path in (ROOT / floor).rglob("*.py")
    ]
    words = set(re.findall(r"\w+", "\n".join(modules)))
    assert len(named()) > 20
    assert named() - words == set()


@pytest.mark.parametrize(("begin", "module"), [("Field(", fields), ("Setting(", firm_settings)])
def test_the_entry_that_a_recipe_gives_is_one(begin: str, module: object) -> None:
    (entry,) = [part for part in CODE.findall(FENCED.sub("", RECIPES)) if part.startswith(begin)]
    made = eval(" ".join(entry.split()), dict(vars(module)))
    assert made.title
    assert made.limit


def test_the_script_that_a_recipe_gives_is_one(tmp_path: Path) -> None:
    (script,) = [text for language, text in FENCED.findall(RECIPES) if language == "python"]
    lines = [line.removeprefix("   ") for line in script.splitlines()]
    run: list[str] = []

    class Database:
        """What a script is given."""

        def execute_sql(self, sql: str) -> None:
            run.append(sql)

    names: dict[str, object] = {}
    exec("\n".join(lines), names)
    names["up"](None, Database())  # type: ignore[operator]
    assert run == ["ALTER TABLE client ADD COLUMN fax TEXT NOT NULL DEFAULT ''"]


def test_no_recipe_gives_a_script_a_number_that_is_taken() -> None:
    assert "NNNN_fax.py" in RECIPES
    assert re.findall(r"\b0\d{3}_\w+\.py", RECIPES) == []
