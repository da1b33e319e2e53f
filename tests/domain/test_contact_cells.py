"""What stands beside an address or a number in a cell."""

import pytest

from clientdesk.domain.contact_cells import NOTHING, Beside, says_nothing, the_email, the_phone
from clientdesk.domain.year_end import readings


def test_a_date_never_says_nothing() -> None:
    cells = [*NOTHING, *(f"({word})" for word in NOTHING), "", "-", "--", "- / -", "?"]
    assert all(says_nothing(word) for word in cells)
    assert [word for word in cells if readings(word)] == []


@pytest.mark.parametrize(
    ("cell", "beside"),
    [
        ("F 910000000 T 912345678", Beside("912345678", "F 910000000")),
        ("F. 910000000 / T. 912345678", Beside("912345678", "F 910000000")),
        ("Tel 912345678 F 910000000", Beside("912345678", "F 910000000")),
        ("Work: 912345678 Mobile: 600111222 Fax: 91", Beside("912345678", "Fax 91", "600111222")),
        ("T. 912345678 M. 600111222", Beside("912345678", "", "600111222")),
    ],
)
def test_a_label_belongs_to_the_number_after_it(cell: str, beside: Beside) -> None:
    assert the_phone(cell) == beside


@pytest.mark.parametrize(
    ("cell", "beside"),
    [
        ('"Ríos, Ana" <a@x.example>; Luis <l@x.example>', Beside("a@x.example", "Ríos, Ana, Luis <l@x.example>")),
        ("* a@x.example", Beside("a@x.example")),
        ("*a@x.example", Beside("a@x.example")),
        ("a@x.example (Ana)", Beside("a@x.example", "Ana")),
    ],
)
def test_what_is_left_out_of_an_address_is_whole(cell: str, beside: Beside) -> None:
    assert the_email(cell) == beside
