"""How the cells of an .xlsx are shown: the number formats of its styles, and values as they look in them.

A look that depends on who opens the workbook, or that hides digits of the value, is none: the value stays as it is.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any, BinaryIO

from clientdesk.exchange.xml_stream import local, parse

LONGEST = 255
"""So many characters a number format has at most."""
STYLES = 65_536
"""So many cell styles a workbook has at most: Excel writes 65,490."""
_KEPT = 1 << 16
"""So many looks are remembered."""
_EXACT = 10**15
"""A whole number below has no more digits than spreadsheets keep."""
_LAST_DAY = 2_958_465
"""The 31st of December 9999, as a spreadsheet counts the days."""

_SYSTEM_DATE = "[$-F800]"
_SYSTEM_LOOK = re.compile(r"\[\$-(?:F800|F400|x-sysdate|x-systime)\]", re.IGNORECASE)

# The formats that a style names by number alone (ECMA-376, 18.8.30), except those of single languages.
_BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: _SYSTEM_DATE,
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: _SYSTEM_DATE,
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
}

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<blank>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<half>AM/PM|A/P)|(?P<power>E[+-])|(?P<letters>[A-Za-z]+)|(?P<sign>.)",
    re.DOTALL | re.IGNORECASE,
)
_COLOUR = re.compile(r"black|white|red|green|blue|yellow|magenta|cyan|color ?[0-9]{1,2}", re.IGNORECASE)
_CONDITION = re.compile(r"(?:<=|>=|<>|<|>|=)-?[0-9]+(?:\.[0-9]+)?")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_CURRENCY = re.compile(r"\$([^-]*)(?:-(?:([0-9A-Fa-f]{1,8})|([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)))?")
"""A currency's sign, and a language by its number or its word ("es-ES"); either may be missing."""
_DATE_LETTERS = re.compile(r"[ymdhs]+", re.IGNORECASE)
_MOMENT_LETTERS = re.compile(r"[ymdhsgeb]+", re.IGNORECASE)  # with those of other calendars
_NAMES = re.compile(r"mmm|ddd", re.IGNORECASE)
_LANGUAGES = {0x09: "en", 0x0A: "es"}
"""The languages whose names of months and days are known, by the lower ten bits of their number in a format."""
_OTHER = "other"
_POWERS = re.compile(r"[0-9]E[+-][0-9]")
_SPANISH_MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
_SPANISH_DAYS = "lunes martes miércoles jueves viernes sábado domingo"

_MASK = re.compile(r'(?:"[^"]*"|\\.|[-+() ]|0)*0(?:"[^"]*"|\\.|[-+() ]|0)*', re.DOTALL)
_MASK_TOKEN = re.compile(r'"([^"]*)"|\\(.)|([-+() ]+)|(0+)', re.DOTALL)


class _Enough(Exception):
    """The styles are not read further."""


