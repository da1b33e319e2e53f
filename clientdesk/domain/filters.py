"""Filters as data: a field, an op, and the values that it is compared with. Which op fits which field is said here, once;
its words are
`domain/filter_words.py`, its text `domain/filter_text.py`, its condition is `store/filters_to_sql.py`."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from clientdesk.domain.catalogue import Catalogue
from clientdesk.domain.fields import OF_WORK, Field, Kind
from clientdesk.domain.problems import Problem, problem
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_, _, one_line, strip_controls


class Op(StrEnum):
    """How a field is compared."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    STARTS = "starts"
    EMPTY = "empty"
    FILLED = "filled"
    ONE_OF = "one_of"
    BEFORE = "before"
    AFTER = "after"
    BETWEEN = "between"


class Filter(NamedTuple):
    """A condition on clients: a field's name, an op, and values as they are stored.

    A choice is its value, a type or a person the id in digits, a day of the year MM-DD; "" is nothing at all. There is
    none for EMPTY and FILLED, two for BETWEEN (both belong to it), one or more for ONE_OF, else one. Instead of a person
    it may be ME, instead of a day a moment of `domain/moments.py`. IS_NOT holds of clients that have nothing there, too;
    BEFORE, AFTER and BETWEEN do not.
    """

    field: str
    op: Op
    value: tuple[str, ...] = ()


ACTIVE = Filter("status", Op.IS, ("active",))
ME = "@me"
"""The team member who asks, as a filter's value."""
REFERENCES = (Kind.CLIENT_TYPE, Kind.MEMBER, Kind.OWN_CHOICE, Kind.TAGS)
"""The kinds of field whose values are ids of something that has a name of its own."""

OP_WORDS = {
    Op.IS: N_("is"),
    Op.IS_NOT: N_("is not"),
    Op.CONTAINS: N_("contains"),
    Op.STARTS: N_("starts with"),
    Op.EMPTY: N_("is empty"),
    Op.FILLED: N_("is not empty"),
    Op.ONE_OF: N_("is one of"),
    Op.BEFORE: N_("is before"),
    Op.AFTER: N_("is after"),
    Op.BETWEEN: N_("is between"),
}
"""How an op is called (untranslated)."""

NAMES_IT = (Op.IS, Op.ONE_OF, Op.EMPTY)
"""The ops that say what a field is: beside one of them, another filter on the field finds no more, or nothing."""
_ALWAYS = (Op.IS, Op.IS_NOT, Op.ONE_OF)
_PARTS = (Op.CONTAINS, Op.STARTS)
_NOTHING = (Op.EMPTY, Op.FILLED)
_ORDERED = (Op.BEFORE, Op.AFTER, Op.BETWEEN)
_SPANS = ("day", "date", "decimal", "period")
"""What of a field that is `ordered` has no parts to be looked for."""
_GREATEST_ID = 2**63 - 1


def ops_of(field: Field) -> tuple[Op, ...]:
    """The ops that make sense for a field."""
    if field.choices:
        may_be_empty = any(not choice.value for choice in field.choices)
        return _ALWAYS + (_NOTHING if may_be_empty else ())
    if field.kind in REFERENCES:
        return _ALWAYS + _NOTHING
    if field.ordered == "period":
        return (Op.IS, Op.IS_NOT, *_NOTHING)
    if field.ordered in _SPANS:
        return _ALWAYS + _NOTHING + _ORDERED
    return _ALWAYS + _PARTS + _NOTHING + (_ORDERED if field.ordered else ())


def compared(field: Field, text: str) -> str:
    """A text of a field as filters compare it: without case and accents, as Find and the list's order do. Choices, ids
    and days stand for themselves."""
    if field.choices or field.kind in REFERENCES or field.ordered in _SPANS:
        return text
    from clientdesk.domain.fold import bare, fold

    return fold(strip_controls(one_line(text))) if field.folded else bare(strip_controls(text, keep_lines=True))


def in_order(field: Field, text: str) -> str:
    """A value of a field that is `ordered`, such that one before another is less."""
    if field.ordered == "decimal":
        from clientdesk.domain.own_values import sort_key

        return sort_key(text)
    from clientdesk.domain.fold import number_sort

    return number_sort(text) if field.ordered == "number" else text


def holds(op: Op, key: str, keys: Sequence[str]) -> bool:
    """Whether a text holds a comparison by equality or parts; all of them as `compared` makes them. ValueError for an op
    of another kind."""
    if op is Op.CONTAINS:
        return keys[0] in key
    if op is Op.STARTS:
        return key.startswith(keys[0])
    if op in _ALWAYS:
        return (key in keys) != (op is Op.IS_NOT)
    raise ValueError(op)


