"""Lines that stand on a screen only while there is something to say: apart, so that no start waits for them."""

from collections.abc import Callable

from clientdesk.text import _
from clientdesk.ui.widgets.bars import Bar, Part


class NoteLine(Bar):
    """A line that says what the person must know as long as it is so. `show(parts)`."""

    DEFAULT_CSS = """
    NoteLine { background: $warning 20%; color: $foreground; }
    """


class AlarmLine(NoteLine):
    """A line that says that nothing can be saved just now."""

    DEFAULT_CSS = """
    AlarmLine { background: $error 25%; }
    """


class AnotherFileLine(AlarmLine):
    """That the firm's file is `gone`, or not the one any more that was opened. A click on what can be done does it:
    `do` is called with the id of the command."""

    def __init__(self, gone: bool, do: Callable[[str], None]) -> None:
        super().__init__()
        self._do = do
        self.tell(gone)

    def tell(self, gone: bool) -> None:
        """Say what became of the file: it may be gone first, and then another one comes."""
        from clientdesk.ui.commands import BY_ID, keys_of

        command = BY_ID["app.save-copy"]
        key = next(iter(keys_of(command)), "")
        file_is = _("the firm's file is gone.") if gone else _("another file is there.")
        self.show(
            [Part(_("Nothing is saved any more: {why}").format(why=file_is), "strong"), Part("  ")],
            [Part(key, "key", command.id), Part(f" {_(command.title)}", "", command.id)],
        )

    def on_bar_picked(self, event: Bar.Picked) -> None:
        """Do what was clicked."""
        event.stop()
        self._do(event.target)


class AwayLine(AlarmLine):
    """That the firm's server does not answer, and since when (a time as it is shown)."""

    def __init__(self, since: str) -> None:
        super().__init__()
        sentence = _("No answer from the firm's server since {time}; trying again every second.")
        self.show([Part(sentence.format(time=since), "strong")])
