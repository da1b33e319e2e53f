"""What a stopped import says about the file: imported again it completes the rest, or adds what is in twice."""

from pathlib import Path

import pytest

from clientdesk.desk.imports import applying
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.session import Session
from clientdesk.domain.import_decisions import of_duplicate
from clientdesk.exchange.file_reading import open_table


@pytest.mark.parametrize(
    ("key", "duplicates", "column", "sentence"),
    [
        ("", "add", "Notes", "Rows 1 to 3 of the file (lines 2 to 7) are in: take them out before you import it again"),
        ("", "add", "Client number", "Importing the file again brings in the rest: the rows that are in are refused"),
        ("", "add", "Company ID", "Importing the file again brings in the rest: the rows that are in are refused"),
        ("", "skip", "Notes", "Importing the file again completes it."),
        ("display_name", "add", "Notes", "Importing the file again completes it."),
    ],
)
def test_how_the_rest_gets_in(
    office: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    duplicates: str,
    column: str,
    sentence: str,
) -> None:
    monkeypatch.setattr(applying, "BATCH", 3)
    cell = '"two\nlines {n}"' if column == "Notes" else "LX{n}"
    path = tmp_path / "list.csv"
    lines = [f"Display name,{column}", *(f"Quite new {n},{cell.format(n=n)}" for n in range(9))]
    path.write_text("\n".join(lines), encoding="utf-8")
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
        if job.what_next().code == "again_refuses":
            job.judge(office)
            assert (job.counts().new, job.counts().refused) == (6, 3)
    finally:
        job.close()
