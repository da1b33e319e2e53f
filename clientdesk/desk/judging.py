"""What the rules of the entities judge: a patch with what stands there, and the names that references have."""

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import NamedTuple

from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.fold import fold
from clientdesk.domain.patch import Patch, Stored, Value
from clientdesk.domain.problems import Problem, problem
from clientdesk.store import firm, patches
from clientdesk.store.engines import Engine
from clientdesk.store.entities import ENTITIES
from clientdesk.store.undoing import Standing
from clientdesk.text import N_, local_time


class Case(NamedTuple):
    """A patch, completed, with the row as it stands (None for a new one), all values that the row shall have, the fields
    that become others (of a new row, all), and those in which something else stands there than the patch says: what it changes or deletes, or relied on."""

    patch: Patch
    present: Stored | None
    whole: Mapping[str, Value]
    changed: tuple[str, ...]
    others: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, Value]:
        """The new values of the fields that become others."""
        return {name: self.whole[name] for name in self.changed}

    @property
    def exact(self) -> Patch:
        """What is written: both sides name the fields that differ, or the whole row."""
        if self.present is None:
            return self.patch if self.patch.after is self.whole else self.patch._replace(after=self.whole)
        if self.patch.after is None:
            return self.patch._replace(before=dict(self.present.values))
        before = {name: self.present.values[name] for name in self.changed}
        return self.patch._replace(before=before, after=self.values)


KNOWN_WHOLE = ("client_type", "team_member")
"""The entities whose rows are few: all their names are read together."""


class Names:
    """Client types and team members by their names, read when they are first asked for; names of other rows by ids."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._others: dict[tuple[str, int], str] = {}

    @cached_property
    def types(self) -> dict[int, str]:
        """The client types' names, sorted, by id."""
        return firm.types_by_id(self._engine)

    @cached_property
    def members(self) -> dict[int, firm.Called]:
        """The team members by id."""
        return firm.called_by_id(self._engine)

    @cached_property
    def _type_ids(self) -> dict[str, int]:
        return {fold(name): type_id for type_id, name in self.types.items()}

    @cached_property
    def _member_ids(self) -> dict[str, int]:
        return {fold(each.name): member_id for member_id, each in self.members.items()}

    def type_id(self, name: str) -> int | None:
        """The client type of this name in any case."""
        return self._type_ids.get(fold(name))

    def member_id(self, key: str) -> int | None:
        """The team member of this name in any case, else of this login."""
        known = (member_id for member_id, each in self.members.items() if each.login == key)
        return self._member_ids.get(fold(key)) or next(known, None)

    def held(self, values: Mapping[str, str]) -> dict[str, Value]:
        """A client's values in words as its row has them: a reference by the id of what is called so, None for no name,
        and the name itself where nothing is."""
        held: dict[str, Value] = dict(values)
        for field, ids in (("client_type", self._type_ids), ("lead", self._member_ids)):
            if name := values.get(field):
                held[field] = ids.get(fold(name), name)
            elif field in values:
                held[field] = None
        return held

    def of(self, entity: str, row_id: int) -> str:
        """The name of a row that others refer to; "" for none."""
        if entity == "client_type":
            return self.types.get(row_id, "")
        if entity == "team_member":
            return self.members[row_id].name if row_id in self.members else ""
        self.learn(entity, [row_id])
        return self._others[entity, row_id]

    def learn(self, entity: str, row_ids: Collection[int]) -> None:
        """Reads at once what some rows are called, so that each need not be asked for by itself."""
        unknown = {row_id for row_id in row_ids if (entity, row_id) not in self._others}
        if unknown:
            called_by = ENTITIES[entity].called_by
            present, _also = patches.stored(self._engine, entity, unknown)
            for row_id in unknown:
                row = present.get(row_id)
                self._others[entity, row_id] = "" if row is None else str(row.values[called_by])

    def forget(self) -> None:
        """Reads them anew when they are asked for again."""
        for name in ("types", "members", "_type_ids", "_member_ids"):
            self.__dict__.pop(name, None)
        self._others.clear()


def kept_added(session: Session, name: str, standing: Standing | None, instead: str = N_("It stays.")) -> list[Problem]:
    """Why a row that was added is not taken back; [] where it is. `instead` (untranslated) says what can be done to one
    that was changed since."""
    if standing is None:
        return [problem("entry_unreadable", name=name)]
    if standing.changer:
        at = local_time(standing.changed_at)
        return [problem("changed_since_added", name=name, who=standing.changer, at=at, instead=instead)]
    if session.me.id not in standing.adders and session.me.access is not Access.PRIMARY_ADMIN:
        return [problem("added_by_other", name=name, who=standing.adder, admin=session.firm.primary_admin)]
    return []
