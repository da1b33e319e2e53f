"""Copies of a firm that count from origins of their own, edited apart: an id means one thing, wherever it is met."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from clientdesk.desk import checking, client_types, clients, copying, opening, team, undoing
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import Refused
from clientdesk.exchange.file_reading import open_table
from clientdesk.store import history
from clientdesk.store.engines import ROOM
from clientdesk.store.engines.sqlite import SqliteEngine
from clientdesk.store.entities import ENTITIES
from tests.desk.undone import do_again, take_back
from tests.exchange.firms import Firms, Originals
from tests.servers import Server
from tests.store.both import bare, on_a_file

pytestmark = pytest.mark.long("chance")

EXAMPLES = int(os.environ.get("CLIENTDESK_EXAMPLES", "3"))
ALL = ClientQuery(filters=())
COUNTED = [name for name, entity in ENTITIES.items() if entity.counted]


# --- what is done apart


class Desk:
    """Someone at work in one of the firms, under names that nobody uses elsewhere."""

    def __init__(self, session: Session, place: str, folder: Path) -> None:
        self.session, self._place, self._folder, self._count = session, place, folder, 0

    def _name(self) -> str:
        self._count += 1
        return f"{self._place} {self._count}"

    def add_client(self) -> None:
        clients.add(self.session, {"display_name": self._name()})

    def add_type(self) -> None:
        client_types.add_type(self.session, self._name())

    def add_member(self) -> None:
        name = self._name()
        team.add_member(self.session, name, "", name.replace(" ", "."), Access.BASIC)

    def import_clients(self) -> None:
        path = self._folder / "list.csv"
        path.write_text("\n".join(["Display name", *(self._name() for _row in range(3))]), encoding="utf-8")
        with closing(Import.open(self.session, open_table(str(path)), ImportKind.CLIENTS)) as job:
            job.judge(self.session)
            job.apply(self.session)

    def delete_client(self) -> None:
        rows = clients.window(self.session, ALL, ("company_id",), 0, 1_000)
        if rows:
            clients.delete(self.session, clients.get(self.session, max(row.id for row in rows)))

    def remove_type(self) -> None:
        free = [client_type.id for client_type in client_types.all_types(self.session) if not client_type.clients]
        if free:
            client_types.remove_type(self.session, max(free))

    def undo(self) -> None:
        if undoing.latest(self.session) is not None:
            take_back(self.session)

    def redo(self) -> None:
        if undoing.latest_undone(self.session) is not None:
            do_again(self.session)


ACTIONS = [name for name in vars(Desk) if not name.startswith("_")]
EVERYTHING = ["add_client", "delete_client", "add_client", "add_type", "remove_type", "add_type", "add_member",
              "import_clients", "undo", "redo"]  # fmt: skip
"""Adds, deletes and brings back each thing that has ids."""


# --- the copies


def take_along(session: Session, to: str, origin: int) -> str:
    """Makes a copy in a file that counts from an origin of its own, which its history tells."""
    copying.copy_firm(session, to)
    if not origin:  # a build that is wrong
        return to
    with bare(to) as other:
        ((fixed,),) = other.execute("SELECT sql FROM sqlite_schema WHERE name = 'firm_stays_the_same'").fetchall()
        other.execute("DROP TRIGGER firm_stays_the_same")
        with opening.open_firm(to, "ana") as copy, copy.engine.errors(), copy.engine.writing():
            change_set = history.begin(copy.engine, copy.me.id, copy.me.access.value, history.new_change("firm.copied"))
            copy.engine.sql("UPDATE firm SET origin = ?, version = version + 1", (origin,))
            history.wrote(copy.engine, "firm", 1)
            history.seal(copy.engine, change_set)
        other.execute(fixed)
    return to


class Entry(NamedTuple):
    """That a row was added, and whether it only came back; the salt tells one entry from any other of all firms."""

    salt: str
    returned: bool


def added(session: Session) -> dict[tuple[str, str], list[Entry]]:
    """By entity and id each entry that has added such a row."""
    sql = (
        "SELECT h.entity, h.key, h.salt, c.undoes IS NOT NULL FROM history h JOIN change_set c ON c.id = h.change_set_id"
        " WHERE h.operation = 'insert' ORDER BY h.id"
    )
    entries: dict[tuple[str, str], list[Entry]] = {}
    for entity, key, salt, returned in session.engine.sql(sql).fetchall():
        entries.setdefault((entity, key), []).append(Entry(salt, bool(returned)))
    return entries


def check(sessions: Sequence[Session]) -> None:
    """Looks at all that must hold in firms that have one beginning."""
    first: dict[tuple[str, str], str] = {}
    for session in sessions:
        entries = added(session)
        for row, (addition, *later) in entries.items():
            assert all(entry.returned for entry in later), f"the id of {row} is given once"
            assert first.setdefault(row, addition.salt) == addition.salt, f"{row} is the same row everywhere"
        for entity in COUNTED:
            present = {str(row[0]) for row in session.engine.sql(f"SELECT id FROM {entity}").fetchall()}  # noqa: S608
            assert present <= {key for of, key in entries if of == entity}
    for session in sessions:
        assert [
            finding.sentence for finding in checking.check_firm(session, accept_head=True) if not finding.sound
        ] == []


Edit = tuple[int, str]
"""In which of the firms something is done, and what."""


class Apart:
    """A firm, a copy of it that counts from origin 1, and a copy of that copy from origin 2, which are edited apart."""

    def __init__(self, firm: str, folder: Path, origins: tuple[int, int] = (1, 2)) -> None:
        self._folder = folder
        self.sessions = [opening.open_firm(firm, "ana")]
        self.desks = [Desk(self.sessions[0], "here", folder)]
        self.edit([(0, action) for action in EVERYTHING])
        for place, origin in zip(("there", "beyond"), origins, strict=True):
            to = take_along(self.sessions[-1], str(folder / f"{place}.db"), origin)
            self.sessions.append(opening.open_firm(to, "ana"))
            self.desks.append(Desk(self.sessions[-1], place, folder))
            self.edit([(len(self.desks) - 1, "add_client"), (0, "add_type")])

    def edit(self, edits: Sequence[Edit]) -> None:
        """Does one after the other, each in its firm; what may not be undone stays."""
        for place, action in edits:
            with suppress(Refused):
                getattr(self.desks[place], action)()

    def check(self) -> None:
        """See `check`."""
        check(self.sessions)

    def close(self) -> None:
        """Closes the firms."""
        for session in self.sessions:
            session.close()


@pytest.fixture
def firms(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Firms]:
    """Makes copies on the engine."""
    server: Server | None = request.getfixturevalue("server") if engine_name == "postgres" else None
    made = Firms(Originals(tmp_path), tmp_path, server)
    yield made
    made.close()


EVERYWHERE = [(place, action) for action in EVERYTHING for place in range(3)]


@hypothesis_settings(max_examples=EXAMPLES)
@example(edits=EVERYWHERE)
@given(edits=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(ACTIONS)), max_size=20))
def test_no_id_of_one_means_something_else_in_another(
    location: str, firms: Firms, tmp_path_factory: pytest.TempPathFactory, edits: Sequence[Edit]
) -> None:
    with closing(Apart(firms.copy_of(location), tmp_path_factory.mktemp("copies"))) as apart:
        apart.edit(edits)
        apart.check()
        for place, session in enumerate(apart.sessions):
            last = clients.add(session, {"display_name": "Last"}).id
            assert place * ROOM < last <= (place + 1) * ROOM


# --- the controls: builds that are wrong on purpose


@on_a_file
def test_copies_of_one_origin_are_found_out(location: str, tmp_path: Path) -> None:
    with closing(Apart(location, tmp_path, origins=(0, 0))) as apart:
        apart.edit(EVERYWHERE)
        with pytest.raises(AssertionError, match="is the same row everywhere"):
            apart.check()


@on_a_file
def test_a_build_that_counts_from_the_greatest_id_is_found_out(
    location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def behind_the_greatest(engine: SqliteEngine, entity: str, count: int) -> range:
        known = entity in COUNTED
        sql = f"SELECT coalesce(max(id), 0) FROM {entity}" if known else "SELECT coalesce(max(job), 0) FROM change_set"  # noqa: S608
        first = engine.sql(sql).fetchone()[0] + 1
        return range(first, first + count)

    with closing(Apart(location, tmp_path)) as apart:
        monkeypatch.setattr(SqliteEngine, "next_ids", behind_the_greatest)
        for session in apart.sessions:
            for entity in COUNTED:
                session.engine.sql(f"DROP TRIGGER {entity}_id_is_reserved")
        apart.edit([(1, "add_client"), (1, "delete_client"), (1, "add_client")])
        with pytest.raises(AssertionError, match="is given once"):
            apart.check()
