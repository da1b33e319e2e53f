"""How far something is: a bar, the part that is done, and how fast it goes."""

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip

from clientdesk.text import _, ngettext, whole_number
from clientdesk.ui.import_under_way import Progress
from clientdesk.ui.widgets.bars import cut
from clientdesk.ui.widgets.line_colours import Painted

WIDEST = 60
"""No bar is longer, in cells."""


def percent(progress: Progress) -> str:
    """The part that is done: "43 %"."""
    return f"{int(progress.share * 100)} %"


def in_words(progress: Progress) -> str:
    """How many rows are done, how fast, and how long it may still take."""
    if not progress.rows:
        return _("Beginning…")
    words = _("{done} of {rows} rows").format(done=whole_number(progress.done), rows=whole_number(progress.rows))
    rate = progress.rate
    if not rate or progress.seconds < 0.3:
        return words
    words += " · " + _("{rate} rows a second").format(rate=whole_number(rate))
    left = round((progress.rows - progress.done) / rate)
    if left:
        words += " · " + ngettext("about {count} second left", "about {count} seconds left", left).format(
            count=whole_number(left)
        )
    return words


class ProgressLines(Painted):
    """A bar, and under it the words."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "ProgressLines { height: 2; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._progress = Progress()

    def show(self, progress: Progress) -> None:
        """Show this."""
        if progress != self._progress:
            self._progress = progress
            self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 2

    def render_line(self, y: int) -> Strip:
        """The bar, or the words."""
        width = self.size.width
        if y > 1:
            return Strip.blank(width, self.look())
        if y:
            return Strip(
                [Segment(cut(in_words(self._progress), width), self.look("foreground-muted"))]
            ).adjust_cell_length(width, self.look())
        room = max(4, min(WIDEST, width - 8))
        full = int(self._progress.share * room)
        return Strip(
            [
                Segment("━" * full, self.look("accent")),
                Segment("━" * (room - full), self.look("foreground 20%")),
                Segment(f"  {percent(self._progress):>5}", self.look("foreground", bold=True)),
            ]
        ).adjust_cell_length(width, self.look())
