"""The filters of the client list as chips in the line above it, which keys walk through."""

from collections.abc import Callable, Sequence

from rich.cells import cell_len

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.filter_words import NO_NAMES, Names
from clientdesk.domain.filter_words import chip as filter_chip
from clientdesk.domain.filters import Filter
from clientdesk.text import _, display_text
from clientdesk.ui.commands import BY_ID, bindings_for
from clientdesk.ui.widgets.bars import Bar, Part, cut, shares
from clientdesk.ui.widgets.filter_bar import Filters, chip, find_chip

KEYED = (("client_type", "list.type"), ("lead", "list.lead"), ("status", "list.status"))
"""The fields that always stand there, each with the command that chooses its value."""
CURSOR = "▌"
VALUE_SHOWN = 16
"""So many cells of a filter's value are shown."""
LEAST_SHOWN = 6
"""With fewer cells than these of its field or its value, a chip says nothing any more."""


class FilterChips(Filters, can_focus=True):
    """The filters in words; a click on one changes it, on its × takes it off.

    With the focus, one of the filters that are on has the cursor. `change` and `take_off` are told which one is meant,
    `do` a command of the screen, `leave` that the person goes back to the list.
    """

    BINDINGS = bindings_for("filters")
    FOCUS_ON_CLICK = False

    def __init__(
        self,
        change: Callable[[Filter], object],
        take_off: Callable[[Filter], object],
        do: Callable[[str], object],
        leave: Callable[[], object],
    ) -> None:
        super().__init__()
        self._change, self._take_off, self._do, self._leave = change, take_off, do, leave
        self._query, self._names = ClientQuery(), NO_NAMES
        self._on: Sequence[Filter] = ()
        """The filters that are on, as they stand there."""
        self._cursor = 0
        self._head: list[Part] = []
        self._chips: list[list[Part]] = []
        self._tail: list[Part] = []

    @property
    def at_cursor(self) -> Filter | None:
        """The filter under the cursor, None where none is on."""
        return self._on[self._cursor] if self._on else None

    def show_query(self, query: ClientQuery, names: Names) -> None:
        """Draw the filters of `query`, those with a key first; those that are on stand out. `names` are of what they
        refer to."""
        self._query, self._names = query, names
        self._draw()

    def enter(self) -> None:
        """Go to the latest filter, whose chip need not be the last."""
        self._cursor = self._on.index(self._query.filters[-1]) if self._on else 0
        self.focus()

    # --- drawing

    def _draw(self) -> None:
        keyed = [self._query.filter_of(field) for field, _target in KEYED]
        others = [on for on in self._query.filters if on not in keyed]
        self._on = [*(on for on in keyed if on is not None), *others]
        self._cursor = max(0, min(self._cursor, len(self._on) - 1))
        long: list[Part] = []
        self._head = []
        for (field, target), on in zip(KEYED, keyed, strict=True):
            value = _("All") if on is None else filter_chip(on, self._names).value
            key, chosen = chip(value, on != ClientQuery().filter_of(field), target)
            mark = self._mark(on)
            long += [
                *mark,
                key,
                Part(f"{self._names.catalogue.field(field).short_title} ", "dim", target),
                chosen,
                Part("   "),
            ]
            self._head += [*mark, key, chosen, Part("  ")]
        self._chips = [self._chip(on) for on in others]
        self._tail = find_chip("list.find", bool(self._query.find))
        long += [part for parts in self._chips for part in (*parts, Part(" "))]
        short = [*self._head, *(part for parts in self._chips for part in parts), *self._tail]
        self.show_forms([*long, *self._tail], short)

    def _mark(self, on: Filter | None) -> list[Part]:
        is_cursor = self.has_focus and on is not None and on == self.at_cursor
        return [Part(CURSOR, "accent", keep=1)] if is_cursor else []

    def _chip(self, on: Filter) -> list[Part]:
        title, value = filter_chip(on, self._names)
        place = self._on.index(on)
        mark = self._mark(on)
        return [
            *mark,
            Part(title, "strong" if mark else "dim", f"change:{place}"),
            Part(" ", target=f"change:{place}", keep=1),
            Part(cut(display_text(value), VALUE_SHOWN), "accent", f"change:{place}"),
            Part(" ×", "key", f"off:{place}", keep=1),
            Part("  "),
        ]

    def parts(self, width: int) -> tuple[Sequence[Part], Sequence[Part]]:
        """All filters where there is room; else as many as fit around the cursor, and how many are left out. Where none
        fits, one is cut rather than left out."""
        drawn, _right = super().parts(width)
        if self._width(drawn) <= width:
            return drawn, ()
        room = width - self._width(self._head) - self._width(self._tail)
        first, end = self._fitting(room)
        if self._chips and first == end and self._says_something(some := self._some(first, end + 1), width):
            return some, ()
        return self._some(first, end), ()

    def _some(self, first: int, end: int) -> list[Part]:
        """The line with these of the chips, and how many are left out on both sides."""
        shown = [part for parts in self._chips[first:end] for part in parts]
        return [*self._head, *_more(first), *shown, *_more(len(self._chips) - end), *self._tail]

    @staticmethod
    def _says_something(parts: Sequence[Part], width: int) -> bool:
        """Whether enough is left of each chip in a line of so many cells."""
        sizes = [(cell_len(part.text), part.keep) for part in parts]
        return all(
            cells >= min(LEAST_SHOWN, size)
            for part, (size, keep), cells in zip(parts, sizes, shares(sizes, width), strict=True)
            if part.target.startswith("change:") and not keep
        )

    def _fitting(self, room: int) -> tuple[int, int]:
        """Which of the chips fit into so many cells: the first one, and the one behind the last; at least the cursor's."""
        count, is_walked = len(self._chips), self.has_focus
        first = max(0, min(self._cursor - (len(self._on) - count), count - 1)) if is_walked else 0
        end = first + 1 if is_walked else first

        def fit(start: int, stop: int) -> bool:
            parts = [*_more(start), *(part for chip in self._chips[start:stop] for part in chip), *_more(count - stop)]
            return self._width(parts) <= room

        while end < count and fit(first, end + 1):
            end += 1
        while first and fit(first - 1, end):
            first -= 1
        return first, end

    def watch_has_focus(self, value: bool) -> None:
        """The cursor is seen, or is seen no more."""
        super().watch_has_focus(value)
        self._draw()

    # --- keys and mouse

    def action_command(self, command_id: str) -> None:
        """Do one of its commands."""
        getattr(self, BY_ID[command_id].method)()

    def command_filters_previous(self) -> None:
        """To the filter on the left."""
        self._go(-1)

    def command_filters_next(self) -> None:
        """To the filter on the right."""
        self._go(1)

    def _go(self, step: int) -> None:
        self._cursor = max(0, min(self._cursor + step, len(self._on) - 1))
        self._draw()

    def command_filters_edit(self) -> None:
        """Change the filter under the cursor."""
        if (on := self.at_cursor) is not None:
            self._edit(on)

    def _edit(self, on: Filter) -> None:
        command = dict(KEYED).get(on.field)
        if command is not None and self._query.value_of(on.field) is not None and on == self._query.filter_of(on.field):
            self._do(command)
        else:
            self._change(on)

    def command_filters_remove(self) -> None:
        """Take off the filter under the cursor; behind the last one, the list has the keys again."""
        if (on := self.at_cursor) is not None:
            self._take_off(on)
        if not self._on:
            self._leave()

    def command_filters_list(self) -> None:
        """Back to the list."""
        self._leave()

    def on_bar_picked(self, event: Bar.Picked) -> None:
        """A filter was clicked, or its ×."""
        what, _colon, place = event.target.partition(":")
        if not place.isdigit():
            return
        event.stop()
        if int(place) < len(self._on):
            on = self._on[int(place)]
            if what == "off":
                self._take_off(on)
            else:
                self._edit(on)


def _more(count: int) -> list[Part]:
    """How many filters are left out, if any; a click goes there."""
    if not count:
        return []
    return [Part(f"+{count}", "accent", "list.filters", keep=1), Part("  ")]
