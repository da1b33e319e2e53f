"""A client list: its columns as the person has mapped them, and what each row says of a client."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from clientdesk.desk.import_clients import look_clients, prepare
from clientdesk.domain.fields import BY_NAME
from clientdesk.domain.problems import refuse
from clientdesk.exchange.kept_row import Given, JudgedRow
from clientdesk.exchange.mapping import values_of
from clientdesk.exchange.records import ClientSetup

if TYPE_CHECKING:
    from clientdesk.desk.import_records import Draft
    from clientdesk.desk.lookalikes import Lookalikes
    from clientdesk.desk.session import Session

_NAMES = ("display_name", "business_name", "contact_first_name", "contact_last_name", "email")
"""One of these must be among the columns: a client has a name."""


class ClientRows:
    """Reads the rows of a client list, and asks the desk about them."""

    def __init__(self, headings: Sequence[str], setup: ClientSetup, path: str) -> None:
        self.places: dict[str, int] = {}
        for place, name in enumerate(setup.columns):
            if name:
                self.places.setdefault(name, place)
        if not any(name in self.places for name in (*_NAMES, setup.key)):
            raise refuse("missing_column", "display_name", path=path, heading=BY_NAME["display_name"].title)
        if setup.key and setup.key not in self.places:
            raise refuse("missing_column", setup.key, path=path, heading=BY_NAME[setup.key].title)
        self._columns, self._how = setup.columns, setup.how
        self.lookalikes: Lookalikes | None = None

    def read(self, row: JudgedRow) -> None:
        """What the row says, or why it says nothing."""
        prepared = prepare(values_of(row.cells, self._columns))
        if prepared.problem is not None:
            row.problem = prepared.problem
            return
        row.given, row.notices = prepared.values, prepared.notices
        row.same = hash(tuple(prepared.values.values()))

    def look(self, session: "Session", rows: Sequence[tuple[int, Given]]) -> "list[Draft]":
        """What rows want of the firm as it stands now."""
        said = [(row, given) for row, given in rows if isinstance(given, Mapping)]
        return look_clients(session, said, self._how, self.lookalikes)

    def says(self, given: Given) -> Mapping[str, str]:
        """What a row says by field, with the names that the person has chosen for those that the firm does not know."""
        assert isinstance(given, Mapping)
        values = dict(given)
        for field, chosen in (("client_type", self._how.types), ("lead", self._how.leads)):
            becomes = chosen.get(values.get(field, ""), "+")
            if becomes != "+":
                values[field] = "" if becomes == "!" else becomes
        return values

    def new_types(self, found: Sequence[str]) -> list[str]:
        """The client types of the file that the person wants to add."""
        return [name for name in found if self._how.types.get(name) == "+"]
