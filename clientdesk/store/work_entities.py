"""What is done for clients, with a history: templates of work with their sections and items, and what people did of them.

Work is known by its client, its template and a period; a row of it is there once somebody has touched it.
"""

from clientdesk.domain.access import Access
from clientdesk.domain.bounds import Json, Moment, Number, Text
from clientdesk.domain.kept_templates import (
    applies_parts,
    is_applies,
    is_roles,
    is_states,
    roles_parts,
    states_parts,
)
from clientdesk.domain.periods import PeriodKind
from clientdesk.domain.work_templates import ITEM_STATES, ROLES_AT_FIRST
from clientdesk.domain.work_templates import NAME_LIMIT as TEMPLATE_LIMIT
from clientdesk.domain.work_templates import TITLE_LIMIT as ITEM_LIMIT
from clientdesk.domain.working_days import Roll
from clientdesk.store.entity import POSITION, Entity, number, reference, switch, value
from clientdesk.text import N_

_ANYONE = Access.BASIC
"""Who does the work: every member."""
_DAY, _PERIOD_KEY, _RULE = Text(10), Text(16), Text(60)
_NOTE = Text(4_000, lines=True)
_AMOUNT = Text(40)
"""An exact decimal."""
_FILLED_PERIOD = Text(16, filled=True)


_PERIODS = {kind.value: kind.label for kind in PeriodKind}
_ROLLS = {roll.value: roll.label for roll in Roll}

