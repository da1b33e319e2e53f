"""Who works in a firm, and its client types: as the firm keeps them, with how many clients each has."""

from typing import NamedTuple

from clientdesk.domain.access import Access


class Member(NamedTuple):
    """A team member. `login` is the operating-system account; `clients` how many active clients they lead."""

    id: int
    version: int
    name: str
    email: str
    login: str
    access: Access
    active: bool
    clients: int = 0


class ClientType(NamedTuple):
    """An entry of the firm's list of client types, and how many clients are of it."""

    id: int
    version: int
    name: str
    clients: int = 0
