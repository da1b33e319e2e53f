"""The last messages, to be read again."""

from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from clientdesk.text import _
from clientdesk.ui.commands import Command, bindings_for, commands_of
from clientdesk.ui.kept_messages import Told
from clientdesk.ui.screens.base import DeskScreen, style
from clientdesk.ui.widgets.line_colours import WARNING
from clientdesk.ui.widgets.long_text import Reading
from clientdesk.ui.widgets.wrapping import wrapped

_TIME = 10
"""So many cells the time of a message takes, with the room behind it."""


class Messages(Widget):
    """Messages whole, the latest first: the time on the left, the text wrapped on the right."""

    DEFAULT_CSS = "Messages { height: auto; width: 1fr; }"

    def __init__(self, messages: list[Told]) -> None:
        super().__init__()
        self._messages = messages

    def _lines(self, width: int) -> list[tuple[str, str, str]]:
        """(time, text, style) of each line."""
        lines = []
        for message in self._messages:
            time = message.at.strftime("%H:%M:%S")
            for text in wrapped(message.text, max(10, width - _TIME)):
                lines.append((time, text, WARNING if message.warning else "$foreground"))
                time = ""
            lines.append(("", "", "$foreground"))
        return lines[:-1] or [("", _("Nothing was told yet."), "$foreground-muted")]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        """The lines."""
        return Content("\n").join(
            [
                Content.assemble((time.ljust(_TIME), "$foreground-muted"), (text, look))
                for time, text, look in self._lines(self.size.width or 80)
            ]
        )


class MessagesScreen(DeskScreen[None]):
    """The messages that were told, the latest first."""

    SCOPE = "messages"
    BINDINGS = bindings_for("messages")
    CSS_PATH = style("dialogs")

    def __init__(self, messages: list[Told]) -> None:
        super().__init__()
        self._messages = messages

    def title_text(self) -> str:
        return _("Messages")

    def help_scopes(self) -> tuple[str, ...]:
        return ("messages", "reading")

    def body(self) -> ComposeResult:
        with Reading(id="messages"):
            yield Messages(self._messages)

    def footer_commands(self) -> list[Command]:
        """How to leave, and the help."""
        return [*commands_of("messages"), *(command for command in commands_of("global") if command.footer)]

    def command_app_messages(self) -> None:
        """The same key again leaves the messages."""
        self.dismiss()
