"""The table of a review: sections stand out among their items."""

from clientdesk.ui.widgets.row_line import LineKind
from clientdesk.ui.widgets.row_source import RowLike
from clientdesk.ui.widgets.row_table import RowTable


class ReviewTable(RowTable):
    """A row that is `is_heading` is drawn as a heading; one that is not active, as what is settled, is paler."""

    DEFAULT_CSS = "ReviewTable { height: 1fr; }"

    def look_of(self, row: RowLike) -> LineKind:
        return "strong" if getattr(row, "is_heading", False) else super().look_of(row)
