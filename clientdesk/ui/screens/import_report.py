"""The end of an import: what was written, and the error log with the rows that were refused."""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from clientdesk.domain.problems import Refused
from clientdesk.exchange.records import Counts, PlanRow, Verdict
from clientdesk.text import _, ngettext, whole_number
from clientdesk.ui.commands import Command, bindings_for
from clientdesk.ui.importing import Importing
from clientdesk.ui.screens import import_words as words
from clientdesk.ui.screens.base import is_away, style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.import_step import REPORT, ImportStep, Steps
from clientdesk.ui.screens.log_screen import LogScreen
from clientdesk.ui.widgets.bars import Bar, Part, StatusLine
from clientdesk.ui.widgets.error_log import ErrorLog, LogRow
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.exchange.importing import Import

_ORDER = (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.REFUSED, Verdict.SKIPPED)


class RefusedRows:
    """The refused rows of the import, read on its thread."""

    whole_rows = False

    def __init__(self, importing: Importing) -> None:
        self._importing = importing
        plan = importing.plan
        self.headings: Sequence[str] = plan.headings if plan is not None else ()
        self.places: Mapping[str, int] = words.places_in(plan) if plan is not None else {}

    async def page(self, offset: int, limit: int, code: str) -> Sequence[LogRow]:
        """The rows of a reason from `offset` on."""

        def read(plan: "Import") -> list[PlanRow]:
            return plan.rows(offset, limit, verdict=Verdict.REFUSED.value, code=code)

        found = await self._importing.ask(read)
        return [LogRow(row.id, row.line, row.cells, row.problem) for row in found if row.problem is not None]

    async def count(self, code: str) -> int:
        """How many rows have that reason."""
        return await self._importing.ask(lambda plan: plan.count(verdict=Verdict.REFUSED.value, code=code))

    async def reasons(self) -> Sequence[tuple[str, int]]:
        """The codes that there are, with how many rows have them."""
        return await self._importing.ask(lambda plan: plan.reasons())


