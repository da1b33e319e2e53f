"""The window of rows without a screen: what is read when, and where cursor, marks and window are then."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import Refused
from clientdesk.domain.selection import Selection
from clientdesk.ui.firm_change import BY_OTHERS, BY_YOU, FirmChange
from clientdesk.ui.widgets import row_window
from clientdesk.ui.widgets.growing_window import GrowingWindow
from clientdesk.ui.widgets.row_marking import begin_range, mark_all, mark_others, mark_range
from clientdesk.ui.widgets.row_source import ListSource, PlainRow, RowLike
from clientdesk.ui.widgets.row_view import News
from clientdesk.ui.widgets.row_window import RowWindow
from tests.ui.numbers import Numbers

HEIGHT = 20


class View:
    """Where a window is seen: 20 lines of nothing. `told` is what the window said, in order."""

    def __init__(self, kind: type[RowWindow] = RowWindow) -> None:
        self.top, self.height = 0, HEIGHT
        self.told: list[tuple[News, int | None]] = []
        self.refused: list[str] = []
        self.swaps = 0
        """How often other rows have come."""
        self._tasks: set[asyncio.Task[None]] = set()
        self.rows = kind(self)

    def begin(self, reading: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        async def guarded() -> None:
            try:
                await reading()
            except Refused as refusal:
                self.refused.append(refusal.code)

        task = asyncio.create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def break_off(self) -> None:
        for task in self._tasks:
            task.cancel()

    def when_drawn(self, action: Callable[[], object]) -> None:
        asyncio.get_running_loop().call_soon(action)

    def show_from(self, top: int) -> None:
        self.top = max(0, min(top, self.rows.length - self.height))
        self.rows.scrolled()

    def length_changed(self, bar: bool = True) -> None:
        pass

    def rows_changed(self) -> None:
        self.swaps += 1

    def draw_changed(self) -> None:
        pass

    def tell(self, news: News, row: RowLike | None = None) -> None:
        self.told.append((news, None if row is None else row.id))

    async def until(self, condition: Callable[[], object]) -> None:
        """Let the window work until `condition` holds."""
        async with asyncio.timeout(60):
            while not condition():
                await asyncio.sleep(0)

    async def quiet(self) -> None:
        """Let the window work until nothing is read any more."""
        for _turn in range(5):  # what was drawn leads to readings, these to others
            await self.until(lambda: not self._tasks)
            await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_window, "REST", 0.0)


async def shown(source: Numbers, row: int = 0, top: int | None = None) -> View:
    """A view of a list that is read and counted, with the cursor on a row."""
    view = View()
    view.rows.set_source(source)
    await view.quiet()
    view.rows.move_to(row, top)
    await view.quiet()
    return view


def place(view: View) -> tuple[int | None, int, int]:
    """The cursor's id, its row, and the first row that is seen."""
    return view.rows.cursor_id, view.rows.cursor_row, view.top


async def test_the_rows_are_there_before_the_count() -> None:
    source, view = Numbers(1_000_000), View()
    source.counts.clear()
    view.rows.set_source(source)
    await view.until(lambda: view.swaps)
    assert (view.rows.count, view.rows.total) == (None, HEIGHT + 1)
    assert source.asked == [(0, HEIGHT + 1)]
    source.counts.set()
    await view.quiet()
    assert (view.rows.count, view.told[-1]) == (1_000_000, ("counted", None))


async def test_a_short_list_is_counted_by_its_rows() -> None:
    source = Numbers(3)
    source.counts.clear()
    view = View()
    view.rows.set_source(source)
    await view.until(lambda: view.rows.count == 3)


async def test_the_last_row_of_a_million_needs_a_few_rows() -> None:
    source = Numbers(1_000_000)
    view = await shown(source)
    view.rows.move_to_last()
    await view.quiet()
    assert place(view) == (999_999, 999_999, 999_980)
    assert sum(limit for _offset, limit in source.asked) < 400


async def test_who_wants_the_last_row_before_the_count_gets_it_then() -> None:
    source, view = Numbers(1_000), View()
    source.counts.clear()
    view.rows.set_source(source)
    await view.until(lambda: view.swaps)
    view.rows.move_to_last()
    assert view.rows.cursor_row == 0
    assert view.rows.awaits(moves=False), "what acts on a row waits for it"
    assert not view.rows.awaits(moves=True)
    source.counts.set()
    await view.quiet()
    assert view.rows.cursor_id == 999
    assert not view.rows.awaits(moves=False)


async def test_what_is_ahead_is_read_before_it_is_seen() -> None:
    source = Numbers(1_000)
    view = await shown(source)
    for row in range(60):
        view.rows.move_to(row)
        assert view.rows.current is not None, row
        await view.quiet()


