"""The rows of a client list as a person sees them before they are applied, and what an end of an import leaves alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clientdesk.desk import imports
from clientdesk.desk.imports.import_records import ImportKind, Retries
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.imports.kept_import import KeptImport
from clientdesk.desk.session import Session
from clientdesk.domain.import_decisions import of_name
from clientdesk.exchange.file_reading import open_table

Listed = Callable[[str], Import]


@pytest.fixture
def listed(session: Session, tmp_path: Path) -> Iterator[Listed]:
    """Opens a client list that has this text."""
    opened: list[Import] = []

    def open_list(text: str) -> Import:
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8")
        opened.append(Import.open(session, open_table(str(path)), ImportKind.CLIENTS))
        return opened[-1]

    yield open_list
    for job in opened:
        job.close()


def test_a_new_client_has_the_type_that_was_chosen_for_an_unknown_name(session: Session, listed: Listed) -> None:
    job = listed("Display name,Client type\nPeña SA,Autónomo\n")
    assert job.setup is not None
    job.set_setup(job.setup._replace(types={"Autónomo": of_name("Individual")}))
    job.judge(session)
    (row,) = job.rows(0, 9)
    assert row.becomes["client_type"] == "Individual"


def test_trying_a_row_again_leaves_alone_what_somebody_else_has_tried(session: Session, listed: Listed) -> None:
    job = listed("Display name,Lead accountant\nPeña SA,Nobody\nVino SL,Nobody\n")
    job.judge(session)
    job.apply(session)
    first, second = (row.id for row in job.refusals())
    theirs = KeptImport.open_kept(session, 1)
    theirs.correct(first, ["Peña SA", "Somebody else"])
    assert theirs.retry(session, [first]) == Retries(refused=1)
    theirs.close()
    assert job.retry(session, [second]) == Retries(refused=1)
    leads = [dict(row.logged.cells)["Lead accountant"] for row in imports.error_log(session, 1)]
    assert leads == ["Somebody else", "Nobody"]
