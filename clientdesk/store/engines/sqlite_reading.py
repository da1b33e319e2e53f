"""SQLite: a firm in a file that this account can only read."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from peewee import DatabaseError

from clientdesk.domain.problems import FirmUnusable, Problem, problem
from clientdesk.store.engines import Statement, sqlite_file, sqlite_opening
from clientdesk.store.engines.sqlite import SqliteEngine
from clientdesk.store.engines.sqlite_identity import FirmFile
from clientdesk.store.engines.sqlite_opening import Stamp, Way

_PATIENCE = 5_000  # milliseconds to wait for another one who writes


class ReadOnlyEngine(SqliteEngine):
    """The engine of a firm that can only be read. See `sqlite_making`.

    A file that is read without locks (see `Way`) is opened anew when somebody has written to it, and what was read
    meanwhile is refused.
    """

    def __init__(self, path: str, file: FirmFile, way: Way, hint: str = "") -> None:
        super().__init__(path)
        refusal = way.refusal(path, hint)
        assert refusal is not None
        self._refusal = refusal
        self._firm_file = file
        self._no_room, self._to_read = way.reason == "full", way.reason == "reading"
        self._stamp: Stamp | None = None
        """The file as it was when it was opened; None where SQLite itself sees who writes."""
        self._opened_anew = False
        self._use(way)

    @property
    def read_only(self) -> Problem | None:
        """See Engine."""
        return self._refusal

    def _use(self, way: Way) -> None:
        pragmas = (("busy_timeout", _PATIENCE), ("foreign_keys", 1))
        mode = "ro" if way.mode == "rw" else way.mode  # it has become writable meanwhile
        self.db.init(
            sqlite_file.uri(self.location, mode), pragmas=pragmas, timeout=0, uri=True, check_same_thread=False
        )
        self._stamp = self._present_stamp() if mode == "immutable" else None

    def connect(self) -> None:
        self._use_connection()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """See Engine. Raises FirmUnusable ("changed_while_read"), too."""
        self._look_for_writers()
        with super().errors():
            try:
                yield
            except (DatabaseError, sqlite3.Error):
                self._refuse_a_mixture()
                raise
            self._refuse_a_mixture()

    def _refuse_a_mixture(self) -> None:
        """SQLite may have met pages of two versions of the file."""
        if self._written_meanwhile():
            raise FirmUnusable(problem("changed_while_read", path=self.location))

    def _written_meanwhile(self) -> bool:
        if self._stamp is None or self._connection is None or self.inside:
            return False
        return self._present_stamp() != self._stamp

    def _look_for_writers(self) -> None:
        """Opens the file anew where somebody has written to it."""
        if not self._written_meanwhile():
            return
        self.close()
        self._firm_file, way, _notices = sqlite_file.look_before_opening(self.location, self._no_room, self._to_read)
        self._use(way)
        with super().errors():
            self.connect()
            self.look_inside()
        self._memory.clear()
        self._opened_anew = True

    def _present_stamp(self) -> Stamp:
        try:
            return sqlite_opening.stamp(self._firm_file)
        except OSError:
            self._firm_file.check_path()  # says what is wrong
            raise FirmUnusable(problem("unreadable", path=self.location)) from None

    @contextmanager
    def writing(self, bulk: bool = False, asks: Sequence[Statement] = ()) -> Iterator[list[list[Any]]]:
        """See Engine: refused."""
        raise FirmUnusable(self._refusal)
        yield []  # a context manager must be a generator

    def imports_at_work(self, numbers: Sequence[int]) -> set[int]:
        """See Engine."""
        return set(filter(self._firm_file.has_import, numbers))

    def close(self) -> None:
        """See Engine."""
        super().close()
        self._firm_file.release()

    def news(self) -> bool:
        """See Engine."""
        opened_anew, self._opened_anew = self._opened_anew, False
        return super().news() or opened_anew
