"""Which clients a list shows, and the commands that change it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.fields import STATUSES
from clientdesk.domain.filter_words import Names
from clientdesk.domain.filters import REFERENCES, Filter
from clientdesk.text import _
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.widgets.row_window import Follow


class ShownClients:
    """The filters, search and order of a list. `show` shows the list where they have become others."""

    def __init__(self, screen: ListScreen[Any], query: ClientQuery, show: Callable[[Follow], None]) -> None:
        self._screen, self._show = screen, show
        self.query = query
        self._called: Mapping[str, Mapping[str, str]] = {}

    @property
    def names(self) -> Names:
        """In which words the filters are told: the names of what they refer to, as they were read last."""
        return Names(self._screen.catalogue, self._called)

    def take_names(self, names: Names) -> None:
        """Take the names of what filters may refer to."""
        self._called = {**self._called, **names.by_field}

    def filter_by(self, **changes: Any) -> None:
        """Show the clients of another query: the present one with `changes`, its fields by their names. What is found is
        shown from the top."""
        query = self.query._replace(**changes)
        if query != self.query:
            self.query = query
            self._show("top" if changes.get("find", "").strip() else "cursor")

    def take_off(self, on: Filter) -> None:
        """Show the list without a filter."""
        self.filter_by(filters=self.query.without_filter(on).filters)

    def sort_by(self, field: str) -> None:
        """Order by a field; downwards where it was ordered by that one upwards."""
        descending = field == self.query.sort_field and not self.query.descending
        self.filter_by(sort=self.query.sorted_by(field, descending).sort)

    async def choose_order(self, fields: Iterable[str]) -> None:
        """Let the person choose the field to order by."""
        options = [(field, self._screen.catalogue.by_name[field].title) for field in fields]
        if chosen := await self._choose(_("Sort by"), options, self.query.sort_field):
            self.sort_by(chosen[0])

    async def read_names(self) -> bool:
        """Read the names of what the filters refer to, where they do: somebody may have changed one."""
        from clientdesk.desk import client_filters

        refers = any(self._screen.catalogue.by_name[on.field].kind in REFERENCES for on in self.query.filters)
        if refers:
            self.take_names(await self._screen.gateway.read("list.names", client_filters.names))
        return refers

    async def _choose(self, title: str, options: Sequence[tuple[Any, str]], current: Any) -> Any:
        """The value chosen, in a tuple; None for esc."""
        from clientdesk.ui.screens.picker import Choose

        values = [value for value, _label in options]
        numbered = [(number, label) for number, (_value, label) in enumerate(options)]
        at = values.index(current) if current in values else 0
        chosen = await self._screen.app.push_screen_wait(Choose(title, numbered, at))
        return None if chosen is None else (values[chosen],)

    # --- commands

    async def command_list_type(self) -> None:
        """Filter by client type."""
        await self._filter_by_reference("client_type", before=(), behind=(("", _("None")),))

    async def command_list_lead(self) -> None:
        """Filter by lead accountant."""
        await self._filter_by_reference("lead", before=(("", _("Unassigned")),), behind=())

    async def _filter_by_reference(
        self, field: str, before: Sequence[tuple[str, str]], behind: Sequence[tuple[str, str]]
    ) -> None:
        """Choose one of what the field may refer to, or what stands `before` and `behind` them."""
        from clientdesk.desk import client_filters

        choices = await self._screen.gateway.call(client_filters.choices)
        options = [(None, _("All")), *before, *choices.of(field).items(), *behind]
        if chosen := await self._choose(
            self._screen.catalogue.by_name[field].title, options, self.query.value_of(field)
        ):
            self.take_names(choices)
            self.filter_by(filters=self.query.with_value(field, chosen[0]).filters)

    async def command_list_status(self) -> None:
        """Filter by status."""
        options = [*((choice.value, _(choice.label)) for choice in STATUSES), (None, _("All"))]
        if chosen := await self._choose(_("Status"), options, self.query.value_of("status")):
            self.filter_by(filters=self.query.with_value("status", chosen[0]).filters)
