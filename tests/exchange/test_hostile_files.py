"""The hostile files with their manifest, through the command line and through the plan, and what a file may be."""

import json
import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from clientdesk.cli.main import main
from clientdesk.desk import opening
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.session import Session
from clientdesk.domain.problems import Refused
from clientdesk.exchange.file_reading import Table, open_table
from tests.exchange.conftest import on_a_file
from tests.exchange.firms import HEAD, HOSTILE, Firms, numbers, state
from tests.pace import at_once

pytestmark = pytest.mark.thorough("many")

MANIFEST = json.loads((HOSTILE / "manifest.json").read_text())
ENCODINGS = {"cp1252": "windows-1252"}
"""The manifest's names of encodings that we call otherwise."""

LISTED: list[dict[str, Any]] = MANIFEST["files"]


@pytest.fixture
def firm(entry: dict[str, Any], firms: Firms, monkeypatch: pytest.MonkeyPatch) -> str:
    """A copy of the firm that an entry of the manifest is about."""
    location = firms.copy(entry["base"])
    monkeypatch.setenv("CLIENTDESK_FIRM", location)
    return location


def copy_of(entry: dict[str, Any], folder: Path) -> str:
    """A copy of a hostile file, that nothing may change."""
    path = shutil.copy(HOSTILE / entry["file"], str(folder / entry["file"]))
    assert os.path.getsize(path) == entry["bytes"]
    return path


def assert_written(before: dict[str, str], after: dict[str, str], expected: dict[str, Any]) -> None:
    """As many numbers changed as rows were accepted, among them those that the manifest lists (not all, if many)."""
    changed = {company_id: number for company_id, number in after.items() if number != before[company_id]}
    assert len(changed) == expected["accepted"]
    assert changed.items() >= expected["final_client_numbers"].items()


def listed(first: int) -> pytest.MarkDecorator:
    """For tests of every file with a firm in a file; with one on a server of every fourth from the `first` on, since
    where the firm is has little to do with the file."""
    return pytest.mark.parametrize(
        ("engine_name", "entry"),
        [*(("sqlite", entry) for entry in LISTED), *(("postgres", entry) for entry in LISTED[first::4])],
        ids=lambda each: each if isinstance(each, str) else each["file"],
        indirect=["engine_name"],
    )


