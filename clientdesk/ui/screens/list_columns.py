"""The columns of the client list: which, in which order, how wide, in which format; kept for each team member."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.app import ComposeResult
from textual.geometry import Size
from textual.strip import Strip

from clientdesk.domain import column_formats
from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import refuse
from clientdesk.text import _, ngettext
from clientdesk.ui.commands import bindings_for
from clientdesk.ui.firm_change import BY_OTHERS, FirmChange
from clientdesk.ui.screens.base import DeskScreen, style
from clientdesk.ui.widgets import line_layout
from clientdesk.ui.widgets.bars import Bar, Part
from clientdesk.ui.widgets.client_table import table_columns
from clientdesk.ui.widgets.line_colours import Painted
from clientdesk.ui.widgets.line_layout import TableColumn, fit
from clientdesk.ui.widgets.row_source import ListSource, PlainRow
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.desk.records import Column, Row
    from clientdesk.desk.session import Session
    from clientdesk.domain.problems import Problem

EXAMPLES = 2
"""So many clients stand in the preview."""
SCROLLBAR = 1
"""So many cells the list's scrollbar takes from its columns."""


def _read(session: "Session") -> "tuple[tuple[Sequence[Column], Problem | None], Sequence[Row]]":
    from clientdesk.desk import clients, list_columns

    names = session.catalogue.columns
    return list_columns.columns_as_kept(session), clients.window(session, ClientQuery(), names, 0, EXAMPLES)


