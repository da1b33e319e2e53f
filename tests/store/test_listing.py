"""The list against a plain model of it: the same clients, in the same order, at the same places."""

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.desk import clients, opening, team
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import EVERYONE, ClientQuery, SortKey
from clientdesk.store import listing, walking
from clientdesk.store.engines import OverBudget
from tests.conftest import ENGINES
from tests.plain_clients import listed
from tests.store.both import on_a_file, soon
from tests.store.demo_firms import FirmInMemory, demo_firm, in_memory

AWKWARD_NAMES = (
    "100%_sure",
    "a_b",
    "'; DROP TABLE client; --",
    '"quoted"',
    "Ökosan",
    "x",
    "ǅ",
    "Zz",
    "[/] x",
    "🦄 GmbH",
)


@pytest.fixture(scope="module", params=ENGINES)
def firm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirmInMemory]:
    """A demo firm with some awkward clients, and all of it in memory."""
    with demo_firm(request, tmp_path_factory, 240) as session:
        team.add_member(session, "Zoë Late", "", "zoe", Access.FULL)
        for name in AWKWARD_NAMES:
            clients.add(session, {"display_name": name, "lead": "Zoë Late" if "x" in name else ""})
        yield in_memory(session)


FINDS = st.one_of(
    st.sampled_from(
        [
            "",
            "garcia",
            "GARCÍA",
            "c-0001",
            "müller sl",
            "ng",
            "n",
            "山",
            "山田",
            "%",
            "_",
            "'",
            '"',
            "a b",
            "+34",
            "\U0010ffff",
            "\ud7ff",
            "mail",
        ]
    ),
    st.text(max_size=4),
)
VALUES = {
    "client_type": st.sampled_from([None, None, "", "1", "4"]),
    "lead": st.sampled_from([None, None, "", "1", "2", "9999"]),
    "status": st.sampled_from([None, "active", "inactive"]),
    "billed_to": st.sampled_from([None, None, "firm", "client"]),
}
SORTS = st.lists(st.builds(SortKey, st.sampled_from(BUILT_IN.names), st.booleans()), min_size=1, max_size=3).map(tuple)


@given(
    values=st.fixed_dictionaries(VALUES), find=FINDS, sort=SORTS, offset=st.integers(0, 60), limit=st.integers(1, 60)
)
def test_windows_counts_and_places(
    firm: FirmInMemory, values: dict[str, str | None], find: str, sort: tuple[SortKey, ...], offset: int, limit: int
) -> None:
    session, everything, names = firm
    query = ClientQuery((), find, sort)
    for field, value in values.items():
        query = query.with_value(field, value)
    wanted = listed(everything, query, names)
    window = clients.window(session, query, ("display_name", query.sort_field), offset, limit)
    assert [row.id for row in window] == wanted[offset : offset + limit]
    assert all(row.values[1] == everything[row.id][query.sort_field] for row in window)
    assert clients.count(session, query) == len(wanted)
    for client_id in random.Random(0).sample(sorted(everything), 3):
        place = wanted.index(client_id) if client_id in wanted else None
        assert clients.position(session, query, client_id) == place


@pytest.mark.thorough("many")
@pytest.mark.parametrize("descending", [False, True], ids=["upwards", "downwards"])
def test_every_order_has_blanks_last_and_each_client_at_its_place(firm: FirmInMemory, descending: bool) -> None:
    session, everything, names = firm
    for sort in BUILT_IN.names:
        query = EVERYONE.sorted_by(sort, descending)
        wanted = listed(everything, query, names)
        for limit in (1_000, 20):
            assert [row.id for row in clients.window(session, query, (), 0, limit)] == wanted[:limit], sort
        some = range(0, len(wanted), 16)
        assert [clients.position(session, query, wanted[place]) for place in some] == list(some), sort


