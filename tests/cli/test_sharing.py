"""`clientdesk firm share`: what it says and changes."""

import os
from pathlib import Path

from clientdesk.desk import opening
from tests.cli.conftest import Desk


def test_share_says_what_it_means(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir(0o700)
    path = str(folder / "firm.db")
    opening.make_firm(path, "Ríos", "Ana")
    group = str(os.getegid())
    ended = desk("firm", "share", group, path)
    assert ended.code == 0
    assert "0660" in ended.out
    assert "2770" in ended.out
    assert "can rewrite the file, access rules and history included" in ended.out
    again = desk("firm", "share", "--firm", path, "--json", group)
    assert again.records[0]["folder"] == str(folder)
    checked = desk("check", "--firm", path)
    assert (checked.code, "can work in the file, and rewrite it" in checked.out) == (0, True)
    os.chmod(folder, 0o770)
    checked = desk("check", "--firm", path)
    assert checked.code == 1
    assert "no setgid bit (mode 0770)" in checked.out
    assert "clientdesk firm share GROUP" in checked.out
    assert desk("firm", "share", "", path).code == 2
    refused = desk("firm", "share", "no such group", path)
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("There is no group no such group on this computer.")
