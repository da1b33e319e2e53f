"""New leads for the clients of a team member who becomes inactive: one for all, or each by itself."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import UNASSIGNED, ClientQuery, clients_where
from clientdesk.domain.problems import Refused
from clientdesk.text import _, display_text, ngettext, whole_number
from clientdesk.ui.commands import Command, bindings_for
from clientdesk.ui.firm_change import BY_OTHERS, FirmChange
from clientdesk.ui.screens.acting import ActingClients, marked_words
from clientdesk.ui.screens.base import DeskScreen, style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.list_screen import ClientsScreen
from clientdesk.ui.widgets.bars import Part, StatusLine
from clientdesk.ui.widgets.client_table import ClientRows, ClientTable
from clientdesk.ui.widgets.filter_bar import lead_label
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_source import RowLike
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.desk.records import Member

_FIELDS = ("client_number", "display_name", "status", "lead")


class LedTable(ClientTable):
    """The clients of one lead accountant with the new lead of each, as far as it is chosen."""

    everyone_to: str | None = None
    """Who takes those for whom nobody was chosen singly: a name, "" for nobody, None for not chosen yet."""

    def __init__(self) -> None:
        number, name, status = (BUILT_IN.by_name[name] for name in _FIELDS[:3])
        super().__init__(
            [
                TableColumn("client_number", number.title, number.width, short=number.short_title),
                TableColumn("display_name", name.title, 28, grow=40, pin=True),
                TableColumn("status", status.title, 8, show=status.display),
                TableColumn("lead", _("New lead"), 24, grow=16),
            ],
            markable=True,
        )
        self.lead_of: dict[int, str] = {}

    def cell(self, row: RowLike, column: TableColumn, value: str) -> str:
        if column.key == "lead":
            lead = self.lead_of.get(row.id, self.everyone_to)
            return "–" if lead is None else lead_label(lead)
        return super().cell(row, column, value)


class ReassignScreen(ClientsScreen[bool]):
    """The clients that `member` leads, each to get a new lead; then the member becomes inactive (True).

    Nothing happens before it is confirmed.
    """

    SCOPE = "reassign"
    BINDINGS = bindings_for("reassign")
    OPENS = "reassign.one"
    CSS_PATH = style("team")
    AUTO_FOCUS = "LedTable"

    def __init__(self, member: "Member") -> None:
        super().__init__()
        self._member = member
        self.acting = ActingClients(self, self._what_helps)

    def title_text(self) -> str:
        return _("Team › New leads")

    def body(self) -> ComposeResult:
        yield Static(id="reassign-words")
        yield LedTable()
        yield StatusLine(id="status")

    def help_scopes(self) -> tuple[str, ...]:
        return ("reassign", "table", "picker")

    @property
    def table(self) -> LedTable:
        """The list of clients."""
        return self.query_one(LedTable)

    def on_mount(self) -> None:
        """The words around the list."""
        self._write()

    @property
    def _query(self) -> ClientQuery:
        return clients_where("lead", str(self._member.id))

    def load(self) -> None:
        """Read the clients."""
        self.table.set_source(ClientRows(self.gateway, self._query, _FIELDS, "reassign"))

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the clients again; the new leads that were chosen stay, but for clients who have another lead by now."""
        from clientdesk.desk import chosen_clients

        table = self.table
        table.rows.read_again(change)
        if ids := sorted(table.rows.marks | table.lead_of.keys()):
            led = await self.gateway.read("reassign.led", chosen_clients.among, ids, self._query)
            table.rows.mark(table.rows.marks & led)
            table.lead_of = {client_id: lead for client_id, lead in table.lead_of.items() if client_id in led}
            self._changed()
            self.write_footer()
            if left := len(ids) - len(led):
                sentence = ngettext(
                    "{count} client has another lead by now and is left out.",
                    "{count} clients have another lead by now and are left out.",
                    left,
                )
                self.tell(sentence.format(count=whole_number(left)))

    def save_settled(self, saved: bool) -> None:
        """The member is inactive after all."""
        if saved:
            self.dismiss(True)

    def on_row_table_counted(self, event: RowTable.Counted) -> None:
        """The exact number is known."""
        self._write()

    def _unanswered(self) -> int:
        """How many clients have no new lead yet."""
        table = self.table
        return 0 if table.everyone_to is not None else max(0, table.rows.total - len(table.lead_of))

    def _write(self) -> None:
        """The words above and below the list."""
        table = self.table
        keys = {name: first_key(f"reassign.{name}") for name in ("all", "one", "save")}
        words = _(
            "{name} is the lead accountant of these clients. {all}: a new lead for all; {one}: for one, or for the"
            " marked. Nothing happens before {save}."
        )
        self.query_one("#reassign-words", Static).update(
            Content(words.format(name=display_text(self._member.name), **keys))
        )
        count = ngettext("{count} client", "{count} clients", table.rows.total).format(
            count=whole_number(table.rows.total)
        )
        parts = [Part(count)]
        if table.everyone_to is not None:
            parts.append(Part(" · " + _("for all: {name}").format(name=lead_label(table.everyone_to)), "accent"))
        if table.lead_of:
            parts.append(Part(" · " + _("{count} chosen singly").format(count=whole_number(len(table.lead_of)))))
        if table.rows.marks:
            parts.append(Part(" · " + marked_words(len(table.rows.marks), 0, 0), "accent"))
        if left := self._unanswered():
            parts.append(Part(" · " + _("{count} without a new lead").format(count=whole_number(left)), "danger"))
        self.query_one(StatusLine).show(parts)

    async def _choose(self, title: str, current: str | None) -> str | None:
        """A new lead: the name of an active member, "" for nobody; None if none was chosen."""
        return await choose_another(self, self._member, title, current)

    async def command_reassign_all(self) -> None:
        """One new lead for all clients, or for all but those for whom one was chosen singly."""
        table = self.table
        if table.lead_of:
            remaining = table.rows.total - len(table.lead_of)
            title = ngettext("Who takes the other client?", "Who takes the other {count} clients?", remaining)
        else:
            remaining = table.rows.total
            title = ngettext("Who takes the client?", "Who takes all {count} clients?", remaining)
        if (chosen := await self._choose(title.format(count=whole_number(remaining)), table.everyone_to)) is not None:
            table.everyone_to = chosen
            self._changed()

    async def command_reassign_one(self) -> None:
        """A new lead for the cursor's client, or for the marked ones."""
        table = self.table
        row = table.rows.current
        ids = self.acting.ids()
        if table.rows.marks:
            count = whole_number(len(ids))
            title = ngettext("Who takes the marked client?", "Who takes the {count} marked clients?", len(ids))
            title = title.format(count=count)
        elif ids and row is not None:
            title = _("Who takes {name}?").format(name=display_text(row.values[1]))
        else:
            return
        current = table.lead_of.get(ids[0], table.everyone_to)
        if (chosen := await self._choose(title, current)) is not None:
            table.lead_of.update(dict.fromkeys(ids, chosen))
            table.rows.mark()
            self._changed()

    def command_reassign_mark(self) -> None:
        """Mark the client and go on to the next."""
        self.acting.mark()

    def on_row_table_marked(self, event: RowTable.Marked) -> None:
        """The footer names how many are meant."""
        self._changed()
        self.write_footer()

    def footer_title(self, command: Command) -> str:
        """A new lead for how many."""
        if command.id == "reassign.one" and (marked := len(self.table.rows.marks)):
            return _("New lead for {count} marked").format(count=whole_number(marked))
        return super().footer_title(command)

    def _what_helps(self) -> str:
        """Nobody is led any more."""
        keys = _("{key} makes {name} inactive.")
        return keys.format(key=first_key("reassign.save"), name=display_text(self._member.name))

    def _changed(self) -> None:
        self.table.rows_changed()
        self._write()

    async def command_reassign_cancel(self) -> None:
        """Go back; nothing was changed. Asks if leads were chosen."""
        if await self.may_leave():
            self.dismiss(False)

    def unsaved(self) -> str:
        """The choices made so far."""
        if not self.table.lead_of and self.table.everyone_to is None:
            return ""
        return _("The new leads that you chose are not given yet.")

    async def command_reassign_save(self) -> None:
        """Ask, then give the clients their new leads and make the member inactive, all at once."""
        from clientdesk.desk import team
        from clientdesk.ui.screens.dialogs import Confirm

        table, member = self.table, self._member
        if left := self._unanswered():
            sentence = ngettext(
                "{count} client has no new lead yet. {key} chooses one for all; it may be Unassigned.",
                "{count} clients have no new lead yet. {key} chooses one for all; it may be Unassigned.",
                left,
            )
            self.tell(sentence.format(count=whole_number(left), key=first_key("reassign.all")))
            return
        answered, work_to = await ask_who_works(self, member)
        if not answered:
            return
        question = _("Make {name} inactive?").format(name=display_text(member.name))
        if not await self.app.push_screen_wait(Confirm(question, self._summary(), yes=_("Make inactive"))):
            return
        try:
            await self.gateway.call(team.deactivate_member, member.id, table.everyone_to, table.lead_of, work_to)
        except Refused as refusal:
            if refusal.code == "stale":
                members = await self.gateway.call(team.members)
                self._member = next((candidate for candidate in members if candidate.id == member.id), member)
            table.rows.read_again()
            raise
        self.dismiss(True)

    def _summary(self) -> str:
        """How many clients go to whom, a line each."""
        table = self.table
        counts = Counter(table.lead_of.values())
        remaining = table.rows.total - len(table.lead_of)
        if remaining > 0 and table.everyone_to is not None:
            counts[table.everyone_to] += remaining
        lines = []
        for name, count in counts.most_common():
            if name == UNASSIGNED:
                sentence = ngettext("{count} client to nobody.", "{count} clients to nobody.", count)
            else:
                sentence = ngettext("{count} client to {name}.", "{count} clients to {name}.", count)
            lines.append(sentence.format(count=whole_number(count), name=display_text(name)))
        return "\n".join(lines)


