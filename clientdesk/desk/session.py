"""An open firm with the person who works in it, and the frame of every use case.

`reads` and `changes` turn a function into a use case: they check the access, turn the database's errors
into sentences, and give a writing one its transaction, its change set and its history.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from clientdesk import saved
from clientdesk.desk.change_kinds import KINDS
from clientdesk.desk.records import FirmInfo, Member
from clientdesk.domain.access import MAY, Action
from clientdesk.domain.catalogue import Catalogue
from clientdesk.domain.own_fields import Tag
from clientdesk.domain.problems import FirmUnusable, Problem, Refused, problem, refuse
from clientdesk.named_tuple import NamedTuple
from clientdesk.store import firm as firm_rows
from clientdesk.store.engines import Engine, InDoubt, Interrupted

__all__ = ["Interrupted", "Session", "changes", "reads"]

P = ParamSpec("P")
R = TypeVar("R")
_LOOK_AGAIN = 0.25
"""So many seconds pass between two looks for a write that is in doubt."""
_OF_THE_FIRM = ("firm.", "team.", "change.", "field.", "choice.", "tag.", "template.")
"""The kinds of changes after which the firm, or you, may be others than the change itself found them."""
_OF_TEMPLATES = ("template.", "change.")
"""The kinds of changes that may have made the firm's first template."""


class _Read(NamedTuple):
    """What a session has read of its firm: the firm, you, its fields, and the state of which these are."""

    firm: FirmInfo
    me: Member
    catalogue: Catalogue
    own_fields: str


