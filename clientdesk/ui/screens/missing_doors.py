"""Where the answers about a missing client lead: to a change in the history, to a row of an error log."""

from typing import Any

from clientdesk.domain.history_filter import HistoryFilter
from clientdesk.ui.screens.base import DeskScreen


async def history_line(screen: DeskScreen[Any], change: int, asked: HistoryFilter) -> None:
    """Show the rows of the line of a change that a filter finds."""
    from clientdesk.desk import change_sets
    from clientdesk.ui.screens.history import EVERYTHING, HistoryRowsScreen

    line = await screen.gateway.call(change_sets.line_with, change)
    await screen.app.push_screen_wait(HistoryRowsScreen(line, EVERYTHING if line.rows == 1 else asked, {}))


async def error_log(screen: DeskScreen[Any], run: int, line: int) -> None:
    """Show the error log of an import, at a line of its file."""
    from clientdesk.ui.screens.imports import KeptLogScreen, opened_log

    importing = await opened_log(screen, run)
    await screen.app.push_screen_wait(KeptLogScreen(importing, line))
