"""How a query becomes text: as Peewee does it, only that a column of a table, which is most of a query, is written at
once instead of through four nodes that are made and forgotten."""

from typing import Any

from peewee import SCOPE_VALUES, Context, Field, FieldAlias


class Wording(Context):
    """A query on its way to text; `context_class` of both engines' databases."""

    __slots__ = ()

    def sql(self, obj: Any) -> Any:
        """Adds a part of a query."""
        if not isinstance(obj, Field) or isinstance(obj, FieldAlias):
            return super().sql(obj)  # type: ignore[no-untyped-call]  # Peewee
        state = self.state
        quote = state.settings.get("quote") or '""'
        column = f"{quote[0]}{obj.column_name}{quote[1]}"
        if state.scope != SCOPE_VALUES:
            table = obj.model._meta.table
            column = f"{quote[0]}{self.alias_manager[table]}{quote[1]}.{column}"
        return self.literal(column)
