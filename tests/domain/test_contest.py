"""Who may take whose number: swaps, rings, chains, held to a plain search for what can be."""

from hypothesis import given
from hypothesis import strategies as st

from clientdesk.domain.unique_client_numbers import Wish, hopeless


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
def test_the_answer_is_what_stays_when_nothing_changes_any_more(found: list[Wish], leaving: set[int]) -> None:
    refused: set[int] = set()
    while True:
        staying = {wish.client for wish in found if wish.row in refused}
        more = {wish.row for wish in found if wish.holder not in leaving or wish.holder in staying}
        if more == refused:
            break
        refused = more
    assert set(hopeless(found, leaving)) == refused
