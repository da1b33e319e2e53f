"""What stands in the way of an undo, told to a person: which later change of a field, by whom, and when."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from clientdesk.desk.history import attributes_of, shown
from clientdesk.desk.session import Session
from clientdesk.domain.patch import Key, Outcome, Verdict
from clientdesk.domain.problems import Problem, problem
from clientdesk.store import history
from clientdesk.store import undoing as rows
from clientdesk.store.entities import ENTITIES
from clientdesk.store.history import Entry
from clientdesk.store.undoing import ChangeSet, Written
from clientdesk.text import display_text, local_time


class Conflict(NamedTuple):
    """What of a row is not taken back: how the row is called, the field's label ("" for the whole row), what stands
    there now, who wrote that and when (ISO 8601, UTC; "" where nobody did), and all of it as a sentence, safe to show."""

    subject: str
    label: str
    theirs: str
    who: str
    at: str
    sentence: str


def explained(session: Session, of: ChangeSet, left: Sequence[Outcome]) -> Iterator[Conflict]:
    """What stands in the way of each row that is left, field by field, as the history tells it."""
    keys: defaultdict[str, set[Key]] = defaultdict(set)
    for outcome in left:
        keys[outcome.patch.entity].add(outcome.patch.key)
    since: defaultdict[tuple[str, Key], list[Entry]] = defaultdict(list)
    for entity, of_entity in keys.items():
        for entry in rows.later(session.engine, entity, of_entity, of.id):
            since[entity, entry.key].append(entry)
    for outcome in left:
        later = since[outcome.patch.entity, outcome.patch.key]
        subject = _subject(session, outcome)
        fields = outcome.fields if outcome.patch.before is not None and outcome.patch.after is not None else ()
        if outcome.verdict is Verdict.UNCHANGED:
            yield from (_of_field(subject, outcome, name, later) for name in outcome.patch.fields)
        elif outcome.verdict is Verdict.CHANGED and fields:
            yield from (_of_field(subject, outcome, name, later) for name in fields)
        elif outcome.verdict is Verdict.GONE and (gone := next((e for e in later if e.operation == "delete"), None)):
            deleted = problem("deleted_since", name=subject, who=gone.actor, at=local_time(gone.at))
            yield _conflict(subject, deleted, gone)
        else:
            why = outcome.problems[0]
            yield _conflict(subject, why, later[0] if later and why.code == "changed_since_added" else None)


def _of_field(subject: str, outcome: Outcome, name: str, later: Sequence[Entry]) -> Conflict:
    assert outcome.present is not None
    attribute = attributes_of(outcome.patch.entity)[name]
    value = outcome.present.values[name]
    named = {attribute.refers_to: {value: outcome.present.names.get(name, "")}} if attribute.refers_to else {}
    label, _old, theirs = shown(attribute, None, value, cast("Mapping[str, Mapping[int, str]]", named))
    entry = next((each for each in later if name in each.new), None)
    about = {"name": subject, "label": attribute.label, "theirs": theirs or "–"}
    if outcome.verdict is Verdict.UNCHANGED:
        who, at = ("", "") if entry is None else (entry.actor, local_time(entry.at))
        found = problem("already_so", who=who, at=at, **about)
    elif entry is None:
        found = problem("changed_since_unnoted", **about)
    else:
        found = problem("changed_since", who=entry.actor, at=local_time(entry.at), **about)
    return _conflict(subject, found, entry, label, theirs)


def _conflict(subject: str, found: Problem, entry: Entry | None, label: str = "", theirs: str = "") -> Conflict:
    who, at = ("", "") if entry is None else (display_text(entry.actor), entry.at)
    return Conflict(display_text(subject), label, display_text(theirs), who, at, found.message)


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