def on_its_own(on: Filter, filters: Sequence[Filter]) -> tuple[Filter, ...]:
    """A filter as it is among others: one of the clients' work, with those that say of which work the list tells."""
    if on.field not in OF_WORK:
        return (on,)
    return (
        on,
        *(other for other in filters if other.field in ("work", "period") and other.op is Op.IS and other != on),
    )


def normal(written: Filter) -> Filter:
    """The same condition in its one form: is nothing at all is EMPTY, one of one is IS."""
    field, op, value = written
    if op is Op.ONE_OF:
        value = tuple(dict.fromkeys(value))
        op = Op.IS if len(value) == 1 else op
    if value == ("",) and op in (Op.IS, Op.IS_NOT):
        return Filter(field, Op.EMPTY if op is Op.IS else Op.FILLED)
    return Filter(field, op, value)


def wrong(written: Filter, catalogue: Catalogue) -> Problem | None:
    """Why a filter makes no sense for a field of the catalogue, None where it does."""
    field = catalogue.by_name.get(written.field)
    if field is None and (retired := catalogue.known(written.field)) is not None and retired.own:
        return problem("retired_field", retired.name, label=retired.label)
    if field is None:
        from clientdesk.domain.likely_names import likely_names

        choices = likely_names(written.field, (known.word for known in catalogue.fields))
        return problem("unknown_field", value=written.field, choices=choices)
    ops = ops_of(field)
    if written.op not in ops:
        choices = ", ".join(_(OP_WORDS[op]) for op in ops)
        return problem("filter_op", field.name, label=field.label, op=_(OP_WORDS[written.op]), choices=choices)
    count = len(written.value)
    fits = {Op.EMPTY: count == 0, Op.FILLED: count == 0, Op.BETWEEN: count == 2, Op.ONE_OF: count > 0}
    has_text = all(written.value) or written.op in _ALWAYS
    if not fits.get(written.op, count == 1) or not has_text:
        return problem("filter_value_missing", field.name, label=field.label, op=_(OP_WORDS[written.op]))
    why = next((why for value in written.value if (why := _wrong_value(field, written.op, value))), None)
    if why is None and written.op is Op.BETWEEN and field.ordered != "day":  # days may go over New Year
        first, last = written.value
        if _is_turned(field, first, last):
            why = problem("filter_span", field.name, label=field.label, first=first, last=last)
    return why


def _is_turned(field: Field, first: str, last: str) -> bool:
    """Whether a span ends before it begins, as far as that does not depend on the day on which it is asked for."""
    if field.ordered == "date" and (first.startswith("@") or last.startswith("@")):
        from clientdesk.domain.moments import days_from_today

        days = days_from_today(first), days_from_today(last)
        return None not in days and days[0] > days[1]  # type: ignore[operator]  # none of them is None
    return in_order(field, first) > in_order(field, last)


def _wrong_value(field: Field, op: Op, value: str) -> Problem | None:
    """What is wrong with a stored value; "" is nothing at all."""
    if not value and op in _ALWAYS and Op.EMPTY in ops_of(field):
        return None
    if field.choices:
        if any(value == choice.value for choice in field.choices):
            return None
        choices = ", ".join(choice.value for choice in field.choices if choice.value)
        return problem("not_a_choice", field.name, label=field.label, value=value, choices=choices)
    if field.kind in REFERENCES:
        if value == ME and field.kind is Kind.MEMBER:
            return None
        is_id = value.isascii() and value.isdigit() and len(value) < 20 and int(value) <= _GREATEST_ID
        return None if is_id else problem("filter_reference", field.name, label=field.label, value=value)
    if field.ordered == "day":
        from clientdesk.domain.moments import wrong_day

        return wrong_day(field, op, value)
    if field.ordered == "date":
        from clientdesk.domain.moments import wrong_date

        return wrong_date(field, op, value)
    if field.ordered == "period":
        from clientdesk.domain.moments import wrong_period

        return wrong_period(field, value)
    if field.ordered == "decimal":
        from clientdesk.domain.own_values import number_from

        return (
            None if number_from(value) == value else problem("own_number", field.name, label=field.label, value=value)
        )
    if compared(field, value):
        return None
    return problem("filter_value_missing", field.name, label=field.label, op=_(OP_WORDS[op]))


def first_wrong(filters: Iterable[Filter], catalogue: Catalogue) -> Problem | None:
    """Why the first of the filters that makes no sense does not."""
    return next((why for written in filters if (why := wrong(written, catalogue)) is not None), None)
