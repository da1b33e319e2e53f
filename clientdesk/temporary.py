"""Temporary files and folders that vanish: whatever of a firm's data is on the disk without being asked for.

A file that is being made has no name where the file system can do that: it is gone with its process. What needs a name
(a folder for a library; a file where there are no nameless ones) has one of ours. Whoever made it holds a lock on it
while it is used, and a link to it in the person's state folder: the next start of the program follows these links and
takes away what nobody holds any more. A lock is gone with its process, also with that of another container or host; a
process number may be somebody else's by then.
"""

import errno
import fcntl
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from clientdesk.folders import state_folder

_NAME = r"\.clientdesk-[0-9]+-[0-9a-f]{16}\.part"
"""The names of what is taken away: the process that made it, and some digits by chance."""
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EACCES, errno.EMLINK, errno.EINVAL)
"""How file systems without hard links (FAT, some networks) answer."""
_TRIES = 10
_FRESH = 60.0
"""A link that leads nowhere is left so many seconds: what it names may be about to be made."""


class Unfinished:
    """A file of mode 0600 that is being made in a folder. It gets its name when it is whole, or is gone with `discard`.

    `descriptor` is open for reading and writing; it is closed by `discard`.
    """

    def __init__(self, descriptor: int, own_path: str) -> None:
        self.descriptor = descriptor
        self._own_path = own_path

    @classmethod
    def in_folder(cls, folder: str) -> "Unfinished":
        """A new one in a folder, without a name if that is possible. Raises OSError."""
        descriptor = _nameless(folder)
        if descriptor is not None:
            return cls(descriptor, "")
        sweep_folder(folder)
        return cls(*_made(folder, _new_file))

    @classmethod
    def second_name(cls, path: str) -> "Unfinished":
        """A file that is there, kept under a second name in its folder until `discard`. Raises OSError."""
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        own_path = _new_name(os.path.dirname(path))
        with suppress(OSError):  # somebody else's lock keeps it, too
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        _note(own_path)
        try:
            os.link(path, own_path)
        except BaseException:  # whatever ends it, no descriptor and no note stay
            os.close(descriptor)
            _forget(own_path)
            raise
        return cls(descriptor, own_path)

    def take_after(self, about: os.stat_result) -> None:
        """Gives the file the mode of another one and, where you may, its owner and group."""
        for owner, group in ((about.st_uid, -1), (-1, about.st_gid)):
            with suppress(OSError):
                os.fchown(self.descriptor, owner, group)
        os.fchmod(self.descriptor, stat.S_IMODE(about.st_mode) & 0o777)

    def give_name(self, place: str, replace: bool = False) -> None:
        """Lets the file stand at `place`; what stands there is replaced, or refused with FileExistsError."""
        if not self._own_path and not replace and self._linked(place):
            return
        if not self._own_path:
            self._take_own_name(os.path.dirname(place))
        if replace:
            os.replace(self._own_path, place)
        else:
            give_name(self._own_path, place)
        with suppress(FileNotFoundError):
            os.unlink(self._own_path)  # where both were names of the same file, the renaming did nothing
        _forget(self._own_path)
        self._own_path = ""

    def stands_at(self, place: str) -> bool:
        """Whether `place` is a name of this file."""
        try:
            return os.path.samestat(os.fstat(self.descriptor), os.stat(place))
        except OSError:
            return False

    def discard(self) -> None:
        """Closes the file, and takes away the name that it had only meanwhile."""
        if self._own_path:
            with suppress(OSError):
                os.unlink(self._own_path)
            _forget(self._own_path)
            self._own_path = ""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def _linked(self, place: str) -> bool:
        """Whether a file without a name has this one now; False where no links may be made. Raises FileExistsError."""
        try:
            # With a folder's descriptor Python follows the link in /proc to the file itself.
            os.link(_by_descriptor(self.descriptor), place, src_dir_fd=self.descriptor, follow_symlinks=True)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            return False
        return True

    def _take_own_name(self, folder: str) -> None:
        """Gives a file without a name one of ours; where no links may be made, it is copied."""
        path = _new_name(folder)
        _note(path)
        if self._linked(path):
            self._own_path = path
            return
        _forget(path)
        copy, self._own_path = _made(folder, _new_file)
        with open(self.descriptor, "rb", closefd=False) as whole, open(copy, "wb", closefd=False) as file:
            import shutil

            whole.seek(0)
            shutil.copyfileobj(whole, file)
        Unfinished(copy, self._own_path).take_after(os.fstat(self.descriptor))
        os.fsync(copy)
        os.dup2(copy, self.descriptor, inheritable=False)
        os.close(copy)


