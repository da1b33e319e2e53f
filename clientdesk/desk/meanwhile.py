"""What somebody did to a row since it was read, and who: what a dialog tells while it is open, and a save's message."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from clientdesk.desk.records import FieldChange
from clientdesk.desk.session import Session
from clientdesk.domain.patch import Key, Outcome, Patch, Stored, Value
from clientdesk.domain.problems import Problem, problem
from clientdesk.store import history, patches
from clientdesk.store.entities import CLIENT, ENTITIES, Attribute, key_reader
from clientdesk.text import _

_LOOKED_BACK = 50
"""So many changes of a row at most are looked through for who made them."""


class Merged(NamedTuple):
    """The fields that a save has left as they were changed meanwhile, and who changed them: names, "" for nobody known."""

    fields: tuple[str, ...] = ()
    by: str = ""


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
            each.name, _(each.label), *(_as_read(each, values[each.name]) for values in (before, present.values))
        )
        for each in ENTITIES[entity].attributes
        if each.name in before and present.values[each.name] != before[each.name]
    )
    actors = _actors(session, entity, key, [each.field for each in changes], _LOOKED_BACK) if changes else ()
    return Since(changes, actors[-1] if actors else "")


def merged(session: Session, patch: Patch, outcome: Outcome, version: int) -> Merged:
    """What else is not as the row was read, in its `version`, by a use case that has just saved it."""
    present, before, after = outcome.present, patch.before or {}, patch.after or {}
    if present is None:
        return Merged()
    fields = tuple(name for name in before if name not in after and present.values[name] != before[name])
    if not fields:
        return Merged()
    since = min(max(present.version - version, 1), _LOOKED_BACK)
    return Merged(fields, ", ".join(dict.fromkeys(_actors(session, patch.entity, patch.key, fields, since))))


def named(session: Session, outcome: Outcome) -> Outcome:
    """The same outcome; that the row was changed meanwhile says who did it, as far as the history knows, and of each
    field what it said when it was read and what it says now. A client is shown side by side instead."""
    problems = [_named(session, outcome, each) for each in outcome.problems]
    if outcome.present is not None and outcome.problems and outcome.problems[0].code == "stale":
        problems += [] if outcome.patch.entity == CLIENT.name else _fields(outcome, outcome.present)
    return outcome._replace(problems=problems)


def _fields(outcome: Outcome, present: Stored) -> Iterator[Problem]:
    """What the fields said that both changed, and what they say now, where they refer to no other row."""
    before = outcome.patch.before or {}
    for attribute in ENTITIES[outcome.patch.entity].attributes:
        if attribute.name in outcome.fields and not attribute.refers_to:
            said, says = (_as_read(attribute, values[attribute.name]) for values in (before, present.values))
            yield problem("stale_field", attribute.name, label=attribute.label, before=said, theirs=says)


def _as_read(attribute: Attribute, value: Value) -> str:
    """A value as a person reads it."""
    word = (attribute.words or {}).get(value)
    return _("nothing") if value in (None, "") else _(word) if word is not None else str(value)


def _named(session: Session, outcome: Outcome, told: Problem) -> Problem:
    if told.code != "stale" or outcome.present is None:
        return told
    who = last_by(session, outcome.patch.entity, outcome.patch.key, outcome.fields)
    return problem("stale", told.field, **{**told.values, "who": who})


def last_by(session: Session, entity: str, key: Key, fields: Collection[str]) -> str:
    """Who changed some fields of a row last before this change, in words; "" where nobody knows."""
    actors = _actors(session, entity, key, fields, _LOOKED_BACK)
    return in_words(session, actors[-1]) if actors else ""


def _actors(session: Session, entity: str, key: Key, fields: Collection[str], limit: int) -> Sequence[str]:
    """Who made the latest changes of some fields of a row before this one, the last one last."""
    entries = history.entries(session.engine, entity, key, limit)
    own = session.engine.change_set
    return [
        each.actor for each in reversed(entries) if each.change_set != own and any(name in each.new for name in fields)
    ]


def deleted_by(session: Session, entry: history.Entry | None) -> str:
    """Who deleted a row, as its deletion in the history says; "" where nothing does."""
    if entry is None:
        return ""
    return _("you") if entry.actor == session.me.name else entry.actor


def in_words(session: Session, actor: str) -> str:
    """Who did something to what is open here: a name, or that it was yourself."""
    return _("you in another window") if actor == session.me.name else actor
