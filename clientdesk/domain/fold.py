"""Text made comparable: for search, for sorting and for identifiers; the same on every engine."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.text import one_line, strip_controls

# Letters that NFKD leaves whole although people type them with a plain letter.
_PLAIN = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
_DIGITS, _NO_DIGITS = re.compile(r"\d+"), re.compile(r"\D")
_JOINERS = frozenset([0x200C, 0x200D, 0xFE0E, 0xFE0F])


class _Bare(dict[int, str | int | None]):
    """A table for `str.translate` that takes marks and joiners away; it is filled as characters are met."""

    def __missing__(self, code: int) -> str | int | None:
        gone = code in _JOINERS or unicodedata.combining(chr(code))
        self[code] = value = None if gone else _PLAIN.get(chr(code), code)
        return value


_BARE = _Bare()


@lru_cache(maxsize=2048)
def fold(text: str) -> str:
    """`text` without case, accents, joiners and surplus spaces: "  Íñigo  Straße" -> "inigo strasse"."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(bare(text).split())


def bare(text: str) -> str:
    """`text` without case, accents and joiners; of one character after the other it makes the same as of all."""
    return unicodedata.normalize("NFKD", text.casefold()).translate(_BARE).casefold()


def words(find: str) -> tuple[str, ...]:
    """The folded words of what was typed into Find; each must occur in a client's search text.

    A tab or a line end is a blank.
    """
    return tuple(dict.fromkeys(fold(strip_controls(one_line(find))).split()))


def search_text(values: Mapping[str, str]) -> str:
    """The folded text in which Find looks: the fields that are declared so (`searched`).

    Two spaces at the end let an index of three-letter pieces know the last letters too.
    """
    text = " ".join([folded for name in BUILT_IN.searched if (value := values.get(name)) and (folded := fold(value))])
    digits = _NO_DIGITS.sub("", values.get("phone", ""))
    return f"{text} {digits}  " if digits and digits not in text else f"{text}  "


_LONGEST_CELL = 200


def cells_text(cells: Iterable[Sequence[str]]) -> str:
    """The folded text by which a refused row is found, as a client is by its search text: of its cells (heading and text
    of each), a long one by its beginning."""
    texts = (fold(strip_controls(one_line(text[:_LONGEST_CELL]))) for _heading, text in cells)
    return " ".join(filter(None, texts)) + "  "


def number_sort(number: str) -> str:
    """A sort key that puts C-2 before C-10: runs of digits are padded to twelve places."""
    return _DIGITS.sub(lambda run: run.group().lstrip("0").zfill(12), fold(number))


def number_key(number: str) -> str:
    """What makes two client numbers the same: NFKC, no case, trimmed."""
    if number.isascii():
        return " ".join(number.lower().split())
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", number).casefold()).split())


def same_name(name: str) -> str:
    """What makes two display names the same for the warning: NFC, no case, spaces collapsed."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
