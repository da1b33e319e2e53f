"""The first step of an import: the file, its kind, how it is read."""

from pathlib import Path

import pytest
import xlsxwriter

from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.import_columns import ImportColumnsStep
from clientdesk.ui.screens.import_file import ImportFileStep
from clientdesk.ui.screens.picker import Choose
from clientdesk.ui.widgets.answers import OneOf
from clientdesk.ui.widgets.field_lines import Chooser
from clientdesk.ui.widgets.path_input import PathInput, candidates, completed, expanded
from clientdesk.ui.widgets.pick_list import PickList
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean
from tests.ui.imports import app_of, clients_file, file_step, numbers_file, written
from tests.ui.people import refused
from tests.ui.screen import assert_snapshot, still_picture, text_of, wait_for, wait_until

FIXED = [("913" + "0" * 12 + str(place), f"Client {place} SL", f"N-{place}") for place in range(3)]
"""Rows whose Company IDs are the same in every run."""


async def test_capital_i_opens_the_wizard_and_esc_leaves_it(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await pilot.press("I")
        await wait_for(pilot.app, "A CSV, an Excel or an OpenDocument file")
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList) and app_of(pilot).importing is None)


async def test_basic_access_imports_nothing(firm: str, running: Running) -> None:
    async with running(firm, "olga") as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        await refused(pilot, ("I",))
        assert isinstance(pilot.app.screen, ClientList)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_path_that_names_a_file_shows_what_is_in_it(
    firm: str, running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    written(
        tmp_path, "numbers.csv", ("Company ID", "Display name", "Client number", "Ledger"), [(*r, "7") for r in FIXED]
    )
    monkeypatch.chdir(tmp_path)
    async with running(firm, size=size) as pilot:
        step = await file_step(pilot, "numbers.csv")
        await wait_for(pilot.app, "◉ Client list")
        step.query_one(OneOf).value = ImportKind.NUMBERS.value
        await wait_for(pilot.app, "◉ Client numbers")
        await wait_for(pilot.app, "File › Plan")
        await assert_snapshot(pilot.app, f"import_file_{size[0]}x{size[1]}")


async def test_ctrl_s_goes_from_numbers_to_the_plan_and_esc_comes_back_with_the_file(
    firm: str, running: Running, tmp_path: Path
) -> None:
    path = numbers_file(firm, tmp_path)
    async with running(firm) as pilot:
        await file_step(pilot, path)
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "7 rows: ")
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportFileStep))
        await wait_for(pilot.app, "Construcciones Íñigo SL")
        assert pilot.app.screen.query_one(PathInput).value == path


async def test_what_was_seen_is_what_is_imported(firm: str, running: Running, tmp_path: Path) -> None:
    path = numbers_file(firm, tmp_path)
    async with running(firm) as pilot:
        await file_step(pilot, path)
        Path(path).write_text("Company ID,Display name,Client number\nx,y,z\n", encoding="utf-8")
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "7 rows: ")
        assert app_of(pilot).importing is not None
        await wait_for(pilot.app, "7 rows")


async def test_enter_goes_from_a_client_list_to_its_columns(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        await file_step(pilot, clients_file(tmp_path))
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, ImportColumnsStep))


async def test_the_kind_can_be_changed(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        step = await file_step(pilot, numbers_file(firm, tmp_path))
        await wait_for(pilot.app, "◉ Client numbers")
        step.query_one(OneOf).focus()
        await pilot.press("right")
        await wait_for(pilot.app, "◉ Client list")
        await wait_until(lambda: step.importing.kind is ImportKind.CLIENTS)


async def test_a_needed_heading_that_is_missing_is_told_with_the_file_in_sight(
    firm: str, running: Running, tmp_path: Path
) -> None:
    path = written(tmp_path, "half.csv", ("Company ID", "Display name"), [("1", "One")])
    async with running(firm) as pilot:
        step = await file_step(pilot, path)
        await wait_for(pilot.app, "◉ Client list")
        step.query_one(OneOf).value = ImportKind.NUMBERS.value
        await wait_for(pilot.app, "half.csv: the heading “Client number” is missing.")
        await wait_for(pilot.app, "One")
        await pilot.press("ctrl+s")
        await wait_until(lambda: not step.is_obeying)
        assert pilot.app.screen is step


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 nothing", "csv"),
        (b"Company ID,Display name,Client number\n", "has headings and no rows"),
        (b'Company ID,Display name,Client number\n1,"a,b\n', "quotes"),
        (b"Company ID,Display name\x00\n1,2\n", "NUL"),
    ],
)
async def test_a_file_that_is_refused_says_one_sentence_and_the_path_stays(
    firm: str, running: Running, tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    async with running(firm) as pilot:
        step = await file_step(pilot, str(path))
        await wait_for(pilot.app, said)
        assert str(step.query_one(PathInput).value) == str(path)
        assert "Something went wrong" not in text_of(pilot.app)
        await pilot.press("ctrl+s")
        await wait_until(lambda: not step.is_obeying)
        assert pilot.app.screen is step


@pytest.mark.parametrize("what", ["missing.csv", "."])
async def test_a_path_that_is_no_file_is_told_when_the_person_goes_on(
    firm: str, running: Running, tmp_path: Path, what: str
) -> None:
    async with running(firm) as pilot:
        step = await file_step(pilot)
        step.query_one(PathInput).value = str(tmp_path / what)
        await pilot.press("ctrl+s")
        await wait_until(lambda: "no file" in text_of(pilot.app) or "not a regular file" in text_of(pilot.app))
        assert pilot.app.screen is step


async def test_nothing_typed_says_what_to_do(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await file_step(pilot)
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "Type the path of a file.")


async def test_windows_1252_is_said_and_can_be_changed(firm: str, running: Running, tmp_path: Path) -> None:
    path = tmp_path / "es.csv"
    path.write_bytes("Nombre para mostrar;Número de cliente\r\nPeña y Núñez;N-1\r\n".encode("cp1252"))
    async with running(firm) as pilot:
        step = await file_step(pilot, str(path))
        await wait_for(pilot.app, "Windows-1252 (as found)")
        await wait_for(pilot.app, "Peña y Núñez")
        await wait_for(pilot.app, "es.csv was read as Windows-1252.")
        step.query_one("#encoding Chooser", Chooser).focus()
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, Choose))
        await pilot.press("end", "enter")
        await wait_for(pilot.app, "UTF-16 ▾")
        await wait_until(lambda: step.importing.plan is None)
        await wait_for(pilot.app, "es.csv is not text")
        step.query_one("#encoding Chooser", Chooser).choose("")
        await wait_for(pilot.app, "Peña y Núñez")


