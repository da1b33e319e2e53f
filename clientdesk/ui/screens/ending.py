"""How a screen ends: with its answer, once, and only itself."""

from textual.await_complete import AwaitComplete
from textual.screen import Screen, ScreenResultType


class EndsOnTop(Screen[ScreenResultType]):
    """A screen whose work may end while another one stands over it: `dismiss` then waits until that one is gone.

    Textual's own takes the top screen away, whichever that is, and gives the answer a second time when asked again.
    """

    _answer_due: tuple[ScreenResultType | None] | None = None

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Leave with this answer, now or as soon as the screen is on top; nothing where it is gone."""
        stack = self.app.screen_stack
        if stack and stack[-1] is self:
            return super().dismiss(result)
        if self in stack:
            self._answer_due = (result,)
        return AwaitComplete()

    def on_screen_resume(self) -> None:
        """The screen above has gone."""
        if self._answer_due is not None:
            answer, self._answer_due = self._answer_due[0], None
            self.dismiss(answer)
