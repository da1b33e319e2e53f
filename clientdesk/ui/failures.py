"""What becomes of failures that nobody has foreseen while the screens are shown.

The first is told in a dialog, and the program goes on. It ends with the next one, unless something that was asked of it
has worked in between: a key or a click that was followed by another one without a failure.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen

from clientdesk.ui.screens.base import Commanding
from clientdesk.ui.textual_private import Handling, around_messages, screen_at_work


class Fails(Protocol):
    """The app whose failures are told."""

    parts_at_work: set[MessagePump]

    @property
    def can_ask(self) -> bool: ...
    @property
    def screen_stack(self) -> Sequence[Screen[Any]]: ...
    def failed(self, error: Exception) -> None: ...
    def log_failure(self, error: BaseException | None) -> None: ...
    def fail(self, error: BaseException | None) -> None: ...
    def go_on(self) -> None: ...
    def forget_typed(self) -> None: ...
    def call_later(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool: ...
    def push_screen(self, screen: Screen[Any], callback: Callable[[Any], None] | None = None) -> Any: ...
    def get_default_screen(self) -> Screen[Any]: ...


class Failures:
    """Tells failures of the app's parts, and knows whether one follows upon another."""

    def __init__(self, app: Fails) -> None:
        self._app = app
        self._dialog: Screen[bool] | None = None
        """What tells a failure, from the failure until it is answered."""
        self._is_last = False
        """Whether the next failure is one too many."""
        self._tried = False
        """Whether anything was asked of the program since the last one."""
        self._unopened: list[Screen[Any]] = []
        """The screens that have failed while they were being opened: nothing can be done in them."""

    def guard(self, part: MessagePump) -> None:
        """See to it that a part of the screen goes on when what it does with a message fails: Textual would take it
        away, with all that was typed in it."""

        async def handle_or_tell(handle: Handling, message: Message) -> None:
            at_work = self._app.parts_at_work
            at_work.add(part)
            try:
                await handle(message)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told there
                self._app.failed(error)
            finally:
                at_work.discard(part)

        around_messages(part, handle_or_tell)

    def came(self, error: BaseException) -> None:
        """Tell that something has failed, or end."""
        if self._dialog is not None and not self._dialog.is_mounted:
            self._app.log_failure(error)  # of the same moment: one dialog tells all of it
            self._note_screen()
            return
        if self._is_last or not self._app.can_ask:
            self._app.fail(error)
            return
        self._app.log_failure(error)
        self._note_screen()
        from clientdesk.ui.screens.dialogs import FailureDialog

        self._is_last, self._dialog = True, FailureDialog()
        self._app.forget_typed()
        self._app.call_later(self._ask, self._dialog)

    def _note_screen(self) -> None:
        """Where a screen is failing that is just being opened, note it: it has no parts."""
        screen = screen_at_work()
        if screen is not None and not screen.is_mounted:
            self._unopened.append(screen)
            if isinstance(screen, Commanding):
                screen.is_unopened = True

    def _ask(self, dialog: Screen[bool]) -> None:
        self._app.push_screen(dialog, self._answered)

    def _answered(self, leaves: bool | None) -> None:
        self._dialog, self._tried = None, False
        if leaves:
            self._app.fail(None)
            return
        self._close_unopened()
        self._app.go_on()

    def _close_unopened(self) -> None:
        """Go back to what stands below a screen that could not be opened; in the place of the first one, a new one."""
        unopened, self._unopened = self._unopened, []
        stack = self._app.screen_stack
        places = [place for place, screen in enumerate(stack) if screen in unopened]
        if not places:
            return
        for _screen in stack[max(places[0], 1) :]:
            self._app.screen_stack[-1].dismiss(None)
        if places[0] == 0:
            self._app.push_screen(self._app.get_default_screen())

    def asked(self) -> None:
        """Something is asked of the program now: what was asked before it has done no harm."""
        if self._dialog is None:
            self._is_last = self._is_last and not self._tried
            self._tried = True
