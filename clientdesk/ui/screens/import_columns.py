"""A step of an import: which column of the file is which field of a client."""

from collections.abc import Iterable
from contextlib import suppress

from textual.app import ComposeResult
from textual.worker import Worker, WorkerError

from clientdesk.domain.access import Action
from clientdesk.domain.columns.guessing import gives_names, like_names
from clientdesk.domain.columns.row_reader import label_places
from clientdesk.domain.mappings import DATES, KEYS
from clientdesk.domain.year_end import readings
from clientdesk.text import _, display_text, ngettext, shortened, whole_number
from clientdesk.ui.commands import Command, bindings_for
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.import_mappings import Mappings
from clientdesk.ui.screens.import_step import COLUMNS, PLAN, ImportStep, Steps
from clientdesk.ui.widgets.bars import Bar, Part, StatusLine, cut
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_source import ListSource, PlainRow
from clientdesk.ui.widgets.row_table import RowTable

EXAMPLES = 4
"""So many different cells of a column are shown."""
EXAMPLE = 24
"""So many characters of a cell are shown as an example."""
CREATE = "+"
"""Chosen in the place of a field: one of the firm's own is made of the column."""
LIKELY = 18
"""So many cells of a heading are shown in the line that asks for the name: its end is not lost at 80 columns."""
"""The fields by which clients can be found and updated."""


def examples(rows: "tuple[tuple[str, ...], ...]", place: int) -> str:
    """The first different cells of a column that are not empty."""
    values: dict[str, None] = {}
    for row in rows:
        if place < len(row) and (text := row[place].strip()):
            values[shortened(text, EXAMPLE)] = None
            if len(values) == EXAMPLES:
                break
    return " · ".join(values)


def _table_columns(updates: bool) -> list[TableColumn]:
    """The table's columns; what a blank cell does matters where clients are updated."""
    blank = [TableColumn("blank", _("Blank"), 7)] if updates else []
    return [
        TableColumn("heading", _("Column of the file"), 22, grow=10, pin=True),
        TableColumn("field", _("Field"), 18, grow=5),
        *blank,
        TableColumn("examples", _("Examples"), 26, grow=200),
    ]


