"""What the parts of the review screen share that write: who is asked, what is refused, and what is shown afterwards."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

from clientdesk.domain.access import Action
from clientdesk.domain.problems import Refused
from clientdesk.text import _
from clientdesk.ui.commands import BY_ID
from clientdesk.ui.firm_change import BY_YOU, FirmChange
from clientdesk.ui.screens.ask_and_save import AskAndSave
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.review_rows import ReviewRow

if TYPE_CHECKING:
    from clientdesk.desk.work_board import Seen
    from clientdesk.desk.work_doing import Done
    from clientdesk.desk.work_records import Work


class Review(Protocol):
    """A review that is shown."""

    seen: "Seen | None"
    lines: tuple[ReviewRow, ...]

    @property
    def row(self) -> ReviewRow | None:
        """The line that the cursor is on."""

    def show(self, seen: "Seen", change: FirmChange = BY_YOU) -> None:
        """Show a work as it stands."""


class ReviewPart:
    """What does commands of a review for its screen."""

    def __init__(self, screen: ListScreen[Any], review: Review) -> None:
        self._screen, self._review = screen, review

    @property
    def _work(self) -> "Work | None":
        """The work as it is shown; that it is still being read is told."""
        seen = self._review.seen
        if seen is None:
            self._screen.tell(_("One moment: the review is still being read."))
        return None if seen is None else seen.work

    def _part(self) -> ReviewRow | None:
        """The item or the account under the cursor; that there is none is told."""
        row = self._review.row
        if row is None or row.is_heading:
            self._screen.tell(_("This line is no item. The keys for one act on the items below it."))
            return None
        return row

    async def _write(self, change: Callable[..., "Done"], *arguments: Any, **named: Any) -> "Done":
        """Write; what others did meanwhile is read where that is refused."""
        try:
            return await self._screen.gateway.call(change, *arguments, **named)
        except Refused:
            await self._screen.guarded(self._screen.freshen(BY_YOU))
            raise

    def _take(self, done: "Done", row_id: int | None = None) -> None:
        """Show the work as it stands now; what others changed meanwhile is told."""
        seen = self._review.seen
        if seen is not None and seen.work.of == done.work.of:
            self._review.show(seen._replace(work=done.work), FirmChange(row_id=row_id))
        if done.conflicts:
            self._screen.tell(Refused(*done.conflicts))

    async def _saved(self, write: Callable[[], Awaitable["Done"]]) -> str:
        """Write for a dialog; the sentence that says why not, "" where it is written."""
        try:
            self._take(await write())
        except Refused as refusal:
            return refusal.message
        return ""

    def _asks(
        self,
        title: str,
        label: str,
        value: str,
        write: Callable[[str], Awaitable["Done"]],
        hint: str = "",
        verb: str = "",
    ) -> AskAndSave:
        """A dialog with one line that is saved so."""

        async def save(text: str) -> str:
            return await self._saved(lambda: write(text.strip()))

        return AskAndSave(title, label, value, save, hint=hint, verb=verb)

    async def _member(self, title: str, nobody: str, current: int) -> int | None:
        """The id of an active team member who is chosen, 0 for nobody, None for esc."""
        from clientdesk.desk import team
        from clientdesk.ui.screens.picker import Choose

        members = [member for member in await self._screen.gateway.call(team.members) if member.active]
        options = [*((member.id, member.name) for member in members), (0, nobody)]
        chosen: int | None = await self._screen.app.push_screen_wait(Choose(title, options, current))
        return chosen

    def _manages(self) -> bool:
        """Whether you may change people and dates; that you may not is told."""
        allowed = self._screen.gateway.allows(Action.MANAGE_WORK)
        if not allowed:
            self._screen.tell(self._screen.refusal(BY_ID["review.reopen"]))
        return allowed
