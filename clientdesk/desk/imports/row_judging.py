"""Judging rows: what each says, what it wants of the firm, and how the rows stand to each other. Nothing is written."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Protocol

from clientdesk.desk.client_types import type_names
from clientdesk.desk.clients import lead_names
from clientdesk.desk.imports.comparing import compare, settle_resemblances
from clientdesk.desk.imports.file_lookalikes import FileLookalikes, resemblances
from clientdesk.desk.imports.import_records import ClientSetup
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.session import Session, reads
from clientdesk.domain.fold import fold
from clientdesk.domain.import_decisions import CREATE
from clientdesk.domain.judged_row import Draft, JudgedRow, Says
from clientdesk.store.judged_rows import JudgedRows

AT_ONCE = 500
"""So many rows are looked at in one go."""


class Reader(Protocol):
    """Reads rows of one kind of list, and asks the firm about them."""

    places: Mapping[str, int]
    """The column of each field that is read."""
    read_places: Collection[int]
    """All columns that are read."""
    key: str
    """The field by which clients are found; "" for none."""

    def begin(self, session: Session, doubted: Collection[int] = ()) -> None:
        """Another reading begins; the `doubted` lines may be none of the rows."""
        ...

    def read(self, row: JudgedRow) -> None:
        """Sets what the row says, or its problem."""
        ...

    def drafts(self, session: Session, rows: Sequence[tuple[int, Says]], *, planning: bool) -> list[Draft]:
        """What each row (its number, what it says) wants of the firm as it stands now: call it inside a use case."""
        ...

    def new_client(self, says: Says, names: Names) -> Says:
        """All values of the new client that a row says, by the names that the firm has now. One that stands for nothing
        stays as the row says it."""
        ...

    def in_words(self, says: Says) -> Says:
        """What a new client's row says by field, as it will stand in the firm."""
        ...


class Judging:
    """Judges the rows of a list: they are put into `rows` with what they want."""

    def __init__(self, reader: Reader, rows: JudgedRows, setup: ClientSetup) -> None:
        self._reader, self._rows, self._setup = reader, rows, setup
        self._alike = FileLookalikes()
        self.unknown_names: Mapping[str, Counter[str]] = {"client_type": Counter(), "lead": Counter()}
        """The names of each field that the firm does not know, with how many rows have them."""
        self.new_types: list[str] = []
        """The client types that rows which are fine bring along, because the person wants so."""

    def begin(self, session: Session, doubted: Collection[int] = ()) -> None:
        """Takes in what is known of the firm now; then `judge`, and `compare` at the end."""
        self._known_names = {
            "client_type": {fold(name) for name in type_names(session)},
            "lead": {fold(name) for name in lead_names(session)},
        }
        own_fields = session.catalogue.own
        self._unique = [
            own_fields[name] for name in self._reader.places if name in own_fields and own_fields[name].unique
        ]
        self._reader.begin(session, doubted)

    def judge(
        self, session: Session, rows: Iterable[JudgedRow], go_on: Callable[[int], bool] = lambda _row: True
    ) -> bool:
        """Keeps rows with what they want of the firm. `go_on` is asked after each part, with the number of its last
        row; whether all were judged."""
        waiting = iter(rows)
        while part := list(islice(waiting, AT_ONCE)):
            self._judge(session, part)
            if not go_on(part[-1].id):
                return False
        return True

    def again(self, session: Session, row_ids: Sequence[int]) -> Sequence[str]:
        """Judges refused rows once more, and compares all; the client types that they bring along."""
        self.begin(session)
        self.judge(session, self._rows.refused(row_ids))
        self.compare()
        return self.new_types

    def _judge(self, session: Session, part: Sequence[JudgedRow]) -> None:
        for row in part:
            self._reader.read(row)
        readable_rows = [(row.id, row.says) for row in part if row.says is not None]
        drafts = {}
        if readable_rows:
            drafts_of = reads(partial(self._reader.drafts, planning=True))
            drafts = {draft.row: draft for draft in drafts_of(session, readable_rows)}
        for row_id, says in readable_rows:
            self._count_names(says)
            if not (drafts[row_id].client_id or drafts[row_id].problem):
                self._alike.add(row_id, says)
        for row in part:
            if row.notices:
                draft = drafts[row.id]
                drafts[row.id] = draft._replace(notices=(*row.notices, *draft.notices))
        self._rows.put(part, drafts)

    def _count_names(self, says: Says) -> None:
        for field, names in self.unknown_names.items():
            name = says.get(field, "")
            if name and fold(name) not in self._known_names[field]:
                names[name] += 1

    def compare(self) -> None:
        """Compares the rows with each other, and finds which client types those that are fine bring along."""
        compare(self._rows, self._setup.key, self._unique)
        alike = resemblances(self._alike.candidates(), self._rows.new_clients, self._setup)
        settle_resemblances(self._rows, alike)
        decided = self._setup.types
        created = [name for name in self.unknown_names["client_type"] if decided.get(name) == CREATE]
        named_types = self._rows.named("client_type") if created else ()
        self.new_types = [name for name in created if name in named_types]
