"""No two clients of a firm have the same client number (`fold.number_key` says what makes two the same): here it is
decided who gets a number that several want, and how a refusal is worded.

Who bears numbers now is asked of the firm by `store.clients`. `store.entities` declares the column of `number_key`
unique: the databases' triggers are made from that, and their unique index is held to it by a test.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

from clientdesk.domain.fold import number_key
from clientdesk.domain.problems import Problem, problem
from clientdesk.domain.rules import called
from clientdesk.named_tuple import NamedTuple

NUMBER_KEY = "number_key"
"""The column of the clients that holds what `number_key` says of their numbers."""

Holder = tuple[int, str]
"""Id and display name of the client that bears a number."""
Holders = Mapping[str, Holder]
"""The clients that bear numbers now, by the keys of the numbers."""
NOBODY: Holder = (0, "")


def holder_of(number: str, holders: Holders) -> Holder:
    """The client that bears a number; NOBODY where none does, or it is no number."""
    key = number_key(number)
    return holders.get(key, NOBODY) if key else NOBODY


def number_taken(number: str, holder_name: str) -> Problem:
    """The refusal of a number that another client keeps."""
    return problem("number_taken", "client_number", number=number, holder=called(holder_name))


def number_twice(number: str, lines: str) -> Problem:
    """The refusal of a row of a file where other rows, on these lines, give the same number to other clients."""
    return problem("duplicate_number_in_file", "client_number", number=number, lines=lines)


# --- several that want numbers at once


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


class Claim(NamedTuple):
    """That a row gives a client (id, 0 for a new one; its name) another number than it bears, "" for none."""

    row: int
    client: int
    name: str
    number: str


def refused_claims(claims: Sequence[Claim], holders: Holders) -> dict[int, Problem]:
    """Why rows do not get their numbers, by row: a number goes to the first that claims it, once whoever bears it gives
    it up."""
    refused: dict[int, Problem] = {}
    waiting = list(claims)
    while True:
        leaving = {claim.client for claim in waiting if claim.client}
        wishes = [
            Wish(claim.row, claim.client, holder)
            for claim in waiting
            if (holder := holder_of(claim.number, holders)[0]) not in (0, claim.client)
        ]
        kept = hopeless(wishes, leaving)
        refusals = {}
        first: dict[str, Claim] = {}
        for claim in waiting:
            if claim.row in kept:
                refusals[claim.row] = number_taken(claim.number, holder_of(claim.number, holders)[1])
            elif key := number_key(claim.number):
                if key in first:
                    refusals[claim.row] = number_taken(claim.number, first[key].name)
                else:
                    first[key] = claim
        if not refusals:
            return refused
        refused |= refusals
        waiting = [claim for claim in waiting if claim.row not in refused]
