"""The table of clients: rows from the desk, columns from the catalogue of fields."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clientdesk.domain.fields import BY_NAME
from clientdesk.domain.query import ClientQuery
from clientdesk.text import N_, _
from clientdesk.ui.gateway import Gateway
from clientdesk.ui.widgets.cells import TableColumn
from clientdesk.ui.widgets.row_table import RowTable
from clientdesk.ui.widgets.rows import RowLike

if TYPE_CHECKING:
    from clientdesk.desk.records import Column, Row

_SHORT = {
    "client_number": N_("Number"),
    "client_type": N_("Type"),
    "lead": N_("Lead"),
    "company_id": N_("Company ID"),
    "fiscal_year_end": N_("Year end"),
    "contact_first_name": N_("First name"),
    "contact_last_name": N_("Last name"),
    "postal_code": N_("Code"),
    "primary_admin": N_("Primary admin"),
}
_GROW = {"display_name": 40, "email": 16, "business_name": 20}


def table_columns(columns: "Sequence[Column]") -> list[TableColumn]:
    """The table's columns for those that the member has chosen."""
    made = []
    for name, width in columns:
        known = BY_NAME[name]
        made.append(
            TableColumn(
                name,
                known.title,
                width,
                grow=_GROW.get(name, 0),
                pin=name == "display_name",
                show=known.display if known.choices else None,
                short=_(_SHORT.get(name, known.label)),
            )
        )
    return made


@dataclass(frozen=True)
class ClientRows:
    """The clients of a query, read through the gateway; a newer list of the same table drops the reads of an older
    one. `table` is a name that tells the program's tables of clients apart."""

    gateway: Gateway = field(compare=False)
    query: ClientQuery
    fields: tuple[str, ...]
    table: str = "list"

    def __post_init__(self) -> None:
        self.gateway.drop(*(f"{self.table}.{what}" for what in ("rows", "count", "position")))

    async def rows(self, offset: int, limit: int) -> "Sequence[Row]":
        """A piece of the list."""
        from clientdesk.desk import clients

        return await self.gateway.read(f"{self.table}.rows", clients.window, self.query, self.fields, offset, limit)

    async def count(self) -> int:
        """How many clients the list has."""
        from clientdesk.desk import clients

        return await self.gateway.read(f"{self.table}.count", clients.count, self.query)

    async def position(self, row_id: int) -> int | None:
        """Where a client stands in the list."""
        from clientdesk.desk import clients

        return await self.gateway.read(f"{self.table}.position", clients.position, self.query, row_id)


class ClientTable(RowTable):
    """The client list's table: an inactive client is told by a word, in its status or before its name."""

    def cell(self, row: RowLike, column: TableColumn, value: str) -> str:
        if column.pin and not row.active and "status" not in self.visible_columns:
            return f"({_('inactive')}) {value}"
        return super().cell(row, column, value)
