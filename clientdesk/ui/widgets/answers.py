"""The fields of the small forms: a label and a line to type in, or one of a few; what is wrong stands below."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from clientdesk.text import display_text
from clientdesk.ui.widgets.line_colours import FOCUSED, Painted
from clientdesk.ui.widgets.line_input import LineInput


class Answer(Vertical):
    """A labelled field of a small form: `value`, and `complain` for the sentence under it."""

    DEFAULT_CSS = """
    Answer { height: auto; }
    Answer > Horizontal { height: 1; }
    Answer .label { width: 18; color: $text-muted; }
    Answer LineInput { background: $foreground 8%; }
    Answer .below { display: none; height: auto; margin-left: 18; }
    """

    def __init__(self, label: str, field: Widget, *, id: str) -> None:
        super().__init__(id=id)
        self._label, self._field = label, field
        self._sentence = Static("", classes="below")

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(Content(self._label), classes="label")
            yield self._field
        yield self._sentence

    def on_key(self, event: events.Key) -> None:
        """Up and down go from one field of the form to the next, as in the form of a client."""
        if event.key in ("up", "down"):
            event.stop()
            answers = [answer for answer in self.screen.query(Answer) if answer.display]
            place = answers.index(self) + (1 if event.key == "down" else -1)
            if 0 <= place < len(answers):
                answers[place].enter()

    @property
    def value(self) -> str:
        """What is typed or chosen."""
        assert isinstance(self._field, (LineInput, OneOf))
        return self._field.value

    @value.setter
    def value(self, value: str) -> None:
        assert isinstance(self._field, (LineInput, OneOf))
        self._field.value = value

    def enter(self) -> None:
        """Take the focus, at once where the field is there: keys that wait go to it."""
        if self._field.is_mounted:
            self.screen.set_focus(self._field)
        else:
            self._field.focus()

    def complain(self, sentence: str) -> None:
        """Say under the field what is wrong; "" takes it away."""
        self._below(sentence, "error")

    def remark(self, sentence: str) -> None:
        """Say something under the field."""
        self._below(sentence, "hint")

    def _below(self, sentence: str, look: str) -> None:
        below = self._sentence
        below.set_classes(f"below {look}")
        below.update(Content(display_text(sentence)))
        below.display = bool(sentence)


class OneOf(Painted, can_focus=True):
    """A choice between a few values in one line; left, right and space go from one to the next. Where the line has no
    room for all of them, the chosen one stands there by itself."""

    DEFAULT_CSS = "OneOf { height: 1; width: 1fr; }"
    ALLOW_SELECT = False

    class Changed(Message):
        """Another value was chosen."""

        def __init__(self, one_of: "OneOf", value: str) -> None:
            super().__init__()
            self.one_of, self.value = one_of, value

    def __init__(self, options: Sequence[tuple[str, str]], value: str) -> None:
        super().__init__()
        self._options = tuple(options)
        self._value = value

    @property
    def value(self) -> str:
        """The value that is chosen."""
        return self._value

    @value.setter
    def value(self, value: str) -> None:
        if value != self._value:
            self._value = value
            self.refresh()
            self.post_message(self.Changed(self, value))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1

    def render_line(self, y: int) -> Strip:
        """The options side by side; the chosen one has a full dot. Without room for all, that one between two arrows."""
        segments = []
        if not self._has_room:
            paper = FOCUSED if self.has_focus else ""
            label = next((label for value, label in self._options if value == self._value), self._value)
            arrow = self.look("text-accent", paper)
            segments = [Segment("◂ ", arrow), Segment(label, self.look("foreground", paper, bold=True))]
            segments.append(Segment(" ▸", arrow))
            return Strip(segments).adjust_cell_length(self.size.width, self.look())
        for value, label in self._options:
            chosen = value == self._value
            paper = FOCUSED if chosen and self.has_focus else ""
            mark = Segment("◉ " if chosen else "○ ", self.look("text-accent" if chosen else "foreground-muted", paper))
            text = Segment(label, self.look("foreground" if chosen else "foreground-muted", paper, bold=chosen))
            segments += [mark, text, Segment("   ", self.look())]
        return Strip(segments).adjust_cell_length(self.size.width, self.look())

    @property
    def _has_room(self) -> bool:
        """Whether all options stand side by side."""
        return sum(2 + cell_len(label) + 3 for _value, label in self._options) - 3 <= self.size.width

    def _step(self, step: int) -> None:
        values = [value for value, _label in self._options]
        self.value = values[(values.index(self._value) + step) % len(values)]

    def watch_has_focus(self, value: bool) -> None:
        """The chosen one is marked while the focus is here."""
        super().watch_has_focus(value)
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        """To the next or the previous option."""
        step = {"right": 1, "space": 1, "left": -1}.get(event.key)
        if step is not None:
            event.stop()
            self._step(step)

    def on_click(self, event: events.Click) -> None:
        """The option that was clicked; without room for all, the one before or the next."""
        if not self._has_room:
            self._step(-1 if event.x < 2 else 1)
            return
        start = 0
        for value, label in self._options:
            end = start + 2 + cell_len(label)
            if start <= event.x < end:
                self.value = value
            start = end + 3
