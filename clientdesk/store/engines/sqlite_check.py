"""What `check` looks at in a firm's file."""

import os
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING

from clientdesk.store.engines import sqlite_file, sqlite_group_rights
from clientdesk.store.engines.sqlite_errors import damage

if TYPE_CHECKING:
    from clientdesk.store.engines.sqlite import SqliteEngine


def check(engine: "SqliteEngine") -> Iterator[tuple[str, bool, str]]:
    """See Engine."""
    reports = ["ok"]
    with damage(reports):
        reports = [row[0] for row in engine.sql("PRAGMA integrity_check(20)").fetchall()]
    yield "file", reports == ["ok"], "; ".join(reports)
    if reports != ["ok"]:
        return
    # What looks at a table that is not as it is made would stumble over that; `differences` tells it.
    missing = {difference.kind for difference in engine.differences() if difference.what == "missing"}
    if not missing.isdisjoint({"table", "column"}):
        return
    orphans = engine.sql("PRAGMA foreign_key_check").fetchall()
    yield "references", not orphans, f"{len(orphans)}"
    if engine.read_only is not None:  # looking at the search index is a write
        yield "search_unread", True, ""
    else:
        reports = []
        with damage(reports):
            # For SQLite this is a write: who may not write now learns nothing about the index.
            engine.sql("INSERT INTO client_search (client_search, rank) VALUES ('integrity-check', 1)")
        yield "search", not reports, "; ".join(reports)
    mode = stat.S_IMODE(os.stat(engine.location).st_mode)
    yield "permissions", mode & 0o007 == 0, f"{mode:04o}"
    if sqlite_group_rights.is_meant(engine.location):
        reasons = sqlite_group_rights.missing(engine.location)
        group = sqlite_group_rights.group_of(engine.location)
        yield "sharing", not reasons, " ".join(reason.message for reason in reasons) or group
    yield "place", not sqlite_file.on_network(engine.location), ""
