"""Bulk changes from the list: what is asked, the plan, what is written, and what others do meanwhile."""

import threading
from collections.abc import Callable, Sequence

import pytest
from textual.pilot import Pilot

from clientdesk.desk import bulk_changes, clients, own_fields
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.filters import Filter, Op
from clientdesk.domain.own_fields import OwnKind
from clientdesk.ui.firm_change import BY_YOU
from clientdesk.ui.screens import long_work
from clientdesk.ui.screens.bulk_plan import BulkPlanScreen, BulkRowDialog
from clientdesk.ui.screens.client_form import ClientFormScreen
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.widgets.row_table import RowTable
from tests.ui.conftest import Running
from tests.ui.forms import at_work, change, named
from tests.ui.people import counted, told
from tests.ui.screen import assert_snapshot, text_of, wait_for, wait_for_lines, wait_until
from tests.ui.test_marks import ACTIVE, mark, the_list


async def choose(pilot: Pilot[int], *typed: str) -> None:
    """Types into one picker after the other and takes what is there."""
    for text in typed:
        await pilot.press(*(text or ("down",)))
        await pilot.press("enter")


async def the_plan(pilot: Pilot[int]) -> RowTable:
    """The plan's table, as soon as it is there."""
    await wait_until(lambda: isinstance(pilot.app.screen, BulkPlanScreen))
    return await counted(pilot.app.screen)


def cities(firm: str, names: Sequence[str]) -> list[str]:
    return [named(firm, name).values["city"] for name in names]


async def test_a_field_of_the_marked_clients_is_changed(firm: str, running: Running) -> None:
    change(firm, named(firm, "Smith"), city="Lugo")
    async with running(firm, size=(80, 24)) as pilot:
        screen = await mark(pilot, firm, *ACTIVE)
        screen.shown.filter_by(find="smith")
        await wait_for(pilot.app, "3 marked, 2 outside this list")
        await wait_for_lines(pilot.app, lambda lines: "E Change 3 marked" in lines[-1])
        await pilot.press("E")
        await wait_for(pilot.app, "Change which field of 3 clients?")
        await choose(pilot, "city", "set to", "Lugo")
        table = await the_plan(pilot)
        await wait_for(pilot.app, "3 clients · 2 change · 1 unchanged", "2 of them are outside this list.")
        await wait_for(pilot.app, "City: set to “Lugo”", "Nothing is written yet. ctrl+s changes 2 clients.")
        assert table.rows.total == 2
        await assert_snapshot(pilot.app, "bulk_plan_80x24")
        await pilot.resize_terminal(120, 40)
        await assert_snapshot(pilot.app, "bulk_plan_120x40")
        assert cities(firm, ACTIVE).count("Lugo") == 1
        await pilot.press("enter")
        await wait_until(lambda: isinstance(pilot.app.screen, BulkRowDialog))
        await wait_for(pilot.app, "+ Lugo")
        await pilot.press("escape")
        await pilot.press("ctrl+s")
        await told(pilot, "2 clients are changed. u undoes it.")
        assert cities(firm, ACTIVE) == ["Lugo"] * 3
        assert len(screen.rows.marks) == 3, "another change may follow"


async def test_the_last_change_is_repeated_on_others(firm: str, running: Running) -> None:
    change(firm, named(firm, "Smith"), notes="Sends its receipts as photos, reminds us of them every Monday")
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        await pilot.press("full_stop")
        await told(pilot, "Nothing was changed yet that could be repeated. E changes a field.")
        await pilot.press("E")
        await wait_for(pilot.app, "Change which field of 1 client?")
        await choose(pilot, "notes", "add to", "Call in May")
        await the_plan(pilot)
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is screen)
        screen.rows.mark(named(firm, name).id for name in ACTIVE)
        await pilot.press("full_stop")
        await the_plan(pilot)
        await wait_for(pilot.app, "Notes: “Call in May” added", "3 clients · 3 change")
        await wait_for_lines(
            pilot.app, lambda lines: any("Notes: …Monday → …Monday" in line and "Call" in line for line in lines)
        )
        await pilot.press("ctrl+s")
        await told(pilot, "3 clients are changed.")
        await pilot.press("u")
        await wait_for(pilot.app, "Undo “Clients changed”?", "The first: Notes:", "Call in May")
    assert all("Call in May" in named(firm, name).values["notes"] for name in ACTIVE)


