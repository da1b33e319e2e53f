"""The sections and items of a template of work: added, renamed, put in order, retired and brought back."""

from collections.abc import Callable
from typing import Any

from textual.app import ComposeResult

from clientdesk.desk import template_parts, work_templates
from clientdesk.desk.session import Session
from clientdesk.domain.access import Action
from clientdesk.domain.own_fields import behind_step
from clientdesk.domain.problems import Refused
from clientdesk.domain.work_templates import Item, Section, WorkTemplate
from clientdesk.text import N_, _, display_text, ngettext, whole_number
from clientdesk.ui.commands import Command, bindings_for
from clientdesk.ui.firm_change import BY_OTHERS, BY_YOU, FirmChange
from clientdesk.ui.meanwhile_words import Contested
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.own_fields import read_only_words
from clientdesk.ui.screens.undo_words import with_undo
from clientdesk.ui.widgets.bars import Part, StatusLine
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_source import ListSource, PlainRow
from clientdesk.ui.widgets.row_table import RowTable

_COLUMNS = (TableColumn("name", N_("Section and item"), 40, grow=80, pin=True), TableColumn("status", N_("Status"), 8))
_OF_SECTION, _OF_ITEM = 0, 1
"""What the last binary digit of a row's id says: a row has the id of its section, or of its item, twice."""


