"""Where a firm's file may not be shared with a group."""

import os
import stat
from pathlib import Path

import pytest

from clientdesk.desk import opening
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store.engines import sqlite_file
from tests.store.both import on_a_file


@on_a_file
def test_a_firm_on_a_network_is_not_shared(location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mode = stat.S_IMODE(os.stat(location).st_mode)
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"1 1 0:1 / {tmp_path} rw - nfs4 server:/firms rw\n")
    monkeypatch.setattr(sqlite_file, "MOUNTS", str(mounts))
    with pytest.raises(FirmUnusable) as caught:
        opening.share_firm(location, str(os.getegid()))
    assert caught.value.code == "share_network"
    assert stat.S_IMODE(os.stat(location).st_mode) == mode
