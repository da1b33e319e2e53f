"""Why a client is missing: a name or number is typed, and each answer has the key that clears the cause or goes there."""

from collections.abc import Iterable
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from clientdesk.desk.missing import LONGEST
from clientdesk.desk.missing_causes import (
    Cause,
    Elsewhere,
    Gone,
    Hidden,
    Inactive,
    Near,
    NeverSeen,
    NotLooked,
    RefusedRow,
    Renamed,
    Unread,
)
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.filter_words import NO_NAMES, Names
from clientdesk.domain.fold import words
from clientdesk.domain.history_filter import HistoryFilter
from clientdesk.domain.problems import refuse
from clientdesk.domain.views import View
from clientdesk.text import N_, _
from clientdesk.ui.commands import BY_ID, Command, bindings_for, commands_of, first_key
from clientdesk.ui.firm_change import BY_OTHERS, BY_YOU, FirmChange
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.missing_answers import AnswerRow, Answers, verb
from clientdesk.ui.screens.missing_doors import error_log, history_line
from clientdesk.ui.widgets.bars import Bar, FooterLine, Part, StatusLine
from clientdesk.ui.widgets.filter_bar import FilterBar, Filters, Find
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_source import ListSource, RowSource
from clientdesk.ui.widgets.row_table import RowTable
from clientdesk.ui.widgets.row_window import Follow
from clientdesk.ui.widgets.wrapping import wrapped

_COLUMNS = (
    TableColumn("subject", N_("Client"), 26, grow=14, pin=True),
    TableColumn("why", N_("Why it is missing"), 31, grow=80),
    TableColumn("key", N_("Key"), 18),
)


class Whereto(NamedTuple):
    """The list in which the client is that was missing, and the client."""

    query: ClientQuery
    client_id: int


