"""Uploads of client numbers row by row: every reason, and their order."""

import pytest

from clientdesk.desk.session import Session
from clientdesk.domain.judged_row import Counts
from tests.exchange.conftest import Planned, on_a_file
from tests.exchange.firms import PEOPLE, changed, numbers_of, reasons, row

# --- one row by itself

ONE: dict[str, tuple[list[str], str]] = {
    "too few": (["1", "Client 1"], "too_few_fields"),
    "too many": (["1", "Client 1", "X", "more"], "too_many_fields"),
    "too many, one empty between": (["1", "Client 1", "X", "", "more"], "too_many_fields"),
    "a cell with a tab in the number": (row("1", "X\t1"), "control_character"),
    "an escape in the name": (row("1", "X", "Client\x1b[2J 1"), "control_character"),
    "a C1 in the ID": (["1\x9b", "Client 1", "X"], "control_character"),
    "DEL": (row("1", "X\x7f"), "control_character"),
    "a line separator": (row("1", "X\u2028Y"), "control_character"),
    "a paragraph separator in the name": (row("1", "X", "Client\u20291"), "control_character"),
    "a newline in the number": (row("1", "X\nY"), "control_character"),
    "no ID": (["", "Client 1", "X"], "empty_company_id"),
    "an ID of spaces": (["\u00a0 \u3000", "Client 1", "X"], "empty_company_id"),
    "an unknown ID": (["999", "Client 1", "X"], "unknown_company_id"),
    "an ID without its zeros": (["24", PEOPLE["0024"][0], "X"], "unknown_company_id"),
    "an ID with more zeros": (["01", "Client 1", "X"], "unknown_company_id"),
    "a cut ID": (["9.13E+15", "Client 1", "X"], "unknown_company_id"),
    "full-width digits are another ID": (["１", "Client 1", "X"], "unknown_company_id"),
    "an invisible character in the ID": (["1\u200b", "Client 1", "X"], "unknown_company_id"),
    "an invisible character in the number": (row("1", "X\u200b"), "invisible_character"),
    "a bidi override in the number": (row("1", "X\u202e1"), "invisible_character"),
    "a joiner in the number": (row("1", "X\u200d1"), "invisible_character"),
    "another name": (row("1", "X", "Client 2"), "name_mismatch"),
    "another case": (row("1", "X", "client 1"), "name_mismatch"),
    "no name": (row("1", "X", ""), "name_mismatch"),
    "a compatible name is not the same": (row("1", "X", "Client １"), "name_mismatch"),
    "an invisible character in the name": (row("1", "X", "Client\u200b 1"), "name_mismatch"),
    "no number": (row("1", ""), "empty_client_number"),
    "a number of spaces": (row("1", " \u00a0 "), "empty_client_number"),
    "101 characters": (row("1", "x" * 101), "number_too_long"),
    "101 emoji": (row("1", "🥐" * 101), "number_too_long"),
    "taken": (row("1", "N-2"), "number_taken"),
    "taken, in another case": (row("1", "n-2"), "number_taken"),
    "taken, in full-width letters": (row("1", "Ｎ－２"), "number_taken"),
    "taken by an inactive client": (row("1", "N-8"), "number_taken"),
    # the order of the reasons
    "cells before everything": (["", "\x1b"], "too_few_fields"),
    "control characters before the missing ID": (["", "x\x07", ""], "control_character"),
    "the missing ID before the number": (["", "Client 1", "x" * 101], "empty_company_id"),
    "the unknown ID before the number's characters": (["999", "Client 1", "X\u200b"], "unknown_company_id"),
    "invisible characters before the name": (row("1", "X\u200b", "Client 2"), "invisible_character"),
    "the name before the missing number": (row("1", "", "Client 2"), "name_mismatch"),
    "the name before the length": (row("1", "x" * 101, "Client 2"), "name_mismatch"),
    "the length before who has it": (row("1", "x" * 101), "number_too_long"),
}


@on_a_file
@pytest.mark.parametrize("name", ONE)
def test_a_row_that_is_refused_stops_no_other(name: str, office: Session, planned: Planned) -> None:
    wrong, code = ONE[name]
    job = planned(row("20", "first"), wrong, row("21", "last"))
    assert reasons(job) == {3: code}
    assert job.apply(office) == Counts(3, changed=2, refused=1)
    assert changed(office) == {"20": "first", "21": "last"}
    (refused,) = job.refusals()
    assert refused.problem is not None
    assert "\x1b" not in refused.problem.message
    assert refused.cells == tuple(wrong)


def test_all_of_them_in_one_upload(office: Session, planned: Planned) -> None:
    # Of the rows that only want another client's number one is enough: several would be about one client.
    wrong = [ONE[name] for name in ONE if ONE[name][1] != "number_taken" or name == "taken"]
    job = planned(*(given for given, _code in wrong), row("20", "Z"))
    assert list(reasons(job).values()) == [code for _given, code in wrong]
    assert job.apply(office) == Counts(len(wrong) + 1, changed=1, refused=len(wrong))
    assert changed(office) == {"20": "Z"}


