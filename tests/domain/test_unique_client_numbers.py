"""Who may take whose number: swaps, rings, chains, held to a plain search for what can be."""

from hypothesis import given
from hypothesis import strategies as st

from clientdesk.domain.unique_client_numbers import Want, Wish, hopeless, without_their_number


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


def test_a_number_goes_to_the_first_that_wants_it_and_only_once_it_is_given_up() -> None:
    swap = {1: Want(10, "a", 11), 2: Want(11, "b", 10)}
    assert without_their_number(swap) == {}
    assert without_their_number({1: Want(10, "a", 11)}) == {1: None}  # 11 keeps it
    assert without_their_number({1: Want(10, "a", 11), 2: Want(11, "", 0), 3: Want(0, "a", 11)}) == {3: 1}
    # Row 2 goes without, so that its client keeps the number that row 3 counted on.
    assert without_their_number({1: Want(10, "a", 0), 2: Want(11, "a", 0), 3: Want(12, "b", 11)}) == {2: 1, 3: None}


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["", "a", "b", "c"])), max_size=7))
def test_in_the_end_no_two_clients_bear_one_number(pairs: list[tuple[int, str]]) -> None:
    bearers = {"a": 1, "b": 2, "c": 3}
    once = {client or -row: (row, number) for row, (client, number) in enumerate(pairs, 1)}
    wants = {row: Want(max(client, 0), number, bearers.get(number, 0)) for client, (row, number) in once.items()}
    refused = without_their_number(wants)
    numbers = {client: number for number, client in bearers.items()}
    numbers |= {client: number for client, (row, number) in once.items() if row not in refused}
    borne = [number for number in numbers.values() if number]
    assert len(borne) == len(set(borne))
