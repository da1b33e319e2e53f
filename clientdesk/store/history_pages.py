"""The history in pages, by key: what is read for a page does not grow with the history.

The numbers of change sets and of entries count up together, as one writes at a time: newest first is one order of both.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from peewee import Expression, ModelSelect, Select, fn

from clientdesk.domain.history_filter import HistoryFilter
from clientdesk.domain.patch import Key
from clientdesk.store.engines import Engine
from clientdesk.store.history import LAST, Entry, entry_of, entry_query, last_values, values_of
from clientdesk.store.history_models import ChangeSetModel, HistoryModel
from clientdesk.store.models import TeamMemberModel

STRIDE = 20_000
"""So many change sets are looked through in one statement where few of them may be wanted."""

_TAKEN_APART = 2_000
"""So many entries at most are read at once that may have what is looked for."""


MADE_ALONG = ("own_choice", "tag", "template_section", "template_item")
"""The entities whose rows are made along with others: a choice with its field, a tag with the client who gets it, sections
and items with their template."""


class Place(NamedTuple):
    """How far the history was looked through: newest first, up to the entry or change set `before`, which comes next.

    `listed` are the change set and the jobs of which a line was found already.
    """

    before: int = LAST
    listed: frozenset[tuple[str, int]] = frozenset()


class HistoryLine(NamedTuple):
    """A change set, or the change sets of one job, of which this is the latest.

    `rows` is how many entries all of them have; `entry` is one of them, with who, when and what. `begun` and `rest` say
    whether something of them is taken back, and whether there is more to be (see `change_sets.ChangeSet`).
    """

    change_set: int
    rows: int
    entry: Entry
    job: int | None
    undoes: int | None
    begun: bool
    rest: bool


def of_sets(history_filter: HistoryFilter, change_set: Any = ChangeSetModel) -> list[Expression]:
    """What a filter asks of a change set: who, which kind, when."""
    conditions = []
    if history_filter.member is not None:
        conditions.append(change_set.actor == history_filter.member)
    if history_filter.kind:
        end = history_filter.kind + "/"  # the sign behind the dot
        is_kind = change_set.kind == history_filter.kind
        is_of_group = (change_set.kind > f"{history_filter.kind}.") & (change_set.kind < end)
        conditions.append(is_kind if "." in history_filter.kind else is_of_group)
    if history_filter.since:
        conditions.append(change_set.at >= history_filter.first_moment)
    if history_filter.until:
        conditions.append(change_set.at < history_filter.end_moment)
    return conditions


def of_lines(history_filter: HistoryFilter) -> list[Expression]:
    """What a filter asks of a line, a change set that is the latest of its job or of none: a job is of one person and
    of one kind, and is meant by days where a part of it is."""
    lines, first = ChangeSetModel, ChangeSetModel.alias("first")
    conditions = [lines.latest == 1, *of_sets(history_filter._replace(until=""), lines)]
    if history_filter.until:
        begun_at = first.select(first.at).where(first.job == lines.job).order_by(first.id).limit(1)
        conditions.append(fn.COALESCE(begun_at, lines.at) < history_filter.end_moment)
    return conditions


def change_sets(engine: Engine, history_filter: HistoryFilter, before: int, limit: int) -> tuple[list[int], int | None]:
    """The next lines that meet what a filter asks of them, newest first, each by its latest change set; and how far was
    looked (None: to the end). Where many are passed over, there may be fewer than `limit`, or none, before the end."""
    sets = ChangeSetModel
    query = sets.select(sets.id).where(sets.id < before, *of_lines(history_filter))
    lowest = None
    if (
        history_filter.kind or history_filter.since or history_filter.until
    ):  # else none is passed over: a person's are reached by their index
        if (lowest := _stride(engine, before, sets.latest == 1, *_by(history_filter.member))) is None:
            return [], None
        query = query.where(sets.id >= lowest)
    ids = [row[0] for row in engine.execute(query.order_by(sets.id.desc()).limit(limit)).fetchall()]
    return ids, ids[-1] if len(ids) == limit else lowest


class Step(NamedTuple):
    """An entry on the way through the history: its number, that of its change set, the job of that, and where it is
    read, all that was selected of it, as most are passed over before their values need to be known."""

    id: int
    change_set: int
    job: int | None
    row: Sequence[Any] = ()

    @property
    def line(self) -> tuple[str, int]:
        """What tells its line from others."""
        return ("set", self.change_set) if self.job is None else ("job", self.job)

    @property
    def entry(self) -> Entry:
        """The entry, which was read."""
        return entry_of(self.row)

    @property
    def row_of(self) -> tuple[str, Key]:
        """The entity and the key of the row that it is about."""
        return self.row[4], self.row[5]

    @property
    def title_parts(self) -> tuple[str, str, int]:
        """The kind of the change set, its note, and how many rows it has left as they were."""
        return self.row[3], self.row[10], self.row[11]

    @property
    def text(self) -> str:
        """The values before and after, as they are kept (JSON)."""
        return f"{self.row[7] or ''} {self.row[8] or ''}"


def steps(
    engine: Engine,
    history_filter: HistoryFilter,
    before: int,
    limit: int,
    of: int | None = None,
    likely: Sequence[Expression] | None = None,
) -> tuple[list[Step], int | None]:
    """The next entries of the change sets that a filter means, of its client, and of the line `of` alone where there is
    one; newest first, and how far was looked (None: to the end). Its field and words are not asked for, but by `likely`:
    then `limit` entries are looked at, of which few may meet that; None where nothing needs to be read of them."""
    sets, entry = ChangeSetModel, HistoryModel
    query = _numbers() if likely is None else entry_query(sets.job)
    limit = limit if likely is None or likely else min(limit, _TAKEN_APART)
    order, lowest, oldest_entry = [entry.id.desc()], None, 1
    if of is not None:
        of_line, oldest_entry, behind_line = _of_line(engine, of)
        before = min(before, behind_line)
        query = query.where(of_line, entry.id >= oldest_entry)
    query = query.where(entry.id < before, *of_sets(history_filter), *(likely or ()))
    if history_filter.client is not None:
        query = query.where(entry.entity == "client", entry.key == str(history_filter.client))
    elif of is None and history_filter.asks_sets:
        # By way of the change sets: the entries of those that are not meant are not looked at.
        newest = _value(engine, entry.select(entry.change_set).where(entry.id < before).order_by(*order).limit(1))
        oldest = None if newest is None else _stride(engine, newest + 1, *_by(history_filter.member))
        if oldest is None:
            return [], None
        behind = entry.select(entry.id).where(entry.change_set >= oldest).order_by(entry.change_set, entry.id).limit(1)
        lowest = _value(engine, behind)
        query, order = query.where(sets.id.between(oldest, newest)), [sets.id.desc(), *order]
    if likely and history_filter.client is None:
        part, reached = _likely(engine, query.order_by(*order), before, limit, lowest or 1)
        return part, reached if reached > oldest_entry else None
    rows = engine.execute(query.order_by(*order).limit(limit)).fetchall()
    of_rows = [Step(*row) if likely is None else _step(row) for row in rows]
    return of_rows, rows[-1][0] if len(rows) == limit else lowest


def _likely(engine: Engine, query: "ModelSelect[Any]", before: int, limit: int, lowest: int) -> tuple[list[Step], int]:
    """Those of the next `limit` entries that a query finds, and how far was looked, at most to the entry `lowest`:
    entries are numbered without a gap."""
    entry = HistoryModel
    newest = _value(engine, entry.select(fn.MAX(entry.id)).where(entry.id < before)) or 0
    reached = max(newest + 1 - limit, lowest)
    rows = engine.execute(query.where(entry.id >= reached).limit(_TAKEN_APART)).fetchall()
    return list(map(_step, rows)), rows[-1][0] if len(rows) == _TAKEN_APART else reached


def _step(row: Sequence[Any]) -> Step:
    return Step(row[0], row[9], row[-1], row)


def _numbers() -> "ModelSelect[Any]":
    return HistoryModel.select(HistoryModel.id, HistoryModel.change_set, ChangeSetModel.job).join(
        ChangeSetModel, on=(ChangeSetModel.id == HistoryModel.change_set)
    )


def _of_line(engine: Engine, change_set: int) -> tuple[Expression, int, int]:
    """That an entry is of a change set, or of the job that this is of; the first entry of that, and the one behind its
    last: others may have written in between."""
    sets, entry = ChangeSetModel, HistoryModel
    job = _value(engine, sets.select(sets.job).where(sets.id == change_set))
    if job is None:
        first = last = change_set
    else:
        query = sets.select(fn.MIN(sets.id), fn.MAX(sets.id)).where(sets.job == job)
        first, last = engine.execute(query).fetchone()
    last_entry = _value(engine, entry.select(fn.MAX(entry.id)).where(entry.change_set == last)) or 0
    is_of_it = entry.change_set == change_set if job is None else sets.job == job
    return is_of_it, first_of(engine, first) or 0, last_entry + 1


def first_rows(engine: Engine, change_set: int, limit: int) -> list[int]:
    """Entries of the first rows of the line of a change set, by their keys, counted ones in the order of their ids: so the
    line that takes it back has the same rows first, in whatever order either was written."""
    of_line, _oldest, _behind = _of_line(engine, change_set)
    entry = HistoryModel
    query = entry.select(entry.id).join(ChangeSetModel, on=(ChangeSetModel.id == entry.change_set)).where(of_line)
    query = query.order_by(entry.entity.in_(MADE_ALONG), entry.entity, fn.LENGTH(entry.key), entry.key, entry.id).limit(
        limit
    )
    return [row[0] for row in engine.execute(query).fetchall()]


def made_along(engine: Engine, change_set: int) -> dict[str, int]:
    """How many entries of the line of a change set are about rows that were made along with others, by their entity."""
    of_line, oldest, behind = _of_line(engine, change_set)
    entry = HistoryModel
    query = entry.select(entry.entity, fn.COUNT(entry.id)).join(
        ChangeSetModel, on=(ChangeSetModel.id == entry.change_set)
    )
    query = query.where(of_line, entry.entity.in_(MADE_ALONG), entry.id >= oldest, entry.id < behind)
    return dict(engine.execute(query.group_by(entry.entity).order_by(entry.entity.desc())).fetchall())


def not_of_jobs(jobs: Collection[int]) -> list[Expression]:
    """That an entry is of none of these jobs."""
    job = ChangeSetModel.job
    return [job.is_null() | job.not_in(sorted(jobs))] if jobs else []


def moment(engine: Engine, before: int, of_entries: bool) -> str:
    """When the change set was made that stands before another one, or whose entries stand before one (ISO 8601, UTC);
    "" for none."""
    sets, entry = ChangeSetModel, HistoryModel
    query = sets.select(sets.at)
    if of_entries:
        query = query.join(entry, on=(entry.change_set == sets.id)).where(entry.id < before).order_by(entry.id.desc())
    else:
        query = query.where(sets.id < before).order_by(sets.id.desc())
    row = engine.execute(query.limit(1)).fetchone()
    return "" if row is None else str(row[0])


def _by(member: int | None) -> list[Expression]:
    """That a change set is a member's: its index leads past all others."""
    return [] if member is None else [ChangeSetModel.actor == member]


