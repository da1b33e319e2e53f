"""A client list: its columns as the person has mapped them, and what each row says of a client."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import zip_longest

from clientdesk.desk.imports.client_drafts import client_drafts, new_client
from clientdesk.desk.imports.import_records import ClientSetup
from clientdesk.desk.imports.lookalikes import Lookalikes
from clientdesk.desk.imports.prepared_own_values import prepare_own
from clientdesk.desk.imports.prepared_rows import NAMED_BY, left_out_of, prepare
from clientdesk.desk.session import Session
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.columns import foot_lines
from clientdesk.domain.columns.presets import heading_key, recognised
from clientdesk.domain.columns.row_reader import RowReader, places_of
from clientdesk.domain.columns.row_values import LeftOut
from clientdesk.domain.columns.synonyms import FIRMS
from clientdesk.domain.fields import Field
from clientdesk.domain.import_decisions import What
from clientdesk.domain.judged_row import Draft, JudgedRow, Says, width_of
from clientdesk.domain.own_fields import TAGS
from clientdesk.domain.own_values import is_own
from clientdesk.domain.problems import problem, refuse

_TELLING = ("business_name", "company_id", "client_number", "tax_id")
"""Fields that tell a client from the others, beside its display name."""

_NUMBERS = ("client_number", "tax_id")
"""Those of them that a firm or a state gives to one client alone."""

_OF_A_CONTACT = ("contact_first_name", "contact_last_name", "email", "phone", "mobile", "notes")


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


class ClientRows:
    """Reads the rows of a client list, and asks the firm about them."""

    def __init__(self, headings: Sequence[str], setup: ClientSetup, path: str) -> None:
        """Refused ("missing_column") where the key has no column."""
        self.places: Mapping[str, int] = places_of(setup.columns)
        if setup.key and setup.key not in self.places:
            raise refuse("missing_column", setup.key, path=path, heading=BUILT_IN.by_name[setup.key].title)
        self._setup, self.key = setup, setup.key
        self.new_client = partial(new_client, setup)
        self._reader, self._width = RowReader(headings, setup.columns), width_of(headings)
        self.read_places: Collection[int] = self._reader.places
        preset = recognised([text for text, name in zip_longest(headings, setup.columns) if not is_own(name or "")])
        self._ours = preset is not None and preset.whole and "company_id" in self.places
        self._above: JudgedRow | None = None
        self._above_says: Mapping[str, str] = {}
        self._doubted: Collection[int] = ()
        self._has_foot = not foot_lines.is_too_narrow(headings)
        names = self.places.get("display_name")
        # Where a company's name is the display name, or there is none, a row without it may be a person.
        self._people = names is None or names >= len(headings) or heading_key(headings[names]) in FIRMS
        self._lookalikes: Lookalikes | None = None
        self._own: Mapping[str, Field] = {}
        self._own_places = sorted(filter(is_own, self.places), key=self.places.__getitem__)
        self.tags = TAGS in self.places
        """Whether a column has tags, which may be new."""

    def begin(self, session: Session, doubted: Collection[int] = ()) -> None:
        """Forgets the row above: another reading of the file begins. `doubted` lines may be its foot."""
        self._above, self._above_says, self._doubted = None, {}, doubted
        self._lookalikes = Lookalikes.of(session)
        catalogue = session.catalogue
        fields = (*catalogue.fields, *([catalogue.tags] if catalogue.tags is not None else []))
        self._own = {field.name: field for field in fields if is_own(field.name) and field.name in self.places}

    def _is_foot(self, row: JudgedRow) -> bool:
        """Refuses a row that looks like a line of a report's foot, or was refused for that and says no more now.
        Whether it did."""
        if not self._has_foot:
            return False
        doubted = row.line in self._doubted or (row.was is not None and row.was.code == "looks_like_foot")
        above = self._above.cells if self._above is not None else ()
        if not (doubted and foot_lines.says_little(row.cells)) and not foot_lines.is_like_foot(row.cells, above):
            return False
        row.problem = problem("looks_like_foot", "display_name", value=foot_lines.shown(row.cells))
        return True

    def read(self, row: JudgedRow) -> None:
        """What the row says, or why it says nothing."""
        if self._is_foot(row) or not row.fits(self._width):
            return
        left_out: LeftOut = []
        raw_values = self._reader.read(row.cells, row.dates, left_out)
        own_values = {name: raw_values.pop(name) for name in self._own_places}
        prepared = prepare(raw_values, self._setup.dates, as_kept=self._ours and bool(raw_values["company_id"]))
        values = prepared.values
        own, wrong = prepare_own(own_values, self._own) if own_values else ({}, None)
        values.update(own)
        if values.get("display_name") and NAMED_BY not in values:
            if self._repeats(row, values):
                return
            self._above, self._above_says = row, values
        elif self._continues(row, values):
            return
        if prepared.problem is not None or wrong is not None:
            row.problem = prepared.problem or wrong
            return
        row.says, row.notices = values, (*prepared.notices, *(left_out_of(name, text) for name, text in left_out))
        row.same = hash(tuple(values.values()))

    def _continues(self, row: JudgedRow, values: Mapping[str, str]) -> bool:
        """Refuses a row that only continues the one above, as the further rows of a client do where each has a few
        columns of its own (contacts, invoices). Whether it did.

        Such a row has none of the columns that name a client or tell it from others, or only the number of the row that
        it continues; and it has at most half as many cells, unless it lacks a number that the other row has. A contact's
        first and last name are a client's where people without a company are among the clients, and where the row says
        more than how to reach the contact.
        """
        above, filled_fields = self._above, {name for name, value in values.items() if value} - {NAMED_BY}
        before = row.was.values.get("line") if row.was is not None and row.was.code == "continues_row" else None
        person = bool(values.get("display_name")) and (
            self._people or not filled_fields <= {"display_name", *_OF_A_CONTACT}
        )
        same_numbers = {name for name in _NUMBERS if values.get(name) and values[name] == self._above_says.get(name)}
        if person or not filled_fields.isdisjoint({*_TELLING} - same_numbers):
            self._above, self._above_says = row, values
            return False
        if before is None:
            if above is None or row.was is not None:  # what stands above a row that is tried again is not known
                return False
            numbered = not self._people and any(self._above_says.get(name) for name in _NUMBERS)
            if not numbered and 2 * _filled(row.cells) > _filled(above.cells):
                return False
            before = above.line
        row.problem = problem("continues_row", "display_name", line=before)
        return True

    def _repeats(self, row: JudgedRow, values: Mapping[str, str]) -> bool:
        """Refuses a row that says of the client above nothing but what is said there, its number among it: its other
        columns are not read (invoices). Whether it did."""
        above, says = self._above, self._above_says
        number, tax_id = values.get("client_number"), values.get("tax_id")
        if above is None or row.was is not None or self._setup.clears or not (number or tax_id):
            return False
        if number and number != says.get("client_number"):  # as nearly all rows do
            return False
        if any(value and value != says.get(name) for name, value in values.items()):
            return False
        row.problem = problem("repeated_row", "display_name", line=above.line)
        return True

    def drafts(self, session: Session, rows: Sequence[tuple[int, Says]], *, planning: bool) -> list[Draft]:
        """What rows want of the firm as it stands now. What is done with likely duplicates is settled by `planning`."""
        return client_drafts(session, rows, self._setup, self._lookalikes if planning else None)

    def in_words(self, says: Says) -> Mapping[str, str]:
        """What a row says by field, with what the person has decided for names that the firm does not know."""
        values = dict(says)
        for field, decisions in (("client_type", self._setup.types), ("lead", self._setup.leads)):
            decision = decisions.get(values.get(field, ""))
            if decision is not None and decision.what is not What.CREATE:
                values[field] = decision.value
        return values
