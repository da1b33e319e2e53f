"""Files as people have them: encodings, delimiters, line ends; and files that are none."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.domain.problems import CATALOGUE, Refused
from clientdesk.exchange.client_list import ClientList, read_client_list
from clientdesk.exchange.reading import decode

HEAD = "Company ID,Display name,Client number"
HEAD_ES = "Id. de la empresa;Nombre para mostrar;Número de cliente"


def read(folder: Path, content: bytes | str, name: str = "list.csv") -> ClientList:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_client_list(str(path))


def cells(found: ClientList) -> list[tuple[int, str, str, str]]:
    return [(line, row["company_id"], row["display_name"], row["client_number"]) for line, row in found.rows]


def refusal(folder: Path, content: bytes | str) -> Refused:
    with pytest.raises(Refused) as caught:
        read(folder, content)
    assert len(caught.value.problems) == 1
    assert "\n" not in caught.value.message
    return caught.value


@pytest.mark.parametrize(
    ("content", "encoding", "delimiter"),
    [
        (f"{HEAD}\r\n91,Peña,007\r\n".encode(), "utf-8", ","),
        (b"\xef\xbb\xbf" + f"{HEAD}\r\n91,Peña,007\r\n".encode(), "utf-8-sig", ","),
        (f"{HEAD}\n91,Peña,007".replace(",", "\t").encode("utf-16"), "utf-16", "\t"),
        (b"\xfe\xff" + f"{HEAD}\n91,Peña,007\n".encode("utf-16-be"), "utf-16", ","),
        (f"{HEAD_ES}\r\n91;Peña;007\r\n".encode("windows-1252"), "windows-1252", ";"),
        (f"sep=;\r\n{HEAD_ES}\r\n91;Peña;007\r\n".encode(), "utf-8", ";"),
        (f"sep=|\n{HEAD}\n91,Peña,007\n".replace(",", "|").encode(), "utf-8", "|"),
        (f'"sep=,"\r{HEAD}\r91,Peña,007\r'.encode(), "utf-8", ","),
    ],
)
def test_the_ways_programs_save_a_list(tmp_path: Path, content: bytes, encoding: str, delimiter: str) -> None:
    found = read(tmp_path, content)
    assert [row[1:] for row in cells(found)] == [("91", "Peña", "007")]
    assert (found.encoding, found.delimiter) == (encoding, delimiter)


@pytest.mark.parametrize(
    "head",
    [
        "  COMPANY   id , display NAME,Client\u00a0number",
        "Id. de la empresa,Nombre para mostrar,Nu\u0301mero de cliente",
        "ID. DE LA EMPRESA,NOMBRE PARA MOSTRAR,NÚMERO DE CLIENTE",
        "Company ID,Nombre para mostrar,Numero de cliente",
        f'"{HEAD}"'.replace(",", '","'),
    ],
)
def test_headings_match_whatever_their_case_spaces_and_accents(tmp_path: Path, head: str) -> None:
    assert cells(read(tmp_path, f"{head}\n91,A,7\n")) == [(2, "91", "A", "7")]


def test_columns_in_any_order_and_others_are_ignored_and_named(tmp_path: Path) -> None:
    found = read(tmp_path, 'Client number,Balance,Display name,"E-\nmail",Company ID\n7,"1,5",A,x,91\n')
    assert cells(found) == [(3, "91", "A", "7")]
    assert found.ignored_headings == ("Balance", "E-\nmail")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_keep_the_line_they_start_on(tmp_path: Path, end: str) -> None:
    text = f'\n{HEAD}\n\n91,"one\ntwo",1\n,,\n   \n92,B,\n'.replace("\n", end)
    found = read(tmp_path, text)
    assert cells(found) == [(4, "91", f"one{end}two", "1"), (8, "92", "B", "")]


def test_the_line_of_sep_counts(tmp_path: Path) -> None:
    assert cells(read(tmp_path, f"sep=,\n{HEAD}\n91,A,1\n"))[0][0] == 3


def test_quotes_and_separators_inside_cells(tmp_path: Path) -> None:
    found = read(tmp_path, f'{HEAD}\n91,"Say ""hi"", Co","a;b"\n92,Half "quoted" Co,\n')
    assert [row[2] for row in cells(found)] == ['Say "hi", Co', 'Half "quoted" Co']


def test_rows_that_do_not_fit_the_headings_are_told_and_the_others_read(tmp_path: Path) -> None:
    found = read(tmp_path, f"{HEAD}\n91,A\n92,B,2,extra\n93,C,3,, \n94,Smith, Jones,4\n95\n")
    assert [(row.line, row.problems[0].code) for row in found.bad_rows] == [
        (2, "too_few_fields"),
        (3, "too_many_fields"),
        (5, "too_many_fields"),
        (6, "too_few_fields"),
    ]
    assert cells(found) == [(4, "93", "C", "3")]
    assert found.size == 5


def test_empty_headings_at_the_end_are_no_columns(tmp_path: Path) -> None:
    assert cells(read(tmp_path, f"{HEAD},,\n91,A,1\n92,B,2,,\n")) == [(2, "91", "A", "1"), (3, "92", "B", "2")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"\r\n \r\n", "empty_file"),
        (b"sep=;\n", "empty_file"),
        (HEAD, "no_rows"),
        (f"{HEAD}\n,,\n\n", "no_rows"),
        ("91,A,7\n92,B,8\n", "missing_column"),
        ("Company ID,Display name\n91,A\n", "missing_column"),
        (f"{HEAD},client NUMBER\n91,A,7,8\n", "duplicate_column"),
        (f"{HEAD},Número de cliente\n91,A,7,8\n", "duplicate_column"),
        (f"{HEAD}\n91,A\0B,7\n", "nul_byte"),
        (f"{HEAD}\n91,A\0B,7\n".encode("utf-16"), "nul_byte"),
        (f"{HEAD}\n91,A,7\n".encode("utf-16-le"), "nul_byte"),
        (f"{HEAD}\n91,A,7\n".encode("utf-16")[:-1], "encoding"),
        (b"\xef\xbb\xbf" + f"{HEAD}\n91,Peña,7\n".encode("windows-1252"), "encoding"),
        (HEAD.encode() + b"\n91,a\x81b,7\n", "encoding"),
        (f"{HEAD}\n91,Peña,7\n".encode() + "92,Íñigo,8\n".encode("windows-1252"), "mixed_encoding"),
        (f'{HEAD}\n91,"A,7\n92,B,8\n', "bad_quotes"),
        (f'{HEAD}\n91,"A"x,7\n', "bad_quotes"),
        ('"Company ID,Display name\n', "bad_quotes"),
        (b"PK\x03\x04\x14\x00\x06\x00", "not_csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not_csv"),
    ],
)
def test_what_is_no_list_is_refused_whole(tmp_path: Path, content: bytes | str, code: str) -> None:
    assert refusal(tmp_path, content).code == code


def test_the_missing_heading_is_named_in_the_language_of_the_file(tmp_path: Path) -> None:
    assert "“Número de cliente”" in refusal(tmp_path, "Id. de la empresa;Nombre para mostrar\n9;A\n").message
    assert "“Client number”" in refusal(tmp_path, "Company ID,Display name\n9,A\n").message


def test_broken_quotes_name_the_line_where_the_row_starts(tmp_path: Path) -> None:
    problem = refusal(tmp_path, f'{HEAD}\n91,A,1\n92,"B\n93,C,3\n').problems[0]
    assert problem.values["line"] == 3


def test_the_second_encoding_is_placed(tmp_path: Path) -> None:
    content = f"{HEAD}\n91,Peña,7\n".encode() + "92,Íñigo,8\n".encode("windows-1252")
    assert refusal(tmp_path, content).problems[0].values["line"] == 3


def test_many_quotes_are_judged_at_once(tmp_path: Path) -> None:
    assert refusal(tmp_path, HEAD + "\n" + '"' * 1_000_001).code == "bad_quotes"


def test_a_cell_may_be_long(tmp_path: Path) -> None:
    assert len(cells(read(tmp_path, f"{HEAD}\n91,{'x' * 500_000},7\n"))[0][2]) == 500_000


def test_only_a_regular_file_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "list.csv").write_text(f"{HEAD}\n91,A,1\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "list.csv")
    for path, code in [
        (tmp_path, "not_regular_file"),
        (tmp_path / "pipe", "not_regular_file"),
        (Path("/dev/null"), "not_regular_file"),
        (tmp_path / "none.csv", "file_missing"),
        (tmp_path / "list.csv" / "below", "file_unreadable"),
        (tmp_path / ("x" * 300), "file_unreadable"),
    ]:
        with pytest.raises(Refused) as caught:
            read_client_list(str(path))
        assert caught.value.code == code, path
    with pytest.raises(Refused):
        read_client_list("a\0b")
    assert read_client_list(str(tmp_path / "link.csv")).size == 1


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clientdesk.exchange.reading.LIMIT", 0)
    assert refusal(tmp_path, f"{HEAD}\n91,A,1\n").code == "too_large"


def outcome(path: str) -> ClientList | Refused:
    try:
        return read_client_list(path)
    except Refused as refused:
        return refused


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda data: HEAD.encode() + b"\r\n" + data))
def test_any_bytes_end_in_rows_or_in_a_refusal(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / f"any-{os.getpid()}.csv"
    path.write_bytes(data)
    ended = outcome(str(path))
    if isinstance(ended, Refused):
        assert ended.code in CATALOGUE
        assert ended.message.isprintable()
    else:
        assert ended.size > 0


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=50))
def test_what_is_utf_8_is_read_as_utf_8(text: str) -> None:
    if text.strip() and not text.startswith("\ufeff") and not text.encode().startswith((b"PK\x03\x04", b"%PDF-")):
        assert decode(text.encode(), "x") == (text, "utf-8")
