"""An error log whose rows can be mended and tried again: at the end of an import, and when it is opened later."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from clientdesk.desk.imports.import_records import PlanRow
from clientdesk.domain.judged_row import Counts, RowVerdict
from clientdesk.domain.problems import Refused
from clientdesk.text import _, ngettext, whole_number
from clientdesk.ui.commands import Command
from clientdesk.ui.import_under_way import Importing
from clientdesk.ui.screens import import_words as words
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.error_log_screen import LogScreen
from clientdesk.ui.screens.import_step import OfImport
from clientdesk.ui.widgets.bars import Part
from clientdesk.ui.widgets.error_log import LogRow
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.desk.imports.importing import Import


class RefusedRows:
    """The refused rows of an import, read on its thread; those that are `corrected` with their new cells."""

    def __init__(self, importing: Importing, corrected: Mapping[int, Sequence[str]], whole_rows: bool) -> None:
        self._importing, self._corrected, self.whole_rows = importing, corrected, whole_rows
        plan = importing.plan
        self.headings: Sequence[str] = plan.headings if plan is not None else ()
        self.places: Mapping[str, int] = words.places_in(plan) if plan is not None else {}

    async def page(self, offset: int, limit: int, code: str) -> Sequence[LogRow]:
        """The rows of a reason from `offset` on."""

        def read(plan: "Import") -> list[PlanRow]:
            return plan.rows(offset, limit, verdict=RowVerdict.REFUSED.value, code=code)

        log_rows = await self._importing.ask(read)
        return [
            LogRow(row.id, row.line, tuple(self._corrected.get(row.id, row.cells)), row.problem, row.cells)
            for row in log_rows
            if row.problem is not None
        ]

    async def count(self, code: str) -> int:
        """How many rows have that reason."""
        return await self._importing.ask(lambda plan: plan.count(verdict=RowVerdict.REFUSED.value, code=code))

    async def reasons(self) -> Sequence[tuple[str, int]]:
        """The codes that there are, with how many rows have them."""
        return await self._importing.ask(lambda plan: plan.reasons())


class MendingScreen(LogScreen, OfImport):
    """An error log whose rows can be mended here and tried again.

    What was mended and not tried yet waits in the screen: its row shows the new cells and a mark.
    """

    def __init__(self, importing: Importing | None = None) -> None:
        super().__init__(importing)
        self._corrected: dict[int, Sequence[str]] = {}

    @property
    def whole_rows(self) -> bool:
        """Whether all cells of a row are shown, not only those that are read: its file may be gone."""
        return False

    @property
    def is_there(self) -> bool:
        """Whether the screen is still there, after a wait in which the person may have left it."""
        return self.is_attached and self.app.is_running

    @property
    def counts(self) -> Counts:
        """How many rows have which verdict now."""
        return self.importing.counts or Counts()

    def footer_commands(self) -> Iterable[Command]:
        """What can be done with refused rows, where there are some."""
        commands = super().footer_commands()
        return [command for command in commands if self.counts.refused or not command.id.startswith("log.")]

    def show_rows(self) -> None:
        """Show the refused rows from the top."""
        if self.importing.plan is not None:
            self.error_log.show(RefusedRows(self.importing, self._corrected, self.whole_rows))

    def rows_in_words(self) -> list[Part]:
        """How many rows are shown, of which reason, and how many are mended and wait."""
        parts = []
        if self.counts.refused:
            count = ngettext("{count} row", "{count} rows", self.counts.refused)
            parts.append(Part(" · " + count.format(count=whole_number(self.counts.refused)), keep=2))
        if self.error_log.code:
            parts.append(Part(" · " + _("only: {reason}").format(reason=words.reason_title(self.error_log.code))))
        if self._corrected:
            waiting = ngettext(
                "{count} mended row waits for {key}", "{count} mended rows wait for {key}", len(self._corrected)
            )
            text = waiting.format(count=whole_number(len(self._corrected)), key=first_key("log.retry-all"))
            parts.append(Part(" · " + text, "accent", keep=2))
        return parts

    # --- mending and trying again

    def on_row_table_opened(self, event: RowTable.Opened) -> None:
        """A click on the cursor's row."""
        self.action_command("log.edit")

    async def command_log_edit(self) -> None:
        """Mend the row's cells."""
        from clientdesk.ui.screens.row_edit import RowEdit

        row = await self.error_log.row()
        if row is None:
            self.tell(_("No row is refused here."))
            return
        source = self.error_log.source
        places = sorted(source.places.values()) or range(len(source.headings))
        at_fault = source.places.get(row.problem.field, -1)
        edited = await self.app.push_screen_wait(RowEdit(row, source.headings, list(places), at_fault))
        if edited is None:
            return
        if edited.cells == row.before:
            self._corrected.pop(row.id, None)
        else:
            self._corrected[row.id] = edited.cells
        if edited.retry:
            await self._retry([row.id])
        else:
            self._show_mended()

    def _show_mended(self) -> None:
        self.error_log.table.rows.mark(self._corrected)
        self.error_log.read_again()
        self.write_status()

    async def command_log_retry(self) -> None:
        """Try the row again."""
        if (row := await self.error_log.row()) is not None:
            await self._retry([row.id])
        else:
            self.tell(_("No row is refused here."))

    async def command_log_retry_all(self) -> None:
        """Try all refused rows again."""
        await self._retry(None)

    async def _retry(self, row_ids: Sequence[int] | None) -> None:
        if not self.counts.refused:
            self.tell(_("No row is refused here."))
            return
        ids = list(self._corrected) if row_ids is None else row_ids
        mended = {row_id: self._corrected[row_id] for row_id in ids if row_id in self._corrected}
        try:
            retries = await self.importing.retry(mended, row_ids)
        except Refused:
            if self.is_there:
                self._show_mended()  # what was mended waits for the next try
            raise
        for row_id in mended:
            self._corrected.pop(row_id, None)
        if not self.is_there:
            return
        self.app_of.import_wrote()
        refused, whose = None, ""
        if retries.refused == 1:
            refused = await self.importing.ask(lambda plan: next(plan.refusals(row_ids), None))
            whose = words.name_in(refused, self.error_log.source.places) if refused is not None else ""
        self.tell(words.retries_in_words(retries, refused, whose))
        if self.error_log.code and not await self.error_log.source.count(self.error_log.code):
            self.error_log.show(self.error_log.source)
        self._show_mended()

    async def save_report(self, path: str, overwrite: bool) -> None:
        """Write the error log as it is shown: mended rows with their new cells."""
        await self.importing.save_report(path, overwrite, dict(self._corrected))

    # --- leaving

    def unsaved(self) -> str:
        """Mended rows."""
        if not self._corrected:
            return ""
        return _("Mended rows that were not tried again are lost. The error log keeps them as they stand in the file.")
