"""The imports so far, and the error log of each as it was kept."""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from clientdesk.exchange.records import ImportKind
from clientdesk.text import N_, _, local_time, ngettext, whole_number
from clientdesk.ui.commands import bindings_for
from clientdesk.ui.screens import import_words as words
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.log_screen import LogScreen
from clientdesk.ui.screens.table_screen import TableScreen
from clientdesk.ui.widgets.bars import Part, StatusLine
from clientdesk.ui.widgets.cells import TableColumn
from clientdesk.ui.widgets.error_log import ErrorLog, LogRow
from clientdesk.ui.widgets.row_table import RowTable
from clientdesk.ui.widgets.rows import ListSource, PlainRow

if TYPE_CHECKING:
    from clientdesk.desk.import_records import Logged, Run

_COLUMNS = (
    TableColumn("when", N_("When"), 16),
    TableColumn("file", N_("File"), 18, grow=30, pin=True),
    TableColumn("refused", N_("Refused"), 7, right=True),
    TableColumn("new", N_("New"), 6, right=True),
    TableColumn("changed", N_("Changed"), 7, right=True),
    TableColumn("who", N_("Who"), 14, grow=10),
    TableColumn("state", N_("State"), 9),
    TableColumn("unchanged", N_("Unchanged"), 9, right=True),
    TableColumn("rows", N_("Rows"), 7, right=True),
    TableColumn("kind", N_("Kind"), 14),
)
EXAMPLES = 50
"""By so many refused rows at most it is guessed what the columns of a client list are."""
_STATES = {"done": N_("done"), "stopped": N_("stopped"), "running": N_("running")}


def _kind(kind: str) -> str:
    return _(words.KINDS[ImportKind(kind)]) if kind in {each.value for each in ImportKind} else kind


class ImportsScreen(TableScreen):
    """The runs, newest first."""

    SCOPE = "imports"
    BINDINGS = bindings_for("imports")
    CSS_PATH = style("import")

    def __init__(self) -> None:
        super().__init__()
        self._runs: dict[int, Run] = {}

    def title_text(self) -> str:
        return _("Imports")

    def body(self) -> ComposeResult:
        yield RowTable([column._replace(title=_(column.title)) for column in _COLUMNS])
        yield StatusLine(id="status")

    async def reload(self, cursor_id: int | None = None) -> None:
        """Read the runs again."""
        from clientdesk.desk import imports

        found = await self.gateway.read("imports", imports.runs)
        if not self.is_there:
            return
        self._runs = {run.id: run for run in found}
        key = first_key("import.open")
        self.table.set_empty(
            [_("Nothing was imported yet."), "", _("{key} on the list imports a file.").format(key=key)]
        )
        self.table.set_source(ListSource([self._row(run) for run in found]))
        count = ngettext("{count} import", "{count} imports", len(found)).format(count=whole_number(len(found)))
        self.query_one(StatusLine).show([Part(count)])

    def _row(self, run: "Run") -> PlainRow:
        numbers = [whole_number(each) for each in (run.refused, run.new, run.changed)]
        state = _(_STATES.get(run.state, run.state))
        rest = (run.who, state, whole_number(run.unchanged), whole_number(run.rows), _kind(run.kind))
        return PlainRow(run.id, True, (local_time(run.at), os.path.basename(run.file), *numbers, *rest))

    def on_row_table_opened(self, event: RowTable.Opened) -> None:
        """A click on the cursor's row."""
        self.action_command("imports.log")

    async def command_imports_log(self) -> None:
        """The rows that the import refused."""
        from clientdesk.desk import imports

        run = self._runs.get(self.table.cursor_id or 0)
        if run is not None:
            log = await self.gateway.call(imports.error_log, run.id)
            await self.app.push_screen_wait(KeptLogScreen(run, log))
        else:
            self.tell(_("No import here. {key} on the list imports a file.").format(key=first_key("import.open")))

    async def command_imports_refresh(self) -> None:
        """Read the list again."""
        await self.reload()


class KeptRows:
    """The refused rows of an import that has ended, as they were kept."""

    def __init__(self, logged: "Sequence[Logged]", kind: str) -> None:
        from clientdesk.exchange.mapping import guess

        # Surplus cells are kept with an empty heading; the cells before them are the same columns in every row.
        longest = max((row.cells for row in logged), key=len, default=())
        self.headings: Sequence[str] = tuple(heading for heading, _cell in longest)
        self._rows = [
            LogRow(number, row.line, tuple(cell for _heading, cell in row.cells), row.problem)
            for number, row in enumerate(logged, 1)
        ]
        self.whole_rows = kind == ImportKind.CLIENTS.value
        columns: Sequence[str] = ()
        if self.whole_rows:
            columns = guess(self.headings, [row.cells for row in self._rows[:EXAMPLES]]).columns
        self.places: Mapping[str, int] = words.places_of(self.headings, columns)

    def _of(self, code: str) -> list[LogRow]:
        return [row for row in self._rows if not code or row.problem.code == code]

    async def page(self, offset: int, limit: int, code: str) -> Sequence[LogRow]:
        """The rows of a reason from `offset` on."""
        return self._of(code)[offset : offset + limit]

    async def count(self, code: str) -> int:
        """How many rows have that reason."""
        return len(self._of(code))

    async def reasons(self) -> Sequence[tuple[str, int]]:
        """The codes that there are, with how many rows have them."""
        from collections import Counter

        return Counter(row.problem.code for row in self._rows).most_common()


class KeptLogScreen(LogScreen):
    """The error log of an import that has ended; it can be read and saved."""

    SCOPE = "kept-log"
    BINDINGS = bindings_for("kept-log")
    CSS_PATH = style("import")

    def __init__(self, run: "Run", logged: "Sequence[Logged]") -> None:
        super().__init__()
        self._run, self._logged = run, logged

    def title_text(self) -> str:
        return " › ".join((_("Imports"), os.path.basename(self._run.file)))

    def body(self) -> ComposeResult:
        yield ErrorLog([_("No row was refused.")])
        yield StatusLine(id="status")

    def on_mount(self) -> None:
        """Show the rows."""
        self.error_log.show(KeptRows(self._logged, self._run.kind))
        self.write_status()

    def write_status(self) -> None:
        """Which import it was, and which rows are shown."""
        run = self._run
        said = [_kind(run.kind), local_time(run.at), run.who]
        if self.error_log.code:
            said.append(_("only: {reason}").format(reason=words.reason_title(self.error_log.code)))
        count = ngettext("{count} refused row", "{count} refused rows", len(self._logged))
        left = [Part(count.format(count=whole_number(len(self._logged))), "plain")]
        self.query_one(StatusLine).show([*left, *(Part(" · " + each) for each in said)])

    def report_name(self) -> str:
        """In the folder where the program was started."""
        stem = os.path.splitext(os.path.basename(self._run.file))[0]
        return f"{stem}-{_('errors')}.csv"

    async def save_report(self, path: str, overwrite: bool) -> None:
        """Write the error log."""
        from clientdesk.exchange.report import save_kept

        await self.gateway.call(save_kept, self._run.id, path, overwrite)
