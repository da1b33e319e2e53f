"""What the two tables of the history share: Find, the filters in a bar, and a pane below that tells of the cursor's row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from clientdesk.domain.history_filter import HistoryFilter
from clientdesk.text import _, display_text, local_time, whole_number
from clientdesk.ui.commands import Command, commands_of, first_key
from clientdesk.ui.firm_change import BY_OTHERS, BY_YOU, FirmChange
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.widgets.bars import LEAST, Bar, FooterLine, Part, StatusLine
from clientdesk.ui.widgets.filter_bar import FilterBar, Filters, Find, chip, find_chip
from clientdesk.ui.widgets.history_rows import HistoryList, HistoryTable
from clientdesk.ui.widgets.history_view import LABEL
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_table import RowTable
from clientdesk.ui.widgets.row_window import Follow


class PastFilters(Filters):
    """The filters of the history: each by its name, or by its value where it is on."""

    def show_filters(self, filters: Sequence[tuple[str, str, str]], finds: bool) -> None:
        """Draw them: command, name, and the value that is on ("" for none)."""
        parts: list[Part] = []
        for command, name, value in filters:
            key, chosen = chip(value or name, bool(value), command)
            parts += [key, chosen, Part("  ")]
        parts += find_chip("history.find", finds)
        self.show_forms(parts, parts)


class PastScreen(ListScreen[None]):
    """A table of the history with filters. A subclass says its filters, its columns and what it tells of a row."""

    FILTERS: tuple[tuple[str, str, str], ...] = ()
    """Of each filter: its command, the field of `HistoryFilter`, its name (untranslated)."""
    COLUMNS: tuple[TableColumn, ...] = ()
    of_row: Callable[[int], Content]
    """What the pane says of the cursor's row, in lines of so many cells."""
    counted: Callable[[int], str]
    """How many there are, in words."""

    def __init__(self, asked: HistoryFilter, labels: Mapping[str, str]) -> None:
        super().__init__()
        self.asked = asked
        self._first = asked
        """What esc goes back to."""
        self.labels = dict(labels)
        """The values of the filters as a person reads them, by the field of `HistoryFilter`."""
        self.of: int | None = None
        """The line whose rows are shown; None where the lines are."""
        self._shown: int | None = None
        """The row of which the pane tells."""
        self._bar = PastFilters()

    def help_scopes(self) -> tuple[str, ...]:
        return (self.SCOPE, "table", "find", "picker")

    def body(self) -> ComposeResult:
        yield FilterBar(self._bar, _("any words"), self.asked.find)
        yield HistoryTable([column._replace(title=_(column.title)) for column in self.COLUMNS])
        with VerticalScroll(id="fields", can_focus=False):
            yield Static(id="change")
        yield StatusLine(id="status")

    @property
    def table(self) -> HistoryTable:
        """The table."""
        return self.query_one(HistoryTable)

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the history again. Who is at the top wants to see what is new there."""
        self._show("top" if self.rows.cursor_row == 0 and change.row_id is None else "cursor", change)

    def _show(self, follow: Follow, change: FirmChange = BY_YOU) -> None:
        """Show what the filter finds."""
        self._write_bar()
        self.table.set_source(HistoryList(self.gateway, self.asked, self.of), follow, change=change)
        self._write_empty()
        self.write_status()
        self.write_footer()

    def filter(self, label: str = "", follow: Follow = "top", **changes: Any) -> None:
        """Ask for something else; `label` is how a person reads the value."""
        asked = self.asked._replace(**changes)
        self.labels |= dict.fromkeys(changes, label)
        if asked != self.asked:
            self.asked = asked
            self._show(follow)

    # --- the words around the table

    def _value(self, field: str) -> str:
        """The value of a filter that is on, as a person reads it."""
        value = getattr(self.asked, field)
        return "" if value in (None, "") else self.labels.get(field) or str(value)

    def _write_bar(self) -> None:
        filters = [(command, _(name), self._value(field)) for command, field, name in self.FILTERS]
        self._bar.show_filters(filters, bool(self.asked.words))

    def filters_in_words(self) -> list[str]:
        """The filters that are on (data in them is not made safe yet)."""
        words = [f"{_(name).lower()} {value}" for _id, field, name in self.FILTERS if (value := self._value(field))]
        if self.asked.words:
            words.append(_("find “{text}”").format(text=self.asked.find.strip()))
        return words

    def _write_empty(self) -> None:
        table, filters = self.table, self.filters_in_words()
        if not table.rows.is_whole:
            day = self._far_back()
            table.set_empty([_("Looking further back: {day}…").format(day=day) if day else _("Looking further back…")])
        elif filters:
            clears = _("{key} clears the filters.").format(key=first_key("app.back"))
            sentence = _("No change matches: {filters}")
            table.set_empty([sentence.format(filters=display_text(" · ".join(filters))), "", clears])
        else:
            table.set_empty([_("Nothing was changed yet.")])

    def write_status(self) -> None:
        """How many there are as far as is known, and the filters."""
        table = self.table
        if table.rows.is_lost and not table.rows.is_loaded:
            sentence = _("The history cannot be read. {key} tries again.")
            left = [Part(sentence.format(key=first_key("history.refresh")), "strong", keep=2)]
        elif not table.rows.is_loaded or table.rows.is_another:
            left = [Part("…", "plain", keep=2)]
        elif (count := self.known_count()) is not None:
            left = [Part(self.counted(count), "plain", keep=2)]
        else:
            sentence = _("{count} so far").format(count=whole_number(table.rows.total))
            more = _("older ones follow")
            if table.rows.is_looking:
                day = self._far_back()
                more = _("looking further back: {day}…").format(day=day) if day else _("looking further back…")
            left = [Part(sentence, "plain", keep=2), Part(f" · {more}", keep=1)]
        left += [Part(" · " + text, least=LEAST) for text in self.filters_in_words()]
        right = [
            Part(first_key("app.back"), "key", "app.back", keep=2),
            Part(" " + _("clears"), "", "app.back", keep=2),
        ]
        self.query_one(StatusLine).show(left, right if self.is_filtered else [])

    def _far_back(self) -> str:
        """The day up to which older ones were looked for; "" where that is not known yet."""
        history = self.table.rows.growing
        return local_time(history.at)[:10] if isinstance(history, HistoryList) and history.at else ""

    def known_count(self) -> int | None:
        """How many there are in all; None while that is not known."""
        return self.table.rows.total if self.table.rows.is_whole else None

    @property
    def is_filtered(self) -> bool:
        """Whether esc takes something off."""
        return self.asked != self._first

    def footer_commands(self) -> Iterable[Command]:
        """While something is typed into Find, how to get back."""
        return commands_of("find") if isinstance(self.focused, Find) else super().footer_commands()

    def footer_title(self, command: Command) -> str:
        """What esc does."""
        return _("Clear") if command.id == "app.back" and self.is_filtered else super().footer_title(command)

    # --- what the parts tell

    def on_row_table_counted(self, event: RowTable.Counted) -> None:
        """More is known."""
        self._write_empty()
        self.write_status()

    def on_row_table_lost(self, event: RowTable.Lost) -> None:
        """What the filter finds cannot be read."""
        self.write_status()

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """Tell of another row."""
        self._write_pane()
        if self.table.rows.cursor_id != self._shown:
            self._shown = self.table.rows.cursor_id
            self.query_one("#fields").scroll_home(animate=False)

    def on_resize(self) -> None:
        """The fields are wrapped anew."""
        self._write_pane()

    def _write_pane(self) -> None:
        fields = self.query_one("#fields")
        self.query_one("#change", Static).update(
            self.of_row(max(LABEL * 2, fields.scrollable_content_region.width - 4))
        )

    def on_filter_bar_find_changed(self, event: FilterBar.FindChanged) -> None:
        """Something was typed into Find."""
        self.filter(find=event.text)

    def on_bar_picked(self, event: Bar.Picked) -> None:
        """A filter was clicked."""
        self.action_command(event.target)

    def on_descendant_focus(self) -> None:
        """Another part of the screen has the keys."""
        if self.query(FooterLine):
            self.write_footer()

    # --- commands

    def command_history_find(self) -> None:
        """Go to Find."""
        self.query_one(Find).focus()

    async def command_history_field(self) -> None:
        """Filter by field."""
        from clientdesk.desk import change_sets

        await self.choose("field", _("Which field?"), [("", _("All")), *change_sets.fields(self.catalogue)])

    async def choose(self, field: str, title: str, options: Sequence[tuple[Any, str]]) -> None:
        """Let one of the values be chosen by which a field of the filter asks; the first is for none."""
        from clientdesk.ui.screens.picker import Choose

        values = [value for value, _label in options]
        present = getattr(self.asked, field)
        numbered = [(number, label) for number, (_value, label) in enumerate(options)]
        at = values.index(present) if present in values else 0
        if (chosen := await self.app.push_screen_wait(Choose(title, numbered, at))) is not None:
            self.filter(options[chosen][1] if chosen else "", **{field: values[chosen]})

    def command_history_refresh(self) -> None:
        """Read the history again."""
        self.load()

    def command_app_back(self) -> None:
        """Take the filters off; where there are none, go back."""
        if not self.is_filtered:
            self.dismiss()
            return
        self.asked = self._first
        self.query_one(FilterBar).show_find("")
        self._show("cursor")
