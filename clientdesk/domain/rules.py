"""What a client's fields may hold: plain rules that need no database."""

import re
from collections.abc import Iterable, Mapping, Sequence

from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.problems import Problem, problem
from clientdesk.text import (
    N_,
    display_text,
    hides_in_identifier,
    is_control,
    shortened,
    shows_nothing,
    strip_controls,
    strip_hidden,
)

_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+?\d{1,3}\Z", re.IGNORECASE)


def tidy(field: Field, value: str) -> str:
    """What is typed into a field, as it is kept: control characters stripped, spaces trimmed and collapsed, of an
    identifier and a name that others are compared with what hides in it. A text of which nothing would be left although
    it has more than spaces stays as it is: it is refused (`unseen`), not taken for nothing."""
    if field.kind is Kind.NOTES:
        if value.isprintable():  # one line, without anything to strip
            return value.rstrip()
        lines = strip_controls(value.replace("\t", "    "), keep_lines=True).split("\n")
        return "\n".join(line.rstrip() for line in lines).strip("\n")
    if value.isascii() and value.isprintable():  # nearly all that there is
        tidied = " ".join(value.split())
    else:
        tidied = strip_controls(re.sub(r"[\t\r\n\u2028\u2029]", " ", value))
        if field.identifier:
            tidied = "".join(character for character in tidied if not hides_in_identifier(character))
        elif field.kind in _NAMING:
            tidied = strip_hidden(tidied)
        tidied = " ".join(tidied.split()) or value.strip()
    if field.name == "fiscal_year_end" and len(meant := _year_ends(tidied)) == 1:
        return meant[0]
    return tidied


_NAMING = (Kind.CLIENT_TYPE, Kind.MEMBER, Kind.OWN_CHOICE)
"""The kinds of field in which something is named that has its own name elsewhere."""


def tidy_name(name: str) -> str:
    """What is typed as the name of something that no other may be called, as it is kept; see `tidy`."""
    tidied = tidy(BUILT_IN.by_name["display_name"], name)
    return tidied if tidied.isascii() else " ".join(strip_hidden(tidied).split()) or tidied


def unseen(name: str, label: str, value: str) -> Problem | None:
    """The refusal of a text that has more than blanks, and of which nothing can be seen."""
    first = next((character for character in value if not character.isspace()), "")
    if not first or not shows_nothing(value):
        return None
    code = f"{ord(first):04X}"
    return problem("invisible_character", name, label=label, value=value, character=code)


def _year_ends(value: str) -> Sequence[str]:
    """The ends of a fiscal year that a value may mean."""
    from clientdesk.domain.year_end import readings  # its words are not needed for the first list

    return readings(value)


def control_characters(field: Field, value: str) -> Problem | None:
    """The refusal of a control character, or, in an identifier, of the symbol that stands for one.

    A report of refused rows shows control characters as symbols: they do not become part of an identifier when the
    report is imported again as it is.
    """
    for character in value:
        stripped = is_control(character) and not (field.kind is Kind.NOTES and character in "\n\t")
        if stripped or (field.identifier and character in _STAND_INS):
            code = f"{ord(character):04X}"
            return problem("control_character", field.name, label=field.label, value=value, character=code)
    return None


_STAND_INS = frozenset([*map(chr, range(0x2400, 0x2422)), "\u2424", "\ufffd"])


def foreign_characters(field: Field, value: str) -> Problem | None:
    """The refusal of a character that is stripped when typed but must be reported when it comes in a file."""
    if wrong := control_characters(field, value):
        return wrong
    for character in value if field.identifier else "":
        if hides_in_identifier(character):
            code = f"{ord(character):04X}"
            return problem("invisible_character", field.name, label=field.label, value=value, character=code)
    return None


def looks_cut(text: str) -> bool:
    """Whether an identifier looks like what a spreadsheet makes of a long number: 9.13E+15, or with a comma."""
    return _SCIENTIFIC.match(text) is not None


CUT = N_("A spreadsheet has cut it: format the column as text, and take the ID from the client list again.")
"""What to do about a Company ID that looks cut."""


def check_field(field: Field, value: str, values: Mapping[str, str]) -> Problem | None:
    """The first thing that is wrong with one tidied value, by the field's own rule; None if nothing is."""
    if wrong := unseen(field.name, field.label, value):
        return wrong
    if not value:
        needed = field.name == "display_name" or (field.choices and all(choice.value for choice in field.choices))
        return problem("required", field.name, label=field.label) if needed else None
    if field.name == "fiscal_year_end" and len(meant := _year_ends(value)) > 1:
        days = {"day_first": meant[0], "month_first": meant[1]}
        return problem("ambiguous_date", field.name, label=field.label, value=value, **days)
    if len(value) > field.limit:
        code = "number_too_long" if field.name == "client_number" else "too_long"
        return problem(code, field.name, label=field.label, value=value, length=len(value), limit=field.limit)
    if field.choices and value not in {choice.value for choice in field.choices}:
        allowed = ", ".join(choice.value for choice in field.choices if choice.value)
        return problem("not_a_choice", field.name, label=field.label, value=value, choices=allowed)
    if field.name == "fiscal_year_end" and _year_ends(value) != (value,):
        return problem("fiscal_year_end", field.name, label=field.label, value=value)
    if field.name in ("email", "phone", "mobile", "tax_id"):
        from clientdesk.domain import (  # what the libraries of `contact` say of most values is plain
            contact,
            plain_contact,
        )

        country = values.get("country", "")
        is_plain = plain_contact.PLAIN[field.name](value, country)
        return None if is_plain else contact.CHECKS[field.name](value, country)
    return None


def check(values: Mapping[str, str], only: Iterable[str], catalogue: Catalogue) -> list[Problem]:
    """Everything that is wrong with a client's tidied `values`, looking at the fields named by `only`."""
    problems = [
        wrong
        for name in only
        if name in values and (wrong := check_field(catalogue.by_name[name], values[name], values)) is not None
    ]
    if values.get("billed_to") == "firm" and not values.get("subscription"):
        problems.append(problem("plan_without_subscription", "subscription"))
    return problems


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that refuse; the rest are warnings."""
    return [problem for problem in problems if not problem.warning]


def choice_from(field: Field, text: str) -> str:
    """The stored value of a choice given by value or label, in any case; `text` itself where there is none."""
    if any(text == choice.value for choice in field.choices):
        return text
    wanted = text.strip().casefold()
    for choice in field.choices:
        if wanted in (
            choice.value.casefold(),
            choice.label.casefold(),
            field.display(choice.value).casefold(),
        ):
            return choice.value
    return text


def shown_name(values: Mapping[str, str]) -> str:
    """How a client is called in a sentence, safe to show and not longer than a line."""
    return called(values["display_name"])


def called(name: str) -> str:
    """How what has this name is called in a sentence, safe to show and not longer than a line."""
    return shortened(display_text(name))
