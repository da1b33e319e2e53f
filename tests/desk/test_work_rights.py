"""Who may write what of clients' work: the access of a basic member, and what the database makes of it."""

import peewee
import pytest

from clientdesk.desk import clients, undoing
from clientdesk.desk.checking import check_firm
from clientdesk.desk.session import Session, changes
from clientdesk.domain.access import Access
from clientdesk.domain.problems import FirmUnusable, Refused
from tests.conftest import At
from tests.desk.undone import firm_of, take_back
from tests.store.both import REFUSED_BY_DATABASE
from tests.worked import tick, work_for

FORBIDDEN = (*REFUSED_BY_DATABASE, peewee.PeeweeException, FirmUnusable)


@pytest.fixture
def worked(session: Session) -> tuple[int, int]:
    """A client and a template."""
    client = clients.add(session, {"display_name": "Peña SA"})
    return client.id, work_for(session, client.id)


def past_the_rules(session: Session, sql: str) -> None:
    def write(session: Session) -> None:
        session.engine.sql(sql)

    changes("work.ticked", None)(write)(session)


def test_a_basic_member_ticks_and_takes_their_ticks_back(
    session: Session, worked: tuple[int, int], at_work: At
) -> None:
    basic = at_work("carl", Access.BASIC)
    before = firm_of(session)
    tick(basic, *worked)
    ticked = firm_of(session)
    assert ticked["work"].keys() - before["work"].keys() == {(*worked, "2026-08")}
    tick(session, *worked, period="2026-09")
    of_ana = undoing.plan(basic, session.engine.change_set)
    assert (of_ana.can, of_ana.left) == (0, 2)
    assert "Ana García" in of_ana.conflicts[0].sentence
    take_back(session)
    assert take_back(basic).rows == 2
    assert firm_of(session) == before
    assert all(finding.sound for finding in check_firm(session))


def test_a_basic_member_writes_nothing_but_the_work_it_does(
    session: Session, worked: tuple[int, int], at_work: At
) -> None:
    basic = at_work("carl", Access.BASIC)
    with pytest.raises(Refused, match=r"\(basic\) does not allow this: change the work's templates, people and dates"):
        tick(basic, *worked, due="2026-09-30")
    with pytest.raises(Refused, match=r"\(basic\) does not allow this"):
        work_for(basic, worked[0])
    before = firm_of(session)
    for sql in (
        "UPDATE work SET due = '2026-09-30', version = version + 1",
        "UPDATE work SET who1_id = NULL, version = version + 1",
        "INSERT INTO work (client_id, template_id, period, reason) VALUES (1, 1, '2026-10', 'x')",
        "DELETE FROM work_item",
        "DELETE FROM work",
    ):
        with pytest.raises(FORBIDDEN):
            past_the_rules(basic, sql)
        assert firm_of(session) == before, sql
    past_the_rules(basic, "UPDATE work SET state = 5, version = version + 1")
    assert [work["state"] for work in firm_of(session)["work"].values()] == [5]
