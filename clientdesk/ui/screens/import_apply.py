"""An import while it is being written: how far it is. The person may leave it running."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from clientdesk.text import _
from clientdesk.ui.commands import Command, bindings_for
from clientdesk.ui.import_under_way import Stage
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.import_step import APPLY, REPORT, ImportStep, Steps
from clientdesk.ui.widgets.progress import ProgressLines

SHOWN_EVERY = 0.1
"""So many seconds pass between two looks at the progress."""


class ImportApplyStep(ImportStep):
    """A bar with rows and rate; when everything is written, the report takes its place."""

    SCOPE = "import-apply"
    STEP = APPLY
    BINDINGS = bindings_for("import-apply")
    CSS_PATH = style("import")

    def body(self) -> ComposeResult:
        yield Steps()
        with Vertical(id="apply"):
            yield Static(Content(_("Writing the rows…")), classes="question")
            yield ProgressLines()
            yield Static(id="words", classes="hint")

    def on_mount(self) -> None:
        """Look at the progress from now on."""
        sentence = _(
            "{back} goes back to the client list; the import goes on, and the list says how far it is. {stop} stops it:"
            " what was written stays, the rest is left out."
        )
        text = sentence.format(back=first_key("app.back"), stop=first_key("import.stop"))
        for static in self.query("#words").results(Static):  # the program may be ending
            static.update(Content(text))
        self._look()
        self.set_interval(SHOWN_EVERY, self._look)

    def _look(self) -> None:
        if self._gone:
            return
        for lines in self.query(ProgressLines):
            lines.show(self.importing.progress)
        if self.importing.stage is Stage.ENDED and self._next is None:
            self.go(REPORT)

    def footer_title(self, command: Command) -> str:
        """Back is back to the list here."""
        return _("Back to the list") if command.id == "app.back" else super().footer_title(command)

    async def command_import_stop(self) -> None:
        """Stop the import, after a question."""
        from clientdesk.ui.screens.dialogs import Confirm

        text = _("What was written so far stays. Nothing of the running batch is written.")
        dialog = Confirm(_("Stop the import?"), text, yes=_("Stop the import"), no=_("Keep importing"), danger=True)
        if await self.app.push_screen_wait(dialog) and self.importing.stage is Stage.APPLYING:
            self.importing.break_off()
            self.query_one(".question", Static).update(Content(_("Stopping…")))

    def command_app_back(self) -> None:
        """Back to the list; the import goes on."""
        self._gone = True
        self.dismiss()
