"""What lists have of the clients' work: as conditions, as orders, and as what stands in their columns.

They are about one row of each client, told by the list's filters (`subject`): the work by the template that they name, else what
is due first of all; its first open period, or the one that they name. Of the first open period the table `client_work` has it all,
with an index for each order; that of a named one is joined with what is stored of that period.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from peewee import Case, Value, fn

from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.filters import Filter, Op
from clientdesk.domain.fold import fold
from clientdesk.domain.periods import period_from
from clientdesk.domain.work_templates import COMPLETED, TO_DO
from clientdesk.named_tuple import NamedTuple
from clientdesk.store import beside_orders, own_values
from clientdesk.store.all_models import TABLES
from clientdesk.store.client_work import ANY
from clientdesk.store.engines import Engine
from clientdesk.store.models import ClientModel
from clientdesk.store.order_parts import Beside, Key, Order, Part
from clientdesk.store.work_models import ClientWorkModel

_ID = ClientModel._meta.columns["id"]
_ROLES = ("who1_id", "who2_id", "who3_id")
_NO_TEMPLATE = -1


class Subject(NamedTuple):
    """Of which work a list tells: the template (ANY: what is due first), and the key of the period, "" for the first open one."""

    template_id: int = ANY
    period: str = ""


def subject(engine: Engine, filters: Sequence[Filter]) -> Subject:
    """What a list with these filters tells of. A period without a template is that of the first template with such periods."""
    named = {on.field: on.value[0] for on in filters if on.op is Op.IS and on.field in ("work", "period")}
    template_id, key = int(named.get("work", ANY)), named.get("period", "")
    period = period_from(key)
    if period is not None and template_id == ANY:
        kinds = engine.catalogue.period_kinds
        template_id = next((of for of, kind in kinds.items() if kind == period.kind.value), _NO_TEMPLATE)
    return Subject(template_id, key)


class _Row:
    """The row of a client of which a list tells, in a statement of its own."""

    def __init__(self, engine: Engine, about: Subject) -> None:
        self.engine, self.about = engine, about
        self.table: Any = ClientWorkModel.alias()
        table, template_id, key = self.table, about.template_id, about.period
        of_template = table.template_id == template_id
        self.is_there: Any = of_template if template_id == ANY else of_template & (table.period != "")
        self.period = Value(key) if key else table.period
        self._told: Any = table
        """What tells of the period: the table, or what is stored of a named one."""
        if key:
            from clientdesk.store.named_period import NamedPeriod  # few lists name one

            self._told = NamedPeriod(engine, table, template_id, key)
            self.is_there &= self._told.is_there

    @property
    def due(self) -> Any:
        """When it is due."""
        return self._told.due

    @property
    def state(self) -> Any:
        """The number of its state."""
        return self._told.state

    @property
    def open_items(self) -> Any:
        """How many of its items are open."""
        return self._told.open_items

    @property
    def waiting(self) -> Any:
        """How many of its items wait for the client."""
        return self._told.waiting

    @property
    def people(self) -> tuple[Any, ...]:
        """Who does it."""
        return tuple(getattr(self._told, name) for name in _ROLES)

    @property
    def is_begun(self) -> Any:
        """That somebody has begun with it: another state than the first one, or an item that is not to do."""
        item, table = TABLES["work_item"].alias(), self.table
        begun = item.select(Value(1)).where(
            item.client_id == table.client_id,
            item.template_id == table.of_template,
            item.period == self.period,
            item.state != "todo",
        )
        return (self.state != TO_DO) | fn.EXISTS(begun)

    def having(self, condition: Any = None) -> Any:
        """That a client has such a row, of which a condition holds."""
        conditions = [self.is_there] if condition is None else [self.is_there, condition]
        return _ID.in_(self.table.select(self.table.client_id).where(*conditions))

    def lacking(self, condition: Any = None) -> Any:
        """That a client has no such row, or none of which a condition holds."""
        conditions = [self.table.client_id == _ID, self.is_there, *([] if condition is None else [condition])]
        return ~fn.EXISTS(self.table.select(Value(1)).where(*conditions))


def condition(engine: Engine, field: Field, op: Op, value: Sequence[str], about: Subject) -> Any:
    """A filter on the clients' work, of the list that is about this."""
    if field.name == "work":
        return _by_template(engine, op, value)
    row = _Row(engine, about)
    if op is Op.EMPTY or op is Op.FILLED:
        has_one = _is_filled(row, field)
        return row.having(has_one) if op is Op.FILLED else row.lacking(has_one)
    if field.name == "period":
        of_period = _Row(
            engine,
            subject(engine, (Filter("work", Op.IS, (str(about.template_id),)), Filter("period", Op.IS, tuple(value)))),
        )
        return of_period.lacking() if op is Op.IS_NOT else of_period.having()
    holds = _holds(row, field, op, value)
    if op is Op.IS_NOT:
        return row.lacking(holds)
    return row.having(holds) | row.lacking(_is_filled(row, field)) if "" in value else row.having(holds)


