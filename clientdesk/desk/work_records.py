"""What the desk hands out of work: one work with its sections and items as it was read, and lines of lists of works."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from clientdesk.domain.patch import Value
from clientdesk.domain.periods import Period, Span
from clientdesk.domain.work_templates import COMPLETED, State

SETTLED = frozenset(("done", "not_applicable"))
"""The states of an item of which nothing is left to do."""


class WorkOf(NamedTuple):
    """Which work it is: the client's, by a template, of a period."""

    client_id: int
    template_id: int
    period: Period

    @property
    def values(self) -> dict[str, Value]:
        """What of its rows makes their key."""
        return {"client": self.client_id, "template": self.template_id, "period": self.period.key}

    @property
    def key(self) -> str:
        """The key of its row."""
        return f"{self.client_id}/{self.template_id}/{self.period.key}"


class Person(NamedTuple):
    """A team member; id 0 and no name for nobody."""

    id: int = 0
    name: str = ""


class InRole(NamedTuple):
    """Who has a role (1 to 3): its name, the member, and whether they were named for this work; else the template says who."""

    number: int
    name: str
    member: Person
    is_named: bool


class Progress(NamedTuple):
    """How many items are settled (done, or not applicable), of how many."""

    settled: int
    items: int


class Item(NamedTuple):
    """An item as it stands in a work: its state, the question to the client and when it was asked, who settled it and when (ISO
    8601, UTC), its note, due date and assignee. `of_client` says that this client alone has it, `retired` that the
    template has it no more, but somebody has touched it here. `values` are those of its row as they are kept."""

    id: int
    title: str
    state: str
    question: str
    asked: date | None
    by: Person
    at: str
    note: str
    due: date | None
    assignee: Person
    of_client: bool
    retired: bool
    values: Mapping[str, Value]

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do of it."""
        return self.state in SETTLED


class SectionOfWork(NamedTuple):
    """A section with its items; one that is `retired` is there for those that somebody has touched."""

    id: int
    name: str
    items: tuple[Item, ...]
    retired: bool = False

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return progress(self.items)


def progress(items: Sequence[Item]) -> Progress:
    """How many of some items are settled; those that are retired do not count."""
    counted = [item for item in items if not item.retired]
    return Progress(sum(item.is_settled for item in counted), len(counted))


class Reconciliation(NamedTuple):
    """An account of the client as it stands in a work: up to which day it is reconciled, its balance then, and by how much that
    differs from the books (None: not said). `touched` says that somebody has written something of it here; `values` are
    those of its row as they are kept."""

    account_id: int
    name: str
    currency: str
    retired: bool
    touched: bool
    state: str
    through: date | None
    balance: Decimal | None
    difference: Decimal | None
    due: date | None
    assignee: Person
    values: Mapping[str, Value]

    @property
    def is_open(self) -> bool:
        """Whether it was begun and is not settled."""
        return self.touched and not self.retired and self.state not in SETTLED


class DifferenceBefore(NamedTuple):
    """An account whose difference was another one in the period before."""

    name: str
    currency: str
    before: Decimal | None
    now: Decimal | None


class SinceBefore(NamedTuple):
    """What changed since the period before: the titles of items that came and of those that went, of those that were not
    applicable then and are not so now, and the accounts whose difference is another one. `period` is None where there is
    none before."""

    period: Period | None = None
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()
    differences: tuple[DifferenceBefore, ...] = ()


class Work(NamedTuple):
    """One work as it was read. `days` are those of its period, `due` the date by the rule, or to which it was moved; `stored`
    says that somebody has touched it, `closing` that it is completed only when all its items are settled. `states` are all
    that its template has, in their order; `values` are those of its row as they are kept. `previous` and `next` are the
    periods beside it in which there is work."""

    of: WorkOf
    client: str
    company_id: str
    client_number: str
    active: bool
    template: str
    days: Span
    due: date
    moved: bool
    state: State
    states: tuple[State, ...]
    people: tuple[InRole, ...]
    note: str
    reason: str
    closing: bool
    stored: bool
    sections: tuple[SectionOfWork, ...]
    accounts: tuple[Reconciliation, ...]
    since: SinceBefore
    previous: Period | None
    next: Period
    values: Mapping[str, Value]

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of all sections."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def progress(self) -> Progress:
        """How far it is in all."""
        return progress(self.items)

    @property
    def is_completed(self) -> bool:
        """Whether it is in the last state."""
        return self.state.number == COMPLETED

    @property
    def open_items(self) -> tuple[Item, ...]:
        """The items of which something is left to do."""
        return tuple(item for item in self.items if not item.retired and not item.is_settled)


class WorkLine(NamedTuple):
    """A work in a list: `applies` says that the client has it by its template now (one that does not was touched before)."""

    of: WorkOf
    client: str
    company_id: str
    client_number: str
    template: str
    days: Span
    due: date
    state: State
    open_items: int
    waiting: int
    people: tuple[InRole, ...]
    applies: bool

    @property
    def is_completed(self) -> bool:
        """Whether it is in the last state."""
        return self.state.number == COMPLETED


class ClientWorks(NamedTuple):
    """The works of one client: by each template the first open one, by their due dates; and others that somebody touched, the latest
    first."""

    open: tuple[WorkLine, ...]
    past: tuple[WorkLine, ...]
