"""The imports so far, and the error log of each as it was kept."""

import os
from typing import TYPE_CHECKING, Any, cast

from textual.app import ComposeResult

from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.text import N_, _, local_time, ngettext, whole_number
from clientdesk.ui.commands import bindings_for
from clientdesk.ui.firm_change import BY_OTHERS, BY_YOU, FirmChange
from clientdesk.ui.import_under_way import Importing
from clientdesk.ui.screens import import_words as words
from clientdesk.ui.screens.base import DeskScreen, style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.error_log_mending import MendingScreen
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.widgets.bars import GIVES_WAY, Bar, Part, StatusLine
from clientdesk.ui.widgets.error_log import ErrorLog
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_source import ListSource, PlainRow
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.desk.imports.import_records import Run
    from clientdesk.desk.imports.kept_import import KeptImport

_COLUMNS = (
    TableColumn("when", N_("When"), 16),
    TableColumn("file", N_("File"), 18, grow=30, pin=True),
    TableColumn("state", N_("State"), 7),
    TableColumn("left-out", N_("Left out"), 8, right=True),
    TableColumn("refused", N_("Refused"), 7, right=True),
    TableColumn("new", N_("New"), 7, right=True),
    TableColumn("changed", N_("Changed"), 8, right=True),
    TableColumn("skipped", N_("Skipped"), 7, right=True),
    TableColumn("who", N_("Who"), 14, grow=10),
    TableColumn("unchanged", N_("Unchanged"), 9, right=True),
    TableColumn("rows", N_("Rows"), 7, right=True),
    TableColumn("kind", N_("Kind"), 14),
)
_STATES = {"done": N_("done"), "stopped": N_("stopped"), "running": N_("running")}


def _kind(kind: str) -> str:
    return _(words.KINDS[ImportKind(kind)]) if kind in {import_kind.value for import_kind in ImportKind} else kind


