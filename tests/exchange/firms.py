"""Firms for the tests of imports: written once, then copied; and what stands in them."""

import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from clientdesk.desk import opening
from clientdesk.desk.session import Session
from clientdesk.exchange.importing import Import
from tests.many import add_many

HEAD = "Company ID,Display name,Client number"


def make_firm(path: Path, clients: Iterable[Mapping[str, str]]) -> Path:
    """A firm with these clients, closed; you are its primary admin."""
    with opening.create_firm(str(path), "Ríos y Asociados", "Ana García") as session:
        add_many(session, clients)
    return path


def copy_firm(firm: Path, folder: Path) -> str:
    """A copy of a closed firm."""
    return shutil.copy(firm, str(folder / "firm.db"))


def state(path: str) -> list[object]:
    """Everything that is kept in a firm: each row of each of its tables."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in sorted(names) if not name.startswith(("sqlite_", "client_search"))]
        return [(name, connection.execute(f'SELECT * FROM "{name}"').fetchall()) for name in kept]  # noqa: S608 - its own names
    finally:
        connection.close()


def numbers(path: str) -> dict[str, str]:
    """The client number of each Company ID."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return dict(connection.execute("SELECT company_id, client_number FROM client"))
    finally:
        connection.close()


# --- a firm for uploads of client numbers

PEOPLE = {
    **{str(n): (f"Client {n}", f"N-{n}") for n in range(1, 9)},
    "20": ("Nobody Yet", ""),
    "21": ("Sin Número", ""),
    "22": ("می\u200cخواهم", ""),
    "23": ("بيت", ""),
    "0024": ("👩\u200d👩\u200d👧 Zoo", ""),
    "25": ("-Minus", ""),
    "26": ("A & B", "N-26"),
}
INACTIVE = "8"


def row(company_id: str, number: str, name: str | None = None) -> list[str]:
    """A row for a client, with the name that the firm has unless another one is given."""
    return [company_id, PEOPLE[company_id][0] if name is None else name, number]


def reasons(job: Import) -> dict[int, str]:
    """The code of each refused row by its line."""
    return {each.line: each.problem.code for each in job.refusals() if each.problem}


def numbers_of(session: Session, *company_ids: str) -> dict[str, str]:
    """The client numbers that clients have now."""
    found = numbers(session.location)
    return {each: found[each] for each in company_ids}


def changed(session: Session) -> dict[str, str]:
    """The client numbers that are not those of the beginning."""
    found = numbers(session.location)
    return {each: number for each, number in found.items() if number != PEOPLE[each][1]}
