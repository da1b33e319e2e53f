"""An upgrade that is killed, at any moment: the firm is whole as it was, or as a new one of the next schema is.

CLIENTDESK_KILLS says how often on each engine (2). On a server every other kill is one of the server's own process.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest

from clientdesk.desk import checking, opening
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store.all_models import MODELS
from clientdesk.store.engines import versions
from tests import kills, programs
from tests.exchange.firms import await_end_of_connections
from tests.exchange.test_server_killed import DURABLE
from tests.lived_in import live_in
from tests.next_program import NextProgram
from tests.servers import OWNER, Server
from tests.store.both import bare
from tests.store.catalog import catalog

pytestmark = pytest.mark.long("kills")

KILLS = kills.kills(2)
NEXT = versions.SCHEMA_VERSION + 1
DECLARED = {
    "domain/fields.py": 'Field("nickname", N_("Nickname"), _MAIN)',
    "domain/firm_settings.py": 'Setting("motto", N_("Motto"), N_("What is the motto?"))',
    "store/firm_entities.py": 'Entity("office", N_("Office"), (value("name", N_("Name")),), called_by="name")',
}
SCRIPT = """
ALTER TABLE client ADD COLUMN nickname {text} NOT NULL DEFAULT '';
ALTER TABLE firm ADD COLUMN motto {text} NOT NULL DEFAULT '';
CREATE TABLE office (id {number} PRIMARY KEY, name {text} NOT NULL, version {number} NOT NULL DEFAULT 1)
"""
UPGRADING = """
import sys
from clientdesk.desk import opening
upgrade = opening.upgrade_firm
def begun(location):
    print("begin", flush=True)
    return upgrade(location)
opening.upgrade_firm = begun
from clientdesk.cli.main import main
sys.exit(main(["firm", "upgrade", sys.argv[1], "--json"]))
"""
LOOKING = """
import sys
from clientdesk.desk import checking, opening
with opening.open_firm(sys.argv[1], "ana") as session:
    for finding in checking.check_firm(session, accept_head=True):
        if not finding.sound:
            print(finding.sentence)
"""
"""The next program looks at a firm, and says what is wrong."""
WORKING = """
import json, sys
from clientdesk.desk import clients, opening, firm_settings
from clientdesk.desk.session import changes
from clientdesk.domain.access import Action
from clientdesk.store import patches
with opening.open_firm(sys.argv[1], "ana") as session:
    before = session.engine.sql("SELECT max(id) FROM history").fetchone()[0]
    client = clients.add(session, {"display_name": "After", "nickname": "A"})
    clients.edit(session, client, {"nickname": "B"})
    firm_settings.save(session, session.firm, {"motto": "Per aspera"})
    changes("type.added", Action.MANAGE_FIRM)(lambda session: patches.insert(session.engine, "office", [{"name": "T"}]))(session)
    sql = "SELECT entity, operation, old, new FROM history WHERE id > ? ORDER BY id"
    told = json.dumps([list(row) for row in session.engine.sql(sql, (before,)).fetchall()])
    print(told.replace(client.values["company_id"], "ID"))
"""
"""The next program writes what only it knows, and prints the entries of its history, the Company ID apart."""
FOUNDING = """
import sys
from clientdesk.desk import opening
opening.make_firm(sys.argv[2], "Fresh", "Ana García", "ana")
"""
IN_TWO = """
import time
from clientdesk.store.engines import postgres_rules, sqlite_rules
def late(db):
    db.execute_sql("COMMIT")
    print("half", flush=True)
    time.sleep(60)
postgres_rules.make_anew = sqlite_rules.make_anew = late
"""
"""A build that is wrong: what the scripts did is committed before the rules are made anew."""


# --- the engines


class Place(Protocol):
    """Where firms are, on one engine: a firm's location is that for Ana."""

    ways: Sequence[kills.Kill]
    """What may be killed."""

    def found(self, name: str) -> str:
        """A new firm of the present schema."""

    def copy(self, location: str) -> str:
        """A copy of a firm that nobody has open."""

    def empty(self) -> str:
        """Where the next program may make a firm."""

    def owners(self, location: str) -> str:
        """The location for who may upgrade the firm."""

    def made_of(self, location: str) -> object:
        """All that a firm is made of but its rows."""

    def check_beside(self, location: str, before: object) -> None:
        """Looks at what stands beside a firm: backups that are whole, and nothing else."""


