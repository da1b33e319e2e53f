"""What the desk hands out: frozen records, never live rows of the database."""

from collections.abc import Mapping, Sequence

from clientdesk.domain.client_query import Column as Column
from clientdesk.domain.firm_records import ClientType as ClientType
from clientdesk.domain.firm_records import Member as Member
from clientdesk.domain.patch import Value
from clientdesk.domain.problems import Problem, Refused
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import _


class Client(NamedTuple):
    """A client: `values` has the text of every field of the catalogue ("" where there is none).

    References (client type, lead) are names, choices their stored words. `version` counts the changes; `row` has the
    values as they are kept, with ids for references.
    """

    id: int
    version: int
    values: Mapping[str, str]
    row: Mapping[str, Value] = {}

    @property
    def active(self) -> bool:
        """Whether the client is active."""
        return self.values["status"] == "active"


class Row(NamedTuple):
    """One line of a list: the client's id, whether it is active, and the raw values of the columns asked for."""

    id: int
    active: bool
    values: tuple[str, ...]


class Totals(NamedTuple):
    """How many clients the firm has."""

    all: int
    active: int


class Standing(NamedTuple):
    """How clients that were chosen by their ids stand: which are active and which inactive, which of these are outside
    a list, and which are gone."""

    active: frozenset[int] = frozenset()
    inactive: frozenset[int] = frozenset()
    outside: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()

    @property
    def ids(self) -> frozenset[int]:
        """All of them."""
        return self.active | self.inactive | self.gone

    @property
    def activates(self) -> bool:
        """Whether changing their status activates: only where none of them is active."""
        return not self.active

    @property
    def changing(self) -> frozenset[int]:
        """Those whose status changes: the active ones, or all where none is active."""
        return self.active or self.inactive

    def joined(self, others: "Sequence[Standing]") -> "Standing":
        """How these clients and the `others` stand."""
        return Standing(*(frozenset().union(*ids) for ids in zip(self, *others, strict=True)))

    def toggled(self, client_id: int, active: bool) -> "Standing":
        """The same with one more client of the list, or without it where it was among them."""
        client = frozenset((client_id,))
        if any(client_id in ids for ids in self):
            return Standing(*(ids - client if client_id in ids else ids for ids in self))
        if active:
            return self._replace(active=self.active | client)
        return self._replace(inactive=self.inactive | client)


class FirmInfo(NamedTuple):
    """The firm: who the primary admin is, whom the role was offered to (None for nobody), and its settings by name."""

    version: int
    primary_admin: str
    offered_to: int | None
    settings: Mapping[str, Value]

    @property
    def name(self) -> str:
        """How it is called."""
        return str(self.settings["name"])

    @property
    def client_notice(self) -> int | None:
        """From how many clients on the QuickBooks notice shows; None for never."""
        notice = self.settings["client_notice"]
        return None if notice is None else int(notice)

    @property
    def upload_limit(self) -> bool:
        """Whether uploads of client numbers keep to QuickBooks' limit."""
        return bool(self.settings["upload_limit"])


class FieldChange(NamedTuple):
    """What one change did to one field; `label` is translated, `old` and `new` are as a person reads them."""

    field: str
    label: str
    old: str
    new: str


class Change(NamedTuple):
    """One entry of the history: when (ISO 8601, UTC), who, what kind of use case, and the fields it touched.

    `title` is the kind in the person's language; `subject` the name of what was changed, where names are asked for (""
    else); `change` the number of the change set, 0 for what came from another firm; `client_id` the client that it is
    about, 0 for something else. `entity` and `key` tell the row from all others, of a client its `company_id` too, which
    is asked for with the names. `erased` says that its values were taken out of the history. `file` is the name of the
    file that it was imported from, else "". `short_title` is the title for a narrow line.
    """

    id: int
    at: str
    who: str
    kind: str
    title: str
    operation: str
    fields: tuple[FieldChange, ...]
    subject: str = ""
    change: int = 0
    client_id: int = 0
    entity: str = ""
    key: str = ""
    company_id: str = ""
    erased: bool = False
    file: str = ""
    short_title: str = ""

    @property
    def remark(self) -> str:
        """What is said in place of its fields where they are erased, else ""."""
        return _("What it said was erased.") if self.erased else ""


class ChangeSet(NamedTuple):
    """A line of the history: what one use case changed, or one job in all its change sets.

    `id` is its number (of a job, that of the latest change set), `rows` how many rows it changed, and `change` one of
    them, with who, when and what: the latest, or the latest that a filter has found. `undoes` is the number of the
    change set that it takes back. `begun` says that it is taken back itself, at least in a part, and `rest` that there is
    more of it to be taken back. `of_one` says that it is about one row, whatever was made along with that.
    """

    id: int
    rows: int
    change: Change
    job: int | None = None
    undoes: int | None = None
    begun: bool = False
    rest: bool = True
    of_one: bool = False

    @property
    def about_one(self) -> bool:
        """Whether `change` is what it is about."""
        return self.of_one or self.rows == 1

    @property
    def remark(self) -> str:
        """That it is undone (what an undo did: redone), or a part of it; "" where it is not."""
        if not self.begun:
            return ""
        if self.undoes is None:
            return _("undone in part") if self.rest else _("undone")
        return _("redone in part") if self.rest else _("redone")


class Saved(NamedTuple):
    """A client that was saved, what was warned of, and the fields that others (`by`: their names) had changed meanwhile,
    which are as they have them. `written` says whether anything was to be written."""

    client: Client
    warnings: Sequence[Problem] = ()
    meanwhile: tuple[str, ...] = ()
    by: str = ""
    written: bool = True


class SavedMember(NamedTuple):
    """A team member who was saved, and what `Saved` says of a client besides."""

    member: Member
    meanwhile: tuple[str, ...] = ()
    by: str = ""
    written: bool = True


class SavedFirm(NamedTuple):
    """The firm with its settings as they were saved, and what `Saved` says of a client besides."""

    firm: FirmInfo
    meanwhile: tuple[str, ...] = ()
    by: str = ""
    written: bool = True


class Stale(Refused):
    """A save that somebody else stands in the way of; `theirs` is the client as it is now.

    Its code is "stale" where they changed the same field, "made_inactive" where they made the client inactive, or that
    of a rule which neither side broke, but both together.
    """

    def __init__(self, theirs: Client, *problems: Problem) -> None:
        super().__init__(*problems)
        self.theirs = theirs


class Finding(NamedTuple):
    """One result of `check`: what was looked at, whether it is sound, and a sentence; or why it was not looked at."""

    name: str
    sound: bool
    sentence: str
    looked_at: bool = True
