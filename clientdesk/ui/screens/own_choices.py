"""The choices of a field of the firm's own."""

from collections.abc import Awaitable, Callable, Iterable

from textual.app import ComposeResult

from clientdesk.desk import own_fields
from clientdesk.domain.own_fields import OwnChoice, OwnField, behind_step
from clientdesk.domain.problems import Refused
from clientdesk.text import N_, _, display_text, ngettext, whole_number
from clientdesk.ui.commands import Command, bindings_for
from clientdesk.ui.firm_change import BY_OTHERS, BY_YOU, FirmChange
from clientdesk.ui.meanwhile_words import Contested
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.undo_words import with_undo
from clientdesk.ui.widgets.bars import Part, StatusLine
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_source import ListSource, PlainRow
from clientdesk.ui.widgets.row_table import RowTable

_COLUMNS = (TableColumn("name", N_("Choice"), 30, grow=40, pin=True), TableColumn("status", N_("Status"), 8))

_OF_CHOICE = ("choices.rename", "choices.retire", "choices.up", "choices.down")


class OwnChoicesScreen(ListScreen[None]):
    """The choices of a field in their order, the retired ones last."""

    SCOPE = "choices"
    BINDINGS = bindings_for("choices")
    OPENS = "choices.rename"
    CSS_PATH = style("settings")

    def __init__(self, field: OwnField) -> None:
        super().__init__()
        self._field = field

    def title_text(self) -> str:
        return _("Choices of {name}").format(name=self._field.name)

    def body(self) -> ComposeResult:
        yield RowTable([column._replace(title=_(column.title)) for column in _COLUMNS])
        yield StatusLine(id="status")

    @property
    def choice(self) -> OwnChoice | None:
        """The choice that the cursor is on."""
        cursor_id = self.table.rows.cursor_id
        return next((choice for choice in self._field.choices if choice.id == cursor_id), None)

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the choices again; a field that is gone has none any more."""
        fields = await self.gateway.call(own_fields.own_fields)
        if not self.is_there:
            return
        present = (field for field in fields if field.id == self._field.id)
        self._field = next(present, self._field._replace(choices=()))
        key = first_key("choices.add")
        self.table.set_empty([_("The field has no choices."), "", _("{key} adds one.").format(key=key)])
        status = {True: _("Retired"), False: _("Active")}
        self.table.set_source(
            ListSource(
                PlainRow(choice.id, not choice.retired, (choice.name, status[choice.retired]))
                for choice in self._field.choices
            )
        )
        if change.row_id is not None:
            self.rows.read_again(change)
        standing = len(self._field.standing_choices)
        parts = [Part(ngettext("{count} choice", "{count} choices", standing).format(count=whole_number(standing)))]
        if retired := len(self._field.choices) - standing:
            parts.append(Part(" · " + _("{count} retired").format(count=whole_number(retired))))
        self.query_one(StatusLine).show(parts)
        self.write_title()
        self.write_footer()

    # --- what the table tells

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """The footer's words depend on the choice."""
        self.write_footer()

    def footer_commands(self) -> Iterable[Command]:
        """What can be done with a choice only where there is one."""
        left_out = () if self._field.choices else _OF_CHOICE
        return [command for command in super().footer_commands() if command.id not in left_out]

    def footer_title(self, command: Command) -> str:
        """What r does to the choice under the cursor."""
        if command.id == "choices.retire" and self.choice is not None and self.choice.retired:
            return _("Bring back")
        return super().footer_title(command)

    def _chosen(self) -> OwnChoice | None:
        """The choice that a command acts on; that there is none is said."""
        if self.choice is None:
            self.tell(_("No choice here. {key} adds one.").format(key=first_key("choices.add")))
        return self.choice

    # --- commands

    async def command_choices_add(self) -> None:
        """Ask for a new choice."""

        async def save(text: str) -> str:
            try:
                self._field = await self.gateway.call(own_fields.add_choices, self._field.id, [text])
            except Refused as refusal:
                return refusal.message
            added = max(self._field.choices, key=lambda choice: choice.id)
            await self.guarded(self.freshen(FirmChange(row_id=added.id)))
            return ""

        await self._ask(_("What is the new choice called?"), "", save, _("The choice is added."), _("Add choice"))

    async def command_choices_rename(self) -> None:
        """Ask for another name of the choice."""
        if (chosen := self._chosen()) is None:
            return
        present = chosen

        async def save(text: str) -> str | Contested:
            nonlocal present
            try:
                await self.gateway.call(own_fields.rename_choice, self._field.id, present, text)
            except Refused as refusal:
                await self.guarded(self.freshen(BY_YOU))
                if refusal.code != "stale":
                    return refusal.message
                before = present
                present = next((choice for choice in self._field.choices if choice.id == before.id), before)
                return Contested(before.name, present.name, present.name, refusal.problems[0].message)
            await self.guarded(self.freshen(FirmChange(row_id=present.id)))
            return ""

        question = _("What is the choice {name} called?").format(name=display_text(chosen.name))
        await self._ask(question, chosen.name, save, _("The choice is renamed."))

    async def _ask(
        self, question: str, value: str, save: Callable[[str], Awaitable[str | Contested]], done: str, verb: str = ""
    ) -> None:
        from clientdesk.ui.screens.ask_and_save import AskAndSave

        if await self.app.push_screen_wait(AskAndSave(question, _("Name"), value, save, verb=verb)):
            self.tell(with_undo(done))

    async def command_choices_retire(self) -> None:
        """Retire the choice, or bring it back."""
        if (choice := self._chosen()) is None:
            return
        change = own_fields.restore_choice if choice.retired else own_fields.retire_choice
        try:
            await self.gateway.call(change, self._field.id, choice.id)
        finally:
            await self.guarded(self.freshen(FirmChange(row_id=choice.id)))
        sentence = _("{name} is back.") if choice.retired else _("{name} is retired; clients that have it keep it.")
        self.tell(with_undo(sentence.format(name=display_text(choice.name))))

    async def command_choices_up(self) -> None:
        """Move the choice up."""
        await self._move(-1)

    async def command_choices_down(self) -> None:
        """Move the choice down."""
        await self._move(1)

    async def _move(self, step: int) -> None:
        if (choice := self._chosen()) is None:
            return
        if choice.retired:
            self.tell(_("{name} is retired, and stands behind the others.").format(name=display_text(choice.name)))
            return
        standing = [other.id for other in self._field.standing_choices]
        for before in behind_step(standing, choice.id, step):
            try:
                await self.gateway.call(own_fields.place_choices, self._field.id, [choice.id], before)
            finally:
                await self.guarded(self.freshen(FirmChange(row_id=choice.id)))
