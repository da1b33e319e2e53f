"""The small dialogs: a question (Confirm), a line of text (Ask). A list to choose from is a picker."""

from collections.abc import Callable, Iterator, Mapping

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input, Static

from clientdesk.text import _, display_lines, display_text
from clientdesk.ui.commands import BY_ID, bindings_for, keys_of
from clientdesk.ui.desk_app import desk_app
from clientdesk.ui.firm_change import BY_OTHERS, FirmChange
from clientdesk.ui.gateway import Failed
from clientdesk.ui.meanwhile_words import Contested
from clientdesk.ui.screens.base import DialogScreen, Result
from clientdesk.ui.widgets.answers import Answer
from clientdesk.ui.widgets.dialog_box import DialogBox, DialogText
from clientdesk.ui.widgets.line_input import LineInput


class Buttons(Horizontal):
    """A row of buttons: left and right go from one to the next, up to what is filled in above."""

    def on_key(self, event: events.Key) -> None:
        """Left, right and up move the focus."""
        buttons = [button for button in self.query(Button) if not button.disabled]
        if event.key in ("left", "right"):
            event.stop()
            if self.screen.focused in buttons:
                step = 1 if event.key == "right" else -1
                buttons[(buttons.index(self.screen.focused) + step) % len(buttons)].focus()
        elif event.key == "up" and (answers := list(self.screen.query(Answer))):
            event.stop()
            answers[-1].enter()


def button(label: str, id: str, danger: bool = False) -> Button:
    """A one-line button; `danger` for what cannot be taken back."""
    new_button = Button(Content(label), id=id, compact=True, classes="danger" if danger else "")
    new_button.active_effect_duration = 0
    return new_button


def answer(label: str, id: str, danger: bool = False) -> Button:
    """A button of a question with two answers: before its verb stands the key that gives the answer too.

    The safe answer's id is SAFE.
    """
    return keyed(label, id, "answer.no" if id == SAFE else "answer.yes", danger)


def keyed(label: str, id: str, command: str, danger: bool = False) -> Button:
    """A button with the key before its verb that does the same, wherever the focus is: the one of a command."""
    key = next(iter(keys_of(BY_ID[command])), "")
    return button(f"{key} {label}".strip(), id, danger)


def save_or_cancel(save: str = "") -> Iterator[Button]:
    """The buttons of a dialog that saves what was typed; `save` is the verb."""
    yield keyed(_("Cancel"), SAFE, "dialog.cancel")
    yield keyed(save or _("Save"), "yes", "member.save")


SAFE = "no"
"""The id of the button that changes nothing; it has the focus at first."""


class TwoAnswers(DialogScreen[Result]):
    """A dialog with two buttons, which two keys press as well while a button has the focus, so that no letter is
    taken from a text: `n` the safe one (its id is SAFE), `y` the other."""

    BINDINGS = bindings_for("answer")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an answer's key is one now."""
        if action == "command" and parameters and str(parameters[0]).startswith("answer."):
            return isinstance(self.focused, Button) and len(self._buttons()) == 2
        return super().check_action(action, parameters)

    def _buttons(self) -> list[Button]:
        return [answer for answer in self.query(Button) if not answer.disabled]

    def _press(self, safe: bool) -> None:
        for button in self._buttons():
            if (button.id == SAFE) is safe:
                button.press()

    def command_answer_yes(self) -> None:
        """Do what the dialog asks about."""
        self._press(safe=False)

    def command_answer_no(self) -> None:
        """Leave everything as it is."""
        self._press(safe=True)


class Confirm(TwoAnswers[bool]):
    """A question with two verbs: True for `yes`, False for `no` or esc.

    `question` is the title, `text` says what will happen (data in both may be anything: it is never
    parsed). The safe answer, `no`, has the focus. `danger` is for what cannot be taken back.
    """

    AUTO_FOCUS = f"#{SAFE}"

    def __init__(self, question: str, text: str = "", *, yes: str, no: str = "", danger: bool = False) -> None:
        super().__init__()
        self._question, self._text = question, text
        self._yes, self._no, self._danger = yes, no or _("Cancel"), danger

    def compose(self) -> ComposeResult:
        with DialogBox():
            yield Static(Content(display_text(self._question)), classes="question")
            if self._text:
                with DialogText():
                    yield Static(Content(display_lines(self._text)), classes="text")
            with Buttons(classes="buttons"):
                yield answer(self._no, SAFE)
                yield answer(self._yes, "yes", self._danger)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        event.stop()
        self.dismiss(event.button.id != SAFE)

    def nothing(self) -> bool:
        return False


