"""The form of a team member: name, e-mail, login, access."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from clientdesk.domain.access import Access
from clientdesk.domain.problems import Refused, refuse
from clientdesk.text import N_, _, display_text
from clientdesk.ui.commands import first_key
from clientdesk.ui.meanwhile_words import ROW_CHANGED, ROW_CONTESTED, Contested, of_row
from clientdesk.ui.screens.dialogs import Buttons, DialogNews, SavingDialog, save_or_cancel
from clientdesk.ui.widgets.answers import Answer, OneOf
from clientdesk.ui.widgets.dialog_box import DialogBox, DialogText
from clientdesk.ui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from clientdesk.desk.records import Member, SavedMember

NAMES = ("name", "email", "login", "access")
LABELS = {
    "name": N_("Name"),
    "email": N_("E-mail"),
    "login": N_("Login"),
    "access": N_("Access"),
    "active": N_("Status"),
}
"""What the form and its messages call a member's fields."""


def values_of(member: "Member | None") -> dict[str, str]:
    """What the form shows of a member; of a new one basic access and nothing else."""
    if member is None:
        return {"name": "", "email": "", "login": "", "access": Access.BASIC.value}
    return {"name": member.name, "email": member.email, "login": member.login, "access": member.access.value}


class MemberForm(SavingDialog["SavedMember"]):
    """Adds a member (None) or changes one; returns what was saved, None if it was left.

    What is wrong stands under its field, and what was typed stays. If someone else changed the member
    meanwhile, the fields that you left alone show what stands there now.
    """

    AUTO_FOCUS = "#name LineInput"

    def __init__(self, member: "Member | None") -> None:
        super().__init__()
        self._member = member
        self._before = values_of(member)

    def compose(self) -> ComposeResult:
        member = self._member
        if member is None:
            title = _("Who joins the team?")
        else:
            title = _("Change {name}").format(name=display_text(member.name))
        with DialogBox(id="member"):
            yield Static(Content(title), classes="question")
            with DialogText(classes="fields"):
                yield Answer(_("Name"), LineInput(self._before["name"]), id="name")
                yield Answer(_("E-mail"), LineInput(self._before["email"]), id="email")
                yield Answer(_("Login"), LineInput(self._before["login"]), id="login")
                if member is None or member.access is not Access.PRIMARY_ADMIN:
                    options = [(access.value, _(access.label)) for access in (Access.FULL, Access.BASIC)]
                    yield Answer(_("Access"), OneOf(options, self._before["access"]), id="access")
            yield Static("", id="refusal", classes="error")
            yield DialogNews()
            with Buttons(classes="buttons"):
                yield from save_or_cancel()

    def on_mount(self) -> None:
        """Say what the login and the access mean."""
        self._explain()

    def _answers(self) -> dict[str, Answer]:
        return {str(answer.id): answer for answer in self.query(Answer)}

    def _explain(self) -> None:
        self._answers()["login"].remark(_("the account on your computers, or the login on the firm's server"))
        self._explain_access()

    def _explain_access(self) -> None:
        answers = self._answers()
        if "access" in answers and "access" not in self._contested:
            meanings = {
                Access.FULL.value: _("everything but deleting permanently and changing the primary admin"),
                Access.BASIC.value: _("looks at everything, changes nothing"),
            }
            answers["access"].remark(meanings[answers["access"].value])

    def on_one_of_changed(self, event: OneOf.Changed) -> None:
        """The other access means something else."""
        event.stop()
        self._explain_access()

    async def news(self) -> str:
        """What somebody else changed of the member, and what saving does then."""
        from clientdesk.desk import team

        member = self._member
        if member is None:
            return ""
        since = await self.gateway.read("member.fresh", team.changed_since, member)
        if self._member is not member:
            return ""  # the form shows by now what stands there
        was_made_inactive = member.active and any(field.field == "active" for field in since.fields)
        return of_row(ROW_CONTESTED if was_made_inactive else ROW_CHANGED, since, self.gateway.me.name)

    def submitted(self) -> None:
        """Enter goes to the next field."""
        self.focus_next()

    def _changes(self) -> dict[str, str]:
        values = {name: answer.value for name, answer in self._answers().items()}
        return {name: value for name, value in values.items() if value != self._before[name]}

    def unsaved(self) -> str:
        """The fields that were changed."""
        changes = self._changes()
        changed = ", ".join(_(LABELS[name]) for name in changes)
        return _("Not saved: {fields}").format(fields=changed) if changed else ""

    async def command_member_save(self) -> None:
        """Save; what is refused is said under its field."""
        answers = self._answers()
        for answer in answers.values():
            answer.complain("")
        self._explain()
        self._refuse("")
        member, values = self._member, {name: answer.value for name, answer in answers.items()}
        try:
            saved = await self._write(member, values)
        except Refused as refusal:
            if refusal.code in ("stale", "made_inactive") and member is not None:
                await self._meet(member, refusal)
            else:
                self._show(refusal)
            return
        self.dismiss(saved)

    async def _write(self, member: "Member | None", values: Mapping[str, str]) -> "SavedMember":
        from clientdesk.desk import team
        from clientdesk.desk.records import SavedMember

        if member is not None:
            return await self.gateway.call(team.save_member, member, self._changes())
        added = await self.gateway.call(
            team.add_member, values["name"], values["email"], values["login"], Access(values["access"])
        )
        return SavedMember(added)

    def save_settled(self, saved: bool) -> None:
        """It is saved after all; or it is not, and the sentence says so."""
        if saved:
            self.run_worker(self.guarded(self._was_saved()), group="settled")
        else:
            self._show(refuse("not_saved"))

    async def _was_saved(self) -> None:
        from clientdesk.desk import team
        from clientdesk.desk.records import SavedMember

        member, login = self._member, self._answers()["login"].value.strip()
        members = [
            candidate
            for candidate in await self.gateway.call(team.members)
            if (candidate.login == login if member is None else candidate.id == member.id)
        ]
        self.dismiss(SavedMember(members[0]) if members else None)

    def _show(self, refusal: Refused) -> None:
        """The sentences, each under its field; the first such field has the focus."""
        answers = self._answers()
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

    async def _meet(self, member: "Member", refusal: Refused) -> None:
        """Take what someone else wrote into the fields that were left alone; say what they wrote in the others."""
        from clientdesk.desk import team

        mine = self._changes()
        members = await self.gateway.call(team.members)
        present = next((candidate for candidate in members if candidate.id == member.id), None)
        if present is None:
            self._show(refusal)
            return
        before, self._member, self._before = self._before, present, values_of(present)
        contested, why = {}, [refusal.problems[0].message]
        for name, answer in self._answers().items():
            before_value, theirs = before[name], self._before[name]
            if name not in mine:
                answer.value = theirs
            elif theirs not in (before_value, mine[name]):
                contested[name] = Contested(_as_read(name, before_value), _as_read(name, theirs), theirs)
        if any(self._before[name] != before_value for name, before_value in before.items() if name not in mine):
            why.append(_("What only they changed stands in its field now."))
        if refusal.code == "made_inactive":
            saves = _("{key} saves what you typed, and the member stays inactive.")
            why.append(saves.format(key=first_key("member.save")))
        self.contest(contested)
        self._refuse(" ".join(why))

    def _refuse(self, sentence: str) -> None:
        refusal = self.query_one("#refusal", Static)
        refusal.update(Content(display_text(sentence)))
        refusal.display = bool(sentence)


def _as_read(name: str, value: str) -> str:
    """What a field says, as a person reads it."""
    return _(Access(value).label) if name == "access" else value
