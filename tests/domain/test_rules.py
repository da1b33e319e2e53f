"""What a client's fields may hold."""

from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.domain import rules
from clientdesk.domain.access import MAY, Access, Action
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.deletion import conditions
from clientdesk.domain.fields import FORM_FIRST, Kind
from clientdesk.domain.problem_catalogue import CATALOGUE
from clientdesk.domain.problems import problem
from clientdesk.text import is_control


def codes(**values: str) -> list[str]:
    return [
        problem.code
        for problem in rules.check({**BUILT_IN.empty, "display_name": "Peña SA", **values}, BUILT_IN.names, BUILT_IN)
    ]


def test_a_client_with_a_name_is_enough() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("display_name", "", "required"),
        ("display_name", "x" * 201, "too_long"),
        ("client_number", "9" * 101, "number_too_long"),
        ("email", "nobody", "email"),
        ("email", "a@b@c.example", "email"),
        ("phone", "call me", "phone"),
        ("phone", "+34 1", "phone"),
        ("tax_id", "banana", "tax_id"),
        ("fiscal_year_end", "02-30", "fiscal_year_end"),
        ("fiscal_year_end", "year end", "too_long"),
        ("fiscal_year_end", "5/6", "ambiguous_date"),
        ("fiscal_year_end", "05/06/24", "ambiguous_date"),
        ("subscription", "gold", "not_a_choice"),
        ("billed_to", "firm", "plan_without_subscription"),
    ],
)
def test_what_is_wrong_has_a_code(field: str, value: str, code: str) -> None:
    assert codes(**{field: value}) == [code]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("client_number", "9" * 100),
        ("email", "hola@íñigo.example"),
        ("phone", "+34 911 222 333"),
        ("phone", "911 222 333"),
        ("tax_id", "B58378431"),
        ("fiscal_year_end", "02-29"),
        ("display_name", "Smith [/] Co"),
    ],
)
def test_what_is_right_passes(field: str, value: str) -> None:
    assert codes(**{field: value}) == []


def test_a_phone_and_a_tax_id_only_warn() -> None:
    assert all(CATALOGUE[code][1] for code in ("phone", "tax_id", "same_name"))
    assert not CATALOGUE["email"][1]


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=80), st.sampled_from(BUILT_IN.names))
def test_tidied_text_has_no_controls_and_stays_tidy(text: str, name: str) -> None:
    field = BUILT_IN.by_name[name]
    tidied = rules.tidy(field, text)
    is_seen = rules.unseen(name, field.label, tidied) is None  # else it is refused as it is
    controls = [c for c in tidied.replace("\n", "" if field.kind is Kind.NOTES else "\n") if is_control(c)]
    assert not (is_seen and controls)
    assert rules.tidy(field, tidied) == tidied
    assert tidied == tidied.strip(" ") or field.kind is Kind.NOTES


def test_characters_in_a_file_are_reported_not_stripped() -> None:
    name, number = BUILT_IN.by_name["display_name"], BUILT_IN.by_name["client_number"]
    assert rules.foreign_characters(name, "ACME\x1b") == problem(
        "control_character", "display_name", label="Display name", value="ACME\x1b", character="001B"
    )
    assert rules.foreign_characters(name, "👩\u200d👧") is None
    characters = rules.foreign_characters(number, "C\u200b1")
    assert characters is not None
    assert characters.code == "invisible_character"


def test_month_and_day_are_written_one_way() -> None:
    assert rules.tidy(BUILT_IN.by_name["fiscal_year_end"], " 6/30 ") == "06-30"


def test_choices_are_known_by_label_too() -> None:
    assert rules.choice_from(BUILT_IN.by_name["billed_to"], "Firm's plan") == "firm"
    assert rules.choice_from(BUILT_IN.by_name["status"], "INACTIVE") == "inactive"
    assert rules.choice_from(BUILT_IN.by_name["status"], "gone") == "gone"


def test_every_problem_has_a_sentence() -> None:
    for code, (template, warning) in CATALOGUE.items():
        names = {name for _text, name, _format, _conversion in Formatter().parse(template) if name}
        made = problem(code, **dict.fromkeys(names, "x"))
        assert made.message.endswith((".", ":", "x")), code
        assert made.warning is warning
        assert "{" not in made.message


def test_the_catalogue_of_fields_is_whole() -> None:
    assert len(set(BUILT_IN.names)) == len(BUILT_IN.fields)
    assert set(FORM_FIRST) <= set(BUILT_IN.names)
    assert set(BUILT_IN.empty) == set(BUILT_IN.names)
    headings = [heading for field in BUILT_IN.fields for heading in set(field.headings)]
    assert len(set(headings)) == len(headings)


def test_access_is_one_table() -> None:
    assert set(MAY) == set(Action)
    assert all(Access.PRIMARY_ADMIN in MAY[action] for action in Action)
    admins = {Action.DELETE_CLIENT, Action.EDIT_PRIMARY_ADMIN, Action.HAND_OVER, Action.REMOVE_IMPORT}
    assert {action for action in Action if Access.FULL not in MAY[action]} == admins
    assert {action for action in Action if Access.BASIC in MAY[action]} == {Action.VIEW, Action.DO_WORK}


@pytest.mark.parametrize(
    ("access", "values", "unmet"),
    [
        (Access.PRIMARY_ADMIN, {}, []),
        (Access.FULL, {}, ["you_are_primary_admin"]),
        (Access.PRIMARY_ADMIN, {"primary_admin": "firm"}, ["client_has_primary_admin"]),
        (Access.PRIMARY_ADMIN, {"primary_admin": "requested"}, ["client_has_primary_admin"]),
        (Access.PRIMARY_ADMIN, {"billed_to": "firm"}, ["off_the_plan"]),
        (
            Access.BASIC,
            {"billed_to": "firm", "primary_admin": "firm"},
            ["you_are_primary_admin", "client_has_primary_admin", "off_the_plan"],
        ),
    ],
)
def test_the_preconditions_of_deleting(access: Access, values: dict[str, str], unmet: list[str]) -> None:
    unmet_conditions = conditions(access, {**BUILT_IN.empty, **values})
    assert [condition.code for condition in unmet_conditions if not condition.met] == unmet
    assert all(condition.sentence and condition.advice for condition in unmet_conditions)
