"""The table: text fitted into cells, columns laid out, rows of any number read in pieces."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.strip import Strip

from clientdesk.text import display_text
from clientdesk.ui.widgets.line_layout import GAP, GUTTER, SHRUNK, TableColumn, fit, lay_out
from clientdesk.ui.widgets.row_source import AT_HAND, PlainRow, RowCache
from clientdesk.ui.widgets.row_table import RowTable
from tests.ui.numbers import Numbers
from tests.ui.screen import lines_of, strips_of, text_of, wait_for, wait_for_lines, wait_until

HOSTILE = (
    "Smith [/] Co",
    "[ACME] Ltd",
    "[bold red]x[/]",
    "\x1b]0;owned\x07\x1b[31mred",
    "nul\x00l",
    "C1 \x9b31m \x85",
    "bidi \u202egnorw\u202c \u2067x\u2069",
    "zero\u200bwidth\ufeff\u2060",
    "line\nbreak\rand\ttab\u2028",
    "x" * 10_000,
    "é" * 10_000,
    "a" + "\u0301" * 10_000,
    "👩‍👩‍👧‍👦 family 👍🏽 ❤️ 1️⃣ 🇪🇸",
    "山田商店株式会社" * 20,
    "ｆｕｌｌｗｉｄｔｈ",
    "नमस्ते क्षि",
    "\ud800 lone surrogate",
    "‏שלום",
    "",
    "   ",
)


def assert_safe(text: str) -> None:
    """Nothing in `text` steers a terminal or turns its direction."""
    assert display_text(text) == text
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) <= 0x9F for character in text)


@pytest.mark.parametrize("width", [1, 2, 7, 30])
def test_a_cell_has_exactly_its_width(width: int) -> None:
    for text in HOSTILE:
        fitted = fit(text, width)
        assert cell_len(fitted) == width, text
        assert_safe(fitted)


@given(st.text(max_size=200), st.integers(1, 60), st.booleans())
def test_any_text_fits(text: str, width: int, right: bool) -> None:
    fitted = fit(text, width, right)
    assert cell_len(fitted) == width
    assert sum(cell_len(character) for character in fitted) == width  # nothing joins across characters
    assert_safe(fitted)


def test_what_is_cut_says_so() -> None:
    assert fit("Construcciones", 8) == "Constru…"
    assert fit("Constru… · Peña", 9) == "Constru… ", "what was cut before is not cut twice"
    assert fit("山田商店", 6) == "山田… "
    assert fit("12", 5, right=True) == "   12"


def test_flags_are_letters_and_accents_do_not_pile_up() -> None:
    assert fit("🇪🇸 SL", 6) == "ES SL "
    assert fit("e" + "\u0301" * 10, 3) == "e\u0301\u0301\u0301  "


COLUMNS = (
    TableColumn("number", "Number", 11),
    TableColumn("name", "Display name", 30, grow=40, pin=True),
    TableColumn("type", "Client type", 11, short="Type"),
    TableColumn("lead", "Lead accountant", 16),
    TableColumn("email", "E-mail", 28, grow=16),
    TableColumn("phone", "Phone", 17),
)


def keys(room: int, first: int = 0) -> list[str]:
    return [COLUMNS[placed.column].key for placed in lay_out(COLUMNS, room, first)]


def test_columns_are_dropped_from_the_right_and_the_name_is_cut_last() -> None:
    assert keys(140) == ["number", "name", "type", "lead", "email", "phone"]
    assert keys(79) == ["number", "name", "type", "lead"]
    assert keys(60) == ["number", "name", "type"]
    assert keys(40) == ["number", "name"]
    assert lay_out(COLUMNS, 40)[1].width < 30
    assert keys(24) == ["name"]


def test_a_column_that_may_grow_is_cut_before_it_is_dropped() -> None:
    assert keys(100)[-1] == "email"
    assert SHRUNK <= lay_out(COLUMNS, 100)[-1].width < 28


@pytest.mark.parametrize("first", [0, 1, 4])
def test_columns_never_overlap_or_leave_the_line(first: int) -> None:
    for room in range(4, 200, 7):
        at = GUTTER
        for placed in lay_out(COLUMNS, room, first):
            assert placed.x == at, room
            at = placed.x + placed.width + GAP
        assert at - GAP <= room


def test_scrolled_columns_keep_the_name_in_front() -> None:
    assert keys(79, 2) == ["name", "lead", "email"]
    assert keys(79, 4) == ["name", "phone"]


def test_only_so_many_rows_are_kept() -> None:
    cache = RowCache()
    for offset in range(0, 50_000, 100):
        cache.put(offset, [PlainRow(number, True, ()) for number in range(offset, offset + 100)])
    assert len(cache) <= AT_HAND
    assert cache.get(49_999) is not None
    assert cache.get(0) is None
    assert cache.missing(49_990, 50_010) == (50_000, 50_010)
    assert cache.missing(49_990, 50_000) is None


class TableApp(App[None]):
    """A table and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[object] = []

    def compose(self) -> ComposeResult:
        yield RowTable(COLUMNS)

    @property
    def table(self) -> RowTable:
        return self.query_one(RowTable)

    def on_row_table_sort_requested(self, event: RowTable.SortRequested) -> None:
        self.told.append(("sort", event.column))

    def on_row_table_resized(self, event: RowTable.Resized) -> None:
        self.told.append(("resized", event.column, event.width))

    def on_row_table_column_moved(self, event: RowTable.ColumnMoved) -> None:
        self.told.append(("moved", event.column, event.place))

    def on_row_table_opened(self, event: RowTable.Opened) -> None:
        self.told.append(("opened", event.row_id))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (30, 8)])