class ImportColumnsStep(Mappings, ImportStep):
    """One line a column of the file: its heading, the field it becomes, what a blank cell does, examples."""

    SCOPE = "import-columns"
    STEP = COLUMNS
    BINDINGS = bindings_for("import-columns")
    CSS_PATH = style("import")
    AUTO_FOCUS = "RowTable"

    def __init__(self) -> None:
        super().__init__()
        self._dates: tuple[int, ...] = ()
        self._unclear = ""
        """A date of the file whose day and month cannot be told apart; "" for none."""
        self._looking: Worker[None] | None = None

    def help_scopes(self) -> tuple[str, ...]:
        return ("import-columns", "table", "picker")

    def body(self) -> ComposeResult:
        yield Steps()
        yield Bar(id="question")
        yield RowTable(_table_columns(False))
        yield Bar(id="mapped")
        yield StatusLine(id="status")

    def on_mount(self) -> None:
        """Show what was guessed, or chosen before."""
        self.show_setup()

    def _title(self, name: str) -> str:
        """What a field is called; one that somebody has retired meanwhile is a column that is not read."""
        field = self.catalogue.known(name)
        return _("ignore") if field is None else field.title

    # --- showing

    def show_setup(self) -> None:
        """Draw everything again; the cursor stays."""
        setup, plan, peek = self.setup, self.importing.plan, self.importing.peek
        if plan is None or peek is None:
            return
        labels = {label: value for value, label in label_places(plan.headings, setup.columns)}
        rows = []
        for place, (heading, name) in enumerate(zip(plan.headings, setup.columns, strict=True)):
            field = self._title(name) if name else _("ignore")
            if place in labels:
                field = _("label of {field}").format(field=self._title(setup.columns[labels[place]]))
            blank = "" if not name else _("clears") if name in setup.clears else _("keeps")
            title = heading.strip() or _("column {number}").format(number=place + 1)
            blank_cell = (blank,) if setup.key else ()
            rows.append(
                PlainRow(place, bool(name) or place in labels, (title, field, *blank_cell, examples(peek.rows, place)))
            )
        self._look_for_dates()
        table = self.table
        top, row = table.top, table.rows.cursor_row
        table.set_source(ListSource(rows), first=rows, columns=_table_columns(bool(setup.key)))
        table.scroll_to(y=top, animate=False, force=True)
        table.rows.move_to(row)
        self._write_bars()

    def _look_for_dates(self) -> None:
        """Look for a date that is not clear, where other columns than before are dates."""
        places = tuple(place for place, name in enumerate(self.setup.columns) if name == "fiscal_year_end")
        if places != self._dates:
            self._dates, self._unclear = places, ""
            work = self.guarded(self._find_unclear_date(self.setup.columns))
            self._looking = self.run_worker(work, group="dates", exclusive=True)

    async def _find_unclear_date(self, columns: tuple[str, ...]) -> None:
        unclear = await self.importing.ask(lambda plan: plan.ambiguous_date(columns))
        if self.is_there and unclear:
            self._unclear = unclear
            self._write_bars()
            self.write_footer()

    def _write_bars(self) -> None:
        setup = self.setup
        read = sum(1 for name in setup.columns if name)
        sentence = ngettext("{read} of {all} column is read", "{read} of {all} columns are read", len(setup.columns))
        parts = [Part(sentence.format(read=whole_number(read), all=whole_number(len(setup.columns))), "plain")]
        mapping = self.importing.mapping and _("Read as {mapping}").format(mapping=self.importing.mapping)
        question = Part(_("Which field of a client is each column?"), "plain", keep=1)
        self.query_one("#question", Bar).show([question], [Part(mapping, "accent")] * bool(mapping))
        parts.append(Part(" · ", "dim"))
        if setup.key:
            sentence = _("updates clients by {field}, adds the others")
            parts.append(Part(sentence.format(field=self._title(setup.key)), "accent", "mapping.key", keep=1))
        else:
            parts.append(Part(_("adds clients, changes none"), "plain", "mapping.key", keep=1))
        if self._unclear and setup.dates:
            order = _("day first") if setup.dates == DATES[0] else _("month first")
            parts += [Part(" · ", "dim"), Part(order, "accent", "mapping.dates", keep=1)]
        self.query_one("#mapped", Bar).show(parts)
        if missing := self._missing() or self._asks_for_dates():
            self.query_one("#status", StatusLine).show([Part(missing, "danger")])
        else:
            sentence = _("Nothing is written yet. {key} goes on.").format(key=first_key("import.next"))
            self.query_one("#status", StatusLine).show([Part(sentence)])

    def _missing(self) -> str:
        """What must be chosen before the file can be judged; "" for nothing."""
        setup = self.setup
        names = set(setup.columns) - {""}
        if setup.key and setup.key not in names:
            sentence = _("No column is the {field}, by which clients are found: {key} chooses it.")
            return sentence.format(field=self._title(setup.key), key=first_key("mapping.field"))
        if not gives_names(setup.columns, setup.key):
            sentence = _("No column gives the name: {key} chooses it.")
            if likely := self._like_names():
                sentence = _("No column gives the name: {key} chooses it (perhaps {heading}).")
                likely = f"“{cut(display_text(likely), LIKELY)}”"
            return sentence.format(key=first_key("mapping.field"), heading=likely)
        return ""

    def _like_names(self) -> str:
        """The heading of the column that looks most like names; "" where none does."""
        plan, peek = self.importing.plan, self.importing.peek
        place = None if plan is None or peek is None else like_names(plan.headings, peek.rows, self.setup.columns)
        return "" if plan is None or place is None else plan.headings[place].strip()

    def _asks_for_dates(self) -> str:
        """The question which comes first in dates, where nobody has said; "" for none."""
        if not self._unclear or self.setup.dates:
            return ""
        sentence = _("Day or month first? “{date}” may be either: {key} says which.")
        return sentence.format(date=display_text(self._unclear[:EXAMPLE]), key=first_key("mapping.dates"))

    def on_bar_picked(self, event: Bar.Picked) -> None:
        """What the line says was clicked."""
        if event.bar.id == "mapped":
            event.stop()
            self.action_command(event.target)

    def footer_commands(self) -> Iterable[Command]:
        """Blank cells can clear something only where clients are updated."""
        left_out = {"mapping.clears"} if not self.setup.key else set()
        if not self._unclear:
            left_out.add("mapping.dates")
        return [command for command in super().footer_commands() if command.id not in left_out]

    def footer_title(self, command: Command) -> str:
        """What the key would do to the column's blank cells."""
        place = self.table.rows.cursor_id
        if command.id == "mapping.clears" and place is not None and self.setup.columns[place] in self.setup.clears:
            return _("Blank keeps")
        return super().footer_title(command)

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """The footer's words may change."""
        self.write_footer()

    # --- choosing

    @property
    def _place(self) -> int | None:
        place = self.table.rows.cursor_id
        return place if place is not None and place < len(self.setup.columns) else None

    def on_row_table_opened(self, event: RowTable.Opened) -> None:
        """A click on the cursor's row."""
        self.action_command("mapping.field")

    async def command_mapping_field(self) -> None:
        """Choose the field of the column."""
        from clientdesk.ui.screens.picker import Choose

        place, plan = self._place, self.importing.plan
        if place is None or plan is None:
            return
        columns = self.setup.columns
        options = [("", _("Ignore the column"))]
        for field in self.catalogue.with_tags:
            other_headings = [
                plan.headings[at].strip() for at, name in enumerate(columns) if name == field.name and at != place
            ]
            taken_label = _("{field} (from {heading})").format(
                field=field.title, heading=", ".join(other_headings)[:30]
            )
            options.append((field.name, taken_label if other_headings else field.title))
        heading = plan.headings[place].strip() or _("column {number}").format(number=place + 1)
        title = _("Which field is “{heading}”?").format(heading=display_text(heading[:50]))
        if self.gateway.allows(Action.MANAGE_FIRM) and plan.headings[place].strip():
            options.append((CREATE, _("Create this field …")))
        chosen = await self.app.push_screen_wait(Choose(title, options, columns[place]))
        if chosen == CREATE:
            chosen = await self._created(place)
        if chosen is not None and chosen != columns[place]:
            self.change(columns=(*columns[:place], str(chosen), *columns[place + 1 :]))

    async def _created(self, place: int) -> str | None:
        """The internal name of a field of the firm's own that is made of a column, called by its heading; None for esc."""
        from clientdesk.desk import own_fields
        from clientdesk.domain.own_fields import OwnKind, internal_name
        from clientdesk.domain.own_values import kind_of
        from clientdesk.ui.screens.picker import Choose

        plan, peek = self.importing.plan, self.importing.peek
        assert plan is not None
        cells = [row[place].strip() for row in peek.rows if place < len(row)] if peek is not None else []
        name = plan.headings[place].strip()
        title = _("What does the field “{name}” hold?").format(name=display_text(name[:50]))
        kinds = [(kind, _(kind.label)) for kind in OwnKind]
        kind = await self.app.push_screen_wait(Choose(title, kinds, kind_of(filter(None, cells))))
        if kind is None:
            return None
        choices = list(dict.fromkeys(filter(None, cells))) if kind is OwnKind.CHOICE else []
        field = await self.gateway.call(own_fields.add_field, name, kind, choices=choices)
        self.tell(_("Field added: {name}").format(name=display_text(field.name)))
        return internal_name(field.id)

    def command_mapping_clears(self) -> None:
        """Let blank cells clear the field, or keep it."""
        place = self._place
        name = "" if place is None else self.setup.columns[place]
        if not name:
            self.tell(_("The column is ignored."))
        elif not self.setup.key:
            sentence = _(
                "Only new clients are added: there is nothing that a blank cell could clear. {key} lets the file update clients."
            )
            self.tell(sentence.format(key=first_key("mapping.key")))
        elif name in (*KEYS, "status"):
            self.tell(_("{field} is never cleared by a blank cell.").format(field=self._title(name)))
        else:
            self.change(clears=self.setup.clears ^ {name})

    async def command_mapping_key(self) -> None:
        """Choose how clients are found."""
        from clientdesk.ui.screens.picker import Choose

        options = [("", _("Add new clients only"))]
        options += [(name, _("Update by {field}; add the others").format(field=self._title(name))) for name in KEYS]
        chosen = await self.app.push_screen_wait(Choose(_("How are the rows' clients found?"), options, self.setup.key))
        if chosen is not None and chosen != self.setup.key:
            self.change(key=str(chosen))

    async def command_mapping_dates(self) -> None:
        """Choose what comes first in dates whose day and month cannot be told apart."""
        from clientdesk.ui.screens.picker import Choose

        if not self._unclear:
            self.tell(_("Every date of the file is clear."))
            return
        day_first, month_first = readings(self._unclear)
        sentences = (
            _("The day: {date} is day {day} of month {month}"),
            _("The month: {date} is day {day} of month {month}"),
        )
        options = []
        for order, sentence, month_day in zip(DATES, sentences, (day_first, month_first), strict=True):
            month, day = (int(part) for part in month_day.split("-"))
            options.append((order, sentence.format(date=self._unclear[:EXAMPLE], day=day, month=month)))
        title = _("What comes first in a date such as {date}?").format(date=display_text(self._unclear[:EXAMPLE]))
        chosen = await self.app.push_screen_wait(Choose(title, options, self.setup.dates or None))
        if chosen is not None and chosen != self.setup.dates:
            self.change(dates=str(chosen))

    # --- going on

    async def command_import_next(self) -> None:
        """To the plan; names that the firm does not know are asked about on the way."""
        if self._missing():
            self.app.bell()  # the line below the table says what is missing
            return
        if self._looking is not None:
            with suppress(WorkerError):
                await self._looking.wait()
        if self._asks_for_dates():
            await self.command_mapping_dates()
            if self._asks_for_dates():
                return
        self.go(PLAN)

    def command_app_back(self) -> None:
        """Back to the file; nothing was written."""
        self.go_back()