class ImportReportStep(LogScreen, ImportStep):
    """Counts, and the error log: its rows can be mended here and tried again."""

    SCOPE = "error-log"
    STEP = REPORT
    BINDINGS = bindings_for("error-log")
    CSS_PATH = style("import")

    def __init__(self) -> None:
        super().__init__()
        self._corrected: dict[int, Sequence[str]] = {}

    def body(self) -> ComposeResult:
        yield Steps()
        yield Bar(id="import-counts")
        yield Static(id="import-notices")
        yield ErrorLog([_("No row was refused."), "", _("{key} goes back to the list.").format(
            key=first_key("app.back"))])  # fmt: skip
        yield StatusLine(id="status")

    def on_mount(self) -> None:
        """Show what was written, and the refused rows."""
        self._say_how_it_ended()
        self.write_status()
        if self.importing.plan is not None:
            self.error_log.show(RefusedRows(self.importing))

    def footer_commands(self) -> Iterable[Command]:
        """What can be done with refused rows, where there are some."""
        commands = super().footer_commands()
        counts = self.importing.counts
        return [each for each in commands if (counts is not None and counts.refused) or not each.id.startswith("log.")]

    def _say_how_it_ended(self) -> None:
        importing = self.importing
        sentence = ""
        failure = importing.failure
        if failure is not None and (is_away(failure) or failure.code == "not_saved"):
            sentence = _(
                "The firm's server went away: what was written before stays, the rest was left out. Importing the file"
                " again completes it."
            )
        elif failure is not None:
            sentence = failure.message
        elif importing.stopped:
            sentence = _(
                "Stopped: what was written before stays, the rest was left out. Importing the file again completes it."
            )
        notices = self.query_one("#import-notices", Static)
        notices.update(Content.styled(sentence, "$text-warning"))
        notices.display = bool(sentence)

    def write_status(self) -> None:
        """The counts, and which rows are shown."""
        counts = self.importing.counts or Counts()
        parts: list[Part] = []
        for verdict in _ORDER:
            count = words.count_of(counts, verdict)
            if count or verdict in (Verdict.NEW, Verdict.CHANGED, Verdict.REFUSED):
                look = "danger" if verdict is Verdict.REFUSED and count else "plain" if count else "dim"
                parts += [Part(words.verdict_count(verdict, count), look), Part(" · ", "dim")]
        self.query_one("#import-counts", Bar).show(parts[:-1])
        left = [Part(self._outcome(counts), "plain")]
        if counts.refused:
            left.append(Part(" · " + ngettext("{count} row", "{count} rows", counts.refused).format(
                count=whole_number(counts.refused))))  # fmt: skip
        if self.error_log.code:
            left.append(Part(" · " + _("only: {reason}").format(reason=words.reason_title(self.error_log.code))))
        if self._corrected:
            waiting = ngettext("{count} mended row waits for {key}", "{count} mended rows wait for {key}",
                               len(self._corrected))  # fmt: skip
            text = waiting.format(count=whole_number(len(self._corrected)), key=first_key("log.retry-all"))
            left.append(Part(" · " + text, "accent"))
        self.query_one("#status", StatusLine).show(left)
        self.write_footer()

    def _outcome(self, counts: Counts) -> str:
        if counts.refused:
            return _("Error log")
        if self.importing.stopped or self.importing.failure is not None:
            return _("The rest was left out.")
        return _("Every row is in.") if not counts.skipped else _("Every row is in that was not skipped.")

    # --- the report

    def report_name(self) -> str:
        """Beside the file."""
        stem = os.path.splitext(self.importing.path)[0]
        return f"{stem}-{_('errors')}.csv"

    async def save_report(self, path: str, overwrite: bool) -> None:
        """Write the error log."""
        await self.importing.ask(lambda plan: plan.save_report(path, overwrite))

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
        row = row._replace(cells=tuple(self._corrected.get(row.id, row.cells)))
        places = sorted(source.places.values()) or range(len(source.headings))
        at_fault = source.places.get(row.problem.field, -1)
        edited = await self.app.push_screen_wait(RowEdit(row, source.headings, list(places), at_fault))
        if edited is None:
            return
        self._corrected[row.id] = edited.cells
        if edited.retry:
            await self._retry([row.id])
        else:
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
        before = self.importing.counts or Counts()
        if not before.refused:
            self.tell(_("No row is refused here."))
            return
        ids = list(self._corrected) if row_ids is None else row_ids
        corrected = {each: self._corrected[each] for each in ids if each in self._corrected}
        try:
            after = await self.importing.retry(corrected, row_ids)
        except Refused:
            if self.is_there:
                self.write_status()  # what was mended waits for the next try
            raise
        for each in corrected:
            self._corrected.pop(each, None)
        if not self.is_there:
            return
        self.app_of.import_wrote()
        gone = before.refused - after.refused
        if gone > 0:
            sentence = ngettext("{count} row is in now.", "{count} rows are in now.", gone)
            self.tell(sentence.format(count=whole_number(gone)))
        else:
            self.tell(_("Still refused; the reason stands below."))
        if self.error_log.code and not await self.error_log.source.count(self.error_log.code):
            self.error_log.show(self.error_log.source)
        else:
            self.error_log.read_again()
        self.write_status()

    # --- leaving

    async def command_app_back(self) -> None:  # type: ignore[override]  # a question may have to be asked
        """Back to the list; mended rows that were not tried are asked about."""
        if await self.may_leave():
            self.leave()

    async def may_leave(self) -> bool:
        """Whether no mended row would be lost."""
        if not self._corrected:
            return True
        from clientdesk.ui.dialogs import Discard

        text = _("Mended rows that were not tried again are lost. The error log keeps them as they stand in the file.")
        return await self.app.push_screen_wait(Discard(text))
