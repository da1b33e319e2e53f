"""Where the words of a search stand in a text as a person reads it."""

from collections.abc import Iterable

from clientdesk.domain.fold import fold

Span = tuple[int, int]
"""The places of the first character and of the one behind the last."""


def spans(text: str, words: Iterable[str]) -> list[Span]:
    """Where folded `words` occur in `text`, in order and without overlaps. A character that folds to several letters
    is taken whole."""
    letters, origins = [], []
    for place, character in enumerate(text):
        folded = " " if character.isspace() else fold(character)
        letters.append(folded)
        origins += [place] * len(folded)
    folded_text = "".join(letters)
    places: set[int] = set()
    for word in words:
        start = folded_text.find(word)
        while start >= 0:
            places.update(range(origins[start], origins[start + len(word) - 1] + 1))
            start = folded_text.find(word, start + len(word))
    joined: list[Span] = []
    for place in sorted(places):
        if joined and joined[-1][1] == place:
            joined[-1] = (joined[-1][0], place + 1)
        else:
            joined.append((place, place + 1))
    return joined
