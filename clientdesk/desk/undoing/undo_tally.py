"""What became of the rows of an undo, counted and listed; also of one that is only looked at beforehand."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import cast

from clientdesk.desk.session import Session
from clientdesk.desk.undoing.undo_conflicts import Conflict
from clientdesk.domain.fold import number_key
from clientdesk.domain.own_fields import TAGS
from clientdesk.domain.patch import Key, Outcome, Patch, Value, Verdict
from clientdesk.domain.problems import Problem
from clientdesk.store import clients
from clientdesk.store.entities import CLIENT, ENTITIES

LISTED = 500
"""Of so many rows it is listed why they stay; they are all counted."""


class Tally:
    """What became of rows: how many entries were looked at, how many of them are not taken back yet (`rows`), were
    written, and stay as they are (at least in a part of their fields), and which; what of others was overruled; the
    change set that did it, and the SQL for a server."""

    def __init__(self) -> None:
        self.looked_at, self.rows, self.written, self.left, self.number = 0, 0, 0, 0, 0
        self.reasons: list[Sequence[Conflict]] = []
        """Why rows stay, each row by itself: the first of them."""
        self.overruled: list[Conflict] = []
        self.fields: frozenset[str] = frozenset()
        """Of the row that was looked at last, the fields that are not taken back yet, where others are."""
        self.sql: list[str] = []

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Why the rows stay that are listed."""
        return tuple(chain.from_iterable(self.reasons))

    @property
    def more(self) -> int:
        """How many rows stay besides those that are listed."""
        return self.left - len(self.reasons)

    @property
    def room(self) -> int:
        """How many rows can still be listed."""
        return LISTED - len(self.reasons)

    @property
    def room_for_overruled(self) -> int:
        """How much more of what is overruled can still be listed."""
        return LISTED - len(self.overruled)

    def leave(self, left: int, reasons: Sequence[Sequence[Conflict]]) -> None:
        """So many rows stay as they are, and why the first of them do."""
        self.left += left
        self.reasons += reasons[: self.room]

    def overrule(self, overruled: Sequence[Conflict]) -> None:
        """So much of what was done since is taken back with the rest."""
        self.overruled += overruled[: self.room_for_overruled]

    def write(self, outcome: Outcome) -> None:
        """A row is written, or would be."""
        self.written += 1

    def take_away(self, session: Session, client_ids: Collection[int]) -> None:
        """Clients that nobody has touched are gone, or would be."""
        self.rows += len(client_ids)
        self.written += len(client_ids)

    def bring_back(self, patches: Sequence[Patch]) -> None:
        """Clients that are in nobody's way are there again, or would be."""
        self.written += len(patches)

    def waits(self, outcome: Outcome) -> bool:
        """Whether a refused row would be written, had those before it been."""
        return False

    def add(self, other: "Tally") -> None:
        """Counts what became of the rows of another change set."""
        self.looked_at += other.looked_at
        self.rows += other.rows
        self.written += other.written
        self.number = other.number or self.number
        self.leave(other.left, other.reasons)
        self.overrule(other.overruled)
        self.sql += other.sql


_REFERENCES_OF_CLIENTS = tuple(attribute.name for attribute in CLIENT.references)
_OF_WORK = ("work_item", "reconciliation")
"""The entities whose rows keep the row of their work from being taken back."""
_LACKING = {"unknown_client_type": "client_type", "unknown_lead": "lead"}
"""The field whose value is not there, or is inactive, by the code that says so."""


class Foreseen(Tally):
    """What would become of rows, none of which is written while they are looked at: what those before them would change
    of types, members and numbers counts as it will be then."""

    def __init__(self) -> None:
        super().__init__()
        self._leaving: Counter[tuple[str, str, Value]] = Counter()
        """So many rows of an entity would refer by a field to an id no more."""
        self._back_again: set[tuple[str, Value]] = set()
        """The types, leads and tags that would be there again."""
        self._numbers: set[str] = set()
        """The client numbers that would be free."""
        self._work_rows_gone: Counter[Key] = Counter()
        """So many items and accounts would be touched no more, by the key of their work."""

    def write(self, outcome: Outcome) -> None:
        """See Tally."""
        super().write(outcome)
        patch = outcome.patch
        before, after = patch.before or {}, patch.after or {}
        if patch.entity == "client_type" and patch.before is None:
            self._back_again.add(("client_type", int(patch.key)))
        if patch.entity == "tag" and patch.before is None:
            self._back_again.add((TAGS, f"#{patch.key}"))
        if patch.entity == "team_member" and after.get("active"):
            self._back_again.add(("lead", int(patch.key)))
        if patch.entity in _OF_WORK and patch.after is None:
            self._work_rows_gone[_work_of(before)] += 1
        for reference in ENTITIES[patch.entity].references:
            self._moves(patch.entity, reference.name, before.get(reference.name), after.get(reference.name))
        if patch.entity == "client":
            self._numbers.add(_number(before))
            self._numbers.discard(_number(after))

    def _moves(self, entity: str, field: str, before: Value, after: Value) -> None:
        if before != after:
            self._leaving[entity, field, before] += 1
            self._leaving[entity, field, after] -= 1

    def take_away(self, session: Session, client_ids: Collection[int]) -> None:
        """See Tally."""
        super().take_away(session, client_ids)
        for type_id, lead_id, number in clients.references_and_numbers(session.engine, list(client_ids)):
            self._moves("client", "client_type", type_id, None)
            self._moves("client", "lead", lead_id, None)
            self._numbers.add(number)

    def bring_back(self, patches: Sequence[Patch]) -> None:
        """See Tally."""
        super().bring_back(patches)
        for patch in patches:
            after = patch.after or {}
            for field in _REFERENCES_OF_CLIENTS:
                self._moves("client", field, None, after[field])
            self._numbers.discard(_number(after))

    def waits(self, outcome: Outcome) -> bool:
        """See Tally."""
        return outcome.verdict is Verdict.REFUSED and all(
            self._will_be_right(outcome.patch, wrong) for wrong in outcome.problems
        )

    def _will_be_right(self, patch: Patch, wrong: Problem) -> bool:
        """Whether those before a row would have mended what is wrong with it."""
        after = patch.after or {}
        if wrong.code == "leads_clients" or "reference" in wrong.values:
            entity, field = cast("tuple[str, str]", wrong.values.get("reference", ("client", "lead")))
            return self._leaving[entity, field, int(patch.key)] >= cast("int", wrong.values["count"])
        if wrong.code == "work_has_rows":
            return self._work_rows_gone[patch.key] >= cast("int", wrong.values["count"])
        if wrong.code in ("unknown_tag", "no_tags"):
            return (TAGS, str(wrong.values["value"])) in self._back_again
        if lacking := _LACKING.get(wrong.code):
            return (lacking, after.get(lacking)) in self._back_again
        return wrong.code == "number_taken" and _number(after) in self._numbers


def _work_of(values: Mapping[str, Value]) -> Key:
    """The key of the work that a row with these values is one of."""
    return ENTITIES["work"].key_of(values)


def _number(values: Mapping[str, Value]) -> str:
    return number_key(str(values.get("client_number", "")))
