"""An upload of client numbers: three columns, found by their headings in English or Spanish, and what each row gives
to which client, or why it is refused."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import islice

from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.number_claims import claiming
from clientdesk.desk.imports.prepared_rows import look_at_text
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.session import Session, reads
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.columns.presets import OWN, heading_key
from clientdesk.domain.incoming_table import IncomingTable
from clientdesk.domain.judged_row import Draft, JudgedRow, Says, width_of
from clientdesk.domain.problems import Problem, problem, refuse
from clientdesk.domain.rules import CUT, control_characters, foreign_characters, looks_cut
from clientdesk.domain.unique_client_numbers import Holders
from clientdesk.store import clients
from clientdesk.text import N_, shortened

FIELDS = ("company_id", "display_name", "client_number")
"""What an upload says of each client."""

EXAMPLES = 100
"""So many rows are looked at to tell what a file is."""
_NUMBER = BUILT_IN.by_name["client_number"]
_ELSEWHERE = N_("Take the ID from the client list.")
_shortened = partial(shortened, most=80)

# The field and the language (0 English, 1 Spanish) of each heading, without case, accents, spaces and punctuation.
_HEADINGS = {
    heading_key(heading): (name, language)
    for name in FIELDS
    for language, heading in enumerate(BUILT_IN.by_name[name].headings)
}


def places_of_numbers(headings: Sequence[str], path: str) -> dict[str, int]:
    """The column of each field. Refused where a heading is missing or there twice (in either language)."""
    places: dict[str, int] = {}
    languages: list[int] = []
    for place, heading in enumerate(headings):
        name, language = _HEADINGS.get(heading_key(heading), ("", 0))
        if not name:
            continue
        if name in places:
            raise refuse("duplicate_column", name, path=path, heading=" ".join(heading.split()))
        places[name] = place
        languages.append(language)
    language = max(languages, key=languages.count, default=0)
    for name in FIELDS:
        if name not in places:
            raise refuse("missing_column", name, path=path, heading=BUILT_IN.by_name[name].headings[language])
    return places


class NumberRows:
    """Reads the rows of an upload of client numbers, and asks the firm about them."""

    def __init__(self, headings: Sequence[str], path: str) -> None:
        self.places: Mapping[str, int] = places_of_numbers(headings, path)
        self.read_places: Collection[int] = frozenset(self.places.values())
        self.key = "company_id"
        self._width = width_of(headings)

    def begin(self, session: Session, doubted: Collection[int] = ()) -> None:
        """Nothing of the firm, and no other row, is needed to read a row."""

    def read(self, row: JudgedRow) -> None:
        """What the row says, or why it says nothing."""
        if not row.fits(self._width):
            return
        says = {}
        for name, place in self.places.items():
            cell = row.cells[place]
            plain = cell.isascii() and cell.isprintable()
            if not plain and (wrong := control_characters(BUILT_IN.by_name[name], cell)):
                row.problem = wrong
                return
            says[name] = " ".join(cell.split())
        # A number is without surplus spaces, composed, and text for ever.
        if not says["client_number"].isascii():
            says["client_number"] = unicodedata.normalize("NFC", says["client_number"])
        row.says, row.same = says, hash(says["client_number"])

    def drafts(self, session: Session, rows: Sequence[tuple[int, Says]], *, planning: bool) -> list[Draft]:
        """What each row wants of the firm as it stands now: call it inside a use case.

        Whether a number that another client bears can be had is the caller's to find out.
        """
        bearers = clients.by_company_ids(session.engine, [says["company_id"] for _row, says in rows])
        holders = clients.holders(session.engine, (says["client_number"] for _row, says in rows))
        return [_draft(row, says, bearers.get(says["company_id"]), holders) for row, says in rows]

    def new_client(self, says: Says, names: Names) -> Says:
        """See Reader: an upload of numbers adds nobody."""
        return says

    def in_words(self, says: Says) -> Mapping[str, str]:
        """What a new client's row says by field."""
        return says


def _draft(row: int, says: Says, client: clients.Bearer | None, holders: Holders) -> Draft:
    company_id, number = says["company_id"], says["client_number"]
    if not company_id:
        return Draft(row, problem("empty_company_id", "company_id"))
    if client is None:
        hint = CUT if looks_cut(company_id) else _ELSEWHERE
        return Draft(row, problem("unknown_company_id", "company_id", company_id=_shortened(company_id), hint=hint))
    draft = Draft(row, client_id=client.id, name=client.name, identity=f"id:{client.id}")
    if wrong := foreign_characters(_NUMBER, number):
        return draft.refused(wrong)
    if not _same_name(says["display_name"], client.name):
        name, row_name = _shortened(client.name), _shortened(says["display_name"])
        return draft.refused(problem("name_mismatch", "display_name", company_id=company_id, name=name, given=row_name))
    if not number:
        return draft.refused(problem("empty_client_number", "client_number"))
    if len(number) > _NUMBER.limit:
        about = {"label": _NUMBER.label, "value": number, "length": len(number), "limit": _NUMBER.limit}
        return draft.refused(problem("number_too_long", "client_number", **about))
    changes = number != client.number
    before, same = {"client_number": client.number}, {"display_name": client.name}
    if changes:
        draft = draft._replace(before=before, values={"client_number": number}, same=same)
    else:
        draft = draft._replace(same={**same, **before})
    return claiming(draft._replace(notices=_notices(client, number)), client.number, number, holders)


def _same_name(cell: str, name: str) -> bool:
    """Whether a cell is the client's display name: NFC, spaces trimmed and collapsed, with case."""
    return unicodedata.normalize("NFC", cell) == unicodedata.normalize("NFC", " ".join(name.split()))


def _notices(client: clients.Bearer, number: str) -> tuple[Problem, ...]:
    """What the person should know although the row is fine."""
    notices = (
        [problem("client_inactive", "status", name=_shortened(client.name))] if client.status == "inactive" else []
    )
    look_at_text(_NUMBER, number, notices)
    return tuple(notices)


@reads
def guess_kind(session: Session, table: IncomingTable) -> ImportKind:
    """Numbers or clients.

    An upload of client numbers has its three headings and no other that clients have, and one of its first rows at
    least names a client of the firm; everything else is a client list. Refused where one of the three is there twice.
    """
    keys = [heading_key(heading) for heading in table.headings.cells]
    if {OWN[key] for key in keys if key in OWN} != set(FIELDS):
        return ImportKind.CLIENTS
    place = places_of_numbers(table.headings.cells, table.path)["company_id"]
    first = islice(table.rows(), EXAMPLES)
    company_ids = {line.cells[place].strip() for line in first if place < len(line.cells)}
    return ImportKind.NUMBERS if clients.by_company_ids(session.engine, list(company_ids)) else ImportKind.CLIENTS
