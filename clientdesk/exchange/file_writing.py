"""Writing files: beside their place and renamed into it, so that there is the whole file or none."""

import csv
import errno
import io
import os
import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self

from clientdesk.domain.problems import Problem, Refused, problem, refuse
from clientdesk.domain.spreadsheet_cells import neutral
from clientdesk.temporary import Unfinished

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_BOM = "\ufeff"


def write_file(path: str, overwrite: bool, write: Callable[[BinaryIO], None]) -> None:
    """Has `write` fill a file of mode 0600 and gives it the name `path` when it is on the disk; see `Files`.

    Refused, and nothing half is left: file_exists (unless `overwrite`), folder_missing, not_regular_file,
    not_writable, disk_full.
    """
    with Files(overwrite) as files:
        write(files.begin(path))


def check_place(path: str, overwrite: bool, firm: str) -> None:
    """Refuses a place where `write_file` would fail, before there is anything to write: see there, and firm_file."""
    spare_firm(path, firm)
    with suppress(_OnlyAsked), Files(overwrite) as files:
        files.begin(path)
        raise _OnlyAsked


class _OnlyAsked(Exception):
    """Nothing is to be written."""


def spare_firm(path: str, firm: str) -> None:
    """Refuses ("firm_file") to write over the firm that is at `firm`."""
    try:
        place, kept = os.path.realpath(path), os.path.realpath(firm)
    except (OSError, ValueError):
        return  # no path at all: writing refuses it
    if place in {kept + more for more in ("", "-wal", "-shm", "-journal")}:
        raise refuse("firm_file", path=path)


class _Part(NamedTuple):
    """A file that is being written: what the person calls it, where it will stand, the file on the disk, its writer."""

    path: str
    place: str
    unfinished: Unfinished
    file: BinaryIO


class Files:
    """Files that appear together at the end of a `with`, or not at all.

    Each is written in the folder of its place, without a name where that is possible, and gets its name when all of
    them are on the disk. It has mode 0600, or that of the file which it replaces, with its owner and group where you
    may give them. A link is followed: the file that it leads to is replaced. If anything fails, what stood there before
    stands there again.
    """

    def __init__(self, overwrite: bool, *, at_once: bool = True) -> None:
        """Unless `overwrite`, a file that exists is refused: `at_once` when it is begun, else all of them together
        when everything is written."""
        self._overwrite, self._at_once = overwrite, at_once
        self._parts: list[_Part] = []

    def __enter__(self) -> Self:
        return self

    def begin(self, path: str) -> BinaryIO:
        """A file to be written. Refused where `path` cannot become one."""
        try:
            place = os.path.realpath(path)
            folder = os.path.dirname(place)
            if not os.path.isdir(folder):
                raise refuse("folder_missing", path=folder)
            if self._is_there(path, place) and self._at_once and not self._overwrite:
                raise refuse("file_exists", path=path)
            unfinished = Unfinished.in_folder(folder)
        except (OSError, ValueError) as error:
            raise not_written(error, path) from error
        file = open(unfinished.descriptor, "wb", closefd=False)  # noqa: SIM115 - it is open until the end of the `with`
        self._parts.append(_Part(path, place, unfinished, file))
        return file

    @staticmethod
    def _is_there(path: str, place: str) -> bool:
        """Whether a file stands there already. Refused where something else does, or a folder is named."""
        try:
            about = os.stat(place)
        except FileNotFoundError:
            about = None
        if about is None and path.endswith(os.sep):
            raise refuse("folder_missing", path=path)
        if about is not None and not stat.S_ISREG(about.st_mode):
            raise refuse("not_regular_file", path=path)
        return about is not None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        part = self._parts[-1] if self._parts else None
        try:
            if error is None:
                for part in self._parts:
                    part.file.flush()
                    os.fsync(part.unfinished.descriptor)
                self._name_all()
        except OSError as failure:
            raise not_written(failure, part.path if part else "") from failure
        finally:
            for unnamed in self._parts:
                with suppress(OSError):
                    unnamed.file.close()
                unnamed.unfinished.discard()
        if part is not None and isinstance(error, OSError):
            raise not_written(error, part.path) from error

    def _name_all(self) -> None:
        """Gives every file its name; if one is refused, those before it are taken back."""
        if not self._overwrite:
            taken_names: list[Problem] = [
                problem("file_exists", path=part.path) for part in self._parts if os.path.lexists(part.place)
            ]
            if taken_names:
                raise Refused(*taken_names)
        named: list[tuple[_Part, Unfinished | None]] = []
        try:
            for part in self._parts:
                named.append((part, self._set_aside(part) if len(self._parts) > 1 else None))
                self._name(part)
        except BaseException as error:  # whatever ends it, the files stand as before
            for part, aside in reversed(named):
                self._take_back(part, aside)
            if isinstance(error, OSError):
                raise not_written(error, named[-1][0].path) from error
            raise
        finally:
            for _each, aside in named:
                if aside is not None:
                    aside.discard()
        for folder in {os.path.dirname(part.place) for part in self._parts}:
            _remember(folder)

    def _name(self, part: _Part) -> None:
        if self._overwrite:
            with suppress(FileNotFoundError):
                part.unfinished.take_after(os.stat(part.place))
        try:
            part.unfinished.give_name(part.place, self._overwrite)
        except FileExistsError as error:
            raise refuse("file_exists", path=part.path) from error

    @staticmethod
    def _set_aside(part: _Part) -> Unfinished | None:
        """A second name of the file that is to be replaced; None where there is none, or it can have none."""
        try:
            return Unfinished.second_name(part.place)
        except OSError:
            return None

    @staticmethod
    def _take_back(part: _Part, aside: Unfinished | None) -> None:
        with suppress(OSError):
            if aside is not None:
                aside.give_name(part.place, replace=True)
            elif part.unfinished.stands_at(part.place):
                os.unlink(part.place)


