"""A list that brings values of the firm's own fields, and tags, and what is exported of them."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from clientdesk.desk import clients, history, own_fields, tags
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import EVERYONE
from clientdesk.domain.columns.guessing import own_columns
from clientdesk.domain.own_catalogue import catalogue_of
from clientdesk.domain.own_fields import OwnField, OwnKind
from clientdesk.exchange.export import Export, export_clients
from clientdesk.exchange.file_reading import open_table
from tests.desk.undone import take_back

ROWS = """\
Display name,Retainer fee,Risk,Reviewer,Since,Tags,Code
Uno SL,"1.250,50",high,ana garcía,31/12/2026,"VIP; late",A-1
Dos SL,much,Low,,,,
Tres SL,5,Middle,,,,
Cuatro SL,5,,Nobody,,,
Cinco SL,-7,low,,2026-01-01,vip,A-2
"""


@pytest.fixture
def names(session: Session) -> Sequence[str]:
    """The internal names of the fields, in the order of the file, and that of the tags."""
    kinds = {
        "Retainer fee": OwnKind.NUMBER,
        "Risk": OwnKind.CHOICE,
        "Reviewer": OwnKind.MEMBER,
        "Since": OwnKind.DATE,
        "Code": OwnKind.TEXT,
    }
    added = {
        name: own_fields.add_field(
            session,
            name,
            kind,
            choices=["High", "Low"] if kind is OwnKind.CHOICE else [],
            unique=name == "Code",
        )
        for name, kind in kinds.items()
    }
    return [*(f"own_{added[name].id}" for name in ("Retainer fee", "Risk", "Reviewer", "Since")), "tags"]


def imported(session: Session, path: Path) -> Import:
    job = Import.open(session, open_table(str(path)), ImportKind.CLIENTS)
    job.judge(session)
    return job


def rows(session: Session, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    listed = clients.window(session, EVERYONE, ["display_name", *names], 0, 100)
    return {row.values[0]: row.values[1:] for row in listed}


def test_a_list_brings_own_values_and_new_tags(session: Session, names: Sequence[str], tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(ROWS, encoding="utf-8")
    job = imported(session, path)
    assert job.setup is not None
    assert job.setup.columns == ("display_name", *names, job.setup.columns[-1])
    new_by_label = {change.label: change.new for change in job.rows(0, 10, "new")[0].changes}
    assert new_by_label == {
        "Display name": "Uno SL", "Retainer fee": "1250.5", "Risk": "High", "Reviewer": "ana garcía",
        "Since": "2026-12-31", "Tags": "late, VIP", "Code": "A-1",
    }  # fmt: skip
    job.apply(session)
    refused = {row.line: row.problem.message for row in job.refusals() if row.problem is not None}
    assert list(refused) == [3, 4, 5]
    assert "“much” is no number" in refused[3]
    assert rows(session, names) == {
        "Uno SL": ("1250.5", "High", "Ana García", "2026-12-31", "late, VIP"),
        "Cinco SL": ("-7", "Low", "", "2026-01-01", "VIP"),
    }
    job.close()
    assert {tag.name for tag in tags.tags(session)} == {"VIP", "late"}
    take_back(session)
    assert rows(session, names) == {}


def test_what_must_be_unique_is_refused_in_the_plan_to_all_who_want_it(
    session: Session, names: Sequence[str], tmp_path: Path
) -> None:
    code = session.catalogue.called("Code")
    assert code is not None
    has, gives_up = (
        clients.add(session, {"display_name": name, code.name: value}).values["company_id"]
        for name, value in (("Has SL", "K-1"), ("Gives up SL", "K-2"))
    )
    path = tmp_path / "codes.csv"
    lines = (
        "Company ID,Display name,Code", f"{has},Has SL,K-1", f"{gives_up},Gives up SL,K-3", ",Wants SL,k-1",
        ",Waits SL,K-2", ",Uno SL,A-1", ",Dos SL,a-1", ",Tres SL,A-2",
    )  # fmt: skip
    path.write_text("\n".join(lines), encoding="utf-8")
    job = imported(session, path)
    refused = {row.line: row.problem.message for row in job.refusals() if row.problem is not None}
    assert refused == {
        4: "Code “k-1” belongs to “Has SL”. Write another one.",
        5: "Code “K-2” belongs to “Gives up SL”. Write another one.",
        6: "Code “A-1” is in other lines of the file too: 7. Give each client its own.",
        7: "Code “a-1” is in other lines of the file too: 6. Give each client its own.",
    }
    planned = job.counts()
    assert job.apply(session) == planned
    job.retry(session)
    assert [row.line for row in job.refusals()] == [4, 6, 7]
    job.close()
    shown = {row.values for row in clients.window(session, EVERYONE, ["display_name", code.name], 0, 10)}
    assert shown == {
        ("Has SL", "K-1"), ("Gives up SL", "K-3"), ("Waits SL", "K-2"), ("Tres SL", "A-2"),
    }  # fmt: skip


def test_what_can_be_no_tag_refuses_its_row_alone(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "tags.csv"
    path.write_text(
        f'Display name,Tags\nUno SL,"x, #y"\nDos SL,{"t" * 60}\nTres SL,"good, =1"\nCinco SL,"late, \u200b"\n',
        encoding="utf-8",
    )
    job = imported(session, path)
    job.apply(session)
    assert {row.line: row.problem.code for row in job.refusals() if row.problem} == {
        2: "tag_sign", 3: "too_long", 5: "invisible_character",
    }  # fmt: skip
    job.close()
    assert {tag.name for tag in tags.tags(session)} == {"good", "=1"}


def test_a_retired_choice_comes_back_to_who_has_it_alone(
    session: Session, names: Sequence[str], tmp_path: Path
) -> None:
    one = clients.add(session, {"display_name": "Uno SL", names[1]: "High"}).values["company_id"]
    two = clients.add(session, {"display_name": "Dos SL"}).values["company_id"]
    field = own_fields.field_by_name(session, "Risk")
    own_fields.retire_choice(session, field.id, own_fields.choice_by_name(field, "High").id)
    path = tmp_path / "risks.csv"
    lines = ("Company ID,Display name,Risk", f"{one},Uno SL,High", f"{two},Dos SL,high", ",Tres SL,High")
    path.write_text("\n".join(lines), encoding="utf-8")
    job = imported(session, path)
    counts = job.counts()
    assert (counts.unchanged, counts.refused, counts.new) == (1, 2, 0)
    job.close()


def test_a_heading_that_is_a_name_is_before_one_that_is_like_it() -> None:
    named = [(1, "Risk"), (2, "Ri[/]sk"), (3, "e mail")]  # the third one as other programs may have made it
    fields = [OwnField(id, name, OwnKind.TEXT, "main", 10, False, False, id, False) for id, name in named]
    headings = ("Ri[/]sk", "E-mail", "Risk", "RISK", "ri-sk")
    assert own_columns(headings, catalogue_of(fields, [])) == ("own_2", "", "own_1", "", "")


def test_what_is_exported_comes_back_unchanged(session: Session, names: Sequence[str], tmp_path: Path) -> None:
    values = dict(zip(names, ("1250.5", "High", "Ana García", "2026-12-31", "VIP, late"), strict=True))
    client = clients.add(session, {"display_name": "Uno SL", **values})
    path, catalogue = tmp_path / "out.csv", session.catalogue
    export = Export(EVERYONE, catalogue.names, catalogue=catalogue)
    export_clients(
        lambda query, columns, only: clients.values_in_pages(session, query, columns, only), export, str(path), ""
    )
    text = path.read_text(encoding="utf-8-sig")
    assert "Retainer fee" in text
    job = imported(session, path)
    assert job.counts().unchanged == 1
    job.close()
    path.write_text(text.replace("1250.5", "99").replace("VIP", "Gold"), encoding="utf-8-sig")
    job = imported(session, path)
    job.apply(session)
    job.close()
    changed = {change.label: (change.old, change.new) for change in history.of_client(session, client.id)[0].fields}
    assert changed == {"Retainer fee": ("1250.5", "99"), "Tags": ("late, VIP", "Gold, late")}
