"""The steps of an import that map columns, and say what becomes of unknown names."""

import signal
from pathlib import Path

import pytest
from textual.pilot import Pilot

from clientdesk.desk import client_types, imports
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.ui.screens.ask_and_save import AskAndSave
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.import_columns import ImportColumnsStep, examples
from clientdesk.ui.screens.import_file import ImportFileStep
from clientdesk.ui.screens.import_names import ImportNamesStep
from clientdesk.ui.screens.import_plan import ImportPlanStep
from clientdesk.ui.screens.import_report import ImportReportStep
from clientdesk.ui.screens.picker import Choose
from clientdesk.ui.widgets.answers import Answer
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work, named
from tests.ui.imports import CLIENTS, app_of, clients_file, columns_step, read, written
from tests.ui.people import counted, told
from tests.ui.screen import assert_snapshot, wait_for, wait_for_lines, wait_until

XERO = ("*ContactName", "AccountNumber", "EmailAddress", "FirstName", "LastName", "POCity", "PhoneNumber", "Website")


async def choosing(pilot: Pilot[int], key: str) -> Choose:
    """The list that a key opens."""
    await pilot.press(key)
    await wait_until(lambda: isinstance(pilot.app.screen, Choose) and pilot.app.screen.focused is not None)
    assert isinstance(pilot.app.screen, Choose)
    return pilot.app.screen


async def names_step(pilot: Pilot[int], path: str) -> ImportNamesStep:
    """The step that asks about unknown names."""
    importing = await read(pilot, path)
    await importing.judge()
    step = ImportNamesStep()
    await pilot.app.push_screen(step)
    await counted(step)
    return step


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_each_column_with_its_field_and_examples(
    firm: str, running: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running(firm, size=size) as pilot:
        await columns_step(pilot, clients_file(tmp_path))
        await wait_for(pilot.app, "5 of 6 columns are read")
        await assert_snapshot(pilot.app, f"import_columns_{size[0]}x{size[1]}")


async def test_a_known_program_is_named(firm: str, running: Running, tmp_path: Path) -> None:
    path = written(tmp_path, "contacts.csv", XERO, [("Talleres SL", "X-1", "t@t.example", "", "", "Bilbao", "", "")])
    async with running(firm) as pilot:
        step = await columns_step(pilot, path)
        await wait_for(pilot.app, "8 of 8 columns are read")
        await wait_for(pilot.app, "Read as Xero contacts")
        assert step.setup.columns[:3] == ("display_name", "client_number", "email")


async def test_by_which_field_clients_are_updated_is_never_cut(firm: str, running: Running, tmp_path: Path) -> None:
    headings = [field.title for field in BUILT_IN.fields]
    path = written(tmp_path, "clients.csv", headings, [["x"] * len(headings)])
    async with running(firm) as pilot:
        await columns_step(pilot, path)
        how = " · updates clients by Company ID, adds the others"
        await wait_for_lines(
            pilot.app,
            lambda lines: any(line.startswith(" 24 of 24 columns are read · ") and how in line for line in lines),
        )
        await wait_for(pilot.app, "Read as clientdesk's own export")


def test_examples_are_the_first_different_cells() -> None:
    rows = (("a", "1"), ("", "1"), ("b" * 100, "2"), ("c",))
    assert examples(rows, 0) == f"a · {'b' * 23}… · c"
    assert examples(rows, 1) == "1 · 2"
    assert examples(rows, 2) == ""


async def test_enter_chooses_the_field_of_a_column(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        step = await columns_step(pilot, clients_file(tmp_path))
        step.table.rows.move_to(5)
        await choosing(pilot, "enter")
        await wait_for(pilot.app, "Which field is “Colour”?")
        await pilot.press("n", "enter")
        await wait_until(lambda: step.setup.columns[5] == "notes")
        await wait_for(pilot.app, "6 of 6 columns are read")
        assert step.table.rows.cursor_row == 5


async def test_an_interruption_asks_where_columns_or_names_are_chosen(
    firm: str, running: Running, tmp_path: Path
) -> None:
    async with running(firm) as pilot:
        step = await columns_step(pilot, clients_file(tmp_path))
        assert step.unsaved() == ""  # what the program has guessed it guesses again
        step.change(key="client_number")
        assert ImportNamesStep().unsaved() == step.unsaved() != "", "a step that is being opened knows it"
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportNamesStep))
        app_of(pilot).leaving.interrupted(signal.SIGINT)
        await wait_for(pilot.app, "Discard what was typed, and quit?")
        await wait_for(pilot.app, "what was chosen for clients.csv")
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportNamesStep))
        assert step.setup.key == "client_number"


