"""What may stand in a firm's own fields: what is typed as it is kept, and what is wrong with it."""

import re
from collections.abc import Iterable

from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.fold import fold
from clientdesk.domain.own_fields import TAG_LIMIT, check_tag
from clientdesk.domain.own_values import LONGEST, MOST_TAGS, dates_from, number_from, tag_ids, tags_kept
from clientdesk.domain.patch import Value
from clientdesk.domain.problems import Problem, problem
from clientdesk.domain.rules import called, choice_from, tidy, tidy_name, unseen
from clientdesk.text import _, shows_nothing

_BETWEEN_TAGS = re.compile(r"[,;|\n]")
_LINK = re.compile(r"(https?://)?[^\s/.@:]+(\.[^\s/.@:]+)+(:\d+)?([/?#]\S*)?", re.IGNORECASE)


def kept(field: Field, typed: str) -> Value:
    """What is typed into an own field as it is kept; as it is, tidied, where it is nothing that may stand there. A team
    member is left to whoever knows the team."""
    text = tidy(field, typed)
    if shows_nothing(text) or field.kind in (Kind.TEXT, Kind.LINK, Kind.MEMBER):
        return text
    if field.choices:
        return choice_from(field, text)
    if field.kind is Kind.DECIMAL:
        number = number_from(text)
        return text if number is None else number
    if field.kind is Kind.DATE:
        days = dates_from(text)
        return days[0] if len(days) == 1 else text
    if field.kind is Kind.OWN_CHOICE:
        return next((row_id for row_id, name in field.called.items() if fold(name) == fold(text)), text)
    return _tags(field, text)


def tag_names(text: str) -> list[str]:
    """The tags that a text names, each once, as it is written first."""
    names: dict[str, str] = {}
    for part in _BETWEEN_TAGS.split(text):
        if not shows_nothing(name := tidy_name(part)):
            names.setdefault(fold(name), name)
    return list(names.values())


def _tags(field: Field, text: str) -> Value:
    by_name = {fold(name): row_id for row_id, name in field.called.items()}
    ids: list[int] = []
    for name in tag_names(text):
        if same := tag_ids(name):
            ids += same
        elif (row_id := by_name.get(fold(name))) is not None:
            ids.append(row_id)
        else:
            return text
    return tags_kept(ids)


def wrong(field: Field, value: Value, active_members: object = (), *, retired: bool = False) -> Problem | None:
    """What is wrong with a value as it would be kept; None for nothing. `active_members` has the ids of those who may be
    named; `retired` says that a retired choice may stand there, too, as with a client who has it."""
    about = {"label": field.label, "value": str(value)}
    if value in ("", None):
        return problem("required", field.name, label=field.label) if field.required else None
    if refusal := unseen(field.name, field.label, str(value)):
        return refusal
    if field.kind is Kind.TAGS:
        return _wrong_tags(field, str(value))
    if field.kind is Kind.OWN_CHOICE:
        if isinstance(value, int) and value in (field.called if retired else field.offered):
            return None
        choices = ", ".join(field.called[row_id] for row_id in field.offered) or _("none")
        name = field.called.get(value) if isinstance(value, int) else None
        code = "unknown_choice" if name is None else "choice_retired"
        return problem(code, field.name, of=field.label, value=name or value, choices=choices)
    if field.kind is Kind.MEMBER:
        is_one = isinstance(value, int) and value in active_members  # type: ignore[operator]  # a collection of ids
        return None if is_one else problem("own_member", field.name, **about)
    text = str(value)
    if len(text) > LONGEST:
        return problem("too_long", field.name, **about, length=len(text), limit=LONGEST)
    if field.choices:
        if any(text == choice.value for choice in field.choices):
            return None
        choices = ", ".join(choice.value for choice in field.choices if choice.value)
        return problem("not_a_choice", field.name, **about, choices=choices)
    if field.kind is Kind.DECIMAL and number_from(text) != text:
        unclear = number_from(text.replace(",", "")) is not None and number_from(text) is None
        return problem("own_number_unclear" if unclear else "own_number", field.name, **about)
    if field.kind is Kind.DATE and dates_from(text) != (text,):
        days = dates_from(text)
        if len(days) == 2:
            return problem("own_date_unclear", field.name, **about, day_first=days[0], month_first=days[1])
        return problem("own_date", field.name, **about)
    if field.kind is Kind.LINK and _LINK.fullmatch(text) is None:
        return problem("own_link", field.name, **about)
    return None


def _wrong_tags(field: Field, value: str) -> Problem | None:
    names = tag_names(value)
    if len(names) > MOST_TAGS:
        return problem("too_many_tags_of_client", field.name, limit=MOST_TAGS, count=len(names))
    for name in names:
        if not (ids := tag_ids(name)) or ids[0] not in field.called:
            choices = ", ".join(field.called.values())
            code = "unknown_tag" if choices else "no_tags"
            return problem(code, field.name, value=name, choices=choices)
    return None


def own_taken(field: Field, value: Value, holder: str) -> Problem:
    """The refusal of a value that another client has in a unique field."""
    return problem("own_taken", field.name, label=field.label, value=value, holder=called(holder))


def own_twice(field: Field, value: str, lines: str) -> Problem:
    """The refusal of a row of a file where other rows, on these lines, give the same unique value to other clients."""
    return problem("own_twice_in_file", field.name, label=field.label, value=value, lines=lines)


def invisible_tag(field: Field, text: str) -> Problem | None:
    """The refusal of a tag of which nothing can be seen, which is left out when typed but must be reported when it comes
    in a file; `field` is the tags'."""
    return next(filter(None, (unseen(field.name, field.label, part) for part in _BETWEEN_TAGS.split(text))), None)


def wrong_new_tag(field: Field, names: Iterable[str]) -> Problem | None:
    """What is wrong with the first of some tags that the firm does not have and that can be none; `field` is the tags'."""
    for name in names:
        if len(name) > TAG_LIMIT:
            about = {"label": field.label, "value": name, "length": len(name), "limit": TAG_LIMIT}
            return problem("too_long", field.name, **about)
        if refusals := check_tag(name):
            return refusals[0]._replace(field=field.name)
    return None


def in_words(field: Field, value: Value, called: str = "") -> str:
    """A value as a list, a file and a form have it: choices and tags by their names; `called` is the team member's."""
    if value in ("", None):
        return ""
    if field.kind is Kind.TAGS:
        return ", ".join(sorted((field.called.get(tag_id, f"#{tag_id}") for tag_id in tag_ids(value)), key=fold))
    if field.kind is Kind.OWN_CHOICE and isinstance(value, int):
        return field.called.get(value, f"#{value}")
    return called if field.kind is Kind.MEMBER and isinstance(value, int) else str(value)
