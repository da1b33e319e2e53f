"""Choosing one client in a picker: what is typed is found as in Find; for the history a deleted one by its key, too."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import events

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import EVERYONE
from clientdesk.text import _, display_text
from clientdesk.ui.firm_change import BY_OTHERS, FirmChange
from clientdesk.ui.screens.finding import found_parts
from clientdesk.ui.screens.picker import Picker
from clientdesk.ui.widgets.bars import cut
from clientdesk.ui.widgets.client_table import ClientRows, ClientTable
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.pick_list import TYPED_SHOWN
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.desk.records import Row

_FIELDS = ("client_number", "display_name", "status")
SIZE = (68, 11)
"""Cells and lines of the list."""


class PastClientRows(ClientRows):
    """The clients of a query, and before them the deleted one whose Company ID or number is looked for."""

    async def rows(self, offset: int, limit: int) -> "Sequence[Row]":
        """A piece of the list."""
        from clientdesk.desk import past_clients

        group = f"{self.table}.rows"
        return await self.gateway.read(group, past_clients.window, self.query, self.fields_read, offset, limit)

    async def count(self) -> int:
        """How many clients the list has."""
        from clientdesk.desk import past_clients

        return await self.gateway.read(f"{self.table}.count", past_clients.count, self.query)

    async def position(self, row_id: int) -> int | None:
        """Where a client stands in the list."""
        from clientdesk.desk import past_clients

        return await self.gateway.read(f"{self.table}.position", past_clients.position, self.query, row_id)


def _shown_status(value: str) -> str:
    from clientdesk.desk.past_clients import DELETED

    return _("Deleted") if value == DELETED else BUILT_IN.by_name["status"].display(value)


class FoundClients(ClientTable, can_focus=False):
    """The clients that were found; a click takes one."""

    def on_click(self, event: events.Click) -> None:
        """Take the client that was clicked."""
        event.stop()
        rows, number = self.rows, self.top + event.y - 1
        if event.button == 1 and event.y and number < rows.total:
            rows.move_to(number)
            if rows.cursor_id is not None:
                self.post_message(RowTable.Opened(self, rows.cursor_id))


class FindClient(Picker[int]):
    """Returns the id of the client that was chosen, None for esc. `title` is a question; with `past`, a deleted client
    is found by its whole Company ID or number.

    Keys that move or choose wait until the clients are read that the text before them asks for.
    """

    def __init__(self, title: str, past: bool = False) -> None:
        self._rows: type[ClientRows] = PastClientRows if past else ClientRows
        number, name, status = (BUILT_IN.by_name[name] for name in _FIELDS)
        self.table = FoundClients(
            [
                TableColumn("client_number", number.title, number.width, short=number.short_title),
                TableColumn("display_name", name.title, 30, grow=40, pin=True),
                TableColumn("status", status.title, 8, show=_shown_status),
            ]
        )
        """The clients found."""
        super().__init__(title, self.table, self._search, lambda: SIZE, _("name or number"))
        self._asked_for: str | None = None
        """What was typed when the list was last asked for."""
        self._waiting: list[Callable[[], None]] = []
        """What is to be done when the list is read."""
        self._choosing = False
        """Whether the choice waits for the list: what is typed meanwhile changes it no more."""

    def on_mount(self) -> None:
        """All clients, until something is typed, as soon as it is known how many fit."""
        self.call_after_refresh(lambda: self.narrow(self.typed))

    def _search(self, typed: str) -> None:
        if typed == self._asked_for or self._choosing or not self.table.size:
            return
        self._asked_for = typed
        self._waiting.clear()
        self.table.set_empty([self._nothing()])
        query = EVERYONE._replace(find=typed)
        self.table.set_source(self._rows(self.gateway, query, _FIELDS, "find"), "top")

    def _nothing(self) -> str:
        """The sentence for a list without clients."""
        typed = (self._asked_for or "").strip()
        if not typed:
            return _("The firm has no client.")
        return _("No client has “{text}”.").format(text=cut(display_text(typed), TYPED_SHOWN))

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the clients again."""
        self.table.rows.read_again(change)

    # --- what waits for the list

    def _when_read(self, action: Callable[[], None]) -> None:
        """Do something as soon as the list is the one that was asked for, and the cursor's row is at hand."""
        self._waiting.append(action)
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and self._is_read():
            self._waiting.pop(0)()

    def _is_read(self) -> bool:
        table = self.table
        at_hand = table.rows.cursor_id is not None or table.rows.count == 0 or table.rows.is_lost
        return not table.rows.is_reading and at_hand

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """Other rows are there, or another client: where something was found in it, if that cannot be seen."""
        self.remark("".join(part.text for part in found_parts(self.table)).removeprefix(" · "))
        self._go_on()

    def on_row_table_counted(self, event: RowTable.Counted) -> None:
        """It is known how many there are."""
        self._go_on()

    def on_row_table_lost(self, event: RowTable.Lost) -> None:
        """They cannot be read."""
        self._go_on()

    def on_row_table_opened(self, event: RowTable.Opened) -> None:
        """A click on a row."""
        event.stop()
        self.dismiss(event.row_id)

    # --- commands

    async def command_picker_choose(self) -> None:
        """Take the client under the cursor."""
        read = asyncio.Event()
        self._choosing = True
        try:
            self._when_read(read.set)
            await read.wait()
        finally:
            self._choosing = False
        if not self.table.rows.is_lost and self.table.rows.cursor_id is not None:
            self.dismiss(self.table.rows.cursor_id)
            return
        self.tell(_("The clients cannot be read now.") if self.table.rows.is_lost else self._nothing())
        self.narrow(self.typed)

    def _move(self, command_id: str) -> None:
        """Do one of the table's commands."""
        self._when_read(partial(self.table.action_command, command_id))

    def command_picker_up(self) -> None:
        """One row up."""
        self._move("row.up")

    def command_picker_down(self) -> None:
        """One row down."""
        self._move("row.down")

    def command_picker_page_up(self) -> None:
        """One page up."""
        self._move("row.page-up")

    def command_picker_page_down(self) -> None:
        """One page down."""
        self._move("row.page-down")

    def command_picker_first(self) -> None:
        """To the first row."""
        self._move("row.first")

    def command_picker_last(self) -> None:
        """To the last row."""
        self._move("row.last")
