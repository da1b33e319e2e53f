"""Rows of one file that resemble each other: what is found, and what it takes where very many do."""

import tracemalloc
from collections.abc import Collection, Mapping

import pytest

from clientdesk.desk.imports import file_lookalikes, lookalikes
from clientdesk.desk.imports.file_lookalikes import FileLookalikes, Resemblance, resemblances
from clientdesk.desk.imports.import_records import ClientSetup
from clientdesk.domain.import_decisions import SKIP
from clientdesk.domain.judged_row import FileRow

SKIPPING = ClientSetup(duplicate_default=SKIP)


def row(row_id: int, name: str, **values: str) -> FileRow:
    return FileRow(row_id, row_id + 1, {"display_name": name, **values})


def found(*rows: FileRow) -> list[Resemblance]:
    index = FileLookalikes()
    by_id = {row.id: row for row in rows}

    def read(row_ids: Collection[int]) -> Mapping[int, FileRow]:
        return {row_id: by_id[row_id] for row_id in row_ids if row_id in by_id}

    for each in rows:
        index.add(each.id, each.values)
    return list(resemblances(index.candidates(), read, SKIPPING))


def said(of: Resemblance) -> list[tuple[str, object]]:
    return [(notice.field, notice.values["row"]) for notice in of.notices]


def test_rows_come_in_their_order_with_the_surest_likeness_first() -> None:
    lookalikes = found(
        row(1, "Sol SL", email="a@sol.es"),
        row(2, "Luna SA", tax_id="B12345674"),
        row(3, "Sol"),
        row(4, "Sol", email="A@sol.es", tax_id="B-12345674"),
        row(5, "Mar SL"),
    )
    assert [(each.row.id, said(each)) for each in lookalikes] == [
        (3, [("display_name", 1)]),
        (4, [("tax_id", 2), ("email", 1), ("display_name", 3)]),
    ]


def test_a_name_that_very_many_bear_takes_little_for_each_row(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    def counted(*rows: object) -> str:
        nonlocal compared
        compared += 1
        return lookalikes.by_what(*rows)  # type: ignore[arg-type]

    monkeypatch.setattr(file_lookalikes, "by_what", counted)
    told = found(*(row(number, "a") for number in range(1, 1_001)))
    assert len(told) == 999
    assert said(told[-1]) == [("display_name", 1), ("display_name", 2), ("display_name", 3)]
    assert compared <= 3 * 1_000


@pytest.mark.thorough("many")
def test_what_is_held_of_rows_that_are_alike_is_small() -> None:
    index = FileLookalikes()
    for number in range(1, 30_001):
        index.add(number, {"display_name": "a"})
    tracemalloc.start()
    try:
        pairs = sum(len(earlier) for _row, earlier in index.candidates())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert pairs > 500_000
    assert peak < 5_000_000
