"""A firm for each test, and the command line as a function."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from clientdesk import config
from clientdesk.cli.main import main
from clientdesk.desk import opening
from tests.founding import Originals


class Ended(NamedTuple):
    """How a command ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of standard output."""
        return self.out.splitlines()

    @property
    def records(self) -> list[dict[str, Any]]:
        """Standard output as JSON, an object a line."""
        return [json.loads(line) for line in self.out.split("\n") if line]


Desk = Callable[..., Ended]
Put = Callable[..., str]


@pytest.fixture
def firm(tmp_path: Path, files: Originals, monkeypatch: pytest.MonkeyPatch) -> str:
    """The path of a new firm, named by CLIENTDESK_FIRM; you are its primary admin."""
    path = files.copy("yours", _make_yours, tmp_path / "firm.db")
    monkeypatch.setenv("CLIENTDESK_FIRM", path)
    monkeypatch.setenv("CLIENTDESK_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("CLIENTDESK_LOG", str(tmp_path / "clientdesk.log"))
    config.settings.cache_clear()
    config.log.cache_clear()
    return path


def _make_yours(path: str) -> None:
    opening.make_firm(path, "Ríos y Asociados", "Ana García")


@pytest.fixture
def desk(firm: str, capsys: pytest.CaptureFixture[str]) -> Desk:
    """Runs `clientdesk` with arguments in the firm."""

    def run(*arguments: str) -> Ended:
        capsys.readouterr()
        code = main(arguments)
        return Ended(code, *capsys.readouterr())

    return run


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Writes a file; its path."""

    def write(text: str | bytes, name: str = "list.csv") -> str:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def numbers(desk: Desk) -> dict[str, str]:
    """The client numbers by Company ID."""
    found = desk("list", "--status", "all", "--json").records
    return {each["company_id"]: each["client_number"] for each in found}


def record(ended: Ended) -> dict[str, Any]:
    """The one object that an import prints."""
    (found,) = ended.records
    return found


def rows_of(firm: str) -> list[Any]:
    """All that is kept of clients, history and imports."""
    with sqlite3.connect(firm) as connection:
        return [
            connection.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608 - names of tables
            for name in ("client", "history", "change_set", "import_run", "import_refusal", "client_type")
        ]
