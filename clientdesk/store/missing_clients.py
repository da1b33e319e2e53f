"""Where a client may be that is not in the list: near names and numbers, deleted clients, refused rows."""

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from peewee import Expression, fn

from clientdesk.domain.bounds import parsed
from clientdesk.domain.fold import fold, number_key, number_sort
from clientdesk.domain.kept_json import is_problem
from clientdesk.domain.near_names import NearName, Nearness, near_numbers
from clientdesk.store.engines import Engine
from clientdesk.store.engines.gone_names import text_of_cells, text_when_deleted
from clientdesk.store.engines.peewee_text import among
from clientdesk.store.history import Entry, entry_of, entry_query, row_id, values_of
from clientdesk.store.history_models import DeletedClientModel, HistoryModel
from clientdesk.store.history_words import may_have_said
from clientdesk.store.import_models import ImportRefusalModel, ImportRunModel
from clientdesk.store.models import ClientModel, TeamMemberModel

_CLIENT: Any = ClientModel  # the catalogue of fields gives it its columns
_DELETED, _REFUSAL, _RUN = DeletedClientModel, ImportRefusalModel, ImportRunModel
_LOOKED_AT = 20_000
"""So many rows at most are held against a typed name that have a piece of it."""
LOOKED_BACK = 50_000
"""So many entries of the history at most are looked through for what clients were called before, the latest ones."""
_JUDGED = 4_000
"""So many of these at most are read that may say it."""
_NAMING = ("display_name", "business_name", "client_number")
_AT_ONCE = 2_000


class Called(NamedTuple):
    """A client as it is told of."""

    id: int
    name: str
    number: str
    company_id: str
    status: str


class Refusal(NamedTuple):
    """A refused row: the run of the import, its file and moment (ISO 8601, UTC), who imported, where it stands in the
    file, its first cells, code, field and values of the reason (None where that cannot be read), and whether one of its cells
    is just what was typed."""

    run: int
    file: str
    at: str
    who: str
    place: int
    line: int
    cells: str
    problem: Any
    is_called_so: bool


def called(engine: Engine, client_ids: Sequence[int]) -> dict[int, Called]:
    """The clients with these ids, by id."""
    if not client_ids:
        return {}
    columns = (_CLIENT.id, _CLIENT.display_name, _CLIENT.client_number, _CLIENT.company_id, _CLIENT.status)
    rows = engine.execute(_CLIENT.select(*columns).where(engine.one_of(_CLIENT.id, client_ids))).fetchall()
    return {row[0]: Called(*row) for row in rows}


def present(engine: Engine, company_ids: Sequence[str]) -> set[str]:
    """Which of these Company IDs clients of the firm have."""
    if not company_ids:
        return set()
    rows = engine.execute(
        _CLIENT.select(_CLIENT.company_id).where(_CLIENT.company_id.in_(among(company_ids)))
    ).fetchall()
    return {row[0] for row in rows}


# --- near names and numbers


def near_by_name(engine: Engine, name: NearName) -> list[tuple[Nearness, int]]:
    """The clients whose display or business name is near a typed one, and how near; the nearest first."""
    if not name.pieces:
        return []
    columns = (_CLIENT.id, _CLIENT.display_name_sort, _CLIENT.business_name_sort)
    query = _CLIENT.select(*columns).limit(_LOOKED_AT)
    rows = engine.execute(query.where(*_pieces(engine, _CLIENT.search_text, name))).fetchall()
    for beginning in name.beginnings:
        begins = (_CLIENT.display_name_sort >= beginning) & (_CLIENT.display_name_sort < _behind(beginning))
        rows += engine.execute(query.where(begins)).fetchall()
    near: dict[int, Nearness] = {}
    for client_id, display_name, business_name in rows:
        if client_id not in near and (nearness := _nearest(name, display_name, business_name)) is not None:
            near[client_id] = nearness
    return sorted((nearness, client_id) for client_id, nearness in near.items())


def _pieces(engine: Engine, column: Any, name: NearName) -> list[Expression]:
    """That a search text has at least one piece of each typed word."""
    return [engine.any_of(column, pieces) for pieces in name.pieces]


def _behind(beginning: str) -> str:
    """What stands behind all texts that begin so."""
    return beginning + "\U0010ffff"


def _nearest(name: NearName, *folded_names: str) -> Nearness | None:
    nearness = [near for folded in folded_names if folded and (near := name.nearness(folded)) is not None]
    return min(nearness, default=None)


