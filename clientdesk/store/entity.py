"""What an entity with history is: its attributes, its key, who may write it; and the short ways to declare attributes."""

from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType

from clientdesk.domain.access import Access, reaches
from clientdesk.domain.bounds import Bound, Number
from clientdesk.domain.patch import Key, Value
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_

_NO_WORDS: Mapping[Value, str] = MappingProxyType({})


class Attribute(NamedTuple):
    """One field of an entity.

    `name` is the word that patches and the history use, `column` where the table holds it, `label` what a person reads
    (untranslated). `refers_to` is the entity whose id it holds, "" for a value; `number` says that the value is one.
    `words` are what a person reads for values that speak in a code (untranslated). `default` is what a row has of which
    an older history does not speak, and what a new row has that does not say it. `shown` is false for what says
    nothing to a person. `parts` says what a person reads of a value that is kept in a form of its own, part by part, by label. `once` says that it
    is set when the row is added and never changes. `bound` is what the column may hold, None where the table says it or it
    is a reference; `writers` the least access that may change it. One `of_many` has many fields in it, each of which patches
    name by itself.
    """

    name: str
    label: str
    column: str
    refers_to: str = ""
    default: Value = ""
    number: bool = False
    words: Mapping[Value, str] = _NO_WORDS
    shown: bool = True
    once: bool = False
    bound: Bound | None = None
    writers: Access = Access.FULL
    parts: Callable[[object], Mapping[str, str]] | None = None
    of_many: bool = False


class _Declaration(NamedTuple):
    """What is declared of something that the firm keeps, with a history: its table, its attributes, and how a row is
    called.

    `called_by` is the attribute that names a row to people; "" for one that is called by its key, whose parts name it. `unique` are the columns besides the key of which no two
    rows have the same value. `identity` are the columns that make its key: a counted id, or ids and a period, which are
    attributes that never change (`once`). `single` says that there is one row, which is made with the firm. `deleted_by`
    is the least access that may delete a row, None where nobody may; `added_by` the least that may add one, which takes
    back by itself what it has added.
    """

    name: str
    title: str
    attributes: tuple[Attribute, ...]
    called_by: str
    unique: tuple[str, ...] = ()
    identity: tuple[str, ...] = ("id",)
    single: bool = False
    deleted_by: Access | None = None
    added_by: Access = Access.FULL


class Entity(_Declaration):
    """Something that the firm keeps. There is one of each."""

    __eq__, __hash__, __repr__ = object.__eq__, object.__hash__, object.__repr__

    @cached_property
    def by_name(self) -> Mapping[str, Attribute]:
        """The attributes by their names."""
        return {attribute.name: attribute for attribute in self.attributes}

    @cached_property
    def defaults(self) -> Mapping[str, Value]:
        """What a new row has that does not say it, by field."""
        return {attribute.name: attribute.default for attribute in self.attributes if not attribute.of_many}

    def writable(self, access: Access) -> tuple[Attribute, ...]:
        """The attributes that an access may write: of a row that it may add, also those that never change."""
        return tuple(
            attribute
            for attribute in self.attributes
            if reaches(access, self.added_by if attribute.once else attribute.writers)
        )

    @cached_property
    def references(self) -> tuple[Attribute, ...]:
        """The attributes that refer to other rows."""
        return tuple(attribute for attribute in self.attributes if attribute.refers_to)

    @property
    def counted(self) -> bool:
        """Whether its rows have ids that are reserved before they are given."""
        return self.identity == ("id",) and not self.single

    @property
    def fixed(self) -> tuple[str, ...]:
        """The columns that never change."""
        of_row = (attribute.column for attribute in self.attributes if attribute.once)
        return tuple(dict.fromkeys((*self.identity, *of_row)))

    @cached_property
    def key_attributes(self) -> tuple[Attribute, ...]:
        """The attributes that make its key, in that order; none where that is an id."""
        by_column = {attribute.column: attribute for attribute in self.attributes}
        return tuple(by_column[column] for column in self.identity if column in by_column)

    def key_of(self, values: Mapping[str, Value]) -> Key:
        """The key that follows from a row's values, by field; "" where one of its parts is missing or can be no part of a
        key, or where the key is an id."""
        parts = [values.get(attribute.name) for attribute in self.key_attributes]
        is_whole = all(part not in (None, "") and "/" not in str(part) for part in parts)
        return "/".join(map(str, parts)) if is_whole else ""

    def key_sql(self, row: str) -> str:
        """The expression, on either engine, that makes the key of a row (NEW, or the name of a table)."""
        return " || '/' || ".join(f"CAST({row}.{column} AS TEXT)" for column in self.identity)


def value(name: str, label: str, **options: object) -> Attribute:
    """A text."""
    return Attribute(name, label, name, **options)  # type: ignore[arg-type]  # the attribute's own fields


def number(name: str, label: str, default: int | None = 0, **options: object) -> Attribute:
    """A number."""
    return value(name, label, default=default, number=True, **options)


def reference(name: str, label: str, entity: str, once: bool = False, writers: Access = Access.FULL) -> Attribute:
    """The row of an entity, in the column NAME_id."""
    return Attribute(name, label, f"{name}_id", entity, None, once=once, writers=writers)


_YES_NO: Mapping[Value, str] = {1: N_("Yes"), 0: N_("No")}


def switch(name: str, label: str, column: str = "") -> Attribute:
    """A yes or no, kept as 1 or 0."""
    return Attribute(name, label, column or name, default=0, number=True, words=_YES_NO, bound=Number(0, 1))


POSITION = Attribute("position", N_("Place"), "place", default=0, number=True, bound=Number(0, 1_000_000))
"""Where it stands among its like."""
