"""A step of an import: what becomes of client types and lead accountants that the firm does not know."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fold import fold
from clientdesk.domain.import_decisions import CREATE, EMPTY, REFUSE, Decision, What
from clientdesk.text import _, display_text, ngettext, whole_number
from clientdesk.ui.commands import bindings_for
from clientdesk.ui.firm_change import BY_OTHERS, FirmChange
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.import_step import NAMES, PLAN, ImportStep, Steps
from clientdesk.ui.widgets.bars import Part, StatusLine, sentence_parts
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_source import ListSource, PlainRow
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.desk.imports.import_records import ClientSetup
    from clientdesk.desk.session import Session

TYPE, LEAD = "client_type", "lead"


class Name(NamedTuple):
    """A name that the firm does not know: the field it stands in, and how many rows have it."""

    field: str
    name: str
    rows: int


def _existing(session: "Session") -> dict[str, Sequence[str]]:
    """The names that a client can have, by field."""
    from clientdesk.desk import client_types, team

    types = [client_type.name for client_type in client_types.all_types(session)]
    return {TYPE: types, LEAD: [member.name for member in team.members(session) if member.active]}


def chosen_in(setup: "ClientSetup", name: Name) -> Decision | None:
    """What was chosen for a name; None for nothing yet."""
    return (setup.types if name.field == TYPE else setup.leads).get(name.name)


class ImportNamesStep(ImportStep):
    """One line a name, with what becomes of it in every row that has it."""

    SCOPE = "import-names"
    STEP = NAMES
    BINDINGS = bindings_for("import-names")
    CSS_PATH = style("import")
    AUTO_FOCUS = "RowTable"

    def __init__(self) -> None:
        super().__init__()
        self._names: list[Name] = []
        self._existing: dict[str, Sequence[str]] = {TYPE: (), LEAD: ()}

    def help_scopes(self) -> tuple[str, ...]:
        return ("import-names", "table", "picker")

    def body(self) -> ComposeResult:
        yield Steps()
        yield Static(id="import-question")
        yield RowTable(
            [
                TableColumn("name", _("Name in the file"), 26, grow=24, pin=True),
                TableColumn("field", _("Field"), 16),
                TableColumn("rows", _("Rows"), 7, right=True),
                TableColumn("becomes", _("What becomes of it"), 22, grow=40),
            ]
        )
        yield StatusLine(id="status")

    @property
    def _setup(self) -> "ClientSetup":
        setup = self.importing.setup
        assert setup is not None
        return setup

    def on_mount(self) -> None:
        """Show the names, as soon as it is known which ones the firm has."""
        unknown = self.importing.unknown
        self._names = [
            *(Name(TYPE, name, rows) for name, rows in unknown.types),
            *(Name(LEAD, name, rows) for name, rows in unknown.leads),
        ]
        question = _("The firm does not know these names. What becomes of each?")
        self.query_one("#import-question", Static).update(Content(question))
        self.begin_reading(self._load)

    async def _load(self) -> None:
        self._existing = await self.gateway.read("import.names", _existing)
        if self.is_there:
            self._choose_what_differs_little()
            self._show()

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the firm's names where that could not be done before."""
        if not any(self._existing.values()):
            await self._load()

    def _choose_what_differs_little(self) -> None:
        """A name that differs from one of the firm's in case, accents or spaces is that one."""
        chosen: dict[Name, Decision] = {}
        for name in self._names:
            if chosen_in(self._setup, name) is None:
                alike = [existing for existing in self._existing[name.field] if fold(existing) == fold(name.name)]
                if len(alike) == 1:
                    chosen[name] = Decision(What.EXISTING, alike[0])
        if chosen:
            self._set(chosen, by_person=False)

    # --- showing

    def _show(self) -> None:
        rows = []
        for number, name in enumerate(self._names):
            chosen = chosen_in(self._setup, name)
            field = BUILT_IN.by_name[name.field].title
            rows.append(
                PlainRow(number, True, (name.name, field, whole_number(name.rows), self._in_words(name, chosen)))
            )
        self.table.set_source(ListSource(rows), first=rows)
        self._write_status()

    def _in_words(self, name: Name, chosen: Decision | None) -> str:
        if chosen is None:
            return _("choose…")
        if chosen == CREATE:
            return _("create the client type")
        if chosen == EMPTY:
            return _("leave the field empty")
        if chosen == REFUSE:
            return _("refuse the rows")
        return f"→ {chosen.value}"

    def _open(self) -> list[Name]:
        """The names for which nothing is chosen yet."""
        return [name for name in self._names if chosen_in(self._setup, name) is None]

    def _write_status(self) -> None:
        left = len(self._open())
        if left:
            sentence = ngettext("{count} name is open", "{count} names are open", left).format(count=whole_number(left))
            keys = {"one": first_key("names.choose"), "all": first_key("names.all")}
            choosing = sentence_parts(_(": {one} chooses for one, {all} for all of its kind."), keys=keys)
            self.query_one(StatusLine).show([Part(sentence, "accent"), *choosing])
        else:
            sentence = _("Nothing is written yet. {key} shows the plan.")
            self.query_one(StatusLine).show(sentence_parts(sentence, keys={"key": first_key("import.next")}))

    # --- choosing

    @property
    def current(self) -> Name | None:
        """The name that the cursor is on."""
        number = self.table.rows.cursor_id
        return None if number is None or number >= len(self._names) else self._names[number]

    def _options(self, field: str) -> list[tuple[Decision, str]]:
        options = [(Decision(What.EXISTING, existing), existing) for existing in self._existing[field]]
        if field == TYPE:
            options.insert(0, (CREATE, _("Create the client type")))
        return [*options, (EMPTY, _("Leave the field empty")), (REFUSE, _("Refuse the rows"))]

    async def _ask(self, title: str, field: str, current: Decision | None) -> Decision | None:
        from clientdesk.ui.screens.picker import Choose

        return await self.app.push_screen_wait(Choose(title, self._options(field), current))

    def _set(self, chosen: dict[Name, Decision], by_person: bool = True) -> None:
        setup = self._setup
        types = {**setup.types, **{name.name: decision for name, decision in chosen.items() if name.field == TYPE}}
        leads = {**setup.leads, **{name.name: decision for name, decision in chosen.items() if name.field == LEAD}}
        self.importing.choose(setup._replace(types=types, leads=leads), by_person)

    def on_row_table_opened(self, event: RowTable.Opened) -> None:
        """A click on the cursor's row."""
        self.action_command("names.choose")

    async def command_names_choose(self) -> None:
        """Choose what becomes of the name; then the next open one is on."""
        name = self.current
        if name is None:
            return
        title = _("What becomes of {field} “{name}”?").format(
            field=BUILT_IN.by_name[name.field].title.lower(), name=display_text(name.name[:60])
        )
        chosen = await self._ask(title, name.field, chosen_in(self._setup, name))
        if chosen is not None:
            self._set({name: chosen})
            self._show()
            if names := self._open():
                self.table.rows.move_to(self._names.index(names[0]))

    async def command_names_all(self) -> None:
        """Choose the same for all names of the cursor's kind."""
        name = self.current
        if name is None:
            return
        names = [other for other in self._names if other.field == name.field]
        if name.field == TYPE:
            title = ngettext(
                "What becomes of the client type?", "What becomes of all {count} client types?", len(names)
            )
        else:
            title = ngettext(
                "What becomes of the lead accountant?", "What becomes of all {count} lead accountants?", len(names)
            )
        chosen = await self._ask(title.format(count=whole_number(len(names))), name.field, None)
        if chosen is not None:
            self._set(dict.fromkeys(names, chosen))
            self._show()

    # --- going on

    async def command_import_next(self) -> None:
        """To the plan, when something is chosen for every name."""
        if names := self._open():
            self.table.rows.move_to(self._names.index(names[0]))
            self.tell(_("Choose what becomes of “{name}” first.").format(name=display_text(names[0].name[:60])))
            return
        self.go(PLAN)

    def command_app_back(self) -> None:
        """Back to the columns; nothing was written."""
        self.go_back()
