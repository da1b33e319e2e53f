"""E-mail addresses, phone numbers and tax ids that are plainly fine, told without their slow libraries.

What comes by the hundred thousand is mostly of a plain form. "Yes" here is what the libraries (see `contact`) would
say too; "no" only means that they have to be asked.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from clientdesk.domain.contact import region_of

# Dots and hyphens stand between letters only, and the whole is shorter than any of the limits of its parts.
_EMAIL = re.compile(  # both cases are written out: to match without case takes twice as long
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+([A-Za-z]{2,40})"
)
_EMAIL_LIMIT = 64
_SPECIAL = frozenset(["arpa", "invalid", "local", "localhost", "onion", "test"])

_PHONE = re.compile(r"[+(]?\d[\d ().-]{2,40}\d")
_PUNCTUATION = {code: "" if chr(code) in "+ ().-" else chr(code) for code in range(128)}  # a miss is slow
_FEWEST, _MOST = 5, 17

_EIN = re.compile(r"(\d\d)-?\d{7}")
_SSN = re.compile(r"(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}")
_NOT_SSN = frozenset(["078-05-1120", "457-55-5462", "219-09-9999"])
_DNI = re.compile(r"(\d{8})([A-Z])")
_CIF = re.compile(r"[ABEFGHJ]\d{8}")
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def email_is_plain(value: str, _country: str = "") -> bool:
    """Whether this is an e-mail address of the plain form."""
    match = _EMAIL.fullmatch(value) if len(value) <= _EMAIL_LIMIT and value.isascii() else None
    return match is not None and match[1].lower() not in _SPECIAL


class _Numbers(NamedTuple):
    """What libphonenumber says of a country's numbers: how long they may be, what may stand before them."""

    prefix: re.Pattern[str] | None
    plain_prefix: bool
    lengths: frozenset[int]
    local: frozenset[int]


@cache
def _numbers(code: int, region: str) -> _Numbers:
    """The numbers of a region, or of the main region ("") of a calling code."""
    import phonenumbers
    from phonenumbers import PhoneMetadata

    main = phonenumbers.region_code_for_country_code(code)
    metadata: Any = PhoneMetadata.metadata_for_region_or_calling_code(code, region or main)
    prefix = metadata.national_prefix_for_parsing
    desc = metadata.general_desc
    return _Numbers(
        re.compile(prefix) if prefix else None,
        not metadata.national_prefix_transform_rule,
        frozenset(desc.possible_length),
        frozenset(desc.possible_length_local_only),
    )


@cache
def _calling_code(digits: str) -> int:
    """The calling code that up to three digits are; 0 for none."""
    import phonenumbers

    code = int(digits)
    return code if not digits.startswith("0") and code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE else 0


@cache
def _region(region: str) -> tuple[int, re.Pattern[str]]:
    """A region's calling code (0: there is no such region), and what is dialled before a foreign number."""
    import phonenumbers
    from phonenumbers import PhoneMetadata

    if region not in phonenumbers.SUPPORTED_REGIONS:
        return 0, re.compile("")
    metadata: Any = PhoneMetadata.metadata_for_region(region, None)
    return metadata.country_code, re.compile(metadata.international_prefix or "NonMatch")


def _fits(numbers: _Numbers, digits: str) -> bool:
    if numbers.prefix is not None and (match := numbers.prefix.match(digits)):
        # Without its prefix it has a length that a number may have.
        return numbers.plain_prefix and len(digits) - match.end() in numbers.lengths
    return len(digits) in numbers.lengths or len(digits) in numbers.local


def phone_is_plain(value: str, country: str = "") -> bool:
    """Whether this is a phone number of the plain form, where `country` is as in `contact.check_phone`."""
    if not value.isascii() or _PHONE.fullmatch(value) is None:
        return False
    digits = value.translate(_PUNCTUATION)
    if not _FEWEST <= len(digits) <= _MOST:
        return False
    if value[0] == "+":
        for length in (1, 2, 3):
            if code := _calling_code(digits[:length]):
                return len(digits) > length + 2 and _fits(_numbers(code, ""), digits[length:])
        return False
    region = region_of(country) if len(country) == 2 else None
    if region is None:
        return True
    code, abroad = _region(region)
    if not code or digits.startswith(str(code)) or abroad.match(digits):
        return False
    return _fits(_numbers(code, region), digits) and _fits(_numbers(code, ""), digits)


@cache
def _is_ein_prefix(prefix: str) -> bool:
    from stdnum.us import ein

    return bool(ein.is_valid(f"{prefix}-0000001"))


def tax_id_is_plain(value: str, country: str = "") -> bool:
    """Whether this is a Spanish or American tax id of the plain form, where `country` is as in
    `contact.check_tax_id`."""
    region = region_of(country) if len(country) == 2 else None
    if region not in (None, "ES", "US") or not value.isascii():
        return False
    if region != "US":
        if _CIF.fullmatch(value):
            odd = sum(_DOUBLED[int(digit)] for digit in value[1:8:2])
            return (odd + sum(map(int, value[2:8:2])) + int(value[8])) % 10 == 0
        if match := _DNI.fullmatch(value):
            return match[2] == _DNI_LETTERS[int(match[1]) % 23]
    if region != "ES":
        if match := _EIN.fullmatch(value):
            return _is_ein_prefix(match[1])
        return _SSN.fullmatch(value) is not None and value not in _NOT_SSN
    return False


PLAIN: Mapping[str, Callable[[str, str], bool]] = {
    "email": email_is_plain,
    "phone": phone_is_plain,
    "mobile": phone_is_plain,
    "tax_id": tax_id_is_plain,
}
"""By field, whether a value is plainly fine, where `country` is as in `contact`."""
