"""Templates of work: what is done for which clients, how often, until when and by whom, in sections with items."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_, _

if TYPE_CHECKING:  # every start reads the limits; the rest is needed where there is a template
    from datetime import date

    from clientdesk.domain.due_dates import Due
    from clientdesk.domain.filters import Filter
    from clientdesk.domain.periods import Period, PeriodKind
    from clientdesk.domain.working_days import Roll

NAME_LIMIT, TITLE_LIMIT = 60, 200
"""So many characters the name of a template, a section, a role or a state has at most, and an item."""
MOST_TEMPLATES, MOST_SECTIONS, MOST_ITEMS = 100, 30, 200
"""So many templates a firm has at most, so many sections one of them, and so many items in these."""
MOST_ROLES, MOST_STATES = 3, 20
TO_DO, COMPLETED = 0, 1
"""The numbers of the first and of the last state, which are always there."""

ITEM_STATES = {
    "todo": N_("To do"),
    "waiting": N_("Waiting for client"),
    "done": N_("Done"),
    "not_applicable": N_("Not applicable"),
}
"""What an item of somebody's work can be (untranslated)."""
LEAD, MEMBER, FIELD = "lead", "member:", "field:"
"""Who has a role: the client's lead accountant; MEMBER and the id of a team member; FIELD and an own field that names one."""


class Role(NamedTuple):
    """Somebody's part in a template's work: its number (1 to 3, never another one's), its name, and `by` whom it is done
    unless somebody else is named: "lead", "member:ID", "field:NAME" or "" for nobody."""

    number: int
    name: str
    by: str = ""


class State(NamedTuple):
    """How far work is: a number that never means another state, and a name. One that is `retired` is given to no work any
    more."""

    number: int
    name: str
    retired: bool = False


def first_roles() -> tuple[Role, ...]:
    """The roles of a new template, in the person's language."""
    return (Role(1, _("Preparer"), LEAD), Role(2, _("Reviewer")))


def all_states(own: Sequence[State]) -> tuple[State, ...]:
    """The states of work in their order, with the fixed ones; the retired ones last."""
    standing = [state for state in own if not state.retired]
    ends = (State(TO_DO, _(ITEM_STATES["todo"])), State(COMPLETED, _("Completed")))
    return (ends[0], *standing, ends[1], *(state for state in own if state.retired))


class Item(NamedTuple):
    """One thing to do. It is everybody's, or with a `client_id` only one client's: from the period `first` up to `last` (the
    keys of periods; "" for any)."""

    id: int
    title: str
    position: int = 0
    retired: bool = False
    client_id: int | None = None
    first: str = ""
    last: str = ""


class Section(NamedTuple):
    """Items that belong together, in their order, the retired ones last."""

    id: int
    name: str
    position: int = 0
    retired: bool = False
    items: tuple[Item, ...] = ()

    @property
    def standing(self) -> tuple[Item, ...]:
        """Everybody's items that are not retired."""
        return tuple(item for item in self.items if not item.retired and item.client_id is None)


class WorkTemplate(NamedTuple):
    """What is done for the clients that meet `applies`, once in each period: due so long after it (None for what another
    program has written there), rolled to a working day of a calendar, from the period `begins` on ("" for any)."""

    id: int
    name: str
    applies: "tuple[Filter, ...]"
    period: "PeriodKind"
    due: "Due | None"
    roll: "Roll"
    calendar: str
    begins: str
    closing_needs_all: bool
    roles: tuple[Role, ...]
    own_states: tuple[State, ...]
    sections: tuple[Section, ...] = ()
    position: int = 0
    retired: bool = False
    version: int = 0

    @property
    def states(self) -> tuple[State, ...]:
        """All states in their order, with the fixed ones; the retired ones last."""
        return all_states(self.own_states)

    @property
    def standing_sections(self) -> tuple[Section, ...]:
        """The sections that are not retired."""
        return tuple(section for section in self.sections if not section.retired)

    @property
    def items(self) -> tuple[Item, ...]:
        """Everybody's items that are not retired, in their order."""
        return tuple(item for section in self.standing_sections for item in section.standing)

    def first_period(self, today: "date", year_end: str) -> "Period":
        """The period from which on a client has this work to whom the template applies from today on."""
        from clientdesk.domain.periods import period_at, period_from

        present, begins = period_at(self.period, today, year_end), period_from(self.begins)
        return begins if begins is not None and begins.kind is self.period and begins > present else present

    def due_on(self, period: "Period", year_end: str) -> "date | None":
        """The day on which the work of a period is due."""
        from clientdesk.domain.due_dates import due_date
        from clientdesk.domain.periods import span
        from clientdesk.domain.working_days import calendar_named

        if self.due is None:
            return None
        return due_date(
            self.due,
            span(period, year_end),
            self.roll,
            calendar_named(self.calendar),
        )


ROLES_AT_FIRST = '[[1,"Preparer","lead"]]'
"""How the roles of a template are kept that says none."""


def template_called(templates: Iterable[WorkTemplate], name: str) -> WorkTemplate | None:
    """The template of this name in any case and with or without accents."""
    from clientdesk.domain.fold import fold

    return next((template for template in templates if fold(template.name) == fold(name)), None)


def with_states(own: Sequence[State], names: Sequence[str]) -> tuple[State, ...]:
    """A template's own states when those with these names stand, in that order: a state of a name that there was keeps its
    number, a new one gets one that no state had, and the others are retired."""
    from clientdesk.domain.fold import fold

    by_name = {fold(state.name): state for state in own}
    last = max((state.number for state in own), default=COMPLETED)
    standing: list[State] = []
    for name in names:
        known = by_name.pop(fold(name), None)
        last += known is None
        standing.append(State(last if known is None else known.number, name))
    return (*standing, *(state._replace(retired=True) for state in by_name.values()))