def _stride(engine: Engine, before: int, *of: Expression) -> int | None:
    """The change set that stands so many before another one, of those that meet conditions; None where there is none."""
    sets = ChangeSetModel
    part = sets.select(sets.id).where(sets.id < before, *of).order_by(sets.id.desc()).limit(STRIDE).alias("part")
    return _value(engine, Select([part], [fn.MIN(part.c.id)]))


def first_of(engine: Engine, change_set: int) -> int | None:
    """The first entry of a change set; None where there is no such change set."""
    if change_set > LAST:
        return None
    return _value(engine, HistoryModel.select(fn.MIN(HistoryModel.id)).where(HistoryModel.change_set == change_set))


def _value(engine: Engine, query: "Select | ModelSelect[Any]") -> int | None:
    """The one number that a query gives; None for none."""
    row = engine.execute(query).fetchone()
    return None if row is None else row[0]


def by_ids(engine: Engine, ids: Sequence[int]) -> list[Entry]:
    """The entries with these numbers, newest first."""
    query = entry_query(last_values()).where(HistoryModel.id << list(ids)).order_by(HistoryModel.id.desc())
    return [_with_last(entry_of(row), row[-1]) for row in engine.execute(query).fetchall()]


def _with_last(entry: Entry, last: str | None) -> Entry:
    return entry._replace(values_when_deleted=values_of(last)) if last is not None else entry