async def test_hostile_names_leave_every_line_whole(size: tuple[int, int]) -> None:
    app = TableApp()
    async with app.run_test(size=size):
        app.table.set_source(Numbers(len(HOSTILE), HOSTILE))
        await wait_until(lambda: app.table.rows.count == len(HOSTILE))
        for row in range(len(HOSTILE)):
            app.table.rows.move_to(row)
            for line in range(app.table.size.height):
                strip = app.table.render_line(line)
                assert cell_len(strip.text) == app.table.columns.width == strip.cell_length
                assert_safe(strip.text)
        for strip in strips_of(app):
            assert cell_len(strip.text) == size[0]


async def test_rows_that_are_not_there_yet_are_dots() -> None:
    app = TableApp()
    async with app.run_test() as pilot:
        source = Numbers(1_000)
        app.table.set_source(source)
        await wait_until(lambda: app.table.rows.count)
        source.gate.clear()
        await pilot.press("G")
        await wait_for_lines(app, lambda lines: "…" in lines[10])
        assert app.table.rows.cursor_id is None
        source.gate.set()
        await wait_until(lambda: app.table.rows.cursor_id == 999)


def lines_drawn(table: RowTable) -> list[int]:
    """The lines that are drawn from now on, one after the other."""
    drawn: list[int] = []
    render = table.render_line

    def counted(y: int) -> Strip:
        drawn.append(y)
        return render(y)

    table.render_line = counted  # type: ignore[method-assign]
    return drawn


@pytest.mark.painted
async def test_a_move_draws_two_lines() -> None:
    app = TableApp()
    async with app.run_test() as pilot:
        app.table.set_source(Numbers(1_000))
        await wait_until(lambda: app.table.rows.count)
        await pilot.pause()
        drawn = lines_drawn(app.table)
        await pilot.press("j")
        await wait_until(lambda: drawn)
        assert sorted(set(drawn)) == [1, 2]


async def painted(app: TableApp) -> None:
    """Whatever is to be drawn by now has been drawn."""
    done = asyncio.Event()
    app.table.call_after_refresh(done.set)
    await wait_until(done.is_set)


