"""`clientdesk check` from the command line: where the history ends, what was seen of it, and what is missing."""

import json
import os
import stat
import threading
from itertools import count
from pathlib import Path

import pytest

from clientdesk import folders, state_files
from clientdesk.desk import seen_history_heads
from tests.cli.conftest import Desk
from tests.store.both import bare, on_a_file, on_server, tamper

SEARCH = "INSERT INTO client_search (client_search) VALUES ('rebuild')"


def head(out: str) -> str:
    (line,) = (line for line in out.splitlines() if " head: " in line)
    return line


def test_the_head_is_printed_and_kept_for_you_alone(desk: Desk, firm: str) -> None:
    desk("add", "display_name=Peña")
    ended = desk("check")
    with bare(firm) as other:
        ((number, seal),) = other.execute("SELECT id, seal FROM change_set ORDER BY id DESC LIMIT 1").fetchall()
        ((uid,),) = other.execute("SELECT uid FROM firm").fetchall()
    assert (ended.code, ended.err) == (0, "")
    assert head(ended.out) == f"✓ head: The history ends with change set {number}, seal {seal}."
    kept = Path(folders.heads_path())
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(kept.read_text())[uid][firm if on_server(firm) else os.path.realpath(firm)][:2] == [number, seal]


@on_a_file
def test_a_history_that_was_cut_is_seen_until_it_is_accepted(desk: Desk, firm: str) -> None:
    desk("add", "display_name=Peña")
    desk("add", "display_name=Vino")
    assert desk("check").code == 0
    tamper(firm, "client", "DELETE FROM client WHERE display_name = 'Vino'", SEARCH)
    tamper(firm, "history", "DELETE FROM history WHERE change_set_id = 3")
    tamper(firm, "change_set", "DELETE FROM change_set WHERE id = 3")
    for _attempt in (1, 2):
        ended = desk("check")
        assert ended.code == 1
        assert [line[0] for line in ended.lines if " head: " not in line] == ["✓"] * (len(ended.lines) - 1)
        assert "ends with change set 2" in head(ended.out)
        assert "you saw it reach 3" in head(ended.out)
        assert os.path.realpath(firm) not in head(ended.out)
        assert "clientdesk firm restore BACKUP" in head(ended.out)
        assert "clientdesk check --accept-head" in head(ended.out)
    assert desk("check", "--accept-head").code == 0
    assert desk("check").code == 0


