"""What the tests of page, form and dialogs share: arranging a screen, other people's work, hostile names."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from clientdesk.desk import clients, opening
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.records import Client
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.pricing_plan_steps import FIELDS
from clientdesk.store import patches
from clientdesk.text import is_control
from clientdesk.ui.screens.client_form import ClientFormScreen
from clientdesk.ui.widgets.field_lines import Chooser, FieldLine, NotesArea
from tests.planned import arrange, past_the_rules
from tests.ui.screen import text_of, wait_until

HOSTILE = ("[/]\x1b]0;t\x07\x00\x9b[31m\u202e\u2066山\u200b\ufeff👩‍👧e\u0301ن[b]$x [ACME] Ltd", "long " * 2_000)
"""What breaks programs: a name with markup, control characters, bidi and zero-width, wide and combined ones, so close
together that a narrow column shows them all; and a name of 10,000 characters."""

_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@contextmanager
def at_work(firm: str, login: str = "luis") -> Iterator[Session]:
    """The firm as another member has it open."""
    session = opening.open_firm(firm, login)
    try:
        yield session
    finally:
        session.close()


def named(firm: str, start: str) -> Client:
    """The client whose display name begins so."""
    with at_work(firm) as session:
        everyone = clients.window(session, ClientQuery(filters=()), ("display_name",), 0, 1_000)
        return clients.get(session, next(row.id for row in everyone if row.values[0].startswith(start)))


def change(firm: str, client: Client, **values: str) -> Client:
    """Luis changes the client."""
    with at_work(firm) as session:
        if values.keys() & FIELDS:
            return arrange(session, client.id, **values)
        present = clients.get(session, client.id)
        return clients.edit(session, present, values)


def plant(firm: str, client: Client, **values: str) -> Client:
    """Writes values past the rules, as another program might."""
    with at_work(firm) as session:
        present = clients.get(session, client.id)
        with past_the_rules(session, "client.edited", "client_bounds_update"):
            whole = {**present.values, **values}
            if "lead" in values:
                values = {**values, "lead": Names(session.engine).member_id(values["lead"])}  # type: ignore[dict-item]
            assert patches.update(session.engine, "client", [patches.Write(client.id, values, whole)])
        return clients.get(session, client.id)


def assert_clean(app: App[Any]) -> None:
    """Nothing on the screen steers a terminal."""
    text = text_of(app).replace("\n", "")
    assert not [character for character in text if is_control(character) or character in _BIDI]


async def shown(pilot: Pilot[int], screen: Screen[Any], ready: Callable[[], object]) -> list[Any]:
    """Puts a screen on top and waits until it is ready; the list gets its answer."""
    answers: list[Any] = []
    await pilot.app.push_screen(screen, answers.append)
    await wait_until(lambda: pilot.app.screen is screen and ready())
    return answers


async def open_form(pilot: Pilot[int], client_id: int | None = None) -> tuple[ClientFormScreen, list[Any]]:
    """The form, with its choices read."""
    screen = ClientFormScreen(client_id)

    def ready() -> bool:
        return bool(screen.query(Chooser)) and len(chooser(screen, "lead").options) > 1 and screen.focused is not None

    return screen, await shown(pilot, screen, ready)


def line(screen: ClientFormScreen, name: str) -> FieldLine:
    """The line of a field."""
    return screen.query_one(f"#field-{name.replace('_', '-')}", FieldLine)


def chooser(screen: ClientFormScreen, name: str) -> Chooser:
    """The editor of a field with choices."""
    editor = line(screen, name).editor
    assert isinstance(editor, Chooser)
    return editor


def put(screen: ClientFormScreen, **values: str) -> None:
    """Types into fields."""
    for name, value in values.items():
        editor = line(screen, name).editor
        if isinstance(editor, NotesArea):
            editor.text = value
        else:
            editor.value = value


def told(screen: ClientFormScreen, name: str) -> str:
    """What stands below a field."""
    message = line(screen, name).query_one(".message", Static)
    return str(message.render()) if message.display else ""


def notices(app: App[Any]) -> list[str]:
    """The sentences of the notifications."""
    return [note.message for note in app._notifications]


async def noticed(app: App[Any], sentences: Sequence[str]) -> None:
    """Waits until the notifications say this and nothing else; the failure shows what they say."""
    try:
        await wait_until(lambda: notices(app) == [*sentences])
    except AssertionError:
        raise AssertionError(f"{notices(app)} instead of {sentences}") from None