@given(
    sort=SORTS,
    status=st.sampled_from([None, "active"]),
    lead=st.sampled_from([None, None, "1"]),
    find=st.sampled_from(["", "", "an", "a"]),
    pages=st.lists(st.tuples(st.integers(0, 260), st.integers(1, 30)), min_size=2, max_size=8),
    passed_over=st.sampled_from([0, 7]),
)
def test_a_page_is_the_same_from_whichever_place_the_walk_to_it_begins(
    firm: FirmInMemory,
    sort: tuple[SortKey, ...],
    status: str | None,
    lead: str | None,
    find: str,
    pages: list[tuple[int, int]],
    passed_over: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session, everything, names = firm
    query = ClientQuery((), find, sort).with_value("status", status).with_value("lead", lead)
    wanted = listed(everything, query, names)
    with monkeypatch.context() as patch:
        patch.setattr(walking, "NEAR", passed_over)  # so that ends, and the pages read before, are begun from
        for module in ("sqlite_search", "postgres_search"):
            patch.setattr(f"clientdesk.store.engines.{module}.FEW", 3)
        patch.setattr(listing, "SORTED_AT_ONCE", 0)
        patch.setattr(listing, "GLANCE_ROWS", 0)
        forget(session)
        for offset, limit in pages:
            window = clients.window(session, query, (), offset, limit)
            assert [row.id for row in window] == wanted[offset : offset + limit]


@pytest.mark.parametrize("descending", [False, True], ids=["upwards", "downwards"])
def test_on_the_way_to_a_page_nobody_is_asked_again_for_a_letter_that_most_have(
    firm: FirmInMemory, descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, everything, names = firm
    monkeypatch.setattr(walking, "NEAR", 0)
    monkeypatch.setattr(listing, "GLANCE_ROWS", 0)
    for module in ("sqlite_search", "postgres_search"):
        monkeypatch.setattr(f"clientdesk.store.engines.{module}.FEW", 3)
    monkeypatch.setattr("clientdesk.store.engines.sqlite_search.MOST_TERMS", 3)  # as if there were many clients
    asked = list[str]()
    execute_sql: Callable[..., Any] = session.engine.db.execute_sql

    def noting(sql: str, parameters: Sequence[Any] = ()) -> Any:
        asked.append(sql)
        return execute_sql(sql, parameters)

    monkeypatch.setattr(session.engine.db, "execute_sql", noting)
    for sort in ("display_name", "city", "fiscal_year_end", "lead"):
        query = ClientQuery(find="e").sorted_by(sort, descending)
        wanted = listed(everything, query, names)
        place = len(wanted) // 2
        forget(session)
        asked.clear()
        assert clients.count(session, query) == len(wanted) > len(everything) / 2
        assert [row.id for row in clients.window(session, query, (), place, 20)] == wanted[place : place + 20]
        assert clients.position(session, query, wanted[place]) == place
        through_all = [sql for sql in asked if "search_text" in sql and '"id" = ' not in sql]
        assert len(through_all) == 1, through_all


@given(find=st.sampled_from(["garcia", "mail.example", "an", "a", "9130", "c-0"]), descending=st.booleans())
def test_many_matches_are_found_the_same_by_every_way(
    firm: FirmInMemory, find: str, descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, everything, names = firm
    query = ClientQuery((), find).sorted_by("display_name", descending)
    wanted = listed(everything, query, names)
    with monkeypatch.context() as patch:
        for module in ("sqlite_search", "postgres_search"):
            patch.setattr(f"clientdesk.store.engines.{module}.FEW", 3)
        # By walking the list, by giving that up at once, and with too many matches to be sorted.
        for seconds, most_sorted, glanced in ((10.0, 5_000, 2_000), (0.0, 5_000, 0), (10.0, 0, 10)):
            patch.setattr(listing, "WALK_SECONDS", seconds)
            patch.setattr(listing, "SORTED_AT_ONCE", most_sorted)
            patch.setattr(listing, "GLANCE_ROWS", glanced)
            forget(session)
            assert [row.id for row in clients.window(session, query, (), 0, 50)] == wanted[:50]
            assert [row.id for row in clients.window(session, query, (), 20, 50)] == wanted[20:70]
            assert clients.count(session, query) == len(wanted)
            for place in range(0, len(wanted), 20):
                assert clients.position(session, query, wanted[place]) == place
    forget(session)


def forget(session: Session) -> None:
    """Makes the engine look everything up again."""
    with session.engine.writing():
        pass


@on_a_file
def test_a_read_stops_when_its_time_is_over(session: Session) -> None:
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(OverBudget), session.engine.budget(0.01):
        session.engine.sql(slow).fetchone()
    assert clients.totals(session).all == 0


def test_a_list_is_seen_as_others_left_it(firm: FirmInMemory) -> None:
    session = firm.session
    query = EVERYONE.sorted_by("city")
    before = [row.id for row in clients.window(session, query, (), 100, 100)]

    def shows(from_row: int) -> bool:
        return [row.id for row in clients.window(session, query, (), from_row, 200 - from_row)] == before[
            : 200 - from_row
        ]

    with opening.open_firm(session.location, "ana") as other:
        added = clients.add(other, {"display_name": "Passing", "city": "Aachen"})
        assert soon(lambda: shows(101))
        clients.delete(other, added)
        assert soon(lambda: shows(100))
        moved = clients.add(other, {"display_name": "Late", "city": "Aachen"})
        assert soon(lambda: shows(101))
        clients.delete(other, moved)
        assert soon(lambda: shows(100))
