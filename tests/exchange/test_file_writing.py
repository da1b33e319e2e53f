"""Files that are written: each appears whole or not at all, and never in the place of something else."""

import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from clientdesk.desk import clients
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import Refused
from clientdesk.exchange.export import Export, Format, Watch
from clientdesk.exchange.file_writing import Files, write_file
from tests.exchange.conftest import on_a_file
from tests.exchange.test_export import added, everything_in, many, refusal
from tests.exports import export_clients


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder for what is written."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def new(file: BinaryIO) -> None:
    """Writes a word."""
    file.write(b"new")


@pytest.mark.parametrize("kind", list(Format))
def test_a_disk_that_is_full_leaves_nothing(session: Session, out: Path, kind: Format) -> None:
    many(session, 400, name="Client with a long enough name, number {}")
    with most_bytes(8_192):
        assert refusal(session, Export(format=kind), out / "x", True).code == "disk_full"
    assert os.listdir(out) == []


@contextmanager
def most_bytes(count: int) -> Iterator[None]:
    """No file grows beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("kind", list(Format))
def test_a_download_can_be_stopped(session: Session, out: Path, kind: Format) -> None:
    many(session, 500)
    seen: list[int] = []
    with pytest.raises(Refused) as caught:
        export_clients(session, Export(format=kind), str(out / "x"), False, Watch(seen.append, lambda: bool(seen)))
    assert (caught.value.code, seen) == ("download_stopped", [200])
    assert os.listdir(out) == []


@on_a_file
def test_the_firm_is_never_written_over(session: Session, tmp_path: Path) -> None:
    added(session, "Ana", "1")
    link = tmp_path / "link.csv"
    link.symlink_to(session.location)
    for path in (session.location, session.location + "-wal", str(link)):
        assert refusal(session, Export(), Path(path), True).code == "firm_file"
    assert clients.count(session, ClientQuery()) == 1


@on_a_file
@pytest.mark.parametrize("overwrite", [True, False])
def test_places_that_cannot_be_written(session: Session, out: Path, overwrite: bool) -> None:
    (out / "folder").mkdir()
    os.mkfifo(out / "fifo")
    (out / "text").write_text("x")
    codes = {
        "none/x.csv": "folder_missing",
        "folder": "not_regular_file",
        "new/": "folder_missing",
        "fifo": "not_regular_file",
        "text/x.csv": "folder_missing",
        "a\0b": "not_writable",
        "n" * 300: "not_writable",
    }
    for name, code in codes.items():
        with pytest.raises(Refused) as caught:
            export_clients(session, Export(), f"{out}/{name}", overwrite)
        assert caught.value.code == code, name
        assert len(caught.value.message.splitlines()) == 1
    assert sorted(os.listdir(out)) == ["fifo", "folder", "text"]


@on_a_file
@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_yours(session: Session, out: Path) -> None:
    out.chmod(0o500)
    assert refusal(session, Export(), out / "x.csv").code == "not_writable"


def test_an_existing_file_stays_unless_it_may_be_replaced(out: Path) -> None:
    path = out / "x"
    path.write_text("old")
    path.chmod(0o644)
    with pytest.raises(Refused) as caught:
        write_file(str(path), False, lambda file: None)
    assert (caught.value.code, path.read_text()) == ("file_exists", "old")

    def fails(file: BinaryIO) -> None:
        file.write(b"half")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        write_file(str(path), True, fails)
    assert everything_in(out) == {"x": b"old"}
    write_file(str(path), True, new)
    assert everything_in(out) == {"x": b"new"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    write_file(str(out / "y"), True, new)
    assert stat.S_IMODE((out / "y").stat().st_mode) == 0o600


def test_a_file_that_comes_there_meanwhile_is_not_replaced(out: Path) -> None:
    path = out / "x"

    def write(file: BinaryIO) -> None:
        file.write(b"ours")
        path.write_text("theirs")

    with pytest.raises(Refused) as caught:
        write_file(str(path), False, write)
    assert caught.value.code == "file_exists"
    assert everything_in(out) == {"x": b"theirs"}


def test_a_link_is_followed(out: Path) -> None:
    (out / "real").write_text("old")
    (out / "link").symlink_to("real")
    write_file(str(out / "link"), True, new)
    assert (out / "link").is_symlink()
    assert (out / "real").read_text() == "new"


def test_a_disk_without_links_gets_its_files_too(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise OSError(1, "not permitted")

    monkeypatch.setattr(os, "link", none)
    (out / "b").write_text("old")
    with Files(overwrite=True) as files:
        for name in ("a", "b"):
            files.begin(str(out / name)).write(b"new")
    with Files(overwrite=False) as files:
        files.begin(str(out / "c")).write(b"new")
    assert everything_in(out) == {"a": b"new", "b": b"new", "c": b"new"}
