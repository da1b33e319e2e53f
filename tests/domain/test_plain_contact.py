"""Plain e-mail addresses, phone numbers and tax ids: a quick yes is the libraries' yes."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.domain.contact import check_email, check_phone, check_tax_id
from clientdesk.domain.plain_contact import email_is_plain, phone_is_plain, tax_id_is_plain

COUNTRIES = ("", "ES", "US", "GB", "DE", "FR", "MX", "JP", "IT", "CA", "AR", "BR", "AU", "VN", "RU", "XX", "Spain")


def test_what_is_met_every_day_is_plain() -> None:
    assert email_is_plain("hola@inigo-pena.example.com")
    assert email_is_plain("Ana.Garcia+list@RIOS.es")
    for value, country in (
        ("+34 912 345 678", ""),
        ("912 345 678", "ES"),
        ("(312) 555-0123", "US"),
        ("+1 312-555-0123", "US"),
        ("020 7946 0000", "GB"),
        ("030 2345678", "DE"),
        ("01 42 68 53 00", "FR"),
        ("912 345 678", "Spain"),
    ):
        assert phone_is_plain(value, country), (value, country)
    for value, country in (("A13585625", "ES"), ("12345678Z", ""), ("12-3456789", "US"), ("536-90-4399", "US")):
        assert tax_id_is_plain(value, country), (value, country)


@pytest.mark.parametrize(
    "value", ["a@b", "a@b.c1", "a..b@c.es", "a@-b.es", "a@b--c.es", "a@b.test", "a b@c.es", "", "ñ@b.es"]
)
def test_other_addresses_are_left_to_the_library(value: str) -> None:
    assert not email_is_plain(value)


@given(st.from_regex(r"[A-Za-z0-9._+-]{1,12}@[A-Za-z0-9.-]{1,20}\.(com|es|test|local|c1|co\.uk)", fullmatch=True))
def test_a_plain_address_is_an_address(value: str) -> None:
    if email_is_plain(value):
        assert check_email(value) is None


@given(
    st.one_of(
        st.from_regex(r"[+(]?[0-9][0-9 ().-]{2,16}[0-9]", fullmatch=True),
        st.from_regex(r"(\+(1|34|44|49|33|52|81|39|54|55|61|84|7|599|290)|0|00|1)? ?[0-9]{4,12}", fullmatch=True),
    ),
    st.sampled_from(COUNTRIES),
)
def test_a_plain_phone_number_is_a_possible_one(value: str, country: str) -> None:
    if phone_is_plain(value, country):
        assert check_phone(value, country) is None


@given(
    st.from_regex(r"[A-HJ]?[0-9]{7,9}[A-Z]?|[0-9]{2}-?[0-9]{7}|[0-9]{3}-[0-9]{2}-[0-9]{4}", fullmatch=True),
    st.sampled_from(("", "ES", "US", "DE", "Spain")),
)
def test_a_plain_tax_id_is_a_tax_id(value: str, country: str) -> None:
    if tax_id_is_plain(value, country):
        assert check_tax_id(value, country) is None


def test_what_is_plain_is_judged_without_the_slow_libraries() -> None:
    """As a save of one client is: to import them takes longer than all else."""
    code = (
        "import sys; from clientdesk.domain import rules; from clientdesk.domain.catalogue import BUILT_IN;"
        "found = rules.check({'display_name': 'Sol', 'status': 'active', 'primary_admin': 'client',"
        " 'email': 'hola@sol.es', 'phone': '912 345 678', 'tax_id': 'A13585625', 'country': ''}, BUILT_IN.names, BUILT_IN);"
        "print(found, [each for each in ('email_validator', 'stdnum', 'phonenumbers') if each in sys.modules])"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output == "[] []\n"
