"""A firm for each test, and the command line as a function."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from clientdesk import log_file
from clientdesk.cli.main import main
from clientdesk.desk import opening, team
from clientdesk.desk.demo import write_demo
from clientdesk.domain.access import Access
from clientdesk.own_settings import own_settings
from tests.conftest import ADMIN
from tests.founding import Originals
from tests.servers import Server
from tests.store.both import bare, seen_by


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
def firm(
    engine_name: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    files: Originals,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """Where a new firm is, on each engine in turn, named by CLIENTDESK_FIRM; you are its primary admin."""
    on_file = engine_name == "sqlite"
    if on_file:
        location = files.copy("yours", _make_yours, tmp_path / "firm.db")
    else:
        server: Server = request.getfixturevalue("server")
        database = server.firm()
        location = server.url(database, ADMIN)
    monkeypatch.setenv("CLIENTDESK_FIRM", location)
    monkeypatch.setenv("CLIENTDESK_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("CLIENTDESK_LOG", str(tmp_path / "clientdesk.log"))
    own_settings.cache_clear()
    log_file.log.cache_clear()
    yield location
    if not on_file:
        server.give_back(database)


Demoted = Callable[[], None]


@pytest.fixture
def demoted(firm: str, engine_name: str, request: pytest.FixtureRequest) -> Demoted:
    """From when it is called on Boss is the firm's primary admin, and you have basic access."""

    def demote() -> None:
        with opening.open_firm(firm) as session:
            boss_id = team.add_member(session, "Boss", "", "boss", Access.FULL).id
            team.offer_primary_admin(session, boss_id)
            me = session.me.id
        if engine_name == "postgres":
            request.getfixturevalue("server").login("boss", Access.PRIMARY_ADMIN)
        with opening.open_firm(seen_by(firm, "boss"), "boss") as boss:
            team.accept_primary_admin(boss)
            ana = next(member for member in team.members(boss) if member.id == me)
            team.save_member(boss, ana, {"access": "basic"})

    return demote


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
def demo(files: Originals, tmp_path: Path) -> str:
    """The path of a demo of 300 clients, which is made once."""
    return files.copy("demo", lambda original: write_demo(original, 300), tmp_path / "demo.db")


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
    records = desk("list", "--status", "all", "--json").records
    return {each["company_id"]: each["client_number"] for each in records}


def record(ended: Ended) -> dict[str, Any]:
    """The one object that an import prints."""
    (record,) = ended.records
    return record


def rows_of(firm: str) -> list[Any]:
    """All that is kept of clients, history and imports."""
    with bare(firm) as connection:
        return [
            connection.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()  # noqa: S608 - names of tables
            for name in ("client", "history", "change_set", "import_run", "import_refusal", "client_type")
        ]
