"""Where a search's words stand in a text: the pieces that are shown as found are those that were found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fold import fold, search_text, words
from clientdesk.domain.search_words import fields_with, fold_with_places, occurs, spans

# Letters that fold to several, to others, to nothing, or to a blank; wide ones; marks of their own.
_ODD = "ßẞŁØıİſœÆﬃ½ﾊﾟ각한Åé\u0301\u0345\u200d\ufe0f´\u00a0\u3000\u2002ςΣΆ①℡日 👩‍👩🇪🇸aA1 -"
TEXTS = st.text(st.sampled_from(_ODD) | st.characters(exclude_categories=["Cs"]), max_size=30)


def found(text: str, *wanted: str, digits: bool = False) -> list[str]:
    return [text[start:end] for start, end in spans(text, wanted, digits=digits)]


@pytest.mark.parametrize(
    ("text", "wanted", "pieces"),
    [
        ("Construcciones Peña SA", ("pena",), ["Peña"]),
        ("Peña y Pen\u0303a", ("pena",), ["Peña", "Pen\u0303a"]),
        ("Straße 7", ("strasse",), ["Straße"]),
        ("Straße 7", ("s7",), []),
        ("Große", ("sse",), ["ße"]),
        ("Müller & Söhne", ("muller", "sohne"), ["Müller", "Söhne"]),
        ("banana", ("ana", "nan"), ["anan"]),
        ("banana", ("an", "na"), ["anana"]),
        ("ŁÓDŹ", ("lodz",), ["ŁÓDŹ"]),
        ("Álvarez", ("a",), ["Á"]),
        ("山田商店", ("田商",), ["田商"]),
        ("Peña", (), []),
    ],
)
def test_the_pieces_that_were_found(text: str, wanted: tuple[str, ...], pieces: list[str]) -> None:
    assert found(text, *wanted) == pieces


def test_a_phone_is_found_by_its_digits() -> None:
    assert found("+34 944 555-626", "4555", digits=True) == ["4 555"]
    assert found("+34 944 555-626", "944", digits=True) == ["944"]
    assert found("+34 944 555-626", "4555") == []


@given(TEXTS)
def test_letter_by_letter_it_folds_to_the_same(text: str) -> None:
    letters, places = fold_with_places(text)
    assert letters == fold(text)
    assert len(places) == len(letters)
    assert list(places) == sorted(places)


@given(TEXTS, st.data())
def test_each_piece_folds_to_something_with_a_word(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded)))
    wanted = folded[start : start + data.draw(st.integers(1, 5))].split()
    pieces = found(text, *wanted)
    assert bool(pieces) == bool(wanted)
    for word in wanted:
        assert any(word in fold(piece) for piece in pieces)
    for piece in pieces:
        assert any(word in fold(piece) for word in wanted)


@given(st.dictionaries(st.sampled_from(["display_name", "email", "phone", "company_id"]), TEXTS), TEXTS)
def test_what_the_search_finds_stands_in_a_field(values: dict[str, str], find: str) -> None:
    client = {**BUILT_IN.empty, **values}
    for word in words(find):
        in_text = word in search_text(client)
        assert (word in fields_with(client, [word])) == in_text


def test_the_first_field_tells_where() -> None:
    client = {"display_name": "Peña", "email": "pena@x.example", "phone": "+34 1"}
    assert fields_with(client, ["pena", "x.ex", "341", "nobody"]) == {
        "pena": "display_name",
        "x.ex": "email",
        "341": "phone",
    }
    assert occurs("Peña", "pen")