class TemplatePartsScreen(ListScreen[None]):
    """Each section with everybody's items under it, in their order; the retired ones last."""

    SCOPE = "template"
    BINDINGS = bindings_for("template")
    OPENS = "template.rename"
    CSS_PATH = style("settings")

    def __init__(self, template: WorkTemplate) -> None:
        super().__init__()
        self._template = template

    def title_text(self) -> str:
        return _("Template {name}").format(name=self._template.name)

    def body(self) -> ComposeResult:
        yield RowTable([column._replace(title=_(column.title)) for column in _COLUMNS])
        yield StatusLine(id="status")

    @property
    def section(self) -> Section | None:
        """The section that the cursor is on, or in."""
        return self._section_and_item()[0]

    @property
    def item(self) -> Item | None:
        """The item that the cursor is on."""
        return self._section_and_item()[1]

    def _section_and_item(self) -> tuple[Section | None, Item | None]:
        row = self.table.rows.cursor_id
        for section in self._template.sections:
            if row == _row_id(section):
                return section, None
            for item in section.items:
                if row == _row_id(item):
                    return section, item
        return None, None

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the template again; one that is gone has no sections any more."""
        templates = await self.gateway.call(work_templates.templates)
        if not self.is_there:
            return
        present = (template for template in templates if template.id == self._template.id)
        self._template = next(present, self._template._replace(sections=()))
        adds = _("{key} adds one.").format(key=first_key("template.add-section"))
        self.table.set_empty(
            [_("The template has no sections."), "", "" if read_only_words(self, Action.MANAGE_WORK) else adds]
        )
        self.table.set_source(ListSource(row for section in self._template.sections for row in _rows(section)))
        if change.row_id is not None:
            self.rows.read_again(change)
        items, sections = len(self._template.items), len(self._template.standing_sections)
        parts = [
            Part(ngettext("{count} section", "{count} sections", sections).format(count=whole_number(sections))),
            Part(" · " + ngettext("{count} item", "{count} items", items).format(count=whole_number(items))),
        ]
        if words := read_only_words(self, Action.MANAGE_WORK):
            parts.append(Part(f" · {words}", "accent"))
        self.query_one(StatusLine).show(parts)
        self.write_title()
        self.write_footer()

    # --- what the table tells

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """The footer's words depend on the row."""
        self.write_footer()

    def footer_title(self, command: Command) -> str:
        """What r does to the row under the cursor."""
        part = self.item or self.section
        if command.id == "template.retire" and part is not None and part.retired:
            return _("Bring back")
        return super().footer_title(command)

    def _chosen(self) -> tuple[Section, Item | None] | None:
        """The section, and the item in it, that a command acts on; that there is none is said."""
        section, item = self._section_and_item()
        if section is None:
            self.tell(_("No section here. {key} adds one.").format(key=first_key("template.add-section")))
            return None
        return section, item

    # --- commands

    async def command_template_add_section(self) -> None:
        """Ask for a new section."""

        async def save(text: str) -> str:
            try:
                self._template = await self.gateway.call(template_parts.add_section, self._template.id, text)
            except Refused as refusal:
                return refusal.message
            added = max(self._template.sections, key=lambda section: section.id)
            await self.guarded(self.freshen(FirmChange(row_id=_row_id(added))))
            return ""

        await self._ask(_("What is the new section called?"), "", save, _("The section is added."), _("Add section"))

    async def command_template_add_item(self) -> None:
        """Ask for a new item of the cursor's section."""
        if (chosen := self._chosen()) is None:
            return
        section = chosen[0]

        async def save(text: str) -> str:
            try:
                self._template = await self.gateway.call(
                    template_parts.add_items, self._template.id, section.id, [text]
                )
            except Refused as refusal:
                return refusal.message
            added = max((item for each in self._template.sections for item in each.items), key=lambda item: item.id)
            await self.guarded(self.freshen(FirmChange(row_id=_row_id(added))))
            return ""

        question = _("What is to be done in {section}?").format(section=display_text(section.name))
        await self._ask(question, "", save, _("The item is added."), _("Add item"))

    async def command_template_rename(self) -> None:
        """Ask for other words of the section or the item."""
        if (chosen := self._chosen()) is None:
            return
        section, item = chosen
        if item is None:
            question = _("What is the section {name} called?").format(name=display_text(section.name))
            save = self._renaming(section, template_parts.rename_section)
            await self._ask(question, section.name, save, _("The section is renamed."))
        else:
            save = self._renaming(item, template_parts.rename_item)
            await self._ask(_("What is to be done?"), item.title, save, _("The item is changed."), label=_("Item"))

    def _renaming(self, part: Section | Item, rename: Callable[..., WorkTemplate]) -> Callable[[str], Any]:
        present = part

        async def save(text: str) -> str | Contested:
            nonlocal present
            try:
                await self.gateway.call(rename, self._template.id, present, text)
            except Refused as refusal:
                await self.guarded(self.freshen(BY_YOU))
                if refusal.code != "stale":
                    return refusal.message
                before, present = present, self._present(present)
                return Contested(_called(before), _called(present), _called(present), refusal.problems[0].message)
            await self.guarded(self.freshen(FirmChange(row_id=_row_id(present))))
            return ""

        return save

    def _present(self, part: Section | Item) -> Section | Item:
        """A section or an item as it stands now."""
        parts: list[Section | Item] = []
        for section in self._template.sections:
            parts += (section, *section.items)
        return next((each for each in parts if _row_id(each) == _row_id(part)), part)

    async def _ask(
        self, question: str, value: str, save: Callable[[str], Any], done: str, verb: str = "", label: str = ""
    ) -> None:
        from clientdesk.ui.screens.ask_and_save import AskAndSave

        if await self.app.push_screen_wait(AskAndSave(question, label or _("Name"), value, save, verb=verb)):
            self.tell(with_undo(done))

    async def command_template_retire(self) -> None:
        """Retire the section or the item, or bring it back."""
        if (chosen := self._chosen()) is None:
            return
        section, item = chosen
        part = item or section
        change: Callable[[Session, int, int], WorkTemplate]
        if item is None:
            change = template_parts.restore_section if section.retired else template_parts.retire_section
        else:
            change = template_parts.restore_item if item.retired else template_parts.retire_item
        try:
            await self.gateway.call(change, self._template.id, part.id)
        finally:
            await self.guarded(self.freshen(FirmChange(row_id=_row_id(part))))
        sentence = _("{name} is back.") if part.retired else _("{name} is retired; what was done of it is kept.")
        self.tell(with_undo(sentence.format(name=display_text(_called(part)))))

    async def command_template_up(self) -> None:
        """Move the section or the item up."""
        await self._move(-1)

    async def command_template_down(self) -> None:
        """Move the section or the item down."""
        await self._move(1)

    async def _move(self, step: int) -> None:
        if (chosen := self._chosen()) is None:
            return
        section, item = chosen
        part = item or section
        if part.retired:
            self.tell(_("{name} is retired, and stands behind the others.").format(name=display_text(_called(part))))
            return
        of_template = self._template.id
        parts = self._template.standing_sections if item is None else section.standing
        for before in behind_step([other.id for other in parts], part.id, step):
            try:
                if item is None:
                    await self.gateway.call(template_parts.place_sections, of_template, [part.id], before)
                else:
                    await self.gateway.call(template_parts.place_items, of_template, section.id, [part.id], before)
            finally:
                await self.guarded(self.freshen(FirmChange(row_id=_row_id(part))))


def _row_id(part: Section | Item) -> int:
    return 2 * part.id + (_OF_SECTION if isinstance(part, Section) else _OF_ITEM)


def _called(part: Section | Item) -> str:
    return part.name if isinstance(part, Section) else part.title


def _rows(section: Section) -> list[PlainRow]:
    status = {True: _("Retired"), False: _("Active")}
    rows = [PlainRow(_row_id(section), not section.retired, (section.name, status[section.retired]))]
    for item in section.items:
        if item.client_id is None:
            gone = item.retired or section.retired
            rows.append(PlainRow(_row_id(item), not gone, (f"   {item.title}", status[item.retired])))
    return rows
