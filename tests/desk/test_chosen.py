"""Clients chosen by their ids: how they stand, asked in so many statements whatever their number, on each engine."""

from typing import Any

import pytest

from clientdesk.desk import chosen_clients, clients, opening
from clientdesk.desk.records import Standing
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery, clients_where
from clientdesk.domain.selection import Selection, chosen
from tests.store.both import soon

NAMES = ("Íñigo SL", "Álvarez SA", "Peña SL", "Zoë", "Böhm GmbH")


@pytest.fixture
def ids(session: Session) -> dict[str, int]:
    """Five clients by name; Zoë is inactive."""
    made = {name: clients.add(session, {"display_name": name, "lead": "", "email": ""}).id for name in NAMES}
    clients.set_status(session, [made["Zoë"]], False)
    return made


def test_how_they_stand_now(session: Session, ids: dict[str, int]) -> None:
    standing = chosen_clients.standing(session, [*ids.values(), 999_999])
    assert standing.inactive == {ids["Zoë"]}
    assert standing.active == set(ids.values()) - standing.inactive
    assert standing.gone == {999_999}
    assert standing.outside == set()
    assert standing.changing == standing.active
    assert not standing.activates


def test_only_inactive_ones_are_activated(session: Session, ids: dict[str, int]) -> None:
    standing = chosen_clients.standing(session, [ids["Zoë"]])
    assert standing.changing == {ids["Zoë"]}
    assert standing.activates


@pytest.mark.parametrize(
    ("query", "inside"),
    [
        (ClientQuery(), {"Íñigo SL", "Álvarez SA", "Peña SL", "Böhm GmbH"}),
        (ClientQuery().with_value("status", "inactive"), {"Zoë"}),
        (ClientQuery(filters=(), find="sl"), {"Íñigo SL", "Peña SL"}),
        (ClientQuery(filters=(), find="PEN"), {"Peña SL"}),
        (clients_where("lead", ""), set(NAMES)),
        (clients_where("lead", "@me"), set()),
        (clients_where("client_type", "1"), set()),
        (clients_where("billed_to", "firm"), set()),
    ],
)
def test_who_is_outside_a_list(session: Session, ids: dict[str, int], query: ClientQuery, inside: set[str]) -> None:
    everyone = list(ids.values())
    assert chosen_clients.among(session, everyone, query) == {ids[name] for name in inside}
    assert chosen_clients.standing(session, everyone, query).outside == {
        ids[name] for name in ids if name not in inside
    }


def test_a_selection_is_settled_in_the_order_of_its_list(session: Session, ids: dict[str, int]) -> None:
    active = ["Álvarez SA", "Böhm GmbH", "Íñigo SL", "Peña SL"]
    zoe, pena, bohm = ids["Zoë"], ids["Peña SL"], ids["Böhm GmbH"]
    upwards, downwards = ClientQuery(), ClientQuery().sorted_by("display_name", descending=True)
    for selection, names in (
        (Selection(), []),
        (Selection(upwards), active),
        (Selection(downwards), active[::-1]),
        (Selection(upwards, without=frozenset([pena, bohm, 999_999])), ["Álvarez SA", "Íñigo SL"]),
        (Selection(upwards, ids=frozenset([zoe, pena, 999_999])), [*active, "Zoë"]),
        (Selection(upwards, ids=frozenset([zoe]), without=frozenset([zoe])), active),
        (Selection(clients_where("lead", "@me"), ids=frozenset([zoe, bohm])), ["Böhm GmbH", "Zoë"]),
        (chosen(zoe, pena, 999_999), ["Peña SL", "Zoë"]),
        (chosen(zoe)._replace(without=frozenset([zoe])), []),
    ):
        assert chosen_clients.settle(session, selection) == [ids[name] for name in names], selection
        assert chosen_clients.count(session, selection) == len(names), selection


