"""What a row of a client list says by itself: tidied, judged by the rules that need no database."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from clientdesk.domain import rules
from clientdesk.domain.cells import formula_like, mixed_script
from clientdesk.domain.fields import BY_NAME, FIELDS, Field, Kind
from clientdesk.domain.fold import fold
from clientdesk.domain.plain import email_is_plain, phone_is_plain, tax_id_is_plain
from clientdesk.domain.problems import Problem, problem

KEYS = ("company_id", "client_number", "display_name")
"""The fields by which a client can be found."""

NAMED_BY = "named_by"
"""Beside the fields of a row: the field that its display name was taken from, where it brings none of its own."""

NONE = "none"
"""The value of a choice for which a row says "None" or "Nobody" in words: it empties the field, a blank cell does not."""


class Prepared(NamedTuple):
    """What a row says by itself: `values` tidied, choices by their stored words ("none" for one that says so).

    Blank cells are "". A row without a display name is called by its business name, else the contact's first and last
    name, else its e-mail; then NAMED_BY is among the values, and a client that is there keeps its display name.
    `problem` refuses the row, `notices` are told.
    """

    values: dict[str, str]
    problem: Problem | None = None
    notices: tuple[Problem, ...] = ()


# The words of choices in Spanish; English and the person's language come from the catalogue.
_SPANISH = {
    "status": {"activo": "active", "activa": "active", "inactivo": "inactive", "inactiva": "inactive"},
    "subscription": {"ninguna": NONE, "ninguno": NONE},
    "billed_to": {
        "nadie": NONE,
        "firma": "firm",
        "empresa": "firm",
        "plan de la empresa": "firm",
        "cliente": "client",
    },
    "primary_admin": {
        "cliente": "client",
        "empresa": "firm",
        "empresa (traspaso solicitado)": "requested",
        "empresa (cesión solicitada)": "requested",
    },
}


def _words(field: Field) -> dict[str, str]:
    found = {fold(word): value for word, value in _SPANISH.get(field.name, {}).items()}
    for choice in field.choices:
        found[fold(choice.label)] = choice.value or NONE
        if choice.value:
            found[fold(choice.value)] = choice.value
            found[fold(choice.label.removeprefix("QuickBooks "))] = choice.value
    return found


_CHOICES = {field.name: _words(field) for field in FIELDS if field.choices}


@lru_cache(maxsize=1_024)
def choice_word(name: str, text: str) -> str | None:
    """The stored word of a choice that is given by word or label, in English, Spanish or the person's language and
    in any case; NONE for one that is none in words, None for what is no choice of the field."""
    field = BY_NAME[name]
    found = _CHOICES[name].get(fold(text))
    if found is None:
        chosen = rules.choice_from(field, text)
        found = next((each.value or NONE for each in field.choices if each.value == chosen), None)
    return found


class _Rule(NamedTuple):
    """What is fast to know of a field: see `prepare`."""

    field: Field
    limit: int
    identifier: bool
    notes: bool
    plain: Callable[[str, str], bool] | None
    choice: bool


def _anything(_value: str, _country: str) -> bool:
    return False


_PLAIN: dict[str, Callable[[str, str], bool]] = {
    "email": lambda value, _country: email_is_plain(value),
    "phone": phone_is_plain,
    "mobile": phone_is_plain,
    "tax_id": tax_id_is_plain,
    "fiscal_year_end": _anything,
}
_RULES = {
    field.name: _Rule(
        field, field.limit, field.identifier, field.kind is Kind.NOTES, _PLAIN.get(field.name), bool(field.choices)
    )
    for field in FIELDS
}
_LOOKED_AT = frozenset(["client_number", "display_name"])


def prepare(values: Mapping[str, str]) -> Prepared:
    """What a row says, by the rules that need no database: pure, and fast for plain text.

    The first character that may not be in a file is the row's problem, else the first field that breaks its rule.
    Phone numbers and tax ids that look wrong are notices. Blank cells are never wrong here.
    """
    kept: dict[str, str] = {}
    wrong: Problem | None = None
    notices: list[Problem] = []
    country = values["country"].strip() if values.get("country") else ""
    for name, raw in values.items():
        if not raw:
            kept[name] = ""
            continue
        field, limit, identifier, notes, plain, choice = _RULES[name]
        if raw.isprintable() and (not identifier or raw.isascii()) and not notes:
            value = raw.strip()
            if "  " in value:
                value = " ".join(value.split())
        else:
            if notes:
                raw = raw.replace("\r\n", "\n").replace("\r", "\n")
            foreign = None if raw.isprintable() and not identifier else rules.foreign_characters(field, raw)
            if foreign is not None:
                return Prepared(dict(values), foreign)
            value = rules.tidy(field, raw)
        kept[name] = value
        if choice:
            if value:
                kept[name], problem_found = _choice(name, value)
                wrong = wrong or problem_found
        elif len(value) > limit or (plain is not None and value and not plain(value, country)):
            if name == "fiscal_year_end":
                kept[name] = value = rules.tidy(field, value)
            found = rules.check_field(field, value, {"country": country})
            if found is not None:
                if found.warning:
                    notices.append(found)
                else:
                    wrong = wrong or found
        elif name in _LOOKED_AT:
            _look_at_text(field, value, notices)
    if not kept.get("display_name"):
        _call(kept)
    return Prepared(kept, wrong, tuple(notices))


def _choice(name: str, value: str) -> tuple[str, Problem | None]:
    word = choice_word(name, value)
    return (word, None) if word is not None else (value, rules.check_field(BY_NAME[name], value, {}))


def _look_at_text(field: Field, value: str, notices: list[Problem]) -> None:
    if not value:
        return
    if not value[0].isalnum() and formula_like(value):
        notices.append(problem("formula_like", field.name, label=field.label, value=value))
    if not value.isascii() and mixed_script(value):
        notices.append(problem("mixed_script", field.name, label=field.label, value=value))
    if field.identifier and rules.looks_cut(value):
        notices.append(problem("spreadsheet_number", field.name, label=field.label, value=value))


def _call(kept: dict[str, str]) -> None:
    """Gives a row without a display name another name of its own, where it has one."""
    contact = f"{kept.get('contact_first_name', '')} {kept.get('contact_last_name', '')}".strip()
    by = {
        "business_name": kept.get("business_name", ""),
        "contact_last_name" if kept.get("contact_last_name") else "contact_first_name": contact,
        "email": kept.get("email", ""),
    }
    for name, value in by.items():
        if value:
            kept["display_name"], kept[NAMED_BY] = value[: BY_NAME["display_name"].limit], name
            return
