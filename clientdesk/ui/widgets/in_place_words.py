"""What a screen says in place: refusals and remarks, which may be long."""

from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from clientdesk.text import display_lines
from clientdesk.ui.widgets.wrapping import fitted, wrapped

LEAST, BARS = 3, 4
"""So many lines there are in any terminal; in a taller one two fifths of its height without so many bars."""


class Said(Widget):
    """Sentences, each with its style. Where they take too much of the screen, the last line says which key shows them
    whole, and `Cut` hands them on to be kept."""

    DEFAULT_CSS = "Said { height: auto; width: 1fr; }"

    class Cut(Message):
        """`text` was too long for the screen."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._sentences: tuple[tuple[str, str], ...] = ()
        self._handed_on = ""

    def say(self, sentences: Sequence[tuple[str, str]]) -> None:
        """Say these sentences, (text, style) each; without any there is nothing to see."""
        self._sentences = tuple((display_lines(text), look) for text, look in sentences if text)
        self.display = bool(self._sentences)
        self.refresh(layout=True)

    def _lines(self, width: int) -> list[tuple[str, str]]:
        most = max(LEAST, (self.app.size.height - BARS) * 2 // 5)
        lines = [(line, look) for text, look in self._sentences for line in wrapped(text, max(8, width))]
        if len(lines) <= most:
            return lines
        message = "\n".join(text for text, _look in self._sentences)
        if message != self._handed_on:
            self._handed_on = message
            self.post_message(self.Cut(message))
        shown = fitted(message, width, most)
        return [(text, lines[place][1]) for place, text in enumerate(shown)]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        """The lines."""
        return Content("\n").join([Content.styled(text, look) for text, look in self._lines(self.size.width or 80)])
