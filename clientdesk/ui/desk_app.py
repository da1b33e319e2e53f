"""What screens may ask of the program that shows them: they know no more of it."""

from typing import TYPE_CHECKING, Protocol, cast

from textual.message_pump import MessagePump

from clientdesk.ui.gateway import Gateway

if TYPE_CHECKING:
    from clientdesk.ui.import_under_way import Importing


class DeskApp(Protocol):
    """The program, as far as screens know it. That `ClientdeskApp` is one is checked by the types in `ui/app.py`."""

    gateway: Gateway
    """The way to the desk."""
    importing: "Importing | None"
    """The import that is being prepared or under way, or whose report was not read yet."""

    @property
    def is_offering_copy(self) -> bool:
        """Whether a question tells that something was not saved, and offers a copy of the firm."""
        ...

    def action_command(self, command_id: str) -> None:
        """Do a command that works everywhere."""
        ...

    def command_app_help(self) -> None:
        """Show the keys of the screen on top."""
        ...

    def show_passing(self, text: str) -> None:
        """Show a word about what goes on at this moment."""
        ...

    def forget_typed(self) -> None:
        """Forget the keys that wait for their turn."""
        ...

    async def may_discard(self, unsaved: str) -> bool:
        """Whether what is `unsaved`, in words, may be lost: the person is asked."""
        ...

    def open_import(self) -> None:
        """Show the import where it is; begin one where there is none."""
        ...

    def import_wrote(self) -> None:
        """The import has written rows."""
        ...

    def import_ended(self) -> None:
        """The import has written what it could; its report is there."""
        ...


def desk_app(node: MessagePump) -> DeskApp:
    """The program that a screen or a widget belongs to."""
    return cast(DeskApp, node.app)