@pytest.mark.parametrize("key", ["E", "e", "x"])
async def test_all_that_match_stay_marked_when_a_change_takes_them_out_of_the_list(
    firm: str, running: Running, key: str
) -> None:
    names = ACTIVE[:1] if key == "e" else ACTIVE
    for name in names:
        change(firm, named(firm, name), city="Lugo")
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        screen.shown.filter_by(filters=(*screen.shown.query.filters, Filter("city", Op.IS, ("Lugo",))))
        await wait_until(lambda: screen.rows.count == len(names))
        await pilot.press("asterisk")
        await wait_for(pilot.app, f"{len(names)} marked")
        await pilot.press(key)
        if key == "E":
            await choose(pilot, "city", "set to", "Vigo")
            await the_plan(pilot)
        elif key == "x":
            await wait_for(pilot.app, "Deactivate 3 clients?")
        else:
            await wait_until(lambda: isinstance(pilot.app.screen, ClientFormScreen))
        for name in names:
            change(firm, named(firm, name), city="Vigo")
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is screen)
        screen.firm_changed(BY_YOU)
        await wait_for(pilot.app, f"{len(names)} marked, {len(names)} outside this list")
        assert screen.rows.marks == {named(firm, name).id for name in names}


async def test_who_is_refused_is_told_with_the_reason(firm: str, running: Running) -> None:
    change(firm, named(firm, "Smith"), subscription="plus", billed_to="firm")
    async with running(firm, size=(120, 40)) as pilot:
        screen = await the_list(pilot)
        screen.rows.mark(named(firm, name).id for name in ACTIVE)
        await pilot.press("E")
        await choose(pilot, "subscription", "None")
        table = await the_plan(pilot)
        await wait_for(pilot.app, "1 refused", "refused: The client is billed to the firm's plan")
        await pilot.press("f")
        await wait_for(pilot.app, "[1 refused]")
        await wait_until(lambda: table.rows.count == 1)


async def test_what_others_do_meanwhile_is_told_client_by_client(firm: str, running: Running) -> None:
    async with running(firm, size=(120, 40)) as pilot:
        screen = await the_list(pilot)
        screen.rows.mark(named(firm, name).id for name in ACTIVE)
        await pilot.press("E")
        await choose(pilot, "city", "set to", "Lugo")
        await the_plan(pilot)
        change(firm, named(firm, "Smith"), city="Vigo")
        with at_work(firm, "ana") as session:
            clients.delete(session, named(firm, "Müller"))
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "1 client is changed. · [2 refused]", "was deleted by you", "was changed since")
        await pilot.press("escape")
        await told(pilot, "1 client is changed.")
        await wait_until(lambda: pilot.app.screen is screen)
    assert cities(firm, ("Smith", "[ACME]")) == ["Vigo", "Lugo"]


async def test_marked_clients_are_deleted_by_their_number(firm: str, running: Running) -> None:
    change(firm, named(firm, "Smith"), subscription="plus", billed_to="firm")
    async with running(firm, size=(120, 40)) as pilot:
        screen = await the_list(pilot)
        screen.rows.mark(named(firm, name).id for name in ACTIVE)
        await pilot.press("D")
        table = await the_plan(pilot)
        await wait_for(pilot.app, "2 can be deleted · 1 refused", "Your access", "Own admin", "Off plan")
        conditions = [list(row.values[2:5]) for row in map(table.rows.row_at, range(3)) if row is not None]
        assert conditions == [["✓ met", "✓ met", "✗ not met"], ["✓ met"] * 3, ["✓ met"] * 3]
        await wait_for(pilot.app, "Take the client off the plan")
        await assert_snapshot(pilot.app, "bulk_deletion_120x40")
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "Type how many clients are deleted permanently (2):")
        await pilot.press("3", "enter")
        await wait_for(pilot.app, "Type 2, the number of clients")
        await pilot.press("backspace", "2", "enter")
        await told(pilot, "2 clients were deleted permanently.")
        assert not screen.rows.marks
    with at_work(firm) as session:
        left = {row.values[0] for row in clients.window(session, ClientQuery(()), ("display_name",), 0, 99)}
    assert {name.startswith(ACTIVE) for name in left} == {True, False}
    assert sum(name.startswith(ACTIVE) for name in left) == 1


