"""By what deleted clients and refused rows are found, made anew from the history and from the error logs.

While a firm is worked in, triggers write the text of a client that is deleted, and an error log the text of each row. A
firm of an earlier clientdesk gets them when it is brought up to date, and any firm when it is repaired.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from peewee import Database

from clientdesk.domain.bounds import escaped, parsed
from clientdesk.domain.fold import cells_text, search_text
from clientdesk.domain.kept_json import is_cells

_AT_ONCE = 500
_DELETIONS = (
    "SELECT h.id, h.key, h.old FROM history h WHERE h.id > {mark} AND h.entity = 'client' AND h.operation = 'delete'"
    " AND h.old IS NOT NULL AND h.id = (SELECT max(l.id) FROM history l WHERE l.entity = h.entity AND l.key = h.key)"
    f" ORDER BY h.id LIMIT {_AT_ONCE}"
)
_REFUSALS = (
    "SELECT run_id, place, cells, search_text FROM import_refusal WHERE (run_id, place) > ({mark}, {mark})"
    f" ORDER BY run_id, place LIMIT {_AT_ONCE}"
)
_FIRST = -(2**63)


def text_when_deleted(old: str | None) -> str | None:
    """By what a deleted client is found, of what its last entry says (JSON); None where that was erased or is none."""
    values = parsed(escaped(old), "object") if old else None
    if not isinstance(values, dict):
        return None
    return search_text({name: value for name, value in values.items() if isinstance(value, str)})


def text_of_cells(cells: str) -> str:
    """By what a refused row is found, of its cells (JSON); "" where these cannot be read."""
    read = parsed(cells, "array")
    return cells_text(read) if is_cells(read) else ""


def fill(db: Database) -> None:
    """Writes the texts anew, inside a transaction in which no trigger does it."""
    db.execute_sql("DELETE FROM deleted_client")
    for rows in _pages(db, _DELETIONS, (_FIRST,), 1):
        texts = [(key, text) for _id, key, old in rows if (text := text_when_deleted(old)) is not None and _is_id(key)]
        if texts:
            marks = ", ".join([f"({db.param}, {db.param})"] * len(texts))
            values = [value for key, text in texts for value in (int(key), text)]
            db.execute_sql(f"INSERT INTO deleted_client (client_id, search_text) VALUES {marks}", values)
    for rows in _pages(db, _REFUSALS, (_FIRST, -1), 2):
        for run_id, place, cells, present in rows:
            if (text := text_of_cells(cells)) != present:
                sql = f"UPDATE import_refusal SET search_text = {db.param} WHERE run_id = {db.param} AND place = {db.param}"
                db.execute_sql(sql, (text, run_id, place))


def _pages(db: Database, sql: str, before: Sequence[int], key: int) -> Iterator[list[Any]]:
    """The rows of a statement, some hundred at a time, behind the `key` columns of the last one."""
    last: Sequence[Any] = before
    while rows := db.execute_sql(sql.format(mark=db.param), tuple(last)).fetchall():
        yield rows
        last = rows[-1][:key]


def _is_id(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) < 19
