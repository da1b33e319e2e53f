"""What the tests of imports share: files to import, and the wizard arranged at one of its steps."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

from textual.pilot import Pilot

from clientdesk.desk import clients
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.import_decisions import CREATE, EMPTY, REFUSE
from clientdesk.exchange.file_reading import Choices
from clientdesk.ui.app import ClientdeskApp
from clientdesk.ui.import_under_way import Importing
from clientdesk.ui.screens.import_columns import ImportColumnsStep
from clientdesk.ui.screens.import_file import ImportFileStep
from clientdesk.ui.screens.import_plan import ImportPlanStep
from clientdesk.ui.screens.import_report import ImportReportStep
from clientdesk.ui.widgets.path_input import PathInput
from tests.ui.forms import at_work, named
from tests.ui.people import counted
from tests.ui.screen import wait_until

NUMBERS = ("Company ID", "Display name", "Client number")
CLIENTS = ("Display name", "Client number", "Client type", "Lead accountant", "E-mail")


def app_of(pilot: Pilot[int]) -> ClientdeskApp:
    """The program."""
    return cast(ClientdeskApp, pilot.app)


def written(folder: Path, name: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A CSV file; its path."""
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(rows)
    return str(path)


def numbers_file(firm: str, folder: Path) -> str:
    """An upload of client numbers with a bit of everything. Company IDs stand in it as the firm made them."""
    ids = {name: named(firm, name).values["company_id"] for name in ("Constr", "Müller", "Smith", "Zoë", "Fundación")}
    peña = next(row for row in everyone(firm) if row.endswith("Peña SA"))
    rows = [
        (ids["Constr"], "Construcciones Íñigo SL", "C-00002"),
        (named(firm, peña).values["company_id"], peña, "C-00001"),
        (ids["Müller"], "Müller & Söhne GmbH", "C-00003"),
        (ids["Smith"], "Smith and Co", "C-00099"),
        (ids["Fundación"], "Fundación Árbol", ""),
        ("L999999", "Nobody [/] Ltd", "C-00500"),
        (ids["Zoë"], "Zoë Lefèvre", "C-00031"),
    ]
    return written(folder, "numbers.csv", (*NUMBERS, "Ledger"), [(*row, "7") for row in rows])


def clients_file(folder: Path) -> str:
    """A client list with unknown names, a likely duplicate and a row that is refused."""
    rows = [
        ("Talleres Ibáñez SL", "N-001", "Autónomo", "Ana García", "taller@ibanez.example"),
        ("Bodegas Ruiz", "N-002", "Sociedad", "M. Pérez", "info@ruiz.example"),
        ("Construcciones Pena S.A.", "N-003", "Business", "Luis Ortega", "admin@pena.example"),
        ("Hostelería Gómez", "N-" * 51, "Autónomo", "", "gomez@gomez.example"),
    ]
    return written(folder, "clients.csv", (*CLIENTS, "Colour"), [(*row, "red") for row in rows])


def plain_clients(folder: Path, count: int, name: str = "plain.csv") -> str:
    """A client list of so many new clients, all fine."""
    rows = [(f"Nuevo {number:05d} SL", f"P-{number:05d}", "Business", "", "") for number in range(count)]
    return written(folder, name, CLIENTS, rows)


def everyone(firm: str) -> list[str]:
    """The display names of all clients."""
    with at_work(firm) as session:
        rows = clients.window(session, ClientQuery(filters=()), ("display_name",), 0, 100_000)
        return [row.values[0] for row in rows]


def number_of(firm: str, start: str) -> str:
    """The client number of the client whose name begins so."""
    return named(firm, start).values["client_number"]


async def file_step(pilot: Pilot[int], path: str = "") -> ImportFileStep:
    """The first step; with a path, the file is read."""
    app_of(pilot).open_import()
    await wait_until(lambda: isinstance(pilot.app.screen, ImportFileStep) and pilot.app.screen.query(PathInput))
    step = cast(ImportFileStep, pilot.app.screen)
    if path:
        step.query_one(PathInput).value = path
        await wait_until(lambda: step.is_read)
    return step


async def read(pilot: Pilot[int], path: str, kind: ImportKind | None = None) -> Importing:
    """The import of a file, with nothing chosen yet; no screen is shown."""
    app = app_of(pilot)
    importing = app.importing = Importing(app.gateway.session.location, app.gateway.session.login)
    await importing.read(path, kind, Choices())
    return importing


async def columns_step(pilot: Pilot[int], path: str) -> ImportColumnsStep:
    """The step that maps the columns of a client list."""
    await read(pilot, path)
    step = ImportColumnsStep()
    await pilot.app.push_screen(step)
    await counted(step)
    return step


async def plan_step(pilot: Pilot[int], path: str, kind: ImportKind | None = None, **chosen: object) -> ImportPlanStep:
    """The plan of a file; what is `chosen` goes into the setup of a client list."""
    importing = await read(pilot, path, kind)
    if importing.setup is not None:
        known: dict[str, object] = {
            "types": {"Autónomo": CREATE, "Sociedad": EMPTY},
            "leads": {"M. Pérez": EMPTY},
            **chosen,
        }
        importing.choose(importing.setup._replace(**known))  # type: ignore[arg-type]  # what the test says
    step = ImportPlanStep()
    await pilot.app.push_screen(step)
    await wait_until(lambda: step.counts is not None)
    await counted(step)
    return step


async def report_step(pilot: Pilot[int], path: str, kind: ImportKind | None = None) -> ImportReportStep:
    """The report of a file that was imported."""
    importing = await read(pilot, path, kind)
    if importing.setup is not None:
        known = {"types": {"Autónomo": CREATE, "Sociedad": EMPTY}, "leads": {"M. Pérez": REFUSE}}
        importing.choose(importing.setup._replace(types=known["types"], leads=known["leads"]))
    await importing.judge()
    await importing.apply(app_of(pilot).import_ended)
    step = ImportReportStep()
    await pilot.app.push_screen(step)
    await counted(step)
    await wait_until(lambda: not step.is_obeying)  # else esc gives up what is being read
    return step
