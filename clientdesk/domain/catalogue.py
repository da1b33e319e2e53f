"""The catalogue of a client's fields: those that the program is built with, and the firm's own behind them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from clientdesk.domain.fields import CHANGED, FIELDS, Field, Kind

_DEFAULTS = {"status": "active", "primary_admin": "client"}
"""What a new client has in a field that is never empty."""


@dataclass(frozen=True)
class Catalogue:
    """The fields of a firm's clients, in their order. It never changes: where an own field does, there is another one."""

    fields: tuple[Field, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by their names, in their order, and behind them what else a list is filtered by."""
        return {field.name: field for field in (*self.fields, CHANGED)}

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
        """The fields whose value is an id of something else of the firm."""
        return tuple(field.name for field in self.fields if field.kind in (Kind.CLIENT_TYPE, Kind.MEMBER))

    @cached_property
    def searched(self) -> tuple[str, ...]:
        """The fields in which Find looks."""
        return tuple(field.name for field in self.fields if field.searched)

    @cached_property
    def form_fields(self) -> tuple[Field, ...]:
        """The fields that the form of a client changes."""
        return tuple(field for field in self.fields if field.editor == "form")

    @cached_property
    def new_fields(self) -> tuple[Field, ...]:
        """The fields that the form of a new client has."""
        return tuple(field for field in self.fields if field.editor in ("form", "new"))

    @cached_property
    def first_columns(self) -> tuple[str, ...]:
        """The columns of a list that nobody has customized."""
        return tuple(field.name for field in self.fields if field.column)

    @cached_property
    def empty(self) -> Mapping[str, str]:
        """What a new client has that says nothing else, by field."""
        return {name: _DEFAULTS.get(name, "") for name in self.names}

    @cached_property
    def _by_key(self) -> Mapping[str, Field]:
        by_title = {_key(field.title): field for field in (CHANGED, *reversed(self.fields))}
        return by_title | {_key(field.name): field for field in self.by_name.values()}

    def called(self, text: str) -> Field | None:
        """The field that a person means by its name (client-number and CLIENT_NUMBER too), else by its title, without case
        and accents; None for none."""
        return self._by_key.get(_key(text))


def _key(text: str) -> str:
    """What makes two names of a field the same."""
    from clientdesk.domain.fold import fold  # which asks this module where Find looks

    return fold(text.replace("_", " ").replace("-", " "))


BUILT_IN = Catalogue(FIELDS)
"""The fields that every firm has."""
