"""What a column of a firm's tables may hold, whatever program writes it: the rules of a field, for a database."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache

from clientdesk.domain.fields import Field, Kind
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import control_ranges, has_no_text, shows_nothing


@cache
def _one_of(ranges: tuple[tuple[int, int], ...]) -> re.Pattern[str]:
    """A character whose code point is in one of the ranges."""
    return re.compile("[" + "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges) + "]")


_BLANKS = "\x20\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""The blanks that a text may have (the others are control characters)."""
UNSEEN = tuple(sorted((*control_ranges(identifier=True), *((ord(blank), ord(blank)) for blank in _BLANKS))))
"""The code points of which nothing can be seen, as ranges in their order: `shows_nothing`, for a database."""


_SLASH = ord("/")


class Text(NamedTuple):
    """A text of at most `limit` characters (0: any length) that steers no terminal; with `lines` it may have line ends,
    in an `identifier` nothing is invisible, `choices` are all that it may be, of one that is `filled` something can be
    seen, and one that is a part of a key (`in_key`) has no “/”, which stands between these."""

    limit: int = 0
    lines: bool = False
    identifier: bool = False
    choices: tuple[str, ...] = ()
    filled: bool = False
    in_key: bool = False

    @property
    def forbidden(self) -> tuple[tuple[int, int], ...]:
        """The code points that it may not have, as ranges in their order."""
        ranges = control_ranges(identifier=self.identifier, lines=self.lines)
        return tuple(sorted((*ranges, (_SLASH, _SLASH)))) if self.in_key else ranges

    def holds(self, value: object) -> bool:
        """Whether a value keeps to this."""
        if not isinstance(value, str) or (self.choices and value not in self.choices):
            return False
        if (self.limit and len(value) > self.limit) or (self.filled and shows_nothing(value)):
            return False
        if value.isprintable() and not self.identifier and not self.in_key:
            return True
        return _one_of(self.forbidden).search(value) is None


class Size(NamedTuple):
    """A text of at most `limit` characters that may have any that are characters."""

    limit: int

    def holds(self, value: object) -> bool:
        """Whether a value keeps to this."""
        return isinstance(value, str) and len(value) <= self.limit and not has_no_text(value)


class Json(NamedTuple):
    """JSON of one shape ("object", "array", "" for any) that `readable` takes, or, where it may be `empty`, nothing.

    A database looks at the shape only.
    """

    shape: str = ""
    empty: bool = False
    readable: Callable[[object], bool] | None = None

    def holds(self, value: object) -> bool:
        """Whether a value keeps to this."""
        if self.empty and value == "":
            return True
        value_read = parsed(value, self.shape)
        return value_read is not None and (self.readable is None or self.readable(value_read))


class Number(NamedTuple):
    """A whole number between two others, which it may be."""

    low: int
    high: int

    def holds(self, value: object) -> bool:
        """Whether a value keeps to this."""
        return isinstance(value, int) and self.low <= value <= self.high


class Moment(NamedTuple):
    """A moment of UTC as the program writes it (2026-11-24T02:57:00.123+00:00)."""

    def holds(self, value: object) -> bool:
        """Whether a value keeps to this."""
        try:
            return isinstance(value, str) and len(value) == 29 and datetime.fromisoformat(value).tzinfo is not None
        except ValueError:
            return False


Bound = Text | Size | Json | Number | Moment

_SHAPES = {"object": dict, "array": list}


def parsed(text: object, shape: str = "") -> object:
    """What a JSON text of a shape says ("object", "array", "" for any but null); None for what is none of it."""
    try:
        value = _value(text) if isinstance(text, str) and not has_no_text(text) else None
    except (ValueError, RecursionError):
        return None
    return value if not shape or isinstance(value, _SHAPES[shape]) else None


def _value(text: str) -> object:
    """What `json.loads` says. A database writes no blanks around a value: where none are, half of the time is saved."""
    if text[:1].isspace():
        return json.loads(text)
    value, end = _DECODER.raw_decode(text)
    return value if end == len(text) else json.loads(text)


_DECODER = json.JSONDecoder()


def json_to_keep(value: object) -> str:
    """A value as JSON that a column may hold; what is no character is escaped in it."""
    return escaped(json.dumps(value, ensure_ascii=False))


def escaped(text: str) -> str:
    """JSON whose texts may have what is no character, with that escaped."""
    return text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff") if has_no_text(text) else text


def of_field(field: Field) -> Text:
    """What the column of a client's field may hold, where that is no reference."""
    choices = tuple(choice.value for choice in field.choices)
    return Text(field.limit, field.kind is Kind.NOTES, field.identifier, choices, field.name == "display_name")
