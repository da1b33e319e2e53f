"""Undo and redo from the screens: what is asked first, and what is told afterwards."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from clientdesk.domain.problems import Refused, problem, refuse
from clientdesk.text import _
from clientdesk.ui.commands import first_key
from clientdesk.ui.desk_app import desk_app
from clientdesk.ui.firm_change import BY_YOU
from clientdesk.ui.import_under_way import Progress, giving_way
from clientdesk.ui.screens.base import Commanding, DeskScreen
from clientdesk.ui.screens.undo_words import done

if TYPE_CHECKING:
    from clientdesk.desk.change_words import Named
    from clientdesk.desk.session import Session
    from clientdesk.desk.undoing import Plan, Undone

R = TypeVar("R")
Report = Callable[[int, int], None]
"""Hears how many rows are done, of how many."""

SHOWN_AFTER = 0.6
"""After so many seconds a dialog says that it is looked at what can be undone."""
_PLANNING = "undo"
"""The group of the reads that look at what can be taken back."""


async def undo_latest(screen: DeskScreen[Any]) -> None:
    """Takes back your own latest change; asks first where it is older than the program's start, or of several rows."""
    from clientdesk.desk import undoing

    plan = await _latest(screen, undoing.latest, "change.undo")
    if plan is None:
        screen.tell(_("There is nothing of yours to undo."))
    else:
        await _carry_out(screen, plan, asks=not plan.fresh, key=first_key("change.undo"))


async def redo_latest(screen: DeskScreen[Any]) -> None:
    """Does your last undo again, until you have changed something else."""
    from clientdesk.desk import undoing

    plan = await _latest(screen, undoing.latest_undone, "change.redo")
    if plan is None:
        screen.tell(_("There is no undo of yours to redo, or you have changed something since."))
    else:
        await _carry_out(screen, plan, asks=False, key=first_key("change.redo"))


async def undo_change(screen: DeskScreen[Any], number: int) -> None:
    """Takes back a change set, or the job that it is of, by itself, after a question. Raises what is not undone."""
    from clientdesk.desk import undoing

    def plan(session: "Session", report: Report) -> "Plan":
        return undoing.plan(session, number, report)

    await _carry_out(screen, await _planned(screen, plan), asks=True)


async def _latest(
    screen: DeskScreen[Any], find: "Callable[[Session, Report], Plan | None]", command: str
) -> "Plan | None":
    """What the command takes back. Why something of yours stays is told once, with the key that passes it over."""
    from clientdesk.desk.undoing import STAYS

    try:
        return await _planned(screen, find)
    except Refused as refusal:
        if refusal.code not in STAYS:
            raise
        raise Refused(*refusal.problems, problem("passed_over_next", key=first_key(command))) from refusal


async def _planned(screen: DeskScreen[Any], find: "Callable[[Session, Report], R]") -> R:
    """What can be taken back. That of many rows takes as long as they took: then a dialog shows how far it is, and can
    be left.

    While an import writes, nothing is: what it has written so far would be your latest change.
    """
    if refusal := screen.gateway.read_only:
        raise refusal
    importing = desk_app(screen).importing
    if importing is not None and importing.at_work:
        raise refuse("undo_while_importing", name=importing.name)
    progress, began = Progress(), time.monotonic()

    def report(rows_done: int, rows: int) -> None:
        nonlocal progress
        progress = Progress(rows_done, rows, time.monotonic() - began)

    work = asyncio.create_task(screen.gateway.read(_PLANNING, find, report))
    await asyncio.wait([work], timeout=SHOWN_AFTER)
    if not work.done():
        from clientdesk.ui.screens.undo_dialogs import Looking

        with giving_way():
            leave = partial(screen.gateway.drop, _PLANNING)
            await screen.app.push_screen_wait(Looking(work, lambda: progress, leave))
    return await work


async def _carry_out(screen: DeskScreen[Any], plan: "Plan", asks: bool, key: str = "") -> None:
    """Asks where several rows are concerned, or something stands in the way; takes back what can be, and tells it.
    `key` is the one that passes it over the next time where nothing can be."""
    if asks or not plan.about_one or not plan.can or plan.conflicts:
        from clientdesk.ui.screens.undo_dialogs import UndoDialog

        named = await screen.gateway.call(plan.named)
        if not await screen.app.push_screen_wait(UndoDialog(plan, named, key)):
            return
    try:
        undone = await _take_back(screen, plan)
        sentence = done(plan, undone, await _name(screen, undone))
    finally:
        await _show_again(screen)
    if undone.sql:
        from clientdesk.ui.screens.login_grant import SqlDialog

        await screen.app.push_screen_wait(SqlDialog(sentence.replace("\n", " "), undone.sql))
    else:
        screen.tell(sentence)


async def _take_back(screen: DeskScreen[Any], plan: "Plan") -> "Undone":
    """Takes the plan's rows back; of several, a dialog shows how far it is and can stop it."""
    from clientdesk.desk import undoing

    if plan.about_one:
        return await screen.gateway.call(undoing.undo, plan)
    from clientdesk.ui.screens.long_work import with_progress

    def undo(session: "Session", report: Report, stopped: Callable[[], bool]) -> "Undone":
        return undoing.undo(session, plan, progress=report, stopped=stopped)

    return await with_progress(screen, _("Redoing…") if plan.redo else _("Undoing…"), plan.rows, undo)


async def _show_again(screen: DeskScreen[Any]) -> None:
    """Reads again what is shown: of this screen now, so that what is told of it comes before, of others when seen."""
    for other in screen.app.screen_stack:
        if isinstance(other, Commanding) and other is not screen:
            other.firm_changed()
    if screen.is_attached and screen.app.is_running:
        screen.write_title()
        screen.write_footer()
        await screen.guarded(screen.freshen(BY_YOU))


async def _name(screen: DeskScreen[Any], undone: "Undone") -> "Named | None":
    """What names what was done; None for nothing, and where that cannot be read: it is on the disk all the same."""
    from clientdesk.desk import change_words

    if not undone.rows:
        return None
    with suppress(Refused):
        return await screen.gateway.call(change_words.named, undone.number, undone.rows)
    return None
