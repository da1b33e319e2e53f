"""A client's page: all its fields, its history, and the way to the next client of the list."""

from typing import TYPE_CHECKING, NamedTuple

from textual import work
from textual.app import ComposeResult

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import Refused
from clientdesk.domain.rules import shown_name
from clientdesk.text import _, whole_number
from clientdesk.ui.commands import Command, bindings_for, first_key
from clientdesk.ui.firm_change import BY_OTHERS, FirmChange
from clientdesk.ui.screens.base import is_away, style
from clientdesk.ui.screens.clipboard import CLIENT_FIELDS, send_clients
from clientdesk.ui.screens.pricing_plan import PlanSteps
from clientdesk.ui.screens.undoable import Undoable
from clientdesk.ui.widgets.bars import Bar, Part
from clientdesk.ui.widgets.client_sections import ClientSections
from clientdesk.ui.widgets.history_view import HistoryView
from clientdesk.ui.widgets.long_text import Reading
from clientdesk.ui.widgets.work_lines import WorkLines

if TYPE_CHECKING:
    from clientdesk.desk.records import Change, Client
    from clientdesk.desk.session import Session
    from clientdesk.ui.screens.review_opening import WorksSeen


class Place(NamedTuple):
    """A client's row in the list (None if the list is without it), and how long the list is."""

    row: int | None
    total: int


class Neighbour(NamedTuple):
    """A client of the list and its row."""

    id: int
    row: int


AT_ONCE = 100
"""So many changes of a client are read at a time."""
TO_LAST = 1_000
"""So many on the way to the last one."""


class _Read(NamedTuple):
    """What the page shows of a client; None for its work where the firm does none."""

    client: "Client"
    changes: "tuple[Change, ...]"
    works: "WorksSeen | None"


def _read(session: "Session", client_id: int, changes: int) -> _Read:
    """A client, so many of its latest changes, and its work."""
    from clientdesk.desk import clients, history
    from clientdesk.ui.screens.review_opening import read_works

    client = clients.get(session, client_id)
    of_client = history.of_client(session, client_id, changes) if changes else ()
    return _Read(client, of_client, read_works(session, client_id))


def _place(session: "Session", query: ClientQuery, client_id: int) -> Place:
    from clientdesk.desk import clients

    return Place(clients.position(session, query, client_id), clients.count(session, query))


def _neighbour(session: "Session", query: ClientQuery, client_id: int, row: int, step: int) -> Neighbour | None:
    """The client before (`step` -1) or after (1) the one that was in `row` of the list; None at its ends.

    The list may have changed meanwhile: a client that has left it has given its row to the next one.
    """
    from clientdesk.desk import clients

    def at(row: int) -> int | None:
        rows = clients.window(session, query, (), row, 1) if row >= 0 else ()
        return rows[0].id if rows else None

    if at(row) != client_id:
        place = clients.position(session, query, client_id)
        row = place if place is not None else row - 1 if step > 0 else row
    neighbour = at(row + step)
    return None if neighbour is None else Neighbour(neighbour, row + step)


class Tabs(Bar):
    """What the page shows: the fields or the history; and where the client stands in the list."""


