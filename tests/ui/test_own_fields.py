"""The fields of the firm's own and the tags: what their keys do."""

import pytest
from textual.pilot import Pilot

from clientdesk.desk import clients, own_fields, tags
from clientdesk.domain.own_fields import OwnField, OwnKind
from clientdesk.ui.screens.ask_and_save import AskAndSave
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.firm_settings import SettingsScreen
from clientdesk.ui.screens.own_choices import OwnChoicesScreen
from clientdesk.ui.screens.own_field_form import OwnFieldForm
from clientdesk.ui.screens.own_fields import OwnFieldsScreen
from clientdesk.ui.screens.picker import Choose
from clientdesk.ui.screens.tags import TagsScreen
from clientdesk.ui.widgets.answers import Answer
from tests.ui.conftest import Running
from tests.ui.forms import HOSTILE, assert_clean, at_work
from tests.ui.people import counted, go_to, refused, told, values_of
from tests.ui.screen import assert_snapshot, lines_of, wait_for, wait_until

Top = OwnFieldsScreen | OwnChoicesScreen | TagsScreen


def fields(firm: str) -> tuple[OwnField, ...]:
    with at_work(firm) as session:
        return own_fields.own_fields(session)


def names(firm: str) -> list[str]:
    return [field.name for field in fields(firm) if not field.retired]


@pytest.fixture
def with_fields(firm: str) -> str:
    """A firm with a field of each kind that looks different, and one that is retired."""
    with at_work(firm) as session:
        own_fields.add_field(session, "IVA trimestral", OwnKind.YES_NO, section="books", required=True)
        own_fields.add_field(session, "Riesgo", OwnKind.CHOICE, choices=["Alto", "Medio", "Bajo"])
        own_fields.add_field(session, "Número de acta", OwnKind.TEXT, unique=True, width=20)
        old = own_fields.add_field(session, "Fax", OwnKind.TEXT)
        own_fields.retire_field(session, old.id)
    return firm


async def opened(pilot: Pilot[int], screen: Top, first_value: str = "") -> Top:
    """A screen with its rows, its cursor on one."""
    await pilot.app.push_screen(screen)
    table = await counted(screen)
    if first_value:
        await go_to(table, first_value)
    return screen


def answer(pilot: Pilot[int], name: str) -> Answer:
    return pilot.app.screen.query_one(f"#{name}", Answer)


async def on_top(pilot: Pilot[int], kind: type[object]) -> None:
    await wait_until(lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.focused is not None)


# --- the list


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_fields_of_the_firm(with_fields: str, running: Running, size: tuple[int, int]) -> None:
    async with running(with_fields, size=size) as pilot:
        await opened(pilot, OwnFieldsScreen(), "Riesgo")
        await wait_for(pilot.app, "3 fields · 1 retired")
        await assert_snapshot(pilot.app, f"own_fields_{size[0]}x{size[1]}")


async def test_there_is_no_field_yet(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot, OwnFieldsScreen())
        await wait_for(pilot.app, "The firm has no fields of its own.")
        await wait_for(pilot.app, "n adds one.")
        await wait_until(
            lambda: lines_of(pilot.app)[-1].split() == ["n", "New", "esc", "Back", "?", "Help", "u", "Undo"]
        )
        await pilot.press("e")
        await told(pilot, "No field here. n adds one.")
        await opened(pilot, TagsScreen())
        await wait_for(pilot.app, "The firm has no tags yet.")
        await wait_until(lambda: lines_of(pilot.app)[-1].split() == ["esc", "Back", "?", "Help", "u", "Undo"])


async def test_f7_opens_the_fields_f8_the_tags_and_the_settings_lead_there(with_fields: str, running: Running) -> None:
    async with running(with_fields) as pilot:
        for key, screen in (("f7", OwnFieldsScreen), ("f8", TagsScreen)):
            await pilot.press(key)
            await on_top(pilot, screen)
            await counted(pilot.app.screen)
            await pilot.press("escape")
            await on_top(pilot, ClientList)
        await pilot.press("comma")
        await on_top(pilot, SettingsScreen)
        await counted(pilot.app.screen)
        await wait_for(pilot.app, "3: IVA trimestral, Riesgo, Número de acta")
        for row, screen in (("Own fields", OwnFieldsScreen), ("Tags", TagsScreen)):
            await go_to(pilot.app.screen.query_one("RowTable"), row)  # type: ignore[arg-type]  # the settings' table
            await pilot.press("enter")
            await on_top(pilot, screen)
            await counted(pilot.app.screen)
            await pilot.press("escape")
            await on_top(pilot, SettingsScreen)


# --- adding and changing


