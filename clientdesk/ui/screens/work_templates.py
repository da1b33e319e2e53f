"""The templates of work: added, changed, put in order, retired and brought back, written into files."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult

from clientdesk.domain.access import Action
from clientdesk.domain.own_fields import behind_step
from clientdesk.domain.periods import PeriodKind
from clientdesk.domain.work_templates import WorkTemplate
from clientdesk.text import N_, _, display_text, ngettext, whole_number
from clientdesk.ui.commands import Command, bindings_for
from clientdesk.ui.firm_change import BY_OTHERS, FirmChange
from clientdesk.ui.meanwhile_words import stays
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.own_fields import read_only_words
from clientdesk.ui.screens.undo_words import with_undo
from clientdesk.ui.widgets.bars import Part, StatusLine
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_source import ListSource, PlainRow
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from typing import BinaryIO

    from clientdesk.desk.session import Session
    from clientdesk.desk.work_templates import SavedTemplate

_COLUMNS = (
    TableColumn("name", N_("Template"), 14, grow=20, pin=True),
    TableColumn("applies", N_("Applies to"), 18, grow=30),
    TableColumn("period", N_("Period"), 9, grow=7),
    TableColumn("due", N_("Due"), 17, grow=8),
    TableColumn("clients", N_("Clients"), 8, right=True),
    TableColumn("items", N_("Items"), 6, right=True),
    TableColumn("status", N_("Status"), 8),
)


class WorkTemplatesScreen(ListScreen[None]):
    """The templates in their order, the retired ones last."""

    SCOPE = "templates"
    BINDINGS = bindings_for("templates")
    OPENS = "templates.parts"
    CSS_PATH = style("settings")

    def __init__(self) -> None:
        super().__init__()
        self._templates: dict[int, WorkTemplate] = {}

    def title_text(self) -> str:
        return _("Templates of work")

    def body(self) -> ComposeResult:
        yield RowTable([column._replace(title=_(column.title)) for column in _COLUMNS])
        yield StatusLine(id="status")

    @property
    def template(self) -> WorkTemplate | None:
        """The template that the cursor is on."""
        return self._templates.get(self.table.rows.cursor_id or 0)

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the templates again, and to how many clients each applies."""
        from clientdesk.desk import client_filters, work_templates
        from clientdesk.desk.template_files import applies_in_words

        templates = await self.gateway.call(work_templates.templates)
        counts = await self.gateway.call(work_templates.clients_of, templates)
        names = await self.gateway.call(client_filters.names)
        if not self.is_there:
            return
        self._templates = {template.id: template for template in templates}
        adds = _("{key} adds one: Books review and Books close come with clientdesk.").format(
            key=first_key("templates.add")
        )
        self.table.set_empty(
            [_("The firm has no templates of work."), "", "" if read_only_words(self, Action.MANAGE_WORK) else adds]
        )
        self.table.set_source(
            ListSource(_row(template, applies_in_words(template, names), counts[template.id]) for template in templates)
        )
        if change.row_id is not None:
            self.rows.read_again(change)
        self._write_status()
        self.write_title()
        self.write_footer()

    def _write_status(self) -> None:
        retired = sum(template.retired for template in self._templates.values())
        standing = len(self._templates) - retired
        text = ngettext("{count} template", "{count} templates", standing).format(count=whole_number(standing))
        parts = [Part(text)]
        if retired:
            parts.append(Part(" · " + _("{count} retired").format(count=whole_number(retired))))
        if words := read_only_words(self, Action.MANAGE_WORK):
            parts.append(Part(f" · {words}", "accent"))
        self.query_one(StatusLine).show(parts)

    # --- what the table tells

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """The footer's words depend on the template."""
        self.write_footer()

    def footer_title(self, command: Command) -> str:
        """What r does to the template under the cursor."""
        if command.id == "templates.retire" and self.template is not None and self.template.retired:
            return _("Bring back")
        return super().footer_title(command)

    def _chosen(self) -> WorkTemplate | None:
        """The template that a command acts on; that there is none is said."""
        if self.template is None:
            self.tell(_("No template here. {key} adds one.").format(key=first_key("templates.add")))
        return self.template

    # --- commands

    async def command_templates_parts(self) -> None:
        """The sections and items of the cursor's template."""
        from clientdesk.ui.screens.template_parts import TemplatePartsScreen

        if (template := self._chosen()) is not None:
            await self.app.push_screen_wait(TemplatePartsScreen(template))
            await self.freshen(FirmChange(row_id=template.id))

    async def command_templates_add(self) -> None:
        """Ask which one: one that comes with clientdesk, or a new one of a period, and then its form."""
        from clientdesk.desk import template_files
        from clientdesk.desk.template_files import SHIPPED
        from clientdesk.ui.screens.picker import Choose
        from clientdesk.ui.screens.template_form import TemplateForm

        names = {key: template_files.shipped(key).name for key in SHIPPED}
        present = {template.name for template in self._templates.values()}
        shipped = [(key, name) for key, name in names.items() if name not in present]
        new = [(kind.value, _("A new one, for each: {period}").format(period=_(kind.label))) for kind in PeriodKind]
        question = _("Which template? How often its work is done never changes.")
        chosen = await self.app.push_screen_wait(Choose(question, [*shipped, *new]))
        if chosen in names:
            await self._tell_saved(await self.gateway.call(add_shipped, str(chosen)), _ADDED)
        elif chosen is not None:
            saved = await self.app.push_screen_wait(TemplateForm(None, str(chosen)))
            await self._tell_saved(saved, _ADDED)

    async def command_templates_edit(self) -> None:
        """The form of the cursor's template."""
        from clientdesk.desk import template_texts
        from clientdesk.ui.screens.template_form import TemplateForm

        if (template := self._chosen()) is not None:
            typed = await self.gateway.call(template_texts.typed, template)
            saved = await self.app.push_screen_wait(TemplateForm(typed, template.period.value))
            await self._tell_saved(saved, N_("The template {name} is changed."))

    async def _tell_saved(self, saved: "SavedTemplate | None", sentence: str) -> None:
        from clientdesk.desk import work_templates
        from clientdesk.ui.screens.template_form import TemplateForm

        await self.guarded(self.freshen(FirmChange(row_id=None if saved is None else saved.template.id)))
        if saved is None:
            return
        applies = await self.gateway.call(work_templates.applies_to, saved.template, 0)
        done = with_undo(_(sentence)) if saved.written else _("Nothing was changed.")
        labels = [_(TemplateForm.LABELS[name]) for name in saved.meanwhile]
        sentences = [done.format(name=display_text(saved.template.name))]
        sentences += [problem.message for problem in applies.problems]
        self.tell("\n".join([*sentences, *stays(labels, saved.by, self.gateway.me.name)]))

    async def command_templates_retire(self) -> None:
        """Retire the template, or bring it back."""
        from clientdesk.desk import work_templates

        if (template := self._chosen()) is None:
            return
        change = work_templates.restore_template if template.retired else work_templates.retire_template
        try:
            await self.gateway.call(change, template.id)
        finally:
            await self.guarded(self.freshen(FirmChange(row_id=template.id)))
        sentence = _("{name} is back.") if template.retired else _("{name} is retired; what was done by it is kept.")
        self.tell(with_undo(sentence.format(name=display_text(template.name))))

    async def command_templates_export(self) -> None:
        """Ask where the file goes, and write it."""
        from clientdesk.desk import template_files
        from clientdesk.domain.fold import fold
        from clientdesk.exchange.file_writing import check_place, write_file
        from clientdesk.ui.screens.ask_path import ask_path

        if (template := self._chosen()) is None:
            return
        text = await self.gateway.call(template_files.file_of, template)

        async def save(path: str, overwrite: bool) -> None:
            check_place(path, overwrite, self.gateway.session.location)
            write_file(path, overwrite, lambda file: _written(file, text))

        name = "".join(sign if sign.isalnum() else "_" for sign in fold(template.name))
        title = _("Where shall the template {name} be written?").format(name=display_text(template.name))
        if path := await ask_path(self, title, f"{name}.toml", save):
            self.tell(_("Written: {path}").format(path=display_text(path)))

    async def command_templates_up(self) -> None:
        """Move the template up."""
        await self._move(-1)

    async def command_templates_down(self) -> None:
        """Move the template down."""
        await self._move(1)

    async def _move(self, step: int) -> None:
        from clientdesk.desk import work_templates

        if (template := self._chosen()) is None:
            return
        if template.retired:
            self.tell(_("{name} is retired, and stands behind the others.").format(name=display_text(template.name)))
            return
        standing = [other.id for other in self._templates.values() if not other.retired]
        for before in behind_step(standing, template.id, step):
            try:
                await self.gateway.call(work_templates.place_templates, [template.id], before)
            finally:
                await self.guarded(self.freshen(FirmChange(row_id=template.id)))


_ADDED = N_("The template {name} is added.")


def add_shipped(session: "Session", key: str) -> "SavedTemplate":
    """Adds a template that comes with clientdesk."""
    from clientdesk.desk import template_files, work_templates

    wanted = template_files.template_of(session, template_files.shipped(key))
    return work_templates.SavedTemplate(work_templates.add_template(session, wanted))


def _written(file: "BinaryIO", text: str) -> None:
    file.write(text.encode())


def _row(template: WorkTemplate, applies: str, clients: int | None) -> PlainRow:
    values = (
        template.name,
        applies,
        _(template.period.label),
        "" if template.due is None else template.due.text,
        "–" if clients is None else whole_number(clients),
        whole_number(len(template.items)),
        _("Retired") if template.retired else _("Active"),
    )
    return PlainRow(template.id, not template.retired, values)
