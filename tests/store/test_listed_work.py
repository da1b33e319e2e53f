"""What lists have of the clients' work is what plain Python makes of the works one by one: filters, orders and columns."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any

import pytest

from clientdesk.desk import client_filters, clients, patches, team, work, work_doing, work_facts, work_managing
from clientdesk.desk.client_status import set_status_of_many
from clientdesk.desk.session import Session, changes
from clientdesk.desk.work_records import Work, WorkOf
from clientdesk.domain.access import Access, Action
from clientdesk.domain.client_query import ClientQuery, SortKey
from clientdesk.domain.fields import OF_WORK
from clientdesk.domain.filter_text import read
from clientdesk.domain.filter_words import Names
from clientdesk.domain.filters import Filter, Op
from clientdesk.domain.fold import fold
from clientdesk.domain.kept_templates import kept_roles, kept_states
from clientdesk.domain.patch import Patch
from clientdesk.domain.periods import Span, period_from
from clientdesk.domain.work_templates import Role, State
from clientdesk.store import beside_orders, listing, walking
from tests.desk.test_work_renewal import add_template, type_id
from tests.plain_clients import matches

DAY = date(2190, 5, 10)
Shown = Mapping[str, str]
"""What stands in a client's columns of work, with what tells whether it was begun with."""


@pytest.fixture
def firm(session: Session) -> Session:
    """A firm with two templates, whose clients are in all states of their work."""
    session.today = lambda: DAY
    team.add_member(session, "Zoe", "", "zoe", Access.FULL)
    ana, zoe = session.me.id, next(member.id for member in team.members(session) if member.name == "Zoe")
    made = [
        clients.add(
            session,
            {
                "display_name": f"Client {number:02}",
                "client_type": "Trust" if number % 3 == 0 else "Business",
                "fiscal_year_end": ("12-31", "06-30", "", "02-29")[number % 4],
                "lead": ("", session.me.name, "Zoe")[number % 3],
            },
        ).id
        for number in range(12)
    ]
    monthly = add_template(session, "Books review", begins="2190-03")
    yearly = add_template(session, "Accounts", _is_trust(session), period="fiscal_year", begins="FY2188")
    states = kept_states([State(4, "Ready"), State(2, "In review")])
    _change(
        session,
        monthly,
        states=states,
        roles=kept_roles([Role(1, "Preparer", "lead"), Role(2, "Reviewer", f"member:{zoe}")]),
    )
    _change(session, yearly, states=kept_states([State(3, "Ready")]))
    at = _of(session, made, monthly, "2190-03")
    work_doing.tick(session, at[0], [at[0].items[0].id])
    work_doing.set_waiting(session, at[1], [at[1].items[0].id], "Which bank?")
    work_doing.set_state(session, at[2], State(2, "In review"))
    work_doing.set_state(session, at[3], State(4, "Ready"))
    work_doing.complete(session, at[4], anyway=True)
    work_managing.move_due(session, at[5], date(2190, 6, 30))
    work_managing.assign(session, at[6], {1: zoe, 2: ana})
    work_managing.add_own_items(session, at[7], at[7].sections[0].id, ["Count the till"])
    work_managing.set_odd_period(session, made[6], _period("FY2190"), Span(date(2189, 7, 1), date(2190, 8, 31)))
    trusts = _of(session, made[::3], yearly, "FY2188")
    work_doing.complete(session, trusts[0], anyway=True)
    work_doing.complete(session, trusts[1], anyway=True)
    work_doing.set_state(session, trusts[2], State(3, "Ready"))
    set_status_of_many(session, [made[8], made[9]], active=False)
    return session


@changes("template.changed", Action.MANAGE_WORK)
def _change(session: Session, /, template_id: int, **values: Any) -> None:
    patches.landed(patches.apply_one(session, Patch("template", str(template_id), {}, values)))


def _is_trust(session: Session) -> Filter:
    return Filter("client_type", Op.IS, (str(type_id(session, "Trust")),))


def _period(key: str) -> Any:
    return period_from(key)