class Session:
    """An open firm and who works in it. One thread uses it at a time; `interrupt` may come from another."""

    def __init__(self, engine: Engine, login: str) -> None:
        self.engine = engine
        self.login = engine.login or login
        self.location = engine.location
        self.notices = engine.notices
        """What was noticed when the firm was opened, for the person."""
        self.doubt = ""
        """The operation of a write of which is not known yet whether it is in the firm; "" for none."""
        self.doubted_change = 0
        """The number of its change set."""
        self.patience = 0.0
        """So many seconds a write is looked for before it counts as unknown. Zero where somebody else looks on."""
        self.today: Callable[[], date] = self.day_in_firm
        """Which day it is in the firm's time zone: for filters that say so, and for what is due."""
        self._clock: tuple[timedelta, tzinfo | None] | None = None
        """See `Engine.clock`; None until it was asked."""
        self.undoes: int | None = None
        """The number of the change set that the running use case takes back."""
        self.done: set[int] = set()
        """The numbers of the change sets that were written here since the firm was opened."""
        self.known_to_stay: set[int] = set()
        """The numbers of those of which an undo, or a redo, has told since then that they cannot be taken back."""
        self._own_fields = " 0 0 0 0 0 0 0 0 0 0 0 0"
        """The state of the firm's own fields, and of its templates, of which the catalogue is."""
        self.is_renewing = False
        """Whether this session has changed templates whose clients' rows are still to be made anew."""
        self.refresh()

    def refresh(self) -> None:
        """Reads the firm and you again. Refuses an account that the firm does not know, or that is inactive."""
        self.take(self.engine.together(firm_rows.asked(self.login))[0])

    def take(self, answer: Sequence[Any]) -> int | None:
        """Takes the firm and you from an answer to `store.firm.asked`; the number of the change set that was begun.
        Refuses as `refresh` does."""
        row, member, begun, own_fields = firm_rows.answered(self.engine, answer)
        self.firm = FirmInfo(row.version, row.primary_admin, row.offered_to_id, row.settings)
        if member is None:
            raise refuse("unknown_account", firm=self.firm.name, login=self.login, admin=row.primary_admin)
        self.me = member
        if not member.active:
            raise refuse("inactive_member", admin=row.primary_admin)
        if own_fields != self._own_fields:
            self._read_catalogue()
            self._own_fields = own_fields
        return begun

    def look_at_own_fields(self) -> None:
        """Reads the firm's own fields again, where somebody has changed one."""
        from clientdesk.store import own_fields as rows

        state = rows.state_of(self.engine)
        if state != self._own_fields:
            self._read_catalogue()
            self._own_fields = state

    def read_own_fields(self) -> None:
        """Reads the firm's own fields again within a write that has changed some, or tags; once more behind it, as it may
        be rolled back."""
        self._own_fields = ""
        self._read_catalogue()

    def _read_catalogue(self) -> None:
        """Reads which fields the firm has, as one of its own is another one than before."""
        from clientdesk.domain.own_catalogue import catalogue_of  # most firms have none
        from clientdesk.store import own_fields as rows

        fields, choices, tags, templates = self.engine.together(
            *rows.asked(), rows.tags_asked(), rows.templates_asked()
        )
        own = rows.answered(fields, choices)
        self.engine.catalogue = catalogue_of(own, [Tag(*row) for row in tags], [tuple(row) for row in templates])

    def as_read(self) -> "_Read":
        """What was read of the firm."""
        return _Read(self.firm, self.me, self.catalogue, self._own_fields)

    def read_as(self, read: "_Read") -> None:
        """Takes what was read of the firm before, as what was read since is rolled back."""
        self.firm, self.me, self.engine.catalogue, self._own_fields = read

    @property
    def catalogue(self) -> Catalogue:
        """The fields of the firm's clients, as they were when the firm was read last."""
        return self.engine.catalogue

    def day_in_firm(self) -> date:
        """Which day it is in the firm's time zone, by the clock of its server where it is on one."""
        from clientdesk.domain.time_zones import day_of  # most lists say nothing of today

        if self._clock is None:
            self._clock = self.engine.clock()
        ahead, its_zone = self._clock
        return day_of((datetime.now(UTC) + ahead).astimezone(its_zone), str(self.firm.settings["time_zone"]))

    def allows(self, action: Action) -> bool:
        """Whether your access allows an action, as far as was read last."""
        return self.me.access in MAY[action]

    def demand(self, action: Action) -> None:
        """Refuses an action that your access does not allow, saying whom to ask."""
        if self.me.access not in MAY[action]:
            raise Refused(self._denied(action))

    def denial(self, action: Action) -> Problem | None:
        """Why your access does not allow an action, and whom to ask; None where it does."""
        return None if self.me.access in MAY[action] else self._denied(action)

    def _denied(self, action: Action) -> Problem:
        about = {"access": self.me.access.label, "action": action.value, "admin": self.firm.primary_admin}
        return problem("not_allowed", **about)

    @property
    def read_only(self) -> FirmUnusable | None:
        """The refusal of all that writes, where the firm can only be read; None where it can be written."""
        refusal = self.engine.read_only
        return None if refusal is None else FirmUnusable(refusal)

    def demand_writable(self) -> None:
        """Refuses ("firm_read_only") where the firm can only be read."""
        if refusal := self.read_only:
            raise refusal

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


