"""The pickers that ask for a filter: its field, or the whole of it as text; then a value, or several."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual.widgets import Input

from clientdesk.domain import filter_text
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.filter_words import Names, in_words, nothing, value_in_words
from clientdesk.domain.filters import ME, OP_WORDS, REFERENCES, Filter, Op, normal, ops_of, wrong
from clientdesk.domain.problems import Refused
from clientdesk.text import _, display_text, whole_number
from clientdesk.ui.commands import bindings_for, first_key
from clientdesk.ui.screens.picker import Choose
from clientdesk.ui.widgets.bars import cut
from clientdesk.ui.widgets.pick_list import PickList

WORDS_SHOWN = 60
"""So many cells of a filter in words are shown below the list."""
_OFFERED_MOMENTS = ("@today", "@today+14", "@this_month")
_WHERE_NOTHING_COUNTS = (Op.IS, Op.IS_NOT, Op.ONE_OF)
_OF_PARTS = (Op.CONTAINS, Op.STARTS)


def _asked(names: Names) -> tuple[Field, ...]:
    """The fields that a list is filtered by."""
    return (*names.catalogue.fields, *names.catalogue.listed)


class FieldPicker(Choose):
    """A field by its name, or a whole Filter where one was typed; None for esc."""

    def __init__(self, names: Names, current: str | None = None) -> None:
        super().__init__(
            _("Filter by which field?"),
            [(field.name, field.title) for field in _asked(names)],
            current,
            remarks=["" if field.own else field.name for field in _asked(names)],
            also=[f"{field.name} {field.name.replace('_', ' ')}" for field in _asked(names)],
        )
        self._names = names
        self.narrow = self._narrow

    def _keys(self) -> str:
        return _("{choose} chooses · or type it whole: city=Madrid").format(choose=first_key("picker.choose"))

    def _narrow(self, typed: str) -> None:
        """The fields that are typed; of a whole filter, its field."""
        field = filter_text.field_written(typed)
        self._list.narrow(typed if field is None else field)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is typed where it is a filter already."""
        super().on_input_changed(event)
        self.remark(self._typed_in_words())

    def _typed_in_words(self) -> str:
        if filter_text.field_written(self.typed) is None:
            return ""
        try:
            return _takes(in_words(filter_text.read(self.typed, self._names), self._names))
        except Refused:
            return ""  # it is said when it is to be taken

    def command_picker_choose(self) -> None:
        """Take the field under the cursor, or the filter that was typed."""
        if filter_text.field_written(self.typed) is None:
            super().command_picker_choose()
            return
        try:
            self.dismiss(filter_text.read(self.typed, self._names))
        except Refused as refusal:
            self.remark(refusal.message, wrong=True)


def _takes(words: str) -> str:
    """What enter takes, a filter in `words`."""
    shown = cut(display_text(words), WORDS_SHOWN)
    return _("{key}: {filter}").format(key=first_key("picker.choose"), filter=shown)


class OpPicker(Choose):
    """An op that makes sense for a field; None for esc."""

    def __init__(self, field: Field, current: Op | None = None) -> None:
        super().__init__(f"{field.title} …", [(op, _(OP_WORDS[op])) for op in ops_of(field)], current)


class Offer(NamedTuple):
    """A value that a filter may have, as it is stored and as a person reads it; so many `clients` have it."""

    value: str
    label: str
    clients: int = 0


def offers(field: Field, op: Op, values: Sequence[tuple[str, int]], names: Names, choices: Names) -> list[Offer]:
    """What is offered as the value: of choices, types and people all there are, but for retired ones that nobody has, of
    other fields the `values` that occur, with how many clients have them; what stands for you or for a day first."""
    counts = dict(values)
    if field.choices:
        offered = [choice.value for choice in field.choices]
    elif field.kind in REFERENCES:
        offered = [*([ME] if field.kind is Kind.MEMBER else []), *choices.of(field.name), ""]
        gone = {str(row_id) for row_id in field.called.keys() - set(field.offered)}
        offered = [value for value in offered if value not in gone or counts.get(value)]
    else:
        offered = [value for value, _count in values]
        if field.ordered in ("day", "date"):
            offered = [*_OFFERED_MOMENTS, *offered]
        elif field.ordered == "period":
            from clientdesk.domain.moments import MONTHS

            offered = [*MONTHS, *offered]
    return [
        Offer(value, value_in_words(field, value, names) if value else _empty(field), counts.get(value, 0))
        for value in offered
        if (value or op in _WHERE_NOTHING_COUNTS) and wrong(_with_value(field, op, (value,)), names.catalogue) is None
    ]


def _empty(field: Field) -> str:
    return field.display("") or nothing(field)


def _with_value(field: Field, op: Op, value: tuple[str, ...]) -> Filter:
    """The filter with this value, a span of which only the one end is known with that one twice."""
    if op is Op.BETWEEN and len(value) == 1:
        value *= 2
    if op is Op.IS and len(value) > 1:
        op = Op.ONE_OF
    return normal(Filter(field.name, op, value))


