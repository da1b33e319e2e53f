"""The end of an import: what was written, and the error log with the rows that were refused."""

import os

from textual.app import ComposeResult

from clientdesk.domain.problems import FirmUnusable
from clientdesk.text import _
from clientdesk.ui.commands import bindings_for
from clientdesk.ui.screens import import_words as words
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.error_log_mending import MendingScreen
from clientdesk.ui.screens.import_step import REPORT, ImportStep, Steps
from clientdesk.ui.widgets.bars import Bar, Part, StatusLine
from clientdesk.ui.widgets.error_log import ErrorLog
from clientdesk.ui.widgets.in_place_words import Said
from clientdesk.ui.widgets.line_colours import WARNING


class ImportReportStep(ImportStep, MendingScreen):
    """Counts, and the error log: its rows can be mended here and tried again."""

    SCOPE = "error-log"
    STEP = REPORT
    BINDINGS = bindings_for("error-log")
    CSS_PATH = style("import")

    def body(self) -> ComposeResult:
        yield Steps()
        yield Bar(id="import-counts")
        yield Said(id="import-notices")
        yield ErrorLog([_("No row was refused."), "", _("{key} goes back to the list.").format(
            key=first_key("app.back"))])  # fmt: skip
        yield StatusLine(id="status")

    def on_mount(self) -> None:
        """Show what was written, and the refused rows."""
        self._say_how_it_ended()
        self.write_status()
        self.show_rows()

    def _say_how_it_ended(self) -> None:
        importing = self.importing
        sentence = ""
        failure = importing.failure
        again = importing.again.message if importing.again is not None else ""
        if failure is not None and (
            (isinstance(failure, FirmUnusable) and failure.away) or failure.code in ("not_saved", "kept_unknown")
        ):
            away = _("The firm's server went away.")
            sentence = " ".join((away, words.stopped_in_words(self.counts), again)).rstrip()
        elif failure is not None:
            sentence = " ".join((failure.message, words.stopped_in_words(self.counts)))
            if importing.adds_twice:
                sentence = f"{sentence} {again}".rstrip()
        elif importing.stopped:
            sentence = " ".join((words.stopped_in_words(self.counts), again)).rstrip()
        self.query_one(Said).say([(sentence, WARNING)])

    def write_status(self) -> None:
        """The counts, and which rows are shown."""
        self.query_one("#import-counts", Bar).show(words.counted(self.counts))
        status = self.query_one("#status", StatusLine)
        if self.counts.new or self.counts.changed:
            status.notices = (_("{key} on the list undoes the import").format(key=first_key("change.undo")),)
        status.show([Part(self._outcome(), "plain"), *self.rows_in_words()])
        self.write_footer()

    def _outcome(self) -> str:
        counts = self.counts
        if counts.refused:
            return _("Error log")
        if counts.left_out:
            return words.left_out_in_words(counts)
        return _("Every row is in.") if not counts.skipped else _("Every row is in that was not skipped.")

    # --- the report

    def report_name(self) -> str:
        """Beside the file."""
        stem = os.path.splitext(self.importing.path)[0]
        return f"{stem}-{_('errors')}.csv"

    # --- leaving

    async def command_app_back(self) -> None:  # type: ignore[override]  # a question may have to be asked
        """Back to the list; mended rows that were not tried are asked about."""
        if await self.may_leave():
            self.leave()
