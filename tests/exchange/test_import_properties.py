"""What holds for any list and any file: a list survives export and import, any bytes end in a plan or a refusal."""

import csv
import io
import os
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clientdesk.desk import clients, opening
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.session import Session
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fields import Kind
from clientdesk.domain.import_decisions import ADD
from clientdesk.domain.judged_row import Counts
from clientdesk.domain.problem_catalogue import CATALOGUE
from clientdesk.domain.problems import Refused
from clientdesk.domain.rules import tidy
from clientdesk.exchange.export import Export, Format
from clientdesk.exchange.file_reading import open_table
from clientdesk.text import display_text
from tests.exchange.conftest import on_a_file
from tests.exchange.firms import HEAD, Firms, state
from tests.exports import export_clients

pytestmark = pytest.mark.long("chance")

RULED = ("email", "fiscal_year_end")
TEXTS = [field.name for field in BUILT_IN.fields if field.kind in (Kind.TEXT, Kind.NOTES) and field.name not in RULED]
"""The fields in which any text may stand."""

NASTY = st.sampled_from(
    [
        "=1+1",
        "'=1",
        "''-",
        "'",
        "＝x",
        "@",
        "+34",
        "'+34 (6)",
        '="00043"',
        '=T("7")',
        "-",
        "'\t",
        '"',
        '""',
        ",",
        ";",
        "00123",
        "1-2",
        "9.13E+15",
        "TRUE",
        "é",
        "é",
        "👩\u200d👧",
        "שלום",
        "[/]",
        "\\",
        "sep=;",
        "#N/A",
    ]
)
BLANK = st.sampled_from(" \u3000\t\n")
TEXT = st.lists(st.one_of(NASTY, BLANK, st.text(max_size=6)), max_size=5).map("".join)


@st.composite
def client_lists(draw: st.DrawFn) -> list[dict[str, str]]:
    """Clients of any texts, as the rules let them be kept."""
    clients = draw(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(TEXTS, TEXT)), max_size=6))
    kept = []
    for place, texts in enumerate(clients):
        values = {name: _kept(name, text) for name, text in texts.items()}
        values |= {"company_id": f"{place:04}", "display_name": values.get("display_name") or "'=no name"}
        if values.get("client_number"):
            values["client_number"] = f"{values['client_number'][:90]} {place}"
        kept.append({**BUILT_IN.empty, **values})
    return kept


def _kept(name: str, text: str) -> str:
    from clientdesk.text import is_control, is_invisible

    field = BUILT_IN.by_name[name]
    text = "".join(
        character
        for character in text
        if (not is_control(character) or (field.kind is Kind.NOTES and character == "\n"))
        and not (field.identifier and is_invisible(character))
    )
    return tidy(field, text)[: field.limit].strip()


