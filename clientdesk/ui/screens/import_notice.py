"""An import that runs while the client list is seen: what the list says about it, and that it is stopped before leaving."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.timer import Timer

from clientdesk.text import _
from clientdesk.ui.commands import first_key
from clientdesk.ui.desk_app import desk_app
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.widgets.bars import Part, sentence_parts

if TYPE_CHECKING:
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


class ImportNotice:
    """The word of a list about an import that runs meanwhile.

    `write` draws the status line, `count` counts the firm's clients.
    """

    def __init__(self, screen: ListScreen[Any], write: Callable[[], None], count: Callable[[], None]) -> None:
        self._screen, self._write, self._count = screen, write, count
        self._watching: Timer | None = None
        self._looks = 0

    @property
    def _importing(self) -> "Importing | None":
        return desk_app(self._screen).importing

    @property
    def _is_applying(self) -> bool:
        return self._importing is not None and self._importing.is_applying

    def parts(self) -> list[Part]:
        """What the status line says about an import: how far it is, or that its report is there."""
        importing = self._importing
        if importing is None or importing.is_choosing:
            return []
        if importing.is_applying:
            from clientdesk.ui.widgets.progress import percent

            sentence = _("Importing {file} {percent}").replace("{percent}", percent(importing.progress))
            return sentence_parts(sentence, "accent", "import.open", file=importing.name)
        return ended_parts(importing)

    def resumed(self) -> None:
        """The list is seen again; an import may be running."""
        if self._is_applying:
            self._screen.firm_changed()
            if self._watching is None:
                self._watching = self._screen.set_interval(SHOWN_EVERY, self._watch)
        if self._screen.is_mounted:
            self._write()

    def _watch(self) -> None:
        """Say how far the import is; the totals grow with it, now and then."""
        self._looks += 1
        if self._looks % COUNTED_EVERY == 0:
            self._count()
        self._write()
        if not self._is_applying and self._watching is not None:
            self._watching.stop()
            self._watching = None

    async def may_leave(self) -> bool:
        """Whether no import is running, or it may be stopped."""
        importing = self._importing
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
        if not await self._screen.app.push_screen_wait(dialog):
            return False
        self._screen.tell(_("Stopping the import…"))
        importing.break_off()
        await importing.stopped_within(STOPPED_WITHIN)
        return True