class Discard(Confirm):
    """Whether what was typed or chosen and not saved may be lost: True to discard it; `text` says what it is."""

    def __init__(self, text: str = "") -> None:
        super().__init__(_("Leave without saving?"), text, yes=_("Discard changes"), no=_("Keep editing"), danger=True)


class FailureDialog(Confirm):
    """Tells that something has failed that should not have: True to quit. Nothing is seen beneath, as that may be what
    cannot be painted."""

    def __init__(self) -> None:
        super().__init__(_("Something failed. Go on?"), Failed().message, yes=_("Quit"), no=_("Go on"))


class DialogNews(Static):
    """What somebody else did meanwhile to what a dialog changes; nothing is shown where they did nothing."""

    DEFAULT_CSS = """
    DialogNews { display: none; height: auto; margin-top: 1; background: $warning 20%; text-style: bold; }
    """

    def say(self, sentence: str) -> None:
        """Show the sentence, safe to show; "" takes the line away."""
        self.update(Content(sentence))
        self.display = bool(sentence)


class SavingDialog(TwoAnswers[Result]):
    """A dialog that saves before it goes: its `command_member_save` keeps it open where it is refused."""

    BINDINGS = bindings_for("member")
    _contested: Mapping[str, Contested] = {}
    """By the id of its answer, what you and somebody else changed, as long as yours stands there."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Theirs can be taken where somebody was faster."""
        if (action, parameters) == ("command", ("member.theirs",)):
            return bool(self._contested)
        return super().check_action(action, parameters)

    def contest(self, fields: Mapping[str, Contested]) -> None:
        """Say under each of these fields (by the id of its answer) that yours stands there, and what became of it; the
        first one has the focus."""
        self._contested = fields
        self.forget_typed()
        self.tell_no_news()
        for name, contested in fields.items():
            self.query_one(f"#{name}", Answer).complain(contested.sentence)
        self._enter_contested()

    def _enter_contested(self) -> None:
        for name in list(self._contested)[:1]:
            self.query_one(f"#{name}", Answer).enter()

    def command_member_theirs(self) -> None:
        """Put what somebody else wrote into the field that has the focus, else into the first one of those."""
        answers = {name: self.query_one(f"#{name}", Answer) for name in self._contested}
        around = self.focused.ancestors if self.focused is not None else []
        focused = [name for name, answer in answers.items() if answer in around]
        name = (focused or list(answers))[0]
        answers[name].value = self._contested[name].held
        answers[name].remark(_("Theirs stands here now."))
        self._contested = {other: contested for other, contested in self._contested.items() if other != name}
        self._enter_contested()

    async def news(self) -> str:
        """What somebody else did to it since it was read, safe to show; "" for nothing."""
        return ""

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Say above the buttons what somebody else did; what was typed stays."""
        sentence = await self.news()
        for line in self.query(DialogNews):
            line.say(sentence)

    def tell_no_news(self) -> None:
        """What somebody else did is told in another way by now."""
        for line in self.query(DialogNews):
            line.say("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a line."""
        event.stop()
        self.submitted()

    def forget_typed(self) -> None:
        """It says now that someone else was faster: a key that was typed before this was seen does not save over theirs."""
        desk_app(self).forget_typed()

    def submitted(self) -> None:
        """What enter in a line does: it saves."""
        self.action_command("member.save")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Save or leave."""
        event.stop()
        if event.button.id == "yes":
            self.action_command("member.save")
        else:
            self.action_command("dialog.cancel")


class Ask(TwoAnswers[str | None]):
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
        with DialogBox(classes="ask"):
            yield Static(Content(display_text(self._title)), classes="question")
            yield LineInput(self._value)
            with DialogText():
                yield Static(Content(self._hint), classes="hint")
            with Buttons(classes="buttons"):
                yield keyed(_("Cancel"), SAFE, "dialog.cancel")
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
            self.action_command("dialog.cancel")

    def _answer(self) -> None:
        text = self.query_one(LineInput).value.strip()
        wrong = self._check(text) if self._check else None
        if wrong:
            hint = self.query_one(".hint", Static)
            hint.add_class("error")
            hint.update(Content(display_text(wrong)))
            return
        self.dismiss(text)