def _of(session: Session, client_ids: list[int], template_id: int, key: str) -> list[Work]:
    return [work.read(session, WorkOf(client_id, template_id, _period(key))) for client_id in client_ids]


def shown(session: Session, template: str, key: str) -> dict[int, Shown]:
    """What a list of this template ("": what is due first) and period ("": the first open one) tells of each client that has
    such work, read one by one."""
    templates = work_facts.templates(session)
    if key and not template:
        template = next(of.name for of in templates.values() if of.rule.kind is _period(key).kind)
    client_ids = [row.id for row in clients.window(session, ClientQuery(), (), 0, 100)]
    works = work_facts.works(session, templates, client_ids)
    told: dict[int, Shown] = {}
    for client_id in client_ids:
        of_client = [
            (standing.due, template_id, WorkOf(client_id, template_id, _period(key) or standing.period))
            for template_id, of in templates.items()
            if template in ("", of.name) and works.is_open(template_id, client_id)
            if (standing := works.of[template_id, client_id].standing) is not None
            if not key or (_period(key).kind is of.rule.kind and works.of[template_id, client_id].has(_period(key)))
        ]
        if of_client:
            told[client_id] = _told(work.read(session, min(of_client, key=lambda one: one[:2])[2]))
    return told


def _told(one: Work) -> Shown:
    waiting = sum(1 for item in one.items if item.state == "waiting")
    is_begun = one.state.number != 0 or any(item.state != "todo" for item in one.items)
    review = "not_started" if not is_begun else "started" if one.state.number == 0 else one.state.name
    review = "waiting" if waiting and not one.is_completed else "completed" if one.is_completed else review
    people = dict.fromkeys(role.member.name for role in one.people if role.member.id)
    return {
        "work": one.template,
        "period": one.of.period.key,
        "review": review,
        "open_items": str(len(one.open_items)),
        "due": one.due.isoformat(),
        "who": ", ".join(people),
        "first": next((role.member.name for role in one.people if role.number == 1), ""),
        "begun": "yes" if is_begun else "",
        "state": one.state.name if one.state.number > 1 else str(one.state.number),
    }


def holds(values: Shown | None, on: Filter, names: Names) -> bool:
    """Whether a filter on work holds of what a list tells of a client."""
    of, wanted = values or dict.fromkeys((*OF_WORK, "begun", "state"), ""), on.value
    if on.op in (Op.EMPTY, Op.FILLED):
        return (of[on.field] == "") == (on.op is Op.EMPTY)
    if on.field == "who":
        people = of["who"].split(", ") if of["who"] else [""]
        return any((names.of("who").get(one, "") in people) for one in wanted) != (on.op is Op.IS_NOT)
    if on.field == "review":
        is_open = of["state"] not in ("", "1")
        means = {
            "not_started": values is not None and not of["begun"],
            "started": is_open and of["begun"] == "yes",
            "waiting": of["review"] == "waiting",
            "completed": of["state"] == "1",
        }
        return any(means.get(word, fold(of["state"]) == fold(word)) for word in wanted) != (on.op is Op.IS_NOT)
    return matches(of, on, names)


OF = {"": ("", ""), "work=Books review": ("Books review", ""), "work=Accounts": ("Accounts", "")}
OF |= {"period=2190-03": ("", "2190-03"), "work=Books review|period=@last_month": ("Books review", "2190-04")}
OF |= {"work=Accounts|period=FY2188": ("Accounts", "FY2188"), "period=FY2190": ("", "FY2190")}
"""Of which template and period a list is, by the filters that say so."""
ASKED = (
    *("review=not_started", "review=started", "review=waiting", "review=completed", "review=ready", "review=In review"),
    *("review!=waiting", "review=Waiting for client|completed", "open_items=2", "open_items<2", "open_items>0.5"),
    *("open_items=1..3", "open_items=", "open_items!=", "open_items=2|", "open_items!=2", "due=@today", "due<@today"),
    *(
        "due>2190-06-09",
        "due=@this_month",
        "due=2190-04-10|2190-06-30",
        "due=",
        "due!=",
        "due!=2190-04-10",
        "due=2190-04-01..2190-06-30",
    ),
    *("who=@me", "who=Zoe", "who!=Zoe", "who=", "who!=", "who=Zoe|", "period=", "period!="),
)