class MissingScreen(ListScreen[Whereto]):
    """Looks for what is typed wherever a client may be. `query` asks for the list in which it is missing, `names` are of
    what its filters refer to, `view` is the one that is shown. Answers with the list in which it is, where the person goes there; None else."""

    SCOPE = "missing"
    BINDINGS = bindings_for("missing")
    OPENS = "missing.go"
    CSS_PATH = style("settings")
    AUTO_FOCUS = ""

    def __init__(self, query: ClientQuery, names: Names = NO_NAMES, typed: str = "", view: View | None = None) -> None:
        super().__init__()
        self._query, self._names, self._typed, self._view = query, names, typed, view
        self._also_servers = False
        self._bar = Filters()

    def title_text(self) -> str:
        return _("Missing clients")

    def help_scopes(self) -> tuple[str, ...]:
        return (self.SCOPE, "table", "find")

    def body(self) -> ComposeResult:
        yield FilterBar(self._bar, _("a name or number"), self._typed)
        yield RowTable([column._replace(title=_(column.title)) for column in _COLUMNS])
        with VerticalScroll(id="fields", can_focus=False):
            yield Static(id="change")
        yield StatusLine(id="status")

    def begin_list(self) -> None:
        """What was looked for in the list is looked for at once; else the person types."""
        key = first_key("missing.find")
        parts = [
            Part(f"{key} ", "key", "missing.find", keep=1),
            Part(_("Which client?"), "dim", "missing.find"),
            Part("  "),
        ]
        self._bar.show_forms(parts, parts)
        if words(self._typed):
            self.table.focus()
        else:
            self.query_one(Find).focus()
        super().begin_list()

    # --- what is looked for

    def on_filter_bar_find_changed(self, event: FilterBar.FindChanged) -> None:
        """Something else is typed."""
        self._typed, self._also_servers = event.text, False
        self._show("top")

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Look for what is typed once more."""
        self._show("cursor", change)

    def _show(self, follow: Follow, change: FirmChange = BY_YOU) -> None:
        """Look for what is typed; where that is nothing, say what to type, or what is wrong with it."""
        text = self._typed
        hint = [_("Type a name or a number: you are told why the client is not in the list."), ""]
        hint.append(_("Looked through are filters, inactive and deleted clients, imports, and your other firms."))
        source: RowSource = ListSource(())
        if len(text) > LONGEST:
            hint = [refuse("missing_too_long", length=len(text), limit=LONGEST).message]
        elif words(text):
            hint = []
            source = Answers(self.gateway, text, self._query, self._names, self._also_servers, self._view)
        self.table.set_empty(hint)
        self.table.set_source(source, follow, change=change)
        self._write()

    @property
    def _answers(self) -> Answers | None:
        """The answers that are shown, or asked for; None where nothing is typed."""
        source = self.rows.source
        return source if isinstance(source, Answers) else None

    @property
    def _row(self) -> AnswerRow | None:
        """The answer that the cursor is on."""
        row = self.rows.current
        return row if isinstance(row, AnswerRow) else None

    @property
    def _cause(self) -> Cause | None:
        return self._row.cause if self._row is not None else None

    # --- the words around the answers

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """Another answer: it is told whole, and the footer says what its keys do."""
        self._write()

    def on_row_table_counted(self, event: RowTable.Counted) -> None:
        """The answers are there."""
        self._write()

    def on_row_table_lost(self, event: RowTable.Lost) -> None:
        """They cannot be read."""
        self._write()

    def _write(self) -> None:
        """Draw the words around the answers again."""
        answers, parts = self._answers, list[Part]()
        if self.rows.is_lost:
            parts = [Part(_("It cannot be looked for now."), "strong")]
        elif answers is not None and answers.told.looked:
            if answers.told.more:
                parts.append(Part(f"{answers.told.more} · ", "accent", keep=1))
            parts.append(Part(_("Looked through: {what}").format(what=answers.told.looked)))
        elif answers is not None:
            parts = [Part("…", "plain")]
        self.query_one(StatusLine).show(parts)
        self._write_pane()
        self.write_footer()

    def on_resize(self) -> None:
        """The answer is wrapped anew."""
        self._write_pane()

    def on_descendant_focus(self) -> None:
        """Another part of the screen has the keys."""
        if self.query(FooterLine):
            self.write_footer()

    def on_bar_picked(self, event: Bar.Picked) -> None:
        """The word before the line was clicked."""
        self.action_command(event.target)

    def _write_pane(self) -> None:
        from clientdesk.desk import missing_words

        pane, row = self.query_one("#fields"), self._row
        if row is None:
            self.query_one("#change", Static).update("")
            return
        width = max(20, pane.scrollable_content_region.width - 4)
        lines = [Content.styled(line, "bold") for line in wrapped(row.values[0], width) if line]
        sentence = missing_words.sentence(row.cause, self._query.find, self._names, self._view)
        lines += [Content(line) for line in wrapped(sentence, width)]
        helps = " ".join((_("{key}:").format(key=first_key("missing.go")), self._what_it_does(row.cause)))
        lines += [Content.styled(line, "$foreground-muted") for line in wrapped(helps, width)]
        self.query_one("#change", Static).update(Content("\n").join(lines))

    def _what_it_does(self, cause: Cause) -> str:
        """What the key does, in a sentence."""
        match cause:
            case Hidden(hiding=hiding) | Inactive(hiding=hiding) | Renamed(hiding=hiding) | Near(hiding=hiding) if (
                hiding.filters or hiding.by_search
            ):
                return _("Takes off what hides it, and goes to the client.")
            case Gone(may_be_undone=True):
                return _("Shows the change; {undo} takes it back.").format(undo=first_key("missing.undo"))
            case Gone():
                return _("Shows the change in the history.")
            case RefusedRow():
                return _("Opens the error log of the import at this row, to be mended and tried again.")
            case Elsewhere():
                return _("Sends the command that shows it to the terminal's clipboard.")
            case NotLooked() | Unread():
                return _("Looks through them now; that may take a while.")
            case NeverSeen():
                return _("Opens the form of a new client.")
            case _:
                return _("Goes to the client.")

    def footer_commands(self) -> Iterable[Command]:
        """While something is typed, how to get to the answers; else what can be done with the one at the cursor."""
        if isinstance(self.focused, Find):
            return commands_of("find")
        cause = self._cause
        left_out = set() if isinstance(cause, Gone) and cause.may_be_undone else {"missing.undo"}
        rows = () if self._answers is None else self._answers.told.rows
        left_out |= set() if any(isinstance(row.cause, NotLooked) for row in rows) else {"missing.servers"}
        left_out |= set() if cause is not None else {"missing.go"}
        return [command for command in super().footer_commands() if command.id not in left_out]

    def footer_title(self, command: Command) -> str:
        """What the keys do with this answer."""
        cause = self._cause
        if command.id == "find.list":
            return _("To the answers")
        if command.id == "missing.undo" and isinstance(cause, Gone) and cause.undone:
            return _("Redo")
        if command.id == "missing.go" and cause is not None:
            return verb(cause)
        return super().footer_title(command)

    # --- commands

    def command_missing_find(self) -> None:
        """Type another name."""
        self.query_one(Find).focus()

    def command_missing_servers(self) -> None:
        """Look through servers, too."""
        self._also_servers = True
        self._show("cursor")

    async def command_missing_undo(self) -> None:
        """Take back the change by which the client has gone."""
        from clientdesk.ui.screens.undo_flow import undo_change

        if not isinstance(cause := self._cause, Gone):
            self.tell(_("Nothing has taken this client out of the firm that could be undone."))
            return
        await undo_change(self, cause.change)
        await self.freshen(BY_YOU)

    async def command_missing_go(self) -> None:
        """Clear the cause, or go where the client is."""
        cause = self._cause
        match cause:
            case None:
                self.tell(_("Type a name or a number first: {key}.").format(key=first_key("missing.find")))
            case Gone():
                await history_line(self, cause.change, HistoryFilter(client=cause.client.id))
                await self.freshen(BY_YOU)
            case RefusedRow():
                await error_log(self, cause.run, cause.line)
                await self.freshen(BY_YOU)
            case Elsewhere():
                self._send_command(cause)
            case NotLooked() | Unread():
                self.command_missing_servers()
            case NeverSeen():
                await self._add()
            case Hidden() | Inactive() | Renamed() | Near():
                self.dismiss(Whereto(cause.hiding.lifted(self._query), cause.client.id))
            case _:
                self.dismiss(Whereto(self._query, cause.client.id))

    def _send_command(self, cause: Elsewhere) -> None:
        """Another firm is opened by a program of its own."""
        import shlex

        from clientdesk.ui.screens.clipboard import on_one_line, send

        command = shlex.join(["clientdesk", "show", cause.client.company_id, "--firm", cause.location])
        self.tell(send(self.app, command, on_one_line(command)))

    async def _add(self) -> None:
        """The form of a new client; what was saved is gone to."""
        from clientdesk.ui.screens.client_form import ClientFormScreen

        if not self.may(add := BY_ID["client.add"]):
            self.tell(self.refusal(add))
            return
        saved = await self.app.push_screen_wait(ClientFormScreen(None))
        if saved is not None:
            self.dismiss(Whereto(self._query.unfiltered(), saved))
