"""What the columns of a firm's tables may hold, whatever program writes them.

The engines make their triggers from this list, `check` looks at the rows by it, and the use cases take their limits
from it. What a column of an entity holds its declaration says.
"""

from collections.abc import Mapping

from clientdesk.domain.bounds import Bound, Json, Moment, Number, Size, Text
from clientdesk.domain.kept_json import is_cells, is_past, is_problem
from clientdesk.domain.mappings import is_mapping
from clientdesk.domain.own_values import LONGEST
from clientdesk.store.entities import ENTITIES, FIRM, Entity

_COUNT = Number(0, 1_000_000_000)
_MAPPING, _PATH = 100, 4_096
_MARK = 200
"""Marks of the program's own (an identity, a checksum, the name of a setting) are shorter."""


def _of_entity(entity: Entity) -> dict[str, Bound]:
    """The bounds of its columns; a text of its key has besides what a key may have."""
    bounds = {attribute.column: attribute.bound for attribute in entity.attributes if attribute.bound is not None}
    for attribute in entity.key_attributes:
        if isinstance(bound := bounds.get(attribute.column), Text):
            bounds[attribute.column] = bound._replace(in_key=True)
    return bounds


_OF_ENTITIES: Mapping[str, Mapping[str, Bound]] = {entity.name: _of_entity(entity) for entity in ENTITIES.values()}
BOUNDS: Mapping[str, Mapping[str, Bound]] = {
    **{name: bounds for name, bounds in _OF_ENTITIES.items() if bounds},
    "client_own": {"value": Text(LONGEST), "sort_key": Text(), "unique_key": Text()},
    "client_work": {"period": Text(16), "due": Text(10)},
    "work_renewal": {"claimed_at": Moment()},
    "change_set": {"kind": Text(_MARK), "note": Text(1_000), "operation": Text(_MARK)},
    "member_setting": {"name": Text(_MARK), "value": Json()},
    "import_run": {
        "at": Moment(),
        "touched": Moment(),
        "kind": Text(choices=("numbers", "clients")),
        "file": Size(_PATH),
        **dict.fromkeys(("total", "added", "changed", "unchanged", "refused", "skipped"), _COUNT),
        "setup": Json("object", empty=True),
    },
    "import_refusal": {
        "place": _COUNT,
        "line": _COUNT,
        "cells": Json("array", readable=is_cells),
        "problem": Json("array", readable=is_problem),
    },
    "import_mapping": {"name": Text(_MAPPING, filled=True), "fields": Json("object", readable=is_mapping)},
    "arrival": {
        "from_uid": Text(_MARK),
        "from_firm": _OF_ENTITIES[FIRM.name]["name"],
        "state": Text(_MARK),
        "entries": Json("array", readable=is_past),
    },
}
"""By table and column; a column that may be NULL keeps to it where it is not."""


def limit(table: str, column: str) -> int:
    """The greatest length of a column's text, in characters."""
    bound = BOUNDS[table][column]
    assert isinstance(bound, Text | Size)
    return bound.limit


def broken(table: str, row: Mapping[str, object]) -> list[str]:
    """The columns of a row (by column) that hold what they may not."""
    return [
        column
        for column, bound in BOUNDS[table].items()
        if row.get(column) is not None and not bound.holds(row[column])
    ]
