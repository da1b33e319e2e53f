"""The names that Textual keeps to itself and the program cannot do without, each behind a public one.

Nothing else in clientdesk uses a private name of Textual; `tests/ui/test_textual_private.py` fails where Textual has
renamed one of them.
"""

from collections.abc import Callable, Container, Coroutine, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS as ANSI_SEQUENCES_KEYS
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual._context import active_message_pump
from textual._keyboard_protocol import FUNCTIONAL_KEYS as FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from clientdesk.named_tuple import NamedTuple

if TYPE_CHECKING:
    import asyncio

    from rich.console import RenderableType
    from textual._path import CSSPathType as CSSPathType

Handling = Callable[[Message], Coroutine[Any, Any, None]]
"""What a part does with a message."""


class Piece(NamedTuple):
    """A piece of a line of the screen: where it begins, and what stands there."""

    x: int
    y: int
    strip: Strip


# --- messages


def around_messages(part: MessagePump, around: Callable[[Handling, Message], Coroutine[Any, Any, None]]) -> None:
    """From now on `around` is given each message of a part, with what the part does with it. The first one stays."""
    if "_dispatch_message" not in vars(part):
        part._dispatch_message = partial(around, part._dispatch_message)  # type: ignore[method-assign]  # of this part alone


def screen_at_work() -> Screen[Any] | None:
    """The screen of the part that is doing something at this moment."""
    part = active_message_pump.get(None)
    while part is not None and not isinstance(part, Screen):
        part = part._parent
    return part


class PassesOver(MessagePump):
    """A part that goes on where a message of its own ends with one of certain exceptions."""

    PASSED_OVER: ClassVar[tuple[type[Exception], ...]] = ()

    async def _on_message(self, message: Message) -> None:
        with suppress(*self.PASSED_OVER):
            await super()._on_message(message)


def tick_late(timer: Timer) -> None:
    """A timer whose moment has passed before it was waited for comes late; otherwise it leaves that moment out."""
    timer._skip = False


# --- widgets


def bound_keys(widget: Widget) -> Container[str]:
    """The keys that a widget has a command for, those of the person's own among them."""
    return widget._bindings.key_to_bindings


def lay_out_scrollbars(widget: Widget, size: Size) -> None:
    """What a layout would do for a widget's scrollbars when its contents have that size."""
    widget._scroll_update(size)


# --- the app


def pieces_of(update: LayoutUpdate | ChopsUpdate) -> Iterator[Piece]:
    """What of the screen Textual has drawn anew."""
    if isinstance(update, LayoutUpdate):
        for y, line in enumerate(update.strips, update.region.y):
            x = update.region.x
            for strip in line:
                yield Piece(x, y, strip)
                x += strip.cell_length
        return
    for y, start, end in update.spans:
        for strip_end, (x, piece) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if piece is not None and x <= end and strip_end > start:
                yield Piece(x, y, piece if strip_end <= end else piece.crop(0, end - x))


class OpenApp(App[int]):
    """An app that is told what Textual does with its parts and with failures."""

    def note_part(self, part: Widget) -> None:
        """A part of a screen is about to be there."""

    def failed(self, error: Exception) -> None:
        """Something has failed in the app or one of its parts. Textual's way: the app ends with a traceback."""
        super()._handle_exception(error)

    def _register(self, parent: DOMNode, *widgets: Widget, **how: Any) -> list[Widget]:
        for widget in widgets:
            self.note_part(widget)
        return super()._register(parent, *widgets, **how)

    def paint(self, pieces: Iterable[Piece]) -> None:
        """Pieces of the screen look different now: write them to the terminal."""

    @property
    def shows_paints_whole(self) -> bool:
        """Whether the terminal has said that it shows what comes between two marks at once."""
        return self._sync_available

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        # Textual's has always the next one, also under a screen that hides it, and whatever that one does paints both.
        hides = bool(self.screen_stack) and self.screen_stack[-1].styles.background.a == 1
        return [] if hides else super()._background_screens

    @property
    def has_terminal(self) -> bool:
        """Whether the app runs and has not given its terminal back."""
        return self._running and not self._closed and self._driver is not None

    def _display(self, screen: Screen[Any], renderable: "RenderableType | None") -> None:
        if not isinstance(renderable, (LayoutUpdate, ChopsUpdate)) or self.is_headless:
            super()._display(screen, renderable)
            return
        try:
            if self.has_terminal and not self._batch_count:
                self.paint(pieces_of(renderable))
        except Exception as error:  # noqa: BLE001 - as where Textual draws
            self._handle_exception(error)
        finally:
            self.post_display_hook()

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told there
            self.failed(error)

    def _handle_exception(self, error: Exception) -> None:
        self.failed(error)

    @property
    def is_ending(self) -> bool:
        """Whether it was told to end."""
        return self._exit

    @property
    def driver(self) -> Driver | None:
        """What reads and writes the terminal."""
        return self._driver

    async def obey_at_once(self, key: str) -> bool:
        """Do what a key with priority is bound to; whether there was something."""
        return await self._check_bindings(key, True)

    def raise_in_test(self, error: Exception) -> None:
        """Tests without a terminal (Pilot) fail with what has failed here."""
        if self._exception is None:
            self._exception = error
            self._exception_event.set()

    def end_with(self, code: int) -> None:
        """End without an answer, with this exit code, whatever messages still wait."""
        self._return_code = code
        self._close_messages_no_wait()


# --- the terminal


class OpenParser(XTermParser):
    """Textual's reading of what a terminal sends."""

    def keys_of(self, sequence: str) -> Iterator[events.Key]:
        """The keys that a whole sequence means."""
        yield from self._sequence_to_key_events(sequence)


class OpenDriver(LinuxDriver):
    """Textual's driver of a terminal, with public names for what it works with."""

    @property
    def app(self) -> App[Any]:
        """The app whose terminal it is."""
        return self._app

    @property
    def loop(self) -> "asyncio.AbstractEventLoop":
        """The app's event loop."""
        return self._loop

    @property
    def output(self) -> Any:
        """The file that is written to."""
        return self._file

    @output.setter
    def output(self, file: Any) -> None:
        self._file = file

    @property
    def is_writing(self) -> bool:
        """Whether its thread takes what is to be written."""
        return self._writer_thread is not None and self._writer_thread.is_alive()

    def terminal_size(self) -> tuple[int, int]:
        """Columns and lines of the terminal."""
        return super()._get_terminal_size()

    def _get_terminal_size(self) -> tuple[int, int]:
        return self.terminal_size()

    def _query_in_band_window_resize(self) -> None:
        """Textual would listen to sizes in sequences instead, also where only a reply to somebody else offers them.
        The system's word comes in every terminal."""
