"""The history by change sets: what a filter finds, the lines, the rows of one, page by page and newest first."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple

from clientdesk.desk.change_kinds import file_of, is_of_file, is_of_one
from clientdesk.desk.history import all_of_key, of_whom, readable
from clientdesk.desk.history_search import Judge, says
from clientdesk.desk.records import Change, ChangeSet
from clientdesk.desk.session import Session, reads
from clientdesk.domain.catalogue import Catalogue
from clientdesk.domain.history_filter import HistoryFilter
from clientdesk.domain.problems import refuse
from clientdesk.store import change_sets as stored_sets
from clientdesk.store import history_pages
from clientdesk.store.entities import ENTITIES
from clientdesk.store.history_pages import Place as Place
from clientdesk.text import _

AT_ONCE = 200
"""So many lines or rows are read at a time where all are wanted."""
LOOKED_AT = 20_000
"""So many entries are looked at in one statement where their fields or words count."""

PATIENCE = 0.15
"""So many seconds are looked for more, where all are wanted, before what was found by then is given."""

EVERYTHING = HistoryFilter()
Looking = Callable[[str], None]
"""Is told how far back was looked (ISO 8601, UTC) while nothing more is found, and "" before something is given."""


def nobody(_at: str) -> None:
    """Nobody is told."""


class HistoryPiece(NamedTuple):
    """What was found in a piece of the history, newest first, and the place from where to go on (None: at the end).

    Lines are found as the number of their change set and the entry that stands for it (0: its latest one). `at` is how
    far back was looked where fewer were found than were wanted (ISO 8601, UTC; "" where that is the end).
    """

    keys: tuple[tuple[int, int], ...]
    place: Place | None
    at: str = ""


@reads
def find(
    session: Session,
    history_filter: HistoryFilter,
    place: Place | None = None,
    limit: int = AT_ONCE,
    seconds: float = 0.0,
) -> HistoryPiece:
    """The next lines that a filter finds, behind a `place`; after so many `seconds` as many as there are by then."""
    if history_filter.asks_rows:
        return _walk(session, history_filter, None, place or Place(), limit, seconds)
    before = (place or Place()).before
    keys: list[tuple[int, int]] = []
    until = time.monotonic() + seconds
    reached: int | None = before
    while reached is not None and len(keys) < limit:
        ids, reached = history_pages.change_sets(session.engine, history_filter, reached, limit - len(keys))
        keys += [(change_set, 0) for change_set in ids]
        if seconds and time.monotonic() >= until:
            break
    return _piece(session, keys, None if reached is None else Place(reached), limit, of_entries=False)


def _piece(
    session: Session, keys: Sequence[tuple[int, int]], place: Place | None, limit: int, of_entries: bool
) -> HistoryPiece:
    is_short = place is not None and len(keys) < limit
    at = history_pages.moment(session.engine, place.before, of_entries) if place is not None and is_short else ""
    return HistoryPiece(tuple(keys), place, at)


@reads
def find_rows(
    session: Session,
    history_filter: HistoryFilter,
    change_set: int | None = None,
    place: Place | None = None,
    limit: int = AT_ONCE,
    seconds: float = 0.0,
) -> HistoryPiece:
    """The next rows that a filter finds, of one line where there is a `change_set`. See `find`."""
    return _walk(session, history_filter, change_set, place or Place(), limit, seconds, by_row=True)


def _walk(
    session: Session,
    history_filter: HistoryFilter,
    change_set: int | None,
    place: Place,
    limit: int,
    seconds: float,
    by_row: bool = False,
) -> HistoryPiece:
    """Looks through entries one after the other."""
    engine, judge = session.engine, Judge(session, history_filter, in_one=change_set is not None)
    at_once = LOOKED_AT if judge.reads else limit
    until = time.monotonic() + seconds
    keys: list[tuple[int, int]] = []
    reached: int | None = place.before
    listed = place.listed
    while reached is not None and len(keys) < limit:
        likely = judge.likely
        if likely is not None and not by_row:
            likely += history_pages.not_of_jobs([number for kind, number in listed if kind == "job"])
        steps, reached = history_pages.steps(engine, history_filter, reached, at_once, change_set, likely)
        judge.prepare(steps)
        for step in steps:
            if not by_row and step.line in listed:
                continue
            if judge.wants(step):
                keys.append((step.change_set, step.id))
                listed = frozenset((step.line, *(line for line in listed if line[0] == "job")))
                if len(keys) == limit:
                    reached = step.id
                    break
        if not by_row and reached is not None and steps and steps[-1].line in listed:
            # The other rows of a line that was found are of no use.
            reached = min(reached, history_pages.first_of(engine, steps[-1].change_set) or reached)
        if seconds and time.monotonic() >= until:
            break
    return _piece(session, keys, None if reached is None else Place(reached, listed), limit, of_entries=True)


@reads
def lines(session: Session, keys: Sequence[tuple[int, int]]) -> tuple[ChangeSet, ...]:
    """The lines with these keys, which `find` has found, newest first."""
    if not keys:
        return ()
    stored_lines = history_pages.lines(session.engine, dict(keys))
    changes = readable(session, [line.entry for line in stored_lines], naming=True)
    of_files = {
        line.change_set: line.undoes for line in stored_lines if line.undoes is not None and is_of_file(line.entry.note)
    }
    first = stored_sets.done_first(session.engine, of_files)
    files = {number: file_of(change_set.kind, change_set.note) for number, change_set in first.items()}
    return tuple(
        ChangeSet(
            line.change_set,
            line.rows,
            change._replace(file=change.file or files.get(line.change_set, "")),
            line.job,
            line.undoes,
            line.begun,
            line.rest,
            is_of_one(line.entry.kind, line.entry.note),
        )
        for line, change in zip(stored_lines, changes, strict=True)
    )


@reads
def line_with(session: Session, change_set: int) -> ChangeSet:
    """The line that a change set is a part of. Refused ("change_gone") where there is no such change set."""
    number, _rows = history_pages.line_of(session.engine, change_set)
    stored_lines = lines(session, [(number, 0)]) if number else ()
    if not stored_lines:
        raise refuse("change_gone", change=change_set)
    return stored_lines[0]


@reads
def rows(session: Session, entry_ids: Sequence[int]) -> tuple[Change, ...]:
    """The rows with these numbers of entries, newest first."""
    return readable(session, history_pages.by_ids(session.engine, entry_ids), naming=True) if entry_ids else ()


def all_lines(
    session: Session, history_filter: HistoryFilter = EVERYTHING, looking: Looking = nobody
) -> Iterator[ChangeSet]:
    """All lines that a filter finds, newest first, read as they are wanted. See `Looking`."""
    for keys in _pieces(partial(find, session, history_filter), looking):
        yield from lines(session, keys)


def all_rows(
    session: Session,
    history_filter: HistoryFilter = EVERYTHING,
    change_set: int | None = None,
    looking: Looking = nobody,
) -> Iterator[Change]:
    """All rows that a filter finds, of one line where there is a `change_set`, newest first, read as they are wanted.

    Refused at once ("change_gone") where there is no such change set. See `Looking`.
    """
    if change_set is not None and not reads(_is_there)(session, change_set):
        raise refuse("change_gone", change=change_set)
    return _all_rows(session, history_filter, change_set, looking)


def _is_there(session: Session, change_set: int) -> bool:
    return history_pages.first_of(session.engine, change_set) is not None


def _all_rows(
    session: Session, history_filter: HistoryFilter, change_set: int | None, looking: Looking = nobody
) -> Iterator[Change]:
    for keys in _pieces(partial(find_rows, session, history_filter, change_set), looking):
        yield from rows(session, [entry for _change_set, entry in keys])


def _pieces(find_more: Callable[..., HistoryPiece], looking: Looking) -> Iterator[Sequence[tuple[int, int]]]:
    """What is found, piece by piece, each as soon as it is found."""
    place: Place | None = Place()
    while place is not None:
        keys, place, at = find_more(place, seconds=PATIENCE)
        if keys:
            looking("")
            yield keys
        looking(at)


@reads
def client_of_key(session: Session, key: str) -> int:
    """The client with a Company ID or number; one that was deleted, too. Refused ("unknown_client")."""
    return of_whom(session, key)


def rows_of_key(
    session: Session, key: str, history_filter: HistoryFilter = EVERYTHING, looking: Looking = nobody
) -> Iterator[Change]:
    """What a filter finds of the history of a client (one that was deleted, too), and of what it brought along from
    another firm, newest first. Refused at once where there is no such client. See `Looking`."""
    everything = all_of_key(session, key)
    if history_filter == EVERYTHING:
        return everything
    changed_here = _all_rows(session, history_filter._replace(client=client_of_key(session, key)), None, looking)
    brought = (change for change in everything if not change.change and says(change, history_filter))
    return chain(changed_here, brought)


@reads
def members(session: Session) -> tuple[tuple[int, str], ...]:
    """Who may have changed something: id and name of every team member, by name."""
    return tuple(history_pages.members(session.engine))


def fields(catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    """The fields by which the history can be filtered, with their labels: those of a client first, then its own ones."""
    chosen: list[tuple[str, str]] = []
    for entity in sorted(ENTITIES.values(), key=lambda entity: entity.name != "client"):
        for attribute in entity.attributes:
            if attribute.of_many:
                own = catalogue.own.values()
                chosen += [(f"{entity.name}.{field.name}", field.title) for field in own]
            elif attribute.shown:
                label = _(attribute.label)
                about = label if entity.name == "client" else f"{_(entity.title)}: {label}"
                chosen.append((f"{entity.name}.{attribute.name}", about))
    return tuple(chosen)
