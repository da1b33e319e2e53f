"""The small form of a bulk change: which field, or what of the work, what is done to it, and the value; each in a picker, esc
goes back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual.widgets import Input

from clientdesk.domain.access import Action
from clientdesk.domain.field_edits import FieldEdit, How, hows_of
from clientdesk.domain.fields import STATUSES, SUBSCRIPTIONS, Field, Kind
from clientdesk.domain.own_fields import TAGS
from clientdesk.domain.own_value_rules import kept
from clientdesk.domain.own_value_rules import wrong as wrong_own
from clientdesk.domain.pricing_plan_steps import HAND_OVER, STEPS
from clientdesk.domain.rules import check_field, tidy
from clientdesk.text import _, display_text, whole_number
from clientdesk.ui.commands import first_key
from clientdesk.ui.screens.base import DeskScreen
from clientdesk.ui.screens.dialogs import Ask
from clientdesk.ui.screens.picker import Choose
from clientdesk.ui.widgets.bars import cut

if TYPE_CHECKING:
    from clientdesk.desk.bulk_work_edits import Does, WorkEdit
    from clientdesk.domain.client_query import ClientQuery
    from clientdesk.domain.filter_words import Names

_OWN_WAYS = ("status", "billed_to", "primary_admin")
_VALUE_SHOWN = 50
_BY_ID = (Kind.CLIENT_TYPE, Kind.MEMBER, Kind.OWN_CHOICE)


async def ask_edit(
    screen: DeskScreen[Any], question: str, query: "ClientQuery", names: "Names"
) -> "FieldEdit | WorkEdit | None":
    """The edit that a person makes; None where they leave. `question` says what is about to be changed, `names` are those
    that types and people may be given, `query` is the list whose values are offered. What is done to work is offered where
    the firm has a template of it in use; fields and work, as far as your access allows to change them."""
    push, gateway = screen.app.push_screen_wait, screen.gateway
    fields = _fields(names) if gateway.allows(Action.EDIT_CLIENT) else {}
    works = _works(screen)
    field: Field | None = None
    last_field: str | None = None
    last_how: How | None = None
    while True:
        if field is None:
            name = await push(_field_picker(fields.values(), works, question, last_field))
            if name is None:
                return None
            last_field, last_how = name, None
            if name in works:
                from clientdesk.ui.screens.bulk_work_pickers import ask_work

                work_edit = await ask_work(screen, works[name])
                if work_edit is not None:
                    return work_edit
                continue
            field = fields[name]
        if _is_chosen_from_a_list(field):
            edit = await push(_choice_picker(field, names))
            if edit is not None and edit[0] == "firm" and field.name == "billed_to":
                subscription = await push(_subscription_picker())
                if subscription is None:
                    continue
                return FieldEdit(field.name, How.SET, "firm", subscription)
            if edit is not None:
                value = int(edit[0]) if field.kind in _BY_ID and edit[0] else edit[0]
                return FieldEdit(field.name, How.SET if value else How.EMPTY, value)
            field = None
            continue
        how = await push(_how_picker(field, last_how))
        if how is None:
            field = None
            continue
        last_how = how
        edit_of_text = await _text_edit(screen, field, how, query)
        if edit_of_text is not None:
            return edit_of_text


def _fields(names: "Names") -> dict[str, Field]:
    """The fields that can be changed, by name: those of the form, the tags, and those with use cases of their own."""
    catalogue = names.catalogue
    offered = {field.name: field for field in catalogue.form_fields}
    if (tags := catalogue.known(TAGS)) is not None:
        offered.setdefault(TAGS, tags)
    return offered | {name: catalogue.field(name) for name in _OWN_WAYS}


def _works(screen: DeskScreen[Any]) -> "dict[str, Does]":
    """What you may do to the clients' work, by a word that is no field's name; nothing where the firm has no template in use."""
    if not screen.catalogue.templates:
        return {}
    from clientdesk.desk.bulk_work_edits import Does

    return {f"work: {does.name}": does for does in Does if screen.gateway.allows(does.action)}


def _field_picker(fields: Iterable[Field], works: "Mapping[str, Does]", question: str, current: str | None) -> Choose:
    fields = list(fields)
    return Choose(
        question,
        [*((field.name, field.title) for field in fields), *((word, _(does.value)) for word, does in works.items())],
        current,
        remarks=[*("" if field.own else field.name for field in fields), *("" for _word in works)],
        also=[*(f"{field.name} {field.name.replace('_', ' ')}" for field in fields), *works],
    )


def _is_chosen_from_a_list(field: Field) -> bool:
    return field.kind in (*_BY_ID, Kind.CHOICE)


def _choice_picker(field: Field, names: "Names") -> Choose:
    """A value of a field that has a list of them, in a tuple as "" is one; a step of the pricing plan by its own words."""
    options: list[tuple[tuple[str], str]]
    if field.kind is Kind.OWN_CHOICE:
        options = [((str(row_id),), field.called[row_id]) for row_id in field.offered]
    elif field.kind in _BY_ID:
        known = names.of("lead" if field.kind is Kind.MEMBER else field.name)
        options = [((key,), name) for key, name in known.items()]
    elif field.name == "status":
        options = [((choice.value,), _(choice.label)) for choice in STATUSES]
    elif field.name == "billed_to":
        options = [
            ((step.after,), f"{_(step.title)}: {field.display(step.after)}")
            for step in STEPS
            if step.field == field.name
        ]
    elif field.name == "primary_admin":
        options = [((step.after,), f"{_(step.title)}: {field.display(step.after)}") for step in HAND_OVER]
    else:
        options = [((choice.value,), _(choice.label)) for choice in field.choices]
    if field.kind in _BY_ID and How.EMPTY in hows_of(field):
        options.append((("",), _("(empty)")))
    return Choose(_("{field}: set to …").format(field=field.title), options)


def _subscription_picker() -> Choose:
    options = [(choice.value, _(choice.label)) for choice in SUBSCRIPTIONS if choice.value]
    return Choose(_("Put on the firm's plan with which subscription?"), options)


def _how_picker(field: Field, current: How | None) -> Choose:
    return Choose(f"{field.title} …", [(how, _(how.value)) for how in hows_of(field)], current)


async def _text_edit(screen: DeskScreen[Any], field: Field, how: How, query: "ClientQuery") -> FieldEdit | None:
    """The edit of a text, None for esc."""
    from clientdesk.desk import client_filters

    if how is How.EMPTY:
        return FieldEdit(field.name, how)
    title = f"{field.title}: {_(how.value)} …"
    if field.kind is Kind.TAGS and how is How.REMOVE:
        options = [(f"#{tag_id}", name) for tag_id, name in field.called.items()]
        tag = await screen.app.push_screen_wait(Choose(title, options))
        return None if tag is None else FieldEdit(field.name, how, tag)
    push = screen.app.push_screen_wait
    if field.kind is Kind.TAGS:
        value = await push(NewValue(field, title, [(name, 0) for name in field.called.values()]))
        return None if value is None else FieldEdit(field.name, how, value)
    if how is How.SET:
        values = await screen.gateway.call(client_filters.values, query, field.name)
        value = await push(NewValue(field, title, [pair for pair in values if pair[0]]))
        return None if value is None else FieldEdit(field.name, how, value)
    if how is How.REPLACE:
        title = _("{field}: which text is replaced?").format(field=field.title)
    text = await push(Ask(title, save=_("Go on"), hint=_("Case counts."), check=_needed))
    if text is None or how is not How.REPLACE:
        return None if text is None else FieldEdit(field.name, how, text)
    by = await push(Ask(_("“{text}” becomes …").format(text=cut(display_text(text), _VALUE_SHOWN)), save=_("Go on")))
    return None if by is None else FieldEdit(field.name, how, text, by)


def _needed(text: str) -> str | None:
    return None if text else _("Type the text.")


class NewValue(Choose):
    """A new value of a text: what is typed, or, once the cursor was moved, one that occurs already; None for esc."""

    def __init__(self, field: Field, title: str, values: Sequence[tuple[str, int]]) -> None:
        self._field, self._is_moved = field, False
        counts = [whole_number(clients) if clients else "" for _value, clients in values]
        unknown = _("This will be a new tag.") if field.kind is Kind.TAGS else _("No client has this yet.")
        super().__init__(title, [(value, value) for value, _clients in values], remarks=counts, unknown=unknown)

    @property
    def _value(self) -> str:
        """What enter takes, "" for nothing."""
        place = self._list.place
        if self.typed.strip() and not self._is_moved:
            return tidy(self._field, self.typed)
        return "" if place is None else str(self._values[place])

    def _say(self) -> None:
        text = cut(display_text(self._value), _VALUE_SHOWN)
        key, down = first_key("picker.choose"), first_key("picker.down")
        words = _("{key}: “{value}” · {down} takes one that occurs").format(key=key, value=text, down=down)
        self.remark(words if text else "")

    def action_command(self, command_id: str) -> None:
        """Do a command; what enter takes afterwards is said."""
        moves = command_id.startswith("picker.") and command_id != "picker.choose"
        self._is_moved = self._is_moved or moves
        super().action_command(command_id)
        if moves:
            self._say()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Something was typed."""
        super().on_input_changed(event)
        self._is_moved = False
        self._say()

    def command_picker_choose(self) -> None:
        """Take what was typed, or what is under the cursor; what is wrong with it is said."""
        value = self._value
        if not value:
            self.remark(_("Type the new value."), wrong=True)
            return
        wrong = None
        if self._field.own:
            wrong = wrong_own(self._field, kept(self._field, value))
        elif self._field.kind is not Kind.TAGS:
            wrong = check_field(self._field, value, {})
        if wrong is not None and not wrong.warning:
            self.remark(wrong.message, wrong=True)
        else:
            self.dismiss(value)
