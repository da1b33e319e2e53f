"""Which file an open firm is: whether the one at its path is still the same, and whether anybody else has it open.

SQLite's locks are POSIX locks: a process that closes any descriptor of a file gives up all its locks on it. So each
firm's file has one descriptor in this process, which is closed when the last connection to it is.
"""

import fcntl
import os
import stat
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from clientdesk.domain.problems import FirmUnusable, Problem, problem
from clientdesk.store.engines import sqlite_header
from clientdesk.store.engines.sqlite_header import Index, Progress

_LOCK_BYTES = (0x40000000, 512)  # where SQLite puts its locks: pending, reserved and, 510 bytes long, shared
_SHARED_BYTES = (0x40000002, 510)
_LOOKS, _BETWEEN = 8, 0.025  # file and -wal are looked at one after the other: a commit may come between
_IMPORTS = 1 << 61
"""Behind all bytes that a file can have is one for each import: a lock on it says that it is at work."""
_FLOCK = "qqihh" if sys.platform == "darwin" else "hhqqi"


class _OpenFile:
    """A file's descriptors in this process, the first of which is used, with its -shm, how many use it, and the numbers
    of the imports that are at work here."""

    def __init__(self, path: str) -> None:
        self.descriptors: list[int] = []
        self.index = Index(f"{os.path.realpath(path)}-shm")
        self.users = 0
        self.imports: set[int] = set()


_open_files: dict[tuple[int, int], _OpenFile] = {}
_held_lock = threading.Lock()


