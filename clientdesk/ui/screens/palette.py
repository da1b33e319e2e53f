"""The palette: the commands of the screen and the firm's clients, found by their words in one box, recent ones first."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from clientdesk import recently_used
from clientdesk.domain.catalogue import Catalogue
from clientdesk.domain.client_query import EVERYONE
from clientdesk.domain.fold import fold, words
from clientdesk.domain.problems import Refused
from clientdesk.domain.rules import called
from clientdesk.domain.search_words import fields_with, occurs
from clientdesk.text import _
from clientdesk.ui.commands import Command, commands_of, keys_of
from clientdesk.ui.firm_change import BY_YOU, FirmChange
from clientdesk.ui.screens import openings
from clientdesk.ui.screens.base import Commanding
from clientdesk.ui.screens.list_screen import ClientsScreen
from clientdesk.ui.screens.picker import Picker
from clientdesk.ui.widgets.pick_list import PickList, closeness
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.desk.records import Row

PALETTE = "app.palette"
"""The command that opens it."""
OF_PARTS = ("row.", "picker.", "filters.")
"""How the ids of commands begin that only a part of the screen obeys which has the focus."""
RECENT = 5
"""So many of the commands, and of the clients, that were used last stand first while nothing is typed."""
MOST_CLIENTS = 50
"""So many clients are found at most by what is typed."""
SIZE = (70, 20)
"""Cells and lines that the list would have."""
LOOK_AGAIN = 0.01
"""So many seconds pass between two looks whether the rows are there."""


def commands_here(screen: Commanding[Any]) -> list[Command]:
    """The commands of a screen that your access allows, in the order of its help."""
    return [
        command
        for scope in (*screen.help_scopes(), "global")
        for command in commands_of(scope)
        if command.id != PALETTE and not command.id.startswith(OF_PARTS) and screen.may(command)
    ]


class Line(NamedTuple):
    """One line of the box: a command by its id or a client by theirs, its words, and what stands on the right: the key
    of a command, or that it is a client."""

    choice: str | int
    label: str
    remark: str


class Palette(Picker[str | int]):
    """Returns the id of the command, or of the client, that was chosen; None for esc.

    What is certain at once stands first: while nothing is typed the commands that were used last, else those whose titles
    have what was typed at the beginning of words. Then come the clients, as soon as they are read, and the other commands.
    No key that is typed waits for them; one that goes beyond what is certain, or chooses there, does.
    """

    def __init__(self, commands: Sequence[Command]) -> None:
        self._list = PickList(())
        super().__init__(_("Commands and clients"), self._list, self._search, lambda: SIZE, _("command or client"))
        used = {command_id: place for place, command_id in enumerate(recently_used.recent_commands())}
        self._used = frozenset(
            command.id for command in sorted(commands, key=lambda one: used.get(one.id, len(used)))[:RECENT]
        ) & frozenset(used)
        # Those that were used last come first wherever they fit as well as others.
        self._commands = sorted(commands, key=lambda one: used.get(one.id, len(used)))
        self._asked_for: str | None = None
        """What was typed when the clients were last asked for."""
        self._clients: Sequence[Row] | None = None
        """The clients that were found; None while they are being read."""
        self._lines: Sequence[Line] = ()
        self._certain = 0
        """So many lines from the first one on stay where they are when the clients come."""
        self._waiting: list[Callable[[], None]] = []
        """What is to be done when the clients are there."""
        self._choosing = False
        """Whether the choice waits for the clients: what is typed meanwhile changes it no more."""

    def on_mount(self) -> None:
        """Show what was used last."""
        self._search(self.typed)

    @property
    def is_unfinished(self) -> bool:
        """Until the clients are there, too."""
        return super().is_unfinished or self._clients is None

    def _search(self, typed: str) -> None:
        if typed == self._asked_for or self._choosing:
            return
        self._asked_for = typed
        self._waiting.clear()
        self._clients = None if self.gateway.is_open else ()
        self._list.first()
        self._show()
        self.remark("")
        if self._clients is None:
            self.run_worker(self._read_clients(typed), group="clients", exclusive=True)

    async def _read_clients(self, typed: str) -> None:
        rows: Sequence[Row] = ()
        try:
            rows = await self.guarded(self._found(typed)) or ()
        finally:
            if typed == self._asked_for:
                self._clients = rows
                self._show()
                self._go_on()

    async def _found(self, typed: str) -> "Sequence[Row]":
        from clientdesk.desk import recently_opened

        try:
            return await self.gateway.read(
                "palette", recently_opened.search, typed, self.catalogue.searched, RECENT, MOST_CLIENTS
            )
        except Refused:
            if typed == self._asked_for:
                self.remark(_("The clients cannot be read now."), wrong=True)
            return ()

    # --- the lines

    def _show(self) -> None:
        """Show the lines for what was asked for, as far as they are known."""
        typed_words = words(self._asked_for or "")
        if typed_words:
            first, last = _fitting(self._commands, typed_words)
        else:
            first = [command for command in self._commands if command.id in self._used]
            last = [command for command in self._commands if command.id not in self._used]
        clients = [_client_line(row, typed_words, self.catalogue) for row in self._clients or ()]
        self._certain = len(first)
        self._lines = [*map(_command_line, first), *clients, *map(_command_line, last)]
        self._list.show_lines(
            [line.label for line in self._lines], [line.remark for line in self._lines], self._asked_for or ""
        )

    # --- what waits for the clients

    def _when_certain(self, line: int, action: Callable[[], None]) -> None:
        """Do something that ends in a line, as soon as it is known what stands there."""
        if self._clients is not None or line < self._certain:
            action()
        else:
            self._waiting.append(action)

    def _go_on(self) -> None:
        while self._waiting and self._clients is not None:
            self._waiting.pop(0)()

    # --- commands

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """A line was clicked."""
        event.stop()
        self.dismiss(self._lines[event.place].choice)

    async def command_picker_choose(self) -> None:
        """Take what is under the cursor."""
        read = asyncio.Event()
        self._choosing = True
        try:
            self._when_certain(self._list.place or 0, read.set)
            await read.wait()
        finally:
            self._choosing = False
        place = self._list.place
        if place is not None:
            self.dismiss(self._lines[place].choice)
        else:
            self.tell(self._list.nothing)
            self.narrow(self.typed)

    def _move(self, line: int, action: Callable[[], None]) -> None:
        # What was asked for before goes first.
        self._when_certain(line if not self._waiting else len(self._lines), action)

    def command_picker_up(self) -> None:
        """One line up."""
        self._move(self._list.place or 0, lambda: self._list.move(-1))

    def command_picker_down(self) -> None:
        """One line down."""
        self._move((self._list.place or 0) + 1, lambda: self._list.move(1))

    def command_picker_page_up(self) -> None:
        """One page up."""
        self._move(self._list.place or 0, lambda: self._list.turn(-1))

    def command_picker_page_down(self) -> None:
        """One page down."""
        self._move(len(self._lines), lambda: self._list.turn(1))

    def command_picker_first(self) -> None:
        """To the first line."""
        self._move(0, self._list.first)

    def command_picker_last(self) -> None:
        """To the last line."""
        self._move(len(self._lines), self._list.last)


def _command_line(command: Command) -> Line:
    return Line(command.id, f"{_(command.title)}  {_(command.help)}", " ".join(keys_of(command)))


def _client_line(row: "Row", typed_words: Sequence[str], catalogue: Catalogue) -> Line:
    """A client by number and name, and by the fields in which else something was found."""
    values = dict(zip(catalogue.searched, row.values, strict=True))
    label = f"{values['client_number']}  {called(values['display_name'])}".strip()
    unseen = [word for word in typed_words if not occurs(label, word)]
    if titles := ", ".join(catalogue.field(name).title for name in dict.fromkeys(fields_with(values, unseen).values())):
        label += f"  ({titles})"
    return Line(row.id, label, _("client") if row.active else _("inactive client"))


def _fitting(commands: Sequence[Command], typed_words: Sequence[str]) -> tuple[list[Command], list[Command]]:
    """The commands whose titles have all the words at the beginning of theirs, best first; and those that have them
    somewhere in title, sentence or id."""
    by_title: list[tuple[int, Command]] = []
    elsewhere = []
    for command in commands:
        title = fold(_(command.title))
        close = closeness(title, typed_words) if all(word in title for word in typed_words) else 3
        if close < 3:
            by_title.append((close, command))
        else:
            text = fold(f"{_(command.title)} {_(command.help)} {command.id}")
            if all(word in text for word in typed_words):
                elsewhere.append(command)
    return [command for _close, command in sorted(by_title, key=lambda fit: fit[0])], elsewhere


async def choose_command(screen: Commanding[Any]) -> None:
    """Let the person choose a command of the screen, or a client, by its words; do the command, as soon as the rows are
    there that a list on the screen is about to show (it acts on one of them), or open the client's page."""
    choice = await screen.app.push_screen_wait(Palette(commands_here(screen)))
    if choice is None:
        return
    if isinstance(choice, int):
        if PALETTE in screen.under_way:  # otherwise it was given up
            await _open_client(screen, choice)
        return
    screen.run_worker(screen.guarded(screen.gateway.run(recently_used.note_command, choice)), group="recent")
    while any(table.rows.is_reading for table in screen.query(RowTable)):
        await asyncio.sleep(LOOK_AGAIN)
    if PALETTE in screen.under_way:
        screen.action_command(choice)


async def _open_client(screen: Commanding[Any], client_id: int) -> None:
    # Its neighbours are those of the list on the screen, if there is one.
    query = screen.listed if isinstance(screen, ClientsScreen) else EVERYONE
    last = await screen.app.push_screen_wait(openings.client_page(client_id, query))
    row_id = last if isinstance(last, int) and isinstance(screen, ClientsScreen) else None
    screen.firm_changed(BY_YOU if row_id is None else FirmChange(row_id=row_id))
