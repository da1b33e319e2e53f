"""The beginning of a file as a small table: headings and rows as they stand there."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip

from clientdesk.text import display_text
from clientdesk.ui.widgets import line_layout
from clientdesk.ui.widgets.line_colours import Painted
from clientdesk.ui.widgets.line_layout import TableColumn, fit

WIDEST = 28
"""No column is wider, in cells."""
MOST_COLUMNS = 60
"""More columns do not fit into any terminal."""


class SheetView(Painted):
    """Headings and the first rows; what does not fit is left out, and an › says so."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "SheetView { height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._headings: Sequence[str] = ()
        self._rows: Sequence[Sequence[str]] = ()
        self._columns: list[TableColumn] = []

    def show(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show these; () shows nothing."""
        self._headings, self._rows = headings[:MOST_COLUMNS], rows
        self._columns = [
            TableColumn(str(place), heading.strip(), self._width(place), pin=place == 0)
            for place, heading in enumerate(self._headings)
        ]
        self.refresh()

    def _width(self, place: int) -> int:
        texts = [self._headings[place].strip(), *(row[place] for row in self._rows if place < len(row))]
        widest = max(cell_len(display_text(text[: WIDEST + 1])) for text in texts)
        return max(3, min(WIDEST, widest))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1 + len(self._rows)

    def render_line(self, y: int) -> Strip:
        """The headings, or a row."""
        width = self.size.width
        look = self.look("text-accent", bold=True) if y == 0 else self.look()
        if y > len(self._rows) or not self._columns:
            return Strip.blank(width, self.look())
        row = self._headings if y == 0 else self._rows[y - 1]
        placed = line_layout.lay_out(self._columns, width)
        parts, at = [], 0
        for column in placed:
            text = row[column.column].strip() if column.column < len(row) else ""
            parts.append(" " * (column.x - at) + fit(text, column.width))
            at = column.x + column.width
        line = "".join(parts)
        if len(placed) < len(self._columns):
            line = fit(line, width - 2) + " ›"
        return Strip([Segment(line, look)]).adjust_cell_length(width, self.look())
