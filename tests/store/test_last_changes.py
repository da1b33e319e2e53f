"""Lists by when clients were changed last, on both engines: filtered and sorted as their history says it."""

import pytest

from clientdesk.desk import clients, views
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery, SortKey
from clientdesk.domain.filters import Filter, Op
from tests.store.both import tamper

LATEST_FIRST = (SortKey("changed", descending=True),)
CHANGED_ON = {"Uno": "2021-03-01", "Dos": "2021-05-31", "Tres": "2021-06-26", "Cuatro": "2021-07-01"}


@pytest.fixture
def firm(session: Session) -> Session:
    """Clients who were changed last on those days; Uno before that, too."""
    for name, day in CHANGED_ON.items():
        added = clients.add(session, {"display_name": name, "city": "Lugo"})
        if name == "Uno":
            _move(session, "2020-12-01")
            clients.edit(session, added, {"city": "Vigo"})
        _move(session, day)
    return session


def _move(session: Session, day: str) -> None:
    """The latest change set is of noon of that day."""
    at = f"{day}T12:00:00.000+00:00"
    tamper(session.location, "change_set", f"UPDATE change_set SET at = '{at}' WHERE id = {session.engine.change_set}")  # noqa: S608


def names(session: Session, *filters: Filter, find: str = "", sort: tuple[SortKey, ...] = LATEST_FIRST) -> list[str]:
    query = ClientQuery(filters, find, sort)
    rows = clients.window(session, query, ("display_name",), 0, 10)
    assert clients.count(session, query) == len(rows)
    assert [clients.position(session, query, row.id) for row in rows] == [*range(len(rows))]
    assert [row.values for row in clients.window(session, query, ("display_name",), 1, 2)] == [
        row.values for row in rows[1:3]
    ]
    return [row.values[0] for row in rows]


def changed(op: Op, *names: str) -> Filter:
    """Compared with the days on which these clients were changed last."""
    return Filter("changed", op, tuple(CHANGED_ON[name] for name in names))


def test_the_latest_change_comes_first(firm: Session) -> None:
    assert names(firm) == ["Cuatro", "Tres", "Dos", "Uno"]
    assert names(firm, sort=(SortKey("changed"),)) == ["Uno", "Dos", "Tres", "Cuatro"]
    assert names(firm, find="o") == ["Cuatro", "Dos", "Uno"]
    by_city = (SortKey("city"), SortKey("changed", descending=True))
    assert names(firm, sort=by_city) == ["Cuatro", "Tres", "Dos", "Uno"]
    by_lead = (SortKey("lead"), SortKey("changed"))
    rows = clients.window(firm, ClientQuery(sort=LATEST_FIRST), ("changed", "display_name", "city"), 0, 3)
    assert [row.values for row in rows] == [
        (CHANGED_ON[name], name, "Vigo" if name == "Uno" else "Lugo") for name in ("Cuatro", "Tres", "Dos")
    ]
    assert names(firm, sort=by_lead) == ["Uno", "Dos", "Tres", "Cuatro"]
    clients.edit(firm, clients.get(firm, clients.window(firm, ClientQuery(find="dos"), (), 0, 1)[0].id), {"city": "A"})
    assert names(firm) == ["Dos", "Cuatro", "Tres", "Uno"]


def test_it_is_compared_by_days(firm: Session) -> None:
    assert names(firm, changed(Op.AFTER, "Dos")) == ["Cuatro", "Tres"]
    assert names(firm, changed(Op.BEFORE, "Dos")) == ["Uno"]
    assert names(firm, changed(Op.BETWEEN, "Dos", "Tres")) == ["Tres", "Dos"]
    assert names(firm, changed(Op.IS, "Tres")) == ["Tres"]
    assert names(firm, changed(Op.IS_NOT, "Tres")) == ["Cuatro", "Dos", "Uno"]
    assert names(firm, changed(Op.ONE_OF, "Tres", "Dos")) == ["Tres", "Dos"]
    assert names(firm, changed(Op.FILLED)) == ["Cuatro", "Tres", "Dos", "Uno"]
    assert names(firm, changed(Op.EMPTY)) == []
    assert names(firm, changed(Op.IS, "Uno"), Filter("city", Op.IS, ("Vigo",))) == ["Uno"]
    assert names(firm, Filter("changed", Op.AFTER, ("9999-12-31",))) == []


def test_the_view_of_those_that_were_changed_recently(firm: Session) -> None:
    for name in ("tres", "cuatro"):
        (row,) = clients.window(firm, ClientQuery(find=name), (), 0, 2)
        clients.edit(firm, clients.get(firm, row.id), {"city": "Vigo"})
    assert names(firm, Filter("changed", Op.AFTER, ("@today-30",))) == ["Cuatro", "Tres"]
    query = views.named(firm, "recently changed").query
    rows = clients.window(firm, query, ("display_name",), 0, 10)
    assert [row.values[0] for row in rows] == ["Cuatro", "Tres"]
