"""The table of the board: clients beside periods, with a cursor that goes in two directions."""

from collections.abc import Sequence

from textual import events
from textual.message import Message

from clientdesk.ui.widgets.line_layout import GAP, GUTTER, TableColumn
from clientdesk.ui.widgets.row_line import Spans
from clientdesk.ui.widgets.row_table import RowTable

CELL = 7
"""The width of a period, in cells."""
NAME, NAME_AT_MOST = 18, 24
"""The width of a client's name."""


def periods_that_fit(width: int, most: int) -> int:
    """So many periods fit in a terminal of that width beside the names; at least one, and `most` at most."""
    return max(1, min(most, (width - 1 - GUTTER - NAME) // (CELL + GAP)))


class BoardTable(RowTable):
    """Its first column is the client, each of the others a period; `column` is the one that the cursor is on."""

    class Sideways(Message):
        """The cursor goes to another period, so many columns to the right: the table's own, or one that is not shown."""

        def __init__(self, table: "BoardTable", step: int) -> None:
            super().__init__()
            self.table, self.step = table, step

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markable=True)
        self.column = 0
        """The number of the period that the cursor is on, among those that are shown."""

    def chosen_of(self, cells: Spans) -> Spans:
        return cells[self.column + 1 : self.column + 2]

    def put_on(self, column: int) -> None:
        """Put the cursor on a period."""
        self.column = column
        self.draw_changed()

    def action_command(self, command_id: str) -> None:
        """Do one of the table's commands; those of left and right move the cursor."""
        if command_id in ("row.left", "row.right"):
            self.post_message(self.Sideways(self, 1 if command_id == "row.right" else -1))
        else:
            super().action_command(command_id)

    def on_click(self, event: events.Click) -> None:
        """A cell: the cursor goes there; the cell under the cursor opens."""
        placed = self.columns.at(event.x)
        if placed is None or placed.column == 0 or placed.column - 1 == self.column:
            super().on_click(event)
            return
        event.stop()
        number = self.top + event.y - 1
        if event.y > 0 and number < self.rows.length:
            self.put_on(placed.column - 1)
            self.rows.move_to(number)


def board_columns(name: str, periods: Sequence[str]) -> list[TableColumn]:
    """The columns of a board: the name, and a column for each period."""
    shown = [TableColumn(f"period-{number}", title, CELL) for number, title in enumerate(periods)]
    return [TableColumn("display_name", name, NAME, grow=NAME_AT_MOST - NAME + 20, pin=True), *shown]
