"""A filter as text that is written and read: city=Madrid."""

import re
from typing import NamedTuple

from clientdesk.domain.catalogue import Catalogue
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.filter_words import Names
from clientdesk.domain.filters import ME, OP_WORDS, REFERENCES, Filter, Op, normal, wrong
from clientdesk.domain.fold import fold
from clientdesk.domain.likely_names import likely_names
from clientdesk.domain.moments import MOMENTS, stands_for_another
from clientdesk.domain.problems import Refused, problem, refuse
from clientdesk.domain.rules import choice_from
from clientdesk.text import _

SIGNS = {
    "=": Op.IS,
    "!=": Op.IS_NOT,
    "~": Op.CONTAINS,
    "^=": Op.STARTS,
    "<": Op.BEFORE,
    ">": Op.AFTER,
}
"""By the sign that stands between field and value the op. Behind =, two values with .. between them are BETWEEN, several
with | between them ONE_OF; with nothing behind it, = is EMPTY and != is FILLED."""
EXAMPLES = (
    "city=Madrid",
    "city!=Madrid",
    "city~mad",
    "city^=mad",
    "city=",
    "city!=",
    "city=Madrid|Lugo",
    "client_number<C-100",
    "client_number>C-100",
    "fiscal_year_end=06-01..06-30",
    "fiscal_year_end=@today..@today+14",
    "fiscal_year_end=@this_month",
    "lead=@me",
    'city="a|b"',
)
"""Filters as they are written, of every kind; `in_words` says what they mean."""

_OF_SIGNS = "".join(sorted(set("".join(SIGNS))))
_SIGN = re.escape(_OF_SIGNS)
_WRITTEN = re.compile(rf'\s*([^\s{_SIGN}"|](?:[^{_SIGN}]*[^\s{_SIGN}])?)\s*([{_SIGN}]+)(.*)', re.DOTALL)
_QUOTED = re.compile(r'\s*"((?:[^"]|"")*)"\s*', re.DOTALL)
_PLAIN = {
    True: re.compile(r"(?:(?!\||\.\.).)*", re.DOTALL),
    False: re.compile(r"[^|]*"),
}
"""What stands there without quotation marks, up to the end of the value: whether .. is one."""
_BEGINS_A_SIGN = tuple('"@#' + _OF_SIGNS)


class _Piece(NamedTuple):
    """A value as it is written, and whether in quotation marks."""

    text: str
    quoted: bool


def written(on: Filter, names: Names) -> str:
    """The filter as text, which `read` makes the same filter of."""
    field, sign = names.field(on.field), {op: sign for sign, op in SIGNS.items()}.get(on.op, "=")
    if on.op is Op.FILLED:
        sign = "!="
    between = ".." if on.op is Op.BETWEEN else "|"
    return (
        field_as_typed(field, names.catalogue)
        + sign
        + between.join(_value_written(field, value, names) for value in on.value)
    )


def field_as_typed(field: Field, catalogue: Catalogue) -> str:
    """A field as people type it in a filter, an order or columns: one of the firm's own by its name, where that is read as
    this field."""
    return field.word if not field.word.startswith("-") and catalogue.called(field.word) == field else field.name


def _value_written(field: Field, value: str, names: Names) -> str:
    text = value
    if field.kind in REFERENCES and value:
        if value == ME:
            return value
        text = names.of(field.name).get(value, "")
        if not text:
            return f"#{value}"
    elif field.ordered in ("day", "date", "decimal", "period"):
        return value
    in_quotes = text.startswith(_BEGINS_A_SIGN) or "|" in text or text != text.strip()
    if in_quotes or (field.ordered and (".." in text or text.startswith(".") or text.endswith("."))):
        return '"' + text.replace('"', '""') + '"'
    return text


class Written(NamedTuple):
    """A filter whose names are not looked up yet."""

    field: Field
    op: Op
    pieces: tuple[_Piece, ...]


def parsed(text: str, catalogue: Catalogue) -> Written:
    """What a text says before its values are looked at. Refused where it is no filter, or its op does not fit the field."""
    match = _WRITTEN.fullmatch(text)
    if match is None or match[2] not in SIGNS:
        signs = ", ".join(f"{sign} ({_(OP_WORDS[op])})" for sign, op in SIGNS.items())
        raise refuse("filter_unreadable", value=text, signs=signs)
    field, op = catalogue.called(match[1]), SIGNS[match[2]]
    if field is None:
        raise refuse(
            "unknown_field", value=match[1], choices=likely_names(match[1], (known.word for known in catalogue.fields))
        )
    pieces, between = _pieces(text, match[3], bool(field.ordered) and op is Op.IS)
    if between:
        op = Op.BETWEEN
    elif len(pieces) > 1 and op is Op.IS:
        op = Op.ONE_OF
    elif len(pieces) > 1:
        raise refuse("filter_one_value", field.name, label=field.label, op=_(OP_WORDS[op]))
    why = wrong(Filter(field.name, op, ("",) * len(pieces)), catalogue)
    if why is not None and why.code == "filter_op":
        raise Refused(why)
    return Written(field, op, tuple(pieces))


