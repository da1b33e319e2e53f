"""The choices of an import as they are kept in the firm with its error log, so that its rows can be tried again."""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from clientdesk.domain.fields import BY_NAME
from clientdesk.exchange.records import ClientSetup

HEADINGS = "headings"


def setup_to_keep(headings: Sequence[str], setup: ClientSetup | None, refused: Container[int]) -> Mapping[str, object]:
    """What was chosen, as JSON can hold it; what was chosen for single rows only of those that are refused."""
    if setup is None:
        return {HEADINGS: list(headings)}
    chosen = setup._asdict() | {
        "clears": sorted(setup.clears),
        "types": dict(setup.types),
        "leads": dict(setup.leads),
        "duplicates": {str(row): what for row, what in setup.duplicates.items() if row in refused},
    }
    return {HEADINGS: list(headings), **chosen}


def kept_setup(kept: Mapping[str, Any]) -> ClientSetup:
    """What was chosen for a client list; a field that this program does not know is a column that is not read."""
    known = {name: kept[name] for name in ClientSetup._fields if name in kept}
    columns = tuple(name if name in BY_NAME else "" for name in known["columns"])
    duplicates = {int(row): what for row, what in known["duplicates"].items()}
    clears = frozenset(known["clears"])
    return ClientSetup(**{**known, "columns": columns, "clears": clears, "duplicates": duplicates})
