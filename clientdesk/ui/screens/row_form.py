"""What the small forms share that add a row of the firm or change one: a team member, a field of the firm's own."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual.content import Content
from textual.widgets import Static

from clientdesk.domain.problems import Refused, refuse
from clientdesk.text import _, display_text
from clientdesk.ui.commands import first_key
from clientdesk.ui.meanwhile_words import ROW_CHANGED, Contested, News, of_row
from clientdesk.ui.screens.dialogs import SavingDialog
from clientdesk.ui.widgets.answers import Answer

if TYPE_CHECKING:
    from clientdesk.desk.meanwhile import Since

Row = TypeVar("Row")
Saved = TypeVar("Saved")


class RowForm(SavingDialog[Saved], Generic[Row, Saved]):
    """Adds a row (None) or changes one; returns what was saved, None if it was left.

    What is wrong stands under its field, and what was typed stays. If someone else changed the row meanwhile, the fields
    that you left alone show what stands there now. A subclass composes an `Answer` for each of its `LABELS`, and a
    Static with the id "refusal".
    """

    LABELS: ClassVar[Mapping[str, str]]
    """What the form and its messages call the fields, by the ids of their answers."""
    values_of: Callable[[Row | None], dict[str, str]]
    """What the form shows of a row; of a new one, what it begins with."""
    as_read: Callable[[str, str], str]
    """What a field says, as a person reads it."""
    save_row: Callable[[Row | None, Mapping[str, str], Mapping[str, str]], Awaitable[Saved]]
    """Saves what the form says, of which some values were changed; says what was saved."""
    read_row: Callable[[Row], Awaitable[Row | None]]
    """A row as it stands now; None where it is gone."""
    read_saved: Callable[[Row | None], Awaitable[Saved | None]]
    """What was saved, of which the answer did not come."""
    since: Callable[[Row], Awaitable["Since"]]
    """What somebody did to a row since it was read."""

    def __init__(self, row: Row | None) -> None:
        super().__init__()
        self._row = row
        self._before = self.values_of(row)

    def explain(self) -> None:
        """Say under the fields what they mean."""

    def kept_words(self) -> str:
        """What is saved all the same where somebody made the row inactive, with a {key}."""
        return ""

    def answers(self) -> dict[str, Answer]:
        """The fields by name."""
        return {str(answer.id): answer for answer in self.query(Answer)}

    def on_mount(self) -> None:
        """Say what the fields mean."""
        self.explain()

    def news_of(self, row: Row, since: "Since") -> News:
        """How it is told what somebody did to the row meanwhile."""
        return ROW_CHANGED

    async def news(self) -> str:
        """What somebody else changed of the row, and what saving does then."""
        row = self._row
        if row is None:
            return ""
        since = await self.since(row)
        if self._row is not row:
            return ""  # the form shows by now what stands there
        return of_row(self.news_of(row, since), since, self.gateway.me.name)

    def submitted(self) -> None:
        """Enter goes to the next field."""
        self.focus_next()

    def _changes(self) -> dict[str, str]:
        values = {name: answer.value for name, answer in self.answers().items()}
        return {name: value for name, value in values.items() if value != self._before[name]}

    def unsaved(self) -> str:
        """The fields that were changed."""
        changed = ", ".join(_(self.LABELS[name]) for name in self._changes())
        return _("Not saved: {fields}").format(fields=changed) if changed else ""

    async def command_member_save(self) -> None:
        """Save; what is refused is said under its field."""
        answers = self.answers()
        for answer in answers.values():
            answer.complain("")
        self.explain()
        self._refuse("")
        row, values = self._row, {name: answer.value for name, answer in answers.items()}
        try:
            saved = await self.save_row(row, values, self._changes())
        except Refused as refusal:
            if refusal.code in ("stale", "made_inactive") and row is not None:
                await self._meet(row, refusal)
            else:
                self._show(refusal)
            return
        self.dismiss(saved)

    def save_settled(self, saved: bool) -> None:
        """It is saved after all; or it is not, and the sentence says so."""
        if saved:
            self.run_worker(self.guarded(self._was_saved()), group="settled")
        else:
            self._show(refuse("not_saved"))

    async def _was_saved(self) -> None:
        self.dismiss(await self.read_saved(self._row))

    def _show(self, refusal: Refused) -> None:
        """The sentences, each under its field; the first such field has the focus."""
        answers = self.answers()
        others = [] if refusal.problems else [refusal.message]
        first = None
        for problem in refusal.problems:
            answer = answers.get(problem.field)
            if answer is None:
                others.append(problem.message)
            else:
                answer.complain(problem.message)
                first = first or answer
        wrong = {problem.field for problem in refusal.problems}
        for name in self._contested.keys() - wrong:
            answers[name].complain(self._contested[name].sentence)
        self._refuse(" ".join(others))
        if first is not None:
            first.enter()

    async def _meet(self, row: Row, refusal: Refused) -> None:
        """Take what someone else wrote into the fields that were left alone; say what they wrote in the others."""
        mine = self._changes()
        present = await self.read_row(row)
        if present is None:
            self._show(refusal)
            return
        before, self._row, self._before = self._before, present, self.values_of(present)
        contested, why = {}, [refusal.problems[0].message]
        for name, answer in self.answers().items():
            before_value, theirs = before[name], self._before[name]
            if name not in mine:
                answer.value = theirs
            elif theirs not in (before_value, mine[name]):
                contested[name] = Contested(self.as_read(name, before_value), self.as_read(name, theirs), theirs)
        if any(self._before[name] != before_value for name, before_value in before.items() if name not in mine):
            why.append(_("What only they changed stands in its field now."))
        if refusal.code == "made_inactive":
            why.append(self.kept_words().format(key=first_key("member.save")))
        self.contest(contested)
        self._refuse(" ".join(why))

    def _refuse(self, sentence: str) -> None:
        refusal = self.query_one("#refusal", Static)
        refusal.update(Content(display_text(sentence)))
        refusal.display = bool(sentence)