def near_by_number(engine: Engine, typed: str) -> list[int]:
    """The clients whose number, or Company ID, is a slip from a typed one, or the same but for zeros before it: first
    those with other zeros, then those of which two signs have changed places, each in the order of their numbers."""
    numbers, typed_sort, signs = near_numbers(typed), number_sort(typed), sorted(number_key(typed))
    if not numbers:
        return []
    conditions = (
        _CLIENT.number_key.in_(among(sorted(numbers))),
        _CLIENT.number_sort == typed_sort,
        _CLIENT.company_id.in_(among(sorted(number.upper() for number in numbers))),
    )
    columns = (_CLIENT.id, _CLIENT.number_sort, _CLIENT.number_key, _CLIENT.company_id)
    near: dict[int, tuple[bool, bool, str]] = {}
    for condition in conditions:  # each by its own index
        for client_id, sort, number, company_id in engine.execute(_CLIENT.select(*columns).where(condition)).fetchall():
            has_signs = signs in (sorted(number or ""), sorted(company_id.lower()))
            near[client_id] = sort != typed_sort, not has_signs, sort
    return sorted(near, key=lambda client_id: near[client_id])


# --- what is gone, and what never came


def deleted(engine: Engine, words: Sequence[str], name: NearName, limit: int) -> list[tuple[int, bool]]:
    """The deleted clients in whose texts all folded words occur, and those whose names are near (True), the latest
    first."""
    exact = engine.execute(_DELETED.select(_DELETED.client_id).where(*_words(engine, _DELETED.search_text, words)))
    ids = dict.fromkeys((row[0] for row in exact.fetchall()), False)
    if not ids and name.pieces:
        query = _DELETED.select(_DELETED.client_id, _DELETED.search_text).limit(_LOOKED_AT)
        rows = engine.execute(query.where(*_pieces(engine, _DELETED.search_text, name))).fetchall()
        ids = {row[0]: True for row in rows if name.nearness(row[1].rstrip()) is not None}
    return list(ids.items())[:limit]


def _words(engine: Engine, column: Any, words: Sequence[str]) -> list[Expression]:
    return [engine.any_of(column, [word]) for word in words]


def last_entries(engine: Engine, client_ids: Sequence[int]) -> list[Entry]:
    """With which entries clients were deleted, the latest first."""
    latest = HistoryModel.select(fn.MAX(HistoryModel.id)).where(
        HistoryModel.entity == "client", HistoryModel.key << [str(client_id) for client_id in client_ids]
    )
    query = entry_query().where(HistoryModel.id << latest.group_by(HistoryModel.key))
    rows = engine.execute(query.where(HistoryModel.operation == "delete").order_by(HistoryModel.id.desc())).fetchall()
    return [entry_of(row) for row in rows]


class Renaming(NamedTuple):
    """That a client came to be called otherwise: with which entry, and what it was called before."""

    client_id: int
    entry: Entry
    was: str


class Renamings(NamedTuple):
    """Clients that came to be called otherwise. Of how many entries of the history, the last ones, that was asked; 0: of
    all."""

    renamings: list[Renaming]
    looked_back: int


def renamed(engine: Engine, words: Sequence[str], limit: int) -> Renamings:
    """The clients of which a name or the number had all folded words before it was changed, the latest change first; one
    change of each."""
    entry = HistoryModel
    first = _first_looked_at(engine)
    touches = reduce(or_, [engine.holds(entry.old, f'"{name}"') for name in _NAMING])
    query = entry.select(entry.id, entry.key, entry.old).where(entry.id >= first, entry.entity == "client")
    query = query.where(entry.operation == "update", touches, *may_have_said(engine, entry.old, words))
    rows = engine.execute(query.order_by(entry.id.desc()).limit(_JUDGED)).fetchall()
    changes: dict[int, tuple[int, str]] = {}
    for entry_id, key, old in rows:
        client_id, values = row_id(key), values_of(old)
        texts = [str(values.get(name) or "") for name in _NAMING]
        was = next((text for text in texts if text and all(word in fold(text) for word in words)), "")
        if was and client_id not in changes and len(changes) < limit:
            changes[client_id] = entry_id, was
    looked_back = LOOKED_BACK if first else 0
    if len(rows) == _JUDGED:
        looked_back = engine.execute(entry.select(fn.COUNT(entry.id)).where(entry.id >= rows[-1][0])).fetchone()[0]
    ids = [entry_id for entry_id, _was in changes.values()]
    entry_rows = engine.execute(entry_query().where(entry.id << ids)).fetchall() if ids else ()
    entries = {one.id: one for one in map(entry_of, entry_rows)}
    return Renamings([Renaming(client, entries[number], was) for client, (number, was) in changes.items()], looked_back)


def _first_looked_at(engine: Engine) -> int:
    """The first of the last entries of the history; 0 where these are all."""
    ids = HistoryModel.select(HistoryModel.id).order_by(HistoryModel.id.desc())
    row = engine.execute(ids.offset(LOOKED_BACK - 1).limit(1)).fetchone()
    return row[0] if row is not None else 0


def made_inactive(engine: Engine, client_id: int) -> Entry | None:
    """The entry that made a client inactive last, or added it so; None where none says that."""
    entry = HistoryModel
    says_so = engine.holds(entry.new, '"status":"inactive"')
    query = entry_query().where(entry.entity == "client", entry.key == str(client_id), says_so)
    for row in engine.execute(query.order_by(entry.id.desc())).fetchall():
        if (entry_then := entry_of(row)).new.get("status") == "inactive":
            return entry_then
    return None


