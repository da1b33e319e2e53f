"""A line for the path of a file, that completes names."""

import os
from collections.abc import Sequence

from textual import events
from textual.message import Message

from clientdesk.text import is_control
from clientdesk.ui.commands import bindings_for
from clientdesk.ui.widgets.field_lines import Walking
from clientdesk.ui.widgets.line_input import LineInput

MOST = 2_000
"""So many names of a folder are looked at."""


def expanded(text: str) -> str:
    """The path that a person means: `~` is their home; a path that was dragged here may stand in quotes."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    return os.path.expanduser(text)


def _plain(name: str) -> bool:
    return not any(is_control(character) for character in name)


def candidates(text: str, endings: Sequence[str] = ()) -> list[str]:
    """The names in the folder of `text` that begin as its last part does, folders with a / at the end.

    Files come only with one of the `endings` (none: all). Names that a line cannot hold are left out.
    """
    folder, begun = os.path.split(expanded(text))
    names = []
    try:
        with os.scandir(folder or ".") as entries:
            for entry, _number in zip(entries, range(MOST), strict=False):
                name = entry.name
                if not name.startswith(begun) or (name.startswith(".") and not begun) or not _plain(name):
                    continue
                try:
                    if entry.is_dir():
                        names.append(name + os.sep)
                    elif not endings or name.lower().endswith(tuple(endings)):
                        names.append(name)
                except OSError:
                    continue
    except (OSError, ValueError):
        return []
    return sorted(names)


def _common(names: Sequence[str]) -> str:
    """The beginning that all names share, letter by letter."""
    first, last = min(names), max(names)
    same = next((place for place, letter in enumerate(first) if last[place : place + 1] != letter), len(first))
    return first[:same]


def completed(text: str, names: Sequence[str]) -> str:
    """`text` with its last part as far as all `names` agree."""
    if not names:
        return text
    folder = text[: text.rfind(os.sep) + 1]
    return folder + _common(names)


class PathInput(LineInput, Walking):
    """A path; tab completes its last name, and goes to the next field where there is nothing to complete."""

    BINDINGS = bindings_for("path", "field")

    class Offered(Message):
        """The `names` with which the path may go on; none when it was typed on."""

        def __init__(self, names: Sequence[str]) -> None:
            super().__init__()
            self.names = names

    def __init__(self, value: str = "", endings: Sequence[str] = (), *, id: str | None = None) -> None:
        super().__init__(value, id=id)
        self._endings = endings

    @property
    def path(self) -> str:
        """The path that is meant."""
        return expanded(self.value)

    def command_path_complete(self) -> None:
        """Complete the name; where it is complete, go to the next field."""
        if self.value.strip() == "~":
            self.value = os.path.join("~", "")
            self.cursor_position = len(self.value)
        names = candidates(self.value, self._endings)
        longer = completed(self.value, names)
        last = os.path.basename(expanded(self.value))
        if not names or (names == [last]) or (longer == self.value and os.path.isfile(self.path)):
            self.post_message(self.Offered(()))
            self.screen.focus_next()
            return
        if longer != self.value:
            self.value = longer
            self.cursor_position = len(longer)
        self.post_message(self.Offered(names if len(names) > 1 else ()))

    def on_paste(self, event: events.Paste) -> None:
        """Of what is pasted, the first line: blanks at its ends belong to a path."""
        event.stop()
        event.prevent_default()
        self.replace("".join(event.text.splitlines()[:1]), *self.selection)