async def test_n_adds_a_field_and_u_takes_it_back(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await opened(pilot, OwnFieldsScreen())
        await pilot.press("n")
        await on_top(pilot, Choose)
        await pilot.press(*"choice", "enter")
        await on_top(pilot, OwnFieldForm)
        answer(pilot, "name").value = "Sector [/]"
        answer(pilot, "choices").value = "Obra, Comercio,  "
        pilot.app.screen.query_one("#section OneOf").focus()
        await pilot.press("right", "space", "right", "left", "right")
        await assert_snapshot(pilot.app, "own_field_form_80x24")
        await pilot.press("ctrl+s")
        await told(pilot, "The field Sector [/] is added.")
        (added,) = fields(firm)
        assert (added.name, added.kind, added.section, added.width) == ("Sector [/]", OwnKind.CHOICE, "books", 14)
        assert [choice.name for choice in added.choices] == ["Obra", "Comercio"]
        await wait_until(lambda: screen.table.rows.cursor_id == added.id)
        await pilot.press("u")
        await wait_for(pilot.app, "Own field added")
        await pilot.press("y")
        await wait_until(lambda: screen.table.rows.count == 0)
    assert fields(firm) == ()


async def test_all_that_is_wrong_is_said_under_its_field(with_fields: str, running: Running) -> None:
    async with running(with_fields) as pilot:
        await opened(pilot, OwnFieldsScreen(), "Riesgo")
        await pilot.press("e")
        await on_top(pilot, OwnFieldForm)
        answer(pilot, "width").value = "wide"
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "A column is 3 to 120 cells wide, not wide.")
        answer(pilot, "width").value = "20"
        answer(pilot, "name").value = "ciudad"
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "is what the built-in field City is")
        answer(pilot, "name").value = "FAX"
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "There is a field Fax already, which is retired.")
        assert answer(pilot, "width").value == "20"
    assert names(with_fields) == ["IVA trimestral", "Riesgo", "Número de acta"]


async def test_e_changes_a_field_and_what_somebody_else_did_is_met(with_fields: str, running: Running) -> None:
    async with running(with_fields) as pilot:
        await opened(pilot, OwnFieldsScreen(), "Riesgo")
        await pilot.press("e")
        await on_top(pilot, OwnFieldForm)
        risk = fields(with_fields)[1]
        with at_work(with_fields, "luis") as session:
            own_fields.save_field(session, risk, {"name": "Peligro", "width": 30})
        answer(pilot, "name").value = "Riesgo fiscal"
        await pilot.press("ctrl+s")
        await wait_for(pilot.app, "It said Riesgo and says Peligro now.")
        assert answer(pilot, "width").value == "30"
        await pilot.press("ctrl+s")
        await told(pilot, "The field Riesgo fiscal is changed.")
    assert (fields(with_fields)[1].name, fields(with_fields)[1].width) == ("Riesgo fiscal", 30)


async def test_shift_up_and_down_put_fields_in_order(with_fields: str, running: Running) -> None:
    async with running(with_fields) as pilot:
        screen = await opened(pilot, OwnFieldsScreen(), "IVA")
        await pilot.press("shift+down", "shift+down", "shift+down")
        await wait_until(lambda: [row[0] for row in values_of(screen.table)][2] == "IVA trimestral")
        assert screen.table.rows.cursor_row == 2
        await pilot.press("K")
        await wait_until(lambda: [row[0] for row in values_of(screen.table)][1] == "IVA trimestral")
    assert names(with_fields) == ["Riesgo", "IVA trimestral", "Número de acta"]


async def test_r_retires_a_field_and_brings_it_back(with_fields: str, running: Running) -> None:
    async with running(with_fields) as pilot:
        await opened(pilot, OwnFieldsScreen(), "Riesgo")
        await pilot.press("r")
        await told(pilot, "Riesgo is retired; its values are kept.")
        await wait_for(pilot.app, "r Bring back")
        await pilot.press("K")
        await told(pilot, "Riesgo is retired, and stands behind the others.")
        assert names(with_fields) == ["IVA trimestral", "Número de acta"]
        await pilot.press("r")
        await told(pilot, "Riesgo is back.")
    assert names(with_fields) == ["IVA trimestral", "Riesgo", "Número de acta"]


# --- choices


