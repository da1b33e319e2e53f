"""The rows of a list beside each other: the same client twice, the same number, a number that its holder keeps, and
rows that are likely one and the same client."""

from collections.abc import Iterable, Sequence
from itertools import islice

from clientdesk.desk.imports.file_lookalikes import Resemblance, taken_in
from clientdesk.domain.fields import Field
from clientdesk.domain.import_decisions import What
from clientdesk.domain.judged_row import FileRow, RowVerdict
from clientdesk.domain.own_value_rules import own_twice
from clientdesk.domain.problems import Problem, problem
from clientdesk.domain.unique_client_numbers import hopeless, number_taken, number_twice
from clientdesk.store.judged_rows import JudgedRows

_LINES = 5
"""So many other lines are named in a reason at most."""
_PART = 500


def compare(rows: JudgedRows, key: str, unique: Iterable[Field] = ()) -> None:
    """Refuses rows for what other rows say; `key` is the field by which clients are found, "" for none, `unique` are the
    own fields of which no two clients have the same."""
    rows.index()
    for group in rows.sharing("identity"):
        _of_one_client(rows, group, key or "company_id")
    for group in rows.sharing("claim"):  # the program does not choose, each row names the others
        for row_id, line, _same in group:
            rows.refuse(row_id, number_twice(rows.wanted(row_id, "client_number"), _other_lines(group, line)))
    for field in unique:
        for sharers in rows.wanting(field.name):
            for row_id, line in sharers:
                rows.refuse(row_id, own_twice(field, rows.wanted(row_id, field.name), _other_lines(sharers, line)))
    wishes = rows.wishes()
    for row_id in hopeless(wishes, rows.leaving()) if wishes else ():
        (draft,) = rows.drafts([row_id])
        rows.refuse(row_id, number_taken(rows.wanted(row_id, "client_number"), draft.holder_name))


def _of_one_client(rows: JudgedRows, group: Sequence[tuple[int, int, int]], field: str) -> None:
    """The same row twice counts once; rows that say different things of one client, which is known by `field`, are all
    refused."""
    if len({same for _id, _line, same in group}) == 1:
        for row_id, _line, _same in group[1:]:
            rows.refuse(row_id, problem("repeated_row", field, line=group[0][1]))
    else:
        for row_id, line, _same in group:
            rows.refuse(row_id, problem("conflicting_rows", field, lines=_other_lines(group, line)))


def _other_lines(group: Sequence[tuple[int, ...]], line: int) -> str:
    """The lines of the other rows (number, line) of a group, for a sentence."""
    other_lines = list(islice((str(row[1]) for row in group if row[1] != line), _LINES + 1))
    return ", ".join(other_lines[:_LINES]) + (", …" if len(other_lines) > _LINES else "")


# --- rows that are likely one client


def settle_resemblances(rows: JudgedRows, resembling: Iterable[Resemblance]) -> None:
    """Tells that rows resemble earlier ones, and does with each what was decided. Rows that were left out because the
    firm has their client stay as they are."""
    takers: dict[int, int] = {}
    waiting = iter(resembling)
    while part := list(islice(waiting, _PART)):
        still_new = set(rows.now([resemblance.row.id for resemblance in part], RowVerdict.NEW))
        notices: dict[int, tuple[Sequence[Problem], RowVerdict]] = {}
        for row, row_notices, decision in part:
            if row.id in still_new:
                is_taken_in = bool(decision.row) and _take_in(rows, row, decision.row, takers)
                skipped = is_taken_in or decision.what is What.SKIP
                notices[row.id] = row_notices, RowVerdict.SKIPPED if skipped else RowVerdict.NEW
        rows.add_notices(notices)


def _take_in(rows: JudgedRows, row: FileRow, into: int, takers: dict[int, int]) -> bool:
    """Gives an earlier row (`takers`: or the one that took that in) what this one says, and its client number, where
    it has none of its own. Whether there is such a row."""
    into = takers.get(into, into)
    taker = rows.new_clients([into]).get(into)
    if taker is None:
        return False
    takers[row.id] = taker.id
    lacks_number = not taker.values.get("client_number")
    rows.take_in(taker.id, taken_in(taker.values, row.values), row.id, number=lacks_number)
    return True
