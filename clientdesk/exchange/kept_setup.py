"""The choices of an import as they are kept in the firm with its error log, so that its rows can be tried again."""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from clientdesk.domain.fields import BY_NAME
from clientdesk.domain.fold import fold
from clientdesk.exchange.records import ClientSetup

HEADINGS = "headings"
_IDS = "ids"
NEW = "+"
"""What is chosen for a name that becomes a client type of its own."""

References = tuple[Mapping[int, str], Mapping[int, str]]
"""The names of client types and of team members by their ids."""


def setup_to_keep(
    headings: Sequence[str], setup: ClientSetup | None, refused: Container[int], references: References = ({}, {})
) -> Mapping[str, object]:
    """What was chosen, as JSON can hold it; what was chosen for single rows only of those that are refused. The types
    and team members that were chosen for names of the file are kept by their ids too, as they may be renamed."""
    if setup is None:
        return {HEADINGS: list(headings)}
    chosen = setup._asdict() | {
        "clears": sorted(setup.clears),
        "types": dict(setup.types),
        "leads": dict(setup.leads),
        "duplicates": {str(row): what for row, what in setup.duplicates.items() if row in refused},
    }
    ids = [_ids(names, known) for names, known in zip((setup.types, setup.leads), references, strict=True)]
    return {HEADINGS: list(headings), **chosen, _IDS: ids}


def _ids(chosen: Mapping[str, str], known: Mapping[int, str]) -> dict[str, int]:
    by_name = {fold(name): each for each, name in known.items()}
    wanted = {name: fold(name if becomes == NEW else becomes) for name, becomes in chosen.items() if becomes}
    return {name: by_name[becomes] for name, becomes in wanted.items() if becomes in by_name}


def kept_setup(kept: Mapping[str, Any], references: References = ({}, {})) -> ClientSetup:
    """What was chosen for a client list, with the types and team members as they are called now; a field that this
    program does not know is a column that is not read."""
    known = {name: kept[name] for name in ClientSetup._fields if name in kept}
    columns = tuple(name if name in BY_NAME else "" for name in known["columns"])
    duplicates = {int(row): what for row, what in known["duplicates"].items()}
    clears = frozenset(known["clears"])
    for part, ids, names in zip(("types", "leads"), kept.get(_IDS, ({}, {})), references, strict=True):
        known[part] = {**known[part], **{name: names[each] for name, each in ids.items() if each in names}}
    return ClientSetup(**{**known, "columns": columns, "clears": clears, "duplicates": duplicates})
