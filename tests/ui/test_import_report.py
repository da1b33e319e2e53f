"""The report of an import: its error log, mending rows, trying them again, saving the report; the list of imports."""

import csv
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from clientdesk.desk import client_types, imports, team
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.kept_import import KeptImport
from clientdesk.domain.access import Access
from clientdesk.text import local_time
from clientdesk.ui.screens import row_edit
from clientdesk.ui.screens.ask_path import PathDialog
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Ask, Confirm
from clientdesk.ui.screens.error_log_mending import MendingScreen
from clientdesk.ui.screens.import_report import ImportReportStep
from clientdesk.ui.screens.imports import ImportsScreen, KeptLogScreen
from clientdesk.ui.screens.picker import Choose
from clientdesk.ui.screens.row_edit import MOST_CELLS, RowEdit
from clientdesk.ui.widgets.answers import Answer
from clientdesk.ui.widgets.line_input import LineInput
from clientdesk.ui.widgets.path_input import PathInput
from clientdesk.ui.widgets.row_source import RowLike
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work
from tests.ui.imports import (
    CLIENTS,
    NUMBERS,
    app_of,
    clients_file,
    everyone,
    number_of,
    numbers_file,
    plain_clients,
    read,
    report_step,
    written,
)
from tests.ui.people import counted, member, told, values_of
from tests.ui.screen import assert_snapshot, still_picture, text_of, wait_for, wait_for_lines, wait_until

SMITH, FUNDACIÓN, NOBODY = 0, 1, 2
"""The rows of the error log of `numbers_file`."""


async def editing(pilot: Pilot[int], key: str = "enter") -> RowEdit:
    """The dialog that mends a row."""
    await pilot.press(key)
    await wait_until(lambda: isinstance(pilot.app.screen, RowEdit) and pilot.app.screen.focused is not None)
    assert isinstance(pilot.app.screen, RowEdit)
    return pilot.app.screen


def answers(dialog: RowEdit) -> list[Answer]:
    """The cells of the row."""
    return list(dialog.query(Answer))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_counts_and_the_error_log(firm: str, running: Running, tmp_path: Path, size: tuple[int, int]) -> None:
    async with running(firm, size=size) as pilot:
        step = await report_step(pilot, numbers_file(firm, tmp_path))
        step.error_log.table.rows.move_to(NOBODY)
        await wait_for(pilot.app, "Error log · 3 rows")
        await wait_for(pilot.app, "▌       7")
        await wait_for(pilot.app, "Company ID: L999999")
        await assert_snapshot(pilot.app, f"import_report_{size[0]}x{size[1]}")


async def test_a_row_is_mended_in_place_and_tried_again(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        step = await report_step(pilot, numbers_file(firm, tmp_path))
        dialog = await editing(pilot)
        _company_id, name, _number = answers(dialog)
        await wait_until(lambda: dialog.focused is name.query_one("LineInput"))
        name.value = "Smith [/] Co"
        await pilot.press("ctrl+s")
        await told(pilot, "1 row is in now.")
        await wait_for(pilot.app, "Error log · 2 rows")
        assert pilot.app.screen is step
    assert number_of(firm, "Smith") == "C-00099"
    with at_work(firm) as session:
        assert imports.runs(session)[0].refused == 2


async def test_a_row_that_is_still_wrong_says_why(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        step = await report_step(pilot, numbers_file(firm, tmp_path))
        step.error_log.table.rows.move_to(NOBODY)
        dialog = await editing(pilot, "e")
        answers(dialog)[0].value = "L888888"
        await pilot.press("ctrl+s")
        await told(pilot, "Line 7, Nobody [/] Ltd: still refused: No client has the Company ID “L888888”.")
        await wait_for(pilot.app, "No client has the Company ID “L888888”.")


async def test_kept_rows_wait_for_retry_all_and_leaving_asks(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        step = await report_step(pilot, numbers_file(firm, tmp_path))
        dialog = await editing(pilot)
        answers(dialog)[1].value = "Smith [/] Co"
        await pilot.press("f2")
        await wait_for(pilot.app, "1 mended row waits for R")
        step.error_log.table.rows.move_to(FUNDACIÓN)
        dialog = await editing(pilot)
        answers(dialog)[2].value = "F-1"
        await pilot.press("f2")
        await wait_for(pilot.app, "2 mended rows wait for R")
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm) and pilot.app.screen.focused is not None)
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is step)
        await pilot.press("R")
        await told(pilot, "2 rows are in now.")
        await wait_for(pilot.app, "Error log · 1 row")
    assert number_of(firm, "Smith") == "C-00099"
    assert number_of(firm, "Fundación") == "F-1"


