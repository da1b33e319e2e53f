"""What the bytes of a firm's file, of its -wal and of the index of that (-shm) say, read beside SQLite.

`user_version` holds two numbers: in its low byte the schema, above it the generation, a number by chance that is new
whenever the file begins to be written or copied. Every commit carries the first page, and so the generation: a -wal
whose commits have another generation than the file belongs to another file.
"""

import os
import sys
from collections.abc import Iterator

from clientdesk.named_tuple import NamedTuple

APPLICATION_ID = 0x434C4B44  # "CLKD": tells a firm from any other SQLite file
MAGIC = b"SQLite format 3\x00"
SIZE = 100
"""So many bytes at the beginning of a file are its header."""
_GENERATIONS = 2**23  # with the schema's byte below them they fill a positive 32-bit number
_GENERATION_SINCE = 6
"""The first schema that has one: older programs take the whole number for the schema."""
_WAL_HEADER, _FRAME_HEADER = 32, 24
_WAL_MAGIC = (0x377F0682, 0x377F0683)
_COUNTERS = ((24, 28), (60, 64), (92, 100))
"""What of the first page differs where nothing but the generation was written: counters, and the generation."""
_INDEX_SIZE = 136
"""So many bytes at the beginning hold two copies of the header and, behind them, what is known of checkpoints."""
_INDEX_HEADER = 48


class Header(NamedTuple):
    """The header of a firm's file: its `user_version`, how often it was changed (no commit that is moved into the file
    lowers the `counter`), and how many pages it has."""

    version: int
    counter: int
    pages: int


def header(content: bytes) -> Header | None:
    """The header at the beginning of `content`; None if that is no SQLite database, or not ours."""
    if len(content) < SIZE or not content.startswith(MAGIC) or content[68:72] != APPLICATION_ID.to_bytes(4, "big"):
        return None
    return Header(*(int.from_bytes(content[place : place + 4], "big") for place in (60, 24, 28)))


def schema(version: int) -> int:
    """The schema in a `user_version`; 0 where it is none of ours."""
    return version & 0xFF if version < 2**31 else 0


def generation(version: int) -> int:
    """The generation in a `user_version`; 0 in a firm of an older clientdesk."""
    return version >> 8


def new_version(schema_version: int) -> int:
    """A `user_version` with a new generation, where the schema has one."""
    if schema_version < _GENERATION_SINCE:
        return schema_version
    import secrets  # only who writes needs it, and it is slow to import

    return schema_version | (1 + secrets.randbelow(_GENERATIONS - 1)) << 8


class _Frame(NamedTuple):
    """A page in a -wal: its number, the place of its content, and whether a commit ends with it."""

    page: int
    at: int
    commits: bool


