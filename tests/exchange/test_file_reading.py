"""Files as people have them: encodings, delimiters, line ends; and files that are none."""

import csv
import io
import os
import re
import socket
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.domain.fold import fold
from clientdesk.domain.incoming_table import Line
from clientdesk.domain.problems import Refused
from clientdesk.domain.spreadsheet_cells import restored
from clientdesk.exchange.file_reading import AS_FOUND, Choices, Table, read_table
from clientdesk.exchange.source import Source
from tests.exchange.workbooks import check
from tests.pace import at_once

HEAD = "Company ID,Display name,Client number"
HEAD_ES = "Id. de la empresa;Nombre para mostrar;Número de cliente"
KNOWN = {fold(heading) for heading in (*HEAD.split(","), *HEAD_ES.split(";"))}
Cells = list[tuple[str, ...]]


def known(cells: Sequence[str]) -> int:
    return len({fold(cell) for cell in cells} & KNOWN)


def made(folder: Path, content: bytes | str, name: str = "list.csv") -> str:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def read(
    folder: Path, content: bytes | str, choices: Choices = AS_FOUND, name: str = "list.csv"
) -> tuple[Table, list[tuple[int, tuple[str, ...]]]]:
    """The table and its rows, each with its line."""
    with Source.read(made(folder, content, name)) as source:
        table = read_table(source, known, choices)
        return table, [(line.number, line.cells) for line in table.rows()]