async def test_all_cells_of_a_row_with_too_many_are_seen_and_none_is_lost(
    firm: str, running: Running, tmp_path: Path
) -> None:
    row = ("Ruiz", " Gómez y Cía SL", "N-900", "Business", "", "info@ruiz.example", "")  # a comma without quotes
    async with running(firm, size=(120, 40)) as pilot:
        step = await report_step(pilot, written(tmp_path, "comma.csv", CLIENTS, [row]))
        await wait_for(pilot.app, "column 6: info@ruiz.example")
        dialog = await editing(pilot)
        assert [answer.value for answer in answers(dialog)] == list(row[:6])
        await wait_for(pilot.app, "column 6")
        await pilot.press("ctrl+s")
        await told(pilot, "still refused: The row has more cells (6)")
        await wait_until(lambda: pilot.app.screen is step)
        await wait_for(pilot.app, "more cells (6) than there are headings (5)")
        dialog = await editing(pilot)
        mended = ("Ruiz, Gómez y Cía SL", "N-900", "Business", "", "info@ruiz.example", "")
        for answer, value in zip(answers(dialog), mended, strict=True):
            answer.value = value
        await pilot.press("ctrl+s")
        await told(pilot, "1 row is in now.")
    assert number_of(firm, "Ruiz, Gómez") == "N-900"


async def test_a_long_reason_leaves_the_cell_at_fault_and_the_buttons(
    firm: str, running: Running, tmp_path: Path
) -> None:
    with at_work(firm) as session:
        for number in range(29):
            client_types.add_type(session, f"Entidad sin ánimo de lucro número {number}")
    row = ("Sol SL", "N-900", "Kibbutz", "", "")
    async with running(firm) as pilot:
        await report_step(pilot, written(tmp_path, "long.csv", CLIENTS, [row]))
        dialog = await editing(pilot)
        cell = answers(dialog)[2]
        await wait_until(lambda: dialog.focused is cell.query_one(LineInput))
        await wait_for(pilot.app, "There is no client type “Kibbutz”.", "Keep for later", "Client type")
        await wait_until(lambda: text_of(pilot.app).count("Kibbutz") >= 2)


async def test_a_row_with_thousands_of_cells_can_be_opened(
    firm: str, running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_CELLS == 200
    monkeypatch.setattr(row_edit, "MOST_CELLS", 20)  # Textual needs a while for each
    row = [str(place) for place in range(3_000)]
    async with running(firm) as pilot:
        await report_step(pilot, written(tmp_path, "wide.csv", NUMBERS, [row]), ImportKind.NUMBERS)
        dialog = await editing(pilot)
        assert len(answers(dialog)) == 20
        await pilot.press("ctrl+s")
        await told(pilot, "still refused")
        await wait_for(pilot.app, "more cells (3,000) than there are headings (3)")


async def test_esc_asks_before_changed_cells_are_lost_and_up_and_down_go_from_cell_to_cell(
    firm: str, running: Running, tmp_path: Path
) -> None:
    async with running(firm) as pilot:
        step = await report_step(pilot, numbers_file(firm, tmp_path))
        dialog = await editing(pilot)
        lines = list(dialog.query(LineInput))
        await wait_until(lambda: dialog.focused is lines[1])
        await pilot.press("up", "up")
        await wait_until(lambda: dialog.focused is lines[0])
        await pilot.press("down", "down", "down")
        await wait_until(lambda: dialog.focused is lines[2])
        await pilot.press("x", "escape")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm) and pilot.app.screen.focused is not None)
        await wait_until(lambda: pilot.app.focused is not None and pilot.app.focused.id == "no")
        await pilot.press("enter")
        await wait_until(lambda: pilot.app.screen is dialog)
        assert lines[2].value.endswith("x")
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm) and pilot.app.screen.focused is not None)
        await pilot.press("right", "enter")
        await wait_until(lambda: pilot.app.screen is step)
        dialog = await editing(pilot)
        assert not answers(dialog)[2].value.endswith("x")
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is step)


