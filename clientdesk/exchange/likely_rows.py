"""Rows of a file that resemble earlier ones: found among the kept rows, and settled there as it was decided."""

import marshal  # quick, and read by nobody but the program that wrote it
from collections.abc import Collection, Iterable
from itertools import islice

from clientdesk.exchange.file_lookalikes import FileRow, Resemblance, into, taken_in
from clientdesk.exchange.kept_row import listed, packed, packed_problems, problems
from clientdesk.exchange.records import Verdict
from clientdesk.store.scratch import Scratch

_PART = 500


class LikelyRows:
    """The new clients among the kept rows of a file, to be compared with each other."""

    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch

    def new_clients(self, row_ids: Collection[int]) -> dict[int, FileRow]:
        """Those of these rows that are new clients, or were left out as one that is there already."""
        sql = (
            "SELECT id, line, given FROM row WHERE verdict IN ('new', 'skipped') AND written = 0 AND given IS NOT NULL"
            " AND id IN (SELECT value FROM json_each(?))"
        )
        found = self._scratch.all(sql, (listed(sorted(row_ids)),))
        return {row_id: FileRow(row_id, line, marshal.loads(given)) for row_id, line, given in found}

    def resemble(self, found: Iterable[Resemblance]) -> None:
        """Tells that rows resemble earlier ones, and does with each what was decided. Rows that were left out because
        the firm has their client stay as they are."""
        taken: dict[int, int] = {}
        resembling = iter(found)
        while part := list(islice(resembling, _PART)):
            kept = dict(
                self._scratch.all(
                    "SELECT id, notices FROM row WHERE verdict = 'new' AND id IN (SELECT value FROM json_each(?))",
                    (listed(each.row.id for each in part),),
                )
            )
            self._scratch.many(
                "UPDATE row SET notices = ?, verdict = ? WHERE id = ?",
                [
                    (packed_problems((*problems(kept[row.id]), *notices)), self._settled(row, decided, taken), row.id)
                    for row, notices, decided in part
                    if row.id in kept
                ],
            )

    def _settled(self, row: FileRow, decided: str, taken: dict[int, int]) -> str:
        """Does with a row what was decided; its verdict. `taken` are the rows that were taken in, by which."""
        wanted = into(decided)
        taker = self.new_clients([taken.get(wanted, wanted)]).get(taken.get(wanted, wanted)) if wanted else None
        if taker is not None:
            taken[row.id] = taker.id
            self._take_in(taker, row)
        return (Verdict.SKIPPED if taker or decided == "skip" else Verdict.NEW).value

    def _take_in(self, taker: FileRow, row: FileRow) -> None:
        """Gives a row what another one says; also its client number, where it has none of its own."""
        given = packed(taken_in(taker.values, row.values))
        self._scratch.sql("UPDATE row SET given = ? WHERE id = ?", (given, taker.id))
        if not taker.values.get("client_number"):
            ((claim, holder, name),) = self._scratch.all(
                "SELECT claim, holder, holder_name FROM row WHERE id = ?", (row.id,)
            )
            self._scratch.sql(
                "UPDATE row SET claim = ?, holder = ?, holder_name = ? WHERE id = ?", (claim, holder, name, taker.id)
            )
