"""Doing work: items ticked, waiting for the client, not applicable or back to do, with note, due date and assignee; the
state and the note of a work; completing and reopening it.

All of it is given a work as it was read, and compares what it changes with what stands there, field by field: two people who
work on one review never lose a tick. The first touch writes the row of the work with the days of its period, which it keeps.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from clientdesk.desk import clients as desk_clients
from clientdesk.desk import patches
from clientdesk.desk.meanwhile import named
from clientdesk.desk.session import Session, changes
from clientdesk.desk.work import read_within
from clientdesk.desk.work_records import Item, Work
from clientdesk.domain.access import Action
from clientdesk.domain.patch import Outcome, Patch, Value, Verdict
from clientdesk.domain.problems import Problem, Refused, refuse
from clientdesk.domain.rules import called
from clientdesk.domain.work_templates import COMPLETED, TO_DO, State
from clientdesk.store import patches as rows
from clientdesk.store.entities import ENTITIES, key_reader
from clientdesk.text import listed

_NAMED = 5
"""So many open items are named in a sentence."""


class Done(NamedTuple):
    """The work as it stands now, how many of its rows were changed, and why others were not: somebody else changed the same of
    them meanwhile."""

    work: Work
    changed: int = 0
    conflicts: tuple[Problem, ...] = ()


# --- items


@changes("work.ticked", Action.DO_WORK)
def tick(session: Session, work: Work, item_ids: Sequence[int]) -> Done:
    """Items are done, by you and now. See `_set_items` for what is refused."""
    return _set_items(session, work, item_ids, _settled(session, "done"))


@changes("work.not_applicable", Action.DO_WORK)
def set_not_applicable(session: Session, work: Work, item_ids: Sequence[int]) -> Done:
    """Items are not applicable in this period."""
    return _set_items(session, work, item_ids, _settled(session, "not_applicable"))


@changes("work.todo", Action.DO_WORK)
def set_to_do(session: Session, work: Work, item_ids: Sequence[int]) -> Done:
    """Items are to do again."""
    return _set_items(session, work, item_ids, {"state": "todo", "by": None, "at": None})


@changes("work.waiting", Action.DO_WORK)
def set_waiting(session: Session, work: Work, item_ids: Sequence[int], question: str, asked: str = "") -> Done:
    """Items wait for the client, who was asked a question on a day (YYYY-MM-DD; "": today). Refused without a question
    ("question_missing")."""
    if not question.strip():
        raise refuse("question_missing", "question")
    day = asked or session.today().isoformat()
    after = {"state": "waiting", "by": None, "at": None, "question": question, "asked": day}
    return _set_items(session, work, item_ids, after)


@changes("work.item", Action.DO_WORK)
def save_item(session: Session, work: Work, item_ids: Sequence[int], values: Mapping[str, Value]) -> Done:
    """Changes note, due ("" or YYYY-MM-DD) or assignee (the id of a team member, None for nobody) of items."""
    unknown = [name for name in values if name not in ("note", "due", "assignee")]
    if unknown:
        raise refuse("unknown_field", value=unknown[0], choices="note, due, assignee")
    return _set_items(session, work, item_ids, values)


def _settled(session: Session, state: str) -> dict[str, Value]:
    return {"state": state, "by": session.me.id, "at": datetime.now(UTC).isoformat(timespec="milliseconds")}


def _set_items(session: Session, work: Work, item_ids: Sequence[int], after: Mapping[str, Value]) -> Done:
    """Writes values of items of a work. What stands so already stays as it is: whoever ticked it first has ticked it. Refused
    where an item is not one of the work, where a rule says no, and where all of it was changed by others meanwhile."""
    by_id = {item.id: item for item in work.items}
    items = [_item(by_id, item_id) for item_id in dict.fromkeys(item_ids)]
    return write(session, work, "work_item", [item.values for item in items], after, follows=("by", "at", "asked"))


def _item(by_id: Mapping[int, Item], item_id: int) -> Item:
    if item_id not in by_id:
        raise refuse("item_of_other_work", name=f"#{item_id}")
    return by_id[item_id]


def write(
    session: Session,
    work: Work,
    entity: str,
    rows_as_read: Sequence[Mapping[str, Value]],
    after: Mapping[str, Value],
    follows: Sequence[str] = (),
) -> Done:
    """Writes the same values of rows of a work, as they were read, where they had others then; see `put`."""
    wanted = [
        values for values in rows_as_read if any(values[name] != after[name] for name in after if name not in follows)
    ]
    if wanted:
        touch(session, work)
    return done(session, work, [put(session, entity, values, after, follows) for values in wanted])


def put(
    session: Session, entity: str, as_read: Mapping[str, Value], after: Mapping[str, Value], follows: Sequence[str] = ()
) -> Outcome:
    """Writes some values of a row that is known by a key of several parts, which is added where nobody has touched it yet.
    `as_read` are all its values as they were read; those that only `follow` from others are not compared, and where all
    others stand already as wanted nothing is written."""
    declared = ENTITIES[entity]
    key = declared.key_of(as_read)
    row_id = key_reader(entity)(key)
    present = rows.stored(session.engine, entity, [row_id])[0].get(row_id)
    stands = present.values if present is not None else {**declared.defaults, **_key_values(entity, as_read)}
    decides = [name for name in after if name not in follows]
    if decides and all(stands[name] == after[name] for name in decides):
        return Outcome(Patch(entity, key, {}, after), Verdict.UNCHANGED, (), present)
    before = {name: as_read[name] for name in decides}
    if present is not None or any(before[name] != stands[name] != after[name] for name in decides):
        return named(session, _applied(session, Patch(entity, key, before, after)), 0)
    return _applied(session, Patch(entity, "", None, {**_key_values(entity, as_read), **after}))


def _applied(session: Session, patch: Patch) -> Outcome:
    (outcome,) = patches.apply(session, [patch])
    return outcome


def _key_values(entity: str, values: Mapping[str, Value]) -> dict[str, Value]:
    return {attribute.name: values[attribute.name] for attribute in ENTITIES[entity].key_attributes}


def touch(session: Session, work: Work) -> None:
    """Writes the row of a work with the days of its period where nobody has touched it yet. Refused where the client has become
    inactive: its work ends then ("no_work_of_inactive")."""
    row_id = key_reader("work")(work.of.key)
    if row_id not in rows.stored(session.engine, "work", [row_id])[0]:
        if not desk_clients.get(session, work.of.client_id).active:
            raise refuse("no_work_of_inactive", name=called(work.client), template=work.template)
        days = {"first": work.days.first.isoformat(), "last": work.days.last.isoformat()}
        patches.landed(_applied(session, Patch("work", "", None, {**work.of.values, **days})))


def done(session: Session, work: Work, outcomes: Sequence[Outcome]) -> Done:
    """The work as it stands after some writes. Refused with all that is wrong where a rule refuses one of them, or all were
    changed by others."""
    refused = [wrong for outcome in outcomes if outcome.verdict is Verdict.REFUSED for wrong in outcome.problems]
    conflicts = [
        wrong
        for outcome in outcomes
        if outcome.verdict in (Verdict.CHANGED, Verdict.GONE)
        for wrong in outcome.problems
    ]
    written = sum(outcome.verdict is Verdict.WRITTEN for outcome in outcomes)
    stands = any(outcome.verdict is Verdict.UNCHANGED for outcome in outcomes)
    if refused or (conflicts and not written and not stands):
        raise Refused(*(refused or conflicts))
    return Done(read_within(session, work.of), written, tuple(conflicts))


# --- state and note


@changes("work.noted", Action.DO_WORK)
def save_note(session: Session, work: Work, note: str) -> Done:
    """Writes the note of a work."""
    return save(session, work, {"note": note})


def set_state(session: Session, work: Work, state: State, anyway: bool = False) -> Done:
    """Gives a work another state of its template: completing it is `complete`. Refused where it is completed
    ("work_completed")."""
    if state.number == COMPLETED:
        return complete(session, work, anyway)
    return _set_state(session, work, state)


@changes("work.state", Action.DO_WORK)
def _set_state(session: Session, work: Work, state: State) -> Done:
    demand_open(work)
    return save(session, work, {"state": state.number})


@changes("work.completed", Action.DO_WORK)
def complete(session: Session, work: Work, anyway: bool = False) -> Done:
    """Completes a work. Refused where items or accounts are open: whatever is said where its template wants all of them settled
    ("work_open_items"), else unless it shall be completed `anyway` ("work_left_open"); and where it is completed already."""
    now = read_within(session, work.of)
    if now.is_completed:
        raise refuse("completed_already", name=words(work))
    left = [item.title for item in now.open_items] + [account.name for account in now.accounts if account.is_open]
    if left and (now.closing or not anyway):
        shown = [*left[:_NAMED], *(["…"] if len(left) > _NAMED else [])]
        code = "work_open_items" if now.closing else "work_left_open"
        raise refuse(code, name=words(work), count=len(left), names=listed(shown))
    return save(session, work, {"state": COMPLETED})


@changes("work.reopened", Action.MANAGE_WORK)
def reopen(session: Session, work: Work, reason: str, state: State | None = None) -> Done:
    """Opens a completed work again, for a reason; in the first state where none is named. Refused without a reason
    ("reason_missing"), and where it is not completed ("not_completed")."""
    if not reason.strip():
        raise refuse("reason_missing", "reason", name=words(work))
    now = read_within(session, work.of)
    if not now.is_completed:
        raise refuse("not_completed", name=words(work), state=now.state.name)
    return save(session, work, {"state": TO_DO if state is None else state.number, "reason": reason})


def save(session: Session, work: Work, after: Mapping[str, Value]) -> Done:
    """Writes some values of the row of a work; part of a use case."""
    return write(session, work, "work", [work.values], after)


def demand_open(work: Work) -> None:
    """Refuses ("work_completed") what changes a completed work."""
    if work.is_completed:
        raise refuse("work_completed", name=words(work))


def words(work: Work) -> str:
    """What a work is called in a sentence."""
    return f"{called(work.client)}, {work.template}, {work.of.period.words}"
