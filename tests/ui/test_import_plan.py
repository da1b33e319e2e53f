"""The plan of an import: counts, rows, duplicates, the question about batches, and writing it."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from clientdesk.desk import clients, firm_settings, imports
from clientdesk.desk.imports.import_records import ImportKind, PlanRow
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.import_decisions import ADD, SKIP
from clientdesk.domain.judged_row import RowVerdict
from clientdesk.domain.problems import problem
from clientdesk.exchange.file_reading import Choices
from clientdesk.ui.import_under_way import Importing
from clientdesk.ui.screens import import_plan
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.import_columns import ImportColumnsStep
from clientdesk.ui.screens.import_file import ImportFileStep
from clientdesk.ui.screens.import_names import ImportNamesStep
from clientdesk.ui.screens.import_plan import ImportPlanStep
from clientdesk.ui.screens.import_report import ImportReportStep
from clientdesk.ui.screens.import_row import RowDialog
from clientdesk.ui.screens.import_words import what_happens
from clientdesk.ui.screens.picker import Choose
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work, named
from tests.ui.imports import (
    CLIENTS,
    NUMBERS,
    app_of,
    clients_file,
    everyone,
    file_step,
    number_of,
    numbers_file,
    plain_clients,
    plan_step,
    written,
)
from tests.ui.people import counted, told
from tests.ui.screen import assert_snapshot, lines_of, wait_for, wait_until

DUPLICATE = 2
"""The place of the likely duplicate in `clients_file`."""


async def choosing(pilot: Pilot[int], key: str) -> Choose:
    """The list that a key opens."""
    await pilot.press(key)
    await wait_until(lambda: isinstance(pilot.app.screen, Choose) and pilot.app.screen.focused is not None)
    assert isinstance(pilot.app.screen, Choose)
    return pilot.app.screen


def verdict_of(step: ImportPlanStep, place: int) -> str:
    """The verdict of a row; "" while it is not there."""
    row = step.table.rows.row_at(place)
    return "" if row is None else row.values[1]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_counts_and_every_row_with_what_it_does(
    firm: str, running: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running(firm, size=size) as pilot:
        await plan_step(pilot, numbers_file(firm, tmp_path))
        await wait_for(pilot.app, "7 rows: 0 new · 3 changed · 1 unchanged · 3 refused")
        await wait_for(pilot.app, "Ignored column: Ledger")
        await assert_snapshot(pilot.app, f"import_plan_{size[0]}x{size[1]}")
    assert number_of(firm, "Zoë") == "C-00030"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_client_list_with_a_likely_duplicate(
    firm: str, running: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running(firm, size=size) as pilot:
        step = await plan_step(pilot, clients_file(tmp_path))
        await wait_for(pilot.app, "1 row looks like another client: n goes there, d decides.")
        await pilot.press("n")
        await wait_until(lambda: step.table.rows.cursor_row == DUPLICATE)
        await wait_for(pilot.app, "▌       4 skipped")
        await assert_snapshot(pilot.app, f"import_plan_clients_{size[0]}x{size[1]}")


async def test_enter_shows_a_row_field_by_field(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        await plan_step(pilot, numbers_file(firm, tmp_path))
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, RowDialog))
        await wait_for(pilot.app, "C-00001 → C-00002")
        await wait_for(pilot.app, "In the file")
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportPlanStep))


async def test_f_shows_the_rows_of_one_verdict(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        step = await plan_step(pilot, numbers_file(firm, tmp_path))
        await choosing(pilot, "f")
        await pilot.press("end", "enter")
        await wait_for(pilot.app, "[3 refused]")
        await wait_until(lambda: step.table.rows.total == 3)
        assert not [line for line in lines_of(pilot.app) if " changed  " in line]


@pytest.mark.parametrize(("letter", "verdict", "count"), [("a", "new", 12), ("m", "changed", 11), ("s", "skipped", 11)])
async def test_a_likely_duplicate_is_added_merged_or_skipped(
    firm: str, running: Running, tmp_path: Path, letter: str, verdict: str, count: int
) -> None:
    async with running(firm) as pilot:
        start = ADD if letter == "s" else SKIP
        step = await plan_step(pilot, clients_file(tmp_path), duplicate_default=start)
        await wait_for(pilot.app, "1 row looks like another client")
        await counted(step)
        step.table.rows.move_to(DUPLICATE)
        await choosing(pilot, "d")
        await wait_for(pilot.app, "What becomes of line 4")
        await pilot.press(letter, "enter")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportPlanStep))
        await wait_until(lambda: verdict_of(step, DUPLICATE) == verdict)
        assert step.table.rows.cursor_row == DUPLICATE
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportReportStep))
    assert len(everyone(firm)) == count
    merged = "Construcciones Pena" if letter == "m" else "Construcciones Peña"
    assert number_of(firm, merged) == ("N-003" if letter == "m" else "C-00002")


async def test_a_long_heading_is_cut_with_an_ellipsis_in_the_details(
    firm: str, running: Running, tmp_path: Path
) -> None:
    heading = "Remarks of the practice that go on"
    async with running(firm) as pilot:
        path = written(tmp_path, "long.csv", ("Display name", "E-mail", heading), [("Nuevo SL", "", "red")])
        step = await plan_step(pilot, path)
        await counted(step)
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, RowDialog))
        await wait_for(pilot.app, "Remarks of the pract… red")


async def test_all_likely_duplicates_at_once(firm: str, running: Running, tmp_path: Path) -> None:
    rows = [("Construcciones Pena S.A.", "", "", "", ""), ("Muller & Sohne GmbH", "", "", "", "info@mueller.example")]
    async with running(firm) as pilot:
        step = await plan_step(pilot, written(tmp_path, "same.csv", CLIENTS, rows))
        await wait_for(pilot.app, "2 rows look like other clients")
        await choosing(pilot, "D")
        await wait_for(pilot.app, "What becomes of all 2 likely duplicates?")
        await pilot.press("m", "enter")
        await wait_until(lambda: step.counts is not None and (step.counts.skipped, step.counts.new) == (0, 0))


async def test_a_row_that_is_no_duplicate_is_told(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        await plan_step(pilot, clients_file(tmp_path))
        await pilot.press("d")
        await told(pilot, "This row looks like no other client.")


async def test_nothing_is_written_before_ctrl_s_and_then_everything(
    firm: str, running: Running, tmp_path: Path
) -> None:
    async with running(firm) as pilot:
        await plan_step(pilot, numbers_file(firm, tmp_path))
        await wait_for(pilot.app, "Nothing is written yet. ctrl+s writes 3 rows.")
        assert number_of(firm, "Construcciones Íñigo") == "C-00001"
        with at_work(firm) as session:
            assert imports.runs(session) == ()
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportReportStep))
        await wait_for(pilot.app, "3 changed · 1 unchanged · 3 refused")
    assert number_of(firm, "Construcciones Íñigo") == "C-00002"
    assert number_of(firm, "Construcciones Peña") == "C-00001"
    assert number_of(firm, "Zoë") == "C-00031"


async def test_a_key_meant_for_the_step_before_does_not_write_an_unseen_plan(
    firm: str, running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_plan, "SEEN_AFTER", 3_600.0)
    async with running(firm) as pilot:
        await file_step(pilot, numbers_file(firm, tmp_path))
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportPlanStep) and pilot.app.screen.counts is not None)
        for _again in range(3):  # the key is held down
            await pilot.press("ctrl+s")
            await told(pilot, "The plan is here: ctrl+s writes it.")
        assert isinstance(pilot.app.screen, ImportPlanStep)
        assert number_of(firm, "Zoë") == "C-00030"
        monkeypatch.setattr(import_plan, "SEEN_AFTER", 0.0)  # it has been seen
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportReportStep))
    assert number_of(firm, "Zoë") == "C-00031"


def test_values_of_a_new_row_come_first_and_why_a_row_is_skipped() -> None:
    notices = (
        problem("mixed_script", "display_name", label="Display name", value="Ruiz"),
        problem("likely_duplicate", "display_name", name="Ruiz SL", number="N-1", label="E-mail"),
    )
    row = PlanRow(1, 2, (), RowVerdict.NEW, None, notices, "Ruiz", {}, {"email": "a@a.example"}, False)
    assert what_happens(row).startswith("a@a.example · ")
    first, *_rest = what_happens(row._replace(verdict=RowVerdict.SKIPPED, becomes={})).split(" · ")
    assert first == notices[1].message


async def test_a_file_that_changes_nothing_has_nothing_to_write(firm: str, running: Running, tmp_path: Path) -> None:
    müller = named(firm, "Müller")
    row = [(müller.values["company_id"], müller.values["display_name"], müller.values["client_number"])]
    async with running(firm) as pilot:
        step = await plan_step(pilot, written(tmp_path, "same.csv", NUMBERS, row))
        await wait_for(pilot.app, "No row has anything to write.")
        await pilot.press("ctrl+s")
        await told(pilot, "there is nothing to write")
        assert pilot.app.screen is step


async def test_where_every_row_is_refused_ctrl_s_opens_the_error_log(
    firm: str, running: Running, tmp_path: Path
) -> None:
    async with running(firm) as pilot:
        await plan_step(pilot, written(tmp_path, "bad.csv", NUMBERS, [("L1", "Nobody", "N-1")]), ImportKind.NUMBERS)
        await wait_for(pilot.app, "No row can go in as it is; ctrl+s opens the error log.")
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportReportStep))


async def test_a_larger_upload_is_cut_after_a_question(firm: str, running: Running, tmp_path: Path) -> None:
    müller = named(firm, "Müller")
    first = (müller.values["company_id"], müller.values["display_name"], "M-1")
    rest = [(f"L{number}", "Nobody", str(number)) for number in range(1_000)]
    path = written(tmp_path, "many.csv", NUMBERS, [first, *rest])
    async with running(firm) as pilot:
        await plan_step(pilot, path, ImportKind.NUMBERS)
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm))
        await wait_for(pilot.app, "Import in batches?")
        await wait_for(pilot.app, "The file has 1,001 rows; QuickBooks takes 1,000 at a time.")
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportPlanStep))
        assert number_of(firm, "Müller") == "C-00003"
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm))
        await pilot.press("y")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportReportStep))
    assert number_of(firm, "Müller") == "M-1"


async def test_without_the_limit_no_question_is_asked(firm: str, running: Running, tmp_path: Path) -> None:
    with at_work(firm) as session:
        firm_settings.save(session, session.firm, {"upload_limit": "no"})
    müller = named(firm, "Müller")
    first = (müller.values["company_id"], müller.values["display_name"], "M-1")
    rest = [(f"L{number}", "Nobody", str(number)) for number in range(1_000)]
    async with running(firm) as pilot:
        await plan_step(pilot, written(tmp_path, "many.csv", NUMBERS, [first, *rest]), ImportKind.NUMBERS)
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportReportStep))


async def test_esc_goes_back_and_writes_nothing(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        await plan_step(pilot, clients_file(tmp_path))
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportNamesStep))
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportColumnsStep))
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportFileStep))
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))
    assert len(everyone(firm)) == 9


async def test_a_file_that_breaks_further_down_is_told_in_place(firm: str, running: Running, tmp_path: Path) -> None:
    path = plain_clients(tmp_path, 300)
    with open(path, "ab") as file:
        file.write(b'"broken,1,2,3,4\n')
    async with running(firm) as pilot:
        app_of(pilot).importing = Importing(firm, "ana")
        await app_of(pilot).importing.read(path, ImportKind.CLIENTS, Choices())  # type: ignore[union-attr]  # it is there
        await pilot.app.push_screen(ImportPlanStep())
        await wait_for(pilot.app, "the quotes are broken")
        await wait_for(pilot.app, "Nothing is written. esc goes back.")


async def test_someone_elses_number_meanwhile_refuses_that_row_only(
    firm: str, running: Running, tmp_path: Path
) -> None:
    async with running(firm) as pilot:
        await plan_step(pilot, plain_clients(tmp_path, 3))
        with at_work(firm) as session:
            clients.add(session, {"display_name": "First", "client_number": "P-00001"})
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportReportStep))
        await wait_for(pilot.app, "2 new · 0 changed · 1 refused")
    with at_work(firm) as session:
        assert clients.count(session, ClientQuery(find="Nuevo")) == 2


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_rows_are_shown_as_they_are(firm: str, running: Running, tmp_path: Path, name: str) -> None:
    name = name.replace("\x00", "")  # such a file is refused whole
    path = written(tmp_path, "evil.csv", NUMBERS, [(name, name, name), ("", name, "1")])
    async with running(firm) as pilot:
        await plan_step(pilot, path, ImportKind.NUMBERS)
        assert_clean(pilot.app)
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, RowDialog))
        await wait_for(pilot.app, "esc goes back")
        assert_clean(pilot.app)
