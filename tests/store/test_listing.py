"""The list against a plain model of it: the same clients, in the same order, at the same places."""

import random
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.desk import clients, copying, opening, team
from clientdesk.desk.demo import write_demo
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.fields import BY_NAME, NAMES, Kind
from clientdesk.domain.fold import fold, number_sort, search_text, words
from clientdesk.store import listing
from clientdesk.store.engines import OverBudget
from tests.conftest import ENGINES
from tests.servers import Server
from tests.store.both import on_a_file, soon

Values = dict[str, str]


class Firm(NamedTuple):
    """A firm, and all its clients in memory."""

    session: Session
    everything: dict[int, Values]

    def __repr__(self) -> str:
        return "Firm"


@pytest.fixture(scope="module", params=ENGINES)
def firm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    """A demo firm with some awkward clients, and all of it in memory."""
    location = str(tmp_path_factory.mktemp(request.param) / "demo.db")
    write_demo(location, 240, login="ana")
    if request.param == "postgres":
        server: Server = request.getfixturevalue("server")
        server.login("ana", "primary_admin")
        database = server.create_database()
        with opening.open_firm(location, "ana") as demo:
            copying.copy_firm(demo, server.url(database))
        server.let_in("ana", database)
        location = server.url(database, "ana")
    session = opening.open_firm(location, "ana")
    team.add_member(session, "Zoë Late", "", "zoe", Access.FULL)
    for name in (
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
    ):
        clients.add(session, {"display_name": name, "lead": "Zoë Late" if "x" in name else ""})
    everything = clients.window(session, ClientQuery(status="all"), NAMES, 0, 1000)
    yield Firm(session, {row.id: dict(zip(NAMES, row.values, strict=True)) for row in everything})
    session.close()


def expected(everything: dict[int, Values], query: ClientQuery) -> list[int]:
    def shown(values: Values) -> bool:
        return (
            (query.status in ("all", values["status"]))
            and query.client_type in (None, values["client_type"])
            and query.lead in (None, values["lead"])
            and query.billed_to in (None, values["billed_to"])
            and all(word in search_text(values) for word in words(query.find))
        )

    def key(client_id: int) -> str:
        field, value = BY_NAME[query.sort], everything[client_id][query.sort]
        if query.sort == "client_number":
            return number_sort(value)
        return fold(value) if field.folded or field.kind in (Kind.CLIENT_TYPE, Kind.MEMBER) else value.lower()

    found = [client_id for client_id, values in everything.items() if shown(values)]
    if query.sort == "display_name":
        return sorted(found, key=lambda each: (fold(everything[each]["display_name"]), each), reverse=query.descending)
    if query.sort == "client_number":
        found.sort()
    else:
        found.sort(key=lambda each: (fold(everything[each]["display_name"]), each))
    found.sort(key=key, reverse=query.descending)
    return sorted(found, key=lambda each: not everything[each][query.sort])


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
QUERIES = st.builds(
    ClientQuery,
    client_type=st.sampled_from([None, None, "", "Business", "Trust"]),
    lead=st.sampled_from([None, None, "", "Ana García", "Zoë Late", "Nobody"]),
    status=st.sampled_from(["active", "inactive", "all"]),
    find=FINDS,
    billed_to=st.sampled_from([None, None, "firm", "client"]),
    sort=st.sampled_from(NAMES),
    descending=st.booleans(),
)


@given(query=QUERIES, offset=st.integers(0, 60), limit=st.integers(1, 60))
def test_windows_counts_and_places(firm: Firm, query: ClientQuery, offset: int, limit: int) -> None:
    session, everything = firm
    wanted = expected(everything, query)
    found = clients.window(session, query, ("display_name", query.sort), offset, limit)
    assert [row.id for row in found] == wanted[offset : offset + limit]
    assert all(row.values[1] == everything[row.id][query.sort] for row in found)
    assert clients.count(session, query) == len(wanted)
    for client_id in random.Random(0).sample(sorted(everything), 3):
        place = wanted.index(client_id) if client_id in wanted else None
        assert clients.position(session, query, client_id) == place


@pytest.mark.parametrize("descending", [False, True], ids=["upwards", "downwards"])
def test_every_order_has_blanks_last_and_each_client_at_its_place(firm: Firm, descending: bool) -> None:
    session, everything = firm
    for sort in NAMES:
        query = ClientQuery(sort=sort, descending=descending, status="all")
        wanted = expected(everything, query)
        for limit in (1_000, 20):
            assert [row.id for row in clients.window(session, query, (), 0, limit)] == wanted[:limit], sort
        some = range(0, len(wanted), 16)
        assert [clients.position(session, query, wanted[place]) for place in some] == list(some), sort


@given(find=st.sampled_from(["garcia", "mail.example", "an", "a", "9130", "c-0"]), descending=st.booleans())
def test_many_matches_are_found_the_same_by_every_way(
    firm: Firm, find: str, descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, everything = firm
    query = ClientQuery(find=find, status="all", descending=descending)
    wanted = expected(everything, query)
    with monkeypatch.context() as patch:
        for module in ("sqlite_search", "postgres_search"):
            patch.setattr(f"clientdesk.store.engines.{module}._FEW", 3)
        # By walking the list, by giving that up at once, and with too many matches to be sorted.
        for seconds, most_sorted, glanced in ((10.0, 5_000, 2_000), (0.0, 5_000, 0), (10.0, 0, 10)):
            patch.setattr(listing, "_WALK_SECONDS", seconds)
            patch.setattr(listing, "_SORTED", most_sorted)
            patch.setattr(listing, "_GLANCE_ROWS", glanced)
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


def test_a_list_is_seen_as_others_left_it(firm: Firm) -> None:
    session, _everything = firm
    query = ClientQuery(sort="city", status="all")
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
