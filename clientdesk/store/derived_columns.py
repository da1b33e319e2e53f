"""The columns that follow from an entity's fields: keys for sorting, uniqueness and search."""

from collections.abc import Callable, Mapping
from typing import Any

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fields import Kind
from clientdesk.domain.fold import fold, number_key, number_sort, search_text
from clientdesk.domain.own_values import sort_keys
from clientdesk.domain.unique_client_numbers import NUMBER_KEY

Values = Mapping[str, Any]

LAST = "\U0010ffff"
"""The sort key of a client without a number: after every number."""


def _folded(name: str) -> Callable[[Values], str]:
    return lambda values: fold(values[name])


def _folded_within(owner: str) -> Callable[[Values], str]:
    """Of names that differ among the rows of one owner."""
    return lambda values: f"{values[owner]} {fold(values['name'])}"


DERIVED: Mapping[str, Mapping[str, Callable[[Values], object]]] = {
    "client": {
        NUMBER_KEY: lambda values: number_key(values["client_number"]) or None,
        "number_sort": lambda values: number_sort(values["client_number"]) if values["client_number"] else LAST,
        "search_text": search_text,
        "own_keys": lambda values: sort_keys(values["own"]),
        **{f"{name}_sort": _folded(name) for name, field in BUILT_IN.by_name.items() if field.folded},
    },
    "team_member": {"name_key": _folded("name")},
    "client_type": {"name_key": _folded("name")},
    "view": {"name_key": _folded("name")},
    "own_field": {"name_key": _folded("name")},
    "own_choice": {"name_key": _folded_within("field")},
    "tag": {"name_key": _folded("name")},
    "template": {"name_key": _folded("name")},
    "template_section": {"name_key": _folded_within("template")},
    "client_account": {"name_key": _folded_within("client")},
}
"""By entity and column: what the column is for a row's values by field. Of most entities none follows."""

FOLLOWED_BY_NOTHING: Mapping[str, frozenset[str]] = {
    "client": frozenset(
        field.name for field in BUILT_IN.fields if field.choices or field.kind in (Kind.CLIENT_TYPE, Kind.MEMBER)
    ),
    "team_member": frozenset(["email", "login", "access", "active"]),
    "view": frozenset(["content"]),
    "own_field": frozenset(["kind", "section", "width", "required", "unique", "position", "retired"]),
    "own_choice": frozenset(["position", "retired"]),
    "template": frozenset(
        ("applies", "period", "due", "roll", "calendar", "begins", "closing", "roles", "states", "position", "retired")
    ),
    **dict.fromkeys(("template_section", "client_account"), frozenset(["position", "retired"])),
}
"""By entity the fields from which no column follows. Where any other one is changed all columns are written: what another
program made of them is mended by that."""