def refused(engine: Engine, words: Sequence[str], name: NearName, limit: int) -> list[Refusal]:
    """The rows of error logs that are still refused in which all folded words occur, else those with a near name; the
    latest import first."""
    columns = (_RUN.id, _RUN.file, _RUN.at, TeamMemberModel.name, _REFUSAL.place, _REFUSAL.line, _REFUSAL.cells)
    query = (
        _REFUSAL.select(*columns, _REFUSAL.problem, _REFUSAL.search_text)
        .join(_RUN, on=(_RUN.id == _REFUSAL.run))
        .join(TeamMemberModel, on=(TeamMemberModel.id == _RUN.actor))
        .where(_REFUSAL.verdict == "refused")
        .order_by(_RUN.id.desc(), _REFUSAL.place)
    )
    rows = engine.execute(query.where(*_words(engine, _REFUSAL.search_text, words)).limit(limit)).fetchall()
    if not rows and name.pieces:
        pieces = _pieces(engine, _REFUSAL.search_text, name)
        near = engine.execute(query.where(*pieces).limit(_LOOKED_AT)).fetchall()
        rows = [row for row in near if name.nearness(row[-1].rstrip()) is not None][:limit]
    return [_refusal(row, set(words)) for row in rows]


def _refusal(row: Sequence[Any], words: set[str]) -> Refusal:
    texts = _cell_texts(row[6])
    is_called_so = any(set(fold(text).split()) == words for text in texts)
    return Refusal._make((*row[:6], " · ".join(texts[:3]), _problem(row[7]), is_called_so))


def _cell_texts(cells: str) -> list[str]:
    """What stands in the cells of a row that are not empty."""
    read = parsed(cells, "array")
    texts = (
        [str(cell[1]) for cell in read if isinstance(cell, list) and len(cell) == 2] if isinstance(read, list) else []
    )
    return [text for text in texts if text.strip()]


def _problem(text: str) -> Any:
    kept = parsed(text, "array")
    return kept if is_problem(kept) else None


def looked_through(engine: Engine) -> tuple[int, int]:
    """How many deleted clients and how many refused rows there are."""
    refusals = _REFUSAL.select(fn.COUNT(_REFUSAL.place)).where(_REFUSAL.verdict == "refused")
    deleted_clients, rows = engine.execute(_DELETED.select(fn.COUNT(_DELETED.client_id), refusals)).fetchone()
    return deleted_clients, rows


# --- whether the index is what it must be


class WrongText(NamedTuple):
    """A deleted client (`run` is 0), or a refused row by its run and place, that is found by another text than it has,
    or that is not found at all."""

    client_id: int
    run: int = 0
    place: int = 0


def wrong_texts(engine: Engine) -> Iterator[WrongText]:
    """All of them. Call it inside `engine.reading()`."""
    entry, last = HistoryModel, HistoryModel.alias("last")
    latest = last.select(fn.MAX(last.id)).where(last.entity == "client", last.key == entry.key)
    was_deleted = (entry.entity == "client") & (entry.operation == "delete") & (entry.id == latest)
    query = entry.select(entry.id, entry.key, entry.old).where(was_deleted).order_by(entry.id).limit(_AT_ONCE)
    after = 0
    while part := engine.execute(query.where(entry.id > after)).fetchall():
        texts = {row_id(key): text_when_deleted(old) for _id, key, old in part}
        of_these = _DELETED.select(_DELETED.client_id, _DELETED.search_text)
        present = dict(engine.execute(of_these.where(engine.one_of(_DELETED.client_id, list(texts)))).fetchall())
        yield from (WrongText(client_id) for client_id, text in texts.items() if present.get(client_id) != text)
        after = part[-1][0]
    deletion = entry.select(entry.id).where(was_deleted, entry.key == _DELETED.client_id.cast("text"))
    strange = _DELETED.select(_DELETED.client_id).where(~fn.EXISTS(deletion)).order_by(_DELETED.client_id)
    yield from (WrongText(row[0]) for row in engine.execute(strange.limit(_AT_ONCE)).fetchall())
    for run, place, cells, text in _refused_texts(engine):
        if text_of_cells(cells) != text:
            yield WrongText(0, run, place)


def _refused_texts(engine: Engine) -> Iterator[Any]:
    columns = (_REFUSAL.run, _REFUSAL.place, _REFUSAL.cells, _REFUSAL.search_text)
    query = _REFUSAL.select(*columns).order_by(_REFUSAL.run, _REFUSAL.place).limit(_AT_ONCE)
    page = query
    while part := engine.execute(page).fetchall():
        yield from part
        run, place = part[-1][:2]
        page = query.where((_REFUSAL.run > run) | ((_REFUSAL.run == run) & (_REFUSAL.place > place)))
