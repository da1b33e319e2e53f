"""The files that the design page and CONTRIBUTING name are there; a file's name says by itself what is in it."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "clientdesk"
TABLE = re.compile(r"^\| (?P<what>[^|]+) \| (?P<where>.+) \|$", re.MULTILINE)
FILE = re.compile(r"`([\w/*]+\.py)\b")
WITHOUT_A_NAME = {"__init__", "__main__"}


def floor(path: Path) -> str:
    """The floor on which a module stands; the engines have one of their own."""
    parts = path.relative_to(PACKAGE).parts[:-1]
    return "/".join(parts[: 2 if parts[:1] == ("store",) else 1])


def is_there(name: str) -> bool:
    """Whether a file of this path or pattern is in the checkout or in the package; of a bare name, anywhere in it."""
    return any(any(folder.glob(name)) for folder in (ROOT, PACKAGE)) or ("/" not in name and any(PACKAGE.rglob(name)))


@pytest.mark.parametrize("page", ["docs/design.md", "CONTRIBUTING.md"])
def test_every_file_that_is_named_is_there(page: str) -> None:
    named = set(FILE.findall((ROOT / page).read_text(encoding="utf-8")))
    assert named
    assert {name for name in named if not is_there(name)} - {"NNNN_fax.py"} == set()  # which a recipe makes


def test_each_line_of_the_table_leads_to_a_file() -> None:
    page = (ROOT / "docs/design.md").read_text(encoding="utf-8")
    table = page.partition("## Where is it?")[2].partition("\n## ")[0]
    lines = [line for line in TABLE.finditer(table) if not line["what"].startswith(("where is it", "-"))]
    assert len(lines) > 20
    assert [line["what"] for line in lines if not FILE.search(line["where"])] == []


def test_no_two_files_of_one_floor_are_called_alike() -> None:
    modules = [path for path in PACKAGE.rglob("*.py") if not path.parent.name.endswith("_schema")]  # a script an engine
    names = Counter((floor(path), path.stem) for path in modules if path.stem not in WITHOUT_A_NAME)
    assert {name for name, count in names.items() if count > 1} == set()
