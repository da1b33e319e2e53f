"""The clients that a command acts on: the marked ones, else the one under the cursor. It is decided here alone."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from clientdesk.domain.selection import Selection, chosen
from clientdesk.text import _, ngettext, whole_number
from clientdesk.ui.commands import BY_ID, Command
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.list_screen import ListScreen


class ActingClients:
    """Which clients of a list a command acts on. Where there is none, it is said, and what `helps`, in a sentence.

    `for_cursor` are the commands for the cursor's client, `for_chosen` those for the marked ones, else the cursor's: in
    an empty list the footer does not offer them.
    """

    def __init__(
        self,
        screen: ListScreen[Any],
        helps: Callable[[], str],
        for_cursor: Iterable[str] = (),
        for_chosen: Iterable[str] = (),
    ) -> None:
        self._screen, self._helps = screen, helps
        self._for_cursor, self._for_chosen = frozenset(for_cursor), frozenset(for_chosen)

    def offered(self, commands: Iterable[Command]) -> list[Command]:
        """The commands that have a client to act on now."""
        rows = self._screen.rows
        idle = frozenset[str]()
        if rows.count == 0:
            idle = self._for_cursor if rows.marks else self._for_cursor | self._for_chosen
        return [command for command in commands if command.id not in idle]

    def tell_none(self) -> None:
        """Say that there is no client to act on."""
        rows = self._screen.rows
        if rows.total or not rows.is_loaded:
            self._screen.tell(_("One moment: the clients are still being read."))
        else:
            self._screen.tell(" ".join(filter(None, (_("No client here."), self._helps()))))

    def cursor_id(self) -> int | None:
        """The client under the cursor; where there is none, that is said."""
        client_id = self._screen.rows.cursor_id
        if client_id is None:
            self.tell_none()
        return client_id

    def ids(self) -> Sequence[int]:
        """The marked clients, else the cursor's; where there is none, that is said."""
        if marks := self._screen.rows.marks:
            return sorted(marks)
        client_id = self.cursor_id()
        return () if client_id is None else (client_id,)

    def selection(self) -> Selection | None:
        """The marked clients, else the cursor's; None where there is none, and that is said."""
        selection = self._screen.rows.selection
        if not selection.empty:
            return selection
        client_id = self.cursor_id()
        return None if client_id is None else chosen(client_id)

    async def settled(self) -> Sequence[int]:
        """The ids of the marked clients as they are now, behind them those that are gone, else the cursor's; where there
        is none, that is said."""
        from clientdesk.desk import chosen_clients

        selection = self.selection()
        if selection is None:
            return ()
        if selection.query is None:
            return sorted(selection.ids - selection.without)
        client_ids = await self._screen.gateway.call(chosen_clients.settle_with_gone, selection)
        if not client_ids:
            self._screen.tell(_("None of the marked clients is there any more."))
        return client_ids

    def question(self, sentence: str) -> str:
        """A question about the clients that a command acts on: how many they are stands in the place of {clients}."""
        count = max(1, len(self._screen.rows.marks))
        clients = ngettext("{count} client", "{count} clients", count).format(count=whole_number(count))
        return sentence.format(clients=clients)

    def only_id(self, command_id: str) -> int | None:
        """The client that a command for a single one acts on: the only marked one, else the cursor's.

        Where several are marked it says that it does nothing, as nobody could tell which one is meant.
        """
        ids = self.ids()
        if len(ids) <= 1:
            return ids[0] if ids else None
        sentence = _("{count} clients are marked, and “{command}” is for one. {key} takes the marks away.")
        self._screen.tell(
            sentence.format(
                count=whole_number(len(ids)), command=_(BY_ID[command_id].title), key=first_key("list.unmark")
            )
        )
        return None

    def mark(self) -> None:
        """Mark the cursor's client and go on to the next."""
        if self.cursor_id() is not None:
            self._screen.rows.toggle_mark()
            self._screen.rows.move_to(self._screen.rows.cursor_row + 1)


def marked_words(marked: int, outside: int | None, gone: int) -> str:
    """How many clients are marked, and what cannot be seen of that (None: it is being counted how many are outside)."""
    words = [_("{count} marked").format(count=whole_number(marked))]
    if outside is None:
        words.append(_("… outside this list"))
    elif outside:
        words.append(_("{count} outside this list").format(count=whole_number(outside)))
    if gone:
        words.append(ngettext("{count} deleted", "{count} deleted", gone).format(count=whole_number(gone)))
    return ", ".join(words)
