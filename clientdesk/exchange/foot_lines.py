"""The lines at the end of a report that are no rows: when it was made, a total, a page number."""

import re
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from clientdesk.domain.fold import fold
from clientdesk.text import whole_number

if TYPE_CHECKING:
    from clientdesk.exchange.reading import Line, Table

LOOKED_AT = 4
"""So many lines at the end are looked at."""
_FEWEST = 3
"""A list with fewer headings has no foot that could be told from its rows."""
_SHOWN = 60

_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|lunes|martes|miercoles|jueves|viernes|sabado|domingo"
_MADE = re.compile(
    rf"(?:{_DAYS}),? .*\d|.*\b\d{{1,2}}:\d\d\b.*|(?:page|pagina|pag\.?) ?\d.*"
    r"|(?:generated|created|printed|exported|downloaded|report|run|as of|cash basis|accrual basis|copyright|©"
    r"|generado|creado|impreso|exportado|descargado|informe|fecha|a fecha|fin del informe|end of report)\b.*"
)
"""A line that says when, or by what, the report was made."""
_DAY = re.compile(_DAYS)
_ROWS = r"(?:clients?|customers?|contacts?|records?|rows?|clientes?|contactos?|registros?|filas?)"
_TOTAL = re.compile(
    rf"(?:(?:grand |sub|gran )?total(?:s|es)?(?: general)?|suma|count|recuento|number|numero)(?: of| de)?"
    rf" ?:? ?[\d.,]* ?{_ROWS}?[ :]*[\d.,]*|[\d.,]+ {_ROWS}"
)
_NUMBER = re.compile(r"[^\w]*\d[\d.,\s]*[^\w]*(?:eur|usd|gbp)?")
_NO_MORE = 2


def measured(table: "Table", looked_for: bool) -> tuple[int, dict[int, str]]:
    """How many rows a table has, and the lines of its foot, where that is looked for; those are no rows."""
    last: deque[Line] = deque(maxlen=LOOKED_AT)
    rows = 0
    for line in table.rows():
        last.append(line)
        rows += 1
    foot = found(table.headings.cells, tuple(last), rows) if looked_for else {}
    return rows - len(foot), foot


def found(headings: Sequence[str], last: "Sequence[Line]", rows: int) -> dict[int, str]:
    """Which of the `last` lines of a list with so many `rows` are its foot: their numbers, with number and
    text for a sentence.

    A foot has one cell that says when the list was made, a total, or a page; a total has only numbers beside it. One
    row stays in any case.
    """
    if sum(1 for heading in headings if heading.strip()) < _FEWEST:
        return {}
    foot: dict[int, str] = {}
    for line in reversed(last):
        cells = [text for cell in line.cells if (text := cell.strip())]
        if len(foot) + 1 >= rows or not _is_foot([fold(cell) for cell in cells]):
            break
        text = " ".join(cells[0].split())
        shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
        foot[line.number] = f"{whole_number(line.number)} “{shown}”"
    return dict(reversed(foot.items()))


def _is_foot(cells: Sequence[str]) -> bool:
    if cells and _DAY.fullmatch(cells[0]):  # a date whose commas nobody has put in quotes
        cells = [", ".join(cells)]
    if len(cells) <= 1:
        return bool(cells) and (_MADE.fullmatch(cells[0]) or _TOTAL.fullmatch(cells[0])) is not None
    rest = all(_NUMBER.fullmatch(cell) for cell in cells[1:])
    return rest and len(cells[0].split()) <= _NO_MORE and _TOTAL.fullmatch(cells[0]) is not None
