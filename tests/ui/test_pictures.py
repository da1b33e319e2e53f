"""The pictures of the README: made from the running program, and it says the same still.

`make pictures` writes them anew (CLIENTDESK_UPDATE_PICTURES=1). What is compared is what can be read, line by line: colours
and fonts may differ.
"""

import html
import os
import re
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from textual.app import App

from clientdesk.desk import clients, demo
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.ui.screens import base, history
from clientdesk.ui.widgets import history_rows
from tests.founding import Originals
from tests.ui.conftest import Running
from tests.ui.forms import at_work, open_form
from tests.ui.imports import app_of, plan_step, written
from tests.ui.screen import still_picture, wait_for, wait_until

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
UPDATE = "CLIENTDESK_UPDATE_PICTURES"
SIZE = (100, 26)
LATEST = datetime(2026, 11, 24, 12, 40)

NAME = ("display_name",)
WORK = (
    ("Construcciones Peña SL", {"client_type": "Business", "phone": "+34 912 345 678"}),
    ("Andrés Peña", {"lead": "Luis Ortega"}),
    ("Panadería Núñez SL", {"email": "hola@panaderia-nunez.example", "fiscal_year_end": "06-30"}),
)
"""What Luis Ortega has changed."""
HEADINGS = ("Company ID", "Name", "Client number", "Type", "E-mail", "Phone", "Balance")
ROWS = (
    ("9130000000942361", "Andrés Peña", "C-00120", "Individual", "andres@pena.example", "+34 955 123 456", "0"),
    ("9130000001211607", "Transportes Peña y Asociados", "C-00154", "Business", "pena.154@mail.example", "", "120"),
    ("", "Bodegas Ruiz SL", "C-00500", "Business", "info@ruiz.example", "+34 956 300 100", "0"),
    ("", "Construciones Pena, S.A.", "C-00501", "Business", "", "", "0"),
    ("", "Hostelería Gómez", "C-00043", "Business", "hola@gomez.example", "", "75"),
    ("9130000001409582", "Íñigo Peña", "C-00179", "Individual", "iñigo@", "", "0"),
)
"""A client list with a bit of everything: changed, unchanged, new, alike, and refused."""

pytestmark = pytest.mark.painted


def read_lines(picture: str) -> list[str]:
    """What a picture says, line by line, without its blanks: where they stand in the SVG depends on the styles."""
    lines: dict[float, str] = defaultdict(str)
    for x, y, text in re.findall(r'<text[^>]* x="([\d.]+)" y="([\d.]+)"[^>]*>(.*?)</text>', picture):
        lines[float(y)] += re.sub(r"\s", "", html.unescape(text))
        assert float(x) >= 0
    return [lines[y] for y in sorted(lines) if lines[y]]


def drawn(app: App[int]) -> str:
    """The screen as an SVG that fetches nothing: the fonts are the reader's."""
    picture = re.sub(r"@font-face \{.*?\}\s*", "", app.export_screenshot(title="clientdesk"), flags=re.DOTALL)
    return re.sub(r"font-family: Fira Code,", "font-family:", picture)


async def assert_picture(app: App[int], name: str) -> None:
    """The kept picture says what the screen says as soon as it stands still."""
    path = PICTURES / f"{name}.svg"
    await still_picture(app)
    if os.environ.get(UPDATE):
        PICTURES.mkdir(exist_ok=True)
        path.write_text(drawn(app), encoding="utf-8")
    kept = read_lines(path.read_text(encoding="utf-8"))
    try:
        await wait_until(lambda: read_lines(drawn(app)) == kept, 20)
    except AssertionError:
        assert read_lines(drawn(app)) == kept, f"{path} is stale: make pictures"


def ids_by_name(session: Session) -> dict[str, int]:
    """The id of each client by its name; of several with one name that of the last."""
    return {row.values[0]: row.id for row in clients.window(session, ClientQuery(filters=()), NAME, 0, 240)}


def _make(path: str) -> None:
    """The demo's firm, in which Luis Ortega has worked a little."""
    demo.write_demo(path, login="ana")
    with at_work(path, "demo-luis") as session:
        ids = ids_by_name(session)
        for name, values in WORK:
            clients.edit(session, clients.get(session, ids[name]), values)
        clients.set_status(session, [ids["Druckerei Müller e.K."]], False)


@pytest.fixture
def demo_firm(tmp_path: Path, files: Originals, monkeypatch: pytest.MonkeyPatch) -> str:
    """The demo's firm; its changes are told at moments that are the same every time."""
    moments: dict[str, str] = {}

    def moment(at: str) -> str:
        return moments.setdefault(at, f"{LATEST - timedelta(minutes=37 * len(moments)):%Y-%m-%d %H:%M}")

    monkeypatch.setattr(history_rows, "local_time", moment)
    monkeypatch.setattr(history, "local_time", moment)
    monkeypatch.setattr(base, "SLOW", 3_600.0)  # a busy computer is no part of the picture
    return files.copy("pictures", _make, tmp_path / "demo.db")


async def test_the_list(demo_firm: str, running: Running) -> None:
    async with running(demo_firm, size=SIZE) as pilot:
        await wait_for(pilot.app, "of 240 clients")
        await assert_picture(app_of(pilot), "list")


async def test_the_form(demo_firm: str, running: Running) -> None:
    async with running(demo_firm, size=SIZE) as pilot:
        with at_work(demo_firm, "demo-luis") as session:
            client_id = ids_by_name(session)["Construcciones Peña SL"]
        await open_form(pilot, client_id)
        await pilot.press("f2")
        await wait_for(pilot.app, "Contact first name")
        await assert_picture(app_of(pilot), "form")


async def test_the_import(demo_firm: str, running: Running, tmp_path: Path) -> None:
    async with running(demo_firm, size=SIZE) as pilot:
        await plan_step(pilot, written(tmp_path, "clients.csv", HEADINGS, ROWS), ImportKind.CLIENTS, types={}, leads={})
        await assert_picture(app_of(pilot), "import")


async def test_the_history(demo_firm: str, running: Running) -> None:
    async with running(demo_firm, size=SIZE) as pilot:
        await pilot.press("H")
        await wait_for(pilot.app, "11 changes")
        await wait_for(pilot.app, "Active → Inactive")
        await assert_picture(app_of(pilot), "history")
