"""The lines of a form: one field of the catalogue each, with what is wrong with it in words below."""

from collections.abc import Sequence
from typing import Protocol, cast

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.problems import Problem
from clientdesk.text import _, display_text, ngettext, strip_controls
from clientdesk.ui.commands import BY_ID, bindings_for, keys_of
from clientdesk.ui.widgets.bars import cut
from clientdesk.ui.widgets.line_colours import ERROR, WARNING, Painted
from clientdesk.ui.widgets.line_input import LineInput

Options = Sequence[tuple[str, str]]
"""What can be chosen: (value, label) pairs; labels may be any data."""


class Walking(Widget):
    """A widget of a form: up and down go to the fields above and below."""

    def action_command(self, command_id: str) -> None:
        """Do one of its commands."""
        getattr(self, BY_ID[command_id].method)()

    def command_field_previous(self) -> None:
        """To the field above."""
        self.screen.focus_previous()

    def command_field_next(self) -> None:
        """To the field below."""
        self.screen.focus_next()

    def command_line_next(self) -> None:
        """To the next field."""
        self.screen.focus_next()


class TextLine(LineInput, Walking):
    """A text of one line. What is pasted in several lines becomes one."""

    BINDINGS = bindings_for("field", "line")


class NotesArea(TextArea, Walking):
    """A text of several lines, without what steers a terminal. Tab leaves it."""

    BINDINGS = bindings_for("notes")

    def __init__(self, text: str) -> None:
        super().__init__(strip_controls(text, keep_lines=True), compact=True, soft_wrap=True, show_line_numbers=False)
        self.cursor_blink = False
        self.highlight_cursor_line = False

    def command_notes_undo(self) -> None:
        """Take back what was typed last."""
        self.undo()

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted is made safe before Textual puts it in."""
        event.text = strip_controls(event.text.replace("\t", "    "), keep_lines=True)


class Opens(Protocol):
    """A screen with lines that open something. It is asked at once, not by a message: the key after the one that
    opens already goes to what was opened."""

    def open_line(self, opening: "Opening", typed: str = "") -> None:
        """Open what the line stands for; `typed` is what was typed on it."""
        ...


class Opening(Painted, Walking, can_focus=True):
    """A line that opens something, on a screen that `Opens`: by enter, space or a click."""

    BINDINGS = bindings_for("field", "choice")
    ALLOW_SELECT = False
    DEFAULT_CSS = "Opening { height: 1; width: 1fr; }"

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1

    def command_choice_open(self, typed: str = "") -> None:
        """Open it."""
        cast(Opens, self.screen).open_line(self, typed)

    def on_click(self, event: events.Click) -> None:
        """A click opens."""
        event.stop()
        self.focus()
        self.command_choice_open()


class Chooser(Opening):
    """A field that has one of `options`: enter opens them, a letter opens those that have it."""

    class Changed(Message):
        """Another value was chosen."""

    def __init__(self, value: str, options: Options) -> None:
        super().__init__()
        self.value, self.options = value, options

    @property
    def choices(self) -> Options:
        """The options, and the present value where it is none of them."""
        if any(value == self.value for value, _label in self.options):
            return self.options
        return [*self.options, (self.value, self.value)]

    def choose(self, value: str) -> None:
        """Take this value."""
        if value != self.value:
            self.value = value
            self.refresh()
            self.post_message(self.Changed())

    def on_key(self, event: events.Key) -> None:
        """A letter opens the options, and is the first that was typed there."""
        if event.is_printable and event.character and event.character.isalnum():
            event.stop()
            self.command_choice_open(event.character)

    def render_line(self, y: int) -> Strip:
        """The label of the value, and the sign that there is a choice."""
        width = self.size.width
        label = dict(self.choices)[self.value]
        text = cut(display_text(label), width - 2)
        return Strip([Segment(text, self.look()), Segment(" ▾", self.look("text-accent"))]).extend_cell_length(
            width, self.look()
        )


class MoreHeader(Opening):
    """The heading of the part that can be closed: what is in it, and the key that opens it."""

    def __init__(self) -> None:
        super().__init__()
        self._open, self._filled, self._wrong = False, 0, 0

    def show(self, is_open: bool, filled: int, wrong: int) -> None:
        """Whether it is open, how many of its fields have something in them, how many are wrong."""
        if (is_open, filled, wrong) != (self._open, self._filled, self._wrong):
            self._open, self._filled, self._wrong = is_open, filled, wrong
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line."""
        key = next(iter(keys_of(BY_ID["form.more"])), "")
        pieces = [("▾ " if self._open else "▸ ", "text-accent"), (_("Add more info"), "text-accent")]
        if not self._open:
            filled = ngettext("{count} field filled in", "{count} fields filled in", self._filled)
            pieces.append((" · " + filled.format(count=self._filled), "foreground-muted"))
            if self._wrong:
                wrong = ngettext("{count} to mend", "{count} to mend", self._wrong)
                pieces.append((" · " + wrong.format(count=self._wrong), "text-error"))
        pieces.append(("  " + key, "foreground-muted"))
        width = self.size.width
        line = Strip([Segment(text, self.look(ink, bold=ink == "text-accent")) for text, ink in pieces])
        return line.adjust_cell_length(width, self.look())


