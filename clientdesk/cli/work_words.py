"""Works as commands print them: in words, and as JSON."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from clientdesk.cli.printing import say, say_table
from clientdesk.domain.amounts import in_text
from clientdesk.domain.late_words import due_words
from clientdesk.domain.periods import days_in_words
from clientdesk.domain.rules import called
from clientdesk.domain.work_templates import ITEM_STATES
from clientdesk.text import _, display_text, local_time, whole_number

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.desk.work_records import InRole, Item, Reconciliation, Work, WorkLine

SIGNS = {"todo": " ", "waiting": "?", "done": "✓", "not_applicable": "-"}
"""The sign before an item in each of its states."""


def due_in_words(session: "Session", due: object) -> str:
    """A due date beside today: "3 days late", "in 5 days", or the date."""
    soon = session.firm.settings["soon_days"]
    return due_words(due, session.today(), int(soon or 0))  # type: ignore[arg-type]  # a date


def in_roles(people: "Iterable[InRole]") -> str:
    """Who does a work: "Preparer: Ana García"; roles that nobody has are left out."""
    return ", ".join(f"{role.name}: {role.member.name}" for role in people if role.member.id)


def say_lines(session: "Session", lines: "Iterable[WorkLine]") -> None:
    """Prints a table of works."""
    headings = [_("Client"), _("Template"), _("Period"), _("Due"), _("State"), _("Open"), _("Waiting"), _("Who")]
    today, soon = session.today(), int(session.firm.settings["soon_days"] or 0)
    rows = (
        [
            line.client,
            line.template,
            line.of.period.key,
            line.due.isoformat() if line.is_completed else due_words(line.due, today, soon),
            line.state.name,
            whole_number(line.open_items),
            whole_number(line.waiting),
            in_roles(line.people),
        ]
        for line in lines
    )
    say_table(headings, rows)


def line_record(line: "WorkLine") -> dict[str, object]:
    """A work in a list as JSON shows it."""
    return {
        **_client(line),
        **_standing(line),
        "open_items": line.open_items,
        "waiting": line.waiting,
        "applies": line.applies,
    }


def _client(work: "Work | WorkLine") -> dict[str, object]:
    return {"company_id": work.company_id, "client_number": work.client_number, "display_name": work.client}


def _standing(work: "Work | WorkLine") -> dict[str, object]:
    return {
        "template": work.template,
        "period": work.of.period.key,
        "first": work.days.first.isoformat(),
        "last": work.days.last.isoformat(),
        "due": work.due.isoformat(),
        "state": work.state.name,
        "completed": work.is_completed,
        "roles": {role.name: role.member.name for role in work.people},
    }


def say_work(session: "Session", work: "Work") -> None:
    """Prints one work with its sections, items and accounts."""
    settled, items = work.progress
    about = [work.state.name, _("{n} of {all} settled").format(n=settled, all=items)]
    due = _("due {date}").format(date=work.due.isoformat())
    if not work.is_completed and (words := due_in_words(session, work.due)) != work.due.isoformat():
        due = f"{due} ({words})"
    say(f"{called(work.client)} · {display_text(work.template)} · {work.of.period.words}")
    say(
        display_text(
            " · ".join(
                [*about, days_in_words(work.of.period.kind, work.days), due, *filter(None, [in_roles(work.people)])]
            )
        )
    )
    for label, text in ((_("Note"), work.note), (_("Why it was reopened"), work.reason)):
        if text:
            say(f"{label}: {_one_line(text)}")
    for section in work.sections:
        n, of = section.progress
        say(f"{display_text(section.name)} ({_('{n} of {all}').format(n=n, all=of)})")
        for item in section.items:
            say(f"  [{SIGNS.get(item.state, ' ')}] " + " · ".join(_item_words(item)))
    accounts = [account for account in work.accounts if account.touched or not account.retired]
    if accounts:
        say(_("Accounts"))
    for account in accounts:
        say(f"  [{SIGNS.get(account.state, ' ')}] " + " · ".join(_account_words(account)))
    for line in _since(work):
        say(line)


def _item_words(item: "Item") -> Iterator[str]:
    yield display_text(item.title)
    if item.of_client:
        yield _("only of this client")
    if item.retired:
        yield _("retired")
    if item.state == "waiting":
        yield f"{_(ITEM_STATES['waiting'])}: {_one_line(item.question)} ({item.asked or '–'})"
    if item.by.id:
        yield f"{display_text(item.by.name)}, {local_time(item.at)}"
    if item.assignee.id:
        yield _("assigned to {name}").format(name=display_text(item.assignee.name))
    if item.due:
        yield _("due {date}").format(date=item.due.isoformat())
    if item.note:
        yield _one_line(item.note)


def _account_words(account: "Reconciliation") -> Iterator[str]:
    yield display_text(account.name)
    if account.through:
        yield _("reconciled through {date}").format(date=account.through.isoformat())
    for sentence, amount in (
        (_("balance {amount}"), account.balance),
        (_("difference {amount}"), account.difference),
    ):
        if amount is not None:
            yield sentence.format(amount=f"{in_text(amount, account.currency)} {account.currency}".strip())
    if account.assignee.id:
        yield _("assigned to {name}").format(name=display_text(account.assignee.name))
    if account.due:
        yield _("due {date}").format(date=account.due.isoformat())


def _since(work: "Work") -> Iterator[str]:
    """What changed since the period before, a line for each kind."""
    since = work.since
    if since.period is None:
        return
    differences = [
        f"{of.name} {'–' if of.before is None else of.before} → {'–' if of.now is None else of.now}"
        for of in since.differences
    ]
    for sentence, titles in (
        (_("New since {period}: {names}"), since.added),
        (_("No more since {period}: {names}"), since.gone),
        (_("Not applicable in {period}: {names}"), since.not_applicable),
        (_("Other difference than in {period}: {names}"), tuple(differences)),
    ):
        if titles:
            yield sentence.format(period=since.period.words, names=display_text(", ".join(titles)))


def _one_line(text: str) -> str:
    return display_text(" ".join(text.split()))


def work_record(work: "Work") -> dict[str, object]:
    """One work as JSON shows it."""
    return {
        **_client(work),
        **_standing(work),
        "moved": work.moved,
        "note": work.note,
        "reason": work.reason,
        "settled": work.progress.settled,
        "items": work.progress.items,
        "sections": [
            {"name": section.name, "items": [_item_record(item) for item in section.items]} for section in work.sections
        ],
        "accounts": [_account_record(account) for account in work.accounts],
    }


def _item_record(item: "Item") -> dict[str, object]:
    return {
        "title": item.title,
        "state": item.state,
        "question": item.question,
        "asked": item.asked.isoformat() if item.asked else "",
        "by": item.by.name,
        "at": item.at,
        "note": item.note,
        "due": item.due.isoformat() if item.due else "",
        "assignee": item.assignee.name,
        "own": item.of_client,
        "retired": item.retired,
    }


def _account_record(account: "Reconciliation") -> dict[str, object]:
    balance, difference = (
        "" if amount is None else in_text(amount, account.currency) for amount in (account.balance, account.difference)
    )
    return {
        "name": account.name,
        "currency": account.currency,
        "state": account.state,
        "through": account.through.isoformat() if account.through else "",
        "balance": balance,
        "difference": difference,
        "due": account.due.isoformat() if account.due else "",
        "assignee": account.assignee.name,
        "retired": account.retired,
    }
