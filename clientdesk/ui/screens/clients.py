"""The client list: the first screen, and the heart of the program."""

from textual.app import ComposeResult
from textual.widgets import Static

from clientdesk.ui.commands import bindings_for
from clientdesk.ui.screens.base import DeskScreen


class ClientList(DeskScreen[None]):
    SCOPE = "list"
    BINDINGS = bindings_for("list")

    def body(self) -> ComposeResult:
        yield Static("hello line")

    async def command_client_status(self) -> None:
        from clientdesk.ui.dialogs import Confirm

        if await self.app.push_screen_wait(
            Confirm("Deactivate Smith [/] Co?", "Subscription, plan and history stay.", yes="Deactivate")
        ):
            self.tell("done")

    async def command_list_type(self) -> None:
        from clientdesk.ui.dialogs import Choose

        self.tell(
            str(await self.app.push_screen_wait(Choose("Client type", [("a", "All"), ("b", "Business [x]")], "b")))
        )

    async def command_list_find(self) -> None:
        from clientdesk.ui.dialogs import Ask

        self.tell(str(await self.app.push_screen_wait(Ask("Name of the type", "x", hint="hint"))))
