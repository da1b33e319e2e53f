"""The terminal shows what was drawn, whatever it showed before, and is told only what becomes another."""

from collections.abc import Sequence

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from clientdesk.ui.terminal.cells import IS_PLAIN, cells_of
from clientdesk.ui.terminal.changed_cells import Picture
from clientdesk.ui.terminal.looks import PLAIN, change, look_of

WIDTH, HEIGHT = 24, 4
COLOURS = (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT, ColorSystem.STANDARD)
STYLES = (
    None,
    Style(color="#e0e0e0", bgcolor="#121212"),
    Style(color="#e0e0e0", bgcolor="#121212", bold=True),
    Style(color="#57a5e2", bgcolor="#121212"),
    Style(color="#57a5e2", bgcolor="#1e3a52", bold=True, underline=True),
    Style(bgcolor="#1e3a52", italic=True, strike=True),
    Style(color="red", reverse=True),
    Style(bold=True, underline=True, reverse=True),
)
# Wide letters, a mark on its letter, flags (pyte gives one four cells, we two), a keycap.
TEXTS = (
    "a",
    "bcd",
    "   ",
    "x y",
    "山田",
    "山",
    "Peña",
    "e\u0301t",
    "…",
    "▌●",
    "\u0000\u001b[31m",
    "long words here",
    "🇪🇸 Flag",
    "🇪",
    "🇪🇸🇫🇷",
    "1\ufe0f\u20e3",
)

Drawing = tuple[int, int, list[Segment]]
pieces = st.lists(st.builds(Segment, st.sampled_from(TEXTS), st.sampled_from(STYLES)), min_size=1, max_size=4)
drawings = st.lists(st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1), pieces), max_size=6)


def screen() -> tuple[pyte.Screen, pyte.Stream]:
    """An empty terminal that cuts long lines, as the driver asks it to."""
    shown = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(shown)
    stream.feed("\x1b[?7l")
    return shown, stream


def seen(shown: pyte.Screen) -> list[object]:
    """What a person sees: each cell's letter and look; of a blank only the paper, unless something shows on it."""
    cells: list[object] = []
    for y in range(HEIGHT):
        for x in range(WIDTH):
            cell = shown.buffer[y][x]
            is_bare = cell.data == " " and not (cell.reverse or cell.underscore or cell.strikethrough)
            cells.append((x, y, " ", cell.bg) if is_bare else (x, y, *cell))
    return cells


@given(turns=st.lists(drawings, min_size=1, max_size=5), system=st.sampled_from(COLOURS))
def test_it_shows_the_same_as_if_all_were_written_anew(turns: Sequence[Sequence[Drawing]], system: ColorSystem) -> None:
    picture = Picture(system)
    picture.resize(WIDTH, HEIGHT)
    shown, stream = screen()
    for turn in turns:
        for x, y, segments in turn:
            picture.draw(x, y, segments)
        stream.feed(picture.changes())
        assert picture.changes() == ""
    picture.forget()
    anew, stream = screen()
    stream.feed(picture.changes())
    assert seen(shown) == seen(anew)


ROWS = st.permutations([f"{name} {name * 3} row" for name in "abcdefgh"])


@given(top=st.integers(0, 3), first=ROWS, by=st.integers(-5, 5), marked=st.integers(0, 7))
def test_rows_that_go_up_or_down_are_moved(top: int, first: Sequence[str], by: int, marked: int) -> None:
    rows = [*first, *(f"{number} new {number} row" for number in range(5))]
    picture = Picture(ColorSystem.TRUECOLOR)
    picture.resize(WIDTH, 12)
    shown = pyte.Screen(WIDTH, 12)
    stream = pyte.Stream(shown)
    written = []
    for start in (max(0, -by), max(0, by)):
        for y, row in enumerate(rows[start : start + 8]):
            look = STYLES[4 if y == marked else 1]
            picture.draw(0, top + y, [Segment(f"{'▌' if y == marked else ' '} {row.ljust(WIDTH - 2)}", look)])
        written.append(picture.changes())
        stream.feed(written[-1])
    expected = {top + y: rows[max(0, by) + y] for y in range(8)}
    assert [line[2:].rstrip() for line in shown.display] == [expected.get(y, "") for y in range(12)]
    if 0 < abs(by) < 4:
        assert len(written[1]) < 200 * (abs(by) + 1)