def queries(session: Session) -> Iterator[tuple[str, list[Filter], tuple[str, str]]]:
    names = client_filters.names(session)
    for text, of in OF.items():
        yield text, [read(part, names) for part in text.split("|") if part], of


def test_lists_tell_of_work_what_the_works_are(firm: Session) -> None:
    names = client_filters.names(firm)
    every = [row.id for row in clients.window(firm, ClientQuery(()), (), 0, 100)]
    columns = ("work", "period", "review", "open_items", "due", "who")
    for text, filters, of in queries(firm):
        told = shown(firm, *of)
        query = ClientQuery(tuple(filters))
        rows = {row.id: row.values for row in clients.window(firm, query, columns, 0, 100)}
        assert (
            rows == {client_id: tuple(values[name] for name in columns) for client_id, values in told.items()}
            or not filters
        )
        for asked in ASKED:
            on = read(asked, names)
            if any(other.field == on.field for other in filters):
                continue
            listed = {row.id for row in clients.window(firm, ClientQuery((*filters, on)), (), 0, 100)}
            (resolved,) = client_filters.asked(firm, ClientQuery((on,))).filters
            wanted = {
                client_id for client_id in (told if filters else every) if holds(told.get(client_id), resolved, names)
            }
            assert listed == wanted, (text, asked)
        if not of[1]:
            query = ClientQuery((*filters, read("period!=2190-04", names)))
            without = set(told if filters else every) - shown(firm, of[0], "2190-04").keys()
            assert {row.id for row in clients.window(firm, query, (), 0, 100)} == without


def place(told: Mapping[int, Shown], field: str, between: list[str], client_id: int) -> Any:
    """By what a client stands in the order of a field; `between` are the states in their order."""
    values = told[client_id]
    if field == "review":
        return ["0", *between, "1"].index(values["state"])
    if field == "work":
        return ["Books review", "Accounts"].index(values["work"])
    if field == "who":
        return fold(values["first"])
    return int(values[field]) if field == "open_items" else values[field]


@pytest.mark.parametrize("few", [2_000, 1], ids=["few alike", "many alike"])
def test_lists_are_sorted_by_work(firm: Session, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    """Whichever way is gone: clients without such work come last in both directions, and a page far down is the same as the list."""
    monkeypatch.setattr(beside_orders, "FEW_ALIKE", few)
    monkeypatch.setattr(walking, "NEAR", 2)
    monkeypatch.setattr(listing, "GLANCE_ROWS", 0)
    for text, _filters, of in queries(firm):
        template, key = of
        told = shown(firm, *of)
        context = [read(part, client_filters.names(firm)) for part in text.split("|") if part]
        for field in ("work", "period", "review", "open_items", "due", "who"):
            for down in (False, True):
                query = ClientQuery(tuple(context), sort=(SortKey(field, down),))
                everyone = [row.id for row in clients.window(firm, ClientQuery(tuple(context)), (), 0, 100)]

                has = [
                    client_id
                    for client_id in everyone
                    if client_id in told and told[client_id]["first" if field == "who" else field]
                ]
                between = ["Ready", "In review"] if template or key.startswith("2190") else ["In review", "Ready"]
                has.sort(key=partial(place, told, field, between), reverse=down)
                wanted = [*has, *(client_id for client_id in everyone if client_id not in has)]
                whole = [row.id for row in clients.window(firm, query, (), 0, 100)]
                assert whole == wanted, (text, field, down)
                assert _page(firm, query, len(wanted) // 2) == wanted[len(wanted) // 2 :][:3], (text, field, down)
                assert clients.position(firm, query, wanted[-1]) == len(wanted) - 1


def _page(session: Session, query: ClientQuery, at: int) -> list[int]:
    with session.engine.writing():
        pass  # no place is remembered
    return [row.id for row in clients.window(session, query, (), at, 3)]
