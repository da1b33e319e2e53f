"""The templates of work, their sections and items: what their keys do."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from clientdesk.desk import template_files, template_parts, undoing, work_templates
from clientdesk.domain.due_dates import due_from
from clientdesk.domain.work_templates import State, WorkTemplate
from clientdesk.ui.screens.ask_and_save import AskAndSave
from clientdesk.ui.screens.ask_path import PathDialog
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.firm_settings import SettingsScreen
from clientdesk.ui.screens.picker import Choose
from clientdesk.ui.screens.template_form import TemplateForm
from clientdesk.ui.screens.template_parts import TemplatePartsScreen
from clientdesk.ui.screens.work_templates import WorkTemplatesScreen
from clientdesk.ui.widgets.answers import Answer
from clientdesk.ui.widgets.path_input import PathInput
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work
from tests.ui.people import counted, go_to, told
from tests.ui.screen import assert_snapshot, wait_for, wait_until
from tests.worked import tick


def templates(firm: str) -> tuple[WorkTemplate, ...]:
    with at_work(firm) as session:
        return work_templates.templates(session)


@pytest.fixture
def with_templates(firm: str) -> str:
    """A firm with the templates that come with clientdesk, and one that is retired."""
    with at_work(firm) as session:
        for key in template_files.SHIPPED:
            wanted = template_files.template_of(session, template_files.shipped(key))
            work_templates.add_template(session, wanted)
        says = template_files.shipped("books-review")._replace(
            name="Payroll", sections=(), applies=("client_type=Trust",)
        )
        old = work_templates.add_template(session, template_files.template_of(session, says))
        work_templates.retire_template(session, old.id)
    return firm


async def opened(pilot: Pilot[int], name: str = "") -> WorkTemplatesScreen:
    screen = WorkTemplatesScreen()
    await pilot.app.push_screen(screen)
    table = await counted(screen)
    if name:
        await go_to(table, name)
    return screen


async def opened_parts(pilot: Pilot[int], firm: str, name: str) -> TemplatePartsScreen:
    screen = TemplatePartsScreen(templates(firm)[0])
    await pilot.app.push_screen(screen)
    await go_to(await counted(screen), name)
    return screen


def answer(pilot: Pilot[int], name: str) -> Answer:
    return pilot.app.screen.query_one(f"#{name}", Answer)


async def on_top(pilot: Pilot[int], kind: type[object]) -> None:
    await wait_until(lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.focused is not None)


async def typed(pilot: Pilot[int], text: str) -> None:
    """Types a text into the dialog of one line, and saves it."""
    await on_top(pilot, AskAndSave)
    pilot.app.screen.query_one(Answer).value = text
    await pilot.press("enter")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_templates_of_the_firm(with_templates: str, running: Running, size: tuple[int, int]) -> None:
    async with running(with_templates, size=size) as pilot:
        await opened(pilot, "Books close")
        await wait_for(pilot.app, "2 templates · 1 retired")
        await assert_snapshot(pilot.app, f"templates_{size[0]}x{size[1]}")
        await pilot.press("e")
        await on_top(pilot, TemplateForm)
        await assert_snapshot(pilot.app, f"template_form_{size[0]}x{size[1]}")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_sections_and_items_of_one(with_templates: str, running: Running, size: tuple[int, int]) -> None:
    async with running(with_templates, size=size) as pilot:
        await opened(pilot, "Books review")
        await pilot.press("enter")
        await on_top(pilot, TemplatePartsScreen)
        await wait_for(pilot.app, "5 sections · 30 items")
        await assert_snapshot(pilot.app, f"template_parts_{size[0]}x{size[1]}")


async def test_one_that_comes_with_clientdesk_is_taken_in_use(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        settings = SettingsScreen()
        await pilot.app.push_screen(settings)
        await counted(settings)
        await pilot.press("f9")
        await on_top(pilot, WorkTemplatesScreen)
        await wait_for(pilot.app, "The firm has no templates of work.")
        await assert_snapshot(pilot.app, "templates_none_80x24")
        await pilot.press("e")
        await told(pilot, "No template here. n adds one.")
        await pilot.press("n")
        await on_top(pilot, Choose)
        await pilot.press("enter")
        await told(
            pilot, "The template Books review is added. u undoes it.\nBooks review applies to every active client"
        )
        await pilot.press("u")
        await wait_for(pilot.app, "Undo 1 template and 5 sections, 30 items")
        await pilot.press("y")
        await wait_for(pilot.app, "The firm has no templates of work.")
    assert templates(firm) == ()


async def test_a_new_one_is_typed(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        await pilot.press("n")
        await on_top(pilot, Choose)
        await pilot.press(*"fiscal y", "enter")
        await on_top(pilot, TemplateForm)
        for name, text in {"name": HOSTILE[0], "applies": "client_type=Martian", "due": "soon"}.items():
            answer(pilot, name).value = text
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "There is no client type “Martian”")
        await wait_for(pilot.app, "“soon” does not say")
        right = {"applies": 'client_type=Trust; city="Vigo"', "due": "end of month 2", "roles": "; ;"}
        for name, text in right.items():
            answer(pilot, name).value = text
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "A template has one to 3 roles, not 0.")
        answer(pilot, "roles").value = "Boss=lead"
        answer(pilot, "states").value = "Doing; Checked"
        await pilot.press("ctrl+s")
        await on_top(pilot, WorkTemplatesScreen)
        assert_clean(pilot.app)
    (added,) = templates(firm)
    assert added.due == due_from("end of month 2")
    assert added.own_states == (State(2, "Doing"), State(3, "Checked"))
    assert [role.name for role in added.roles] == ["Boss"]
    assert [on.field for on in added.applies] == ["client_type", "city"]


async def test_what_a_change_does_to_work_is_asked_first(with_templates: str, running: Running) -> None:
    with at_work(with_templates) as session:
        tick(session, 1, templates(with_templates)[0].id)
    async with running(with_templates) as pilot:
        await opened(pilot, "Books review")
        await pilot.press("e")
        await on_top(pilot, TemplateForm)
        answer(pilot, "due").value = "5 days"
        answer(pilot, "states").value = "Doing"
        await pilot.press("ctrl+s")
        await on_top(pilot, Confirm)
        await wait_for(pilot.app, "Due: 10 days after the period → 5 days after the period.")
        await wait_for(pilot.app, "What was done for 1 client by it stays.")
        await pilot.press("escape")
        await on_top(pilot, TemplateForm)
        assert templates(with_templates)[0].due == due_from("10 days")
        await pilot.press("ctrl+s")
        await on_top(pilot, Confirm)
        await pilot.press("tab", "enter")
        await told(pilot, "The template Books review is changed. u undoes it.")
    assert templates(with_templates)[0].due == due_from("5 days")


async def test_templates_are_ordered_retired_and_written(with_templates: str, running: Running, tmp_path: Path) -> None:
    async with running(with_templates) as pilot:
        screen = await opened(pilot, "Books close")
        await pilot.press("shift+up")
        await wait_until(lambda: templates(with_templates)[0].name == "Books close")
        assert screen.template is not None
        assert screen.template.name == "Books close"
        await pilot.press("r")
        await told(pilot, "Books close is retired; what was done by it is kept. u undoes it.")
        await wait_for(pilot.app, "r Bring back")
        await pilot.press("r")
        await told(pilot, "Books close is back. u undoes it.")
        await pilot.press("x")
        await on_top(pilot, PathDialog)
        path = pilot.app.screen.query_one(PathInput)
        assert path.value.endswith("books_close.toml")
        path.value = str(tmp_path / "close.toml")
        await pilot.press("enter")
        await told(pilot, "Written: ")
    assert template_files.read_file(str(tmp_path / "close.toml")).name == "Books close"


async def test_sections_and_items_are_changed(with_templates: str, running: Running) -> None:
    def section(at: int = 0) -> list[str]:
        return [item.title for item in templates(with_templates)[0].standing_sections[at].standing]

    async with running(with_templates) as pilot:
        await opened_parts(pilot, with_templates, "   Check that the books of the month before are closed")
        await pilot.press("shift+up")
        await wait_until(lambda: section()[0].startswith("Check that the books"))
        await pilot.press("e")
        await typed(pilot, "Look at it")
        await told(pilot, "The item is changed. u undoes it.")
        await pilot.press("r")
        await told(pilot, "Look at it is retired; what was done of it is kept. u undoes it.")
        assert len(section()) == 4
        await pilot.press("n")
        await typed(pilot, "Read last month's notes and what was left open")
        await wait_for(pilot.app, "has the item")
        await typed(pilot, HOSTILE[0])
        await told(pilot, "The item is added. u undoes it.")
        assert len(section()) == 5
        await pilot.press("s")
        await typed(pilot, "Extra")
        await told(pilot, "The section is added. u undoes it.")
        await pilot.press("shift+up", "e")
        await typed(pilot, "More")
        await told(pilot, "The section is renamed. u undoes it.")
        names = [each.name for each in templates(with_templates)[0].standing_sections]
        assert names[-2:] == ["More", "Wrap up"]
        with at_work(with_templates) as session:
            other = work_templates.templates(session)[0].standing_sections[-2]
            await pilot.press("e")
            await on_top(pilot, AskAndSave)
            template_parts.rename_section(session, 1, other, "Theirs")
        pilot.app.screen.query_one(Answer).value = "Mine"
        await pilot.press("enter")
        await wait_for(pilot.app, "Theirs")
        await pilot.press("escape")
        assert_clean(pilot.app)
    with at_work(with_templates) as session:
        assert undoing.latest(session) is not None


async def test_basic_access_looks_only(with_templates: str, running: Running) -> None:
    async with running(with_templates, login="olga") as pilot:
        await opened(pilot, "Books close")
        await wait_for(pilot.app, "only to look at: ask")
        await pilot.press("r")
        await told(pilot, "Your access (basic) does not allow this")
        await pilot.press("enter")
        await on_top(pilot, TemplatePartsScreen)
    assert not templates(with_templates)[1].retired
