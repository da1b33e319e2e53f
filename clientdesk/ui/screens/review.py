"""A client's review: one work with its sections, items and accounts, worked through by keys, from client to client of a list."""

from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from clientdesk.desk.work_board import Seen
from clientdesk.desk.work_records import WorkOf
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import Refused
from clientdesk.domain.rules import called
from clientdesk.text import _, display_text, one_line
from clientdesk.ui.commands import Command, bindings_for
from clientdesk.ui.firm_change import BY_OTHERS, BY_YOU, FirmChange
from clientdesk.ui.screens import review_rows as words
from clientdesk.ui.screens.base import is_away, style
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.review_doing import DoingReview
from clientdesk.ui.screens.review_managing import ManagingReview
from clientdesk.ui.screens.review_rows import ReviewRow
from clientdesk.ui.widgets.bars import Bar, Part, StatusLine
from clientdesk.ui.widgets.line_colours import ERROR
from clientdesk.ui.widgets.line_layout import TableColumn, fit
from clientdesk.ui.widgets.review_table import ReviewTable
from clientdesk.ui.widgets.row_source import ListSource
from clientdesk.ui.widgets.row_table import RowTable
from clientdesk.ui.widgets.wrapping import wrapped

LABEL = 17
"""The width of the labels below the table."""
OF_ITEMS = ("review.tick", "review.waiting", "review.not-applicable")
OF_CLIENTS_OWN = ("review.rename", "review.remove")
IF_COMPLETED = (*OF_ITEMS, "review.complete", "review.state")
"""What is not offered while the review is completed."""


class Head(Bar):
    """Which review it is, and how it stands."""

    DEFAULT_CSS = "Head { color: $foreground; }"


class ReviewRows(ListSource):
    """The lines of a review; those of the same work are the same list, whatever was done of it."""

    def __init__(self, of: WorkOf, rows: Sequence[ReviewRow]) -> None:
        super().__init__(rows)
        self.of = of

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ReviewRows) and other.of == self.of

    __hash__ = None  # type: ignore[assignment]  # it is compared, and in no set


