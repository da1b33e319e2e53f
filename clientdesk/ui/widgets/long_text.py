"""A text that may be longer than the screen, and the keys that go through it."""

from textual.containers import VerticalScroll

from clientdesk.ui.commands import BY_ID, bindings_for


class Reading(VerticalScroll, inherit_bindings=False):
    """A scrolling part of a screen with the same keys as a table."""

    BINDINGS = bindings_for("reading")
    DEFAULT_CSS = """
    Reading { scrollbar-size-vertical: 1; scrollbar-background: $background; scrollbar-color: $panel-lighten-2; }
    """

    def action_command(self, command_id: str) -> None:
        """Do one of its commands."""
        getattr(self, BY_ID[command_id].method)()

    def _turn(self, lines: float) -> None:
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)

    def command_read_up(self) -> None:
        """One line up."""
        self._turn(-1)

    def command_read_down(self) -> None:
        """One line down."""
        self._turn(1)

    def command_read_page_up(self) -> None:
        """One page up."""
        self._turn(-self.size.height)

    def command_read_page_down(self) -> None:
        """One page down."""
        self._turn(self.size.height)

    def command_read_half_up(self) -> None:
        """Half a page up."""
        self._turn(-(self.size.height // 2))

    def command_read_half_down(self) -> None:
        """Half a page down."""
        self._turn(self.size.height // 2)

    def command_read_first(self) -> None:
        """To the beginning."""
        self.scroll_home(animate=False)

    def command_read_last(self) -> None:
        """To the end."""
        self.scroll_end(animate=False)