@given(before=st.sampled_from(STYLES), after=st.sampled_from(STYLES))
def test_one_look_becomes_another(before: Style | None, after: Style | None) -> None:
    old, new = (look_of(style, ColorSystem.TRUECOLOR) for style in (before, after))
    shown, stream = screen()
    stream.feed(f"{change(PLAIN, old)}x{change(old, new)}y{change(new, PLAIN)}z")
    anew, stream = screen()
    stream.feed(f"{change(PLAIN, old)}x\x1b[0m{change(PLAIN, new)}y\x1b[0mz")
    assert seen(shown) == seen(anew)


def painted(*segments: Segment, x: int = 0) -> Picture:
    """A picture that a terminal shows, with a line in it."""
    picture = Picture(ColorSystem.TRUECOLOR)
    picture.resize(WIDTH, HEIGHT)
    picture.draw(x, 0, segments)
    picture.changes()
    return picture


def test_only_cells_that_become_others_are_written() -> None:
    look = Style(color="#e0e0e0", bgcolor="#121212")
    picture = painted(Segment("one two three", look))
    picture.draw(0, 0, [Segment("one 2wo three", look)])
    assert picture.changes() == "\x1b[1;5H\x1b[38;2;224;224;224;48;2;18;18;18m2\x1b[m"


def test_a_blank_with_another_ink_is_the_same() -> None:
    picture = painted(Segment("     ", Style(color="red", bgcolor="#121212", bold=True)))
    picture.draw(0, 0, [Segment("     ", Style(color="blue", bgcolor="#121212"))])
    assert picture.changes() == ""
    picture.draw(0, 0, [Segment("     ", Style(bgcolor="#121212", underline=True))])
    assert picture.changes() != ""


def test_a_place_in_a_text_is_no_look() -> None:
    look = Style(color="red")
    picture = painted(Segment("word", look))
    picture.draw(0, 0, Strip([Segment("word", look)]).apply_offsets(7, 3))
    assert picture.changes() == ""


def test_a_link_is_opened_and_closed() -> None:
    link = Style(link="https://clientdesk.example")
    picture = painted(Segment("plain"))
    picture.draw(0, 0, [Segment("there", link), Segment("!")])
    start = f"\x1b]8;id={link.link_id};https://clientdesk.example\x1b\\"
    assert picture.changes() == f"\x1b[1H{start}there\x1b]8;;\x1b\\!"


@pytest.mark.parametrize(
    "letter",
    [
        "e\u0301",
        "👩\u200d👧",
        "❤\ufe0f",
        "❤\ufe0e",
        "1\ufe0f\u20e3",
        "🏴\U000e0067\U000e007f",
        "🇪🇸",
        "🇪",
        "🖥",
        "\ue000",
    ],
    ids=ascii,
)
def test_behind_a_letter_that_terminals_count_otherwise_the_place_is_told(letter: str) -> None:
    picture = painted(Segment(f"a{letter}b{'.' * 9}"))
    picture.draw(0, 0, [Segment("Z")])
    behind = 1 + cell_len(letter)
    blanks = "  \x1b[1;2H" if cell_len(letter) > 1 else ""  # of what stood there, nothing is left
    assert picture.changes().startswith(f"\x1b[1HZ{blanks}{letter}\x1b[1;{behind + 1}Hb{'.' * 9}")


def test_a_wide_letter_is_known_and_its_line_only_changed() -> None:
    picture = painted(Segment("a山b"))
    picture.draw(0, 0, [Segment("Z")])
    assert picture.changes() == "\x1b[1HZ"


def test_of_half_a_wide_letter_nothing_is_left() -> None:
    picture = painted(Segment("山山"))
    picture.draw(1, 0, [Segment("ab")])
    assert picture.changes() == "\x1b[1H ab "
    picture.draw(WIDTH - 1, 0, [Segment("山")])
    assert picture.changes() == ""


@given(st.text("ab山é\u0301…\u200d👧❤\ufe0f🇪🇸"))
def test_cells_are_as_many_as_the_text_is_wide(text: str) -> None:
    assert len(cells_of(f"a{text}")) == cell_len(f"a{text}")
    assert "".join(cells_of(f"a{text}\x1b\x9b")) == f"a{text}"


def test_what_is_taken_for_plain_is_one_cell_a_letter() -> None:
    plain = [letter for letter in map(chr, range(0x3000)) if IS_PLAIN(letter)]
    assert {" ", "~", "ñ", "…", "│"} <= set(plain)
    assert [letter for letter in plain if cells_of(letter) != (letter,)] == []


def test_where_the_screen_is_smaller_nothing_is_written_beyond_it() -> None:
    picture = painted(Segment("word"))
    picture.resize(3, 2)
    picture.draw(1, 1, [Segment("xyz")])
    picture.draw(0, 2, [Segment("below")])
    assert picture.changes() == "\x1b[1Hwor\x1b[2H xy"