async def test_after_a_failure_the_rows_count_as_left_out(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm, "luis") as pilot:
        importing = await read(pilot, plain_clients(tmp_path, 6))
        await importing.judge()
        luis = member(firm, "luis")
        with at_work(firm, "ana") as session:
            team.save_member(session, luis, {"access": Access.BASIC.value})
        await importing.apply(app_of(pilot).import_ended)
        await pilot.app.push_screen(ImportReportStep())
        await wait_for(pilot.app, "0 new · 0 changed · 0 refused · 6 left out")
        await wait_for(pilot.app, "6 rows were left out.")
    assert len(everyone(firm)) == 9


async def test_f_shows_one_reason_and_n_goes_to_the_next(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        step = await report_step(pilot, numbers_file(firm, tmp_path))
        await pilot.press("n")
        await wait_until(lambda: step.error_log.table.rows.cursor_row == FUNDACIÓN)
        await pilot.press("N")
        await wait_until(lambda: step.error_log.table.rows.cursor_row == SMITH)
        await pilot.press("f")
        await wait_until(lambda: isinstance(pilot.app.screen, Choose))
        await pilot.press("u", "enter")
        await wait_for(pilot.app, "only: Unknown Company ID")
        await wait_until(lambda: step.error_log.table.rows.total == 1)


async def test_number_sign_goes_to_a_line_of_the_file(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        step = await report_step(pilot, numbers_file(firm, tmp_path))
        await pilot.press("number_sign")
        await wait_until(lambda: isinstance(pilot.app.screen, Ask) and pilot.app.screen.focused is not None)
        await pilot.press("7", "enter")
        await wait_until(lambda: step.error_log.table.rows.cursor_row == NOBODY)


async def test_the_report_is_saved_and_goes_in_again(firm: str, running: Running, tmp_path: Path) -> None:
    path = tmp_path / "numbers-errors.csv"
    async with running(firm) as pilot:
        await report_step(pilot, numbers_file(firm, tmp_path))
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, PathDialog) and pilot.app.screen.focused is not None)
        assert pilot.app.screen.query_one(PathInput).value == str(path)
        await pilot.press("enter")
        await told(pilot, "Saved:")
        rows = list(csv.reader(path.open(encoding="utf-8-sig")))
        assert rows[0][:3] == list(NUMBERS)
        assert len(rows) == 4
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, PathDialog) and pilot.app.screen.focused is not None)
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm) and pilot.app.screen.focused is not None)
        await wait_for(pilot.app, "Replace ")
        await pilot.press("right", "enter")
        await told(pilot, "Saved:")
    async with running(firm) as pilot:
        step = await report_step(pilot, str(path), ImportKind.NUMBERS)
        await wait_until(lambda: step.error_log.table.rows.total == 3)


async def test_a_folder_that_is_not_there_is_told_where_the_path_is(
    firm: str, running: Running, tmp_path: Path
) -> None:
    async with running(firm) as pilot:
        await report_step(pilot, numbers_file(firm, tmp_path))
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, PathDialog) and pilot.app.screen.focused is not None)
        pilot.app.screen.query_one(PathInput).value = str(tmp_path / "nowhere" / "x.csv")
        await pilot.press("enter")
        await wait_for(pilot.app, "does not exist")
        assert isinstance(pilot.app.screen, PathDialog)


async def test_without_refused_rows_the_report_is_short(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        await report_step(pilot, plain_clients(tmp_path, 4))
        await wait_for(pilot.app, "No row was refused.")
        await wait_for(pilot.app, "Every row is in.")
        assert "Retry" not in text_of(pilot.app)
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList) and app_of(pilot).importing is None)


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_cells_can_be_mended(firm: str, running: Running, tmp_path: Path, name: str) -> None:
    if "\x00" in name:
        name = name.replace("\x00", "")  # such a file is refused whole
    path = written(tmp_path, "evil.csv", NUMBERS, [("L1", name, name[:90]), ("", name, name)])
    async with running(firm) as pilot:
        await report_step(pilot, path, ImportKind.NUMBERS)
        assert_clean(pilot.app)
        await editing(pilot)
        await still_picture(pilot.app)
        assert_clean(pilot.app)
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportReportStep))


