"""What a command says that had nothing to do: that it was no client, and why."""

from pathlib import Path

from tests.cli.conftest import Desk


def test_that_nothing_was_done_is_said_in_words(desk: Desk, tmp_path: Path) -> None:
    desk("add", "display_name=Uno", "client_number=1", "tags=vip")
    desk("deactivate", "1")
    assert desk("deactivate", "1").lines == ["No client was deactivated: it is inactive already."]
    assert desk("activate", "--find", "nobody", "--dry-run").err == "No client is in this list.\n"
    desk("edit", "1", "tags=old")
    desk("edit", "1", "tags=")
    for dry_run in (["--dry-run"], []):
        assert desk("tags", "merge", "old", "vip", *dry_run).lines == ["No client has what is merged into vip."]
    path = tmp_path / "none.csv"
    assert (
        f"No client is in this list: none was written to {path}." in desk("export", "--find", "nobody", str(path)).err
    )
