"""The firm's history: its change sets, the rows of one, and the fields of a row."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from clientdesk.desk.change_kinds import UNDONE
from clientdesk.desk.change_words import field_values
from clientdesk.domain.client_query import EVERYONE
from clientdesk.domain.history_filter import HistoryFilter
from clientdesk.text import N_, _, display_text, local_time, ngettext, shortened, whole_number
from clientdesk.ui.commands import Command, bindings_for, first_key
from clientdesk.ui.firm_change import FirmChange
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.history_tables import PastScreen
from clientdesk.ui.screens.undo_flow import undo_change
from clientdesk.ui.screens.undoable import Undoable
from clientdesk.ui.widgets.bars import StatusLine, cut
from clientdesk.ui.widgets.history_rows import LINE_COLUMNS, ROW_COLUMNS, ChangeRow, LineRow, of_rows, rows_in_words
from clientdesk.ui.widgets.history_view import LABEL
from clientdesk.ui.widgets.long_text import Reading
from clientdesk.ui.widgets.row_table import RowTable
from clientdesk.ui.widgets.wrapping import wrapped

if TYPE_CHECKING:
    from clientdesk.desk.records import Change, ChangeSet

_LONGEST = 2_000
"""So many characters of a field are shown below a table: notes may be much longer."""
EVERYTHING = HistoryFilter()


class HistoryScreen(PastScreen):
    """The change sets, newest first; what the cursor's did stands below."""

    SCOPE = "history"
    BINDINGS = bindings_for("history")
    OPENS = "history.rows"
    CSS_PATH = style("settings")
    FILTERS = (
        ("history.who", "member", N_("Who")),
        ("history.kind", "kind", N_("Kind")),
        ("history.about", "client", N_("Client")),
        ("history.field", "field", N_("Field")),
        ("history.dates", "since", N_("Dates")),
    )
    COLUMNS = LINE_COLUMNS

    def __init__(self) -> None:
        super().__init__(EVERYTHING, {})

    def title_text(self) -> str:
        return _("History")

    def counted(self, count: int) -> str:
        """How many lines there are."""
        return ngettext("{count} change", "{count} changes", count).format(count=whole_number(count))

    @property
    def _line(self) -> "ChangeSet | None":
        row = self.table.rows.current
        return row.line if isinstance(row, LineRow) else None

    def _is_of_one(self, line: "ChangeSet") -> bool:
        """Whether a line is of one row, or was found by one."""
        return line.about_one or of_rows(line, self.asked).asks_rows

    def of_row(self, width: int) -> Content:
        """The fields of a line's only row; of several, how many there are."""
        line = self._line
        if line is None:
            return Content("")
        if line.rows == 1:
            return change_in_words(line.change, width, remark=line.remark)
        heading, about = _headings(line.change, rows_in_words(line, self.asked), width, line.remark)
        sentence = _("{key} shows them.").format(key=first_key("history.rows"))
        return Content("\n").join([heading, about, Content.styled(sentence, "$foreground-muted")])

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """What an undo undoes is done again; the footer says so."""
        self.write_footer()

    def footer_commands(self) -> Iterable[Command]:
        """Without the way to the changes of a client, where the line is not of one alone."""
        line = self._line
        of_one = line is not None and self._is_of_one(line)
        return _leading_on(super().footer_commands(), line.change if line is not None and of_one else None)

    def footer_title(self, command: Command) -> str:
        """Redo instead of Undo, where an undo is shown."""
        return _undo_title(command, self._line and self._line.change) or super().footer_title(command)

    # --- commands

    async def command_history_rows(self) -> None:
        """Open the line: its rows."""
        if (line := self._line) is None:
            self.tell(_("There is no change here."))
            return
        rows = HistoryRowsScreen(line, of_rows(line, self.asked), self.labels)
        await self.app.push_screen_wait(rows)
        if rows.only:
            await self._only(rows.only)
        self.firm_changed(FirmChange(row_id=self.rows.cursor_id))  # on a client's page there something may have been

    async def command_history_undo(self) -> None:
        """Undo the line."""
        if (line := self._line) is None:
            self.tell(_("There is no change here."))
            return
        await undo_change(self, line.id)

    async def command_history_who(self) -> None:
        """Filter by who made the change."""
        from clientdesk.desk import change_sets

        members = await self.gateway.call(change_sets.members)
        await self.choose("member", _("Whose changes?"), [(None, _("All")), *members])

    async def command_history_kind(self) -> None:
        """Filter by kind."""
        from clientdesk.desk.change_kinds import KINDS

        await self.choose(
            "kind", _("Which kind of change?"), [("", _("All")), *((k, _(t.title)) for k, t in KINDS.items())]
        )

    async def command_history_about(self) -> None:
        """Filter by client, also by one that was deleted."""
        from clientdesk.ui.screens.find_client import FindClient

        finder = FindClient(_("The changes of which client?"), past=True)
        if (client_id := await self.app.push_screen_wait(finder)) is not None:
            await self._only(client_id)

    async def command_history_only(self) -> None:
        """Filter by the client of the line."""
        if (line := self._line) is None:
            self.tell(_("There is no change here."))
        elif not self._is_of_one(line):
            self.tell(_("This change has many rows. Open it, and choose one of them."))
        elif not line.change.client_id:
            self.tell(_("This is no change of a client."))
        else:
            await self._only(line.change.client_id)

    async def _only(self, client_id: int) -> None:
        from clientdesk.desk import past_clients

        self.filter(await self.gateway.call(past_clients.name, client_id), client=client_id)

    async def command_history_dates(self) -> None:
        """Filter by days."""
        from clientdesk.domain.days import PERIODS, Days, span, why_no_span
        from clientdesk.ui.screens.dialogs import Ask
        from clientdesk.ui.screens.picker import Choose

        options = [("", _("All")), *((name, _(title)) for name, (title, _days) in PERIODS.items())]
        chosen = await self.app.push_screen_wait(
            Choose(_("Changes of which days?"), [*options, ("-", _("Other days…"))], "")
        )
        if chosen is None:
            return
        days: Days | None = Days()
        if chosen == "-":
            hint = _("A day, a month or a year, or two of them: 2026-11-03, 2026-11, 2026-10-15 2026-11-03")

            def check(text: str) -> str | None:
                return None if span(text) else why_no_span(text) or hint

            text = await self.app.push_screen_wait(Ask(_("Which days?"), hint=hint, save=_("Show"), check=check))
            if text is None:
                return
            days = span(text)
        elif chosen:
            days = PERIODS[chosen][1](date.today())
        assert days is not None
        label = " – ".join(dict.fromkeys(days)) if days.since else ""
        self.filter(label, since=days.since, until=days.until)


