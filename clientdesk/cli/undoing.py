"""`clientdesk undo` and `clientdesk redo`: taking changes back, and doing them again."""

import signal
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

import click

from clientdesk.cli.endings import DONE, REFUSED
from clientdesk.cli.frame import DeskCommand, opened_firm
from clientdesk.cli.long_work import Signals, rows_bar
from clientdesk.cli.output import answer, can_ask, json_text, say, say_for_server, tell
from clientdesk.domain.problems import Refused
from clientdesk.text import _, local_time, ngettext, whole_number

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.desk.undoing import Conflict, Plan, Undone

_DRY_RUN = click.option("--dry-run", is_flag=True, help=_("Say what would be done, and change nothing."))
_YES = click.option("--yes", is_flag=True, help=_("Without asking."))
_JSON = click.option("--json", "as_json", is_flag=True, help=_("Print one object."))


@click.command(
    "undo",
    cls=DeskCommand,
    help=_(
        "Take back your latest change, or the change with the number SET (“clientdesk history --sets” shows it), and "
        "with it the whole import that it is of. What others changed since is said, and left as it is. Of an undo, "
        "“undo SET” does what it took back again."
    ),
)
@click.argument("number", required=False, type=click.IntRange(min=1), metavar="[SET]")
@_DRY_RUN
@_YES
@_JSON
@click.pass_context
def undo(context: click.Context, number: int | None, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Takes a change back; the exit code says whether anything stayed as it is."""
    from clientdesk.desk import undoing

    signals = Signals()
    with signals.watched(), opened_firm(to_write=True) as session:
        if number is None:
            nothing = _("There is no change of yours to take back. “clientdesk history --sets” shows those of others.")
            code = _end_own(session, undoing.latest, nothing, signals, dry_run=dry_run, yes=yes, as_json=as_json)
        else:
            with _looking() as progress:
                plan = undoing.plan(session, number, progress)
            asks = plan.rows > 1 and not yes
            code = _end(session, plan, signals, dry_run=dry_run, asks=asks, as_json=as_json)
        context.exit(code)


@click.command(
    "redo",
    cls=DeskCommand,
    help=_("Do again what your last undo took back, until you change something else."),
)
@_DRY_RUN
@_YES
@_JSON
@click.pass_context
def redo(context: click.Context, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Takes your last undo back; the exit code says whether anything stayed as it is."""
    from clientdesk.desk import undoing

    signals = Signals()
    with signals.watched(), opened_firm(to_write=True) as session:
        nothing = _("There is no undo of yours to take back, or you changed something else since.")
        find = undoing.latest_undone
        context.exit(_end_own(session, find, nothing, signals, dry_run=dry_run, yes=yes, as_json=as_json))


def _looking() -> "AbstractContextManager[Callable[[int, int], None]]":
    return rows_bar(_("Looking at rows"))


def _end_own(
    session: "Session",
    find: "Callable[[Session, Callable[[int, int], None]], Plan | None]",
    nothing: str,
    signals: Signals,
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Takes your own latest change, or undo, back. What of yours stays where it is is said first: then what comes before
    it is only taken back where a person says so, or by its number."""
    from clientdesk.desk.undoing import TOLD

    passed = False
    while True:
        try:
            with _looking() as progress:
                plan = find(session, progress)
        except Refused as refusal:
            if refusal.code not in TOLD:
                raise
            tell(refusal.message)
            passed = True
            continue
        if plan is None:
            if not passed:
                tell(nothing)
            return REFUSED
        if plan.can:
            break
        _say_planned(plan, as_json)
        if as_json:
            return REFUSED
        passed = True
    if passed and (dry_run or yes or not can_ask()):
        tell(_before(plan).format(change=_about(plan), number=plan.number))
        return REFUSED
    asks = passed or plan.rows > 1 or not plan.redo
    return _end(session, plan, signals, dry_run=dry_run, asks=asks and not yes, as_json=as_json)


def _before(plan: "Plan") -> str:
    if plan.redo:
        return _("Before it: {change}. “clientdesk undo {number}” does that again.")
    return _("Before it: {change}. “clientdesk undo {number}” takes that back.")


def _end(session: "Session", plan: "Plan", signals: Signals, *, dry_run: bool, asks: bool, as_json: bool) -> int:
    """Says what is planned, or does it, after a question where a person can answer it; the exit code."""
    from clientdesk.desk import undoing

    if dry_run or not plan.can:
        _say_planned(plan, as_json)
        return DONE if plan.can else REFUSED
    if asks and can_ask():
        _tell_left(plan.conflicts, plan.rows - plan.can)
        if not answer(_question(plan)):
            tell(_("Nothing was changed."))
            return REFUSED
    signals.writing = True
    with rows_bar(_("Doing rows again") if plan.redo else _("Taking rows back")) as progress:
        undone = undoing.undo(session, plan, progress, signals.stopped)
    signals.writing = False
    _say_done(plan, undone, as_json)
    if not undone.whole:
        tell(_("It was stopped. The same command goes on with the rest."))
        return 128 + (signals.number or signal.SIGINT)
    return REFUSED if undone.left else DONE


def _about(plan: "Plan") -> str:
    """A change in a few words, safe to show."""
    words = _("{title} by {who}, {at} (change {number})")
    about = words.format(title=plan.title, who=plan.who, at=local_time(plan.at), number=plan.number)
    if not plan.begun:
        return about
    return (
        _("the rest of {change}, redone in part") if plan.redo else _("the rest of {change}, undone in part")
    ).format(change=about)


def _rows(count: int) -> str:
    return ngettext("{n} row", "{n} rows", count).format(n=whole_number(count))


def _question(plan: "Plan") -> str:
    question = _("Do this again: {change}, {rows}?") if plan.redo else _("Take back: {change}, {rows}?")
    return question.format(change=_about(plan), rows=_rows(plan.can))


def _say_planned(plan: "Plan", as_json: bool) -> None:
    if as_json:
        say(json_text(_record(plan) | {"undone": None, "left": plan.rows - plan.can, "conflicts": _conflicts(plan)}))
        return
    say(_about(plan))
    sentence = _("{can} of {rows} can be done again.") if plan.redo else _("{can} of {rows} can be taken back.")
    say(sentence.format(can=whole_number(plan.can), rows=_rows(plan.rows)))
    for each in plan.conflicts:
        say(f"  {each.sentence}")
    say_for_server(plan.sql)
    for each in plan.overruled:
        say(f"  {each.sentence}")


def _say_done(plan: "Plan", undone: "Undone", as_json: bool) -> None:
    if as_json:
        about = {"undone": undone.number or None, "rows": undone.rows, "left": undone.left}
        say(json_text(_record(plan) | about | {"whole": undone.whole, "conflicts": _conflicts(undone)}))
        return
    sentence = _("Done again: {change}, {rows}.") if plan.redo else _("Taken back: {change}, {rows}.")
    say(sentence.format(change=_about(plan), rows=_rows(undone.rows)))
    _tell_left(undone.conflicts, undone.left)
    say_for_server(plan.sql)
    for each in undone.overruled:
        tell(f"  {each.sentence}")


def _tell_left(conflicts: "Sequence[Conflict]", left: int) -> None:
    """What stays as it is, a sentence each."""
    if conflicts:
        count = _rows(max(left, 1))
        tell(_("{count} cannot be taken back, at least not whole:").format(count=count))
    for each in conflicts:
        tell(f"  {each.sentence}")


def _record(plan: "Plan") -> dict[str, object]:
    """A plan as JSON shows it."""
    return {
        "change": plan.number,
        "job": plan.job,
        "title": plan.title,
        "at": plan.at,
        "who": plan.who,
        "redo": plan.redo,
        "rows": plan.rows,
        "can": plan.can,
        "begun": plan.begun,
        "sql": plan.sql,
        "overruled": [each._asdict() for each in plan.overruled],
    }


def _conflicts(of: "Plan | Undone") -> list[dict[str, str]]:
    return [each._asdict() for each in of.conflicts]
