"""A small dialog with one line, which is saved before it goes."""

from collections.abc import Awaitable, Callable

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from clientdesk.domain.problems import refuse
from clientdesk.text import _, display_text
from clientdesk.ui.meanwhile_words import Contested
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.dialogs import Buttons, DialogNews, SavingDialog, save_or_cancel
from clientdesk.ui.widgets.answers import Answer
from clientdesk.ui.widgets.dialog_box import DialogBox, DialogText
from clientdesk.ui.widgets.line_input import LineInput

Save = Callable[[str], Awaitable[str | Contested]]
"""Saves a text; the sentence that says why not, or who was faster; "" if it is saved."""
Ask = Callable[[], Awaitable[str]]
"""Asks what somebody else did meanwhile to what is changed: a sentence, "" for nothing."""


class AskAndSave(SavingDialog[bool]):
    """One line of text that is saved before the dialog goes: True, or None for esc. A refusal stays below it."""

    CSS_PATH = [style("dialogs"), style("settings")]
    AUTO_FOCUS = "LineInput"

    def __init__(
        self, title: str, label: str, value: str, save: Save, ask: Ask | None = None, *, hint: str = "", verb: str = ""
    ) -> None:
        super().__init__()
        self._title, self._label, self._value = title, label, value
        self._save, self._ask, self._hint, self._verb = save, ask, hint, verb or _("Save")

    def compose(self) -> ComposeResult:
        with DialogBox(id="ask"):
            yield Static(Content(display_text(self._title)), classes="question")
            with DialogText(classes="fields"):
                if self._hint:
                    yield Static(Content(self._hint), classes="text hint")
                yield Answer(self._label, LineInput(self._value), id="answer")
            yield DialogNews()
            with Buttons(classes="buttons"):
                yield from save_or_cancel(self._verb)

    def on_mount(self) -> None:
        """What the line shows of the value is what was read: it shows no control characters."""
        self._value = self.query_one(Answer).value

    async def news(self) -> str:
        """See SavingDialog."""
        return "" if self._ask is None else await self._ask()

    def unsaved(self) -> str:
        """The line, where it says something else."""
        changed = self.query_one(Answer).value != self._value
        return _("Not saved: {fields}").format(fields=self._label) if changed else ""

    async def command_member_save(self) -> None:
        """Save; what is refused is said under the line, and what was typed stays."""
        answer = self.query_one(Answer)
        refusal = await self._save(answer.value)
        if isinstance(refusal, Contested):
            self.contest({str(answer.id): refusal})
        elif refusal:
            self.forget_typed()
            self.tell_no_news()
            answer.complain(refusal)
            answer.enter()
        else:
            self.dismiss(True)

    def save_settled(self, saved: bool) -> None:
        """It is saved after all; or it is not, and the sentence says so."""
        if saved:
            self.dismiss(True)
        else:
            self.query_one(Answer).complain(refuse("not_saved").message)
