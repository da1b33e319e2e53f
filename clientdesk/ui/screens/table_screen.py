"""What the screens share whose main part is one table that they read themselves."""

from collections.abc import Awaitable, Callable

from clientdesk.ui.screens.undoable import Undoable
from clientdesk.ui.widgets.row_table import RowTable


class TableScreen(Undoable[None]):
    """A screen with a table. A subclass composes it and reads its rows in `reload`."""

    AUTO_FOCUS = "RowTable"

    reload: Callable[..., Awaitable[None]]
    """Read the rows again; `reload(cursor_id)` puts the cursor on that row."""

    def help_scopes(self) -> tuple[str, ...]:
        return (self.SCOPE, "table")

    @property
    def table(self) -> RowTable:
        """The table."""
        return self.query_one(RowTable)

    @property
    def is_there(self) -> bool:
        """Whether the screen is still there, after a wait in which the person may have left it."""
        return self.is_attached and self.app.is_running and bool(self.query(RowTable))

    def on_mount(self) -> None:
        """Read the rows, as soon as it is known how many fit."""
        self.when_laid_out(self.load)

    def load(self) -> None:
        """Read the rows in a worker; keys wait for them."""
        self.begin_reading(self.reload)

    async def freshen(self) -> None:
        """Read the rows again; the cursor stays on its row."""
        await self.reload()
