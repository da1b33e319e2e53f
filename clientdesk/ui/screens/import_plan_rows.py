"""The rows of a plan as a table shows them: line, verdict, client, and what happens."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from clientdesk.desk.imports.import_records import PlanRow
from clientdesk.domain.judged_row import RowVerdict
from clientdesk.text import N_, _, whole_number
from clientdesk.ui.import_under_way import Importing
from clientdesk.ui.screens import import_words as words
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_source import PlainRow

if TYPE_CHECKING:
    from clientdesk.desk.imports.importing import Import

_COLUMNS = (
    TableColumn("line", N_("Line"), 7, right=True),
    TableColumn("verdict", N_("Verdict"), 9),
    TableColumn("client", N_("Client"), 24, grow=12, pin=True),
    TableColumn("what", N_("What happens"), 34, grow=200),
)


def plan_columns() -> list[TableColumn]:
    """The table's columns."""
    return [column._replace(title=_(column.title)) for column in _COLUMNS]


@dataclass(frozen=True)
class PlanRows:
    """The rows of a plan that have one verdict ("" for all), read on the import's thread."""

    importing: Importing = field(compare=False)
    verdict: str
    judgings: int
    """How many times the plan was judged: rows of another judging are other rows."""

    async def rows(self, offset: int, limit: int) -> Sequence[PlainRow]:
        """A piece of the plan."""

        def read(plan: "Import") -> list[PlanRow]:
            return plan.rows(offset, limit, verdict=self.verdict)

        plan = self.importing.plan
        places = {} if plan is None else words.places_in(plan)
        return [_row(row, places) for row in await self.importing.ask(read)]

    async def count(self) -> int:
        """How many rows there are."""
        return await self.importing.ask(lambda plan: plan.count(verdict=self.verdict))

    async def position(self, row_id: int) -> int | None:
        """Where a row is; None where it has another verdict."""
        return await self.importing.ask(lambda plan: plan.place(row_id, self.verdict))


def _row(row: PlanRow, places: dict[str, int]) -> PlainRow:
    quiet = row.verdict in (RowVerdict.UNCHANGED, RowVerdict.SKIPPED)
    verdict = _(words.VERDICTS[row.verdict])
    happens = words.what_happens(row)
    return PlainRow(row.id, not quiet, (whole_number(row.line), verdict, words.name_in(row, places), happens))
