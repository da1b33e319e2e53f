"""How a firm's file is opened, made, brought up to date and mended."""

import os

from clientdesk import folders, temporary
from clientdesk.domain.problems import FirmUnusable
from clientdesk.log_file import log
from clientdesk.store.engines import Repaired, Upgraded, sqlite, sqlite_file, sqlite_header, versions
from clientdesk.store.engines.sqlite import SqliteEngine
from clientdesk.store.engines.sqlite_errors import not_made


def open_firm(path: str) -> SqliteEngine:
    """Opens the firm at `path`; refuses in one sentence what is not a firm or cannot be used.

    Where its disk has no room for what SQLite keeps beside it, it is opened to be read.
    """
    try:
        return _opened(path)
    except FirmUnusable as error:
        if error.code != "disk_full":
            raise
        try:
            return _opened(path, no_room=True)
        except FirmUnusable:  # its latest changes stand beside it, or it is to be brought up to date
            raise error from None


def open_to_read(path: str) -> SqliteEngine:
    """Opens the firm at `path` to be read only, whoever may write it: nothing is made or brought up to date. Raises
    FirmUnusable."""
    file, way, _notices = sqlite_file.look_before_opening(path, to_read=True)
    from clientdesk.store.engines.sqlite_reading import ReadOnlyEngine

    engine = ReadOnlyEngine(path, file, way)
    try:
        with engine.errors():
            engine.connect()
            file.check_path()
            file.remember()
            engine.look_inside()
    except BaseException:
        engine.close()
        raise
    return engine


def _opened(path: str, no_room: bool = False) -> SqliteEngine:
    try:
        file, way, notices = sqlite_file.look_before_opening(path, no_room)
    except FirmUnusable as error:
        from clientdesk.store.engines import sqlite_group_rights

        refusal = sqlite_group_rights.explained(error, path)
        if refusal.code not in ("firm_missing", "folder_missing"):
            log().error("%s: %s", path, refusal.code, exc_info=error)
        if refusal is error:
            raise
        raise refusal from error
    temporary.sweep_folder(os.path.dirname(os.path.abspath(path)))
    if way.reason:
        from clientdesk.store.engines import sqlite_group_rights
        from clientdesk.store.engines.sqlite_reading import ReadOnlyEngine

        half_shared = sqlite_group_rights.half_shared(path)
        hint = "" if half_shared is None else half_shared.message
        engine: SqliteEngine = ReadOnlyEngine(path, file, way, hint)
        notices += half_shared.problems if half_shared is not None else ()
    else:
        engine = SqliteEngine(path, file=file)
    engine.notices = (*way.notice(path), *notices)
    try:
        with engine.errors():
            engine.connect()
            file.check_path()  # SQLite has opened what stood there when it looked
            file.remember()
            engine.upgraded = engine.look_inside()
    except BaseException as error:  # whatever ends it, the file is let go
        engine.close()
        if isinstance(error, FirmUnusable):
            error.problems += notices
        raise
    return engine


def upgrade(path: str) -> Upgraded:
    """See `places.upgrade`: opening a file does it."""
    engine = open_firm(path)
    engine.close()
    notices = (notice for notice in engine.notices if notice.code not in ("upgraded", "opened_read_only"))
    return engine.upgraded._replace(notices=tuple(notices))


def repair(path: str) -> Repaired:
    """See `places.repair`."""
    from clientdesk.store.engines import sqlite_expected_schema

    engine = open_firm(path)
    try:
        if engine.read_only is not None:
            raise FirmUnusable(engine.read_only._replace(code="repair_read_only"))
        with engine.errors():
            backup = engine.back_up(f"{path}.before-repair")
            with engine.writing():
                sqlite_expected_schema.mend(engine.db, sqlite.MIGRATIONS)
    finally:
        engine.close()
    return Repaired("", backup)


def create(path: str) -> SqliteEngine:
    """Makes an empty firm (mode 0600) with the present schema; it stands at `path` after `publish` only. The
    program's own folder is made for it; any other one must be there."""
    sqlite_file.look_before_making(path)
    folder = os.path.dirname(os.path.abspath(path))
    try:
        folders.make_own_folder(path)
        engine = SqliteEngine(path, temporary.Folder(folder))
    except OSError as error:
        raise not_made(error, path) from error
    try:
        os.close(os.open(engine.stands_at, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with engine.errors():
            engine.connect()
            engine.db.execute_sql(f"PRAGMA application_id = {sqlite_header.APPLICATION_ID}")
            engine.migrate()
    except BaseException as error:  # whatever ends it, half a firm does not stay
        engine.discard()
        if isinstance(error, OSError):
            raise not_made(error, path) from error
        raise
    return engine


def of_copy(path: str, made_in: temporary.Folder) -> SqliteEngine:
    """The firm in the file `FILE_NAME` of a folder, which nobody else knows and which shall stand at `path`: with the
    present schema and a generation of its own. The folder is gone with `discard`."""
    engine = SqliteEngine(path, made_in)
    try:
        with engine.errors():
            engine.connect()
            if sqlite_header.schema(engine.version) < versions.SCHEMA_VERSION:
                engine.migrate()
            else:
                engine.version = sqlite_header.new_version(versions.SCHEMA_VERSION)
    except BaseException:  # whatever ends it, half a firm does not stay
        engine.discard()
        raise
    return engine