def read(text: str, names: Names) -> Filter:
    """The filter that a text is. Refused where it is none, or makes no sense; `names` are those that may be named."""
    field, op, pieces = parsed(text, names.catalogue)
    is_text = not field.choices and field.kind not in REFERENCES and field.ordered in ("", "number")
    if is_text and op not in (Op.CONTAINS, Op.STARTS):
        for piece in pieces:
            if not piece.quoted and stands_for_another(piece.text):
                raise refuse("filter_word_of_others", field.name, label=field.label, value=piece.text, word=field.word)
    on = Filter(field.name, op, tuple(_value_read(field, piece, names) for piece in pieces))
    why = wrong(on, names.catalogue)
    if why is not None:
        raise Refused(why)
    return normal(on)


def _pieces(text: str, rest: str, ordered: bool) -> tuple[list[_Piece], bool]:
    """The values of a filter, and whether they are the two ends of a span."""
    pieces: list[_Piece] = []
    spans = 0
    while True:
        if quoted := _QUOTED.match(rest):
            piece, rest = _Piece(quoted[1].replace('""', '"'), True), rest[quoted.end() :]
        else:
            plain = _PLAIN[ordered].match(rest)
            assert plain is not None
            piece, rest = _Piece(plain[0].strip(), False), rest[plain.end() :]
        pieces.append(piece)
        if piece.text.startswith('"') and not piece.quoted:
            raise refuse("filter_not_closed", value=text)
        if not rest:
            break
        if rest.startswith("|"):
            rest = rest[1:]
        elif ordered and rest.startswith(".."):
            spans, rest = spans + 1, rest[2:]
        else:
            raise refuse("filter_quote", value=text)
    if spans and len(pieces) != 2:
        signs = ", ".join(f"{sign} ({_(OP_WORDS[op])})" for sign, op in SIGNS.items())
        raise refuse("filter_unreadable", value=text, signs=signs)
    return pieces, bool(spans)


def _value_read(field: Field, piece: _Piece, names: Names) -> str:
    text = piece.text
    if field.choices:
        return choice_from(field, text)
    if not text:
        return ""
    if field.kind in REFERENCES:
        if not piece.quoted and text == ME and field.kind is Kind.MEMBER:
            return text
        if not piece.quoted and text.startswith("#") and text[1:].isdigit():
            return text[1:]
        return id_of(field.name, text, names)
    if field.ordered in ("day", "date"):
        return _day_read(field, piece)
    if field.ordered == "decimal":
        from clientdesk.domain.own_values import number_from

        return number_from(text) or text
    if field.ordered == "period":
        return text.lower() if text.startswith("@") else text.upper()
    return text


def value_of(field: Field, text: str, names: Names) -> str:
    """The value that is written so, on its own: no sign in it means anything else. Refused where it is none."""
    return _value_read(field, _Piece(text.strip(), False), names)


def span_of(field: Field, text: str, names: Names) -> tuple[str, ...] | None:
    """The ends of a span that is written with .. between them, only the first one where the last is not there yet; None
    where it is none. Refused where an end is no value."""
    try:
        pieces, is_span = _pieces(text, text, True)
    except Refused:
        return None
    if not is_span or not pieces[0].text:
        return None
    return tuple(_value_read(field, piece, names) for piece in pieces if piece.text)


def field_written(text: str) -> str | None:
    """What stands before the sign in a text that is going to be a whole filter; None where there is no sign yet."""
    match = _WRITTEN.fullmatch(text)
    return None if match is None else match[1]


def id_of(field: str, name: str, names: Names, nothing: str = "") -> str:
    """The id of what is called so, without case and accents. Refused where nothing is; said is then how those are found who
    have none: by `nothing`, or by the field's filter."""
    wanted, of_field = fold(name), names.of(field)
    for its_id, its_name in of_field.items():
        if fold(its_name) == wanted:
            return its_id
    of, choices = names.field(field), likely_names(name, of_field.values())
    if of.kind is Kind.MEMBER:
        raise refuse("filter_lead", field, value=name, nothing=nothing or f"{of.word}=")
    if of.kind is Kind.OWN_CHOICE:
        raise refuse("unknown_choice", field, of=of.label, value=name, choices=choices)
    if of.kind is Kind.TAGS:
        raise refuse("unknown_tag" if choices else "no_tags", field, value=name, choices=choices)
    raise refuse("filter_client_type", field, value=name, choices=choices, nothing=nothing or f"{field}=")


def _day_read(field: Field, piece: _Piece) -> str:
    from clientdesk.domain.year_end import readings  # its words are not needed for other filters

    if piece.text.startswith("@"):
        if piece.quoted:
            raise refuse("unknown_moment", field.name, label=field.label, value=piece.text, choices=", ".join(MOMENTS))
        return piece.text.lower()
    if field.ordered == "date":
        from clientdesk.domain.own_values import dates_from

        dates = dates_from(piece.text)
        if len(dates) == 2:
            about = {"label": field.label, "value": piece.text, "day_first": dates[0], "month_first": dates[1]}
            raise Refused(problem("own_date_unclear", field.name, **about))
        return dates[0] if dates else piece.text
    days = readings(piece.text)
    if len(days) == 2:
        about = {"label": field.label, "value": piece.text, "day_first": days[0], "month_first": days[1]}
        raise Refused(problem("ambiguous_date", field.name, **about))
    if not days:
        raise refuse("fiscal_year_end", field.name, value=piece.text)
    return days[0]
