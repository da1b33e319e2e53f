"""A screen on which your own changes can be taken back."""

from clientdesk.ui.screens.base import DeskScreen, Result


class Undoable(DeskScreen[Result]):
    """Goes back over your changes, and forward again, by the commands of its scope."""

    async def command_change_undo(self) -> None:
        """Undo your own latest change."""
        from clientdesk.ui.screens.undo_flow import undo_latest

        await undo_latest(self)

    async def command_change_redo(self) -> None:
        """Do once more what you undid last."""
        from clientdesk.ui.screens.undo_flow import redo_latest

        await redo_latest(self)
