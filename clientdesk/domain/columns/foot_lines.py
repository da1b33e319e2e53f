"""The lines at the end of a report that are no rows: when it was made, a total, a page number."""

import re
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from clientdesk.domain.fold import fold
from clientdesk.domain.incoming_table import IncomingTable, Line
from clientdesk.text import shortened, whole_number

LOOKED_AT = 12
"""So many lines at the end are looked at."""
_FEWEST = 3
"""From a list with fewer headings nothing is taken as its foot: a row is too much like it."""
_SHOWN = 60
_LONGEST = 200
"""A line of the foot has no more characters."""

_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|lunes|martes|miercoles|jueves|viernes|sabado|domingo"
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|ene|abr|ago|dic)\.?"
)
_WHEN = (
    r"(?:\b\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\b|\b\d{1,2}:\d\d\b"
    rf"|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}\b|\b\d{{1,2}}\.?(?: de)? {_MONTH}(?: del?)?,? \d{{4}}\b)"
)
"""A date with its year, or a time."""
_MADE = r"(?:generated|created|printed|exported|downloaded|prepared|generad[oa]|cread[oa]|impres[oa]|exportad[oa]|descargad[oa])"
_REPORT = r"(?:report|list|file|export|document|informe|reporte|listado|lista|archivo|fichero|documento)"
_RULE = r"[-*=_#~. ]*"
_DATED = re.compile(
    rf"{_RULE}(?:{_MADE}|{_REPORT}|date|as of|as at|run|page|fecha|a fecha|pagina|(?:cash|accrual) basis)\b.*{_WHEN}.*"
)
"""A word of a foot, and when."""
_A_WHEN = re.compile(_WHEN)
_WORD = re.compile(r"[^\W\d_]+")
_OF_A_MOMENT = re.compile(
    rf"{_DAYS}|{_MONTH}|de|del|at|on|a|las?|[ap]|m|[ap]m|h|hrs?|horas|utc|[a-z]{{1,3}}t|z|cash|accrual|basis"
)
"""The words of a date and a time."""
_PLAIN = re.compile(
    rf"{_RULE}(?:(?:page|pagina|pag\.?|hoja) ?:? ?\d+(?: ?(?:of|de|/) ?\d+)?"
    rf"|(?:(?:{_REPORT} )?{_MADE}(?: by| on| at| por| el| en)?|{_REPORT} date|fecha del? {_REPORT}) ?:.*"
    r"|(?:copyright )?(?:©|\(c\)) ?\d{4}.*|copyright \d{4}.*"
    r"|(?:copyright|©|\(c\)).*(?:all rights reserved|todos los derechos reservados).*"
    r"|confidential(?: information)?\W+do not (?:distribute|copy).*|(?:informacion )?confidencial\W+no distribuir.*"
    rf"|(?:end|fin|final) (?:of|del|de la|de)(?: the)? {_REPORT}){_RULE}|[-*=_#~.]+ ?(?:end|fin|final) ?[-*=_#~.]+"
)
"""A line that is nothing else than a line of the foot."""
_LIKELY = re.compile(
    rf"{_RULE}(?:end|fin|final|confidential|confidencial|eof){_RULE}"
    rf"|(?:{_MADE}|{_REPORT}|filtered|filtrado|filters?|filtros?|user|usuario|author|autor|source|origen)"
    rf"(?: by| on| por| el)? ?:.*|{_MADE} (?:by|on|por|el) .*"
)
"""A line that may be one."""
_DAY = re.compile(_DAYS)
_ROWS = r"(?:clients?|customers?|contacts?|records?|rows?|clientes?|contactos?|registros?|filas?)"
_TOTAL = re.compile(
    rf"(?:(?:grand |sub|gran )?total(?:s|es)?(?: general)?|suma|count|recuento|number|numero)(?: of| de)?"
    rf" ?:? ?[\d.,]* ?{_ROWS}?[ :]*[\d.,]*|[\d.,]+ {_ROWS}|{_ROWS} ?: ?[\d.,]+"
)
_TOTAL_OF = re.compile(r"(?:sub)?total (?:(?:for|of|de|para) )?(.+)")
_MANY_CELLS = re.compile(rf"(?:grand |gran |sub)?total|suma|count|recuento|num|[\d.,]+ |{_DAYS}")
"""What a line of a foot with more than a cell begins with."""
_NUMBER = re.compile(r"[^\w]*\d[\d.,\s]*[^\w]*(?:eur|usd|gbp)?")
_SUM = re.compile(r"[^\w]*(?!0\d)(?:\d{1,5}|\d+[.,]\d\d|\d{1,3}(?:[.,]\d{3})+(?:[.,]\d\d)?)[^\w]*(?:eur|usd|gbp)?")
"""A number that is no client's: of few digits, or with a fraction or its thousands apart."""


class Foot(NamedTuple):
    """The end of a list: how many rows it has, the lines that are none of them, each with number and text for a
    sentence, and those of its rows that may be none."""

    rows: int
    lines: dict[int, str]
    doubted: frozenset[int]


NONE = Foot(0, {}, frozenset())