class Wal:
    """The commits in a -wal, as far as its frames belong together. Reading it takes no lock and changes nothing."""

    def __init__(self, path: str) -> None:
        self._path = path

    def belongs_to(self, content: bytes, in_use: bool) -> bool:
        """Whether SQLite may join the -wal to the file that begins with `content` (its first page, at least).

        It may where a commit has the file's generation, and where nothing is lost or mixed by it: no commit at all, or
        none of anything but the generation. Commits without a first page are by another program, or an older
        clientdesk: while the file is `in_use` they are its own.
        """
        mark = generation(int.from_bytes(content[60:64], "big"))
        first, has_other_pages = b"", False
        for page, image in self._committed():
            if page != 1:
                has_other_pages = True
            elif generation(int.from_bytes(image[60:64], "big")) == mark:
                return True
            else:
                first = image
        if not first:
            return not has_other_pages or mark == 0 or in_use
        return not has_other_pages and _without_counters(first) == _without_counters(content[: len(first)])

    @property
    def is_marked(self) -> bool:
        """Whether a commit has a first page, and so says to which file it belongs."""
        return any(page == 1 for page, _image in self._committed())

    def has(self, version: int) -> bool:
        """Whether a commit has this `user_version`."""
        return any(page == 1 and int.from_bytes(image[60:64], "big") == version for page, image in self._committed())

    def latest_header(self, salts: bytes, frames: int) -> bytes:
        """The beginning of the first page as it stands last in so many frames of the use with these salts; b"" where it
        stands in none, or the -wal is used anew meanwhile."""
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            return b""
        try:
            size = int.from_bytes(os.pread(descriptor, 4, 8), "big")
            for number in range(frames - 1, -1, -1):
                at = _WAL_HEADER + number * (_FRAME_HEADER + size)
                frame = os.pread(descriptor, _FRAME_HEADER + SIZE, at)
                if frame[8:16] != salts:
                    return b""
                if frame[:4] == b"\x00\x00\x00\x01":
                    return frame[_FRAME_HEADER:]
            return b""
        finally:
            os.close(descriptor)

    def _committed(self) -> Iterator[tuple[int, bytes]]:
        """Number of every committed page, with the content of the first one."""
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)
        except FileNotFoundError:
            return
        try:
            waiting: list[_Frame] = []
            size = 0
            for size, frame in _frames(descriptor):
                waiting.append(frame)
                if frame.commits:
                    for written in waiting:
                        yield written.page, os.pread(descriptor, size, written.at) if written.page == 1 else b""
                    waiting.clear()
        finally:
            os.close(descriptor)


def _frames(descriptor: int) -> Iterator[tuple[int, _Frame]]:
    """The page size and each frame, until one is of an earlier use of the -wal, or cut off."""
    head = os.pread(descriptor, _WAL_HEADER, 0)
    if len(head) < _WAL_HEADER or int.from_bytes(head[:4], "big") not in _WAL_MAGIC:
        return
    size, salts = int.from_bytes(head[8:12], "big"), head[16:24]
    end, at = os.fstat(descriptor).st_size, _WAL_HEADER
    while at + _FRAME_HEADER + size <= end:
        frame = os.pread(descriptor, _FRAME_HEADER, at)
        if frame[8:16] != salts:
            return
        yield size, _Frame(int.from_bytes(frame[:4], "big"), at + _FRAME_HEADER, any(frame[4:8]))
        at += _FRAME_HEADER + size


def _without_counters(page: bytes) -> bytes:
    content = bytearray(page)
    for start, end in _COUNTERS:
        content[start:end] = bytes(end - start)
    return bytes(content)


class Progress(NamedTuple):
    """The -wal's present use (`salts`), its frames that are `committed`, and how many of them are `moved` into the file."""

    salts: bytes
    committed: int
    moved: int


class Index:
    """What SQLite's index of a -wal, the -shm at `path`, says; held open from the first look on until `close`.

    SQLite keeps its locks on that file: a process that closes any descriptor of it gives them up.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptors: list[int] = []

    def progress(self) -> Progress | None:
        """What it says now; None where there is none, it cannot be read, or it is just being written."""
        try:
            about = os.stat(self._path)
            stat_of_open = os.fstat(self._descriptors[-1]) if self._descriptors else None
            if stat_of_open is None or (stat_of_open.st_dev, stat_of_open.st_ino) != (about.st_dev, about.st_ino):
                self._descriptors.append(os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC))
            content = os.pread(self._descriptors[-1], _INDEX_SIZE, 0)
        except OSError:
            return None
        header, again = content[:_INDEX_HEADER], content[_INDEX_HEADER : 2 * _INDEX_HEADER]
        if len(content) < _INDEX_SIZE or header != again or not header[12]:
            return None
        committed, moved = (int.from_bytes(content[at : at + 4], sys.byteorder) for at in (16, 96))
        return Progress(header[32:40], committed, moved)

    def close(self) -> None:
        """Lets it go: after the connection is closed."""
        while self._descriptors:
            os.close(self._descriptors.pop())