async def test_choices_are_added_renamed_ordered_and_retired(with_fields: str, running: Running) -> None:
    async with running(with_fields) as pilot:
        await opened(pilot, OwnFieldsScreen(), "Riesgo")
        await pilot.press("c")
        await on_top(pilot, OwnChoicesScreen)
        table = await counted(pilot.app.screen)
        await pilot.press("n")
        await on_top(pilot, AskAndSave)
        pilot.app.screen.query_one(Answer).value = "alto"
        await pilot.press("enter")
        await wait_for(pilot.app, "Riesgo has a choice Alto already.")
        pilot.app.screen.query_one(Answer).value = "Nulo"
        await pilot.press("enter")
        await told(pilot, "The choice is added.")
        await wait_until(lambda: [row[0] for row in values_of(table)] == ["Alto", "Medio", "Bajo", "Nulo"])
        await pilot.press("K")
        await wait_until(lambda: [row[0] for row in values_of(table)] == ["Alto", "Medio", "Nulo", "Bajo"])
        await pilot.press("e")
        await on_top(pilot, AskAndSave)
        pilot.app.screen.query_one(Answer).value = "Ninguno"
        await pilot.press("enter")
        await told(pilot, "The choice is renamed.")
        await pilot.press("r")
        await told(pilot, "Ninguno is retired; clients that have it keep it.")
        await assert_snapshot(pilot.app, "own_choices_80x24")
        await pilot.press("escape")
        await on_top(pilot, OwnFieldsScreen)
        await go_to(pilot.app.screen.query_one("RowTable"), "IVA")  # type: ignore[arg-type]  # the fields' table
        await pilot.press("c")
        await told(pilot, "IVA trimestral has no choices: only a field of the kind choice has.")
    assert [choice.name for choice in fields(with_fields)[1].standing_choices] == ["Alto", "Medio", "Bajo"]


# --- tags


async def test_tags_are_renamed_and_deleted(firm: str, running: Running) -> None:
    with at_work(firm) as session:
        tags.add_tags(session, ["VIP", "Moroso"])
    async with running(firm) as pilot:
        screen = await opened(pilot, TagsScreen(), "VIP")
        await pilot.press("e")
        await on_top(pilot, AskAndSave)
        pilot.app.screen.query_one(Answer).value = "MOROSO"
        await pilot.press("enter")
        await wait_for(pilot.app, "There is a tag Moroso already.")
        pilot.app.screen.query_one(Answer).value = "Oro"
        await pilot.press("enter")
        await told(pilot, "The tag is renamed.")
        await wait_until(lambda: [row[0] for row in values_of(screen.table)] == ["Moroso", "Oro"])
        await go_to(screen.table, "Moroso")
        await pilot.press("D")
        await on_top(pilot, Confirm)
        await pilot.press("y")
        await told(pilot, "The tag Moroso is deleted.")
        await assert_snapshot(pilot.app, "tags_80x24")
        await pilot.press("u")
        await wait_until(lambda: [row[0] for row in values_of(screen.table)] == ["Moroso", "Oro"])


async def test_m_merges_a_tag_into_another_one(firm: str, running: Running) -> None:
    with at_work(firm) as session:
        clients.add(session, {"display_name": "A", "tags": "VIPs, Moroso"})
        clients.add(session, {"display_name": "B", "tags": "VIP"})
    async with running(firm) as pilot:
        screen = await opened(pilot, TagsScreen(), "VIPs")
        await pilot.press("D")
        await told(pilot, "Clients have the tag VIPs (1).")
        await pilot.press("m")
        await on_top(pilot, Choose)
        await pilot.press(*"vip", "enter")
        await on_top(pilot, Confirm)
        await wait_for(pilot.app, "1 client has VIP instead then.")
        await pilot.press("y")
        await told(pilot, "1 client has VIP now.")
        await wait_until(lambda: values_of(screen.table) == [("Moroso", "1"), ("VIP", "2")])
        await pilot.press("u")
        await wait_for(pilot.app, "Tags merged")
        await pilot.press("y")
        await wait_until(lambda: values_of(screen.table) == [("Moroso", "1"), ("VIP", "1"), ("VIPs", "1")])


async def test_there_is_no_tag_yet(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await opened(pilot, TagsScreen())
        await wait_for(pilot.app, "One is made where somebody types it for a client.")


# --- who may, and what comes from outside


async def test_who_looks_only_sees_all_and_is_told_whom_to_ask(
    with_fields: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(with_fields, login="olga") as pilot:
        await opened(pilot, OwnFieldsScreen(), "Riesgo")
        await wait_for(pilot.app, "only to look at: ask Ana García for a change")
        await refused(pilot, ["n", "e", "r", "K", "J"])
        await pilot.press("c")
        await on_top(pilot, OwnChoicesScreen)
        await counted(pilot.app.screen)
        await refused(pilot, ["n", "e", "r"])


async def test_names_from_outside_are_shown_as_they_are(firm: str, running: Running) -> None:
    with at_work(firm) as session:
        field = own_fields.add_field(session, "[/] [bold]x", OwnKind.CHOICE, choices=["[/]"])
        tags.add_tags(session, ["[/] [red]"])
        assert field.name == "[/] [bold]x"
    assert HOSTILE
    async with running(firm) as pilot:
        await opened(pilot, OwnFieldsScreen())
        await wait_for(pilot.app, "[/] [bold]x")
        await pilot.press("c")
        await wait_for(pilot.app, "Choices of [/] [bold]x")
        await opened(pilot, TagsScreen())
        await wait_for(pilot.app, "[/] [red]")
        assert_clean(pilot.app)
