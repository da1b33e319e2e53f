"""The import that is under way: its thread, its plan, how far it is. It outlives the screens that show it."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from clientdesk.domain.problems import Problem, Refused
from clientdesk.ui.gateway import Dropped, Gateway

if TYPE_CHECKING:
    from clientdesk.desk.imports.import_records import ClientSetup, ImportKind, Retries
    from clientdesk.desk.imports.importing import Import
    from clientdesk.desk.session import Session
    from clientdesk.domain.judged_row import Counts
    from clientdesk.exchange.file_reading import Choices, Table

R = TypeVar("R")

EXAMPLES = 50
"""So many rows are shown of a file before it is judged."""
TURN = 0.0005
"""While an import is at work its thread gives way to the screens after so many seconds (Python's own: 0.005)."""
LOOK_AGAIN = 0.02
"""So many seconds pass between two looks at whether the writing has ended."""


class Stage(Enum):
    """How far an import is."""

    CHOOSING = "choosing"  # a file is being chosen; nothing is written
    APPLYING = "applying"  # its rows are being written
    ENDED = "ended"  # written, stopped or failed; the report is to be read


class Unknown(NamedTuple):
    """The names of a client list that the firm does not know, each with how many rows have it."""

    types: tuple[tuple[str, int], ...] = ()
    leads: tuple[tuple[str, int], ...] = ()


class Progress(NamedTuple):
    """How many rows of how many are done, and in how many seconds."""

    done: int = 0
    rows: int = 0
    seconds: float = 0.0

    @property
    def share(self) -> float:
        """The part that is done, from 0 to 1."""
        return min(1.0, self.done / self.rows) if self.rows else 0.0

    @property
    def rate(self) -> int:
        """Rows a second so far."""
        return int(self.done / self.seconds) if self.seconds > 0 else 0


class Peek(NamedTuple):
    """The beginning of a file, and how it was read."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str
    delimiter: str
    sheet: str
    sheets: tuple[str, ...]
    notices: tuple[Problem, ...]
    ignored: tuple[str, ...]
    heading_row: int = 0
    firsts: tuple[tuple[int, str], ...] = ()
    """The first lines of the file, each with its number and a little of its text."""


def _peek(table: "Table", notices: Sequence[Problem], ignored: Sequence[str] = ()) -> Peek:
    rows: list[tuple[str, ...]] = []
    with suppress(Refused):  # what is wrong further down is said when all rows are read
        rows = [tuple(line.cells) for line in islice(table.rows(), EXAMPLES)]
    headings = tuple(table.headings.cells)
    return Peek(
        headings,
        tuple(rows),
        table.encoding,
        table.delimiter,
        table.sheet,
        table.sheets,
        tuple(notices),
        tuple(ignored),
        table.headings.number,
        table.firsts,
    )


@contextmanager
def giving_way() -> Iterator[None]:
    """A thread that has much to do and the screens take turns more often: a key shows at once."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(before, TURN))
    try:
        yield
    finally:
        sys.setswitchinterval(before)


class Importing:
    """One import on a thread of its own, with its own opening of the firm, so that the list stays usable.

    `plan` is only used on that thread (`run`); its records may be read anywhere. `done` gets the numbers of the change
    sets that are written.
    """

    def __init__(self, location: str, login: str, done: set[int] | None = None) -> None:
        self._location, self._login, self._done = location, login, done
        self._gateway: Gateway | None = None
        self._stop = threading.Event()
        self._progress = (0, 0)
        self._began = 0.0
        self._took: float | None = None
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        self.stage = Stage.CHOOSING
        self.at_work = False
        """Whether rows are being written at this moment: by the import itself, or by a retry."""
        self.stopped = False
        self.failure: Refused | None = None
        self.again: Problem | None = None
        """How the rest of the file gets in, where the import was stopped."""
        self.path = ""
        self.kind: ImportKind | None = None
        self.choices: Choices | None = None
        self.plan: Import | None = None
        self._setup: ClientSetup | None = None
        self.chosen_by_person = False
        """Whether a person has chosen something for the client list that was read."""
        self.peek: Peek | None = None
        self.counts: Counts | None = None
        self.unknown = Unknown()
        self.mapping = ""
        """What the mapping of the columns is called: a known program's, or a saved one's name; "" for neither."""

    @property
    def name(self) -> str:
        """The file's name."""
        return os.path.basename(self.path)

    @property
    def setup(self) -> "ClientSetup | None":
        """What is chosen for a client list; the plan follows it when it is judged."""
        if self._setup is not None:
            return self._setup
        return self.plan.setup if self.plan is not None else None

    def choose(self, setup: "ClientSetup", by_person: bool = True) -> None:
        """Choose otherwise for a client list."""
        self._setup = setup
        self.chosen_by_person = self.chosen_by_person or by_person

    @property
    def progress(self) -> Progress:
        """How far the judging or the writing is."""
        seconds = self._took if self._took is not None else time.monotonic() - self._began if self._began else 0.0
        return Progress(*self._progress, seconds)

    @property
    def is_choosing(self) -> bool:
        """Whether nothing is written yet."""
        return self.stage is Stage.CHOOSING

    @property
    def is_applying(self) -> bool:
        """Whether the rows are being written."""
        return self.stage is Stage.APPLYING

    def _report(self, done: int, rows: int) -> None:
        self._progress = (done, rows)

    def _begin(self) -> None:
        self._stop.clear()
        self._progress, self._began, self._took = (0, 0), time.monotonic(), None

    async def gateway(self) -> Gateway:
        """The thread, with the firm open. Raises Dropped when the import was forgotten."""
        if self._closed:
            raise Dropped
        if self._gateway is None:
            gateway = self._gateway = Gateway()
            try:
                await asyncio.wrap_future(gateway.open(self._location, self._login))
            except Refused:
                self._gateway = None  # another try opens it again
                await asyncio.to_thread(gateway.close)
                raise
            if self._done is not None:
                gateway.session.done = self._done
        return self._gateway

    # --- reading and judging

    async def read(self, path: str, kind: "ImportKind | None", choices: "Choices") -> Peek:
        """Read the file's bytes and look at its beginning; `kind` None: guess it. Raises Refused."""
        gateway = await self.gateway()
        return await gateway.call(self._read, path, kind, choices)

    def _read(self, session: "Session", path: str, kind: "ImportKind | None", choices: "Choices") -> Peek:
        from clientdesk.desk.imports.importing import Import
        from clientdesk.exchange.file_reading import open_table

        self._forget()
        self.path, self.kind, self.choices = path, kind, choices
        table = open_table(path, choices)
        plan = self.plan = Import.open(session, table, kind)
        self.kind = plan.kind
        if plan.setup is not None:
            from clientdesk.domain.columns.presets import recognised

            preset = recognised(plan.headings)
            self.mapping = preset.title if preset is not None else ""
        self.peek = _peek(table, plan.notices, plan.ignored)
        return self.peek

    async def glance(self, path: str, choices: "Choices") -> Peek:
        """The beginning of a file that was refused for what stands in it."""
        gateway = await self.gateway()
        return await gateway.call(self._glance, path, choices)

    def _glance(self, session: "Session", path: str, choices: "Choices") -> Peek:
        from clientdesk.exchange.file_reading import open_table

        with closing(open_table(path, choices)) as table:
            return _peek(table, table.guesses)

    def _forget(self) -> None:
        if self.plan is not None:
            plan, self.plan, self.counts, self.peek = self.plan, None, None, None
            self.unknown, self.mapping, self._setup, self.chosen_by_person = Unknown(), "", None, False
            plan.close()

    async def judge(self) -> "Counts | None":
        """Judge every row as it is chosen; nothing is written. None where it was broken off (`break_off`)."""
        gateway = await self.gateway()
        self._begin()
        self.counts = None
        with giving_way():
            return await gateway.call(self._judge, self._setup)

    def _judge(self, session: "Session", setup: "ClientSetup | None") -> "Counts | None":
        plan = self.plan
        assert plan is not None
        if setup is not None:
            plan.set_setup(setup)
        counts = plan.judge(session, self._report, self._stop.is_set)
        if self._stop.is_set():
            return None
        if plan.setup is not None:
            self.unknown = Unknown(*plan.unknown_names())
        self.counts = counts
        return counts

    @property
    def adds_twice(self) -> bool:
        """Whether the file, imported again, would add once more what is in."""
        return self.plan is not None and self.plan.adds_twice

    def break_off(self) -> None:
        """Stop the judging, or the writing: nothing of the running batch is written."""
        self._stop.set()

    async def stopped_within(self, seconds: float) -> bool:
        """Wait at most so many seconds until nothing is written any more; whether it has ended by itself."""
        until = time.monotonic() + seconds
        while self.at_work and time.monotonic() < until:
            await asyncio.sleep(LOOK_AGAIN)
        return not self.at_work

    async def ask(self, function: "Callable[[Import], R]") -> R:
        """`function(plan)` on the import's thread."""
        gateway = await self.gateway()
        plan = self.plan
        assert plan is not None
        return await gateway.run(lambda: function(plan))

    # --- writing

    def apply(self, ended: Callable[[], None]) -> "asyncio.Task[None]":
        """Begin to write, whatever screen is shown; `ended` is called at the end."""
        self._begin()
        self.stage, self.at_work, self.stopped = Stage.APPLYING, True, False
        self._task = asyncio.create_task(self._apply(ended))
        return self._task

    async def _apply(self, ended: Callable[[], None]) -> None:
        try:
            gateway = await self.gateway()
            with giving_way():
                await gateway.call(self._write)
        except Refused as refusal:
            self.failure = refusal
        except Dropped:
            self.stopped = True  # the person has left
            return
        finally:
            self._took = time.monotonic() - self._began
            self.stage, self.at_work = Stage.ENDED, False
        ended()

    def _write(self, session: "Session") -> None:
        plan = self.plan
        assert plan is not None
        try:
            plan.apply(session, self._report, self._stop.is_set)
        finally:
            self.counts, self.stopped = plan.counts(), plan.run.stopped
            if plan.run.stopped:
                self.again = plan.what_next()

    async def open_kept(self, run_id: int) -> None:
        """Open the error log that the firm has kept of an import. Raises Refused."""
        gateway = await self.gateway()
        await gateway.call(self._open_kept, run_id)

    def _open_kept(self, session: "Session", run_id: int) -> None:
        from clientdesk.desk.imports.kept_import import KeptImport

        self._forget()
        plan = self.plan = KeptImport.open_kept(session, run_id)
        self.path, self.kind, self.counts, self.stage = plan.path, plan.kind, plan.counts(), Stage.ENDED

    async def read_log(self) -> None:
        """Read a kept error log again, as somebody else may have tried its rows."""
        gateway = await self.gateway()
        await gateway.call(self._read_log)

    def _read_log(self, session: "Session") -> None:
        from clientdesk.desk.imports.kept_import import KeptImport

        assert isinstance(self.plan, KeptImport)
        self.plan.read_log(session)
        self.counts = self.plan.counts()

    async def retry(self, corrected: Mapping[int, Sequence[str]], row_ids: Sequence[int] | None) -> "Retries":
        """Put the corrected cells in place and try the refused rows again: these, or all."""
        gateway = await self.gateway()
        self.at_work = True
        try:
            with giving_way():
                return await gateway.call(self._retry, corrected, row_ids)
        finally:
            self.at_work = False

    def _retry(
        self, session: "Session", corrected: Mapping[int, Sequence[str]], row_ids: Sequence[int] | None
    ) -> "Retries":
        plan = self.plan
        assert plan is not None
        for row_id, cells in corrected.items():
            plan.correct(row_id, cells)
        try:
            return plan.retry(session, row_ids)
        finally:
            self.counts = plan.counts()

    async def save_report(self, path: str, overwrite: bool, mended: Mapping[int, Sequence[str]]) -> None:
        """Write the error log into a file; rows that were `mended` and not tried yet with their new cells."""
        from clientdesk.exchange.file_writing import save_csv

        await self.ask(lambda plan: save_csv(path, overwrite, plan.report(mended), self._location))

    # --- the end

    async def close(self) -> None:
        """End the thread: what is running is broken off, and nothing of its batch is written."""
        self._closed = True
        self._stop.set()
        gateway, self._gateway = self._gateway, None
        if gateway is None:
            return
        if self.plan is not None and not self.at_work:
            plan, self.plan = self.plan, None
            with suppress(Dropped, Refused):
                await gateway.run(plan.close)
        await asyncio.to_thread(gateway.close, True)
        if self._task is not None:
            await asyncio.wait([self._task])
