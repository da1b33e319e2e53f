"""The form of a field of the firm's own."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from clientdesk.domain.own_fields import (
    FIRST_SECTION,
    PROPERTIES,
    SECTIONS,
    UNIQUE_KINDS,
    OwnField,
    OwnKind,
    first_width,
    property_written,
    read_property,
)
from clientdesk.domain.patch import Value
from clientdesk.domain.problems import Problem, Refused
from clientdesk.text import N_, _, display_text
from clientdesk.ui.screens.dialogs import Buttons, DialogNews, save_or_cancel
from clientdesk.ui.screens.row_form import RowForm
from clientdesk.ui.widgets.answers import Answer, OneOf
from clientdesk.ui.widgets.dialog_box import DialogBox, DialogText
from clientdesk.ui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from clientdesk.desk.meanwhile import Since
    from clientdesk.desk.own_fields import SavedField

BETWEEN_CHOICES = ","
"""What stands between the first choices of a new field."""


class OwnFieldForm(RowForm[OwnField, "SavedField"]):
    """Adds a field (None) of a kind, or changes one. See RowForm."""

    AUTO_FOCUS = "#name LineInput"
    LABELS = {**PROPERTIES, "choices": N_("Choices")}

    def __init__(self, row: OwnField | None, kind: OwnKind) -> None:
        self._kind = kind
        super().__init__(row)

    def values_of(self, row: OwnField | None) -> dict[str, str]:
        """What the form shows of a field; of a new one the first section and the width of its kind."""
        if row is None:
            width = str(first_width(self._kind, ""))
            new = {"name": "", "section": FIRST_SECTION, "width": width, "required": "no", "unique": "no"}
            return {**new, "choices": ""}
        held: dict[str, Value] = {"name": row.name, "section": row.section, "width": row.width}
        held |= {"required": int(row.required), "unique": int(row.unique)}
        return {name: property_written(name, value) for name, value in held.items()}

    def as_read(self, name: str, value: str) -> str:
        """What a field says, as a person reads it."""
        return _(SECTIONS[value]) if name == "section" else _(value) if name in ("required", "unique") else value

    def compose(self) -> ComposeResult:
        field, before, kind = self._row, self._before, self._kind
        title = _("Change {name}") if field is not None else _("What is the new field called? It holds: {kind}")
        name = "" if field is None else display_text(field.name)
        yes_no = [("yes", _("Yes")), ("no", _("No"))]
        with DialogBox(id="member"):
            yield Static(Content(title.format(name=name, kind=_(kind.label))), classes="question")
            with DialogText(classes="fields"):
                yield Answer(_("Name"), LineInput(before["name"]), id="name")
                if field is None and kind is OwnKind.CHOICE:
                    yield Answer(_("Choices"), LineInput(""), id="choices")
                sections = [(word, _(heading)) for word, heading in SECTIONS.items()]
                yield Answer(_("Section"), OneOf(sections, before["section"]), id="section")
                yield Answer(_("Width"), LineInput(before["width"]), id="width")
                yield Answer(_("Required"), OneOf(yes_no, before["required"]), id="required")
                if kind in UNIQUE_KINDS:
                    yield Answer(_("Unique"), OneOf(yes_no, before["unique"]), id="unique")
            yield Static("", id="refusal", classes="error")
            yield DialogNews()
            with Buttons(classes="buttons"):
                yield from save_or_cancel(_("Add field") if field is None else "")

    def explain(self) -> None:
        """Say what the answers mean."""
        answers = self.answers()
        meanings = {
            "choices": _("separated by commas; more can be added later"),
            "width": _("of its column, in cells"),
            "unique": _("no two clients have the same value there"),
        }
        for name, meaning in meanings.items():
            if name in answers and name not in self._contested:
                answers[name].remark(meaning)

    async def since(self, row: OwnField) -> "Since":
        """What somebody did to the field since it was read."""
        from clientdesk.desk import own_fields

        return await self.gateway.read("own-field.fresh", own_fields.changed_since, row)

    async def save_row(
        self, row: OwnField | None, values: Mapping[str, str], changes: Mapping[str, str]
    ) -> "SavedField":
        """Adds the field, or changes it."""
        from clientdesk.desk import own_fields
        from clientdesk.desk.own_fields import SavedField

        if row is not None:
            return await self.gateway.call(own_fields.save_field, row, _read(changes))
        held = _read({name: text for name, text in values.items() if name != "choices"})
        choices = [name for name in values.get("choices", "").split(BETWEEN_CHOICES) if name.strip()]
        added = await self.gateway.call(
            own_fields.add_field,
            str(held["name"]),
            self._kind,
            section=str(held["section"]),
            width=None if held["width"] == first_width(self._kind, "") else int(str(held["width"])),
            required=bool(held["required"]),
            unique=bool(held.get("unique")),
            choices=choices,
        )
        return SavedField(added)

    async def read_row(self, row: OwnField) -> OwnField | None:
        """The field as it stands now."""
        from clientdesk.desk import own_fields

        fields = await self.gateway.call(own_fields.own_fields)
        return next((field for field in fields if field.id == row.id), None)

    async def read_saved(self, row: OwnField | None) -> "SavedField | None":
        """The field that was saved; a new one is known by its name."""
        from clientdesk.desk import own_fields
        from clientdesk.desk.own_fields import SavedField
        from clientdesk.domain.own_fields import field_called

        fields = await self.gateway.call(own_fields.own_fields)
        if row is None:
            saved = field_called(fields, self.answers()["name"].value)
        else:
            saved = next((field for field in fields if field.id == row.id), None)
        return None if saved is None else SavedField(saved)


def _read(written: Mapping[str, str]) -> dict[str, Value]:
    """What was written, as it is kept. Refused with all that is wrong."""
    held: dict[str, Value] = {}
    wrong: list[Problem] = []
    for name, text in written.items():
        try:
            held[name] = read_property(name, text)
        except Refused as refusal:
            wrong += refusal.problems
    if wrong:
        raise Refused(*wrong)
    return held