def lines(engine: Engine, keys: Mapping[int, int]) -> list[HistoryLine]:
    """The lines of change sets, newest first: `keys` says by change set which entry stands for it, 0 for its latest.

    What a line `undoes` is a line, too: of a job, its latest change set. How many entries a line has was counted when they were written: of a job, in its latest change set.
    """
    sets, newest, latest = ChangeSetModel, ChangeSetModel.alias("newest"), HistoryModel.alias("latest")
    of_job = newest.select(newest.total).where(newest.job == sets.job).order_by(newest.id.desc()).limit(1)
    chosen = [entry for entry in keys.values() if entry]
    of_set = latest.select(latest.id).where(latest.change_set == sets.id).order_by(latest.id.desc()).limit(1)
    stands = fn.COALESCE(of_set.where(latest.entity.not_in(MADE_ALONG)), of_set)
    query = (
        entry_query(last_values(), fn.COALESCE(of_job, sets.total), sets.job, _line_undone(), *_undone())
        .where(sets.id << list(keys), HistoryModel.id << chosen if chosen else HistoryModel.id == stands)
        .order_by(HistoryModel.id.desc())
    )
    return [_line(row) for row in engine.execute(query).fetchall()]


def _line(row: Sequence[Any]) -> HistoryLine:
    last, rows, job, undoes, is_begun, has_rest = row[-6:]
    return HistoryLine(row[9], rows, _with_last(entry_of(row), last), job, undoes, bool(is_begun), bool(has_rest))