@pytest.mark.parametrize(
    ("finished", "sentence"),
    [
        (2, "2 clients are changed. u undoes it.\nStopped: 1 stays as it was."),
        (0, "No client is changed.\nStopped: 3 stay as they were."),
    ],
)
async def test_esc_stops_it_between_two_batches(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch, finished: int, sentence: str
) -> None:
    write, moment = bulk_changes.write_batch, threading.Event()

    def a_batch_waits(
        session: Session, plan: bulk_changes.Plan, start: int, end: int, tell: Callable[[int], None]
    ) -> bulk_changes.WrittenBatch:
        while start == finished:
            tell(0)
            moment.wait(0.01)
        return write(session, plan, start, end, tell)

    monkeypatch.setattr(long_work, "SHOWN_AFTER", 0.0)
    monkeypatch.setattr(bulk_changes, "BATCH", 2)
    monkeypatch.setattr(bulk_changes, "write_batch", a_batch_waits)
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        screen.rows.mark(named(firm, name).id for name in ACTIVE)
        await pilot.press("E")
        await choose(pilot, "city", "set to", "Lugo")
        await the_plan(pilot)
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "Changing clients…", f"{finished} of 3 rows", "nothing of the one under way")
        assert "Nothing is written yet" not in text_of(pilot.app)
        await pilot.press("escape")
        await told(pilot, sentence)
    assert cities(firm, ACTIVE).count("Lugo") == finished


async def test_a_number_is_for_one_client(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        screen.rows.mark(named(firm, name).id for name in ACTIVE)
        await pilot.press("E")
        await choose(pilot, "client number", "set to", "X-9")
        await told(pilot, "Client number: only one client can have “X-9”, and 3 are chosen.")
        assert isinstance(pilot.app.screen, ClientList)
        screen.rows.mark([named(firm, "Smith").id])
        await pilot.press("full_stop")
        await the_plan(pilot)
        await pilot.press("ctrl+s")
        await told(pilot, "1 client is changed.")
    assert named(firm, "Smith").values["client_number"] == "X-9"


async def test_status_and_plan_go_their_own_ways(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        screen.rows.mark(named(firm, name).id for name in ACTIVE)
        await pilot.press("E")
        await choose(pilot, "billed to", "put on", "plus")
        await the_plan(pilot)
        await pilot.press("ctrl+s")
        await told(pilot, "3 clients are changed.")
        await pilot.press("E")
        await choose(pilot, "status", "inactive")
        await the_plan(pilot)
        await pilot.press("ctrl+s")
        await wait_until(lambda: not any(named(firm, name).active for name in ACTIVE))
    assert {named(firm, name).values["billed_to"] for name in ACTIVE} == {"firm"}


async def test_esc_goes_back_to_the_picker_before(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        await pilot.press("E")
        await choose(pilot, "city", "replace")
        await wait_for(pilot.app, "City: which text is replaced?")
        await pilot.press("enter")
        await wait_for(pilot.app, "Type the text.")
        await pilot.press("escape")
        await wait_for(pilot.app, "City …")
        await pilot.press("escape")
        await wait_for(pilot.app, "Change which field")
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is screen)
        screen.shown.filter_by(find="nobody at all")
        await wait_until(lambda: screen.rows.count == 0)
        assert "E Change" not in text_of(pilot.app)
        await pilot.press("E")
        await told(pilot, "No client here.")


async def test_own_fields_and_tags_are_chosen_from_what_there_is(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session:
        level = own_fields.add_field(session, "Level", OwnKind.CHOICE, choices=("Gold", "Silver"))
        clients.edit(session, clients.get(session, named(firm, "Zoë").id), {"tags": "VIP"})
    async with running(firm) as pilot:
        screen = await the_list(pilot)
        screen.rows.mark(named(firm, name).id for name in ACTIVE)
        for typed, heading in (
            (("level", "gold"), "Level: set to “Gold”"),
            (("tags", "add to", "VIP"), "Tags: “VIP” added"),
            (("tags", "add to", "Late"), "Tags: “Late” added"),
        ):
            await pilot.press("E")
            if typed[0] == "level":
                await wait_for(pilot.app, "Change which field", "client_number")
                await pilot.press(*"level")
                await wait_for_lines(
                    pilot.app,
                    lambda lines: any("Level" in line for line in lines) and "client_number" not in str(lines),
                )
                assert "own_" not in text_of(pilot.app)
                await pilot.press("enter", *"gold", "enter")
            elif typed[-1] == "Late":
                await choose(pilot, *typed[:2])
                await pilot.press(*"Late")
                await wait_for(pilot.app, "This will be a new tag.")
                await pilot.press("enter")
            else:
                await choose(pilot, *typed)
            await the_plan(pilot)
            await wait_for(pilot.app, heading, "3 clients · 3 change")
            await pilot.press("ctrl+s")
            await wait_until(lambda: pilot.app.screen is screen)
            await told(pilot, "3 clients are changed.")
    smith = named(firm, "Smith").values
    assert (smith[f"own_{level.id}"], smith["tags"]) == ("Gold", "Late, VIP")
