"""Rows of one file that are likely one and the same client."""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

from clientdesk.desk.imports.import_records import ClientSetup
from clientdesk.desk.imports.lookalikes import MOST, SUREST, by_what, keys_of
from clientdesk.desk.imports.prepared_rows import NAMED_BY
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fold import fold
from clientdesk.domain.import_decisions import ADD, Decision
from clientdesk.domain.judged_row import FileRow
from clientdesk.domain.problems import Problem, problem
from clientdesk.store.client_lookups import Traits
from clientdesk.text import _, shortened, whole_number

_ROW_BITS = 29
_ROW = (1 << _ROW_BITS) - 1
_KEY = (1 << 63 - _ROW_BITS) - 1
_PLACE_BITS = 32
_PLACE = (1 << _PLACE_BITS) - 1
_AT_ONCE = 50_000
"""So many keys are sorted at once."""
_LOOKED_AT = 20
"""So many earlier rows that share a key with a row are looked at: a name that hundreds bear tells nothing."""
_PART = 500
_KEPT = frozenset(["company_id", "client_number", NAMED_BY])
"""What a row that takes another one in keeps of its own, where it has it."""


class Resemblance(NamedTuple):
    """A row that resembles earlier ones: the notices that say so, and what is done with the row."""

    row: FileRow
    notices: tuple[Problem, ...]
    decision: Decision


Candidates = tuple[int, Sequence[int]]
"""The number of a row, and those of earlier rows that may be the same client."""

RowsById = Callable[[Collection[int]], Mapping[int, FileRow]]
"""Reads rows by their numbers; those that are refused, written or no new clients are left out."""


class FileLookalikes:
    """An index of a file's new clients by what they resemble each other by: eight bytes for each name, e-mail and tax
    id. What it finds is looked at in the rows before it counts."""

    def __init__(self) -> None:
        self._keys = array("q")

    def clear(self) -> None:
        """Forgets all rows."""
        del self._keys[:]

    def add(self, row_id: int, values: Mapping[str, str]) -> None:
        """Takes a row in."""
        keep = self._keys.append
        for key in keys_of(fold(values["display_name"]), values.get("email", ""), values.get("tax_id", "")):
            keep((hash(key) & _KEY) << _ROW_BITS | row_id)

    def candidates(self) -> Iterator[Candidates]:
        """The rows that share a key with earlier ones, in their order, each with those."""
        groups, pairs = self._shared()
        row, earlier = 0, set[int]()
        for pair in _by_row(pairs):
            if pair >> _PLACE_BITS != row:
                if earlier:
                    yield row, sorted(earlier)
                row, earlier = pair >> _PLACE_BITS, set()
            place = pair & _PLACE
            while 0 < groups[place] < row:
                earlier.add(groups[place])
                place += 1
        if earlier:
            yield row, sorted(earlier)

    def _shared(self) -> "tuple[array[int], array[int]]":
        """The first rows that have one key, group by group, a 0 behind each; and, for every other row that has it too,
        its number with the place where that group begins."""
        groups, pairs = array("I"), array("q")
        parts = 1 + len(self._keys) // _AT_ONCE
        for part in range(parts):
            part_keys = (key for key in self._keys if (key >> _ROW_BITS) % parts == part) if parts > 1 else self._keys
            before = first = start = -1
            previous = -1
            for key in sorted(part_keys):
                if key == previous:
                    continue
                previous, row = key, key & _ROW
                if key >> _ROW_BITS != before:
                    before, first, start = key >> _ROW_BITS, row, -1
                    continue
                if start < 0:
                    groups.append(0)
                    start = len(groups)
                    groups.append(first)
                pairs.append(row << _PLACE_BITS | start)
                if len(groups) - start < _LOOKED_AT:
                    groups.append(row)
        groups.append(0)
        return groups, pairs


