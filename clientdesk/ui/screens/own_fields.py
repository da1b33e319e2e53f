"""The fields of the firm's own: added, changed, put in order, retired and brought back."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from clientdesk.domain.access import Action
from clientdesk.domain.own_fields import SECTIONS, OwnField, OwnKind, behind_step
from clientdesk.text import N_, _, display_text, ngettext, whole_number
from clientdesk.ui.commands import Command, bindings_for
from clientdesk.ui.firm_change import BY_OTHERS, FirmChange
from clientdesk.ui.meanwhile_words import stays
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.undo_words import with_undo
from clientdesk.ui.widgets.bars import Part, StatusLine
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_source import ListSource, PlainRow
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.desk.own_fields import SavedField

_COLUMNS = (
    TableColumn("name", N_("Name"), 22, grow=20, pin=True),
    TableColumn("kind", N_("Kind"), 11),
    TableColumn("section", N_("Section"), 13),
    TableColumn("required", N_("Required"), 8),
    TableColumn("unique", N_("Unique"), 6),
    TableColumn("status", N_("Status"), 8),
    TableColumn("width", N_("Width"), 5, right=True),
    TableColumn("choices", N_("Choices"), 24, grow=20),
)


def read_only_words(screen: ListScreen[None], action: Action = Action.MANAGE_FIRM) -> str:
    """That somebody who only looks cannot change what the list shows, and whom to ask; "" for who may do the action."""
    if screen.gateway.allows(action):
        return ""
    return _("only to look at: ask {admin} for a change").format(admin=screen.gateway.firm.primary_admin)


_OF_FIELD = ("fields.edit", "fields.choices", "fields.retire", "fields.up", "fields.down")


class OwnFieldsScreen(ListScreen[None]):
    """The fields in their order, the retired ones last."""

    SCOPE = "fields"
    BINDINGS = bindings_for("fields")
    OPENS = "fields.edit"
    CSS_PATH = style("settings")

    def __init__(self) -> None:
        super().__init__()
        self._fields: dict[int, OwnField] = {}

    def title_text(self) -> str:
        return _("Fields of the firm")

    def body(self) -> ComposeResult:
        yield RowTable([column._replace(title=_(column.title)) for column in _COLUMNS])
        yield StatusLine(id="status")

    @property
    def field(self) -> OwnField | None:
        """The field that the cursor is on."""
        return self._fields.get(self.table.rows.cursor_id or 0)

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the fields again."""
        from clientdesk.desk import own_fields

        fields = await self.gateway.call(own_fields.own_fields)
        if not self.is_there:
            return
        self._fields = {field.id: field for field in fields}
        key = first_key("fields.add")
        adds = "" if read_only_words(self) else _("{key} adds one.").format(key=key)
        self.table.set_empty([_("The firm has no fields of its own."), "", adds])
        self.table.set_source(ListSource(map(_row, fields)))
        if change.row_id is not None:
            self.rows.read_again(change)
        self._write_status()
        self.write_title()
        self.write_footer()

    def _write_status(self) -> None:
        retired = sum(field.retired for field in self._fields.values())
        standing = len(self._fields) - retired
        text = ngettext("{count} field", "{count} fields", standing).format(count=whole_number(standing))
        parts = [Part(text)]
        if retired:
            parts.append(Part(" · " + _("{count} retired").format(count=whole_number(retired))))
        if words := read_only_words(self):
            parts.append(Part(f" · {words}", "accent"))
        self.query_one(StatusLine).show(parts)

    # --- what the table tells

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """The footer's words depend on the field."""
        self.write_footer()

    def footer_commands(self) -> Iterable[Command]:
        """What can be done with a field only where there is one."""
        return [command for command in super().footer_commands() if self._fields or command.id not in _OF_FIELD]

    def footer_title(self, command: Command) -> str:
        """What r does to the field under the cursor."""
        if command.id == "fields.retire" and self.field is not None and self.field.retired:
            return _("Bring back")
        return super().footer_title(command)

    def _chosen(self) -> OwnField | None:
        """The field that a command acts on; that there is none is said."""
        if self.field is None:
            self.tell(_("No field here. {key} adds one.").format(key=first_key("fields.add")))
        return self.field

    # --- commands

    async def command_fields_add(self) -> None:
        """Ask what the new field holds, then the form."""
        from clientdesk.ui.screens.own_field_form import OwnFieldForm
        from clientdesk.ui.screens.picker import Choose

        kinds = [(kind.value, _(kind.label)) for kind in OwnKind]
        kind = await self.app.push_screen_wait(Choose(_("What does the new field hold? That never changes."), kinds))
        if kind is not None:
            saved = await self.app.push_screen_wait(OwnFieldForm(None, OwnKind(str(kind))))
            await self._tell_saved(saved, _("The field {name} is added."))

    async def command_fields_edit(self) -> None:
        """The form of the cursor's field."""
        from clientdesk.ui.screens.own_field_form import OwnFieldForm

        if (field := self._chosen()) is not None:
            saved = await self.app.push_screen_wait(OwnFieldForm(field, field.kind))
            await self._tell_saved(saved, _("The field {name} is changed."))

    async def _tell_saved(self, saved: "SavedField | None", sentence: str) -> None:
        from clientdesk.ui.screens.own_field_form import OwnFieldForm

        await self.guarded(self.freshen(FirmChange(row_id=None if saved is None else saved.field.id)))
        if saved is not None:
            done = with_undo(sentence) if saved.written else _("Nothing was changed.")
            labels = [_(OwnFieldForm.LABELS[name]) for name in saved.meanwhile]
            sentences = [done.format(name=display_text(saved.field.name))]
            self.tell("\n".join([*sentences, *stays(labels, saved.by, self.gateway.me.name)]))

    async def command_fields_choices(self) -> None:
        """The choices of the cursor's field."""
        from clientdesk.ui.screens.own_choices import OwnChoicesScreen

        if (field := self._chosen()) is None:
            return
        if field.kind is not OwnKind.CHOICE:
            self.tell(
                _("{name} has no choices: only a field of the kind choice has.").format(name=display_text(field.name))
            )
            return
        await self.app.push_screen_wait(OwnChoicesScreen(field))
        await self.freshen(FirmChange(row_id=field.id))

    async def command_fields_retire(self) -> None:
        """Retire the field, or bring it back."""
        from clientdesk.desk import own_fields

        if (field := self._chosen()) is None:
            return
        change = own_fields.restore_field if field.retired else own_fields.retire_field
        try:
            await self.gateway.call(change, field.id)
        finally:
            await self.guarded(self.freshen(FirmChange(row_id=field.id)))
        sentence = _("{name} is back.") if field.retired else _("{name} is retired; its values are kept.")
        self.tell(with_undo(sentence.format(name=display_text(field.name))))

    async def command_fields_up(self) -> None:
        """Move the field up."""
        await self._move(-1)

    async def command_fields_down(self) -> None:
        """Move the field down."""
        await self._move(1)

    async def _move(self, step: int) -> None:
        from clientdesk.desk import own_fields

        if (field := self._chosen()) is None:
            return
        if field.retired:
            self.tell(_("{name} is retired, and stands behind the others.").format(name=display_text(field.name)))
            return
        standing = [other.id for other in self._fields.values() if not other.retired]
        for before in behind_step(standing, field.id, step):
            try:
                await self.gateway.call(own_fields.place_fields, [field.id], before)
            finally:
                await self.guarded(self.freshen(FirmChange(row_id=field.id)))


def _row(field: OwnField) -> PlainRow:
    yes_no = {True: _("yes"), False: _("no")}
    values = (
        field.name,
        _(field.kind.label),
        _(SECTIONS[field.section]),
        yes_no[field.required],
        yes_no[field.unique],
        _("Retired") if field.retired else _("Active"),
        whole_number(field.width),
        ", ".join(choice.name for choice in field.standing_choices),
    )
    return PlainRow(field.id, not field.retired, values)
