"""A firm's file: what is looked at before SQLite opens it, and what is done around it."""

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from clientdesk.domain.problems import FirmUnusable, problem

MOUNTS = "/proc/self/mountinfo"
_HEADER = b"SQLite format 3\x00"


def uri(path: str, mode: str) -> str:
    """The address by which SQLite opens an existing file; mode "rw" or "ro", neither of which makes one."""
    quoted = os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{quoted}?mode={mode}"


def sound(path: str) -> bool:
    """Whether the file at `path` passes SQLite's quick check, by a connection of its own that only reads."""
    try:
        connection = sqlite3.connect(uri(path, "ro"), uri=True)
        try:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
        finally:
            connection.close()
    except sqlite3.OperationalError:
        return True  # busy or gone is not damaged
    except sqlite3.DatabaseError:
        return False


_turns: dict[str, threading.RLock] = {}
_turns_lock = threading.Lock()


@contextmanager
def turn(path: str, patience: float) -> Iterator[None]:
    """One writer of this program at a time writes to a file.

    SQLite lets a waiting writer look now and then whether the file is free: beside an import that writes batch after
    batch it would seldom find it so. A thread that waits here is woken as soon as the batch is written. After
    `patience` seconds SQLite's own waiting takes over.
    """
    with _turns_lock:
        lock = _turns.setdefault(os.path.abspath(path), threading.RLock())
    mine = lock.acquire(timeout=patience)
    try:
        yield
    finally:
        if mine:
            lock.release()


def look_before_opening(path: str) -> None:
    """Refuses what SQLite would answer with a riddle, or would make a new file of."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            about = os.fstat(file.fileno())
            head = file.read(100) if stat.S_ISREG(about.st_mode) else None
    except FileNotFoundError:
        folder = os.path.dirname(os.path.abspath(path))
        if not os.path.isdir(folder):
            raise FirmUnusable(problem("folder_missing", path=folder)) from None
        raise FirmUnusable(problem("firm_missing", path=path)) from None
    except (IsADirectoryError, NotADirectoryError):
        raise FirmUnusable(problem("not_a_file", path=path)) from None
    except OSError as error:
        raise FirmUnusable(problem("unreadable", path=path)) from error
    if head is None:
        raise FirmUnusable(problem("not_a_file", path=path))
    if not head.startswith(_HEADER):
        raise FirmUnusable(problem("not_a_firm", path=path))
    page_size = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big") if head[24:28] == head[92:96] else 0
    if about.st_size < pages * (65536 if page_size == 1 else page_size) and not os.path.exists(path + "-wal"):
        raise FirmUnusable(problem("damaged", path=path))
    if not os.access(path, os.W_OK) or not os.access(os.path.dirname(os.path.abspath(path)), os.W_OK):
        raise FirmUnusable(problem("read_only", path=path))


def closed_beside(path: str) -> bool:
    """Whether `-wal` or `-shm` stands beside the file and you may not read and write it."""
    beside = (os.path.realpath(path) + ending for ending in ("-wal", "-shm"))
    return any(os.path.exists(each) and not os.access(each, os.R_OK | os.W_OK) for each in beside)


def on_network(path: str) -> bool:
    """Whether the file lies on a network file system, where SQLite's locks cannot be trusted (Linux only)."""
    try:
        with open(MOUNTS, encoding="utf-8") as mounts:
            found = [line.split() for line in mounts]
    except OSError:
        return False
    place, kind = "", ""
    for mount in found:
        point = mount[4].rstrip("/") + "/"
        if os.path.abspath(path).startswith(point) and len(point) >= len(place):
            place, kind = point, mount[mount.index("-") + 1]
    return kind.startswith(("nfs", "cifs", "smb", "fuse.sshfs", "9p", "afs", "ceph", "glusterfs"))


def is_full(path: str) -> bool:
    """Whether the disk has no room left for what SQLite keeps beside a file that it only reads."""
    return os.statvfs(os.path.dirname(os.path.abspath(path))).f_bavail < 16


def sync_folder(path: str) -> None:
    """Makes the disk remember that a file was made, named or removed in the folder of `path`."""
    folder = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
