"""A text as cells of a terminal, and which letters every terminal counts alike."""

import re
from functools import lru_cache
from unicodedata import category, east_asian_width

from rich.cells import cell_len

IS_PLAIN = re.compile("[ -~\xa1-\xac\xae-\u02ff…‹›·●▌▴▾│─╭╮╰╯✓→]*").fullmatch
"""Whether each letter of a text is one cell: what most texts are, so that nobody need look at their letters."""
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_JOINER, _AS_EMOJI = "\u200d", "\ufe0f"
_FIRST_PICTURE = "\U0001f000"
"""From here on, symbols are pictures and halves of flags: terminals give many of them one cell or two."""
_HALF_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]").fullmatch


@lru_cache(maxsize=4_096)
def cells_of(text: str) -> tuple[str, ...]:
    """A text cell by cell: marks stand with their letter, the second half of a wide letter is "". Controls are dropped:
    whatever a widget draws, it says nothing else to the terminal. The two halves of a flag stand together."""
    text = _CONTROLS.sub("", text)
    cells: list[str] = []
    length, before = 0, ""
    simple = _JOINER not in text and _AS_EMOJI not in text
    for number, letter in enumerate(text):
        width = cell_len(letter) if simple else cell_len(text[: number + 1]) - length
        length += width
        head = len(cells) - 1
        while head > 0 and not cells[head]:
            head -= 1
        is_flag = _HALF_FLAG(letter) is not None and bool(cells) and _HALF_FLAG(cells[head]) is not None
        if width < 1 or before == _JOINER or letter == _AS_EMOJI or is_flag:
            if cells:  # a mark without a letter would go to whatever stands before the text
                cells[head] += letter
                cells += [""] * width
        else:
            cells += [letter, *[""] * (width - 1)]
        before = letter
    return tuple(cells)


@lru_cache(maxsize=4_096)
def is_sure(cell: str) -> bool:
    """Whether every terminal gives the letter as many cells as we do. Of marks, joined letters and emoji they differ."""
    if len(cell) != 1:
        return not cell
    kind = category(cell)
    return kind[0] not in "MC" and not (
        kind in ("So", "Sk") and (cell >= _FIRST_PICTURE or east_asian_width(cell) in "WF")
    )


def all_sure(cells: list[str]) -> bool:
    """Whether they are so in a whole line."""
    return IS_PLAIN("".join(cells)) is not None or all(map(is_sure, set(cells)))
