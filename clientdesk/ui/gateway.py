"""The one way from the screens to the desk: a thread that owns the session and does one job at a time."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, wait
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from clientdesk.domain.catalogue import BUILT_IN, Catalogue
from clientdesk.domain.problems import FirmUnusable, Problem, Refused
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_, _, display_text

if TYPE_CHECKING:
    from datetime import datetime

    from clientdesk.desk.records import FirmInfo, Member, Row
    from clientdesk.desk.session import Session
    from clientdesk.desk.views import OpenView
    from clientdesk.domain.access import Action

P = ParamSpec("P")
R = TypeVar("R")

_OPENING = "open"
"""The group of the job that opens the firm: it only reads, and nobody waits for it at the end."""
_LOOK_UP = 0.1
"""So many seconds whoever waits for the opening hears no signal at most."""
END_WITHIN = 2.0
"""So many seconds at most are waited at the end for a read that nothing stops (a connection that is being tried)."""


class Dropped(Exception):
    """A newer read of the same group took the place of this one; whoever asked need not answer."""


class Failed(Refused):
    """Something unexpected happened; the log has the traceback, `message` names the log."""

    @property
    def code(self) -> str:
        """Always "failed"."""
        return "failed"

    @property
    def message(self) -> str:
        """One sentence for the person."""
        from clientdesk.log_file import log_failed, log_path

        if log_failed():
            sentence = N_("Something went wrong, and the log file at {path} cannot be written.")
        else:
            sentence = N_("Something went wrong; the log file at {path} has the details.")
        return _(sentence).format(path=display_text(log_path()))


class FirstView(NamedTuple):
    """What the list shows first, read together with the opening: the view that was open last, and its first rows."""

    opened: "OpenView"
    rows: "tuple[Row, ...]"


class _Job(NamedTuple):
    """A call that waits for the thread; `group` is "" for what must never be interrupted (writes)."""

    group: str
    work: Callable[[], Any]
    result: "Future[Any]"


class Gateway:
    """Runs the desk's functions on its own thread, one at a time, in the order they come.

    `call` is for writes and plain reads: it always runs to its end. `read` is for what a newer one
    makes useless: a newer read of the same group drops the waiting and interrupts the running one.

    While the firm's server is `away`, reads are refused at once: nobody waits for a connection that is being tried.
    What is written is always tried, except while it is `unsure` whether the write before it is in the firm.
    """

    def __init__(self) -> None:
        import threading
        from collections import deque

        self._jobs: deque[_Job] = deque()
        self._condition = threading.Condition()
        self._running: _Job | None = None
        self._closing = False
        self._session: Session | None = None
        self._is_to_remember = False
        self.first_view: FirstView | None = None
        self.first_failure: Exception | None = None
        """What nobody has foreseen and why there is no first view; the list tells it and reads by itself."""
        self.lost: Callable[[FirmUnusable], None] | None = None
        """Told, where the results are awaited, that a call has found the server away (see `watching.Watch`)."""
        self.replaced: Callable[[FirmUnusable], None] | None = None
        """Told likewise that something was not saved, as the firm's file is another one by now."""
        self.another_file: FirmUnusable | None = None
        """What is wrong with the firm's file, while it is not the one that was opened."""
        self.away: FirmUnusable | None = None
        self.away_since: datetime | None = None
        """Since when the server has not answered, as far as was noticed; None while it does."""
        self.unsure: FirmUnusable | None = None
        # What nothing can stop at the end (a connection that is being tried) does not hold the program up.
        self._thread = threading.Thread(target=self._run, name="clientdesk-gateway", daemon=True)
        self._thread.start()

    # --- the firm

    def open(self, location: str, login: str | None = None, rows: int = 0) -> "Future[None]":
        """Open the firm (see `desk.opening.open_firm`) and read the list's first `rows` rows in the same job.

        The result raises what opening raises and what reading is refused; `first_view` has the rows.
        """

        self._is_to_remember = login is None  # a demo of the moment is nothing to come back to

        def work() -> None:
            from clientdesk.desk.opening import open_firm

            self._session = open_firm(location, login)
            if rows:
                self._read_first_view(self._session, rows)

        return self._put(_OPENING, work)

    def _read_first_view(self, session: "Session", rows: int) -> None:
        from clientdesk.desk.session import Interrupted

        try:
            self.first_view = _first_view(session, rows)
        except (Refused, Interrupted):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the screens tell it
            self.first_failure = error

    def wait_for_opening(self, opening: "Future[None]") -> None:
        """Wait until the firm is open, or raise what opening raises. Whoever waits without an end is not woken by a
        signal that comes just before: it is looked for again and again."""
        while not opening.done():
            wait([opening], _LOOK_UP)
        opening.result()

    def adopt(self, session: "Session") -> None:
        """Use a session that was opened on this thread by a job (the welcome screen's new firm)."""
        self._session = session

    @property
    def session(self) -> "Session":
        """The open firm's session. Only its records may be read from here; every call goes through the thread."""
        assert self._session is not None, "the firm is not open"
        return self._session

    @property
    def has_alarm(self) -> bool:
        """Whether a line says that the server is away, or the file another one."""
        return self.away_since is not None or self.another_file is not None

    @property
    def is_open(self) -> bool:
        """Whether a firm is open."""
        return self._session is not None

    @property
    def me(self) -> "Member":
        """The team member who uses this session."""
        return self.session.me

    @property
    def firm(self) -> "FirmInfo":
        """The firm as it was last read."""
        return self.session.firm

    @property
    def catalogue(self) -> Catalogue:
        """The fields of the firm's clients, as the firm was last read; the built-in ones where none is open."""
        return self._session.catalogue if self._session is not None else BUILT_IN

    def due_words(self, due: str) -> str:
        """A due date (YYYY-MM-DD, "" for none) as how near it is to the firm's today."""
        from datetime import date

        from clientdesk.domain.late_words import due_words  # few lists have work

        if not due:
            return due
        return due_words(date.fromisoformat(due), self.session.today(), _days(self.firm.settings["soon_days"]))

    def is_late(self, due: str) -> bool:
        """Whether a due date is before the firm's today."""
        return due != "" and due < self.session.today().isoformat()

    def allows(self, action: "Action | None") -> bool:
        """Whether your access allows `action`; None is allowed to everyone."""
        return action is None or self.session.allows(action)

    @property
    def read_only(self) -> FirmUnusable | None:
        """The refusal of all that writes, where the open firm can only be read."""
        return self._session.read_only if self._session is not None else None

    async def remember_opened(self) -> None:
        """Remember that the firm was opened: when the list is there, as nobody waits for it."""
        if self._is_to_remember:
            from clientdesk.desk import opened_firms

            await self.run(opened_firms.remember, self.session.location)

    async def history_warnings(self) -> "Sequence[Problem]":
        """What the person should know of the firm's history: it is looked at when the list is there."""
        from clientdesk.desk import seen_history_heads

        return await self.read("history heads", seen_history_heads.warnings)

    # --- calls

    async def call(self, function: "Callable[Concatenate[Session, P], R]", /, *args: P.args, **kwargs: P.kwargs) -> R:
        """`function(session, *args)` on the thread. Raises what it refuses; Failed for anything unexpected."""
        if self.unsure is not None:
            raise FirmUnusable(*self.unsure.problems)
        try:
            return await self._wait(self._put("", lambda: function(self.session, *args, **kwargs)))
        except FirmUnusable as error:
            if error.another_file and self.replaced is not None:
                self.replaced(error)
            raise

    async def read(
        self, group: str, function: "Callable[Concatenate[Session, P], R]", /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Like `call`, for a read that a newer one of the same `group` replaces: then it raises Dropped.

        When the task that awaits it is cancelled, the read is dropped too.
        """
        if self.away is not None:
            raise FirmUnusable(*self.away.problems)
        return await self.ask(group, function, *args, **kwargs)

    async def ask(
        self, group: str, function: "Callable[Concatenate[Session, P], R]", /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Like `read`, but tried while the server is away, too."""
        self.drop(group)
        future = self._put(group, lambda: function(self.session, *args, **kwargs))
        try:
            return await self._wait(future)
        except asyncio.CancelledError:
            self._drop_one(future)
            raise

    async def run(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """`function(*args)` on the thread, without the session (making a new firm)."""
        return await self._wait(self._put("", lambda: function(*args, **kwargs)))

    def drop(self, *groups: str) -> None:
        """Forget the waiting reads of these groups and interrupt the running one."""
        with self._condition:
            for job in [job for job in self._jobs if job.group in groups]:
                self._jobs.remove(job)
                job.result.cancel()
            self._interrupt_if(self._running is not None and self._running.group in groups)

    def _drop_one(self, future: "Future[Any]") -> None:
        with self._condition:
            for job in [job for job in self._jobs if job.result is future]:
                self._jobs.remove(job)
            self._interrupt_if(self._running is not None and self._running.result is future)

    def _interrupt_if(self, wanted: bool) -> None:
        # The lock is held: the job cannot end, and no write begin, before the interrupt is done.
        if wanted and self._session is not None:
            self._session.interrupt()

    # --- the end

    def close(self, abandon: bool = False) -> None:
        """Close the firm when the running job has ended; `abandon` interrupts it, and its transaction rolls back."""
        with self._condition:
            self._closing = True
            while self._jobs:
                self._jobs.popleft().result.cancel()
            running = self._running
            self._interrupt_if(running is not None and (abandon or bool(running.group)))
            self._condition.notify()
        only_reads = running is not None and bool(running.group)
        self._thread.join(END_WITHIN if only_reads else None)

    # --- the thread

    def _put(self, group: str, work: Callable[[], R]) -> "Future[R]":
        future: Future[R] = Future()
        with self._condition:
            if self._closing:
                future.cancel()
                return future
            self._jobs.append(_Job(group, work, future))
            self._condition.notify()
        return future

    async def _wait(self, future: "Future[R]") -> R:
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if future.cancelled() and not (task is not None and task.cancelling()):
                raise Dropped from None  # the job was dropped, not the task that waited for it
            raise
        except FirmUnusable as error:
            if error.away and self.lost is not None:
                self.lost(error)
            raise

    def _run(self) -> None:
        while True:
            with self._condition:
                while not self._jobs and not self._closing:
                    self._condition.wait()
                if self._closing:
                    break
                job = self._jobs.popleft()
                if not job.result.set_running_or_notify_cancel():
                    continue
                self._running = job
            result, error = None, None
            try:
                result = job.work()
            except BaseException as raised:  # noqa: BLE001  (it belongs to whoever awaits the result)
                error = raised
            with self._condition:
                self._running = None
            # No interrupt can come between here and the next job, and nobody holds the lock meanwhile: on a server
            # this waits for the interrupt to be through.
            self._resume()
            if error is None:
                job.result.set_result(result)
            else:
                job.result.set_exception(self._told(error, job))
        if self._session is not None:
            try:
                self._session.close()
            except Exception:  # noqa: BLE001  (the program is ending; the log is told)
                _log_failure()

    def _resume(self) -> None:
        if self._session is not None:
            try:
                self._session.resume()
            except Exception:  # noqa: BLE001  (the next job tells what is wrong; the log is told)
                _log_failure()

    def _told(self, error: BaseException, job: _Job) -> BaseException:
        """The error as the caller gets it: refusals as they are, a stopped read as Dropped, the rest as Failed."""
        if isinstance(error, (Refused, CancelledError)):
            return error
        from clientdesk.desk.session import Interrupted

        if isinstance(error, Interrupted):
            return Dropped()
        _log_failure(error)
        failed = Failed()
        failed.__cause__ = error
        return failed


def _first_view(session: "Session", rows: int) -> FirstView:
    from clientdesk.desk import clients, views
    from clientdesk.domain.column_formats import fields_to_read

    opened = views.last_open(session)
    query = opened.view.query
    fields = fields_to_read((column.field for column in opened.columns), query.find)
    return FirstView(opened, tuple(clients.window(session, query, fields, 0, rows)))


def _days(number: object) -> int:
    return number if isinstance(number, int) else 0


def _log_failure(error: BaseException | None = None) -> None:
    from clientdesk.log_file import log

    log().error("unexpected failure", exc_info=error if error is not None else True)
