"""Search, sorting and identifiers see through case, accents and forms of the same letter."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.domain.fold import fold, number_key, number_sort, words
from clientdesk.text import strip_controls


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Construcciones   Íñigo ", "construcciones inigo"),
        ("Weiß & Söhne", "weiss & sohne"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("İSTANBUL ılık", "istanbul ilik"),
        ("Nguyễn Thị Đào", "nguyen thi dao"),
        ("山田商店", "山田商店"),
        ("ＡＢＣ１２", "abc12"),
        ("Ελένη", "ελενη"),
        ("می\u200cخواهم", "میخواهم"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=40))
def test_fold_is_the_same_for_every_form_and_twice(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(st.text(max_size=40))
def test_the_words_of_a_text_are_found_in_it(text: str) -> None:
    assert all(word in fold(strip_controls(text)) for word in words(text))


def test_words_are_told_once() -> None:
    assert words("  Peña peña  SA ") == ("pena", "sa")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(" C-1 ", "c-1", True), ("ﬁ-1", "FI-1", True), ("Ｃ－１", "C-1", True), ("C-1", "C-01", False), ("ñ", "n", False)],
)
def test_number_key(one: str, other: str, same: bool) -> None:
    assert (number_key(one) == number_key(other)) is same


def test_numbers_sort_as_people_count() -> None:
    numbers = ["C-10", "C-2", "c-1", "B-300", "10", "9"]
    assert sorted(numbers, key=number_sort) == ["9", "10", "B-300", "c-1", "C-2", "C-10"]


def test_a_tab_and_a_line_end_are_blanks_in_find() -> None:
    assert words("constr\tPeña\r\nSA") == ("constr", "pena", "sa")
    assert words("\x1b[31mpe\x07ña") == ("[31mpena",)
