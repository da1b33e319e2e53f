"""The triggers by which a server refuses what a column may not hold, made from `store.bounds`.

A row that is there already is judged only by the columns that change: a CHECK would look at the whole row, so that one
that an older program let in could not be changed any more, nor a thousand others in one statement with it.
"""

from collections.abc import Mapping, Sequence

from clientdesk.domain.bounds import Bound
from clientdesk.store.bounds import BOUNDS
from clientdesk.store.engines.bounds import Ranges, changed, row_condition
from clientdesk.store.engines.postgres_script import function
from clientdesk.text import NO_TEXT

_NO_TEXT = ((NO_TEXT[0], NO_TEXT[-1]),)

FUNCTION = f"""
{function("out_of_bounds()")}
BEGIN
    RAISE EXCEPTION 'clientdesk: a value of % is not what its column may hold', TG_TABLE_NAME USING ERRCODE = '23514';
END
$$;
"""


def triggers() -> str:
    """The triggers of all tables."""
    return "".join(_triggers(table, bounds) for table, bounds in BOUNDS.items())


def _triggers(table: str, bounds: Mapping[str, Bound]) -> str:
    return f"""
CREATE TRIGGER bounds_of_new BEFORE INSERT ON {table} FOR EACH ROW
    WHEN (NOT ({row_condition(_WORDS, "NEW", bounds)})) EXECUTE FUNCTION out_of_bounds();
CREATE TRIGGER bounds_of_changed BEFORE UPDATE ON {table} FOR EACH ROW
    WHEN ({changed(_WORDS, bounds)}) EXECUTE FUNCTION out_of_bounds();
"""


class _Words:
    """See `bounds.Words`."""

    def differs(self, value: str, other: str) -> str:
        return f"{value} IS DISTINCT FROM {other}"

    def short(self, value: str, limit: int) -> str:
        return f"char_length({value}) <= {limit}"

    def filled(self, value: str, unseen: Ranges) -> str:
        return f"{value} ~ '[^{_ranges(unseen)}]'"

    def without(self, value: str, forbidden: Ranges) -> str:
        return f"{value} !~ '[{_ranges(forbidden)}]'"

    def readable(self, value: str) -> str:
        return self.without(value, _NO_TEXT)

    def moment(self, value: str) -> str:
        form = r"'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$'"
        return f"CASE WHEN {value} ~ {form} THEN {value}::timestamptz IS NOT NULL ELSE {value} IS NULL END"

    def json(self, value: str, shape: str, empty: bool) -> str:
        """What is no JSON at all ends in the server's own 22P02."""
        of_shape = f"= '{shape}'" if shape else "<> 'null'"
        empty_too = f" WHEN {value} = '' THEN true" if empty else ""
        return f"CASE{empty_too} WHEN json_typeof({value}::json) {of_shape} THEN true ELSE {value} IS NULL END"

    def together(self, values: Sequence[str]) -> str:
        return f"concat({', '.join(values)})"

    def usual(self, _value: str, _forbidden: Sequence[Ranges]) -> str:
        return ""


def _ranges(codes: Ranges) -> str:
    """Code points as a regular expression has them between brackets."""
    return "".join(f"{_sign(max(low, 1))}-{_sign(high)}" for low, high in codes)


def _sign(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_WORDS = _Words()
