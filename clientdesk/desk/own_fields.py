"""The fields of the firm's own: read, added, changed, put in order, retired and brought back, with their choices."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from clientdesk.desk import patches
from clientdesk.desk.meanwhile import Since, since
from clientdesk.desk.session import Session, changes, reads
from clientdesk.domain.access import Action
from clientdesk.domain.likely_names import likely_names
from clientdesk.domain.own_fields import (
    FIRST_SECTION,
    PROPERTIES,
    OwnChoice,
    OwnField,
    OwnKind,
    choice_called,
    field_called,
    first_width,
    placed,
)
from clientdesk.domain.patch import Outcome, Patch, Value, Verdict
from clientdesk.domain.problems import Refused, refuse
from clientdesk.domain.rules import tidy_name
from clientdesk.store import own_fields as rows


class SavedField(NamedTuple):
    """A field that was saved, and the names of what others (`by`: their names) changed of it meanwhile, which is as they
    have it. `written` says whether anything was to be written."""

    field: OwnField
    meanwhile: tuple[str, ...] = ()
    by: str = ""
    written: bool = True


@reads
def own_fields(session: Session) -> tuple[OwnField, ...]:
    """All fields of the firm's own, in their order, the retired ones last."""
    return rows.own_fields(session.engine)


@reads
def field_by_name(session: Session, name: str) -> OwnField:
    """The field of this name, also a retired one. Refused ("unknown_own_field", "no_own_fields")."""
    fields = rows.own_fields(session.engine)
    field = field_called(fields, name)
    if field is not None:
        return field
    if not fields:
        raise refuse("no_own_fields", value=name)
    raise refuse("unknown_own_field", value=name, choices=likely_names(name, (known.name for known in fields)))


def choice_by_name(field: OwnField, name: str) -> OwnChoice:
    """The choice of this name, also a retired one. Refused ("no_choices", "unknown_choice")."""
    if field.kind is not OwnKind.CHOICE:
        raise refuse("no_choices", name=field.name, kind=field.kind.label)
    choice = choice_called(field.choices, name)
    if choice is None:
        raise refuse(
            "unknown_choice", of=field.name, value=name, choices=likely_names(name, (c.name for c in field.choices))
        )
    return choice


def _field(session: Session, field_id: int) -> OwnField:
    """The field with this id, as it stands in the transaction. Refused ("field_gone")."""
    for field in rows.own_fields(session.engine):
        if field.id == field_id:
            return field
    raise Refused(*patches.check(session, Patch("own_field", str(field_id), {}, {"retired": 0})))


def values_of(field: OwnField) -> dict[str, Value]:
    """What of a field is changed, as it is kept."""
    return {
        "name": field.name,
        "section": field.section,
        "width": field.width,
        "required": int(field.required),
        "unique": int(field.unique),
    }


# --- fields


@changes("field.added", Action.MANAGE_FIRM)
def add_field(
    session: Session,
    name: str,
    kind: OwnKind,
    *,
    section: str = FIRST_SECTION,
    width: int | None = None,
    required: bool = False,
    unique: bool = False,
    choices: Sequence[str] = (),
) -> OwnField:
    """Adds a field at the end, with the first choices of one of the kind choice."""
    position = _behind([field.position for field in rows.own_fields(session.engine)])
    values: dict[str, Value] = {
        "name": name,
        "kind": kind.value,
        "section": section,
        "width": first_width(kind, tidy_name(name)) if width is None else width,
        "required": int(required),
        "unique": int(unique),
        "position": position,
    }
    added = _landed_id(patches.apply_one(session, Patch("own_field", "", None, values)))
    _add_choices(session, added, choices, 1)
    return _field(session, added)


@changes("field.changed", Action.MANAGE_FIRM)
def save_field(session: Session, field: OwnField, changes: Mapping[str, Value]) -> SavedField:
    """Changes some of the `PROPERTIES` of a field as it was read, each as it is kept.

    What somebody else changed meanwhile of the others stays as they have it. Refused where they changed the same
    ("stale"), or took the field back ("field_gone").
    """
    for name in changes:
        if name == "kind":
            raise refuse("kind_stays", name, name=field.name, kind=field.kind.label)
        if name not in PROPERTIES:
            raise refuse("unknown_property", value=name, choices=", ".join(PROPERTIES))
    patch = Patch("own_field", str(field.id), values_of(field), changes)
    outcome = patches.landed(patches.apply_one(session, patch, version=field.version))
    saved = _field(session, field.id)
    return SavedField(saved, outcome.fields, outcome.by, outcome.verdict is Verdict.WRITTEN)


