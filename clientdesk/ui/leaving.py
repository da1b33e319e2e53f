"""How the screens are left: by the person, who may be asked, and by signals."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.css.query import NoMatches
from textual.screen import Screen

from clientdesk import ending_signals
from clientdesk.text import _
from clientdesk.ui.gateway import Gateway
from clientdesk.ui.screens.base import Commanding


class Leaving:
    """Asks the open screens before the app ends, where there is something to lose."""

    def __init__(self, app: App[int], gateway: Gateway, break_off: Callable[[], None]) -> None:
        """`break_off` is called before a signal ends the app."""
        self._app, self._gateway, self._break_off = app, gateway, break_off
        self._asks = False
        self._left: Screen[Any] | None = None
        """The screen on which the person wanted to leave."""
        self._interrupted = False
        """Whether the dialog stands that answers SIGINT."""

    @property
    def is_deciding(self) -> bool:
        """Whether the screens are being asked whether they let go, and none of them asks the person now."""
        return self._asks and self._app.screen is self._left

    def hear_signals(self) -> None:
        """An orderly end when the system or somebody outside says so, or has said so while the app was starting, and
        not when they are to be ignored."""
        loop = asyncio.get_running_loop()
        answers = {signal.SIGTERM: self.at_once, signal.SIGHUP: self.at_once, signal.SIGINT: self.interrupted}
        for number in ending_signals.heard_signals(*answers):
            loop.add_signal_handler(number, answers[number], number)
        if ending_signals.last_number():
            self.at_once(ending_signals.last_number())

    def at_once(self, number: int) -> None:
        """End because of a signal: what is running is interrupted and rolls back; the terminal is restored."""
        self._break_off()
        self._app.exit(128 + number, 128 + number)

    def interrupted(self, number: int) -> None:
        """SIGINT from outside (ctrl+c is a key): where something is typed the person is asked, once."""
        typed = self._typed()
        if self._interrupted or self._asks or not typed:
            self.at_once(number)
            return
        from clientdesk.ui.screens.dialogs import Confirm

        def answered(leaves: bool | None) -> None:
            self._interrupted = False
            if leaves:
                self.at_once(number)

        self._interrupted = True
        question = _("Discard what was typed, and quit?")
        dialog = Confirm(question, typed, yes=_("Discard and quit"), no=_("Keep editing"), danger=True)
        # A signal comes between two messages; the dialog comes in the app's turn.
        self._app.call_later(self._app.push_screen, dialog, answered)

    def _typed(self) -> str:
        """What would be lost, in words; "" for nothing."""
        words = []
        for screen in self._app.screen_stack:
            if isinstance(screen, Commanding):
                with suppress(NoMatches):  # it is being opened: nothing is typed in it yet
                    words.append(screen.unsaved())
        return "\n".join(filter(None, words))

    def leave(self) -> None:
        """Leave, if the open screens let go."""
        if not self._asks:
            self._asks, self._left = True, self._app.screen
            self._app.run_worker(self._leave(), group="leave")

    async def _leave(self) -> None:
        try:
            for screen in reversed(self._app.screen_stack):
                if isinstance(screen, Commanding) and not await screen.may_leave():
                    return
            top = self._app.screen
            if isinstance(top, Commanding) and self._gateway.another_file is not None:
                from clientdesk.ui.screens.another_file import may_leave

                if not await may_leave(top):
                    return
            self._app.exit(0)
        finally:
            self._asks = False