def exported(session: Session, path: Path, export: Export) -> bytes:
    """A client list as a file has it."""
    export_clients(session, export, str(path), overwrite=True)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("engine_name", "language", "delimiter"),
    [("sqlite", "en", ","), ("sqlite", "es", ";"), ("sqlite", "en", "\t"), ("postgres", "es", ";")],
    indirect=["engine_name"],
)
@settings(max_examples=8)
@given(people=client_lists())
@example(
    people=[
        {**BUILT_IN.empty, "company_id": "1", "display_name": "'=A", "notes": "'=1\n\n'= x", "client_number": "'-1"}
    ]
)
@example(
    people=[
        {**BUILT_IN.empty, "company_id": "1", "display_name": "'+34 6", "phone": "+34 600", "client_number": '="0043"'}
    ]
)
def test_a_client_list_survives_export_and_import(
    firms: Firms, language: str, delimiter: str, people: list[dict[str, str]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export = Export(language=language, delimiter=delimiter, bom=delimiter != ",")
        with opening.open_firm(firms.of(people)) as session:
            first = exported(session, folder / "list.csv", export)
        with opening.open_firm(firms.copy("empty")) as session:
            for counts in (Counts(len(people), new=len(people)), Counts(len(people), unchanged=len(people))):
                if not people:
                    break
                job = Import.open(session, open_table(str(folder / "list.csv")), ImportKind.CLIENTS)
                assert job.setup is not None
                job.set_setup(job.setup._replace(duplicate_default=ADD))
                job.judge(session)
                assert job.apply(session) == counts, [refusal.problem for refusal in job.refusals()]
                job.close()
            assert exported(session, folder / "again.csv", export) == first


@on_a_file
@settings(max_examples=6)
@given(people=client_lists())
@example(
    people=[
        {**BUILT_IN.empty, "company_id": "1", "display_name": "'+34 6", "phone": "+34 600", "client_number": '="0043"'}
    ]
)
def test_a_client_list_survives_a_workbook(firms: Firms, people: list[dict[str, str]]) -> None:
    if not people:
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with opening.open_firm(firms.of(people)) as session:
            first = exported(session, folder / "list.csv", Export())
            sheet = cells_of(exported(session, folder / "list.xlsx", Export(format=Format.XLSX)))
        with opening.open_firm(firms.copy("empty")) as session:
            job = Import.open(session, open_table(str(folder / "list.xlsx")), ImportKind.CLIENTS)
            assert job.setup is not None
            job.set_setup(job.setup._replace(duplicate_default=ADD))
            job.judge(session)
            job.apply(session)
            assert list(job.refusals()) == []
            job.close()
            assert exported(session, folder / "again.csv", Export()) == first
            assert cells_of(exported(session, folder / "again.xlsx", Export(format=Format.XLSX))) == sheet


def cells_of(workbook: bytes) -> bytes:
    """The sheet of a workbook, byte for byte; the file itself also says when it was written."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


# --- any bytes


@st.composite
def uploads(draw: st.DrawFn) -> bytes:
    """A file that is nearly an upload: its rows, some cells of any text, some bytes changed, in any encoding."""
    cell = st.one_of(TEXT, st.sampled_from(["1", "2", "20", "Client 1", "Client 2", "N-1", "N-2", "", "x" * 101]))
    rows = draw(st.lists(st.lists(cell, min_size=1, max_size=4), max_size=8))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=draw(st.sampled_from([",", ";", "\t"])))
    writer.writerows([draw(st.permutations(HEAD.split(","))), *rows])
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "windows-1252", "latin-1"]))
    content = text.getvalue().encode(encoding, "replace")
    if draw(st.booleans()) and content:
        place = draw(st.integers(0, len(content)))
        content = content[:place] + draw(st.binary(max_size=4)) + content[place + draw(st.integers(0, 3)) :]
    return content


@pytest.mark.parametrize(
    ("engine_name", "ending"),
    [*(("sqlite", ending) for ending in (".csv", ".xlsx", ".ods", "")), ("postgres", ".csv")],
    indirect=["engine_name"],
)
@pytest.mark.parametrize("kind", [*ImportKind, None])
@settings(max_examples=10)
@given(content=st.one_of(st.binary(max_size=200), uploads()))
@example(content=b"PK\x03\x04" + HEAD.encode())  # a workbook is read by a process of its own
@example(content=f"{HEAD}\n1,Client 1,N-2\n2,Client 2,N-1\n".encode())
def test_any_bytes_end_in_a_plan_or_a_refusal(
    office: Session, kind: ImportKind | None, ending: str, content: bytes
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, f"list{ending}")
        Path(path).write_bytes(content)
        try:
            job = Import.open(office, open_table(path), kind)
        except Refused as refused:
            _told(refused)
            return
        try:
            counts = job.judge(office)
            assert counts.rows == sum(counts[1:]) == job.count()
            for row in job.rows(0, 100):
                assert (row.problem is None) == (row.verdict != "refused")
                if row.problem is not None:
                    assert display_text(row.problem.message) == row.problem.message
        except Refused as refused:
            _told(refused)
        finally:
            job.close()


def _told(refused: Refused) -> None:
    """One sentence, safe to show, of a code that is known."""
    (wrong,) = refused.problems
    assert wrong.code in CATALOGUE
    assert len(wrong.message.splitlines()) == 1
    assert "\x1b" not in wrong.message


@settings(max_examples=12)
@given(content=uploads())
def test_what_the_plan_says_is_what_is_written(firms: Firms, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "list.csv").write_bytes(content)
        firm = firms.copy("people")
        with opening.open_firm(firm) as session:
            before = state(firm)
            try:
                job = Import.open(session, open_table(str(folder / "list.csv")), ImportKind.NUMBERS)
                planned = job.judge(session)
            except Refused:
                assert state(firm) == before
                return
            expected = dict(numbers_now(session))
            for row in job.rows(0, 1000, "changed"):
                for change in row.changes:
                    expected[row.cells[job.places["company_id"]].strip()] = change.new
            assert state(firm) == before
            assert job.apply(session) == planned
            job.close()
            assert numbers_now(session) == expected


def numbers_now(session: Session) -> dict[str, str]:
    """The client numbers as they are now."""
    from clientdesk.domain.client_query import ClientQuery

    rows = clients.window(session, ClientQuery(filters=()), ("company_id", "client_number"), 0, 100)
    return {row.values[0]: row.values[1] for row in rows}
