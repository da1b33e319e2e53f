"""What the list has to do with files: imports, the list of imports, and downloads."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.timer import Timer

from clientdesk.domain.client_query import ClientQuery
from clientdesk.text import _
from clientdesk.ui.desk_app import desk_app
from clientdesk.ui.screens.clients_marks import ListMarks
from clientdesk.ui.screens.finding import Finding
from clientdesk.ui.widgets.bars import Part, sentence_parts

if TYPE_CHECKING:
    from clientdesk.ui.desk_app import DeskApp
    from clientdesk.ui.import_under_way import Importing

SHOWN_EVERY = 0.25
"""So many seconds pass between two looks at a running import."""


COUNTED_EVERY = 4
"""With every so many looks the firm's clients are counted."""

STOPPED_WITHIN = 3.0
"""So many seconds at most are waited for the running batch to be broken off and the import to be noted as stopped."""


def ended_parts(importing: "Importing") -> list[Part]:
    """How an import has ended: that it was stopped, and how many rows are in. The file's name is cut first."""
    from clientdesk.domain.judged_row import Counts
    from clientdesk.ui.screens.clients_words import first_key
    from clientdesk.ui.screens.import_words import rows_in

    counts = importing.counts or Counts()
    if importing.failure is not None:
        sentence = _("{file} broke off, {rows_in} · {key} Report")
    elif importing.stopped:
        sentence = _("{file} was stopped, {rows_in} · {key} Report")
    elif counts.refused or counts.skipped:
        sentence = _("{file}: {rows_in} · {key} Report")
    else:
        sentence = _("{file} is imported · {key} Report")
    sentence = sentence.replace("{rows_in}", rows_in(counts)).replace("{key}", first_key("import.open"))
    return sentence_parts(sentence, "accent", "import.open", file=importing.name)


class ListFiles(Finding[None], ListMarks):
    """The commands of the list for files, and its word about an import that runs meanwhile."""

    query_now: ClientQuery
    reload: Callable[..., None]
    """Read the list and the totals again; `reload(cursor_id)` puts the cursor on that client."""
    read_totals: Callable[[], object]
    """Count the firm's clients again."""
    _watching: Timer | None = None
    _looks = 0
    _stale = False

    @property
    def app_of(self) -> "DeskApp":
        """The program."""
        return desk_app(self)

    def import_parts(self) -> list[Part]:
        """What the status line says about an import: how far it is, or that its report is there."""
        importing = self.app_of.importing
        if importing is None or importing.is_choosing:
            return []
        if importing.is_applying:
            from clientdesk.ui.widgets.progress import percent

            sentence = _("Importing {file} {percent}").replace("{percent}", percent(importing.progress))
            return sentence_parts(sentence, "accent", "import.open", file=importing.name)
        return ended_parts(importing)

    def on_screen_resume(self) -> None:
        """Other rows may stand in the firm; an import may be running."""
        importing = self.app_of.importing
        if self._stale or (importing is not None and importing.is_applying):
            self._stale = False
            self.reload()
        if importing is not None and importing.is_applying and self._watching is None:
            self._watching = self.set_interval(SHOWN_EVERY, self._watch)
        if self.is_mounted:
            self.write_status()

    def _watch(self) -> None:
        """Say how far the import is; the totals grow with it, now and then."""
        self._looks += 1
        if self._looks % COUNTED_EVERY == 0:
            self.read_totals()
        self.write_status()

    def import_wrote(self, ended: bool) -> None:
        """An import has written rows; with `ended`, it is over. The list is read again when it is seen."""
        if ended and self._watching is not None:
            self._watching.stop()
            self._watching = None
        if self.app.screen is self:
            self.reload()
            self.write_status()
        else:
            self._stale = True

    async def may_leave(self) -> bool:
        """Whether no import is running, or it may be stopped."""
        importing = self.app_of.importing
        if importing is None or not importing.at_work:
            return True
        from clientdesk.ui.screens.dialogs import Confirm

        text = (
            _(
                "{file} is being imported. What was written so far stays; the rest is left out, and importing the file"
                " again would add twice what is in: take those rows out of it first."
            )
            if importing.adds_twice
            else _(
                "{file} is being imported. What was written so far stays; the rest is left out, and importing the file again"
                " completes it."
            )
        ).format(file=importing.name)
        dialog = Confirm(
            _("Stop the import and quit?"), text, yes=_("Stop and quit"), no=_("Keep importing"), danger=True
        )
        if not await self.app.push_screen_wait(dialog):
            return False
        self.tell(_("Stopping the import…"))
        importing.break_off()
        await importing.stopped_within(STOPPED_WITHIN)
        return True

    # --- commands

    def command_import_open(self) -> None:
        """Import a file; while an import runs, how far it is; when it has ended, its report."""
        self.app_of.open_import()

    async def command_imports_open(self) -> None:
        """The imports so far."""
        from clientdesk.ui.screens.imports import ImportsScreen

        await self.app.push_screen_wait(ImportsScreen())

    async def command_download_open(self) -> None:
        """The client list as a file."""
        from clientdesk.desk import list_columns
        from clientdesk.ui.screens.download import Download

        shown_columns, unread = await self.gateway.call(list_columns.columns_as_kept)
        self.tell_unread(unread)
        columns = [column.field for column in shown_columns]
        marked = frozenset(self.table.rows.marks)
        written = await self.app.push_screen_wait(Download(self.query_now, columns, marked))
        if written is not None:
            self.tell(" ".join(written.in_words()))
