"""A file that is only looked at is not left open: what has it open keeps its locks, too."""

import os
from pathlib import Path

import pytest

from clientdesk.domain.problems import FirmUnusable
from clientdesk.store.engines import places
from clientdesk.store.engines.sqlite_identity import locked_alone
from tests.store.both import on_a_file


def left_open(path: str) -> list[str]:
    """The descriptors of this process that have the file open."""
    own = "/proc/self/fd"
    return [number for number in os.listdir(own) if os.path.realpath(f"{own}/{number}") == os.path.realpath(path)]


def test_a_file_that_is_no_firm(tmp_path: Path) -> None:
    path = tmp_path / "no firm.db"
    path.write_bytes(b"no firm" * 1000)
    with pytest.raises(FirmUnusable):
        places.open_engine(str(path))
    assert left_open(str(path)) == []


@on_a_file
def test_a_firm_that_nobody_else_had_open(location: str) -> None:
    with locked_alone(location) as is_alone:
        assert is_alone
        assert left_open(location)
    assert left_open(location) == []