@pytest.mark.painted
async def test_another_list_is_drawn_once_and_its_count_draws_the_scrollbar_alone() -> None:
    app = TableApp()
    async with app.run_test():
        app.table.set_source(Numbers(1_000))
        await wait_until(lambda: app.table.rows.count)
        await painted(app)
        source = Numbers(500, first=5_000)
        source.counts.clear()
        drawn = lines_drawn(app.table)
        app.table.set_source(source, "top")
        await wait_for(app, "Client 5000")
        await wait_until(lambda: app.table.height in drawn)
        bar = app.table.vertical_scrollbar
        shown = bar.window_virtual_size
        source.counts.set()
        await wait_until(lambda: bar.window_virtual_size != shown)
        await painted(app)
        assert sorted(drawn) == list(range(1, app.table.height + 1)), "each row once, the header never"


async def test_lines_are_empty_where_the_count_says_that_there_are_fewer_rows() -> None:
    app = TableApp()
    async with app.run_test():
        source = Numbers(1_000)
        source.counts.clear()
        app.table.set_source(source)
        await wait_for(app, "Client 5")
        source.total = 3  # somebody has deleted the others meanwhile
        source.counts.set()
        await wait_until(lambda: "Client 5" not in text_of(app))
        await wait_for(app, "Client 2")


@pytest.mark.parametrize(
    ("pressed", "row"),
    [("j", 101), ("down", 101), ("k", 99), ("pagedown", 123), ("pageup", 77), ("ctrl+d", 111), ("ctrl+u", 89),
     ("g", 0), ("home", 0), ("G", 999), ("end", 999)],
)  # fmt: skip
async def test_keys_move_the_cursor(pressed: str, row: int) -> None:
    app = TableApp()
    async with app.run_test() as pilot:
        app.table.set_source(Numbers(1_000))
        await wait_until(lambda: app.table.rows.count)
        app.table.rows.move_to(100, top=95)
        await pilot.press(pressed)
        await wait_until(lambda: app.table.rows.cursor_id == row)
        assert app.table.top <= row < app.table.top + app.table.height


async def test_columns_scroll_sideways() -> None:
    app = TableApp()
    async with app.run_test() as pilot:
        app.table.set_source(Numbers(50))
        await wait_for(app, "Client 1")
        assert "Phone" not in lines_of(app)[0]
        await wait_for_lines(app, lambda lines: lines[0].endswith("›"))
        for _step in range(2):
            app.table.action_command("row.right")
        await pilot.press("l")
        await wait_for(app, "Phone")
        await wait_for_lines(app, lambda lines: lines[0].startswith("‹") and "Display name" in lines[0])
        assert app.table.columns.visible == ["name", "email", "phone"]


async def test_the_mouse_on_rows() -> None:
    app = TableApp()
    async with app.run_test() as pilot:
        app.table.set_source(Numbers(50))
        await wait_for(app, "Client 1")
        await pilot.click(RowTable, offset=(20, 6))
        await wait_until(lambda: app.table.rows.cursor_id == 5)
        assert app.told == []
        await pilot.click(RowTable, offset=(20, 6))
        await wait_until(lambda: app.told == [("opened", 5)])
        await pilot.click(RowTable, offset=(1, 3))
        await wait_until(lambda: app.table.rows.cursor_id == 2)
        assert app.table.rows.marks == set()  # nothing here heeds marks
        app.table.markable = True
        await pilot.click(RowTable, offset=(1, 4))
        await wait_until(lambda: app.table.rows.marks == {3})
        assert app.table.rows.cursor_id == 2


async def test_the_mouse_on_headers() -> None:
    app = TableApp()
    async with app.run_test(size=(120, 24)) as pilot:
        app.table.set_source(Numbers(50))
        await wait_for(app, "Client 1")
        header = lines_of(app)[0]
        name, lead = header.index("Display name"), header.index("Lead")
        await pilot.click(RowTable, offset=(name + 2, 0))
        await wait_until(lambda: app.told == [("sort", "name")])
        await pilot.mouse_down(RowTable, offset=(lead + 2, 0))
        await pilot.mouse_up(RowTable, offset=(name + 2, 0))
        await wait_until(lambda: app.told[1:] == [("moved", "lead", "name")])
        await pilot.mouse_down(RowTable, offset=(lead + 16, 0))
        await pilot.mouse_up(RowTable, offset=(lead + 19, 0))
        await wait_until(lambda: app.told[2:] == [("resized", "lead", 19)])
