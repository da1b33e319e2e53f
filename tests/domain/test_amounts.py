"""Amounts as they are typed."""

import pytest

from clientdesk.domain.amounts import amount_from, is_amount
from clientdesk.domain.problems import Refused


def test_amounts_are_read_as_they_are_written() -> None:
    typed = {
        ("", "EUR"): "",
        ("12", "EUR"): "12.00",
        ("-0,1", "EUR"): "-0.10",
        ("−3", ""): "-3.00",
        ("1,234", "EUR"): "1234.00",
        ("1.234.567,8", "EUR"): "1234567.80",
        ("1'234.50", "CHF"): "1234.50",
        ("1 234", "JPY"): "1234",
        ("0.125", "KWD"): "0.125",
        (".5", "EUR"): "0.50",
        ("-0", "EUR"): "0.00",
    }
    assert {key: amount_from(*key, "balance", "Balance") for key in typed} == typed
    assert all(is_amount(kept) for kept in typed.values() if kept)
    refused = {
        ("1.234", "KWD"): "ambiguous_amount",
        ("0.125", "EUR"): "too_many_decimals",
        ("1.5", "JPY"): "too_many_decimals",
        ("1,23,456", "EUR"): "no_amount",
        ("12 €", "EUR"): "no_amount",
        ("1e9", "EUR"): "no_amount",
        ("٣", "EUR"): "no_amount",
        ("9" * 19, "EUR"): "no_amount",
    }
    for (text, currency), code in refused.items():
        with pytest.raises(Refused) as refusal:
            amount_from(text, currency, "balance", "Balance")
        assert (text, refusal.value.code) == (text, code)
