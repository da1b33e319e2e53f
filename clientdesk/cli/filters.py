"""The filters of a list of clients on the command line, for every command that works on such a list."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from clientdesk.cli.field_values import columns, order
from clientdesk.cli.frame import with_options
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.fold import fold
from clientdesk.domain.problems import refuse
from clientdesk.text import _

if TYPE_CHECKING:
    from clientdesk.desk.session import Session


class ListOptions(NamedTuple):
    """What the options of a list say; `sort` is a field's name, with - before it for downwards."""

    client_type: str | None
    lead: str | None
    status: str
    find: str
    sort: str = "display_name"
    column_names: str | None = None

    def columns(self) -> tuple[str, ...] | None:
        """The fields that --columns names, None without it. Wrong usage here and in --sort is told before a firm is
        opened."""
        chosen = columns(self.column_names) if self.column_names is not None else None
        if chosen == ():
            raise click.UsageError(_("--columns names no field."))
        order(self.sort)
        return chosen


FILTERS = tuple(name for name in ListOptions._fields if name not in ListOptions._field_defaults)
"""The arguments of the options that `filter_options` gives a command."""


_FILTERS = (
    click.option("--type", "client_type", metavar="NAME", help=_("Of this client type; “none” for those without one.")),
    click.option("--lead", metavar="NAME", help=_("Led by this team member; “unassigned” for those without one.")),
    click.option("--status", type=click.Choice(["active", "inactive", "all"]), default="active", show_default=True),
    click.option(
        "--find",
        default="",
        metavar="WORDS",
        help=_("Every word occurs in the name, number, Company ID, e-mail or phone."),
    ),
)
_ORDER_AND_COLUMNS = (
    click.option(
        "--sort", default="display_name", metavar="[-]FIELD", help=_("Order by this field; -FIELD downwards.")
    ),
    click.option("--columns", "column_names", metavar="FIELD,…", help=_("These fields, in this order.")),
)


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command --type, --lead, --status and --find, in one argument `options`."""
    return with_options(*_FILTERS)(_taking_list_options(command))


def list_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the filters, and --sort and --columns, in one argument `options`."""
    return with_options(*_FILTERS, *_ORDER_AND_COLUMNS)(_taking_list_options(command))


def _taking_list_options(command: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(command)
    def with_one_argument(*args: Any, **values: Any) -> Any:
        options = ListOptions(**{name: values.pop(name) for name in ListOptions._fields if name in values})
        return command(*args, options=options, **values)

    return with_one_argument


def query_from(session: "Session", options: ListOptions) -> ClientQuery:
    """The list that the options ask for. Refused where the firm has no such client type or team member."""
    field, descending = order(options.sort)
    return ClientQuery(
        client_type=_known_type(session, options.client_type),
        lead=_known_lead(session, options.lead),
        status=options.status,
        find=options.find,
        sort=field,
        descending=descending,
    )


def _known_type(session: "Session", name: str | None) -> str | None:
    from clientdesk.desk import client_types

    if name is None:
        return None
    names = client_types.type_names(session)
    return _among(name, names, "none", lambda: refuse("unknown_client_type", value=name, choices=", ".join(names)))


def _known_lead(session: "Session", name: str | None) -> str | None:
    from clientdesk.desk import clients

    if name is None:
        return None
    names = clients.lead_names(session)
    return _among(name, names, "unassigned", lambda: refuse("unknown_lead", value=name))


def _among(text: str, names: Iterable[str], nobody: str, refusal: Callable[[], Exception]) -> str:
    """The one of `names` that was meant, without case and accents; "" for the word for none of them."""
    wanted = fold(text)
    for name in names:
        if fold(name) == wanted:
            return name
    if wanted in ("", nobody):
        return ""
    raise refusal()
