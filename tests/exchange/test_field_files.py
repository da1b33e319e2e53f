"""Client lists as people bring them, with their manifest: through the command line, and through the wizard's plan."""

import json
from pathlib import Path
from typing import Any

import pytest

from clientdesk.cli.main import main
from clientdesk.desk import clients, opening
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.session import Session
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.import_decisions import CREATE
from clientdesk.exchange.file_reading import open_table
from tests.exchange.conftest import on_a_file
from tests.exchange.firms import Firms

FIELD_FILES = Path(__file__).parent.parent / "data" / "field_files"
MANIFEST = json.loads((FIELD_FILES / "manifest.json").read_text())
LISTED: list[dict[str, Any]] = [entry for entry in MANIFEST["files"] if not entry["file"].endswith(".xlsx")]
NOTICES: dict[str, set[tuple[int | None, str]]] = {
    "several_emails.csv": {(line, "left_out") for line in (2, 3, 4, 6)},
    "same_client_twice.csv": {(line, "likely_duplicate") for line in (3, 5, 6)},
    "title_rows.csv": {(None, "headings_below"), (None, "foot_lines")},
    "google_phone_labels.csv": {(4, "left_out")},
}
"""What is told of a file, beside its clients: line and code."""
MISSING = {"same_client_twice.csv": ["Mar SL", "Sol SL"], "name_column_unknown.csv": ["Mar SL", "Sol SL"]}
"""The display names in the firm after files whose clients the manifest does not list."""


def in_the_firm(session: Session) -> list[dict[str, str]]:
    """Every client with all its fields, by name."""
    rows = clients.window(session, ClientQuery(filters=()), BUILT_IN.names, 0, 1_000)
    return [dict(zip(BUILT_IN.names, row.values, strict=True)) for row in rows]


def assert_as_listed(session: Session, entry: dict[str, Any]) -> None:
    records = in_the_firm(session)
    for expected in entry.get("clients", ()):
        values = {name: value.casefold() if name == "status" else value for name, value in expected.items()}
        assert any(all(_same(each[name], value) for name, value in values.items()) for each in records), (
            expected,
            records,
        )
    if names := MISSING.get(entry["file"]):
        assert [each["display_name"] for each in records] == names
    elif entry["file"] == "status_words.csv":
        assert {each["display_name"]: each["status"] for each in records}["Rio SL"] != "active"
    else:
        assert len(records) == len(entry["clients"])


def _same(value: str, expected: str) -> bool:
    return value == expected


@pytest.mark.parametrize("entry", LISTED, ids=lambda each: each["file"])
def test_on_the_command_line(
    entry: dict[str, Any], firms: Firms, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = firms.copy("empty")
    monkeypatch.setenv("CLIENTDESK_FIRM", firm)
    command = ["import", "clients", str(FIELD_FILES / entry["file"]), "--types", "create", "--leads", "empty", "--json"]
    assert main(command) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["refusal"], record["errors"]) == (None, [])
    assert {(notice["line"], notice["code"]) for notice in record["notices"]} >= NOTICES.get(entry["file"], set())
    with opening.open_firm(firm) as session:
        assert_as_listed(session, entry)


@on_a_file
@pytest.mark.parametrize("entry", LISTED, ids=lambda each: each["file"])
def test_through_the_plan(entry: dict[str, Any], firms: Firms) -> None:
    with opening.open_firm(firms.copy("empty")) as session:
        job = Import.open(session, open_table(str(FIELD_FILES / entry["file"])), ImportKind.CLIENTS)
        job.judge(session)
        assert job.setup is not None
        types, _leads = job.unknown_names()
        job.set_setup(job.setup._replace(types={name: CREATE for name, _rows in types}))
        planned = job.judge(session)
        codes = {(line, notice.code) for line, _name, notice in job.row_notices()} | {
            (None, notice.code) for notice in job.notices
        }
        assert codes >= NOTICES.get(entry["file"], set())
        assert job.apply(session) == planned
        assert_as_listed(session, entry)
        job.close()


@on_a_file
def test_likely_duplicates_name_the_earlier_line_and_what_they_share(
    firms: Firms, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLIENTDESK_FIRM", firms.copy("empty"))
    path = str(FIELD_FILES / "same_client_twice.csv")
    assert main(["import", "clients", path, "--json", "--dry-run"]) == 0
    notices = json.loads(capsys.readouterr().out)["notices"]
    duplicates = [(notice["line"], notice["field"]) for notice in notices if notice["code"] == "likely_duplicate"]
    assert duplicates == [(3, "display_name"), (5, "email"), (6, "tax_id")]
    sentences = [notice["message"] for notice in notices if notice["code"] == "likely_duplicate"]
    assert [f"(line {line})" in sentence for line, sentence in zip((2, 4, 4), sentences, strict=True)] == [True] * 3
    assert main(["import", "clients", path, "--json", "--duplicates", "add"]) == 0
    assert json.loads(capsys.readouterr().out)["new"] == 5