class Files:
    """In a folder."""

    ways: Sequence[kills.Kill] = (subprocess.Popen.kill,)

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0

    def found(self, name: str) -> str:
        location = self.empty()
        opening.make_firm(location, name, "Ana García", "ana")
        return location

    def copy(self, location: str) -> str:
        return str(shutil.copy(location, self.empty()))

    def empty(self) -> str:
        self._count += 1
        folder = self._folder / f"firm {self._count}"
        folder.mkdir()
        return str(folder / "firm.db")

    def owners(self, location: str) -> str:
        return location

    def made_of(self, location: str) -> object:
        with sqlite3.connect(location) as connection:
            sql = "SELECT type, name, coalesce(sql, '') FROM sqlite_schema"
            return sorted(connection.execute(sql).fetchall())

    def check_beside(self, location: str, before: object) -> None:
        for name in os.listdir(os.path.dirname(location)):
            backup = os.path.join(os.path.dirname(location), name)
            if name.startswith(f"firm.db.before-{NEXT}"):
                assert content(backup) == before, "a backup is whole"
                os.remove(backup)
            else:
                assert name in ("firm.db", "clientdesk.log"), name


class Databases:
    """On a server that nobody else uses, as it is killed."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.ways: Sequence[kills.Kill] = (subprocess.Popen.kill, self._kill_backend)

    def found(self, name: str) -> str:
        return self._server.url(self._server.firm(name), "ana")

    def copy(self, location: str) -> str:
        await_end_of_connections(location)
        return self._server.url(self._server.create_database(_database(location)), "ana")

    def empty(self) -> str:
        name = self._server.create_database()
        self._server.let_in("ana", name)
        return self._server.url(name, "ana")

    def owners(self, location: str) -> str:
        return self._server.url(_database(location))

    def made_of(self, location: str) -> object:
        objects = catalog(self.owners(location))
        del objects["database"]  # a copied one lacks the grants of its database
        # A fall leaves numbers out; 10 is a text before 9.
        objects["scripts"] = sorted(script.partition(", ")[2] for script in objects["scripts"])
        return objects

    def check_beside(self, location: str, before: object) -> None:
        with self._server.connect(_database(location)) as connection:
            schemas = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'clientdesk%'").fetchall()
        assert set(schemas) <= {("clientdesk",), (f"clientdesk_before_{NEXT}",)}

    def _kill_backend(self, process: "subprocess.Popen[str]") -> None:
        """Kills the server's own process that works for the program, which takes all others with it."""
        sql = f"SELECT pid FROM pg_stat_activity WHERE usename = '{OWNER}' AND backend_type = 'client backend'"  # noqa: S608
        with self._server.connect("postgres") as connection:
            for (pid,) in connection.execute(sql).fetchall():
                with suppress(ProcessLookupError):  # it has ended by itself since
                    os.kill(pid, signal.SIGKILL)
        self._server.leave()
        process.wait(60)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(psycopg.OperationalError), self._server.connect("postgres"):
                return
            time.sleep(0.05)
        raise AssertionError("the server does not come back")


