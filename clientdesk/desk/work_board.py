"""Works as the screens show them: clients beside their last periods by a template, one work with the day on which it is looked at,
and which work comes next in a list of clients."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from clientdesk.desk import clients, work, work_facts
from clientdesk.desk.session import Session, reads
from clientdesk.desk.work_facts import TemplateFacts, Works
from clientdesk.desk.work_records import SETTLED, Work, WorkOf
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.periods import Period, period_at
from clientdesk.domain.work_templates import COMPLETED, TO_DO
from clientdesk.store import client_work, work_board

_FIRST, _AT_ONCE = 4, 200
"""So many clients of a list are looked at together for one that has a work: at first, and then."""


class Look(StrEnum):
    """How the work of a period looks from afar."""

    NONE = ""
    TO_DO = "todo"
    BEGUN = "begun"
    WAITING = "waiting"
    LATE = "late"
    COMPLETED = "completed"


class BoardCell(NamedTuple):
    """The work of a client in a period: how it looks, how many of its items are open, of how many, and when it is due (None: there
    is none)."""

    look: Look
    left: int = 0
    items: int = 0
    due: date | None = None


class BoardRow(NamedTuple):
    """A client on the board: its work in each of the periods that are asked for."""

    client_id: int
    name: str
    active: bool
    cells: tuple[BoardCell, ...]


class InUse(NamedTuple):
    """A template in use, and the period of its kind that has today in it."""

    id: int
    name: str
    now: Period
    begins: Period | None


class Seen(NamedTuple):
    """A work, the day on which it is looked at, and how many days from it on a due date is near."""

    work: Work
    today: date
    soon: int


class ListPlace(NamedTuple):
    """A client's work and the row of the client in the list."""

    of: WorkOf
    row: int


# --- one work


@reads
def seen(session: Session, of: WorkOf) -> Seen:
    """One work as it stands today. Refused as `work.read` is."""
    return Seen(work.read_within(session, of), session.today(), int(session.firm.settings["soon_days"] or 0))


@reads
def beside(session: Session, query: ClientQuery, of: WorkOf, row: int, step: int) -> ListPlace | None:
    """The work of the same template and period of the client before (`step` -1) or after (1) in a list; clients that have none
    are passed over. None at the list's ends. `row` is where the client stood: one that left the list gave its row to the next."""
    template = work_facts.templates(session).get(of.template_id)
    if template is None:
        return None
    place = clients.position(session, query, of.client_id)
    if place is None:
        place = row - 1 if step > 0 else row
    for start, most in _pieces(place, step):
        client_ids = [row.id for row in clients.window(session, query, (), start, most)]
        having = _with_work(session, template, client_ids, of.period)
        numbered = list(enumerate(client_ids, start))
        for number, client_id in numbered if step > 0 else reversed(numbered):
            if client_id in having:
                return ListPlace(of._replace(client_id=client_id), number)
        if not client_ids:
            break
    return None


def _pieces(place: int, step: int) -> Iterator[tuple[int, int]]:
    """The pieces of a list, each its first row and how many, in which its clients are looked at from a row on: few at first, as
    most lists have the next one there."""
    most = _FIRST
    while place > 0 or step > 0:
        if step > 0:
            yield place + 1, most
            place += most
        else:
            start = max(0, place - most)
            yield start, place - start
            place = start
        most = _AT_ONCE


def _with_work(session: Session, template: TemplateFacts, client_ids: Sequence[int], period: Period) -> set[int]:
    """Those of some clients that have work by a template in a period."""
    works = work_facts.works(session, {template.id: template}, client_ids)
    return {client_id for client_id in client_ids if has_work(works, template.id, client_id, period)}


def has_work(works: Works, template_id: int, client_id: int, period: Period) -> bool:
    """Whether a client has work by a template in a period: somebody has touched it, or the template applies and it has
    begun."""
    of_client = works.of.get((template_id, client_id))
    if of_client is None or of_client.periods.span(period) is None:
        return False
    touched = works.touched.get((template_id, client_id), {})
    return period in touched or (works.is_open(template_id, client_id) and of_client.has(period))


