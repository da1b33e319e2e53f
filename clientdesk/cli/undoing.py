"""`clientdesk undo` and `clientdesk redo`: taking changes back, and doing them again."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TYPE_CHECKING

import click

from clientdesk.cli.exit_codes import DONE, REFUSED
from clientdesk.cli.frame import DeskCommand, opened_firm
from clientdesk.cli.history_entries import about_row
from clientdesk.cli.long_work import Signals
from clientdesk.cli.printing import answer, can_ask, json_text, say, say_for_server, tell
from clientdesk.cli.progress_bar import progress_bar
from clientdesk.domain.problems import Refused
from clientdesk.text import _, local_time, ngettext, whole_number

if TYPE_CHECKING:
    from clientdesk.desk.change_words import Named
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
    with signals.watched(), _opened(number, dry_run, as_json) as session:
        if number is None:
            nothing = _("There is no change of yours to take back. “clientdesk history --sets” shows those of others.")
            code = _end_own(session, undoing.latest, nothing, signals, dry_run=dry_run, yes=yes, as_json=as_json)
        else:
            with _looking() as progress:
                plan = undoing.plan(session, number, progress, _counted(dry_run, yes))
            asks = not plan.about_one and not yes
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
    with signals.watched(), _opened(None, dry_run, as_json) as session:
        nothing = _("There is no undo of yours to take back, or you changed something else since.")
        find = undoing.latest_undone
        context.exit(_end_own(session, find, nothing, signals, dry_run=dry_run, yes=yes, as_json=as_json))


@contextmanager
def _opened(number: int | None, dry_run: bool, as_json: bool) -> "Iterator[Session]":
    """The firm, which needs to be writable unless it is only said what would be done. What is refused there is printed as
    an object, too, where that is wanted."""
    with opened_firm() as session:
        try:
            if not dry_run:
                session.demand_writable()
            yield session
        except Refused as refusal:
            if as_json:
                _say_refused(refusal.message, refusal.code, number or _change_of(refusal))
            raise


def _counted(dry_run: bool, yes: bool) -> bool:
    """Whether anybody sees how many rows can be taken back before they are: then all of them are looked at."""
    return dry_run or (not yes and can_ask())


def _looking() -> "AbstractContextManager[Callable[[int, int], None]]":
    return progress_bar(_("Looking at rows"))


def _end_own(
    session: "Session",
    find: "Callable[[Session, Callable[[int, int], None], bool], Plan | None]",
    nothing: str,
    signals: Signals,
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> int:
    """Takes your own latest change, or undo, back. What of yours stays where it is is said first: then what comes before
    it is only taken back where a person says so, or by its number."""
    from clientdesk.desk.undoing import STAYS

    stays: tuple[str, str, int | None] | None = None
    passed = False
    while True:
        try:
            with _looking() as progress:
                plan = find(session, progress, _counted(dry_run, yes))
        except Refused as refusal:
            if refusal.code not in STAYS:
                raise
            stays = stays or (refusal.message, refusal.code, _change_of(refusal))
            tell(refusal.message)
            passed = True
            continue
        if plan is None:
            if not passed:
                tell(nothing)
            if as_json:
                _say_refused(*(stays or (nothing, "nothing_to_undo")))
            return REFUSED
        if plan.can:
            break
        if as_json:
            _say_planned(session, plan, as_json) if stays is None else _say_refused(*stays)
            return REFUSED
        _say_planned(session, plan, as_json)
        passed = True
    if passed and (dry_run or yes or not can_ask()):
        change = plan.named(session)
        tell(_before(plan).format(change=_about(plan, change), number=change.number))
        tell(f"  {change.words}")
        if as_json and stays is not None:
            _say_refused(*stays, before=change.number)
        return REFUSED
    asks = passed or not plan.about_one or not plan.redo
    return _end(session, plan, signals, dry_run=dry_run, asks=asks and not yes, as_json=as_json)


def _before(plan: "Plan") -> str:
    if plan.redo:
        return _("Before it: {change}. “clientdesk undo {number}” does that again.")
    return _("Before it: {change}. “clientdesk undo {number}” takes that back.")


def _end(session: "Session", plan: "Plan", signals: Signals, *, dry_run: bool, asks: bool, as_json: bool) -> int:
    """Says what is planned, or does it, after a question where a person can answer it; the exit code."""
    from clientdesk.desk import change_words, undoing

    if dry_run or not plan.can:
        _say_planned(session, plan, as_json)
        return DONE if plan.can else REFUSED
    change = plan.named(session)
    asked = False
    if asks and can_ask():
        _tell_left(plan, plan)
        tell(f"  {change.words}")
        asked = True
        if not answer(_question(plan, change)):
            tell(_("Nothing was changed."))
            return REFUSED
    signals.writing = True  # to the end: what is taken back is told, whenever a signal comes
    with progress_bar(_("Doing rows again") if plan.redo else _("Taking rows back")) as progress:
        undone = undoing.undo(session, plan, progress, signals.stopped)
    did = None
    if undone.rows:
        with suppress(Refused):  # it is on the disk, whether it can be read now or not
            did = change_words.named(session, undone.number, undone.rows)
    _say_done(plan, change, undone, did, asked=asked, as_json=as_json)
    if not undone.whole:
        if undone.number:
            tell(_("It was stopped. The same command goes on with the rest."))
        else:
            tell(_("It was stopped before anything was written. The same command begins anew."))
        return 128 + (signals.number or signal.SIGINT)
    return REFUSED if undone.left else DONE


def _about(plan: "Plan", change: "Named") -> str:
    """A change in a few words, safe to show, with the number of its line in the history."""
    words = _("{title} by {who}, {at} (change {number})")
    about = words.format(title=plan.title, who=plan.who, at=local_time(plan.at), number=change.number)
    if not plan.begun:
        return about
    return (
        _("the rest of {change}, redone in part") if plan.redo else _("the rest of {change}, undone in part")
    ).format(change=about)


def _rows(count: int) -> str:
    return ngettext("{n} row", "{n} rows", count).format(n=whole_number(count))


def _question(plan: "Plan", change: "Named") -> str:
    question = _("Do this again: {change}, {rows}?") if plan.redo else _("Take back: {change}, {rows}?")
    rows = change.counted if change.rows == plan.can else _rows(plan.can)
    return question.format(change=_about(plan, change), rows=rows)


def _say_planned(session: "Session", plan: "Plan", as_json: bool) -> None:

    change = plan.named(session)
    if as_json:
        about = {"undone": None, "left": plan.left, "conflicts": _conflicts(plan)}
        say(json_text(_record(plan, change) | _what(change) | about))
        return
    say(_about(plan, change))
    say(f"  {change.words}")
    sentence = _can_be_done_again(plan) if plan.redo else _can_be_taken_back(plan)
    say(sentence.format(can=whole_number(plan.can), rows=_rows(plan.rows), part=whole_number(_in_part(plan))))
    for line in _reasons(plan):
        say(line)
    for line in _overruled(plan):
        say(line)
    say_for_server(plan.sql)


def _in_part(plan: "Plan") -> int:
    """How many rows can be taken back, but not whole."""
    return plan.left - (plan.rows - plan.can)


def _can_be_taken_back(plan: "Plan") -> str:
    if not _in_part(plan):
        return _("{can} of {rows} can be taken back.")
    if _in_part(plan) == plan.can:
        return _("{can} of {rows} can be taken back, in part.")
    return _("{can} of {rows} can be taken back, {part} of them in part.")


def _can_be_done_again(plan: "Plan") -> str:
    if not _in_part(plan):
        return _("{can} of {rows} can be done again.")
    if _in_part(plan) == plan.can:
        return _("{can} of {rows} can be done again, in part.")
    return _("{can} of {rows} can be done again, {part} of them in part.")


def _say_done(
    plan: "Plan", change: "Named", undone: "Undone", did: "Named | None", *, asked: bool, as_json: bool
) -> None:
    """Says what was done: `change` names what was taken back, `did` what was written (None where that is not known).
    What stays was told already where it was `asked`."""
    if as_json:
        about = {"undone": did.number if did is not None else undone.number or None, "rows": undone.rows}
        rest = {
            "left": undone.left + undone.waiting,
            "whole": undone.whole,
            "conflicts": _conflicts(undone),
            "sql": undone.sql,
        }
        if not plan.counted:
            rest |= {"can": undone.rows, "overruled": _sentences(undone.overruled)}
        say(json_text(_record(plan, change) | _what(did or change) | about | rest))
        return
    if undone.number:
        sentence = _("Done again: {change}, {rows}.") if plan.redo else _("Taken back: {change}, {rows}.")
        say(sentence.format(change=_about(plan, change), rows=did.counted if did is not None else _rows(undone.rows)))
    elif undone.whole:
        tell(_("Nothing was changed."))
    if did is not None:
        say(f"  {did.words}")
    if not asked or undone.left != plan.left or set(undone.conflicts) != set(plan.conflicts):
        _tell_left(plan, undone)
    for line in _overruled(undone):
        tell(line)
    say_for_server(undone.sql)


def _tell_left(plan: "Plan", of: "Plan | Undone") -> None:
    """What stays as it is, a sentence each."""
    if of.conflicts:
        sentence = (
            _("{count} cannot be done again, at least not whole:")
            if plan.redo
            else _("{count} cannot be taken back, at least not whole:")
        )
        tell(sentence.format(count=_rows(max(of.left, 1))))
    for line in _reasons(of):
        tell(line)


def _reasons(of: "Plan | Undone") -> "Iterator[str]":
    """Why rows stay as they are, a line each, and how many more of them there are than are listed."""
    for conflict in of.conflicts:
        yield f"  {conflict.sentence}"
    if of.more:
        more = ngettext("… and {n} more row", "… and {n} more rows", of.more)
        yield f"  {more.format(n=whole_number(of.more))}"


def _overruled(of: "Plan | Undone") -> "Iterator[str]":
    """What was set back since and is taken back, a line each; that only the first are listed."""
    from clientdesk.desk.undoing import LISTED

    for conflict in of.overruled:
        yield f"  {conflict.sentence}"
    if len(of.overruled) >= LISTED:
        yield "  " + _("… only the first {n} such fields are listed").format(n=whole_number(LISTED))


def _change_of(refusal: Refused) -> int | None:
    """The number of the change that a refusal is about; None where it names none."""
    numbers = (problem.values.get("change") for problem in refusal.problems)
    return next((int(str(number)) for number in numbers if number is not None), None)


def _say_refused(why: str, code: str, number: int | None = None, before: int | None = None) -> None:
    """What is not taken back at all, as JSON: why, and the change `before` it that can be."""
    record: dict[str, object] = {"change": number, "undone": None, "rows": 0, "can": 0, "left": 0, "conflicts": []}
    say(json_text(record | {"refused": code, "why": why, "before": before}))


def _what(change: "Named") -> dict[str, object]:
    """What names a change, as JSON shows it: in words, and of the only row its fields."""
    row = change.change
    about = about_row(row) if row is not None else {"subject": ""}
    fields = [] if row is None else [{"field": field.field, "old": field.old, "new": field.new} for field in row.fields]
    return {"what": change.words, **about, "fields": fields, "file": change.file}


def _record(plan: "Plan", change: "Named") -> dict[str, object]:
    """A plan as JSON shows it."""
    return {
        "change": change.number,
        "job": plan.job,
        "title": plan.title,
        "at": plan.at,
        "who": plan.who,
        "redo": plan.redo,
        "rows": plan.rows,
        "can": plan.can,
        "begun": plan.begun,
        "sql": plan.sql,
        "overruled": _sentences(plan.overruled),
    }


def _conflicts(of: "Plan | Undone") -> list[dict[str, str]]:
    return _sentences(of.conflicts)


def _sentences(conflicts: "Sequence[Conflict]") -> list[dict[str, str]]:
    return [conflict._asdict() for conflict in conflicts]
