"""The list goes along indexes: what the databases say of how they go through each of its queries.

A small table is best read whole; a server is told not to, so that its plan says whether it can do without.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import pytest

from clientdesk.desk import clients, own_fields
from clientdesk.desk.session import Session
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import EVERYONE, ClientQuery, SortKey
from clientdesk.domain.fields import Kind
from clientdesk.domain.filters import Filter, Op
from clientdesk.domain.near_names import NearName
from clientdesk.domain.own_fields import OwnKind
from clientdesk.store import beside_orders, listing, missing_clients, walking
from tests.conftest import ENGINES
from tests.desk.test_work_renewal import add_template
from tests.store.both import on_server
from tests.store.demo_firms import demo_firm

CLIENTS = 120


@pytest.fixture(scope="module", params=ENGINES)
def firm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A demo firm, two thirds of whose clients have something in two own fields."""
    with demo_firm(request, tmp_path_factory, CLIENTS) as session:
        text = own_fields.add_field(session, "Sector", OwnKind.TEXT)
        choice = own_fields.add_field(session, "Rank", OwnKind.CHOICE, choices=("High", "Low"))
        for number, row in enumerate(clients.window(session, EVERYONE, (), 0, CLIENTS)[: CLIENTS * 2 // 3]):
            values = {f"own_{text.id}": f"Sector {number % 7}", f"own_{choice.id}": ("High", "Low")[number % 2]}
            clients.edit(session, clients.get(session, row.id), values)
        yield session


def plans(session: Session, patch: pytest.MonkeyPatch, *reads: Callable[[], object]) -> Iterator[tuple[str, str]]:
    """Each statement on clients that is run, and how the database goes through it."""
    run: dict[str, Sequence[Any]] = {}
    execute_sql: Callable[..., Any] = session.engine.db.execute_sql

    def noting(sql: str, parameters: Sequence[Any] = ()) -> Any:
        run.setdefault(sql, parameters)
        return execute_sql(sql, parameters)

    with patch.context() as only_now:
        only_now.setattr(session.engine.db, "execute_sql", noting)
        for read in reads:
            read()
    served = on_server(session.location)
    with session.engine.reading():
        for way in ("seqscan", "sort", "hashagg") if served else ():
            execute_sql(f"SET LOCAL enable_{way} = off")
        for sql, parameters in run.items():
            if '"client" AS "t1"' in sql or '"client_own" AS "t1"' in sql:
                plan_lines = execute_sql(f"EXPLAIN {'' if served else 'QUERY PLAN '}{sql}", parameters).fetchall()
                yield sql, "\n".join(row[-1] for row in plan_lines)


BY_ID = "INTEGER PRIMARY KEY"
"""How a file says that it reads a client."""


def stray(sql: str, plan: str) -> list[str]:
    """The lines of a plan that go through all clients as they lie, or put more of a list in order than those that are
    alike in its first key."""
    if "One-Time Filter: false" in plan:
        return []
    # Where a search finds many they are counted, and no less, along an index with a look at each.
    index = "(COVERING )?INDEX" if "COUNT(" in sql and "GLOB" in sql else "COVERING INDEX"
    # What an index of the search has found, or the ids themselves, and no more is sorted.
    a_few = re.search(rf"{BY_ID}|= ANY|Bitmap Index Scan on client_(pairs|search)", plan) is not None
    return [
        line
        for line in plan.splitlines()
        if re.search(rf"Seq Scan on client(_own)?\b|SCAN (t1|client)\b(?! USING {index})", line)
        or (re.search(r"(?<!Incremental )Sort  \(|TEMP B-TREE FOR (ORDER|GROUP) BY", line) and not a_few)
    ]


def pages_and_places(session: Session, query: ClientQuery) -> Iterator[Callable[[], object]]:
    """Reads what keys and jumps ask for: the first page, the next one, the last, one before it, one far from all, the
    count, and where a client stands."""

    def window(offset: int) -> Callable[[], object]:
        return lambda: clients.window(session, query, BUILT_IN.first_columns, offset, 5)

    count = clients.count(session, query)
    yield from (window(max(0, offset)) for offset in (0, 5, count - 5, count - 10, count // 2))
    yield lambda: clients.count(session, query)
    for row in clients.window(session, query, (), 0, CLIENTS)[:: CLIENTS // 3]:
        yield lambda client_id=row.id: clients.position(session, query, client_id)  # type: ignore[misc]


def forget(session: Session) -> None:
    """Makes the engine look everything up again."""
    with session.engine.writing():
        pass


LED = Filter("lead", Op.IS, ("1",))
LISTS = {
    "active": ClientQuery(),
    "everyone": EVERYONE,
    "inactive": EVERYONE.with_value("status", "inactive"),
    "a type": EVERYONE.with_value("client_type", "1"),
    "no lead": EVERYONE.with_value("lead", ""),
    "active, with a lead": ClientQuery().with_filter(LED),
    "on the plan": EVERYONE.with_value("billed_to", "firm"),
    "in a city": EVERYONE.with_value("city", "Madrid"),
}


@pytest.mark.thorough("many")
@pytest.mark.parametrize(
    "name", [name if name == "active" else pytest.param(name, marks=pytest.mark.long("many")) for name in LISTS]
)
@pytest.mark.parametrize("descending", [False, True], ids=["upwards", "downwards"])
def test_every_order_goes_along_an_index(
    firm: Session, monkeypatch: pytest.MonkeyPatch, name: str, descending: bool
) -> None:
    monkeypatch.setattr(walking, "NEAR", 0)
    sorts = [(SortKey(field, descending),) for field in BUILT_IN.names]
    for sort in [*sorts, (SortKey("client_type", descending), SortKey("city"))] if name == "active" else sorts:
        query = LISTS[name]._replace(sort=sort)
        reads = list(pages_and_places(firm, query))
        forget(firm)
        for sql, plan in plans(firm, monkeypatch, *reads):
            assert not stray(sql, plan), f"{sort}\n{sql}\n{plan}"


@pytest.fixture(scope="module")
def with_work(firm: Session) -> Session:
    """The same firm with a template of work, which applies to all clients."""
    add_template(firm, "Books review", begins="2020-01")
    return firm


@pytest.mark.parametrize("descending", [False, True], ids=["upwards", "downwards"])
def test_lists_by_work_go_along_its_indexes(
    with_work: Session, monkeypatch: pytest.MonkeyPatch, descending: bool
) -> None:
    """A page and a place, of what is due first and of a template: nobody is gone through who is not near it."""
    (template_id,) = with_work.catalogue.templates
    of_template = ClientQuery().with_filter(Filter("work", Op.IS, (str(template_id),)))
    for query in (ClientQuery(), of_template):
        for field in ("due", "review", "open_items", "who"):
            by_field = query.sorted_by(field, descending)
            read = partial(clients.window, with_work, by_field, ("display_name", field), 0, 5)
            forget(with_work)
            for sql, plan in plans(with_work, monkeypatch, read):
                assert not stray(sql, plan), f"{by_field}\n{sql}\n{plan}"
                assert not re.search(r"Seq Scan on client_work|SCAN (t\d|client_work)\b(?! USING)", plan), (
                    f"{sql}\n{plan}"
                )


@pytest.mark.parametrize("descending", [False, True], ids=["upwards", "downwards"])
def test_far_pages_by_an_own_field_go_along_its_index_alone(
    firm: Session, monkeypatch: pytest.MonkeyPatch, descending: bool
) -> None:
    """A way to a page, or to a place, passes no client over by reading it."""
    monkeypatch.setattr(walking, "NEAR", 0)
    monkeypatch.setattr(beside_orders, "FEW_ALIKE", 3)
    for name in (field.name for field in firm.catalogue.own.values() if field.kind is not Kind.TAGS):
        for query in (EVERYONE, EVERYONE.with_value("status", "active"), EVERYONE.with_filter(LED)):
            by_field = query.sorted_by(name, descending)
            read = partial(clients.window, firm, by_field, (), clients.count(firm, by_field) // 9, 1)
            forget(firm)
            ways = [plan for sql, plan in plans(firm, monkeypatch, read) if "OFFSET" in sql]
            assert ways, by_field
            for plan in ways:
                assert not re.search(rf"Seq Scan|(Index|Heap) Scan.* t1\b|Sort|B-TREE|{BY_ID}", plan), plan


@pytest.mark.parametrize("find", ["ga", "an", "garcia", "mail.example", "zq", "山田", "garcia an"])
@pytest.mark.parametrize("few", [2_000, 3], ids=["few", "many"])
def test_every_search_is_answered_by_an_index(
    firm: Session, monkeypatch: pytest.MonkeyPatch, find: str, few: int
) -> None:
    for module in ("sqlite_search", "postgres_search"):
        monkeypatch.setattr(f"clientdesk.store.engines.{module}.FEW", few)
    monkeypatch.setattr(listing, "SORTED_AT_ONCE", few)
    monkeypatch.setattr(listing, "GLANCE_ROWS", 0)
    for field in ("display_name", "client_number", "city", "lead"):
        query = ClientQuery(find=find).sorted_by(field)
        reads = list(pages_and_places(firm, query))
        forget(firm)
        for sql, plan in plans(firm, monkeypatch, *reads):
            assert not stray(sql, plan), f"{field}\n{sql}\n{plan}"


def test_two_letters_have_an_index(firm: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "GLANCE_ROWS", 0)
    forget(firm)
    plan_lines = list(plans(firm, monkeypatch, lambda: clients.window(firm, ClientQuery(find="zq"), (), 0, 20)))
    if on_server(firm.location):
        assert any("client_pairs" in plan for _sql, plan in plan_lines), plan_lines
    for sql, plan in plan_lines:
        assert not stray(sql, plan), f"{sql}\n{plan}"


@pytest.mark.parametrize("text", ["garzia", "peta", "jhon smtih", "C-000441", "山田商会", "zubizareta etxebaria"])
def test_what_is_missing_is_looked_for_along_indexes(firm: Session, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    name = NearName(text)
    reads = (
        lambda: missing_clients.near_by_name(firm.engine, name),
        lambda: missing_clients.near_by_number(firm.engine, text),
    )
    for sql, plan in plans(firm, monkeypatch, *reads):
        assert not stray(sql, plan), f"{sql}\n{plan}"