def _by_template(engine: Engine, op: Op, value: Sequence[str]) -> Any:
    of_each = [_Row(engine, Subject(int(template_id))) for template_id in value if template_id]
    if op is Op.IS_NOT and of_each:
        return of_each[0].lacking()
    of_any = _Row(engine, Subject())
    if op is Op.FILLED or op is Op.IS_NOT:
        return of_any.having()
    nothing = [of_any.lacking()] if not of_each or "" in value else []
    if op is Op.IS and of_each:  # along whatever order the list is gone through, one look at each client
        return ~of_each[0].lacking()
    return reduce(or_, [*(row.having() for row in of_each), *nothing])


def _is_filled(row: _Row, field: Field) -> Any:
    """That a row has something in a field."""
    return reduce(or_, (person.is_null(False) for person in row.people)) if field.name == "who" else None


def _holds(row: _Row, field: Field, op: Op, value: Sequence[str]) -> Any:
    """That of a row a filter holds that names something; that of IS_NOT is the opposite of what is told here."""
    held = [text for text in value if text]
    if field.name == "who":
        ids = [int(text) for text in held]
        return reduce(or_, (person.in_(ids) for person in row.people))
    if field.name == "review":
        return reduce(or_, (_is_review(row, text) for text in held))
    column, keys = row.due, list[object](held)
    if field.name != "due":
        numbers = enumerate(map(Decimal, held))
        column, keys = row.open_items, [_whole(op, number, last=place > 0) for place, number in numbers]
    match op:
        case Op.BEFORE:
            return column < keys[0]
        case Op.AFTER:
            return column > keys[0]
        case Op.BETWEEN:
            return (column >= keys[0]) & (column <= keys[1])
    return column.in_(keys)


_NEVER, _MOST = -1, 2**31
"""A number of items that no work has, and one that is more than any."""


def _whole(op: Op, key: Decimal, last: bool) -> int:
    """A number as whole numbers are compared with it."""
    whole = int(key.to_integral_value("ROUND_FLOOR")) if abs(key) < _MOST else _MOST if key > 0 else _NEVER
    if whole == key or op is Op.AFTER or last:
        return max(whole, _NEVER)
    return max(whole + 1, _NEVER) if op in (Op.BEFORE, Op.BETWEEN) else _NEVER


def _is_review(row: _Row, word: str) -> Any:
    """That a row's work is what this word of the field's choices says."""
    is_open = row.state != COMPLETED
    match word:
        case "not_started":
            return ~row.is_begun
        case "started":
            return is_open & row.is_begun
        case "waiting":
            return is_open & (row.waiting > 0)
        case "completed":
            return row.state == COMPLETED
    named = [
        (row.table.of_template == template_id) & (row.state == number)
        for template_id, states in row.engine.catalogue.work_states.items()
        for number, name in states.items()
        if fold(name) == fold(word)
    ]
    return reduce(or_, named, Value(1) == 0)


# --- orders


def order(engine: Engine, field: Field, down: bool, about: Subject, rest: tuple[Key, ...]) -> Order:
    """The order by a field of work: along the table's indexes where they have it, else all clients are put in order."""
    beside = None if about.period else _beside(field, about.template_id)
    if beside is None:
        return Order((Part((), None, (*keys(engine, field, down, about), *rest)),), ())
    return beside_orders.order(engine, beside, _in_order(engine, field, about), down, rest)


