"""What a row of a client list says by itself: tidied, judged by the rules that need no database."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

from clientdesk.domain import rules
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.columns.choice_words import choice_word
from clientdesk.domain.contact import check_tax_id
from clientdesk.domain.contact_cells import says_nothing, the_email, the_phone
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.plain_contact import PLAIN
from clientdesk.domain.problems import Problem, problem
from clientdesk.domain.spreadsheet_cells import formula_like, mixed_script
from clientdesk.domain.year_end import readings

NAMED_BY = "named_by"
"""Beside the fields of a row: the field that its display name was taken from, where it brings none of its own."""


class Prepared(NamedTuple):
    """What a row says by itself: `values` tidied, choices by their stored words ("none" for one that says so).

    Blank cells are "". A row without a display name is called by its business name, else by the contact's first and
    last name, but never by a first name alone; then NAMED_BY is among the values, and a client that is there keeps its display name.
    `problem` refuses the row, `notices` are told.
    """

    values: dict[str, str]
    problem: Problem | None = None
    notices: tuple[Problem, ...] = ()


class _Rule(NamedTuple):
    """What is fast to know of a field: see `prepare`."""

    field: Field
    limit: int
    identifier: bool
    notes: bool
    plain: Callable[[str, str], bool] | None
    choice: bool


def _never_plain(_value: str, _country: str) -> bool:
    return False


_PLAIN: dict[str, Callable[[str, str], bool]] = {**PLAIN, "fiscal_year_end": _never_plain}
_RULES = {
    field.name: _Rule(
        field, field.limit, field.identifier, field.kind is Kind.NOTES, _PLAIN.get(field.name), bool(field.choices)
    )
    for field in BUILT_IN.fields
}
_LOOKED_AT = frozenset(["client_number", "display_name"])
_FREE = {
    name: rule.limit
    for name, rule in _RULES.items()
    if rule.plain is None and not (rule.choice or rule.identifier or rule.notes or name in _LOOKED_AT)
}
"""The greatest lengths of the fields of one line that may have any text."""
_PHONES = frozenset(["phone", "mobile"])
_BESIDE = _PHONES | {"email"}
_SECOND = "second"
_LINE_ENDS = re.compile(r"\s*[\t\r\n\u2028\u2029]\s*")


def prepare(values: Mapping[str, str], dates: str = "", *, as_kept: bool = False) -> Prepared:
    """What a row says, by the rules that need no database: pure, and fast for plain text.

    The first character that may not be in a file is the row's problem, else the first field that breaks its rule.
    Phone numbers and tax ids that look wrong are notices, as is what is left out of a cell: what stands beside an
    e-mail address or a phone number, also where there is none; a tab or line end in a field of one line. `dates` says what comes first where day
    and month cannot be told apart: "dmy", "mdy", "" for nobody has said. `as_kept` says that the row comes from our own
    download: phone numbers and addresses stay as they were kept. Blank cells are never wrong here.
    """
    prepared: dict[str, str] = {}
    wrong: Problem | None = None
    notices: list[Problem] = []
    country = values["country"].strip() if values.get("country") else ""
    for name, raw in values.items():
        if not raw:
            prepared[name] = ""
            continue
        if (most := _FREE.get(name)) is not None and len(raw) <= most and raw.isprintable() and "  " not in raw:
            prepared[name] = raw.strip()
            continue
        field, limit, identifier, notes, plain, choice = _RULES[name]
        if not raw.isascii() and (unseen := rules.unseen(name, field.label, raw)):
            return Prepared(dict(values), unseen)
        if choice and len(raw) <= limit and raw.isprintable():
            prepared[name], field_problem = _choice(name, raw)
            wrong = wrong or field_problem
            continue
        if raw.isprintable() and (not identifier or raw.isascii()) and not notes:
            value = raw.strip()
            if "  " in value:
                value = " ".join(value.split())
        else:
            if notes:
                raw = raw.replace("\r\n", "\n").replace("\r", "\n")
            elif _LINE_ENDS.search(raw):
                if _LINE_ENDS.search(raw.strip()):
                    notices.append(problem("blank_for_line_end", name, label=field.label))
                raw = _LINE_ENDS.sub(" ", raw)
            foreign = None if raw.isprintable() and not identifier else rules.foreign_characters(field, raw)
            if foreign is not None:
                return Prepared(dict(values), foreign)
            # A date is not tidied: which part of it is the month is decided below.
            value = " ".join(raw.split()) if name == "fiscal_year_end" else rules.tidy(field, raw)
        prepared[name] = value
        if choice:
            if value:
                prepared[name], field_problem = _choice(name, value)
                wrong = wrong or field_problem
        elif len(value) > limit or (plain is not None and value and not plain(value, country)):
            if name in _BESIDE and not (as_kept and (name in _PHONES or rules.check_field(field, value, {}) is None)):
                prepared[name] = value = _take(name, value, prepared, notices)
            if name == "fiscal_year_end":
                prepared[name], field_problem = _year_end(value, dates, notices)
            elif name == "tax_id" and len(value) <= limit:  # not plain: asked of the libraries at once
                field_problem = check_tax_id(value, country)
            else:
                field_problem = rules.check_field(field, value, {"country": country}) if value else None
            if field_problem is not None and not field_problem.warning and name in _BESIDE:
                # Absent, not blank: nothing is known of the field, and a client that is there keeps its own.
                del prepared[name]
                notices.append(left_out_of(name, value))
                field_problem = None
            if field_problem is not None:
                if field_problem.warning:
                    notices.append(field_problem)
                else:
                    wrong = wrong or field_problem
        elif name in _LOOKED_AT and (identifier or not (value.isascii() and value[:1].isalnum())):
            look_at_text(field, value, notices)
    if mobile := prepared.pop(_SECOND, ""):
        _take_mobile(mobile, prepared, notices)
    if not prepared.get("display_name"):
        _call(prepared)
    return Prepared(prepared, wrong, tuple(notices))


def _take(name: str, value: str, prepared: dict[str, str], notices: list[Problem]) -> str:
    """The address or number in a cell; what stands beside it is told, and a number that is labelled as a mobile phone
    is kept for later under _SECOND."""
    cell = the_email(value) if name == "email" else the_phone(value, mobile=name == "mobile")
    if cell.left_out:
        notices.append(left_out_of(name, cell.left_out))
    if cell.mobile:
        prepared[_SECOND] = cell.mobile
    return cell.value


def left_out_of(name: str, text: str) -> Problem:
    """The notice of what is not taken from the cells of a field."""
    return problem("left_out", name, label=BUILT_IN.by_name[name].label, value=text)


def _take_mobile(mobile: str, prepared: dict[str, str], notices: list[Problem]) -> None:
    """A mobile phone from the cell of the phone fills the field that is blank, and is told where it is not."""
    if not prepared.get("mobile"):
        prepared["mobile"] = mobile
    elif prepared["mobile"] != mobile:
        notices.append(left_out_of("phone", mobile))


def _year_end(value: str, dates: str, notices: list[Problem]) -> tuple[str, Problem | None]:
    """The month and day that a cell means, or why it is refused; that it says there is none is told."""
    month_days = readings(value)
    if len(month_days) == 1 or (month_days and dates):
        return (month_days[-1] if dates == "mdy" else month_days[0]), None
    if value and says_nothing(value):
        notices.append(left_out_of("fiscal_year_end", value))
        return "", None
    field = BUILT_IN.by_name["fiscal_year_end"]
    if month_days:
        days = {"day_first": month_days[0], "month_first": month_days[1]}
        return value, problem("ambiguous_date", field.name, label=field.label, value=value, **days)
    return value, problem("fiscal_year_end", field.name, label=field.label, value=value)


@lru_cache(maxsize=1_024)
def _choice(name: str, cell: str) -> tuple[str, Problem | None]:
    """The stored word of a choice that a cell says ("" for a blank one), or the cell and why it is refused."""
    value = " ".join(cell.split())
    word = choice_word(name, value) if value else ""
    return (word, None) if word is not None else (value, rules.check_field(BUILT_IN.by_name[name], value, {}))


def look_at_text(field: Field, value: str, notices: list[Problem]) -> None:
    """Tells what looks odd in a number or a name, although it is fine."""
    if not value:
        return
    if not value[0].isalnum() and formula_like(value):
        notices.append(problem("formula_like", field.name, label=field.label, value=value))
    if not value.isascii() and mixed_script(value):
        notices.append(problem("mixed_script", field.name, label=field.label, value=value))
    if field.identifier and rules.looks_cut(value):
        notices.append(problem("spreadsheet_number", field.name, label=field.label, value=value))


def _call(prepared: dict[str, str]) -> None:
    """Gives a row without a display name another name of its own, where it has one."""
    first, last = prepared.get("contact_first_name"), prepared.get("contact_last_name")
    by = {
        "business_name": prepared.get("business_name", ""),
        "contact_last_name": f"{first or ''} {last}".strip() if last else "",
    }
    for name, value in by.items():
        if value:
            prepared["display_name"], prepared[NAMED_BY] = value[: BUILT_IN.by_name["display_name"].limit], name
            return
