"""The firm's settings and its client types."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from clientdesk.domain.fields import Kind
from clientdesk.domain.firm_settings import BY_NAME, SETTINGS, Setting
from clientdesk.domain.problems import Refused, refuse
from clientdesk.text import N_, _, display_text, whole_number
from clientdesk.ui.commands import Command, bindings_for
from clientdesk.ui.firm_change import BY_OTHERS, BY_YOU, FirmChange
from clientdesk.ui.meanwhile_words import GONE, ROW_CONTESTED, Contested, of_row, stays
from clientdesk.ui.screens.ask_and_save import Ask, AskAndSave, Save
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.undo_words import with_undo
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_source import ListSource, PlainRow
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.desk.records import ClientType, SavedFirm

_COLUMNS = (
    TableColumn("what", N_("Setting"), 20),
    TableColumn("value", N_("Value"), 30, grow=16, pin=True),
    TableColumn("clients", N_("Clients"), 9, right=True),
)
_NOTHING = N_("Nothing was changed.")
_OF_ROW = {-1 - place: setting for place, setting in enumerate(SETTINGS)}
"""The settings by their rows; the rows of client types have the ids of these."""
_FIELDS, _TAGS, _TEMPLATES = (-1 - len(SETTINGS) - place for place in range(3))
"""The rows that lead to the firm's own fields, to its tags and to its templates of work."""
_MEANINGS = {
    _FIELDS: N_(
        "Text, numbers, dates, choices and more that the firm keeps of each client, beside the fields there are."
    ),
    _TAGS: N_("Words that clients are marked with, several for each; made where somebody types one."),
    _TEMPLATES: N_("What is done for which clients, how often and until when: its sections, items, roles and states."),
}


