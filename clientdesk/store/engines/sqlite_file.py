"""A firm's file: what is looked at before SQLite opens it, and what is done around it."""

import errno
import os
import sqlite3
from contextlib import closing

from clientdesk import folders
from clientdesk.domain.problems import FirmUnusable, Problem, problem
from clientdesk.store.engines import sqlite_header, sqlite_opening, versions
from clientdesk.store.engines.sqlite_identity import FirmFile
from clientdesk.store.engines.sqlite_opening import Way

MOUNTS = "/proc/self/mountinfo"
_OUR_TABLES = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('firm', 'team_member', 'client')"
_OF_SQLITE = ("-wal", "-shm", "-journal")
"""How the names end of what SQLite keeps beside a file."""


def uri(path: str, mode: str) -> str:
    """The address by which SQLite opens an existing file; mode "rw", "ro" or "immutable", none of which makes one."""
    quoted = os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{quoted}?mode={'ro&immutable=1' if mode == 'immutable' else mode}"


def look_before_opening(
    path: str, no_room: bool = False, to_read: bool = False
) -> tuple[FirmFile, Way, tuple[Problem, ...]]:
    """The file at `path`, if it is a firm that this clientdesk can open, how it may be opened, where there is `no_room`
    for other files beside it, too, or where it is only `to_read`, and what its opener should be told.

    Refuses what SQLite would answer with a riddle, would make a new file of, or would change though it is not ours:
    SQLite has not touched the file, nor made one beside it, when this refuses. A -wal of another file is put aside, or,
    where nothing can be written, not read.
    """
    file = opened(path)
    try:
        look_at(file, path)
        way = sqlite_opening.way_in(path, file.wal_is_strange, no_room, to_read)
        notices = () if way.reason else file.part_from_strange_wal()
        _look_at_tables(file, path)
        return file, way, notices
    except BaseException as error:  # whatever ends it, the file is let go
        file.release()
        if isinstance(error, OSError):
            raise FirmUnusable(not_opened(error, path)) from error
        raise


def opened(path: str) -> FirmFile:
    """The regular file at `path`, held open. Raises FirmUnusable."""
    try:
        return FirmFile(path)
    except FileNotFoundError:
        _look_at_folder(path)
        raise FirmUnusable(problem("firm_missing", path=path)) from None
    except (IsADirectoryError, NotADirectoryError):
        raise FirmUnusable(problem("not_a_file", path=path)) from None
    except (OSError, ValueError) as error:
        raise FirmUnusable(not_opened(error, path)) from error


def look_at(file: FirmFile, path: str) -> None:
    """Refuses what is no firm of ours, of a newer clientdesk or of a build before the first release, or cut off."""
    head = file.beginning()
    about = sqlite_header.header(head)
    if about is None or not sqlite_header.schema(about.version):
        raise FirmUnusable(problem("not_a_firm", path=path))
    versions.check(sqlite_header.schema(about.version), path)
    page_size = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big") if head[24:28] == head[92:96] else 0
    if file.size < pages * (65536 if page_size == 1 else page_size) and not os.path.exists(file.wal):
        raise FirmUnusable(problem("damaged", path=path))


def _look_at_tables(file: FirmFile, path: str) -> None:
    """Refuses a file that would be brought up to date and has none of our tables."""
    about = sqlite_header.header(file.beginning())
    if about is None or sqlite_header.schema(about.version) >= versions.SCHEMA_VERSION:
        return
    mode = "ro" if os.path.exists(file.wal) else "immutable"
    try:
        with closing(sqlite3.connect(uri(path, mode), uri=True)) as connection:
            (tables,) = connection.execute(_OUR_TABLES).fetchone()
    except sqlite3.Error:
        return  # opening it says what is wrong
    if not tables:
        raise FirmUnusable(problem("not_a_firm", path=path))


def look_at_name(path: str) -> None:
    """Refuses the name of a new firm's file beside which SQLite finds no room for its own files, or that is one of them."""
    if os.path.realpath(path).endswith(_OF_SQLITE):
        raise FirmUnusable(problem("name_of_sqlite", path=path))
    try:
        longest = os.pathconf(os.path.dirname(os.path.abspath(path)), "PC_NAME_MAX")
    except (OSError, ValueError):
        return  # the folder is looked at elsewhere
    if len(os.fsencode(os.path.basename(path))) > longest - max(map(len, _OF_SQLITE)):
        raise FirmUnusable(problem("path_too_long", name=path))


def _look_at_folder(path: str) -> None:
    if not folders.folder_is_ready(path):
        raise FirmUnusable(problem("folder_missing", path=os.path.dirname(os.path.abspath(path)))) from None


def look_before_making(path: str) -> None:
    """Refuses a path where something stands, or no file can be made."""
    look_at_name(path)
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        _look_at_folder(path)
    except (OSError, ValueError) as error:
        raise FirmUnusable(not_opened(error, path)) from error
    else:
        raise FirmUnusable(problem("firm_exists", path=path))


def not_opened(error: OSError | ValueError, path: str) -> Problem:
    """Why a path cannot be opened that is neither missing nor a folder."""
    if isinstance(error, ValueError):  # a NUL in it
        return problem("no_path", name=path)
    if error.errno == errno.ELOOP:
        return problem("path_loop", path=path)
    if error.errno == errno.ENAMETOOLONG:
        return problem("path_too_long", name=path)
    return problem("unreadable", path=path)


def on_network(path: str) -> bool:
    """Whether the file lies on a network file system, where SQLite's locks cannot be trusted (Linux only)."""
    try:
        with open(MOUNTS, encoding="utf-8") as mounts:
            lines = [line.split() for line in mounts]
    except OSError:
        return False
    place, kind = "", ""
    for mount in lines:
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
