"""The triggers by which a file refuses what a column may not hold, made from `domain.bounds`.

A row that is there already is judged only by the columns that change: what an older program, or another one, wrote
stays where it is, and everything else of the row can be changed.
"""

from collections.abc import Iterator, Mapping

from clientdesk.domain.bounds import BLANKS, BOUNDS, Bound, Json, Moment, Number, Size, Text
from clientdesk.text import NO_TEXT


def script() -> str:
    """The triggers of all tables."""
    return "".join(_triggers(table, bounds) for table, bounds in BOUNDS.items())


def kept(table: str, row: str) -> str:
    """The condition that all of a row (NEW or OLD) is what it may be."""
    return " AND ".join(_whole(row, BOUNDS[table]))


def _triggers(table: str, bounds: Mapping[str, Bound]) -> str:
    changed = " OR ".join(
        f"(NEW.{column} IS NOT OLD.{column} AND NOT ({_condition(f'NEW.{column}', bound)}))"
        for column, bound in bounds.items()
    )
    refuse = f"SELECT RAISE(ABORT, 'clientdesk: a value of {table} is not what its column may hold');"
    return f"""
CREATE TRIGGER {table}_bounds_insert BEFORE INSERT ON {table} WHEN NOT ({kept(table, "NEW")}) BEGIN
    {refuse}
END;
CREATE TRIGGER {table}_bounds_update BEFORE UPDATE OF {", ".join(bounds)} ON {table}
WHEN {changed} BEGIN
    {refuse}
END;
"""


def _whole(row: str, bounds: Mapping[str, Bound]) -> Iterator[str]:
    """The conditions on all columns; texts of the same kind are looked through together, as that costs a third."""
    alike: dict[tuple[tuple[int, int], ...], list[str]] = {}
    for column, bound in bounds.items():
        value = f"{row}.{column}"
        if isinstance(bound, Text) and not bound.choices:
            alike.setdefault(bound.forbidden, []).append(value)
            if bound.limit:
                yield _short(value, bound.limit)
            if bound.filled:
                yield _filled(value)
        else:
            yield _condition(value, bound)
    for forbidden, values in alike.items():
        yield _without(" || ".join(values), forbidden)


def _condition(value: str, bound: Bound) -> str:
    match bound:
        case Text(choices=choices) if choices:
            return f"{value} IN ({', '.join(map(_quoted, choices))})"
        case Text(limit=limit, filled=filled):
            within = f"{_short(value, limit)} AND " if limit else ""
            within += f"{_filled(value)} AND " if filled else ""
            return within + _without(value, bound.forbidden)
        case Size(limit=limit):
            return f"{_short(value, limit)} AND {_readable(value)}"
        case Number(low=low, high=high):
            return f"{value} BETWEEN {low} AND {high}"
        case Moment():
            form = "-".join(("[0-9]" * 4, "[0-9]" * 2, "[0-9]" * 2)) + "T" + ":".join(["[0-9]" * 2] * 3)
            return f"{value} GLOB '{form}.{'[0-9]' * 3}+00:00' AND julianday({value}) IS NOT NULL"
        case Json(shape=shape, empty=empty):
            of_shape = f"json_type({value}) = '{shape}'" if shape else f"json_type({value}) <> 'null'"
            valid = f"CASE WHEN json_valid({value}) THEN {of_shape} ELSE {value} IS NULL END"
            return f"({value} = '' OR {valid}) AND {_readable(value)}" if empty else f"{valid} AND {_readable(value)}"


def _short(value: str, limit: int) -> str:
    return f"length({value}) <= {limit}"


def _filled(value: str) -> str:
    return f"trim({value}, {_quoted(BLANKS)}) <> ''"


def _without(value: str, forbidden: tuple[tuple[int, int], ...]) -> str:
    """The condition that a text has none of these code points and is UTF-8; GLOB and length end at a NUL."""
    ranges = "".join(f"{chr(max(low, 1))}-{chr(high)}" for low, high in forbidden if low not in NO_TEXT)
    return f"{_readable(value, ranges)} AND instr({value}, char(0)) = 0"


def _readable(value: str, ranges: str = "") -> str:
    """The condition that a text is UTF-8, as far as GLOB can tell, and has no character of these ranges.

    GLOB takes what is no character for U+FFFD; one that stands there itself is left out. A byte between 0xA0 and 0xBF
    that stands alone, and some sequences that end early, are taken for another character.
    """
    return f"replace({value}, char(65533), '') NOT GLOB {_quoted(f'*[{ranges}{chr(65533)}]*')}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
