"""The palette: the commands of the screen, found by their words."""

from functools import partial
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from clientdesk.text import _
from clientdesk.ui.commands import Command, commands_of, keys_of
from clientdesk.ui.screens.base import Commanding

if TYPE_CHECKING:
    from clientdesk.ui.app import ClientdeskApp


class CommandProvider(Provider):
    """The commands of the screen under the palette that your access allows."""

    def _commands(self) -> list[Command]:
        screen = self.screen
        if not isinstance(screen, Commanding):
            return []
        commands = [command for scope in (*screen.help_scopes(), "global") for command in commands_of(scope)]
        return [
            command
            for command in commands
            if command.id != "app.palette" and not command.id.startswith(("row.", "picker.")) and screen.may(command)
        ]

    def _label(self, command: Command) -> str:
        return f"{_(command.title)}  ({' '.join(keys_of(command))})"

    def _do(self, command: Command) -> None:
        screen = self.screen
        assert isinstance(screen, Commanding)
        screen.action_command(command.id)

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(
                Content(self._label(command)), partial(self._do, command), self._label(command), _(command.help)
            )

    async def search(self, query: str) -> Hits:
        """Those whose title or help has what is typed."""
        matcher = self.matcher(query)
        for command in self._commands():
            label = self._label(command)
            score = matcher.match(label) or (0.1 if query.casefold() in _(command.help).casefold() else 0)
            if score > 0:
                yield Hit(score, matcher.highlight(label), partial(self._do, command), label, _(command.help))


class Palette(CommandPalette):
    """The palette, with a list that stops at its ends as the program's other lists do."""

    BINDINGS = [Binding("up", "previous", show=False), Binding("down", "next", show=False)]

    def action_previous(self) -> None:
        """To the command above."""
        commands = self.query_one(CommandList)
        if commands.highlighted:
            commands.action_cursor_up()

    async def action_next(self) -> None:
        """To the command below."""
        commands = self.query_one(CommandList)
        if commands.highlighted is None or commands.highlighted < commands.option_count - 1:
            await self.run_action("cursor_down")


def open_palette(app: "ClientdeskApp") -> None:
    """Show the palette over the screen."""
    app.push_screen(Palette(providers=[CommandProvider], placeholder=_("Find a command…")))
