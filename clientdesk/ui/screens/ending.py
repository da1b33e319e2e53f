"""Screens that end by themselves, when work of theirs is done."""

from clientdesk.ui.screens.base import DeskScreen, Result


class EndingScreen(DeskScreen[Result]):
    """A screen that may be told to end while another one stands over it: it ends when that one is gone."""

    _answer: tuple[Result | None] | None = None

    def finish(self, answer: Result | None = None) -> None:
        """Leave with this answer, now or as soon as the screen is on top."""
        if self.app.screen is self:
            self.dismiss(answer)
        else:
            self._answer = (answer,)

    def on_screen_resume(self) -> None:
        """The screen above has gone."""
        if self._answer is not None:
            answer, self._answer = self._answer[0], None
            self.dismiss(answer)