Editor = TextLine | NotesArea | Chooser


class FieldLine(Vertical):
    """One field: label on the left, editor on the right, errors and warnings below."""

    class Changed(Message):
        """What `line` holds has changed."""

        def __init__(self, line: "FieldLine") -> None:
            super().__init__()
            self.line = line

    class Left(Message):
        """The focus has gone from `line`."""

        def __init__(self, line: "FieldLine") -> None:
            super().__init__()
            self.line = line

    DEFAULT_CSS = """
    FieldLine { height: auto; width: 1fr; }
    FieldLine .label { dock: left; width: 24; height: 1; color: $foreground-muted; }
    FieldLine .message { height: auto; display: none; }
    FieldLine.-told .message { display: block; }
    """

    def __init__(self, field: Field, value: str, options: Options = ()) -> None:
        super().__init__(id=f"field-{field.name.replace('_', '-')}")
        self.field = field
        self.problems: tuple[Problem, ...] = ()
        self._message = Static(classes="message")
        self.editor = _editor(field, value, options)
        self._known = self.value
        self.first = self.value

    @property
    def value(self) -> str:
        """What stands in the editor."""
        editor = self.editor
        return editor.text if isinstance(editor, NotesArea) else editor.value

    def compose(self) -> ComposeResult:
        yield Static(Content(self.field.title), classes="label")
        yield self.editor
        yield self._message

    def tell(self, problems: Sequence[Problem]) -> None:
        """Show these errors and warnings, a line each."""
        if tuple(problems) == self.problems:
            return
        self.problems = tuple(problems)
        lines = [
            Content.styled(_("Warning: {sentence}").format(sentence=problem.message), WARNING)
            if problem.warning
            else Content.styled(problem.message, ERROR)
            for problem in self.problems
        ]
        self._message.update(Content("\n").join(lines))
        self.set_class(bool(lines), "-told")
        self.set_class(any(not problem.warning for problem in self.problems), "-wrong")
        if lines and self.screen.focused is self.editor:
            self.call_after_refresh(self.scroll_visible, animate=False)

    def _look(self) -> None:
        # A fresh editor tells of its first value too; that is no change.
        if self.value != self._known:
            self._known = self.value
            self.post_message(self.Changed(self))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Something was typed."""
        event.stop()
        self._look()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Something was written into the notes."""
        event.stop()
        self._look()

    def on_chooser_changed(self, event: Chooser.Changed) -> None:
        """Something was chosen."""
        event.stop()
        self._look()

    def on_descendant_focus(self) -> None:
        """The whole line comes into view, with its errors."""
        self.add_class("-here")
        self.call_after_refresh(self.scroll_visible, animate=False)

    def on_descendant_blur(self) -> None:
        """The focus goes."""
        self.remove_class("-here")
        self.post_message(self.Left(self))


class FixedLine(Vertical):
    """A field that is not changed here: label on the left, what stands there and what changes it on the right."""

    DEFAULT_CSS = """
    FixedLine { height: auto; width: 1fr; }
    FixedLine .label { dock: left; width: 24; height: 1; color: $foreground-muted; }
    """

    def __init__(self, field: Field, value: str) -> None:
        super().__init__()
        self._field, self._shown = field, display_text(value)

    def compose(self) -> ComposeResult:
        yield Static(Content(self._field.title), classes="label")
        instead = Content.styled(f" · {_(self._field.instead)}", "$foreground-muted")
        yield Static(Content(self._shown) + instead)


TYPED = (Kind.TEXT, Kind.DECIMAL, Kind.DATE, Kind.LINK, Kind.TAGS)
"""The kinds of fields that are one line to type into."""


def _editor(field: Field, value: str, options: Options) -> Editor:
    if field.kind is Kind.NOTES:
        return NotesArea(value)
    if field.kind in TYPED:
        return TextLine(value, _(field.hint) if field.hint else "")
    return Chooser(value, options)


def line_of(widget: Widget) -> FieldLine:
    """The line that an editor belongs to."""
    return cast(FieldLine, widget.parent)
