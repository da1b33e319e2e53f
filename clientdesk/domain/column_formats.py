"""How the columns of a list write values: for numbers, days, yes or no and choices with long names there are two formats. They are a matter of the
screen; files, JSON and filters have the values as they are kept."""

import re
from collections.abc import Callable, Iterable
from functools import partial

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import NARROWEST, WIDEST, Column
from clientdesk.domain.fields import YES_NO, Field, Kind
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_, _, whole_number

TELLING = ("display_name", "client_number")
"""The fields that say which client a line is of: one of them is always among the columns. The first that is there stays
where there is room for one column only."""


class ColumnFormat(NamedTuple):
    """A way to write the values of a column. `name` is what is kept, "" for how values are written unless another format
    is chosen; `write` is None where that is as the field displays them. `example` is a value to show it with, and no
    value needs more than `room` cells where that is not 0."""

    name: str
    example: str
    write: Callable[[str], str] | None = None
    room: int = 0


_NUMBER = r"(-?)(\d{1,100})(\.\d+)?"
_DAY = r"(?:(\d{4})-)?(\d\d)-(\d\d)"
_MONTHS = (
    *(N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun")),
    *(N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec")),
)
_MARKS = {"yes": "✓", "no": "-"}
"""Signs of which neither can be taken for the other where the terminal has ASCII only."""


def _grouped(value: str) -> str:
    match = re.fullmatch(_NUMBER, value, re.ASCII)
    return value if match is None else f"{match[1]}{whole_number(int(match[2]))}{match[3] or ''}"


def _in_words(value: str) -> str:
    match = re.fullmatch(_DAY, value, re.ASCII)
    if match is None or not 1 <= int(match[2]) <= len(_MONTHS):
        return value
    day = f"{int(match[3])} {_(_MONTHS[int(match[2]) - 1])}"
    return f"{day} {match[1]}" if match[1] else day


def _period(value: str) -> str:
    from clientdesk.domain.periods import period_from  # few lists have work

    period = period_from(value)
    return value if period is None else period.words


def _short(field: Field, value: str) -> str:
    return next((_(choice.short or choice.label) for choice in field.choices if choice.value == value), value)


def _marked(value: str) -> str:
    return _MARKS.get(value, value)


_NUMBERS = (ColumnFormat("", "1250.5"), ColumnFormat("grouped", "1250.5", _grouped))
_DATES = (ColumnFormat("", "2026-11-30"), ColumnFormat("words", "2026-11-30", _in_words, 11))
_DAYS_OF_YEAR = (ColumnFormat("", "11-30"), ColumnFormat("words", "11-30", _in_words, 6))
_PERIODS = (ColumnFormat("", "2026-11"), ColumnFormat("words", "2026-11", _period, 13))
DUE, LATE = "due", "late"
"""The field that says when work is due, and the format in which its column says how near that is."""
_DUE_DATES = (*_DATES, ColumnFormat(LATE, "2026-11-30", room=12))
_YES_OR_NO = (ColumnFormat("", "yes"), ColumnFormat("mark", "yes", _marked))


def formats_of(field: Field) -> tuple[ColumnFormat, ...]:
    """The formats between which a field's column can choose, its usual one first; () where there is but one."""
    if field.kind is Kind.DECIMAL:
        return _NUMBERS
    if abbreviated := next((choice for choice in field.choices if choice.value and choice.short), None):
        return (ColumnFormat("", abbreviated.value), ColumnFormat("short", abbreviated.value, partial(_short, field)))
    if field.choices == YES_NO:
        return _YES_OR_NO
    if field.name == DUE:
        return _DUE_DATES
    return {"date": _DATES, "day": _DAYS_OF_YEAR, "period": _PERIODS}.get(field.ordered, ())


def format_called(field: Field, name: str) -> ColumnFormat | None:
    """The format of this name; None where the field has none that is called so, and for the usual one."""
    return next((known for known in formats_of(field) if known.name == name != ""), None)


def writer(field: Field, name: str, nearness: Callable[[str], str] | None = None) -> Callable[[str], str] | None:
    """What writes the values of a field in the format of this name; None where they stay as they are kept. `nearness` says
    of a due date how near it is."""
    chosen = format_called(field, name)
    if chosen is not None and chosen.name == LATE:
        return nearness
    if chosen is not None and chosen.write is not None:
        return chosen.write
    return field.display if field.choices else None


def shown(field: Field, name: str) -> str:
    """An example of the format of this name; "" where there is nothing to choose."""
    formats = formats_of(field)
    if not formats:
        return ""
    write = writer(field, name)
    return write(formats[0].example) if write else formats[0].example


def next_format(field: Field, name: str) -> str:
    """The name of the format behind this one, behind the last one that of the first; "" where there is but one."""
    names = [known.name for known in formats_of(field)]
    return names[(names.index(name) + 1) % len(names)] if name in names else ""


def least_width(field: Field, name: str) -> int:
    """So many cells the values of a field need in the format of this name; 0 where any width will do."""
    chosen = format_called(field, name)
    return 0 if chosen is None else chosen.room


def telling(fields: Iterable[str]) -> str | None:
    """Which of these fields says which client a line is of; None where none does."""
    names = set(fields)
    return next((name for name in TELLING if name in names), None)


def fields_to_read(fields: Iterable[str], find: str) -> tuple[str, ...]:
    """What is read of the clients of a list with columns of these fields: behind them the display name, for clients
    without a number; while something is looked for, also the fields in which it may be found."""
    of_columns = tuple(fields)
    further = BUILT_IN.searched if find.strip() else TELLING[:1]
    return (*of_columns, *(name for name in further if name not in of_columns))


# --- the columns as they are kept


def kept(column: Column) -> list[object]:
    """A column as JSON has it; its format only where it is not the usual one."""
    return [part for part in column if part != ""]


def usable(column: Column, field: Field) -> Column:
    """A column of a field as wide as one may be, in the usual format where the field has none of that name."""
    known = format_called(field, column.format)
    return Column(column.field, min(max(column.width, NARROWEST), WIDEST), "" if known is None else known.name)


def that_tell(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Columns of which one says whose line it is: the display name comes before those of which none does."""
    if not columns or telling(column.field for column in columns) is not None:
        return columns
    return (Column(TELLING[0], BUILT_IN.by_name[TELLING[0]].width), *columns)
