"""How a patch is judged: with what stands there, by what the declaration of its entity says. Entities with more rules
say them on top, see `firm_rules` and `client_rules`."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from clientdesk.desk.meanwhile import deleted_by, last_by
from clientdesk.desk.session import Session
from clientdesk.domain import own_value_rules
from clientdesk.domain.access import Access, Action
from clientdesk.domain.bounds import Text
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fields import Kind
from clientdesk.domain.fold import fold
from clientdesk.domain.own_values import is_own
from clientdesk.domain.patch import Key, Patch, Stored, Value
from clientdesk.domain.problems import Problem, problem
from clientdesk.domain.rules import tidy, tidy_name
from clientdesk.store import firm, history, later_changes, patches
from clientdesk.store.engines import Engine, Statement
from clientdesk.store.entities import ENTITIES, REFERRED_BY, Attribute
from clientdesk.text import N_, _, local_time, shows_nothing


class Case(NamedTuple):
    """A patch, completed, with the row as it stands (None for a new one), all values that the row shall have, those of
    the fields that become others (of a new row, all), and the fields in which something else stands there than the patch
    says: what it changes or deletes, or relied on."""

    patch: Patch
    present: Stored | None
    whole: Mapping[str, Value]
    changed: Mapping[str, Value]
    others: tuple[str, ...] = ()

    @property
    def exact(self) -> Patch:
        """What is written: both sides name the fields that differ, or the whole row."""
        if self.present is None:
            return self.patch if self.patch.after is self.whole else self.patch._replace(after=self.whole)
        if self.patch.after is None:
            return self.patch._replace(before=dict(self.present.values))
        before = {name: self.present.values[name] for name in self.changed}
        return self.patch._replace(before=before, after=self.changed)


KNOWN_WHOLE = ("client_type", "team_member")
"""The entities whose rows are few: all their names are read together."""


class Names:
    """Client types and team members by their names, read when a row first names one; names of other rows by ids."""

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
    def type_names(self) -> dict[str, str]:
        """The client types' names by their folded form."""
        return {fold(name): name for name in self.types.values()}

    @cached_property
    def lead_names(self) -> dict[str, str]:
        """The active team members' names by their folded form, and by that of their logins."""
        active = [member for member in self.members.values() if member.active]
        by_login = {fold(member.login): member.name for member in active}
        return by_login | {fold(member.name): member.name for member in active}

    @cached_property
    def former_names(self) -> dict[str, str]:
        """The inactive team members' names by their folded form."""
        return {fold(member.name): member.name for member in self.members.values() if not member.active}

    @cached_property
    def _type_ids(self) -> dict[str, int]:
        return {fold(name): type_id for type_id, name in self.types.items()}

    @cached_property
    def _member_ids(self) -> dict[str, int]:
        return {fold(member.name): member_id for member_id, member in self.members.items()}

    def type_id(self, name: str) -> int | None:
        """The client type of this name in any case."""
        return self._type_ids.get(fold(name))

    def member_id(self, key: str) -> int | None:
        """The team member of this name in any case, else of this login."""
        of_login = (member_id for member_id, member in self.members.items() if member.login == key)
        return self._member_ids.get(fold(key)) or next(of_login, None)

    def held(self, values: Mapping[str, str]) -> dict[str, Value]:
        """A client's values in words as its row has them: a reference by the id of what is called so, None for no name,
        and the name itself where nothing is."""
        held: dict[str, Value] = dict(values)
        if "client_type" in held:
            name = values["client_type"]
            held["client_type"] = self._type_ids.get(fold(name), name) if name else None
        if "lead" in held:
            name = values["lead"]
            held["lead"] = self._member_ids.get(fold(name), name) if name else None
        for name in [name for name in held if is_own(name)]:
            if (field := self._engine.catalogue.known(name)) is None:
                del held[name]
            elif field.kind is Kind.MEMBER:
                held[name] = self._member_ids.get(fold(values[name]), values[name]) if values[name] else ""
            else:
                held[name] = own_value_rules.kept(field, values[name])
        return held

    def names_member(self, name: str) -> bool:
        """Whether an own field of this name names a team member."""
        field = self._engine.catalogue.own.get(name)
        return field is not None and field.kind is Kind.MEMBER

    def no_longer(self, name: str, value: str) -> Problem | None:
        """Why what stands with clients who have it already in an own field is given to nobody else: a retired choice, an
        inactive member."""
        field = self._engine.catalogue.own.get(name) if value else None
        if field is not None and field.kind is Kind.MEMBER and value in self.former_names.values():
            return problem("own_member", name, label=field.label, value=value)
        if field is not None and field.kind is Kind.OWN_CHOICE:
            return own_value_rules.wrong(field, own_value_rules.kept(field, value))
        return None

    def label(self, name: str) -> str:
        """What an own field is called."""
        field = self._engine.catalogue.own.get(name)
        return name if field is None else field.label

    def of(self, entity: str, row_id: int) -> str:
        """The name of a row that others refer to; "" for none."""
        if entity == "client_type":
            return self.types.get(row_id, "")
        if entity == "team_member":
            return self.members[row_id].name if row_id in self.members else ""
        self.learn(entity, [row_id])
        return self._others[entity, row_id]

    def of_own_fields(self, values: Mapping[str, Value]) -> dict[str, str]:
        """The names of the team members in a client's own fields, by field."""
        fields = self._engine.catalogue.own.values()
        ids = {field.name: values.get(field.name) for field in fields if field.kind is Kind.MEMBER}
        return {name: self.of("team_member", row_id) for name, row_id in ids.items() if isinstance(row_id, int)}

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
        engine = self._engine
        vars(self).clear()
        self._engine, self._others = engine, {}