def refusal(folder: Path, content: bytes | str, choices: Choices = AS_FOUND, name: str = "list.csv") -> Refused:
    with pytest.raises(Refused) as caught:
        read(folder, content, choices, name)
    check(caught.value)
    return caught.value


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is read in pieces of 4 kB, so that one of some kB has many of them."""
    for module in ("source", "file_reading"):
        monkeypatch.setattr(f"clientdesk.exchange.{module}.CHUNK", 1 << 12)


in_small_pieces = pytest.mark.usefixtures("small_pieces")


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter"),
    [
        (f"{HEAD}\r\n91,Peña,007\r\n".encode(), "utf-8", ","),
        (b"\xef\xbb\xbf" + f"{HEAD}\r\n91,Peña,007\r\n".encode(), "utf-8-sig", ","),
        (b"\xef\xbb\xbf" + f"sep=;\r\n{HEAD_ES}\r\n91;Peña;007\r\n".encode(), "utf-8-sig", ";"),
        (f"{HEAD}\n91,Peña,007".replace(",", "\t").encode("utf-16"), "utf-16", "\t"),
        (f"SEP=;\n{HEAD_ES}\n91;Peña;007".encode("utf-16"), "utf-16", ";"),
        (b"\xfe\xff" + f"{HEAD}\n91,Peña,007\n".encode("utf-16-be"), "utf-16", ","),
        (f"{HEAD_ES}\r\n91;Peña;007\r\n".encode("windows-1252"), "windows-1252", ";"),
        (f"sep=;\r\n{HEAD_ES}\r\n91;Peña;007\r\n".encode(), "utf-8", ";"),
        (f"sep=|\n{HEAD}\n91,Peña,007\n".replace(",", "|").encode(), "utf-8", "|"),
        (f'"sep=,"\r{HEAD}\r91,Peña,007\r'.encode(), "utf-8", ","),
    ],
)
def test_the_ways_programs_save_a_list(tmp_path: Path, content: bytes, encoding: str, delimiter: str) -> None:
    table, rows = read(tmp_path, content)
    assert [cells for _line, cells in rows] == [("91", "Peña", "007")]
    assert known(table.headings.cells) == 3
    assert (table.encoding, table.delimiter) == (encoding, delimiter)
    assert (table.sheet, table.sheets, table.size) == ("", (), len(content))
    assert [guess.code for guess in table.guesses] == ["read_as_cp1252"] * (encoding == "windows-1252")
    assert all(guess.warning for guess in table.guesses)


@pytest.mark.parametrize("name", ["list.csv", "list.TXT", "list.tsv", "list", "list.xls", "list.csv.bak"])
def test_text_is_read_under_any_ending_that_promises_nothing_else(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, f"{HEAD}\n91,A,7\n", name=name)[1] == [(2, ("91", "A", "7"))]


# --- the delimiter


def test_the_delimiter_is_the_one_that_gives_known_headings(tmp_path: Path) -> None:
    table, rows = read(tmp_path, "Company ID;Display name;a,b,c,d,e\n91;A;x,y\n")
    assert (table.delimiter, rows) == (";", [(2, ("91", "A", "x,y"))])
    table, rows = read(tmp_path, '"Company ID"\t"Display, name"\n"91"\t"A, B"\n')
    assert (table.delimiter, rows) == ("\t", [(2, ("91", "A, B"))])


def test_without_known_headings_the_delimiter_is_the_one_with_most_cells(tmp_path: Path) -> None:
    assert read(tmp_path, "a;b;c,d\n1;2;3\n")[0].delimiter == ";"
    assert read(tmp_path, "alone\n1\n")[0].delimiter == ","


def test_the_delimiter_can_be_chosen(tmp_path: Path) -> None:
    table, rows = read(tmp_path, f"{HEAD}\n91;5,A,7\n", Choices(delimiter=";"))
    assert (table.headings.cells, table.delimiter, rows) == ((HEAD,), ";", [(2, ("91", "5,A,7"))])
    table, rows = read(tmp_path, f"sep=;\n{HEAD}\n91,A,7\n", Choices(delimiter=","))
    assert (table.headings.number, rows) == (2, [(3, ("91", "A", "7"))])


@pytest.mark.parametrize("choices", [Choices(delimiter=",,"), Choices(delimiter='"'), Choices(encoding="big5")])
def test_a_choice_that_is_none_is_refused(tmp_path: Path, choices: Choices) -> None:
    assert refusal(tmp_path, f"{HEAD}\n91,A,7\n", choices).code == "not_a_choice"


# --- lines and rows


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("before", ["", "sep=,\n", '"sep=,"\n'])
def test_rows_keep_the_line_they_start_on(tmp_path: Path, end: str, before: str) -> None:
    text = f'{before}\n , \n{HEAD}\n\n91,"one\ntwo\n\nfour",1\n,,\n   \n92,B,\n'.replace("\n", end)
    table, rows = read(tmp_path, text)
    above = 1 if before else 0
    assert (table.headings.number, known(table.headings.cells)) == (above + 3, 3)
    four = f"one{end}two{end}{end}four"
    assert rows == [(above + 5, ("91", four, "1")), (above + 11, ("92", "B", ""))]


def test_line_ends_of_several_kinds_in_one_file(tmp_path: Path) -> None:
    rows = read(tmp_path, f"{HEAD}\r\n91,A,1\r92,B,2\n93,C,3")[1]
    assert [(line, cells[0]) for line, cells in rows] == [(2, "91"), (3, "92"), (4, "93")]


def test_quotes_and_separators_inside_cells(tmp_path: Path) -> None:
    rows = read(tmp_path, f'{HEAD}\n91,"Say ""hi"", Co","a;b"\n92,Half "quoted" Co,\n')[1]
    assert [cells[1] for _line, cells in rows] == ['Say "hi", Co', 'Half "quoted" Co']


def test_rows_of_any_length_are_handed_out_as_they_are(tmp_path: Path) -> None:
    rows = read(tmp_path, f"{HEAD}\n91,A\n92,B,2,extra\n93,C,3,, \n95\n,,,x\n")[1]
    assert [cells for _line, cells in rows] == [
        ("91", "A"),
        ("92", "B", "2", "extra"),
        ("93", "C", "3", "", " "),
        ("95",),
        ("", "", "", "x"),
    ]


def test_identifiers_stay_text(tmp_path: Path) -> None:
    ids = ("0000000012345678", "9.13E+15", "1/2", "TRUE", "+5", "'7", " 8 ", "1e5", "-0")
    rows = read(tmp_path, HEAD + "\n" + "\n".join(f"{row_id},A,1" for row_id in ids))[1]
    assert tuple(cells[0] for _line, cells in rows) == ids


def test_headings_without_rows_are_a_table_without_rows(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD)[1] == read(tmp_path, f"{HEAD}\n,,\n\n")[1] == []


@in_small_pieces
def test_rows_are_read_as_often_as_wanted_and_at_the_same_time(tmp_path: Path) -> None:
    with Source.read(made(tmp_path, f"{HEAD}\n" + "".join(f"{n},A,1\n" for n in range(2_000)))) as source:
        table = read_table(source, known)
        pairs = list(zip(table.rows(), table.rows(), strict=True))
        assert len(pairs) == 2_000
        assert all(one == other for one, other in pairs)


# --- the encoding


def test_the_encoding_can_be_chosen(tmp_path: Path) -> None:
    utf8, cp1252 = f"{HEAD}\n91,Peña,7\n".encode(), f"{HEAD}\n91,Peña,7\n".encode("windows-1252")
    table, rows = read(tmp_path, utf8, Choices(encoding="windows-1252"))
    assert (table.encoding, table.guesses, rows[0][1][1]) == ("windows-1252", (), "PeÃ±a")
    table, rows = read(tmp_path, cp1252, Choices(encoding="windows-1252"))
    assert (table.guesses, rows[0][1][1]) == ((), "Peña")
    assert refusal(tmp_path, cp1252, Choices(encoding="utf-8")).code == "encoding"
    assert read(tmp_path, utf8, Choices(encoding="utf-8"))[0].encoding == "utf-8"
    for codec in ("utf-16", "utf-16-le", "utf-16-be"):
        table, rows = read(tmp_path, f"{HEAD}\n91,Peña,7\n".encode(codec), Choices(encoding="utf-16"))
        assert (table.encoding, rows) == ("utf-16", [(2, ("91", "Peña", "7"))])
    assert refusal(tmp_path, utf8 + b" " * (1 - len(utf8) % 2), Choices(encoding="utf-16")).code == "encoding"


def test_windows_1252_under_a_utf_8_mark_can_be_read_when_chosen(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + f"{HEAD}\n91,Peña,7\n".encode("windows-1252")
    assert refusal(tmp_path, content).code == "encoding"
    table, rows = read(tmp_path, content, Choices(encoding="windows-1252"))
    assert (known(table.headings.cells), rows[0][1][1]) == (3, "Peña")


@pytest.mark.parametrize("name", ["CAFÉ’S", "«CAFÉ»", "EDELLÄ”", "Nº 1", "Šaban & Žižek", "IRMÃO", "100 €", "l’Œuvre…"])
def test_windows_1252_that_comes_near_utf_8_is_still_windows_1252(tmp_path: Path, name: str) -> None:
    table, rows = read(tmp_path, f"{HEAD}\n91,{name},7\n92,Peña,8\n".encode("windows-1252"))
    assert (table.encoding, rows[0][1][1]) == ("windows-1252", name)


@in_small_pieces
@pytest.mark.parametrize("name", ["Peña", "Привет", "漢字", "Ωμέγα", "🙂", "שלום"])
def test_letters_of_two_encodings_are_refused_with_the_line(tmp_path: Path, name: str) -> None:
    stray = "92,Íñigo,8\r\n".encode("windows-1252")
    for head, content in ((b"", b""), (b"\xef\xbb\xbf", b""), (b"", b"90,x,1\r\n" * 2_000)):
        refused = refusal(tmp_path, head + f"{HEAD}\r\n91,{name},7\r\n".encode() + content + stray)
        assert refused.code == "mixed_encoding"
        assert refused.problems[0].values["line"] == 3 + content.count(b"\n")


@in_small_pieces
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("shift", range(4))
def test_the_encoding_is_judged_over_the_whole_file(tmp_path: Path, end: str, shift: int) -> None:
    """A file of several pieces whose letters stand on every border of a piece."""
    body = "x" * shift + f"ñ€🙂{end}" * 2_000
    table, rows = read(tmp_path, body, Choices(delimiter=","))
    assert (table.encoding, len(rows)) == ("utf-8", 1_999)
    late = refusal(tmp_path, body.encode() + b"a\xf1b", Choices(delimiter=","))
    assert late.code == "mixed_encoding"
    assert late.problems[0].values["line"] == 2_001


@in_small_pieces
def test_a_letter_at_the_end_of_a_large_file_tells_its_encoding(tmp_path: Path) -> None:
    assert read(tmp_path, b"x\n" * 20_000 + b"\xf1")[0].encoding == "windows-1252"


# --- refusals of the whole file


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"\xff\xfe", "empty_file"),
        (b"\r\n \r\n", "empty_file"),
        (b"sep=;\n", "empty_file"),
        (b"sep=;\n;;\n\n", "empty_file"),
        (f"{HEAD}\n91,A\0B,7\n", "nul_byte"),
        (f"\ufeff{HEAD}\n91,A\0B,7\n", "nul_byte"),
        (f"{HEAD}\n91,A\0B,7\n".encode("utf-16"), "nul_byte"),
        (f"{HEAD}\n91,A,7\n".encode("utf-16-le"), "nul_byte"),
        (f"{HEAD}\n91,A,7\n".encode("utf-32"), "nul_byte"),
        (f"{HEAD}\n91,A,7\n".encode("utf-16")[:-1], "encoding"),
        (f"{HEAD}\n91,🙂".encode("utf-16")[:-2], "encoding"),
        (f"{HEAD}\n91,".encode("utf-16") + b"\x00\xdcA\x00", "encoding"),
        (b"\xef\xbb\xbf" + f"{HEAD}\n91,Peña,7\n".encode("windows-1252"), "encoding"),
        (HEAD.encode() + b"\n91,a\x81b,7\n", "encoding"),
        (f'{HEAD}\n91,"A,7\n92,B,8\n', "bad_quotes"),
        (f'{HEAD}\n91,"A"x,7\n', "bad_quotes"),
        (f'{HEAD}\n91,"A,7\n92,"B",8\n', "bad_quotes"),
        (f'{HEAD}\n91,A,"', "bad_quotes"),
        (f'{HEAD}\n91,A,"7""', "bad_quotes"),
        ('"Company ID,Display name\n', "bad_quotes"),
        (b"PK\x03\x04\x14\x00\x06\x00", "not_csv"),
        (b"PK\x05\x06" + b"\0" * 18, "not_csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not_csv"),
        (b"%PDF-1.7\n", "not_csv"),
    ],
)
def test_what_is_no_list_is_refused_whole(tmp_path: Path, content: bytes | str, code: str) -> None:
    assert refusal(tmp_path, content).code == code


@pytest.mark.parametrize(
    "content",
    [
        '{"company_id": "91"}\n{"company_id": "92"}\n',
        '\n {\r\n  "clients": []}',
        '[\n  {"a": 1}]',
        "<!DOCTYPE html><html></html>",
        "\n\n<HTML><body>",
        '<?xml version="1.0"?><clients/>',
        "{\\RTF1\\ansi",
    ],
)
def test_text_of_another_kind_is_no_list(tmp_path: Path, content: str) -> None:
    for name in ("list.csv", "list.txt", "list"):
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            assert refusal(tmp_path, content.encode(encoding), name=name).code == "not_csv"


@pytest.mark.parametrize("ending", ["json", "JSONL", "ndjson", "html", "htm", "xml", "rtf"])
def test_endings_of_another_kind_are_no_list(tmp_path: Path, ending: str) -> None:
    assert refusal(tmp_path, f"{HEAD}\n91,A,7\n", name=f"list.{ending}").code == "not_csv"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_broken_quotes_name_the_line_where_the_row_starts(tmp_path: Path, end: str) -> None:
    good = f'sep=,\n\n{HEAD}\n91,"A\nB",1\n'
    for bad in ('92,"B\n93,C,3\n', '92,"B"C,1\n', '92,"two\nlines"x,1\n'):
        problem = refusal(tmp_path, (good + bad).replace("\n", end)).problems[0]
        assert (problem.code, problem.values["line"]) == ("bad_quotes", 6)


def test_the_rows_before_the_break_are_handed_out(tmp_path: Path) -> None:
    with Source.read(made(tmp_path, f'{HEAD}\n91,A,1\n92,"B\n')) as source:
        rows = read_table(source, known).rows()
        assert next(rows).cells == ("91", "A", "1")
        with pytest.raises(Refused):
            next(rows)


@pytest.mark.parametrize("quotes", [100_001, 1_000_001, 9_000_001])
def test_many_quotes_are_judged_at_once(tmp_path: Path, quotes: int) -> None:
    with at_once():
        assert refusal(tmp_path, HEAD + "\n91,A," + '"' * quotes).code == "bad_quotes"


def test_a_quote_that_never_closes_in_a_large_file(tmp_path: Path) -> None:
    refused = refusal(tmp_path, f'{HEAD}\n91,A,1\n92,"A,2\n' + "93,B,3\n" * 400_000)
    assert (refused.code, refused.problems[0].values["line"]) == ("bad_quotes", 3)


@pytest.mark.parametrize(
    ("cell", "fits"),
    [("x" * 1_048_576, True), ("x" * 1_048_577, False), (f'"{"x" * 1_048_577}"', False), ("x" * 30_000_000, False)],
)
def test_a_cell_has_at_most_a_megabyte(tmp_path: Path, cell: str, fits: bool) -> None:
    content = f"{HEAD}\n90,A,1\n91,{cell},7\n"
    if fits:
        assert len(read(tmp_path, content)[1][1][1][1]) == len(cell)
    else:
        refused = refusal(tmp_path, content)
        assert (refused.code, refused.problems[0].values["line"]) == ("cell_too_large", 3)


LONG = {
    "line ends": ("a\n" * 600_000, True),
    "quotes": ('""' * 1_100_000, True),
    "quoted words": ('a ""b"", c\n' * 120_000, True),
    "a quote at a piece's end": ("a" * 5_000_001 + '""b', True),
    "never closed": ("a\n" + "1,B,2\n" * 200_000, False),
    "never closed, a quoted cell far below": ("a\n" + "1,B,2\n" * 200_000 + '2,"C",3\n', False),
    "never closed, an empty quoted cell far below": ("a\n" + "1,B,2\n" * 200_000 + '2,"",3\n', False),
}


@pytest.mark.thorough("many")
@pytest.mark.parametrize("what", LONG)
@pytest.mark.parametrize("after", ["", ",7\n92,B,8\n"])
def test_a_quoted_cell_that_is_too_long_is_none_whose_quote_is_missing(tmp_path: Path, what: str, after: str) -> None:
    cell, is_closed = LONG[what]
    refused = refusal(tmp_path, f'{HEAD}\n90,A,1\n91,"{cell}' + (f'"{after}' if is_closed else ""))
    expected = "cell_too_large" if is_closed else "bad_quotes"
    assert (refused.code, refused.problems[0].values["line"]) == (expected, 3)


@pytest.mark.long("many")
def test_the_end_of_a_cell_that_is_too_long_is_looked_for_in_little_memory(tmp_path: Path) -> None:
    path = made(tmp_path, f'{HEAD}\n91,"{"a" * 24_000_000}",1\n')
    tracemalloc.start()
    try:
        with Source.read(path) as source, pytest.raises(Refused, match="longer than"):
            list(read_table(source, known).rows())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000


def test_only_a_regular_file_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    path = made(tmp_path, f"{HEAD}\n91,A,1\n")
    (tmp_path / "link.csv").symlink_to(path)
    (tmp_path / "ring.csv").symlink_to(tmp_path / "ring.csv")
    (tmp_path / "dangling.csv").symlink_to(tmp_path / "nowhere")
    with socket.socket(socket.AF_UNIX) as end:
        here = os.getcwd()
        os.chdir(tmp_path)  # a socket's path is short
        end.bind("socket.csv")
        os.chdir(here)
        with at_once():
            for name, code in [
                (str(tmp_path), "not_regular_file"),
                (str(tmp_path / "pipe.csv"), "not_regular_file"),
                (str(tmp_path / "socket.csv"), "not_regular_file"),
                ("/dev/null", "not_regular_file"),
                ("/dev/zero", "not_regular_file"),
                (str(tmp_path / "none.csv"), "file_missing"),
                (str(tmp_path / "ring.csv"), "file_missing"),
                (str(tmp_path / "dangling.csv"), "file_missing"),
                (f"{path}/below", "file_missing"),
                (str(tmp_path / ("x" * 300)), "file_missing"),
                ("", "file_missing"),
                ("a\0b", "file_missing"),
                ("a\udc80\ud800b", "file_missing"),
            ]:
                with pytest.raises(Refused) as caught:
                    Source.read(name)
                check(caught.value)
                assert caught.value.code == code, name
    with Source.read(str(tmp_path / "link.csv")) as source:
        assert len(list(read_table(source, known).rows())) == 1


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")])
def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    path = made(tmp_path, f"{HEAD}\n91,A,1\n")

    def no(*_arguments: object) -> bytes:
        raise error

    for function in ("open", "read"):
        with monkeypatch.context() as patch:
            patch.setattr(f"clientdesk.exchange.source.os.{function}", no)
            with pytest.raises(Refused) as caught:
                Source.read(path)
        check(caught.value)
        assert caught.value.code == "unreadable"


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "list.csv"
    with open(path, "wb") as file:
        file.truncate(256 * 1_048_576 + 1)  # no disk is used
    with at_once(), pytest.raises(Refused) as caught:
        Source.read(str(path))
    assert caught.value.code == "too_large"
    monkeypatch.setattr("clientdesk.exchange.source.LIMIT", 0)
    assert refusal(tmp_path, f"{HEAD}\n91,A,1\n").code == "too_large"


# --- read once, and streamed


def test_what_happens_to_the_file_afterwards_does_not_matter(tmp_path: Path) -> None:
    path = Path(made(tmp_path, f"{HEAD}\n91,A,1\n"))
    with Source.read(str(path)) as source:
        path.write_text(f"{HEAD}\n92,B,2\n93,C,3\n")
        table = read_table(source, known)
        assert [line.cells for line in table.rows()] == [("91", "A", "1")]
        path.unlink()
        assert [line.cells for line in table.rows()] == [("91", "A", "1")]
        assert read_table(source, known, Choices(encoding="windows-1252")).size == table.size
        with source.open() as file:
            assert file.read() == f"{HEAD}\n91,A,1\n".encode()


def test_the_private_copy_has_no_name_and_goes_with_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private = tmp_path / "private"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    source = Source.read(made(tmp_path, f"{HEAD}\n91,A,1\n"))
    assert os.listdir(private) == []
    table = read_table(source, known)
    source.close()
    with pytest.raises(ValueError, match="closed"):
        list(table.rows())


def test_the_file_itself_is_not_touched(tmp_path: Path) -> None:
    path = Path(made(tmp_path, f"{HEAD}\n91,A,1\n"))
    before = path.stat()
    with Source.read(str(path)) as source:
        assert list(read_table(source, known).rows())
    after = path.stat()
    assert (before.st_mtime_ns, before.st_ino, before.st_mode) == (after.st_mtime_ns, after.st_ino, after.st_mode)
    assert os.listdir(tmp_path) == ["list.csv"]


@pytest.mark.long("many")
@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "utf-16"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "list.csv"
    row = f"91,{'Peña ' * 400},7\r\n"
    block = row * 100
    with open(path, "w", encoding=encoding, newline="") as file:
        file.write(f"{HEAD}\r\n")
        for _block in range(70):
            file.write(block)
    assert path.stat().st_size > 12_000_000
    tracemalloc.start()
    try:
        with Source.read(str(path)) as source:
            count = sum(1 for _line in read_table(source, known).rows())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 7_000
    assert peak < 4_000_000


# --- anything at all


def outcome(path: str) -> Table | Refused:
    try:
        with Source.read(path) as source:
            table = read_table(source, known)
            for line in table.rows():
                assert line.number > table.headings.number
                assert any(cell.strip() for cell in line.cells)
            return table
    except Refused as refused:
        check(refused)
        return refused


@pytest.mark.parametrize("name", ["list.csv", "list.txt", "list.xlsx", "list.ods", "list"])
@given(data=st.binary(max_size=300) | st.binary(max_size=200).map(lambda data: HEAD.encode() + b"\r\n" + data))
def test_any_bytes_end_in_rows_or_in_a_refusal(tmp_path: Path, name: str, data: bytes) -> None:
    outcome(made(tmp_path, data, name))


LETTERS = (b"a", b" ", b"\xf1", b"\xc3\xb1", b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b"\x81")
PIECES = st.sampled_from([b"\r\n", b"\n", b"\r", b",", b";", b"\t", b'"', b'""', b"sep=;\n", HEAD.encode(), *LETTERS])


@given(data=st.lists(PIECES, max_size=40).map(b"".join))
def test_what_looks_like_a_list_ends_in_rows_or_in_a_refusal(tmp_path: Path, data: bytes) -> None:
    outcome(made(tmp_path, data))


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12) | st.text('",;\t\r\n a=', max_size=8)


@given(
    rows=st.lists(st.lists(TEXT, min_size=1, max_size=5), max_size=8),
    delimiter=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_table_of_text_comes_back_cell_for_cell(
    tmp_path: Path, rows: list[list[str]], delimiter: str, encoding: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(HEAD.split(","))
    starts = []
    for row in rows:
        starts.append(1 + len(re.findall(r"\r\n|\r|\n", out.getvalue())))
        writer.writerow(row)
    table, found = read(tmp_path, out.getvalue().encode(encoding))
    assert (table.encoding, table.delimiter) == (encoding, delimiter)
    assert found == [
        (start, tuple(map(restored, row)))
        for start, row in zip(starts, rows, strict=True)
        if any(restored(cell).strip() for cell in row)
    ]


@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=50))
def test_what_is_utf_8_is_read_as_utf_8(tmp_path: Path, text: str) -> None:
    table, rows = read(tmp_path, f'{HEAD}\n91,"{text.replace(chr(34), "")}",7')
    assert (table.encoding, table.guesses) == ("utf-8", ())
    assert rows[0][1][1] == restored(text.replace('"', ""))


# --- what protects cells from spreadsheets


def test_what_protects_a_cell_is_taken_off_when_it_is_read(tmp_path: Path) -> None:
    """Once, in headings and rows; a row that has nothing else is blank."""
    text = '="Number";\'=Name;x\n="00043";=T("7");\'\'-1\n="";;\n\'0;a="b";"=""say """""""\n'
    table, rows = read(tmp_path, text, Choices(delimiter=";"))
    assert table.headings == Line(1, ("Number", "=Name", "x"))
    assert rows == [(2, ("00043", "7", "'-1")), (4, ("'0", 'a="b"', 'say "'))]
