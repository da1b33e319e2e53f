"""What somebody did to a row since it was read, and who: what a dialog tells while it is open, and a save's message."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from clientdesk.desk.history import attributes_in, differing_parts
from clientdesk.desk.records import FieldChange
from clientdesk.desk.session import Session
from clientdesk.domain.patch import Key, Outcome, Stored, Value, Verdict
from clientdesk.domain.problems import Problem, problem
from clientdesk.store import history, patches
from clientdesk.store.entities import CLIENT, ENTITIES, Attribute, key_reader
from clientdesk.text import _

_LOOKED_BACK = 200
"""So many changes of a row at most are looked through for who made them."""


class Since(NamedTuple):
    """The fields of a row that say something else than when they were read, as a person reads them, and the name of who
    changed one of them last ("" for nobody known)."""

    fields: tuple[FieldChange, ...] = ()
    who: str = ""


def since(session: Session, entity: str, key: Key, before: Mapping[str, Value]) -> Since | None:
    """What somebody did to fields of a row since they were read as `before` has them; None where the row is gone."""
    row_id = key_reader(entity)(key)
    present = patches.stored(session.engine, entity, [row_id])[0].get(row_id)
    if present is None:
        return None
    changes = tuple(
        FieldChange(
            attribute.name,
            _(attribute.label),
            *(_as_read(attribute, values[attribute.name]) for values in (before, present.values)),
        )
        for attribute in ENTITIES[entity].attributes
        if attribute.name in before and present.values[attribute.name] != before[attribute.name]
    )
    actors = _actors(session, entity, key, [change.field for change in changes], _LOOKED_BACK) if changes else ()
    return Since(changes, actors[-1] if actors else "")


def named(session: Session, outcome: Outcome, version: int) -> Outcome:
    """The outcome of a patch of a row as it was read in a `version`, of which something was changed meanwhile: with who
    did it, as far as the history knows, and, where it could not be written, of each field what it said when it was read
    and what it says now. A client is shown side by side instead."""
    present, patch = outcome.present, outcome.patch
    if present is None:
        return outcome
    if outcome.verdict is not Verdict.CHANGED:
        changes = min(max(present.version - version, 1), _LOOKED_BACK)
        actors = _actors(session, patch.entity, patch.key, outcome.fields, changes)
        return outcome._replace(by=", ".join(dict.fromkeys(actors)))
    problems = [_named(session, outcome, wrong) for wrong in outcome.problems]
    if outcome.problems and outcome.problems[0].code == "stale" and patch.entity != CLIENT.name:
        problems += _fields(session, outcome, present)
    return outcome._replace(problems=problems)


def _fields(session: Session, outcome: Outcome, present: Stored) -> Iterator[Problem]:
    """What the fields said that both changed, and what they say now, where they refer to no other row."""
    before = outcome.patch.before or {}
    for attribute in ENTITIES[outcome.patch.entity].attributes:
        if attribute.name in outcome.fields and attribute.parts is not None:
            whole = attributes_in(session)(outcome.patch.entity)[attribute.name]
            for label, *texts in differing_parts(whole, before[attribute.name], present.values[attribute.name]):
                text_before, text_now = (text or _("nothing") for text in texts)
                yield problem("stale_field", attribute.name, label=label, before=text_before, theirs=text_now)
        elif attribute.name in outcome.fields and not attribute.refers_to:
            text_before, text_now = (_as_read(attribute, values[attribute.name]) for values in (before, present.values))
            yield problem("stale_field", attribute.name, label=attribute.label, before=text_before, theirs=text_now)


def _as_read(attribute: Attribute, value: Value) -> str:
    """A value as a person reads it."""
    word = (attribute.words or {}).get(value)
    return _("nothing") if value in (None, "") else _(word) if word is not None else str(value)


def _named(session: Session, outcome: Outcome, stale: Problem) -> Problem:
    if stale.code != "stale":
        return stale
    who = last_by(session, outcome.patch.entity, outcome.patch.key, outcome.fields)
    return problem("stale", stale.field, **{**stale.values, "who": who})


def last_by(session: Session, entity: str, key: Key, fields: Collection[str]) -> str:
    """Who changed some fields of a row last before this change, in words; "" where nobody knows."""
    actors = _actors(session, entity, key, fields, _LOOKED_BACK)
    return in_words(session, actors[-1]) if actors else ""


def _actors(session: Session, entity: str, key: Key, fields: Collection[str], limit: int) -> Sequence[str]:
    """Who made the latest changes of some fields of a row before this one, the last one last."""
    entries = history.entries(session.engine, entity, key, limit)
    own_change_set = session.engine.change_set
    return [
        entry.actor
        for entry in reversed(entries)
        if entry.change_set != own_change_set and any(name in entry.new for name in fields)
    ]


def deleted_by(session: Session, entry: history.Entry | None) -> str:
    """Who deleted a row, as its deletion in the history says; "" where nothing does."""
    if entry is None:
        return ""
    return _("you") if entry.actor == session.me.name else entry.actor


def in_words(session: Session, actor: str) -> str:
    """Who did something to what is open here: a name, or that it was yourself."""
    return _("you in another window") if actor == session.me.name else actor
