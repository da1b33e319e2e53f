"""README, manual and CONTRIBUTING say what is there: commands, codes, links, files; the README stays one page."""

import re
from pathlib import Path

import pytest

from clientdesk.cli.program import COMMANDS
from clientdesk.domain.problem_catalogue import CATALOGUE

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BY_HAND = ("importing", "exporting", "transfer", "server")


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_is_one_page(readme: str) -> None:
    assert len(readme.splitlines()) <= 150
    for picture in ("list", "form", "import", "history"):
        assert f"docs/pictures/{picture}.svg" in readme


def test_there_are_exactly_two_commands_for_a_fresh_machine(readme: str) -> None:
    assert len(re.findall(r"^python3 -m venv .*$", readme, re.MULTILINE)) == 2
    assert len(re.findall(r"&& \.venv/bin/clientdesk demo$", readme, re.MULTILINE)) == 1


def test_ci_runs_the_test_command_of_the_readme(readme: str) -> None:
    (command,) = re.findall(r"\.venv/bin/(python -m pytest.*)$", readme, re.MULTILINE)
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _headings(path: Path) -> set[str]:
    return {_anchor(heading) for heading in re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        assert "://" not in link, link  # what is not in the checkout may be gone tomorrow
        file, _hash, anchor = link.partition("#")
        to = (path.parent / file).resolve() if file else path
        assert to.exists(), link
        assert not anchor or anchor in _headings(to), link


def test_the_readme_leads_to_every_page(readme: str) -> None:
    for path in PAGES[1:]:
        assert f"({path.relative_to(ROOT)})" in readme, path.name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_commands_that_are_named_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    typed = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    for line in (*typed, *re.findall(r"`(clientdesk [^`]+)`", text)):
        words = re.sub(r"--firm \S+|#.*", "", line)
        named = re.match(r"(?:\.venv/bin/)?clientdesk +([a-z]+)", words)
        assert named is None or named[1] in COMMANDS, line


@pytest.mark.parametrize("name", BY_HAND)
def test_codes_that_are_named_are_there(name: str) -> None:
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    tables = re.findall(r"^\| code \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert tables
    for row in "".join(tables).splitlines():
        for code in re.findall(r"`(\w+)`", row.split("|")[1]):
            assert code in CATALOGUE, code


def test_nothing_is_said_of_an_index_before_it_is_there() -> None:
    for path in (*PAGES, *(ROOT / "clientdesk").rglob("*.py")):
        assert not re.search(r"pip install (?:-U )?'?clientdesk", path.read_text(encoding="utf-8")), path


def test_contributing_names_the_targets_of_the_makefile_and_files_that_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"^\| `([a-z]+)` \|", text, re.MULTILINE)) == set(targets) - {"help"}
    for path in re.findall(r"`((?:clientdesk|tests|docs)/[\w/.]+)`", text):
        assert (ROOT / path).exists() or "/es/" in path, path
