"""What a table tells its screen. A handler is called `on_row_table_<name>`."""

from typing import TYPE_CHECKING

from textual.message import Message
from textual.widget import Widget

if TYPE_CHECKING:
    from clientdesk.ui.widgets.row_source import RowLike
    from clientdesk.ui.widgets.row_view import News


class TableMessage(Message, namespace="row_table"):
    """Something that `table` tells, of a `row` where it is of one."""

    def __init__(self, table: Widget, row: "RowLike | None" = None) -> None:
        super().__init__()
        self.table, self.row = table, row


class Moved(TableMessage, namespace="row_table"):
    """The cursor is on another row, or its row has come."""


class Counted(TableMessage, namespace="row_table"):
    """The exact number of rows is known."""


class Lost(TableMessage, namespace="row_table"):
    """Another list was asked for and cannot be read, as the server is away: the rows are still those of the old one."""


class Marked(TableMessage, namespace="row_table"):
    """The mark of `row` has changed; None: that of several."""


OF_NEWS: "dict[News, type[TableMessage]]" = {
    "moved": Moved,
    "counted": Counted,
    "lost": Lost,
    "marked": Marked,
}


class Opened(TableMessage, namespace="row_table"):
    """A row was clicked that the cursor was on."""

    def __init__(self, table: Widget, row_id: int) -> None:
        super().__init__(table)
        self.row_id = row_id


class Arranged(TableMessage, namespace="row_table"):
    """Other columns are on the screen, or the same ones in another width."""


class SortRequested(TableMessage, namespace="row_table"):
    """A column's header was clicked."""

    def __init__(self, table: Widget, column: str) -> None:
        super().__init__(table)
        self.column = column


class Resized(TableMessage, namespace="row_table"):
    """The edge of a column's header was dragged: the new width in cells."""

    def __init__(self, table: Widget, column: str, width: int) -> None:
        super().__init__(table)
        self.column, self.width = column, width


class ColumnMoved(TableMessage, namespace="row_table"):
    """A column's header was dragged to the place of another."""

    def __init__(self, table: Widget, column: str, place: str) -> None:
        super().__init__(table)
        self.column, self.place = column, place
