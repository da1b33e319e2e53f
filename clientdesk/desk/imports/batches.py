"""In which order and in which parts rows are written."""

from collections.abc import Iterator, Mapping

from clientdesk.store.judged_rows import JudgedRows


def batches(rows: JudgedRows, most_rows: int, most_bytes: int) -> Iterator[list[int]]:
    """The rows that are to be written, in parts of so many rows and bytes.

    A row whose number another row's client bears comes after it, in the same part where they form a ring.
    """
    waiting = rows.waiting()
    batch: list[int] = []
    size, ids_done = 0, set[int]()
    for row_id, row_size in rows.in_order():
        for group in _groups_of(row_id, waiting, ids_done):
            room = row_size if group == [row_id] else sum(map(rows.size, group))
            if batch and (len(batch) + len(group) > most_rows or size + room > most_bytes):
                yield batch
                batch, size = [], 0
            batch += group
            size += room
    if batch:
        yield batch


def _groups_of(row_id: int, waiting: Mapping[int, int], ids_done: set[int]) -> list[list[int]]:
    """The rows that come now: those on which a row waits before it, one by one; a ring of them at once."""
    if row_id in ids_done:
        return []
    chain = [row_id]
    # A row further up in the file has had its turn.
    while (before := waiting.get(chain[-1], 0)) > row_id and before not in ids_done and before not in chain:
        chain.append(before)
    if len(chain) > 1:
        ids_done.update(chain)
    chain.reverse()
    return [chain] if waiting.get(chain[0]) == row_id else [[chained_id] for chained_id in chain]
