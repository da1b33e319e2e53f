"""The clients that a command acts on: the marked ones, else the one under the cursor. It is decided here alone."""

from collections.abc import Sequence

from clientdesk.text import _, ngettext, whole_number
from clientdesk.ui.commands import BY_ID
from clientdesk.ui.screens.base import DeskScreen, Result
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.widgets.client_table import ClientTable


class ActsOnClients(DeskScreen[Result]):
    """A screen with a table of clients. Where a command finds no client to act on, it says so, and what helps."""

    @property
    def table(self) -> ClientTable:
        """The clients."""
        return self.query_one(ClientTable)

    def what_helps(self) -> str:
        """Why there is no client in the table, or how to get one there: a sentence."""
        return ""

    def tell_no_client(self) -> None:
        """Say that there is no client to act on."""
        if self.table.total or not self.table.is_loaded:
            self.tell(_("One moment: the clients are still being read."))
        else:
            self.tell(" ".join(filter(None, (_("No client here."), self.what_helps()))))

    def cursor_client(self) -> int | None:
        """The client under the cursor; where there is none, that is said."""
        client_id = self.table.cursor_id
        if client_id is None:
            self.tell_no_client()
        return client_id

    def acting_ids(self) -> Sequence[int]:
        """The marked clients, else the cursor's; where there is none, that is said."""
        if self.table.marks:
            return sorted(self.table.marks)
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

    def away_from_cursor(self, client_id: int) -> str:
        """For a question about one client: that it is the marked one and not the cursor's; "" where it is both."""
        if client_id == self.table.cursor_id:
            return ""
        return _("It is the marked client; the cursor is on another one.")


def marked_words(marked: int, outside: int, gone: int) -> str:
    """How many clients are marked, and what cannot be seen of that."""
    words = [_("{count} marked").format(count=whole_number(marked))]
    if outside:
        words.append(_("{count} outside the view").format(count=whole_number(outside)))
    if gone:
        words.append(ngettext("{count} deleted", "{count} deleted", gone).format(count=whole_number(gone)))
    return ", ".join(words)
