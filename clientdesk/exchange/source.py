"""A file that is imported: its bytes, read once into a private copy and judged on the way.

Whatever happens to the file afterwards, what is previewed, judged and written comes from the same bytes.
"""

import codecs
import errno
import io
import os
import stat
import tempfile
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from clientdesk.domain.problems import Refused, refuse
from clientdesk.text import N_

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LIMIT = 256
"""The greatest size of a file in megabytes (of 1,048,576 bytes)."""

SPREADSHEET_LIMIT = 50
"""The greatest size of a spreadsheet file in megabytes: it is unpacked to be read."""

MEGABYTE = 1_048_576
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
"""What a ZIP file begins with, and so every .xlsx and .ods."""

OTHER_KINDS = (*ZIP, b"\xd0\xcf\x11\xe0", b"%PDF-")
"""What files begin with that are not text: ZIP, the older .xls (also a workbook with a password), PDF."""

CHUNK = 1 << 18


class _Reader(io.RawIOBase):
    """Reads a file at a position of its own, so that several readers of one copy do not disturb each other."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at}.get(whence)
        if base is None:
            base = os.fstat(self._file.fileno()).st_size
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer).cast("B")
        data = os.pread(self._file.fileno(), len(view), self._at)  # a closed copy raises ValueError here
        view[: len(data)] = data
        self._at += len(data)
        return len(data)


class Copy:
    """Bytes in a private temporary file that has no name: it is gone when it is closed, or with the process."""

    def __init__(self) -> None:
        self.file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - it is open as long as the copy is

    def open(self) -> BinaryIO:
        """The bytes from their beginning; several may read at the same time."""
        return io.BufferedReader(_Reader(self.file), CHUNK)

    def close(self) -> None:
        """Gives the space back; nothing can be read any more."""
        self.file.close()


class Source:
    """A file's bytes as they were when it was read.

    `path` is the file's name as it was given, `size` its bytes, `head` its first bytes, `has_nul` whether a byte is 0,
    `not_utf8` the place of the first byte that does not fit UTF-8 (None where all do).
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.size = 0
        self.head = b""
        self.has_nul = False
        self.not_utf8: int | None = None
        self._copy = Copy()
        self._kept: list[Copy] = []

    @classmethod
    def read(cls, path: str) -> Self:
        """Reads a regular file whole, without waiting for anything else (a pipe never answers).

        Raises Refused: file_missing, not_regular_file, unreadable, too_large, empty_file, disk_full.
        """
        descriptor = _opened(path)
        try:
            try:
                source = cls(path)
            except OSError as error:  # no folder for temporary files
                raise _disk(error) from error
            try:
                source._fill(descriptor)
            except BaseException:  # whatever ends it, the private copy goes with it
                source.close()
                raise
        finally:
            os.close(descriptor)
        return source

    def _fill(self, descriptor: int) -> None:
        if os.fstat(descriptor).st_size > LIMIT * MEGABYTE:
            raise too_large(self.path, LIMIT)
        decoder = codecs.getincrementaldecoder("utf-8")()
        while chunk := self._next(descriptor):
            if not self.size:
                self.head = chunk[:16]
            self._judge(chunk, decoder)
            self.size += len(chunk)
            limit = SPREADSHEET_LIMIT if self.head.startswith(ZIP) else LIMIT
            if self.size > limit * MEGABYTE:
                raise too_large(self.path, limit)
            self._write(chunk)
        self._judge(b"", decoder)
        self._write(b"")
        if not self.size:
            raise refuse("empty_file", path=self.path)

    def _next(self, descriptor: int) -> bytes:
        try:
            return os.read(descriptor, CHUNK)
        except OSError as error:
            raise refuse("unreadable", path=self.path) from error

    def _write(self, chunk: bytes) -> None:
        try:
            if chunk:
                self._copy.file.write(chunk)
            else:
                self._copy.file.flush()
        except OSError as error:
            raise _disk(error) from error

    def _judge(self, chunk: bytes, decoder: codecs.IncrementalDecoder) -> None:
        """Looks for NUL bytes and for the first byte that is not UTF-8; an empty chunk is the end."""
        self.has_nul = self.has_nul or b"\0" in chunk
        if self.not_utf8 is None:
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                held_back = len(error.object) - len(chunk)  # the beginning of a letter, from the chunk before
                self.not_utf8 = self.size - held_back + error.start

    @property
    def copy(self) -> BinaryIO:
        """The private copy itself, for a process that inherits it; it stands at its beginning."""
        self._copy.file.seek(0)
        return self._copy.file

    def open(self) -> BinaryIO:
        """The bytes from their beginning; several may read at the same time."""
        return self._copy.open()

    def keep(self, copy: Copy) -> None:
        """Closes `copy`, which was made from these bytes, together with them."""
        self._kept.append(copy)

    def close(self) -> None:
        """Gives the space back; tables of this source cannot be read any more."""
        for copy in (self._copy, *self._kept):
            copy.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _opened(path: str) -> int:
    """A descriptor of the regular file at `path`. Anything else is not opened at all: that alone may have effects."""
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise refuse("not_regular_file", path=path)
        descriptor = os.open(path, flags)
    except ValueError as error:  # a NUL in the path
        raise refuse("file_missing", path=path) from error
    except OSError as error:
        raise _unopened(path, error) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # it was exchanged meanwhile
        os.close(descriptor)
        raise refuse("not_regular_file", path=path)
    return descriptor


def _unopened(path: str, error: OSError) -> Refused:
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP):
        return refuse("file_missing", path=path)
    if error.errno in (errno.ENXIO, errno.ENODEV):
        return refuse("not_regular_file", path=path)  # a socket, a device that is not there
    return refuse("unreadable", path=path)


def too_large(path: str, limit: int) -> Refused:
    """The refusal of a file that is larger than so many megabytes."""
    return refuse("too_large", path=path, limit=limit, unit="MB", hint=N_("Cut it into smaller files."))


def _disk(error: OSError) -> Refused:
    """What is said where the private copy cannot be written."""
    return refuse("disk_full" if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) else "disk_error")
