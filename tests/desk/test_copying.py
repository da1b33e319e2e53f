"""A whole firm copied: exactly, or not at all."""

import os
import sqlite3
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from clientdesk.desk import (
    checking,
    client_types,
    clients,
    copying,
    imports,
    list_columns,
    opening,
    own_fields,
    tags,
    team,
    transfer,
    view_changes,
)
from clientdesk.desk.imports.import_records import Logged
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.own_fields import OwnKind
from clientdesk.domain.problems import FirmUnusable, Refused, problem
from clientdesk.domain.views import Layout
from clientdesk.store import copying as store
from clientdesk.store.all_models import MODELS
from clientdesk.store.engines import Engine
from clientdesk.store.engines.places import create_engine
from tests.conftest import At
from tests.many import add_many
from tests.servers import OWNER, Server
from tests.store.both import bare, on_server, tamper
from tests.worked import derived_for, work_for

PENA = ClientQuery(find="pena 100")


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A firm of some hundred clients has several pages."""
    monkeypatch.setattr(store, "AT_ONCE", 100)


@pytest.fixture
def full(session: Session, other: Session) -> Session:
    """A firm with something in each of its tables, and more clients than there are rows in a page."""
    add_many(other, [{"display_name": "Vino SL", "client_number": "V-1"}])
    transfer.transfer(other, session, transfer.in_list(other, ClientQuery(filters=())), transfer.How())
    team.add_member(session, "Łukasz Nowak", "", "lukasz", Access.BASIC)
    add_many(session, [{"display_name": f"Peña {n}", "client_number": f"C-{n}"} for n in range(store.AT_ONCE + 5)])
    first = clients.add(session, {"display_name": "«İß» 山田", "notes": "two\nlines \\ 'quoted' \"so\""})
    clients.edit(session, first, {"lead": "Łukasz Nowak", "phone": "+34 912345678"})
    gone = clients.add(session, {"display_name": "Gone"})
    clients.delete(session, gone)
    run = imports.begin_run(session, "clients", "list ñ.csv", 2)
    wrong = Logged(3, (("Display name", "Ñ\t;"), ("E-mail", "nobody")), problem("email", "email", reason="no @"))
    imports.end_run(session, run, "stopped", {"added": 1, "refused": 1}, [(2, wrong), (1, wrong)])
    for name in ("Zebra", "ñandú", "Éxito", "apple"):
        imports.save_mapping(session, name, {"columns": {name: "notes"}})
    list_columns.save_columns(session, list_columns.first_columns())
    view_changes.add_to_firm(session, "In Málaga", Layout(ClientQuery(find="málaga")))
    view_changes.add_own(session, "Mine", Layout())
    field = own_fields.add_field(session, "Ámbito", OwnKind.CHOICE, choices=["Ñandú", "«»"])
    tags.add_tags(session, ["VIP", "moroso"])
    clients.add(session, {"display_name": "Ámbar SL", f"own_{field.id}": "Ñandú", "tags": "VIP, moroso"})
    derived_for(session, work_for(session, first.id), first.id)
    return session


class Place(NamedTuple):
    """Where a copy may stand: for whoever makes it, for Ana who opens it, and what stands there now."""

    to: str
    copy: str
    left: Callable[[], list[str]]


@pytest.fixture
def file(tmp_path: Path) -> Place:
    """A file in a folder that has nothing else."""
    folder = tmp_path / "copies"
    folder.mkdir()
    return Place(str(folder / "copy.db"), str(folder / "copy.db"), lambda: os.listdir(folder))


@pytest.fixture
def base(server: Server) -> Iterator[Place]:
    """An empty database, whose owner makes the copy."""
    server.login("ana", "primary_admin")
    database = server.create_database()
    server.let_in("ana", database)

    def left() -> list[str]:
        with server.connect(database) as connection:
            triggers = connection.execute(
                "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
            ).fetchall()
        return [name for (name,) in triggers if name != "public"]

    yield Place(server.url(database), server.url(database, "ana"), left)
    server.drop_database(database)


class Heard:
    """Listens to the progress of a copy, and does something at the first, second … step of what is being done."""

    def __init__(self, step: int = 0, doing: str = "", act: Callable[[], object] = list) -> None:
        self.counts: list[tuple[int, int]] = []
        self.doing: list[str] = []
        self._at, self._act = (doing, step), act

    def __call__(self, done: int, whole: int, doing: str) -> None:
        self.counts.append((done, whole))
        self.doing.append(doing)
        if (doing, self.doing.count(doing)) == self._at:
            self._act()


def _interrupt() -> None:
    raise KeyboardInterrupt


def _in_order(row: tuple[Any, ...]) -> list[tuple[bool, Any]]:
    """A key by which rows are sorted in which there may be nothing."""
    return [(value is None, value) for value in row]


def everything(session: Session) -> dict[str, list[Any]]:
    """All rows of all tables, read in the plainest way."""
    rows_of_tables = {}
    for model in MODELS:
        name = model._meta.table_name
        columns = ", ".join(sorted(field.column_name for field in model._meta.sorted_fields))
        rows = session.engine.sql(f"SELECT {columns} FROM {name}").fetchall()  # noqa: S608 - names of the models
        rows_of_tables[name] = sorted((tuple(row) for row in rows), key=_in_order)
    return rows_of_tables


def test_a_copy_is_the_firm(full: Session, file: Place, base: Place) -> None:
    before = everything(full)
    assert all(before.values()), "nothing is compared where nothing is"
    counts = {name: len(rows) for name, rows in before.items()}
    for place in (file, base):
        heard = Heard()
        copied = copying.copy_firm(full, place.to, heard)
        assert len(place.left()) == 1
        assert (copied.firm, copied.clients) == (full.firm.name, clients.totals(full).all)
        assert {table.name: table.rows for table in copied.tables} == counts
        whole = heard.counts[0][1]
        assert heard.counts[-1] == (whole, whole)
        assert {count[1] for count in heard.counts} == {whole}
        assert heard.counts == sorted(heard.counts)
        assert list(dict.fromkeys(heard.doing)) == [copying.COPYING, copying.BUILDING, copying.COMPARING]
        with opening.open_firm(place.copy, full.login) as copy:
            assert everything(copy) == before
            assert all(finding.sound for finding in checking.check_firm(copy))
            assert clients.count(copy, PENA) == clients.count(full, PENA) > 0
            # It goes on: the next numbers are behind those that came, and triggers write the history.
            ids = {row[0] for row in copy.engine.sql("SELECT id FROM client").fetchall()}
            assert clients.add(copy, {"display_name": "New"}).id > max(ids)
            assert all(finding.sound for finding in checking.check_firm(copy))
            assert len(everything(copy)["history"]) == counts["history"] + 1
    assert everything(full) == before


def test_a_copy_of_a_copy_has_the_same_sums(full: Session, file: Place, base: Place) -> None:
    first = copying.copy_firm(full, base.to)
    with opening.open_firm(base.copy, full.login) as copy:
        second = copying.copy_firm(copy, file.to)
    assert second.tables == first.tables
    assert len({table.sha256 for table in first.tables}) == len(first.tables)


def _team(session: Session) -> dict[str, str]:
    return {member.name: member.login for member in team.members(session)}


def test_logins_are_others_in_the_copy(full: Session, file: Place, base: Place, server: Server) -> None:
    for login in ("anna", "lukasz"):
        server.login(login, None)
    before, said = _team(full), everything(full)
    assert before["Łukasz Nowak"] == "lukasz"
    swapped = {full.login: "lukasz", "lukasz": full.login}
    for place, logins in ((base, {full.login: "anna"}), (file, swapped)):
        copied = copying.copy_firm(full, place.to, logins=logins)
        mine = logins[full.login]
        if place is base:
            assert "anna" in copied.sql
            assert full.login not in copied.sql
            server.run_as_superuser("postgres", copied.sql)
        with opening.open_firm(place.copy.replace("//ana@", f"//{mine}@"), mine) as copy:
            assert copy.me.access is Access.PRIMARY_ADMIN
            assert _team(copy) == {name: logins.get(login, login) for name, login in before.items()}
            assert all(finding.sound for finding in checking.check_firm(copy))
            rows = everything(copy)
            changed = ["team_member", "change_set", "history"]
            assert [name for name in said if rows[name] != said[name]] == changed
            for name in changed[1:]:  # what it said, and the new logins besides
                assert set(said[name]) < set(rows[name])
            assert len(rows["history"]) == len(said["history"]) + len(logins)
    assert everything(full) == said


def test_whoever_is_mapped_can_open_the_copy(session: Session, file: Place) -> None:
    copied = copying.copy_firm(session, file.to, logins={session.login: opening.account_login()})
    assert copied.warnings == ()
    with opening.open_firm(file.to) as copy:
        assert copy.me.name == session.me.name


def test_a_map_that_does_not_fit_copies_nothing(full: Session, file: Place, base: Place) -> None:
    mine = full.login
    for logins, answer in (
        ({"nobody": "x"}, "nobody in the team"),
        ({mine: "lukasz"}, "another team member"),
        ({mine: "x", "lukasz": "x"}, "another team member"),
    ):
        for place in (file, base):
            with pytest.raises(Refused) as caught:
                copying.copy_firm(full, place.to, logins=logins)
            assert caught.value.code == "bad_login_map"
            assert answer in caught.value.message
            assert place.left() == []


@pytest.mark.parametrize(
    "pairs",
    [["ana"], ["=x"], ["ana="], ["ana=  "], ["ana=a\x1bb"], ["ana=a\nb"], ["ana=" + "x" * 201], ["ana=x", "ana=y"]],
)
def test_what_is_no_login_is_refused(pairs: list[str]) -> None:
    with pytest.raises(Refused) as caught:
        copying.login_map(pairs)
    assert caught.value.code == "bad_login_map"
    assert not any(character in caught.value.message for character in "\x1b\n")


def test_a_login_may_have_what_is_no_control_character() -> None:
    assert copying.login_map(["ana=DOM\\ñandú=1", "bo=" + "x" * 200]) == {"ana": "DOM\\ñandú=1", "bo": "x" * 200}


def _other_value(rows: Sequence[Sequence[object]]) -> list[Sequence[object]]:
    changed = list(rows[0])
    changed[-1] = changed[-1] + 1 if isinstance(changed[-1], int) else f"{changed[-1]} "
    return [changed, *rows[1:]]


def _fewer(rows: Sequence[Sequence[object]]) -> list[Sequence[object]]:
    return list(rows[1:])


Wrong = Callable[[Sequence[Sequence[object]]], list[Sequence[object]]]


def _spoil(monkeypatch: pytest.MonkeyPatch, table: str, wrong: Wrong) -> None:
    """From now on something is wrong with each page of a table that is written."""
    write = store.write

    def spoilt(engine: Engine, to: store.Table, rows: Sequence[Sequence[object]]) -> None:
        write(engine, to, wrong(rows) if to.name == table else rows)

    monkeypatch.setattr(store, "write", spoilt)


def test_what_changes_on_the_way_is_seen(full: Session, file: Place, base: Place) -> None:
    cases: tuple[tuple[Place, str, Wrong], ...] = (
        (file, "history", _other_value),
        (base, "client", _fewer),
        (base, "import_mapping", _other_value),
        (file, "member_setting", _fewer),
    )
    for place, table, wrong in cases:
        with pytest.MonkeyPatch.context() as patch:
            _spoil(patch, table, wrong)
            with pytest.raises(Refused) as caught:
                copying.copy_firm(full, place.to)
        assert caught.value.code == "copy_differs"
        assert f"the table {table} " in caught.value.message
        assert place.left() == []


def _twice(rows: Sequence[Sequence[object]]) -> list[Sequence[object]]:
    """The first two clients bear one Company ID."""
    place = next(table for table in store.tables() if table.name == "client").columns.index("company_id")
    first, second, *others = rows
    return [first, (*second[:place], first[place], *second[place + 1 :]), *others]


def test_rows_that_no_index_takes_are_refused(full: Session, file: Place, base: Place) -> None:
    for place in (file, base):
        with pytest.MonkeyPatch.context() as patch:
            _spoil(patch, "client", _twice)
            with pytest.raises(Refused) as caught:
                copying.copy_firm(full, place.to)
        assert caught.value.code == "copy_refused"
        assert "client" in caught.value.message
        assert "company_id" in caught.value.message
        assert place.left() == []


def _made(location: str) -> list[tuple[Any, ...]]:
    """Every table, index, constraint and trigger of a firm's database, as the database describes it."""
    with bare(location, OWNER) as owner:
        if not on_server(location):
            objects = owner.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
            return sorted(objects, key=repr)
        return sorted(
            owner.execute(
                "SELECT 'index', indexname::text, indexdef, '' FROM pg_indexes WHERE schemaname = 'clientdesk'"
                " UNION ALL SELECT 'constraint', conname::text, pg_get_constraintdef(oid), conrelid::regclass::text"
                " FROM pg_constraint WHERE connamespace = 'clientdesk'::regnamespace"
                " UNION ALL SELECT 'trigger', tgname::text, pg_get_triggerdef(t.oid), tgenabled::text FROM pg_trigger t"
                " JOIN pg_class c ON c.oid = tgrelid WHERE relnamespace = 'clientdesk'::regnamespace AND NOT tgisinternal"
            ).fetchall()
        )


