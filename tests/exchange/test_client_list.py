"""Client lists as a practice has them, from the file to the firm."""

from pathlib import Path

import pytest

from clientdesk.desk import clients, opening
from clientdesk.desk.records import Rejected
from clientdesk.desk.session import Session
from clientdesk.domain.query import ClientQuery
from clientdesk.exchange.client_list import add_clients, read_client_list

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return opening.create_firm(str(tmp_path / "firm.db"), "Ríos", "Ana García")


def names(session: Session) -> dict[str, tuple[str, ...]]:
    rows = clients.window(session, ClientQuery(), ("company_id", "display_name", "client_number"), 0, 1000)
    return {row.values[0]: row.values[1:] for row in rows}


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter"),
    [("client_list_en.csv", "utf-8-sig", ","), ("client_list_es_excel.csv", "windows-1252", ";")],
)
def test_real_names_arrive_as_they_are(session: Session, name: str, encoding: str, delimiter: str) -> None:
    found = read_client_list(str(DATA / name))
    assert (found.encoding, found.delimiter, found.ignored_headings, found.bad_rows) == (encoding, delimiter, (), ())
    assert add_clients(session, found) == found.size > 20
    assert names(session) == {
        row["company_id"]: (row["display_name"], row["client_number"]) for _line, row in found.rows
    }
    lines = (DATA / name).read_bytes().decode(encoding).splitlines()
    assert [line for line, _row in found.rows] == list(range(2, len(lines) + 1))
    for number, row in found.rows:
        assert lines[number - 1].startswith(row["company_id"])
    session.close()


def test_the_same_list_twice_is_refused_row_by_row(session: Session) -> None:
    found = read_client_list(str(DATA / "client_list_en.csv"))
    add_clients(session, found)
    before = names(session)
    with pytest.raises(Rejected) as caught:
        add_clients(session, found)
    assert [row.line for row in caught.value.bad_rows] == [line for line, _row in found.rows]
    assert names(session) == before
    session.close()


def test_rows_that_do_not_fit_are_told_together_with_the_others(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Company ID,Display name,Client number\n91,A\n92,B,2\n,C,3\n94,D,4,5\n")
    with pytest.raises(Rejected) as caught:
        add_clients(session, read_client_list(str(path)))
    assert [(row.line, row.problems[0].code) for row in caught.value.bad_rows] == [
        (2, "too_few_fields"),
        (4, "empty_company_id"),
        (5, "too_many_fields"),
    ]
    assert names(session) == {}
    path.write_text("Company ID,Display name,Client number\n91,A\n92,B,2\n")
    with pytest.raises(Rejected) as caught:
        add_clients(session, read_client_list(str(path)))
    assert [row.line for row in caught.value.bad_rows] == [2]
    assert names(session) == {}
    session.close()