async def test_blank_cells_clear_only_where_clients_are_updated(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        step = await columns_step(pilot, clients_file(tmp_path))
        step.table.rows.move_to(4)
        await pilot.press("b")
        await told(pilot, "Only new clients are added")
        await choosing(pilot, "u")
        await pilot.press("down", "down", "enter")
        await wait_for(pilot.app, "updates clients by Client number, adds the others")
        await wait_for(pilot.app, "keeps")
        await pilot.press("b")
        await wait_until(lambda: step.setup.clears == {"email"})
        await wait_for(pilot.app, "clears")
        await pilot.press("b")
        await wait_until(lambda: not step.setup.clears)


async def test_without_a_name_or_the_key_it_does_not_go_on(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        step = await columns_step(pilot, clients_file(tmp_path))
        step.change(columns=("", *step.setup.columns[1:4], "", ""))
        await wait_for(pilot.app, "No column gives the name: enter chooses it (perhaps “Display name”).")
        await pilot.press("ctrl+s")
        await wait_until(lambda: not step.is_obeying)
        assert pilot.app.screen is step
        step.change(columns=("display_name", *step.setup.columns[1:]), key="company_id")
        await wait_for(pilot.app, "No column is the Company ID, by which clients are found")


async def test_a_mapping_is_saved_loaded_and_deleted(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        step = await columns_step(pilot, clients_file(tmp_path))
        first = step.setup.columns
        await pilot.press("s")
        await wait_until(lambda: isinstance(pilot.app.screen, AskAndSave) and pilot.app.screen.focused is not None)
        pilot.app.screen.query_one(Answer).value = "Gestoría [/]"
        await pilot.press("enter")
        await told(pilot, "The mapping is saved.")
        await wait_for(pilot.app, "Read as Gestoría [/]")
        step.change(columns=("display_name", *[""] * 5))
        await wait_for(pilot.app, "1 of 6 columns are read")
        await choosing(pilot, "o")
        await wait_for(pilot.app, "Gestoría [/]")
        await pilot.press("g", "e", "s", "enter")
        await wait_until(lambda: step.setup.columns == first)
        await choosing(pilot, "D")
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm) and pilot.app.focused is not None)
        await wait_until(lambda: pilot.app.focused is not None and pilot.app.focused.id == "no")
        await pilot.press("right", "enter")
        await told(pilot, "The mapping is deleted.")
    with at_work(firm) as session:
        assert imports.mappings(session) == ()


async def test_a_name_that_is_there_is_asked_about(firm: str, running: Running, tmp_path: Path) -> None:
    with at_work(firm) as session:
        imports.save_mapping(session, "Mine", {"columns": {"Display name": "display_name"}})
    async with running(firm) as pilot:
        await columns_step(pilot, clients_file(tmp_path))
        await pilot.press("s")
        await wait_until(lambda: isinstance(pilot.app.screen, AskAndSave) and pilot.app.screen.focused is not None)
        pilot.app.screen.query_one(Answer).value = "MINE"
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm))
        await pilot.press("escape")
        await wait_for(pilot.app, "There is a mapping of that name.")


async def test_a_preset_that_has_none_of_the_headings_is_told(firm: str, running: Running, tmp_path: Path) -> None:
    path = written(tmp_path, "x.csv", ("Foo", "Bar"), [("1", "2")])
    async with running(firm) as pilot:
        step = await columns_step(pilot, path)
        before = step.setup
        await choosing(pilot, "o")
        await pilot.press("x", "enter")
        await told(pilot, "No heading of the file is one of Xero contacts.")
        assert step.setup == before


