"""What is read of a firm's file, and of the files that SQLite keeps beside it, without opening a database."""

import os
from pathlib import Path

from clientdesk.desk import clients, opening
from clientdesk.store.engines.sqlite_header import SIZE, Index, Wal, header
from tests.store.both import bare, on_a_file


@on_a_file
def test_a_header_says_how_often_the_file_was_changed_and_how_long_it_is(location: str) -> None:
    with opening.open_firm(location, "ana") as session:
        clients.add(session, {"display_name": "Peña SA"})
    with open(location, "rb") as file:
        about = header(file.read(SIZE))
    with bare(location) as connection:
        ((pages,),) = connection.execute("PRAGMA page_count").fetchall()
        ((version,),) = connection.execute("PRAGMA user_version").fetchall()
    assert about is not None
    assert (about.pages, about.version) == (pages, version)


@on_a_file
def test_an_index_that_is_just_being_written_says_nothing(location: str, tmp_path: Path) -> None:
    with opening.open_firm(location, "ana") as session:
        clients.add(session, {"display_name": "Peña SA"})
        content = Path(f"{location}-shm").read_bytes()
        moved = Wal(f"{location}-wal")
        index = Index(str(tmp_path / "index"))
        (tmp_path / "index").write_bytes(content)
        progress = index.progress()
        assert progress is not None
        assert progress.committed > 0
        assert moved.latest_header(progress.salts, progress.committed)
        assert moved.latest_header(bytes(8), progress.committed) == b""
        half = bytearray(content)
        half[8] ^= 1  # the first of two copies of the same
        (tmp_path / "index").write_bytes(half)
        assert index.progress() is None
        index.close()
    assert not os.path.exists(f"{location}-wal")
