"""The words of the preferred pricing plan's screen: its columns, and the lines around them."""

from collections.abc import Mapping, Sequence

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import ClientQuery
from clientdesk.text import N_, _, ngettext, whole_number
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.widgets.bars import LEAST, Part
from clientdesk.ui.widgets.line_layout import TableColumn

FIELDS = ("client_number", "display_name", "subscription", "billed_to", "primary_admin", "status")
"""The columns among all clients."""
ON_PLAN_FIELDS = tuple(name for name in FIELDS if name != "billed_to")
"""The columns of those on the plan: all are billed to the same."""

_PRODUCT = "QuickBooks "
_ADMINS = {"client": N_("Client"), "firm": N_("Firm"), "requested": N_("Requested")}


def subscription_label(value: str) -> str:
    """A subscription in a narrow column: without the product's name, which all of them share."""
    return BUILT_IN.by_name["subscription"].display(value).removeprefix(_PRODUCT) if value else "–"


def admin_label(value: str) -> str:
    """Who is the client's primary admin, in a narrow column."""
    return _(_ADMINS.get(value, value))


def billed_label(value: str) -> str:
    """To whom the subscription is billed, in a narrow column."""
    return BUILT_IN.by_name["billed_to"].display(value) if value else "–"


def columns(names: Sequence[str]) -> list[TableColumn]:
    """The table's columns for these fields."""
    status = BUILT_IN.by_name["status"]
    all_columns = [
        TableColumn(
            "client_number",
            BUILT_IN.by_name["client_number"].title,
            11,
            short=BUILT_IN.by_name["client_number"].short_title,
        ),
        TableColumn("display_name", BUILT_IN.by_name["display_name"].title, 24, grow=40, pin=True),
        TableColumn("subscription", BUILT_IN.by_name["subscription"].title, 12, show=subscription_label),
        TableColumn("billed_to", BUILT_IN.by_name["billed_to"].title, 11, show=billed_label),
        TableColumn("primary_admin", _("Primary admin"), 13, grow=2, show=admin_label),
        TableColumn("status", status.title, 8, show=status.display),
    ]
    return [column for column in all_columns if column.key in names]


def on_plan(query: ClientQuery) -> bool:
    """Whether only the clients are asked for that are billed to the firm's plan."""
    return query.value_of("billed_to") == "firm"


def status_parts(query: ClientQuery, count: int | None, found_parts: Sequence[Part]) -> list[Part]:
    """The status line: how many, `found_parts` (what was found where it cannot be seen), and what is looked for."""
    if count is None:
        return [Part("…")]
    if on_plan(query):
        left = ngettext("{count} client on the firm's plan", "{count} clients on the firm's plan", count)
    else:
        left = ngettext("{count} client", "{count} clients", count)
    parts = [Part(left.format(count=whole_number(count)), keep=2), *found_parts]
    if query.find.strip():
        parts.append(Part(" · " + _("find “{text}”").format(text=query.find.strip()), least=LEAST))
    return parts


def why_empty(query: ClientQuery) -> list[str]:
    """Why the list is empty, and what to do about it; a line each."""
    if query.find.strip():
        if not on_plan(query):
            return [_("No client matches.")]
        everyone = _("{show} looks among all clients.").format(show=first_key("plan.show"))
        return [_("No client on the plan matches."), "", everyone]
    if not on_plan(query):
        return [_("No clients yet.")]
    keys = _("{add} puts one on; {show} shows all clients.")
    return [
        _("No client is on the firm's plan."),
        "",
        keys.format(add=first_key("plan.add"), show=first_key("plan.show")),
    ]


def what_helps(query: ClientQuery) -> str:
    """What brings clients into an empty list."""
    if query.find.strip():
        return _("{key} takes the search off.").format(key=first_key("app.back"))
    if on_plan(query):
        keys = _("{add} puts one on the plan; {show} shows all clients.")
        return keys.format(add=first_key("plan.add"), show=first_key("plan.show"))
    return _("Add one in the client list.")


def client_parts(client: Mapping[str, str]) -> list[Part]:
    """How it stands with a client, in words; `client` has at least the values of ON_PLAN_FIELDS."""
    billing = _billing_in_words(client["subscription"], client.get("billed_to", ""))
    return [Part(_admin_in_words(client["primary_admin"])), Part(" · " + billing)]


def _admin_in_words(value: str) -> str:
    if value == "requested":
        return _("Hand-over requested ({key}: accepted)").format(key=first_key("plan.accept"))
    if value == "firm":
        return _("The firm is the client's primary admin")
    return _("The client is their own primary admin")


def _billing_in_words(subscription: str, billed_to: str) -> str:
    if not subscription:
        return _("no subscription")
    name = BUILT_IN.by_name["subscription"].display(subscription)
    if billed_to == "firm":
        return _("{subscription} on the firm's plan").format(subscription=name)
    if billed_to == "client":
        return _("{subscription}, billed to the client").format(subscription=name)
    return name
