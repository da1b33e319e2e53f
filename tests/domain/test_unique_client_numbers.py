"""Who may take whose number: swaps, rings, chains, held to a plain search for what can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.domain.unique_client_numbers import Claim, Wish, hopeless, refused_claims


def test_two_that_swap_and_a_ring_are_fine() -> None:
    assert hopeless([Wish(1, 10, 11), Wish(2, 11, 10)], {10, 11}) == {}
    assert hopeless([Wish(1, 10, 11), Wish(2, 11, 12), Wish(3, 12, 10)], {10, 11, 12}) == {}


def test_whoever_counts_on_one_who_stays_is_refused_too() -> None:
    ring = [Wish(1, 10, 11), Wish(2, 11, 12), Wish(3, 12, 10)]
    assert set(hopeless(ring, {10, 11})) == {1, 2, 3}
    assert set(hopeless([Wish(1, 10, 11), Wish(2, 11, 12)], {10, 11})) == {1, 2}
    assert set(hopeless([Wish(1, 0, 11), Wish(2, 11, 12)], {11, 12})) == set()
    assert set(hopeless([Wish(1, 0, 11)], set())) == {1}


wishes = st.lists(st.tuples(st.integers(0, 6), st.integers(1, 6)), max_size=8).map(
    lambda pairs: [Wish(row, client, holder) for row, (client, holder) in enumerate(pairs, 1) if client != holder]
)


@given(wishes, st.sets(st.integers(1, 6)))
def test_the_answer_is_what_stays_when_nothing_changes_any_more(wishes: list[Wish], leaving: set[int]) -> None:
    refused: set[int] = set()
    while True:
        staying = {wish.client for wish in wishes if wish.row in refused}
        more = {wish.row for wish in wishes if wish.holder not in leaving or wish.holder in staying}
        if more == refused:
            break
        refused = more
    assert set(hopeless(wishes, leaving)) == refused


@pytest.mark.parametrize(
    ("claims", "refused"),
    [
        ([(1, 1, "B"), (2, 2, "a")], {}),  # a swap
        ([(1, 1, "B"), (2, 2, "")], {}),  # given up
        ([(1, 1, " b ")], {1: "Two"}),  # the same number in another case
        ([(1, 0, "x"), (2, 0, "X")], {2: "Client 0"}),  # the first gets it
        ([(1, 1, "b"), (2, 2, "c"), (3, 4, "a")], {1: "Two", 2: "Three", 3: "One"}),  # who keeps its number keeps it
        ([(1, 0, ""), (2, 0, "")], {}),  # none is no number
    ],
)
def test_a_number_goes_to_the_first_that_claims_it_once_it_is_given_up(
    claims: list[tuple[int, int, str]], refused: dict[int, str]
) -> None:
    holders = {"a": (1, "One"), "b": (2, "Two"), "c": (3, "Three")}
    wanted = [Claim(row, client, f"Client {client}", number) for row, client, number in claims]
    problems = refused_claims(wanted, holders)
    assert {row: wrong.values["holder"] for row, wrong in problems.items()} == refused


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["", "a", "b", "c"])), max_size=7))
def test_in_the_end_no_two_clients_bear_one_number(pairs: list[tuple[int, str]]) -> None:
    bearers = {"a": (1, "One"), "b": (2, "Two"), "c": (3, "Three")}
    once = {client or -row: (row, number) for row, (client, number) in enumerate(pairs, 1)}
    claims = [Claim(row, max(client, 0), str(client), number) for client, (row, number) in once.items()]
    refused = refused_claims(claims, bearers)
    numbers = {client: number for number, (client, _name) in bearers.items()}
    numbers |= {client: number for client, (row, number) in once.items() if row not in refused}
    borne = [number for number in numbers.values() if number]
    assert len(borne) == len(set(borne))
