"""Rows of one file that are likely one and the same client."""

from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from clientdesk.desk.import_clients import NAMED_BY
from clientdesk.desk.import_records import INTO_ROW, How
from clientdesk.desk.lookalikes import MOST, SUREST, by_what, keys_of
from clientdesk.domain.fields import BY_NAME
from clientdesk.domain.fold import fold
from clientdesk.domain.problems import Problem, problem
from clientdesk.store.lookups import Traits
from clientdesk.text import _, whole_number

_ROW_BITS = 29
_ROW = (1 << _ROW_BITS) - 1
_KEY = (1 << 63 - _ROW_BITS) - 1
_AT_ONCE = 100_000
"""So many keys are sorted at once."""
_LOOKED_AT = 20
"""So many earlier rows that share a key with a row are looked at: a name that hundreds bear tells nothing."""
_PART = 500
_SHOWN = 60
_KEPT = frozenset(["company_id", "client_number", NAMED_BY])
"""What a row that takes another one in keeps of its own, where it has it."""


class FileRow(NamedTuple):
    """A new client of the file: its place among the rows, its line, and what it says."""

    id: int
    line: int
    values: Mapping[str, str]


class Resemblance(NamedTuple):
    """A row that resembles earlier ones: the notices that say so, and what becomes of the row ("add", "skip", or
    INTO_ROW with the number of an earlier row)."""

    row: FileRow
    notices: tuple[Problem, ...]
    decided: str


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

    def candidates(self) -> dict[int, list[int]]:
        """The rows that share a key with earlier ones, in their order, each with those."""
        found: dict[int, set[int]] = {}
        parts = 1 + len(self._keys) // _AT_ONCE
        for part in range(parts):
            chosen = (each for each in self._keys if (each >> _ROW_BITS) % parts == part) if parts > 1 else self._keys
            before = last = -1
            group: list[int] = []
            for each in sorted(chosen):
                if each == last:
                    continue
                last = each
                if each >> _ROW_BITS != before:
                    before, group = each >> _ROW_BITS, []
                if group:
                    found.setdefault(each & _ROW, set()).update(group)
                if len(group) < _LOOKED_AT:
                    group.append(each & _ROW)
        return {row: sorted(found[row]) for row in sorted(found)}


def resemblances(candidates: Mapping[int, Sequence[int]], rows: RowsById, how: How) -> Iterator[Resemblance]:
    """The rows that resemble earlier ones, with what the person wants of them."""
    later = list(candidates)
    for start in range(0, len(later), _PART):
        part = later[start : start + _PART]
        known = rows({*part, *(each for row in part for each in candidates[row])})
        for row_id in part:
            row = known.get(row_id)
            earlier = [known[each] for each in candidates[row_id] if each in known]
            if row is not None and (found := _resemblance(row, earlier, how)) is not None:
                yield found


def _resemblance(row: FileRow, earlier: Sequence[FileRow], how: How) -> Resemblance | None:
    alike: list[tuple[int, FileRow, str]] = []
    namesakes: list[FileRow] = []
    for other in earlier:
        field = by_what(row.values, _traits(other))
        if field == "display_name" and _another_person(row.values, other.values):
            namesakes.append(other)
        elif field:
            alike.append((SUREST.index(field), other, field))
    if not alike:
        told = tuple(_same_name(other) for other in namesakes[:1])
        return Resemblance(row, told, "add") if told else None
    alike.sort(key=lambda each: each[:1])
    notices = tuple(_likely(row, other, field) for _rank, other, field in alike[:MOST])
    # A row that brings a Company ID of its own says itself that it is another client.
    decided = how.duplicates.get(row.id) or ("add" if row.values.get("company_id") else how.duplicate_default)
    return Resemblance(row, notices, decided)


def _traits(row: FileRow) -> Traits:
    values = row.values
    return Traits(row.id, "", values["display_name"], "", values.get("email", ""), values.get("tax_id", ""))


def _another_person(values: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two rows of an address book are two people of one company, after which both are called."""
    people = [
        fold(f"{each.get('contact_first_name', '')} {each.get('contact_last_name', '')}") for each in (values, other)
    ]
    after_it = values.get(NAMED_BY) == other.get(NAMED_BY) == "business_name"
    return after_it and all(people) and people[0] != people[1]


def _called(row: FileRow) -> dict[str, object]:
    return {
        "name": _short(row.values["display_name"]),
        "number": _("line {n}").format(n=whole_number(row.line)),
    }


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _likely(row: FileRow, other: FileRow, field: str) -> Problem:
    values = {**_called(other), "value": _short(row.values[field]), "company_id": "", "row": other.id}
    return problem("likely_duplicate", field, label=BY_NAME[field].label, **values)


def _same_name(other: FileRow) -> Problem:
    return problem("same_name", "display_name", **_called(other))


def taken_in(values: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """What a row says after it has taken in another one of the same client: that one's cells that are not blank."""
    named = NAMED_BY in other
    more = {
        name: value
        for name, value in other.items()
        if value and not (name in _KEPT and values.get(name)) and not (named and name in ("display_name", NAMED_BY))
    }
    return {**values, **more}


def into(decided: str) -> int:
    """The row that takes another one in, as it was decided; 0 for none."""
    return int(decided.removeprefix(INTO_ROW)) if decided.startswith(INTO_ROW) else 0
