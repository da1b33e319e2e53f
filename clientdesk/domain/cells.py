"""Cells of files that spreadsheets open: text that must not become a formula, and text that looks like other text."""

import re
import unicodedata

_FORMULA = "=+\\-@＝＋－＠"
_DANGEROUS = re.compile(f"'*[{_FORMULA}\t\r\n]")
_RESTORED = re.compile(f"'+[{_FORMULA}]|''+[\t\r\n]")
_STARTS = frozenset("'=+-@＝＋－＠\t\r\n")
_FORMULA_STARTS = frozenset("=+-@＝＋－＠")

_FOREIGN = re.compile("[\u0370-\u052f\u1c80-\u1c8f\u1d26-\u1d2b\u1f00-\u1fff\u2126\u2de0-\u2dff\ua640-\ua69f]")
_WORDS = re.compile(r"[\w\u0300-\u036f]+")
# Letters of Cyrillic and Greek that nobody can tell from Latin ones.
_ALIKE = frozenset("АВЕЅІЈКМНОРСТУХҮҺӀԌԚԜаеорсухѕіјһӏԁԛԝѵΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿονϲϳ")


def neutral(cell: str) -> str:
    """A cell as spreadsheets take it for text.

    One ' stands before what begins, after any ', with = + - @ or their full-width forms, a tab or a line end. All
    else stays. `restored` takes it off again.
    """
    return f"'{cell}" if cell[:1] in _STARTS and _DANGEROUS.match(cell) else cell


def restored(cell: str) -> str:
    """A cell as it was before `neutral`: without exactly one ' where any ' stand before = + - @ or their full-width
    forms.

    A single ' before a tab or a line end stays, since no text of ours begins so; of several, one is taken off.
    """
    return cell[1:] if cell[:1] == "'" and _RESTORED.match(cell) else cell


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
    among_ascii = any(each.isascii() and each.isalnum() for each in text)
    return among_ascii and any(
        (alike := sum(each in _ALIKE for each in piece)) and (alike == 1 or any(map(_plain, piece)))
        for piece in text.split()
    )


def _plain(character: str) -> bool:
    return character.isascii() and character.isalnum()