def keys(engine: Engine, field: Field, down: bool, about: Subject) -> tuple[Key, ...]:
    """The keys that a field adds to an order of all that is found; who has no such work comes last."""
    if not about.period and (beside := _beside(field, about.template_id)) is not None:
        return beside_orders.keys(beside, _in_order(engine, field, about), down)
    row = _Row(engine, about)
    held: Any = {
        "work": row.table.of_template,
        "period": row.period,
        "review": row.state,
        "open_items": row.open_items,
        "due": row.due,
        "who": row.people[0],
    }[field.name]
    if (values := _in_order(engine, field, about)) is not None:
        held = Case(held, [(value, place) for place, value in enumerate(values)], None) if values else Value(None)
    nothing: object = "" if field.name in ("period", "due") else -1
    of_client = row.table.select(held).where(row.is_there, row.table.client_id == _ID)
    told = fn.COALESCE(of_client, nothing)
    return Key(told == nothing), Key(told, down)


def _beside(field: Field, template_id: int) -> Beside | None:
    """The index of the table by which a field of work is sorted; None where it has none."""
    if field.name not in ("review", "open_items", "due", "who"):
        return None

    def of(table: Any) -> Any:
        of_template = table.template_id == template_id
        if field.name == "due":
            return of_template & (table.due > "")
        if template_id != ANY:  # of an inactive client the table has a row without period
            of_template &= table.period != ""
        return of_template & table.who1_id.is_null(False) if field.name == "who" else of_template

    column = {"review": "state", "who": "who1_id"}.get(field.name, field.name)
    nothing: object = "" if field.name == "due" else -1
    return Beside(("work", template_id, field.name), ClientWorkModel, lambda table: getattr(table, column), of, nothing)


def _in_order(engine: Engine, field: Field, about: Subject) -> Sequence[int] | None:
    """What of a few a field's key may be, in their order; None where it is anything. Of a template the states stand as the firm has
    them, of all work together by their numbers."""
    catalogue = engine.catalogue
    if field.name == "review":
        of_all = sorted({number for states in catalogue.work_states.values() for number in states})
        between = of_all if about.template_id == ANY else catalogue.work_states.get(about.template_id, {})
        return [TO_DO, *between, COMPLETED]
    if field.name == "work":
        return list(catalogue.templates)
    return own_values.members_by_name(engine) if field.kind is Kind.MEMBER else None


# --- columns


def values(engine: Engine, filters: Sequence[Filter], client_ids: Sequence[int]) -> dict[int, Mapping[str, str]]:
    """What stands in the columns of a list with these filters, by client and field; of clients without work nothing."""
    row, catalogue = _Row(engine, subject(engine, filters)), engine.catalogue
    table = row.table
    selected = (
        *(table.client_id, table.of_template, row.period, row.due, row.state, row.open_items, row.waiting),
        Case(None, [(row.is_begun, 1)], 0),
        *row.people,
    )
    query = table.select(*selected).where(row.is_there, engine.one_of(table.client_id, client_ids))
    names = own_values.member_names(engine)
    told: dict[int, Mapping[str, str]] = {}
    for client_id, of, period, due, state, open_items, waiting, is_begun, *people in engine.execute(query).fetchall():
        told[client_id] = {
            "work": catalogue.templates.get(of, ""),
            "period": period,
            "review": _review(catalogue.work_states.get(of, {}), state, waiting, bool(is_begun)),
            "open_items": str(open_items),
            "due": due,
            "who": ", ".join(dict.fromkeys(names[person] for person in people if person in names)),
        }
    return told


def _review(states: Mapping[int, str], state: int, waiting: int, is_begun: bool) -> str:
    """What a row's work is in one word: what the client is waited for with comes before a state of the firm's own."""
    if state == COMPLETED:
        return "completed"
    if waiting:
        return "waiting"
    return states.get(state) or ("started" if is_begun else "not_started")
