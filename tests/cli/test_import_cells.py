"""What stands in the cells of a file: protected digits, number formats, phones that look like formulas, wide lists."""

import time

import pytest
from xlsxwriter.workbook import Workbook

from clientdesk.exchange.file_reading import COLUMNS
from tests.cli.conftest import Desk, Put, record
from tests.exchange.workbooks import xlsx
from tests.store.both import on_a_file


def formatted(book: Workbook) -> None:
    """A list whose numbers are seen in formats."""
    page = book.add_worksheet()
    page.write_row(0, 0, ("Display name", "Client number", "Postal code", "Phone", "Tax id", "Notes"))
    cells = (
        (43, "00000"),
        (1007, "00000"),
        (9_123_456_789, "(000) 000-0000"),
        (123_456_789, "000-00-0000"),
        (0.21, "0%"),
    )
    page.write_string(1, 0, "Nadal Zip")
    for column, (value, number_format) in enumerate(cells, 1):
        page.write_number(1, column, value, book.add_format({"num_format": number_format}))
    for column, text in enumerate(("'=A", '="0044"', "'+34", "+34 600 111 222", "", "'x")):
        page.write_string(2, column, text)


@pytest.mark.thorough("steps")
def test_a_workbook_is_imported_as_it_was_seen(desk: Desk, put: Put) -> None:
    path = put(xlsx(formatted), "list.xlsx")
    ended = desk("import", "clients", path, "--json")
    assert (ended.code, record(ended)["new"]) == (0, 2)
    by_name = {record["display_name"]: record for record in desk("list", "--json").records}
    seen, texts = (desk("show", by_name[name]["company_id"], "--json").records[0] for name in ("Nadal Zip", "'=A"))
    assert (seen["client_number"], texts["client_number"]) == ("00043", '="0044"')
    assert (seen["postal_code"], seen["phone"], seen["tax_id"], seen["notes"]) == (
        "01007",
        "(912) 345-6789",
        "123-45-6789",
        "21%",
    )
    assert (texts["display_name"], texts["postal_code"], texts["notes"]) == ("'=A", "'+34", "'x")
    assert record(desk("import", "clients", path, "--key", "client_number", "--json"))["unchanged"] == 2


def test_a_look_that_cannot_be_told_is_a_warning(desk: Desk, put: Put) -> None:
    def fill(book: Workbook) -> None:
        page = book.add_worksheet()
        page.write_row(0, 0, ("Display name", "Client number"))
        page.write_string(1, 0, "Sol SL")
        page.write_number(1, 1, 7, book.add_format({"num_format": "[DBNum1]0"}))

    path = put(xlsx(fill), "list.xlsx")
    ended = desk("import", "clients", path)
    assert ended.code == 0
    assert "7 in line 2, in the format [DBNum1]0" in ended.err
    assert desk("show", "7", "--json").records[0]["display_name"] == "Sol SL"
    notices = record(desk("import", "clients", path, "--dry-run", "--json"))["notices"]
    assert "number_format" in [notice["code"] for notice in notices]


def test_what_protects_digits_is_taken_off_everywhere(desk: Desk, put: Put) -> None:
    """In headings too, in both kinds of lists, with commas and with semicolons as a Spanish Excel writes them."""
    text = '="Display name",="Client number","=""Postal code""",Notes\n="Sol SL",="00043",=T("01007"),"=""a""&b"\n'
    ended = desk("import", "clients", put(text), "--json")
    assert (ended.code, record(ended)["new"]) == (0, 1)
    shown = desk("show", "00043", "--json").records[0]
    assert (shown["display_name"], shown["postal_code"], shown["notes"]) == ("Sol SL", "01007", '="a"&b')
    upload = f'="Company ID";="Display name";=T("Client number")\n="{shown["company_id"]}";="Sol SL";="00044"\n'
    ended = desk("import", "numbers", put(upload), "--json")
    assert (ended.code, record(ended)["changed"]) == (0, 1)
    assert desk("show", "00044", "--json").records[0]["company_id"] == shown["company_id"]


@pytest.mark.thorough("steps")
def test_an_export_comes_back_byte_for_byte(desk: Desk, put: Put) -> None:
    values = {"A": ("+34 600 111 222", "'+34 6"), "B": ('="00043"', "=1+1"), "C": ("'=1", "-5"), "D": ("+1+A1", "@x")}
    for name, (number, notes) in values.items():
        assert desk("add", f"display_name={name}", f"client_number={number}", f"notes={notes}").code == 0
    for ending in ("csv", "xlsx"):
        path = put("", f"first.{ending}")
        assert desk("export", path, "--overwrite").code == 0
        again = put("", f"again.{ending}")
        assert record(desk("import", "clients", path, "--json"))["unchanged"] == 4
        assert desk("export", again, "--overwrite").code == 0
    lines = desk("export").out.splitlines()
    assert any("+34 600 111 222" in line and "'+34 600" not in line and "''+34 6" in line for line in lines)


def test_an_error_log_comes_back_as_it_was(desk: Desk, put: Put) -> None:
    head = "Company ID,Display name,Client number"
    log = put("", "log.csv")
    ended = desk("import", "numbers", put(f'{head}\n77,\'=X,+34 600\n78,X,="0043"\n'), "--errors", log, "--overwrite")
    assert ended.code == 1
    with open(log, encoding="utf-8-sig", newline="") as file:
        text = file.read()
    assert "77,'=X,+34 600," in text
    assert "78,X,0043," in text
    first = record(desk("import", "numbers", log, "--dry-run", "--json"))["errors"]
    assert [each["cells"][:3] for each in first] == [["77", "=X", "+34 600"], ["78", "X", "0043"]]


@pytest.mark.long("many")
@on_a_file
def test_a_list_of_many_columns_takes_as_long_as_it_is_wide(desk: Desk, put: Put) -> None:
    """Twice the columns take about twice the time; the square would take four times."""

    def took(columns: int) -> float:
        head = ",".join(["Display name", *(f"h{number}" for number in range(columns - 1))])
        path = put(f"{head}\n{','.join(['Sol SL'] + ['x'] * (columns - 1))}\n")
        began = time.process_time()
        assert desk("import", "clients", path, "--dry-run").code == 0
        return time.process_time() - began

    took(10)
    narrow = min(took(COLUMNS // 4) for _time in range(2))
    assert min(took(COLUMNS) for _time in range(2)) < 10 * narrow


@on_a_file
def test_too_many_columns_are_refused_in_a_sentence(desk: Desk, put: Put) -> None:
    text = ",".join(f"h{number}" for number in range(COLUMNS + 1)) + "\nx\n"
    for command in ("clients", "numbers"):
        ended = desk("import", command, put(text), "--json")
        refusal = record(ended)["refusal"]
        assert (ended.code, refusal["code"]) == (2, "too_many_columns")
        assert "16,385 columns; at most 16,384" in refusal["message"]


@on_a_file
def test_of_many_columns_that_are_not_read_some_are_named(desk: Desk, put: Put) -> None:
    head = ",".join(["Display name", *(f"h{number}" for number in range(500))])
    ended = desk("import", "clients", put(f"{head}\nSol SL{',x' * 500}\n"), "--dry-run")
    assert "“h0”" in ended.err
    assert "400 more" in ended.err
    assert len(ended.err) < 2_000
