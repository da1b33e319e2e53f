"""The firm's preferred pricing plan: who is on it, and handing over the clients' primary-admin roles."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import EVERYONE, ClientQuery, clients_where
from clientdesk.domain.filter_words import Names
from clientdesk.domain.problems import Refused
from clientdesk.domain.rules import shown_name
from clientdesk.text import _
from clientdesk.ui.commands import Command, bindings_for, commands_of
from clientdesk.ui.firm_change import BY_OTHERS, BY_YOU, FirmChange
from clientdesk.ui.screens import pricing_plan_words as words
from clientdesk.ui.screens.acting import ActingClients
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.finding import WayBack, found_parts
from clientdesk.ui.screens.list_screen import ClientsScreen
from clientdesk.ui.screens.shown_clients import ShownClients
from clientdesk.ui.screens.undo_words import with_undo
from clientdesk.ui.widgets.bars import Bar, Part, StatusLine
from clientdesk.ui.widgets.client_table import ClientRows, ClientTable
from clientdesk.ui.widgets.filter_bar import Filters, Find
from clientdesk.ui.widgets.row_table import RowTable
from clientdesk.ui.widgets.row_window import Follow

if TYPE_CHECKING:
    from clientdesk.desk.records import Client
    from clientdesk.desk.session import Session

ON_PLAN = clients_where("billed_to", "firm")
ALL = EVERYONE
FOR_CURSOR = ("plan.page", "plan.subscription", "plan.remove", "plan.request", "plan.accept", "plan.cancel")
"""The commands that act on the cursor's client."""


class PlanFilter(Filters):
    """Which clients are shown, in words; a click on it is its command."""

    def show_query(self, query: ClientQuery, names: Names) -> None:
        """Draw the filter of `query`, each part after its key."""
        on_plan = words.on_plan(query)
        show = _("On the plan") if on_plan else _("All clients")
        parts = [
            Part(first_key("plan.show") + " ", "key", "plan.show", keep=1),
            Part(f"{show} ▾", "" if on_plan else "accent", "plan.show"),
            Part("   "),
            Part(first_key("plan.find") + " ", "key", "plan.find", keep=1),
            Part(_("Find"), "accent" if query.find.strip() else "dim", "plan.find"),
        ]
        self.show_forms(parts, parts)


