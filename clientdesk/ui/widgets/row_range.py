"""A range of rows that is being marked."""

from clientdesk.named_tuple import NamedTuple


class RowRange(NamedTuple):
    """Where a range of rows begins: the row's number and its id. It ends at the cursor, above or below."""

    number: int
    id: int

    def numbers(self, cursor_row: int) -> range:
        """The numbers of its rows while the cursor is on a row."""
        return range(min(self.number, cursor_row), max(self.number, cursor_row) + 1)
