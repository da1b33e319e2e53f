"""A whole copy of an open firm's file, while others go on working in it."""

import os
import sqlite3
from contextlib import closing, suppress
from itertools import chain, count
from typing import TYPE_CHECKING

from clientdesk import temporary
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store.engines import sqlite_file, sqlite_header
from clientdesk.store.engines.sqlite_errors import not_made

if TYPE_CHECKING:
    from clientdesk.store.engines.sqlite import SqliteEngine


def back_up(engine: "SqliteEngine", path: str) -> str:
    """See Engine: the copy is checked before it has its name, and gets a generation of its own."""
    try:
        with temporary.folder(os.path.dirname(os.path.abspath(path))) as folder:
            partial = os.path.join(folder, "firm.db")
            os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(partial)) as copy:
                engine.db.connection().backup(copy)
                mark = sqlite_header.new_version(sqlite_header.schema(engine.version))
                copy.execute(f"PRAGMA user_version = {mark}")
                sound = copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            if not sound:
                raise FirmUnusable(problem("damaged", path=engine.location))
            with open(partial, "rb") as file:
                os.fsync(file.fileno())
            name = _named(partial, path)
    except OSError as error:
        raise not_made(error, path) from error
    sqlite_file.sync_folder(name)
    return name


def _named(partial: str, path: str) -> str:
    """Gives a finished file the name `path`, or the first free one with a number behind it; the name."""
    names = chain((path,), (f"{path}-{number}" for number in count(2)))
    while True:
        name = next(names)
        with suppress(FileExistsError):
            temporary.give_name(partial, name)
            return name
