"""`check` tells where the table of the clients' work is not what follows, and a repair makes it anew."""

from collections.abc import Iterator
from datetime import date

import pytest

from clientdesk.desk import checking, clients, opening, work_renewal
from clientdesk.desk.session import Session, keeping
from tests.conftest import ADMIN
from tests.desk.test_work_renewal import add_template, killed, rows_of
from tests.servers import OWNER

DAY = date(2190, 5, 10)


def told(session: Session) -> Iterator[tuple[bool, str]]:
    """What `check` says of the clients' work."""
    return ((finding.sound, finding.sentence) for finding in checking.check_firm(session) if finding.name == "work")


def test_what_another_program_wrote_is_told_and_made_anew(session: Session) -> None:
    session.today = lambda: DAY
    assert list(told(session)) == [], "a firm without templates has nothing to look at"
    norte, sur = (clients.add(session, {"display_name": name}).id for name in ("Norte SL", "Sur SL"))
    add_template(session, "Books review", begins="2190-03")
    assert list(told(session)) == [(True, "What is due of the clients' work is what follows from the templates.")]
    before = rows_of(session, norte), rows_of(session, sur)
    with keeping(session):
        session.engine.sql("UPDATE client_work SET due = '2190-01-01' WHERE client_id = ?", (norte,))
    ((sound, sentence),) = told(session)
    assert (sound, "1 client is not" in sentence, "(Norte SL)" in sentence, "--repair" in sentence) == (
        False,
        True,
        True,
        True,
    )
    opening.repair_firm(session.location.replace(f"//{ADMIN}@", f"//{OWNER}@"))
    work_renewal.go_on_renewing(session)  # the server's owner is nobody of the firm: a full member does it
    assert (rows_of(session, norte), rows_of(session, sur)) == before
    assert next(told(session))[0]


def test_dates_that_are_being_renewed_are_not_looked_at(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.today = lambda: DAY
    for number in range(3):
        clients.add(session, {"display_name": f"Client {number}"})
    monkeypatch.setattr(work_renewal, "go_on_renewing", killed)
    add_template(session, "Books review", begins="2190-03")
    monkeypatch.undo()
    assert list(told(session)) == [(True, "Dates of work are being renewed (0 of 3 clients): they were not looked at.")]
    assert not work_renewal.go_on_renewing(session, stopped=lambda: True, batch=2), "one batch at a time"
    assert "(2 of 3 clients)" in next(told(session))[1]
    assert work_renewal.go_on_renewing(session, stopped=lambda: True, batch=2)
    assert "follows from the templates" in next(told(session))[1]
