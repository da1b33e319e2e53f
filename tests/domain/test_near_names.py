"""How near names and numbers are: slips are counted as in the textbook, and every near name has a piece in common."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.domain.company_forms import words_of
from clientdesk.domain.fold import fold, number_key
from clientdesk.domain.near_names import NearName, Nearness, allowed, distances, near_numbers

WORDS = st.text("abcñ", max_size=7)


def slips(word: str, other: str) -> int:
    """The optimal string alignment, cell by cell, with nothing left out."""
    table = [[0] * (len(other) + 1) for _ in range(len(word) + 1)]
    for row in range(len(word) + 1):
        for column in range(len(other) + 1):
            if not row or not column:
                table[row][column] = row + column
                continue
            last, other_last = word[row - 1], other[column - 1]
            cost = min(
                table[row - 1][column] + 1,
                table[row][column - 1] + 1,
                table[row - 1][column - 1] + (last != other_last),
            )
            if row > 1 and column > 1 and last == other[column - 2] and word[row - 2] == other_last:
                cost = min(cost, table[row - 2][column - 2] + 1)
            table[row][column] = cost
    return table[-1][-1]


@given(WORDS, WORDS, st.integers(0, 3))
def test_slips_are_counted_up_to_the_most_that_are_wanted(word: str, other: str, most: int) -> None:
    assert distances(word, other, most).whole == min(slips(word, other), most + 1)
    beginnings = [other[:end] for end in range(len(other) + 1)]
    assert distances(word, other, most).beginning == min(most + 1, *(slips(word, part) for part in beginnings))
    assert distances(word, other, most).whole == distances(other, word, most).whole


def one_slip(draw: st.DrawFn, word: str) -> str:
    at = draw(st.integers(0, len(word) - 2))
    letter = draw(st.sampled_from("abcdefg"))
    return draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
    )


@st.composite
def mistyped(draw: st.DrawFn) -> tuple[str, str]:
    """A word, and the same with a slip in it."""
    word = draw(st.text("abcdefg", min_size=5, max_size=14))
    return word, one_slip(draw, word)


@given(mistyped())
def test_a_word_with_a_slip_is_near_and_has_a_piece_of_it(words: tuple[str, str]) -> None:
    right, typed = words
    name = NearName(typed)
    if not words_of(typed) or len(typed) < 4:
        return
    nearness = name.nearness(right)
    assert nearness is not None
    assert nearness.slips <= 1
    text = f" {right}  "
    assert any(piece in text for piece in name.pieces[0]) or right.startswith(name.beginnings or ("\0",))


@pytest.mark.parametrize(
    ("typed", "name", "nearness"),
    [
        ("Peña Ltd", "Peña S.A.", Nearness(0, 0)),
        ("Pena Construcciones", "Construcciones Peña", Nearness(0, 0)),
        ("Construc", "Construcciones Peña SL", Nearness(0, 10)),
        ("Cosntruc", "Construcciones Peña SL", Nearness(1, 10)),
        ("datasoft", "Data Soft SL", Nearness(0, 0)),
        ("Garzía", "García y Asociados", Nearness(1, 9)),
        ("Sociedad Anonima Peta", "Peña", None),
        ("山田商会", "株式会社山田商店", Nearness(1, 0)),
        ("Ana", "Eva", None),
        ("Garaje 24", "Garaje 42", None),
        ("", "Peña", None),
    ],
)
def test_names(typed: str, name: str, nearness: Nearness | None) -> None:
    assert NearName(typed).nearness(fold(name)) == nearness


def test_longer_words_may_have_more_slips() -> None:
    assert [allowed("a" * length) for length in (3, 4, 8, 9)] == [0, 1, 1, 2]


@given(st.text("0123456789abcdef-/. ", min_size=2, max_size=12).filter(lambda text: any(map(str.isdigit, text))))
def test_near_numbers_are_those_of_one_slip(typed: str) -> None:
    key = number_key(typed)
    near = near_numbers(typed)
    assert key not in near
    for at, (one, two) in enumerate(pairwise(key)):
        swapped = number_key(key[:at] + two + one + key[at + 2 :])
        assert swapped in near | {key, ""}
    assert number_key(key[:-1]) in near | {key, ""}
    assert number_key(key + "7") in near


def test_what_is_no_number_has_no_near_ones() -> None:
    assert near_numbers("Peña") == near_numbers("") == near_numbers("1" * 300) == frozenset()
