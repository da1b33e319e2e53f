"""How templates of work are kept: filters, roles and states as JSON, read, written and told."""

import json
from collections.abc import Iterable
from typing import Any, TypeGuard

from clientdesk.domain.bounds import json_to_keep
from clientdesk.domain.filter_words import NO_NAMES, Names, in_words
from clientdesk.domain.filters import Filter, Op
from clientdesk.domain.work_templates import (
    COMPLETED,
    FIELD,
    LEAD,
    MEMBER,
    MOST_ROLES,
    NAME_LIMIT,
    Role,
    State,
    all_states,
    first_roles,
)
from clientdesk.text import _


def kept_applies(filters: Iterable[Filter]) -> str:
    """Filters as the firm keeps them, as a view keeps its own."""
    return json_to_keep([[on.field, on.op.value, list(on.value)] for on in filters])


def applies_from(kept: str) -> tuple[Filter, ...]:
    """The filters that are kept so; none for what cannot be read."""
    value = _parsed(kept)
    return tuple(Filter(field, Op(op), tuple(values)) for field, op, values in value) if is_applies(value) else ()


def is_applies(kept: object) -> TypeGuard[list[tuple[str, str, list[str]]]]:
    """Whether this has the shape of filters."""
    return isinstance(kept, list) and all(map(_is_filter, kept))


_OPS = frozenset(op.value for op in Op)


def _is_filter(entry: object) -> bool:
    match entry:
        case [str(), str() as op, list() as values]:
            return op in _OPS and all(isinstance(value, str) for value in values)
    return False


def kept_roles(roles: Iterable[Role]) -> str:
    """Roles as the firm keeps them."""
    return json_to_keep([list(role) for role in roles])


def roles_from(kept: str) -> tuple[Role, ...]:
    """The roles that are kept so; the first ones for what cannot be read."""
    value = _parsed(kept)
    return tuple(Role(*role) for role in value) if is_roles(value) else first_roles()


def is_roles(kept: object) -> TypeGuard[list[tuple[int, str, str]]]:
    """Whether these are one to three roles, each with a number of its own."""
    if not isinstance(kept, list) or not all(map(_is_role, kept)):
        return False
    numbers = [role[0] for role in kept]
    return 1 <= len(kept) <= MOST_ROLES and len(set(numbers)) == len(numbers)


def _is_role(entry: object) -> bool:
    match entry:
        case [int() as number, str() as name, str()]:
            return 1 <= number <= MOST_ROLES and 0 < len(name) <= NAME_LIMIT
    return False


def kept_states(states: Iterable[State]) -> str:
    """The firm's own states of a template as it keeps them: the fixed ones are not kept."""
    return json_to_keep([[state.number, state.name, *([1] if state.retired else [])] for state in states])


def states_from(kept: str) -> tuple[State, ...]:
    """The states that are kept so, without the fixed ones; none for what cannot be read."""
    value = _parsed(kept)
    return tuple(State(number, name, bool(retired)) for number, name, *retired in value) if is_states(value) else ()


def is_states(kept: object) -> TypeGuard[list[Any]]:
    """Whether these are states between the fixed ones, each with a number of its own."""
    if not isinstance(kept, list) or not all(map(_is_state, kept)):
        return False
    numbers = [state[0] for state in kept]
    return len(set(numbers)) == len(numbers)


def _is_state(entry: object) -> bool:
    match entry:
        case [int() as number, str() as name] | [int() as number, str() as name, 1]:
            return number > COMPLETED and 0 < len(name) <= NAME_LIMIT
    return False


def _parsed(kept: object) -> object:
    try:
        return json.loads(kept) if isinstance(kept, str) else None
    except (ValueError, RecursionError):
        return None


# --- as the history tells it


def applies_parts(kept: object, names: Names = NO_NAMES) -> dict[str, str]:
    """To whom a template applies of which this is kept, in words (data in it is not made safe yet)."""
    value = _parsed(kept)
    if value == []:
        words = _("all active clients")
    elif is_applies(value):
        words = " · ".join(in_words(on, names) for on in applies_from(str(kept)))
    else:
        words = str(kept)
    return {_("Applies to"): words}


def roles_parts(kept: object, names: Names = NO_NAMES) -> dict[str, str]:
    """The names of roles that are kept so, each with who has it."""
    if not is_roles(_parsed(kept)):
        return {_("Roles"): str(kept)}
    return {_("Roles"): ", ".join(_role_in_words(role, names) for role in roles_from(str(kept)))}


def _role_in_words(role: Role, names: Names) -> str:
    who = _("lead accountant") if role.by == LEAD else ""
    if role.by.startswith(MEMBER):
        member_id = role.by.removeprefix(MEMBER)
        who = names.of(LEAD).get(member_id, f"#{member_id}")
    elif role.by.startswith(FIELD):
        who = names.field(role.by.removeprefix(FIELD)).label
    return f"{role.name} ({who})" if who else role.name


def states_parts(kept: object, names: Names = NO_NAMES) -> dict[str, str]:  # as the others are asked
    """The names of states that are kept so, with the fixed ones."""
    if not is_states(_parsed(kept)):
        return {_("States"): str(kept)}
    standing = [state.name for state in all_states(states_from(str(kept))) if not state.retired]
    return {_("States"): ", ".join(standing)}
