"""A file that is no database any more while a firm is open: what happened to it is told, not what SQLite makes of that."""

from pathlib import Path

import pytest

from clientdesk.desk import clients, opening
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import FirmUnusable
from tests.store.both import on_a_file


@on_a_file
def test_a_file_that_something_else_was_written_over_is_no_damaged_one(location: str) -> None:
    with opening.open_firm(location, "ana") as session:
        path = Path(location)
        path.write_bytes(b"something else" * (path.stat().st_size // 14))
        session.engine.sql("PRAGMA shrink_memory")
        with pytest.raises(FirmUnusable) as caught:
            clients.count(session, ClientQuery())
        assert caught.value.code == "firm_overwritten"
