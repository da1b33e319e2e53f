"""What the steps of an import ask about files as people bring them: names, dates, headings, rows that are alike."""

from pathlib import Path

from textual.pilot import Pilot

from clientdesk.ui.screens.import_columns import ImportColumnsStep
from clientdesk.ui.screens.import_plan import ImportPlanStep
from clientdesk.ui.screens.picker import Choose
from clientdesk.ui.widgets.field_lines import Chooser
from tests.ui.conftest import Running
from tests.ui.forms import named
from tests.ui.imports import columns_step, file_step, plan_step, written
from tests.ui.people import told
from tests.ui.screen import wait_for, wait_until


async def open_choice(pilot: Pilot[int], key: str) -> Choose:
    """The list that a key opens."""
    await pilot.press(key)
    await wait_until(lambda: isinstance(pilot.app.screen, Choose) and pilot.app.screen.focused is not None)
    assert isinstance(pilot.app.screen, Choose)
    return pilot.app.screen


async def test_a_file_without_names_stays_at_its_columns(firm: str, running: Running, tmp_path: Path) -> None:
    path = written(tmp_path, "debtors.csv", ("Debtor", "E-mail"), [("Nuevo Sol SL", "a@sol.example")])
    async with running(firm) as pilot:
        step = await columns_step(pilot, path)
        await wait_for(pilot.app, "No column gives the name: enter chooses it (perhaps “Debtor”).")
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "No column gives the name")
        assert pilot.app.screen is step
        step.change(columns=("display_name", "email"))
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportPlanStep))


async def test_a_date_that_may_be_either_is_asked_about_before_the_plan(
    firm: str, running: Running, tmp_path: Path
) -> None:
    rows = [*((f"Nuevo {number} SL", "31/12") for number in range(60)), ("Nuevo Sol SL", "5/6")]
    path = written(tmp_path, "years.csv", ("Display name", "Year end"), rows)
    async with running(firm, size=(80, 24)) as pilot:
        step = await columns_step(pilot, path)
        await wait_for(pilot.app, "Day or month first? “5/6” may be either: d says which.")
        await open_choice(pilot, "ctrl+s")
        await wait_for(pilot.app, "The day: 5/6 is day 5 of month 6")
        await wait_for(pilot.app, "The month: 5/6 is day 6 of month 5")
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is step)
        assert step.setup.dates == ""
        await open_choice(pilot, "d")
        await pilot.press("down", "enter")
        await wait_until(lambda: step.setup.dates == "mdy")
        await wait_for(pilot.app, "month first")
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportPlanStep))
        await wait_for(pilot.app, "61 new")


async def test_dates_that_are_clear_are_no_question(firm: str, running: Running, tmp_path: Path) -> None:
    path = written(tmp_path, "years.csv", ("Display name", "Year end"), [("Nuevo Sol SL", "31/12")])
    async with running(firm) as pilot:
        await columns_step(pilot, path)
        await pilot.press("d")
        await told(pilot, "Every date of the file is clear.")
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportPlanStep))


async def test_the_line_of_the_headings_is_shown_and_can_be_chosen(firm: str, running: Running, tmp_path: Path) -> None:
    path = tmp_path / "titled.csv"
    path.write_text("Kundenliste,\nKunde,Ort\nNuevo Sol SL,Lugo\n", encoding="utf-8")
    async with running(firm, size=(80, 24)) as pilot:
        step = await file_step(pilot, str(path))
        await wait_for(pilot.app, "line 1 (as found)")
        step.query_one("#heading_row Chooser", Chooser).focus()
        await open_choice(pilot, "enter")
        await wait_for(pilot.app, "line 2: Kunde · Ort")
        await pilot.press("down", "down", "enter")
        await wait_until(lambda: step.importing.plan is not None and step.importing.plan.headings == ("Kunde", "Ort"))
        await wait_for(pilot.app, "line 2: Kunde · Ort")
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportColumnsStep))
        assert step.importing.choices is not None
        assert step.importing.choices.heading_row == 2


async def test_a_row_is_merged_into_an_earlier_row_of_the_file(firm: str, running: Running, tmp_path: Path) -> None:
    rows = [("Nuevo Sol SL", "a@sol.example", ""), ("Nuevo Sol, S.L.", "", "912 345 678")]
    path = written(tmp_path, "twice.csv", ("Display name", "E-mail", "Phone"), rows)
    async with running(firm) as pilot:
        await plan_step(pilot, path)
        await wait_for(pilot.app, "1 row looks like another client: n goes there, d decides.")
        await pilot.press("n")
        await open_choice(pilot, "d")
        await wait_for(pilot.app, "Merge it into Nuevo Sol SL (line 2)")
        await pilot.press("up", "enter")  # from "Skip it"
        await wait_for(pilot.app, "1 new · 0 changed · 1 skipped")
        step = pilot.app.screen
        assert isinstance(step, ImportPlanStep)
        await step.importing.apply(lambda: None)
    values = named(firm, "Nuevo Sol").values
    assert (values["email"], values["phone"]) == ("a@sol.example", "912 345 678")


async def test_a_column_of_labels_is_shown_as_such(firm: str, running: Running, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "google.csv",
        ("First Name", "Last Name", "Phone 1 - Label", "Phone 1 - Value"),
        [("Ana", "Nuevo", "Mobile", "+34 600111222")],
    )
    async with running(firm) as pilot:
        await columns_step(pilot, path)
        await wait_for(pilot.app, "label of Phone")
        await wait_for(pilot.app, "Read as Google Contacts")