@listed(0)
def test_on_the_command_line(
    entry: dict[str, Any], firm: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = entry["expect"]
    path = copy_of(entry, tmp_path)
    before = state(firm), numbers(firm)
    assert main(["import", "numbers", path, "--dry-run", "--json"]) == {"refuse_file": 2}.get(
        expected["outcome"], 1 if expected.get("rejected") else 0
    )
    planned = json.loads(capsys.readouterr().out)
    assert (state(firm), numbers(firm)) == before

    code = main(["import", "numbers", path, "--json"])
    printed = capsys.readouterr()
    assert "\x1b" not in printed.out + printed.err
    record = json.loads(printed.out)
    assert printed.out.count("\n") == 1
    assert record == planned
    if expected["outcome"] == "refuse_file":
        assert code == 2
        assert record["refusal"]["code"] == expected["reason"]
        assert (record["new"], record["changed"], record["unchanged"], record["refused"]) == (0, 0, 0, 0)
        assert len(printed.err.splitlines()) == 1
        assert state(firm) == before[0]
        return
    assert code == (1 if expected["rejected"] else 0)
    assert record["refusal"] is None
    assert record["new"] + record["changed"] == expected["accepted"]
    assert record["unchanged"] == expected["unchanged"]
    assert record["refused"] == expected["rejected"]
    assert record["rows"] == expected["accepted"] + expected["unchanged"] + expected["rejected"]
    assert [(refusal["line"], refusal["code"]) for refusal in record["errors"]] == [
        (reject["line"], reject["reason"]) for reject in expected["rejects"]
    ]
    assert {notice["code"] for notice in record["notices"]} >= set(expected.get("warnings", ()))
    assert_written(before[1], numbers(firm), expected)
    assert Path(path).read_bytes() == (HOSTILE / entry["file"]).read_bytes()


@listed(2)
def test_through_the_plan(entry: dict[str, Any], firm: str) -> None:
    expected = entry["expect"]
    before = numbers(firm)
    with opening.open_firm(firm) as session:
        if expected["outcome"] == "refuse_file":
            with pytest.raises(Refused) as caught:
                _upload_at_once(session, entry)
            assert caught.value.code == expected["reason"]
            assert numbers(firm) == before
            return
        job = Import.open(session, open_table(str(HOSTILE / entry["file"])), ImportKind.NUMBERS)
        planned = job.judge(session)
        assert job.batch_question is None
        assert numbers(firm) == before
        assert job.apply(session) == planned
        assert (planned.new, planned.changed) == (0, expected["accepted"])
        assert (planned.unchanged, planned.refused) == (expected["unchanged"], expected["rejected"])
        assert [(row.line, row.problem.code) for row in job.refusals() if row.problem] == [
            (reject["line"], reject["reason"]) for reject in expected["rejects"]
        ]
        assert isinstance(job.table, Table)
        assert job.table.encoding == ENCODINGS.get(
            expected.get("encoding"), expected.get("encoding", job.table.encoding)
        )
        assert job.table.delimiter == expected.get("delimiter", job.table.delimiter)
        assert_written(before, numbers(firm), expected)
        job.close()
        # The same file again: what went in is unchanged, what was refused is refused again.
        job = Import.open(session, open_table(str(HOSTILE / entry["file"])), ImportKind.NUMBERS)
        again = job.judge(session)
        assert (again.changed, again.unchanged, again.refused) == (
            0,
            expected["accepted"] + expected["unchanged"],
            expected["rejected"],
        )
        job.close()


def _upload_at_once(session: Session, entry: dict[str, Any]) -> None:
    job = Import.open(session, open_table(str(HOSTILE / entry["file"])), ImportKind.NUMBERS)
    job.judge(session)
    job.apply(session, batch=False)


def test_the_catalogue_has_every_code_of_the_manifest() -> None:
    from clientdesk.domain.problem_catalogue import CATALOGUE

    assert set(MANIFEST["reasons_file"]) | set(MANIFEST["reasons_row"]) <= set(CATALOGUE)


# --- what is no file


@on_a_file
@pytest.mark.parametrize("what", ["fifo", "/dev/zero", "folder", "socket", "missing", "link to a fifo", "locked"])
def test_what_is_no_file_is_refused_within_a_second(
    what: str,
    firms: Firms,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLIENTDESK_FIRM", firms.copy("base.json"))
    path = tmp_path / "list.csv"
    keep = socket.socket(socket.AF_UNIX)
    match what:
        case "fifo":
            os.mkfifo(path)
        case "/dev/zero":
            path = Path(what)
        case "folder":
            path.mkdir()
        case "socket":
            keep.bind(str(path))
        case "link to a fifo":
            os.mkfifo(tmp_path / "pipe")
            path.symlink_to(tmp_path / "pipe")
        case "locked":
            path.write_text(f"{HEAD}\n1,A,2\n")
            path.chmod(0)
            if os.access(path, os.R_OK):
                pytest.skip("root may read everything")
    with at_once():
        for command in (["import", "numbers"], ["import", "clients"], ["import"]):
            assert main([*command, str(path), "--json"]) == 2
            record = json.loads(capsys.readouterr().out)
            code = {"missing": "file_missing", "locked": "unreadable"}.get(what, "not_regular_file")
            assert (record["refusal"]["code"], record["rows"], record["errors"]) == (code, 0, [])
    keep.close()


# --- what a file may be, beyond the given ones

A, B = "9130350002222220,_Underscore_ SA,X-1", "9130350003444441,Núria Ferrer,X-2"
TEXT = f"{HEAD}\n{A}\n{B}\n"
BYTES = TEXT.encode()
UPLOADS: dict[str, bytes] = {
    "CR only": TEXT.replace("\n", "\r").encode(),
    "mixed line ends": f"{HEAD}\r\n{A}\n{B}\r".encode(),
    "no line end at the end": TEXT.rstrip().encode(),
    "sep= with a semicolon": ("sep=;\r\n" + TEXT.replace(",", ";").replace("\n", "\r\n")).encode(),
    "sep= behind a mark": b"\xef\xbb\xbf" + ("sep=;\n" + TEXT.replace(",", ";")).encode(),
    "tabs": TEXT.replace(",", "\t").encode(),
    "UTF-16BE with a mark": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "UTF-16LE with a mark, semicolons": b"\xff\xfe" + TEXT.replace(",", ";").encode("utf-16-le"),
    "Windows-1252": TEXT.encode("windows-1252"),
    "all quoted": "\r\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in TEXT.split("\n")).encode(),
    "Spanish": TEXT.replace(HEAD, "Id. de la empresa;Nombre para mostrar;Número de cliente", 1)
    .replace(",", ";")
    .encode(),
    "Spanish without accents, in capitals": TEXT.replace(
        HEAD, "ID. DE LA EMPRESA,NOMBRE  PARA MOSTRAR,NUMERO DE CLIENTE"
    ).encode(),
    "half English, half Spanish": TEXT.replace("Display name", " nombre para mostrar ").encode(),
    "blank lines everywhere": ("\n ,\n" + TEXT.replace("\n", "\n\n,,\n \n")).encode(),
    "surplus empty headings and cells": TEXT.replace("\n", ",,\n").encode(),
    "surplus empty cells only in a row": TEXT.replace("X-1", "X-1,, ,").encode(),
    "a Unicode space around everything": TEXT.replace(",", "\u00a0,\u3000").encode(),
    "a decomposed name": TEXT.replace("Núria", "Nu\u0301ria").encode(),
    "a name with more spaces": TEXT.replace("Núria Ferrer", "  Núria   Ferrer ").encode(),
    "the report's own columns": TEXT.replace(HEAD, f"{HEAD},Line,Reason")
    .replace("X-1", "X-1,7,It was wrong.")
    .replace("X-2", "X-2,8,Also.")
    .encode(),
}


@on_a_file
@pytest.mark.parametrize("name", UPLOADS)
def test_the_forms_of_one_upload(name: str, firms: Firms, tmp_path: Path) -> None:
    firm = firms.copy("base.json")
    (tmp_path / "list.csv").write_bytes(UPLOADS[name])
    with opening.open_firm(firm) as session:
        job = Import.open(session, open_table(str(tmp_path / "list.csv")), None)
        assert job.kind is ImportKind.NUMBERS
        job.judge(session)
        assert job.apply(session)[:5] == (2, 0, 2, 0, 0)
        assert job.ignored == ()
    written = numbers(firm)
    assert (written["9130350002222220"], written["9130350003444441"]) == ("X-1", "X-2")


FILES: dict[str, tuple[bytes, str]] = {
    "a mark and nothing": (b"\xef\xbb\xbf", "empty_file"),
    "a mark of UTF-16 and nothing": (b"\xff\xfe", "empty_file"),
    "blank lines": (b"\r\n \n\t\n", "empty_file"),
    "sep= and nothing": (b"sep=;\n", "empty_file"),
    "headings alone": (HEAD.encode(), "no_rows"),
    "headings and blank lines": (f"{HEAD}\n\n , ,\n".encode(), "no_rows"),
    "a heading missing": (BYTES.replace(b"Client number", b"Number"), "missing_column"),
    "a heading twice in two languages": (
        TEXT.replace("Client number", "Client number,Número de cliente").encode(),
        "duplicate_column",
    ),
    "a quote that never closes": (BYTES + b'1,"A,2\n' + BYTES, "bad_quotes"),
    "text behind a closing quote": (BYTES + b'1,"A"B,2\n', "bad_quotes"),
    "a NUL": (BYTES.replace(b"X-1", b"X\0"), "nul_byte"),
    "UTF-16 without a mark": (TEXT.encode("utf-16-le"), "nul_byte"),
    "UTF-16 with half a letter": (b"\xff\xfe" + TEXT.encode("utf-16-le") + b"\xd8", "encoding"),
    "UTF-16 with a lone surrogate": (b"\xff\xfe" + TEXT.encode("utf-16-le") + b"\x00\xd8\x41\x00", "encoding"),
    "a mark of UTF-8 over Windows-1252": (b"\xef\xbb\xbf" + BYTES + b"1,Pe\xf1a,2\n", "mixed_encoding"),
    "both encodings": (BYTES + b"1,Pe\xf1a,2\n", "mixed_encoding"),
    "bytes of no encoding": (BYTES.replace("ú".encode(), b"u") + b"1,\x81\x8d,2\n", "encoding"),
    "a PDF": (b"%PDF-1.7\n" + BYTES, "not_csv"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + BYTES, "not_csv"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "nul_byte"),
    "a cell of two megabytes": (BYTES + b"1," + b"A" * 2_000_000 + b",2\n", "cell_too_large"),
}


@on_a_file
@pytest.mark.parametrize("name", FILES)
def test_files_that_are_refused_as_a_whole(
    name: str,
    firms: Firms,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    firm = firms.copy("base.json")
    monkeypatch.setenv("CLIENTDESK_FIRM", firm)
    content, code = FILES[name]
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    before = state(firm)
    with at_once():
        assert main(["import", "numbers", str(path), "--json"]) == 2
    printed = capsys.readouterr()
    assert json.loads(printed.out)["refusal"]["code"] == code
    assert len(printed.err.splitlines()) == 1
    assert state(firm) == before


@on_a_file
@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_text_that_says_it_is_a_workbook(
    ending: str, firms: Firms, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    firm = firms.copy("base.json")
    path = tmp_path / f"list{ending}"
    path.write_bytes(BYTES)
    assert main(["import", "--firm", firm, "numbers", str(path), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["refusal"]["code"] == "not_spreadsheet"
