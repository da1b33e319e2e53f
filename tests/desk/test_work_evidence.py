"""Evidence of a work: one document of who did what when."""

import csv
import io
import re

import pytest

from clientdesk.desk import work_accounts, work_doing, work_evidence
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.kept_templates import kept_states
from clientdesk.domain.problems import Refused
from clientdesk.domain.work_templates import State
from tests.conftest import At
from tests.desk.worked_on import a_review, ids, period, read

SAID = """\
# Books review of Norte \\| y, SL, July 2026

- Days: 2026-07-01 – 2026-07-31
- Due: 2026-08-10
- State: In \\*review\\*
- Settled: 1 of 4
- Preparer: Ana García
- Why it was reopened: A late invoice

## Setup

| Item | State | By | At | Note |
| --- | --- | --- | --- | --- |
| Ask for statements | Done | Eve Test | AT | two<br>=lines |
| Open the year | To do |  |  |  |

## Review

| Item | State | By | At | Note |
| --- | --- | --- | --- | --- |
| Match the bank | To do |  |  |  |
| Look at the payees | To do |  |  |  |

## Accounts

| Account | State | Through | Ending balance | Difference |
| --- | --- | --- | --- | --- |
| Banco | To do |  | 12.50 EUR |  |

## What was done

| Change | At | Who | What | About | Fields |
| --- | --- | --- | --- | --- | --- |
| N | AT | Eve Test | Items ticked |  | From: 2026-07-01; To: 2026-07-31 |
| N | AT | Eve Test | Items ticked | Ask for statements | State: Done |
| N | AT | Ana García | Items of work changed | Ask for statements | Note: (empty) → two<br>=lines |
| N | AT | Ana García | Accounts reconciled | Banco | Ending balance: 12.50; State: To do |
| N | AT | Ana García | Work completed |  | State: To do → Completed |
| N | AT | Ana García | Work reopened |  | State: Completed → In \\*review\\*; Why it was reopened: (empty) → A late invoice |
"""


def test_who_did_what_when_is_one_document(session: Session, at_work: At) -> None:
    review = a_review(session, "Norte | y, SL", states=kept_states([State(2, "In *review*")]))
    client_id, eve = review.of.client_id, at_work("eve", Access.BASIC)
    account = work_accounts.add_account(session, client_id, "Banco", "EUR")
    work_doing.tick(eve, read(eve, client_id), ids(review)[:1])
    work_doing.save_item(session, read(session, client_id), ids(review)[:1], {"note": "two\n=lines"})
    work_accounts.reconcile(session, read(session, client_id), [account.id], {"balance": "12.5"})
    completed = work_doing.complete(session, read(session, client_id), anyway=True).work
    work_doing.reopen(session, completed, "A late invoice", review.states[1])
    found = work_evidence.evidence(session, review.of)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "AT", work_evidence.in_markdown(found))
    text = re.sub(r"^\| \d+ \|", "| N |", re.sub(r"- Company ID: .*\n", "", text), flags=re.MULTILINE)
    assert text == SAID
    rows = list(csv.DictReader(io.StringIO(work_evidence.in_csv(found))))
    assert {int(row["change"]) for row in rows} == {change.change for change in found.changes}
    assert [row["after"] for row in rows if row["field"] == "Note"] == ["two\n=lines"]
    with pytest.raises(Refused, match="no Books review in May 2026"):
        work_evidence.evidence(session, review.of._replace(period=period("2026-05")))


def test_no_cell_of_the_evidence_is_a_formula(session: Session) -> None:
    review = a_review(session)
    note = "=HYPERLINK(1)\x1b[2J"
    work_doing.save_note(session, review, note)
    found = work_evidence.evidence(session, review.of)
    assert "'=HYPERLINK(1)" in work_evidence.in_csv(found)
    assert "\x1b" not in work_evidence.in_csv(found) + work_evidence.in_markdown(found)
