"""What a bulk change does to a field of each client: set it, empty it, add to it, remove from it, replace text in it."""

from collections.abc import Iterable, Sequence
from enum import Enum

from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.own_value_rules import in_words, tag_names
from clientdesk.domain.own_values import tag_ids, tags_kept
from clientdesk.domain.patch import Value
from clientdesk.domain.problems import Problem, problem
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_


class How(Enum):
    """What is done to a field; the value is what it is called."""

    SET = N_("set to")
    EMPTY = N_("empty")
    ADD = N_("add to it")
    REMOVE = N_("remove from it")
    REPLACE = N_("replace text in it")


class FieldEdit(NamedTuple):
    """One edit of one field. `value` is what is set, added, removed or replaced: a text, or of a reference an id or a
    name; `by` is what takes its place where text is replaced."""

    field: str
    how: How
    value: Value = ""
    by: str = ""


OF_TEXTS = frozenset((Kind.TEXT, Kind.NOTES, Kind.LINK))


def hows_of(field: Field) -> tuple[How, ...]:
    """What can be done to a field: parts are only there in a text and among tags, and not every field may be empty."""
    needed = field.required or field.name == "display_name"
    needed = needed or bool(field.choices and all(choice.value for choice in field.choices))
    hows = (How.SET,) if needed else (How.SET, How.EMPTY)
    if field.kind is Kind.TAGS:
        return (*hows, How.ADD, How.REMOVE)
    return (*hows, How.ADD, How.REMOVE, How.REPLACE) if field.kind in OF_TEXTS else hows


def edited(field: Field, edit: FieldEdit, present: Value) -> Value:
    """What a field holds after an edit, not tidied yet. Case counts; what is there already is not added again. Tags are
    told by their ids."""
    if edit.how is How.SET:
        return edit.value
    if edit.how is How.EMPTY:
        return None if field.kind in (Kind.CLIENT_TYPE, Kind.MEMBER) and not field.own else ""
    if field.kind is Kind.TAGS:
        held_ids, ids = set(tag_ids(present)), set(tag_ids(edit.value))
        if edit.how is How.REMOVE:
            return tags_kept(held_ids - ids)
        return with_new_tags(held_ids | ids, dict.fromkeys((*unmade_tags(present), *unmade_tags(edit.value))))
    held, text = str(present or ""), str(edit.value)
    if edit.how is How.REPLACE:
        return held.replace(text, edit.by)
    if edit.how is How.ADD:
        return _added(field, held, text)
    if field.kind is Kind.NOTES:
        return "\n".join(line.replace(text, "") for line in held.split("\n") if line.strip() != text.strip())
    return held.replace(text, "")


def unmade_tags(value: Value) -> tuple[str, ...]:
    """The names among tags that are not told by an id: the firm does not have them yet."""
    return tuple(name for name in tag_names(str(value or "")) if not tag_ids(name))


def with_new_tags(ids: Iterable[int], names: Iterable[str]) -> str:
    """Tags by their ids, and behind them those that are still to be made by their names."""
    return ",".join(filter(None, (tags_kept(ids), *names)))


def tags_in_words(field: Field, value: Value) -> str:
    """Tags by their names, also those that are still to be made."""
    return ", ".join(filter(None, (in_words(field, value), *unmade_tags(value))))


def _added(field: Field, held: str, text: str) -> str:
    """A text with another one behind it, in the notes on a line of its own."""
    if field.kind is Kind.NOTES:
        parts, between = held.split("\n"), "\n"
    else:
        parts, between = held.split(" "), " "
    added = text.split(between)
    stands_already = any(parts[at : at + len(added)] == added for at in range(len(parts)))
    return held if stands_already else f"{held}{between}{text}" if held else text


def wrong(fields: Sequence[Field], edits: Sequence[FieldEdit], clients: int) -> list[Problem]:
    """What is wrong with edits of so many clients, before anyone looks at a client; `fields` are those edited. Parts of
    one field may be edited several times, one after the other."""
    problems: list[Problem] = []
    for place, (field, edit) in enumerate(zip(fields, edits, strict=True)):
        if edit.how in (How.SET, How.EMPTY) and any(edit.field == other.field for other in edits[:place]):
            problems.append(problem("edited_twice", field.name, label=field.label))
        elif edit.how not in hows_of(field):
            in_part = "tags_in_part" if field.kind is Kind.TAGS else "edited_in_part"
            code = "required" if edit.how is How.EMPTY else in_part
            problems.append(problem(code, field.name, label=field.label))
        elif edit.how in (How.ADD, How.REMOVE, How.REPLACE) and not str(edit.value).strip():
            problems.append(problem("edits_nothing", field.name, label=field.label))
        elif (field.name == "client_number" or field.unique) and edit.how is How.SET and edit.value and clients > 1:
            about = {"label": field.label, "value": edit.value, "count": clients}
            problems.append(problem("number_for_many", field.name, **about))
    return problems
