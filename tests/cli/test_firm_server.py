"""`clientdesk firm`: made, upgraded, copied; on a file and on a server. And the SQL that a team needs there."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clientdesk.desk import opening, team
from clientdesk.domain.access import Access
from tests import programs
from tests.cli.conftest import Desk
from tests.next_schema import NEXT, become_next
from tests.servers import EVERYBODY, OWNER, Server
from tests.store.both import on_a_file
from tests.terminal import Terminal

pytestmark = pytest.mark.thorough("servers")

CLIENTDESK = [sys.executable, "-m", "clientdesk"]
MAKE = ["--name", "Norte SL", "--admin", "Ana García"]


@pytest.fixture
def base(server: Server) -> Iterator[str]:
    """The name of an empty database, in which nobody has been yet."""
    database = server.create_database()
    yield database
    server.drop_database(database)


@pytest.fixture
def kept(server: Server) -> Iterator[str]:
    """The name of a database with a firm, of which ana is the primary admin."""
    database = server.firm()
    yield database
    server.drop_database(database)


def schemas(server: Server, database: str) -> list[str]:
    with server.connect(database) as connection:
        schemas = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'clientdesk%'").fetchall()
    return [name for (name,) in schemas]


# --- files


@on_a_file
def test_a_file_is_made(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = str(tmp_path / "norte.db")
    ended = desk("firm", "create", place, *MAKE)
    assert (ended.code, ended.out) == (0, f"Norte SL is ready in {place}. Its primary admin is Ana García.\n")
    assert desk("check", "--firm", place).code == 0
    assert desk("settings", "show", "--firm", place, "--json").records[0]["name"] == "Norte SL"
    ended = desk("firm", "create", place, *MAKE)
    assert (ended.code, ended.out, len(ended.err.splitlines())) == (1, "", 1)
    # Where no place is named, it is the firm that the settings name.
    monkeypatch.setenv("CLIENTDESK_FIRM", str(tmp_path / "default.db"))
    assert desk("firm", "create", *MAKE, "--login", "eve").code == 0
    assert "does not know the account" in desk("list").err  # it is eve's, not yours
    assert desk("firm", "create", "--firm", str(tmp_path / "named.db"), *MAKE).code == 0
    assert (tmp_path / "named.db").exists()


@on_a_file
def test_wrong_usage(desk: Desk, firm: str, tmp_path: Path) -> None:
    other = str(tmp_path / "other.db")
    for arguments in (
        ["create", other, "--name", "X"],
        ["create", other, "--admin", "X"],
        ["create", other, "--firm", other, *MAKE],
        ["create", "", *MAKE],
        ["create", other, *MAKE, "--login", ""],
        ["upgrade", firm, "--firm", firm],
        ["upgrade", ""],
        ["copy", firm],
        ["copy", firm, ""],
        ["copy", "--firm", firm, other],
        ["nonsense"],
    ):
        assert desk("firm", *arguments).code == 2, arguments
    assert desk("firm", "create", other, "--name", " ", "--admin", "Ana").code == 1
    assert not os.path.exists(other)
    assert all(name in desk("firm", "--help").out for name in ("create", "upgrade", "copy"))


@on_a_file
def test_a_file_is_upgraded(desk: Desk, firm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = desk("firm", "upgrade", firm)
    assert (ended.code, len(ended.lines)) == (0, 1)
    assert "Nothing was done" in ended.out
    old, other = (shutil.copy(firm, tmp_path / name) for name in ("old.db", "other.db"))
    become_next(monkeypatch, tmp_path / "scripts")
    (record,) = desk("firm", "upgrade", str(old), "--json").records
    assert (record["firm"], record["before"], record["after"]) == (str(old), NEXT - 1, NEXT)
    assert os.path.exists(record["backup"])
    ended = desk("firm", "upgrade", "--firm", str(other))
    assert (ended.code, len(ended.lines)) == (0, 2)
    assert f"{other}.before-{NEXT}" in ended.out
    assert desk("firm", "upgrade", str(tmp_path / "none.db")).code == 1


@on_a_file
def test_a_file_is_copied(desk: Desk, firm: str, tmp_path: Path) -> None:
    desk("add", "display_name=Peña", "client_number=1")
    other = str(tmp_path / "other.db")
    ended = desk("firm", "copy", firm, other)
    assert (ended.code, ended.err, len(ended.lines)) == (0, "", 1)
    assert ended.out.startswith(f"Ríos y Asociados is copied to {other}: 1 client, ")
    assert desk("check", "--firm", other).code == 0
    assert desk("list", "--json", "--firm", other).records == desk("list", "--json").records
    (record,) = desk("firm", "copy", other, other + ".2", "--json").records
    assert (record["from"], record["to"], record["sql"], record["refusal"]) == (other, other + ".2", "", None)
    sums = {each["table"]: (each["rows"], each["sha256"]) for each in record["tables"]}
    assert sums["client"][0] == 1
    assert all(len(sha256) == 64 for _rows, sha256 in sums.values())
    ended = desk("firm", "copy", firm, other, "--json")
    assert (ended.code, ended.records[0]["refusal"]["code"], ended.records[0]["tables"]) == (1, "firm_exists", [])
    for source in (str(tmp_path / "none.db"), str(tmp_path)):
        assert desk("firm", "copy", source, other + ".3").code == 1
    assert sorted(path.name for path in tmp_path.glob("other.db*")) == ["other.db", "other.db.2"]


@on_a_file
def test_whoever_has_basic_access_takes_no_firm_along(desk: Desk, firm: str, tmp_path: Path) -> None:
    with opening.open_firm(firm) as session:
        me = session.me
        boss = team.add_member(session, "Boss", "", "boss", Access.FULL)
        team.offer_primary_admin(session, boss.id)
    with opening.open_firm(firm, "boss") as session:
        team.accept_primary_admin(session)
        mine = next(member for member in team.members(session) if member.id == me.id)
        team.save_member(session, mine, {"access": "basic"})
    other = str(tmp_path / "other.db")
    ended = desk("firm", "copy", firm, other)
    assert (ended.code, "Boss" in ended.err, os.path.exists(other)) == (1, True, False)


IN_THE_MIDST = """
import time
from clientdesk.cli.main import run
from clientdesk.store import copying

