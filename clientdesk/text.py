"""What a person reads: translation, and text that is safe to show in a terminal.

`_` translates at once, `N_` marks a text that is declared where it cannot be translated yet (a
catalogue, a class body) and is translated with `_` where it is shown.
"""

import os
import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import takewhile

_translate: Callable[[str], str] | None = None
_translate_plural: Callable[[str, str, int], str] | None = None


def install_language(language: str | None = None) -> None:
    """Translate into `language` ("es"), or into what the environment asks for; English where there is none."""
    global _translate, _translate_plural
    import gettext

    folder = os.path.join(os.path.dirname(__file__), "locale")
    catalogue = gettext.translation("clientdesk", folder, languages=[language] if language else None, fallback=True)
    _translate, _translate_plural = catalogue.gettext, catalogue.ngettext


def _(message: str) -> str:
    """`message` in the person's language."""
    return _translate(message) if _translate and message else message


def N_(message: str) -> str:
    """Marks `message` for the translators and returns it unchanged."""
    return message


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form of a sentence that fits the number `n`."""
    if _translate_plural:
        return _translate_plural(singular, plural, n)
    return singular if n == 1 else plural


def whole_number(n: int) -> str:
    """`n` with the thousands set apart: 1,893."""
    return f"{n:,}"


_LISTED = 100


def listed(names: Sequence[str]) -> str:
    """Names as they stand in a sentence: at most 100 of them, then how many more there are."""
    shown = list(names[:_LISTED])
    if (more := len(names) - len(shown)) > 0:
        shown.append(ngettext("{n} more", "{n} more", more).format(n=whole_number(more)))
    return ", ".join(shown)


def local_time(at: str) -> str:
    """A moment of the history (ISO 8601, UTC) by the clock of this computer: 2026-11-24 02:57.

    What is no moment, as another program may have written it, stays as it is, safe to show.
    """
    from datetime import datetime

    try:
        return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError):
        return display_text(at)


def _visible(code: int) -> str | None:
    """The visible stand-in of a character that must not reach a terminal; None where it may."""
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if 0x80 <= code <= 0x9F or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF):
        return "�"
    if code in (0x2028, 0x2029):
        return "␤"
    if code in _BIDI:
        return "⇄"
    if code in _INVISIBLE or 0xE0000 <= code <= 0xE0FFF:
        return "·"
    return None


_BIDI = frozenset([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_INVISIBLE = frozenset(
    [
        *(0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x2060, 0x3164, 0xFEFF, 0xFFA0),
        *(*range(0x2061, 0x2065), *range(0x206A, 0x2070), *range(0xFFF9, 0xFFFC)),
    ]
)
# ZWNJ and ZWJ (U+200C, U+200D) are letters in Persian, Indic names and emoji: they stay.
# Variation selectors choose the look of an emoji or a Chinese character, a blank Braille cell is a space, and so on:
# in an identifier they only make two look like one.
_ALIKE = frozenset([0x2800, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0x1D173, 0x1D17B)])


class _VisibleTable(dict[int, str | int]):
    """A table for `str.translate` that is filled as characters are met."""

    def __missing__(self, code: int) -> str | int:
        stand_in = _visible(code)
        self[code] = value = code if stand_in is None else stand_in
        return value


_VISIBLE = _VisibleTable()


def display_text(text: str) -> str:
    """`text` as it may be written to a terminal: one line, nothing that steers the terminal.

    Control characters (ESC, C0, C1, DEL), line ends, bidi overrides, invisible characters and lone
    surrogates become visible symbols; everything else stays. Never parse the result as markup.
    """
    return text if text.isascii() and text.isprintable() else text.translate(_VISIBLE)


def display_lines(text: str) -> str:
    """Like `display_text`, but the line ends of a longer text (notes) stay line ends."""
    return "\n".join(display_text(line) for line in text.splitlines())


def shortened(text: str, most: int = 60) -> str:
    """`text` as a sentence may name it: at most so many characters, the last of them "…" where there are more."""
    return text if len(text) <= most else text[: most - 1] + "…"


_BEFORE_DIFFERENCE = 6
"""So many characters of two texts that are told side by side may stand before the first one in which they differ."""


def from_difference(old: str, new: str) -> tuple[str, str]:
    """Two texts from a little before the first character in which they differ, with a "…" for what stands before that."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))
    start = sum(1 for _pair in alike) - _BEFORE_DIFFERENCE
    return ("…" + old[start:], "…" + new[start:]) if start > 0 else (old, new)


