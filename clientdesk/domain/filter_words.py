"""A filter in words, and as a chip above the list."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.filters import ME, REFERENCES, Filter, Op
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_, _


class Names(NamedTuple):
    """In which words filters are told and written: the fields, and the names of what a filter on them may refer to, by
    field and id (in digits)."""

    catalogue: Catalogue = BUILT_IN
    by_field: Mapping[str, Mapping[str, str]] = MappingProxyType({})

    def of(self, field: str) -> Mapping[str, str]:
        """The names of what a filter on a field may refer to, by id; none for a field that refers to nothing."""
        if field in self.by_field:
            return self.by_field[field]
        return {str(row_id): name for row_id, name in self.field(field).called.items()}

    def field(self, name: str) -> Field:
        """The field of a filter; also one that is retired, or that is not known any more."""
        return self.catalogue.field(name)


NO_NAMES = Names()
"""The built-in fields, and nothing that they refer to."""

_SENTENCES = {
    Op.IS: N_("{field} is {value}"),
    Op.IS_NOT: N_("{field} is not {value}"),
    Op.CONTAINS: N_("{field} contains “{value}”"),
    Op.STARTS: N_("{field} starts with “{value}”"),
    Op.EMPTY: N_("{field} is empty"),
    Op.FILLED: N_("{field} is not empty"),
    Op.ONE_OF: N_("{field} is one of {values}"),
    Op.BEFORE: N_("{field} is before {value}"),
    Op.AFTER: N_("{field} is after {value}"),
    Op.BETWEEN: N_("{field} is between {value} and {last}"),
}
_CHIPS = {
    Op.IS: N_("{value}"),
    Op.IS_NOT: N_("not {value}"),
    Op.CONTAINS: N_("with “{value}”"),
    Op.STARTS: N_("“{value}…”"),
    Op.FILLED: N_("any"),
    Op.ONE_OF: N_("{values}"),
    Op.BEFORE: N_("before {value}"),
    Op.AFTER: N_("after {value}"),
    Op.BETWEEN: N_("{value} to {last}"),
}


def lacks_names(filters: Iterable[Filter], names: Names) -> bool:
    """Whether a filter refers to something whose name is not known."""
    return any(
        value and value != ME and value not in names.of(on.field)
        for on in filters
        if names.field(on.field).kind in REFERENCES
        for value in on.value
    )


class Chip(NamedTuple):
    """A filter above the list: the field, and what it is to have. The data in it is not made safe yet."""

    field: str
    value: str


def in_words(on: Filter, names: Names) -> str:
    """The filter as a sentence without its full stop (data in it is not made safe yet)."""
    return _(_SENTENCES[on.op]).format(**_parts(on, names))


def chip(on: Filter, names: Names) -> Chip:
    """The filter as a chip."""
    parts = _parts(on, names)
    if on.op is Op.EMPTY:
        return Chip(parts["field"], nothing(names.field(on.field)))
    return Chip(parts["field"], _(_CHIPS[on.op]).format(**parts))


def nothing(field: Field) -> str:
    """How having nothing in a field is called."""
    return _("Unassigned") if field.kind is Kind.MEMBER else _("None")


def _parts(on: Filter, names: Names) -> dict[str, str]:
    field = names.field(on.field)
    values = [value_in_words(field, value, names) for value in on.value] or [""]
    return {"field": field.short_title, "value": values[0], "last": values[-1], "values": ", ".join(values)}


def value_in_words(field: Field, value: str, names: Names) -> str:
    """A value of a filter as a person reads it (data in it is not made safe yet)."""
    if field.choices:
        return field.display(value) or nothing(field)
    if not value:
        return nothing(field)
    if field.kind not in REFERENCES:
        if field.ordered == "period":
            return _period(value)
        return _moment(value) if field.ordered in ("day", "date") and value.startswith("@") else value
    if value == ME:
        return _("you")
    return names.of(field.name).get(value) or _("#{id}, which is not there any more").format(id=value)


def _period(value: str) -> str:
    """A period of work, or what stands for one."""
    if value.startswith("@"):
        return _("last month") if value == "@last_month" else _("this month")
    from clientdesk.domain.periods import period_from  # few lists have work

    period = period_from(value)
    return value if period is None else period.words


def _moment(value: str) -> str:
    """A day that is another one each day."""
    if value == "@this_month":
        return _("in this month")
    days = value.removeprefix("@today")
    return _("today {days}").format(days=f"{days[0]} {days[1:]}") if days else _("today")
