"""What a column may hold: the databases refuse the same, `check` finds what is there all the same, and its advice works."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from peewee import PeeweeException

from clientdesk.desk import (
    change_sets,
    checking,
    client_types,
    clients,
    firm_settings,
    history,
    imports,
    list_columns,
    own_fields,
    tags,
    team,
)
from clientdesk.desk.records import ClientType
from clientdesk.desk.session import Session
from clientdesk.domain.bounds import Json, Moment, Number, Size, Text
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fields import Kind
from clientdesk.domain.history_filter import HistoryFilter
from clientdesk.domain.own_fields import OwnKind
from clientdesk.domain.problems import Refused
from clientdesk.store import history as rows
from clientdesk.store.bad_rows import BadRow, bad_rows
from clientdesk.store.bounds import broken
from clientdesk.store.engines import sqlite_rules
from tests.conftest import At
from tests.servers import OWNER
from tests.store.both import REFUSED_BY_DATABASE, bare, on_a_file, on_a_server, on_server, reserved, tamper

pytestmark = pytest.mark.thorough("many")

NOW = "2026-11-24T02:57:00.123+00:00"


def _type(session: Session, type_id: int) -> ClientType:
    return next(client_type for client_type in client_types.all_types(session) if client_type.id == type_id)


def planted(session: Session, table: str, *statements: str) -> None:
    """Whoever owns the file or the database writes past the rules, which are in force again behind that."""
    tamper(session.location, table, *statements)
    if not on_server(session.location):
        sqlite_rules.make_anew(session.engine.db)


def refuses(session: Session, statement: str, value: object) -> bool:
    """Whether the database refuses a value in a statement that stands in a change set; nothing of it stays."""
    with bare(session.location) as other:
        other.execute("BEGIN")
        if isinstance(other, sqlite3.Connection):
            other.execute("INSERT INTO change_set (at, actor_id, kind) VALUES (?, 1, 'client.edited')", (NOW,))
        else:
            other.execute("SELECT begin_change('client.edited')")
            statement = statement.replace("?", "%s")
        try:
            other.execute(statement, (value,))
        except REFUSED_BY_DATABASE as error:
            return "may hold" in str(error) or "control" in str(error)
        finally:
            other.execute("ROLLBACK")
    return False


def write(session: Session, statement: str, *values: object) -> None:
    """Runs a statement of the program's in a change set."""
    with session.engine.writing():
        rows.begin(session.engine, session.me.id, session.me.access.value, rows.new_change("client.edited"))
        session.engine.sql(statement, values)


_SET = "UPDATE client SET {} = ?, version = version + 1 WHERE id = 1"


@pytest.mark.long("many")
def test_each_field_of_a_client_has_the_programs_limits(session: Session) -> None:
    clients.add(session, {"display_name": "Peña SA"})
    for field in (field for field in BUILT_IN.fields if field.editor == "form"):
        if field.kind in (Kind.CLIENT_TYPE, Kind.MEMBER, Kind.CHOICE):
            continue
        statement = _SET.format(field.name)
        if field.name == "client_number":
            statement = statement.replace("version =", "number_key = 'x', version =")
        assert not refuses(session, statement, "ñ" * field.limit), field.name
        if field.name != "client_number":  # that has a CHECK of its own
            assert refuses(session, statement, "ñ" * (field.limit + 1)), field.name
        for sign in "\x1b\x85\u2028\u202e\u200f\uffff":
            assert refuses(session, statement, f"a{sign}"), (field.name, sign)
        assert refuses(session, statement, "a\nb") == (field.kind is not Kind.NOTES)
        assert refuses(session, statement, "a\u200bb") == field.identifier
    assert refuses(session, _SET.format("subscription"), "no such")
    for unseen in ("\u00a0 ", "\u200b\ufeff", "\u3164\u2800", "\U000e0041"):
        assert refuses(session, _SET.format("display_name"), unseen), ascii(unseen)
    assert not refuses(session, _SET.format("display_name"), "\u200b\U0001f468")
    insert = (
        "INSERT INTO client (id, company_id, display_name, notes, number_sort, display_name_sort, search_text)"
        f" VALUES ({reserved(session, 'client')}, 'L9', 'N', ?, '~', 'n', 'n')"
    )
    assert not refuses(session, insert, "a\nb")
    assert refuses(session, insert, "a\x1b")


