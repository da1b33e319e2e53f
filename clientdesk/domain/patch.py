"""The one form of every change: what one row was and shall be, in field names."""

from collections.abc import Mapping
from typing import NamedTuple

Value = str | int | None
"""What a field holds: text, a number or a yes or no (1, 0), and for a reference the id of the row that it names."""

Key = str
"""Which row of an entity it is, as one canonical text: the id ("7"), or ids and a period joined by "/" ("7/3/2026-11")."""


class Patch(NamedTuple):
    """A change of one row of an entity.

    `before` and `after` name the same fields where a row is changed. `before` None says that the row is added, `after`
    None that it is deleted; the other one is whole then. A reference is the id of the row that it names, under the
    field's name; names are for people, and stand at the edge.
    """

    entity: str
    key: Key
    before: Mapping[str, Value] | None
    after: Mapping[str, Value] | None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it speaks of."""
        return tuple(self.after if self.after is not None else self.before or ())

    @property
    def inverse(self) -> "Patch":
        """The patch that takes this one back."""
        return Patch(self.entity, self.key, self.after, self.before)