class SettingsScreen(ListScreen[None]):
    """One line a setting, then one a client type; what the cursor's line means stands below."""

    SCOPE = "settings"
    BINDINGS = bindings_for("settings")
    OPENS = "settings.edit"
    CSS_PATH = style("settings")

    def __init__(self) -> None:
        super().__init__()
        self._types: dict[int, ClientType] = {}

    def title_text(self) -> str:
        return _("Settings")

    def help_scopes(self) -> tuple[str, ...]:
        return (*super().help_scopes(), "picker")

    def body(self) -> ComposeResult:
        yield RowTable([column._replace(title=_(column.title)) for column in _COLUMNS])
        yield Static(id="meaning", classes="hint")

    @property
    def client_type(self) -> "ClientType | None":
        """The client type that the cursor is on."""
        return self._types.get(self.table.rows.cursor_id or 0)

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the settings again."""
        from clientdesk.desk import client_types, firm_settings, own_fields, tags, work_templates

        firm = await self.gateway.call(firm_settings.info)
        types = await self.gateway.call(client_types.all_types)
        standing = [field for field in await self.gateway.call(own_fields.own_fields) if not field.retired]
        tag_count = len(await self.gateway.call(tags.tags))
        work = [template.name for template in await self.gateway.call(work_templates.templates) if not template.retired]
        if not self.is_there:
            return
        self._types = {client_type.id: client_type for client_type in types}
        rows = [
            *(
                PlainRow(row, True, (_(setting.title), setting.display(firm.settings[setting.name]), ""))
                for row, setting in _OF_ROW.items()
            ),
            PlainRow(_FIELDS, True, (_("Own fields"), _counted(len(standing), [field.name for field in standing]), "")),
            PlainRow(_TAGS, True, (_("Tags"), _counted(tag_count), "")),
            PlainRow(_TEMPLATES, True, (_("Templates of work"), _counted(len(work), work), "")),
            *(
                PlainRow(client_type.id, True, (_("Client type"), client_type.name, whole_number(client_type.clients)))
                for client_type in types
            ),
        ]
        self.table.set_source(ListSource(rows))
        if change.row_id is not None:
            self.rows.read_again(change)
        self.write_title()

    # --- what the table tells

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """Say what the line means."""
        add, remove = first_key("settings.add-type"), first_key("settings.remove-type")
        meanings: dict[int | None, str] = {None: "", **{row: _(setting.meaning) for row, setting in _OF_ROW.items()}}
        meanings |= {row: _(meaning) for row, meaning in _MEANINGS.items()}
        of_type = _("Clients of the type keep it when it is renamed. {add} adds a type; {remove} removes one that no"
                    " client is of.").format(add=add, remove=remove)  # fmt: skip
        self.query_one("#meaning", Static).update(Content(meanings.get(self.rows.cursor_id, of_type)))
        self.write_footer()

    def footer_title(self, command: Command) -> str:
        """A client type is renamed."""
        if command.id == "settings.edit" and self.client_type is not None:
            return _("Rename")
        if command.id == "settings.edit" and self.table.rows.cursor_id in _MEANINGS:
            return _("Open")
        return super().footer_title(command)

    def may(self, command: Command) -> bool:
        """Everybody looks at own fields, tags and templates."""
        return super().may(command) or (command.id == "settings.edit" and self.rows.cursor_id in _MEANINGS)

    # --- commands

    async def command_settings_edit(self) -> None:
        """Change what the cursor is on."""
        setting, present = _OF_ROW.get(self.table.rows.cursor_id or 0), self.client_type
        if self.table.rows.cursor_id == _FIELDS:
            await self.command_fields_open()
        elif self.table.rows.cursor_id == _TAGS:
            await self.command_tags_open()
        elif self.table.rows.cursor_id == _TEMPLATES:
            await self.command_templates_open()
        elif setting is not None and setting.choices:
            await self._choose(setting)
        elif setting is not None:
            await self._write(setting)
        elif present is not None:
            await self._rename(present)

    async def _ask(self, dialog: AskAndSave, sentences: list[str]) -> None:
        """Shows the dialog; afterwards its save has said what it did."""
        if await self.app.push_screen_wait(dialog):
            self.tell("\n".join(sentences))

    async def _write(self, setting: Setting) -> None:
        """Asks for the value of a setting, and saves it."""
        value = setting.written(self.gateway.firm.settings[setting.name])
        hint = _(setting.meaning) if setting.kind is Kind.NUMBER else ""
        sentences: list[str] = []
        save, ask = self._of_setting(setting, sentences)
        dialog = AskAndSave(_(setting.question), _(setting.asked), value, save, ask, hint=hint)
        await self._ask(dialog, sentences)

    async def _choose(self, setting: Setting) -> None:
        """Asks for one of a setting's choices, and saves it."""
        from clientdesk.desk import firm_settings
        from clientdesk.ui.screens.picker import Choose

        firm = self.gateway.firm
        present = setting.written(firm.settings[setting.name])
        options = [(choice.value, _(choice.label)) for choice in setting.choices]
        chosen = await self.app.push_screen_wait(Choose(_(setting.question), options, present))
        if chosen is None or chosen == present:
            return
        try:
            saved = await self.gateway.call(firm_settings.save_settings, firm, {setting.name: str(chosen)})
        finally:
            await self.guarded(self.freshen(BY_YOU))
        self.tell("\n".join(self._sentences_of(setting, saved)))

    def _sentences_of(self, setting: Setting, saved: "SavedFirm") -> list[str]:
        meanwhile = stays([_(BY_NAME[name].title) for name in saved.meanwhile], saved.by, self.gateway.me.name)
        if not saved.written:
            return [_(_NOTHING), *meanwhile]
        changed = _("{setting} is changed.").format(setting=_(setting.subject or setting.title))
        return [with_undo(changed), *meanwhile]

    def _of_setting(self, setting: Setting, sentences: list[str]) -> tuple[Save, Ask]:
        """What saves a setting as the firm was read when this was called, and what asks for news of it; `sentences` gets
        what is to be told afterwards."""
        from clientdesk.desk import firm_settings

        firm = self.gateway.firm

        async def save(text: str) -> str | Contested:
            nonlocal firm
            try:
                saved = await self.gateway.call(firm_settings.save_settings, firm, {setting.name: text})
            except Refused as refusal:
                if refusal.code != "stale":
                    return refusal.message
                await self.freshen(BY_YOU)
                before, firm = firm.settings[setting.name], self.gateway.firm
                theirs = firm.settings[setting.name]
                shown = setting.display(before), setting.display(theirs)
                return Contested(*shown, setting.written(theirs), refusal.problems[0].message)
            sentences[:] = self._sentences_of(setting, saved)
            await self.guarded(self.freshen(BY_YOU))
            return ""

        async def ask() -> str:
            read = firm
            since = await self.gateway.read("setting.fresh", firm_settings.changed_since, read, setting.name)
            return of_row(ROW_CONTESTED, since, self.gateway.me.name) if firm is read else ""

        return save, ask

    async def _rename(self, present: "ClientType") -> None:
        from clientdesk.desk import client_types

        sentences: list[str] = []

        async def save(text: str) -> str | Contested:
            nonlocal present
            try:
                renamed = await self.gateway.call(client_types.rename_type, present, text)
            except Refused as refusal:
                await self.guarded(self.freshen(BY_YOU))
                if refusal.code != "stale":
                    return refusal.message
                before, present = present.name, self._types.get(present.id, present)
                return Contested(before, present.name, present.name, refusal.problems[0].message)
            was_written = renamed.version != present.version
            sentences[:] = [with_undo(_("The client type is renamed.")) if was_written else _(_NOTHING)]
            await self.guarded(self.freshen(BY_YOU))
            return ""

        async def ask() -> str:
            read = present
            try:
                since = await self.gateway.read("type.fresh", client_types.renamed_since, read)
            except Refused as refusal:
                if refusal.code != "type_gone":
                    raise
                return _(GONE).format(sentence=display_text(refusal.message))
            return of_row(ROW_CONTESTED, since, self.gateway.me.name) if present is read else ""

        title = _("What is the type {name} called?").format(name=display_text(present.name))
        dialog = AskAndSave(title, _("Name"), present.name, save, ask)
        await self._ask(dialog, sentences)

    async def command_settings_add_type(self) -> None:
        """Add a client type."""
        from clientdesk.desk import client_types

        async def save(text: str) -> str:
            try:
                added = await self.gateway.call(client_types.add_type, text)
            except Refused as refusal:
                return refusal.message
            await self.guarded(self.freshen(FirmChange(row_id=added.id)))
            return ""

        dialog = AskAndSave(_("What is the new client type called?"), _("Name"), "", save, verb=_("Add type"))
        await self._ask(dialog, [with_undo(_("The client type is added."))])

    async def command_fields_open(self) -> None:
        """The fields of the firm's own."""
        from clientdesk.ui.screens.own_fields import OwnFieldsScreen

        await self.app.push_screen_wait(OwnFieldsScreen())
        await self.freshen(BY_YOU)

    async def command_tags_open(self) -> None:
        """The firm's tags."""
        from clientdesk.ui.screens.tags import TagsScreen

        await self.app.push_screen_wait(TagsScreen())
        await self.freshen(BY_YOU)

    async def command_templates_open(self) -> None:
        """The templates of work."""
        from clientdesk.ui.screens.work_templates import WorkTemplatesScreen

        await self.app.push_screen_wait(WorkTemplatesScreen())
        await self.freshen(BY_YOU)

    async def command_settings_remove_type(self) -> None:
        """Remove the client type, if no client is of it, after a question."""
        from clientdesk.desk import client_types
        from clientdesk.ui.screens.dialogs import Confirm

        present = self.client_type
        if present is None:
            self.tell(_("Put the cursor on a client type."))
            return
        await self.freshen(BY_YOU)
        name = present.name
        present = self._types.get(present.id)
        if present is None:
            raise refuse("type_gone", name=name)
        if present.clients:
            raise refuse("type_in_use", name=present.name, count=present.clients)
        question = _("Remove the client type {name}?").format(name=display_text(present.name))
        dialog = Confirm(question, _("No client is of it."), yes=_("Remove type"), danger=True)
        if await self.app.push_screen_wait(dialog):
            try:
                await self.gateway.call(client_types.remove_type, present.id)
            finally:
                await self.guarded(self.freshen(BY_YOU))
            self.tell(with_undo(_("The client type {name} is removed.").format(name=display_text(present.name))))


def _counted(count: int, names: Sequence[str] = ()) -> str:
    """How many there are, and what they are called."""
    if not count:
        return _("none")
    return f"{whole_number(count)}: {', '.join(names)}" if names else whole_number(count)
