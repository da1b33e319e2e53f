"""The rows that hold what their columns may not: an older program, or another one, wrote them past the rules."""

from collections.abc import Iterator
from typing import NamedTuple

from clientdesk.domain.fold import fold
from clientdesk.store import copying
from clientdesk.store.bounds import BOUNDS, broken
from clientdesk.store.engines import Engine

_NAMED = (
    *("import_mapping", "own_field", "own_choice", "tag", "view"),
    *("template", "template_section", "client_account"),
)
_CALLED = {"client": "company_id", "template_item": "title"} | dict.fromkeys(_NAMED, "name")
"""By table the column by which a person knows a row; of the others it is the first of the key."""


VERSION = "version"
LAST_VERSION = 2**63 - 1
"""The greatest number that a database holds: a row that has it cannot count up any more."""


class BadRow(NamedTuple):
    """A row, by what a person calls it, and the columns that hold what they may not."""

    table: str
    name: str
    columns: tuple[str, ...]


def bad_rows(engine: Engine) -> Iterator[BadRow]:
    """All of them, table by table. Errors are the engine's, each in its own words."""
    for table in copying.tables():
        bounds = BOUNDS.get(table.name, {})
        versions = [VERSION] if VERSION in table.columns else []
        if not bounds:
            continue
        called = _CALLED.get(table.name, table.key[0])
        looked_at = table._replace(columns=tuple(dict.fromkeys((*table.key, called, *versions, *bounds))))
        for page in copying.pages(engine, looked_at):
            for row in page:
                values = dict(zip(looked_at.columns, row, strict=True))
                columns = broken(table.name, values)
                if table.name == "import_mapping" and values["name_key"] != fold(str(values["name"])):
                    columns.append("name_key")
                if values.get(VERSION) == LAST_VERSION:
                    yield BadRow(table.name, str(values[called]), (VERSION,))
                if columns:
                    yield BadRow(table.name, str(values[called]), tuple(columns))
