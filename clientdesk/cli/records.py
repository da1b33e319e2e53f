"""Whether the firm is sound: `check`; and how a change is printed."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from clientdesk.cli.frame import DeskCommand, asked_firm, located, opened_firm
from clientdesk.cli.printing import say
from clientdesk.domain.problems import FirmUnusable
from clientdesk.text import _, display_text, local_time

if TYPE_CHECKING:
    from clientdesk.desk.records import Change


def change_record(change: "Change") -> dict[str, object]:
    """One entry of the history as JSON shows it."""
    return {
        "change": change.change,
        "at": change.at,
        "who": change.who,
        "kind": change.kind,
        "title": change.title,
        "operation": change.operation,
        **about_row(change),
        "erased": change.erased,
        "fields": [{"field": field.field, "old": field.old, "new": field.new} for field in change.fields],
    }


def about_row(change: "Change") -> dict[str, str]:
    """What was changed, as JSON shows it: its name, and what tells it from others of that name."""
    return {
        "subject": change.subject,
        "entity": change.entity,
        "key": change.key,
        "company_id": change.company_id,
    }


def say_changes(
    changes: Iterable["Change"],
    when: Callable[[str], str] = local_time,
    *,
    numbered: bool = False,
    named: bool = False,
) -> None:
    """Prints entries of the history, each with the fields it touched; with the number of its change where they are
    `numbered`, with what it is about where they are `named`."""
    for change in changes:
        title = f"{change.title}: {change.subject}" if named and change.subject else change.title
        number = "  (" + _("change {number}").format(number=change.change) + ")" if numbered and change.change else ""
        lines = [f"  {when(change.at)}  {display_text(change.who)}  {display_text(title)}{number}"]
        if change.remark:
            lines.append(f"    {change.remark}")
        for field in change.fields:
            old, new = display_text(field.old) or "–", display_text(field.new) or "–"
            lines.append(f"    {display_text(field.label)}: {old} → {new}")
        say("\n".join(lines))  # one write for all its lines


@click.command("check", cls=DeskCommand, help=_("Check the firm from end to end. Exits with 1 if something is wrong."))
@click.option(
    "--accept-head",
    is_flag=True,
    help=_("Keep where the history ends now, although it does not go on from where you saw it end."),
)
@click.pass_context
def check(context: click.Context, accept_head: bool) -> None:
    """Prints each finding and ends with 1 if one is not sound."""
    from clientdesk.desk.checking import check_firm, check_schema

    try:
        with opened_firm(untold=("open_to_all",)) as session:  # that is a finding
            findings = check_firm(session, accept_head)
    except FirmUnusable as refusal:
        if refusal.code != "not_as_made":
            raise
        findings = check_schema(located(asked_firm()))
    for finding in findings:
        mark = ("✓" if finding.looked_at else "–") if finding.sound else "✗"
        say(f"{mark} {display_text(finding.name)}: {display_text(finding.sentence)}")
    if not all(finding.sound for finding in findings):
        context.exit(1)
