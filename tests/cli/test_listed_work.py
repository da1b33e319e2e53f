"""The clients' work in `clientdesk list` and `export`, and the views of it, on both engines."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest

from clientdesk.desk import clients, opening, work, work_doing
from tests.cli.conftest import Desk
from tests.desk.test_work_renewal import add_template


@pytest.fixture
def firm_with_work(firm: str, desk: Desk) -> Desk:
    """A firm with three clients who have work by a template; of one an item waits."""
    with opening.open_firm(firm) as session:
        this_month = session.today().replace(day=1)
        last_month = (this_month - timedelta(1)).strftime("%Y-%m")
        made = [
            clients.add(session, {"display_name": name, "lead": lead}).id
            for name, lead in (("Norte SL", "Ana García"), ("Sur SL", ""), ("Este SL", ""))
        ]
        assert desk("list", "--sort", "due").code == 2, "a firm without templates has no such field"
        add_template(session, "Books review", begins=last_month)
        waits = work.read(session, work.which(session, made[1]))
        work_doing.set_waiting(session, waits, [waits.items[0].id], "Which bank?")
        clients.set_status(session, [made[2]], active=False)
    return desk


def test_lists_files_and_views_have_the_clients_work(firm_with_work: Desk, tmp_path: Path) -> None:
    desk = firm_with_work
    columns = (
        "--columns",
        "display_name,work,period,review,open_items,due,who",
        "--status",
        "all",
        "--sort",
        "-review",
    )
    by_name = {record["display_name"]: record for record in desk("list", "--json", *columns).records}
    assert list(by_name)[-1] == "Este SL", "who has no work comes last"
    assert by_name["Sur SL"]["review"] == "waiting"
    assert (by_name["Norte SL"]["review"], by_name["Norte SL"]["open_items"], by_name["Norte SL"]["who"]) == (
        "not_started",
        "2",
        "Ana García",
    )
    assert {key: value for key, value in by_name["Este SL"].items() if value} == {"display_name": "Este SL"}, "inactive"
    names = {
        options: [record["display_name"] for record in desk("list", "--json", *options).records]
        for options in (
            ("--view", "Waiting for client"),
            ("--view", "My reviews"),
            ("--where", "review=waiting for client"),
            ("--where", "who="),
            ("--where", "period=@this_month", "--where", "review=not_started"),
            ("--where", "period=FY2026"),
        )
    }
    assert list(names.values()) == [["Sur SL"], ["Norte SL"], ["Sur SL"], ["Sur SL"], ["Norte SL"], []]
    plain = desk("list", "--columns", "display_name,review", "--where", "review=waiting")
    assert "Waiting for client" in "\n".join(plain.lines)
    refused = desk("list", "--where", "period=soon")
    assert (refused.code, "is no period" in refused.err) == (1, True)
    path = tmp_path / "work.csv"
    assert desk("export", str(path), "--view", "Waiting for client").code == 0
    with path.open(encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    assert (row["Review"], row["Open items"], row["Due"]) == ("waiting", "2", by_name["Sur SL"]["due"])