class HistoryRowsScreen(PastScreen):
    """The rows of a line, the latest first; the fields of the cursor's stand below."""

    SCOPE = "history-rows"
    BINDINGS = bindings_for("history-rows")
    OPENS = "history.fields"
    CSS_PATH = style("settings")
    FILTERS = (("history.field", "field", N_("Field")),)
    COLUMNS = ROW_COLUMNS

    def __init__(self, line: "ChangeSet", asked: HistoryFilter, labels: dict[str, str]) -> None:
        super().__init__(asked, labels)
        self._first = EVERYTHING
        self._opened = line
        self.of = line.id
        self.only = 0
        """The client whose changes alone are wanted next."""

    def title_text(self) -> str:
        change = self._opened.change
        # The time comes first: it tells one import from another where the rest has no room.
        return " › ".join((_("History"), f"{local_time(change.at)} · {change.title} · {change.who}"))

    def counted(self, count: int) -> str:
        """How many rows there are, and of how many."""
        total = self._opened.rows
        if count == total:
            return ngettext("{count} row", "{count} rows", total).format(count=whole_number(total))
        sentence = ngettext("{count} of {all} row", "{count} of {all} rows", total)
        return sentence.format(count=whole_number(count), all=whole_number(total))

    def known_count(self) -> int | None:
        """A line says how many rows it has."""
        return super().known_count() if self.asked.is_on else self._opened.rows

    @property
    def _change(self) -> "Change | None":
        row = self.table.rows.current
        return row.change if isinstance(row, ChangeRow) else None

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """Not every row leads to a client; the footer says so."""
        self.write_footer()

    def footer_commands(self) -> Iterable[Command]:
        """Without the way to the changes of a client, where the row is of something else."""
        return _leading_on(super().footer_commands(), self._change)

    def footer_title(self, command: Command) -> str:
        """Redo instead of Undo, where these are the rows of an undo."""
        return _undo_title(command, self._opened.change) or super().footer_title(command)

    def of_row(self, width: int) -> Content:
        """The fields of the row."""
        change = self._change
        return Content("") if change is None else change_in_words(change, width)

    async def command_history_fields(self) -> None:
        """Open the row: its fields."""
        if (change := self._change) is None:
            self.tell(_("There is no row here."))
            return
        await self.app.push_screen_wait(HistoryFieldsScreen(change))

    def command_history_only(self) -> None:
        """Back to the changes, to those of the row's client."""
        change = self._change
        if change is None:
            self.tell(_("There is no row here."))
        elif not change.client_id:
            self.tell(_("This is no change of a client."))
        else:
            self.only = change.client_id
            self.dismiss()

    async def command_history_undo(self) -> None:
        """Undo the line whose rows these are."""
        await undo_change(self, self._opened.id)


