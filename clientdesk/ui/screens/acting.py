"""The clients that a command acts on: the marked ones, else the one under the cursor. It is decided here alone."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from clientdesk.text import _, ngettext, whole_number
from clientdesk.ui.commands import BY_ID, Command
from clientdesk.ui.screens.base import Result
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.undoable import Undoable
from clientdesk.ui.widgets.client_table import ClientTable


class ActsOnClients(Undoable[Result]):
    """A screen with a table of clients. Where a command finds no client to act on, it says so, and what helps."""

    FOR_CURSOR: ClassVar[frozenset[str]] = frozenset()
    """The commands that act on the cursor's client; in an empty list the footer does not offer them."""
    FOR_CHOSEN: ClassVar[frozenset[str]] = frozenset()
    """Those that act on the marked clients, else on the cursor's; not offered where there are neither."""

    @property
    def table(self) -> ClientTable:
        """The clients."""
        return self.query_one(ClientTable)

    @property
    def idle_commands(self) -> frozenset[str]:
        """The commands that have no client to act on now."""
        if not (self.FOR_CURSOR or self.FOR_CHOSEN) or self.table.rows.count != 0:
            return frozenset()
        return self.FOR_CURSOR if self.table.rows.marks else self.FOR_CURSOR | self.FOR_CHOSEN

    def footer_commands(self) -> Iterable[Command]:
        """The commands that can do something."""
        idle = self.idle_commands
        return [command for command in super().footer_commands() if command.id not in idle]

    def what_helps(self) -> str:
        """Why there is no client in the table, or how to get one there: a sentence."""
        return ""

    def tell_no_client(self) -> None:
        """Say that there is no client to act on."""
        if self.table.rows.total or not self.table.rows.is_loaded:
            self.tell(_("One moment: the clients are still being read."))
        else:
            self.tell(" ".join(filter(None, (_("No client here."), self.what_helps()))))

    def cursor_client(self) -> int | None:
        """The client under the cursor; where there is none, that is said."""
        client_id = self.table.rows.cursor_id
        if client_id is None:
            self.tell_no_client()
        return client_id

    def acting_ids(self) -> Sequence[int]:
        """The marked clients, else the cursor's; where there is none, that is said."""
        if self.table.rows.marks:
            return sorted(self.table.rows.marks)
        client_id = self.cursor_client()
        return () if client_id is None else (client_id,)

    def one_client(self, command_id: str) -> int | None:
        """The client that a command for a single one acts on: the only marked one, else the cursor's.

        Where several are marked it says that it does nothing, as nobody could tell which one is meant.
        """
        ids = self.acting_ids()
        if len(ids) <= 1:
            return ids[0] if ids else None
        sentence = _("{count} clients are marked, and “{command}” is for one. {key} takes the marks away.")
        self.tell(
            sentence.format(
                count=whole_number(len(ids)), command=_(BY_ID[command_id].title), key=first_key("list.unmark")
            )
        )
        return None

    def is_outside(self, client_id: int) -> bool:
        """Whether a marked client is known not to be in the list that is shown."""
        return False

    def away_from_cursor(self, client_id: int) -> str:
        """For what is done to one client: that it is the marked one and not the cursor's; "" where it is the cursor's."""
        if client_id == self.table.rows.cursor_id:
            return ""
        if self.table.rows.cursor_id is None or self.is_outside(client_id):
            return _("It is marked and outside the view.")
        return _("It is the marked client; the cursor is on another one.")


def marked_words(marked: int, outside: int, gone: int) -> str:
    """How many clients are marked, and what cannot be seen of that."""
    words = [_("{count} marked").format(count=whole_number(marked))]
    if outside:
        words.append(_("{count} outside the view").format(count=whole_number(outside)))
    if gone:
        words.append(ngettext("{count} deleted", "{count} deleted", gone).format(count=whole_number(gone)))
    return ", ".join(words)
