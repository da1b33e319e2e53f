"""Who may take a client number that another client bears: two that swap, or a ring, are fine."""

from collections import defaultdict
from collections.abc import Iterable, Set
from typing import NamedTuple


class Wish(NamedTuple):
    """A row whose client (0: a new one) wants the number that another client, the holder, bears now."""

    row: int
    client: int
    holder: int


def hopeless(wishes: Iterable[Wish], leaving: Set[int]) -> dict[int, Wish]:
    """The wishes, by row, that cannot be granted in the end: the holder keeps the number.

    `leaving` are the clients that give their number up, if their own row is granted. A client whose wish is refused
    keeps its old number after all, so whoever counted on that number is refused too, until nothing changes.
    """
    waiting: defaultdict[int, list[Wish]] = defaultdict(list)
    refused: dict[int, Wish] = {}
    keeping: list[Wish] = []
    for wish in wishes:
        waiting[wish.holder].append(wish)
        if wish.holder not in leaving:
            keeping.append(wish)
    while keeping:
        wish = keeping.pop()
        if wish.row not in refused:
            refused[wish.row] = wish
            if wish.client:
                keeping += waiting.get(wish.client, ())
    return refused
