"""Where the words of a search stand in a text as a person reads it, and in which field of a client."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fold import bare, fold

Span = tuple[int, int]
"""The places of the first character and of the one behind the last."""


@lru_cache(maxsize=2_048)
def fold_with_places(text: str) -> tuple[str, tuple[int, ...]]:
    """`fold(text)`, and for each of its letters the place in `text` of the character that it came from."""
    if text.isascii() and (letters_only := text.lower()) == fold(text):
        return letters_only, tuple(range(len(text)))
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in character.lower() if character.isascii() else bare(character):
            if not letter.isspace():
                letters.append(letter)
                places.append(place)
            elif letters and letters[-1] != " ":
                letters.append(" ")
                places.append(place)
    if letters and letters[-1] == " ":
        del letters[-1], places[-1]
    return "".join(letters), tuple(places)


def _digits_with_places(text: str) -> tuple[str, tuple[int, ...]]:
    places = tuple(place for place, character in enumerate(text) if character.isdecimal())
    return "".join(text[place] for place in places), places


def spans(text: str, words: Iterable[str], *, digits: bool = False) -> list[Span]:
    """Where the folded `words` occur in `text`, in order and without overlaps.

    Each span folds to something that contains the word: a character that folds to several letters, and the accents
    behind one, are taken whole. Of a word of a single letter, which is everywhere, the first place tells enough.
    With `digits`, also where only the digits of the text make the word (a phone).
    """
    places: list[Span] = []
    for word in words:
        if word in fold(text):
            places += _occurrences(text, *fold_with_places(text), word)
        elif digits:
            places += _occurrences(text, *_digits_with_places(text), word)
    return _joined(sorted(places)) if places else places


def _occurrences(text: str, letters: str, places: Sequence[int], word: str) -> list[Span]:
    found_spans = []
    at = letters.find(word)
    while at >= 0:
        end = places[at + len(word) - 1] + 1
        while end < len(text) and not bare(text[end]):
            end += 1
        found_spans.append((places[at], end))
        at = letters.find(word, at + len(word)) if len(word) > 1 else -1
    return found_spans


def _joined(ordered: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in ordered:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def occurs(value: str, word: str, *, digits: bool = False) -> bool:
    """Whether a folded word occurs in a value."""
    return word in fold(value) or (digits and word in _digits_with_places(value)[0])


def in_digits(name: str) -> bool:
    """Whether a field is looked through by its digits, too."""
    return name == "phone"


def fields_with(values: Mapping[str, str], words: Iterable[str]) -> dict[str, str]:
    """The first field in which each of the words occurs, by word; a word that is in none of `values` has none."""
    field_of_word: dict[str, str] = {}
    for word in words:
        for name in BUILT_IN.searched:
            if occurs(values.get(name, ""), word, digits=in_digits(name)):
                field_of_word[word] = name
                break
    return field_of_word
