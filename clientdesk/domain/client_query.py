"""What the list shows: filters, search, order and columns."""

from clientdesk.domain.catalogue import NO_TAGS
from clientdesk.domain.filters import ACTIVE, NAMES_IT, Filter, Op, normal
from clientdesk.named_tuple import NamedTuple

UNASSIGNED = ""
"""The lead of clients without one."""


class SortKey(NamedTuple):
    """A field by which a list is sorted, and whether downwards."""

    field: str
    descending: bool = False


BY_DISPLAY_NAME = SortKey("display_name")
NARROWEST, WIDEST = 3, 120
"""The width of a column, in cells."""


class Column(NamedTuple):
    """A column of a list: a field's name, its width in cells, and the name of the format of its values, "" for the usual
    one."""

    field: str
    width: int
    format: str = ""


class ClientQuery(NamedTuple):
    """The filters, search and order of a list of clients.

    All `filters` hold; a fresh list has the active clients. `find` is what was typed. By the first key of `sort` (at
    least one) it is sorted first; clients that are alike in all of them stand by name.
    """

    filters: tuple[Filter, ...] = (ACTIVE,)
    find: str = ""
    sort: tuple[SortKey, ...] = (BY_DISPLAY_NAME,)

    @property
    def filtered(self) -> bool:
        """Whether anything but the first view's filters is on."""
        return self.unfiltered() != self

    def unfiltered(self) -> "ClientQuery":
        """The same order with the filters of a fresh list (active clients, everything found)."""
        return ClientQuery(sort=self.sort)

    def everything(self) -> "ClientQuery":
        """The same order with no filter at all, inactive clients too."""
        return ClientQuery((), sort=self.sort)

    def filter_of(self, field: str) -> Filter | None:
        """The first filter on a field."""
        return next((on for on in self.filters if on.field == field), None)

    def value_of(self, field: str) -> str | None:
        """The one value that a field has by its filter, "" for nothing at all; None where no filter says that."""
        on = self.filter_of(field)
        if on is None or on.op not in (Op.IS, Op.EMPTY):
            return None
        return on.value[0] if on.value else ""

    def with_filter(self, wanted: Filter) -> "ClientQuery":
        """The same list with a filter instead of those on its field; at the place of the first of them."""
        wanted = normal(wanted)
        others = [wanted if on.field == wanted.field else on for on in self.filters]
        return self._replace(filters=tuple(dict.fromkeys([*others, wanted])))

    def with_another(self, wanted: Filter) -> "ClientQuery":
        """The same list with one filter more. A field that is something (see `NAMES_IT`) has no other filter: that one
        gives way, and so do others to such a one. Tags that are asked for stand beside each other: all of them."""
        wanted = normal(wanted)
        if any(_either_or(on, wanted) for on in self.filters):
            return self.with_filter(wanted)
        return self._replace(filters=tuple(dict.fromkeys([*self.filters, wanted])))

    def with_another_for(self, present: Filter, wanted: Filter) -> "ClientQuery":
        """The same list with another filter at the place of a present one; others give way as in `with_another`."""
        wanted = normal(wanted)
        filters = dict.fromkeys(wanted if on == present else on for on in self.filters)
        return self._replace(filters=tuple(on for on in filters if on == wanted or not _either_or(on, wanted)))

    def without_filter(self, present: Filter) -> "ClientQuery":
        """The same list without that filter."""
        return self._replace(filters=tuple(on for on in self.filters if on != present))

    def without(self, field: str) -> "ClientQuery":
        """The same list without filters on a field."""
        return self._replace(filters=tuple(on for on in self.filters if on.field != field))

    def with_value(self, field: str, value: str | None) -> "ClientQuery":
        """The same list with the clients that have a value in a field, "" for nothing at all; None: with all."""
        return self.without(field) if value is None else self.with_filter(Filter(field, Op.IS, (value,)))

    @property
    def sort_field(self) -> str:
        """The field by which it is sorted first."""
        return self.sort[0].field

    @property
    def descending(self) -> bool:
        """Whether it is sorted downwards by that field."""
        return self.sort[0].descending

    def sorted_by(self, field: str, descending: bool = False) -> "ClientQuery":
        """The same clients by one field."""
        return self._replace(sort=(SortKey(field, descending),))


def _either_or(on: Filter, other: Filter) -> bool:
    """Whether only one of two filters can stand: one says what the field of both is. A client may have several tags: both
    stand, unless one says that there are none."""
    says_all = (Op.EMPTY,) if on.field == NO_TAGS.name else NAMES_IT
    return on.field == other.field and (on.op in says_all or other.op in says_all)


EVERYONE = ClientQuery(())
"""All clients of the firm, inactive ones too."""


def clients_where(field: str, value: str) -> ClientQuery:
    """All clients, inactive ones too, that have a value in a field."""
    return EVERYONE.with_value(field, value)
