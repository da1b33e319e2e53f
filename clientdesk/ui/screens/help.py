"""The help: the keys of a screen, read from the declaration of the commands."""

from collections.abc import Callable

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from clientdesk.commands.scopes import PARTS
from clientdesk.text import N_, _, display_text, ngettext
from clientdesk.ui.commands import Command, bindings_for, commands_of, keys_of
from clientdesk.ui.screens.base import DeskScreen, style
from clientdesk.ui.widgets.wrapping import wrapped

FIRST_HEADING = N_("On this screen")


class Keys(Widget):
    """The commands of some scopes that are offered, under headings: the keys on the left, a sentence, the id for the key
    map. Behind them what is said of those that are not, by how many these are."""

    DEFAULT_CSS = "Keys { height: auto; width: 1fr; }"

    def __init__(
        self, scopes: tuple[str, ...], is_offered: Callable[[Command], bool], left_out: Callable[[int], str]
    ) -> None:
        super().__init__()
        commands = {scope: commands_of(scope) for scope in (*scopes, "global")}
        self._parts = [
            (
                _(PARTS.get(scope, FIRST_HEADING)),
                [(" ".join(keys_of(command)), command) for command in of_scope if is_offered(command)],
            )
            for scope, of_scope in commands.items()
        ]
        count = len({command.id for of_scope in commands.values() for command in of_scope if not is_offered(command)})
        self._left_out = left_out(count) if count else ""
        self._keys_width = max((len(keys) for _heading, part in self._parts for keys, _each in part), default=0) + 2

    def _lines(self, command: Command, width: int) -> list[tuple[str, str]]:
        """(sentence, id) of each line of a command: the id stands behind the sentence's end, or on a line of its own."""
        room = max(10, width - self._keys_width)
        *lines, last = wrapped(_(command.help), room)
        if cell_len(last) + 2 + len(command.id) <= room:
            return [*((line, "") for line in lines), (last, command.id)]
        return [*((line, "") for line in lines), (last, ""), ("", command.id)]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return sum(
            2 + sum(len(self._lines(command, width)) for _keys, command in part)
            for _heading, part in self._parts
            if part
        ) + len(wrapped(self._left_out, width) if self._left_out else ())

    def render(self) -> Content:
        """The headings, keys and sentences."""
        width = self.size.width or 80
        lines: list[Content] = []
        for heading, part in self._parts:
            if not part:
                continue
            lines.append(Content.styled(heading, "bold $text-accent"))
            for keys, command in part:
                label = keys.ljust(self._keys_width)
                for sentence, name in self._lines(command, width):
                    room = max(len(name), width - self._keys_width - cell_len(sentence))
                    lines.append(Content.assemble((label, "bold"), sentence, (name.rjust(room), "$foreground-muted")))
                    label = " " * self._keys_width
            lines.append(Content())
        if self._left_out:
            lines += [Content.styled(line, "$foreground-muted") for line in wrapped(self._left_out, width)]
        return Content("\n").join(lines)


class HelpScreen(DeskScreen[None]):
    """The commands of the `scopes`, then those that work everywhere."""

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
            yield Keys(self._scopes, self.is_offered, self._left_out)

    def _left_out(self, count: int) -> str:
        """That so many commands are not for your access, and whom to ask."""
        text = ngettext("{count} more command is not for your access ({access}): ask {admin}.",
                        "{count} more commands are not for your access ({access}): ask {admin}.", count)  # fmt: skip
        me, admin = self.gateway.me, self.gateway.firm.primary_admin
        return text.format(count=count, access=_(me.access.label), admin=display_text(admin))

    def footer_commands(self) -> list[Command]:
        """How to leave; the rest is on the screen."""
        return list(commands_of("help"))

    def command_app_help(self) -> None:
        """The same key again leaves the help."""
        self.dismiss()
