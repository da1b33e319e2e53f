"""What a stopped import says about the file: imported again it completes the rest, or adds what is in twice."""

from pathlib import Path

import pytest

from clientdesk.desk.imports import applying
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.imports.records import ImportKind
from clientdesk.desk.session import Session
from clientdesk.domain.decisions import of_duplicate
from clientdesk.exchange.reading import open_table


@pytest.mark.parametrize(
    ("key", "duplicates", "sentence"),
    [
        ("", "add", "Lines 2 to 4 are in: take them out of the file before you import it again, "),
        ("", "skip", "Importing the file again completes it."),
        ("display_name", "add", "Importing the file again completes it."),
    ],
)
def test_how_the_rest_gets_in(
    office: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, duplicates: str, sentence: str
) -> None:
    monkeypatch.setattr(applying, "BATCH", 3)
    path = tmp_path / "list.csv"
    path.write_text("Display name\n" + "".join(f"Quite new {n}\n" for n in range(9)), encoding="utf-8")
    job = Import.open(office, open_table(str(path)), ImportKind.CLIENTS)
    try:
        assert job.setup is not None
        job.set_setup(job.setup._replace(key=key, duplicate_default=of_duplicate(duplicates)))
        job.judge(office)
        job.run.most = (3, applying.EVERYTHING)
        written: list[int] = []
        job.apply(office, lambda done, _rows: written.append(done), lambda: bool(written))
        assert job.counts().new == 3
        assert job.what_next().message.startswith(sentence)
    finally:
        job.close()
