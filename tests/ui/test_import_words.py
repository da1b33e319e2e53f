"""The words of an import: a title for every reason, what became of rows that were tried again."""

import re
from pathlib import Path

import clientdesk
from clientdesk.desk.imports.import_records import Retries
from clientdesk.domain.own_value_problems import OWN_VALUE_PROBLEMS
from clientdesk.domain.problem_catalogue import CATALOGUE
from clientdesk.ui.screens.import_words import reason_title, retries_in_words

JUDGES = (
    *("domain/judged_row.py", "domain/rules.py", "domain/contact.py", "domain/unique_client_numbers.py"),
    "domain/own_value_rules.py",
    *("desk/imports/c*.py", "desk/imports/[np]*.py"),
    "domain/own_value_rules.py",
)
"""Where rows are refused."""


def test_every_reason_for_which_a_row_is_refused_has_a_title() -> None:
    package = Path(clientdesk.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for judge in JUDGES for path in package.glob(judge))
    codes = set(re.findall(r'problem\(\s*"([a-z_]+)"', source)) | {
        "too_long",
        "number_too_long",
        "too_many_fields",
    }
    codes |= {code for code in OWN_VALUE_PROBLEMS if code.startswith("own_")}
    refusing = {code for code in codes if not CATALOGUE[code][1]}
    assert {"email", "fiscal_year_end", "number_taken"} <= refusing
    assert {code for code in refusing if reason_title(code) == "Another reason"} == set()


def test_a_reason_that_is_not_known_is_no_raw_code() -> None:
    assert reason_title("from_a_newer_program") == "Another reason"


def test_rows_that_are_still_refused_are_counted_beside_those_that_are_in() -> None:
    assert retries_in_words(Retries(refused=7)) == "7 rows are still refused."
    assert retries_in_words(Retries(in_firm=2, refused=5)) == "2 rows are in now. 5 rows are still refused."
    assert retries_in_words(Retries(in_firm=1)) == "1 row is in now."