@reads
def changed_since(session: Session, field: OwnField) -> Since:
    """What somebody did to a field since it was read. Refused ("field_gone")."""
    changed = since(session, "own_field", str(field.id), values_of(field))
    if changed is None:
        _field(session, field.id)
    return changed or Since()


@changes("field.ordered", Action.MANAGE_FIRM)
def place_fields(session: Session, field_ids: Sequence[int], before: int | None = None) -> tuple[OwnField, ...]:
    """Puts fields, as they come, before another one, or at the end; all fields in their new order."""
    fields = rows.own_fields(session.engine)
    for field_id in (*field_ids, *(() if before is None else (before,))):
        _field(session, field_id)
    standing = {field.id: field.position for field in fields}
    _place(session, "own_field", standing, placed(list(standing), field_ids, before))
    return rows.own_fields(session.engine)


@changes("field.retired", Action.MANAGE_FIRM)
def retire_field(session: Session, field_id: int) -> OwnField:
    """Retires a field: it is shown nowhere any more, and its values are kept."""
    return _with_retired(session, field_id, 1)


@changes("field.restored", Action.MANAGE_FIRM)
def restore_field(session: Session, field_id: int) -> OwnField:
    """Brings a retired field back, with its values."""
    return _with_retired(session, field_id, 0)


def _with_retired(session: Session, field_id: int, retired: int) -> OwnField:
    patches.landed(patches.apply_one(session, Patch("own_field", str(field_id), {}, {"retired": retired})))
    return _field(session, field_id)


# --- choices


@changes("choice.added", Action.MANAGE_FIRM)
def add_choices(session: Session, field_id: int, names: Sequence[str]) -> OwnField:
    """Adds choices at the end of those of a field."""
    field = _field(session, field_id)
    if field.kind is not OwnKind.CHOICE:
        raise refuse("no_choices", name=field.name, kind=field.kind.label)
    _add_choices(session, field_id, names, _behind([choice.position for choice in field.choices]))
    return _field(session, field_id)


def _add_choices(session: Session, field_id: int, names: Sequence[str], position: int) -> None:
    added = [
        Patch("own_choice", "", None, {"field": field_id, "name": name, "position": place})
        for place, name in enumerate(names, position)
    ]
    for outcome in patches.apply(session, added):
        patches.landed(outcome)


@changes("choice.renamed", Action.MANAGE_FIRM)
def rename_choice(session: Session, field_id: int, choice: OwnChoice, name: str) -> OwnField:
    """Renames a choice as it was read; the clients that have it keep it."""
    renamed = Patch("own_choice", str(choice.id), {"name": choice.name}, {"name": name})
    patches.landed(patches.apply_one(session, renamed))
    return _field(session, field_id)


@changes("choice.ordered", Action.MANAGE_FIRM)
def place_choices(session: Session, field_id: int, choice_ids: Sequence[int], before: int | None = None) -> OwnField:
    """Puts choices of a field, as they come, before another one, or at the end."""
    standing = {choice.id: choice.position for choice in _field(session, field_id).choices}
    moved = [choice_id for choice_id in choice_ids if choice_id in standing]
    _place(session, "own_choice", standing, placed(list(standing), moved, before))
    return _field(session, field_id)


@changes("choice.retired", Action.MANAGE_FIRM)
def retire_choice(session: Session, field_id: int, choice_id: int) -> OwnField:
    """Retires a choice: nobody takes it any more, and the clients that have it keep it."""
    return _choice_with_retired(session, field_id, choice_id, 1)


@changes("choice.restored", Action.MANAGE_FIRM)
def restore_choice(session: Session, field_id: int, choice_id: int) -> OwnField:
    """Brings a retired choice back."""
    return _choice_with_retired(session, field_id, choice_id, 0)


def _choice_with_retired(session: Session, field_id: int, choice_id: int, retired: int) -> OwnField:
    patches.landed(patches.apply_one(session, Patch("own_choice", str(choice_id), {}, {"retired": retired})))
    return _field(session, field_id)


# --- both


def _behind(positions: Sequence[int]) -> int:
    return max(positions, default=0) + 1


def _landed_id(outcome: Outcome) -> int:
    present = patches.landed(outcome).present
    assert present is not None
    return present.id


def _place(session: Session, entity: str, standing: Mapping[int, int], ids: Sequence[int]) -> None:
    """Gives rows that stand at these positions, in this order, other ones where they are to stand in another order."""
    if list(standing) == list(ids):
        return
    wanted = (
        Patch(entity, str(row_id), {}, {"position": place})
        for place, row_id in enumerate(ids, 1)
        if standing[row_id] != place
    )
    for outcome in patches.apply(session, wanted):
        patches.landed(outcome)