class FirmFile:
    """The file at `path`, held open until `release`. Raises OSError where it cannot be read."""

    def __init__(self, path: str) -> None:
        self.path = os.path.abspath(path)
        self._shown = path
        with _held_lock:
            about = os.stat(path)
            self._key = (about.st_dev, about.st_ino)
            if not stat.S_ISREG(about.st_mode):
                raise IsADirectoryError(path)
            if self._key not in _open_files:
                descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
                about = os.fstat(descriptor)
                self._key = (about.st_dev, about.st_ino)
                _open_files.setdefault(self._key, _OpenFile(path)).descriptors.append(descriptor)
            self._entry = _open_files[self._key]
            self._entry.users += 1
        self._released = False
        self._imports: set[int] = set()
        self._version = 0
        """Its `user_version`, see `sqlite_header`."""
        self._last_state = (0, 0)
        """Change counter and pages of the file when it was looked at last: an older state of it has less."""
        self._moved: tuple[Progress, bytes] | None = None
        """The header that was moved into the file last, and how far its -wal was then."""
        self.remember()

    def release(self) -> None:
        """Let the file go: after the connection to it is closed."""
        with _held_lock:
            if self._released:
                return
            self._released = True
            self._entry.imports -= self._imports
            self._entry.users -= 1
            if not self._entry.users:
                del _open_files[self._key]
                self._entry.index.close()
                for descriptor in self._entry.descriptors:
                    os.close(descriptor)

    def beginning(self, size: int = sqlite_header.SIZE) -> bytes:
        """The first bytes of the file."""
        return os.pread(self._entry.descriptors[0], size, 0)

    @property
    def size(self) -> int:
        """The file's length in bytes."""
        return os.fstat(self._entry.descriptors[0]).st_size

    @property
    def wal(self) -> str:
        """The path of the -wal, which lies where a symbolic link leads to."""
        return os.path.realpath(self.path) + "-wal"

    @property
    def in_use(self) -> bool:
        """Whether anybody else has the firm open: in this process, or by a lock that another one holds."""
        return self._entry.users > 1 or self._is_locked(*_SHARED_BYTES)

    def _is_locked(self, start: int, length: int) -> bool:
        """Whether another process has locked some bytes."""
        lock = (fcntl.F_WRLCK, os.SEEK_SET, start, length, 0)
        if sys.platform == "darwin":
            lock = (start, length, 0, fcntl.F_WRLCK, os.SEEK_SET)
        try:
            packed = fcntl.fcntl(self._entry.descriptors[0], fcntl.F_GETLK, struct.pack(_FLOCK, *lock))
        except OSError:
            return True  # where locks cannot be seen, somebody may hold one
        answer = struct.unpack(_FLOCK, packed)
        return bool(answer[3 if sys.platform == "darwin" else 0] != fcntl.F_UNLCK)

    # --- which imports are at work

    def begin_import(self, number: int) -> None:
        """Shows that an import is at work, until `end_import` or the end of this process, however that comes."""
        with suppress(OSError):  # where nothing can be locked, everything counts as locked
            fcntl.lockf(self._entry.descriptors[0], fcntl.LOCK_SH | fcntl.LOCK_NB, 1, _byte_of(number))
        self._imports.add(number)
        self._entry.imports.add(number)

    def end_import(self, number: int) -> None:
        """The import is not at work any more."""
        if number in self._imports:
            fcntl.lockf(self._entry.descriptors[0], fcntl.LOCK_UN, 1, _byte_of(number))
            self._imports.discard(number)
            self._entry.imports.discard(number)

    def has_import(self, number: int) -> bool:
        """Whether an import is at work, in this process or in another one."""
        return number in self._entry.imports or self._is_locked(_byte_of(number), 1)

    # --- is it still the same?

    def check_path(self) -> None:
        """Raises FirmUnusable where another file, or none, stands at the path by now."""
        try:
            about = os.stat(self.path)
        except OSError:
            raise FirmUnusable(problem("firm_gone", path=self._shown)) from None
        if (about.st_dev, about.st_ino) != self._key:
            raise FirmUnusable(problem("firm_replaced", path=self._shown))

    def remember(self) -> None:
        """Takes the file for what it is now: until SQLite has opened it, another program may have moved its -wal there."""
        head = sqlite_header.header(self.beginning())
        self._version = 0 if head is None else head.version
        self._last_state = (0, 0) if head is None else (head.counter, head.pages)

    def check(self) -> int:
        """The file's `user_version`. Raises FirmUnusable where the file at the path is not what it was when it was opened,
        also not when one looks once more: another one may just begin the -wal anew."""
        for look in range(_LOOKS):
            self.check_path()
            if self._is_same():
                return self._version
            if look < _LOOKS - 1:
                time.sleep(_BETWEEN)
        raise FirmUnusable(problem("firm_overwritten", path=self._shown))

    def _is_same(self) -> bool:
        if not self._has_what_was_moved():
            return False
        head = sqlite_header.header(self.beginning())
        if head is None:
            return False
        # A generation that another clientdesk has given to the file since is in the -wal, too.
        if head.version != self._version and not sqlite_header.Wal(self.wal).has(head.version):
            return False
        self._version = head.version
        state = (head.counter, head.pages)
        if state < self._last_state:
            return False
        self._last_state = state
        return True

    def _has_what_was_moved(self) -> bool:
        """Whether the file begins as the -wal says, where all of that has been moved into the file: an older state of the
        file has an older beginning, also where nobody has looked between the moving and the copying."""
        progress = self._entry.index.progress()
        if progress is None or not 0 < progress.committed == progress.moved:
            return True
        if self._moved is None or self._moved[0] != progress:
            self._moved = progress, sqlite_header.Wal(self.wal).latest_header(progress.salts, progress.committed)
        moved = self._moved[1]
        return not moved or self.beginning() == moved or self._entry.index.progress() != progress

    @property
    def is_another(self) -> bool:
        """Whether the file at the path is another one by now."""
        try:
            self.check()
        except (FirmUnusable, OSError):
            return True
        return False

    # --- a -wal that belongs to another file

    def part_from_strange_wal(self) -> tuple[Problem, ...]:
        """Renames a -wal aside that does not belong to the file, or of which nothing tells that it does, before SQLite
        joins the two; a sentence about it.

        Raises FirmUnusable ("wal_in_use") while another program still works with it.
        """
        if not self.wal_is_strange():
            return ()
        if self.in_use:
            raise FirmUnusable(problem("wal_in_use", path=self._shown))
        code = "wal_aside" if sqlite_header.Wal(self.wal).is_marked else "wal_unmarked"
        aside = set_aside(self.wal)
        return (problem(code, path=self._shown, aside=aside),) if aside else ()

    def wal_is_strange(self) -> bool:
        """Whether a -wal does not belong to the file, also not when one looks once more: a commit may come between."""
        for look in range(_LOOKS):
            if self.wal_belongs():
                return False
            if look < _LOOKS - 1:
                time.sleep(_BETWEEN)
        return True

    def wal_belongs(self) -> bool:
        """Whether the -wal, if there is one, belongs to the file."""
        head = self.beginning()
        page_size = int.from_bytes(head[16:18], "big")
        page = self.beginning(65536 if page_size == 1 else max(page_size, sqlite_header.SIZE))
        return sqlite_header.Wal(self.wal).belongs_to(page, self.in_use)


def _byte_of(number: int) -> int:
    """The byte of an import, whatever number another program gave it."""
    return _IMPORTS + number % _IMPORTS


def free_name(path: str) -> str:
    """A name beside `path` for what is kept aside, which nothing has yet."""
    start = f"{path}.aside-{datetime.now():%Y%m%d-%H%M%S}"
    number, name = 1, start
    while any(os.path.lexists(name + ending) for ending in ("", "-wal", "-shm")):
        number, name = number + 1, f"{start}-{number + 1}"
    return name


def set_aside(wal: str) -> str:
    """Renames a -wal, and takes its -shm away, which is only an index of it; the new name, "" if it was gone already."""
    aside = free_name(wal)
    try:
        os.rename(wal, aside)
    except FileNotFoundError:
        return ""
    with suppress(FileNotFoundError):
        os.remove(wal.removesuffix("-wal") + "-shm")
    return aside


@contextmanager
def locked_alone(path: str) -> Iterator[bool]:
    """Whether nobody has the file at `path` open; if so, nobody can open it meanwhile.

    No connection of this process may have it open: this lock would take the place of its own.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        start, length = _LOCK_BYTES
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
