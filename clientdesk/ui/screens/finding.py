"""Find on a screen with a list of clients: the way back, what clears it, and where something was found."""

from collections.abc import Callable
from typing import Any

from clientdesk.text import _
from clientdesk.ui.commands import first_key
from clientdesk.ui.screens.list_screen import ClientsScreen
from clientdesk.ui.widgets.bars import LEAST, Part
from clientdesk.ui.widgets.client_table import ClientTable
from clientdesk.ui.widgets.filter_bar import Find

LONGEST = 60
"""So many characters of a value are told in which something was found."""


class WayBack:
    """Of a screen with Find over its list: in Find, esc goes back to the list and the search stays; a second esc clears.

    `clearing` is the command that takes search and filters off; `clears` says as a verb what a further esc does in the
    list, "" for nothing.
    """

    def __init__(self, screen: ClientsScreen[Any], clearing: str, clears: Callable[[], str]) -> None:
        self._screen, self._clearing, self._clears = screen, clearing, clears
        self._told = ""

    @property
    def is_finding(self) -> bool:
        """Whether what is typed goes into Find."""
        return isinstance(self._screen.focused, Find)

    @property
    def _same_key(self) -> bool:
        """Whether the key that leaves Find clears in the list, too, so that it is pressed again."""
        return first_key("find.list") == first_key(self._clearing)

    def write(self) -> None:
        """Draw the footer again where esc has come to do something else."""
        if (clears := self._clears()) != self._told:
            self._told = clears
            self._screen.write_footer()

    def title(self, title: str) -> str:
        """What the footer calls the way back from Find, whose `title` that is, and what comes after it."""
        if not (clears := self._clears()):
            return title
        sentence = _("{back}, {key} again {clears}") if self._same_key else _("{back}, then {key} {clears}")
        return sentence.format(back=title, key=first_key(self._clearing), clears=clears)

    def parts(self) -> list[Part]:
        """For the right side of the status line: what esc does now, by the same words as the footer."""
        if not (clears := self._clears()):
            return []
        key = Part(first_key(self._clearing), "key", self._clearing, keep=2)
        if not self.is_finding:
            return [key, Part(f" {clears}", "", self._clearing, keep=2)]
        sentence = _("back, again {clears}") if self._same_key else _("back, then {key} {clears}")
        back = sentence.format(key=first_key(self._clearing), clears=clears)
        return [Part(first_key("find.list"), "key", keep=2), Part(f" {back}", "", self._clearing, keep=2)]


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
