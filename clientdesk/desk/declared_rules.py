"""What the rules say of a change of an entity that has none of its own: what its declaration says."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clientdesk.desk.firm_rules import Rules
from clientdesk.desk.judging import KNOWN_WHOLE, Case, Names, kept_added
from clientdesk.desk.meanwhile import deleted_by
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.bounds import Text
from clientdesk.domain.patch import Key, Value
from clientdesk.domain.problems import Problem, problem
from clientdesk.store import history, undoing
from clientdesk.store.entities import ENTITIES, Attribute
from clientdesk.text import _

_TOGETHER = 500


class DeclaredRules(Rules):
    """See `patches.Rules`."""

    together = _TOGETHER

    def __init__(self, entity: str, session: Session, names: Names) -> None:
        super().__init__(session, names)
        self._entity = ENTITIES[entity]

    def look(self, cases: Sequence[Case], answers: Sequence[Sequence[Any]]) -> None:
        """See Rules: the rows that are referred to are read at once."""
        for attribute in self._entity.attributes:
            if attribute.refers_to not in ("", *KNOWN_WHOLE):
                ids = {case.whole[attribute.name] for case in cases if attribute.name in case.changed}
                self._names.learn(attribute.refers_to, [row_id for row_id in ids if isinstance(row_id, int)])

    def problems(self, case: Case) -> list[Problem]:
        """See Rules."""
        if case.patch.after is None:
            return self._of_deletion(case)
        attributes = self._entity.by_name
        return [wrong for name in case.changed for wrong in self._of_value(attributes[name], case.whole[name])]

    def _of_deletion(self, case: Case) -> list[Problem]:
        key, least = case.patch.key, self._entity.deleted_by
        if least is None:
            return [problem("row_stays", name=self._called_by(key))]
        if self._session.undoes is not None:
            standing = undoing.standing(
                self._session.engine.together(*undoing.standing_asked(self._entity.name, [key]))
            )
            return kept_added(self._session, self._called_by(key), standing.get(key))
        if least is Access.PRIMARY_ADMIN and self._session.me.access is not least:
            return [problem("row_of_admin", name=self._called_by(key), admin=self._session.firm.primary_admin)]
        return []

    def _of_value(self, attribute: Attribute, value: Value) -> Iterator[Problem]:
        """What is wrong with a value, each thing that is."""
        name, label, bound = attribute.name, attribute.label, attribute.bound
        of_key = attribute in self._entity.key_attributes
        if value is None or value == "":
            if of_key or (isinstance(bound, Text) and bound.filled):
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

    def contested(self, cases: Sequence[Case]) -> Mapping[int, Problem]:
        """See Rules: of new rows with the same key the first is added."""
        seen: set[Key] = set()
        refused = {}
        for place, case in enumerate(cases):
            if case.patch.key in seen:
                refused[place] = problem("row_there", name=self._called_by(case.patch.key))
            elif case.patch.key:
                seen.add(case.patch.key)
        return refused

    def gone(self, keys: Sequence[Key]) -> Mapping[Key, Problem]:
        """See Rules."""
        deletions = history.deletions(self._session.engine, self._entity.name, keys)
        who = {key: deleted_by(self._session, deletions.get(key)) for key in keys}
        return {key: problem("row_gone", name=self._called_by(key), who=who[key]) for key in keys}

    def called(self, values: Mapping[str, Value]) -> str:
        """See Rules: what its values do not say, their key does."""
        name = values.get(self._entity.called_by)
        return str(name) if name else self._called_by(self._entity.key_of(values))

    def _called_by(self, key: Key) -> str:
        return history.name_of(self._session.engine, self._entity.name, key) or f"{_(self._entity.title)} {key}"