def test_nothing_that_waits_for_the_rows_is_forgotten(full: Session, file: Place, base: Place) -> None:
    for place in (file, base):
        copying.copy_firm(full, place.to)
        if on_server(place.to) == on_server(full.location):
            made = _made(full.location)
            assert len(made) > 20
            assert _made(place.to) == made


def test_a_page_that_is_left_out_is_seen(full: Session, file: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = store.pages

    def short(engine: Engine, table: store.Table) -> Iterator[list[Sequence[Any]]]:
        rows = list(pages(engine, table))
        yield from rows[:1]

    monkeypatch.setattr(store, "pages", short)
    with pytest.raises(Refused) as caught:
        copying.copy_firm(full, file.to)
    assert caught.value.code == "copy_differs"
    assert file.left() == []


@pytest.mark.thorough("many")
def test_who_stops_it_finds_nothing(full: Session, file: Place, base: Place, engine_name: str) -> None:
    early, late = ((1, copying.COPYING), (3, copying.BUILDING)), ((5, copying.COPYING), (5, copying.COMPARING))
    on_a_file = engine_name == "sqlite"  # from a file and from a server, each place is left at all four moments
    for place, moments in ((file, early if on_a_file else late), (base, late if on_a_file else early)):
        for at in moments:
            with pytest.raises(KeyboardInterrupt):
                copying.copy_firm(full, place.to, Heard(*at, _interrupt))
            assert place.left() == []
        assert clients.add(full, {"display_name": "Still writable"})
        assert copying.copy_firm(full, place.to).clients == clients.totals(full).all


def test_a_firm_that_is_written_to_meanwhile_is_copied_as_it_was(full: Session, file: Place, at_work: At) -> None:
    colleague = at_work("boss", Access.FULL)
    before = everything(full)
    copying.copy_firm(
        full, file.to, Heard(1, copying.COPYING, lambda: add_many(colleague, [{"display_name": "Meanwhile"}]))
    )
    with opening.open_firm(file.copy, full.login) as copy:
        assert everything(copy) == before
    assert everything(full) != before


def test_whoever_may_not_copy_the_firm_does_not_take_it_along(session: Session, file: Place, at_work: At) -> None:
    with pytest.raises(Refused) as caught:
        copying.copy_firm(at_work("olivia", Access.BASIC), file.to)
    assert (caught.value.code, "copy the firm" in caught.value.message) == ("not_allowed", True)
    assert file.left() == []


def test_nothing_is_written_over(session: Session, file: Place) -> None:
    copying.copy_firm(session, file.to)
    content = Path(file.to).read_bytes()
    for to in (file.to, session.location):
        with pytest.raises(Refused) as caught:
            copying.copy_firm(session, to)
        assert caught.value.code in ("firm_exists", "firm_on_server")
    assert (file.left(), Path(file.to).read_bytes()) == (["copy.db"], content)
    assert os.stat(file.to).st_mode & 0o777 == 0o600


def test_whoever_could_not_open_the_copy_is_told(session: Session, file: Place) -> None:
    assert [notice.code for notice in copying.copy_firm(session, file.to).warnings] == ["copy_of_others"]
    team.add_member(session, "Me", "", opening.account_login(), Access.BASIC)
    assert copying.copy_firm(session, file.to + ".2").warnings == ()


@pytest.mark.long("servers")
def test_a_server_that_goes_away_leaves_nothing(full: Session, base: Place, server: Server) -> None:
    def cut() -> None:
        with server.connect("postgres") as connection:
            sql = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
            connection.execute(sql, (base.to.rpartition("/")[2],))

    for at in ((5, copying.COPYING), (3, copying.BUILDING), (5, copying.COMPARING)):
        with pytest.raises(FirmUnusable) as caught:
            copying.copy_firm(full, base.to, Heard(*at, cut))
        assert caught.value.code == "server_away"
        assert base.left() == []
    copying.copy_firm(full, base.to)


def test_the_team_gets_its_rights_on_the_server(session: Session, base: Place, server: Server, at_work: At) -> None:
    at_work("boss", Access.FULL)
    olivia = at_work("olivia", Access.BASIC).me
    gone = at_work("gone", Access.BASIC).me
    team.deactivate_member(session, gone.id)
    copied = copying.copy_firm(session, base.to)
    assert "gone" not in copied.sql
    for login in ("ana", "boss", olivia.login):
        server.login(login, None)  # none of the rights that the tests gave
    server.run_as_superuser("postgres", copied.sql)
    for login, access in (("ana", Access.PRIMARY_ADMIN), ("boss", Access.FULL), ("olivia", Access.BASIC)):
        with opening.open_firm(base.to.replace(f"//{OWNER}@", f"//{login}@")) as copy:
            assert (copy.me.login, copy.me.access) == (login, access)


def test_a_full_disk_leaves_nothing(full: Session, file: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def small(location: str) -> Engine:
        engine = create_engine(location)
        pages = engine.sql("PRAGMA page_count").fetchone()[0]
        engine.sql(f"PRAGMA max_page_count = {pages + 20}")
        return engine

    monkeypatch.setattr("clientdesk.store.engines.places.create_engine", small)
    with pytest.raises(Refused) as caught:
        copying.copy_firm(full, file.to)
    assert caught.value.code == "disk_full"
    assert file.left() == []


def test_a_row_that_the_copy_does_not_take_is_a_sentence(
    session: Session, file: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_rows: object) -> None:
        raise sqlite3.IntegrityError("CHECK constraint failed: name\nDETAIL: all of it")

    def strict(location: str) -> Engine:
        engine = create_engine(location)
        monkeypatch.setattr(engine, "insert_many", refused)
        return engine

    monkeypatch.setattr("clientdesk.store.engines.places.create_engine", strict)
    with pytest.raises(Refused) as caught:
        copying.copy_firm(session, file.to)
    assert caught.value.code == "copy_refused"
    assert caught.value.message.endswith("CHECK constraint failed: name")
    assert file.left() == []


@pytest.mark.long("many")
def test_memory_does_not_grow_with_the_firm(session: Session, file: Place) -> None:
    def most(to: str) -> int:
        tracemalloc.start()
        copying.copy_firm(session, to)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    def more(count: int) -> None:
        start = clients.totals(session).all
        add_many(session, [{"display_name": f"Client {start + n}"} for n in range(count)])

    more(3 * store.AT_ONCE)
    few = most(file.to)
    more(9 * store.AT_ONCE)
    assert most(file.to + ".2") < 1.5 * few


def test_what_counts_ids_is_right_in_the_copy_of_a_firm_where_it_is_wrong(
    session: Session, file: Place, base: Place
) -> None:
    for name in ("Peña SA", "Vino SL"):
        last = clients.add(session, {"display_name": name})
    clients.delete(session, last)
    tamper(
        session.location,
        "id_counter",
        "DELETE FROM id_counter WHERE entity = 'client_type'",
        "UPDATE id_counter SET next = 1 WHERE entity = 'client'",
        "UPDATE id_counter SET next = 9223372036854775807 WHERE entity = 'team_member'",
        "INSERT INTO id_counter (entity, next) VALUES ('sheet', 5)",
    )
    wrong = [finding for finding in checking.check_firm(session) if not finding.sound]
    assert [finding.name for finding in wrong] == ["ids"] * 4
    assert sorted(finding.sentence.partition(".")[0] for finding in wrong) == [
        f"The counter of ids of client gives 1 next, although {last.id} is given",
        "The counter of ids of client_type is missing, although 4 is given",
        "The counter of ids of team_member gives 9223372036854775807 next, which is not the firm's to give",
        "There is a counter of ids of sheet, which has none",
    ]
    for place in (file, base):
        copying.copy_firm(session, place.to)
        with opening.open_firm(place.copy, session.login) as copy:
            assert all(finding.sound for finding in checking.check_firm(copy))
            assert clients.add(copy, {"display_name": "Tres SL"}).id == last.id + 1
            assert team.add_member(copy, "Bob Test", "", "bob", Access.FULL).id == session.me.id + 1
            assert client_types.add_type(copy, "Charity").id == len(client_types.type_names(session)) + 1
    assert [finding.name for finding in checking.check_firm(session) if not finding.sound] == ["ids"] * 4
