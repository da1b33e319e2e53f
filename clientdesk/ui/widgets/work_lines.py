"""A client's work to read, present and past: below the fields on its page."""

from collections.abc import Sequence
from typing import Protocol

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from clientdesk.text import _
from clientdesk.ui.widgets.line_layout import fit

STATE = 34
"""The width of how a work stands, in cells."""


class WorkLine(Protocol):
    """A line: which work, how it stands, whether it is over."""

    @property
    def name(self) -> str: ...
    @property
    def standing(self) -> str: ...
    @property
    def over(self) -> bool: ...


class WorkLines(Widget):
    """Draws lines of work below a heading; nothing where there is none."""

    DEFAULT_CSS = "WorkLines { height: auto; width: 1fr; padding-right: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[WorkLine] = ()
        self._hint = ""

    def show(self, lines: Sequence[WorkLine], hint: str = "") -> None:
        """Show these lines; `hint` stands behind the heading, safe to show."""
        if (lines, hint) != (self._lines, self._hint):
            self._lines, self._hint = lines, hint
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines) + 2 if self._lines else 0

    def render(self) -> Content:
        """The heading and a line for each work."""
        width = self.size.width or 80
        names = max(12, width - STATE - 1)
        drawn = [
            Content(""),
            Content.assemble((_("Work"), "bold $text-accent"), (f"  {self._hint}", "$foreground-muted")),
        ]
        for line in self._lines if self._lines else ():
            look = "$foreground-muted" if line.over else ""
            drawn.append(Content.assemble((fit(line.name, names) + " ", look), (fit(line.standing, STATE), look)))
        return Content("\n").join(drawn)
