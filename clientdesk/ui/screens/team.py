"""The team: who works in the firm, what they may do, and who is its primary admin."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult

from clientdesk.domain.access import Access, Action
from clientdesk.domain.client_query import clients_where
from clientdesk.domain.problems import Refused, refuse
from clientdesk.text import N_, _, display_text, ngettext, whole_number
from clientdesk.ui.commands import Command, bindings_for
from clientdesk.ui.firm_change import BY_OTHERS, BY_YOU, FirmChange
from clientdesk.ui.meanwhile_words import stays
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.login_grant import rights_of, show_grants
from clientdesk.ui.widgets.bars import Part, StatusLine, sentence_parts
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_source import ListSource, PlainRow
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.desk.records import Member

_COLUMNS = (
    TableColumn("name", N_("Name"), 18, grow=24, pin=True),
    TableColumn("access", N_("Access"), 13),
    TableColumn("status", N_("Status"), 8),
    TableColumn("clients", N_("Clients"), 7, right=True),
    TableColumn("login", N_("Login"), 10, grow=8),
    TableColumn("email", N_("E-mail"), 30, grow=12),
)


class TeamScreen(ListScreen[None]):
    """The team members, active ones first: add, change, make inactive and active, offer the role."""

    SCOPE = "team"
    BINDINGS = bindings_for("team")
    OPENS = "team.edit"
    CSS_PATH = style("team")

    def __init__(self) -> None:
        super().__init__()
        self._members: dict[int, Member] = {}

    def title_text(self) -> str:
        return _("Team")

    def body(self) -> ComposeResult:
        yield RowTable([column._replace(title=_(column.title)) for column in _COLUMNS])
        yield StatusLine(id="status")

    @property
    def member(self) -> "Member | None":
        """The member that the cursor is on."""
        return self._members.get(self.table.rows.cursor_id or 0)

    def _is_offered(self, member: "Member | None") -> bool:
        """Whether the member holds the offer of the primary admin's role."""
        return member is not None and member.id == self.gateway.firm.offered_to

    def _chosen_member(self) -> "Member | None":
        """The member that a command acts on; while the team is still being read, that is said."""
        if self.member is None:
            self.tell(_("One moment: the team is still being read."))
        return self.member

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the team again."""
        from clientdesk.desk import firm_settings, team

        members = await self.gateway.call(team.members)
        firm = await self.gateway.call(firm_settings.info)
        if not self.is_there:
            return
        self._members = {member.id: member for member in members}
        self.table.set_source(ListSource([self._row(member) for member in members]))
        if change.row_id is not None:
            self.rows.read_again(change)
        self._write_status(firm.offered_to)
        self.write_title()

    def _row(self, member: "Member") -> PlainRow:
        you = f" ({_('you')})" if member.id == self.gateway.me.id else ""
        access = _(member.access.label)
        if member.id == self.gateway.firm.offered_to:
            access = _("{access}, offered").format(access=access)
        status = _("Active") if member.active else _("Inactive")
        values = (member.name + you, access, status, whole_number(member.clients), member.login, member.email)
        return PlainRow(member.id, member.active, values)

    def _write_status(self, offered_to: int | None) -> None:
        active = sum(member.active for member in self._members.values())
        left = ngettext("{count} active member", "{count} active members", active).format(count=whole_number(active))
        parts = [Part(left)]
        if inactive := len(self._members) - active:
            parts.append(Part(" · " + _("{count} inactive").format(count=whole_number(inactive))))
        offered = self._members.get(offered_to or 0)
        if offered is not None:
            sentence = " · " + _("primary admin's role offered to {name}")
            parts += sentence_parts(sentence, "accent", name=offered.name)
        self.query_one(StatusLine).show(parts)

    # --- what the table tells

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """The footer's words depend on the member."""
        self.write_footer()

    def footer_title(self, command: Command) -> str:
        """What x and o do to the member under the cursor."""
        member = self.member
        if command.id == "team.status":
            return _("Make active") if member is not None and not member.active else _("Make inactive")
        if command.id == "team.offer" and self._is_offered(member) and self.may(command):
            return _("Take the offer back")
        return super().footer_title(command)

    # --- commands

    async def command_team_add(self) -> None:
        """The form of a new member."""
        await self._form(None)

    async def command_team_edit(self) -> None:
        """The form of the cursor's member."""
        if (member := self._chosen_member()) is not None:
            await self._form(member)

    async def _form(self, member: "Member | None") -> None:
        from clientdesk.ui.screens.member_form import LABELS, MemberForm

        saved = await self.app.push_screen_wait(MemberForm(member))
        await self.guarded(self.freshen(FirmChange(row_id=None if saved is None else saved.member.id)))
        if saved is not None:
            sentence = _("{name} is saved.") if member is not None else _("{name} is in the team now.")
            if not saved.written:
                sentence = _("Nothing was changed: {name} is so already.")
            labels = [_(LABELS[name]) for name in saved.meanwhile]
            sentences = [
                sentence.format(name=display_text(saved.member.name)),
                *stays(labels, saved.by, self.gateway.me.name),
            ]
            rights = rights_of(saved.member, member)
            await show_grants(self, "\n".join(sentences), *rights, can_be_undone=saved.written)

    async def command_team_status(self) -> None:
        """Make the member inactive, after new leads for their clients, or active again."""
        member = self._chosen_member()
        if member is None:
            return
        try:
            if member.active:
                done = await self._make_inactive(member)
            else:
                done = await self._make_active(member)
        except Refused:
            await self.guarded(self.freshen(BY_YOU))
            raise
        if done:
            await self.guarded(self.freshen(BY_YOU))
            sentence = _("{name} is inactive now.") if member.active else _("{name} is active again.")
            now = member._replace(active=not member.active)
            text = sentence.format(name=display_text(member.name))
            await show_grants(self, text, *rights_of(now), can_be_undone=True)

    async def _make_active(self, member: "Member") -> bool:
        from clientdesk.desk import team

        await self.gateway.call(team.activate_member, member.id)
        return True

    async def _make_inactive(self, member: "Member") -> bool:
        from clientdesk.desk import clients, team
        from clientdesk.ui.screens.dialogs import Confirm
        from clientdesk.ui.screens.reassign import ReassignScreen, ask_who_works

        if member.access is Access.PRIMARY_ADMIN:
            raise refuse("primary_admin_stays", name=member.name)
        if member.id == self.gateway.me.id:
            raise refuse("not_yourself")
        if self._is_offered(member) and not self.gateway.allows(Action.HAND_OVER):
            raise refuse("offer_stays", name=member.name, admin=self.gateway.firm.primary_admin)
        led = await self.gateway.call(clients.count, clients_where("lead", str(member.id)))
        if led:
            done: bool | None = await self.app.push_screen_wait(ReassignScreen(member))
            return done is True
        answered, work_to = await ask_who_works(self, member)
        if not answered:
            return False
        question = _("Make {name} inactive?").format(name=display_text(member.name))
        text = _("They can no longer open the firm. Their history stays, and you can make them active again.")
        if await self.app.push_screen_wait(Confirm(question, text, yes=_("Make inactive"))):
            await self.gateway.call(team.deactivate_member, member.id, work_to=work_to)
            return True
        return False

    async def command_team_offer(self) -> None:
        """Offer the primary admin's role to the member, or take the offer back."""
        member = self._chosen_member()
        if member is not None:
            try:
                if self._is_offered(member):
                    await self._withdraw(member)
                else:
                    await self._offer(member)
            finally:
                await self.guarded(self.freshen(BY_YOU))

    async def _withdraw(self, member: "Member") -> None:
        from clientdesk.desk import team

        await self.gateway.call(team.withdraw_offer)
        self.tell(_("{name} is no longer offered the role.").format(name=display_text(member.name)))

    async def _offer(self, member: "Member") -> None:
        from clientdesk.desk import team
        from clientdesk.ui.screens.dialogs import Confirm

        if member.id == self.gateway.me.id:
            raise refuse("not_yourself")
        if not member.active or member.access is not Access.FULL:
            raise refuse("hand_over_needs_full", name=member.name)
        name = display_text(member.name)
        text = _(
            "{name} is asked at their next start. When they accept, they are the primary admin and you have full"
            " access: you cannot delete clients permanently then, nor take the role back yourself."
        ).format(name=name)
        other = self._members.get(self.gateway.firm.offered_to or 0)
        if other is not None:
            text += "\n" + _("The offer to {name} ends.").format(name=display_text(other.name))
        question = _("Offer the primary admin's role to {name}?").format(name=name)
        if await self.app.push_screen_wait(Confirm(question, text, yes=_("Offer the role"), danger=True)):
            await self.gateway.call(team.offer_primary_admin, member.id)
            self.tell(_("{name} is asked at their next start.").format(name=name))