def test_all_but_two_while_a_colleague_works(session: Session, ids: dict[str, int]) -> None:
    """What is settled stays; what is settled later is what matches then."""
    two = frozenset([ids["Peña SL"], ids["Böhm GmbH"]])
    all_but_two = Selection(ClientQuery(), without=two)
    settled = chosen_clients.settle(session, all_but_two)
    with opening.open_firm(session.location, session.login) as colleague:
        added = clients.add(colleague, {"display_name": "Ähnlich", "lead": "", "email": ""}).id
        clients.set_status(colleague, [ids["Íñigo SL"]], False)
        clients.delete(colleague, clients.get(colleague, ids["Álvarez SA"]))
    assert settled == [ids["Álvarez SA"], ids["Íñigo SL"]]
    assert soon(lambda: chosen_clients.settle(session, all_but_two) == [added])
    assert chosen_clients.count(session, all_but_two) == 1
    standing = chosen_clients.standing(session, settled)
    assert standing.gone == {ids["Álvarez SA"]}
    assert standing.inactive == {ids["Íñigo SL"]}


def test_who_is_gone_is_not_outside(session: Session, ids: dict[str, int]) -> None:
    assert chosen_clients.standing(session, [999_999], ClientQuery().with_value("status", "inactive")).outside == set()


def test_the_first_by_name(session: Session, ids: dict[str, int]) -> None:
    everyone = [*ids.values(), 999_999]
    rows = chosen_clients.rows(session, everyone, ("display_name",), 3)
    assert [row.values[0] for row in rows] == ["Álvarez SA", "Böhm GmbH", "Íñigo SL"]
    assert [row.active for row in chosen_clients.rows(session, everyone, ())] == [True, True, True, True, False]


def test_many_thousands_are_asked_about_at_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    everyone = [clients.add(session, {"display_name": "Peña SL"}).id, *range(10_000_000, 10_030_000)]
    asked = []
    execute = session.engine.execute

    def counted(*arguments: Any) -> Any:
        asked.append(arguments[0])
        return execute(*arguments)

    monkeypatch.setattr(session.engine, "execute", counted)
    standing = chosen_clients.standing(session, everyone, ClientQuery(find="pena"))
    assert (len(standing.active), len(standing.gone), len(standing.outside)) == (1, 30_000, 0)
    assert len(asked) == 2


def test_a_mark_more_or_less_is_known_before_it_is_asked(session: Session, ids: dict[str, int]) -> None:
    zoe, pena = ids["Zoë"], ids["Peña SL"]
    standing = chosen_clients.standing(session, [zoe])
    assert standing.toggled(pena, True) == chosen_clients.standing(session, [zoe, pena])
    assert standing.toggled(pena, True).toggled(pena, True) == standing
    assert standing.toggled(zoe, False).ids == set()


def test_the_clients_from_one_to_another(session: Session, ids: dict[str, int]) -> None:
    alvarez, bohm, inigo, pena = (ids[name] for name in ("Álvarez SA", "Böhm GmbH", "Íñigo SL", "Peña SL"))
    for query, one, other, between in (
        (ClientQuery(), bohm, pena, [bohm, inigo, pena]),
        (ClientQuery(), pena, bohm, [bohm, inigo, pena]),
        (ClientQuery().sorted_by("display_name", descending=True), bohm, pena, [pena, inigo, bohm]),
        (ClientQuery(find="sl"), inigo, pena, [inigo, pena]),
        (ClientQuery(), alvarez, alvarez, [alvarez]),
        (ClientQuery(), alvarez, ids["Zoë"], []),
        (ClientQuery(), 999_999, alvarez, []),
    ):
        assert chosen_clients.between(session, query, one, other) == between, query


def test_how_they_stand_is_joined_from_pieces(session: Session, ids: dict[str, int]) -> None:
    everyone, query = [*ids.values(), 999_999], ClientQuery(find="sl")
    pieces = [chosen_clients.standing(session, [client_id], query) for client_id in everyone]
    assert Standing().joined(pieces) == chosen_clients.standing(session, everyone, query)
