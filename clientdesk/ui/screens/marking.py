"""The commands that mark clients in the list: one, all that match, a range, the others, none."""

from typing import TYPE_CHECKING, Any

from clientdesk.text import _, ngettext, whole_number
from clientdesk.ui.commands import first_key
from clientdesk.ui.screens.acting import ActingClients
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.widgets import row_marking
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.ui.widgets.client_table import ClientRows

_IN_A_RANGE = ("list.mark", "list.mark-range", "list.clear")
"""The commands that know of a range; before any other one it is marked, so that it acts on what is seen as marked."""


class Marking:
    """Marks of clients, whether they were read or not. A range is begun with one key and goes along with the cursor."""

    def __init__(self, screen: ListScreen[Any], acting: ActingClients) -> None:
        self._screen, self._acting = screen, acting

    @property
    def _source(self) -> "ClientRows":
        source: ClientRows = self._screen.rows.source  # type: ignore[assignment]  # the list shows clients
        return source

    def ends_range(self, command_id: str) -> bool:
        """Whether a range has to be marked before a command is done."""
        tables = self._screen.query(RowTable)
        return command_id not in _IN_A_RANGE and any(table.rows.range is not None for table in tables)

    async def mark_range(self) -> None:
        """Mark the range; where one of its ends has left the list meanwhile, that is said."""
        if not await row_marking.mark_range(self._screen.rows, self._source):
            self._screen.tell(_("The range is not in the list any more: nothing is marked."))

    def give_up_range(self) -> bool:
        """Mark no range; whether there was one."""
        rows = self._screen.rows
        if rows.range is None:
            return False
        rows.set_range(None)
        return True

    def range_in_words(self) -> str:
        """How many clients the range has that is being marked; "" where none is."""
        rows = self._screen.rows
        if rows.range is None:
            return ""
        count = len(rows.range.numbers(rows.cursor_row))
        return ngettext("range of {count}", "range of {count}", count).format(count=whole_number(count))

    # --- commands

    async def command_list_mark(self) -> None:
        """Mark the cursor's client and go on to the next; mark the range where one is begun."""
        if self._screen.rows.range is not None:
            await self.mark_range()
        else:
            self._acting.mark()

    async def command_list_mark_range(self) -> None:
        """Begin a range at the cursor, or mark the one that is begun."""
        rows = self._screen.rows
        if rows.range is not None:
            await self.mark_range()
        elif self._acting.cursor_id() is not None:
            row_marking.begin_range(rows)

    async def command_list_mark_all(self) -> None:
        """Mark all that match."""
        await self._mark_many(row_marking.mark_all)

    async def command_list_mark_others(self) -> None:
        """Mark the others."""
        await self._mark_many(row_marking.mark_others)

    async def _mark_many(self, mark: row_marking.MarkMany) -> None:
        if self._screen.rows.count == 0:
            self._acting.tell_none()
        else:
            await mark(self._screen.rows, self._source)

    def command_list_unmark(self) -> None:
        """Take all marks away."""
        rows = self._screen.rows
        if not self.give_up_range() and not rows.marks:
            self._screen.tell(_("No client is marked. {key} marks one.").format(key=first_key("list.mark")))
        rows.mark()
