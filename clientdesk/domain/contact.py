"""E-mail addresses, phone numbers and tax ids, judged by the libraries that know them."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.problems import Problem, problem
from clientdesk.text import N_

# Where nothing says which country a tax id is from, one of these must know it.
_TAX_IDS = ("us.tin", "es.nif", "eu.vat", "gb.vat", "gb.utr", "ca.bn", "ca.sin", "mx.rfc", "ar.cuit", "cl.rut",
            "co.nit", "pe.ruc", "au.abn", "jp.cn", "in_.pan", "ch.uid", "br.cnpj", "br.cpf")  # fmt: skip


def check_email(value: str) -> Problem | None:
    """Refuses what is not an e-mail address (RFC 5321 and 5322, by email-validator; no network)."""
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(value, check_deliverability=False, allow_display_name=False)
    except EmailNotValidError:
        return problem("email", "email", value=value, reason=_why_no_email(value))
    return None


def _why_no_email(value: str) -> str:
    """What is wrong with an e-mail address, as far as a look at it tells."""
    before, at, after = value.partition("@")
    if not at:
        return N_("It has no @.")
    if "@" in after:
        return N_("It has more than one @. Write one address.")
    if not before or not after:
        return N_("Something is missing before or after the @.")
    if "." not in after:
        return N_("What stands after the @ has no ending such as .com.")
    return N_("Check the letters, blanks and dots before and after the @.")


def region_of(country: str) -> str | None:
    """The two-letter code of a country if that is how it is written, else None."""
    return country.upper() if len(country) == 2 and country.isascii() and country.isalpha() else None


def check_phone(value: str, country: str = "", field: str = "phone") -> Problem | None:
    """Warns of what is not a phone number (by libphonenumber's rules for the country, where it is known)."""
    import phonenumbers

    region = region_of(country)
    try:
        number = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException as error:
        unknown = error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE
        if unknown and not value.lstrip().startswith("+") and sum(c.isdigit() for c in value) >= 5:
            return None  # a national number of a country that nobody told us
        return _no_phone(value, field)
    return None if phonenumbers.is_possible_number(number) else _no_phone(value, field)


def _no_phone(value: str, field: str) -> Problem:
    return problem("phone", field, label=BUILT_IN.by_name[field].label, value=value)


def check_tax_id(value: str, country: str = "") -> Problem | None:
    """Warns of what is not a tax id (by python-stdnum, for the country where it is known)."""
    modules = _tax_ids(region_of(country) or "")
    if not modules or any(module.is_valid(value) for module in modules):
        return None
    return problem("tax_id", "tax_id", label=BUILT_IN.by_name["tax_id"].label, value=value)


CHECKS: Mapping[str, Callable[[str, str], Problem | None]] = {
    "email": lambda value, _country: check_email(value),
    "phone": check_phone,
    "mobile": lambda value, country: check_phone(value, country, "mobile"),
    "tax_id": check_tax_id,
}
"""By field, what is wrong with a value; the country (or "") tells which rules count."""


@cache
def _tax_ids(region: str) -> tuple[Any, ...]:
    """The modules that know a region's tax ids; for no region those of many; none for one that nobody knows."""
    import importlib

    from stdnum import get_cc_module

    if not region:
        return tuple(importlib.import_module(f"stdnum.{name}") for name in _TAX_IDS)
    modules = [m for kind in ("vat", "tin", "nif") if (m := get_cc_module(region, kind)) is not None]
    if region in ("US", "ES"):
        modules.append(importlib.import_module("stdnum.us.tin" if region == "US" else "stdnum.es.nif"))
    return tuple(dict.fromkeys(modules))