def measured(table: IncomingTable, looked_for: bool) -> Foot:
    """How many rows a table has, and its foot, where that is looked for."""
    last: deque[Line] = deque(maxlen=LOOKED_AT)
    rows, fuller = 0, False
    for line in table.rows():
        last.append(line)
        rows += 1
        fuller = fuller or sum(1 for cell in line.cells if cell.strip()) > 1
    if not looked_for:
        return Foot(rows, {}, frozenset())
    foot = foot_of(table.headings.cells, tuple(last), rows, fuller)
    return foot._replace(rows=rows - len(foot.lines))


def foot_of(headings: Sequence[str], last: Sequence[Line], rows: int, fuller: bool = True) -> Foot:
    """The foot among the `last` lines of a list with so many `rows`; `fuller` says that some have more than a cell.

    It stands behind the last row with more than one cell. A line that is nothing else is no row; what may be one, or
    follows upon one, is doubted. One row stays in any case.
    """
    if is_too_narrow(headings):
        return Foot(rows, {}, frozenset())
    certain = fuller and sum(1 for heading in headings if heading.strip()) >= _FEWEST
    lines: dict[int, str] = {}
    doubted: list[int] = []
    block: list[tuple[int, list[str]]] = []
    for line in reversed(last):
        cells = _cells(line.cells)
        if _is_long(cells) or (len(cells) > 1 and not (_is_plain(cells) or _may_be(cells))):
            break
        block.append((line.number, cells))
    block.reverse()
    plain = [_is_plain(cells) for _number, cells in block]
    around = _name_around(block, plain)
    for (number, cells), is_foot in zip(block, plain, strict=True):
        if certain and (is_foot or cells == around) and len(lines) + 1 < rows:
            lines[number] = f"{whole_number(number)} “{shown(cells)}”"
        elif lines or is_foot or _may_be(cells):
            doubted.append(number)
    return Foot(rows, lines, frozenset(doubted))


def _name_around(block: Sequence[tuple[int, list[str]]], plain: Sequence[bool]) -> list[str] | None:
    """The firm's name, where it stands above the foot and, the same, beneath it, as in a report of Salesforce."""
    if True not in plain:
        return None
    first, last = plain.index(True), len(plain) - 1 - plain[::-1].index(True)
    above = block[first - 1][1] if first else None
    return above if last + 1 < len(block) and block[last + 1][1] == above else None


def is_too_narrow(headings: Sequence[str]) -> bool:
    """Whether a list has so few columns that a row cannot be told from its foot."""
    return sum(1 for heading in headings if heading.strip()) < 2


def shown(cells: Sequence[str]) -> str:
    """The text of a line of the foot, for a sentence."""
    text = " ".join(next((cell for cell in cells if cell.strip()), "").split())
    return shortened(text, _SHOWN)


def says_little(cells: Sequence[str]) -> bool:
    """Whether a row says no more than a line of the foot does: one cell, or one and numbers."""
    if _is_long(cells):
        return False
    filled = _cells(cells)
    return len(filled) == 1 or (len(filled) > 1 and all(_NUMBER.fullmatch(fold(cell)) for cell in filled[1:]))


def is_like_foot(cells: Sequence[str], above: Sequence[str]) -> bool:
    """Whether a row looks like a line of the foot wherever it stands, or like the total of the client `above`."""
    if len("".join(cells)) > _LONGEST:
        return False
    filled = [cell for cell in cells if cell and not cell.isspace()]
    if len(filled) > 1 and not _MANY_CELLS.match(fold(filled[0])):  # nearly all rows, at little cost
        return False
    filled = _cells(filled)
    if _is_plain(filled):
        return True
    total = _TOTAL_OF.fullmatch(fold(filled[0])) if filled and says_little(filled) else None
    return total is not None and total[1] in map(fold, above)


def _cells(cells: Sequence[str]) -> list[str]:
    filled = [text for cell in cells if (text := cell.strip())]
    if filled and _DAY.fullmatch(fold(filled[0])):  # a date whose commas nobody has put in quotes
        return [", ".join(filled)]
    return filled


def _is_long(cells: Sequence[str]) -> bool:
    return sum(map(len, cells)) > _LONGEST


def _is_plain(cells: Sequence[str]) -> bool:
    """Whether cells that are not blank are nothing else than a line of the foot."""
    if not cells:
        return False
    first = fold(cells[0])
    if len(cells) == 1:
        if _PLAIN.fullmatch(first) or _DATED.fullmatch(first):
            return True
        if _A_WHEN.search(first) and all(_OF_A_MOMENT.fullmatch(word) for word in _WORD.findall(first)):
            return True
        return _TOTAL.fullmatch(first) is not None and any(map(str.isdigit, first))
    # Words of totals and sums. Other numbers may be a client's phone or postal code.
    return _TOTAL.fullmatch(first) is not None and all(
        _SUM.fullmatch(cell) or _TOTAL.fullmatch(cell) for cell in map(fold, cells[1:])
    )


def _may_be(cells: Sequence[str]) -> bool:
    """Whether they may be one: a total without its number, or with one that may be a client's; the end of a list."""
    if not cells:
        return False
    first = fold(cells[0])
    if len(cells) == 1:
        return (_PLAIN.fullmatch(first) or _LIKELY.fullmatch(first) or _TOTAL.fullmatch(first)) is not None
    return _TOTAL.fullmatch(first) is not None and all(_NUMBER.fullmatch(fold(cell)) for cell in cells[1:])
