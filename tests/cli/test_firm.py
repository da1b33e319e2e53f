"""The firm on the command line: plan, team, settings, history, check and demo."""

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Demoted, Desk
from tests.store.both import on_a_file


def test_the_plan_and_the_hand_over(desk: Desk) -> None:
    desk("add", "display_name=A", "client_number=1", "primary_admin=firm")
    assert desk("plan", "on", "1", "--subscription", "nope").code == 1
    assert desk("plan", "on", "1").code == 2
    assert (
        desk("plan", "on", "1", "--subscription", "quickbooks plus").out
        == "A is on the firm's plan with QuickBooks Plus.\n"
    )
    assert [record["subscription"] for record in desk("plan", "list", "--json").records] == ["plus"]
    assert "QuickBooks Plus" in desk("plan").out
    assert desk("plan", "accept", "1").code == 1
    assert desk("plan", "hand-over", "1").code == 0
    assert desk("plan", "cancel", "1").code == 0
    words = desk("plan", "hand-over", "1").out.strip().rpartition("clientdesk ")[2].split()
    assert words[:2] == ["plan", "accept"]
    assert desk(*words, "--json").records[0]["primary_admin"] == "client"
    assert desk("delete", "1", "--yes").code == 1
    assert desk("plan", "off", "1").code == 0
    assert desk("plan", "off", "1").code == 1
    assert desk("delete", "1", "--yes").code == 0


def test_the_team(desk: Desk) -> None:
    assert desk("team", "add", "Łukasz Nowak", "--login", "lukasz", "--access", "full").code == 0
    assert desk("team", "add", "Olivia", "--login", "olivia").code == 0
    assert desk("team", "edit", "olivia", "email=o@example.org", "access=full").code == 0
    assert desk("team", "edit", "olivia", "access=primary_admin").code == 2
    assert desk("team", "edit", "olivia", "nope=1").code == 2
    assert desk("team", "edit", "nobody", "name=X").code == 1
    people = {record["login"]: record for record in desk("team", "list", "--json").records}
    assert (people["olivia"]["access"], people["olivia"]["email"]) == ("full", "o@example.org")
    assert "Łukasz Nowak" in desk("team").out

    for number in "123":
        desk("add", f"display_name=Client {number}", f"client_number={number}", "lead=lukasz")
    ended = desk("team", "deactivate", "lukasz")
    assert ended.code == 1
    assert "Client 3" in ended.err
    assert "--clients-to" in ended.err
    assert desk("team", "deactivate", "lukasz", "--unassigned", "--clients-to", "olivia").code == 2
    assert desk("team", "deactivate", "lukasz", "--clients-to", "olivia", "--client", "3=").code == 0
    leads = {record["client_number"]: record["lead"] for record in desk("list", "--json").records}
    assert leads == {"1": "Olivia", "2": "Olivia", "3": ""}
    assert desk("team", "activate", "Łukasz Nowak").code == 0
    assert desk("team", "offer", "lukasz").code == 0
    assert desk("team", "accept").code == 1
    assert desk("team", "withdraw").code == 0
    assert desk("team", "decline").code == 1


def test_the_settings_and_types(desk: Desk) -> None:
    assert desk("settings", "set", "name=Nueva SL", "client_notice=").code == 0
    assert desk("settings", "show", "--json").records == [
        {
            "name": "Nueva SL",
            "client_notice": None,
            "upload_limit": True,
            "time_zone": "",
            "soon_days": 7,
            "primary_admin": "Ana García",
        }
    ]
    assert desk("settings", "set", "client_notice=1.500").code == 0
    assert desk("settings", "show", "--json").records[0]["client_notice"] == 1500
    for number, sentence in (
        ("soon", "“soon” is no whole number."),
        ("1.5", "“1.5” is no whole number."),
        ("-5", "“-5” is too large or too small. Write a whole number from 1 to 999,999,999,999, or leave it empty"),
    ):
        ended = desk("settings", "set", f"client_notice={number}")
        assert (ended.code, sentence in ended.err) == (1, True), ended.err
    for pairs, sentence in (
        (["nope=1"], "There is no setting “nope”. There are: name, client_notice, upload_limit, time_zone, soon_days."),
        (["name"], "“name”: write SETTING=VALUE."),
        (["name=A", "name=B"], "The setting name is there twice."),
    ):
        ended = desk("settings", "set", *pairs)
        assert (ended.code, sentence in ended.err) == (2, True), ended.err
    assert "Nueva SL" in desk("settings").out
    assert desk("settings", "types", "add", "Estate").code == 0
    assert desk("settings", "types", "rename", "estate", "Estates").code == 0
    desk("add", "display_name=A", "client_type=Estates")
    assert desk("settings", "types", "remove", "Estates").code == 1
    assert desk("settings", "types", "remove", "Trust").code == 0
    assert desk("settings", "types", "remove", "Trust").code == 1
    assert [record["name"] for record in desk("settings", "types", "list", "--json").records] == [
        "Business",
        "Estates",
        "Individual",
        "Nonprofit",
    ]


