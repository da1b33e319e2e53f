"""A small firm, and the program with its screens without a terminal."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot

from clientdesk.desk import client_rules, clients, team
from clientdesk.desk.opening import create_firm, make_firm
from clientdesk.domain.access import Access
from clientdesk.ui import watching
from clientdesk.ui.app import ClientdeskApp
from clientdesk.ui.commands import person_keys
from clientdesk.ui.gateway import Gateway
from clientdesk.ui.screens import base, import_plan
from tests.founding import Originals
from tests.ui import late, painting, pressing, styles
from tests.ui.screen import text_of

ROWS = 40
"""So many rows the program reads while it starts."""

PEOPLE = (
    ("C-00001", "Construcciones Íñigo SL", "Business", "Ana García", "hola@inigo.example", "+34 944 555 626"),
    ("C-00002", "Construcciones Peña SA", "Business", "Ana García", "admin@pena.example", ""),
    ("C-00003", "Müller & Söhne GmbH", "Business", "Jürgen Müller", "info@mueller.example", "+49 30 2345678"),
    ("C-00010", "Nguyễn Thị Mai", "Individual", "Jürgen Müller", "", "+84 24 3825 9184"),
    ("", "山田商店", "Business", "", "yamada@shop.example", ""),
    ("C-00020", "Smith [/] Co", "Business", "Luis Ortega", "smith@co.example", ""),
    ("C-00021", "[ACME] Ltd", "Business", "Luis Ortega", "", ""),
    ("C-00022", "Fundación Árbol", "Nonprofit", "Ana García", "arbol@fundacion.example", ""),
    ("C-00030", "Zoë Lefèvre", "Individual", "", "zoe@lefevre.example", "+33 1 42 68 53 00"),
)
FIELDS = ("client_number", "display_name", "client_type", "lead", "email", "phone")

Values = Mapping[str, str]
Running = Callable[..., AbstractAsyncContextManager[Pilot[int]]]


@pytest.fixture(scope="session", autouse=True)
def _styles_read_once() -> Iterator[None]:
    """Each style sheet is read once in a run; `terminal/` starts the program as it is."""
    with pytest.MonkeyPatch.context() as patch:
        styles.read_once(patch)
        yield


_notify = App.notify


def _notify_for_long(app: App[Any], message: str, **how: Any) -> None:
    _notify(app, message, **{**how, "timeout": 3_600.0})


@pytest.fixture(autouse=True)
def _as_usual(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The program is the same in whatever terminal the tests are run, and does nothing by a clock.

    The plan of an import can be read as soon as it is there. Nobody looks for what others do; tests of that look often.
    A notification stays until something else is done, however long a test takes to look for it; that a command is
    still under way is not told, however slow the machine is.
    The screen is drawn when a test looks at it, and at the end; at every change where a test is marked `painted`.
    """
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(import_plan, "SEEN_AFTER", 0.0)
    monkeypatch.setattr(watching, "LOOK_EVERY", 3_600.0)
    monkeypatch.setattr(base, "SLOW", 3_600.0)
    monkeypatch.setattr(App, "notify", _notify_for_long)
    if request.node.get_closest_marker("painted") is None:
        painting.only_when_seen(monkeypatch)
    pressing.wait_for_what_keys_ask_for(monkeypatch)
    late.arrange(monkeypatch, request.node.nodeid)
    person_keys.cache_clear()
    yield
    person_keys.cache_clear()


@pytest.fixture
def empty_firm(tmp_path: Path, files: Originals) -> str:
    """A firm of Ana García's without clients."""
    return files.copy("empty", _make_empty, tmp_path / "firm.db")


@pytest.fixture
def firm(tmp_path: Path, files: Originals) -> str:
    """A firm with three members and nine clients; Zoë Lefèvre is inactive. Olga has basic access."""
    return files.copy("people", _make_people, tmp_path / "firm.db")


def _make_empty(path: str) -> None:
    make_firm(path, "Ríos y Asociados", "Ana García", "ana")


def _make_people(path: str) -> None:
    session = create_firm(path, "Ríos y Asociados", "Ana García", "ana")
    team.add_member(session, "Luis Ortega", "", "luis", Access.FULL)
    team.add_member(session, "Jürgen Müller", "", "juergen", Access.FULL)
    team.add_member(session, "Olga Nowak", "", "olga", Access.BASIC)
    numbers = count(1)
    with pytest.MonkeyPatch.context() as patch:  # the same Company IDs in every picture
        patch.setattr(client_rules, "new_company_id", lambda: f"L{next(numbers):012}")
        added = [clients.add(session, dict(zip(FIELDS, person, strict=True))) for person in PEOPLE]
    clients.set_status(session, [added[-1].id], False)
    session.close()


@pytest.fixture
def running() -> Running:
    """The program over a firm: `async with running(path, size=(80, 24)) as pilot`."""

    @asynccontextmanager
    async def run(location: str, login: str = "ana", size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[int]]:
        gateway = Gateway()
        try:
            gateway.open(location, login, rows=ROWS).result(timeout=20)
            async with ClientdeskApp(gateway).run_test(size=size, notifications=True) as pilot:
                yield pilot
                if pilot.app.is_running:
                    text_of(pilot.app)  # whatever it shows at the end can be drawn
        finally:
            gateway.close()

    return run
