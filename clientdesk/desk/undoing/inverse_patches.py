"""How a change set is taken back: the inverse patches of its entries, what became of each, and what a server is told."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from clientdesk.desk.history import attributes_in
from clientdesk.desk.jobs import Stopped, go_on
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.patches import Judges
from clientdesk.desk.session import Session
from clientdesk.desk.undoing.undo_conflicts import explained, overruled, unreadable
from clientdesk.desk.undoing.undo_rules import JUDGES, changes_in_nobodys_way, in_nobodys_way
from clientdesk.desk.undoing.undo_tally import Tally
from clientdesk.domain.access import Access
from clientdesk.domain.patch import Key, Outcome, Patch, Value, Verdict
from clientdesk.store import firm, later_changes
from clientdesk.store.change_sets import ChangeSet
from clientdesk.store.entities import ENTITIES, Attribute, is_key
from clientdesk.store.undo_entries import Entries, Mark, Written

_OF_LOGINS = frozenset(("login", "access", "active"))
"""The fields of a team member that a server has to know."""
_PLAIN_TYPES = frozenset((str, int, type(None)))
"""What a field can hold."""


class Hand(NamedTuple):
    """What does it, or only says what would become of it: `write` is given patches, `take_away` the ids of rows of an
    entity that stand as they were added, and says which of them are gone, `bring_back` patches of rows that come back
    and are in nobody's way. One that only `foresees` need not look at each row where it is known of many at once what
    would become of them."""

    write: Callable[[Session, Sequence[Patch], Names, Judges], Iterator[Outcome]]
    take_away: Callable[[Session, str, Sequence[int]], Collection[int]]
    bring_back: Callable[[Session, Sequence[Patch]], None]
    foresees: bool = False


def take_back(
    session: Session,
    of: ChangeSet,
    tally: Tally,
    tell: Callable[[int], None],
    stopped: Stopped,
    hand: Hand,
    enough: Callable[[], bool] = lambda: False,
) -> None:
    """Writes what takes a change set back, newest first, as far as it is not taken back yet, until it is `enough`; `tell`
    hears how many entries were looked at. Raises jobs.Stop where the person wants no more."""
    names, attributes = Names(session.engine), attributes_in(session)
    entries = Entries(session.engine, of)
    others_changed_later = later_changes.others_later(session.engine, of)
    for part in entries.parts():
        go_on(stopped)
        taken_away = _take_away(session, of, entries, part, hand)
        tally.take_away(session, taken_away)
        remaining_marks = [mark for mark in part if int(mark.key) not in taken_away] if taken_away else part
        inverses: list[Patch] = []
        for entry in entries.written(remaining_marks):
            patch = _inverse(entry, attributes(entry.entity))
            if patch is None:
                tally.leave(1, [[unreadable(session, entry)]])
                tally.rows += 1
            elif patch := _rest_of(patch, entry):
                inverses.append(patch)
                tally.rows += 1
                tally.fields = frozenset(patch.fields) if entry.since else frozenset()
        if hand.foresees and _all_can_go_back(session, names, entries, remaining_marks, inverses):
            for patch in inverses:
                tally.write(Outcome(patch, Verdict.WRITTEN))
            inverses = []
        written, staying = _apply(session, inverses, tally, names, hand) if inverses else ([], [])
        if others_changed_later and written and tally.room_for_overruled:
            tally.overrule(list(overruled(session, of, written)))
        stays: dict[tuple[str, Key], list[Outcome]] = {}
        for outcome in staying:
            stays.setdefault((outcome.patch.entity, outcome.patch.key), []).append(outcome)
        listed = list(stays.values())[: tally.room]
        tally.leave(len(stays), explained(session, of, listed) if listed else ())
        tally.looked_at += len(part)
        tell(tally.looked_at)
        if enough():
            return


def _all_can_go_back(
    session: Session, names: Names, entries: Entries, marks: Sequence[Mark], patches: Sequence[Patch]
) -> bool:
    """Whether all the changes of entries can be taken back, as their clients stand as they left them."""
    is_whole = 0 < len(patches) == len(marks)
    return is_whole and changes_in_nobodys_way(session, names, patches) and entries.are_latest(marks)


def _take_away(session: Session, of: ChangeSet, entries: Entries, part: Sequence[Mark], hand: Hand) -> Collection[int]:
    """Takes the clients away that a part has added and nobody has touched since, where that is for you to do: their
    values need not be read one by one."""
    if of.actor_id != session.me.id and session.me.access is not Access.PRIMARY_ADMIN:
        return ()
    return hand.take_away(session, "client", entries.untouched(part))


def _inverse(entry: Written, attributes: Mapping[str, Attribute]) -> Patch | None:
    """The patch that takes an entry back; None where it cannot be read. A member who was added is made inactive."""
    declared = ENTITIES.get(entry.entity)
    old, new = (_declared_values(side, attributes) for side in (entry.old, entry.new))
    readable = _PLAIN_TYPES.issuperset(map(type, (*old.values(), *new.values())))
    if declared is None or entry.erased or not readable or not (old or new) or not is_key(entry.entity, entry.key):
        return None
    if entry.operation == "insert":
        if declared.deleted_by is not None:
            return Patch(entry.entity, entry.key, new, None)
        return Patch(entry.entity, entry.key, {"active": 1}, {"active": 0}) if "active" in attributes else None
    if entry.operation == "delete":
        return Patch(entry.entity, entry.key, None, old)
    free = [name for name in new if name in old and not attributes[name].once]
    return Patch(entry.entity, entry.key, {name: new[name] for name in free}, {name: old[name] for name in free})


def _declared_values(side: Mapping[str, Value], attributes: Mapping[str, Attribute]) -> Mapping[str, Value]:
    """Of one side of an entry the values of fields that there are."""
    if attributes.keys() >= side.keys():
        return side
    return {name: value for name, value in side.items() if name in attributes}


def _rest_of(patch: Patch, entry: Written) -> Patch | None:
    """What of a patch is not written yet; None for nothing."""
    if not entry.since:
        return patch
    if patch.before is None or patch.after is None:
        return None if "" in entry.since else patch
    return _only(patch, [name for name in patch.after if name not in entry.since])


def _only(patch: Patch, names: Sequence[str]) -> Patch | None:
    """A patch of some of its fields; None for none."""
    assert patch.before is not None
    assert patch.after is not None
    if not names:
        return None
    before, after = ({name: side[name] for name in names} for side in (patch.before, patch.after))
    return patch._replace(before=before, after=after)


def _apply(
    session: Session, inverses: Sequence[Patch], tally: Tally, names: Names, hand: Hand
) -> tuple[list[Outcome], list[Outcome]]:
    """Writes what can be written; that, and what is left of it. Of a row of which some fields were changed since, the others are
    taken back; what stands as it was before already is left, too, and can be taken back when it does so no more."""
    if in_nobodys_way(session, names, inverses):
        hand.bring_back(session, inverses)
        tally.bring_back(inverses)
        return [], []
    outcomes = list(hand.write(session, inverses, names, JUDGES))
    again = [free for outcome in outcomes if (free := _free_of(outcome)) is not None]
    tried = [*inverses, *again]
    written, staying = [], []
    for patch, outcome in zip(tried, chain(outcomes, hand.write(session, again, names, JUDGES)), strict=True):
        if outcome.verdict is Verdict.WRITTEN:
            tally.write(outcome)
            written.append(outcome)
            tally.sql += _for_server(session, outcome.patch)
            staying += _already_so(patch, outcome)
        elif tally.waits(outcome):
            tally.write(outcome)
            tally.sql += _for_server(session, outcome.patch)
        else:
            staying.append(outcome)
    return written, staying


def _already_so(patch: Patch, outcome: Outcome) -> list[Outcome]:
    """Of a row that was written, the fields that stood already as they should."""
    if patch.before is None or patch.after is None:
        return []
    written = outcome.patch.after or {}
    unwritten = _only(patch, [name for name in patch.after if name not in written])
    return [] if unwritten is None else [Outcome(unwritten, Verdict.UNCHANGED, (), outcome.present)]


def _free_of(outcome: Outcome) -> Patch | None:
    """Of a patch in whose way some fields stand, that of the other fields; None for none."""
    before, after = outcome.patch.before, outcome.patch.after
    if outcome.verdict is not Verdict.CHANGED or before is None or after is None:
        return None
    return _only(outcome.patch, [name for name in after if name not in outcome.fields])


def _for_server(session: Session, patch: Patch) -> list[str]:
    """The SQL by which a server knows a member whose login, access or state is written, or would be."""
    if patch.entity != "team_member" or patch.after is None or _OF_LOGINS.isdisjoint(patch.after):
        return []
    member, was = firm.member(session.engine, int(patch.key)), (patch.before or {}).get("login")
    if member is None:
        return []
    login, access = (
        str(patch.after.get(field, stands))
        for field, stands in (("login", member.login), ("access", member.access.value))
    )
    active = patch.after.get("active", member.active)
    statements = [session.engine.grant_sql(login, access if active else None)]
    if was is not None and "login" in patch.after:
        statements.append(session.engine.grant_sql(str(was), None))
    return [sql for sql in statements if sql]