FINE: dict[str, tuple[list[str], str, tuple[str, ...]]] = {
    "100 characters": (row("1", "x" * 100), "x" * 100, ()),
    "100 letters of two code points": (row("1", "e\u0301" * 100), "\u00e9" * 100, ()),
    "spaces around": (row("1", "  X  1 "), "X 1", ()),
    "a joiner in a Persian name": (row("22", "X"), "X", ()),
    "an emoji family": (row("0024", "007"), "007", ()),
    "a date that is none": (row("1", "1-2"), "1-2", ()),
    "a formula": (row("1", "=1+1"), "=1+1", ("formula_like",)),
    "a formula that was neutralised": (row("1", "'=1+1"), "=1+1", ("formula_like",)),
    "an apostrophe more": (row("1", "''=1"), "'=1", ()),
    "an apostrophe of its own": (row("1", "'89"), "'89", ()),
    "a neutralised name": (row("25", "X", "'-Minus"), "X", ()),
    "the same name as it is": (row("25", "X", "-Minus"), "X", ()),
    "mixed scripts": (row("1", "С-1001"), "С-1001", ("mixed_script",)),
    "Russian is not mixed": (row("1", "Счёт 7"), "Счёт 7", ()),
    "a number that was cut": (row("1", "9.13E+15"), "9.13E+15", ("spreadsheet_number",)),
    "another case of one's own number": (row("1", "n-1"), "n-1", ()),
    "an inactive client": (row("8", "X"), "X", ("client_inactive",)),
    "surplus cells that are empty": ([*row("1", "X"), "", " ", "\u00a0"], "X", ()),
}


@pytest.mark.parametrize("name", FINE)
def test_a_row_that_is_fine_and_what_is_said_of_it(name: str, office: Session, planned: Planned) -> None:
    given, number, codes = FINE[name]
    job = planned(given)
    assert reasons(job) == {}
    assert tuple(notice.code for _line, _name, notice in job.row_notices()) == codes
    assert job.apply(office) == Counts(1, changed=1)
    assert numbers_of(office, given[0]) == {given[0]: number}
    assert planned(given).counts() == Counts(1, unchanged=1)


def test_a_cut_id_gets_a_hint(planned: Planned) -> None:
    (cut, comma, other) = planned(["9.13E+15", "A", "1"], ["9,13e+15", "A", "2"], ["913", "A", "3"]).refusals()
    for refused, hint in ((cut, True), (comma, True), (other, False)):
        assert refused.problem is not None
        assert ("as text" in refused.problem.message) is hint


def test_the_holder_of_a_number_is_named(planned: Planned) -> None:
    (refused,) = planned(row("1", "n-26")).refusals()
    assert refused.problem is not None
    assert "A & B" in refused.problem.message


def test_long_cells_are_cut_where_they_are_cited(planned: Planned) -> None:
    refusals = planned(row("1", "X", "x" * 90_000), ["7" * 90_000, "A", "X"], row("2", "y" * 90_000)).refusals()
    for refused in refusals:
        assert refused.problem is not None
        assert len(refused.problem.message) < 400
        assert max(map(len, refused.cells)) == 90_000


# --- rows that speak of each other


def test_the_same_row_twice_counts_once(office: Session, planned: Planned) -> None:
    job = planned(row("1", "X"), row("1", " X "), row("1", "X", "Client  1"))
    assert reasons(job) == {3: "repeated_row", 4: "repeated_row"}
    job.apply(office)
    assert changed(office) == {"1": "X"}


def test_two_numbers_for_one_client_refuse_both(office: Session, planned: Planned) -> None:
    job = planned(row("1", "X"), row("1", "Y"), row("1", "X"), row("2", "X"))
    assert reasons(job) == dict.fromkeys((2, 3, 4), "conflicting_rows")
    first, *_others = job.refusals()
    assert first.problem is not None
    assert "3, 4" in first.problem.message
    job.apply(office)
    assert changed(office) == {"2": "X"}, "a number of refused rows is free"


def test_a_row_that_is_refused_by_itself_is_no_twin(office: Session, planned: Planned) -> None:
    job = planned(row("1", "X"), row("1", "Y", "Wrong"), row("2", "Z", "Wrong"), row("3", "Z"))
    assert reasons(job) == {3: "name_mismatch", 4: "name_mismatch"}
    job.apply(office)
    assert changed(office) == {"1": "X", "3": "Z"}


@on_a_file
@pytest.mark.parametrize("twin", ["X-1", "x-1", "Ｘ－１", " X-1 ", "'X-1"])
def test_twins_are_refused_and_cite_each_other(twin: str, office: Session, planned: Planned) -> None:
    job = planned(row("1", "X-1"), row("2", twin), row("3", "Y"))
    if twin == "'X-1":
        assert reasons(job) == {}
        return
    assert reasons(job) == {2: "duplicate_number_in_file", 3: "duplicate_number_in_file"}
    first, second = job.refusals()
    assert first.problem is not None
    assert second.problem is not None
    assert (first.problem.values["lines"], second.problem.values["lines"]) == ("3", "2")
    job.apply(office)
    assert changed(office) == {"3": "Y"}


def test_composed_and_decomposed_letters_are_twins(planned: Planned) -> None:
    job = planned(row("1", "é"), row("2", "e\u0301"), row("3", "Straße"), row("4", "STRASSE"))
    assert set(reasons(job).values()) == {"duplicate_number_in_file"}
    assert len(reasons(job)) == 4


def test_an_unchanged_row_can_be_a_twin(planned: Planned) -> None:
    assert reasons(planned(row("1", "N-1"), row("2", "n-1"))) == {
        2: "duplicate_number_in_file",
        3: "duplicate_number_in_file",
    }
