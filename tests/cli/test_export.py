"""`clientdesk export`: which clients, which columns, where to, and what it says."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from python_calamine import load_workbook

from clientdesk.domain.catalogue import BUILT_IN
from tests import programs
from tests.cli.conftest import Desk, Ended
from tests.store.both import on_a_file

CLIENTDESK = [sys.executable, "-m", "clientdesk"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of its own."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def people(desk: Desk) -> Desk:
    """Three clients: Ana (007, Trust), Bob (no number), Zoë (-5, inactive)."""
    desk("add", "display_name=Ana", "client_number=007", "client_type=Trust", "phone=+34 600 123 456")
    desk("add", "display_name=Bob", "lead=")
    desk("add", "display_name=Zoë", "client_number=-5")
    assert desk("deactivate", "--", "-5").code == 0
    return desk


def table(text: str, delimiter: str = ",") -> list[list[str]]:
    """The rows of a CSV."""
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter, strict=True))


def names(ended: Ended) -> list[str]:
    """The display names in JSON Lines."""
    assert ended.code == 0, ended.err
    return [str(record["display_name"]) for record in ended.records]


def test_a_file_gets_every_client_with_every_field(people: Desk, here: Path) -> None:
    assert people("export", "all.csv") == (0, "", "3 clients written to all.csv.\n")
    head, *rows = table((here / "all.csv").read_bytes().decode())
    assert head == [field.headings[0] for field in BUILT_IN.fields]
    assert [row[BUILT_IN.names.index("display_name")] for row in rows] == ["Ana", "Bob", "Zoë"]
    assert rows[0][BUILT_IN.names.index("phone")] == "+34 600 123 456"
    assert os.listdir(here) == ["all.csv"]


def test_without_a_file_it_goes_to_standard_output(people: Desk) -> None:
    for where in ([], ["-"], ["/dev/stdout"]):
        ended = people("export", *where, "--columns", "client_number,display_name", "--no-bom", "--no-neutral")
        assert ended == (0, "Client number,Display name\r\n007,Ana\r\n,Bob\r\n-5,Zoë\r\n", "")
    assert people("export").out.startswith("\ufeffClient number,")


def test_the_views_and_what_narrows_them(people: Desk) -> None:
    lines = ("export", "--format", "jsonl")
    assert names(people(*lines)) == ["Ana", "Bob", "Zoë"]
    assert names(people(*lines, "--view", "list")) == ["Ana", "Bob"]
    assert names(people(*lines, "--view", "list", "--status", "all")) == ["Ana", "Bob", "Zoë"]
    assert names(people(*lines, "--status", "active", "--sort", "-display_name")) == ["Bob", "Ana"]
    assert names(people(*lines, "--type", "trust")) == ["Ana"]
    assert names(people(*lines, "--lead", "unassigned")) == ["Bob"]
    assert names(people(*lines, "--find", "zoe")) == ["Zoë"]
    assert people(*lines, "--find", "nobody").out == ""
    assert tuple(people(*lines).records[0]) == BUILT_IN.names
    listed = people(*lines, "--view", "list").records[0]
    assert tuple(listed) == tuple(field.name for field in BUILT_IN.fields if field.column)
    assert tuple(people(*lines, "--view", "list", "--columns", "email").records[0]) == ("email",)


def test_the_format_is_what_the_ending_says_unless_another_is_named(people: Desk, here: Path) -> None:
    people("export", "a.jsonl", "--columns", "display_name")
    assert json.loads((here / "a.jsonl").read_text().splitlines()[0]) == {"display_name": "Ana"}
    people("export", "a.XLSX", "--columns", "client_number", "--lang", "es")
    rows = load_workbook("a.XLSX").get_sheet_by_index(0).to_python()
    assert rows[0] == ["Número de cliente"]
    assert rows[1] == ["007"]
    people("export", "a.tsv", "--columns", "display_name,client_number")
    assert table((here / "a.tsv").read_text("utf-8"), "\t")[1] == ["Ana", "007"]
    people("export", "b.xlsx", "--format", "csv", "--columns", "display_name,client_number", "--delimiter", "semicolon")
    assert table((here / "b.xlsx").read_text("utf-8"), ";")[1] == ["Ana", "007"]
    people("export", "plain", "--columns", "display_name")
    assert (here / "plain").read_text("utf-8") == "\ufeffDisplay name\nAna\nBob\nZoë\n"


def test_an_xlsx_streams_but_not_into_a_terminal(people: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = programs.run([*CLIENTDESK, "export", "--format", "xlsx"], capture_output=True, check=True)
    assert len(load_workbook(io.BytesIO(ended.stdout)).get_sheet_by_index(0).to_python()) == 4
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ended_here = people("export", "--format", "xlsx")
    assert (ended_here.code, ended_here.out) == (1, "")
    assert "Name a file" in ended_here.err


def test_nothing_steers_the_terminal(people: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    evil = "\x1b]0;x\x07 \u202e\x9b31m\r"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr("clientdesk.exchange.export.watched_pages", lambda *_: iter([[(evil, "two\nlines")]]))
    for kind in ("csv", "jsonl"):
        out = people("export", "--format", kind, "--columns", "display_name,notes").out
        assert not any(each in out for each in ("\x1b", "\x07", "\u202e", "\x9b", "\r", "\ufeff"))
    assert "two\nlines" in people("export", "--columns", "display_name,notes").out


def test_an_existing_file_is_replaced_only_when_asked(people: Desk, here: Path) -> None:
    (here / "x.csv").write_text("old")
    ended = people("export", "x.csv")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("There is a file at x.csv already. ")
    assert (here / "x.csv").read_text() == "old"
    assert people("export", "x.csv", "--overwrite").code == 0
    assert "Ana" in (here / "x.csv").read_text("utf-8")
    assert people("export", os.environ["CLIENTDESK_FIRM"], "--overwrite").code == 1
    assert people("check").code == 0


def test_for_quickbooks(people: Desk, here: Path) -> None:
    ended = people("export", "up.csv", "--for-quickbooks", "--lang", "es")
    assert ended == (
        0,
        "",
        "2 clients written to up-1.csv.\n"
        "1 client without a client number was left out.\n"
        "1 cell that looks like a formula begins with ' now, for QuickBooks too.\n",
    )
    rows = table((here / "up-1.csv").read_text("utf-8"))
    assert rows[0] == ["Id. de la empresa", "Nombre para mostrar", "Número de cliente"]
    assert [row[1:] for row in rows[1:]] == [["Ana", "007"], ["Zoë", "'-5"]]
    assert people("export", "up.csv", "--for-quickbooks").code == 1
    assert people("export", "up.csv", "--for-quickbooks", "--overwrite", "--no-neutral", "--status", "active").code == 0
    assert table((here / "up-1.csv").read_text("utf-8"))[0] == ["Company ID", "Display name", "Client number"]
    ended = people("export", "--for-quickbooks", "--type", "trust", "--no-bom")
    assert (ended.code, len(ended.lines), ended.err) == (0, 2, "")
    ended = people("export", "up.csv", "--for-quickbooks", "--lead", "unassigned", "--overwrite")
    assert (ended.code, "QuickBooks takes no others" in ended.err) == (1, True)


@on_a_file
@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "pdf"],
        ["--columns", "nonsense"],
        ["--columns", ","],
        ["--sort", "nonsense"],
        ["--lang", "fr"],
        ["--delimiter", "|"],
        ["--for-quickbooks", "--format", "xlsx"],
        ["--for-quickbooks", "--columns", "email"],
        ["--for-quickbooks", "--delimiter", "tab"],
        ["x", "y"],
        [""],
    ],
)
def test_wrong_usage(desk: Desk, here: Path, arguments: list[str]) -> None:
    ended = desk("export", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert os.listdir(here) == []


@on_a_file
@pytest.mark.parametrize("where", ["none/x.csv", ".", "fifo"])
def test_a_place_that_cannot_be_written_is_one_sentence(people: Desk, here: Path, where: str) -> None:
    os.mkfifo(here / "fifo")
    ended = people("export", where, "--overwrite")
    assert (ended.code, ended.out, len(ended.err.splitlines())) == (1, "", 1)
    assert os.listdir(here) == ["fifo"]


def test_unknown_names_are_refused(people: Desk) -> None:
    assert people("export", "--type", "nonsense").code == 1
    assert people("export", "--lead", "nonsense").code == 1


def test_a_reader_that_goes_away_and_a_full_disk(people: Desk) -> None:
    process = programs.Popen([*CLIENTDESK, "export"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert (process.wait(30), process.stderr.read() if process.stderr else b"") == (141, b"")
    if process.stderr:
        process.stderr.close()
    for kind in ("csv", "xlsx", "jsonl"):
        with open("/dev/full", "w") as full:
            ended = programs.run(
                [*CLIENTDESK, "export", "--format", kind], stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        assert ended.returncode == 1
        assert len(ended.stderr.splitlines()) == 1, ended.stderr
        assert ended.stderr.startswith("The output cannot be written: ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_nothing_half(
    people: Desk, here: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    def pages(*_: object) -> Iterator[list[tuple[str, ...]]]:
        yield [("half",)]
        os.kill(os.getpid(), number)
        yield [("never",)]

    monkeypatch.setattr("clientdesk.exchange.export.watched_pages", pages)
    before = signal.getsignal(signal.SIGTERM)
    for name in ("x.csv", "x.xlsx"):
        assert people("export", name, "--columns", "display_name").code == 128 + number
    assert os.listdir(here) == []
    assert signal.getsignal(signal.SIGTERM) is before
