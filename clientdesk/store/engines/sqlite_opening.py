"""How this account may open a firm's file: to write, or only to read it; and what stands in the way."""

import os
import pwd
from collections.abc import Callable

from clientdesk.domain.problems import FirmUnusable, Problem, problem
from clientdesk.named_tuple import NamedTuple
from clientdesk.store.engines.sqlite_identity import FirmFile
from clientdesk.text import N_

_HINTS = {
    "file": N_("To change something, ask the file's owner for the right to write it."),
    "folder": N_("To change something, ask for the right to write in its folder: clientdesk keeps files beside it."),
    "disk": N_("Its disk is mounted that way: to change something, have it mounted for writing."),
    "full": N_("Its disk is full: to change something, free some space, then open it again."),
    "reading": N_("To change something, open it by itself."),
    "beside": N_("To change something, ask whoever owns the files beside it (-wal, -shm) for the right to write them."),
}


class Way(NamedTuple):
    """The `mode` in which a file is opened ("rw", "ro", "immutable"), and why it is not "rw" (a key of _HINTS).

    SQLite opens a file as immutable without its -wal, which must have nothing in it, and without any lock: whoever
    reads it so looks by himself whether somebody has written (`Stamp`).
    """

    mode: str
    reason: str = ""

    def refusal(self, path: str, hint: str = "") -> Problem | None:
        """What is said to whoever wants to write, with a `hint` that is known to be better; None where they may."""
        return problem("firm_read_only", path=path, hint=hint or _HINTS[self.reason]) if self.reason else None

    def notice(self, path: str) -> tuple[Problem, ...]:
        """What is said once to whoever has opened the file."""
        return (problem("opened_read_only", path=path, hint=_HINTS[self.reason]),) if self.reason else ()


class Stamp(NamedTuple):
    """By what it is seen that a file was written by somebody: which file, its size, its time, the change counter in its
    header, and the size of its -wal."""

    device: int
    inode: int
    size: int
    changed_ns: int
    counter: bytes
    wal: int


def way_in(path: str, wal_is_strange: Callable[[], bool], no_room: bool = False, to_read: bool = False) -> Way:
    """How this account may open the file at `path`, which it can read, where there is `no_room` on its disk, too, or where
    it is only `to_read`. What a -wal says that is of another file is no change of this one.

    Raises FirmUnusable: "beside_of_another" where a file beside it is somebody else's and closed to this account,
    "changes_beside" where the latest changes stand beside it and cannot be read without writing.
    """
    real = os.path.realpath(path)
    folder = os.path.dirname(real)
    wal, shm = f"{real}-wal", f"{real}-shm"
    pending = [beside for beside in (wal, f"{real}-journal") if _size(beside)]
    reason = _why_not(real, folder, wal, shm) or ("full" if no_room else "reading" if to_read else "")
    for beside in (wal, shm):
        if os.path.exists(beside) and not _may(beside, os.R_OK) and (pending or reason in ("", "beside")):
            raise FirmUnusable(problem("beside_of_another", path=beside, owner=owner_of(beside)))
    if not reason:
        return Way("rw")
    if wal in pending and wal_is_strange():
        pending.remove(wal)
    if not pending:
        return Way("immutable", reason)
    if pending != [wal] or not (os.path.exists(shm) or _may(folder, os.W_OK)):
        raise FirmUnusable(problem("changes_beside", path=path, beside=pending[-1]))
    return Way("ro", reason)


def look_at_wal(wal: str) -> None:
    """Refuses a -wal that cannot be read ("beside_of_another", "unreadable")."""
    try:
        os.close(os.open(wal, os.O_RDONLY | os.O_NONBLOCK))
    except FileNotFoundError:
        return
    except PermissionError as error:
        raise FirmUnusable(problem("beside_of_another", path=wal, owner=owner_of(wal))) from error
    except OSError as error:
        raise FirmUnusable(problem("unreadable", path=wal)) from error


def stamp(file: FirmFile) -> Stamp:
    """The present stamp of what stands at the path of a file that is held. Raises OSError."""
    about, counter = os.stat(file.path), file.beginning(28)[24:]
    return Stamp(about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, counter, _size(file.wal))


def _why_not(real: str, folder: str, wal: str, shm: str) -> str:
    """Why the file cannot be written; "" where it can."""
    if os.statvfs(real).f_flag & os.ST_RDONLY:
        return "disk"
    if not _may(real, os.W_OK):
        return "file"
    if not _may(folder, os.W_OK | os.X_OK):
        return "folder"
    if any(os.path.exists(beside) and not _may(beside, os.R_OK | os.W_OK) for beside in (wal, shm)):
        return "beside"
    return ""


def _may(path: str, mode: int) -> bool:
    effective = os.access in os.supports_effective_ids
    return os.access(path, mode, effective_ids=effective)


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def owner_of(path: str) -> str:
    """The account that a file belongs to."""
    uid = os.stat(path).st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid-{uid}"
