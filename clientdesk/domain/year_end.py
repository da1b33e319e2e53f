"""The end of a fiscal year, as people and programs write it."""

import re
from functools import lru_cache

from clientdesk.domain.fold import fold

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SHORT_FEBRUARY = 28

_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "january jan enero ene",
            "february feb febrero febr",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sep sept septiembre setiembre set",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        1,
    )
    for word in words.split()
}
_BETWEEN = frozenset(
    ["of", "the", "de", "del", "el", "st", "nd", "rd", "th", "o", "a", "end", "year", "fin", "final", "ano", "cierre"]
)
"""Words that stand beside day, month and year: "31st of December", "1º de abril", "end of June", "fin de junio"."""
_DAYS_OF_WEEKS = (
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"
    " lunes martes miercoles jueves viernes sabado domingo lun mie jue vie sab dom"
)
_WEEKDAYS = frozenset(_DAYS_OF_WEEKS.split())
"""Without the Spanish "mar", which is a month too."""

_OURS = re.compile(r"(\d\d)-(\d\d)")
_YEAR_FIRST = re.compile(r"(?:19|20)\d\d([-/. ]?)(\d\d?)\1(\d\d?)")
_TWO = re.compile(r"(\d\d?)\s*[-/. ]\s*(\d\d?)(?:\s*[-/. ]\s*(?:\d{4}|\d\d))?")
_TIME = re.compile(r"[t ]\s*\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?:\s*[ap]\.?\s*m\.?)?z?$")
_MONTH_AND_NUMBER = re.compile(r"([a-z]+)-(\d\d)")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_WORD_OR_NUMBER = re.compile(r"[a-z]+|\d+")


@lru_cache(maxsize=1024)
def readings(text: str) -> tuple[str, ...]:
    """Every month and day (MM-DD) that the text may mean: none for what is no date, one where that is certain, and
    two where day and month cannot be told apart: with the day first, then with the month first.

    MM-DD in two digits each is our own form, and means just that. A year counts for nothing; a month alone ends on
    its last day, February on the 28th.
    """
    folded = _TIME.sub("", fold(text).replace("º", "").translate(_DASHES)).rstrip(".")
    if (match := _OURS.fullmatch(folded)) and (day := _month_day(int(match[1]), int(match[2]))):
        return (day,)
    if match := _YEAR_FIRST.fullmatch(folded):
        return _those(_month_day(int(match[2]), int(match[3])))
    if match := _TWO.fullmatch(folded):
        first, second = int(match[1]), int(match[2])
        return _those(_month_day(second, first), _month_day(first, second))
    return _in_words(folded)


def _those(*days: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(day for day in days if day))


def _month_day(month: int, day: int) -> str:
    """ "" for a day that no year has."""
    fits = 1 <= month <= len(_DAYS) and 1 <= day <= _DAYS[month - 1]
    return f"{month:02}-{day:02}" if fits else ""


def _in_words(folded: str) -> tuple[str, ...]:
    parts = [part for part in _WORD_OR_NUMBER.findall(folded) if part not in _BETWEEN and part not in _WEEKDAYS]
    months = [_MONTHS[part] for part in parts if part in _MONTHS]
    numbers = [part for part in parts if part.isdigit()]
    if len(months) != 1 or len(months) + len(numbers) != len(parts):
        return ()
    days = [int(number) for number in numbers if len(number) <= 2]
    last = _SHORT_FEBRUARY if months[0] == 2 else _DAYS[months[0] - 1]
    if not days:
        return (_month_day(months[0], last),)
    if _MONTH_AND_NUMBER.fullmatch(folded) and days != [last]:
        return ()  # dec-24 may be a day or a year; of dec-31 both are the 31st
    return _those(_month_day(months[0], days[0]))