def reads(function: Callable[Concatenate[Session, P], R]) -> Callable[Concatenate[Session, P], R]:
    """A use case that only reads: anyone in the team may, and a failure is one sentence.

    When the connection is lost, or somebody wrote to a file that is read without locks, it is tried once more, unless
    it is part of something larger.
    """

    @wraps(function)
    def use_case(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> R:
        engine = session.engine
        try:
            with engine.errors():
                return function(session, *args, **kwargs)
        except FirmUnusable as lost:
            if lost.code not in ("server_away", "changed_while_read") or engine.inside:
                raise
        engine.renew()
        with engine.errors():
            return function(session, *args, **kwargs)

    return use_case


def changes(
    kind: str, action: Action | None, *, bulk: bool = False, job: int | None = None, undoes: int | None = None
) -> Callable[[Callable[Concatenate[Session, P], R]], Callable[Concatenate[Session, P], R]]:
    """A use case that writes: one transaction, one change set of a kind, after the access check.

    Your access is read again inside the transaction, so that what was taken away meanwhile counts. A use
    case that turns out to change nothing leaves nothing behind. `action` is None where the use case
    itself decides who may. `bulk` is for many thousand rows at once. `job` is the job that it is a part of, `undoes`
    the change set that it takes back.
    """
    assert kind in KINDS, kind

    def frame(function: Callable[Concatenate[Session, P], R]) -> Callable[Concatenate[Session, P], R]:
        @wraps(function)
        def use_case(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> R:
            from clientdesk.store import history  # whoever shows the list does not wait for it

            engine, change = session.engine, history.new_change(kind, job, undoes)
            stands: _Read | None = None
            if session.doubt:
                settled(session)  # what became of the write before comes first
            session.undoes = undoes
            try:
                asks = firm_rows.asked(session.login, engine.begins, change)
                with engine.errors(), engine.writing(bulk, [asks]) as (answer,):
                    begun = session.take(answer)
                    stands = session.as_read()
                    if action is not None:
                        session.demand(action)
                    change_set = history.begin(engine, session.me.id, session.me.access.value, change, begun)
                    result = function(session, *args, **kwargs)
                    if session.catalogue.templates or kind.startswith(_OF_TEMPLATES):
                        from clientdesk.desk import work_renewal  # most firms have no work

                        work_renewal.renew(session, change_set)
                    if not history.seal(engine, change_set):
                        raise _NothingChanged(result, stands)
            except _NothingChanged as nothing:
                session.read_as(nothing.stands)
                return nothing.result  # type: ignore[return-value]  # what the function returned
            except InDoubt as doubt:
                session.doubt, session.doubted_change = change.operation, change_set
                if not settled(session, session.patience):
                    raise FirmUnusable(problem("not_saved")) from doubt
            except BaseException:  # whatever ends it, what was read behind it does not count
                if stands is not None:
                    session.read_as(stands)  # what the function read behind that was rolled back
                raise
            finally:
                session.undoes = None
            session.done.add(change_set)
            if not engine.inside:
                saved.anything = True
            if kind.startswith(_OF_THE_FIRM):
                with suppress(FirmUnusable), engine.errors():
                    session.refresh()  # it is written: what fails now is the next one's to tell
            if session.is_renewing and not engine.inside:
                from clientdesk.desk import work_renewal

                with suppress(FirmUnusable):  # it is noted: the next one goes on
                    work_renewal.go_on_renewing(session)
            return result

        return use_case

    return frame


@contextmanager
def keeping(session: Session) -> Iterator[None]:
    """A transaction for what is kept beside the firm's data (a person's columns, the runs of imports): without history.

    When the connection is lost while it commits, nobody can look it up: to write it once more does no harm.
    """
    try:
        with session.engine.errors(), session.engine.writing():
            yield
    except InDoubt as doubt:
        raise FirmUnusable(problem("kept_unknown")) from doubt
    saved.anything = True


def settled(session: Session, patience: float = 0.0) -> bool:
    """Whether the write that was in doubt is in the firm; it is in doubt no longer.

    Raises FirmUnusable ("save_unknown") as long as the server does not say, after so many seconds of `patience`.
    """
    until = time.monotonic() + patience
    while True:
        try:
            with session.engine.errors():
                is_saved = session.engine.settle(session.doubt)
        except FirmUnusable as away:
            if time.monotonic() >= until:
                raise FirmUnusable(problem("save_unknown", change=session.doubted_change)) from away
            time.sleep(_LOOK_AGAIN)
        else:
            session.doubt, session.doubted_change = "", 0
            return is_saved


class _NothingChanged(Exception):
    """Rolls a transaction back that changed nothing, so that no empty change set stays."""

    def __init__(self, result: object, stands: _Read) -> None:
        self.result = result
        self.stands = stands
