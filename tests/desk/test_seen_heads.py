"""What is told of where you saw the history end: after a restore that took nothing, and by a file of the greatest size."""

import json
import shutil
from pathlib import Path

from clientdesk import folders
from clientdesk.desk import opening, restoring, seen_history_heads
from clientdesk.desk.session import Session
from tests.store.both import on_a_file

_LARGEST = 4_000_000
"""So many bytes the file may have in which heads are kept."""


@on_a_file
def test_a_backup_that_had_all_of_the_history_took_nothing(location: str, tmp_path: Path) -> None:
    backup = str(shutil.copy(location, tmp_path / "backup.db"))
    restoring.restore_firm(backup, location, "ana")
    with opening.open_firm(location, "ana") as session:
        verdict = seen_history_heads.verdict(session)
    assert verdict.sound
    assert "put a backup back" not in verdict.sentence


@on_a_file
def test_a_file_of_heads_is_read_up_to_its_greatest_size(session: Session) -> None:
    assert seen_history_heads.keep(session) == ""
    path = Path(folders.heads_path())
    kept = json.dumps(json.loads(path.read_text()))
    path.write_text(kept.ljust(_LARGEST))
    assert "cannot all be read" not in seen_history_heads.verdict(session).sentence
    path.write_text(kept.ljust(_LARGEST + 1))
    assert "cannot all be read" in seen_history_heads.verdict(session).sentence
