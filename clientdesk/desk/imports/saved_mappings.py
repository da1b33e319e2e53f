"""The mappings of a client list's columns that are saved under a name, and what they say."""

import json
from collections.abc import Mapping, Sequence

from clientdesk.desk.imports.import_records import ClientSetup, SavedMapping
from clientdesk.desk.imports.run_log import noting
from clientdesk.desk.session import Session, reads
from clientdesk.domain.bounds import json_to_keep, parsed
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.columns.presets import PRESETS, Preset, heading_key
from clientdesk.domain.fold import fold
from clientdesk.domain.import_decisions import words
from clientdesk.domain.mappings import bad, is_mapping, said_by
from clientdesk.domain.problems import refuse
from clientdesk.domain.rules import tidy_name
from clientdesk.store import import_runs as store
from clientdesk.store.bounds import limit
from clientdesk.text import N_, shows_nothing

_NOT_JSON = N_("The file is not JSON.")
_NOTHING = N_("None of its headings is in the file.")
_KEY_MISSING = N_("The file lacks the column by which clients are found.")


@reads
def mappings(session: Session) -> tuple[SavedMapping, ...]:
    """The saved mappings by name."""
    stored_mappings = [(name, parsed(content, "object")) for name, content in store.mappings(session.engine)]
    return tuple(
        SavedMapping(name, content if isinstance(content, dict) and is_mapping(content) else None)
        for name, content in stored_mappings
    )


def named(session: Session, name: str) -> SavedMapping | Preset:
    """The saved mapping of a name, or the program whose lists are known by it, without case and accents. Refused
    ("mapping_gone") where there is neither."""
    choices: list[SavedMapping | Preset] = [*mappings(session), *PRESETS]
    for mapping in choices:
        if fold(mapping.name) == fold(name):
            return mapping
    raise refuse("mapping_gone", name=name, choices=", ".join(mapping.name for mapping in choices))


def save_mapping(session: Session, name: str, content: Mapping[str, object]) -> None:
    """Keeps a mapping under a name, in the place of one that has it. It is the firm's: all who import see it."""
    tidied = tidy_name(name)
    if shows_nothing(tidied):
        raise refuse("required", "name", label=N_("The mapping's name"))
    if len(tidied) > (longest := limit("import_mapping", "name")):
        raise refuse(
            "too_long", "name", label=N_("The mapping's name"), value=tidied, length=len(tidied), limit=longest
        )
    with noting(session):
        store.save_mapping(session.engine, tidied, json_to_keep(content))


def delete_mapping(session: Session, name: str) -> None:
    """Forgets a saved mapping. Refused ("mapping_gone", "no_mapping") where there is none of that name, or none at all."""
    with noting(session):
        if not store.delete_mapping(session.engine, name):
            names = ", ".join(mapping_name for mapping_name, _content in store.mappings(session.engine))
            raise refuse("mapping_gone" if names else "no_mapping", name=name, choices=names)


# --- what a mapping says


def setup_to_saved(setup: ClientSetup, headings: Sequence[str]) -> dict[str, object]:
    """A setup as JSON can hold it, its columns by their headings, so that it fits files whose columns stand in another
    order. What was decided about single rows is left out."""
    columns: dict[str, str | list[str]] = {}
    for heading, name in zip(headings, setup.columns, strict=False):
        heading = heading.strip()
        earlier = columns.get(heading)
        if earlier is None:
            columns[heading] = name
        else:
            columns[heading] = [*(earlier if isinstance(earlier, list) else [earlier]), name]
    return {
        "columns": columns,
        "key": setup.key,
        "clears": sorted(setup.clears),
        "types": words(setup.types),
        "leads": words(setup.leads),
        "duplicates": setup.duplicate_default.word,
        "dates": setup.dates,
    }


def mapping_in(text: str | bytes) -> Mapping[str, object]:
    """The mapping in a file (JSON, as `setup_to_saved` makes it). Refused ("bad_mapping") where it is none."""
    try:
        content: Mapping[str, object] = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise bad(_NOT_JSON) from error
    setup_from_saved(content, tuple(said_by(content).columns))
    return content


def setup_from_saved(content: object, headings: Sequence[str]) -> ClientSetup:
    """The setup that was saved, for a file with these headings. Columns that were not saved are ignored; a heading
    that is there several times takes what was saved for it in turn. Where no key was saved, it is the Company ID if
    that has a column. Refused ("bad_mapping")."""
    saved = said_by(content)
    waiting: dict[str, list[str]] = {}
    for heading, names in saved.columns.items():
        waiting.setdefault(heading_key(heading), []).extend(names)
    columns = []
    for heading in headings:
        names = waiting.get(heading_key(heading), [])
        columns.append(names.pop(0) if names else "")
    if not any(columns):
        raise bad(_NOTHING)
    key = saved.key
    if key is None:
        key = "company_id" if "company_id" in columns else ""
    if key and key not in columns:
        raise bad(_KEY_MISSING, BUILT_IN.by_name[key].title)
    return ClientSetup(
        tuple(columns),
        key,
        saved.clears,
        saved.types,
        saved.leads,
        duplicate_default=saved.duplicates,
        dates=saved.dates,
    )