def differing(old: str, new: str, most: int) -> tuple[str, str]:
    """Two texts in at most so many characters together, so that it is seen of both what became of it."""
    if len(old) + len(new) <= most:
        return old, new
    old, new = from_difference(old, new)
    half = most // 2
    room = max(half, most - len(new))
    return (old := shortened(old, room)), shortened(new, most - len(old))


def one_line(text: str) -> str:
    """`text` with a blank for each run of tabs and line ends."""
    return text if text.isprintable() else re.sub(_BREAKS, " ", text)


_BREAKS = r"[\t\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+"


UNREADABLE = "\uffff"
"""What stands for each piece of a text that is none: no program may hand this character to another."""
NO_TEXT = (0xFFFE, 0xFFFF)


def is_control(character: str) -> bool:
    """Whether a character steers a terminal or breaks a line (C0, C1, DEL, U+2028, U+2029, surrogates), or is none
    (U+FFFE, U+FFFF)."""
    code = ord(character)
    return code < 0x20 or 0x7F <= code <= 0x9F or code in (0x2028, 0x2029, *NO_TEXT) or 0xD800 <= code <= 0xDFFF


def has_no_text(text: str) -> bool:
    """Whether a text has characters that are none: what stood there could not be read."""
    return "\ufffe" in text or UNREADABLE in text


def is_invisible(character: str) -> bool:
    """Whether a character shows nothing or turns the direction of writing."""
    code = ord(character)
    return code in _BIDI or code in _INVISIBLE or code in (0x200C, 0x200D) or 0xE0000 <= code <= 0xE0FFF


def hides_in_identifier(character: str) -> bool:
    """Whether a character cannot be told in an identifier: it shows nothing, or only changes another's look."""
    return is_invisible(character) or ord(character) in _ALIKE


def shows_nothing(text: str) -> bool:
    """Whether nothing of a text can be seen: "\u200b" as well as ""."""
    return all(character.isspace() or hides_in_identifier(character) or is_control(character) for character in text)


def strip_hidden(text: str) -> str:
    """A name without what shows nothing in it, so that two that look alike are one; joiners and what chooses the look of
    an emoji stay, which no comparison looks at."""
    if text.isascii():
        return text
    return "".join(
        character for character in text if ord(character) not in _INVISIBLE and not 0xE0000 <= ord(character) <= 0xE0FFF
    )


@cache
def control_ranges(*, identifier: bool = False, lines: bool = False) -> tuple[tuple[int, int], ...]:
    """The code points, as ranges in their order, that `strip_controls` takes out of a text; with `lines` the line end
    stays, of an `identifier` what hides in it goes too."""
    codes = {*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *NO_TEXT, *_BIDI}
    if lines:
        codes.discard(ord("\n"))
    if identifier:
        codes |= {*_INVISIBLE, *_ALIKE, 0x200C, 0x200D, *range(0xE0000, 0xE1000)}
    spans: list[tuple[int, int]] = []
    for code in sorted(codes):
        if spans and spans[-1][1] == code - 1:
            spans[-1] = (spans[-1][0], code)
        else:
            spans.append((code, code))
    return tuple(spans)


def strip_controls(text: str, *, keep_lines: bool = False) -> str:
    """`text` without control characters and bidi overrides; line ends stay with `keep_lines`."""
    if text.isprintable():
        return text
    return "".join(
        character
        for character in text.replace("\r\n", "\n").replace("\r", "\n")
        if (keep_lines and character == "\n") or not (is_control(character) or ord(character) in _BIDI)
    )
