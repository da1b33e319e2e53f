"""Views: filters, search, order and columns of the client list under a name; the built-in ones, and how one is kept.

Kept is JSON with the number of its form. It is read tolerantly: what this program does not know is told and left out of
the list, and is kept with the view all the same.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from typing import Any

from clientdesk.domain import column_formats
from clientdesk.domain.catalogue import BUILT_IN as BUILT_IN_FIELDS
from clientdesk.domain.catalogue import NO_TAGS, Catalogue
from clientdesk.domain.client_query import BY_DISPLAY_NAME, ClientQuery, Column, SortKey
from clientdesk.domain.fields import CHANGED
from clientdesk.domain.filter_words import NO_NAMES, Names
from clientdesk.domain.filter_words import in_words as filter_in_words
from clientdesk.domain.filters import ACTIVE, ME, Filter, Op, wrong
from clientdesk.domain.pricing_plan_steps import ON_PLAN
from clientdesk.domain.problems import Problem, problem
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_, _

FORM = 1
"""The form in which a view is kept; a later program may have another one."""
NAME_LIMIT = 100
"""So many characters a view's name has at most."""
KEYED = 9
"""So many views have a key, 1 to 9."""


class Owner(StrEnum):
    """Whose a view is."""

    BUILT_IN = "built-in"
    OWN = "own"
    FIRM = "firm"

    @property
    def label(self) -> str:
        """The word a person reads, translated."""
        return _(_OWNERS[self.value])


_OWNERS = {"built-in": N_("built in"), "own": N_("yours"), "firm": N_("the firm's")}


class Layout(NamedTuple):
    """What a view shows: the list of `query`, in `columns`; None for those that each person has for all views without
    columns of their own."""

    query: ClientQuery = ClientQuery()
    columns: tuple[Column, ...] | None = None


class View(NamedTuple):
    """A view of the list.

    `key` tells it from all others, `owner:number`. `unread` are parts of it that this program does not know, as they
    are kept, and `problems` what to tell of them. `kept` is how it is kept, with `version` where it is the firm's;
    `kept_name` is its name there where a view of yours has the same: then `name` says whose it is, too.
    """

    key: str
    name: str
    layout: Layout
    unread: Mapping[str, Sequence[object]] = {}
    problems: tuple[Problem, ...] = ()
    hidden: bool = False
    kept: str = ""
    version: int = 0
    kept_name: str = ""

    @property
    def owner(self) -> Owner:
        """Whose it is."""
        return Owner(self.key.partition(":")[0])

    @property
    def id(self) -> int:
        """Its number among those of its owner."""
        return int(self.key.partition(":")[2])

    def is_shown_by(self, layout: Layout) -> bool:
        """Whether a list stands as the view says: a view without columns of its own says nothing of these."""
        mine = self.layout
        return _compared(mine.query) == _compared(layout.query) and mine.columns in (None, layout.columns)

    @property
    def query(self) -> ClientQuery:
        """The clients that it shows, in their order."""
        return self.layout.query


def _compared(query: ClientQuery) -> ClientQuery:
    return query._replace(find=" ".join(query.find.split()))


RECENTLY = Filter(CHANGED.name, Op.AFTER, ("@today-30",))
"""That a client was changed in the last 30 days."""


def _built_in(number: int, name: str, *filters: Filter) -> View:
    return View(f"{Owner.BUILT_IN}:{number}", name, Layout(ClientQuery((ACTIVE, *filters))))


def _columns(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, BUILT_IN_FIELDS.by_name[name].width) for name in names)


def _of_work(number: int, name: str, on: Filter) -> View:
    """A built-in view of work, what is due first above."""
    widths = {"due": 13, "review": 18, "open_items": 6, "who": 16, "work": 16}  # the list's own columns fit in 80 cells
    of_work = (Column(name, width, "late" if name == "due" else "") for name, width in widths.items())
    columns = (*_columns("client_number"), Column("display_name", 24), *of_work)
    return View(f"{Owner.BUILT_IN}:{number}", name, Layout(ClientQuery((ACTIVE, on), sort=(SortKey("due"),)), columns))


