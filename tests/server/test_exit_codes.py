"""The line is cut while a command saves: it looks for its write, and the exit code says what it knows."""

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from clientdesk.cli import frame
from clientdesk.cli.main import main
from clientdesk.store.engines import postgres, postgres_connection, versions
from tests.server.wire import Wire
from tests.servers import Server

pytestmark = pytest.mark.long("servers")

EDIT = ("edit", "C-1", "display_name=Nueva SL")


@pytest.fixture
def far(alone: Server, database: str, wire: Wire, tmp_path: Path) -> str:
    """The firm at the other end of a line that can be cut, with a client that has a number."""
    assert frame.LOOK_FOR == 10
    assert main(["add", "display_name=Peña SA", "client_number=C-1", "--firm", alone.url(database, "ana")]) == 0
    return alone.url(database, "ana", wire.port)


@pytest.fixture
def back_soon(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The line is there again when somebody was not let in after it was cut, and connecting is tried soon again."""
    monkeypatch.setattr(postgres_connection, "BACK_OFF", 0.05)
    wire.stays_away = True
    ended = threading.Event()

    def bring_back() -> None:
        while not ended.wait(0.01):
            if wire.turned_away:
                wire.back()
                return

    thread = threading.Thread(target=bring_back)
    thread.start()
    yield
    ended.set()
    thread.join()


def name_of(alone: Server, database: str) -> str:
    with alone.connect(database) as root:
        row = root.execute("SELECT display_name FROM clientdesk.client WHERE client_number = 'C-1'").fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.usefixtures("back_soon")
@pytest.mark.parametrize(("what", "code", "name"), [("answer lost", 0, "Nueva SL"), ("lost", 1, "Peña SA")])
def test_a_write_is_looked_for_until_the_server_answers(
    alone: Server, database: str, far: str, wire: Wire, what: str, code: int, name: str
) -> None:
    wire.on_commit = what
    assert main([*EDIT, "--firm", far]) == code
    assert name_of(alone, database) == name


@pytest.mark.usefixtures("back_soon")
def test_a_build_that_looks_once_fails_the_same(far: str, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "LOOK_FOR", 0.0)
    wire.on_commit = "answer lost"
    assert main([*EDIT, "--firm", far]) == 4


@pytest.mark.parametrize("words", [EDIT, ("import", "numbers", "{file}"), ("import", "numbers", "{file}", "--json")])
def test_a_write_that_nobody_can_find_is_perhaps_saved_and_has_a_number(
    words: tuple[str, ...],
    alone: Server,
    database: str,
    far: str,
    wire: Wire,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    near = alone.url(database, "ana")
    assert main(["show", "C-1", "--json", "--firm", near]) == 0
    (company_id,) = re.findall(r'"company_id": "(\w+)"', capsys.readouterr().out)
    file = tmp_path / "numbers.csv"
    file.write_text(f"Company ID,Display name,Client number\n{company_id},Peña SA,C-7\n", encoding="utf-8")
    monkeypatch.setattr(frame, "LOOK_FOR", 0.1)
    wire.on_commit, wire.stays_away, wire.passes = "answer lost", True, 0 if words is EDIT else 1
    assert main([*(word.format(file=file) for word in words), "--firm", far]) == 4
    message = capsys.readouterr().err
    (number,) = set(re.findall(r"“clientdesk history --change (\d+)” shows it if it is saved", message))
    assert main(["history", "--change", number, "--json", "--firm", near]) == 0
    assert f'"change": {number}' in capsys.readouterr().out
    assert main(["history", "--change", str(int(number) + 1), "--firm", near]) == 1


@pytest.fixture
def empty(alone: Server) -> Iterator[str]:
    """A database in which no firm stands yet."""
    made = alone.create_database()
    yield made
    alone.drop_database(made)


@pytest.fixture(params=["create", "copy"])
def making(
    request: pytest.FixtureRequest, alone: Server, database: str, empty: str, far: str, wire: Wire, tmp_path: Path
) -> list[str]:
    """A command that makes a firm at the other end of the line, in a database where none stands."""
    to = alone.url(empty, port=wire.port)
    if request.param == "copy":
        return ["firm", "copy", alone.url(database, "ana"), to]
    return ["firm", "create", "--name", "Ríos", "--admin", "Ana", "--login", "ana", to]


def test_a_firm_that_is_perhaps_made_has_a_number(
    making: list[str],
    alone: Server,
    empty: str,
    wire: Wire,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(postgres, "LOOK_FOR", 0.1)
    wire.on_commit, wire.stays_away = "answer lost", True
    assert main(making) == 4
    ((number, place),) = set(re.findall(r"“clientdesk history --change (\d+) --firm (\S+)”", capsys.readouterr().err))
    assert place == making[-1]
    with alone.connect(empty) as root:
        assert root.execute("SELECT max(id) FROM clientdesk.change_set").fetchone() == (int(number),)
    wire.back()
    assert main(making) == 1  # it is there


@pytest.mark.usefixtures("back_soon")
@pytest.mark.parametrize(("what", "code"), [("answer lost", 0), ("lost", 1)])
def test_a_firm_that_is_being_made_is_looked_for(
    making: list[str], alone: Server, empty: str, wire: Wire, what: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    wire.on_commit = what
    assert main(making) == code
    assert ("Nothing of it was changed" in capsys.readouterr().err) == (code == 1)
    with alone.connect(empty) as root:
        row = root.execute("SELECT to_regclass('clientdesk.firm') IS NOT NULL").fetchone()
    assert row == (code == 0,)


@pytest.mark.usefixtures("back_soon")
def test_a_firm_whose_commit_is_on_its_way_is_not_told_to_be_missing(
    making: list[str], wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "LOOK_FOR", 1.0)
    monkeypatch.setattr(postgres_connection, "SETTINGS", postgres_connection.SETTINGS.replace("'5s'", "'300ms'"))
    wire.on_commit = "late"
    assert main(making) == 4
    wire.let_go()


@pytest.mark.usefixtures("back_soon")
@pytest.mark.parametrize(("what", "code"), [("answer lost", 0), ("lost", 1)])
def test_an_upgrade_is_looked_for(
    alone: Server,
    database: str,
    wire: Wire,
    what: str,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    version = versions.SCHEMA_VERSION
    monkeypatch.setattr(versions, "OLDEST", version - 1)
    alone.run_as_superuser(database, f"COMMENT ON SCHEMA clientdesk IS 'clientdesk schema {version - 1}'")
    wire.on_commit = what
    assert main(["firm", "upgrade", alone.url(database, port=wire.port)]) == code
    output = capsys.readouterr()
    assert (f"from schema {version - 1} to {version}" in output.out) == (code == 0)


def test_a_move_that_nobody_can_find_is_told_with_its_number(
    alone: Server,
    database: str,
    far: str,
    wire: Wire,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = str(tmp_path / "other.db")
    assert main(["firm", "create", other, "--name", "Norte SL", "--admin", "Ana"]) == 0
    monkeypatch.setattr(frame, "LOOK_FOR", 0.1)
    wire.on_commit, wire.stays_away, wire.passes = "answer lost", True, 1  # what passes ends the plan
    assert main(["transfer", "C-1", "--to", other, "--move", "--yes", "--firm", far]) == 4
    message = capsys.readouterr().err
    assert "The clients are in Norte SL now." in message
    assert "still in" not in message.replace("perhaps they are still in", "")
    (number,) = set(re.findall(r"“clientdesk history --change (\d+)” shows it if it is done", message))
    assert main(["history", "--change", number, "--json", "--firm", alone.url(database, "ana")]) == 0
    assert '"kind": "client.moved"' in capsys.readouterr().out


@pytest.mark.parametrize(("passes", "left_out"), [(0, 2), (1, None)])
def test_an_import_says_which_counts_it_does_not_know(
    far: str,
    wire: Wire,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    passes: int,
    left_out: int | None,
) -> None:
    """The first COMMIT is that of the run's note, the second that of the rows."""
    file = tmp_path / "clients.csv"
    file.write_text("Display name,Client number\nAna SL,C-2\nLuz SL,C-3\n", encoding="utf-8")
    monkeypatch.setattr(frame, "LOOK_FOR", 0.1)
    wire.on_commit, wire.stays_away, wire.passes = "answer lost", True, passes
    assert main(["import", "clients", str(file), "--json", "--firm", far]) == 4
    record = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (record["rows"], record["new"], record["left_out"]) == (2, 0, left_out)
    assert record["refusal"]["code"] == ("kept_unknown" if passes == 0 else "save_unknown")
