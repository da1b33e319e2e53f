"""What a table tells its screen. A handler is called `on_row_table_<name>`."""

from typing import TYPE_CHECKING

from textual.message import Message
from textual.widget import Widget

if TYPE_CHECKING:
    from clientdesk.ui.widgets.row_source import RowLike


class TableMessage(Message, namespace="row_table"):
    """Something that `table` tells."""

    def __init__(self, table: Widget) -> None:
        super().__init__()
        self.table = table


class Moved(TableMessage, namespace="row_table"):
    """The cursor is on another row; `row_id` is None where there is no row, or it is not at hand yet."""

    def __init__(self, table: Widget, row_id: int | None) -> None:
        super().__init__(table)
        self.row_id = row_id


class Opened(TableMessage, namespace="row_table"):
    """A row was clicked that the cursor was on."""

    def __init__(self, table: Widget, row_id: int) -> None:
        super().__init__(table)
        self.row_id = row_id


class Counted(TableMessage, namespace="row_table"):
    """The exact number of rows is known."""

    def __init__(self, table: Widget, count: int) -> None:
        super().__init__(table)
        self.count = count


class Lost(TableMessage, namespace="row_table"):
    """Another list was asked for and cannot be read, as the server is away: the rows are still those of the old one."""


class Marked(TableMessage, namespace="row_table"):
    """The mark of `row` has changed; None: all marks were taken away."""

    def __init__(self, table: Widget, row: "RowLike | None" = None) -> None:
        super().__init__(table)
        self.row = row


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