# --- the board


@reads
def templates_in_use(session: Session) -> tuple[InUse, ...]:
    """The templates in use, in their order."""
    today = session.today()
    return tuple(
        InUse(template.id, template.name, period_at(template.rule.kind, today, ""), template.rule.begins)
        for template in work_facts.templates(session).values()
        if not template.retired
    )


@reads
def is_begun(session: Session, query: ClientQuery, template_id: int, period: Period) -> bool:
    """Whether the first client of a list has work by a template in a period."""
    template, first = work_facts.templates(session).get(template_id), clients.window(session, query, (), 0, 1)
    return template is not None and bool(_with_work(session, template, [row.id for row in first], period))


@reads
def window(
    session: Session, query: ClientQuery, template_id: int, periods: Sequence[Period], offset: int, limit: int
) -> tuple[BoardRow, ...]:
    """The clients from row `offset` of a list on, at most so many, each with its work by a template in some periods."""
    listed = clients.window(session, query, ("display_name",), offset, limit)
    template = work_facts.templates(session).get(template_id)
    if template is None:
        empty = (BoardCell(Look.NONE),) * len(periods)
        return tuple(BoardRow(row.id, row.values[0], row.active, empty) for row in listed)
    client_ids = [row.id for row in listed]
    cells = _Cells(session, template, client_ids, periods)
    return tuple(
        BoardRow(row.id, row.values[0], row.active, tuple(cells.of(row.id, period) for period in periods))
        for row in listed
    )


class _Cells:
    """The works of some clients by a template in some periods, read together."""

    def __init__(
        self, session: Session, template: TemplateFacts, client_ids: Sequence[int], periods: Sequence[Period]
    ) -> None:
        engine, template_id = session.engine, template.id
        self._template_id, self._today = template_id, session.today()
        self._works = work_facts.works(session, {template_id: template}, client_ids)
        shared = client_work.shared_items(engine).get(template_id, set())
        self._items = len(shared)
        touched = [
            client_id
            for client_id in client_ids
            if not self._works.touched.get((template_id, client_id), {}).keys().isdisjoint(periods)
        ]
        keys = [period.key for period in periods]
        counted = work_board.counted_states
        self._states = counted(engine, template_id, touched, keys, shared) if touched and shared else {}
        self._own: dict[int, list[client_work.OwnItem]] = {}
        for own in client_work.own_items(engine, client_ids):
            if own.template_id == template_id:
                self._own.setdefault(own.client_id, []).append(own)
        works = {(client_id, template_id, key) for client_id in self._own for key in keys}
        self._own_states = client_work.item_states(engine, works) if works else {}

    def of(self, client_id: int, period: Period) -> BoardCell:
        """How the work of a client in a period looks."""
        if not has_work(self._works, self._template_id, client_id, period):
            return BoardCell(Look.NONE)
        of_client = self._works.of[self._template_id, client_id]
        items, states = self._counted(client_id, period)
        left = items - sum(states.get(state, 0) for state in SETTLED)
        state, due = of_client.state(period), of_client.due(period)
        if state == COMPLETED:
            look = Look.COMPLETED
        elif due < self._today:
            look = Look.LATE
        elif states.get("waiting"):
            look = Look.WAITING
        elif left < items or state != TO_DO:
            look = Look.BEGUN
        else:
            look = Look.TO_DO
        return BoardCell(look, left, items, due)

    def _counted(self, client_id: int, period: Period) -> tuple[int, Mapping[str, int]]:
        """How many items a work has, and how many of them are in which state, as far as somebody has touched them."""
        states = self._states.get((client_id, period.key), {})
        own = [
            item.item_id for item in self._own.get(client_id, ()) if work_facts.is_within(item.first, item.last, period)
        ]
        if not own:
            return self._items, states
        of_own = self._own_states.get((client_id, self._template_id, period.key), {})
        in_all = Counter(states) + Counter(of_own.get(item_id, "todo") for item_id in own)
        return self._items + len(own), in_all
