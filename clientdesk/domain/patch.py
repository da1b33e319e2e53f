"""The one form of every change: what one row was and shall be, in field names; and what became of it."""

from collections.abc import Mapping, Sequence
from enum import Enum

from clientdesk.domain.problems import Problem
from clientdesk.named_tuple import NamedTuple

Value = str | int | None
"""What a field holds: text, a number or a yes or no (1, 0), and for a reference the id of the row that it names."""

Key = str
"""Which row of an entity it is, as one canonical text: the id ("7"), or ids and a period joined by "/" ("7/3/2026-11").
"" for a row that gets its id, or whose key follows from its values, when it is added."""

RowId = int | tuple[int | str, ...]
"""What the columns hold that tell a row from all others: its id, or ids and a period."""


class Patch(NamedTuple):
    """A change of one row of an entity.

    `before` None says that the row is added, `after` None that it is deleted; the other one is whole then. Where a row
    is changed, `after` has the fields that shall change. What `before` says of these is compared with what stands
    there; of a field that it does not name, anything may stand there. What it says of other fields is what the change
    relied on: it is looked at where the row breaks a rule. A reference is the id of the row that it names, under the
    field's name; names are for people, and stand at the edge.
    """

    entity: str
    key: Key
    before: Mapping[str, Value] | None
    after: Mapping[str, Value] | None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it changes."""
        return tuple(self.after if self.after is not None else self.before or ())


class Stored(NamedTuple):
    """A row as it stands: its id (0 where its key is of several parts), its count of changes, its values by field, the
    names of the rows that it refers to, and the keys by which no two rows are the same, by column."""

    id: int
    version: int
    values: Mapping[str, Value]
    names: Mapping[str, str]
    keys: Mapping[str, object] = {}


class Verdict(Enum):
    """What became of a patch."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    """It stood there already."""
    CHANGED = "changed"
    """Something else stands there than the patch says, in a field that it changes; or the row that it would make breaks
    a rule which it broke neither before nor as it stands."""
    REFUSED = "refused"
    GONE = "gone"


class Outcome(NamedTuple):
    """What became of a patch.

    `patch` is what was written, exactly (both sides name the fields that differ, an added row has its key), or what was
    to be written. `problems` are the warnings of what was written, or why it was not. `present` is the row as it stands
    now (None where there is none). `fields` are those in which something else stands there, `by` who changed them, where
    that was asked for.
    """

    patch: Patch
    verdict: Verdict
    problems: Sequence[Problem] = ()
    present: Stored | None = None
    fields: tuple[str, ...] = ()
    by: str = ""