async def choose_another(screen: DeskScreen[Any], leaving: "Member", title: str, current: str | None) -> str | None:
    """Another active member than the one who leaves, "" for nobody; None if none was chosen."""
    from clientdesk.desk import team
    from clientdesk.ui.screens.picker import Choose

    members = await screen.gateway.call(team.members)
    names = [member.name for member in members if member.active and member.id != leaving.id]
    options = [*((name, name) for name in names), (UNASSIGNED, _("Unassigned"))]
    chosen = await screen.app.push_screen_wait(Choose(title, options, current))
    return None if chosen is None else str(chosen)


async def ask_who_works(screen: DeskScreen[Any], leaving: "Member") -> tuple[bool, str | None]:
    """Who takes over the open work for which a member is named, and the roles that templates give them: whether it was
    answered, and the name ("" for nobody, None where there is neither)."""
    from clientdesk.desk.work_handover import work_to_hand_over

    works, templates = await screen.gateway.call(work_to_hand_over, leaving.id)
    if not works and not templates:
        return True, None
    title = ngettext("Who takes over {count} open work?", "Who takes over {count} open works?", works)
    if templates and works:
        title = ngettext(
            "Who takes over {count} open work, and the role in {templates}?",
            "Who takes over {count} open works, and the role in {templates}?",
            works,
        )
    elif templates:
        title = _("Who takes over the role in {templates}?")
    about = title.format(count=whole_number(works), templates=", ".join(templates))
    chosen = await choose_another(screen, leaving, about, None)
    return chosen is not None, chosen