async def test_a_row_that_is_not_at_hand_has_no_id_and_keys_wait_for_it() -> None:
    source = Numbers(1_000)
    view = await shown(source)
    source.gate.clear()
    view.rows.move_to(500)
    assert place(view) == (None, 500, 481)
    assert view.rows.awaits(moves=False)
    assert not view.rows.awaits(moves=True)
    source.gate.set()
    await view.quiet()
    assert view.rows.cursor_id == 500


async def test_the_old_rows_stay_until_the_new_ones_come_and_only_the_latest_list_is_shown() -> None:
    view = await shown(Numbers(1_000))
    slow, late = Numbers(10, first=500), Numbers(10, first=700)
    slow.gate.clear()
    view.rows.set_source(slow, "top")
    await view.until(lambda: slow.asked)
    assert view.rows.is_another
    assert view.rows.awaits(moves=True)
    assert view.rows.cursor_id == 0
    view.rows.set_source(late, "top")
    await view.quiet()
    slow.gate.set()
    await view.quiet()
    assert place(view) == (700, 0, 0)
    assert (view.rows.count, view.swaps, view.rows.is_another) == (10, 2, False)


async def test_the_cursor_stays_with_its_row_on_its_line() -> None:
    view = await shown(Numbers(1_000), 505, top=500)
    view.rows.toggle_mark()
    view.rows.set_source(Numbers(900, first=100))
    await view.quiet()
    assert place(view) == (505, 405, 400)
    assert view.rows.marks == {505}


async def test_another_list_may_begin_at_its_top() -> None:
    view = await shown(Numbers(1_000), 505)
    view.rows.set_source(Numbers(900), "top")
    await view.quiet()
    assert place(view) == (0, 0, 0)


async def test_the_cursor_goes_to_the_row_that_is_named() -> None:
    view = await shown(Numbers(1_000), 5)
    view.rows.read_again(FirmChange(row_id=700))
    await view.quiet()
    assert place(view) == (700, 700, 695)