def _line_undone() -> Any:
    """The line that a change set takes back something of; none for one that takes nothing back."""
    of, newest = ChangeSetModel.alias("undone"), ChangeSetModel.alias("newest_undone")
    job = of.select(of.job).where(of.id == ChangeSetModel.undoes)
    return fn.COALESCE(newest.select(fn.MAX(newest.id)).where(newest.job == job), ChangeSetModel.undoes)


def line_of(engine: Engine, change_set: int) -> tuple[int, int]:
    """The line that a change set is a part of: the number of its latest one, and how many entries all have; 0 and 0
    where there is none."""
    sets = ChangeSetModel
    job = _value(engine, sets.select(sets.job).where(sets.id == change_set))
    query = (
        sets.select(sets.id, sets.total)
        .where(sets.id == change_set if job is None else sets.job == job)
        .order_by(sets.id.desc())
        .limit(1)
    )
    row = engine.execute(query).fetchone()
    return (0, 0) if row is None else (row[0], row[1])


def _undone() -> list[Any]:
    """Whether something of a line is taken back, and whether there is more to be: of a job, of any of its change sets."""
    of, part = ChangeSetModel, ChangeSetModel.alias("part")

    def any_of_line(column: str) -> Any:
        of_job = part.select(part.id).where(part.job == of.job, getattr(part, column) == 1)
        return (getattr(of, column) == 1) | fn.EXISTS(of_job)

    return [any_of_line("begun"), any_of_line("rest")]


def members(engine: Engine) -> list[tuple[int, str]]:
    """The team's members, who may have changed something: id and name, by name."""
    query = TeamMemberModel.select(TeamMemberModel.id, TeamMemberModel.name).order_by(TeamMemberModel.name_key)
    return [tuple(row) for row in engine.execute(query).fetchall()]
