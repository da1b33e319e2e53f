"""The firm's settings: its name, the notice, its client types."""

import pytest
from textual import events
from textual.pilot import Pilot

from clientdesk.desk import client_types, firm_settings
from clientdesk.store import patches
from clientdesk.ui.screens.ask_and_save import AskAndSave
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.firm_settings import SettingsScreen
from clientdesk.ui.screens.picker import Choose
from clientdesk.ui.widgets.answers import Answer
from tests.planned import past_the_rules
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work
from tests.ui.people import counted, refused, told
from tests.ui.screen import assert_snapshot, still_picture, text_of, wait_for, wait_until, wait_words
from tests.ui.watching import looked

NAME, NOTICE, LIMIT, FIELDS, TAGS, _TEMPLATES, FIRST_TYPE = 0, 1, 2, 5, 6, 7, 8
"""The rows of the screen."""


async def opened(pilot: Pilot[int], row: int = NAME) -> SettingsScreen:
    """The settings, the cursor on a row."""
    screen = SettingsScreen()
    await pilot.app.push_screen(screen)
    table = await counted(screen)
    table.rows.move_to(row)
    await wait_until(lambda: table.rows.cursor_id is not None)
    return screen


async def asked(pilot: Pilot[int], key: str) -> Answer:
    """What the dialog that `key` opens asks for."""
    await pilot.press(key)
    await wait_until(lambda: isinstance(pilot.app.screen, AskAndSave) and pilot.app.screen.focused is not None)
    return pilot.app.screen.query_one(Answer)


def types(firm: str) -> list[str]:
    """The client types of the firm."""
    with at_work(firm) as session:
        return [client_type.name for client_type in client_types.all_types(session)]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_can_be_set(firm: str, running: Running, size: tuple[int, int]) -> None:
    async with running(firm, size=size) as pilot:
        await opened(pilot, NOTICE)
        await wait_for(pilot.app, "from 2,000 clients on")
        await wait_for(pilot.app, "QuickBooks Online Accountant holds 2,000 clients a firm; clientdesk has no")
        await assert_snapshot(pilot.app, f"settings_{size[0]}x{size[1]}")


