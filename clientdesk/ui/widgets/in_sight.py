"""A part that scrolls and in which something is typed."""

from textual import events
from textual.containers import VerticalScroll


class StaysInSight(VerticalScroll, can_focus=False):
    """Where there is less room of a sudden (a line came above the footer, the terminal became lower), what has the
    focus stays in sight."""

    def on_resize(self, event: events.Resize) -> None:
        """There is more room, or less."""
        focused = self.screen.focused
        if focused is not None and self in focused.ancestors:
            self.call_after_refresh(self.scroll_to_widget, focused, animate=False)
