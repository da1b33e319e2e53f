"""The catalogue of a firm: built-in fields, its own, its tags, and by which names people mean them."""

import pytest

from clientdesk.domain import filter_text
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fields import Section
from clientdesk.domain.filter_words import Names, in_words
from clientdesk.domain.own_catalogue import catalogue_of
from clientdesk.domain.own_fields import OwnChoice, OwnField, OwnKind, Tag
from clientdesk.domain.own_values import kind_of
from clientdesk.domain.problems import Refused


def own(field_id: int, name: str, kind: OwnKind = OwnKind.TEXT, *, retired: bool = False) -> OwnField:
    choices = (OwnChoice(4, "High", 0, retired=False), OwnChoice(5, "Low", 1, retired=True))
    is_choice = kind is OwnKind.CHOICE
    return OwnField(
        field_id, name, kind, "books", 9, required=False, unique=False, position=0, retired=retired,
        choices=choices if is_choice else (),
    )  # fmt: skip


CATALOGUE = catalogue_of(
    [own(1, "[b] Retainer fee"), own(2, "Risk", OwnKind.CHOICE), own(3, "Old", retired=True)], [Tag(7, "VIP")]
)


def test_a_firm_without_any_has_the_built_in_ones() -> None:
    assert catalogue_of([], []) == BUILT_IN
    assert "tags" not in BUILT_IN.names
    assert BUILT_IN.called("TAGS") is BUILT_IN.tags


def test_own_fields_stand_behind_those_of_their_section() -> None:
    sections = list(Section)
    assert [sections.index(field.section) for field in CATALOGUE.fields] == sorted(
        sections.index(field.section) for field in CATALOGUE.fields
    )
    assert CATALOGUE.names.index("own_1") == CATALOGUE.names.index("primary_admin") + 1
    assert {"own_1", "own_2", "tags"} == set(CATALOGUE.names) - set(BUILT_IN.names)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("client-number", "client_number"),
        ("Número", None),
        ("risk", "own_2"),
        (" [B]  retainer  FEE ", "own_1"),
        ("own_1", "own_1"),
        ("Old", None),
        ("tags", "tags"),
    ],
)
def test_what_people_call_a_field(text: str, name: str | None) -> None:
    field = CATALOGUE.called(text)
    assert (None if field is None else field.name) == name


def test_filters_of_own_fields_as_text_and_in_words() -> None:
    names = Names(CATALOGUE)
    for text, words in (
        ("[b] Retainer fee ~ x", "[b] Retainer fee contains “x”"),
        ("risk=low|high", "Risk is one of Low, High"),
        ("tags!=vip", "Tags is not VIP"),
    ):
        on = filter_text.read(text, names)
        assert in_words(on, names) == words
        assert filter_text.read(filter_text.written(on, names), names) == on
    with pytest.raises(Refused, match=r".") as refused:
        filter_text.read("risk=none", names)
    assert refused.value.message == "Risk has no choice “none”. There are: High, Low."
    retired = CATALOGUE.field("own_3")
    assert (retired.title, CATALOGUE.field("own_99").title) == ("Old", "own_99")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2.5"], OwnKind.NUMBER),
        (["2026-01-01"], OwnKind.DATE),
        (["yes", "No"], OwnKind.YES_NO),
        (["a"], OwnKind.TEXT),
        ([], OwnKind.TEXT),
    ],
)
def test_what_cells_seem_to_be(cells: list[str], kind: OwnKind) -> None:
    assert kind_of(cells) is kind
