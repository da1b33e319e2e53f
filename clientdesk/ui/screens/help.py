"""The help: the keys of a screen, read from the declaration of the commands."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from clientdesk.text import _
from clientdesk.ui.commands import bindings_for, commands_of, keys_of
from clientdesk.ui.screens.base import DeskScreen, style


class HelpScreen(DeskScreen[None]):
    """The commands of the `scopes`, then those that work everywhere: keys and a sentence each."""

    SCOPE = "help"
    BINDINGS = bindings_for("help")
    CSS_PATH = style("dialogs")

    def __init__(self, scopes: tuple[str, ...]) -> None:
        super().__init__()
        self._scopes = scopes

    def title_text(self) -> str:
        return _("Help")

    def body(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            yield Static(self._lines())

    def _lines(self) -> Content:
        commands = [command for scope in (*self._scopes, "global") for command in commands_of(scope)]
        keys = [(" ".join(keys_of(command)), command) for command in commands]
        width = max((len(key) for key, _command in keys), default=0) + 2
        return Content("\n").join(
            Content.assemble((key.ljust(width), "bold $text-accent"), _(command.help)) for key, command in keys
        )