# --- the imports so far


async def test_capital_l_lists_the_imports_and_enter_opens_an_error_log(
    firm: str, running: Running, tmp_path: Path
) -> None:
    async with running(firm, size=(80, 24)) as pilot:
        await report_step(pilot, numbers_file(firm, tmp_path))
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList) and app_of(pilot).importing is None)
        await report_step(pilot, clients_file(tmp_path))
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList) and app_of(pilot).importing is None)
        await pilot.press("L")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportsScreen))
        table = await counted(pilot.app.screen)
        await wait_for(pilot.app, "Left out Refused     New Changed›")
        assert [values[1:9] for values in values_of(table)] == [
            ("clients.csv", "done", "0", "2", "1", "0", "1", "Ana García"),
            ("numbers.csv", "done", "0", "3", "0", "3", "0", "Ana García"),
        ]
        await pilot.press("down", "enter")
        await wait_until(lambda: isinstance(pilot.app.screen, KeptLogScreen))
        await wait_for(pilot.app, "0 new · 3 changed · 1 unchanged · 3 refused")
        await wait_for(pilot.app, "Client numbers · 3 rows")
        await wait_for(pilot.app, "Correct the name or the ID")
        await pilot.press("ctrl+s")
        await wait_until(lambda: isinstance(pilot.app.screen, PathDialog) and pilot.app.screen.focused is not None)
        pilot.app.screen.query_one(PathInput).value = str(tmp_path / "again.csv")
        await pilot.press("enter")
        await told(pilot, "Saved:")
    assert len(list(csv.reader((tmp_path / "again.csv").open(encoding="utf-8-sig")))) == 4


async def test_a_kept_client_list_shows_names_and_whole_rows(firm: str, running: Running, tmp_path: Path) -> None:
    headings = ("Name", "VAT number", "Colour", "Year end")
    rows = [("Ruiz SL", "B12345674", "green", "no date"), ("Gómez SA", "", "blue", "12-31", "over")]
    async with running(firm, size=(120, 40)) as pilot:
        await report_step(pilot, written(tmp_path, "kept.csv", headings, rows))
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList) and app_of(pilot).importing is None)
        await pilot.press("L")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportsScreen))
        await counted(pilot.app.screen)
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, KeptLogScreen))
        table = await counted(pilot.app.screen)
        assert [values[2] for values in values_of(table)] == ["Ruiz SL", "Gómez SA"]
        await wait_for(pilot.app, "Year end: no date · Name: Ruiz SL · VAT number: B12345674 · Colour: green")
        await pilot.press("down")
        await wait_for(pilot.app, "column 5: over · Name: Gómez SA")


async def kept_log(pilot: Pilot[int], path: str) -> KeptLogScreen:
    """The error log of a file that was imported, opened from the list of imports."""
    await report_step(pilot, path)
    await pilot.press("escape")
    await wait_until(lambda: isinstance(pilot.app.screen, ClientList) and app_of(pilot).importing is None)
    await pilot.press("L")
    await wait_until(lambda: isinstance(pilot.app.screen, ImportsScreen))
    await counted(pilot.app.screen)
    await pilot.press("enter")
    await wait_until(lambda: isinstance(pilot.app.screen, KeptLogScreen))
    screen = pilot.app.screen
    assert isinstance(screen, KeptLogScreen)
    await counted(screen)
    return screen


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_kept_row_is_mended_and_tried_again(
    firm: str, running: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with running(firm, size=size) as pilot:
        log = await kept_log(pilot, numbers_file(firm, tmp_path))
        await wait_for(pilot.app, "enter Edit")
        await wait_for(pilot.app, "r Retry")
        dialog = await editing(pilot)
        answers(dialog)[1].value = "Smith [/] Co"
        await pilot.press("ctrl+s")
        await told(pilot, "1 row is in now.")
        await wait_for(pilot.app, "0 new · 4 changed · 1 unchanged · 2 refused")
        await wait_for(pilot.app, "2 rows")
        assert pilot.app.screen is log
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportsScreen))
        screen = pilot.app.screen
        assert isinstance(screen, ImportsScreen)
        await wait_until(lambda: [row.values[4:7] for row in shown_rows(screen)] == [("2", "0", "4")])
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, KeptLogScreen))
        await wait_for(pilot.app, "0 new · 4 changed · 1 unchanged · 2 refused")
    assert number_of(firm, "Smith") == "C-00099"


