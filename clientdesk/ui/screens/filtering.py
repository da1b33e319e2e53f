"""Asking for a filter of the client list: of any field, or a value of the cursor's client."""

from typing import Any

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.fields import OF_WORK, Field, Kind
from clientdesk.domain.filter_words import NO_NAMES, Names
from clientdesk.domain.filters import REFERENCES, Filter, Op, normal, wrong
from clientdesk.domain.problems import Refused
from clientdesk.text import _
from clientdesk.ui.screens.list_screen import ClientsScreen
from clientdesk.ui.screens.shown_clients import ShownClients

_NO_VALUE = (Op.EMPTY, Op.FILLED)


class Filtering:
    """Asks for filters of what is `shown`, and shows the clients that hold them."""

    def __init__(self, screen: ClientsScreen[Any], shown: ShownClients) -> None:
        self._screen, self._shown = screen, shown

    async def make(self) -> None:
        """Make a filter."""
        if (on := await self._asked()) is not None:
            self._shown.filter_by(filters=self._shown.query.with_another(on).filters)

    async def change(self, present: Filter) -> None:
        """Ask for another filter in the place of the present one."""
        if (wanted := await self._asked(present)) is not None:
            self._shown.filter_by(filters=self._shown.query.with_another_for(present, wanted).filters)

    async def same(self) -> None:
        """Filter by a value of the cursor's client, of the column first by which the list is sorted."""
        from clientdesk.domain.filter_words import nothing
        from clientdesk.ui.screens.picker import Choose

        if (row := self._screen.rows.current) is None:
            return
        values = self._screen.table.values(row)
        names = sorted(values, key=lambda name: name != self._shown.query.sort_field)
        fields = [self._screen.catalogue.field(name) for name in names]
        labels = [f"{field.title}: {field.display(values[field.name]) or nothing(field)}" for field in fields]
        picker = Choose(_("Show the clients that have the same …"), list(zip(names, labels, strict=True)))
        chosen = await self._screen.app.push_screen_wait(picker)
        if chosen is not None:
            on = await self._with_value_of_row(self._screen.catalogue.field(chosen), values[chosen])
            self._shown.filter_by(filters=self._shown.query.with_another(on).filters)

    async def _with_value_of_row(self, field: Field, value: str) -> Filter:
        if field.kind in REFERENCES and value:
            from clientdesk.domain import filter_text

            names = await self._read_names()
            if field.kind is Kind.TAGS or field.name in OF_WORK:  # one of its tags or people, as it may have several
                tags = tuple(filter_text.id_of(field.name, tag, names) for tag in value.split(", "))
                return normal(Filter(field.name, Op.ONE_OF, tags))
            value = filter_text.id_of(field.name, value, names)
        on = normal(Filter(field.name, Op.IS, (value,)))
        why = wrong(on, self._screen.catalogue)
        if why is not None:
            raise Refused(why)
        return on

    # --- asking

    async def _read_names(self) -> Names:
        from clientdesk.desk import client_filters

        self._shown.take_names(await self._screen.gateway.call(client_filters.names))
        return self._shown.names

    async def _asked(self, present: Filter | None = None) -> Filter | None:
        """The filter that a person makes, or makes of the `present` one: field, op, value, each in a picker; esc goes back
        to the one before. None where they leave."""
        from clientdesk.ui.screens.filter_pickers import FieldPicker, OpPicker

        names, push = await self._read_names(), self._screen.app.push_screen_wait
        field = self._screen.catalogue.field(present.field) if present else None
        op = present.op if present and present.op not in _NO_VALUE else None
        last_field = present.field if present else None
        last_op = present.op if present else None
        while True:
            if field is None:
                answer = await push(FieldPicker(names, last_field))
                if answer is None or isinstance(answer, Filter):
                    return answer
                field, last_field, last_op = self._screen.catalogue.field(answer), answer, None
            if op is None:
                op = await push(OpPicker(field, last_op))
                if op is None:
                    if present is not None:
                        return None
                    field = None
                    continue
            value = () if op in _NO_VALUE else await self._value(field, op, present)
            if value is not None:
                return normal(Filter(field.name, Op.ONE_OF if op is Op.IS and len(value) > 1 else op, value))
            op, last_op = None, op

    async def _value(self, field: Field, op: Op, present: Filter | None) -> tuple[str, ...] | None:
        """The value for a field and an op, None for esc; of a span one end after the other, where they are not
        typed at once."""
        from clientdesk.desk import client_filters
        from clientdesk.ui.screens.filter_pickers import ValuePicker, offers

        gateway, push = self._screen.gateway, self._screen.app.push_screen_wait
        values = await gateway.call(client_filters.values, self._beside(field, op, present), field.name)
        choices = await gateway.call(client_filters.choices) if field.kind in REFERENCES else NO_NAMES
        offered = offers(field, op, values, self._shown.names, choices)
        had = present.value if present is not None and present.field == field.name else ()
        while True:
            value: tuple[str, ...] | None = await push(ValuePicker(field, op, offered, self._shown.names, had))
            if value is None or op is not Op.BETWEEN or len(value) == 2:  # both ends were typed
                return value
            last: tuple[str, ...] | None = await push(
                ValuePicker(field, op, offered, self._shown.names, had[1:], begun=value)
            )
            if last is not None:
                return value + last
            had = value

    def _beside(self, field: Field, op: Op, present: Filter | None) -> ClientQuery:
        """The list with the filters that will stand beside such a one."""
        query, such = self._shown.query, normal(Filter(field.name, op, ("?",)))
        query = query.with_another(such) if present is None else query.with_another_for(present, such)
        return query.without_filter(such)
