"""What becomes of a row that looks like another client, one of the firm or of an earlier row: added, merged into that
client, or skipped."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from clientdesk.desk.imports.import_records import PlanRow
from clientdesk.domain.import_decisions import ADD, SKIP, Decision, What
from clientdesk.domain.judged_row import RowVerdict
from clientdesk.domain.problems import Problem
from clientdesk.text import _, display_text, ngettext, whole_number
from clientdesk.ui.import_cells import cell
from clientdesk.ui.screens import import_words as words

if TYPE_CHECKING:
    from clientdesk.desk.imports.import_records import ClientSetup
    from clientdesk.desk.imports.importing import Import
    from clientdesk.ui.screens.import_step import ImportStep

CODE = "likely_duplicate"
_MERGE_ALL = Decision(What.MERGE)
"""Each row into the client that it resembles most."""
NAME_SHOWN = 50
"""So many characters of a name stand in a title."""


class Lookalike(NamedTuple):
    """A client that a row looks like, one of the firm or of an earlier row: what is decided to merge the row into it,
    and how it is called."""

    merge: Decision
    name: str


def _lookalikes(notices: Iterable[Problem]) -> list[Lookalike]:
    """The clients that a row looks like, by its notices."""
    return [_lookalike(notice.values) for notice in notices if notice.code == CODE]


def _lookalike(values: Mapping[str, object]) -> Lookalike:
    name = str(values["name"])[:NAME_SHOWN]
    if row := values.get("row"):
        return Lookalike(Decision(What.TAKE_IN, str(row)), f"{name} ({values['number']})")
    return Lookalike(Decision(What.MERGE, str(values["company_id"])), name)


def all_duplicates(plan: "Import") -> dict[int, Lookalike]:
    """Every likely duplicate by its row, with the client that it resembles most."""
    return {row_id: _lookalikes(notices)[0] for row_id, notices in plan.noticed(CODE)}


def count_duplicates(plan: "Import") -> int:
    """How many rows are likely duplicates."""
    return sum(1 for _noticed in plan.noticed(CODE))


def next_duplicate(plan: "Import", row_id: int, verdict: str) -> int | None:
    """The place of the next likely duplicate after a row among those of a verdict ("" for all), from the end again
    from the top; None where there is none."""
    duplicate_ids = [row_id for row_id, _notices in plan.noticed(CODE)]
    later = [duplicate_id for duplicate_id in duplicate_ids if duplicate_id > row_id]
    for duplicate_id in (*later, *duplicate_ids):
        if (place := plan.place(duplicate_id, verdict)) is not None:
            return place
    return None


async def decide(screen: "ImportStep", row: PlanRow) -> bool:
    """Ask what becomes of one row. Whether something was chosen: the rows have to be judged again."""
    from clientdesk.ui.screens.picker import Choose

    lookalikes = _lookalikes(row.notices)
    setup = screen.importing.setup
    if not lookalikes or setup is None:
        screen.tell(_("This row looks like no other client."))
        return False
    options = [(ADD, _("Add it all the same: another client"))]
    options += [(lookalike.merge, _("Merge it into {name}").format(name=lookalike.name)) for lookalike in lookalikes]
    options.append((SKIP, _("Skip it")))
    title = _("What becomes of line {line}, “{name}”?").format(
        line=whole_number(row.line), name=display_text(_own_name(screen, row)[:NAME_SHOWN])
    )
    present = setup.duplicates.get(row.id, ADD if row.verdict is RowVerdict.NEW else setup.duplicate_default)
    chosen = await screen.app.push_screen_wait(Choose(title, options, present))
    if chosen is None or chosen == present:
        return False
    screen.importing.choose(setup._replace(duplicates={**setup.duplicates, row.id: chosen}))
    return True


async def decide_all(screen: "ImportStep") -> bool:
    """Ask what becomes of all likely duplicates. Whether something was chosen."""
    from clientdesk.ui.screens.picker import Choose

    setup = screen.importing.setup
    lookalikes = {} if setup is None else await screen.importing.ask(all_duplicates)
    if setup is None or not lookalikes:
        screen.tell(_("No row looks like another client."))
        return False
    count = len(lookalikes)
    title = ngettext(
        "What becomes of the likely duplicate?", "What becomes of all {count} likely duplicates?", count
    ).format(count=whole_number(count))
    options = [
        (ADD, ngettext("Add it all the same", "Add them all the same", count)),
        (
            _MERGE_ALL,
            ngettext(
                "Merge it into the client it resembles most", "Merge each into the client it resembles most", count
            ),
        ),
        (SKIP, ngettext("Skip it", "Skip them", count)),
    ]
    chosen = await screen.app.push_screen_wait(Choose(title, options, _present(setup, lookalikes)))
    if chosen is None:
        return False
    if chosen == _MERGE_ALL:
        merged = {row_id: lookalike.merge for row_id, lookalike in lookalikes.items()}
        screen.importing.choose(setup._replace(duplicates=merged))
    else:
        screen.importing.choose(setup._replace(duplicates={}, duplicate_default=chosen))
    return True


def _present(setup: "ClientSetup", row_ids: Iterable[int]) -> Decision | None:
    """What was chosen for all of them; None where it is not the same for all."""
    chosen = {setup.duplicates.get(row_id, setup.duplicate_default) for row_id in row_ids}
    chosen = {_MERGE_ALL if decision.what in (What.MERGE, What.TAKE_IN) else decision for decision in chosen}
    return chosen.pop() if len(chosen) == 1 else None


def _own_name(screen: "ImportStep", row: PlanRow) -> str:
    """The name that the row itself bears."""
    plan = screen.importing.plan
    places = {} if plan is None else words.places_in(plan)
    return cell(row.cells, places, "display_name") or cell(row.cells, places, "business_name") or row.client