async def test_a_cursor_out_of_sight_is_in_the_middle_of_another_list() -> None:
    view = await shown(Numbers(1_000), 505)
    view.show_from(200)
    view.rows.set_source(Numbers(900, first=100))
    await view.quiet()
    assert place(view) == (505, 405, 405 - HEIGHT // 2)


async def test_a_cursor_out_of_sight_stays_with_its_row_and_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clientdesk.ui.widgets.row_source.AT_HAND", 200)
    view = await shown(Numbers(5_000), 505)
    for top in range(600, 1_200, 100):
        view.show_from(top)
        await view.quiet()
        assert view.rows.row_at(top) is not None
    assert view.rows.row_at(600) is None, "so many rows are not kept"
    assert not view.rows.awaits(moves=False), "a key need not wait for the cursor's"
    view.rows.read_again()
    await view.quiet()
    assert place(view) == (505, 505, 1_100)


@pytest.mark.parametrize("change", [BY_YOU, BY_OTHERS])
async def test_where_the_row_is_gone_the_cursor_stays_near(change: FirmChange) -> None:
    source = Numbers(1_000)
    view = await shown(source, 999)
    source.total = 990
    view.rows.read_again(change)
    await view.quiet()
    assert place(view) == (989, 989, 970)
    assert view.rows.count == 990


async def test_a_list_that_has_become_shorter_while_more_is_read() -> None:
    source = Numbers(1_000)
    view = await shown(source)
    source.total = 30
    view.rows.move_to(500)
    await view.quiet()
    assert place(view) == (29, 29, 10)
    assert view.rows.count == 30


async def test_marks_are_told_and_outlive_every_list() -> None:
    view = await shown(Numbers(1_000), 5)
    view.rows.toggle_mark()
    view.rows.toggle_mark(7)
    view.rows.set_source(Numbers(0))
    await view.quiet()
    view.rows.toggle_mark()
    assert view.rows.marks == {5, 7}, "there is no row to mark"
    view.rows.mark({5})
    view.rows.mark({5})
    view.rows.mark()
    assert [row_id for news, row_id in view.told if news == "marked"] == [5, 7, None, None]


# --- what is refused


async def test_a_list_that_cannot_be_read_is_told_and_the_old_rows_stay() -> None:
    view = await shown(Numbers(1_000), 5)
    away = Numbers(10)
    away.is_away = True
    view.rows.set_source(away, "top")
    await view.quiet()
    assert (view.rows.is_lost, view.told[-1], view.refused) == (True, ("lost", None), ["server_away"])
    assert view.rows.cursor_id == 5
    assert not view.rows.awaits(moves=False)
    away.is_away = False
    view.rows.read_again()
    await view.quiet()
    assert (view.rows.is_lost, view.rows.is_another, view.rows.count) == (False, False, 10)


async def test_keys_do_not_wait_for_rows_that_are_refused() -> None:
    source = Numbers(1_000)
    view = await shown(source)
    source.is_away = True
    view.rows.move_to(500)
    await view.quiet()
    assert not view.rows.awaits(moves=False)
    assert not view.rows.is_lost, "it is the same list"


async def test_nobody_waits_for_the_last_row_where_the_count_is_refused() -> None:
    source, view = Numbers(1_000), View()
    source.counts.clear()
    view.rows.set_source(source)
    await view.until(lambda: view.swaps)
    view.rows.move_to_last()
    source.is_away = True
    source.counts.set()
    await view.quiet()
    assert not view.rows.awaits(moves=False)


# --- because of somebody else


async def test_what_others_change_is_read_while_keys_go_on() -> None:
    source = Numbers(1_000)
    view = await shown(source, 505, top=500)
    source.gate.clear()
    asked = len(source.asked)
    view.rows.read_again(BY_OTHERS)
    await view.until(lambda: source.waiting)
    assert not view.rows.awaits(moves=False)
    source.first, source.total = -1, 1_001  # one more, above
    source.gate.set()
    await view.quiet()
    assert len(source.asked) > asked
    assert place(view) == (505, 506, 501)
    assert view.rows.count == 1_001


async def test_who_goes_on_meanwhile_is_not_taken_back() -> None:
    source = Numbers(1_000)
    view = await shown(source, 5)
    source.gate.clear()
    view.rows.read_again(BY_OTHERS)
    await view.until(lambda: source.waiting)
    view.rows.move_to(7)
    source.gate.set()
    await view.quiet()
    assert place(view) == (7, 7, 0)
    assert view.swaps == 2, "read twice, shown once"


async def test_many_changes_of_others_are_one_reading() -> None:
    source = Numbers(1_000)
    view = await shown(source)
    for _change in range(5):
        view.rows.read_again(BY_OTHERS)
    await view.quiet()
    assert view.swaps == 2


async def test_another_list_takes_the_place_of_what_was_read_because_of_others() -> None:
    source = Numbers(1_000)
    view = await shown(source)
    source.gate.clear()
    view.rows.read_again(BY_OTHERS)
    await view.until(lambda: source.waiting)
    view.rows.set_source(Numbers(10, first=500))
    await view.quiet()
    source.gate.set()
    await view.quiet()
    assert (view.rows.cursor_id, view.swaps) == (500, 2)
    view.rows.read_again(BY_OTHERS)
    await view.quiet()
    assert view.swaps == 3, "the next change is read"


class Same(Numbers):
    """A list that is read by another source each time."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same)

    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(("row", "place_after"), [(0, (-1, 0, 0)), (5, (5, 6, 1))])
async def test_the_same_list_of_another_source_is_read_for_others_without_waiting(
    row: int, place_after: tuple[int, int, int]
) -> None:
    view = await shown(Same(1_000), row)
    fresh = Same(1_001, first=-1)  # one more, above
    fresh.gate.clear()
    view.rows.set_source(fresh, "top", change=BY_OTHERS)
    await view.until(lambda: fresh.waiting)
    assert not view.rows.awaits(moves=False)
    fresh.gate.set()
    await view.quiet()
    assert place(view) == place_after
    assert view.rows.source is fresh


# --- a list that grows


class Growing(Numbers):
    """A list of which a beginning is known."""

    def __init__(self, known: int, total: int) -> None:
        super().__init__(known)
        self.all = total

    @property
    def is_whole(self) -> bool:
        return self.total == self.all

    async def grow(self, limit: int) -> None:
        await self._answer(self.gate)
        self.total = min(self.all, self.total + limit)


async def test_a_list_grows_where_its_end_is_near() -> None:
    source, view = Growing(100, 100_000), View(GrowingWindow)
    view.rows.set_source(source)
    await view.quiet()
    known = view.rows.total
    view.rows.move_to(known - 20)
    await view.quiet()
    assert known < view.rows.total < 300
    view.rows.move_to_last()
    assert view.rows.awaits(moves=False)
    await view.quiet()
    assert view.rows.cursor_id == 99_999


async def test_who_leaves_does_not_wait_for_a_last_row_that_is_far() -> None:
    source, view = Growing(100, 100_000), View(GrowingWindow)
    view.rows.set_source(source)
    await view.quiet()
    source.gate.clear()
    view.rows.move_to_last()
    assert view.rows.awaits(moves=False)
    assert not view.rows.awaits(moves=False, leaves=True)
    source.gate.set()
    await view.quiet()
    assert view.rows.cursor_id == 0


# --- many marks at once


async def test_all_are_marked_also_those_that_were_never_read() -> None:
    source = Numbers(100_000)
    view = await shown(source, 3)
    view.rows.mark({500_000})
    view.rows.toggle_mark(0)
    asked = len(source.asked)
    await mark_all(view.rows, source)
    assert len(view.rows.marks) == 100_001
    assert len(source.asked) == asked, "no row is read for that"
    view.rows.toggle_mark()
    view.rows.set_source(Numbers(100_100), "top")  # others have come into the list
    await view.quiet()
    assert (view.rows.is_marked(3), view.rows.is_marked(4)) == (False, True)
    view.rows.move_to_last()
    await view.quiet()
    assert not view.rows.is_marked(100_099), "who comes to match later is not marked"


async def test_the_others_are_marked_and_what_is_outside_the_list_stays() -> None:
    source = Numbers(10)
    view = await shown(source)
    view.rows.mark({0, 1, 77})
    await mark_others(view.rows, source)
    assert view.rows.marks == {2, 3, 4, 5, 6, 7, 8, 9, 77}
    await mark_others(view.rows, source)
    assert view.rows.marks == {0, 1, 77}


@pytest.mark.parametrize(("start", "end"), [(10, 90_000), (90_000, 10), (10, 10)])
async def test_a_range_goes_to_the_cursor_over_rows_that_were_never_read(start: int, end: int) -> None:
    source = Numbers(100_000)
    view = await shown(source, start)
    begin_range(view.rows)
    view.rows.move_to(end)
    await view.quiet()
    first, last = sorted((start, end))
    assert [view.rows.is_marked(number) for number in (first - 1, first, last, last + 1)] == [False, True, True, False]
    assert not view.rows.marks
    assert await mark_range(view.rows, source) == last - first + 1
    assert view.rows.marks == set(range(first, last + 1))
    assert view.rows.range is None


async def test_a_range_stays_with_its_rows_when_others_come_before_them() -> None:
    view = await shown(Numbers(1_000), 500)
    begin_range(view.rows)
    view.rows.move_to(510)
    await view.quiet()
    sooner = Numbers(1_003, first=-3)
    view.rows.set_source(sooner, change=BY_OTHERS)
    await view.quiet()
    assert [view.rows.is_marked(number) for number in (502, 503, 513, 514)] == [False, True, True, False]
    assert await mark_range(view.rows, sooner) == 11
    assert view.rows.marks == set(range(500, 511))


async def test_a_range_whose_beginning_has_gone_is_given_up() -> None:
    view = await shown(Numbers(1_000), 5)
    begin_range(view.rows)
    later = Numbers(990, first=10)
    view.rows.set_source(later)
    await view.quiet()
    assert view.rows.range is None
    assert await mark_range(view.rows, later) == 0
    assert not view.rows.marks


async def test_all_of_a_list_are_kept_as_its_query() -> None:
    source = Numbers(10)
    source.query = ClientQuery(find="a")
    view = await shown(source)
    view.rows.mark({3, 77})
    await mark_all(view.rows, source)
    assert view.rows.selection == Selection(source.query, frozenset({3, 77}))
    view.rows.toggle_mark(5)
    assert view.rows.marks == {*range(10), 77} - {5}
    assert view.rows.selection == Selection(source.query, frozenset({3, 77}), frozenset({5}))
    view.rows.toggle_mark(5)
    assert view.rows.selection.without == frozenset()
    view.rows.toggle_mark(6)
    await mark_others(view.rows, source)
    assert view.rows.marks == {6, 77}
    assert view.rows.selection == Selection(ids=frozenset({6, 77}))
    await mark_others(view.rows, source)
    assert view.rows.marks == {*range(10), 77} - {6}
    assert view.rows.selection == Selection(source.query, frozenset({77}), frozenset({6}))
    other = Numbers(3, first=100)
    other.query = ClientQuery(find="b")
    await mark_all(view.rows, other)
    assert view.rows.selection == Selection(other.query, frozenset({*range(10), 77} - {6})), (
        "one list at a time is kept"
    )
    view.rows.mark()
    assert view.rows.selection.empty


async def test_what_is_marked_while_all_are_read_stays_marked() -> None:
    source = Numbers(10)
    view = await shown(source)
    source.gate.clear()
    marking = asyncio.create_task(mark_all(view.rows, source))
    await view.until(lambda: source.waiting)
    view.rows.mark({77})
    source.gate.set()
    await marking
    assert view.rows.marks == {*range(10), 77}


async def test_a_list_that_is_there_already_has_its_ids() -> None:
    source = ListSource([PlainRow(row_id, True, ()) for row_id in (7, 3, 5)])
    assert await source.ids() == [7, 3, 5]
    assert await source.between(5, 3) == [3, 5]
    assert await source.between(5, 4) == ()
