"""Firms that the tests of imports copy, on each engine."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from clientdesk.desk import opening
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.session import Session
from clientdesk.exchange import workbook_reading
from clientdesk.exchange.file_reading import open_table
from tests.exchange import forked
from tests.exchange.firms import HEAD, Firms, Originals
from tests.servers import Server

Planned = Callable[..., Import]

on_a_file = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
"""For what has nothing to do with where the firm is."""


@pytest.fixture
def forked_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workbooks are read by a process that need not start: what is read is the same. What a process of its own is good
    for is tried in test_spreadsheets and test_workbook_parts."""
    import python_calamine  # noqa: F401 - once, not in every process
    import ssf  # noqa: F401

    monkeypatch.setattr(workbook_reading, "subprocess", SimpleNamespace(run=forked.run, PIPE=None, DEVNULL=None))


@pytest.fixture(scope="session")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Originals:
    """The firms that are copied."""
    return Originals(tmp_path_factory.mktemp("originals"))


@pytest.fixture
def firms(engine_name: str, originals: Originals, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Firms]:
    """Copies of firms, on each engine in turn."""
    server: Server | None = request.getfixturevalue("server") if engine_name == "postgres" else None
    firms = Firms(originals, tmp_path, server)
    yield firms
    firms.close()


@pytest.fixture
def office(firms: Firms) -> Iterator[Session]:
    """A copy of a firm of some people, open."""
    with opening.open_firm(firms.copy("people")) as session:
        yield session


@pytest.fixture
def planned(office: Session, tmp_path: Path) -> Iterator[Planned]:
    """The plan of an upload of rows (lists of cells, the first on line 2)."""
    jobs: list[Import] = []

    def plan(*rows: list[str], head: str = HEAD) -> Import:
        path = tmp_path / f"upload {len(jobs)}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerows([head.split(","), *rows])
        job = Import.open(office, open_table(str(path)), ImportKind.NUMBERS)
        jobs.append(job)
        job.judge(office)
        return job

    yield plan
    for job in jobs:
        job.close()
