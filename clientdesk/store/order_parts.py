"""What an order of the list is made of: its keys, and the parts that an index walks."""

from typing import Any

from peewee import Expression, Node, Ordering

from clientdesk.named_tuple import NamedTuple


class Key(NamedTuple):
    """One key of an order, and whether it runs downwards."""

    expression: Any
    descending: bool = False

    def turned(self) -> "Key":
        """The same key the other way round."""
        return Key(self.expression, not self.descending)

    def ordering(self) -> Node:
        """As it stands behind ORDER BY."""
        return Ordering(self.expression, "DESC" if self.descending else "ASC")


class Part(NamedTuple):
    """Clients that stand together in an order, sorted by `keys`: those for which its `placing` has these values."""

    values: tuple[object, ...]
    condition: Expression | None
    keys: tuple[Key, ...]
    own_field: int | None = None
    """The own field of which the clients have a value, by which they are sorted: its index is the way through them."""
    own_value: str | None = None
    """What all of them have in the own field by which the list is sorted."""
    swept: Expression | None = None
    """The condition as it is asked on a long way, where it is told of all clients at once."""


class Order(NamedTuple):
    """An order in its parts. `placing` tells of a client in which of them it stands; the first `groups` of it are columns,
    with a part, or several, for each of their values."""

    parts: tuple[Part, ...]
    placing: tuple[Any, ...]
    groups: int = 0
    own_field: int | None = None
    """The own field whose index says how many clients stand in each part; the last part is of those who have nothing."""