class ReviewScreen(ListScreen[int | None]):
    """One work. `query` is the list it was opened from. Answers with the id of the last client shown."""

    SCOPE = "review"
    BINDINGS = bindings_for("review")
    OPENS = "review.open"
    CSS_PATH = style("review")
    AUTO_FOCUS = "ReviewTable"

    def __init__(self, of: WorkOf, query: ClientQuery) -> None:
        super().__init__()
        self.of = of
        self._query = query
        self._row = 0
        """Where the client stands in the list, as far as is known."""
        self.seen: Seen | None = None
        """The work that is shown; None until it is read."""
        self.lines: tuple[ReviewRow, ...] = ()
        """Its rows."""
        self._columns: tuple[TableColumn, ...] = ()
        """The columns as wide as these need them."""
        self.parts = (DoingReview(self, self), ManagingReview(self, self))

    def title_text(self) -> str:
        return "" if self.seen is None else called(self.seen.work.client)

    def body(self) -> ComposeResult:
        yield Head(id="head")
        yield ReviewTable(words.columns_of(()))
        yield Static(id="details")
        yield StatusLine(id="status")

    @property
    def row(self) -> ReviewRow | None:
        """The line that the cursor is on."""
        row = self.rows.current
        return row if isinstance(row, ReviewRow) else None

    # --- reading and showing

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the work again; one that is there no more closes the screen."""
        from clientdesk.desk import work_board

        of = self.of
        try:
            seen = await self.gateway.read("review.fresh", work_board.seen, of)
        except Refused as refusal:
            if self.of == of and self.is_there and not (is_away(refusal) and self.seen is not None):
                self.tell(refusal)
                self.dismiss(of.client_id)
                return
            raise
        if self.of == of and self.is_there:
            self.show(seen, change)

    async def go_to(self, of: WorkOf) -> bool:
        """Show another work, with the cursor on the first item that is open; where there is none, that is told, and this one
        stays."""
        from clientdesk.desk import work_board

        seen = await self.gateway.read("review.fresh", work_board.seen, of)
        if not self.is_there:
            return False
        self.of, self.seen = of, None
        self.show(seen)
        return True

    def show(self, seen: Seen, change: FirmChange = BY_YOU) -> None:
        """Show a work as it stands; the cursor goes to the row that the change names."""
        is_another, self.seen = self.seen is None, seen
        self.lines = words.rows_of(seen)
        if is_another:
            self.rows.cursor_id = words.first_open(self.lines)
        elif change.row_id is not None:
            self.rows.cursor_id = change.row_id
        self.table.set_empty([_("The template of this review has no items.")])
        columns = words.columns_of(self.lines)
        others = None if columns == self._columns else columns
        self._columns = columns
        self.table.set_source(ReviewRows(self.of, self.lines), columns=others, change=change)
        self._write()

    def _write(self) -> None:
        seen = self.seen
        if seen is None:
            return
        work = seen.work
        due = words.due_in_words(seen)
        is_late = not work.is_completed and work.due < seen.today
        self.query_one(Head).show(
            [Part(work.template, "strong"), Part(" · "), Part(work.of.period.words, "strong", keep=2)],
            [
                Part(words.progress_words(work.progress), keep=2),
                Part(" · ", keep=2),
                Part(work.state.name, "accent" if work.is_completed else "strong", keep=1),
                Part(" · ", keep=2),
                Part(due, "danger" if is_late else "", keep=2),
                *([Part(_(" (moved)"), "dim")] if work.moved else []),
            ],
        )
        roles = [f"{role.name}: {role.member.name or '–'}" for role in work.people]
        parts = [Part(" · ".join(roles))]
        if waiting := words.waiting_words(work):
            parts.append(Part(f" · {waiting}", "accent", keep=2))
        if work.note:
            parts.append(Part(f" · {one_line(work.note)}"))
        self.query_one(StatusLine).show(parts, [] if work.active else [Part(_("Inactive"), "danger")])
        self._write_details()
        self.write_title()
        self.write_footer()

    def _write_details(self) -> None:
        """What is known of the line under the cursor, as far as there is room."""
        details = self.query_one("#details", Static)
        if self.seen is None:
            return
        width, height = max(LABEL + 8, self.size.width - 4), max(1, details.size.height or 3)
        lines: list[Content] = []
        for label, text in words.details_of(self.row, self.seen):
            style_of = ERROR if label == _("Reopened because") else ""
            for number, line in enumerate(wrapped(display_text(one_line(text)), width - LABEL)[:2]):
                title = fit(label, LABEL - 1) + " " if number == 0 else " " * LABEL
                lines.append(Content.assemble((title, "$foreground-muted"), (line, style_of)))
        details.update(Content("\n").join(lines[:height]))

    def on_resize(self) -> None:
        """The details have another width, as soon as they are laid out."""
        if self.seen is not None:
            self.call_after_refresh(self._write_details)

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """Another line."""
        if self.is_whole and self.query("#details"):
            self._write_details()
            self.write_footer()

    def footer_commands(self) -> Iterable[Command]:
        """What can be done with this line."""
        row, seen = self.row, self.seen
        idle: set[str] = set()
        if row is None or row.is_heading:
            idle |= {*OF_ITEMS, *OF_CLIENTS_OWN, "review.open"}
        elif row.item is not None and not row.item.of_client:
            idle |= set(OF_CLIENTS_OWN)
        if seen is not None:
            idle |= set(IF_COMPLETED) if seen.work.is_completed else {"review.reopen"}
        return [command for command in super().footer_commands() if command.id not in idle]

    def footer_title(self, command: Command) -> str:
        """What space does with this line."""
        if command.id == "review.tick" and self.row is not None and self.row.is_settled:
            return _("To do")
        return super().footer_title(command)

    # --- from client to client, and from period to period

    async def _beside(self, step: int, end: str) -> None:
        from clientdesk.desk import work_board

        place = await self.gateway.read("review.beside", work_board.beside, self._query, self.of, self._row, step)
        if place is None:
            self.tell(end)
        elif await self.go_to(place.of):
            self._row = place.row

    async def command_review_next(self) -> None:
        """To the next client of the list with such a review."""
        await self._beside(1, _("This is the last client of the list with such a review."))

    async def command_review_previous(self) -> None:
        """To the previous one."""
        await self._beside(-1, _("This is the first client of the list with such a review."))

    async def command_review_earlier(self) -> None:
        """To the period before."""
        if self.seen is not None and self.seen.work.previous is None:
            self.tell(_("The work of this client begins with {period}.").format(period=self.of.period.words))
        elif self.seen is not None and self.seen.work.previous is not None:
            await self.go_to(self.of._replace(period=self.seen.work.previous))

    async def command_review_later(self) -> None:
        """To the period after."""
        if self.seen is not None:
            await self.go_to(self.of._replace(period=self.seen.work.next))

    def command_app_back(self) -> None:
        """Back to where the review was opened."""
        self.dismiss(self.of.client_id)
