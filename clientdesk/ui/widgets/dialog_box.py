"""The frame of a dialog: in a terminal that is too low its text scrolls, question and buttons stay in sight."""

from textual import events
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.layout import ArrangeResult, Layout
from textual.layouts.vertical import VerticalLayout
from textual.widget import Widget
from textual.widgets import Button

from clientdesk.text import _
from clientdesk.ui.widgets.in_sight import StaysInSight


class ScrollGivesWay(VerticalLayout):
    """One below the other; where the height does not suffice, what scrolls is made lower, and nothing is pushed out."""

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        placements = super().arrange(parent, children, size, greedy)
        if not size.height or not placements:
            return placements  # it is only asked how high it would like to be
        missing = max(placement.region.bottom + placement.margin.bottom for placement in placements) - size.height
        less: dict[Widget, int] = {}
        for placement in reversed(placements):  # of two that scroll, the lower one gives way first
            if isinstance(placement.widget, VerticalScroll) and missing > 0:
                less[placement.widget] = min(missing, placement.region.height - 1)
                missing -= less[placement.widget]
        arranged, cut = [], 0
        for placement in placements:
            region = placement.region.translate((0, -cut)).shrink((0, 0, less.get(placement.widget, 0), 0))
            cut += less.get(placement.widget, 0)
            arranged.append(placement._replace(region=region))
        return arranged


class DialogText(StaysInSight):
    """What a dialog says or asks between its question and its buttons. Where it is longer than the room, the frame
    says that there is more."""

    def on_mount(self) -> None:
        """Say whether there is more."""
        self._tell_more()

    def on_resize(self, event: events.Resize) -> None:
        """There is more room, or less."""
        self._tell_more()

    def watch_virtual_size(self, virtual_size: Size) -> None:
        """There is more text, or less."""
        self.call_after_refresh(self._tell_more)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Another part of the text is seen."""
        super().watch_scroll_y(old_value, new_value)
        self._tell_more()

    def _tell_more(self) -> None:
        arrows = "↑" * (self.scroll_y > 0) + "↓" * (self.scroll_y < self.max_scroll_y)
        if isinstance(self.parent, DialogBox):
            self.parent.border_subtitle = _("{arrows} more").format(arrows=arrows) if arrows else ""


class DialogBox(Widget):
    """The frame of a dialog: its question, a DialogText, its buttons."""

    DEFAULT_CSS = "DialogBox { overflow: hidden hidden; }"

    def __init__(self, *, id: str | None = None, classes: str = "") -> None:
        super().__init__(id=id, classes=f"dialog {classes}")
        self._layout = ScrollGivesWay()

    @property
    def layout(self) -> Layout:
        """One below the other, as high as there is room; styles know only Textual's own layouts."""
        return self._layout

    def on_key(self, event: events.Key) -> None:
        """While a button has the focus, these keys move a text that is longer than the room."""
        if not isinstance(self.screen.focused, Button):
            return
        for text in self.query(DialogText):
            page = max(1, text.size.height - 1)
            steps = {"up": -1, "down": 1, "pageup": -page, "pagedown": page}
            steps |= {"home": -text.virtual_size.height, "end": text.virtual_size.height}
            if event.key in steps and not any(widget.focusable for widget in text.query("*")):
                event.stop()
                text.scroll_relative(y=steps[event.key], animate=False)
