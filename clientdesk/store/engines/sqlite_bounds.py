"""The triggers by which a file refuses what a column may not hold, made from `store.bounds`.

A row that is there already is judged only by the columns that change: what an older program, or another one, wrote
stays where it is, and everything else of the row can be changed.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate, chain

from clientdesk.domain.bounds import Bound
from clientdesk.store.bounds import BOUNDS
from clientdesk.store.engines.bounds import Ranges, changed, row_condition
from clientdesk.store.engines.quoting import literal
from clientdesk.text import NO_TEXT


def script() -> str:
    """The triggers of all tables."""
    return "".join(_triggers(table, bounds) for table, bounds in BOUNDS.items())


def row_fits(table: str, row: str) -> str:
    """The condition that all of a row (NEW or OLD) is what it may be."""
    return row_condition(_WORDS, row, BOUNDS[table])


def _triggers(table: str, bounds: Mapping[str, Bound]) -> str:
    refuse = f"SELECT RAISE(ABORT, 'clientdesk: a value of {table} is not what its column may hold');"
    return f"""
CREATE TRIGGER {table}_bounds_insert BEFORE INSERT ON {table} WHEN NOT ({row_fits(table, "NEW")}) BEGIN
    {refuse}
END;
CREATE TRIGGER {table}_bounds_update BEFORE UPDATE OF {", ".join(bounds)} ON {table}
WHEN {changed(_WORDS, bounds)} BEGIN
    {refuse}
END;
"""


class _Words:
    """See `bounds.Words`."""

    def differs(self, value: str, other: str) -> str:
        return f"{value} IS NOT {other}"

    def short(self, value: str, limit: int) -> str:
        return f"length({value}) <= {limit}"

    def filled(self, value: str, unseen: Ranges) -> str:
        """GLOB looks at the first character alone in nearly every text."""
        return f"{value} GLOB {literal(f'*[^{_ranges(_of_text(unseen))}]*')}"

    def without(self, value: str, forbidden: Ranges) -> str:
        """Also that it is UTF-8; GLOB and length end at a NUL.

        GLOB walks all the ranges at each character: a few that nearly every text keeps to come first.
        """
        ranges = _ranges(_of_text(forbidden))
        plain = f"{value} NOT GLOB {literal(f'*[^{_ranges(_between(forbidden)[:_COMMON])}]*')}"
        return f"({plain} OR {self.readable(value, ranges)}) AND instr({value}, char(0)) = 0"

    def readable(self, value: str, ranges: str = "") -> str:
        """That it is UTF-8, as far as GLOB can tell, and has no character of these ranges.

        GLOB takes what is no character for U+FFFD; one that stands there itself is left out. A byte between 0xA0 and
        0xBF that stands alone, and some sequences that end early, are taken for another character.
        """
        return f"replace({value}, char(65533), '') NOT GLOB {literal(f'*[{ranges}{chr(65533)}]*')}"

    def moment(self, value: str) -> str:
        form = "-".join(("[0-9]" * 4, "[0-9]" * 2, "[0-9]" * 2)) + "T" + ":".join(["[0-9]" * 2] * 3)
        is_one = f"{value} GLOB '{form}.{'[0-9]' * 3}+00:00' AND julianday({value}) IS NOT NULL"
        return f"({value} IS NULL OR {is_one})"

    def json(self, value: str, shape: str, empty: bool) -> str:
        of_shape = f"json_type({value}) = '{shape}'" if shape else f"json_type({value}) <> 'null'"
        valid = f"CASE WHEN json_valid({value}) THEN {of_shape} ELSE {value} IS NULL END"
        return f"({value} = '' OR {valid})" if empty else valid

    def together(self, values: Sequence[str]) -> str:
        """A blank between them: two halves of a character that stand apart are none."""
        return " || ' ' || ".join(f"ifnull({value}, '')" for value in values)

    def usual(self, value: str, forbidden: Sequence[Ranges]) -> str:
        """LIMIT keeps the text from being put together twice."""
        common = _ranges(_between(tuple(sorted(chain.from_iterable(forbidden))))[:_COMMON])
        plain = f"text NOT GLOB {literal(f'*[^{common}]*')} AND instr(text, char(0)) = 0"
        return f"(SELECT {plain} FROM (SELECT {value} AS text LIMIT 1)) IS TRUE"


_COMMON = 3
"""So many ranges: ASCII, Latin, and where no identifier is among the texts Greek and Cyrillic. One range more makes the
look at the texts of a new client a seventh slower, and a quarter faster where they have Greek letters."""


def _between(forbidden: Ranges) -> Ranges:
    """The ranges between those that are forbidden, which come by their beginnings and may overlap."""
    ends = list(accumulate((high for _low, high in forbidden), max))
    lows = (low for low, _high in forbidden[1:])
    return tuple((before + 1, low - 1) for before, low in zip(ends, lows, strict=False) if before + 1 < low)


def _of_text(codes: Ranges) -> Ranges:
    """Without what is no character, which GLOB takes for U+FFFD."""
    return tuple(span for span in codes if span[0] not in NO_TEXT)


def _ranges(codes: Ranges) -> str:
    """Code points as GLOB has them between brackets."""
    return "".join(f"{chr(max(low, 1))}-{chr(high)}" for low, high in codes)


_WORDS = _Words()
