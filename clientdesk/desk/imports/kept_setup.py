"""The choices of an import as they are kept in the firm with its error log, so that its rows can be tried again."""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from clientdesk.desk.imports.import_records import ClientSetup
from clientdesk.desk.imports.run_log import References
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fold import fold
from clientdesk.domain.import_decisions import Decision, What, of_duplicate, of_name, words
from clientdesk.domain.own_values import is_own

HEADINGS = "headings"
_IDS = "ids"


def setup_to_keep(
    headings: Sequence[str], setup: ClientSetup | None, refused: Container[int], references: References = ({}, {})
) -> Mapping[str, object]:
    """What was chosen, as JSON can hold it; what was decided for single rows only of those that are refused. The types
    and team members that were chosen for names of the file are kept by their ids too, as they may be renamed."""
    if setup is None:
        return {HEADINGS: list(headings)}
    chosen = setup._asdict() | {
        "clears": sorted(setup.clears),
        "types": words(setup.types),
        "leads": words(setup.leads),
        "duplicates": {str(row): decision.word for row, decision in setup.duplicates.items() if row in refused},
        "duplicate_default": setup.duplicate_default.word,
    }
    ids = [
        _ids(decisions, names_by_id)
        for decisions, names_by_id in zip((setup.types, setup.leads), references, strict=True)
    ]
    return {HEADINGS: list(headings), **chosen, _IDS: ids}


def _ids(decisions: Mapping[str, Decision], names_by_id: Mapping[int, str]) -> dict[str, int]:
    by_name = {fold(name): record_id for record_id, name in names_by_id.items()}
    created = {name: name for name, decision in decisions.items() if decision.what is What.CREATE}
    chosen = {name: decision.value for name, decision in decisions.items() if decision.what is What.EXISTING}
    return {name: by_name[fold(becomes)] for name, becomes in (created | chosen).items() if fold(becomes) in by_name}


def kept_setup(content: Mapping[str, Any], references: References = ({}, {})) -> ClientSetup:
    """What was chosen for a client list, with the types and team members as they are called now; a field that this
    program does not know is a column that is not read. Raises KeyError, TypeError, ValueError or AttributeError where
    another program has written it."""
    fields = {name: content[name] for name in ClientSetup._fields if name in content}
    fields["columns"] = tuple(name if name in BUILT_IN.by_name or is_own(name) else "" for name in fields["columns"])
    fields["clears"] = frozenset(fields["clears"])
    fields["duplicates"] = {int(row): of_duplicate(word) for row, word in fields["duplicates"].items()}
    fields["duplicate_default"] = of_duplicate(fields["duplicate_default"])
    for part, ids, names in zip(("types", "leads"), content.get(_IDS, ({}, {})), references, strict=True):
        fields[part] = {name: of_name(word) for name, word in fields[part].items()} | {
            name: Decision(What.EXISTING, names[record_id]) for name, record_id in ids.items() if record_id in names
        }
    return ClientSetup(**fields)