def not_written(error: OSError | ValueError, path: str) -> Refused:
    """The refusal of a file that cannot be written."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return refuse("disk_full")
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return refuse("not_writable", path=path, reason=reason)


def _remember(folder: str) -> None:
    """Makes the disk remember that a file got its name."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class CsvText:
    """Rows as the bytes of a CSV in UTF-8: commas, or another `delimiter`, quotes where they are needed, CRLF."""

    def __init__(self, delimiter: str = ",") -> None:
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text, delimiter=delimiter, lineterminator="\r\n")

    def of(self, rows: Iterable[Sequence[str]]) -> bytes:
        """These rows."""
        self._writer.writerows(rows)
        text = self._text.getvalue()
        self._text.seek(0)
        self._text.truncate()
        return text.encode(errors="surrogatepass")


def byte_order_mark(wanted: bool) -> bytes:
    """The mark by which Excel knows UTF-8; nothing where it is not wanted."""
    return _BOM.encode() if wanted else b""


def neutral_rows(rows: Iterable[Sequence[str]], wanted: bool = True) -> Iterable[Sequence[str]]:
    """Rows in which no cell is a formula."""
    return ([neutral(cell) for cell in row] for row in rows) if wanted else rows


def save_csv(path: str, overwrite: bool, rows: Iterable[Sequence[str]], firm: str) -> None:
    """Writes rows as a CSV file.

    Refused as `write_file` refuses, and ("firm_file") where it would be written over the firm that is at `firm`.
    """
    spare_firm(path, firm)
    write_file(path, overwrite, lambda file: write_csv(file, rows))


def write_csv(
    file: BinaryIO, rows: Iterable[Sequence[str]], delimiter: str = ",", bom: bool = True, neutral_cells: bool = True
) -> None:
    """Writes rows as a CSV in UTF-8, as Excel likes it: with a byte order mark, and no cell that is a formula."""
    from itertools import islice

    file.write(byte_order_mark(bom))
    text, rest = CsvText(delimiter), iter(neutral_rows(rows, neutral_cells))
    while piece := list(islice(rest, 1_000)):
        file.write(text.of(piece))
