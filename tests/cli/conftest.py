"""A firm for each test, and the command line as a function."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from clientdesk import config
from clientdesk.cli.main import main
from clientdesk.desk import opening


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


@pytest.fixture
def firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The path of a new firm, named by CLIENTDESK_FIRM; you are its primary admin."""
    path = str(tmp_path / "firm.db")
    monkeypatch.setenv("CLIENTDESK_FIRM", path)
    monkeypatch.setenv("CLIENTDESK_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("CLIENTDESK_LOG", str(tmp_path / "clientdesk.log"))
    config.settings.cache_clear()
    config.log.cache_clear()
    opening.create_firm(path, "Ríos y Asociados", "Ana García").close()
    return path


@pytest.fixture
def desk(firm: str, capsys: pytest.CaptureFixture[str]) -> Desk:
    """Runs `clientdesk` with arguments in the firm."""

    def run(*arguments: str) -> Ended:
        capsys.readouterr()
        code = main(arguments)
        return Ended(code, *capsys.readouterr())

    return run