def _database(location: str) -> str:
    return location.rpartition("/")[2]


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server that may be killed."""
    server = Server(DURABLE)
    yield server
    server.close()


@pytest.fixture
def place(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Place:
    """Each engine in turn."""
    return Databases(request.getfixturevalue("own_server")) if engine_name == "postgres" else Files(tmp_path)


@pytest.fixture
def firm(place: Place, tmp_path: Path) -> str:
    """A firm of the present schema in which people have worked."""
    location = place.found("Ríos y Asociados")
    with opening.open_firm(location, "ana") as session, opening.open_firm(place.found("Norte SL"), "ana") as other:
        live_in(session, other, tmp_path)
    return location


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NextProgram]:
    """The next one: with a field, a setting and an entity more."""
    program = NextProgram(tmp_path_factory.mktemp("next"), DECLARED, SCRIPT)
    with programs.served(program.environment):
        yield program


# --- what must hold


def content(location: str) -> dict[str, list[Any]]:
    """All rows of all tables, in the columns of the present schema."""
    rows = {}
    with bare(location, OWNER) as connection:
        for model in MODELS:
            columns = ", ".join(field.column_name for field in model._meta.sorted_fields)
            sql = f"SELECT {columns} FROM {model._meta.table_name}"  # noqa: S608 - names of the models
            rows[model._meta.table_name] = sorted(map(tuple, connection.execute(sql).fetchall()), key=repr)
    return rows


def is_new(location: str, before: object, place: Place, program: NextProgram) -> bool:
    """Whether a firm whose upgrade was killed is of the next schema, after a look at all that must hold."""
    await_end_of_connections(location)
    try:
        with opening.open_firm(location, "ana") as session:
            assert [
                finding.sentence for finding in checking.check_firm(session, accept_head=True) if not finding.sound
            ] == []
        new = False
    except FirmUnusable as refusal:
        if refusal.code != "newer":
            raise
        assert program.python(LOOKING, location) == (0, "", ""), "the next program finds it sound"
        new = True
    assert content(location) == before, "nothing is lost"
    place.check_beside(location, before)
    return new


def work(location: str, program: NextProgram, before: str = "", owners: str = "") -> list[list[str]]:
    """The entries in the history of what only the next program can write, after what it does `before`."""
    ended = program.python(before + WORKING, location, owners)
    assert (ended.code, ended.err) == (0, ""), ended
    return json.loads(ended.out)  # type: ignore[no-any-return]


def upgrade(
    location: str,
    place: Place,
    program: NextProgram,
    kill_after: float | None = None,
    kill: kills.Kill = subprocess.Popen.kill,
) -> kills.Ended:
    """Runs the upgrade, or kills it."""
    codes = (0, -signal.SIGKILL) if kill is subprocess.Popen.kill else (0, 1)
    environment = program.environment
    return kills.run(
        UPGRADING, place.owners(location), kill_after=kill_after, kill=kill, codes=codes, environment=environment
    )


def test_a_killed_upgrade_leaves_the_old_firm_or_the_new(place: Place, firm: str, program: NextProgram) -> None:
    before = content(firm)
    location = place.copy(firm)
    whole = upgrade(location, place, program)
    assert json.loads(whole.said[-1]).get("after") == NEXT, whole.said
    assert is_new(location, before, place, program)
    fresh = place.empty()
    of_fresh = work(fresh, program, FOUNDING, place.owners(fresh))
    assert place.made_of(location) == place.made_of(fresh), "schema, triggers and grants are those of a new one"
    assert work(location, program) == of_fresh, "and what is written of a change"

    new, moments = 0, kills.Moments(KILLS, whole.seconds)
    location = place.copy(firm)
    for number, moment in enumerate(moments):
        ended = upgrade(location, place, program, moment, place.ways[number % len(place.ways)])
        reported = bool(ended.said) and json.loads(ended.said[-1]).get("after") == NEXT
        became_new = is_new(location, before, place, program)
        assert became_new or not reported, "what was reported is there"
        if reported:
            moments.too_late()
        else:
            new += became_new
        if became_new:
            location = place.copy(firm)
    if not became_new:
        upgrade(location, place, program)
        assert is_new(location, before, place, program)
        assert place.made_of(location) == place.made_of(fresh)
    print(f"{new} of {KILLS} kills left a new firm, {KILLS - new} the old; {moments.late} more came too late")


def test_a_build_that_commits_before_the_rules_are_made_is_found_out(place: Place, program: NextProgram) -> None:
    firm = place.found("Ríos y Asociados")
    before = content(firm)
    kills.killed_at("half", IN_TWO + UPGRADING, place.owners(firm), environment=program.environment)
    with pytest.raises(AssertionError):
        is_new(firm, before, place, program)
