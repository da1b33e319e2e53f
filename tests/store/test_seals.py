"""Digests and seals: both engines make what the examples say, and a seal survives that an entry is erased."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from clientdesk.desk import checking, clients, history
from clientdesk.desk.session import Session
from clientdesk.store import seals
from tests.many import add_in_job
from tests.servers import OWNER
from tests.store.both import bare, on_server, tamper

SETS: list[dict[str, Any]] = json.loads((Path(__file__).parent.parent / "data" / "seals.json").read_text())[
    "change_sets"
]


def insert(table: str, row: Mapping[str, object]) -> str:
    values = ", ".join(
        "NULL" if value is None else str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"
        for value in row.values()
    )
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})"  # noqa: S608


def plant(session: Session) -> None:
    """Puts the examples in the place of the firm's history."""
    sets = [{name: value for name, value in change_set.items() if not isinstance(value, list)} for change_set in SETS]
    # The second and the third are of one job, and the third takes the second back, but for three rows.
    noted = ((2, 1, 0, 1), (2, 0, 1, 1), (5, 1, 0, 1))
    for row, each, (total, *of_later) in zip(sets, SETS, noted, strict=True):
        counts = {"entries": len(each["entries"]), "total": total}
        row |= counts | dict(zip(("latest", "begun", "rest"), of_later, strict=True))
    of_set = {
        table: [{**row, "change_set_id": change_set["id"]} for change_set in SETS for row in change_set[listed]]
        for table, listed in (("history", "entries"), ("arrival", "arrivals"))
    }
    tamper(session.location, "history", "DELETE FROM history")
    rows = [insert("change_set", {**row, "actor_id": 1}) for row in sets]
    tamper(session.location, "change_set", "DELETE FROM change_set", *rows)
    for table, listed in of_set.items():
        tamper(session.location, table, *[insert(table, row) for row in listed])


def broken(session: Session) -> int | None:
    with session.engine.reading():
        return seals.look(session.engine).broken


def test_both_engines_meet_the_examples(session: Session) -> None:
    plant(session)
    with session.engine.reading():
        assert seals.look(session.engine) == seals.Chain(seals.Head(3, SETS[-1]["seal"]), None)
    texts: list[tuple[Any, tuple[Any, ...], Any]] = [
        (row["salt"], (row["old"], row["new"]), row["digest"]) for change_set in SETS for row in change_set["entries"]
    ]
    texts += [(row["salt"], (row["entries"],), row["digest"]) for change_set in SETS for row in change_set["arrivals"]]
    for salt, value, digest in texts:
        assert salt is None or seals.digest(salt, *value) == digest
    if not on_server(session.location):
        return
    with bare(session.location, OWNER) as owner:
        for salt, value, digest in texts:
            quoted = " || ',' || ".join(["quote(%s)"] * len(value))
            made = owner.execute(f"SELECT digest_of(%s, {quoted})", (salt, *value)).fetchone()
            assert made == (digest if salt else None,)
        for each in SETS:
            assert owner.execute("SELECT seal_of(%s)", (each["id"],)).fetchone() == (each["seal"],)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("history", "new = '{}' WHERE id = 4"),
        ("history", "key = '2' WHERE id = 4"),
        ("history", "salt = NULL WHERE id = 4"),
        ("history", "digest = NULL WHERE id = 4"),
        ("history", "new = '{}' WHERE id = 5"),  # what was erased is written anew
        ("history", "digest = substr(digest, 2) || '0' WHERE id = 5"),
        ("history", "entity = 'firm' WHERE id = 5"),
        ("arrival", "entries = '[1]' WHERE client_id = 1"),
        ("arrival", "from_firm = 'Sur' WHERE client_id = 1"),
        ("change_set", "note = '' WHERE id = 2"),
        ("change_set", "job = 2 WHERE id = 2"),
        ("change_set", "undoes = 1 WHERE id = 3"),
        ("change_set", "stayed = 0 WHERE id = 3"),
        ("change_set", "operation = NULL WHERE id = 2"),
    ],
)
def test_whatever_is_changed_is_seen(session: Session, table: str, change: str) -> None:
    plant(session)
    tamper(session.location, table, f"UPDATE {table} SET {change}")  # noqa: S608
    assert broken(session) == (3 if "id = 5" in change or "id = 3" in change else 2)


