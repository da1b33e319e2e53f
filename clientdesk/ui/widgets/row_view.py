"""Where a window of rows is seen, and what runs its readings: what a `RowWindow` asks and tells. Plain Python."""

from collections.abc import Callable, Coroutine
from typing import Any, Literal, Protocol

from clientdesk.ui.widgets.row_source import RowLike

News = Literal["moved", "counted", "lost", "marked"]
"""What a window tells: the cursor is on another row, or its row has come; it is known how many rows there are; another
list was asked for and cannot be read; the mark of a row has changed, or that of several."""


class RowView(Protocol):
    """Where a window is seen."""

    @property
    def top(self) -> int:
        """The number of the first row that is seen."""

    @property
    def height(self) -> int:
        """How many rows fit; at least one."""

    def begin(self, reading: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        """Let something be read in the background; what it is refused is told there. False where nothing can be."""

    def break_off(self) -> None:
        """End everything that was begun."""

    def when_drawn(self, action: Callable[[], object]) -> None:
        """Do something as soon as what has changed so far is drawn."""

    def show_from(self, top: int) -> None:
        """Let this be the first row that is seen, as far as the list's length allows."""

    def length_changed(self, bar: bool = True) -> None:
        """The list has `RowWindow.length` rows; without `bar` the scrollbar is drawn later."""

    def rows_changed(self) -> None:
        """Other rows are there."""

    def draw_changed(self) -> None:
        """Some rows may look different."""

    def tell(self, news: News, row: RowLike | None = None) -> None:
        """Tell whoever shows the list; `row` is the only one of which a mark has changed."""
