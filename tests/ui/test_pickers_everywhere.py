"""All places that choose have the one picker: keys that come in one go choose what they say."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from textual.pilot import Pilot

from clientdesk.desk import imports, pricing_plan
from clientdesk.domain.filters import Filter, Op
from clientdesk.domain.import_decisions import Decision
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.firm_settings import SettingsScreen
from clientdesk.ui.screens.import_names import ImportNamesStep
from clientdesk.ui.screens.picker import Picker, PickerLine
from clientdesk.ui.screens.reassign import ReassignScreen
from clientdesk.ui.screens.team import TeamScreen
from clientdesk.ui.widgets.field_lines import Chooser
from tests.ui.conftest import Running
from tests.ui.forms import at_work, chooser, named, open_form
from tests.ui.imports import (
    clients_file,
    columns_step,
    file_step,
    numbers_file,
    plan_step,
    read,
    report_step,
)
from tests.ui.keys import arrive
from tests.ui.people import counted, go_to
from tests.ui.screen import text_of, wait_for, wait_until


class Place(NamedTuple):
    """Where a picker opens: how to get there, and what was chosen; the keys come in one go."""

    arrange: Callable[[Pilot[int], str, Path], Awaitable[Callable[[], object]]]
    keys: str
    chosen: object


async def the_list(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    screen = pilot.app.screen
    await counted(screen)
    assert isinstance(screen, ClientList)
    return lambda: {*map(str, screen.shown.query.filters), screen.shown.query.sort_field}


def form(field: str) -> Callable[[Pilot[int], str, Path], Awaitable[Callable[[], object]]]:
    async def arrange(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
        screen, _answers = await open_form(pilot)
        chooser(screen, field).focus()
        await wait_until(lambda: screen.focused is chooser(screen, field))
        return lambda: {chooser(screen, field).value}

    return arrange


async def the_plan(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    with at_work(firm) as session:
        pricing_plan.put_on_plan(session, named(firm, "Müller").id, "plus")
    screen = pilot.app.screen
    assert isinstance(screen, ClientList)
    await pilot.press("p")
    await wait_for(pilot.app, "1 of 9 clients")
    names = ("Müller", "Construcciones Peña SA")
    return lambda: {screen.shown.query.sort_field, *(named(firm, name).values["subscription"] for name in names)}


async def new_leads(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    team = TeamScreen()
    await pilot.app.push_screen(team)
    await go_to(await counted(team), "Luis")
    await pilot.press("x")
    await wait_until(lambda: isinstance(pilot.app.screen, ReassignScreen))
    screen = pilot.app.screen
    assert isinstance(screen, ReassignScreen)
    await counted(screen)
    return lambda: {screen.table.everyone_to, *screen.table.lead_of.values()} - {None}


async def settings(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    screen = SettingsScreen()
    await pilot.app.push_screen(screen)
    await go_to(await counted(screen), "Upload limit")
    return lambda: {screen.gateway.firm.upload_limit}


def file_line(name: str) -> Callable[[Pilot[int], str, Path], Awaitable[Callable[[], object]]]:
    async def arrange(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
        step = await file_step(pilot, clients_file(folder))
        line = step.query_one(f"#{name} Chooser", Chooser)
        await wait_until(lambda: line.display and len(line.options) > 1)
        line.focus()
        await wait_until(lambda: step.focused is line)
        return lambda: {line.value}

    return arrange


async def columns(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    with at_work(firm) as session:
        imports.save_mapping(session, "Gestoría", {"columns": {"Display name": "website"}})
        imports.save_mapping(session, "Ártica", {"columns": {"Display name": "notes"}})
    step = await columns_step(pilot, clients_file(folder))
    return lambda: {step.setup.columns[0], f"by {step.setup.key}"}


async def deleting(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    await columns(pilot, firm, folder)

    def question() -> object:
        lines = text_of(pilot.app) if isinstance(pilot.app.screen, Confirm) else ""
        return {each for each in ("Gestoría", "Ártica") if f"Delete the mapping {each}?" in lines}

    return question


async def names(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    importing = await read(pilot, clients_file(folder))
    await importing.judge()
    step = ImportNamesStep()
    await pilot.app.push_screen(step)
    await counted(step)

    def chosen_for_names() -> Iterator[Mapping[str, Decision]]:
        assert importing.setup is not None
        yield from (importing.setup.types, importing.setup.leads)

    return lambda: {(name, each.word) for chosen in chosen_for_names() for name, each in chosen.items()}


async def judged(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    step = await plan_step(pilot, clients_file(folder))
    await wait_for(pilot.app, "1 row looks like another client")
    step.table.rows.move_to(2)
    await wait_until(lambda: step.table.rows.cursor_id is not None)

    def chosen() -> object:
        setup = step.importing.setup
        assert setup is not None
        return {step.verdict, *(each.what.name for each in setup.duplicates.values())}

    return chosen


async def report(pilot: Pilot[int], firm: str, folder: Path) -> Callable[[], object]:
    step = await report_step(pilot, numbers_file(firm, folder))
    return lambda: {step.error_log.code}


PLACES = {
    "filter by type": Place(the_list, "tindiv\r", str(Filter("client_type", Op.IS, ("2",)))),
    "filter by lead": Place(the_list, "wluis\r", str(Filter("lead", Op.IS, ("2",)))),
    "filter by lead, none": Place(the_list, "wassig\r", str(Filter("lead", Op.EMPTY))),
    "filter by status": Place(the_list, "sINACT\r", str(Filter("status", Op.IS, ("inactive",)))),
    "order": Place(the_list, "omail\r", "email"),
    "form: type": Place(form("client_type"), "\rtrust\r", "Trust"),
    "form: type, at once": Place(form("client_type"), "nonpro\r", "Nonprofit"),
    "form: lead, at once": Place(form("lead"), "luis\r", "Luis Ortega"),
    "plan: order": Place(the_plan, "onumb\r", "client_number"),
    "plan: subscription": Place(the_plan, "$essen\r", "essentials"),
    "plan: put on": Place(the_plan, "+pena sa\rledger\r", "ledger"),
    "new lead for all": Place(new_leads, "ajur\r", "Jürgen Müller"),
    "new lead for one": Place(new_leads, "\rmuller\r", "Jürgen Müller"),
    "new lead for the marked": Place(new_leads, "  \rolg\r", "Olga Nowak"),
    "setting": Place(settings, "eany size\r", False),
    "import: encoding": Place(file_line("encoding"), "1252\r", "windows-1252"),
    "import: delimiter": Place(file_line("delimiter"), "\rsemi\r", ";"),
    "import: field": Place(columns, "\rphone\r", "phone"),
    "import: key": Place(columns, "udisplay\r", "by display_name"),
    "import: mapping": Place(columns, "oartica\r", "notes"),
    "import: mapping to delete": Place(deleting, "Dgesto\r", "Gestoría"),
    "import: unknown type": Place(names, "\rindivid\r", ("Autónomo", "Individual")),
    "import: all unknown types": Place(names, "atrust\r", ("Sociedad", "Trust")),
    "import: unknown lead": Place(names, "G\rluis\r", ("M. Pérez", "Luis Ortega")),
    "import: unknown lead, none": Place(names, "G\rempty\r", ("M. Pérez", "")),
    "import: rows": Place(judged, "frefus\r", "refused"),
    "import: likely duplicate": Place(judged, "dmerge\r", "MERGE"),
    "import: all likely duplicates": Place(judged, "Dmerge\r", "MERGE"),
    "import: reasons": Place(report, "fcompany id\r", "unknown_company_id"),
}


@pytest.mark.parametrize("place", PLACES)
async def test_keys_in_one_go_choose_what_they_say(firm: str, running: Running, tmp_path: Path, place: str) -> None:
    arrange, keys, wanted = PLACES[place]
    async with running(firm) as pilot:
        chosen = await arrange(pilot, firm, tmp_path)
        before = chosen()
        assert isinstance(before, set)
        assert wanted not in before
        await arrive(pilot.app, keys)
        await wait_until(lambda: wanted in chosen())  # type: ignore[operator]  # a set
        assert not isinstance(pilot.app.screen, Picker)


async def test_a_letter_on_a_closed_choice_takes_nothing_before_enter(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen, _answers = await open_form(pilot)
        lead = chooser(screen, "lead")
        first = lead.value
        lead.focus()
        await pilot.press("u")
        await wait_until(lambda: isinstance(pilot.app.focused, PickerLine))
        await wait_for(pilot.app, "▌  Unassigned")
        assert lead.value == first
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is screen)
        assert lead.value == first
        await wait_until(lambda: screen.focused is lead)
