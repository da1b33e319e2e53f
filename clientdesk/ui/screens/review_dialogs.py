"""The dialogs of a review: a text to read, a comment of several lines, and how an account is reconciled."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from clientdesk.desk.work_records import Reconciliation
from clientdesk.domain.problems import Refused
from clientdesk.text import N_, _, display_lines, display_text
from clientdesk.ui.commands import first_key
from clientdesk.ui.screens.base import DialogScreen, style
from clientdesk.ui.screens.dialogs import Buttons, SavingDialog, save_or_cancel
from clientdesk.ui.widgets.answers import Answer
from clientdesk.ui.widgets.dialog_box import DialogBox, DialogText
from clientdesk.ui.widgets.field_lines import NotesArea
from clientdesk.ui.widgets.line_input import LineInput
from clientdesk.ui.widgets.line_layout import fit
from clientdesk.ui.widgets.long_text import Reading
from clientdesk.ui.widgets.wrapping import wrapped

Save = Callable[[str], Awaitable[None]]
"""Saves a text; raises Refused."""


LABEL, ROOM = 18, 50
"""The width of a label, and of the text beside it, in cells."""


class ReadingDialog(DialogScreen[None]):
    """Texts to read, each beside its label ("" for none); any data."""

    CSS_PATH = [style("dialogs"), style("review")]
    AUTO_FOCUS = "Reading"

    def __init__(self, title: str, paragraphs: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title, self._paragraphs = title, paragraphs

    def compose(self) -> ComposeResult:
        with DialogBox(id="reading"):
            yield Static(Content(display_text(self._title)), classes="question")
            with Reading():
                yield Static(Content("\n").join(self._lines()))
            yield Static(Content(_("{key} goes back").format(key=first_key("dialog.cancel"))), classes="hint")

    def _lines(self) -> list[Content]:
        lines = []
        for label, text in self._paragraphs:
            for number, line in enumerate(wrapped(display_lines(text), ROOM if label else LABEL + ROOM)):
                title = fit(label if number == 0 else "", LABEL) if label else ""
                lines.append(Content.assemble((title, "$foreground-muted"), line))
        return lines


class CommentDialog(SavingDialog[bool]):
    """A comment of several lines, saved before the dialog goes: True, or None for esc."""

    CSS_PATH = [style("dialogs"), style("review")]
    AUTO_FOCUS = "NotesArea"

    def __init__(self, title: str, text: str, save: Save) -> None:
        super().__init__()
        self._title, self._text, self._save = title, text, save

    def compose(self) -> ComposeResult:
        with DialogBox(id="comment"):
            yield Static(Content(display_text(self._title)), classes="question")
            yield NotesArea(self._text)
            yield Static(classes="hint", id="refusal")
            with Buttons(classes="buttons"):
                yield from save_or_cancel()

    def on_mount(self) -> None:
        """The cursor stands at the end; what the area shows is what was read."""
        area = self.query_one(NotesArea)
        self._text = area.text
        area.move_cursor(area.document.end)

    def unsaved(self) -> str:
        """The comment, where it says something else."""
        changed = self.query_one(NotesArea).text != self._text
        return _("Not saved: {fields}").format(fields=_("Comment")) if changed else ""

    async def command_member_save(self) -> None:
        """Save; what is refused is said below, and what was typed stays."""
        try:
            await self._save(self.query_one(NotesArea).text.strip())
        except Refused as refusal:
            refused = self.query_one("#refusal", Static)
            refused.set_classes("error")
            refused.update(Content(refusal.message))
        else:
            self.dismiss(True)


LABELS = {
    "through": N_("Reconciled through"),
    "balance": N_("Ending balance"),
    "difference": N_("Difference"),
}
"""What is typed of an account, by its fields."""


class AccountDialog(SavingDialog[bool]):
    """How an account is reconciled: through which day, its balance then, and by how much that differs from the books. True
    where it was saved."""

    CSS_PATH = [style("dialogs"), style("review")]
    AUTO_FOCUS = "#through LineInput"

    def __init__(
        self, account: Reconciliation, last: str, save: Callable[[Mapping[str, str]], Awaitable[None]]
    ) -> None:
        super().__init__()
        self._account, self._save = account, save
        self._before = {name: str(account.values[name] or "") for name in LABELS}
        self._offered = {**self._before, "through": self._before["through"] or last}

    def compose(self) -> ComposeResult:
        with DialogBox(id="account"):
            yield Static(
                Content(display_text(f"{self._account.name} {self._account.currency}".strip())), classes="question"
            )
            with DialogText(classes="fields"):
                for name, label in LABELS.items():
                    yield Answer(_(label), LineInput(self._offered[name]), id=name)
            with Buttons(classes="buttons"):
                yield from save_or_cancel()

    def _answers(self) -> dict[str, Answer]:
        return {name: self.query_one(f"#{name}", Answer) for name in LABELS}

    def unsaved(self) -> str:
        """The fields that say something else."""
        fields = [
            _(LABELS[name]) for name, answer in self._answers().items() if answer.value.strip() != self._offered[name]
        ]
        return _("Not saved: {fields}").format(fields=", ".join(fields)) if fields else ""

    async def command_member_save(self) -> None:
        """Save; what is refused is said under its field, and what was typed stays."""
        answers = self._answers()
        typed = {name: answer.value.strip() for name, answer in answers.items()}
        changed = {name: value for name, value in typed.items() if value != self._before[name]}
        try:
            if changed:
                await self._save(changed)
        except Refused as refusal:
            self.forget_typed()
            for answer in answers.values():
                answer.complain("")
            for problem in refusal.problems:
                answers.get(problem.field, answers["through"]).complain(problem.message)
            answers.get(refusal.problems[0].field, answers["through"]).enter()
        else:
            self.dismiss(True)