def _by_row(pairs: "array[int]") -> Iterator[int]:
    """Numbers in their order, of which few are held beside the array at a time."""
    parts = 1 + len(pairs) // _AT_ONCE
    end = max(pairs, default=0) + 1
    for part in range(parts):
        low, high = end * part // parts, end * (part + 1) // parts
        yield from sorted(pair for pair in pairs if low <= pair < high)


def resemblances(candidates: Iterable[Candidates], rows: RowsById, setup: ClientSetup) -> Iterator[Resemblance]:
    """The rows that resemble earlier ones, with what the person wants of them."""
    later = iter(candidates)
    while part := list(islice(later, _PART)):
        file_rows = rows({row_id for row, earlier in part for row_id in (row, *earlier)})
        judge = _Resemblances(file_rows, setup)
        for row_id, earlier in part:
            if row_id in file_rows and (resemblance := judge.of(file_rows[row_id], earlier)) is not None:
                yield resemblance


class _Resemblances:
    """Compares rows with earlier ones; what is said of one of these is made once."""

    def __init__(self, rows: Mapping[int, FileRow], setup: ClientSetup) -> None:
        self._rows, self._setup = rows, setup
        self._traits = {row_id: _traits(row) for row_id, row in rows.items()}
        self._likely = cache(lambda row_id, field, value: _likely(rows[row_id], field, value))

    def of(self, row: FileRow, earlier: Sequence[int]) -> Resemblance | None:
        alike: dict[str, list[int]] = {field: [] for field in SUREST}
        surest = alike[next((field for field in SUREST if row.values.get(field)), SUREST[-1])]
        namesake: FileRow | None = None
        for earlier_id in earlier:
            if earlier_id not in self._rows:
                continue
            field = by_what(row.values, self._traits[earlier_id])
            if field == "display_name" and _another_person(row.values, self._rows[earlier_id].values):
                namesake = namesake or self._rows[earlier_id]
            elif field:
                alike[field].append(earlier_id)
                if len(surest) == MOST:
                    break
        likely = (self._likely(earlier_id, field, row.values[field]) for field in SUREST for earlier_id in alike[field])
        notices = tuple(islice(likely, MOST))
        if not notices:
            return Resemblance(row, (_same_name(namesake),), ADD) if namesake else None
        return Resemblance(row, notices, self._setup.decided(row.id, row.values, alike=True))


def _traits(row: FileRow) -> Traits:
    values = row.values
    return Traits(row.id, "", values["display_name"], "", values.get("email", ""), values.get("tax_id", ""))


def _another_person(values: Mapping[str, str], other_values: Mapping[str, str]) -> bool:
    """Whether two rows of an address book are two people of one company, after which both are called."""
    if not values.get(NAMED_BY) == other_values.get(NAMED_BY) == "business_name":
        return False
    people = [
        fold(f"{row_values.get('contact_first_name', '')} {row_values.get('contact_last_name', '')}")
        for row_values in (values, other_values)
    ]
    return all(people) and people[0] != people[1]


def _called(row: FileRow) -> dict[str, object]:
    return {
        "name": shortened(row.values["display_name"]),
        "number": _("line {n}").format(n=whole_number(row.line)),
    }


def _likely(earlier: FileRow, field: str, value: str) -> Problem:
    values = {**_called(earlier), "value": shortened(value), "company_id": "", "row": earlier.id}
    return problem("likely_duplicate", field, label=BUILT_IN.by_name[field].label, **values)


def _same_name(earlier: FileRow) -> Problem:
    return problem("same_name", "display_name", **_called(earlier))


def taken_in(values: Mapping[str, str], taken_values: Mapping[str, str]) -> dict[str, str]:
    """What a row says after it has taken in another one of the same client: that one's cells that are not blank."""
    named_by_other = NAMED_BY in taken_values
    added_values = {
        name: value
        for name, value in taken_values.items()
        if value
        and not (name in _KEPT and values.get(name))
        and not (named_by_other and name in ("display_name", NAMED_BY))
    }
    return {**values, **added_values}