BUILT_IN: tuple[View, ...] = (
    _built_in(1, N_("All active")),
    _built_in(2, N_("My clients"), Filter("lead", Op.IS, (ME,))),
    _built_in(3, N_("Without a lead"), Filter("lead", Op.EMPTY)),
    _built_in(4, N_("Without a number"), Filter("client_number", Op.EMPTY)),
    View(
        f"{Owner.BUILT_IN}:5",
        N_("Recently changed"),
        Layout(
            ClientQuery((ACTIVE, RECENTLY), sort=(SortKey(CHANGED.name, descending=True),)),
            (
                *_columns("client_number", "display_name"),
                Column(CHANGED.name, 13),  # room for its title and the arrow of the order
                *_columns("lead", "client_type", "email", "phone"),
            ),
        ),
    ),
    View(
        f"{Owner.BUILT_IN}:6",
        N_("Preferred pricing plan"),
        Layout(
            ON_PLAN,
            (
                *_columns("client_number"),
                Column("display_name", 24),
                Column("subscription", 12, "short"),
                Column("primary_admin", 13, "short"),
                *_columns("status", "lead", "client_type"),
            ),
        ),
    ),
)
"""The views that are there from the start, with their names untranslated. Their numbers never change."""
OF_WORK: tuple[View, ...] = (
    _of_work(7, N_("Reviews of this month"), Filter("due", Op.IS, ("@this_month",))),
    _of_work(8, N_("Waiting for client"), Filter("review", Op.IS, ("waiting",))),
    _of_work(9, N_("My reviews"), Filter("who", Op.IS, (ME,))),
)
"""Those that are there besides where a template of work is in use."""
FIRST, PLAN = BUILT_IN[0].key, BUILT_IN[-1].key
"""The view of whoever has not opened another one, and that of the preferred pricing plan."""


def built_in_views(catalogue: Catalogue = BUILT_IN_FIELDS) -> tuple[View, ...]:
    """The built-in views of a firm with these fields, named in the person's language; that of the pricing plan is the last
    one."""
    *first, plan = BUILT_IN
    of_work = OF_WORK if catalogue.of_work else ()
    return tuple(view._replace(name=_(view.name)) for view in (*first, *of_work, plan))


def built_in_names(name: str) -> list[str]:
    """The name of the built-in view that is called so, in the person's language or as it is declared, if any."""
    from clientdesk.domain.fold import fold  # a list whose views are only shown need not fold

    every = (*BUILT_IN, *OF_WORK)
    return [_(view.name) for view in every if fold(name) in (fold(view.name), fold(_(view.name)))]


def as_kept(layout: Layout, unread: Mapping[str, Sequence[object]] | None = None) -> dict[str, object]:
    """A layout as JSON can hold it, with what could not be read of the view behind what can be."""
    query, columns, unread = layout.query, layout.columns, unread or {}
    kept: dict[str, object] = {
        "version": FORM,
        "filters": [*([on.field, on.op.value, list(on.value)] for on in query.filters), *unread.get("filters", ())],
        "find": query.find,
        "sort": [*([key.field, key.descending] for key in query.sort), *unread.get("sort", ())],
    }
    if columns is not None:
        kept["columns"] = [*map(column_formats.kept, columns), *unread.get("columns", ())]
    return kept


def is_view(kept: object) -> bool:
    """Whether this has the shape of a view, in this form or a later one."""
    return isinstance(kept, dict) and isinstance(kept.get("version"), int) and not isinstance(kept["version"], bool)


class _Reader:
    """Reads the parts of a kept view; what cannot be read is collected."""

    def __init__(self, kept: Mapping[str, Any], name: str, catalogue: Catalogue) -> None:
        self._kept, self._name, self._catalogue = kept, name, catalogue
        self.unread: dict[str, list[object]] = {}
        self.problems: list[Problem] = []

    def part(self, part: str, read: Callable[[Any], Any]) -> list[Any]:
        """What is read of each entry of a part; what raises ValueError or TypeError is told and left out."""
        entries = self._kept.get(part)
        taken = []
        for entry in entries if isinstance(entries, list) else []:
            try:
                taken.append(read(entry))
            except (ValueError, TypeError, OverflowError) as error:
                self.unread.setdefault(part, []).append(entry)
                reason = error.reason if isinstance(error, _Left) else None
                self.problems.append(reason or problem("view_part_unread", part, name=self._name, value=str(entry)))
        return taken

    def filter(self, entry: Any) -> Filter:
        """A filter; one of a field that is retired, or of a choice that is gone, is left out."""
        on = _filter(entry)
        self._known(on.field, "filters")
        if (why := wrong(on, self._catalogue)) is not None:
            raise _Left(problem("view_filter_left", "filters", name=self._name, reason=why.message))
        return on

    def sort_key(self, entry: Any) -> SortKey:
        """A key of the order."""
        field, descending = entry
        return SortKey(self._known(_text(field), "sort"), bool(descending))

    def column(self, entry: Any) -> Column:
        """A column, as wide as one may be; in a format that this program does not know, it has the usual one."""
        field, width, *in_format = entry
        if len(in_format) > 1:
            raise ValueError(entry)
        column = Column(self._known(_text(field), "columns"), int(width), *map(_text, in_format))
        usable = column_formats.usable(column, self._catalogue.by_name[column.field])
        if usable.format != column.format:
            self.problems.append(problem("view_part_unread", "columns", name=self._name, value=str(entry)))
        return usable

    def _known(self, field: str, part: str) -> str:
        if field not in self._catalogue.by_name:
            retired = self._catalogue.known(field)
            called = field if retired is None else retired.title
            raise _Left(problem("view_field_gone", part, name=self._name, value=called))
        return field


