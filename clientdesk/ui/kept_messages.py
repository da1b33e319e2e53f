"""What the program has told the person: shown for some seconds, and kept to be read again."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from textual.app import App
from textual.geometry import Size
from textual.notifications import SeverityLevel

from clientdesk.named_tuple import NamedTuple
from clientdesk.text import display_lines

if TYPE_CHECKING:
    from clientdesk.ui.widgets.in_place_words import Said

KEPT = 50
"""So many messages are kept."""
WIDEST = 95
"""So many hundredths of the screen a message is wide at most (the styles say it too)."""
_AROUND = 6
"""So many lines a message leaves free: the title and a row above, the bars below."""
_EDGES = 6
"""So many cells beside its lines are taken: the edge, the margins, the scrollbar of all messages."""
_SECONDS_A_LINE = 3.0
"""So long a line is shown at least."""


class Told(NamedTuple):
    """A message, when it was told (by this computer's clock), and whether it warned."""

    at: datetime
    text: str
    warning: bool


class Telling(App[int]):
    """An app that keeps what it tells, and cuts no message without saying which key shows it whole."""

    def __init__(self) -> None:
        super().__init__()
        self._told: deque[Told] = deque(maxlen=KEPT)

    def messages(self) -> Iterator[Told]:
        """What was told, the latest first."""
        return reversed(self._told)

    def keep_message(self, text: str, warning: bool = False) -> None:
        """Keep a message that is shown elsewhere; the same one again is kept once, with the later time."""
        if self._told and self._told[-1].text == text:
            self._told.pop()
        self._told.append(Told(datetime.now(), text, warning))

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a message for so many seconds, longer where it is long, and keep it. It is never parsed as markup."""
        from clientdesk.ui.widgets.wrapping import fitted, wrapped  # not for the first list

        text = display_lines(message)
        self.keep_message(text, severity != "information")
        size = self.size if self.size.width else Size(80, 24)
        width, height = size.width * WIDEST // 100 - _EDGES, size.height - _AROUND
        lines = wrapped(text, max(8, width))
        if len(lines) > height:
            text = "\n".join(fitted(text, width, height))
        seconds = max(timeout or self.NOTIFICATION_TIMEOUT, _SECONDS_A_LINE * min(len(lines), height))
        super().notify(text, title=title, severity=severity, timeout=seconds, markup=False)

    def show_passing(self, text: str) -> None:
        """Show a word about what goes on at this moment: nobody will look it up, so it is not kept."""
        super().notify(text, markup=False)

    def on_said_cut(self, message: "Said.Cut") -> None:
        """What a screen says at length is kept whole."""
        message.stop()
        self.keep_message(message.text, warning=True)