def formats_of(styles: BinaryIO) -> dict[str, str]:
    """The number format of each cell style that is not General, by the style's number as cells write it; of the first
    STYLES ones, since no spreadsheet has more."""
    section = ""
    codes: dict[int, str] = {}
    styled: list[int] = []

    def start(element: str, attributes: Mapping[str, str]) -> None:
        nonlocal section
        name = local(element)
        if name in ("numFmts", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            section = name
        elif name == "numFmt" and section == "numFmts":
            if len(codes) < STYLES:
                codes[_number(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")[: 2 * LONGEST]
        elif name == "xf" and section == "cellXfs":
            styled.append(_number(attributes.get("numFmtId", "")))
            if len(styled) == STYLES:
                raise _Enough

    with suppress(_Enough):
        parse(styles, start)
    formats = {}
    for number, code in enumerate(styled):
        text = codes.get(code) or _BUILT_IN.get(code, "")
        if text and text.lower() not in ("general", "@"):
            formats[str(number)] = text
    return formats


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


class Looks:
    """How values look in the number formats of one workbook; names of months and days in `language` ("en", "es")
    where a format does not say which."""

    def __init__(self, from_1904: bool, language: str) -> None:
        self._from_1904, self._language = from_1904, language
        self.of = lru_cache(maxsize=_KEPT)(self._of)
        """How a value (a text, a number, a date as the number of its days) looks in a format; None where that cannot
        be told exactly."""

    def date(self, number_format: str, value: float) -> str:
        """The day that a cell holds as "2024-12-31"; "" where its format does not show a day."""
        if not is_date(number_format):
            return ""
        days = int(value) + (1462 if self._from_1904 else 0)
        if not 0 < days <= _LAST_DAY or days == 60:  # the 29th of February 1900, which never was
            return ""
        first = datetime.date(1899, 12, 31) if days < 60 else datetime.date(1899, 12, 30)
        return (first + datetime.timedelta(days)).isoformat()

    def _of(self, number_format: str, value: float | str) -> str | None:
        if not isinstance(value, str):
            mask = _mask(number_format)
            if mask is not None and 0 <= value < _EXACT and value == int(value):
                return mask(int(value))
        language = _language_of(number_format)
        if language is None:
            return None
        renderer = _renderer(language or self._language, self._from_1904)
        try:
            shown = renderer.format(_simplified(number_format), value)
        except Exception:  # noqa: BLE001 - the library fails in many ways where it does not know a format
            return None
        shown = str(shown).strip()
        is_whole = "##" not in shown and not _POWERS.search(shown) and (shown or not value)
        return shown if is_whole else None  # else there is no room for it, or it is hidden


@cache
def is_system_date(number_format: str) -> bool:
    """Whether each computer shows the date in its own way: then it is imported as "2024-12-31"."""
    return bool(_SYSTEM_LOOK.search(number_format))


@cache
def is_date(number_format: str) -> bool:
    """Whether a format shows a day: its first section has a year or a day."""
    if is_system_date(number_format):
        return True
    for token in _TOKEN.finditer(number_format):
        if token["sign"] == ";":
            return False
        if (
            token["letters"]
            and _DATE_LETTERS.fullmatch(token["letters"])
            and re.search("[yd]", token[0], re.IGNORECASE)
        ):
            return True
    return False


def is_moment(number_format: str, value: float) -> bool:
    """Whether a format shows a number as a day or a time, and the number is one."""
    return 0 <= value <= _LAST_DAY and _has_moment(number_format)


@cache
def _has_moment(number_format: str) -> bool:
    letters = [token["letters"] for token in _TOKEN.finditer(number_format) if token["letters"]]
    return is_system_date(number_format) or (bool(letters) and all(map(_MOMENT_LETTERS.fullmatch, letters)))


@cache
def _simplified(number_format: str) -> str:
    """A format as the library takes it: languages left out, signs of currencies and the dots of dates as plain text
    ("dd.mm.yyyy"), unless these begin parts of a second."""
    tokens = list(_TOKEN.finditer(number_format))
    has_moment = any(token["letters"] for token in tokens)
    pieces = []
    for token in tokens:
        currency = _CURRENCY.fullmatch(token["bracket"] or "")
        if currency:
            pieces.append(f'"{currency[1]}"' if currency[1] else "")
        elif has_moment and token["sign"] == "." and number_format[token.end() : token.end() + 1] != "0":
            pieces.append("\\.")
        else:
            pieces.append(token[0])
    return "".join(pieces)


@cache
def shows_text(number_format: str) -> bool:
    """Whether a format has something to say about a text: a section for it that is more than the text."""
    section, plain, has_text = 0, True, False
    for token in _TOKEN.finditer(number_format):
        if token["sign"] == ";":
            section, plain, has_text = section + 1, True, False
        elif token["sign"] == "@":
            has_text = True
        elif not token["bracket"]:
            plain = False
    return has_text and not plain


@cache
def _language_of(number_format: str) -> str | None:
    """The language ("en", "es") that a format names, "" where it names or needs none, None where the format has no
    exact look: what each computer shows in its own way, other calendars, digits and languages, a wide fill, powers of
    ten, which hide digits."""
    if len(number_format) > LONGEST:
        return None
    language, names = "", False
    for token in _TOKEN.finditer(number_format):
        kind = token.lastgroup
        text = token[kind] if kind else ""
        if kind == "bracket":
            currency = _CURRENCY.fullmatch(text)
            if is_system_date(token[0]) or (currency and currency[2] and int(currency[2], 16) > 0xFFFF):
                return None
            if currency and currency[2]:
                language = _LANGUAGES.get(int(currency[2], 16) & 0x3FF, _OTHER)
            elif currency and currency[3]:
                word = currency[3].partition("-")[0].lower()
                language = word if word in _LANGUAGES.values() else _OTHER
            elif not (currency or _COLOUR.fullmatch(text) or _CONDITION.fullmatch(text) or _ELAPSED.fullmatch(text)):
                return None
        elif kind == "letters":
            if not _DATE_LETTERS.fullmatch(text):
                return None
            names = names or bool(_NAMES.search(text))
        elif kind == "power" or (kind == "fill" and text != " ") or text == '"':
            return None
    if language == _OTHER:
        return None if names else "en"
    return language


@cache
def _renderer(language: str, from_1904: bool) -> Any:
    from ssf.ssf import SSF

    renderer = SSF(locale_support=False, date1904=from_1904, errors="raise")
    if language == "es":
        months, days = _SPANISH_MONTHS.split(), _SPANISH_DAYS.split()
        renderer.set_month_names([None, *((name[0], name[:3], name) for name in months)])
        renderer.set_day_names([(name[:3], name) for name in days])
    return renderer


@cache
def _mask(number_format: str) -> Callable[[int], str] | None:
    """What writes a whole number into a format of zeros and fixed texts, such as "(000) 000-0000"; None for others.

    The library needs some 25 µs for each value, and these are the formats of identifiers, no two of which are alike.
    """
    if len(number_format) > LONGEST or not _MASK.fullmatch(number_format):
        return None
    parts: list[str] = []
    lengths: list[int] = []
    for quoted, escaped, plain, zeros in _MASK_TOKEN.findall(number_format):
        parts.append("{}" if zeros else (quoted or escaped or plain).replace("{", "{{").replace("}", "}}"))
        if zeros:
            lengths.append(len(zeros))
    template, width = "".join(parts), sum(lengths)
    ends = [sum(lengths[place + 1 :]) for place in range(len(lengths))]
    cuts = [(None if not place else -ends[place - 1], -end or None) for place, end in enumerate(ends)]

    def write(value: int) -> str:
        digits = str(value).zfill(width)
        return template.format(*(digits[start:end] for start, end in cuts)).strip()

    return write
