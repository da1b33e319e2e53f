"""Amounts of money: exact decimals in a currency, as they are typed, kept and shown."""

import re
from decimal import Decimal, InvalidOperation

from clientdesk.domain.problems import refuse

_WITHOUT_DECIMALS = frozenset(
    (
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    )
)
_WITH_THREE = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
"""Currencies whose amounts have no decimals, or three, as ISO 4217 says; all others have two."""
_CURRENCIES = frozenset(
    re.findall(
        "[A-Z]{3}",
        """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF
    CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD
    HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD
    USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL
    """,
    )
)
"""The currencies of ISO 4217, and those that left it lately."""
_TYPED = re.compile(r"[-+−]?[\d.,'’ \u00a0\u202f]*\d[\d.,'’ \u00a0\u202f]*", re.ASCII)
_MOST = 18
"""So many digits an amount has at most."""


def currency_from(text: str) -> str:
    """A currency by its three letters as ISO 4217 has them; "" for none. Refused ("currency")."""
    currency = text.strip().upper()
    if currency and currency not in _CURRENCIES:
        raise refuse("currency", "currency", value=text)
    return currency


def decimals_of(currency: str) -> int:
    """How many decimals amounts in a currency have."""
    return 0 if currency in _WITHOUT_DECIMALS else 3 if currency in _WITH_THREE else 2


def amount_from(text: str, currency: str, field: str, label: str) -> str:
    """An amount that somebody types, as it is kept: with a point and all the decimals of its currency; "" for nothing.

    A sign between thousands may stand there (1,234.56, 1.234,56, 1 234,56). Refused ("no_amount", "ambiguous_amount",
    "too_many_decimals").
    """
    typed = text.strip()
    if not typed:
        return ""
    about = {"label": label, "value": text}
    if not _TYPED.fullmatch(typed) or not typed.isprintable():
        raise refuse("no_amount", field, **about)
    sign = "-" if typed[0] in "-−" else ""
    number = re.sub(r"['’ \u00a0\u202f]", "", typed.lstrip("-+−"))
    whole, decimals = _parts(number, decimals_of(currency), field, about)
    try:
        amount = Decimal(f"{sign}{whole}.{decimals or '0'}")
    except InvalidOperation:
        raise refuse("no_amount", field, **about) from None
    places = decimals_of(currency)
    if len(whole) > _MOST:
        raise refuse("no_amount", field, **about)
    if len(decimals.rstrip("0")) > places:
        raise refuse("too_many_decimals", field, currency=currency or "–", decimals=places, **about)
    return in_text(amount, currency)


def in_text(amount: Decimal, currency: str) -> str:
    """An amount with all the decimals of its currency, as it is kept and shown."""
    return f"{amount + Decimal(0):.{decimals_of(currency)}f}"


def is_amount(kept: object) -> bool:
    """Whether this is an amount as it is kept."""
    return isinstance(kept, str) and re.fullmatch(r"-?\d{1,18}(\.\d{1,3})?", kept, re.ASCII) is not None


def _parts(number: str, places: int, field: str, about: dict[str, str]) -> tuple[str, str]:
    """The digits before and behind the sign of decimals."""
    signs = [sign for sign in number if sign in ".,"]
    if not signs:
        return number, ""
    last = signs[-1]
    whole, _sign, rest = number.rpartition(last)
    if len(set(signs)) == 2:
        thousands = signs[0]
        if signs.count(last) > 1 or not _is_grouped(whole, thousands):
            raise refuse("no_amount", field, **about)
        return whole.replace(thousands, ""), rest
    if len(signs) > 1 or (len(rest) == 3 and places != 3 and whole.lstrip("0")):
        if not _is_grouped(number, last):
            raise refuse("no_amount", field, **about)
        return number.replace(last, ""), ""
    if len(rest) == 3 and places == 3 and 1 <= len(whole) <= 3 and whole.lstrip("0"):
        raise refuse("ambiguous_amount", field, one=f"{whole}{rest}", other=f"{whole}.{rest}", **about)
    return whole or "0", rest


def _is_grouped(number: str, sign: str) -> bool:
    """Whether a sign stands between all thousands of a whole number."""
    return re.fullmatch(rf"\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+", number, re.ASCII) is not None
