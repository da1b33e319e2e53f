"""Few colours, or none: what matters is told by bold, reverse and underline too."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.style import Style

from clientdesk.desk import firm_settings
from clientdesk.ui.app import ClientdeskApp
from clientdesk.ui.colours import NAMES, SIXTEEN
from tests.ui.conftest import Running
from tests.ui.forms import at_work, change, named
from tests.ui.screen import strips_of, wait_for, wait_until
from tests.ui.watching import looked

SGR = {1: "red", 2: "green", 3: "yellow", 6: "cyan"}
REQUIRED = "Display name is required."


def pieces(app: ClientdeskApp) -> Iterator[tuple[int, str, Style]]:
    """What is written, piece by piece: (line, text, style)."""
    for number, strip in enumerate(strips_of(app)):
        for segment in strip:
            yield number, segment.text, segment.style or Style()


def style_of(app: ClientdeskApp, text: str) -> Style:
    """The style of the first piece that has `text` in it."""
    return next(style for _line, written, style in pieces(app) if text in written)


def colour(style: Style) -> str:
    """The name of the ink: "red", or "default"."""
    ink = style.color
    return "default" if ink is None or ink.is_default else SGR.get(ink.number or 0, str(ink))


@pytest.fixture(params=["linux", "xterm", "screen"])
def sixteen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal with sixteen colours."""
    monkeypatch.setenv("TERM", request.param)
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who wants no colour."""
    monkeypatch.setenv("NO_COLOR", "1")


async def _wrong_form(running: Running, firm: str) -> dict[str, Style]:
    """The styles of an error, of a label and of a value in the form."""
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("a")
        await wait_for(pilot.app, "Display name")
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, REQUIRED)
        app = pilot.app
        assert isinstance(app, ClientdeskApp)
        return {"error": style_of(app, REQUIRED), "label": style_of(app, "E-mail")}


@pytest.mark.usefixtures("sixteen")
async def test_an_error_is_red_in_sixteen_colours(firm: str, running: Running) -> None:
    styles = await _wrong_form(running, firm)
    assert colour(styles["error"]) == "red"
    assert styles["error"].bold
    assert not styles["error"].dim


@pytest.mark.usefixtures("no_colour")
async def test_an_error_stands_out_without_colour(firm: str, running: Running) -> None:
    styles = await _wrong_form(running, firm)
    assert colour(styles["error"]) == colour(styles["label"]) == "default"
    assert styles["error"].bold
    assert not styles["error"].dim
    assert styles["label"].dim


@pytest.mark.usefixtures("sixteen")
async def test_met_and_not_met_differ_and_close_is_not_red(firm: str, running: Running) -> None:
    change(firm, named(firm, "Müller"), primary_admin="firm")
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("slash", *"muller", "enter", "D")
        await wait_for(pilot.app, "cannot be deleted")
        app = pilot.app
        assert isinstance(app, ClientdeskApp)
        assert colour(style_of(app, "✓ met")) == "green"
        assert colour(style_of(app, "✗ not met")) == "red"
        close = style_of(app, "Close")
        assert colour(close) == "default"
        assert close.reverse  # it has the focus


async def test_what_others_did_is_yellow_and_what_keeps_from_saving_red_in_sixteen_colours(
    firm: str, running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    async with running(firm) as pilot:
        app = pilot.app
        assert isinstance(app, ClientdeskApp)
        await wait_for(app, "8 of 9 clients")
        await pilot.press("comma")
        await wait_for(app, "Upload limit")
        await pilot.press("e")
        await wait_for(app, "What is the firm called?")
        with at_work(firm) as session:
            firm_settings.save(session, session.firm, {"name": "Theirs"})
        await looked(pilot)
        await wait_for(app, "Luis Ortega changed meanwhile")
        news = style_of(app, "Luis Ortega changed meanwhile")
        assert (colour(news), news.reverse) == ("yellow", True)
        await pilot.press("escape")
        os.rename(firm, tmp_path / "elsewhere.db")
        await looked(pilot)
        await wait_for(app, "Nothing is saved any more")
        alarm = style_of(app, "Nothing is saved any more")
        assert (colour(alarm), alarm.reverse) == ("red", True)


@pytest.mark.usefixtures("no_colour")
async def test_nothing_is_coloured_where_no_colour_is_wanted(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        app = pilot.app
        assert isinstance(app, ClientdeskApp)
        await pilot.press("space")
        await wait_for(app, "1 marked")
        assert {colour(style) for _line, _text, style in pieces(app)} == {"default"}
        assert {style.bgcolor.name for _line, _text, style in pieces(app) if style.bgcolor} == {"default"}
        reversed_lines = {line for line, text, style in pieces(app) if style.reverse and len(text) > 20}
        assert reversed_lines == {4}  # the cursor's row: the second one


@pytest.mark.usefixtures("no_colour")
async def test_the_chosen_option_is_reversed_without_colour(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("d")
        await wait_for(pilot.app, "Headings")
        app = pilot.app
        assert isinstance(app, ClientdeskApp)
        await wait_until(lambda: style_of(app, "this list").reverse)
        assert not style_of(app, "all clients").reverse


async def test_a_theme_of_the_persons_own_stays_where_there_are_colours(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)
    async with running(firm) as pilot:
        assert pilot.app.theme == "textual-dark"
    assert SIXTEEN.name in NAMES