_TIDIED_AS = BUILT_IN.by_name["display_name"]


class Rules:
    """What the rules say of the patches of one entity. These are the rules that its declaration says."""

    together = 500
    """So many patches are looked at, judged and written at a time."""
    labels: Mapping[str, str] = {}
    """What fields are called in a refusal where that is not their label (untranslated)."""
    activity: tuple[str, Value] = ("", None)
    """The field that says whether a row is active, and what it says then; "" where none does."""
    stays = "row_stays"
    """The refusal to delete a row of an entity whose rows stay."""
    in_use: Mapping[tuple[str, str], str] = {}
    """The refusal to delete a row that another one refers to, by the entity and the field of that one, where it has a
    sentence of its own."""
    managed_by = Action.MANAGE_WORK
    """What an access must allow that writes those fields of a row which are not for everyone."""
    instead = N_("It stays.")
    """What can be done to a row that was added and changed since, where it is not taken back (untranslated)."""

    def __init__(self, entity: str, session: Session, names: Names) -> None:
        self._entity, self._session, self._names = ENTITIES[entity], session, names
        self._authors: Mapping[Key, later_changes.RowAuthors] = {}
        self.referring: Mapping[int, Sequence[patches.Referring]] = {}
        """What refers to the rows that are to be deleted, by their id."""
        self._made: set[Value] = set()
        """Values made here for new rows, which no other row has."""

    def complete(self, values: Mapping[str, Value], new: bool) -> Mapping[str, Value]:
        """Values of some fields as they are kept, tidied as a name is; of a new row, all that it says."""
        return {name: self._tidied(name, value) if isinstance(value, str) else value for name, value in values.items()}

    def _tidied(self, name: str, text: str) -> str:
        attribute = self._entity.by_name.get(name)
        is_name = attribute is not None and isinstance(attribute.bound, Text) and attribute.bound.filled
        return tidy_name(text) if is_name else tidy(_TIDIED_AS, text)

    def asks(self, part: Sequence[Patch]) -> Sequence[Statement]:
        """What is asked of the database, set-wise, to judge completed patches: of what is deleted, what refers to it; of
        what is taken back also what was done to it since it was added."""
        if part[0].after is not None:
            return ()
        entity, asked = self._entity.name, list[Statement]()
        if self._session.undoes is not None:
            asked += later_changes.authors_asked(entity, [patch.key for patch in part])
        if entity in REFERRED_BY:
            asked += patches.referring_asked(entity, [int(patch.key) for patch in part])
        return asked

    def look(self, cases: Sequence[Case], answers: Sequence[Sequence[Any]]) -> None:
        """Takes in the cases and the answers to `asks`, before each is judged; rows that are referred to are read at
        once."""
        if answers and self._session.undoes is not None:
            self._authors, answers = later_changes.authors_of_rows(answers[:2]), answers[2:]
        if answers:
            self.referring = patches.referring_rows(self._entity.name, answers)
        for attribute in self._entity.attributes:
            if attribute.refers_to not in ("", *KNOWN_WHOLE):
                ids = {case.whole[attribute.name] for case in cases if attribute.name in case.changed}
                self._names.learn(attribute.refers_to, [row_id for row_id in ids if isinstance(row_id, int)])

    def problems(self, case: Case) -> list[Problem]:
        """Everything that is wrong with the values that a case changes, errors and warnings."""
        attributes = self._entity.by_name
        wrong = [wrong for name, value in case.changed.items() for wrong in self._of_value(attributes[name], value)]
        return [*self._of_access(case), *wrong]

    def _of_access(self, case: Case) -> Iterator[Problem]:
        """That your access may not write a field, where others of the row are for everyone."""
        if self._entity.added_by is not Access.BASIC or self._session.me.access is not Access.BASIC:
            return
        may, stands = (
            self._entity.writable(Access.BASIC),
            case.present.values if case.present else self._entity.defaults,
        )
        for name, value in case.changed.items():
            if self._entity.by_name[name] not in may and value != stands[name]:
                denied = self._session.denial(self.managed_by)
                if denied is not None:
                    yield denied._replace(field=name)

    def _of_value(self, attribute: Attribute, value: Value) -> Iterator[Problem]:
        name, bound = attribute.name, attribute.bound
        label, of_key = self.labels.get(name, attribute.label), attribute in self._entity.key_attributes
        filled = isinstance(bound, Text) and bound.filled
        if value is None or value == "":
            if of_key or filled:
                yield problem("required", name, label=label)
        elif filled and shows_nothing(str(value)):
            yield problem("required", name, label=label)
        elif attribute.refers_to:
            if not isinstance(value, int) or not self._names.of(attribute.refers_to, value):
                yield problem("no_such_row", name, label=label, value=value)
        elif of_key and "/" in str(value):
            yield problem("not_in_a_key", name, label=label, value=value)
        elif isinstance(bound, Text) and bound.limit and len(str(value)) > bound.limit:
            size = {"length": len(str(value)), "limit": bound.limit}
            yield problem("too_long", name, label=label, value=value, **size)
        elif isinstance(bound, Text) and bound.choices and value not in bound.choices:
            yield problem("not_a_choice", name, label=label, value=value, choices=", ".join(bound.choices))
        elif bound is not None and not bound.holds(value):
            yield problem("out_of_bounds", name, label=label, value=value)

    def keeps(self, case: Case) -> list[Problem]:
        """Why a row is not deleted; [] where it is, unless others refer to it."""
        least, me, admin = self._entity.deleted_by, self._session.me, self._session.firm.primary_admin
        if least is None:
            return [problem(self.stays, name=self.called(case.whole))]
        if self._session.undoes is not None:
            return self._keeps_added(case)
        if least is Access.PRIMARY_ADMIN and me.access is not least:
            return [problem("row_of_admin", name=self.called(case.whole), admin=admin)]
        return []

    def _keeps_added(self, case: Case) -> list[Problem]:
        """Why a row that was added is not taken back; [] where it is."""
        name, me, authors = self.called(case.whole), self._session.me, self._authors.get(case.patch.key)
        if authors is None:
            return [problem("entry_unreadable", name=name)]
        if authors.changer:
            at = local_time(authors.changed_at)
            return [problem("changed_since_added", name=name, who=authors.changer, at=at, instead=self.instead)]
        if me.id not in authors.adders and me.access is not Access.PRIMARY_ADMIN:
            admin = self._session.firm.primary_admin
            other = "" if admin == authors.adder else admin
            return [problem("added_by_other", name=name, who=authors.adder, admin=other)]
        return []

    def referred_to(self, case: Case) -> list[Problem]:
        """Why a row is not deleted that others refer to, a sentence for each field by which they do."""
        row_id, name = int(case.patch.key), self.called(case.whole)
        return [
            problem(
                self.in_use.get((entity, field), "referred_to"),
                name=name,
                entity=ENTITIES[entity].title,
                label=ENTITIES[entity].by_name[field].label,
                count=rows,
                reference=(entity, field),
            )
            for entity, field, rows in self.referring.get(row_id, ())
        ]

    def broken_by_both(self, case: Case) -> list[Problem]:
        """The rules that neither the change nor what somebody else did meanwhile (in `case.others`) has broken, but both
        together; whoever was made inactive meanwhile counts as such."""
        field, active = self.activity
        if field in case.others and (case.patch.before or {})[field] == active:
            return [self.meanwhile(case)]
        return []

    def contested(self, cases: Sequence[Case]) -> Mapping[int, Problem]:
        """Of cases that are right one by one, those that another one of them rules out, by their place: of new rows with
        the same key the first is added."""
        keys: set[Key] = set()
        refused = {}
        for place, case in enumerate(cases):
            if case.patch.key in keys:
                refused[place] = problem("row_there", name=self._called_by(case.patch.key))
            elif case.patch.key:
                keys.add(case.patch.key)
        return refused

    def meanwhile(self, case: Case) -> Problem:
        """That somebody else changed a row, or what matters more of what they did: that they made it inactive. The row is
        called as it was when it was read."""
        assert case.present is not None
        present, before = case.present, case.patch.before or {}
        as_read = {**present.values, **before}
        field, active = self.activity
        if field and before.get(field) == active != present.values[field]:
            who = last_by(self._session, self._entity.name, str(present.id), [field])
            return problem("made_inactive", name=self.called(as_read), who=who)
        return problem("stale", name=self.subject(as_read, case.others))

    def subject(self, as_read: Mapping[str, Value], fields: Sequence[str]) -> str:
        """What a sentence says was changed where these fields of a row were, in words."""
        return self.called(as_read)

    def gone(self, keys: Sequence[Key]) -> Mapping[Key, Problem]:
        """That there are no such rows, by key: the history says how they were called, and who deleted them."""
        deletions = history.deletions(self._session.engine, self._entity.name, keys)
        return {key: self._gone(key, deletions.get(key)) for key in keys}

    def _gone(self, key: Key, entry: history.Entry | None) -> Problem:
        return problem("row_gone", name=self._called_by(key), who=deleted_by(self._session, entry))

    def called(self, values: Mapping[str, Value]) -> str:
        """How a row is called in a sentence: what its values do not say, their key does."""
        name = values.get(self._entity.called_by)
        return str(name) if name else self._called_by(self._entity.key_of(values))

    def _called_by(self, key: Key) -> str:
        return history.name_of(self._session.engine, self._entity.name, key) or f"{_(self._entity.title)} {key}"
