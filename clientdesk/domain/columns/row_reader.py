"""How the rows of a client list are read once its columns are mapped: what stands beside a column counts too."""

import re
from collections.abc import Iterable, Mapping, Sequence

from clientdesk.domain.columns.presets import OF_GOOGLE, OWN, heading_key, recognised
from clientdesk.domain.columns.row_values import GLUE, HowRead, Labels, LeftOut, values_of
from clientdesk.domain.columns.switches import switch
from clientdesk.domain.fold import fold
from clientdesk.domain.incoming_table import Line
from clientdesk.domain.year_end import readings

_VALUE = re.compile(r"(?:value|valor|number|numero)$")
_LABEL_WORDS = ("label", "type", "etiqueta", "tipo")

_NO_CARD = "*None"
"""What MYOB writes for a client without a number."""

DateCells = Sequence[tuple[int, str]]
"""The cells of a row that are dates in a workbook: their places, and the dates in ISO 8601."""


def label_places(headings: Sequence[str], columns: Sequence[str]) -> Labels:
    """The columns of phone numbers that have a column of labels ("Phone 1 - Label"), each with that column."""
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        places.setdefault(heading_key(heading), place)
    labels = []
    for place, name in enumerate(columns[: len(headings)]):
        if name in ("phone", "mobile"):
            base = _VALUE.sub("", heading_key(headings[place]))
            label = next((places[base + word] for word in _LABEL_WORDS if base + word in places), None)
            if label is not None and not columns[label]:
                labels.append((place, label))
    return tuple(labels)


def _how(headings: Sequence[str], columns: Sequence[str]) -> HowRead:
    """What the headings say of the columns. One that is exactly ours goes before what else could be its field; a street
    or a name only where a known program's file has it beside its own, for elsewhere "Street" and "Street 2" are one."""
    keys = [heading_key(heading) for heading in headings[: len(columns)]]
    preset = recognised(headings)
    before = {place for place, key in enumerate(keys) if columns[place] and OWN.get(key) == columns[place]}
    added = {place for place in before if preset is not None and not preset.free and keys[place] not in preset.columns}
    return HowRead(
        label_places(headings, columns),
        frozenset(
            place for place in before if columns[place] not in GLUE or (place in added and columns[place] != "notes")
        ),
        frozenset(place for place, key in enumerate(keys) if key in OF_GOOGLE),
    )


_MYOB_NAME = heading_key("Co./Last Name")


def places_of(columns: Sequence[str]) -> dict[str, int]:
    """The first column of each field."""
    return {name: place for place, name in reversed(list(enumerate(columns))) if name}


class RowReader:
    """Reads rows by field: `columns` are the fields, `headings` tell which columns are labels, and what yes means."""

    def __init__(self, headings: Sequence[str], columns: Sequence[str]) -> None:
        self._columns = tuple(columns)
        self._how = _how(headings, columns)
        self.places = frozenset(place for place, name in enumerate(columns) if name) | {
            label for _value, label in self._how.labels
        }
        """The columns that are read."""
        named = next((place for place, name in enumerate(columns) if name == "display_name"), len(headings))
        self._last_names = named < len(headings) and heading_key(headings[named]) == _MYOB_NAME
        statuses = [heading for heading, name in zip(headings, columns, strict=False) if name == "status"]
        self._switch: Mapping[str, str] = switch(statuses[0]) if len(statuses) == 1 else {}
        self.years = frozenset(place for place, name in enumerate(columns) if name == "fiscal_year_end")

    def read(self, cells: Sequence[str], dates: DateCells = (), left_out: LeftOut | None = None) -> dict[str, str]:
        """What a row says by field; what its other columns say of the same fields goes to `left_out`."""
        values = values_of(cells, self._columns, self._how, left_out)
        if self._last_names and (first := values.get("contact_first_name", "").strip()):
            # A card with a first name is a person's: the other name is the last one.
            last = values["display_name"].strip()
            values["contact_last_name"] = values.get("contact_last_name") or last
            values["display_name"] = f"{first} {last}" if last else ""
        if self._switch and (said := values["status"]):
            values["status"] = self._switch.get(fold(said), said)
        if values.get("client_number") == _NO_CARD:
            values["client_number"] = ""
        for place, date in dates:
            if place in self.years and cells[place : place + 1] and values["fiscal_year_end"] == cells[place]:
                values["fiscal_year_end"] = date
        return values


def ambiguous_date(lines: Iterable[Line], columns: Sequence[str]) -> str:
    """The first cell of the fiscal year end whose day and month cannot be told apart; "" for none."""
    places = [place for place, name in enumerate(columns) if name == "fiscal_year_end"]
    for line in lines if places else ():
        dates = {place for place, _date in line.dates}
        for place in places:
            cell = line.cells[place] if place < len(line.cells) and place not in dates else ""
            if cell and len(readings(cell)) > 1:
                return cell
    return ""
