"""What clients have in the firm's own fields, on their way into another firm: by the fields' names, never by ids.

A field of the other firm that is called so, and is of the same kind, takes the value; tags that it does not have are made
there. A client with a value for which there is no place is refused, so that none is lost without a word.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from clientdesk.desk.session import Session
from clientdesk.domain import own_value_rules
from clientdesk.domain.catalogue import Catalogue
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.fold import fold
from clientdesk.domain.own_fields import TAGS
from clientdesk.domain.own_values import is_own, sort_key
from clientdesk.domain.problems import Problem, problem
from clientdesk.store import clients as rows
from clientdesk.store import firm


class _Place(NamedTuple):
    """An own field of the firm that clients leave, and that of the other one in its place; None where there is none."""

    leaves: Field
    arrives: Field | None


class OwnValues:
    """How the values of one firm's own fields become those of another one's."""

    def __init__(self, session: Session, other: Session) -> None:
        self._firm = other.firm.name
        self._engine = other.engine
        self._places = [
            _Place(field, _same(field, other.catalogue)) for field in session.catalogue.fields if is_own(field.name)
        ]
        members = firm.called_by_id(other.engine).values() if self._places else ()
        self._members = {fold(member.name) for member in members if member.active}

    def there(self, values: Mapping[str, str]) -> dict[str, str]:
        """A client's values with those of own fields under their names in the other firm."""
        arriving = {name: value for name, value in values.items() if not is_own(name)}
        for leaves, arrives in self._places:
            if arrives is not None and (value := values.get(leaves.name)):
                arriving[arrives.name] = value
        return arriving

    def problems(self, values: Mapping[str, str]) -> Iterator[Problem]:
        """Why the other firm has no place for what a client has in own fields."""
        for leaves, arrives in self._places:
            if not (value := values.get(leaves.name)):
                continue
            if arrives is None:
                yield problem("no_own_field_there", leaves.name, firm=self._firm, label=leaves.label, value=value)
            elif arrives.kind is Kind.MEMBER:
                if fold(value) not in self._members:
                    yield problem("own_member", leaves.name, label=leaves.label, value=value)
            else:
                wrong = own_value_rules.wrong(arrives, own_value_rules.kept(arrives, value))
                if wrong is not None and wrong.code not in ("unknown_tag", "no_tags"):
                    yield wrong

    def taken(self, coming: Sequence[Mapping[str, str]]) -> dict[str, list[Problem]]:
        """By Company ID why clients that come cannot have what is unique in the other firm: somebody has it there, or
        comes before them."""
        unique = [place for place in self._places if place.arrives is not None and place.arrives.unique]
        wanted = [
            (place, values, sort_key(value))
            for place in unique
            for values in coming
            if (value := values.get(place.leaves.name))
        ]
        keys: dict[str, set[str]] = {}
        for (_leaves, arrives), _values, key in wanted:
            assert arrives is not None
            keys.setdefault(arrives.name, set()).add(key)
        asked = rows.rivals_asked((), (), (), (), keys)
        holders = (
            dict(rows.rivals(row for answer in self._engine.together(*asked) for row in answer).own) if asked else {}
        )
        problems: dict[str, list[Problem]] = {}
        for (leaves, arrives), values, key in wanted:
            assert arrives is not None
            _id, holder = holders.setdefault((arrives.name, key), (0, values["display_name"]))
            if holder is not values["display_name"]:
                taken = own_value_rules.own_taken(leaves, values[leaves.name], holder)
                problems.setdefault(values["company_id"], []).append(taken)
        return problems


def _same(field: Field, catalogue: Catalogue) -> Field | None:
    """The field of another firm that is the same: by its name and its kind."""
    if field.kind is Kind.TAGS:
        return catalogue.tags
    same = catalogue.called(field.label)
    is_same = same is not None and same.own and same.kind is field.kind and bool(same.choices) == bool(field.choices)
    return same if is_same else None


def add_tags(other: Session, coming: Iterable[Mapping[str, str]]) -> None:
    """Adds the tags that clients bring and the other firm does not have, as a part of the use case that calls it."""
    names: dict[str, str] = {}
    for values in coming:
        for name in own_value_rules.tag_names(values.get(TAGS, "")):
            names.setdefault(fold(name), name)
    if missing := [name for key, name in names.items() if key not in _there(other.catalogue)]:
        from clientdesk.desk import tags

        tags.tag_ids(other, missing, create=True)
        other.read_own_fields()


def _there(catalogue: Catalogue) -> Collection[str]:
    of_tags = catalogue.known(TAGS)
    return {fold(name) for name in of_tags.called.values()} if of_tags is not None else ()
