"""What the rules say of a change of a field of the firm's own, of a choice of one, of a tag."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from clientdesk.desk.meanwhile import deleted_by
from clientdesk.desk.patch_judging import Case, Names, Rules
from clientdesk.desk.session import Session
from clientdesk.domain.fold import fold
from clientdesk.domain.own_fields import (
    MOST_CHOICES,
    MOST_FIELDS,
    MOST_TAGS,
    NARROWEST,
    UNIQUE_KINDS,
    WIDEST,
    OwnField,
    OwnKind,
    Tag,
    check_name,
    check_tag,
    choice_called,
    field_called,
)
from clientdesk.domain.patch import Key, Value
from clientdesk.domain.problems import Problem, problem
from clientdesk.domain.rules import called
from clientdesk.store import history, own_values
from clientdesk.store import own_fields as rows
from clientdesk.store.derived_columns import DERIVED
from clientdesk.text import N_, _


class _NamedRules(Rules):
    """What these rules share: no two rows have names that differ in case or accents only, and there are not too many.
    Rows that are judged together are compared with each other, too."""

    taken = ""
    """The refusal of a name that another row has."""
    gone_code = ""
    """The refusal of a change of a row that is gone."""
    had = ""
    """The refusal to delete what clients have."""

    def __init__(self, entity: str, session: Session, names: Names) -> None:
        super().__init__(entity, session, names)
        self._added: Counter[Value] = Counter()
        """How many new rows were right so far, by what they are rows of."""

    @cached_property
    def _fields(self) -> Mapping[int, OwnField]:
        return {field.id: field for field in rows.own_fields(self._session.engine)}

    def keeps(self, case: Case) -> list[Problem]:
        """See Rules: what clients have stays."""
        count = self._clients(case)
        return [problem(self.had, name=self.called(case.whole), count=count)] if count else super().keeps(case)

    def _clients(self, case: Case) -> int:
        """How many clients have the tag, or the choice, or anything in the field."""
        return own_values.clients_having(self._session.engine, *self._had(case))

    def _had(self, case: Case) -> tuple[int, int | None]:
        """The field that clients have, and which choice of it, or which tag (None: anything)."""
        return int(case.patch.key), None

    def contested(self, cases: Sequence[Case]) -> Mapping[int, Problem]:
        """See Rules: of those that are added or renamed together the first one gets a name."""
        refused, names = dict(super().contested(cases)), dict[object, str]()
        for place, case in enumerate(cases):
            if "name" in case.changed:
                name = str(case.whole["name"])
                first = names.setdefault(DERIVED[self._entity.name]["name_key"](case.whole), name)
                if first is not name:
                    refused[place] = problem(self.taken, "name", name=first, of=self._owner(case))
        return refused

    def _owner(self, case: Case) -> str:
        """The name of what a row is one of; "" for the firm."""
        return ""

    def _gone(self, key: Key, entry: history.Entry | None) -> Problem:
        name = str(entry.old.get("name", "")) if entry else ""
        return problem(self.gone_code, name=name or f"#{key}", who=deleted_by(self._session, entry))


class OwnFieldRules(_NamedRules):
    """The rules of a field of the firm's own."""

    labels = {"name": N_("The field's name")}
    taken, gone_code, had = "field_taken", "field_gone", "field_has_values"
    instead = N_("It stays; it can be retired, and its values are kept.")

    def problems(self, case: Case) -> list[Problem]:
        """See Rules."""
        wrong = [self._of_width(bad, case) if bad.field == "width" else bad for bad in super().problems(case)]
        wrong_fields = {refusal.field for refusal in wrong}
        if "name" in case.changed and "name" not in wrong_fields:
            wrong += self._of_name(case)
        if case.changed.get("unique") and not wrong_fields & {"kind", "unique"}:
            kind = OwnKind(str(case.whole["kind"]))
            wrong += self._of_unique(case) if kind in UNIQUE_KINDS else [_never_unique(kind)]
        if case.present is None and not wrong:
            if len(self._fields) + self._added[None] >= MOST_FIELDS:
                return [problem("too_many_own_fields", limit=MOST_FIELDS)]
            self._added[None] += 1
        return wrong

    def _of_unique(self, case: Case) -> list[Problem]:
        """No two clients may have the same value by then."""
        shared = own_values.shared_value(self._session.engine, case.present.id) if case.present is not None else None
        if shared is None:
            return []
        value, holder, other = shared
        about = {"value": value, "holder": called(holder), "other": called(other)}
        return [problem("field_shared", "unique", name=self.called(case.whole), **about)]

    def _of_width(self, wrong: Problem, case: Case) -> Problem:
        return problem("field_width", "width", value=case.whole["width"], least=NARROWEST, most=WIDEST)

    def _of_name(self, case: Case) -> list[Problem]:
        name, own_id = str(case.whole["name"]), case.present.id if case.present is not None else None
        if wrong := check_name(name):
            return wrong
        namesake = field_called((field for field in self._fields.values() if field.id != own_id), name)
        if namesake is None:
            return []
        return [problem("field_taken_retired" if namesake.retired else self.taken, "name", name=namesake.name)]

    def subject(self, as_read: Mapping[str, Value], fields: Sequence[str]) -> str:
        """See Rules."""
        return _("The field {name}").format(name=self.called(as_read))


