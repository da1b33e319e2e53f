"""A one-line input that keeps what steers a terminal out of itself."""

from textual import events
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.widgets import Input

from clientdesk.text import one_line, strip_controls


class LineInput(Input, inherit_css=False):
    """Textual's Input in one line, for text of a person: a pasted tab or line end is a blank, other control
    characters and bidi overrides are left out; the focus selects only what is `proposed`, so that typing replaces it."""

    COMPONENT_CLASSES = Input.COMPONENT_CLASSES
    DEFAULT_CSS = """
    LineInput {
        height: 1; width: 1fr; background: $foreground 8%; color: $foreground; scrollbar-size-horizontal: 0;
        &>.input--cursor {
            background: $input-cursor-background; color: $input-cursor-foreground; text-style: $input-cursor-text-style;
        }
        &>.input--selection { background: $input-selection-background; }
        &>.input--placeholder, &>.input--suggestion { color: $text-disabled; }
        &:ansi>.input--placeholder, &:ansi>.input--suggestion { text-style: dim; }
        &:ansi>.input--selection { text-style: reverse; }
    }
    """

    # Its width is the screen's affair: no new layout for each letter that is typed.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)

    def __init__(
        self,
        value: str = "",
        placeholder: str = "",
        *,
        id: str | None = None,
        max_length: int | None = None,
        proposed: bool = False,
    ) -> None:
        super().__init__(
            strip_controls(one_line(value)),
            placeholder,
            id=id,
            max_length=max_length or 0,
            compact=True,
            select_on_focus=proposed,
        )
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        """The value without what steers a terminal."""
        return strip_controls(one_line(value))

    def on_focus(self, event: events.Focus) -> None:
        """Of a text that is longer than the line the part with the cursor is seen."""
        self._show_cursor()

    def on_blur(self, event: events.Blur) -> None:
        """Without the focus its beginning is seen."""
        self.scroll_to(0, animate=False, force=True)

    def on_resize(self, event: events.Resize) -> None:
        """It had no width when it got the focus, or had another one."""
        if self.has_focus:
            self._show_cursor()

    def _show_cursor(self) -> None:
        of_text = self.cursor_screen_offset - self.content_region.offset + self.scroll_offset
        self.scroll_to_region(Region(of_text.x, 0, 1, 1), animate=False, force=True)

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted stands in one line."""
        event.stop()
        event.prevent_default()
        self.replace(strip_controls(one_line(event.text.strip("\r\n"))), *self.selection)
