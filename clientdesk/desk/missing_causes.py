"""Why a client is not in the list: the causes, as plain values that screens and the command line read."""

from collections.abc import Mapping
from typing import NamedTuple

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.filters import Filter
from clientdesk.domain.problems import Problem
from clientdesk.store.missing_clients import Called as Called


class Hiding(NamedTuple):
    """What keeps a client out of the list: the filters that it does not meet, and whether the search does not find it."""

    filters: tuple[Filter, ...] = ()
    by_search: bool = False

    def lifted(self, query: ClientQuery) -> ClientQuery:
        """The same list without what hides the client."""
        filters = tuple(on for on in query.filters if on not in self.filters)
        return query._replace(filters=filters, find="" if self.by_search else query.find)


class Listed(NamedTuple):
    """The client is in the list."""

    client: Called


class Hidden(NamedTuple):
    """The client is in the firm, and something hides it."""

    client: Called
    hiding: Hiding


class Inactive(NamedTuple):
    """The client is hidden because it is inactive: since when (ISO 8601, UTC) and by whom, "" where no history says so.
    `hiding` names what hides it besides."""

    client: Called
    hiding: Hiding
    at: str
    who: str


class Near(NamedTuple):
    """A client whose name is `slips` from what was typed (0: but for the company form, signs or the order of its words),
    or whose number is nearly the one that was typed (`by_number`)."""

    client: Called
    hiding: Hiding
    slips: int
    by_number: bool


class Renamed(NamedTuple):
    """A client that was called so until its name, or its number, was changed: what it was called, when that was changed
    (ISO 8601, UTC) and by whom."""

    client: Called
    hiding: Hiding
    was: str
    at: str
    who: str


class Gone(NamedTuple):
    """A client that was taken out of the firm: when (ISO 8601, UTC), by whom, and in which change set.

    `firm` is where it was moved to, `undone` what was undone by that: the title, with the file of an import, and the
    number `undone_change`; "" where it was deleted permanently. `is_near` says that its name is only near the typed one;
    `may_be_undone` that you may take the change back; `was` what it was called before its last name or number, where that
    was typed.
    """

    client: Called
    at: str
    who: str
    change: int
    firm: str = ""
    undone: str = ""
    undone_change: int = 0
    is_near: bool = False
    may_be_undone: bool = False
    was: str = ""


class RefusedRow(NamedTuple):
    """A row that an import refused: the number of its run, its file, when (ISO 8601, UTC) and by whom, the place and the
    line of the row, what it begins with, and why (None where that cannot be read); `is_called_so` where one of its cells is
    just what was typed."""

    run: int
    file: str
    at: str
    who: str
    place: int
    line: int
    cells: str
    problem: Problem | None
    is_called_so: bool = False


class Elsewhere(NamedTuple):
    """A client of another firm of yours."""

    client: Called
    firm: str
    location: str


class NotLooked(NamedTuple):
    """Firms that were not looked through, as that may take long: on servers, and in files on a network."""

    locations: tuple[str, ...]


class Unread(NamedTuple):
    """A firm that cannot be looked through now, and why."""

    location: str
    problem: Problem


class NeverSeen(NamedTuple):
    """Nobody ever was called so, as far as is known: so many clients, such as are gone (deleted, moved, or taken
    back by an undo), refused rows and other firms were looked through. What clients were called before was asked of the last entries of the history only, so many; 0: of all."""

    clients: int
    gone: int
    refused: int
    firms: int = 0
    looked_back: int = 0


Cause = Listed | Hidden | Inactive | Renamed | Near | Gone | RefusedRow | Elsewhere | NotLooked | Unread | NeverSeen


class Answer(NamedTuple):
    """Why a client is not in the list. `more` says how many further ones there are of a kind of cause, by its class, or,
    where they `are_at_least` so many, how many of them were looked at; `looked` what was looked through."""

    causes: tuple[Cause, ...]
    more: Mapping[type, int]
    are_at_least: bool
    looked: NeverSeen