def shown_rows(screen: ImportsScreen) -> list[RowLike]:
    """The rows of the list of imports that are at hand."""
    return [row for place in range(screen.table.rows.total) if (row := screen.table.rows.row_at(place)) is not None]


async def test_two_people_mend_one_kept_row(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        await kept_log(pilot, numbers_file(firm, tmp_path))
        dialog = await editing(pilot)
        answers(dialog)[1].value = "Smith [/] Co"
        with at_work(firm, "luis") as luis:
            other = KeptImport.open_kept(luis, 1)
            (row,) = other.rows(0, 1)
            other.correct(row.id, (row.cells[0], "Smith [/] Co", "C-00077", *row.cells[3:]))
            other.retry(luis, [row.id])
            other.close()
        await pilot.press("ctrl+s")
        await told(pilot, "Luis Ortega has tried this row again meanwhile")
        await wait_for(pilot.app, "2 rows")
    assert number_of(firm, "Smith") == "C-00077"


async def test_what_others_retry_leaves_the_open_log(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        log = await kept_log(pilot, numbers_file(firm, tmp_path))
        with at_work(firm, "luis") as luis:
            other = KeptImport.open_kept(luis, 1)
            (row,) = other.rows(0, 1)
            other.correct(row.id, (row.cells[0], "Smith [/] Co", *row.cells[2:]))
            other.retry(luis, [row.id])
            other.close()
        log.firm_changed()
        await wait_for(pilot.app, "0 new · 4 changed · 1 unchanged · 2 refused")
        status = f"Client numbers · 2 rows · 1 mended later · {local_time(log.kept.kept.run.at)} · Ana García"
        await wait_for_lines(pilot.app, lambda lines: status.split() in [line.split() for line in lines])
        await pilot.resize_terminal(120, 40)
        await wait_for(pilot.app, "1 mended later (Luis Ortega")


@pytest.mark.parametrize("opened", [report_step, kept_log])
async def test_a_mended_row_shows_its_new_value_and_a_mark(
    firm: str, running: Running, tmp_path: Path, opened: Callable[[Pilot[int], str], Awaitable[MendingScreen]]
) -> None:
    async with running(firm, size=(100, 30)) as pilot:
        await opened(pilot, numbers_file(firm, tmp_path))
        dialog = await editing(pilot)
        before = answers(dialog)[1].value
        answers(dialog)[1].value = "Smith [/] Mended"
        await pilot.press("f2")
        wanted = ("▌●", "Smith [/] Mended", "mended: Display name: Smith [/]")
        await wait_for_lines(pilot.app, lambda lines: any(all(words in line for words in wanted) for line in lines))
        await wait_for(pilot.app, f"Display name: {before} → Smith [/] Mended")
        dialog = await editing(pilot)
        assert answers(dialog)[1].value == "Smith [/] Mended"
        answers(dialog)[1].value = before
        await pilot.press("f2")
        await wait_until(lambda: "▌●" not in text_of(pilot.app))


async def test_olga_reads_a_kept_log_and_may_not_change_it(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        await kept_log(pilot, numbers_file(firm, tmp_path))
    async with running(firm, "olga") as pilot:
        await pilot.press("L")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportsScreen))
        await counted(pilot.app.screen)
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, KeptLogScreen))
        await wait_for(pilot.app, "3 refused")
        await pilot.press("R")
        await told(pilot, "Your access (basic) does not allow this")


async def test_no_import_yet(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("L")
        await wait_for(pilot.app, "Nothing was imported yet.")
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))
