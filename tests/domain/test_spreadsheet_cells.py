"""Cells of files: what would be a formula is made text and back, and letters that look like others are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.domain.spreadsheet_cells import formula_like, mixed_script, neutral, restored

FORMULA = "=+-@＝＋－＠"
STARTS = "'" + FORMULA + "\t\r\n aА1"

text_with_starts = st.builds(str.__add__, st.text(STARTS, max_size=5), st.text(max_size=8))


@pytest.mark.parametrize("first", [*FORMULA, "\t", "\r", "\n"])
@pytest.mark.parametrize("quotes", ["", "'", "'''"])
def test_what_a_spreadsheet_would_obey_gets_one_apostrophe(first: str, quotes: str) -> None:
    cell = f"'{quotes}{first}1+1"
    assert neutral(f"{quotes}{first}1+1") == cell
    assert restored(cell) == f"{quotes}{first}1+1"


@pytest.mark.parametrize("text", ["", "'", "''", "a", "'a", "1", "O'Hara", "a=1", " =1", "'’=1", "山", "﹢1"])
def test_all_else_stays(text: str) -> None:
    assert neutral(text) == text
    assert restored(text) == text


@pytest.mark.parametrize(
    "phone", ["+34600123456", "+34 600 12-34", "+1 (912) 345-6789", "+(34)6", "+ 7", "+34\u00a0600"]
)
def test_a_phone_number_stays_as_it_is(phone: str) -> None:
    assert neutral(phone) == phone
    assert restored(phone) == restored(f"'{phone}") == phone
    assert neutral(f"'{phone}") == f"''{phone}"


@pytest.mark.parametrize(
    "text", ["+", "+()", "+34+1", "+34*2", "+34,5", "+34.5", "+34a", "+A1", "+34\n5", "+٣٤", "＋34", "-34", "=34"]
)
def test_what_only_begins_like_a_phone_number_gets_its_apostrophe(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('="00043"', "00043"),
        ('=T("00043")', "00043"),
        ('=t( "00043" )', "00043"),
        (' = "00043" ', "00043"),
        ('="say ""x"""', 'say "x"'),
        ('=""', ""),
        ('="=1+1"', "=1+1"),
        ('="a\nb"', "a\nb"),
        ('\'="00043"', '="00043"'),
    ],
)
def test_what_programs_write_around_digits_is_taken_off(cell: str, text: str) -> None:
    assert restored(cell) == text


@pytest.mark.parametrize(
    "cell", ['="0"&"1"', '="0" "1"', '="0', '=T("0"', "=00043", '"00043"', '=TT("0")', '=T("0","1")', "='0'"]
)
def test_any_other_formula_stays(cell: str) -> None:
    assert restored(cell) == cell


@given(text_with_starts | st.builds('{}="{}"'.format, st.sampled_from(["", "'"]), text_with_starts))
def test_what_is_neutralised_comes_back_whole(text: str) -> None:
    assert restored(neutral(text)) == text


@given(text_with_starts)
def test_a_neutral_cell_begins_no_formula(text: str) -> None:
    cell = neutral(text)
    assert cell in (text, f"'{text}")
    assert not formula_like(cell) or set(cell) <= set("+0123456789 \u00a0()-")
    assert cell[:1] not in {"\t", "\r", "\n"}


def test_formula_like() -> None:
    assert all(formula_like(text) for text in ("=1+1", "+34 600", "-5", "@SUM(A1)", "＝2+2", "－", "＠x", "＋1"))
    assert not any(formula_like(text) for text in ("", "a=1", "'=1", " =1", "—5", "5-", "山"))


@pytest.mark.parametrize(
    "text",
    [
        "С-1001",  # Cyrillic С
        "1001-С",
        "С 1001",
        "СА-1001",
        "ΑΒ12",  # Greek
        "Соmpany",  # Cyrillic С and о
        "Peña & Сo",
        "paypаl",
        "Ё-7",
        "Е\u0308-7",
        "C1С",
    ],
)
def test_letters_that_pass_for_latin_ones_are_told(text: str) -> None:
    assert mixed_script(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "C-1001",
        "Señor Müller 12",
        "Анна",
        "Клиент 12",
        "ООО 5",
        "ООО Ромашка",
        "ООО «Ромашка» С-12",
        "Йогурт-7",
        "Αθήνα 2004",
        "ΑΕ",
        "С",
        "ООО Ромашка Ltd",
        "山田商店 12",
        "山田 Co",
        "مكتبة 12",
        "5 µm",
        "北京-1001",
        "e\u0301\u0301",
    ],
)
def test_whole_words_of_another_script_are_nothing_to_tell(text: str) -> None:
    assert not mixed_script(text)


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    assert mixed_script(text) in (True, False)
    assert formula_like(text) in (True, False)