async def test_esc_goes_back_to_the_file_and_the_mapping_stays(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        step = await columns_step(pilot, clients_file(tmp_path))
        step.change(columns=("business_name", *step.setup.columns[1:]))
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportFileStep) and pilot.app.focused is not None)
        await wait_for(pilot.app, "Bodegas Ruiz")
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportColumnsStep))
        await wait_for(pilot.app, "Business name")


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_headings_are_shown_as_they_are(firm: str, running: Running, tmp_path: Path, name: str) -> None:
    heading = name.replace("\x00", "")[:500]
    path = written(tmp_path, "evil.csv", (heading, "Display name", "Client type"), [("x", "Fine SL", heading)])
    async with running(firm) as pilot:
        await columns_step(pilot, path)
        assert_clean(pilot.app)
        await choosing(pilot, "enter")
        assert_clean(pilot.app)


# --- unknown names


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_names_that_the_firm_does_not_know(
    firm: str, running: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running(firm, size=size) as pilot:
        await names_step(pilot, clients_file(tmp_path))
        await wait_for(pilot.app, "3 names are open")
        await assert_snapshot(pilot.app, f"import_names_{size[0]}x{size[1]}")


async def test_the_columns_lead_to_the_names_and_those_to_the_plan(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        await columns_step(pilot, clients_file(tmp_path))
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportNamesStep))
        await wait_for(pilot.app, "3 names are open")
        await pilot.press("ctrl+s")
        await told(pilot, "Choose what becomes of “Autónomo” first.")
        await choosing(pilot, "a")
        await pilot.press("enter")  # create both
        await wait_for(pilot.app, "1 name is open")
        await pilot.press("end")
        await choosing(pilot, "enter")
        await pilot.press("e", "m", "p", "enter")  # leave the field empty
        await wait_for(pilot.app, "ctrl+s shows the plan")
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportPlanStep) and pilot.app.screen.counts)
        await wait_for(pilot.app, "2 new")
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportReportStep))
    with at_work(firm) as session:
        assert {"Autónomo", "Sociedad"} <= {client_type.name for client_type in client_types.all_types(session)}
    assert named(firm, "Bodegas").values["client_type"] == "Sociedad"
    assert named(firm, "Bodegas").values["lead"] == ""


async def test_a_name_can_become_one_that_is_there(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        step = await names_step(pilot, clients_file(tmp_path))
        await choosing(pilot, "enter")
        await pilot.press("down", "enter")
        await wait_for(pilot.app, "→ Business")
        assert step.current is not None
        assert step.current.name == "Sociedad"  # the next one that is open


async def test_names_without_questions_lead_straight_to_the_plan(firm: str, running: Running, tmp_path: Path) -> None:
    path = written(tmp_path, "known.csv", CLIENTS, [("Uno SL", "", "BUSINESS", "luis ortega", "")])
    async with running(firm) as pilot:
        await columns_step(pilot, path)
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportPlanStep) and pilot.app.screen.counts)
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportColumnsStep))
        assert app_of(pilot).importing is not None


async def test_a_column_becomes_a_field_of_the_firms_own(firm: str, running: Running, tmp_path: Path) -> None:
    rows = [("Uno SL", "5"), ("Dos SL", "1.250,50")]
    path = written(tmp_path, "list.csv", ("Display name", "Retainer fee"), rows)
    async with running(firm) as pilot:
        step = await columns_step(pilot, path)
        step.table.rows.move_to(1)
        picker = await choosing(pilot, "enter")
        await pilot.press(*"create", "enter")
        await wait_until(lambda: pilot.app.screen not in (picker, step) and isinstance(pilot.app.screen, Choose))
        await wait_for(pilot.app, "What does the field “Retainer fee” hold?")
        await pilot.press("enter")  # a number, as its cells are
        await told(pilot, "Field added: Retainer fee")
        await wait_until(lambda: step.setup.columns == ("display_name", "own_1"))
        await wait_for(pilot.app, "2 of 2 columns are read")