def test_whoever_is_judged_only_by_what_changes(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    planted(session, "client", "UPDATE client SET notes = 'a\x1bb', version = version + 1")
    clients.edit(session, client, {"city": "Vigo"})
    assert clients.set_status(session, [client.id], False) == 1
    with pytest.raises(PeeweeException, match="may hold"):
        write(session, "UPDATE client SET notes = ?, version = version + 1", "\x1b")
    assert clients.edit(session, clients.get(session, client.id), {"notes": "clean"}).values["notes"] == "clean"


@pytest.mark.parametrize(
    ("bound", "fine", "wrong"),
    [
        (Text(3), ["", "abc", "ñañ"], ["abcd", "a\n", "\x1b", 3]),
        (Text(9, lines=True), ["a\nb"], ["a\tb", "a\rb"]),
        (Text(9, identifier=True), ["a b"], ["a\u200b", "a\ufe0f"]),
        (Text(filled=True), ["a\u200b", "\u3164\u00e9"], ["", "\u00a0 ", "\u200b\u3164", "\u2800", "\x1b"]),
        (Text(choices=("a", "b")), ["a"], ["", "c"]),
        (Size(2), ["\x1b"], ["abc", "\uffff"]),
        (Number(0, 9), [0, 9], [-1, 10, "1"]),
        (Moment(), [NOW], ["", "yesterday", "2026-13-24T02:57:00.123+00:00", "2026-11-24"]),
        (Json("object"), ["{}"], ["", "[]", "{", "[" * 100_000]),
        (Json("array"), ["[1]"], ["{}", "null", '["\uffff"]']),
        (Json("object", empty=True), ["", "{}"], ["x"]),
        (Json(), ["1", "[]", "{}"], ["", "null"]),
    ],
)
def test_a_bound_says_what_keeps_to_it(bound: Any, fine: list[object], wrong: list[object]) -> None:
    assert [value for value in fine if not bound.holds(value)] == []
    assert [value for value in wrong if bound.holds(value)] == []
    assert broken("client_type", {"name": "x" * 101}) == ["name"]
    assert broken("import_refusal", {"place": 1, "line": None, "cells": "[]", "problem": '["no_name", "", {}]'}) == []


def a_run(session: Session, state: str = "done") -> int:
    """An import with a refused row."""
    from clientdesk.desk.imports.import_records import Logged
    from clientdesk.domain.problems import problem

    run_id = imports.begin_run(session, "clients", "list.csv", 2)
    refused = [(place, Logged(place + 1, (("Name", "x"),), problem("no_name", "display_name"))) for place in (1, 2)]
    imports.end_run(session, run_id, state, {"refused": 2}, refused, {"headings": ["Name"]})
    return run_id


def mended(session: Session) -> bool:
    """Whether `check` finds no such row any more."""
    return [finding.sound for finding in checking.check_firm(session) if finding.name == "values"] == [True]


def advice(session: Session) -> str:
    """What `check` says of the only row that is not as it may be."""
    (sentence,) = (
        finding.sentence for finding in checking.check_firm(session) if finding.name == "values" and not finding.sound
    )
    return sentence


# --- what is there all the same: the pages of everybody show the rest, and say it


def test_an_import_whose_date_is_none(session: Session, at_work: At) -> None:
    good, bad = a_run(session), a_run(session)
    planted(
        session,
        "import_run",
        f"UPDATE import_run SET at = 'garbage', touched = 'x', state = 'running' WHERE id = {bad}",
    )
    run_by_id = {run.id: run for run in imports.runs(session)}
    assert (run_by_id[bad].at, run_by_id[bad].unreadable, run_by_id[bad].state) == (
        "garbage",
        ("at", "touched"),
        "done",
    )
    assert run_by_id[good].unreadable == ()
    with pytest.raises(Refused) as caught:
        imports.kept_run(session, bad)
    assert caught.value.code == "run_unreadable"
    assert f"--run {bad} --remove-unreadable" in advice(session)
    with pytest.raises(Refused) as forbidden:
        imports.remove_unreadable(at_work("bob"), bad)
    assert forbidden.value.code == "not_allowed"
    with pytest.raises(Refused) as fine:
        imports.remove_unreadable(session, good)
    assert fine.value.code == "run_readable"
    assert imports.remove_unreadable(session, bad) == 0
    assert [run.id for run in imports.runs(session)] == [good]
    assert mended(session)


@pytest.mark.parametrize(
    ("column", "value"),
    [("cells", "{"), ("cells", "[1]"), ("cells", '[[1, "x"]]'), ("problem", "[]"), ("problem", '["no such", "", {}]')],
)
def test_a_row_of_an_error_log(session: Session, column: str, value: str) -> None:
    run_id = a_run(session)
    planted(session, "import_refusal", f"UPDATE import_refusal SET {column} = '{value}' WHERE place = 1")
    first, second = imports.error_log(session, run_id)
    assert first.logged.problem.code == "logged_row_unreadable"
    assert first.logged.problem.message
    assert (second.logged.cells, second.logged.problem.code) == ((("Name", "x"),), "no_name")
    assert f"--run {run_id} --remove-unreadable" in advice(session)
    assert imports.remove_unreadable(session, run_id) == 1
    assert [row.place for row in imports.error_log(session, run_id)] == [2]
    assert mended(session)


def test_the_choices_of_an_import(session: Session) -> None:
    run_id = a_run(session)
    planted(session, "import_run", "UPDATE import_run SET setup = '[1'")
    assert imports.kept_run(session, run_id).setup is None


@pytest.mark.parametrize("fields", ["{", '{"columns": 5}', '{"columns": {"Name": "no such"}}'])
def test_a_saved_mapping(session: Session, fields: str) -> None:
    imports.save_mapping(session, "Good", {"columns": {"Name": "display_name"}})
    imports.save_mapping(session, "Bad", {"columns": {"Name": "display_name"}})
    planted(
        session,
        "import_mapping",
        f"UPDATE import_mapping SET fields = '{fields}', name_key = 'other' WHERE name = 'Bad'",
    )
    good, bad = imports.mappings(session)
    assert (bad.content, good.columns) == (None, {"columns": {"Name": "display_name"}})
    with pytest.raises(Refused) as caught:
        _ = bad.columns
    assert caught.value.code == "mapping_unreadable"
    assert "mappings delete Bad" in advice(session)
    imports.delete_mapping(session, "Bad")
    assert [mapping.name for mapping in imports.mappings(session)] == ["Good"]
    assert mended(session)


@pytest.mark.parametrize("key", ["'other'", "'C'", "char(0x61ff)", "CAST(x'ff' AS TEXT)"])
def test_a_saved_mapping_whose_key_is_not_its_names(session: Session, key: str) -> None:
    if on_server(session.location) and key.startswith(("char", "CAST")):
        key = "U&'\\FFFF'"
    imports.save_mapping(session, "C", {"columns": {"Name": "display_name"}})
    planted(session, "import_mapping", f"UPDATE import_mapping SET name_key = {key}")
    imports.save_mapping(session, "C", {"columns": {"Name": "business_name"}})
    assert "mappings delete C" in advice(session)
    imports.delete_mapping(session, "c")
    (good,) = imports.mappings(session)
    assert good.columns == {"columns": {"Name": "business_name"}}
    assert mended(session)
    imports.delete_mapping(session, "c")
    with pytest.raises(Refused, match=r"no saved mapping “c”\. None is saved\.$"):
        imports.delete_mapping(session, "c")


@pytest.mark.parametrize("entries", ["[", "{}", "[1]", '[{"at": 1}]'])
def test_what_a_client_brought_along(session: Session, entries: str) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    values = f"1, (SELECT max(id) FROM change_set), 'L1', 'uid', 'Elsewhere', 's', '{entries}'"
    planted(session, "arrival", f"INSERT INTO arrival VALUES ({values}, NULL, NULL)")
    newest, brought = history.of_client(session, client.id)
    assert newest.kind == "client.added"
    assert "cannot be read" in brought.title
    assert [entry.id for entry in history.of_client(session, client.id, before=brought.id)] == []
    assert "brought along" in advice(session)


def test_an_entry_of_the_history(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    clients.edit(session, client, {"city": "Vigo"})
    planted(session, "history", "UPDATE history SET new = '{' WHERE operation = 'update'")
    assert len(history.of_firm(session)) > 2
    assert history.of_client(session, client.id)[0].kind == "client.edited"


@pytest.mark.parametrize("key", ["", "x", "1 OR 1", "٣", "9" * 20])
def test_an_entry_of_no_row_stops_nobody(session: Session, key: str) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    clients.edit(session, client, {"city": "Vigo"})
    planted(session, "history", f"UPDATE history SET key = '{key}' WHERE operation = 'update'")
    (entry, *_others) = history.of_firm(session)
    assert (entry.kind, entry.subject, entry.client_id) == ("client.edited", "", 0)
    assert len(list(change_sets.all_rows(session, HistoryFilter(find="vigo")))) == 1
    assert next(change_sets.all_lines(session)).change == entry
    clients.delete(session, clients.get(session, client.id))
    planted(session, "history", f"UPDATE history SET key = '{key}' WHERE operation = 'delete'")
    with pytest.raises(Refused):
        history.of_key(session, client.values["company_id"])


@pytest.mark.parametrize(
    ("table", "statement", "cure"),
    [
        (
            "client",
            "UPDATE client SET notes = 'a\x1b', version = 2",
            lambda s: clients.edit(s, clients.get(s, 1), {"notes": "a"}),
        ),
        (
            "team_member",
            "UPDATE team_member SET email = 'a\x1b@b.es', version = 2",
            lambda s: team.save_member(s, team.member_by_key(s, "ana"), {"email": "a@b.es"}),
        ),
        (
            "client_type",
            "UPDATE client_type SET name = 'a\x1b', version = 2 WHERE id = 4",
            lambda s: client_types.rename_type(s, _type(s, 4), "Trust"),
        ),
        (
            "firm",
            "UPDATE firm SET name = 'a\x1b', version = 2",
            lambda s: firm_settings.save(s, s.firm, {"name": "Ríos"}),
        ),
        (
            "member_setting",
            "INSERT INTO member_setting VALUES (1, 'columns', '[')",
            lambda s: list_columns.save_columns(s, list_columns.first_columns()),
        ),
    ],
)
def test_the_advice_works(session: Session, table: str, statement: str, cure: Callable[[Session], object]) -> None:
    clients.add(session, {"display_name": "Peña SA"})
    if on_server(session.location) and table != "member_setting" and table != "client":
        planted(session, table, *_without_checks(session, table))
    planted(session, table, statement)
    session.refresh()
    (bad,) = bad_rows(session.engine)
    assert bad.table == table
    assert isinstance(bad, BadRow)
    assert advice(session)
    cure(session)
    assert mended(session)


def _without_checks(session: Session, table: str) -> list[str]:
    with bare(session.location, OWNER) as owner:
        checks = owner.execute(
            f"SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = '{table}'::regclass"
        )
        return [f"ALTER TABLE {table} DROP CONSTRAINT {name}" for (name,) in checks.fetchall()]


def test_a_last_version_does_not_stop_a_row(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    planted(session, "client", "UPDATE client SET version = 2147483647")
    edited = clients.edit(session, client, {"city": "Vigo"})
    assert clients.edit(session, edited, {"city": "Lugo"}).values["city"] == "Lugo"
    type_id = reserved(session, "client_type")
    insert = f"INSERT INTO client_type (id, name, name_key, version) VALUES ({type_id}, 'X', 'x', 2147483647)"
    with bare(session.location) as other, pytest.raises(REFUSED_BY_DATABASE, match=r"version|permission denied"):
        other.execute(insert)


def test_a_name_is_more_than_blanks(session: Session) -> None:
    clients.add(session, {"display_name": "Peña SA"})
    imports.save_mapping(session, "C", {"columns": {}})
    for blanks in (" ", "\u3000\xa0"):
        for table in ("client", "client_type", "firm"):
            name = "display_name" if table == "client" else "name"
            statement = f"UPDATE {table} SET {name} = ?, version = version + 1 WHERE id = 1"
            assert refuses(session, statement, blanks), table
            assert not refuses(session, statement, f"{blanks}x"), table
        assert refuses(session, "UPDATE import_mapping SET name = ?", blanks)
    for insert in (
        f"INSERT INTO client_type (id, name, name_key) VALUES ({reserved(session, 'client_type')}, ?, 'x')",
        "INSERT INTO team_member (id, name, name_key, login, access)"
        f" VALUES ({reserved(session, 'team_member')}, ?, 'x', 'x', 'full')",
    ):
        assert (refuses(session, insert, " "), refuses(session, insert, "x")) == (True, False)
    planted(session, "client", "UPDATE client SET display_name = ' ', version = 2")
    (bad,) = bad_rows(session.engine)
    assert bad.columns == ("display_name",)


@on_a_server
def test_a_change_is_begun_under_a_short_number(session: Session) -> None:
    with bare(session.location) as other:
        for call in ("begin_change('client.edited', %s)", "begin_change(%s)"):
            with pytest.raises(REFUSED_BY_DATABASE, match="may hold"):
                other.execute(f"SELECT {call}", ("x" * 201,))


# --- a text that is none

_NO_UTF8 = (
    "CAST(x'61ff62' AS TEXT)",
    "char(0xD800)",
    "char(0xFFFE)",
    "CAST(x'5065f161' AS TEXT)",
    "CAST(x'61c3' AS TEXT)",
)


@on_a_file
@pytest.mark.parametrize("text", _NO_UTF8)
def test_a_file_refuses_a_text_that_is_no_utf_8(session: Session, text: str) -> None:
    clients.add(session, {"display_name": "Peña SA", "notes": "what \ufffd was"})
    run_id = a_run(session)
    imports.save_mapping(session, "Good", {"columns": {"Name \uffff": "display_name"}})
    mapping = "UPDATE import_mapping SET fields = '{\"' || "
    assert refuses(session, _SET.format("notes").replace("?", f"? || {text}"), "")
    assert refuses(session, f"UPDATE import_run SET file = ? || {text} WHERE id = {run_id}", "x")
    assert refuses(session, f"{mapping}{text} || '\":' || ? || '}}'", "1")
    assert not refuses(session, f"{mapping}'ñº\ufffd' || '\":' || ? || '}}'", "1")


@on_a_file
def test_a_text_that_is_no_utf_8_stops_nobody_who_reads(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    run_id = a_run(session)
    imports.save_mapping(session, "Bad", {"columns": {}})
    text = "CAST(x'61ba62ff' AS TEXT)"
    planted(session, "client", f"UPDATE client SET notes = {text}, version = 2")
    planted(session, "import_run", f"UPDATE import_run SET file = {text}")
    planted(session, "import_mapping", f"UPDATE import_mapping SET fields = '{{\"' || {text} || '\": {{}}}}'")
    planted(session, "import_refusal", f"UPDATE import_refusal SET cells = '[[\"Name\",\"' || {text} || '\"]]'")
    assert clients.get(session, client.id).values["notes"] == "a\uffffb\uffff"
    assert [(run.file, run.unreadable) for run in imports.runs(session)] == [("a\uffffb\uffff", ("file",))]
    assert imports.mappings(session)[0].content is None
    assert len(history.of_firm(session)) > 1
    assert {row.table for row in bad_rows(session.engine)} == {
        *("client", "import_run", "import_mapping", "import_refusal")
    }
    clients.edit(session, clients.get(session, client.id), {"notes": "a"})
    (change,) = history.of_client(session, client.id)[0].fields
    assert (change.old, change.new) == ("a\uffffb\uffff", "a")
    imports.remove_unreadable(session, run_id)
    imports.delete_mapping(session, "Bad")
    assert mended(session)


def test_a_row_that_cannot_count_up_is_told(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    last = 2**63 - 1
    planted(session, "client", f"UPDATE client SET version = {last}")
    planted(session, "client_type", f"UPDATE client_type SET version = {last} WHERE id = 1")
    for change in (
        lambda: clients.edit(session, client, {"city": "Vigo"}),
        lambda: clients.set_status(session, [client.id], False),
        lambda: client_types.rename_type(session, _type(session, 1), "Trust 9"),
    ):
        with pytest.raises(Refused) as caught:
            change()
        assert caught.value.code == "number_too_great"
    sentences = [
        finding.sentence for finding in checking.check_firm(session) if finding.name == "values" and not finding.sound
    ]
    assert len(sentences) == 2
    assert all("cannot be changed any more" in sentence for sentence in sentences)
    assert any(client.values["company_id"] in sentence for sentence in sentences)


# --- a wrong number_key


def test_wrong_keys_are_found_and_the_advice_of_check_mends_them(session: Session) -> None:
    one = clients.add(session, {"display_name": "One", "client_number": "C-1"})
    two = clients.add(session, {"display_name": "Two", "client_number": "C-2"})
    swap = ("UPDATE client SET number_key = {!r}, version = version + 1 WHERE id = {}".format(*each) for each in
            (("x", one.id), ("c-1", two.id), ("c-2", one.id)))  # fmt: skip
    planted(session, "client", *swap)
    keys = next(finding for finding in checking.check_firm(session) if finding.name == "keys")
    assert not keys.sound
    assert "another number" in keys.sentence
    one, two = (clients.get(session, each.id) for each in (one, two))
    with pytest.raises(Refused) as caught:
        clients.edit(session, one, {"city": "Vigo"})
    assert (caught.value.code, caught.value.problems[0].field) == ("number_taken", "client_number")
    one = clients.edit(session, one, {"client_number": "X"})
    two = clients.edit(session, two, {"city": "Vigo"})
    clients.edit(session, one, {"client_number": "C-1"})
    assert next(finding for finding in checking.check_firm(session) if finding.name == "keys").sound
    assert clients.by_key(session, "C-2").id == two.id


# --- who holds the offer of the role


@pytest.mark.parametrize("change", [{"login": "mallory"}, {"access": "basic"}])
def test_an_offer_cannot_be_redirected(session: Session, at_work: At, change: dict[str, str]) -> None:
    bob, carl = at_work("bob"), at_work("carl")
    team.offer_primary_admin(session, bob.me.id)
    with pytest.raises(Refused) as caught:
        team.save_member(carl, bob.me, change)
    assert caught.value.code == "offer_stays"
    assert "Ana García" in caught.value.message
    with pytest.raises(Refused) as state:
        team.deactivate_member(carl, bob.me.id)
    assert state.value.code == "offer_stays"
    assert team.save_member(carl, bob.me, {"email": "bob@b.es"}).member.email == "bob@b.es"
    team.save_member(session, team.member_by_key(session, "bob"), change)
    assert firm_settings.info(session).offered_to == bob.me.id


def test_the_database_keeps_an_offer_too(session: Session, at_work: At) -> None:
    bob, carl = at_work("bob"), at_work("carl")
    team.offer_primary_admin(session, bob.me.id)
    for column, value in (("login", "'mallory'"), ("active", "0"), ("access", "'basic'")):
        sql = f"UPDATE team_member SET {column} = {value}, version = version + 1 WHERE id = ?"
        with pytest.raises(PeeweeException, match="offer of the role"):
            write(carl, sql, bob.me.id)


def test_own_fields_that_another_program_wrote_are_read_and_told(session: Session) -> None:
    own_fields.add_field(session, "Risk", OwnKind.CHOICE, choices=["High"])
    tags.add_tags(session, ["VIP"])
    planted(session, "own_field", "UPDATE own_field SET kind = 'money', section = 'cellar', version = 2")
    planted(session, "own_choice", f"UPDATE own_choice SET name = '{'x' * 101}', version = 2")
    planted(session, "tag", f"UPDATE tag SET name = '{'y' * 51}', version = 2")
    (field,) = own_fields.own_fields(session)
    assert (field.kind, field.section) == (OwnKind.TEXT, "main")
    sentences = [
        finding.sentence for finding in checking.check_firm(session) if finding.name == "values" and not finding.sound
    ]
    assert len(sentences) == 3
    assert sentences[0].startswith("The field Risk of the firm's own is what it may not be (kind, section);")
    assert "clientdesk tags rename" in sentences[2]
