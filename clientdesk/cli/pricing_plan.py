"""The preferred pricing plan on the command line: who is on it, and handing the primary-admin role over."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from clientdesk.cli.bulk_changes import Asked, change_clients
from clientdesk.cli.choosing import Chosen, chosen_clients_of
from clientdesk.cli.clients import FIRST_PAGE, say_clients
from clientdesk.cli.field_values import record_of
from clientdesk.cli.filters import ListCommand, ListOptions, chosen_by_filters, filter_options
from clientdesk.cli.frame import group_that_lists, opened_firm, with_options
from clientdesk.cli.long_work import Signals
from clientdesk.cli.printing import json_text, say
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import clients_where
from clientdesk.domain.rules import choice_from, shown_name
from clientdesk.text import _, display_text

if TYPE_CHECKING:
    from clientdesk.desk.bulk_changes import BulkChange
    from clientdesk.desk.records import Client
    from clientdesk.desk.session import Session

COLUMNS = ("client_number", "display_name", "subscription", "primary_admin", "status", "company_id")
_SUBSCRIPTION = BUILT_IN.by_name["subscription"]


plan_command = group_that_lists("plan", _("The clients on the firm's preferred pricing plan."))


@plan_command.command("list", help=_("Print the clients that are billed to the firm's plan, inactive ones too."))
@click.option("--json", "as_json", is_flag=True, help=_("One object a line."))
def list_plan(as_json: bool) -> None:
    """Prints the clients on the plan."""
    from clientdesk.desk import clients

    with opened_firm() as session:
        pages = clients.pages(session, clients_where("billed_to", "firm"), COLUMNS, FIRST_PAGE)
        if not as_json:
            say_clients([BUILT_IN.by_name[name] for name in COLUMNS], pages, narrow=True)
            return
        for page in pages:
            for row in page:
                say(json_text(dict(zip(COLUMNS, row.values, strict=True))))


_CHOOSING = (
    click.argument("key", required=False),
    filter_options,
    click.option("--dry-run", is_flag=True, help=_("Only show the plan.")),
    click.option("--yes", is_flag=True, help=_("Of many clients: go on without asking.")),
    click.option("--all", "show_all", is_flag=True, help=_("Show every change and every refused client.")),
    click.option(
        "--json", "as_json", is_flag=True, help=_("Print one JSON object: the client, or what became of many.")
    ),
    click.pass_context,
)
_OF_MANY = _("Instead of KEY, filters or a file choose the clients, after a plan and a question.")
_SaidOf = Callable[["Client"], str]


def _take_step(
    context: click.Context,
    key: str | None,
    options: ListOptions,
    asked: Asked,
    one: "Callable[[Session, int], Client]",
    many: "Callable[[], BulkChange]",
    said_of: _SaidOf,
) -> None:
    """Takes a step with one client, or with those that are chosen."""
    from clientdesk.desk import clients

    filtered = chosen_by_filters(context, [key] if key is not None else [])
    if filtered or asked.dry_run:
        signals = Signals()
        with signals.watched(), opened_firm(to_write=not asked.dry_run) as session:
            chosen = chosen_clients_of(session, options) if key is None else Chosen([clients.by_key(session, key).id])
            context.exit(change_clients(session, chosen, many(), asked, signals))
    with opened_firm(to_write=True) as session:
        client = one(session, clients.by_key(session, key or "").id)
    say(json_text(record_of(client, session.catalogue)) if asked.as_json else said_of(client))


@plan_command.command("on", cls=ListCommand, help=_("Put a client on the firm's plan.") + " " + _OF_MANY)
@with_options(*_CHOOSING[:2])
@click.option(
    "--subscription",
    required=True,
    metavar="NAME",
    help=" | ".join(choice.value for choice in _SUBSCRIPTION.choices if choice.value),
)
@with_options(*_CHOOSING[2:])
def put_on(
    context: click.Context,
    key: str | None,
    options: ListOptions,
    subscription: str,
    dry_run: bool,
    yes: bool,
    show_all: bool,
    as_json: bool,
) -> None:
    """Puts clients on the plan with a subscription."""
    from clientdesk.desk import bulk_kinds, pricing_plan

    chosen = choice_from(_SUBSCRIPTION, subscription)

    def one(session: "Session", client_id: int) -> "Client":
        return pricing_plan.put_on_plan(session, client_id, chosen)

    def said_of(client: "Client") -> str:
        shown = _SUBSCRIPTION.display(client.values["subscription"])
        text = _("{name} is on the firm's plan with {subscription}.")
        return text.format(name=shown_name(client.values), subscription=shown)

    asked = Asked(dry_run, yes, as_json, show_all)
    _take_step(context, key, options, asked, one, lambda: bulk_kinds.put_on_plan(chosen), said_of)


def _step(name: str, use_case: str, help_text: str, done: str) -> None:
    """Declares `clientdesk plan NAME`, which takes a step with one client, or many, and says what it did."""

    @plan_command.command(name, cls=ListCommand, help=help_text + " " + _OF_MANY)
    @with_options(*_CHOOSING)
    def run(
        context: click.Context,
        key: str | None,
        options: ListOptions,
        dry_run: bool,
        yes: bool,
        show_all: bool,
        as_json: bool,
    ) -> None:
        from clientdesk.desk import bulk_kinds, pricing_plan

        def said_of(client: "Client") -> str:
            company_id = display_text(client.values["company_id"])
            return done.format(name=shown_name(client.values), company_id=company_id)

        one: Callable[[Session, int], Client] = getattr(pricing_plan, use_case)
        asked = Asked(dry_run, yes, as_json, show_all)
        _take_step(context, key, options, asked, one, lambda: bulk_kinds.plan_step(name), said_of)


_step(
    "off",
    "take_off_plan",
    _("Take a client off the firm's plan; it is billed to the client then."),
    _("{name} is off the firm's plan and billed to the client."),
)
_step(
    "hand-over",
    "request_hand_over",
    _("Request that the client takes the primary admin's role in its books."),
    _("The hand-over is requested. When {name} has accepted: clientdesk plan accept {company_id}"),
)
_step(
    "accept",
    "accept_hand_over",
    _("Mark a requested hand-over as accepted by the client."),
    _("{name} is its own primary admin now."),
)
_step(
    "cancel",
    "cancel_hand_over",
    _("Withdraw a requested hand-over."),
    _("The firm stays the primary admin of {name}."),
)
