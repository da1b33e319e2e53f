"""Find on a screen with a list of clients: the way back, what clears it, and where something was found."""

from collections.abc import Callable, Iterable

from textual.css.query import NoMatches

from clientdesk.text import _
from clientdesk.ui.commands import Command, commands_of
from clientdesk.ui.screens.acting import ActsOnClients
from clientdesk.ui.screens.base import Result
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.widgets.bars import LEAST, FooterLine, Part, StatusLine
from clientdesk.ui.widgets.client_table import ClientTable
from clientdesk.ui.widgets.filter_bar import Find
from clientdesk.ui.widgets.row_table import RowTable

LONGEST = 60
"""So many characters of a value are told in which something was found."""


class Finding(ActsOnClients[Result]):
    """A screen with Find over its list. In Find, esc goes back to the list and the search stays; a second esc clears."""

    CLEARING = "list.clear"
    """The command that takes search and filters off."""

    write_status: Callable[[], None]
    """Draw the status line again."""
    _clears_told = ""

    @property
    def is_finding(self) -> bool:
        """Whether what is typed goes into Find."""
        return isinstance(self.focused, Find)

    @property
    def _is_whole(self) -> bool:
        """Whether all lines are there: a message may come while the screen is being opened, or left."""
        try:
            for part in (ClientTable, StatusLine, FooterLine):
                self.query_one(part)
        except NoMatches:
            return False
        return True

    @property
    def clears(self) -> str:
        """What a further esc does in the list, as a verb; "" for nothing."""
        return ""

    @property
    def _same_key(self) -> bool:
        """Whether the key that leaves Find clears in the list, too, so that it is pressed again."""
        return first_key("find.list") == first_key(self.CLEARING)

    def write_way_back(self) -> None:
        """Draw the footer again where esc has come to do something else."""
        if self.clears != self._clears_told:
            self._clears_told = self.clears
            self.write_footer()

    def footer_commands(self) -> Iterable[Command]:
        """While something is typed into Find, how to get back."""
        return commands_of("find") if self.is_finding else super().footer_commands()

    def footer_title(self, command: Command) -> str:
        """The way back from Find, and what comes after it."""
        title = super().footer_title(command)
        if command.id == "find.list" and self.clears:
            sentence = _("{back}, {key} again {clears}") if self._same_key else _("{back}, then {key} {clears}")
            return sentence.format(back=title, key=first_key(self.CLEARING), clears=self.clears)
        return title

    def clearing_parts(self) -> list[Part]:
        """For the right side of the status line: what esc does now, by the same words as the footer."""
        if not self.clears:
            return []
        key = Part(first_key(self.CLEARING), "key", self.CLEARING, keep=2)
        if not self.is_finding:
            return [key, Part(f" {self.clears}", "", self.CLEARING, keep=2)]
        sentence = _("back, again {clears}") if self._same_key else _("back, then {key} {clears}")
        back = sentence.format(key=first_key(self.CLEARING), clears=self.clears)
        return [Part(first_key("find.list"), "key", keep=2), Part(f" {back}", "", self.CLEARING, keep=2)]

    def found_parts(self) -> list[Part]:
        """In which fields that cannot be seen something was found in the cursor's client."""
        return found_parts(self.table)

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """In another client something else may be found."""
        if self._is_whole and self.table.wanted:
            self.write_status()

    def on_row_table_arranged(self, event: RowTable.Arranged) -> None:
        """Something else of what was found can be seen."""
        if self._is_whole:
            self.write_status()

    def on_descendant_focus(self) -> None:
        """Another part of the screen has the keys."""
        if self._is_whole:
            self.write_footer()
            self.write_status()

    def on_find_left(self) -> None:
        """Back from Find to the list."""
        self.table.focus()


def found_parts(table: ClientTable) -> list[Part]:
    """In which fields that cannot be seen something was found in the table's current client."""
    row = table.rows.current
    return [
        Part(
            " · " + _("found in {field}: {value}").format(field=field.title, value=field.value[:LONGEST]),
            "accent",
            keep=1,
            least=LEAST,
        )
        for field in ([] if row is None else table.found_elsewhere(row))
    ]
