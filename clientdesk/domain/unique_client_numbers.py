"""A client number is borne by one client only: who may take which, and what is said to who may not.

What makes two numbers the same is `fold.number_key`; each database has a unique index over it besides. A number that
another client bears may be taken where that one gives it up: two that swap, or a ring, are fine.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from typing import NamedTuple

from clientdesk.domain.problems import Problem, problem
from clientdesk.domain.rules import called


def number_taken(number: str, holder: str) -> Problem:
    """The refusal of a number that the client named `holder` keeps, or takes before."""
    return problem("number_taken", "client_number", number=number, holder=called(holder))


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


class Want(NamedTuple):
    """Which number a client (0: a new one) shall have: the number's key ("" for none), and who bears it now (0: nobody)."""

    client: int
    number: str
    holder: int


def without_their_number(wants: Mapping[int, Want]) -> dict[int, int | None]:
    """The rows of `wants` that do not get the number they want, each with the row that takes it before; None where its
    holder keeps it. A number goes to the first that takes it, once whoever bears it gives it up."""
    refused: dict[int, int | None] = {}
    while True:
        granted = {row: want for row, want in wants.items() if row not in refused}
        leaving = {want.client for want in granted.values() if want.client}
        wishes = (
            Wish(row, want.client, want.holder)
            for row, want in granted.items()
            if want.number and want.holder not in (0, want.client)
        )
        refused_now: dict[int, int | None] = dict.fromkeys(hopeless(wishes, leaving))
        takers: dict[str, int] = {}
        for row, want in granted.items():
            if want.number and row not in refused_now and (taker := takers.setdefault(want.number, row)) != row:
                refused_now[row] = taker
        if not refused_now:
            return refused
        refused |= refused_now