TEMPLATE = Entity(
    "template",
    N_("Template"),
    (
        value("name", N_("Name"), bound=Text(TEMPLATE_LIMIT, filled=True)),
        value(
            "applies",
            N_("Applies to"),
            default="[]",
            bound=Json("array", readable=is_applies),
            parts=applies_parts,
        ),
        value("period", N_("Period"), once=True, words=_PERIODS, bound=Text(choices=tuple(_PERIODS))),
        value("due", N_("Due"), bound=_RULE),
        value("roll", N_("Moved to a working day"), default="none", words=_ROLLS, bound=Text(choices=tuple(_ROLLS))),
        value("calendar", N_("Calendar"), bound=_RULE),
        value("begins", N_("Begins"), bound=_PERIOD_KEY),
        switch("closing", N_("Completed when all items are")),
        value(
            "roles",
            N_("Roles"),
            default=ROLES_AT_FIRST,
            bound=Json("array", readable=is_roles),
            parts=roles_parts,
        ),
        value("states", N_("States"), default="[]", bound=Json("array", readable=is_states), parts=states_parts),
        POSITION,
        switch("retired", N_("Retired")),
    ),
    called_by="name",
    unique=("name_key",),
    deleted_by=Access.FULL,
)
TEMPLATE_SECTION = Entity(
    "template_section",
    N_("Section"),
    (
        reference("template", N_("Template"), "template", once=True),
        value("name", N_("Name"), bound=Text(TEMPLATE_LIMIT, filled=True)),
        POSITION,
        switch("retired", N_("Retired")),
    ),
    called_by="name",
    unique=("name_key",),
    deleted_by=Access.FULL,
)
TEMPLATE_ITEM = Entity(
    "template_item",
    N_("Item"),
    (
        reference("section", N_("Section"), "template_section", once=True),
        value("title", N_("Item"), bound=Text(ITEM_LIMIT, filled=True)),
        POSITION,
        switch("retired", N_("Retired")),
        reference("client", N_("Only of the client"), "client", once=True),
        value("first", N_("From the period"), bound=_PERIOD_KEY),
        value("last", N_("Up to the period"), bound=_PERIOD_KEY),
    ),
    called_by="title",
    deleted_by=Access.FULL,
)
_OF_WORK = (
    reference("client", N_("Client"), "client", once=True),
    reference("template", N_("Template"), "template", once=True),
    value("period", N_("Period"), once=True, bound=_FILLED_PERIOD),
)
"""What makes the key of a client's work in a period."""
_KEY_OF_WORK = ("client_id", "template_id", "period")
WORK = Entity(
    "work",
    N_("Work"),
    (
        *_OF_WORK,
        number(
            "state",
            N_("State"),
            words={0: N_("To do"), 1: N_("Completed")},
            bound=Number(0, 1_000_000),
            writers=_ANYONE,
        ),
        value("first", N_("From"), bound=_DAY, writers=_ANYONE),
        value("last", N_("To"), bound=_DAY, writers=_ANYONE),
        value("due", N_("Due"), bound=_DAY),
        value("note", N_("Note"), bound=_NOTE, writers=_ANYONE),
        reference("who1", N_("First role"), "team_member"),
        reference("who2", N_("Second role"), "team_member"),
        reference("who3", N_("Third role"), "team_member"),
        value("reason", N_("Why it was reopened"), bound=_NOTE),
    ),
    called_by="",
    identity=_KEY_OF_WORK,
    deleted_by=Access.PRIMARY_ADMIN,
    added_by=_ANYONE,
)
WORK_ITEM = Entity(
    "work_item",
    N_("Item of work"),
    (
        *_OF_WORK,
        reference("item", N_("Item"), "template_item", once=True),
        value(
            "state",
            N_("State"),
            default="todo",
            words=ITEM_STATES,
            bound=Text(choices=tuple(ITEM_STATES)),
            writers=_ANYONE,
        ),
        value("question", N_("Question"), bound=_NOTE, writers=_ANYONE),
        value("asked", N_("Asked"), bound=_DAY, writers=_ANYONE),
        reference("by", N_("By"), "team_member", writers=_ANYONE),
        value("at", N_("At"), default=None, bound=Moment(), writers=_ANYONE),
        value("note", N_("Note"), bound=_NOTE, writers=_ANYONE),
        value("due", N_("Due"), bound=_DAY, writers=_ANYONE),
        reference("assignee", N_("Assignee"), "team_member", writers=_ANYONE),
    ),
    called_by="",
    identity=(*_KEY_OF_WORK, "item_id"),
    deleted_by=Access.PRIMARY_ADMIN,
    added_by=_ANYONE,
)
WORK_START = Entity(
    "work_start",
    N_("Start of work"),
    (*_OF_WORK[:2], value("first", N_("From the period"), bound=_FILLED_PERIOD)),
    called_by="",
    identity=_KEY_OF_WORK[:2],
    deleted_by=Access.FULL,
)
ODD_PERIOD = Entity(
    "odd_period",
    N_("Odd period"),
    (
        _OF_WORK[0],
        _OF_WORK[2],
        value("first", N_("From"), bound=Text(10, filled=True)),
        value("last", N_("To"), bound=Text(10, filled=True)),
    ),
    called_by="",
    identity=("client_id", "period"),
    deleted_by=Access.FULL,
)
CLIENT_ACCOUNT = Entity(
    "client_account",
    N_("Account"),
    (
        reference("client", N_("Client"), "client", once=True),
        value("name", N_("Name"), bound=Text(TEMPLATE_LIMIT, filled=True)),
        value("currency", N_("Currency"), bound=Text(3)),
        POSITION,
        switch("retired", N_("Retired")),
    ),
    called_by="name",
    unique=("name_key",),
    deleted_by=Access.FULL,
)
RECONCILIATION = Entity(
    "reconciliation",
    N_("Reconciliation"),
    (
        *_OF_WORK,
        reference("account", N_("Account"), "client_account", once=True),
        value("through", N_("Reconciled through"), bound=_DAY, writers=_ANYONE),
        value("balance", N_("Ending balance"), bound=_AMOUNT, writers=_ANYONE),
        value("difference", N_("Difference"), bound=_AMOUNT, writers=_ANYONE),
        value("due", N_("Due"), bound=_DAY, writers=_ANYONE),
        reference("assignee", N_("Assignee"), "team_member", writers=_ANYONE),
        value(
            "state",
            N_("State"),
            default="todo",
            words=ITEM_STATES,
            bound=Text(choices=tuple(ITEM_STATES)),
            writers=_ANYONE,
        ),
    ),
    called_by="",
    identity=(*_KEY_OF_WORK, "account_id"),
    deleted_by=Access.PRIMARY_ADMIN,
    added_by=_ANYONE,
)

WORK_ENTITIES = (
    TEMPLATE,
    TEMPLATE_SECTION,
    TEMPLATE_ITEM,
    WORK,
    WORK_ITEM,
    WORK_START,
    ODD_PERIOD,
    CLIENT_ACCOUNT,
    RECONCILIATION,
)
"""All of them, each behind those that it refers to."""
