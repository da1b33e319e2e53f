"""Putting a backup back into a firm's file: checked as a copy beside it, which then takes its place in one step."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import NamedTuple

from peewee import DatabaseError

from clientdesk import folders, temporary
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store.engines import sqlite_file, sqlite_header, sqlite_making, sqlite_opening
from clientdesk.store.engines.sqlite import FILE_NAME, SqliteEngine
from clientdesk.store.engines.sqlite_errors import not_made
from clientdesk.store.engines.sqlite_identity import FirmFile, free_name, locked_alone, set_aside
from clientdesk.text import N_

Head = tuple[int, str]
"""Number and seal of the latest change set; NO_HEAD where there is none, or it cannot be read."""
NO_HEAD: Head = (0, "")
_HEAD = "SELECT id, seal FROM change_set WHERE seal IS NOT NULL ORDER BY id DESC LIMIT 1"


class _Stamp(NamedTuple):
    """By what is seen that nobody has written to a file and its -wal."""

    size: int
    changed: int
    wal_size: int


class Restoring:
    """A backup on its way into the file `path`: `engine` is the firm in it, with a new generation.

    `left` is the head of what stands at `path` now, `taken` that of the backup; `firm_there` is uid and name of the
    firm that stands there, None where there is none or it cannot be read. `finish` makes it so; made by `restoring`.
    """

    def __init__(self, engine: SqliteEngine, path: str, present: FirmFile | None, wal: str) -> None:
        self.engine = engine
        self.path = path
        self._present = present
        self._wal = wal
        self._stamp = self._stamped()
        self.firm_there, self.left = (None, NO_HEAD) if present is None else _firm_and_head(path, present)
        self.taken = _head(engine.db.connection()) or NO_HEAD

    def record(self, change_set_id: int) -> None:
        """Writes to the history, in an open change set, that the firm was put back."""
        self.engine.sql(
            "INSERT INTO history (change_set_id, entity, key, operation, old, new)"
            " VALUES (?, 'firm', '1', 'update', '{}', '{}')",
            (change_set_id,),
        )

    def finish(self) -> str:
        """Puts the backup in place; the name under which what stood there is kept, "" if nothing did."""
        engine, copy = self.engine, self.engine.stands_at
        with engine.errors():
            engine.sql("PRAGMA wal_checkpoint(TRUNCATE)")
            engine.close()
        with ExitStack() as stack:
            if self._present is not None and not (
                stack.enter_context(locked_alone(self.path)) and self._stamped() == self._stamp
            ):
                raise FirmUnusable(problem("firm_in_use", path=self.path))
            try:
                _sync(copy)
                kept_as = self._switch(copy)
            except OSError as error:
                raise _not_written(error, self.path) from error
        return kept_as

    def _switch(self, copy: str) -> str:
        if self._present is None:
            if os.path.lexists(self._wal):
                set_aside(self._wal)
            temporary.give_name(copy, self.path)
            sqlite_file.sync_folder(self.path)
            return ""
        _keep_rights(copy, os.stat(self.path))
        # A firm stands at the path at any moment: the old one, or the new one, which knows the old -wal for a strange
        # one as long as that is there.
        kept_as = free_name(self.path)
        os.link(self.path, kept_as)
        if os.path.lexists(self._wal) and os.stat(self._wal).st_size:
            os.link(self._wal, f"{kept_as}-wal")
        sqlite_file.sync_folder(self.path)
        os.replace(copy, self.path)
        for ending in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                os.remove(self.path + ending)
        sqlite_file.sync_folder(self.path)
        return kept_as

    def _stamped(self) -> _Stamp | None:
        if self._present is None:
            return None
        about = os.stat(self.path)
        try:
            wal_size = os.stat(self._wal).st_size
        except FileNotFoundError:
            wal_size = 0
        return _Stamp(about.st_size, about.st_mtime_ns, wal_size)


@contextmanager
def restoring(backup: str, to: str) -> Iterator[Restoring]:
    """Checks a backup and prepares it for its place at `to`; whatever stops it, nothing is changed there.

    Raises FirmUnusable where the backup is no firm of ours or not whole, where anybody has one of the two open, and
    where `to` is another program's file.
    """
    path = os.path.realpath(to)
    if not folders.folder_is_ready(path):
        raise FirmUnusable(problem("folder_missing", path=os.path.dirname(path)))
    sqlite_file.look_at_name(path)
    with ExitStack() as stack:
        try:
            source = _opened(backup, stack)
            sqlite_file.look_at(source, backup)
        except FirmUnusable as refusal:
            if refusal.code in ("firm_missing", "folder_missing"):
                raise FirmUnusable(problem("file_missing", path=backup)) from None
            if refusal.code != "damaged":
                raise
            raise _damaged(backup, N_("its end is missing")) from refusal
        present = _opened(path, stack) if os.path.lexists(path) else None
        if present is not None:
            if os.path.samefile(backup, path):
                raise FirmUnusable(problem("restore_same", path=to))
            _look_at_present(present, to)
        for file, name in ((source, backup), (present, to)):
            if file is not None and file.in_use:
                raise FirmUnusable(problem("firm_in_use", path=name))
            if file is not None:
                sqlite_opening.look_at_wal(file.wal)
        engine = _checked_copy(source, backup, path)
        try:
            yield Restoring(engine, path, present, f"{path}-wal")
        finally:
            engine.discard()


def _opened(path: str, stack: ExitStack) -> FirmFile:
    file = sqlite_file.opened(path)
    stack.callback(file.release)
    return file


def _look_at_present(present: FirmFile, shown: str) -> None:
    """Refuses a file that is neither a firm nor what may be left of one: empty, or without its beginning."""
    head = present.beginning()
    if any(head) and sqlite_header.header(head) is None:
        raise FirmUnusable(problem("restore_over_other", path=shown))


def _checked_copy(source: FirmFile, backup: str, path: str) -> SqliteEngine:
    """The firm in a copy of the backup, which is whole; the backup itself is only read, byte by byte."""
    try:
        folders.make_own_folder(path)
        made_in = temporary.Folder(os.path.dirname(path))
    except OSError as error:
        raise _not_written(error, path) from error
    copy = os.path.join(made_in.path, FILE_NAME)
    try:
        with (
            open(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file,
            open(backup, "rb") as source_file,
        ):
            shutil.copyfileobj(source_file, file)
        if source.wal_belongs() and os.path.exists(source.wal):
            shutil.copyfile(source.wal, f"{copy}-wal")
    except OSError as error:
        made_in.discard()
        raise _not_written(error, path) from error
    try:
        engine = sqlite_making.of_copy(path, made_in)
    except FirmUnusable as refusal:
        if refusal.code not in ("damaged", "not_a_firm"):
            raise
        raise _damaged(backup, N_("SQLite cannot read it")) from refusal
    try:
        wrong = _what_is_wrong(engine)
        if wrong:
            raise _damaged(backup, wrong)
    except BaseException:  # whatever ends it, half a firm does not stay
        engine.discard()
        raise
    return engine


def _what_is_wrong(engine: SqliteEngine) -> str:
    try:
        (verdict,) = engine.sql("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            return str(verdict).splitlines()[-1]
        if engine.sql("PRAGMA foreign_key_check").fetchone() is not None:
            return N_("references in it lead nowhere")
        if engine.sql("SELECT 1 FROM firm JOIN team_member m ON m.id = primary_admin_id").fetchone() is None:
            return N_("it holds no firm")
    except (sqlite3.Error, DatabaseError) as error:
        return str(error)
    return ""


def _damaged(backup: str, reason: str) -> FirmUnusable:
    return FirmUnusable(problem("backup_damaged", path=backup, reason=reason))


def _firm_and_head(path: str, present: FirmFile) -> tuple[tuple[str, str] | None, Head]:
    """Uid and name of the firm at `path`, and its head, read without writing anything to its file or -wal."""
    mode = "ro" if present.wal_belongs() and os.path.exists(present.wal) else "ro&immutable=1"
    firm = None
    try:
        with closing(sqlite3.connect(sqlite_file.uri(path, mode), uri=True)) as connection:
            firm = connection.execute("SELECT uid, name FROM firm").fetchone()
            return firm, _head(connection) or NO_HEAD
    except sqlite3.Error:
        return firm, NO_HEAD  # what is damaged is put aside all the same


def _head(connection: sqlite3.Connection) -> Head | None:
    row = connection.execute(_HEAD).fetchone()
    return None if row is None else (int(row[0]), str(row[1]))


def _keep_rights(path: str, about: os.stat_result) -> None:
    """Gives a file the owner, group and mode of another, as far as this account may: whoever could work in the file still
    can, and nobody else."""
    with suppress(OSError):  # in a group that this account is in
        os.chown(path, -1, about.st_gid)
    with suppress(OSError):  # by the system's administrator only
        os.chown(path, about.st_uid, -1)
    has_group = os.stat(path).st_gid == about.st_gid
    os.chmod(path, stat.S_IMODE(about.st_mode) & (0o7777 if has_group else ~stat.S_IRWXG))


def _not_written(error: OSError, path: str) -> FirmUnusable:
    if isinstance(error, FileExistsError):
        return FirmUnusable(problem("firm_exists", path=path))
    return not_made(error, path)


def _sync(path: str) -> None:
    with open(path, "rb") as file:
        os.fsync(file.fileno())
