"""What would an import's working tables cost as Peewee expressions? Times the statements that each row meets, as the text
that `store/judged_rows.py` has and as Peewee makes it, in turns, on processor seconds.

    python tests/bench/bench_working_rows.py [--rows 100000] [--runs 3]
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from peewee import SQL, BlobField, IntegerField, Model, SqliteDatabase, TextField

from clientdesk.domain.judged_row import Draft, JudgedRow
from clientdesk.store import row_packing as packing

_AT_ONCE = 500


def model_of_rows(database: SqliteDatabase) -> Any:
    """The working table `row` as a model."""
    columns: dict[str, Any] = {"id": IntegerField(primary_key=True)}
    for line in packing.TABLES.split("CREATE TABLE row (")[1].split(");")[0].strip().split(",\n"):
        name, kind = line.split()[:2]
        if name != "id":
            columns[name] = {"INTEGER": IntegerField, "BLOB": BlobField, "TEXT": TextField}[kind](null=True)
    meta = type("Meta", (), {"database": database, "table_name": "row"})
    return type("Row", (Model,), {**columns, "Meta": meta})


def written_rows(rows: int) -> list[tuple[Any, ...]]:
    """New clients as they are kept."""
    cells = ("Construcciones Peña SL", "C-1", "a@b.es")
    values = {"display_name": "Construcciones Peña SL"}
    return [
        packing.columns(JudgedRow(number, number + 1, cells), Draft(number, values=values, claim=f"c-{number}"))
        for number in range(1, rows + 1)
    ]


def parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Some of them at a time."""
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(arguments)
    database = SqliteDatabase(":memory:")
    connection = database.connection()
    connection.executescript(packing.TABLES)
    model, rows = model_of_rows(database), written_rows(options.rows)
    fields, ids = model._meta.sorted_fields, [row[0] for row in rows]
    fine = "verdict IN ('new', 'changed', 'unchanged') AND written = 0"
    is_fine = model.verdict.in_(("new", "changed", "unchanged")) & (model.written == 0)
    listed, marks = "id IN (SELECT value FROM json_each(?))", ", ".join("?" * len(fields))

    def among(part: Sequence[int]) -> Any:
        return model.id.in_(SQL("(SELECT value FROM json_each(?))", [json.dumps(part)]))

    def put_as_text(part: Sequence[Any]) -> None:
        connection.executemany(f"INSERT OR REPLACE INTO row VALUES ({marks})", part)  # noqa: S608 - question marks only

    def put(part: Sequence[Any]) -> None:
        model.insert_many(part, fields=fields).on_conflict_replace().execute()

    def read_as_text(part: Sequence[int]) -> None:
        connection.execute(f"SELECT {packing.DRAFT} FROM row WHERE {listed}", (json.dumps(part),)).fetchall()  # noqa: S608

    def read(part: Sequence[int]) -> None:
        columns = [getattr(model, name) for name in packing.DRAFT.split(", ")]
        list(model.select(*columns).where(among(part)).tuples().execute())

    def settle_as_text(part: Sequence[int]) -> None:
        connection.execute(f"UPDATE row SET written = 1, verdict = ? WHERE {listed}", ("new", json.dumps(part)))  # noqa: S608

    def settle(part: Sequence[int]) -> None:
        model.update(written=1, verdict="new").where(among(part)).execute()

    def count_as_text(_part: Sequence[int]) -> None:
        connection.execute(f"SELECT count(*) FROM row WHERE {fine} AND id < 500").fetchall()  # noqa: S608

    def count(_part: Sequence[int]) -> None:
        model.select().where(is_fine & (model.id < 500)).count()

    works: Sequence[tuple[str, Sequence[Any], Callable[[Any], None], Callable[[Any], None]]] = (
        ("put", rows, put_as_text, put),
        ("read drafts", ids, read_as_text, read),
        ("settle", ids, settle_as_text, settle),
        ("count", ids, count_as_text, count),
    )
    for name, of, *ways in works:
        seconds: list[list[float]] = [[], []]
        for _run in range(options.runs):
            for way, took in zip(ways, seconds, strict=True):
                before = time.process_time()
                for part in parts(of):
                    way(part)
                took.append(time.process_time() - before)
        text, expression = map(statistics.median, seconds)
        print(f"{name:12} of {options.rows:,} rows: text {text:.2f} s, Peewee {expression:.2f} s")


if __name__ == "__main__":
    main()
