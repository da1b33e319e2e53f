"""Of a few names a sentence tells all, of many those that are most like what was typed."""

from clientdesk.domain.likely_names import likely_names


def test_a_few_names_are_told_as_they_are() -> None:
    assert likely_names("citty", ["city", "phone"]) == "city, phone"


def test_of_many_names_the_likely_ones_are_told_and_how_many_there_are() -> None:
    names = [*(f"Own field {number}" for number in range(60)), "City"]
    assert likely_names("citty", names) == "City … (61 in all)"
    assert likely_names("qqq", names).startswith("Own field 0, Own field 1, ")
    assert likely_names("qqq", names).endswith(" … (61 in all)")
