"""The plan of a transfer between two firms: chosen, judged, shown, applied."""

from collections.abc import Sequence
from typing import Self

from clientdesk.desk import transfer
from clientdesk.desk.session import Session
from clientdesk.desk.transfer import Chosen, How, Outcome, Progress
from clientdesk.domain.query import ClientQuery


class Transfer:
    """Clients of an open firm on their way into another one. `plan` is what was judged last.

    Who is chosen is settled by `choose_list` or `choose_keys`; `judge` writes nothing; `apply` judges each client again
    inside the writing transactions, so that what changed meanwhile is refused and nothing else.
    """

    def __init__(self, session: Session, other: Session, how: How) -> None:
        self.session = session
        self.other = other
        self.how = how
        self.chosen: Sequence[Chosen] = ()
        self.plan = Outcome()

    @classmethod
    def open(cls, session: Session, location: str, how: How) -> Self:
        """Opens the other firm. Refused like any opening, and where it is the firm that the clients are in."""
        return cls(session, transfer.open_other(session, location), how)

    def choose_list(self, query: ClientQuery) -> None:
        """All clients of a list."""
        self.chosen = transfer.in_list(self.session, query)

    def choose_keys(self, keys: Sequence[str]) -> None:
        """The clients with these Company IDs or client numbers. Refused where one of them is not there."""
        self.chosen = transfer.named(self.session, self.other, keys, self.how)

    def judge(self, told: Progress | None = None) -> Outcome:
        """The dry run: what would become of each client now. `told` hears how many are done, of how many."""
        self.plan = transfer.plan(self.session, self.other, self.chosen, self.how, told)
        return self.plan

    def apply(self, told: Progress | None = None) -> Outcome:
        """Writes, and says what became of the clients."""
        return transfer.transfer(self.session, self.other, self.chosen, self.how, told)

    def close(self) -> None:
        """Closes the other firm."""
        self.other.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()