class ImportsScreen(ListScreen[None]):
    """The runs, newest first."""

    SCOPE = "imports"
    BINDINGS = bindings_for("imports")
    OPENS = "imports.log"
    CSS_PATH = style("import")

    def __init__(self) -> None:
        super().__init__()
        self._runs: dict[int, Run] = {}

    def title_text(self) -> str:
        return _("Imports")

    def body(self) -> ComposeResult:
        yield RowTable([column._replace(title=_(column.title)) for column in _COLUMNS])
        yield StatusLine(id="status")

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the runs again."""
        from clientdesk.desk import imports

        runs = await self.gateway.read("imports", imports.runs)
        if not self.is_there:
            return
        self._runs = {run.id: run for run in runs}
        key = first_key("import.open")
        self.table.set_empty(
            [_("Nothing was imported yet."), "", _("{key} on the list imports a file.").format(key=key)]
        )
        self.table.set_source(ListSource([self._row(run) for run in runs]))
        count = ngettext("{count} import", "{count} imports", len(runs)).format(count=whole_number(len(runs)))
        parts = [Part(count)]
        if unreadable := sum(bool(run.unreadable) for run in runs):
            text = ngettext(
                "{count} cannot be read as it is kept", "{count} cannot be read as they are kept", unreadable
            )
            parts.append(Part(" · " + text.format(count=whole_number(unreadable)), "strong"))
        self.query_one(StatusLine).show(parts)

    def _row(self, run: "Run") -> PlainRow:
        state = _(_STATES.get(run.state, run.state))
        counts = (run.left_out, run.refused, run.new, run.changed, run.skipped)
        values = (
            local_time(run.at),
            os.path.basename(run.file),
            state,
            *map(whole_number, counts),
            run.who,
            whole_number(run.unchanged),
            whole_number(run.rows),
            _kind(run.kind),
        )
        return PlainRow(run.id, True, values)

    async def command_imports_log(self) -> None:
        """The rows that the import refused, to be mended and tried again."""
        run = self._runs.get(self.table.rows.cursor_id or 0)
        if run is None:
            self.tell(_("No import here. {key} on the list imports a file.").format(key=first_key("import.open")))
            return
        if run.state == "running":
            self.tell(_("This import is still running; its error log is there when it has ended."))
            return
        importing = await opened_log(self, run.id)
        await self.app.push_screen_wait(KeptLogScreen(importing))
        await self.freshen(BY_YOU)

    async def command_imports_remove(self) -> None:
        """Take away what cannot be read of an import, after a question."""
        from clientdesk.desk import imports
        from clientdesk.ui.screens.dialogs import Confirm

        run = self._runs.get(self.table.rows.cursor_id or 0)
        if run is None:
            self.tell(_("No import here. {key} on the list imports a file.").format(key=first_key("import.open")))
            return
        question = _("Take away what cannot be read of import {number}?").format(number=run.id)
        if await self.app.push_screen_wait(Confirm(question, yes=_("Take away"), danger=True)):
            await self.gateway.call(imports.remove_unreadable, run.id)
            self.tell(_("It is taken away."))
            await self.freshen(BY_YOU)

    async def command_imports_refresh(self) -> None:
        """Read the list again."""
        await self.freshen(BY_YOU)


async def opened_log(screen: DeskScreen[Any], run: int) -> Importing:
    """An import that has ended, opened for a `KeptLogScreen`."""
    session = screen.gateway.session
    importing = Importing(session.location, session.login, session.done)
    try:
        await importing.open_kept(run)
    except BaseException:  # whatever ends it, the private copy goes with it
        await importing.close()
        raise
    return importing


class KeptLogScreen(MendingScreen):
    """The error log of an import that has ended: its rows can be mended and tried again, as at its end. The cursor begins
    on the row of a `line` of the file, where there is one."""

    SCOPE = "kept-log"
    BINDINGS = bindings_for("kept-log")
    CSS_PATH = style("import")

    def __init__(self, importing: Importing, line: int = 0) -> None:
        super().__init__(importing)
        self._line = line

    @property
    def kept(self) -> "KeptImport":
        """What the firm has kept of it."""
        return cast("KeptImport", self.importing.plan)

    @property
    def whole_rows(self) -> bool:
        return self.importing.kind is ImportKind.CLIENTS

    def title_text(self) -> str:
        return " › ".join((_("Imports"), os.path.basename(self.kept.path)))

    def body(self) -> ComposeResult:
        yield Bar(id="import-counts")
        yield ErrorLog([_("No row is refused.")])
        yield StatusLine(id="status")

    def on_mount(self) -> None:
        """Show the rows."""
        self.write_status()
        self.show_rows()

    def on_row_table_counted(self, event: RowTable.Counted) -> None:
        """The rows are there: to the one that is asked for."""
        line, self._line = self._line, 0
        if line:
            self.begin("log.line", self.error_log.go_to_line(line))

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the log again: somebody else may have tried its rows."""
        if not self.importing.at_work:
            await self.importing.read_log()
            self.error_log.read_again()
            self.write_status()

    def write_status(self) -> None:
        """Which import it was, what became of its rows, and which are shown."""
        run, settled = self.kept.kept.run, self.kept.settled
        self.query_one("#import-counts", Bar).show(words.counted(self.counts))
        later = []
        if settled.rows:
            mended = ngettext("{count} mended later", "{count} mended later", settled.rows)
            latest = ngettext(" ({who}, {at})", " (last {who}, {at})", settled.rows)
            later = [
                Part(" · " + mended.format(count=whole_number(settled.rows)), keep=2),
                Part(latest.format(who=settled.who, at=local_time(settled.at)), keep=GIVES_WAY),
            ]
        later += [Part(" · " + local_time(run.at), keep=1), Part(" · " + run.who)]
        parts = [Part(_kind(run.kind), "plain", keep=1), *self.rows_in_words(), *later]
        self.query_one("#status", StatusLine).show(parts)
        self.write_footer()

    def report_name(self) -> str:
        """In the folder where the program was started."""
        stem = os.path.splitext(os.path.basename(self.kept.path))[0]
        return f"{stem}-{_('errors')}.csv"

    async def command_app_back(self) -> None:  # type: ignore[override]  # a question may have to be asked
        """Back to the imports; mended rows that were not tried are asked about."""
        if await self.may_leave():
            self.dismiss()

    async def on_unmount(self) -> None:
        """End the thread of the log; what it is writing is broken off and rolls back."""
        await self.importing.close()
