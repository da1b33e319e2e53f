"""What the desk makes of the rows of a list before they are written, and what it hands out of imports."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from clientdesk.domain.problems import Problem, refuse

NOTHING: Mapping[str, str] = MappingProxyType({})


class Draft(NamedTuple):
    """What one row of a list wants of the firm as it stands now.

    `row` is the caller's number of the row. `problem` refuses it; `notices` are told. `client_id` is the client it
    meets (0: a new one), `version` and `name` are that client's. `values` has the stored text of each field that it
    changes (of a new client: every field); `before` what stands in those fields now. Rows of one file with the same
    `identity` speak of one client ("" for none). `claim` is the key of the client number that the client has in the
    end ("" for none), `holder` the id of the client that bears it now (0: nobody), which may be the client itself,
    and `holder_name` its display name. `leaves` says that the client gives up the number that it bears now.
    `skipped` rows are left out because the person wants so.
    """

    row: int
    problem: Problem | None = None
    notices: tuple[Problem, ...] = ()
    client_id: int = 0
    version: int = 0
    name: str = ""
    before: Mapping[str, str] = NOTHING
    values: Mapping[str, str] = NOTHING
    identity: str = ""
    claim: str = ""
    holder: int = 0
    holder_name: str = ""
    leaves: bool = False
    skipped: bool = False

    def refused(self, problem: Problem) -> "Draft":
        """The same row with a reason why it is refused."""
        return self._replace(problem=problem)


INTO_ROW = "row:"
"""What is done with a row that an earlier row of the file takes in; that row's number follows."""


class How(NamedTuple):
    """How the rows of a client list meet the firm.

    `key`: "" adds only, else the field by which clients are found and updated (company_id, client_number,
    display_name); rows that find none are added. `clears`: fields whose blank cells clear the value. `types` and
    `leads`: what a name that the firm does not know becomes: "" empty, "!" refused, "+" created (types only), else
    an existing name; names that are not in there are refused. `duplicates`: by row "add", "skip",
    "merge:COMPANY ID" or, into an earlier row of the file, "row:NUMBER"; rows that are not in there do as `duplicate_default` says ("add", "skip"), or are added where
    they bring a Company ID of their own.
    """

    key: str = ""
    clears: frozenset[str] = frozenset()
    types: Mapping[str, str] = NOTHING
    leads: Mapping[str, str] = NOTHING
    duplicates: Mapping[int, str] = MappingProxyType({})
    duplicate_default: str = "skip"


class Outcome(NamedTuple):
    """What became of a row: "new", "changed", "unchanged" or "refused" (then with the problem).

    `elsewhere` says that somebody else has tried the row again meanwhile, so that nothing was written for it now.
    """

    row: int
    verdict: str
    problem: Problem | None = None
    elsewhere: Problem | None = None


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
