"""What stands beside an e-mail address or a phone number in a cell: further ones, a name, a label, "n/a"."""

import re
from itertools import pairwise
from typing import NamedTuple

from clientdesk.domain.fold import fold

_WORDS_FOR_NOTHING = (
    "n/a|na|n.a.|n/d|nd|n.d.|s/n|s/d|none|no|nil|null|unknown|not available|not applicable|not known|no email|no e-mail"
    "|no mail|no phone|no mobile|tbd|tbc|pending|empty|blank|x|xx|xxx|0"
    "|ninguno|ninguna|nada|no tiene|no hay|no consta|no aplica|no procede|no disponible|no facilitado|no facilita"
    "|desconocido|desconoce|pendiente|sin|sin correo|sin correo electrónico|sin email|sin e-mail|sin mail"
    "|sin teléfono|sin movil|sin móvil|sin datos|vacío"
)
NOTHING = frozenset(map(fold, _WORDS_FOR_NOTHING.split("|")))

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"|/]+@[^\s<>()\[\],;:\"|/?'@]+")
_BEFORE_ADDRESS = re.compile(r"(?:mailto|e-?mail|correo(?: electr[oó]nico)?)\s*:\s*", re.IGNORECASE)
_JOINTS = " \t\r\n,;:/|<>()[]\"'.-–·*"
_BRACKETS = (("<", ">"), ("(", ")"), ("[", "]"))
_BULLET = re.compile(r"[\s*•·–—-]+")
"""What stands before an entry of a list; the rules of addresses would let it be a part of one."""

