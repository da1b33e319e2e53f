"""What an order of the list is made of: its keys, and the parts that an index walks."""

from collections.abc import Callable
from typing import Any

from peewee import Expression, Node, Ordering

from clientdesk.named_tuple import NamedTuple


class Beside(NamedTuple):
    """A table beside that of the clients, whose index has those of them in order that have a value in it.

    `name` tells it from all others. `key` is the column by which its index sorts, `of` the condition that a row is one of it,
    both of the table or of an alias of it; `nothing` is less than all that can stand in the key.
    """

    name: tuple[object, ...]
    table: Any
    key_of: Callable[[Any], Any]
    of: Callable[[Any], Any]
    nothing: object = ""

    @property
    def client(self) -> Any:
        """The column of the client's id."""
        return self.table.client_id

    @property
    def key(self) -> Any:
        """The column by which the index sorts."""
        return self.key_of(self.table)

    @property
    def condition(self) -> Any:
        """That a row is one of it."""
        return self.of(self.table)

    def alias(self) -> "Beside":
        """The same under a name of its own in a statement."""
        return self._replace(table=self.table.alias())


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
    beside: Beside | None = None
    """The table in which the clients have a value, by which they are sorted: its index is the way through them."""
    value: object = None
    """What all of them have in the table beside by which the list is sorted."""
    swept: Expression | None = None
    """The condition as it is asked on a long way, where it is told of all clients at once."""


class Order(NamedTuple):
    """An order in its parts. `placing` tells of a client in which of them it stands; the first `groups` of it are columns,
    with a part, or several, for each of their values."""

    parts: tuple[Part, ...]
    placing: tuple[Any, ...]
    groups: int = 0
    beside: Beside | None = None
    """The table whose index says how many clients stand in each part; the last part is of those who have nothing."""
