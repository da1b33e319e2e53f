"""What the screens share whose main part is a list."""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from textual.css.query import NoMatches
from textual.worker import Worker

from clientdesk.domain.client_query import EVERYONE, ClientQuery
from clientdesk.ui.firm_change import BY_OTHERS, BY_YOU, FirmChange
from clientdesk.ui.screens.base import Result
from clientdesk.ui.screens.undoable import Undoable
from clientdesk.ui.widgets.bars import FooterLine, StatusLine
from clientdesk.ui.widgets.client_table import ClientRows, ClientTable
from clientdesk.ui.widgets.row_table import RowTable
from clientdesk.ui.widgets.row_window import RowWindow


class ListScreen(Undoable[Result]):
    """A screen with a list. A subclass composes it, reads its rows in `freshen`, and owns what else it has (`parts`)."""

    AUTO_FOCUS = "RowTable"
    OPENS: ClassVar[str]
    """The command of a click on the cursor's row."""

    def help_scopes(self) -> tuple[str, ...]:
        return (self.SCOPE, "table")

    @property
    def table(self) -> RowTable:
        """What shows the list."""
        return self.query_one(RowTable)

    @property
    def rows(self) -> RowWindow:
        """The list's rows, with cursor and marks."""
        return self.table.rows

    @property
    def is_there(self) -> bool:
        """Whether the screen is still there, after a wait in which the person may have left it."""
        return self.is_attached and self.app.is_running and bool(self.query(RowTable))

    @property
    def is_whole(self) -> bool:
        """Whether all lines are there: a message may come while the screen is being opened, or left."""
        try:
            for part in (RowTable, StatusLine, FooterLine):
                self.query_one(part)
        except NoMatches:
            return False
        return True

    def on_mount(self) -> None:
        """Begin with the list."""
        self.begin_list()

    def begin_list(self) -> None:
        """Read the rows, as soon as it is known how many fit."""
        self.when_laid_out(self.load)

    def load(self) -> None:
        """Read the rows; keys wait for them."""
        self.begin_reading(self.freshen, BY_YOU)

    def on_row_table_opened(self, event: RowTable.Opened) -> None:
        """A click on the cursor's row."""
        self.action_command(self.OPENS)

    def on_find_left(self) -> None:
        """Back from Find to the list."""
        self.table.focus()

    def read_aside(self, function: Callable[..., Awaitable[Any]], *arguments: Any, group: str) -> None:
        """Read what no key waits for. A newer one of the group replaces it."""

        async def read() -> None:
            await self.guarded(function(*arguments))

        _worker: Worker[None] = self.run_worker(read, group=group, exclusive=True)

    def firm_changed(self, change: FirmChange = BY_OTHERS) -> None:
        """What you have changed yourself is read at once, and keys wait for it."""
        if change.yours:
            self.begin_reading(self.freshen, change, group="yours")
        else:
            super().firm_changed(change)


class ClientsScreen(ListScreen[Result]):
    """A screen with a list of clients."""

    AUTO_FOCUS = "ClientTable"

    @property
    def table(self) -> ClientTable:
        """The clients."""
        return self.query_one(ClientTable)

    @property
    def listed(self) -> ClientQuery:
        """What asks for the clients that the list shows."""
        source = self.rows.source
        return source.query if isinstance(source, ClientRows) else EVERYONE
