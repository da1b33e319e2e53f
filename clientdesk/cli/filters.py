"""The filters of a list of clients on the command line, for every command that works on such a list."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from clientdesk.cli.field_values import order
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.fold import fold
from clientdesk.domain.problems import refuse
from clientdesk.text import _

if TYPE_CHECKING:
    from clientdesk.desk.session import Session

F = TypeVar("F", bound=Callable[..., Any])


def filter_options(command: F) -> F:
    """Gives a command --type, --lead, --status and --find: the arguments of `query_from` by the same names."""
    options = (
        click.option(
            "--type", "client_type", metavar="NAME", help=_("Of this client type; “none” for those without one.")
        ),
        click.option("--lead", metavar="NAME", help=_("Led by this team member; “unassigned” for those without one.")),
        click.option("--status", type=click.Choice(["active", "inactive", "all"]), default="active", show_default=True),
        click.option(
            "--find",
            default="",
            metavar="WORDS",
            help=_("Every word occurs in the name, number, Company ID, e-mail or phone."),
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def list_options(command: F) -> F:
    """Gives a command the filters, and the order and columns of a list: --sort, and --columns as `names`."""
    for option in (
        click.option("--columns", "names", metavar="FIELD,…", help=_("These fields, in this order.")),
        click.option(
            "--sort", default="display_name", metavar="[-]FIELD", help=_("Order by this field; -FIELD downwards.")
        ),
    ):
        command = option(command)
    return filter_options(command)


def query_from(
    session: "Session", client_type: str | None, lead: str | None, status: str, find: str, sort: str = "display_name"
) -> ClientQuery:
    """The list that the options ask for; `sort` is a field's name, with - before it for downwards.

    Refused where the firm has no such client type or team member.
    """
    field, descending = order(sort)
    return ClientQuery(
        client_type=_known_type(session, client_type),
        lead=_known_lead(session, lead),
        status=status,
        find=find,
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
