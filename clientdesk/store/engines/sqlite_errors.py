"""What SQLite's failures, and the file system's, are to a person."""

import errno
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from peewee import DatabaseError

from clientdesk.domain.problems import FirmUnusable, problem

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
CODES = {
    "SQLITE_FULL": "disk_full",
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_READONLY": "read_only",
    "SQLITE_PERM": "read_only",
    "SQLITE_CANTOPEN": "unreadable",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "not_a_firm",
    "SQLITE_IOERR": "disk_error",
}
"""The code of the problem by the beginning of the name of SQLite's error."""
NEVER_AGAIN = "clientdesk: an id is reserved before it is given, and never given again"
"""What a trigger says of an id that was not reserved, or was given before."""
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


def not_made(error: OSError, path: str) -> FirmUnusable:
    """The refusal of a new file that cannot be made at `path`."""
    if error.errno == errno.ENAMETOOLONG:
        return FirmUnusable(problem("path_too_long", name=path))
    codes = {**dict.fromkeys(_NO_SPACE, "disk_full"), errno.EROFS: "disk_read_only"}
    return FirmUnusable(problem(codes.get(error.errno or 0, "read_only"), path=path))


def is_id_again(error: BaseException) -> bool:
    """Whether a row was refused as its id was not reserved, or was given before."""
    from clientdesk.store.engines.id_counters import COUNTED  # only an error asks for all entities

    id_again = rf"{NEVER_AGAIN}|UNIQUE constraint failed: ({'|'.join(COUNTED)})\.id\b"
    return re.search(id_again, str(error)) is not None


@contextmanager
def damage(reports: list[str]) -> Iterator[None]:
    """Puts into `found` what SQLite says of damage it meets; everything else that fails is no finding, but a refusal."""
    try:
        yield
    except (DatabaseError, sqlite3.Error) as error:
        if not error_name(error).startswith(_DAMAGE):
            raise
        reports[:] = [str(error)]


def error_name(error: BaseException) -> str:
    """The name of SQLite's own error code, which may stand some levels down in the chain of contexts."""
    name, depth = "", 0
    current: BaseException | None = error
    while current is not None and depth < 10:
        name = getattr(current, "sqlite_errorname", None) or name
        current, depth = current.__cause__ or current.__context__, depth + 1
    return name
