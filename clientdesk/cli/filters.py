"""The filters of a list of clients on the command line, for every command that works on such a list."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from clientdesk.cli.field_values import FieldCommand, columns, described, order
from clientdesk.cli.frame import PATH, with_options
from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.client_query import EVERYONE, ClientQuery
from clientdesk.domain.fields import FIND_LOOKS_IN, WORK
from clientdesk.domain.filter_words import Names
from clientdesk.domain.filters import ME, Filter, Op, normal
from clientdesk.domain.fold import fold
from clientdesk.domain.problems import Refused, refuse
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import _, display_text

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.domain.views import View


class ListOptions(NamedTuple):
    """What the options of a list say; `view` and `status` are None where they were not given, and so is `sort`: fields'
    names, each with - before it for downwards."""

    view: str | None
    client_type: str | None
    lead: str | None
    status: str | None
    where: tuple[str, ...]
    find: str
    from_file: str | None
    sort: str | None = None
    column_names: str | None = None

    def columns(self, catalogue: Catalogue) -> tuple[str, ...] | None:
        """The fields that --columns names, None without it. Wrong usage where it names another one, or none."""
        chosen = columns(self.column_names, catalogue) if self.column_names is not None else None
        if chosen == ():
            raise click.UsageError(_("--columns names no field."))
        return chosen


FILTERS = tuple(name for name in ListOptions._fields if name not in ListOptions._field_defaults)
"""The arguments of the options that `filter_options` gives a command."""


_OF_QUERY = (
    click.option(
        "--view",
        metavar="NAME",
        help=_("The clients of this view, see “clientdesk views”; the other filters narrow it, --sort orders it anew."),
    ),
    click.option("--type", "client_type", metavar="NAME", help=_("Of this client type; “none” for those without one.")),
    click.option(
        "--lead",
        metavar="NAME",
        help=_("Led by this team member; “unassigned” for those without one, “@me” for yours."),
    ),
    click.option(
        "--status",
        type=click.Choice(["active", "inactive", "all"]),
        help=_("Of this status; by default active, or what --view or --where says of it."),
    ),
    click.option(
        "--where",
        multiple=True,
        metavar="FILTER",
        help=_("A filter such as city=Madrid, see below; may stand there several times: all of them hold."),
    ),
    click.option(
        "--find",
        default="",
        metavar="WORDS",
        help=_(FIND_LOOKS_IN),
    ),
)
_FILTERS = (
    *_OF_QUERY,
    click.option(
        "--from",
        "from_file",
        type=PATH,
        metavar="FILE",
        help=_(
            "The clients in FILE (- is standard input), one a line: a client number, a Company ID or a name; with other "
            "filters, those of them that match."
        ),
    ),
)
_ORDER_AND_COLUMNS = (
    click.option(
        "--sort",
        metavar="[-]FIELD,…",
        help=_("Order by this field, or changed, then the next; -FIELD downwards. By default by name."),
    ),
    click.option("--columns", "column_names", metavar="FIELD,…", help=_("These fields, in this order.")),
)


class ListCommand(FieldCommand):
    """A command with the filters of a list: its help says how one is written."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes examples beneath the options, each with what it means."""
        from clientdesk.domain.filter_text import EXAMPLES, read
        from clientdesk.domain.filter_words import NO_NAMES, in_words

        with formatter.section(_("Work, where a template is in use (--columns, --sort, --where)")):
            formatter.write_dl([(field.name, described(field)) for field in WORK])
        with formatter.section(_("Filters (--where)")):
            formatter.write_dl([(example, in_words(read(example, NO_NAMES), NO_NAMES)) for example in EXAMPLES])
            text = _(
                "A value that has signs in it stands in quotation marks, and a quotation mark in them twice. Case and "
                "accents do not count."
            )
            formatter.write_paragraph()
            formatter.write_text(text)
        super().format_epilog(ctx, formatter)


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command --type, --lead, --status, --where and --find, in one argument `options`."""
    return with_options(*_FILTERS)(_taking_list_options(command))


def query_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the filters, but for --from, as it asks about one list and not for its clients."""
    without_file = wraps(command)(partial(_taking_list_options(command), from_file=None))
    return with_options(*_OF_QUERY)(without_file)


def list_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the filters, and --sort and --columns, in one argument `options`."""
    return with_options(*_FILTERS, *_ORDER_AND_COLUMNS)(_taking_list_options(command))


def layout_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the filters, but for --from, and --sort and --columns: what a list shows, whoever is in it."""
    without_file = wraps(command)(partial(_taking_list_options(command), from_file=None))
    return with_options(*_OF_QUERY, *_ORDER_AND_COLUMNS)(without_file)