write = copying.write

def held(engine, table, rows):
    write(engine, table, rows)
    if table.name == "client":
        print("in the midst", flush=True)
        while True:  # a signal that comes just before a single wait would be heard only behind it
            time.sleep(0.01)

copying.write = held
run()
"""
"""The program, which waits for a signal as soon as it has copied clients."""


def copy_until(number: signal.Signals, firm: str, to: str) -> tuple[int, str]:
    """How a copy ends that a signal stops while it writes, and what it says."""
    command = [sys.executable, "-c", IN_THE_MIDST, "firm", "copy", firm, to]
    with programs.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in the midst\n"
        process.send_signal(number)
        _out, err = process.communicate(timeout=60)
    return process.returncode, err


@on_a_file
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_leaves_nothing(desk: Desk, demo: str, tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    message = "Stopped: nothing was copied.\n" if number == signal.SIGINT else ""
    assert copy_until(number, demo, str(folder / "copy.db")) == (128 + number, message)
    assert os.listdir(folder) == []


@on_a_file
def test_a_terminal_shows_how_far_it_is(desk: Desk, demo: str, tmp_path: Path) -> None:
    much = "from clientdesk.cli import firm, main; firm.MUCH_COPIED = 1; main.run()"
    command = [sys.executable, "-c", much, "firm", "copy", demo, str(tmp_path / "copy.db")]
    with Terminal(command, 100, 24) as terminal:
        terminal.wait(lambda lines: any("Comparing" in line and "100%" in line for line in lines))
        terminal.wait(lambda lines: any("300 clients" in line for line in lines))
        assert terminal.wait_for_end() == 0


# --- a server


@on_a_file
def test_a_firm_is_made_on_a_server(desk: Desk, server: Server, base: str) -> None:
    ended = desk("firm", "create", server.url(base), *MAKE, "--login", "ana")
    assert (ended.code, ended.err) == (0, "")
    assert ended.lines[0] == f"Norte SL is ready in {server.url(base)}. Its primary admin is Ana García."
    server.login("ana", None)
    server.run_as_superuser(base, "\n".join(ended.lines[2:]))
    ana = server.url(base, "ana")
    assert desk("add", "display_name=Peña", "--firm", ana).code == 0
    assert desk("check", "--firm", ana).code == 0
    assert desk("settings", "show", "--firm", ana, "--json").records[0]["name"] == "Norte SL"
    ended = desk("firm", "create", server.url(base), *MAKE)
    assert (ended.code, ended.out, len(ended.err.splitlines())) == (1, "", 1)
    ended = desk("firm", "upgrade", server.url(base))
    assert (ended.code, ended.err, "Nothing was done" in ended.out) == (0, "", True)
    server.run_as_superuser(base, "DROP TRIGGER client_may_go ON clientdesk.client")
    ended = desk("firm", "upgrade", server.url(base))
    assert (ended.code, "“clientdesk firm upgrade --repair" in ended.err) == (0, True)
    (record,) = desk("firm", "upgrade", "--firm", server.url(base), "--json").records
    assert (record["firm"], record["backup"]) == (server.url(base), "")
    assert record["before"] == record["after"]


@on_a_file
def test_the_sql_makes_a_firm_by_hand(desk: Desk, server: Server, base: str) -> None:
    name = "O'Hara \\ «Ñ» %s"
    ended = desk("firm", "create", "--print-sql", "--name", name, "--admin", "Ana", "--login", "ana")
    assert (ended.code, ended.err, schemas(server, base)) == (0, "", [])
    server.login("ana", None)
    server.run_as_superuser(base, ended.out)
    ana = server.url(base, "ana")
    assert desk("add", "display_name=Peña", "--firm", ana).code == 0
    assert desk("check", "--firm", ana).code == 0
    assert desk("settings", "show", "--firm", ana, "--json").records[0]["name"] == name


def test_the_sql_needs_no_driver_and_no_firm(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "sys.modules['psycopg'] = None\n"
        "from clientdesk.cli.main import main\n"
        "sys.exit(main(['firm', 'create', '--print-sql', '--name', 'Norte', '--admin', 'Ana']))\n"
    )
    environment = {**os.environ, "CLIENTDESK_FIRM": "postgresql://nowhere.invalid/firm"}
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment, cwd=tmp_path
    )
    assert ended.returncode == 0
    assert ended.stderr.count("\n") == 1
    assert (
        f"login on the server is to be “{opening.account_login()}”, your account's name here. --login names"
        in ended.stderr
    )
    assert ended.stdout.startswith("-- For a PostgreSQL server")
    assert "CREATE TABLE client (" in ended.stdout
    assert os.listdir(tmp_path) in ([], ["clientdesk.log"])


@on_a_file
def test_the_sql_of_a_file_is_wrong_usage(desk: Desk, tmp_path: Path) -> None:
    sentence = "new.db is a file: --print-sql is for a server. Leave it out to make the file."
    for place in ([str(tmp_path / "new.db")], ["--firm", str(tmp_path / "new.db")]):
        ended = desk("firm", "create", *place, "--print-sql", "--name", "Norte", "--admin", "Ana")
        assert (ended.code, ended.out, sentence in ended.err) == (2, "", True)


@on_a_file
def test_whoever_does_not_own_the_database_makes_nothing(desk: Desk, server: Server, base: str) -> None:
    server.login("stranger", None)
    ended = desk("firm", "create", server.url(base, "stranger"), *MAKE)
    assert (ended.code, ended.out, len(ended.err.splitlines())) == (1, "", 1)
    assert schemas(server, base) == []


@on_a_file
def test_a_firm_goes_to_a_server_and_back(desk: Desk, firm: str, server: Server, base: str, tmp_path: Path) -> None:
    for number in "123":
        desk("add", f"display_name=Peña {number}", f"client_number={number}")
    desk("edit", "1", "phone=+34 912345678")
    desk("delete", "3", "--yes")
    with opening.open_firm(firm) as session:
        me = session.login
        team.add_member(session, "Olivia", "", "olivia", Access.BASIC)
    there, back = server.url(base, me), str(tmp_path / "back.db")
    shown = ("list", "history", "team list", "settings show")
    before = {name: desk(*name.split(), "--json").out for name in shown}
    assert all(before.values())
    ended = desk("firm", "copy", firm, server.url(base))
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"Ríos y Asociados is copied to {server.url(base)}: 2 clients, ")
    for login in (me, "olivia"):
        server.login(login, None)
    server.run_as_superuser(base, "\n".join(ended.lines[2:]))
    assert {name: desk(*name.split(), "--json", "--firm", there).out for name in before} == before
    assert desk("check", "--firm", there).code == 0
    assert desk("add", "display_name=X", "--firm", server.url(base, "olivia")).code == 1
    # A colleague of basic access does not take it along, the primary admin does.
    assert desk("firm", "copy", server.url(base, "olivia"), back).code == 1
    (record,) = desk("firm", "copy", there, back, "--json").records
    assert (record["from"], record["to"], record["sql"], record["refusal"]) == (there, back, "", None)
    assert {name: desk(*name.split(), "--json", "--firm", back).out for name in before} == before
    assert desk("check", "--firm", back).code == 0
    (record,) = desk("firm", "copy", back, server.url(base), "--json").records
    assert record["refusal"]["code"] == "firm_on_server"


@on_a_file
def test_logins_change_on_the_way(desk: Desk, firm: str, server: Server, base: str, tmp_path: Path) -> None:
    """From accounts of the operating system to logins of the server, and back."""
    me = opening.account_login()
    desk("add", "display_name=Peña", "client_number=1")
    history = desk("history", "--json").out
    assert "Peña" in history
    there, back = server.url(base, "ana"), str(tmp_path / "back.db")
    ended = desk("firm", "copy", firm, server.url(base), "--login", f"{me}=ana")
    assert (ended.code, ended.err) == (0, "")
    server.login("ana", None)
    server.run_as_superuser(base, "\n".join(ended.lines[2:]))
    assert [record["login"] for record in desk("team", "list", "--json", "--firm", there).records] == ["ana"]
    told = desk("history", "--json", "--firm", there)
    assert told.out.endswith(history)
    assert [(record["old"], record["new"]) for record in told.records[0]["fields"]] == [(me, "ana")]
    assert desk("check", "--firm", there).code == 0
    assert desk("add", "display_name=Vino", "--firm", there).code == 0
    history = desk("history", "--json", "--firm", there).out
    (record,) = desk("firm", "copy", there, back, "--login", "nobody=x", "--json").records
    assert (record["refusal"]["code"], os.path.exists(back)) == ("bad_login_map", False)
    ended = desk("firm", "copy", there, back, "--login", f"ana={me}")
    assert (ended.code, ended.err, len(ended.lines)) == (0, "", 1)
    assert [record["login"] for record in desk("team", "list", "--json", "--firm", back).records] == [me]
    assert desk("history", "--json", "--firm", back).out.endswith(history)
    assert desk("check", "--firm", back).code == 0
    assert desk("add", "display_name=Back", "--firm", back).code == 0


@on_a_file
def test_a_login_map_that_is_wrong_is_a_sentence(desk: Desk, firm: str, tmp_path: Path) -> None:
    other = str(tmp_path / "other.db")
    for pair in ("ana", "=x", f"{opening.account_login()}=", "nobody=x"):
        ended = desk("firm", "copy", firm, other, "--login", pair)
        assert (ended.code, ended.out, len(ended.err.splitlines())) == (1, "", 1), pair
        assert not os.path.exists(other)


@on_a_file
def test_a_copy_for_accounts_of_a_server_is_told(desk: Desk, server: Server, kept: str, tmp_path: Path) -> None:
    other = str(tmp_path / "other.db")
    ended = desk("firm", "copy", server.url(kept, "ana"), other)
    assert ended.code == 0
    assert "you cannot open the copy yourself" in ended.err
    assert desk("list", "--firm", other).code == 1


@on_a_file
def test_a_signal_leaves_nothing_on_a_server(desk: Desk, server: Server, base: str, demo: str) -> None:
    assert copy_until(signal.SIGTERM, demo, server.url(base)) == (128 + signal.SIGTERM, "")
    assert schemas(server, base) == []


@on_a_file
def test_the_team_of_a_server(desk: Desk, server: Server, kept: str) -> None:
    """Each change of the team prints the SQL that the server needs, and it does what it is for."""
    ana = ("--firm", server.url(kept, "ana"))
    for login in ("olivia", "livia"):
        server.login(login, None)
    server.let_in("ana", kept)
    server.run_as_superuser(kept, f"REVOKE CONNECT ON DATABASE {kept} FROM {EVERYBODY}")

    def sees(login: str) -> int:
        return desk("list", "--firm", server.url(kept, login)).code

    def runs(*arguments: str) -> None:
        ended = desk("team", *arguments, *ana, "--json")
        assert (ended.code, ended.err) == (0, "")
        server.run_as_superuser(kept, ended.records[0]["sql"])

    ended = desk("team", "add", "Olivia", "--login", "olivia", *ana)
    assert ended.lines[0] == "Added: Olivia"
    assert sees("olivia") == 1
    server.run_as_superuser(kept, "\n".join(ended.lines[2:]))
    assert sees("olivia") == 0
    assert desk("add", "display_name=X", "--firm", server.url(kept, "olivia")).code == 1
    runs("edit", "olivia", "access=full")
    assert desk("add", "display_name=X", "--firm", server.url(kept, "olivia")).code == 0
    runs("edit", "olivia", "login=livia")
    assert (sees("olivia"), sees("livia")) == (1, 0)
    runs("deactivate", "livia", "--unassigned")
    assert sees("livia") == 1
    with server.connect(kept) as connection:
        sql = "SELECT has_database_privilege('livia', current_database(), 'CONNECT')"
        assert connection.execute(sql).fetchone() == (False,)
    runs("activate", "livia")
    assert sees("livia") == 0
    ended = desk("team", "edit", "livia", "email=o@example.org", *ana, "--json")
    assert (ended.records[0]["email"], ended.records[0]["sql"]) == ("o@example.org", "")
    desk("add", "display_name=Y", "client_number=9", *ana)
    assert desk("team", "offer", "livia", *ana).code == 0
    ended = desk("team", "accept", "--firm", server.url(kept, "livia"))
    server.run_as_superuser(kept, "\n".join(ended.lines[2:]))
    assert desk("delete", "9", "--yes", *ana).code == 1
    assert desk("delete", "9", "--yes", "--firm", server.url(kept, "livia")).code == 0


@on_a_file
def test_a_file_needs_no_sql(desk: Desk) -> None:
    ended = desk("team", "add", "Olivia", "--login", "olivia")
    assert ended.out == "Added: Olivia\n"
    (record,) = desk("team", "edit", "olivia", "access=full", "--json").records
    assert (record["access"], record["sql"]) == ("full", "")
    assert desk("team", "deactivate", "olivia").out == "Deactivated: Olivia\n"
    assert json.loads(desk("team", "activate", "olivia", "--json").out)["active"] is True


@on_a_file
def test_clients_go_to_the_firm_on_a_server(desk: Desk, firm: str, server: Server, kept: str) -> None:
    """Who you are on the server is its login, and the account of this computer in the file."""
    desk("add", "display_name=Peña", "client_number=1")
    there = server.url(kept, "ana")
    assert desk("transfer", "--to", there, "1", "--yes").code == 0
    assert [record["display_name"] for record in desk("list", "--json", "--firm", there).records] == ["Peña"]
    desk("add", "display_name=Back", "client_number=2", "--firm", there)
    assert desk("transfer", "--firm", there, "--to", firm, "2", "--yes").code == 0
    assert desk("transfer", "--firm", there, "--to", there, "2", "--yes").code == 1
    assert OWNER not in desk("show", "2").out
