"""What an import hands out: rows with their verdicts, what the person chose, and what the firm keeps of it."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from clientdesk.desk.records import FieldChange
from clientdesk.domain.import_decisions import ADD, LIKELY_DUPLICATE, Decision
from clientdesk.domain.judged_row import Counts, Says
from clientdesk.domain.problems import Problem, refuse
from clientdesk.store.judged_rows import StoredRow

NOTHING: Mapping[str, Decision] = MappingProxyType({})


class ImportKind(StrEnum):
    """The two kinds of lists that come in."""

    NUMBERS = "numbers"
    CLIENTS = "clients"


class ClientSetup(NamedTuple):
    """What the person chose for a client list.

    `columns`: for each column of the file a field's name, or "" to ignore it; several columns may become one field.
    `key`: "" adds only, else the field by which clients are found and updated (company_id, client_number,
    display_name); rows that find none are added. `clears`: fields whose blank cells clear the value. `types` and
    `leads`: what becomes of a name that the firm does not know (only a client type is ever created); names that are
    not in there are refused. `duplicates`: what is done with a row; for the others see `decided`. `dates`: what comes
    first in dates whose day and month cannot be told apart: "dmy", "mdy", or "" where nobody has said (such rows are
    refused).
    """

    columns: tuple[str, ...] = ()
    key: str = ""
    clears: frozenset[str] = frozenset()
    types: Mapping[str, Decision] = NOTHING
    leads: Mapping[str, Decision] = NOTHING
    duplicates: Mapping[int, Decision] = MappingProxyType({})
    duplicate_default: Decision = LIKELY_DUPLICATE
    dates: str = ""

    def decided(self, row: int, says: Says, *, alike: bool) -> Decision:
        """What is done with a row that finds no client; `alike` says that it is likely one that is there already."""
        # A row that brings a Company ID of its own says itself that it is another client.
        default = self.duplicate_default if alike and not says.get("company_id") else ADD
        return self.duplicates.get(row, default)


class PlanRow(StoredRow):
    """A row of the plan, as a person reads it."""

    __slots__ = ()

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """What it changes; of a new client, what it says."""
        return tuple(self._changes())

    def _changes(self) -> Iterator[FieldChange]:
        for name, value in self.becomes.items():
            field, old = self.catalogue.known(name), self.before.get(name, "")
            if field is not None and (value or old):
                yield FieldChange(
                    name, field.title, field.display(old) if old else "", field.display(value) if value else ""
                )


class Retries(NamedTuple):
    """What became of refused rows that were tried again: how many are in now, are skipped as likely duplicates, are
    still refused; and what others did with some of them meanwhile (line of the file, sentence)."""

    in_firm: int = 0
    skipped: int = 0
    refused: int = 0
    elsewhere: tuple[tuple[int, Problem], ...] = ()


class Run(NamedTuple):
    """An import as it is kept: when (ISO 8601, UTC), numbers or clients, the file's path, who, and the counts.

    `state` is "running", "done" or "stopped" (by the person, or because the program ended); `left_out` are the rows
    that were not written because it was stopped. `unreadable` names the columns in which another program left what
    they may not hold.
    """

    id: int
    at: str
    kind: str
    file: str
    who: str
    rows: int
    new: int
    changed: int
    unchanged: int
    refused: int
    skipped: int
    left_out: int
    state: str
    unreadable: tuple[str, ...] = ()

    @property
    def counts(self) -> Counts:
        """How many rows have each verdict."""
        return Counts(*self[5:12])


class Logged(NamedTuple):
    """A refused row as it is kept: the line on which it starts, its headings with their cells, and why."""

    line: int
    cells: tuple[tuple[str, str], ...]
    problem: Problem


class Retried(NamedTuple):
    """What became of a row of an error log that was tried again: "refused", "new", "changed", "unchanged", or
    "skipped" as a likely duplicate; when (ISO 8601, UTC) and by whom it was tried last, "" where nobody did."""

    verdict: str = "refused"
    at: str = ""
    who: str = ""


class KeptRow(NamedTuple):
    """A row of an error log: its place among the rows of the file (from 1), what is kept of it, what became of it."""

    place: int
    logged: Logged
    retried: Retried


class KeptRun(NamedTuple):
    """An import that is kept, and what was chosen for it, as the caller gave it; None where that was not kept."""

    run: Run
    setup: Mapping[str, object] | None


class SavedMapping(NamedTuple):
    """A mapping of a file's columns that was saved under a name; `content` is the caller's, as JSON can hold it; None
    where another program left what cannot be read."""

    name: str
    content: Mapping[str, object] | None

    @property
    def columns(self) -> Mapping[str, object]:
        """The content. Refused ("mapping_unreadable") where it cannot be read."""
        if self.content is None:
            raise refuse("mapping_unreadable", name=self.name)
        return self.content
