"""The small dialogs: a question (Confirm), a line of text (Ask). A list to choose from is a picker."""

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from clientdesk.text import _, display_lines, display_text
from clientdesk.ui.commands import bindings_for
from clientdesk.ui.screens.base import DialogScreen, Result
from clientdesk.ui.widgets.line_input import LineInput


class Buttons(Horizontal):
    """A row of buttons: left and right go from one to the next."""

    def on_key(self, event: events.Key) -> None:
        """Left and right move the focus."""
        if event.key in ("left", "right"):
            event.stop()
            buttons = [button for button in self.query(Button) if not button.disabled]
            if self.screen.focused in buttons:
                step = 1 if event.key == "right" else -1
                buttons[(buttons.index(self.screen.focused) + step) % len(buttons)].focus()


def button(label: str, id: str, danger: bool = False) -> Button:
    """A one-line button; `danger` for what cannot be taken back."""
    made = Button(Content(label), id=id, compact=True, classes="danger" if danger else "")
    made.active_effect_duration = 0
    return made


class Confirm(DialogScreen[bool]):
    """A question with two verbs: True for `yes`, False for `no` or esc.

    `question` is the title, `text` says what will happen (data in both may be anything: it is never
    parsed). The safe answer has the focus: `no` where there is `danger`, else `yes`.
    """

    def __init__(self, question: str, text: str = "", *, yes: str, no: str = "", danger: bool = False) -> None:
        super().__init__()
        self._question, self._text = question, text
        self._yes, self._no, self._danger = yes, no or _("Cancel"), danger

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(display_text(self._question)), classes="question")
            if self._text:
                yield Static(Content(display_lines(self._text)), classes="text")
            with Buttons(classes="buttons"):
                yield button(self._no, "no")
                yield button(self._yes, "yes", self._danger)

    def on_mount(self) -> None:
        """The safe answer has the focus."""
        self.query_one("#no" if self._danger else "#yes").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        event.stop()
        self.dismiss(event.button.id == "yes")

    def nothing(self) -> bool:
        return False


class SavingDialog(DialogScreen[Result]):
    """A dialog that saves before it goes: its `command_member_save` keeps it open where it is refused."""

    BINDINGS = bindings_for("member")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a line."""
        event.stop()
        self.submitted()

    def submitted(self) -> None:
        """What enter in a line does: it saves."""
        self.action_command("member.save")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Save or leave."""
        event.stop()
        if event.button.id == "yes":
            self.action_command("member.save")
        else:
            self.dismiss(None)


class Ask(DialogScreen[str | None]):
    """One line of text: what was typed (trimmed), or None for esc.

    `check` gets the text and returns a sentence that says what is wrong with it, or None.
    """

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        hint: str = "",
        save: str = "",
        check: Callable[[str], str | None] | None = None,
    ) -> None:
        super().__init__()
        self._title, self._value, self._hint, self._save, self._check = title, value, hint, save or _("Save"), check

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog ask"):
            yield Static(Content(display_text(self._title)), classes="question")
            yield LineInput(self._value)
            yield Static(Content(self._hint), classes="hint")
            with Buttons(classes="buttons"):
                yield button(_("Cancel"), "no")
                yield button(self._save, "yes")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter saves."""
        event.stop()
        self._answer()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Save or leave."""
        event.stop()
        if event.button.id == "yes":
            self._answer()
        else:
            self.dismiss(None)

    def _answer(self) -> None:
        text = self.query_one(LineInput).value.strip()
        wrong = self._check(text) if self._check else None
        if wrong:
            hint = self.query_one(".hint", Static)
            hint.add_class("error")
            hint.update(Content(display_text(wrong)))
            return
        self.dismiss(text)
