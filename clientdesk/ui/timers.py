"""Timers that come late rather than never."""

from textual.message_pump import MessagePump
from textual.timer import Timer, TimerCallback

from clientdesk.ui.textual_private import tick_late


class LateTimers(MessagePump):
    """Sets timers that come also where the computer is so busy that their moment has passed before they are waited for:
    Textual leaves such a moment out, and a timer of one moment would never come.
    """

    def set_timer(
        self, delay: float, callback: TimerCallback | None = None, *, name: str | None = None, pause: bool = False
    ) -> Timer:
        """Calls back once after `delay` seconds, or as soon as it can."""
        timer = super().set_timer(delay, callback, name=name, pause=True)
        tick_late(timer)
        if not pause:
            timer.resume()
        return timer
