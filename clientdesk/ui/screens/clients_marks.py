"""The marks of the client list: what the commands will do to the marked clients, said before they do it."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from clientdesk.text import _, whole_number
from clientdesk.ui.commands import BY_ID, Command
from clientdesk.ui.firm_change import FirmChange
from clientdesk.ui.screens.acting import marked_words
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.shown_clients import ShownClients
from clientdesk.ui.widgets.row_source import RowLike

if TYPE_CHECKING:
    from clientdesk.desk.records import Standing

_FIRST = {
    command_id: 30 - place
    for place, command_id in enumerate(
        (
            "client.status",
            "clients.change",
            "list.mark",
            "list.unmark",
            "client.open",
            "app.help",
            "client.edit",
            "client.copy",
            "download.open",
            "list.mark-all",
            "list.mark-others",
            "list.mark-range",
        )
    )
}
"""The commands that come first in the footer while clients are marked, by their priority."""
PIECE = 10_000
"""It is asked of so many marked clients at a time how they stand."""
MOST_OF_RANGE, _SEVERAL = 1_000, 2
"""A range of more clients is not counted for the footer, which is drawn with each key: they are several."""
FOR_ONE = ("client.edit",)
"""The commands that act on one client only."""
FOR_SEVERAL = ("clients.change",)
"""Those that come first where several are marked: of one, its form does more."""


class MarkedClients:
    """How the marked clients stand, as the firm has them: also those that the list does not show.

    `write` draws the footer and the status line. Of many marks it is asked in pieces, so that the list is read between
    two of them.
    """

    def __init__(self, screen: ListScreen[Any], shown: ShownClients, write: Callable[[], None]) -> None:
        self._screen, self._shown, self._write = screen, shown, write
        self._standing: Standing | None = None
        self._asked_of: tuple[object, ...] | None = None
        """The filters and the search of the list for which it is known who is outside; None: that is being counted."""
        self._verb = ""
        """What the footer has last said that the status command does."""
        self._compared: tuple[Standing, frozenset[int], bool] | None = None
        """What is known, the marks, and whether it is about just these."""

    def changed(self, row: RowLike | None) -> None:
        """Other marks: what is known from the row counts until the firm has answered."""
        if row is not None:
            from clientdesk.desk.records import Standing

            self._standing = (self._standing or Standing()).toggled(row.id, row.active)
        self._write()
        self.read()

    def read(self, change: FirmChange | None = None) -> None:
        """Ask how they stand: the marks or the list have changed, or by a `change` the firm. What was known before a
        change of yours is not said any more."""
        if not self._screen.rows.selection.empty:
            if change is not None and change.yours:
                self._standing = None
                self._write()
            self._screen.read_aside(self._read, change is not None, group="standing")
        elif self._standing is not None:
            self._standing = None
            self._write()

    async def _settle(self) -> None:
        """Mark who is marked by now, where the marks are all of a list but some."""
        from clientdesk.desk import chosen_clients

        rows, selection = self._screen.rows, self._screen.rows.selection
        if selection.query is not None:
            ids = await self._screen.gateway.read("list.marks", chosen_clients.settle_with_gone, selection)
            if rows.selection is selection:
                rows.mark(ids, selection)

    async def _read(self, settles: bool) -> None:
        from clientdesk.desk import chosen_clients
        from clientdesk.desk.records import Standing

        if settles:
            await self._settle()
        ids, pieces, list_of = list(self._screen.rows.marks), list[Standing](), self._list
        for start in range(0, len(ids), PIECE):
            piece = sorted(ids[start : start + PIECE])
            pieces.append(
                await self._screen.gateway.read("list.standing", chosen_clients.standing, piece, self._shown.query)
            )
        self._standing, self._asked_of = Standing().joined(pieces), list_of
        self._write()

    @property
    def _list(self) -> tuple[object, ...]:
        """What decides who is in the list."""
        return self._shown.query.filters, self._shown.query.find

    @property
    def outside(self) -> "frozenset[int] | None":
        """The marked clients that are outside the list; None while that is not known of these marks and this list."""
        standing = self.standing
        return None if standing is None or self._asked_of != self._list else standing.outside

    @property
    def standing(self) -> "Standing | None":
        """How the marked clients stand, as far as that is known of just these."""
        standing, marks = self._standing, self._screen.rows.marks
        if standing is None:
            return None
        if self._compared is None or self._compared[0] is not standing or self._compared[1] is not marks:
            self._compared = (standing, marks, standing.ids == marks)  # of many this takes a while
        return standing if self._compared[2] else None

    def away_from_cursor(self, client_id: int) -> str:
        """For what is done to one client: that it is the marked one and not the cursor's; "" where it is the cursor's."""
        cursor_id = self._screen.rows.cursor_id
        if client_id == cursor_id:
            return ""
        if cursor_id is None or client_id in (self.outside or ()):
            return _("It is marked and outside this list.")
        return _("It is the marked client; the cursor is on another one.")

    def in_words(self) -> str:
        """How many are marked, how many of these cannot be seen, or that this is being counted; "" where none is marked."""
        marked, standing, outside = len(self._screen.rows.marks), self.standing, self.outside
        if not marked:
            return ""
        gone = len(standing.gone) if standing else 0
        if outside is None and marked <= PIECE:  # it is known in a moment, which is not worth a word
            return marked_words(marked, 0, gone)
        return marked_words(marked, None if outside is None else len(outside), gone)

    def commands(self, commands: Iterable[Command]) -> list[Command]:
        """While clients are marked, what acts on them comes first; what is for one client is not offered for several."""
        marked, shown = len(self._screen.rows.marks), list(commands)
        if self._screen.rows.range is not None:
            marked = _SEVERAL if (added := self._added()) is None else marked + len(added)
        if not marked:
            return shown
        ids = {command.id for command in shown}
        first = {name: place for name, place in _FIRST.items() if marked > 1 or name not in FOR_SEVERAL}
        shown += [BY_ID[command_id] for command_id in first if command_id not in ids]
        return [
            command._replace(footer=first.get(command.id, command.footer))
            for command in shown
            if marked == 1 or command.id not in FOR_ONE
        ]

    def title(self, command_id: str, title: str) -> str:
        """What the footer calls a command whose `title` that is: what happens, and to how many of the marked clients. A
        range counts as marked, as it is before the command is done; where not all of it is at hand, no number is said."""
        added = self._added()
        if added is None:
            return _("Status") if command_id == "client.status" else title
        marked = len(self._screen.rows.marks) + len(added)
        if command_id == "client.status":
            return self._status_title(marked, added)
        if marked and command_id == "client.open":
            return _("Open this one")
        if marked and command_id in ("client.copy", "client.delete", "download.open", "clients.change", *FOR_ONE):
            return _("{command} {count} marked").format(command=title, count=whole_number(marked))
        return title

    def _added(self) -> "Sequence[RowLike] | None":
        """The clients that the range which is being marked adds to the marks; None where not all of it is at hand."""
        rows = self._screen.rows
        if rows.range is None:
            return ()
        numbers = rows.range.numbers(rows.cursor_row)
        if len(numbers) > MOST_OF_RANGE:
            return None
        at_hand = [row for row in map(rows.row_at, numbers) if row is not None]
        return [row for row in at_hand if row.id not in rows.marks] if len(at_hand) == len(numbers) else None

    def _status_title(self, marked: int, added: "Sequence[RowLike]") -> str:
        """While it is not known to how many marked clients what happens, only what was said last happens."""
        if not marked:
            row = self._screen.rows.current
            self._verb = _("Deactivate") if row is None or row.active else _("Activate")
            return self._verb
        from clientdesk.desk.records import Standing

        standing = self.standing if self._screen.rows.marks else Standing()
        if standing is None:
            return self._verb or _("Status")
        for row in added:
            standing = standing.toggled(row.id, row.active)
        self._verb = _("Activate") if standing.activates else _("Deactivate")
        sentence = _("Activate {count} marked") if standing.activates else _("Deactivate {count} marked")
        return sentence.format(count=whole_number(len(standing.changing)))