class PlanScreen(ClientsScreen[None]):
    """The clients that are billed to the firm's plan, or all clients; the cursor begins on `client_id`."""

    SCOPE = "plan"
    BINDINGS = bindings_for("plan")
    OPENS = "plan.page"
    CSS_PATH = style("plan")

    def __init__(self, client_id: int | None = None) -> None:
        super().__init__()
        self._begin_at = client_id
        self.shown = ShownClients(self, ON_PLAN, self._show)
        self._first_row: int | None = None
        """Where the cursor goes when the list is there, on its first page."""
        self.acting = ActingClients(self, lambda: words.what_helps(self.shown.query), FOR_CURSOR)
        self.way_back = WayBack(self, "app.back", self._clears)

    def title_text(self) -> str:
        return _("Preferred pricing plan")

    def body(self) -> ComposeResult:
        with Horizontal(id="plan-bar"):
            yield PlanFilter()
            yield Find(placeholder=_("name or number"))
        yield ClientTable(words.columns(self._fields))
        yield Bar(id="plan-client")
        yield StatusLine(id="status")

    def help_scopes(self) -> tuple[str, ...]:
        return ("plan", "table", "find", "picker")

    def on_mount(self) -> None:
        """The words around the list."""
        self._write()

    def load(self) -> None:
        """Read the clients."""
        if self._begin_at is None:
            self._show()
        else:
            self.begin_reading(self._begin_with, self._begin_at)

    async def _begin_with(self, client_id: int) -> None:
        from clientdesk.desk import clients

        row = await self.gateway.call(clients.position, ON_PLAN, client_id)
        if row is None:
            self.shown.query = ALL
            row = await self.gateway.call(clients.position, ALL, client_id)
        if row is not None and row < self.table.height:
            self._first_row = row
            self._show()
        else:
            self._show()
            self.rows.read_again(FirmChange(row_id=client_id))

    # --- what is shown

    @property
    def _on_plan_only(self) -> bool:
        return words.on_plan(self.shown.query)

    @property
    def _fields(self) -> tuple[str, ...]:
        """The fields of the list's columns: on the plan all are billed to the same."""
        return words.ON_PLAN_FIELDS if self._on_plan_only else words.FIELDS

    def _show(self, follow: Follow = "cursor") -> None:
        fields = self._fields
        self.table.set_sort(self.shown.query.sort_field, self.shown.query.descending)
        source = ClientRows(self.gateway, self.shown.query, fields, "plan")
        self.table.set_source(source, follow, columns=words.columns(fields))
        self._write()
        self.way_back.write()

    def _write(self) -> None:
        """The words around the list."""
        self.query_one(PlanFilter).show_query(self.shown.query, self.shown.names)
        self.write_status()
        if self._count == 0:
            self.table.set_empty(words.why_empty(self.shown.query))
        self._write_client()

    @property
    def _count(self) -> int | None:
        return None if self.table.rows.is_another else self.table.rows.count

    def write_status(self) -> None:
        """How many, what is looked for, and where it was found."""
        left = words.status_parts(self.shown.query, self._count, found_parts(self.table))
        self.query_one(StatusLine).show(left, self.way_back.parts())

    def _clears(self) -> str:
        """What esc does in the list: it takes the search off."""
        return _("clears") if self.shown.query.find.strip() else ""

    def footer_commands(self) -> Iterable[Command]:
        """While something is typed into Find, how to get back; else what can be done with a client."""
        if self.way_back.is_finding:
            return commands_of("find")
        return self.acting.offered(super().footer_commands())

    def footer_title(self, command: Command) -> str:
        """Esc takes the search off before it goes back."""
        if command.id == "app.back" and self._clears():
            return _("Clear")
        title = super().footer_title(command)
        return self.way_back.title(title) if command.id == "find.list" else title

    def _write_client(self) -> None:
        """The line under the list: how it stands with the cursor's client, in words."""
        row = self.table.rows.current
        self.query_one("#plan-client", Bar).show([] if row is None else words.client_parts(self.table.values(row)))

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the clients again, or at last where that could not be done before."""
        if self.rows.is_loaded:
            self.rows.read_again(change)
        else:
            self.load()

    # --- what the widgets tell

    def on_row_table_counted(self, event: RowTable.Counted) -> None:
        """The exact number is known."""
        self._write()
        self.write_footer()

    def on_row_table_lost(self, event: RowTable.Lost) -> None:
        """How many the query finds is not known."""
        self._write()

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """Another client."""
        row, self._first_row = self._first_row, None
        if row is not None:
            self.table.rows.move_to(row)
        self._write_client()
        if self.is_whole and self.table.wanted:
            self.write_status()  # in another client something else may be found

    def on_row_table_arranged(self, event: RowTable.Arranged) -> None:
        """Something else of what was found can be seen."""
        if self.is_whole:
            self.write_status()

    def on_descendant_focus(self) -> None:
        """Another part of the screen has the keys."""
        if self.is_whole:
            self.write_footer()
            self.write_status()

    def on_row_table_sort_requested(self, event: RowTable.SortRequested) -> None:
        """A click on a header."""
        self.shown.sort_by(event.column)

    def on_bar_picked(self, event: Bar.Picked) -> None:
        """A click on the filter."""
        self.action_command(event.target)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Something was typed into Find."""
        self.shown.filter_by(find=event.value)

    # --- commands: what is shown

    def command_plan_find(self) -> None:
        """Go to Find."""
        self.query_one(Find).focus()

    def command_plan_show(self) -> None:
        """The clients on the plan, or all."""
        self.shown.filter_by(filters=(ALL if self._on_plan_only else ON_PLAN).filters)

    async def command_plan_sort(self) -> None:
        """Choose the column to order by."""
        await self.shown.choose_order(self._fields)

    def command_app_back(self) -> None:
        """Take the search off; where there is none, go back."""
        if self.shown.query.find.strip():
            self.query_one(Find).value = ""
            self.table.focus()
        else:
            self.dismiss()

    async def command_plan_page(self) -> None:
        """The client's page."""
        from clientdesk.ui.screens.openings import client_page

        if (client_id := self.acting.cursor_id()) is not None:
            last = await self.app.push_screen_wait(client_page(client_id, self.shown.query))
            self.firm_changed(FirmChange(row_id=last if isinstance(last, int) else None))

    # --- commands: the plan

    async def _current(self) -> "Client | None":
        """The cursor's client as it stands now; None where there is none, which is said."""
        from clientdesk.desk import clients

        if (client_id := self.acting.cursor_id()) is None:
            return None
        try:
            return await self.gateway.call(clients.get, client_id)
        except Refused:
            self.firm_changed(BY_YOU)
            raise

    async def _do(self, use_case: "Callable[..., Client]", client: "Client", done: str, *arguments: Any) -> None:
        """One step on a client, and a notice; `done` may have {name} and keys. Whatever comes of it, the list is read again."""
        try:
            changed = await self.gateway.call(use_case, client.id, *arguments)
        finally:
            if self.is_attached and self.app.is_running:
                self.firm_changed(FirmChange(row_id=client.id))
        keys = {name: first_key(f"plan.{name}") for name in ("show", "accept")}
        self.tell(with_undo(done.format(name=shown_name(changed.values), **keys)))

    async def _confirm(self, question: str, text: str, yes: str, client: "Client", danger: bool = False) -> bool:
        from clientdesk.ui.screens.dialogs import Confirm

        name = shown_name(client.values)
        answer: bool = await self.app.push_screen_wait(
            Confirm(question.format(name=name), text.format(name=name), yes=yes, danger=danger)
        )
        return answer

    async def _choose_subscription(self, client: "Client", title: str, none: bool = False) -> str | None:
        from clientdesk.ui.screens.picker import Choose

        choices = [choice for choice in BUILT_IN.by_name["subscription"].choices if choice.value or none]
        options = [(choice.value, _(choice.label)) for choice in choices]
        title = title.format(name=shown_name(client.values))
        chosen = await self.app.push_screen_wait(Choose(title, options, client.values["subscription"]))
        return None if chosen is None else str(chosen)

    async def command_plan_add(self) -> None:
        """Put a client on the plan: the cursor's if it is not on it yet, else one that is looked for."""
        from clientdesk.desk import clients, pricing_plan
        from clientdesk.ui.screens.find_client import FindClient

        client = None if self.table.rows.cursor_id is None else await self._current()
        if client is None or client.values["billed_to"] == "firm":
            client_id = await self.app.push_screen_wait(FindClient(_("Which client is put on the firm's plan?")))
            if client_id is None:
                return
            client = await self.gateway.call(clients.get, client_id)
        title = _("What does the firm's plan pay for {name}?")
        subscription = await self._choose_subscription(client, title)
        if subscription is not None:
            await self._do(pricing_plan.put_on_plan, client, _("{name} is on the firm's plan now."), subscription)

    async def command_plan_subscription(self) -> None:
        """Another subscription; who pays for it stays."""
        from clientdesk.desk import pricing_plan

        client = await self._current()
        if client is None:
            return
        on_plan = client.values["billed_to"] == "firm"
        chosen = await self._choose_subscription(client, _("Which subscription has {name}?"), none=not on_plan)
        if chosen is None or chosen == client.values["subscription"]:
            return
        done = _("The subscription of {name} is changed.")
        if on_plan:
            await self._do(pricing_plan.put_on_plan, client, done, chosen)
        else:
            await self._do(_set_subscription, client, done, client, chosen)

    async def command_plan_remove(self) -> None:
        """Take the client off the plan, after a question."""
        from clientdesk.desk import pricing_plan

        client = await self._current()
        if client is None:
            return
        if client.values["billed_to"] == "firm":
            text = _("The subscription is billed to the client from then on. You can put them on again.")
            if not await self._confirm(_("Take {name} off the firm's plan?"), text, _("Take off"), client):
                return
        done = _("{name} is off the plan and billed to the client now.")
        if self._on_plan_only:
            done += " " + _("{show} shows all clients.")
        await self._do(pricing_plan.take_off_plan, client, done)

    async def command_plan_request(self) -> None:
        """Ask the client to take the primary admin's role, after a question: the first of two steps."""
        from clientdesk.desk import pricing_plan

        client = await self._current()
        if client is None:
            return
        if client.values["primary_admin"] == "firm":
            text = _("The client is asked to take the role; until they have accepted, the firm keeps it.")
            question = _("Request the hand-over of the primary admin's role to {name}?")
            if not await self._confirm(question, text, _("Request the hand-over"), client):
                return
        done = _("Hand-over requested. When {name} has accepted: {accept}")
        await self._do(pricing_plan.request_hand_over, client, done)

    async def command_plan_accept(self) -> None:
        """Mark the hand-over as accepted, after a question: the firm cannot take the role back."""
        from clientdesk.desk import pricing_plan

        client = await self._current()
        if client is None:
            return
        if client.values["primary_admin"] == "requested":
            text = _("{name} is their own primary admin then. The firm cannot take the role back by itself.")
            question = _("Has {name} accepted the primary admin's role?")
            if not await self._confirm(question, text, _("Mark as accepted"), client, danger=True):
                return
        await self._do(pricing_plan.accept_hand_over, client, _("{name} is their own primary admin now."))

    async def command_plan_cancel(self) -> None:
        """Take the request back, after a question."""
        from clientdesk.desk import pricing_plan

        client = await self._current()
        if client is None:
            return
        if client.values["primary_admin"] == "requested":
            text = _("The firm stays the primary admin of {name}. You can request the hand-over again.")
            question = _("Take back the hand-over request to {name}?")
            if not await self._confirm(question, text, _("Take the request back"), client):
                return
        await self._do(pricing_plan.cancel_hand_over, client, _("The firm stays the primary admin of {name}."))


def _set_subscription(session: "Session", _client_id: int, client: "Client", subscription: str) -> "Client":
    """Another subscription for a client whose own account pays for it."""
    from clientdesk.desk import clients

    return clients.edit(session, client, {"subscription": subscription})
