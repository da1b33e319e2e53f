"""The preferred pricing plan on the command line: who is on it, and handing the primary-admin role over."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from clientdesk.cli.clients import FIRST_PAGE, say_clients
from clientdesk.cli.field_values import record_of
from clientdesk.cli.frame import group_that_lists, opened_firm
from clientdesk.cli.printing import json_text, say
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import clients_where
from clientdesk.domain.rules import choice_from, shown_name
from clientdesk.text import _, display_text

if TYPE_CHECKING:
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


@plan_command.command("on", help=_("Put a client on the firm's plan."))
@click.argument("key")
@click.option(
    "--subscription",
    required=True,
    metavar="NAME",
    help=" | ".join(choice.value for choice in _SUBSCRIPTION.choices if choice.value),
)
@click.option("--json", "as_json", is_flag=True, help=_("Print the client as one JSON object."))
def put_on(key: str, subscription: str, as_json: bool) -> None:
    """Puts a client on the plan with a subscription."""
    from clientdesk.desk import clients, pricing_plan

    with opened_firm(to_write=True) as session:
        client = clients.by_key(session, key)
        client = pricing_plan.put_on_plan(session, client.id, choice_from(_SUBSCRIPTION, subscription))
    if as_json:
        say(json_text(record_of(client, session.catalogue)))
    else:
        sentence = _("{name} is on the firm's plan with {subscription}.")
        say(
            sentence.format(
                name=shown_name(client.values),
                subscription=_SUBSCRIPTION.display(client.values["subscription"]),
            )
        )


def _step(name: str, use_case: str, help_text: str, done: str) -> None:
    """Declares `clientdesk plan NAME KEY`, which runs one use case on one client and says what it did."""

    @plan_command.command(name, help=help_text)
    @click.argument("key")
    @click.option("--json", "as_json", is_flag=True, help=_("Print the client as one JSON object."))
    def run(key: str, as_json: bool) -> None:
        from clientdesk.desk import clients, pricing_plan

        function: Callable[[Session, int], Client] = getattr(pricing_plan, use_case)
        with opened_firm(to_write=True) as session:
            client = function(session, clients.by_key(session, key).id)
        company_id = display_text(client.values["company_id"])
        sentence = done.format(name=shown_name(client.values), company_id=company_id)
        say(json_text(record_of(client, session.catalogue)) if as_json else sentence)


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
