"""The catalogue of a client's fields: those that the program is built with, and the firm's own behind them."""

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType

from clientdesk.domain.fields import CHANGED, FIELDS, Field, Kind, Section
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_

_DEFAULTS = {"status": "active", "primary_admin": "client"}
"""What a new client has in a field that is never empty."""


class _Fields(NamedTuple):
    fields: tuple[Field, ...]
    retired: tuple[Field, ...] = ()
    """Own fields that stand nowhere any more, but whose values are kept."""
    tags: Field | None = None
    """The field of the tags, which stands among the fields as soon as there is one; None where a catalogue has none."""
    templates: Mapping[int, str] = MappingProxyType({})
    """The templates of work that are in use, by id in their order."""
    period_kinds: Mapping[int, str] = MappingProxyType({})
    """The kinds of these templates' periods, by id."""
    work_states: Mapping[int, Mapping[int, str]] = MappingProxyType({})
    """The states between the first and the last one of these templates' work, by id: their names by their numbers, in order."""
    of_work: tuple[Field, ...] = ()
    """What lists have of the clients' work; nothing where no template is in use."""


class Catalogue(_Fields):
    """The fields of a firm's clients, in their order. It never changes: where an own field does, there is another one."""

    __repr__ = object.__repr__

    @cached_property
    def own(self) -> Mapping[str, Field]:
        """The firm's own fields and that of the tags by their names, the retired ones too."""
        kinds_of_own = (field for field in (*self.fields, *self.retired) if field.own or field.kind is Kind.TAGS)
        return {field.name: field for field in kinds_of_own}

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by their names, in their order; that of the tags also where there is none yet. Behind them what else a
        list is filtered by."""
        return {field.name: field for field in (*self.with_tags, *self.listed)}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of what a list may have in its columns: the fields, and behind them what lists have besides."""
        return (*self.names, *(field.name for field in self.listed))

    @cached_property
    def listed(self) -> tuple[Field, ...]:
        """What lists have besides the fields: when a client was changed last, and the clients' work."""
        return (CHANGED, *self.of_work)

    @cached_property
    def without_work(self) -> "Catalogue":
        """The same without what lists have of the clients' work: for filters from which work follows."""
        return Catalogue(*self._replace(of_work=())) if self.of_work else self

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the fields."""
        return tuple(field.name for field in self.fields)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each field in their order, by its name."""
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def referring(self) -> tuple[str, ...]:
        """The built-in fields whose value is an id of something else of the firm."""
        kinds = (Kind.CLIENT_TYPE, Kind.MEMBER)
        return tuple(field.name for field in self.fields if field.kind in kinds and not field.own)

    @cached_property
    def searched(self) -> tuple[str, ...]:
        """The fields in which Find looks."""
        return tuple(field.name for field in self.fields if field.searched)

    @cached_property
    def form_fields(self) -> tuple[Field, ...]:
        """The fields that the form of a client changes."""
        return tuple(field for field in self.with_tags if field.editor == "form")

    @cached_property
    def new_fields(self) -> tuple[Field, ...]:
        """The fields that the form of a new client has."""
        return tuple(field for field in self.with_tags if field.editor in ("form", "new"))

    @cached_property
    def with_tags(self) -> tuple[Field, ...]:
        """The fields, and that of the tags where there is none yet: typing one makes it."""
        if self.tags is None or self.tags in self.fields:
            return self.fields
        place = sum(1 for field in self.fields if field.section is self.tags.section)
        return (*self.fields[:place], self.tags, *self.fields[place:])

    @cached_property
    def first_columns(self) -> tuple[str, ...]:
        """The columns of a list that nobody has customized."""
        return tuple(field.name for field in self.fields if field.column)

    @cached_property
    def empty(self) -> Mapping[str, str]:
        """What a new client has that says nothing else, by field."""
        return {name: _DEFAULTS.get(name, "") for name in self.names}

    def known(self, name: str) -> Field | None:
        """The field of this name, also one that stands nowhere any more; None for none."""
        return self.by_name.get(name) or self.own.get(name)

    def field(self, name: str) -> Field:
        """The field of this name for what is told of it: one that nobody knows any more is called by its name."""
        return self.known(name) or Field(name, name, Section.MAIN, own=True)

    @cached_property
    def _by_key(self) -> Mapping[str, Field]:
        by_title = {name_key(field.title): field for field in (*reversed(self.listed), *reversed(self.fields))}
        of_tags = {name_key(self.tags.name): self.tags} if self.tags is not None else {}
        return of_tags | by_title | {name_key(field.name): field for field in (*self.listed, *self.fields)}

    def called(self, text: str) -> Field | None:
        """The field that a person means by its name (client-number and CLIENT_NUMBER too), else by its title, without case
        and accents; None for none."""
        return self._by_key.get(name_key(text))


def name_key(text: str) -> str:
    """What makes two names of a field the same: client-number, CLIENT_NUMBER and Client number are one."""
    from clientdesk.domain.fold import fold  # which asks this module where Find looks

    return fold(text.replace("_", " ").replace("-", " "))


_SEVERAL = N_("several have commas between them")
NO_TAGS = Field("tags", N_("Tags"), Section.MAIN, Kind.TAGS, 20, 0, ("Tags", "Etiquetas"), hint=_SEVERAL)
"""The field of the tags of a firm that has none yet."""
BUILT_IN = Catalogue(FIELDS, (NO_TAGS,), NO_TAGS)
"""The fields that every firm has."""
