"""The table of clients: rows from the desk, columns from the catalogue of fields."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.column_formats import DUE, fields_to_read, telling, writer
from clientdesk.domain.fields import Kind
from clientdesk.domain.fold import words
from clientdesk.domain.search_words import fields_with, in_digits, occurs, spans
from clientdesk.domain.selection import Selection
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import _
from clientdesk.ui.gateway import Gateway
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_source import RowLike
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.desk.records import Column, Row

_GROW = {"display_name": 40, "email": 16, "business_name": 20}
_GROW_FOR_NAMES = 20
"""So much more the client number gets where names stand in for those that are missing."""


def table_columns(
    columns: "Sequence[Column]", catalogue: Catalogue, due_words: Callable[[str], str]
) -> list[TableColumn]:
    """The table's columns for those that the member has chosen; `due_words` says of a due date how near it is."""
    stays = telling(column.field for column in columns)
    made_columns = []
    for name, width, in_format in columns:
        field_of_column = catalogue.field(name)
        made_columns.append(
            TableColumn(
                name,
                field_of_column.title,
                width,
                grow=_GROW.get(name, _GROW_FOR_NAMES if name == stays else 0),
                pin=name == stays,
                show=writer(field_of_column, in_format, due_words),
                short=field_of_column.short_title,
                right=field_of_column.kind is Kind.DECIMAL,
            )
        )
    return made_columns


class ClientRows:
    """The clients of a query, read through the gateway; a newer list of the same table drops the reads of an older
    one. `table` is a name that tells the program's tables of clients apart."""

    def __init__(self, gateway: Gateway, query: ClientQuery, fields: tuple[str, ...], table: str = "list") -> None:
        self.gateway = gateway
        self.query = query
        self.fields = fields
        self.table = table
        gateway.drop(*(f"{table}.{read}" for read in ("rows", "count", "position")))

    def __eq__(self, other: object) -> bool:
        """Whether it is the same list with the same columns."""
        return type(other) is type(self) and vars(other) == vars(self)

    @property
    def fields_read(self) -> tuple[str, ...]:
        """The fields of the columns, and behind them what else is read of each client."""
        return fields_to_read(self.fields, self.query.find)

    async def rows(self, offset: int, limit: int) -> "Sequence[Row]":
        """A piece of the list."""
        from clientdesk.desk import clients

        return await self.gateway.read(
            f"{self.table}.rows", clients.window, self.query, self.fields_read, offset, limit
        )

    async def count(self) -> int:
        """How many clients the list has."""
        from clientdesk.desk import clients

        return await self.gateway.read(f"{self.table}.count", clients.count, self.query)

    async def position(self, row_id: int) -> int | None:
        """Where a client stands in the list."""
        from clientdesk.desk import clients

        return await self.gateway.read(f"{self.table}.position", clients.position, self.query, row_id)

    async def ids(self) -> Sequence[int]:
        """The ids of all clients of the list."""
        from clientdesk.desk import chosen_clients

        return await self.gateway.read(f"{self.table}.ids", chosen_clients.settle, Selection(self.query))

    async def between(self, one_id: int, other_id: int) -> Sequence[int]:
        """The ids of the clients from one to another."""
        from clientdesk.desk import chosen_clients

        return await self.gateway.read(f"{self.table}.ids", chosen_clients.between, self.query, one_id, other_id)


class Elsewhere(NamedTuple):
    """A value in which a searched word was found, and the title of its field."""

    title: str
    value: str


class ClientTable(RowTable):
    """The client list's table: an inactive client is told by a word, in its status or before its name.

    What a search has found stands out; what it has found in a field that cannot be seen, `found_elsewhere` tells.
    """

    wanted: tuple[str, ...] = ()
    """What is looked for, folded."""
    _fields: tuple[str, ...] = ()

    def rows_changed(self) -> None:
        """Other rows, perhaps of another search."""
        source = self.rows.source
        if isinstance(source, ClientRows):
            self.wanted, self._fields = words(source.query.find), source.fields_read
        super().rows_changed()

    def values(self, row: RowLike) -> dict[str, str]:
        """The values of a row by their fields."""
        return dict(zip(self._fields, row.values, strict=False))

    def _note(self, row: RowLike, column: TableColumn) -> str:
        """What stands before an inactive client's name where no column says it."""
        if column.key == "display_name" and not row.active and "status" not in self.columns.visible:
            return f"({_('inactive')}) "
        return ""

    def cell(self, row: RowLike, column: TableColumn, value: str) -> str:
        if column.pin and not value:  # the only column that says who it is, of a client without a number
            return self.values(row).get("display_name", "")
        return self._note(row, column) + super().cell(row, column, value)

    def _is_late(self, due: str) -> bool:
        """Whether work is due before today: it stands out."""
        rows = self.rows.source
        return isinstance(rows, ClientRows) and rows.gateway.is_late(due)

    def found_in(self, row: RowLike, column: TableColumn, drawn: str) -> Iterable[tuple[int, int]]:
        if column.key == DUE and self._is_late(self.values(row).get(DUE, "")):
            return [(0, len(drawn.rstrip()))]
        if not self.wanted or column.key not in BUILT_IN.searched:
            return ()
        start = len(self._note(row, column))
        matches = spans(drawn[start:], self.wanted, digits=in_digits(column.key))
        return [(start + first, start + end) for first, end in matches]

    def remarked(self, row: RowLike, number: int, drawn: Sequence[str]) -> str:
        """Behind the name, in which fields that cannot be seen something was found."""
        cell = drawn[number]
        if not self.wanted or not self.columns[self.columns.placed[number]].pin:
            return cell
        remark = ", ".join(field.title for field in self._elsewhere(row, drawn))
        room = len(cell) - len(cell.rstrip())
        return f"{cell[: -len(remark) - 2]}({remark})" if remark and room > len(remark) + 2 else cell

    def found_elsewhere(self, row: RowLike) -> list[Elsewhere]:
        """Where those words were found in a client that stand out in none of its cells on the screen."""
        return (
            self._elsewhere(row, [self.drawn_cell(row, placed) for placed in self.columns.placed])
            if self.wanted
            else []
        )

    def _elsewhere(self, row: RowLike, drawn: Sequence[str]) -> list[Elsewhere]:
        """The same, where the row's cells are `drawn` already."""
        searched_cells = [
            cell[len(self._note(row, column)) :]
            for placed, cell in zip(self.columns.placed, drawn, strict=True)
            if (column := self.columns[placed]).key in BUILT_IN.searched
        ]
        unseen = [word for word in self.wanted if not any(occurs(drawn, word, digits=True) for drawn in searched_cells)]
        values = self.values(row)
        names = dict.fromkeys(fields_with(values, unseen).values())
        return [Elsewhere(BUILT_IN.by_name[name].title, values[name]) for name in names]
