"""Who works in a firm, and its client types: as the firm keeps them, with how many clients each has."""

from clientdesk.domain.access import Access
from clientdesk.named_tuple import NamedTuple


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
