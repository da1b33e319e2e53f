"""The clients' work in the list on the screen: views by their keys, how near a date is, and dates that are being renewed."""

from datetime import date

import pytest

from clientdesk.desk import clients, work_renewal
from clientdesk.desk.session import Session
from tests.desk.test_work_renewal import add_template, killed
from tests.ui.conftest import Running
from tests.ui.forms import at_work
from tests.ui.screen import wait_for, wait_until


async def test_views_of_work_have_keys_and_say_how_near_a_date_is(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "day_in_firm", lambda _session: date(2190, 5, 10))
    with at_work(firm, "ana") as session:
        clients.add(session, {"display_name": "Norte SL", "lead": session.me.name})
        add_template(session, "Books review", begins="2190-03")
    async with running(firm) as pilot:
        await wait_for(pilot.app, "All active")
        await pilot.press("8")  # behind the five others and Reviews of this month, Waiting for client
        await wait_for(pilot.app, "My reviews", "Norte SL", "30 days late", "Not started")


async def test_dates_that_are_being_renewed_are_told_and_gone_on_with(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_work(firm, "ana") as session:
        monkeypatch.setattr(work_renewal, "go_on_renewing", killed)
        add_template(session, "Books review", begins="2190-03")
        assert work_renewal.renewing(session) is not None
    monkeypatch.undo()
    go_on, held = work_renewal.go_on_renewing, [True]

    def slowly(session: Session, **how: object) -> bool:
        return False if held else go_on(session, **how)  # type: ignore[arg-type]  # as it is called

    monkeypatch.setattr(work_renewal, "go_on_renewing", slowly)
    async with running(firm) as pilot:
        await wait_for(pilot.app, "dates are being renewed: 0 of 9")
        held.clear()
        await wait_until(
            lambda: "dates are being renewed" not in str(pilot.app.screen.query_one("StatusLine").render())
        )
    with at_work(firm, "ana") as session:
        assert work_renewal.renewing(session) is None
        assert list(work_renewal.untrue_rows(session)) == []