class HistoryFieldsScreen(Undoable[None]):
    """The fields of a row, each before and after, whole."""

    SCOPE = "history-fields"
    BINDINGS = bindings_for("history-fields")
    CSS_PATH = style("settings")
    AUTO_FOCUS = "Reading"

    def __init__(self, change: "Change") -> None:
        super().__init__()
        self._change = change

    def title_text(self) -> str:
        return " › ".join(filter(None, (_("History"), self._change.title, self._change.subject)))

    def help_scopes(self) -> tuple[str, ...]:
        return (self.SCOPE, "reading")

    def footer_title(self, command: Command) -> str:
        """Redo instead of Undo, where the row is of an undo."""
        return _undo_title(command, self._change) or super().footer_title(command)

    def footer_commands(self) -> Iterable[Command]:
        """Without the way to a client, where the row is of something else."""
        return _leading_on(super().footer_commands(), self._change)

    def body(self) -> ComposeResult:
        with Reading(id="whole"):
            yield Static(id="change")
        yield StatusLine(id="status")

    def on_mount(self) -> None:
        """Show the fields."""
        self._write()

    def on_resize(self) -> None:
        """They are wrapped anew."""
        self._write()

    def _write(self) -> None:
        width = max(LABEL * 2, self.size.width - 6)
        self.query_one("#change", Static).update(change_in_words(self._change, width, whole=True))

    async def command_history_client(self) -> None:
        """Open the page of the client."""
        from clientdesk.desk import clients
        from clientdesk.ui.screens.openings import client_page

        if not self._change.client_id:
            self.tell(_("This is no change of a client."))
            return
        await self.gateway.call(clients.get, self._change.client_id)  # one that is gone has no page
        await self.app.push_screen_wait(client_page(self._change.client_id, EVERYONE))

    async def command_history_undo(self) -> None:
        """Undo the change that the row is of."""
        if not self._change.change:
            self.tell(_("This was changed in another firm."))
            return
        await undo_change(self, self._change.change)


def _leading_on(commands: Iterable[Command], change: "Change | None") -> list[Command]:
    """The commands without those that lead to a client, or to its changes, where a change is of none."""
    leads = change is not None and change.client_id
    return [command for command in commands if leads or command.id not in ("history.client", "history.only")]


def _undo_title(command: Command, change: "Change | None") -> str:
    """What the footer calls undoing a change that is itself an undo; "" for what the command says itself."""
    is_redo = command.id == "history.undo" and change is not None and change.kind == UNDONE
    return _("Redo") if is_redo else ""


def _headings(change: "Change", about: str, width: int, remark: str = "") -> tuple[Content, Content]:
    """What was done to what, and when and by whom, each in a line of `width` cells; the remark comes first."""
    heading = change.title + (f": {display_text(about)}" if about else "")
    when = display_text(" · ".join(filter(None, (remark, local_time(change.at), change.who))))
    return Content.styled(cut(heading, width), "bold"), Content.styled(cut(when, width), "$foreground-muted")


def change_in_words(change: "Change", width: int, whole: bool = False, remark: str = "") -> Content:
    """A change of one row in lines of `width` cells: a heading, with a remark on it, and each field that it touched."""
    lines = list(_headings(change, change.subject, width, remark))
    lines += [Content.styled(line, "$foreground-muted") for line in wrapped(change.remark, width) if line]
    for field in change.fields:
        label = cut(display_text(field.label), LABEL - 1).ljust(LABEL)
        values = field_values(change, field)
        shown = values if whole else shortened(values, _LONGEST)
        for line in wrapped(display_text(shown), width - LABEL):
            lines.append(Content.assemble((label, "$foreground-muted"), line))
            label = " " * LABEL
    return Content("\n").join(lines)