@pytest.mark.parametrize(("count", "plus"), [("entries", 1), ("total", 1), ("total", -1)])
def test_a_count_that_is_not_that_of_the_entries_is_a_finding(session: Session, count: str, plus: int) -> None:
    with session.engine.writing():
        job = session.engine.next_ids("job", 1).start
    add_in_job(session, job, ["A", "B"])
    clients.add(session, {"display_name": "Peña SA"})
    number = add_in_job(session, job, ["C"])
    kept = "SELECT entries, total FROM change_set ORDER BY id"
    assert [tuple(row) for row in session.engine.sql(kept).fetchall()][-3:] == [(2, 2), (1, 1), (1, 3)]
    assert checking.check_firm(session)[-2:][0].sound
    tamper(session.location, "change_set", f"UPDATE change_set SET {count} = {count} + {plus} WHERE id = {number}")  # noqa: S608
    wrong = [finding.sentence for finding in checking.check_firm(session) if not finding.sound]
    assert [sentence.partition(":")[0] for sentence in wrong] == [f"Change set {number} counts its rows wrong"]


@pytest.mark.parametrize("noted", ["latest", "begun", "rest"])
def test_what_is_noted_wrong_of_later_change_sets_is_a_finding(session: Session, noted: str) -> None:
    clients.add(session, {"display_name": "Peña SA"})
    number = session.engine.change_set
    tamper(session.location, "change_set", f"UPDATE change_set SET {noted} = 1 - {noted} WHERE id = {number}")  # noqa: S608
    wrong = [finding.sentence for finding in checking.check_firm(session) if not finding.sound]
    assert [text.partition(":")[0] for text in wrong] == [f"Change set {number} notes wrong what came behind it"]


def erase(session: Session, entity: str, key: str) -> None:
    """An entry loses its texts and its salt, as whoever owns the database can do it."""
    sql = f"UPDATE history SET old = NULL, new = NULL, salt = NULL WHERE entity = '{entity}' AND key = '{key}'"  # noqa: S608
    tamper(session.location, "history", sql)


def test_the_seal_survives_that_entries_are_erased(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA", "notes": "secret"})
    clients.edit(session, client, {"notes": ""})
    gone = clients.add(session, {"display_name": "Vino SL"})
    clients.delete(session, gone)
    for row in (client, gone):
        erase(session, "client", str(row.id))
    findings = checking.check_firm(session)
    named = f"Client “Peña SA” ({client.values['company_id']}): what change set"
    *erased, still_found = [finding for finding in findings if not finding.sound]
    assert still_found.name == "missing", "who is erased is still found by the name"
    assert [finding.sentence for finding in erased] == [
        f"{named} {number} says of it was erased. Ask who did that, and put a backup back "
        "(clientdesk firm restore BACKUP)."
        for number in (2, 3)
    ]
    assert "2 entries of the history were erased; their rows are gone." in {
        finding.sentence for finding in findings if finding.sound
    }
    assert [(entry.kind, entry.fields) for entry in history.of_client(session, client.id)] == [
        ("client.edited", ()),
        ("client.added", ()),
    ]
    assert clients.add(session, {"display_name": "Sol SL"}).id == gone.id + 1
    assert broken(session) is None


def test_a_row_that_is_gone_without_a_word_and_was_erased_is_named_by_its_id(session: Session) -> None:
    client = clients.add(session, {"display_name": "Peña SA"})
    tamper(session.location, "client", f"DELETE FROM client WHERE id = {client.id}")  # noqa: S608
    erase(session, "client", str(client.id))
    (sentence,) = (
        finding.sentence for finding in checking.check_firm(session) if finding.name == "rows" and not finding.sound
    )
    assert sentence.startswith(f"Client “#{client.id}” is gone, and the history does not say who deleted it.")


@pytest.mark.parametrize("entity", ["firm", "team_member"])
def test_what_is_changed_past_a_history_that_was_erased_is_told(session: Session, entity: str) -> None:
    erase(session, entity, "1")
    tamper(session.location, entity, f"UPDATE {entity} SET name = 'T', version = 1 WHERE id = 1")  # noqa: S608
    (sentence,) = (finding.sentence for finding in checking.check_firm(session) if "erased" in finding.sentence)
    assert "“T”: what change set 1 says of it was erased." in sentence


def test_nobody_erases_on_the_way(session: Session) -> None:
    clients.add(session, {"display_name": "Peña SA"})
    with bare(session.location) as other, pytest.raises(Exception, match=r"never changes|permission denied"):
        other.execute("UPDATE history SET old = NULL, new = NULL, salt = NULL")