def _never_unique(kind: OwnKind) -> Problem:
    return problem("field_not_unique", "unique", kind=kind.label)


class OwnChoiceRules(_NamedRules):
    """The rules of a choice."""

    labels = {"name": N_("The choice's name")}
    taken, gone_code, had = "choice_taken", "choice_gone", "choice_has_clients"
    instead = N_("It stays; it can be retired, and clients keep it.")

    def problems(self, case: Case) -> list[Problem]:
        """See Rules: a field of the kind choice alone has choices."""
        wrong, field = super().problems(case), self._fields.get(int(str(case.whole["field"] or 0)))
        if wrong or field is None:
            return wrong
        if field.kind is not OwnKind.CHOICE:
            return [problem("no_choices", name=field.name, kind=field.kind.label)]
        own_id = case.present.id if case.present is not None else None
        others = [choice for choice in field.choices if choice.id != own_id]
        if "name" in case.changed and (namesake := choice_called(others, str(case.whole["name"]))):
            code = "choice_taken_retired" if namesake.retired else self.taken
            return [problem(code, "name", name=namesake.name, of=field.name)]
        if case.present is None:
            if len(others) + self._added[field.id] >= MOST_CHOICES:
                return [problem("too_many_choices", of=field.name, limit=MOST_CHOICES)]
            self._added[field.id] += 1
        return []

    def _had(self, case: Case) -> tuple[int, int | None]:
        return int(str(case.whole["field"] or 0)), int(case.patch.key)

    def _owner(self, case: Case) -> str:
        field = self._fields.get(int(str(case.whole["field"] or 0)))
        return "" if field is None else field.name

    def subject(self, as_read: Mapping[str, Value], fields: Sequence[str]) -> str:
        """See Rules."""
        return _("The choice {name}").format(name=self.called(as_read))


class TagRules(_NamedRules):
    """The rules of a tag."""

    labels = {"name": N_("The tag's name")}
    taken, gone_code, had = "tag_taken", "tag_gone", "tag_in_use"
    instead = N_("It stays; it can be renamed, or deleted where no client has it.")

    def _had(self, case: Case) -> tuple[int, int | None]:
        return 0, int(case.patch.key)

    @cached_property
    def _tags(self) -> Mapping[str, Tag]:
        """The tags by their folded names."""
        return {fold(tag.name): tag for tag in rows.tags(self._session.engine)}

    def problems(self, case: Case) -> list[Problem]:
        """See Rules."""
        wrong = super().problems(case)
        if wrong or "name" not in case.changed:
            return wrong
        name, own_id = str(case.whole["name"]), case.present.id if case.present is not None else None
        if wrong := check_tag(name):
            return wrong
        namesake = self._tags.get(fold(name))
        if namesake is not None and namesake.id != own_id:
            return [problem(self.taken, "name", name=namesake.name)]
        if case.present is None:
            if len(self._tags) + self._added[None] >= MOST_TAGS:
                return [problem("too_many_tags", limit=MOST_TAGS)]
            self._added[None] += 1
        return []

    def subject(self, as_read: Mapping[str, Value], fields: Sequence[str]) -> str:
        """See Rules."""
        return _("The tag {name}").format(name=self.called(as_read))
