"""Entries of the history as commands print them: in words, and as JSON."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from clientdesk.cli.printing import say
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
