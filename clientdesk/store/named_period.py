"""The clients' work of a named period, of a list that asks for it: joined with what is stored of that period. When it is due follows
from the template's rule and the days of the period, which few clients have otherwise than their year end says."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from peewee import Case, Value, fn

from clientdesk.domain.client_periods import ClientPeriods
from clientdesk.domain.due_dates import due_date, due_from
from clientdesk.domain.kept_templates import roles_from
from clientdesk.domain.own_values import field_id
from clientdesk.domain.periods import Period, Span, period_from, span
from clientdesk.domain.problems import Refused
from clientdesk.domain.work_templates import FIELD, LEAD, MEMBER, TO_DO
from clientdesk.domain.working_days import CALENDARS, Roll
from clientdesk.store import client_work
from clientdesk.store.all_models import TABLES
from clientdesk.store.client_work import TemplateRow
from clientdesk.store.engines import Engine
from clientdesk.store.models import ClientModel, ClientOwnModel

_CLIENT: Mapping[str, Any] = ClientModel._meta.columns
_NOT_DUE = ""
_KEEPING = ("work", "odd_period")
"""The tables in which periods keep their days; those of the last one count first."""


class NamedPeriod:
    """What of a row of the table (an alias of `client_work`, of this template) is otherwise in the period with this key."""

    def __init__(self, engine: Engine, table: Any, template_id: int, key: str) -> None:
        self._engine, self._table, self._template_id, self._key = engine, table, template_id, key
        by_id: Mapping[int, TemplateRow] = engine.remembered(
            "templates", lambda: {row.id: row for row in client_work.templates(engine)}
        )
        self._template = by_id.get(template_id)

    @property
    def is_there(self) -> Any:
        """That a client has work of it: the first open period comes no later, or somebody has done something."""
        period = period_from(self._key)
        if self._template is None or period is None or period.kind.value != self._template.period:
            return Value(1) == 0
        # keys of one kind stand in the order of their periods
        return (self._table.period <= self._key) | fn.EXISTS(self._stored(Value(1)))

    @property
    def state(self) -> Any:
        """How far it is."""
        return fn.COALESCE(self._stored(lambda work: work.state), TO_DO)

    @property
    def open_items(self) -> Any:
        """How many of its items are not settled."""
        item, section = TABLES["template_item"].alias(), TABLES["template_section"].alias()
        own = item.select(fn.COUNT(item.id)).join(section, on=(section.id == item.section_id))
        own = own.where(self._is_item(item, section), item.client_id == self._table.client_id)
        of_all = self._engine.remembered("shared items", lambda: client_work.shared_items(self._engine))
        shared = len(of_all.get(self._template_id, ()))
        return fn.COALESCE(own, 0) + shared - self._items("done", "not_applicable")

    @property
    def waiting(self) -> Any:
        """How many of its items wait for the client."""
        return self._items("waiting")

    @property
    def who1_id(self) -> Any:
        """Who has the first role: who was named, else whom the template says."""
        return fn.COALESCE(self._stored(lambda work: work.who1_id), self._by(1))

    @property
    def who2_id(self) -> Any:
        """The same of the second role."""
        return fn.COALESCE(self._stored(lambda work: work.who2_id), self._by(2))

    @property
    def who3_id(self) -> Any:
        """The same of the third role."""
        return fn.COALESCE(self._stored(lambda work: work.who3_id), self._by(3))

    @property
    def due(self) -> Any:
        """When it is due: as it was moved, else by the template's rule."""
        moved = self._stored(lambda work: fn.NULLIF(work.due, ""))
        return fn.COALESCE(moved, self._by_rule())

    # --- what is stored

    def _stored(self, column: Any) -> Any:
        work = TABLES["work"].alias()
        shown = column(work) if callable(column) else column
        of_period = work.template_id == self._template_id, work.period == self._key
        return work.select(shown).where(work.client_id == self._table.client_id, *of_period)

    def _is_item(self, item: Any, section: Any) -> Any:
        """That an item is one of the period: of all clients, or of one from a period to another."""
        begun, goes_on = (item.first == "") | (item.first <= self._key), (item.last == "") | (item.last >= self._key)
        of_template = section.template_id == self._template_id
        return (
            of_template & (item.retired == 0) & (section.retired == 0) & (item.client_id.is_null() | (begun & goes_on))
        )

    def _items(self, *states: str) -> Any:
        """How many of a client's items are in one of these states."""
        of, item, section = (TABLES[name].alias() for name in ("work_item", "template_item", "template_section"))
        joined = of.select(fn.COUNT(of.item_id)).join(item, on=(item.id == of.item_id))
        joined = joined.join(section, on=(section.id == item.section_id))
        of_period = of.template_id == self._template_id, of.period == self._key, of.state.in_(list(states))
        of_client = of.client_id == self._table.client_id
        return fn.COALESCE(joined.where(of_client, *of_period, self._is_item(item, section)), 0)

    def _by(self, number: int) -> Any:
        """Who has a role by itself."""
        roles = () if self._template is None else roles_from(self._template.roles)
        by = next((role.by for role in roles if role.number == number), "")
        if by == LEAD:
            client = ClientModel.alias()
            return client.select(client.lead_id).where(client.id == self._table.client_id)
        if by.startswith(MEMBER):
            return Value(int(by.removeprefix(MEMBER)))
        if not by.startswith(FIELD):
            return Value(None)
        own = ClientOwnModel.alias()
        of_field = own.field_id == field_id(by.removeprefix(FIELD))
        member = own.select(self._engine.number_in(own.sort_key))
        return member.where(of_field, own.client_id == self._table.client_id)

    # --- when it is due by the rule

    def _by_rule(self) -> Any:
        period, template = period_from(self._key), self._template
        if template is None or period is None or period.kind.value != template.period:
            return Value(_NOT_DUE)
        by_year_end, by_client = self._engine.remembered(
            ("due dates", self._template_id, self._key), lambda: self._dates(template, period)
        )
        usual: Any = Value(_due(template, span(period, "")))
        if by_year_end:
            client = ClientModel.alias()
            year_end = client.select(client.fiscal_year_end).where(client.id == self._table.client_id)
            usual = Case(year_end, by_year_end, usual)
        return Case(self._table.client_id, by_client, usual) if by_client else usual

    def _dates(
        self, template: TemplateRow, period: Period
    ) -> tuple[Sequence[tuple[str, str]], Sequence[tuple[int, str]]]:
        """When it is due: by the clients' year ends, where the period follows these, and by the clients whose periods are otherwise."""
        ends = ClientModel.select(_CLIENT["fiscal_year_end"]).distinct()
        year_ends = [row[0] for row in self._engine.execute(ends).fetchall()] if period.kind.fiscal else []
        return (
            [(year_end, _due(template, span(period, year_end))) for year_end in year_ends],
            [(client_id, _due(template, days)) for client_id, days in self._odd(period)],
        )

    def _odd(self, period: Period) -> Iterator[tuple[int, Span | None]]:
        """The clients whose periods are otherwise than their year end says, with the days of this one."""
        kept = (self._kept(name, whose=False) for name in _KEEPING)
        if not any(_is_odd(period, *row) for rows in kept for row in rows):
            return
        fixed: dict[int, tuple[str, dict[Period, Span]]] = {}
        odd: set[int] = set()
        for name in _KEEPING:
            for client_id, year_end, key, first, last in self._kept(name, whose=True):
                other, days = period_from(key), _days(first, last)
                if other is not None and days is not None:
                    fixed.setdefault(client_id, (year_end, {}))[1][other] = days
                if _is_odd(period, year_end, key, first, last):
                    odd.add(client_id)
        for client_id in odd:
            yield client_id, ClientPeriods(*fixed[client_id]).span(period)

    def _kept(self, name: str, whose: bool) -> list[tuple[Any, ...]]:
        """The days that periods keep in a table, each once: year end, period, first and last day; behind whose client's."""
        of = TABLES[name].alias()
        selected = (_CLIENT["fiscal_year_end"], of.period, of.first, of.last)
        query = of.select(*([of.client_id] if whose else []), *selected)
        query = query.join(ClientModel, on=(_CLIENT["id"] == of.client_id)).where(of.first != "")
        if name == "work":
            query = query.where(of.template_id == self._template_id)
        return [tuple(row) for row in self._engine.execute(query if whose else query.distinct()).fetchall()]


def _is_odd(period: Period, year_end: str, key: str, first: str, last: str) -> bool:
    """Whether days that are kept are of a period of the same kind, and others than the year end says."""
    other, days = period_from(key), _days(first, last)
    return other is not None and other.kind is period.kind and days not in (None, span(other, year_end))


def _days(first: str, last: str) -> Span | None:
    try:
        return Span(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        return None


def _due(template: TemplateRow, days: Span | None) -> str:
    """When work of a period of these days is due; "" for none."""
    try:
        due, roll = due_from(template.due), Roll(template.roll)
        calendar = CALENDARS[template.calendar or next(iter(CALENDARS))]
        return _NOT_DUE if days is None else due_date(due, days, roll, calendar).isoformat()
    except (Refused, ValueError, KeyError):
        return _NOT_DUE
