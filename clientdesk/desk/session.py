"""An open firm with the person who works in it, and the frame of every use case.

`reads` and `changes` turn a function into a use case: they check the access, turn the database's errors
into sentences, and give a writing one its transaction, its change set and its history.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Self, TypeVar

from clientdesk.desk.kinds import KINDS
from clientdesk.desk.records import FirmInfo, Member
from clientdesk.domain.access import Access, Action, may
from clientdesk.domain.problems import refuse
from clientdesk.store import firm as firm_rows
from clientdesk.store import history
from clientdesk.store.engines import Engine, Interrupted

__all__ = ["Interrupted", "Session", "changes", "reads"]

P = ParamSpec("P")
R = TypeVar("R")


class Session:
    """An open firm and who works in it. One thread uses it at a time; `interrupt` may come from another."""

    def __init__(self, engine: Engine, login: str) -> None:
        self.engine = engine
        self.login = login
        self.location = engine.location
        self.refresh()

    def refresh(self) -> None:
        """Reads the firm and you again. Refuses an account that the firm does not know, or that is inactive."""
        row = firm_rows.firm(self.engine)
        self.firm = FirmInfo(
            row.version, row.name, row.primary_admin, row.offered_to_id, row.client_notice, row.upload_limit
        )
        found = firm_rows.member_by_login(self.engine, self.login)
        if found is None:
            raise refuse("unknown_account", firm=row.name, login=self.login, admin=row.primary_admin)
        self.me = member_record(found)
        if not found.active:
            raise refuse("inactive_member", admin=row.primary_admin)

    def allows(self, action: Action) -> bool:
        """Whether your access allows an action, as far as was read last."""
        return may(self.me.access, action)

    def demand(self, action: Action) -> None:
        """Refuses an action that your access does not allow, saying whom to ask."""
        if not self.allows(action):
            raise refuse("not_allowed", access=self.me.access.label, action=action.value, admin=self.firm.primary_admin)

    def interrupt(self) -> None:
        """Stops what is running: it raises Interrupted, and so does all else until `resume`. From any thread."""
        self.engine.interrupt()

    def resume(self) -> None:
        """Ends an interrupt, before the next job begins."""
        self.engine.resume()

    def close(self) -> None:
        """Closes the firm."""
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def member_record(row: firm_rows.MemberRow) -> Member:
    """A team member's row as the desk hands it out."""
    return Member(row.id, row.version, row.name, row.email, row.login, Access(row.access), row.active, row.clients)


def reads(function: Callable[Concatenate[Session, P], R]) -> Callable[Concatenate[Session, P], R]:
    """A use case that only reads: anyone in the team may, and a failure is one sentence."""

    @wraps(function)
    def use_case(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with session.engine.errors():
            return function(session, *args, **kwargs)

    return use_case


def changes(
    kind: str, action: Action | None, *, bulk: bool = False
) -> Callable[[Callable[Concatenate[Session, P], R]], Callable[Concatenate[Session, P], R]]:
    """A use case that writes: one transaction, one change set of a kind, after the access check.

    Your access is read again inside the transaction, so that what was taken away meanwhile counts. A use
    case that turns out to change nothing leaves nothing behind. `action` is None where the use case
    itself decides who may. `bulk` is for many thousand rows at once.
    """
    assert kind in KINDS, kind

    def frame(function: Callable[Concatenate[Session, P], R]) -> Callable[Concatenate[Session, P], R]:
        @wraps(function)
        def use_case(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> R:
            engine = session.engine
            try:
                with engine.errors(), engine.writing(bulk):
                    session.refresh()
                    if action is not None:
                        session.demand(action)
                    change_set = history.begin(engine, session.me.id, kind, session.me.access.value)
                    result = function(session, *args, **kwargs)
                    if not history.seal(engine, change_set):
                        raise _NothingChanged(result)
            except _NothingChanged as nothing:
                return nothing.result  # type: ignore[return-value]  # what the function returned
            with engine.errors():
                session.refresh()
            return result

        return use_case

    return frame


class _NothingChanged(Exception):
    """Rolls a transaction back that changed nothing, so that no empty change set stays."""

    def __init__(self, result: object) -> None:
        self.result = result
