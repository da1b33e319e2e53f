"""The marks of the client list: what the commands will do to the marked clients, said before they do it."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual.worker import Worker

from clientdesk.domain.client_query import ClientQuery
from clientdesk.text import _, whole_number
from clientdesk.ui.commands import Command
from clientdesk.ui.screens.acting import ActsOnClients, marked_words
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.desk.records import Standing

_FIRST = {
    command_id: 30 - place
    for place, command_id in enumerate(
        (
            "client.status",
            "list.mark",
            "list.unmark",
            "client.open",
            "app.help",
            "client.edit",
            "client.copy",
            "download.open",
        )
    )
}
"""The commands that come first in the footer while clients are marked, by their priority."""
_FOR_ONE = ("client.edit", "client.delete")


class ListMarks(ActsOnClients[None]):
    """Knows how the marked clients stand, as the firm has them: also those that the list does not show."""

    query_now: ClientQuery
    write_status: Callable[[], None]
    """Draw the status line again."""
    _standing: "Standing | None" = None
    FOR_CURSOR = frozenset(("client.open", "list.mark"))
    FOR_CHOSEN = frozenset((*_FOR_ONE, "client.status", "client.copy"))

    def on_row_table_marked(self, event: RowTable.Marked) -> None:
        """Other marks: what is known from the row counts until the firm has answered."""
        if event.row is not None:
            from clientdesk.desk.records import Standing

            self._standing = (self._standing or Standing()).toggled(event.row.id, event.row.active)
        self.write_marks()
        self.read_standing()

    def write_marks(self) -> None:
        """Draw what is said about the marks again."""
        self.write_footer()
        self.write_status()

    def read_standing(self) -> None:
        """Ask how the marked clients stand: the marks, the list or the firm have changed."""

        async def read() -> None:
            await self.guarded(self._read_standing())

        if self.table.rows.marks:
            _worker: Worker[None] = self.run_worker(read, group="standing", exclusive=True)
        elif self._standing is not None:
            self._standing = None
            self.write_marks()

    async def _read_standing(self) -> None:
        from clientdesk.desk import chosen_clients

        marks = sorted(self.table.rows.marks)
        self._standing = await self.gateway.read("list.standing", chosen_clients.standing, marks, self.query_now)
        self.write_marks()

    @property
    def standing(self) -> "Standing | None":
        """How the marked clients stand, as far as that is known of just these."""
        standing = self._standing
        return standing if standing is not None and standing.ids == self.table.rows.marks else None

    def is_outside(self, client_id: int) -> bool:
        """Whether the firm has said that the marked client is not in the list."""
        return self.standing is not None and client_id in self.standing.outside

    def marks_in_words(self) -> str:
        """How many are marked, how many of these cannot be seen; "" where none is marked."""
        marked, standing = len(self.table.rows.marks), self.standing
        if not marked:
            return ""
        return marked_words(marked, *((len(standing.outside), len(standing.gone)) if standing else (0, 0)))

    def footer_commands(self) -> Iterable[Command]:
        """While clients are marked, what acts on them comes first; what is for one client is not offered for several."""
        commands = super().footer_commands()
        marked = len(self.table.rows.marks)
        if not marked:
            return commands
        return [
            command._replace(footer=_FIRST.get(command.id, command.footer))
            for command in (*commands, *self._more_commands(commands))
            if (marked == 1 or command.id not in _FOR_ONE) and command.id not in self.idle_commands
        ]

    def _more_commands(self, commands: Iterable[Command]) -> Iterable[Command]:
        from clientdesk.ui.commands import BY_ID

        shown = {command.id for command in commands}
        return [BY_ID[command_id] for command_id in _FIRST if command_id not in shown]

    def footer_title(self, command: Command) -> str:
        """What happens, and to how many of the marked clients."""
        marked = len(self.table.rows.marks)
        if command.id == "client.status":
            return self._status_title(marked)
        if not marked:
            return super().footer_title(command)
        if command.id == "client.open":
            return _("Open this one")
        if command.id in ("client.copy", "download.open", *_FOR_ONE):
            return _("{command} {count} marked").format(
                command=super().footer_title(command), count=whole_number(marked)
            )
        return super().footer_title(command)

    def _status_title(self, marked: int) -> str:
        if not marked:
            row = self.table.rows.current
            return _("Deactivate") if row is None or row.active else _("Activate")
        standing = self.standing
        if standing is None:
            return _("Status of {count} marked").format(count=whole_number(marked))
        sentence = _("Activate {count} marked") if standing.activates else _("Deactivate {count} marked")
        return sentence.format(count=whole_number(len(standing.changing)))