class Preview(Painted):
    """The list's header with its first clients, as the columns would be."""

    ALLOW_SELECT = False

    def __init__(self, due_words: Callable[[str], str]) -> None:
        super().__init__()
        self._due_words = due_words
        self._columns: Sequence[TableColumn] = ()
        self._examples: Sequence[Row] = ()
        self._catalogue = BUILT_IN

    def show(self, columns: "Sequence[Column]", examples: "Sequence[Row]", catalogue: Catalogue) -> None:
        """Show these columns; the examples have every field of the catalogue."""
        self._columns, self._examples, self._catalogue = (
            table_columns(columns, catalogue, self._due_words),
            examples,
            catalogue,
        )
        self.refresh()

    def fitting(self, width: int) -> int:
        """How many of the columns a list of this width has room for."""
        return len(line_layout.lay_out(self._columns, width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return 1 + EXAMPLES

    def render_line(self, y: int) -> Strip:
        """The header, or an example."""
        width = self.size.width - SCROLLBAR
        look = self.look("foreground-muted", bold=True) if y == 0 else self.look()
        parts, at = [], 0
        for placed in line_layout.lay_out(self._columns, width):
            column = self._columns[placed.column]
            if y == 0:
                text = column.heading(placed.width)
            elif y <= len(self._examples):
                values = dict(zip(self._catalogue.columns, self._examples[y - 1].values, strict=True))
                value = values[column.key] or (values["display_name"] if column.pin else "")
                text = column.show(value) if column.show else value
            else:
                text = ""
            parts.append(" " * (placed.x - at) + fit(text, placed.width, column.right))
            at = placed.x + placed.width
        return Strip([Segment("".join(parts), look)]).adjust_cell_length(self.size.width, self.look())


class ColumnsScreen(DeskScreen[bool]):
    """Every field with a tick, a width and a format, in the order of the list. Answers whether something was saved.

    `present` are the columns of a view that has columns of its own, whose list keeps them; None for yours, which are
    saved here.
    """

    SCOPE = "columns"
    BINDINGS = bindings_for("columns")
    CSS_PATH = style("columns")
    AUTO_FOCUS = "RowTable"

    def __init__(self, present: "Sequence[Column] | None" = None) -> None:
        super().__init__()
        self._present = present
        self._catalogue = BUILT_IN
        """The fields, as they were when the columns were read."""
        self._order: list[str] = []
        self._ticked: set[str] = set()
        self._widths: dict[str, int] = {}
        self._formats: dict[str, str] = {}
        """Of the columns that have another format than the usual one."""
        self._first: Sequence[Column] = ()
        self._examples: Sequence[Row] = ()
        self._unread: Problem | None = None

    def title_text(self) -> str:
        return _("Columns of the list")

    def help_scopes(self) -> tuple[str, ...]:
        return ("columns", "table")

    def body(self) -> ComposeResult:
        yield Preview(self.gateway.due_words)
        yield Bar(id="fitting")
        yield RowTable(
            [
                TableColumn("shown", _("Shown"), 7),
                TableColumn("field", _("Field"), 26, pin=True),
                TableColumn("width", _("Width"), 6, right=True),
                TableColumn("format", _("Format"), 12),
            ],
            markable=True,  # a click there ticks the column
        )

    def on_mount(self) -> None:
        """Read your columns."""
        self.begin_reading(self._load)

    async def _load(self) -> None:
        (columns, self._unread), self._examples = await self.gateway.read("columns", _read)
        if self._present is not None:
            columns, self._unread = self._present, None
        self.tell_unread(self._unread)
        self._catalogue = self.catalogue
        self._begin(columns)
        self._first = self.columns
        self._show()

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read your columns where that could not be done before; what was chosen stays."""
        if not self._order:
            await self._load()

    def save_settled(self, saved: bool) -> None:
        """The columns are saved after all."""
        if saved:
            self._first = self.columns
            self.dismiss(True)

    def _begin(self, columns: "Sequence[Column]") -> None:
        chosen = [column.field for column in columns]
        self._order = [*chosen, *(name for name in self._catalogue.columns if name not in chosen)]
        self._ticked = set(chosen)
        self._widths = {name: self._catalogue.field(name).width for name in self._catalogue.columns} | {
            column.field: column.width for column in columns
        }
        self._formats = {column.field: column.format for column in columns if column.format}

    @property
    def columns(self) -> "tuple[Column, ...]":
        """The columns as they are chosen now."""
        from clientdesk.desk.records import Column

        ticked = (name for name in self._order if name in self._ticked)
        return tuple(Column(name, self._width(name), self._formats.get(name, "")) for name in ticked)

    def _width(self, name: str) -> int:
        """How wide a column is: at least as its format needs it."""
        return max(self._widths[name], self._least_width(name))

    def _least_width(self, name: str) -> int:
        return column_formats.least_width(self._catalogue.field(name), self._formats.get(name, ""))

    def _show(self) -> None:
        columns = self.columns
        preview = self.query_one(Preview)
        preview.show(columns, self._examples, self._catalogue)
        self._write_fitting()
        rows = [
            PlainRow(
                self._catalogue.columns.index(name),
                name in self._ticked,
                (
                    "[x]" if name in self._ticked else "[ ]",
                    self._catalogue.field(name).title,
                    str(self._width(name)),
                    column_formats.shown(self._catalogue.field(name), self._formats.get(name, "")),
                ),
            )
            for name in self._order
        ]
        table = self.query_one(RowTable)
        top, row_id = table.top, table.rows.cursor_id
        table.set_source(ListSource(rows), first=rows)
        # The window stays where it is, and the cursor on its column.
        table.scroll_to(y=top, animate=False, force=True)
        table.rows.move_to(next((number for number, row in enumerate(rows) if row.id == row_id), 0))

    def _write_fitting(self) -> None:
        total, fitting = len(self._ticked), self.query_one(Preview).fitting(self.size.width - SCROLLBAR)
        chosen = ngettext("{count} column", "{count} columns", total).format(count=total)
        if fitting < total:
            room = _("this terminal has room for {count}; → shows the others").format(count=fitting)
            chosen = f"{chosen} · {room}"
        self.query_one("#fitting", Bar).show([Part(chosen, "dim")])

    def on_resize(self) -> None:
        """Another number of columns may fit."""
        if self._order:
            self._write_fitting()

    # --- commands

    @property
    def _current(self) -> str | None:
        number = self.query_one(RowTable).rows.cursor_id
        return None if number is None else self._catalogue.columns[number]

    def _toggle(self, name: str) -> None:
        if column_formats.telling(self._ticked ^ {name}) is None:
            self.tell(refuse("columns_tell_nobody", "columns"))
            return
        self._ticked ^= {name}
        self._show()

    def command_columns_toggle(self) -> None:
        """Show the column, or hide it."""
        if (name := self._current) is not None:
            self._toggle(name)

    def on_row_table_opened(self, event: RowTable.Opened) -> None:
        """A click on the cursor's row."""
        self._toggle(self._catalogue.columns[event.row_id])

    def on_row_table_marked(self, event: RowTable.Marked) -> None:
        """A click left of a row: it is ticked, there are no other marks here."""
        if event.row is not None:
            self.query_one(RowTable).rows.mark()
            self._toggle(self._catalogue.columns[event.row.id])

    def _move(self, step: int) -> None:
        name = self._current
        if name is None:
            return
        old = self._order.index(name)
        new = max(0, min(old + step, len(self._order) - 1))
        if new != old:
            self._order.insert(new, self._order.pop(old))
            self._show()

    def command_columns_up(self) -> None:
        """Move the column to the left in the list."""
        self._move(-1)

    def command_columns_down(self) -> None:
        """Move the column to the right in the list."""
        self._move(1)

    def _widen(self, step: int) -> None:
        from clientdesk.desk.list_columns import NARROWEST, WIDEST

        name = self._current
        if name is not None:
            least = max(NARROWEST, self._least_width(name))
            self._widths[name] = max(least, min(self._width(name) + step, WIDEST))
            self._show()

    def command_columns_wider(self) -> None:
        """Make the column wider."""
        self._widen(1)

    def command_columns_narrower(self) -> None:
        """Make the column narrower."""
        self._widen(-1)

    def command_columns_format(self) -> None:
        """Write the column's values in its next format."""
        name = self._current
        if name is None:
            return
        field = self._catalogue.field(name)
        if not column_formats.formats_of(field):
            self.tell(_("{field}: numbers, dates, yes or no and long choices have formats.").format(field=field.title))
            return
        self._formats[name] = column_formats.next_format(field, self._formats.get(name, ""))
        self._show()

    def command_columns_reset(self) -> None:
        """Go back to the first columns, widths and formats."""
        from clientdesk.desk.list_columns import first_columns

        self._begin(first_columns())
        self._show()

    async def command_columns_save(self) -> None:
        """Save the columns and go back."""
        from clientdesk.desk import list_columns

        columns = self.columns
        if columns == self._first and self._unread is None:
            self.dismiss(False)
            return
        if self._present is None:
            await self.gateway.call(list_columns.save_columns, columns)
        self._first = columns
        self.dismiss(True)

    async def command_columns_cancel(self) -> None:
        """Go back; asks if something was changed."""
        if await self.may_leave():
            self.dismiss(False)

    def unsaved(self) -> str:
        """The columns, where they are others now."""
        return "" if self.columns == self._first else _("The columns were changed.")
