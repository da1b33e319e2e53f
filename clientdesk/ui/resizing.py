"""A terminal that is resized again before its first new size has been laid out."""

from textual import events
from textual.message_pump import MessagePump


class LatestSize(MessagePump):
    """A screen that is laid out for the size that its terminal has now.

    Textual's tells itself each size that it lays out; where two are on their way, each would call back the other, and
    the screen would go back and forth between them for ever.
    """

    async def on_event(self, event: events.Event) -> None:
        """A size that is not the terminal's any more is passed over: the present one is told, too."""
        if not isinstance(event, events.Resize) or event.size == self.app.size:
            await super().on_event(event)