def test_whoever_has_basic_access_changes_nothing(desk: Desk, demoted: Demoted) -> None:
    desk("add", "display_name=A", "client_number=1")
    demoted()
    for arguments in (
        ["add", "display_name=B"],
        ["edit", "1", "phone=123456"],
        ["deactivate", "1"],
        ["delete", "1", "--yes"],
        ["team", "add", "X", "--login", "x"],
        ["settings", "set", "name=X"],
        ["settings", "types", "add", "X"],
        ["plan", "on", "1", "--subscription", "plus"],
    ):
        ended = desk(*arguments)
        assert (ended.code, ended.out) == (1, ""), arguments
        assert "Boss" in ended.err or "firm's primary admin" in ended.err
    assert [record["display_name"] for record in desk("list", "--json").records] == ["A"]


@on_a_file
def test_the_demo_is_written_once_and_is_the_same_every_time(desk: Desk, tmp_path: Path) -> None:
    kept = str(tmp_path / "demo.db")
    assert desk("demo", "--clients", "12", "--keep", kept).code == 0
    assert stat.S_IMODE(os.stat(kept).st_mode) == 0o600
    records = desk("list", "--firm", kept, "--status", "all", "--json").records
    assert len(records) == 12
    again = str(tmp_path / "again.db")
    desk("demo", "--clients", "12", "--keep", again)
    assert desk("--firm", again, "list", "--status", "all", "--json").records == records
    ended = desk("demo", "--clients", "12", "--keep", kept)
    assert ended.code == 1
    assert "already" in ended.err
    assert desk("demo", "--keep", str(tmp_path / "no" / "where.db")).code == 1
    assert desk("demo", "--clients", "-1", "--keep", "x").code == 2
    assert sorted(path.name for path in tmp_path.iterdir() if "demo" in path.name or "again" in path.name) == [
        "again.db",
        "demo.db",
    ]


@on_a_file
def test_an_empty_demo(desk: Desk, tmp_path: Path) -> None:
    kept = str(tmp_path / "empty.db")
    assert desk("demo", "--clients", "0", "--keep", kept).code == 0
    assert desk("list", "--firm", kept, "--json").out == ""
    assert len(desk("team", "list", "--firm", kept, "--json").records) == 6


@on_a_file
def test_a_demo_has_reviews_under_way(desk: Desk, tmp_path: Path) -> None:
    works = []
    for name in ("one.db", "two.db"):
        kept = str(tmp_path / name)
        assert desk("demo", "--clients", "120", "--keep", kept).code == 0
        works.append(desk("work", "--firm", kept).out)
    assert works[0] == works[1]
    assert "In progress" in works[0]
    assert "To do" in works[0]


@on_a_file
def test_a_demo_that_is_stopped_leaves_nothing(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(location: str, *_rest: object, **_options: object) -> None:
        Path(location).write_text("half")
        raise KeyboardInterrupt

    monkeypatch.setattr("clientdesk.desk.demo.write_demo", stopped)
    before = sorted(tmp_path.iterdir())
    assert desk("demo", "--keep", str(tmp_path / "demo.db")).code == 130
    assert sorted(tmp_path.iterdir()) == before


@on_a_file
def test_files_that_are_no_firm(desk: Desk, tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("hello " * 1000)
    empty = tmp_path / "empty.db"
    empty.touch()
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (x)")
    for path in (text, empty, other, tmp_path, tmp_path / "none.db", tmp_path / "no" / "firm.db"):
        for command in (["list"], ["add", "display_name=A"], ["check"]):
            ended = desk("--firm", str(path), *command)
            assert (ended.code, ended.out) == (1, ""), path
            assert len(ended.err.splitlines()) == 1
            assert str(path) in ended.err or path.parent.name == "no"
    assert not (tmp_path / "none.db").exists()
    assert empty.stat().st_size == 0


@on_a_file
def test_a_fresh_account_makes_its_firm_in_the_programs_own_folder(
    desk: Desk, firm: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CLIENTDESK_FIRM")
    own_folders = [tmp_path / name / "clientdesk" for name in ("created", "kept", "restored")]
    made_by = (
        ("firm", "create", "--name", "Ríos", "--admin", "Ana"),
        ("demo", "--clients", "3", "--keep", str(own_folders[1] / "firm.db")),
        ("firm", "restore", firm, str(own_folders[2] / "firm.db")),
    )
    for own_folder, making in zip(own_folders, made_by, strict=True):
        monkeypatch.setenv("XDG_DATA_HOME", str(own_folder.parent))
        for command in ("list", "check"):
            assert f"There is no firm at {own_folder}/firm.db. “clientdesk firm create" in desk(command).err
        assert not own_folder.exists()
        assert desk(*making).code == 0, making
        assert stat.S_IMODE(own_folder.stat().st_mode) == 0o700
        assert desk("list").code == 0
    elsewhere = tmp_path / "none" / "firm.db"
    assert "does not exist. Make it first" in desk("--firm", str(elsewhere), "list").err
    assert desk("firm", "create", str(elsewhere), "--name", "Ríos", "--admin", "Ana").code == 1