async def test_the_comma_opens_the_settings_and_esc_goes_back(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await pilot.press("comma")
        await wait_until(lambda: isinstance(pilot.app.screen, SettingsScreen))
        await counted(pilot.app.screen)
        await pilot.press("escape")
        await wait_until(lambda: isinstance(pilot.app.screen, ClientList))


async def test_e_renames_the_firm(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        (await asked(pilot, "e")).value = "Ríos [/] & Hijas"
        await pilot.press("enter")
        await told(pilot, "The firm's name is changed.")
        await wait_for(pilot.app, "Ríos [/] & Hijas › Settings")


async def test_a_firm_needs_a_name(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        answer = await asked(pilot, "enter")
        answer.value = " "
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "The firm's name is required.")
        assert isinstance(pilot.app.screen, AskAndSave)


@pytest.mark.parametrize(("typed", "shown"), [("", "never"), ("1.500", "from 1,500 clients on"), ("0", "never")])
async def test_the_notice_is_a_number_or_off(firm: str, running: Running, typed: str, shown: str) -> None:
    async with running(firm) as pilot:
        await opened(pilot, NOTICE)
        (await asked(pilot, "e")).value = typed
        await pilot.press("enter")
        await wait_for(pilot.app, shown)


async def test_a_notice_that_is_no_number_stays_typed(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot, NOTICE)
        answer = await asked(pilot, "e")
        answer.value = "many"
        await pilot.press("enter")
        await wait_for(pilot.app, "“many” is no whole number")
        assert answer.value == "many"
        await assert_snapshot(pilot.app, "settings_notice_80x24")


async def test_the_upload_limit_is_on_at_first_and_can_be_taken_off(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot, LIMIT)
        await wait_for(pilot.app, "1,000 clients or 100 KB a batch")
        await wait_for(pilot.app, "QuickBooks Online Accountant takes 1,000 client numbers or 100 KB in one")
        await pilot.press("e")
        await wait_until(lambda: isinstance(pilot.app.screen, Choose) and pilot.app.screen.focused is not None)
        await pilot.press("down", "enter")
        await told(pilot, "The upload limit is changed.")
        await wait_for(pilot.app, "Upload limit         none")
    with at_work(firm) as session:
        assert not session.firm.upload_limit


async def test_a_change_that_came_too_late_says_what_stands_there(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        answer = await asked(pilot, "e")
        answer.value = "Mine"
        with at_work(firm) as session:
            firm_settings.save(session, session.firm, {"name": "Theirs"})
        for _twice in range(2):
            pilot.app.post_message(events.Key("enter", "\r"))
        await wait_words(
            pilot.app, "The firm's name was changed by Luis Ortega meanwhile. It said Ríos y Asociados and says"
        )
        await wait_until(lambda: not pilot.app.obeying)  # type: ignore[attr-defined]
        with at_work(firm) as session:
            assert session.firm.name == "Theirs"
        await wait_words(pilot.app, "Yours stands here: ctrl+s replaces theirs, ctrl+t takes theirs.")
        await pilot.press("enter")
        await told(pilot, "The firm's name is changed.")
        await wait_for(pilot.app, "Mine › Settings")


async def test_a_setting_that_says_so_already_is_not_said_to_be_changed(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        await asked(pilot, "e")
        await pilot.press("enter")
        await told(pilot, "Nothing was changed.")
        answer = await asked(pilot, "e")
        answer.value = "Ríos e Hijas"
        await pilot.press("enter")
        await told(pilot, "The firm's name is changed. u undoes it.")


async def test_another_setting_that_was_changed_meanwhile_stays_and_is_told(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        answer = await asked(pilot, "e")
        answer.value = "Mine"
        with at_work(firm) as session:
            firm_settings.save(session, session.firm, {"upload_limit": "no"})
        await pilot.press("enter")
        await told(pilot, "is changed. u undoes it.\nLuis Ortega changed meanwhile, and it stays so: Upload limit")


async def test_a_adds_a_client_type(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await opened(pilot)
        (await asked(pilot, "a")).value = "Farm"
        await pilot.press("enter")
        await told(pilot, "The client type is added.")
        await wait_until(lambda: screen.client_type is not None and screen.client_type.name == "Farm")
    assert "Farm" in types(firm)


async def test_a_type_that_is_there_already_is_refused(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        (await asked(pilot, "a")).value = "TRUST"
        await pilot.press("enter")
        await wait_for(pilot.app, "There is a client type Trust already.")


async def test_e_renames_a_type_and_its_clients_keep_it(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot, FIRST_TYPE)
        await wait_for(pilot.app, "e Rename")
        answer = await asked(pilot, "e")
        assert answer.value == "Business"
        await pilot.press("enter")
        await told(pilot, "Nothing was changed.")
        (await asked(pilot, "e")).value = "Company"
        await pilot.press("enter")
        await told(pilot, "The client type is renamed. u undoes it.")
    with at_work(firm) as session:
        assert (
            next(
                client_type for client_type in client_types.all_types(session) if client_type.name == "Company"
            ).clients
            == 6
        )


async def test_a_type_renamed_by_someone_else_meanwhile(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot, FIRST_TYPE)
        (await asked(pilot, "e")).value = "Mine"
        with at_work(firm) as session:
            business = client_types.all_types(session)[0]
            client_types.rename_type(session, business, "Theirs")
        await pilot.press("enter")
        await wait_words(
            pilot.app, "The client type Business was changed by Luis Ortega meanwhile. It said Business and"
        )
        await pilot.press("ctrl+t")
        await wait_for(pilot.app, "Theirs stands here now.")
        await pilot.press("enter")
        await told(pilot, "Nothing was changed.")
    assert "Theirs" in types(firm)


async def test_an_open_dialog_says_at_once_what_a_colleague_did(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await opened(pilot)
        answer = await asked(pilot, "e")
        answer.value = "Mine"
        with at_work(firm) as session:
            firm_settings.save(session, session.firm, {"upload_limit": "no"})
            client_types.add_type(session, "Farm")
            firm_settings.save(session, session.firm, {"name": "Theirs"})
        await looked(pilot)
        await wait_for(pilot.app, "Luis Ortega changed meanwhile: The firm's name: Ríos y Asociados")
        assert answer.value == "Mine"
        await pilot.press("escape")
        await wait_for(pilot.app, "Leave without saving?")
        await pilot.press("y")
        await wait_until(lambda: pilot.app.screen is screen)

        await wait_until(lambda: screen.table.rows.total == FIRST_TYPE + 5)
        screen.table.rows.move_to(FIRST_TYPE + 1)
        await wait_until(lambda: screen.client_type is not None and screen.client_type.name == "Farm")
        await asked(pilot, "e")
        with at_work(firm) as session:
            farm = next(client_type for client_type in client_types.all_types(session) if client_type.name == "Farm")
            farm = client_types.rename_type(session, farm, "Farms")
        await looked(pilot)
        await wait_for(pilot.app, "Luis Ortega changed meanwhile: Name: Farm → Farms;")
        with at_work(firm) as session:
            client_types.remove_type(session, farm.id)
        await looked(pilot)
        await wait_words(
            pilot.app, "The client type Farms was removed by Luis Ortega. Add it again where it is needed."
        )
        await wait_for(pilot.app, "What you typed cannot be saved any more.")


async def test_a_type_in_use_is_not_removed(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await opened(pilot, FIRST_TYPE)
        await pilot.press("D")
        await told(pilot, "There are clients of the type Business (6). Give them another type first.")
        assert pilot.app.screen is screen


async def test_a_type_without_clients_is_removed_after_a_question(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await opened(pilot)
        screen.table.rows.move_to_last()
        await wait_until(lambda: screen.client_type is not None and screen.client_type.name == "Trust")
        await pilot.press("D")
        await wait_until(lambda: isinstance(pilot.app.screen, Confirm) and pilot.app.focused is not None)
        await wait_until(lambda: pilot.app.focused is not None and pilot.app.focused.id == "no")
        await pilot.press("right", "enter")
        await told(pilot, "The client type Trust is removed.")
    assert "Trust" not in types(firm)


async def test_the_firms_name_cannot_be_removed(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot)
        await pilot.press("D")
        await told(pilot, "Put the cursor on a client type.")


async def test_basic_access_sees_and_changes_nothing(firm: str, running: Running) -> None:
    async with running(firm, "olga") as pilot:
        screen = await opened(pilot, FIRST_TYPE)
        await refused(pilot, ("a", "e", "D"))
        assert pilot.app.screen is screen


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_names_are_shown_as_they_are(firm: str, running: Running, name: str) -> None:
    without = ("client_type_bounds_update", "firm_bounds_update")
    with at_work(firm) as session, past_the_rules(session, "type.renamed", *without):
        planted = {"name": f"Z{name}"}
        last = client_types.all_types(session)[-1].id
        assert patches.update(session.engine, "client_type", [patches.Write(last, planted, planted)])
        assert patches.update(session.engine, "firm", [patches.Write(1, {"name": name}, {"name": name})])
    async with running(firm) as pilot:
        screen = await opened(pilot)
        assert_clean(pilot.app)
        await asked(pilot, "e")
        assert_clean(pilot.app)
        await pilot.press("escape")
        await wait_until(lambda: pilot.app.screen is screen)
        screen.table.rows.move_to_last()
        await wait_until(lambda: screen.client_type is not None)
        for key, kind in (("e", AskAndSave), ("D", Confirm)):
            await pilot.press(key)
            await wait_until(lambda kind=kind: isinstance(pilot.app.screen, kind))  # type: ignore[misc]
            await still_picture(pilot.app)
            assert_clean(pilot.app)
            await pilot.press("escape")
            await wait_until(lambda: pilot.app.screen is screen)
        assert "Traceback" not in text_of(pilot.app)