@on_a_file
@pytest.mark.parametrize("with_folder", [False, True])
def test_a_firm_that_was_moved_is_known_by_its_uid(
    desk: Desk, firm: str, tmp_path: Path, with_folder: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = (f"2026-01-01T00:00:0{n}+00:00" for n in count())
    monkeypatch.setattr(seen_history_heads, "now", lambda: next(moments))
    desk("add", "display_name=Peña")
    for folder in ("first", "second"):  # of the places where it stood, the one that was seen last counts
        os.mkdir(tmp_path / folder)
        os.rename(firm, tmp_path / folder / "firm.db")
        firm = str(tmp_path / folder / "firm.db")
        assert desk("check", "--firm", firm).code == 0
        assert desk("add", f"display_name={folder}", "--firm", firm).code == 0
    assert desk("check", "--firm", firm).code == 0
    tamper(firm, "client", "DELETE FROM client WHERE display_name = 'second'", SEARCH)
    tamper(firm, "history", "DELETE FROM history WHERE change_set_id = 4")
    tamper(firm, "change_set", "DELETE FROM change_set WHERE id = 4")
    if with_folder:
        os.rename(tmp_path / "second", tmp_path / "third")
        moved = str(tmp_path / "third" / "firm.db")
    else:
        moved = str(tmp_path / "moved.db")
        os.rename(firm, moved)
    ended = desk("check", "--firm", moved)
    assert ended.code == 1
    assert f" in {os.path.realpath(tmp_path / 'second' / 'firm.db')} you saw it reach 4" in head(ended.out)


@pytest.mark.thorough("many")
@on_a_file
def test_a_file_of_heads_that_is_odd_counts_as_nothing_seen_and_is_said(desk: Desk, firm: str) -> None:
    path = Path(folders.heads_path())
    assert desk("check").code == 0
    ((uid, places),) = json.loads(path.read_text()).items()
    ((place, _seen),) = places.items()
    entries: tuple[object, ...] = (
        [2**64, "s", "t"],
        [16, None, None],
        [True, "s", "t"],
        ["1", "s", "t"],
        [1],
        None,
        {},
    )
    texts = [json.dumps({uid: {place: entry}}) for entry in entries]
    texts += ["[]", "{", "[" * 100_000, json.dumps({uid: 3}), json.dumps({"x": {"y": [1, "s" * 4_000_000, "t"]}})]
    for text in texts:
        path.write_text(text)
        ended = desk("check")
        assert (ended.code, ended.err) == (0, ""), text[:80]
        assert "cannot all be read" in head(ended.out), text[:80]
        assert "cannot all be read" not in head(desk("check").out)
    for make in (os.mkfifo, lambda place: os.symlink("/dev/full", place)):
        path.unlink()
        make(path)
        assert "cannot all be read" in head(desk("check").out)
        assert stat.S_ISREG(path.lstat().st_mode)


@on_a_file
def test_two_programs_keep_both_their_heads(desk: Desk, firm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(folders.heads_path())
    assert desk("check").code == 0
    began = threading.Event()
    known = json.loads(path.read_text())

    def slowly(path: str, content: object) -> None:
        began.set()
        state_files.write_json(path, content)

    def other_program() -> None:
        """Holds the folder while it puts a head of another firm beside, as a second `check` does."""
        with state_files.alone(str(path)):
            ready.set()
            assert not began.wait(0.2)
            path.write_text(json.dumps({**known, "other": {"/x.db": [1, "s", "2026-01-01T00:00:00+00:00"]}}))

    ready = threading.Event()
    monkeypatch.setattr(seen_history_heads, "write_json", slowly)
    thread = threading.Thread(target=other_program)
    thread.start()
    ready.wait()
    assert desk("check").code == 0
    thread.join()
    assert json.loads(path.read_text()).keys() == known.keys() | {"other"}


def test_a_head_that_cannot_be_kept_is_said(desk: Desk) -> None:
    os.makedirs(folders.heads_path())
    ended = desk("check")
    assert ended.code == 0
    assert "cannot be kept for the next check" in head(ended.out)
    assert desk("check", "--accept-head").code == 1


@on_a_file
def test_a_table_without_which_nobody_can_work_is_named(desk: Desk, firm: str) -> None:
    with bare(firm) as other:
        other.execute("DROP TABLE team_member")
    ended = desk("list")
    assert (ended.code, ended.out) == (1, "")
    assert "team_member" in ended.err
    assert "clientdesk check" in ended.err
    ended = desk("check")
    assert (ended.code, ended.err) == (1, "")
    assert ended.lines == [
        "✗ rules: The table team_member is missing. Put a backup back (clientdesk firm restore BACKUP)."
    ]


@on_a_file
def test_a_reference_that_leads_nowhere_is_told(desk: Desk, firm: str) -> None:
    desk("add", "display_name=Peña")
    tamper(firm, "client", "UPDATE client SET lead_id = 99")
    assert "✗ references: References that lead nowhere: 1. Put the latest backup back (" in desk("check").out


@on_a_file
def test_an_edit_without_its_history_is_refused(desk: Desk, firm: str) -> None:
    desk("add", "display_name=Peña", "client_number=1")
    with bare(firm) as other:
        other.execute("DROP TRIGGER client_history_update")
    ended = desk("edit", "1", "city=Vigo")
    assert (ended.code, ended.out) == (1, "")
    assert "nothing was saved" in ended.err
    assert "clientdesk check" in ended.err
    assert desk("show", "1", "--json").records[0]["city"] == ""
    assert "The trigger client_history_update (client) is missing." in desk("check").out
    ended = desk("firm", "upgrade")
    assert (ended.code, "Nothing was done" in ended.out) == (0, True)
    assert f"“clientdesk firm upgrade --repair {firm}” sets them right." in ended.err
    assert desk("firm", "upgrade", "--repair").code == 0
    assert desk("firm", "upgrade").err == ""
    assert desk("edit", "1", "city=Vigo").code == 0
    assert desk("check").code == 0