_NUMBER = re.compile(
    r"\+?\(?\d[\d ().\u00a0\u2011–-]*\d(?:\s*(?:ext(?:ensi[oó]n)?|x|anexo|interno)\.?\s*:?\s*\d{1,6})?", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_EXTENSION = re.compile(r"(?:ext(?:ensi[oó]n)?|x|anexo|interno)\.?\s*:?\s*\d{1,6}", re.IGNORECASE)
_DASH = re.compile(r" +[-–] +")
_LAST_WORD = re.compile(r"([^\W\d_]+)[\s.:]*$")
_APART = re.compile(r"[/;,|\n]|:::|\b(?:or|and|o|y)\b", re.IGNORECASE)
_FEWEST, _MOST, _ALONE = 6, 15, 7
"""A number has so many digits at least and at most; numbers that only a blank parts have this many at least each."""

_FAXES = ("fax", "pager", "beeper", "busca", "localizador", "telex")
_MOBILES = ("mobile", "mobil", "movil", "cell", "celular", "iphone", "whatsapp")
_LABEL_WORDS = (
    "phone phones telephone tel tlf tfno telf telefono telefonos work main office home business number no num mobile"
    " mobil movil moviles cell cellphone celular whatsapp fax pager trabajo oficina casa principal fijo empresa primary"
    " direct directo landline p m t h w"
)
_LABELS = frozenset(_LABEL_WORDS.split())


class Beside(NamedTuple):
    """What a cell says: the `value` that is taken ("" for none), a number that is labelled as a `mobile`, and the
    text that is `left_out`."""

    value: str
    left_out: str = ""
    mobile: str = ""


_AROUND = (" .-()*", " -()*", "")
"""Signs that may stand around such a word; "n.a." keeps its points."""


def says_nothing(value: str) -> bool:
    """Whether a cell says in words or signs that there is nothing: "-", "n/a", "no tiene"."""
    folded = fold(value)
    return not any(map(str.isalnum, value)) or any(folded.strip(signs) in NOTHING for signs in _AROUND)


def the_email(value: str) -> Beside:
    """The first address in a cell, and what stands beside it. A cell in which no address can be used stays whole."""
    if "@" not in value:
        return Beside("", value) if says_nothing(value) else Beside(value)
    from clientdesk.domain.contact import check_email

    if bullet := _BULLET.match(value):
        value = value[bullet.end() :]
    if check_email(value) is None:
        return Beside(value)
    for match in _ADDRESS.finditer(value):
        address = match.group().strip(".'`*")
        if check_email(address) is None:
            around = value[: match.start()], value[match.end() :]
            beside = [_closed(_BEFORE_ADDRESS.sub("", part).strip(_JOINTS)) for part in around]
            return Beside(address, ", ".join(part for part in beside if part))
    return Beside(value)


def _closed(text: str) -> str:
    """A piece of a cell with the brackets that were cut off at its ends: "Luis <l@x.es" is "Luis <l@x.es>"."""
    for opening, closing in _BRACKETS:
        missing = text.count(opening) - text.count(closing)
        text = f"{opening * -missing}{text}{closing * missing}"
    return text


def is_fax(label: str) -> bool:
    """Whether a label says that the number is a fax or a pager."""
    folded = fold(label)
    return folded.strip(".: ") == "f" or any(word in folded for word in _FAXES)


def is_mobile(label: str) -> bool:
    """Whether a label says that the number is a mobile phone."""
    folded = fold(label)
    return folded.strip(".: ") == "m" or any(word in folded for word in _MOBILES)


class _Labelled(NamedTuple):
    """A number with what stands before and behind it."""

    number: str
    label: str


def the_phone(value: str, *, mobile: bool = False) -> Beside:
    """The phone number in a cell (with `mobile`, the mobile phone), and what stands beside it.

    Of several numbers the first counts that is neither a fax nor labelled as the other kind. A cell that is one number
    and nothing else, or in which no number can be made out, stays whole.
    """
    if says_nothing(value):
        return Beside("", value)
    numbers = _numbers(value)
    several = len(numbers) > 1
    if not numbers or (not several and not _LETTER.search(_EXTENSION.sub("", value))):
        return Beside(value)
    faxes = [number for number in numbers if is_fax(number.label)]
    mobiles = [number for number in numbers if number not in faxes and is_mobile(number.label)]
    others = [number for number in numbers if number not in faxes and number not in mobiles]
    if mobile:
        wanted, second = (mobiles or others)[:1], []
    else:
        wanted, second = others[:1], mobiles[:1]
    beside = [_in_full(number) for number in numbers if number not in wanted and number not in second]
    beside += [words for number in (*wanted, *second) if (words := _more_than_a_label(number.label))]
    return Beside(wanted[0].number if wanted else "", ", ".join(beside), second[0].number if second else "")


def _in_full(number: _Labelled) -> str:
    return f"{number.label} {number.number}".strip()


def _more_than_a_label(label: str) -> str:
    words = re.findall(r"\w+", fold(label))
    return "" if all(word in _LABELS or word.isdigit() for word in words) else label


def _numbers(value: str) -> list[_Labelled]:
    """The numbers of a cell, each with the words that belong to it."""
    spans = [span for match in _NUMBER.finditer(value) for span in _parted(value, match.start(), match.end())]
    spans = [
        (start, end)
        for start, end in spans
        if len(_DIGIT.findall(value[start:end])) >= _FEWEST or is_fax(_word_before(value, start))
    ]
    labels = [["", ""] for _span in spans]
    for place in range(len(spans) + 1):
        gap = value[spans[place - 1][1] if place else 0 : spans[place][0] if place < len(spans) else len(value)]
        if not spans:
            break
        pieces = _APART.split(gap)
        behind, before = (pieces[0], pieces[-1]) if len(pieces) > 1 else ("", gap)
        if len(pieces) == 1 and place == len(spans):
            behind, before = gap, ""
        elif len(pieces) == 1 and place and gap.lstrip().startswith("("):  # what stands in brackets is said behind
            behind, _bracket, before = gap.partition(")")
        if place:
            labels[place - 1][1] = behind.strip(_JOINTS)
        if place < len(spans):
            labels[place][0] = (before if place or len(pieces) == 1 else gap).strip(_JOINTS)
    return [
        _Labelled(value[start:end].strip(" -–."), " ".join(filter(None, label)))
        for (start, end), label in zip(spans, labels, strict=True)
    ]


def _word_before(value: str, start: int) -> str:
    """The word that stands directly before a number, as its label."""
    words = _LAST_WORD.search(value[:start])
    return words[1] if words else ""


def _parted(value: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where a run of digits is several numbers with blanks between them: each of them."""
    text = value[start:end]
    if len(_DIGIT.findall(text)) <= _MOST and " +" not in text:
        return [(start, end)]
    for between in (r" +(?=\+)", _DASH, r"\s+"):
        edges = [(0, 0), *(match.span() for match in re.finditer(between, text)), (len(text), len(text))]
        parts = [(before[1], behind[0]) for before, behind in pairwise(edges)]
        if len(parts) > 1 and all(len(_DIGIT.findall(text[first:last])) >= _ALONE for first, last in parts):
            return [(start + first, start + last) for first, last in parts]
    return [(start, end)]
