"""The board: the clients of a list beside the last periods of a template of work, a sign and a word each."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult

from clientdesk.desk.work_board import BoardCell, InUse, Look
from clientdesk.desk.work_records import WorkOf
from clientdesk.domain.access import Action
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.periods import Period
from clientdesk.domain.selection import Selection
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import _, display_text, ngettext, whole_number
from clientdesk.ui.commands import Command, bindings_for, first_key
from clientdesk.ui.firm_change import BY_OTHERS, FirmChange
from clientdesk.ui.gateway import Gateway
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.board_words import cell_sentence, cell_words, short_period
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.undo_words import with_undo
from clientdesk.ui.widgets.bars import Part, StatusLine
from clientdesk.ui.widgets.board_table import BoardTable, board_columns, periods_that_fit
from clientdesk.ui.widgets.client_table import ClientRows
from clientdesk.ui.widgets.row_source import ListSource
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.desk.session import Session

MOST = 12
"""So many periods are shown at most."""
_IF_THERE = ("board.open", "board.template", "board.mark", "board.page")


class Ground(NamedTuple):
    """What the board stands on: the templates in use, today, and how many days from it on a due date is near."""

    templates: tuple[InUse, ...]
    today: date
    soon: int


def read_ground(session: "Session") -> Ground:
    """What the board stands on now."""
    from clientdesk.desk import work_board

    return Ground(work_board.templates_in_use(session), session.today(), int(session.firm.settings["soon_days"] or 0))


class CellsRow(NamedTuple):
    """A client's line of the board."""

    id: int
    active: bool
    values: tuple[str, ...]
    cells: tuple[BoardCell, ...]


class BoardRows(ClientRows):
    """The clients of a query, each with its work by a template in some periods."""

    def __init__(self, gateway: Gateway, query: ClientQuery, template_id: int, periods: tuple[Period, ...]) -> None:
        super().__init__(gateway, query, ("display_name",), "board")
        self.template_id, self.periods = template_id, periods

    async def rows(self, offset: int, limit: int) -> "Sequence[CellsRow]":  # type: ignore[override]  # rows of its own
        """A piece of the board."""
        from clientdesk.desk import work_board

        read = await self.gateway.read(
            "board.rows", work_board.window, self.query, self.template_id, self.periods, offset, limit
        )
        return [CellsRow(row.client_id, row.active, (row.name, *map(cell_words, row.cells)), row.cells) for row in read]


