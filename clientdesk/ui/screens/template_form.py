"""The form of a template of work."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from clientdesk.desk.template_texts import TypedTemplate, new_texts
from clientdesk.domain.due_dates import DUE_EXAMPLES
from clientdesk.domain.periods import PeriodKind, period_at
from clientdesk.domain.problems import Refused
from clientdesk.domain.working_days import Roll
from clientdesk.text import N_, _, display_text
from clientdesk.ui.screens.dialogs import Buttons, Confirm, DialogNews, save_or_cancel
from clientdesk.ui.screens.row_form import RowForm
from clientdesk.ui.widgets.answers import Answer, OneOf
from clientdesk.ui.widgets.dialog_box import DialogBox, DialogText
from clientdesk.ui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from clientdesk.desk.meanwhile import Since
    from clientdesk.desk.work_templates import SavedTemplate

_EXAMPLES = {kind: period_at(kind, date(2026, 1, 1), "").key for kind in PeriodKind}
_ANSWERS = {"yes": N_("Yes"), "no": N_("No")}


class TemplateForm(RowForm[TypedTemplate, "SavedTemplate"]):
    """Adds a template (None) of a kind of period, or changes one. See RowForm."""

    AUTO_FOCUS = "#name LineInput"
    LABELS = {
        "name": N_("Name"),
        "applies": N_("Applies to"),
        "due": N_("Due"),
        "roll": N_("No working day"),
        "begins": N_("Begins"),
        "closing": N_("All items needed"),
        "roles": N_("Roles"),
        "states": N_("States"),
    }

    def __init__(self, row: TypedTemplate | None, kind: str) -> None:
        self._kind = PeriodKind(kind)
        super().__init__(row)

    def values_of(self, row: TypedTemplate | None) -> dict[str, str]:
        """What the form shows of a template."""
        return dict(new_texts(self._kind.value) if row is None else row.texts)

    def as_read(self, name: str, value: str) -> str:
        """What a field says, as a person reads it."""
        return _(Roll(value).label) if name == "roll" else _(_ANSWERS[value]) if name == "closing" else value

    def compose(self) -> ComposeResult:
        row, before = self._row, self._before
        title = _("Change {name} ({period})") if row is not None else _("What is the new template called? ({period})")
        name = "" if row is None else display_text(row.template.name)
        choices = {
            "roll": [(roll.value, _(roll.label)) for roll in Roll],
            "closing": [(value, _(label)) for value, label in _ANSWERS.items()],
        }
        with DialogBox(id="member"):
            yield Static(Content(title.format(name=name, period=_(self._kind.label))), classes="question")
            with DialogText(classes="fields"):
                for field, label in self.LABELS.items():
                    entry = OneOf(choices[field], before[field]) if field in choices else LineInput(before[field])
                    yield Answer(_(label), entry, id=field)
            yield Static("", id="refusal", classes="error")
            yield DialogNews()
            with Buttons(classes="buttons"):
                yield from save_or_cancel(_("Add template") if row is None else "")

    def explain(self) -> None:
        """Say what the answers mean."""
        meanings = {
            "applies": _("such as client_type=Business; city=Madrid"),
            "due": _("such as {examples}").format(
                examples=", ".join((DUE_EXAMPLES[0], DUE_EXAMPLES[1], DUE_EXAMPLES[3]))
            ),
            "begins": _("no work before this period, such as {example}").format(example=_EXAMPLES[self._kind]),
            "roles": _("up to three, such as Preparer=lead; Boss=Ana"),
            "states": _("between To do and Completed; such as In progress"),
        }
        answers = self.answers()
        for name, meaning in meanings.items():
            if name not in self._contested:
                answers[name].remark(meaning)

    async def command_member_save(self) -> None:
        """Save; where work was done by the template, or it applies to others then, first say what changes, and ask."""
        from clientdesk.desk import template_texts

        if self._row is not None and (changes := self._changes()):
            try:
                effect = await self.gateway.call(template_texts.effect_of, self._row.template, changes)
            except Refused:
                effect = None  # saving says what is wrong, each under its field
            if effect is not None and (effect.clients is not None or effect.touched.clients):
                question = _("Change the template {name} so?").format(name=display_text(self._row.template.name))
                told = "\n".join(effect.told)
                if not await self.app.push_screen_wait(Confirm(question, told, yes=_("Change template"))):
                    return
        await super().command_member_save()

    async def since(self, row: TypedTemplate) -> "Since":
        """What somebody did to the template since it was read."""
        from clientdesk.desk import work_templates

        return await self.gateway.read("template.fresh", work_templates.changed_since, row.template)

    async def save_row(
        self, row: TypedTemplate | None, values: Mapping[str, str], changes: Mapping[str, str]
    ) -> "SavedTemplate":
        """Adds the template, or changes it."""
        from clientdesk.desk import template_texts

        if row is None:
            return await self.gateway.call(template_texts.save, None, {**values, "period": self._kind.value})
        return await self.gateway.call(template_texts.save, row.template, changes)

    async def read_row(self, row: TypedTemplate) -> TypedTemplate | None:
        """The template as it stands now."""
        from clientdesk.desk import template_texts, work_templates

        templates = await self.gateway.call(work_templates.templates)
        present = next((template for template in templates if template.id == row.template.id), None)
        return None if present is None else await self.gateway.call(template_texts.typed, present)

    async def read_saved(self, row: TypedTemplate | None) -> "SavedTemplate | None":
        """The template that was saved; a new one is known by its name."""
        from clientdesk.desk import work_templates
        from clientdesk.desk.work_templates import SavedTemplate
        from clientdesk.domain.work_templates import template_called

        templates = await self.gateway.call(work_templates.templates)
        if row is None:
            saved = template_called(templates, self.answers()["name"].value)
        else:
            saved = next((template for template in templates if template.id == row.template.id), None)
        return None if saved is None else SavedTemplate(saved)
