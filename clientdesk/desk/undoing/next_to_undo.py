"""Which of your changes undo takes back next, and which of your undos redo."""

from collections.abc import Callable

from clientdesk.desk.change_kinds import REDONE, UNDONE
from clientdesk.desk.change_words import named_whole
from clientdesk.desk.jobs import Progress, silent
from clientdesk.desk.session import Session, reads
from clientdesk.desk.undoing.undo_plan import Plan, plan
from clientdesk.domain.problems import Problem, Refused, problem
from clientdesk.store import change_sets as rows
from clientdesk.store import history
from clientdesk.store.change_sets import ChangeSet
from clientdesk.store.history import LAST

_FIRST = ("firm.created", "client.demo", "firm.copied")
"""The kinds of changes with which a firm begins: behind them there is nothing to go back to."""
STAYS = ("not_undone", "not_allowed")
"""Refusals of a change of yours that say why it stays; those before it can be taken back all the same."""
_DONE = ("undone_already", "redone_already")
"""Refusals of what stands as it was before, but for what was taken back."""
_LOOKED_BACK = 1_000
"""So many entries at most of a row that was deleted are looked through for yours."""


def latest(session: Session, progress: Progress = silent, counted: bool = True) -> Plan | None:
    """What you did last in this firm and is not taken back; None where there is nothing. `counted`: see `plan`.

    Refused as `plan` is where that cannot be taken back, or the plan says that nothing of it can: once. From then on it
    is passed over as long as that is so, and with it what it alone stands in the way of (the changes of a client that
    was deleted), as is what was taken back in part.
    """
    return _first_that_can(session, _own_change, progress, counted)


def latest_undone(session: Session, progress: Progress = silent, counted: bool = True) -> Plan | None:
    """Your last undo, which can be done again until you change something else; None where there is none. What of it
    cannot be is told once, as by `latest`. `counted`: see `plan`."""
    return _first_that_can(session, _own_undo, progress, counted)


def _first_that_can(
    session: Session, find: Callable[[Session, int], ChangeSet | None], progress: Progress, counted: bool
) -> Plan | None:
    jobs: set[int] = set()
    number = LAST
    while (change_set := find(session, number)) is not None:
        number = change_set.id
        if change_set.job in jobs:
            continue
        if change_set.job is not None:
            jobs.add(change_set.job)
        stays, is_known = session.known_to_stay, number in session.known_to_stay
        try:
            planned = plan(session, number, progress, counted)
        except Refused as refusal:
            if refusal.code in _DONE or (refusal.code in STAYS and is_known):
                continue
            if refusal.code not in STAYS:
                raise
            stays.add(number)
            raise Refused(*refusal.problems, *_stays_with(session, number)) from refusal
        if planned.can:
            return planned
        if change_set.begun or is_known or stays.issuperset(conflict.change for conflict in planned.conflicts):
            continue
        stays.add(number)
        return planned
    return None


@reads
def _stays_with(session: Session, number: int) -> list[Problem]:
    """That your earlier changes of the row that a change set has deleted stay as that does; [] where you did none."""
    named = named_whole(session, number)
    if named.change is None or named.change.operation != "delete":
        return []
    before = history.entries(session.engine, named.change.entity, named.change.key, _LOOKED_BACK)
    is_mine = any(entry.change_set < number and entry.actor == session.me.name for entry in before)
    return [problem("stays_with_it", name=named.called)] if is_mine else []


@reads
def _own_change(session: Session, before: int) -> ChangeSet | None:
    """Your newest change before another one that is not taken back whole, undo and redo apart."""
    for change_set in rows.by_member(session.engine, session.me.id, before):
        if change_set.kind not in (UNDONE, REDONE, *_FIRST) and change_set.rest:
            return change_set
    return None


@reads
def _own_undo(session: Session, before: int) -> ChangeSet | None:
    """Your newest undo before another one that is not done again whole, where you changed nothing else since."""
    for change_set in rows.by_member(session.engine, session.me.id, before):
        if change_set.kind not in (UNDONE, REDONE):
            return None
        if change_set.kind == UNDONE and change_set.rest:
            return change_set
    return None
