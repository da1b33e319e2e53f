"""`clientdesk work waiting`, `item`, `note` and `reopen`: what is done to one work of a client."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from clientdesk.cli.frame import DeskCommand, opened_firm
from clientdesk.cli.printing import json_text, say, tell_problems
from clientdesk.cli.work import Which, which_work
from clientdesk.text import _, display_text

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.desk.work_doing import Done
    from clientdesk.desk.work_records import Work

JSON_ONE = click.option("--json", "as_json", is_flag=True, help=_("Print the work as one object."))
_ITEM = click.option(
    "--item",
    "items",
    multiple=True,
    required=True,
    metavar="ITEM",
    help=_("The item by its title, or as SECTION: ITEM; may be repeated."),
)


def do_one(key: str, which: Which, does: "Callable[[Session, Work], Done]", as_json: bool) -> None:
    """Does something to one work, and says how it stands then. What others changed meanwhile is told, and ends with 1."""
    from clientdesk.cli.work_words import say_work, work_record

    with opened_firm(to_write=True) as session:
        done = does(session, which.of_one(session, key))
        tell_problems(done.conflicts)
        if as_json:
            say(json_text(work_record(done.work)))
        elif not done.changed and not done.conflicts:
            say(_("Nothing was changed."))
        else:
            say_work(session, done.work)
    if done.conflicts:
        click.get_current_context().exit(1)


def day_from(text: str) -> date:
    """A date that was typed. Wrong usage for what is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise click.UsageError(
            _("“{text}” is no date. Write it as YYYY-MM-DD.").format(text=display_text(text))
        ) from None


def items_called(work: "Work", titles: Sequence[str]) -> list[int]:
    """The ids of items by their titles, which a section may stand before (SECTION: ITEM). Refused ("unknown_item",
    "ambiguous_item")."""
    from clientdesk.desk.work import item_called

    return [item_called(work, title).id for title in titles]


@click.command("waiting", cls=DeskCommand, help=_("Items wait for the client, who was asked QUESTION."))
@click.argument("key")
@click.argument("question")
@_ITEM
@click.option("--asked", metavar="DATE", help=_("The day on which it was asked; by default today."))
@which_work
@JSON_ONE
def waiting(key: str, question: str, items: Sequence[str], asked: str | None, which: Which, as_json: bool) -> None:
    """Sets items waiting."""
    from clientdesk.desk import work_doing

    day = day_from(asked).isoformat() if asked else ""
    do_one(
        key,
        which,
        lambda session, read: work_doing.set_waiting(session, read, items_called(read, items), question, day),
        as_json,
    )


@click.command(
    "item", cls=DeskCommand, help=_("Write note, due date or assignee of items; an empty value takes them away.")
)
@click.argument("key")
@_ITEM
@click.option("--note", help=_("The note."))
@click.option("--due", metavar="DATE", help=_("When it is due: YYYY-MM-DD."))
@click.option("--to", "assignee", metavar="NAME", help=_("The team member who does it: a name or a login."))
@which_work
@JSON_ONE
def item(
    key: str, items: Sequence[str], note: str | None, due: str | None, assignee: str | None, which: Which, as_json: bool
) -> None:
    """Changes items of a work."""
    from clientdesk.desk import work_doing

    if note is None and due is None and assignee is None:
        raise click.UsageError(_("Say what to change: --note, --due or --to."))

    def does(session: "Session", read: "Work") -> "Done":
        values: dict[str, str | int | None] = {} if note is None else {"note": note}
        if due is not None:
            values["due"] = day_from(due).isoformat() if due else ""
        if assignee is not None:
            values["assignee"] = member_called(session, assignee)
        return work_doing.save_item(session, read, items_called(read, items), values)

    do_one(key, which, does, as_json)


def member_called(session: "Session", name: str) -> int | None:
    """The id of the team member with a name or a login; None for no name."""
    from clientdesk.desk import team

    return team.member_by_key(session, name).id if name else None


@click.command("note", cls=DeskCommand, help=_("Write the note of a work; an empty TEXT takes it away."))
@click.argument("key")
@click.argument("text")
@which_work
@JSON_ONE
def note(key: str, text: str, which: Which, as_json: bool) -> None:
    """Writes the note."""
    from clientdesk.desk import work_doing

    do_one(key, which, lambda session, read: work_doing.save_note(session, read, text), as_json)


@click.command("reopen", cls=DeskCommand, help=_("Open a completed work again; REASON says why."))
@click.argument("key")
@click.argument("reason")
@which_work
@JSON_ONE
def reopen(key: str, reason: str, which: Which, as_json: bool) -> None:
    """Reopens a work; without --period the latest one that is completed."""
    from clientdesk.desk import work as desk_work
    from clientdesk.desk import work_doing

    def does(session: "Session", read: "Work") -> "Done":
        if which.period is None and not read.is_completed and read.previous is not None:
            read = desk_work.read(session, read.of._replace(period=read.previous))
        return work_doing.reopen(session, read, reason)

    do_one(key, which, does, as_json)
