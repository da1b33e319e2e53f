"""What is painted, on its way to the terminal: only what becomes another is written, and at once what belongs together.

Textual paints whenever something is laid out or may have changed: a screen that opens as often as its parts come to be.
What a key has changed is written when the key has been obeyed; what it has opened, when that has its rows. Where that
takes long, what there is by then is written.
"""

import asyncio
from collections.abc import Iterable

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS
from textual import events
from textual.screen import Screen
from textual.widget import Widget

from clientdesk.ui.keystrokes import LOOK_AGAIN, KeysInOrder
from clientdesk.ui.screens.base import Commanding
from clientdesk.ui.terminal.changed_cells import Picture
from clientdesk.ui.textual_private import Piece

KEY_HELD = 0.1
"""So many seconds what a key changes on a screen waits at most for all that the key does."""
SCREEN_HELD = 0.4
"""So many seconds a screen waits at most for what it shows."""
_QUIET = 2
"""So often more nothing must come when the screen was asked: what its parts tell one another takes turns."""
_BEGIN, _END = "\x1b[?2026h", "\x1b[?2026l"
"""What stands between them a terminal shows at once."""


class PaintsChanges(KeysInOrder):
    """An app that remembers what the terminal shows."""

    _picture: Picture | None = None
    _shown: Screen[object] | None = None
    """The screen that the terminal shows."""
    _cursor = (0, 0)
    _held: float | None = None
    """Since when something waits to be written, by the loop's clock."""
    _is_late = False
    """Whether what is being read takes so long that nothing waits for it any more."""
    _looking: asyncio.TimerHandle | None = None
    _paints = 0
    """So often something was painted."""

    def paint(self, pieces: Iterable[Piece]) -> None:
        """Pieces of the screen look different now."""
        picture = self._picture
        if picture is None:
            system = COLOR_SYSTEMS.get(self.console.color_system or "", ColorSystem.TRUECOLOR)
            picture = self._picture = Picture(system)
        if (picture.width, picture.height) != self.size:
            picture.resize(*self.size)
        for x, y, strip in pieces:
            picture.draw(x, y, strip)
        self._paints += 1
        if not self._is_unfinished:
            self._is_late = False
        if self._held is None:
            # The first screen of all shows at once whatever there is.
            if self._shown in (None, self.screen) and not self._is_changing:
                self._write()
                return
            self._held = asyncio.get_running_loop().time()
            self._wait()

    def repaint(self) -> None:
        """Nobody knows what the terminal shows: paint all of it."""
        if self._picture is not None:
            self._picture.forget()
        self.refresh()

    @property
    def is_painting(self) -> bool:
        """Whether something waits to be written."""
        return self._held is not None

    @property
    def _is_unfinished(self) -> bool:
        screen = self.screen
        if not isinstance(screen, Commanding):
            return False
        return screen.is_opening if screen is self._shown else screen.is_unfinished

    @property
    def _is_changing(self) -> bool:
        return self.obeying or (self._is_unfinished and not self._is_late)

    def note_obeyed(self) -> None:
        """What waits for the key can be written."""
        super().note_obeyed()
        self._settle()

    def _wait(self) -> None:
        """Look again soon, also where nobody tells that what is waited for is there."""
        if self._held is None or not self.screen_stack:
            return
        loop = asyncio.get_running_loop()
        reads = self._is_unfinished and not self._is_late
        if loop.time() - self._held >= (SCREEN_HELD if reads or self.screen is not self._shown else KEY_HELD):
            self._is_late = reads
            self._write()
        else:
            self._looking = loop.call_later(LOOK_AGAIN, self._wait)
            self._settle()

    def _settle(self, quiet: int = 0) -> None:
        """Ask the screen once more, after so many times in which nothing came."""
        if self._held is not None and self.screen_stack and not self._is_changing:
            self.screen.call_after_refresh(self._settled, self._paints, quiet)

    def _settled(self, paints: int, quiet: int) -> None:
        """What was on its way has been painted. What it has changed in turn is on its way now."""
        if self._held is None or self._is_changing:
            return
        if paints != self._paints:
            self._settle()
        elif self.screen.message_queue_size or any(
            map(self.has_something_to_do, self.screen.walk_children(Widget, with_self=False))
        ):
            return  # it is asked again soon
        elif quiet < _QUIET:
            self._settle(quiet + 1)
        else:
            self._write()

    def _write(self) -> None:
        self._held = None
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        driver = self.driver
        if self._picture is None or driver is None or not (self.has_terminal and self.screen_stack):
            return
        self._shown = self.screen
        changes = self._picture.changes()
        x, y = self.screen.outer_size.clamp_offset(self.cursor_position)
        if not changes and (x, y) == self._cursor:
            return
        self._cursor = x, y
        changes += f"\x1b[{y + 1};{x + 1}H"
        driver.write(f"{_BEGIN}{changes}{_END}" if self.shows_paints_whole else changes)
        driver.flush()

    async def on_event(self, event: events.Event) -> None:
        """A window that was dragged shows who knows what, also where it has its old size again."""
        await super().on_event(event)
        if isinstance(event, events.Resize):
            self.repaint()
