"""The form of a team member: name, e-mail, login, access."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from clientdesk.domain.access import Access
from clientdesk.text import N_, _, display_text
from clientdesk.ui.meanwhile_words import ROW_CHANGED, ROW_CONTESTED, News
from clientdesk.ui.screens.dialogs import Buttons, DialogNews, save_or_cancel
from clientdesk.ui.screens.row_form import RowForm
from clientdesk.ui.widgets.answers import Answer, OneOf
from clientdesk.ui.widgets.dialog_box import DialogBox, DialogText
from clientdesk.ui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from clientdesk.desk.meanwhile import Since
    from clientdesk.desk.records import Member, SavedMember

LABELS = {
    "name": N_("Name"),
    "email": N_("E-mail"),
    "login": N_("Login"),
    "access": N_("Access"),
    "active": N_("Status"),
}
"""What the form and its messages call a member's fields."""


class MemberForm(RowForm["Member", "SavedMember"]):
    """Adds a member (None) or changes one. See RowForm."""

    AUTO_FOCUS = "#name LineInput"
    LABELS = LABELS

    def values_of(self, row: "Member | None") -> dict[str, str]:
        """What the form shows of a member; of a new one basic access and nothing else."""
        if row is None:
            return {"name": "", "email": "", "login": "", "access": Access.BASIC.value}
        return {"name": row.name, "email": row.email, "login": row.login, "access": row.access.value}

    def as_read(self, name: str, value: str) -> str:
        """What a field says, as a person reads it."""
        return _(Access(value).label) if name == "access" else value

    def compose(self) -> ComposeResult:
        member, before = self._row, self._before
        if member is None:
            title = _("Who joins the team?")
        else:
            title = _("Change {name}").format(name=display_text(member.name))
        with DialogBox(id="member"):
            yield Static(Content(title), classes="question")
            with DialogText(classes="fields"):
                yield Answer(_("Name"), LineInput(before["name"]), id="name")
                yield Answer(_("E-mail"), LineInput(before["email"]), id="email")
                yield Answer(_("Login"), LineInput(before["login"]), id="login")
                if member is None or member.access is not Access.PRIMARY_ADMIN:
                    options = [(access.value, _(access.label)) for access in (Access.FULL, Access.BASIC)]
                    yield Answer(_("Access"), OneOf(options, before["access"]), id="access")
            yield Static("", id="refusal", classes="error")
            yield DialogNews()
            with Buttons(classes="buttons"):
                yield from save_or_cancel()

    def explain(self) -> None:
        """Say what the login and the access mean."""
        self.answers()["login"].remark(_("the account on your computers, or the login on the firm's server"))
        self._explain_access()

    def _explain_access(self) -> None:
        answers = self.answers()
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

    async def since(self, row: "Member") -> "Since":
        """What somebody did to the member since they were read."""
        from clientdesk.desk import team

        return await self.gateway.read("member.fresh", team.changed_since, row)

    def news_of(self, row: "Member", since: "Since") -> News:
        """Who was made inactive is asked about before saving."""
        was_made_inactive = row.active and any(field.field == "active" for field in since.fields)
        return ROW_CONTESTED if was_made_inactive else ROW_CHANGED

    def kept_words(self) -> str:
        """They are saved, and inactive."""
        return _("{key} saves what you typed, and the member stays inactive.")

    async def save_row(
        self, row: "Member | None", values: Mapping[str, str], changes: Mapping[str, str]
    ) -> "SavedMember":
        """Adds the member, or changes them."""
        from clientdesk.desk import team
        from clientdesk.desk.records import SavedMember

        if row is not None:
            return await self.gateway.call(team.save_member, row, changes)
        added = await self.gateway.call(
            team.add_member, values["name"], values["email"], values["login"], Access(values["access"])
        )
        return SavedMember(added)

    async def read_row(self, row: "Member") -> "Member | None":
        """The member as they stand now."""
        from clientdesk.desk import team

        members = await self.gateway.call(team.members)
        return next((member for member in members if member.id == row.id), None)

    async def read_saved(self, row: "Member | None") -> "SavedMember | None":
        """The member who was saved; a new one is known by their login."""
        from clientdesk.desk import team
        from clientdesk.desk.records import SavedMember

        login = self.answers()["login"].value.strip()
        for member in await self.gateway.call(team.members):
            if member.login == login if row is None else member.id == row.id:
                return SavedMember(member)
        return None
