"""Sentences of problems whose values may be empty: nothing empty is quoted, nothing dangles."""

import pytest

from clientdesk.domain.problems import problem


@pytest.mark.parametrize(
    ("code", "values", "sentence"),
    [
        (
            "name_mismatch",
            {"company_id": "7", "name": "Peña SA", "given": " "},
            "The row gives no display name; the client with the Company ID 7 is called “Peña SA”. Add it.",
        ),
        (
            "bad_mapping",
            {"value": "telefon", "heading": "Tel.", "hint": "It is no field."},
            "This mapping of columns cannot be used, because of “telefon” for the heading “Tel.”. It is no field.",
        ),
        (
            "bad_mapping",
            {"value": "colour", "heading": "", "hint": "A mapping has no part of this name."},
            "This mapping of columns cannot be used, because of “colour”. A mapping has no part of this name.",
        ),
        (
            "bad_mapping",
            {"value": "", "heading": "", "hint": "The file is not JSON."},
            "This mapping of columns cannot be used. The file is not JSON.",
        ),
    ],
)
def test_without_a_value(code: str, values: dict[str, str], sentence: str) -> None:
    assert problem(code, **values).message == sentence
