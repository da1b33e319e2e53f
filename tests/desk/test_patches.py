"""Patches: whatever list of them is applied, the firm is what a model in plain dictionaries says, and so are the answers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clientdesk.desk import client_types, clients, history, patches
from clientdesk.desk.records import Client, Stale
from clientdesk.desk.session import Session, changes
from clientdesk.domain.access import Action
from clientdesk.domain.patch import Outcome, Patch, Value, Verdict
from clientdesk.domain.problems import FirmUnusable, Refused
from clientdesk.store import history as change_sets
from clientdesk.store import patches as rows
from tests.conftest import At
from tests.many import add_many
from tests.store.both import on_server

Row = dict[str, Value]
Firm = dict[str, dict[int, Row]]
NOBODY = 10**9


class _Back(Exception):
    """Takes back what was tried."""


@contextmanager
def taken_back(session: Session) -> Iterator[None]:
    """A change set of which nothing is left behind."""
    with suppress(_Back), session.engine.errors(), session.engine.writing():
        change_set = change_sets.begin(
            session.engine, session.me.id, session.me.access.value, change_sets.new_change("client.edited")
        )
        yield
        change_sets.seal(session.engine, change_set)
        raise _Back


def firm_of(session: Session) -> Firm:
    rows_by_entity: Firm = {}
    for entity in ("client", "client_type"):
        ids = [row[0] for row in session.engine.sql(f"SELECT id FROM {entity}").fetchall()]  # noqa: S608  (of two)
        rows_by_entity[entity] = {
            row.id: dict(row.values) for row in rows.stored(session.engine, entity, ids)[0].values()
        }
    return rows_by_entity


# --- the model


def parts_of(wanted: Sequence[Patch]) -> Iterator[list[Patch]]:
    """Clients that change one after the other stand together; everything else comes by itself."""
    part: list[Patch] = []
    for patch in wanted:
        changing = patch.entity == "client" and patch.before is not None and patch.after is not None
        if part and (not changing or patch.key in {each.key for each in part}):
            yield part
            part = []
        if changing:
            part.append(patch)
        else:
            yield [patch]
    if part:
        yield part


def meet(firm: Firm, patch: Patch) -> Verdict:
    """What is to be said of a patch by itself; WRITTEN for what may be written."""
    table = firm[patch.entity]
    row = table.get(int(patch.key)) if patch.before is not None else None
    if patch.before is not None and row is None:
        return Verdict.GONE
    if patch.after is None:
        assert row is not None
        used = any(client["client_type"] == int(patch.key) for client in firm["client"].values())
        if patch.entity == "client_type" and used:
            return Verdict.REFUSED
        return Verdict.WRITTEN if all(row[k] == v for k, v in (patch.before or {}).items()) else Verdict.CHANGED
    for name, value in patch.after.items():
        if row is not None and row[name] not in (value, (patch.before or {}).get(name, row[name])):
            return Verdict.CHANGED
    if row is not None and all(row[name] == value for name, value in patch.after.items()):
        return Verdict.UNCHANGED
    if patch.after.get("name" if patch.entity == "client_type" else "display_name") == "":
        return Verdict.REFUSED
    if patch.entity == "client_type":
        own = int(patch.key or 0)
        return Verdict.REFUSED if any(
            key != own and str(each["name"]).casefold() == str(patch.after["name"]).casefold()
            for key, each in table.items()
        ) else Verdict.WRITTEN  # fmt: skip
    of_type = patch.after.get("client_type")
    known = of_type is None or of_type in firm["client_type"] or (row is not None and row["client_type"] == of_type)
    return Verdict.WRITTEN if known else Verdict.REFUSED


def model(firm: Firm, wanted: Sequence[Patch]) -> list[Verdict]:
    """Applies patches to plain dictionaries; new rows get ids below zero."""
    verdicts: list[Verdict] = []
    for part in parts_of(wanted):
        met = [meet(firm, patch) for patch in part]
        table = firm[part[0].entity]
        while True:  # a number goes to the first who takes it, once whoever has it gives it up
            takers = [
                place
                for place, patch in enumerate(part)
                if met[place] is Verdict.WRITTEN and "client_number" in (patch.after or {}) and moves(table, patch)
            ]
            leaving = {int(part[place].key) for place in takers if part[place].before is not None}
            taken: set[Value] = set()
            refused = []
            for place in takers:
                number = (part[place].after or {})["client_number"]
                own = int(part[place].key or 0)
                held = [key for key, row in table.items() if number and row["client_number"] == number and key != own]
                if number and (number in taken or any(key not in leaving for key in held)):
                    refused.append(place)
                else:
                    taken.add(number)
            if not refused:
                break
            for place in refused:
                met[place] = Verdict.REFUSED
        for patch, verdict in zip(part, met, strict=True):
            if verdict is Verdict.WRITTEN:
                put(firm, patch)
        verdicts += met
    return verdicts


def moves(table: Mapping[int, Row], patch: Patch) -> bool:
    row = table.get(int(patch.key)) if patch.before is not None else None
    return patch.entity == "client" and (row is None or row["client_number"] != (patch.after or {})["client_number"])


def put(firm: Firm, patch: Patch) -> None:
    table = firm[patch.entity]
    if patch.after is None:
        del table[int(patch.key)]
    elif patch.before is None:
        table[int(patch.key or 0) or min([0, *table]) - 1] = dict(patch.after)
    else:
        table[int(patch.key)].update(patch.after)


# --- what may be wanted

NUMBERS, NAMES, TYPES = ("", "1", "2", "3", "4"), ("", "Peña", "Mar"), ("", "Trust", "Club", "Circle")
FIELDS: dict[str, st.SearchStrategy[Value]] = {
    "client_number": st.sampled_from(NUMBERS),
    "display_name": st.sampled_from(NAMES),
    "city": st.sampled_from(("", "Vigo", "Lugo")),
    "status": st.sampled_from(("active", "inactive")),
    "client_type": st.sampled_from((None, 1, 4, NOBODY)),
}
OF_TYPES = st.sampled_from((1, 2, 3, 4, NOBODY))
SEEN = ("as it was", "otherwise", "not at all")
WANTED = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.integers(0, 3), st.fixed_dictionaries({}, optional=FIELDS), st.sampled_from(SEEN)),
        st.tuples(st.just("add"), st.just(0), st.fixed_dictionaries(FIELDS), st.just("")),
        st.tuples(st.just("delete"), st.integers(0, 3), st.just({}), st.sampled_from(SEEN)),
        st.tuples(st.just("add type"), st.just(0), st.fixed_dictionaries({"name": st.sampled_from(TYPES)}), st.just("")),
        st.tuples(
            st.just("rename type"),
            OF_TYPES,
            st.fixed_dictionaries({"name": st.sampled_from(TYPES)}),
            st.sampled_from(SEEN),
        ),
        st.tuples(st.just("remove type"), OF_TYPES, st.just({}), st.just("not at all")),
    ),
    max_size=9,
)  # fmt: skip


def patch_of(firm: Firm, ids: Sequence[int], wish: tuple[str, int, Mapping[str, Value], str]) -> Patch:
    what, which, after, seen = wish
    entity = "client_type" if what.endswith("type") else "client"
    if what.startswith("add"):
        return Patch(entity, "", None, after)
    key = which if entity == "client_type" else ids[which]
    there = firm[entity].get(key, {})
    names = after if what in ("change", "rename type") else there
    before = {name: there.get(name) for name in names} if seen == "as it was" else {}
    if seen == "otherwise":
        before = dict.fromkeys(names, "otherwise")
    return Patch(entity, str(key), before, after if what in ("change", "rename type") else None)


@pytest.fixture
def three(session: Session) -> list[int]:
    """Three clients with the numbers 1 to 3, the first of the first type; and an id that nobody has."""
    kinds = client_types.all_types(session)
    first = next(kind.name for kind in kinds if kind.id == 1)
    values = [{"display_name": name, "client_number": str(at)} for at, name in enumerate(("A", "B", "C"), 1)]
    return [clients.add(session, {**value, "client_type": first if value["display_name"] == "A" else ""}).id
            for value in values] + [NOBODY]  # fmt: skip


GIVES_UP = {"client_number": ""}


@given(wishes=WANTED)
@example(wishes=[("change", 0, {"client_number": "3"}, "as it was"), ("change", 2, GIVES_UP, "as it was")])
@example(wishes=[("change", 0, {"client_number": "3"}, ""), ("change", 2, {**GIVES_UP, "display_name": ""}, "")])
@example(wishes=[("change", 0, {"client_number": "3"}, ""), ("change", 2, {"client_number": "1"}, "")])
def test_whatever_is_applied_is_what_the_model_says(
    session: Session, three: list[int], wishes: list[tuple[str, int, Mapping[str, Value], str]]
) -> None:
    before = firm_of(session)
    wanted = [patch_of(before, three, wish) for wish in wishes]
    by_history = firm_of(session)
    verdicts = model(by_history, wanted)
    with taken_back(session):
        outcomes = list(patches.apply(session, iter(wanted)))
        now = firm_of(session)
        entries = session.engine.sql("SELECT count(*) FROM history WHERE change_set_id ="
                                     " (SELECT max(id) FROM change_set)").fetchone()[0]  # fmt: skip
    assert [outcome.verdict for outcome in outcomes] == verdicts
    assert _without_ids(now) == _without_ids(by_history)
    written = [outcome.patch for outcome in outcomes if outcome.verdict is Verdict.WRITTEN]
    assert entries == len(written)
    for patch in written:  # what the outcomes say is exactly what was written, step by step
        row = before[patch.entity].get(int(patch.key))
        assert patch.before == (None if patch.before is None or row is None else {k: row[k] for k in patch.before})
        put(before, patch)
    assert before == now
    assert firm_of(session)["client"].keys() == set(three[:3])


FROM_THE_FIRST = {"client": 3, "client_type": 4}
"""So many rows of each entity are there from the first, under the ids from 1 on."""


def _without_ids(firm: Firm) -> Any:
    """The rows by what they say; the new ones without their ids, which the model does not know."""
    return {
        entity: sorted(
            (key if 0 < key <= FROM_THE_FIRST[entity] else 0, *(str(row[name]) for name in _TOLD[entity]))
            for key, row in table.items()
        )
        for entity, table in firm.items()
    }


_TOLD = {"client": tuple(FIELDS), "client_type": ("name",)}


# --- one save


class Asked(NamedTuple):
    """What a job asks the database: every statement, and how often it is waited for an answer."""

    statements: list[str]
    waits: int


def asked(session: Session, job: Callable[[], object]) -> Asked:
    database: Any = session.engine.db
    seen: list[str] = []
    run = database.execute_sql

    def execute_sql(sql: str, *arguments: Any, **more: Any) -> Any:
        seen.append(sql)
        return run(sql, *arguments, **more)

    database.execute_sql = execute_sql
    try:
        job()
    finally:
        del database.execute_sql
    seen = [sql for sql in seen if not sql.startswith("PRAGMA")]
    return Asked([part for sql in seen for part in sql.split("; ")], len(seen))


SAVES: dict[str, dict[str, str]] = {
    "a phone number": {"phone": "+34 911 222 333", "notes": "x"},
    "name and number": {"display_name": "Peña y Mar", "client_number": "7"},
}


@pytest.mark.parametrize("case", SAVES)
def test_a_save_asks_once(session: Session, case: str) -> None:
    """One read of the client, one write; a server is asked eight statements in three answers before it commits."""
    client = clients.add(session, {"display_name": "Peña", "client_number": "1", "lead": "ana"})
    sent = asked(session, lambda: clients.save(session, client, SAVES[case]))
    assert len([sql for sql in sent.statements if sql.startswith('UPDATE "client"')]) == 1
    assert len([sql for sql in sent.statements if '"t1"."notes"' in sql and sql.startswith("SELECT")]) == 1
    if on_server(session.location):
        assert len(sent.statements) + 1 <= 8  # BEGIN goes along with the first
        assert sent.waits <= 3


@pytest.mark.long("many")
def test_many_clients_take_few_statements(session: Session) -> None:
    add_many(session, ({"display_name": f"Client {number}"} for number in range(3_000)))
    ids = [row[0] for row in session.engine.sql("SELECT id FROM client").fetchall()]
    sent = asked(session, lambda: clients.set_status(session, ids, False))
    assert len(sent.statements) + 2 <= 18
    assert clients.totals(session) == (3_000, 0)


# --- two people


@pytest.fixture
def pena(session: Session) -> Client:
    return clients.add(session, {"display_name": "Peña SA", "country": "US", "subscription": "plus"})


def test_different_fields_merge_and_it_is_said_who_changed_the_others(
    session: Session, at_work: At, pena: Client
) -> None:
    clients.edit(at_work("bob"), pena, {"phone": "+34 911 222 333", "lead": "Ana García"})
    saved = clients.save(session, pena, {"email": "hola@pena.example"})
    assert (saved.client.values["phone"], saved.client.values["email"]) == ("+34 911 222 333", "hola@pena.example")
    assert (saved.meanwhile, saved.by) == (("lead", "phone"), "Bob Test")
    again = clients.save(session, pena, {"phone": "+34 911 222 333", "email": "hola@pena.example"})
    assert again.client == saved.client  # both have made the same changes


BROKEN_TOGETHER = {
    "country and tax id": ({"country": "ES"}, {"tax_id": "12-3456789"}, "tax_id"),
    "tax id and country": ({"tax_id": "12-3456789"}, {"country": "ES"}, "tax_id"),
    "made inactive": ({"status": "inactive"}, {"city": "Vigo"}, "made_inactive"),
    "subscription and billed to": ({"billed_to": "firm"}, {"subscription": ""}, "plan_without_subscription"),
}


@pytest.mark.parametrize("case", BROKEN_TOGETHER)
def test_a_rule_that_neither_side_broke_asks(session: Session, at_work: At, pena: Client, case: str) -> None:
    theirs, yours, code = BROKEN_TOGETHER[case]
    _by_whatever_kind(at_work("bob"), pena, theirs)
    with pytest.raises(Stale) as caught:
        clients.save(session, pena, yours)
    assert caught.value.code == code
    assert {**pena.values, **theirs} == caught.value.theirs.values
    assert clients.get(session, pena.id) == caught.value.theirs


@changes("client.edited", Action.EDIT_CLIENT)
def _by_whatever_kind(session: Session, client: Client, values: Mapping[str, str]) -> None:
    patches.landed(patches.apply_one(session, Patch("client", str(client.id), {}, values)))


def test_what_one_side_broke_is_no_question(session: Session, at_work: At, pena: Client) -> None:
    clients.edit(at_work("bob"), pena, {"tax_id": "nonsense"})
    saved = clients.save(session, pena, {"country": "ES"})
    assert [notice.code for notice in saved.warnings] == ["tax_id"]
    other = clients.add(session, {"display_name": "Mar"})
    clients.edit(at_work("bob"), other, {"notes": "x"})
    with pytest.raises(Refused) as caught:
        clients.save(session, other, {"billed_to": "firm"})
    assert caught.value.code == "fixed_field"


@pytest.mark.long("many")
def test_a_long_list_is_held_in_parts(session: Session) -> None:
    add_many(session, ({"display_name": f"Client {number}"} for number in range(3_000)))
    ids = [row[0] for row in session.engine.sql("SELECT id FROM client ORDER BY id").fetchall()]
    given_out = answered = most = 0

    def wanted() -> Iterator[Patch]:
        nonlocal given_out, most
        for client_id in ids:
            given_out += 1
            most = max(most, given_out - answered)
            yield Patch("client", str(client_id), {}, {"city": "Vigo"})

    with taken_back(session):
        for outcome in patches.apply(session, wanted()):
            assert outcome.verdict is Verdict.WRITTEN
            answered += 1
    assert answered == 3_000
    assert most <= 1_001


def test_what_the_database_raises_ends_the_transaction_with_its_sentence(session: Session, pena: Client) -> None:
    before = history.of_firm(session)
    session.engine.sql("SELECT 1").fetchall()
    other = clients.get(session, pena.id)

    @changes("client.edited", Action.EDIT_CLIENT)
    def both(session: Session) -> None:
        assert patches.apply_one(session, _edit(pena, city="Vigo")).verdict is Verdict.WRITTEN
        raise FirmUnusable(clients.check(session, {"display_name": ""})[0])

    with pytest.raises(FirmUnusable):
        both(session)
    assert (clients.get(session, pena.id), history.of_firm(session)) == (other, before)


def _edit(client: Client, **values: Value) -> Patch:
    return Patch("client", str(client.id), {}, values)


def test_an_outcome_can_be_taken_back_by_its_inverse(session: Session, pena: Client) -> None:
    @changes("client.edited", Action.EDIT_CLIENT)
    def write(session: Session, patch: Patch) -> Outcome:
        return patches.apply_one(session, patch)

    done = write(session, _edit(pena, lead=session.me.id, city="Vigo"))
    inverse = Patch(done.patch.entity, done.patch.key, done.patch.after, done.patch.before)
    back = write(session, inverse)
    assert (done.verdict, back.verdict) == (Verdict.WRITTEN, Verdict.WRITTEN)
    assert clients.get(session, pena.id).values == pena.values
    assert write(session, inverse).verdict is Verdict.UNCHANGED


def test_an_added_row_has_the_key_that_its_outcome_says(session: Session) -> None:
    new = [Patch("client", "", None, {"display_name": f"Client {500 - number}"}) for number in range(300)]
    with taken_back(session):
        outcomes = list(patches.apply(session, new))
        there = firm_of(session)["client"]
        assert {int(outcome.patch.key): outcome.patch.after for outcome in outcomes} == there
        assert len(there) == 300