class _Left(ValueError):
    """An entry is left out, with a reason of its own."""

    def __init__(self, reason: Problem) -> None:
        super().__init__(reason.code)
        self.reason = reason


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def read(key: str, name: str, kept: object, catalogue: Catalogue) -> View:
    """The view that is kept so, of clients with the fields of a catalogue. What is of another version, of a field that is retired or a choice that is gone, is told
    and left out; the rest of the view works."""
    if not isinstance(kept, dict):
        return View(key, name, Layout(), problems=(problem("view_unread", "", name=name),))
    reader = _Reader(kept, name, catalogue)
    filters, sort = reader.part("filters", reader.filter), reader.part("sort", reader.sort_key)
    columns = column_formats.that_tell(_first_of_each_field(reader.part("columns", reader.column)))
    find = kept.get("find", "")
    query = ClientQuery(
        tuple(dict.fromkeys(filters)),
        find if isinstance(find, str) else "",
        _first_of_each_field(sort) or (BY_DISPLAY_NAME,),
    )
    if kept.get("version") != FORM:
        reader.problems.insert(0, problem("view_newer", "", name=name))
    told_once = {reason.message: reason for reason in reader.problems}  # one field may be in filters, sort and columns
    return View(key, name, Layout(query, columns or None), reader.unread, tuple(told_once.values()))


def _first_of_each_field(entries: Iterable[Any]) -> tuple[Any, ...]:
    """The entries without those whose field stands there before."""
    by_field: dict[str, Any] = {}
    for entry in entries:
        by_field.setdefault(entry.field, entry)
    return tuple(by_field.values())


def parts_in_words(content: object, names: Names = NO_NAMES) -> dict[str, str]:
    """What a view of which the firm keeps this (JSON) shows, part by part: by the part's label what a person reads of it, ""
    for nothing (data in it is not made safe yet). `names` are of fields and of what filters refer to."""
    kept = parsed(content)
    kept = kept if isinstance(kept, dict) else {}
    find, columns = kept.get("find"), kept.get("columns")
    shown = [_in_words(entry, lambda entry: names.field(_text(entry[0])).title) for entry in _entries(columns)]
    looks = [_in_words(entry, lambda entry: " ".join(map(str, entry[1:]))) for entry in _entries(columns)]
    return {
        _("Filters"): " · ".join(
            _in_words(entry, lambda entry: filter_in_words(_filter(entry), names))
            for entry in _entries(kept.get("filters"))
        ),
        _("Search"): find.strip() if isinstance(find, str) else "",
        _("Order"): ", ".join(
            _in_words(entry, partial(_order_in_words, names)) for entry in _entries(kept.get("sort"))
        ),
        _("Columns"): ", ".join(shown) if isinstance(columns, list) else _("those of each person"),
        _("Widths"): ", ".join(looks),
    }


def _entries(entries: Any) -> list[Any]:
    return entries if isinstance(entries, list) else []


def _in_words(entry: Any, words: Callable[[Any], str]) -> str:
    """A part of a view in words; what this program does not know, as it is kept."""
    try:
        return words(entry)
    except (ValueError, TypeError, LookupError):
        return json.dumps(entry, ensure_ascii=False)


def _filter(entry: Any) -> Filter:
    field, op, value = entry
    return Filter(_text(field), Op(_text(op)), tuple(map(_text, value)))


def _order_in_words(names: Names, entry: Any) -> str:
    field, descending = entry
    title = names.field(_text(field)).title
    return _("{field}, downwards").format(field=title) if descending else title


def retagged(kept: object, others: Mapping[str, str]) -> dict[str, object] | None:
    """A view as it is kept, its filters by tags with `others` instead of some (ids in digits); None where none changes."""
    if not isinstance(kept, dict):
        return None
    filters = []
    for entry in _entries(kept.get("filters")):
        match entry:
            case [NO_TAGS.name, op, [*tag_ids]]:
                filters.append([NO_TAGS.name, op, list(dict.fromkeys(others.get(str(id), id) for id in tag_ids))])
            case _:
                filters.append(entry)
    return None if filters == kept.get("filters", []) else {**kept, "filters": filters}


def parsed(content: object) -> object:
    """What a kept text says; None for what is no JSON."""
    try:
        return json.loads(content) if isinstance(content, str) else None
    except (ValueError, RecursionError):
        return None


def ordered(views: Iterable[View], order: Sequence[str]) -> tuple[View, ...]:
    """Views in the order of some keys, those that it does not name behind them as they come."""
    places = {key: place for place, key in enumerate(order)}
    return tuple(sorted(views, key=lambda view: places.get(view.key, len(places))))