class Folder:
    """A folder of mode 0700 for what needs names while it is made; all of it is gone with `discard`."""

    def __init__(self, inside: str) -> None:
        """A new one inside another folder. Raises OSError."""

        def make(path: str) -> int:
            os.mkdir(path, 0o700)
            return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

        sweep_folder(inside)
        self._descriptor, self.path = _made(inside, make)

    def discard(self) -> None:
        """Takes the folder away with all that is in it."""
        if self._descriptor < 0:
            return
        _remove(self.path)
        if not os.path.lexists(self.path):
            _forget(self.path)
        os.close(self._descriptor)
        self._descriptor = -1


@contextmanager
def folder(inside: str | None = None) -> Iterator[str]:
    """The path of a folder that is gone at the end; without `inside` it is where the system has such things (TMPDIR)."""
    if inside is None:
        import tempfile  # only where something is written

        inside = tempfile.gettempdir()
    new_folder = Folder(inside)
    try:
        yield new_folder.path
    finally:
        new_folder.discard()


def give_name(path: str, place: str) -> None:
    """Lets a file stand at `place` instead of at `path`, never over another one. Raises FileExistsError."""
    try:
        os.link(path, place)  # unlike a renaming, this never replaces what came there meanwhile
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(place):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), place) from None
        os.rename(path, place)
    else:
        os.unlink(path)


# --- what a process that was killed has left


def sweep() -> None:
    """Takes away what processes of yours that are gone have left, wherever it is. It never fails."""
    notes = _notes_folder()
    try:
        names = os.listdir(notes)
    except OSError:
        return
    for name in names:
        note = os.path.join(notes, name)
        with suppress(OSError):
            path = os.readlink(note)
            if os.path.lexists(path):
                gone = _take_away(path)
            else:
                gone = os.path.isdir(os.path.dirname(path)) and time.time() - os.lstat(note).st_mtime > _FRESH
            if gone:
                os.unlink(note)


def sweep_folder(folder: str) -> None:
    """Takes away what processes of yours that are gone have left in a folder. It never fails."""
    with suppress(OSError), os.scandir(folder) as entries:
        for path in [entry.path for entry in entries if re.fullmatch(_NAME, entry.name)]:
            with suppress(OSError):
                _take_away(path)


def _take_away(path: str) -> bool:
    """Whether it was ours, nobody held it, and it is gone."""
    about = os.lstat(path)
    is_folder = stat.S_ISDIR(about.st_mode)
    if not re.fullmatch(_NAME, os.path.basename(path)) or about.st_uid != os.geteuid():
        return False
    if not (is_folder or stat.S_ISREG(about.st_mode)):
        return False
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(path)
    finally:
        os.close(descriptor)
    return not os.path.lexists(path)


def _remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        import shutil

        shutil.rmtree(path, ignore_errors=True)
    else:
        os.unlink(path)


# --- names, locks and the links that tell of them


def _nameless(folder: str) -> int | None:
    """The descriptor of a new file without a name that can be given one later; None where there is no such thing."""
    if not hasattr(os, "O_TMPFILE"):  # Linux only
        return None
    try:
        descriptor = os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    with suppress(OSError):
        if os.path.samestat(os.fstat(descriptor), os.stat(_by_descriptor(descriptor))):
            return descriptor
    os.close(descriptor)  # without /proc it could never get a name
    return None


def _made(folder: str, make: Callable[[str], int]) -> tuple[int, str]:
    """What `make` makes under a new name of ours, held by a lock: its descriptor and its path."""
    for _try in range(_TRIES):
        path = _new_name(folder)
        _note(path)
        try:
            descriptor = make(path)
        except BaseException:  # whatever ends it, no note stays
            _forget(path)
            raise
        if _is_held(descriptor):
            return descriptor, path
        os.close(descriptor)  # another start has just taken it away
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), folder)


def _new_file(path: str) -> int:
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)


def _is_held(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # where there are no locks nobody takes it away, either
    return os.fstat(descriptor).st_nlink > 0


def _new_name(folder: str) -> str:
    return os.path.join(os.path.abspath(folder), f".clientdesk-{os.getpid()}-{os.urandom(8).hex()}.part")


def _by_descriptor(descriptor: int) -> str:
    return f"/proc/self/fd/{descriptor}"


def _notes_folder() -> str:
    return os.path.join(state_folder(), "temporary")


def _note(path: str) -> None:
    """Tells the next start of the program where it may have to clear up. Where that cannot be kept, what is written
    next in the same folder clears up there."""
    notes = _notes_folder()
    with suppress(OSError):
        os.makedirs(notes, mode=0o700, exist_ok=True)
        os.symlink(path, os.path.join(notes, os.path.basename(path)))


def _forget(path: str) -> None:
    with suppress(OSError):
        os.unlink(os.path.join(_notes_folder(), os.path.basename(path)))
