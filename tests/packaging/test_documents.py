"""The README says what the program does: its commands, fields, codes and access."""

import re
from pathlib import Path

import pytest

from clientdesk.cli.main import COMMANDS
from clientdesk.domain.access import TABLE, Access
from clientdesk.domain.fields import FIELDS

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_there_are_exactly_two_commands_for_a_fresh_machine(readme: str) -> None:
    assert len(re.findall(r"^python3 -m venv .*$", readme, re.MULTILINE)) == 2
    assert len(re.findall(r"&& \.venv/bin/clientdesk demo$", readme, re.MULTILINE)) == 1


def test_ci_runs_the_test_command_of_the_readme(readme: str) -> None:
    (command,) = re.findall(r"\.venv/bin/(python -m pytest.*)$", readme, re.MULTILINE)
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_command_and_field_is_told(readme: str) -> None:
    for name in [*COMMANDS, *(field.name for field in FIELDS)]:
        assert re.search(rf"`[^`]*\b{name}\b[^`]*`", readme), name
    for field in FIELDS:
        for choice in field.choices:
            assert not choice.value or f"`{choice.value}`" in readme, choice.value


def test_the_access_table_is_the_programs(readme: str) -> None:
    section = readme.split("### Who may do what")[1].split("###")[0]
    rows = [
        [cell.strip() == "yes" for cell in line.split("|")[2:5]] for line in section.splitlines() if "| yes" in line
    ]
    told = {tuple(row) for row in rows}
    assert told == {tuple(access in allowed for access in Access) for allowed in TABLE.values()}
