"""Names and numbers that are nearly the one that was typed: how many slips of the pen are between them.

A slip is a letter too many, one too few, another one, or two neighbours that have changed places.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from string import ascii_lowercase
from typing import NamedTuple

from clientdesk.domain.company_forms import words_of
from clientdesk.domain.fold import fold, number_key

MOST_SLIPS = 2
_ONE_SLIP_FROM, _TWO_SLIPS_FROM = 4, 9
"""A word has to be that long for one slip, or two, in it: another slip makes another word."""
_SHORTEST = 3
"""Letters that a piece of a word has at least, so that an index of three-letter pieces finds it."""
LONGEST_NUMBER = 20
"""A longer text is no number of a client that somebody has mistyped."""


class Distances(NamedTuple):
    """The slips between a word and another one, and between it and the beginning of that which is nearest."""

    whole: int
    beginning: int


_FAR = Distances(MOST_SLIPS + 1, MOST_SLIPS + 1)


def distances(word: str, other: str, most: int = MOST_SLIPS) -> Distances:
    """How many slips are between two words; `most` + 1 where there are more."""
    far = most + 1
    if word == other:
        return Distances(0, 0)
    if len(word) - len(other) > most:
        return Distances(far, far)
    other = other[: len(word) + far]  # no slips reach further
    two_before: list[int] = []
    before = list(range(len(other) + 1))
    for row, letter in enumerate(word, 1):
        present = [row]
        for column, other_letter in enumerate(other, 1):
            if letter == other_letter:
                slips = before[column - 1]
            else:
                slips = 1 + min(before[column - 1], before[column], present[-1])
                if (
                    row > 1
                    and column > 1
                    and letter == other[column - 2]
                    and word[row - 2] == other_letter
                    and two_before[column - 2] < slips
                ):
                    slips = two_before[column - 2] + 1
            present.append(slips)
        if min(present) > most and min(before) > most:
            return Distances(far, far)
        two_before, before = before, present
    return Distances(min(before[-1], far), min(*before, far))


def allowed(word: str) -> int:
    """How many slips there may be in a word. In one with digits there is none: another number means something else (of a
    client's number see `near_numbers`)."""
    return (
        0
        if len(word) < _ONE_SLIP_FROM or any(map(str.isdecimal, word))
        else 1
        if len(word) < _TWO_SLIPS_FROM
        else MOST_SLIPS
    )


class Nearness(NamedTuple):
    """How near a name is to the typed one; of two the lesser is nearer. `slips` is 0 where only the company form, signs
    or the order of the words differ; `more` counts the letters of it that were not typed."""

    slips: int
    more: int


class NearName:
    """A name as it was typed, which is held against many others."""

    def __init__(self, typed: str) -> None:
        self.words = words_of(fold(typed))
        self._joined = "".join(self.words)
        self._parts = [[piece.strip(" ,") for piece in _pieces(word)] for word in self.words]
        self._slips: dict[tuple[int, str], Distances] = {}

    def nearness(self, folded_name: str) -> Nearness | None:
        """How near a folded name is; None where it is not."""
        others = words_of(folded_name)
        joined = "".join(others)
        slips = self._by_words(others)
        most = allowed(self._joined)
        if slips != 0 and len(others) != len(self.words) and abs(len(joined) - len(self._joined)) <= most:
            whole = distances(self._joined, joined, most).whole  # a blank is too many, or one is missing
            if whole <= most and (slips is None or whole < slips):
                slips = whole
        return None if slips is None else Nearness(slips, max(0, len(joined) - len(self._joined)))

    def _by_words(self, others: Sequence[str]) -> int | None:
        """The slips between the typed words and as many of the others, in any order; None where one has none near."""
        left, total = list(others), 0
        for place, word in enumerate(self.words):
            may_go_on = place == len(self.words) - 1
            nearest, slips = "", MOST_SLIPS + 1
            for other in left:
                between = self._between(place, word, other)
                fewest = min(between) if may_go_on else between.whole
                if fewest < slips and fewest <= allowed(max(word, other, key=len)):
                    nearest, slips = other, fewest
            if not nearest:
                return None
            left.remove(nearest)
            total += slips
        return total if total <= MOST_SLIPS and self.words else None

    def _between(self, place: int, word: str, other: str) -> Distances:
        """The distances between a typed word and another one; the same words come again and again."""
        between = self._slips.get((place, other))
        if between is None:
            has_piece = any(piece in other for piece in self._parts[place])  # most words have none: that is soon told
            between = distances(word, other) if has_piece else _FAR
            self._slips[place, other] = between
        return between

    @property
    def pieces(self) -> tuple[tuple[str, ...], ...]:
        """For each longer typed word pieces, at least one of which every text has where that word is near, unless it
        begins with the word (see `beginnings`). None where all words are too short."""
        return tuple(tuple(_pieces(word)) for word in self.words if len(word) >= _SHORTEST)

    @property
    def beginnings(self) -> tuple[str, ...]:
        """With what a name begins that has one of the shorter words at its beginning, which no piece tells."""
        return tuple(word[:2] for word in self.words if _ONE_SLIP_FROM <= len(word) < 2 * _SHORTEST)


def _pieces(word: str) -> Iterator[str]:
    """A word in one part more than it may have slips: one of them is whole. Where neighbours changed places at a border,
    these with the letters around them are."""
    slips = allowed(word)
    if not slips:
        yield word
        return
    borders = [len(word) * part // (slips + 1) for part in range(slips + 2)]
    for start, end in pairwise(borders):
        piece = word[start:end]
        if len(piece) >= _SHORTEST:
            yield piece
        else:  # what stands beside the word makes it long enough
            yield from (f"{piece} ", f"{piece},") if start else (f" {piece}",)
    for border in borders[1:-1]:
        before, after = word[max(0, border - 2) : border - 1], word[border + 1 : border + 2]
        yield f"{before}{word[border]}{word[border - 1]}{after}"


@lru_cache(maxsize=4)
def near_numbers(typed: str) -> frozenset[str]:
    """All numbers, as `number_key` makes them, that are one slip from a typed one, or two of whose signs have changed
    places; none for what is no number."""
    key = number_key(typed)
    if len(key) > LONGEST_NUMBER or not any(map(str.isdigit, key)):
        return frozenset()
    signs = sorted({*ascii_lowercase, *"0123456789-./ ", *key})
    near = {key[:at] + key[at + 1 :] for at in range(len(key))}
    near |= {key[:at] + sign + key[at + 1 :] for at in range(len(key)) for sign in signs}
    near |= {key[:at] + sign + key[at:] for at in range(len(key) + 1) for sign in signs}
    for first in range(len(key)):
        for second in range(first + 1, len(key)):
            near.add(key[:first] + key[second] + key[first + 1 : second] + key[first] + key[second + 1 :])
    return frozenset(number for number in map(number_key, near) if number and number != key)
