"""Cells of files that spreadsheets open: text that must not become a formula, and text that looks like other text."""

import re
import unicodedata

_FORMULA = "=+\\-@＝＋－＠"
_DANGEROUS = re.compile(f"'*[{_FORMULA}\t\r\n]")
_STARTS = frozenset("'=+-@＝＋－＠\t\r\n")
_FORMULA_STARTS = frozenset("=+-@＝＋－＠")
_PHONE = re.compile(r"\+[ \u00a0()-]*[0-9][0-9 \u00a0()-]*")
# What programs write around digits so that a spreadsheet keeps them: ="00043" and =T("00043").
_PROTECTED = re.compile(r'\s*=\s*(?:"((?:[^"]++|"")*+)"|T\s*\(\s*"((?:[^"]++|"")*+)"\s*\))\s*', re.IGNORECASE)

_FOREIGN = re.compile("[\u0370-\u052f\u1c80-\u1c8f\u1d26-\u1d2b\u1f00-\u1fff\u2126\u2de0-\u2dff\ua640-\ua69f]")
_WORDS = re.compile(r"[\w\u0300-\u036f]+")
# Letters of Cyrillic and Greek that nobody can tell from Latin ones.
_ALIKE = frozenset("АВЕЅІЈКМНОРСТУХҮҺӀԌԚԜаеорсухѕіјһӏԁԛԝѵΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿονϲϳ")


def neutral(cell: str) -> str:
    """A cell of a CSV as spreadsheets take it for text.

    One ' stands before what begins, after any ', with = + - @ or their full-width forms, a tab or a line end. A phone
    number stays as it is: + before digits, blanks, brackets and hyphens only. So does all else. `restored` takes the '
    off again.
    """
    if cell[:1] not in _STARTS or not _DANGEROUS.match(cell) or _PHONE.fullmatch(cell):
        return cell
    return f"'{cell}"


def restored(cell: str) -> str:
    """A cell of a CSV as it was before it was made safe for spreadsheets, by `neutral` or by another program.

    Exactly one ' is taken off where any ' stand before = + - @, their full-width forms, a tab or a line end; else what
    stands around a text in ="00043" and =T("00043").
    """
    if cell[:1] == "'":
        return cell[1:] if _DANGEROUS.match(cell) else cell
    if '"' in cell and (protected := _PROTECTED.fullmatch(cell)):
        return (protected[1] if protected[2] is None else protected[2]).replace('""', '"')
    return cell


def formula_like(cell: str) -> bool:
    """Whether a spreadsheet would take the cell for a formula."""
    return cell[:1] in _FORMULA_STARTS


def mixed_script(text: str) -> bool:
    """Whether Cyrillic or Greek letters of the text may pass for Latin ones.

    They do where a word has Latin letters too ("Сompany" with a Cyrillic С), and where all of them look Latin and
    stand alone or beside digits ("С-1001"), in a text that has nothing else of their script. A word of another script
    alone gives no reason to look twice.
    """
    if text.isascii() or not _FOREIGN.search(text):
        return False
    text = unicodedata.normalize("NFD", text)  # marks apart: Ё is a Е that looks Latin
    return any(_mixed(word) for word in _WORDS.findall(text)) or _posing(text)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _mixed(word: str) -> bool:
    scripts = {_script(letter) for letter in word if letter.isalpha()}
    return "LATIN" in scripts and not scripts.isdisjoint(("CYRILLIC", "GREEK"))


def _posing(text: str) -> bool:
    """Whether all letters are Latin or look so, and some that look so stand alone or in one piece with ASCII."""
    letters = [letter for letter in text if letter.isalpha()]
    if not all(letter in _ALIKE or _script(letter) == "LATIN" for letter in letters):
        return False
    among_ascii = any(character.isascii() and character.isalnum() for character in text)
    return among_ascii and any(
        (alike := sum(character in _ALIKE for character in piece)) and (alike == 1 or any(map(_plain, piece)))
        for piece in text.split()
    )


def _plain(character: str) -> bool:
    return character.isascii() and character.isalnum()
