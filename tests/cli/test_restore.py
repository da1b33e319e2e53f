"""A backup is put back on the command line, and what a -wal of another file is told to be."""

import os
import shutil
import sqlite3
from pathlib import Path

from clientdesk.desk import clients, opening
from tests.cli.conftest import Desk
from tests.store.both import on_a_file

pytestmark = on_a_file


def names(desk: Desk) -> list[str]:
    return [record["display_name"] for record in desk("list", "--json").records]


def test_a_backup_is_put_back_into_the_firm_that_the_settings_name(desk: Desk, firm: str, tmp_path: Path) -> None:
    desk("add", "display_name=Kept")
    backup = str(shutil.copy(firm, tmp_path / "backup.db"))
    desk("add", "display_name=Lost")
    ended = desk("firm", "restore", backup)
    assert (ended.code, ended.err) == (0, "")
    back, kept = ended.lines
    assert back == f"Ríos y Asociados is back in {firm}, as it was in {backup}: 1 client."
    assert kept.startswith(f"What stood there is kept as {firm}.aside-")
    assert names(desk) == ["Kept"]
    (record,) = desk("firm", "restore", backup, str(tmp_path / "new.db"), "--json").records
    assert (record["clients"], record["kept"], record["left"]["number"]) == (1, "", 0)
    assert record["taken"]["number"] > 0


def test_what_is_refused_changes_nothing_and_says_what_to_do(desk: Desk, firm: str, tmp_path: Path) -> None:
    backup = str(shutil.copy(firm, tmp_path / "backup.db"))
    assert "There is no file" in desk("firm", "restore", str(tmp_path / "typo.db")).err
    with opening.open_firm(firm):
        ended = desk("firm", "restore", backup)
    assert ended.code == 1
    assert "Close it everywhere first" in ended.err
    os.truncate(firm, 20_000)
    assert f"clientdesk firm restore BACKUP {firm}" in desk("list").err
    assert desk("firm", "restore", backup).code == 0
    assert desk("check").code == 0


def test_a_command_says_that_a_wal_of_another_file_was_put_aside(desk: Desk, firm: str, tmp_path: Path) -> None:
    backup = str(shutil.copy(firm, tmp_path / "backup.db"))
    child = os.fork()
    if child == 0:
        try:
            clients.add(opening.open_firm(firm), {"display_name": "Lost"})
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    shutil.copy(backup, firm)
    ended = desk("list", "--json")
    assert (ended.code, ended.records) == (0, [])
    assert "belongs to another file" in ended.err
    assert f"{firm}-wal.aside-" in ended.err
    assert desk("list", "--json").err == ""


def test_another_firm_is_not_replaced_unless_that_is_meant(desk: Desk, firm: str, tmp_path: Path) -> None:
    other = str(tmp_path / "other.db")
    opening.make_firm(other, "Norte SL", "Ana")
    before = Path(firm).read_bytes()
    ended = desk("firm", "restore", other)
    assert (ended.code, Path(firm).read_bytes() == before) == (1, True)
    assert f"{firm} holds another firm (Ríos y Asociados) than the backup (Norte SL)" in ended.err
    assert "--other-firm" in ended.err
    assert desk("firm", "restore", other, "--other-firm").code == 0
    assert desk("check").code == 0


def test_a_firm_without_its_own_row_is_told_to_be_put_back(desk: Desk, firm: str, tmp_path: Path) -> None:
    backup = str(shutil.copy(firm, tmp_path / "backup.db"))
    connection = sqlite3.connect(firm)
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("DELETE FROM firm")
    connection.commit()
    connection.close()
    for command in ("list", "check"):
        ended = desk(command)
        assert (ended.code, "clientdesk firm restore BACKUP" in ended.err) == (1, True)
    assert desk("firm", "restore", backup).code == 0
    assert desk("check").code == 0
