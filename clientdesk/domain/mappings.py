"""What a saved mapping of a file's columns says, whatever headings the file has."""

from collections.abc import Mapping
from typing import NamedTuple

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.import_decisions import LIKELY_DUPLICATE, Decision, of_duplicate, of_name
from clientdesk.domain.own_values import is_own
from clientdesk.domain.problems import Refused, refuse
from clientdesk.text import N_, shortened

KEYS = ("company_id", "client_number", "display_name")
"""The fields by which a list can find clients."""
DATES = ("dmy", "mdy")
"""What may come first in a date: the day, or the month."""
MOST = 10_000
"""So many headings or names a mapping has at most."""

_SHAPE = N_("It must be an object with “columns”: a field for each heading.")
_UNKNOWN_FIELD = N_("It is no field, and not empty as for a column that is ignored.")
_UNKNOWN_PART = N_("A mapping has no part of this name.")
_UNKNOWN_KEY = N_("“key” must be empty, company_id, client_number or display_name.")
_UNKNOWN_CLEARS = N_("“clears” must be a list of fields.")
_UNKNOWN_NAMES = N_("“types” and “leads” must say a name for each name.")
_UNKNOWN_DEFAULT = N_("“duplicates” must be add or skip.")
_UNKNOWN_DATES = N_("“dates” must be dmy, mdy or empty.")


class Saved(NamedTuple):
    """The fields of each heading, in the order in which they were saved, and what was chosen besides (see
    `desk.imports.import_records.ClientSetup`); `key` is None where none was saved."""

    columns: Mapping[str, list[str]]
    key: str | None
    clears: frozenset[str]
    types: dict[str, Decision]
    leads: dict[str, Decision]
    duplicates: Decision
    dates: str


_PARTS = Saved._fields


def said_by(content: object) -> Saved:
    """What the JSON of a mapping says. Refused ("bad_mapping") where it is none."""
    if not isinstance(content, Mapping):
        raise bad(_SHAPE)
    for part in content:
        if part not in _PARTS:
            raise bad(_UNKNOWN_PART, part)
    columns = _columns(content.get("columns"))
    key = content.get("key")
    if "key" in content and key not in ("", *KEYS):
        raise bad(_UNKNOWN_KEY, key)
    default = content.get("duplicates", LIKELY_DUPLICATE.word)
    if default not in ("add", "skip"):
        raise bad(_UNKNOWN_DEFAULT, default)
    dates = content.get("dates", "")
    if dates not in ("", *DATES):
        raise bad(_UNKNOWN_DATES, dates)
    clears = content.get("clears", [])
    unknown = (
        [name for name in clears if name not in BUILT_IN.names and not is_own(str(name))]
        if isinstance(clears, list)
        else [clears]
    )
    if unknown:
        raise bad(_UNKNOWN_CLEARS, unknown[0])
    types, leads = (_names(content.get(what, {})) for what in ("types", "leads"))
    return Saved(columns, key, frozenset(clears), types, leads, of_duplicate(default), dates)


def is_mapping(content: object) -> bool:
    """Whether this is the JSON of a mapping."""
    try:
        said_by(content)
    except Refused:
        return False
    return True


def bad(hint: str, value: object = "", heading: str = "") -> Refused:
    """The refusal of what is no mapping: why, the value that is wrong, and its heading."""
    return refuse("bad_mapping", value=shortened(str(value)), heading=shortened(heading), hint=hint)


def _columns(content: object) -> dict[str, list[str]]:
    if not isinstance(content, Mapping) or len(content) > MOST:
        raise bad(_SHAPE)
    fields: dict[str, list[str]] = {}
    for heading, becomes in content.items():
        names = becomes if isinstance(becomes, list) else [becomes]
        if not isinstance(heading, str) or len(names) > MOST:
            raise bad(_SHAPE, heading)
        for name in names:
            if not isinstance(name, str) or (name and name not in BUILT_IN.by_name and not is_own(name)):
                raise bad(_UNKNOWN_FIELD, name, heading)
        fields[heading] = names
    return fields


def _names(content: object) -> dict[str, Decision]:
    if not isinstance(content, Mapping) or len(content) > MOST:
        raise bad(_UNKNOWN_NAMES)
    if not all(isinstance(name, str) and isinstance(becomes, str) for name, becomes in content.items()):
        raise bad(_UNKNOWN_NAMES)
    return {name: of_name(becomes) for name, becomes in content.items()}
