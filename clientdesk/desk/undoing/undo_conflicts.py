"""What stands in the way of an undo, told to a person: which later change of a field, by whom, and when."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, cast

from clientdesk.desk.history import Attributes, attributes_in, shown
from clientdesk.desk.session import Session
from clientdesk.domain.fold import fold
from clientdesk.domain.patch import Key, Outcome, Patch, Verdict
from clientdesk.domain.problems import Problem, problem
from clientdesk.domain.unique_client_numbers import holder_of
from clientdesk.store import clients, firm, history, later_changes
from clientdesk.store.change_sets import ChangeSet
from clientdesk.store.entities import ENTITIES
from clientdesk.store.history import Entry
from clientdesk.store.undo_entries import Written
from clientdesk.text import _, display_text, local_time

_UNIQUE_FIELD = {
    "number_taken": "client_number",
    "type_taken": "name",
    "member_name_taken": "name",
    "login_taken": "login",
}
"""The field whose value another row has, by the code that says so."""
_LOOKED_BACK = 50
"""So many changes of that row at most are looked through for who gave it the value."""


class Conflict(NamedTuple):
    """What of a row is not taken back: how the row is called, the field's label ("" for the whole row), what stands
    there now (a value that no two rows have, and the row that has it), who wrote that and when (ISO 8601, UTC; "" where
    nobody did), all of it as a sentence, safe to show, and the number of the change set that wrote it (0 for none)."""

    subject: str
    label: str
    theirs: str
    who: str
    at: str
    sentence: str
    change: int = 0


def explained(session: Session, of: ChangeSet, staying: Sequence[Sequence[Outcome]]) -> list[list[Conflict]]:
    """What stands in the way of each row that is left (its outcomes), field by field, as the history tells it."""
    keys: defaultdict[str, set[Key]] = defaultdict(set)
    for outcome in chain.from_iterable(staying):
        keys[outcome.patch.entity].add(outcome.patch.key)
    since: defaultdict[tuple[str, Key], list[Entry]] = defaultdict(list)
    for entity, of_entity in keys.items():
        for entry in later_changes.later(session.engine, entity, of_entity, of.id):
            since[entity, entry.key].append(entry)
    attributes = attributes_in(session)
    return [list(_of_row(session, attributes, of, outcomes, since)) for outcomes in staying]


def _of_row(
    session: Session,
    attributes: Attributes,
    of: ChangeSet,
    outcomes: Sequence[Outcome],
    since: Mapping[tuple[str, Key], Sequence[Entry]],
) -> Iterator[Conflict]:
    for outcome in outcomes:
        later = since.get((outcome.patch.entity, outcome.patch.key), ())
        subject = _subject(session, outcome)
        fields = outcome.fields if outcome.patch.before is not None and outcome.patch.after is not None else ()
        if outcome.verdict is Verdict.UNCHANGED:
            yield from (_of_field(attributes, subject, outcome, name, later) for name in outcome.patch.fields)
        elif outcome.verdict is Verdict.CHANGED and fields:
            yield from (_of_field(attributes, subject, outcome, name, later) for name in fields)
        elif outcome.verdict is Verdict.GONE and (
            deletion := next((e for e in later if e.operation == "delete"), None)
        ):
            deleted = problem("deleted_since", name=subject, who=deletion.actor, at=local_time(deletion.at))
            yield _conflict(subject, deleted, deletion)
        else:
            yield from (_of_rule(session, attributes, subject, outcome, why, later, of) for why in outcome.problems)


def _of_rule(
    session: Session,
    attributes: Attributes,
    subject: str,
    outcome: Outcome,
    why: Problem,
    later: Sequence[Entry],
    of: ChangeSet,
) -> Conflict:
    """That a rule keeps a row as it is: of which row, and whose doing that is, where somebody else has what it had."""
    patch = outcome.patch
    if why.code == "changed_since_added":
        changer = (why.values["who"], why.values["at"])
        entry = next((entry for entry in later if (entry.actor, local_time(entry.at)) == changer), None)
        return _conflict(subject, why, entry)
    if why.code == "added_by_other":
        return _conflict(subject, why, None)._replace(who=display_text(str(why.values["who"])), at=of.at)
    if why.code in _UNIQUE_FIELD:
        return _of_taken_value(session, subject, patch, why)
    label, theirs = _now(attributes, outcome, why.field) if why.field in patch.fields else ("", "")
    if why.code == "unknown_client_type":
        key = str(why.values["value"])
        if entry := history.deletions(session.engine, "client_type", [key]).get(key):
            value, at = entry.old.get("name", ""), local_time(entry.at)
            removed = problem("type_removed_since", name=subject, value=value, who=entry.actor, at=at)
            return _conflict(subject, removed, entry, label, theirs)
    if why.values.get("name") != subject:
        why = problem("kept_by_rule", name=subject, reason=why.message)
    return _conflict(subject, why, None, label, theirs)


def _of_taken_value(session: Session, subject: str, patch: Patch, why: Problem) -> Conflict:
    """That another row has what no two rows have, and who gave it to that one."""
    entity, field = patch.entity, _UNIQUE_FIELD[why.code]
    value = str((patch.after or {})[field])
    key, holder = _holder(session, entity, field, value)
    of_holder = history.entries(session.engine, entity, key, _LOOKED_BACK) if key else []
    entry = next((entry for entry in of_holder if field in entry.new), None)
    who, at = ("", "") if entry is None else (entry.actor, local_time(entry.at))
    label = ENTITIES[entity].by_name[field].label
    taken = problem("taken_since", name=subject, who=who, at=at, label=label, value=value, holder=holder)
    return _conflict(subject, taken, entry, _(label), f"{value}: {holder}" if holder else value)


def _holder(session: Session, entity: str, field: str, value: str) -> tuple[Key, str]:
    """The key of the row that has a value, and what it is called ("" where that is the value)."""
    engine = session.engine
    if entity == "client":
        client_id, name = holder_of(value, clients.holders(engine, [value]))
        return (str(client_id), name) if client_id else ("", "")
    if entity == "client_type":
        types = firm.types_by_id(engine).items()
        return next((str(type_id) for type_id, name in types if fold(name) == fold(value)), ""), ""
    if field == "login":
        member = firm.member_by_login(engine, value)
        return ("", "") if member is None else (str(member.id), member.name)
    member = firm.member_by_name(engine, value)
    return "" if member is None else str(member.id), ""


def overruled(session: Session, of: ChangeSet, written: Sequence[Outcome]) -> Iterator[Conflict]:
    """What others, or you, did since to the fields that are taken back, though they stood as the change left them."""
    attributes = attributes_in(session)
    changed = {
        (outcome.patch.entity, outcome.patch.key): outcome
        for outcome in written
        if outcome.patch.before is not None and outcome.patch.after is not None
    }
    for entity in {entity for entity, _key in changed}:
        keys = {key for of_entity, key in changed if of_entity == entity}
        seen: set[tuple[Key, str]] = set()
        for entry in later_changes.later_standing(session.engine, entity, keys, of):
            outcome = changed[entity, entry.key]
            for name in outcome.patch.fields:
                if name in entry.new and (entry.key, name) not in seen:
                    seen.add((entry.key, name))
                    subject, label = _subject(session, outcome), attributes(entity)[name].label
                    about = {"name": subject, "label": label, "who": entry.actor, "at": local_time(entry.at)}
                    yield _conflict(subject, problem("set_back_since", "", **about), entry, _(label))


def _of_field(attributes: Attributes, subject: str, outcome: Outcome, name: str, later: Sequence[Entry]) -> Conflict:
    assert outcome.present is not None
    attribute = attributes(outcome.patch.entity)[name]
    label, theirs = _now(attributes, outcome, name)
    entry = next((entry for entry in later if name in entry.new), None)
    about = {"name": subject, "label": attribute.label, "theirs": theirs or "–"}
    if outcome.verdict is Verdict.UNCHANGED:
        who, at = ("", "") if entry is None else (entry.actor, local_time(entry.at))
        stands = problem("already_so", who=who, at=at, **about)
    elif entry is None:
        stands = problem("changed_since_unnoted", **about)
    else:
        stands = problem("changed_since", who=entry.actor, at=local_time(entry.at), **about)
    return _conflict(subject, stands, entry, label, theirs)


def _now(attributes: Attributes, outcome: Outcome, name: str) -> tuple[str, str]:
    """The label of a field, and what stands in it now; "" where the row is gone."""
    attribute = attributes(outcome.patch.entity)[name]
    if outcome.present is None:
        return _(attribute.label), ""
    value = outcome.present.values[name]
    named = {attribute.refers_to: {value: outcome.present.names.get(name, "")}} if attribute.refers_to else {}
    label, _old, theirs = shown(attribute, None, value, cast("Mapping[str, Mapping[int, str]]", named))
    return label, theirs


def _conflict(subject: str, why: Problem, entry: Entry | None, label: str = "", theirs: str = "") -> Conflict:
    who, at = ("", "") if entry is None else (display_text(entry.actor), entry.at)
    change = 0 if entry is None else entry.change_set
    return Conflict(display_text(subject), label, display_text(theirs), who, at, why.message, change)


def _subject(session: Session, outcome: Outcome) -> str:
    """How the row is called."""
    patch, called_by = outcome.patch, ENTITIES[outcome.patch.entity].called_by
    for values in (
        outcome.present.values if outcome.present is not None else {},
        patch.after or {},
        patch.before or {},
    ):
        if name := values.get(called_by):
            return str(name)
    return history.name_of(session.engine, patch.entity, patch.key)


def unreadable(session: Session, entry: Written) -> Conflict:
    subject = history.name_of(session.engine, entry.entity, entry.key) or f"{entry.entity} {entry.key}"
    return _conflict(subject, problem("entry_unreadable", name=subject), None)