class ClientPageScreen(Undoable[int | None]):
    """All about a client. `query` is the list it was opened from. Answers with the id of the last client shown."""

    SCOPE = "page"
    BINDINGS = bindings_for("page")
    CSS_PATH = style("page")
    AUTO_FOCUS = "#fields"

    def __init__(self, client_id: int, query: ClientQuery) -> None:
        super().__init__()
        self.client_id = client_id
        self._query = query
        self._row = 0
        self.place: Place | None = None
        """Where the client stands in the list; None until that is read."""
        self.client: Client | None = None
        """The client that is shown; None until it is read."""
        self.changes: tuple[Change, ...] = ()
        """The changes that are shown."""
        self.parts = (PlanSteps(self, lambda _command_id: self.client_id),)

    def title_text(self) -> str:
        return shown_name(self.client.values) if self.client else ""

    def help_scopes(self) -> tuple[str, ...]:
        return ("page", "reading")

    @property
    def is_unfinished(self) -> bool:
        """Until also its place in the list is known."""
        return super().is_unfinished or (self.client is not None and self.place is None)

    def body(self) -> ComposeResult:
        yield Tabs(id="tabs")
        with Reading(id="fields"):
            yield ClientSections()
            yield WorkLines()
        yield HistoryView(id="history")

    def on_mount(self) -> None:
        """Show the client."""
        self.query_one("#history").display = False
        self._load(self.client_id)

    def _load(self, client_id: int) -> None:
        self.begin_reading(self._show, client_id)

    @property
    def _history_shown(self) -> bool:
        return bool(self.query_one("#history").display)

    async def _show(self, client_id: int, place: Place | None = None) -> None:
        """Show a client; its place in the list is read after it where it is not known."""
        another = self.client is None or client_id != self.client.id
        try:
            read = await self.gateway.read("page", _read, client_id, AT_ONCE * self._history_shown)
        except Refused as refusal:
            if is_away(refusal) and self.client is not None:
                raise
            self.tell(refusal)
            if is_away(refusal):
                self.dismiss(client_id)
            elif not another or self.client is None:
                self.dismiss(await self._left_behind())
            return
        if self.client is None:
            self._note_opened(client_id)
        client, changes = read.client, read.changes
        self.client_id, self.client = client_id, client
        if another or place is not None:
            self.place = place
        self.query_one(ClientSections).show(client, self.catalogue)
        self._show_works(read.works)
        if another:
            self.query_one("#fields", Reading).scroll_home(animate=False)
        if self._history_shown:
            self._show_changes(changes, len(changes) == AT_ONCE)
        self._write()
        if place is None:
            self._find_place(client_id)
        elif place.row is not None:
            self._row = place.row

    @work(group="opened")
    async def _note_opened(self, client_id: int) -> None:
        """Keep that the client was opened, for the palette."""
        from clientdesk.desk import recently_opened

        await self.guarded(self.gateway.read("page.opened", recently_opened.note_opened, client_id))

    @work(exclusive=True, group="place")
    async def _find_place(self, client_id: int) -> None:
        """Where the client stands in the list; no key waits for it."""
        await self.guarded(self._read_place(client_id))

    async def _read_place(self, client_id: int) -> None:
        place = await self.gateway.read("page.place", _place, self._query, client_id)
        if self.client_id == client_id:
            self.place = place
            self._row = self._row if place.row is None else place.row
            self._write()

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the client, its history and its place again; a client that is gone meanwhile closes the page."""
        if self.client is None:
            self._load(self.client_id)
            return
        client_id = self.client.id
        wanted = max(AT_ONCE, len(self.changes)) * self._history_shown
        try:
            client, changes, works = await self.gateway.read("page.fresh", _read, client_id, wanted)
        except Refused as refusal:
            if refusal.code == "client_gone" and self.client.id == client_id:
                self.tell(refusal)
                self.dismiss(await self._left_behind())
                return
            raise
        if self.client.id != client_id:
            return  # the person has gone on
        self.client = client
        self.query_one(ClientSections).show(client, self.catalogue)
        self._show_works(works)
        if self._history_shown:
            self._show_changes(changes, len(changes) == wanted, stay=True)
        place = await self.gateway.read("page.fresh", _place, self._query, client_id)
        if self.client.id == client_id:
            self.place = place
            self._row = self._row if place.row is None else place.row
        self._write()

    def _show_changes(self, changes: "tuple[Change, ...]", more: bool, stay: bool = False) -> None:
        self.changes = changes
        self.query_one(HistoryView).show(changes, more, stay)

    def _show_works(self, works: "WorksSeen | None") -> None:
        if works is None:
            self.query_one(WorkLines).show(())
            return
        from clientdesk.ui.screens.review_opening import lines_of

        hint = _("{key} opens one").format(key=first_key("work.all"))
        self.query_one(WorkLines).show(lines_of(works), hint)

    def on_history_view_more(self, event: HistoryView.More) -> None:
        """The reader comes to the end of the changes: read older ones."""
        if self.client is not None and self.changes:
            self._read_on(self.client.id, self.changes, TO_LAST if event.to_last else AT_ONCE)

    @work(exclusive=True, group="history")
    async def _read_on(self, client_id: int, changes: "tuple[Change, ...]", limit: int) -> None:
        from clientdesk.desk import history

        reading = self.gateway.read("page.history", history.of_client, client_id, limit, changes[-1].id)
        older = await self.guarded(reading)
        if older is not None and self.changes is changes:
            self._show_changes(changes + older, len(older) == limit, stay=True)

    async def _left_behind(self) -> int | None:
        """The client that took the row of the one that is gone, else the one before it."""
        for step in (1, -1):
            neighbour = await self.gateway.call(_neighbour, self._query, self.client_id, self._row, step)
            if neighbour is not None:
                return neighbour.id
        return None

    def _write(self) -> None:
        client = self.client
        if client is None:
            return
        self.write_title()
        self.write_footer()
        history = self._history_shown
        left = [
            Part(_("Fields"), "dim" if history else "accent", "" if not history else "page.history"),
            Part("  │  ", "dim"),
            Part(_("History"), "accent" if history else "dim", "" if history else "page.history"),
        ]
        right = [] if client.active else [Part(_("Inactive"), "danger"), Part("   ")]
        if self.place is None:
            place = "…"
        elif self.place.row is None:
            place = _("not in the list any more")
        else:
            row, total = whole_number(self.place.row + 1), whole_number(self.place.total)
            place = _("{row} of {total}").format(row=row, total=total)
        self.query_one(Tabs).show(left, [*right, Part(place, "dim")])

    def footer_title(self, command: Command) -> str:
        """Activate instead of Deactivate, Fields instead of History."""
        if command.id == "client.status" and self.client is not None and not self.client.active:
            return _("Activate")
        if command.id == "page.history" and self.is_mounted and self._history_shown:
            return _("Fields")
        return super().footer_title(command)

    def on_bar_picked(self, event: Bar.Picked) -> None:
        """The other tab was clicked."""
        self.action_command(event.target)

    # --- from client to client

    async def _go(self, step: int, end: str) -> None:
        neighbour = await self.gateway.read("page.beside", _neighbour, self._query, self.client_id, self._row, step)
        if neighbour is None:
            self.tell(end)
        else:
            await self._show(neighbour.id, Place(neighbour.row, self.place.total) if self.place else None)

    async def command_page_next(self) -> None:
        """To the next client of the list."""
        await self._go(1, _("This is the last client of the list."))

    async def command_page_previous(self) -> None:
        """To the previous client of the list."""
        await self._go(-1, _("This is the first client of the list."))

    def command_page_history(self) -> None:
        """Show the history, or the fields again."""
        history = not self._history_shown
        self.query_one("#history").display = history
        self.query_one("#fields").display = not history
        self.query_one("#history" if history else "#fields").focus()
        if history:
            self._load(self.client_id)
        self._write()

    def command_app_back(self) -> None:
        """Back to where the page was opened."""
        self.dismiss(self.client_id)

    # --- what is done with the client

    async def command_work_review(self) -> None:
        """Open the client's first open review."""
        await self._review(all_of_them=False)

    async def command_work_all(self) -> None:
        """Open any of its works, past and present."""
        await self._review(all_of_them=True)

    async def _review(self, all_of_them: bool) -> None:
        from clientdesk.ui.screens.review_opening import open_review

        last = await open_review(self, self.client_id, self._query, all_of_them)
        if last is not None:
            self._load(last)

    async def command_client_edit(self) -> None:
        """Change the client's fields."""
        from clientdesk.ui.screens.client_form import ClientFormScreen

        if await self.app.push_screen_wait(ClientFormScreen(self.client_id)) is not None:
            self._load(self.client_id)

    async def command_client_add(self) -> None:
        """Add a client, and show it."""
        from clientdesk.ui.screens.client_form import ClientFormScreen

        added = await self.app.push_screen_wait(ClientFormScreen(None))
        if added is not None:
            self._load(added)

    async def command_client_status(self) -> None:
        """Deactivate or activate the client."""
        from clientdesk.ui.screens.client_status import change_status

        await change_status(self, [self.client_id])
        self._load(self.client_id)

    async def command_client_delete(self) -> None:
        """Delete the client permanently; then the page closes, at its neighbour in the list."""
        from clientdesk.ui.screens.delete_client import ask_delete

        if await ask_delete(self, self.client_id):
            self.dismiss(await self._left_behind())
        else:
            self._load(self.client_id)

    def command_client_copy(self) -> None:
        """Copy number, name and e-mail, with tabs between them."""
        if self.client is None:
            self.tell(_("One moment: the client is still being read."))
            return
        send_clients(self, [[self.client.values[name] for name in CLIENT_FIELDS]])
