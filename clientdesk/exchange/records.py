"""What an import hands out: rows with their verdicts, counts, and what the person chose."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from clientdesk.desk.import_records import NOTHING, How
from clientdesk.desk.records import FieldChange
from clientdesk.domain.problems import Problem


class ImportKind(StrEnum):
    """The two kinds of lists that come in."""

    NUMBERS = "numbers"
    CLIENTS = "clients"


class Verdict(StrEnum):
    """What an import makes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    SKIPPED = "skipped"  # likely duplicates that the person does not want
    LEFT_OUT = "left_out"  # not written, because the import was stopped


class Counts(NamedTuple):
    """How many rows a file has, and how many of each verdict."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    skipped: int = 0
    left_out: int = 0

    @property
    def in_firm(self) -> int:
        """How many rows are in the firm once the import has ended: new, changed, or as the firm has them."""
        return self.new + self.changed + self.unchanged


class Retries(NamedTuple):
    """What became of refused rows that were tried again: how many are in now, are skipped as likely duplicates, are
    still refused; and what others did with some of them meanwhile (line of the file, sentence)."""

    in_firm: int = 0
    skipped: int = 0
    refused: int = 0
    elsewhere: tuple[tuple[int, Problem], ...] = ()


class PlanRow(NamedTuple):
    """One row of the file: its place among the rows (from 1, never changes), the line on which it starts, its cells.

    `problem` is why it is refused, `notices` what the person should know; `client` the display name of the client
    it meets ("" for a new one); `changes` what it changes, as a person reads it; `written` whether it is committed.
    """

    id: int
    line: int
    cells: tuple[str, ...]
    verdict: Verdict
    problem: Problem | None
    notices: tuple[Problem, ...]
    client: str
    changes: tuple[FieldChange, ...]
    written: bool


class ClientSetup(NamedTuple):
    """What the person chose for a client list.

    `columns`: for each column of the file a field's name, or "" to ignore it; several columns may become one field.
    `dates`: what comes first in dates whose day and month cannot be told apart: "dmy", "mdy", or "" where nobody has
    said (such rows are refused). The rest is as in `How`.
    """

    columns: tuple[str, ...]
    key: str = ""
    clears: frozenset[str] = frozenset()
    types: Mapping[str, str] = NOTHING
    leads: Mapping[str, str] = NOTHING
    duplicates: Mapping[int, str] = MappingProxyType({})
    duplicate_default: str = "skip"
    dates: str = ""

    @property
    def how(self) -> How:
        """How the rows meet the firm."""
        return How(self.key, self.clears, self.types, self.leads, self.duplicates, self.duplicate_default)
