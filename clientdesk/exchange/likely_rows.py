"""Rows of a file that resemble earlier ones: found among the kept rows, and settled there as it was decided."""

import marshal  # quick, and read by nobody but the program that wrote it
from collections.abc import Collection, Iterable

from clientdesk.exchange.file_lookalikes import FileRow, Resemblance, into, taken_in
from clientdesk.exchange.kept_row import listed, packed, packed_problems, problems
from clientdesk.exchange.records import Verdict
from clientdesk.store.scratch import Scratch


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
        for row, notices, decided in found:
            kept = self._scratch.all("SELECT notices FROM row WHERE id = ? AND verdict = 'new'", (row.id,))
            if not kept:
                continue
            wanted = into(decided)
            taker = self.new_clients([taken.get(wanted, wanted)]).get(taken.get(wanted, wanted)) if wanted else None
            verdict = Verdict.SKIPPED if taker or decided == "skip" else Verdict.NEW
            told = packed_problems((*problems(kept[0][0]), *notices))
            self._scratch.sql("UPDATE row SET notices = ?, verdict = ? WHERE id = ?", (told, verdict.value, row.id))
            if taker is not None:
                taken[row.id] = taker.id
                self._take_in(taker, row)

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
