"""What reaches a terminal never steers it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.text import display_lines, display_text, is_control, is_invisible, listed, strip_controls

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


@given(ANY_TEXT)
def test_shown_text_is_one_line_without_controls(text: str) -> None:
    shown = display_text(text)
    assert len(shown) == len(text)
    assert not any(is_control(character) for character in shown)
    assert not any(
        unicodedata.bidirectional(c) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"} for c in shown
    )
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("García", "García"),
        ("\x1b]0;owned\x07", "␛]0;owned␇"),
        ("a\x00b\x7f", "a␀b␡"),
        ("C1 \x9b31m", "C1 �31m"),
        ("two\r\nlines", "two␍␊lines"),
        ("evil\u202eexe.txt", "evil⇄exe.txt"),
        ("zero\u200bwidth", "zero·width"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("Smith [/] Co", "Smith [/] Co"),
        ("\ud800", "�"),
        ("Hangul\u3164filler", "Hangul·filler"),
    ],
)
def test_what_is_shown_for_what(raw: str, shown: str) -> None:
    assert display_text(raw) == shown


def test_notes_keep_their_lines() -> None:
    assert display_lines("one\ntwo\x1b") == "one\ntwo␛"


@given(ANY_TEXT)
def test_typed_text_loses_what_steers_and_nothing_else(text: str) -> None:
    kept = strip_controls(text)
    assert not any(is_control(character) for character in kept)
    assert [c for c in text if not is_control(c) and c in kept] == [c for c in text if c in kept]


@pytest.mark.parametrize("character", ["\u200b", "\u200d", "\ufeff", "\u202e", "\u00ad", "\U000e0041"])
def test_invisible_characters_are_known(character: str) -> None:
    assert is_invisible(character)
    assert not is_invisible("a")


def test_of_many_names_a_hundred_stand_in_a_sentence() -> None:
    names = [f"n{number}" for number in range(1_200)]
    assert listed([]) == ""
    assert listed(names[:100]) == ", ".join(names[:100])
    assert listed(names) == ", ".join([*names[:100], "1,100 more"])