async def test_another_sheet_can_be_chosen_after_an_empty_one(firm: str, running: Running, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in (("List", (("Display name",), ("Uno SL",))), ("Nothing", ()), ("Bare", (("Display name",),))):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    async with running(firm) as pilot:
        step = await file_step(pilot, str(path))
        await wait_for(pilot.app, "Uno SL")
        chooser = step.query_one("#sheet Chooser", Chooser)
        for sheet_name, said in (("Nothing", "Nothing is empty"), ("Bare", "has headings and no rows")):
            chooser.choose(sheet_name)
            await wait_for(pilot.app, said)
            assert step.query_one("#sheet").display
            assert [value for value, _label in chooser.options] == ["", "List", "Nothing", "Bare"]
            assert not step.query_one("#encoding").display
            assert not step.query_one("#delimiter").display
        chooser.choose("List")
        await wait_for(pilot.app, "Uno SL")


async def test_the_delimiter_can_be_changed(firm: str, running: Running, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Display name;Client number\nOne, two;N-1\n", encoding="utf-8")
    async with running(firm) as pilot:
        step = await file_step(pilot, str(path))
        await wait_for(pilot.app, "semicolon ; (as found)")
        step.query_one("#delimiter Chooser", Chooser).choose("\t")
        await wait_for(pilot.app, "Display name;Client number")


async def test_another_file_begins_anew(firm: str, running: Running, tmp_path: Path) -> None:
    first = numbers_file(firm, tmp_path)
    async with running(firm) as pilot:
        step = await file_step(pilot, first)
        await wait_for(pilot.app, "◉ Client numbers")
        step.query_one(PathInput).value = clients_file(tmp_path)
        await wait_for(pilot.app, "Bodegas Ruiz")
        await wait_for(pilot.app, "◉ Client list")


async def test_tab_completes_the_name(firm: str, running: Running, tmp_path: Path) -> None:
    for name in ("ledger-may.csv", "ledger-june.csv", "ledger.docx"):
        (tmp_path / name).write_text("x")
    async with running(firm) as pilot:
        step = await file_step(pilot)
        path = step.query_one(PathInput)
        path.value = str(tmp_path / "led")
        path.cursor_position = len(path.value)
        await pilot.press("tab")
        await wait_for(pilot.app, "ledger-june.csv   ledger-may.csv")
        assert path.value == str(tmp_path / "ledger-")


def test_completion_agrees_letter_by_letter(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "onto.csv").write_text("x")
    (tmp_path / ".hidden.csv").write_text("x")
    (tmp_path / "evil\x1b.csv").write_text("x")
    start = str(tmp_path / "")
    assert candidates(start + "/", (".csv",)) == ["one/", "onto.csv"]
    assert completed(start + "/o", ["one/", "onto.csv"]) == start + "/on"
    assert completed(start + "/x", []) == start + "/x"
    assert expanded(f"'{start}'") == start


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_cells_and_names_are_shown_as_they_are(
    firm: str, running: Running, tmp_path: Path, name: str
) -> None:
    path = written(tmp_path, "evil.csv", (name[:200] or "x", "Display name"), [(name, name), ("1", "2")])
    async with running(firm) as pilot:
        step = await file_step(pilot, path)
        await wait_until(lambda: step.importing.plan is not None or "evil.csv" in text_of(pilot.app))
        await still_picture(pilot.app)
        assert_clean(pilot.app)
        assert "Traceback" not in text_of(pilot.app)


async def test_an_option_list_shows_its_last_line(firm: str, running: Running, tmp_path: Path) -> None:
    async with running(firm) as pilot:
        step = await file_step(pilot, clients_file(tmp_path))
        step.query_one("#delimiter Chooser", Chooser).focus()
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, Choose) and pilot.app.screen.query_one(PickList))
        pilot.app.screen.query_one(PickList).move(3)
        await wait_for(pilot.app, "tab")