class BoardScreen(ListScreen[int | None]):
    """The clients of a query beside periods; `marks` are those of the list it was opened from, and are the board's to
    change. Answers with the id of the client that the cursor is on."""

    SCOPE = "board"
    BINDINGS = bindings_for("board")
    OPENS = "board.open"
    CSS_PATH = style("review")
    AUTO_FOCUS = "BoardTable"

    def __init__(
        self, query: ClientQuery, client_id: int | None, template_id: int, marks: Iterable[int], selection: Selection
    ) -> None:
        super().__init__()
        self._query, self._client_id = query, client_id
        self.marks = frozenset(marks), selection
        """Which clients are marked: the list's marks, and when the board is left its own."""
        self.template_id = template_id
        """The template that is shown; 0 until one is chosen."""
        self._ground: Ground | None = None
        self._last: Period | None = None
        """The last period that is shown; None until the templates are read."""
        self._shown = 0
        """So many periods are shown."""
        self._is_begun = False
        """Whether the first client has work in the period before the present one: there the cursor starts."""

    def title_text(self) -> str:
        template = self._template
        return _("Board") if template is None else _("Board · {template}").format(template=template.name)

    def body(self) -> ComposeResult:
        yield BoardTable()
        yield StatusLine(id="status")

    @property
    def table(self) -> BoardTable:
        """The board."""
        return self.query_one(BoardTable)

    @property
    def _template(self) -> InUse | None:
        templates = self._ground.templates if self._ground is not None else ()
        return next((template for template in templates if template.id == self.template_id), None)

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods that are shown."""
        if self._last is None:
            return ()
        kind, number = self._last
        return tuple(Period(kind, number - self._shown + place) for place in range(1, self._shown + 1))

    @property
    def period(self) -> Period | None:
        """The period that the cursor is on."""
        periods = self.periods
        return periods[self.table.column] if self.table.column < len(periods) else None

    @property
    def row(self) -> CellsRow | None:
        """The line that the cursor is on."""
        row = self.rows.current
        return row if isinstance(row, CellsRow) else None

    # --- reading and showing

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the templates and the board again."""
        ground = await self.gateway.read("board.ground", read_ground)
        if not self.is_there:
            return
        is_first, self._ground = self._ground is None, ground
        if self._template is None:
            self.template_id = ground.templates[0].id if ground.templates else 0
            self._last = None
        if is_first:
            self.rows.mark(*self.marks)
            self.rows.cursor_id = self._client_id
        await self._show(change)

    async def _show(self, change: FirmChange) -> None:
        template = self._template
        if template is not None and self._last is None:
            from clientdesk.desk import work_board

            before = Period(template.now.kind, template.now.number - 1)
            self._is_begun = await self.gateway.read(
                "board.start", work_board.is_begun, self._query, template.id, before
            )
            if not self.is_there:
                return
        if template is None:
            self.table.set_empty(self._none_in_use())
            self.table.set_source(ListSource(()), columns=board_columns(_("Client"), ()))
        else:
            self._arrange(template, change)
        self.write_title()
        self._write()

    def _arrange(self, template: InUse, change: FirmChange) -> None:
        """Show the periods that fit; where none was shown yet, the cursor goes to the last one that is over, or to the present one
        where the work has just begun."""
        before = self.period
        self._shown = periods_that_fit(self.size.width, MOST)
        if self._last is None or self._last.kind is not template.now.kind:
            self._last, before = template.now, None
        from_end = int(self._is_begun) if before is None else self._last.number - before.number
        at = self._shown - 1 - from_end
        self.table.column = max(0, min(at, self._shown - 1))
        if change.row_id is not None:
            self.rows.cursor_id = change.row_id
        titles = [short_period(period) for period in self.periods]
        self.table.set_empty([_("No client is in this list.")])
        self.table.set_source(
            BoardRows(self.gateway, self._query, template.id, self.periods),
            columns=board_columns(_("Client"), titles),
            change=change,
        )

    def _none_in_use(self) -> list[str]:
        about = _("A template says what is done for which clients, how often and until when: the board shows its work.")
        if self.gateway.allows(Action.MANAGE_WORK):
            use = _("{key} takes one in use that comes with clientdesk, such as Books review.")
            end = use.format(key=first_key("board.use"))
        else:
            admin = display_text(self.gateway.firm.primary_admin)
            end = _("Ask {admin} to take one in use, such as Books review.").format(admin=admin)
        return [_("The firm has no template of work in use."), about, "", end]

    def on_resize(self, event: events.Resize) -> None:
        """More periods fit, or fewer."""
        template = self._template
        if template is not None and periods_that_fit(event.size.width, MOST) != self._shown:
            self._arrange(template, FirmChange())
            self._write()

    def _write(self) -> None:
        """Who and what is under the cursor, and how many clients there are."""
        ground, row, period = self._ground, self.row, self.period
        left: list[Part] = []
        if ground is not None and row is not None and period is not None and self.table.column < len(row.cells):
            left = [
                Part(row.values[0], "plain"),
                Part(f" · {period.words}", "plain", keep=1),
                Part(f" · {cell_sentence(row.cells[self.table.column], ground.today, ground.soon)}", keep=2),
            ]
        right = []
        if self.rows.marks:
            right.append(Part(_("{count} marked").format(count=whole_number(len(self.rows.marks))), "accent", keep=3))
        if self.rows.count is not None and self._template is not None:
            count = ngettext("{count} client", "{count} clients", self.rows.count)
            right.append(Part(("   " if right else "") + count.format(count=whole_number(self.rows.count)), keep=3))
        self.query_one(StatusLine).show(left, right)
        self.write_footer()

    def footer_commands(self) -> Iterable[Command]:
        """Where there is no template, only how to take one in use."""
        idle = ("board.use",) if self._template is not None else _IF_THERE
        return [command for command in super().footer_commands() if command.id not in idle]

    # --- what the table tells

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """Another client."""
        if self.is_whole:
            self._write()

    def on_row_table_counted(self, event: RowTable.Counted) -> None:
        """It is known how many there are."""
        if self.is_whole:
            self._write()

    def on_row_table_marked(self, event: RowTable.Marked) -> None:
        """Other marks."""
        if self.is_whole:
            self._write()

    def on_board_table_sideways(self, event: BoardTable.Sideways) -> None:
        """Another period: beyond the first or the last that is shown, the periods go on by one."""
        template = self._template
        if template is None or self._last is None:
            return
        column = self.table.column + event.step
        if 0 <= column < self._shown:
            self.table.put_on(column)
        elif self._may_show(template, self.periods[0].number + column):
            self._last = Period(self._last.kind, self._last.number + event.step)
            period = Period(self._last.kind, self._last.number if event.step > 0 else self.periods[0].number)
            self._arrange(template, FirmChange())
            self.table.column = self.periods.index(period)
        self._write()

    def _may_show(self, template: InUse, number: int) -> bool:
        """Whether the board goes to a period: not to one before the firm does this work, nor beyond the one after now."""
        first = template.begins.number if template.begins is not None else template.now.number - 10 * MOST
        if number < first:
            self.tell(
                _("The firm does this work from {period} on.").format(period=Period(template.now.kind, first).words)
            )
            return False
        return number <= template.now.number + 1

    # --- commands

    async def command_board_open(self) -> None:
        """The review under the cursor."""
        from clientdesk.ui.screens.openings import review

        row, period = self.row, self.period
        if row is None or period is None:
            self.tell(_("No client here."))
            return
        if row.cells[self.table.column].look is Look.NONE:
            sentence = _("{client} has no such review in {period}.")
            self.tell(sentence.format(client=display_text(row.values[0]), period=period.words))
            return
        of = WorkOf(row.id, self.template_id, period)
        last = await self.app.push_screen_wait(review(of, self._query))
        await self.freshen(FirmChange(row_id=last))

    async def command_board_page(self) -> None:
        """The page of the cursor's client."""
        from clientdesk.ui.screens.openings import client_page

        if (row := self.row) is not None:
            last = await self.app.push_screen_wait(client_page(row.id, self._query))
            await self.freshen(FirmChange(row_id=last))

    async def command_board_template(self) -> None:
        """Choose another template."""
        from clientdesk.ui.screens.picker import Choose

        templates = self._ground.templates if self._ground is not None else ()
        if not templates:
            self.tell(self._none_in_use()[0])
            return
        options = [(template.id, template.name) for template in templates]
        chosen = await self.app.push_screen_wait(Choose(_("Which template?"), options, self.template_id))
        if chosen is not None:
            self.template_id, self._last = chosen, None
            await self._show(FirmChange())

    async def command_board_use(self) -> None:
        """Take a template in use that comes with clientdesk, and show it."""
        from clientdesk.desk import template_files
        from clientdesk.ui.screens.picker import Choose
        from clientdesk.ui.screens.work_templates import add_shipped

        present = {template.name for template in self._ground.templates} if self._ground is not None else set()
        names = {key: template_files.shipped(key).name for key in template_files.SHIPPED}
        options = [(key, name) for key, name in names.items() if name not in present]
        if not options:
            key = first_key("templates.open")
            self.tell(
                _("All that come with clientdesk are in use. In the client list, {key} makes others.").format(key=key)
            )
            return
        chosen = await self.app.push_screen_wait(Choose(_("Which template is taken in use?"), options))
        if chosen is None:
            return
        saved = await self.gateway.call(add_shipped, str(chosen))
        self.template_id, self._last = saved.template.id, None
        await self.freshen(FirmChange())
        sentence = with_undo(_("The template {name} is added."))
        self.tell(sentence.format(name=display_text(saved.template.name)))

    def command_board_mark(self) -> None:
        """Mark the client, and go on to the next."""
        self.rows.toggle_mark()
        self.rows.move_to(self.rows.cursor_row + 1)

    def command_app_back(self) -> None:
        """Back to the list, which takes the marks."""
        self.marks = self.rows.marks, self.rows.selection
        self.dismiss(self.rows.cursor_id)
