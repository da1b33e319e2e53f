"""Work of the desk on many rows: after a moment a dialog shows how far it is, and can stop it."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from clientdesk.text import _
from clientdesk.ui.commands import BY_ID, first_key
from clientdesk.ui.import_under_way import Progress, giving_way
from clientdesk.ui.screens.base import DeskScreen, DialogScreen, style
from clientdesk.ui.widgets.dialog_box import DialogBox, DialogText
from clientdesk.ui.widgets.progress import ProgressLines

if TYPE_CHECKING:
    from clientdesk.desk.session import Session

R = TypeVar("R")
Report = Callable[[int, int], None]
"""Hears how many rows are done, of how many."""
Work = Callable[["Session", Report, Callable[[], bool]], R]
"""What is done, with whom it reports to and what says that the person wants no more of it."""

SHOWN_AFTER = 0.6
"""After so many seconds a dialog says how far it is."""
SHOWN_EVERY = 0.1
"""So many seconds pass between two looks at the progress."""


class WaitDialog(DialogScreen[None]):
    """Stands while something goes on, shows how far it is, and goes by itself when that has ended."""

    BINDINGS: ClassVar = [
        Binding("ctrl+c", "say_how_to_leave", show=False),
        Binding(BY_ID["app.leave"].keys, "say_how_to_leave", show=False, id="app.leave"),
    ]
    CSS_PATH = style("dialogs")

    def __init__(self, work: "asyncio.Task[Any]", progress: Callable[[], Progress]) -> None:
        super().__init__()
        self._work, self._progress = work, progress

    def on_mount(self) -> None:
        """Look from now on whether it has ended."""
        self.look()
        self.set_interval(SHOWN_EVERY, self.look)

    @property
    def how_to_leave(self) -> str:
        """Which key ends it, and what then becomes of what is done."""
        return _("{key} leaves it; nothing is changed.").format(key=first_key("dialog.cancel"))

    def action_say_how_to_leave(self) -> None:
        """What leaves the program elsewhere does not leave what is under way: say what ends that."""
        self.tell(self.how_to_leave)

    def look(self) -> None:
        """Show how far it is; leave where it has ended."""
        for lines in self.query(ProgressLines):
            lines.show(self._progress())
        if self._work.done():
            self.dismiss(None)


class StoppableWork(WaitDialog):
    """How far work on many rows is; `doing` says what it is. Esc stops it: whole batches stay, of what `writes`, and rows
    of the running one, which count as done in the bar, do not."""

    def __init__(
        self,
        doing: str,
        work: "asyncio.Task[Any]",
        progress: Callable[[], Progress],
        stop: threading.Event,
        writes: bool = True,
    ) -> None:
        super().__init__(work, progress)
        self._doing, self._stop, self._writes = doing, stop, writes

    def compose(self) -> ComposeResult:
        with DialogBox(id="work"):
            yield Static(Content(self._doing), classes="question")
            yield ProgressLines()
            with DialogText():
                yield Static(Content(self.how_to_leave), classes="hint text")

    @property
    def how_to_leave(self) -> str:
        if self._stop.is_set():
            return _("Finished batches stay.") if self._writes else ""
        if not self._writes:
            return super().how_to_leave
        sentence = _("{key} stops it: finished batches stay, nothing of the one under way is written.")
        return sentence.format(key=first_key("dialog.cancel"))

    def command_dialog_cancel(self) -> None:
        """Stop it."""
        self._stop.set()
        at_stop = self._progress()._replace(seconds=0.0)  # how long it would still take is of no interest any more
        self._progress = lambda: at_stop
        self.query_one(".question", Static).update(Content(_("Stopping…")))
        self.query_one(".hint", Static).update(Content(self.how_to_leave))
        self.look()

    def action_say_how_to_leave(self) -> None:
        """Once it is stopped there is nothing more to leave."""
        if not self._stop.is_set():
            super().action_say_how_to_leave()


async def with_progress(screen: DeskScreen[Any], doing: str, rows: int, function: Work[R], writes: bool = True) -> R:
    """Does on the gateway's thread what changes so many `rows`, or only looks at them (where it does not `write`); what
    takes long shows how far it is. Raises what the desk refuses."""
    stop, began = threading.Event(), time.monotonic()
    progress = Progress(0, rows)

    def report(rows_done: int, all_rows: int) -> None:
        nonlocal progress
        progress = Progress(rows_done, all_rows, time.monotonic() - began)

    try:
        with giving_way():
            work = asyncio.create_task(screen.gateway.call(function, report, stop.is_set))
            await asyncio.wait([work], timeout=SHOWN_AFTER)
            if not work.done():
                await screen.app.push_screen_wait(StoppableWork(doing, work, lambda: progress, stop, writes))
            return await work
    finally:
        stop.set()  # who leaves before the dialog stands there does not wait for all rows