class ValuePicker(Choose):
    """The value of a filter, a tuple as the filter holds it; None for esc. Where the op is about parts or an order, what is
    typed is the value, else what is under the cursor; what nobody has yet can be typed, too.

    `begun` is the first value of a span whose second is asked for, `present` what the filter had. Where the first one is
    asked for, both may be typed: 1..9 is taken as a tuple of two.
    """

    BINDINGS = bindings_for("several")

    def __init__(
        self,
        field: Field,
        op: Op,
        offered: Sequence[Offer],
        names: Names,
        present: Sequence[str] = (),
        begun: tuple[str, ...] = (),
    ) -> None:
        self._field, self._op, self._names, self._begun = field, op, names, begun
        self._several = op in (Op.IS, Op.ONE_OF)
        self._typed_first = (op in _OF_PARTS or op in (Op.BEFORE, Op.AFTER, Op.BETWEEN)) or field.ordered in (
            "day",
            "date",
            "decimal",
            "period",
        )
        if begun:  # the last one is not before the first one
            offered = [offer for offer in offered if wrong(self._filter((offer.value,)), names.catalogue) is None]
        values = [offer.value for offer in offered]
        typed = value_in_words(field, present[0], names) if present and present[0] not in values else ""
        super().__init__(
            self._question(),
            [(offer.value, offer.label) for offer in offered],
            present[0] if present else None,
            typed,
            [whole_number(offer.clients) if offer.clients else "" for offer in offered],
            [offer.value if offer.value.startswith("@") else "" for offer in offered],
        )
        if self._several and len(present) > 1:
            self._list.marks = frozenset(values.index(value) for value in present if value in values)
        self._moved = False
        """Whether the cursor was moved since something was typed."""

    def _question(self) -> str:
        if self._begun:
            return self._begun_in_words(self._field.title, self._begun[0])
        return f"{self._field.title} {_(OP_WORDS[self._op])} …"

    def _begun_in_words(self, title: str, first: str) -> str:
        first = value_in_words(self._field, first, self._names)
        return _("{field} {op} {first} and …").format(field=title, op=_(OP_WORDS[self._op]), first=first)

    def on_mount(self) -> None:
        """Say what enter takes."""
        super().on_mount()
        self._say()

    # --- what is taken

    def _value(self) -> tuple[str, ...]:
        """What enter takes. Refused where what is typed is no value."""
        place = self._list.place
        if self._list.marks:
            return tuple(self._values[mark] for mark in sorted(self._list.marks))
        if self._typed_first and self.typed.strip() and not self._moved:
            try:
                return self._typed_value()
            except Refused:
                if place is None:
                    raise
        if place is not None:
            return (self._values[place],)
        return self._typed_value()

    def _typed_value(self) -> tuple[str, ...]:
        """What is typed, as a value. Refused where it is none."""
        if self._op is Op.BETWEEN and not self._begun:
            span = filter_text.span_of(self._field, self.typed, self._names)
            if span is not None:
                return span
        return (filter_text.value_of(self._field, self.typed, self._names),)

    def _say(self) -> None:
        """Say below the list what enter takes, where it is a filter."""
        try:
            value = self._value()
        except Refused:
            self.remark("")
            return
        on = self._filter(value)
        if wrong(on, self._names.catalogue) is not None:
            self.remark("")
            return
        marks = _(" · {key} marks more").format(key=first_key("picker.mark")) if self._several else ""
        if on.op is Op.BETWEEN and len(self._begun + value) == 1:
            words = self._begun_in_words(self._field.short_title, value[0])
        else:
            words = in_words(on, self._names)
        self.remark(_takes(words) + marks)

    def _filter(self, value: tuple[str, ...]) -> Filter:
        return _with_value(self._field, self._op, (*self._begun, *value))

    def _take(self, read: Callable[[], tuple[str, ...]]) -> None:
        """Take a value; what is wrong with it is said, and everything stays as it is."""
        try:
            value = read()
        except Refused as refusal:
            self.remark(refusal.message, wrong=True)
            return
        why = wrong(self._filter(value), self._names.catalogue)
        if why is not None:
            self.remark(why.message, wrong=True)
        else:
            self.dismiss(value)

    # --- keys and mouse

    def action_command(self, command_id: str) -> None:
        """Do a command; what enter takes afterwards is said."""
        moves = command_id.startswith("picker.") and command_id != "picker.choose"
        if moves and command_id != "picker.mark":
            self._moved = True
        super().action_command(command_id)
        if moves:
            self._say()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Something was typed."""
        super().on_input_changed(event)
        self._moved = False
        self._say()

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """A value was clicked."""
        event.stop()
        self._take(lambda: (self._values[event.place],))

    def command_picker_choose(self) -> None:
        """Take the marked values, what was typed, or what is under the cursor."""
        self._take(self._value)

    def command_picker_mark(self) -> None:
        """Mark the value under the cursor, and go on."""
        if self._several:
            self._list.toggle()
            self._list.move(1)
