"""Firms that the tests of imports copy."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clientdesk.desk import opening
from clientdesk.desk.session import Session
from clientdesk.exchange.importing import Import
from clientdesk.exchange.reading import Choices
from clientdesk.exchange.records import ImportKind
from tests.exchange.firms import HEAD, INACTIVE, PEOPLE, copy_firm, make_firm

Planned = Callable[..., Import]
HOSTILE = Path(__file__).parent.parent / "data" / "hostile_csv"


@pytest.fixture(scope="session")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The firms of the hostile files by the name of their lists of clients."""
    folder = tmp_path_factory.mktemp("bases")
    made = {}
    for name in ("base.json", "base_large.json"):
        clients = [
            {
                "company_id": each["company_id"],
                "display_name": each["display_name"],
                "client_number": each["client_number"] or "",
                "status": "active" if each["active"] else "inactive",
            }
            for each in json.loads((HOSTILE / name).read_text())
        ]
        made[name] = make_firm(folder / f"{name}.db", clients)
    return made


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A firm of these people, closed."""
    return make_firm(
        tmp_path_factory.mktemp("people") / "base.db",
        [
            {
                "company_id": company_id,
                "display_name": name,
                "client_number": number,
                "status": "inactive" if company_id == INACTIVE else "active",
            }
            for company_id, (name, number) in PEOPLE.items()
        ],
    )


@pytest.fixture
def office(people: Path, tmp_path: Path) -> Iterator[Session]:
    """A copy of the firm, open."""
    with opening.open_firm(copy_firm(people, tmp_path)) as session:
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
        job = Import.open(str(path), ImportKind.NUMBERS, Choices(), office)
        jobs.append(job)
        job.judge(office)
        return job

    yield plan
    for job in jobs:
        job.close()
