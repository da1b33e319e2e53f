"""The triggers by which a server refuses what a column may not hold, made from `domain.bounds`.

A row that is there already is judged only by the columns that change: a CHECK would look at the whole row, so that one
that an older program let in could not be changed any more, nor a thousand others in one statement with it.
"""

from collections.abc import Iterator, Mapping

from clientdesk.domain.bounds import BLANKS, BOUNDS, Bound, Json, Moment, Number, Size, Text
from clientdesk.text import NO_TEXT

_NO_TEXT = ((NO_TEXT[0], NO_TEXT[-1]),)

FUNCTION = """
CREATE OR REPLACE FUNCTION out_of_bounds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'clientdesk: a value of % is not what its column may hold', TG_TABLE_NAME USING ERRCODE = '23514';
END
$$;
"""


def triggers() -> str:
    """The triggers of all tables."""
    return "".join(_triggers(table, bounds) for table, bounds in BOUNDS.items())


def _triggers(table: str, bounds: Mapping[str, Bound]) -> str:
    changed = " OR ".join(
        f"(NEW.{column} IS DISTINCT FROM OLD.{column} AND NOT ({_condition(f'NEW.{column}', bound)}))"
        for column, bound in bounds.items()
    )
    return f"""
CREATE TRIGGER bounds_of_new BEFORE INSERT ON {table} FOR EACH ROW
    WHEN (NOT ({" AND ".join(_whole(bounds))})) EXECUTE FUNCTION out_of_bounds();
CREATE TRIGGER bounds_of_changed BEFORE UPDATE ON {table} FOR EACH ROW
    WHEN ({changed}) EXECUTE FUNCTION out_of_bounds();
"""


def _whole(bounds: Mapping[str, Bound]) -> Iterator[str]:
    """The conditions on all columns of a new row; texts of the same kind are looked through together."""
    alike: dict[tuple[tuple[int, int], ...], list[str]] = {}
    for column, bound in bounds.items():
        value = f"NEW.{column}"
        if isinstance(bound, Text) and not bound.choices:
            alike.setdefault(bound.forbidden, []).append(value)
            if bound.limit:
                yield _short(value, bound.limit)
            if bound.filled:
                yield _filled(value)
        else:
            yield _condition(value, bound)
    for forbidden, values in alike.items():
        yield _without(f"concat({', '.join(values)})", forbidden)


def _condition(value: str, bound: Bound) -> str:
    match bound:
        case Text(choices=choices) if choices:
            return f"{value} IN ({', '.join(map(_quoted, choices))})"
        case Text(limit=limit, filled=filled):
            within = f"{_short(value, limit)} AND " if limit else ""
            within += f"{_filled(value)} AND " if filled else ""
            return within + _without(value, bound.forbidden)
        case Size(limit=limit):
            return f"{_short(value, limit)} AND {_without(value, _NO_TEXT)}"
        case Number(low=low, high=high):
            return f"{value} BETWEEN {low} AND {high}"
        case Moment():
            form = r"'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$'"
            return f"CASE WHEN {value} ~ {form} THEN {value}::timestamptz IS NOT NULL ELSE {value} IS NULL END"
        case Json(shape=shape, empty=empty):  # what is no JSON at all ends in the server's own 22P02
            of_shape = f"= '{shape}'" if shape else "<> 'null'"
            empty_too = f" WHEN {value} = '' THEN true" if empty else ""
            valid = f"CASE{empty_too} WHEN json_typeof({value}::json) {of_shape} THEN true ELSE {value} IS NULL END"
            return f"{valid} AND {_without(value, _NO_TEXT)}"


def _short(value: str, limit: int) -> str:
    return f"char_length({value}) <= {limit}"


def _filled(value: str) -> str:
    return f"btrim({value}, {_quoted(BLANKS)}) <> ''"


def _without(value: str, forbidden: tuple[tuple[int, int], ...]) -> str:
    """The condition that a text has none of these code points."""
    ranges = "".join(f"{_sign(max(low, 1))}-{_sign(high)}" for low, high in forbidden)
    return f"{value} !~ '[{ranges}]'"


def _sign(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