def _taking_list_options(command: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(command)
    def with_one_argument(*args: Any, **values: Any) -> Any:
        options = ListOptions(**{name: values.pop(name) for name in ListOptions._fields if name in values})
        for text in options.where:
            _demand_filter(text, BUILT_IN, is_firm=False)
        if options.from_file == "":
            raise click.UsageError(_("--from names no file."))
        return command(*args, options=options, **values)

    return with_one_argument


def _demand_filter(text: str, catalogue: Catalogue, *, is_firm: bool) -> None:
    """Tells of wrong usage: what is no filter, or has an op that its field has not; where the catalogue is that of the
    firm, also what names no field."""
    from clientdesk.domain.filter_text import parsed

    try:
        parsed(text, catalogue)
    except Refused as refusal:
        if is_firm or refusal.code != "unknown_field":
            raise click.UsageError(refusal.message) from None


def is_given(context: click.Context, names: Iterable[str]) -> bool:
    """Whether any of the arguments was typed."""
    return any(context.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in names)


def chosen_by_filters(context: click.Context, keys: Sequence[str]) -> bool:
    """Whether filters choose the clients that a command acts on, not their `keys`; wrong usage where neither does, or
    both."""
    filtered = is_given(context, FILTERS)
    if keys and filtered:
        raise click.UsageError(_("Name the clients, or let filters or a file choose them: not both."))
    if not keys and not filtered:
        raise click.UsageError(
            _("Say which clients: their KEYs, filters, or --from FILE; --status all takes every client.")
        )
    return filtered


def asked_view(session: "Session", options: ListOptions) -> "View | None":
    """The view that --view names, None without it; what is left out of it is told. Refused where there is none of that
    name."""
    if options.view is None:
        return None
    from clientdesk.cli.printing import tell_problems
    from clientdesk.desk import views

    view = views.named(session, options.view)
    tell_problems(view.problems)
    return view


def chosen_query(
    session: "Session", options: ListOptions, status: str | None = "active", *, has_status: bool = False
) -> ClientQuery:
    """The list whose clients a command acts on; where it `has_status`, it acts on those of this status alone, which stands
    for what a view says of it, and that is told. Refused where a part of the view is left out, besides what `query_from`
    refuses: more clients might be chosen than are meant."""
    view = asked_view(session, options)
    if view is not None and view.problems:
        raise refuse("view_incomplete", name=view.name, reason=view.problems[0].message)
    if view is not None and has_status and status is not None and options.status is None:
        if view.query.value_of("status") not in (None, status):
            from clientdesk.cli.printing import tell

            text = _("Instead of what the view {view} says of the status: {status}.")
            label = BUILT_IN.by_name["status"].display(status)
            tell(text.format(view=display_text(view.name), status=label))
        view = view._replace(layout=view.layout._replace(query=view.query.with_value("status", status)))
    return query_from(session, options, view, status)


def demand_whole(view: "View | None") -> None:
    """Refuses ("view_incomplete") a view of which a filter, or more, is left out: other clients would be written than are
    meant."""
    if view is not None:
        for left in view.problems:
            if left.field in ("", "filters"):
                raise refuse("view_incomplete", name=view.name, reason=left.message)


def query_from(
    session: "Session", options: ListOptions, view: "View | None" = None, status: str | None = "active"
) -> ClientQuery:
    """The list that the options ask for: that of a view, narrowed, or of clients with `status` (None: any) where they do
    not say which; those that stand in a file may have any. Refused where a filter makes no sense, or the firm has no such client type or team member."""
    names = Names(session.catalogue)
    if options.client_type is not None or options.lead is not None or options.where:
        from clientdesk.desk import client_filters

        names = client_filters.choices(session)
    where = _read(options.where, names)
    query = EVERYONE if view is None else view.query
    if options.status is not None:
        query = query.with_value("status", None if options.status == "all" else options.status)
    elif view is None and options.from_file is None and not any(on.field == "status" for on in where):
        query = query.with_value("status", status)
    for field, name, nobody in (("client_type", options.client_type, "none"), ("lead", options.lead, "unassigned")):
        value = _reference(field, name, nobody, names)
        where += [] if value is None else [normal(Filter(field, Op.IS, (value,)))]
    return ClientQuery(
        tuple(dict.fromkeys((*query.filters, *where))),
        " ".join(filter(None, (query.find, options.find))),
        query.sort if options.sort is None else order(options.sort, session.catalogue),
    )


def _read(where: Sequence[str], names: Names) -> list[Filter]:
    if not where:
        return []
    from clientdesk.domain.filter_text import read  # most lists have none

    for text in where:
        _demand_filter(text, names.catalogue, is_firm=True)
    return [read(text, names) for text in where]


def _reference(field: str, name: str | None, nobody: str, names: Names) -> str | None:
    """The id of what was meant, without case and accents; "" for the word for none of them, None where it was not
    asked."""
    if name is None or (name == ME and field == "lead"):
        return name
    from clientdesk.domain.filter_text import id_of

    try:
        return id_of(field, name, names, nothing=nobody)
    except Refused:
        if fold(name) in ("", nobody):
            return ""
        raise
