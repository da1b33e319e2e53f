"""Find: no letter is lost while the database is slow, what was found is shown, and the way back is told."""

from functools import cache
from typing import cast

import pytest
from textual import events
from textual.pilot import Pilot

from clientdesk.commands import keys
from clientdesk.desk import clients
from clientdesk.desk.records import Totals
from clientdesk.domain.client_query import ClientQuery, clients_where
from clientdesk.domain.fold import words
from clientdesk.ui.screens.clients import ClientList
from clientdesk.ui.screens.clients_words import why_empty
from clientdesk.ui.screens.find_client import FindClient
from clientdesk.ui.widgets.filter_bar import Find
from tests.ui.conftest import Running
from tests.ui.forms import at_work, shown
from tests.ui.people import told
from tests.ui.screen import lines_of, strips_of, text_of, wait_for, wait_for_lines, wait_until
from tests.ui.slow_store import a_slow_store


async def test_letters_stay_as_they_were_typed(firm: str, running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        find = cast(ClientList, pilot.app.screen).query_one(Find)
        find.focus()
        await wait_until(lambda: find.has_focus)
        with a_slow_store(monkeypatch) as store:
            store.hold()
            for place, letter in enumerate("muller", 1):
                pilot.app.simulate_key(letter)
                await wait_until(lambda typed="muller"[:place]: find.value == typed)  # type: ignore[misc]
        await wait_for(pilot.app, "1 of 9 clients · find “muller”")
        assert (find.value, find.cursor_position) == ("muller", 6)


async def finding(pilot: Pilot[int], text: str, count: str) -> ClientList:
    """The text stands in Find, and its clients in the list."""
    screen = cast(ClientList, pilot.app.screen_stack[0])
    await wait_for(pilot.app, "8 of 9 clients")
    find = screen.query_one(Find)
    find.focus()
    find.value = text
    await wait_for(pilot.app, count)
    await wait_until(lambda: screen.table.wanted == words(text))
    return screen


def found(pilot: Pilot[int]) -> list[str]:
    """The pieces of the rows that are underlined, from the top."""
    return [
        segment.text
        for strip in strips_of(pilot.app)[2:]
        for segment in strip
        if segment.style is not None and segment.style.underline
    ]


@pytest.mark.parametrize("theme", ["textual-dark", "ansi-dark"])
async def test_what_was_found_stands_out(firm: str, running: Running, theme: str) -> None:
    async with running(firm) as pilot:
        pilot.app.theme = theme
        await finding(pilot, "PENA constr", "1 of 9 clients")
        await wait_until(lambda: found(pilot) == ["Constr", "Peña"])
        await pilot.press("enter")  # the cursor's row, where the list has the focus
        await wait_until(lambda: found(pilot) == ["Constr", "Peña"])
        await pilot.press("escape")
        await wait_for(pilot.app, "8 of 9 clients")
        assert found(pilot) == []


async def test_only_where_find_looks_something_is_found(firm: str, running: Running) -> None:
    with at_work(firm) as session:
        clients.add(session, {"display_name": "A Business", "client_type": "Business"})
    async with running(firm) as pilot:
        screen = cast(ClientList, pilot.app.screen_stack[0])
        await wait_for(pilot.app, "9 of 10 clients")
        screen.shown.filter_by(find="business")
        await wait_until(lambda: found(pilot) == ["Business"])  # in the name, not in the type
        screen.shown.filter_by(filters=ClientQuery().with_value("status", "inactive").filters, find="e")
        await wait_for(pilot.app, "(inactive) Zoë Lefèvre")
        await wait_until(lambda: found(pilot) == ["ë"])  # not in the word for inactive clients


async def test_what_was_found_in_a_field_that_is_not_shown_is_told(firm: str, running: Running) -> None:
    async with running(firm, size=(120, 24)) as pilot:
        screen = await finding(pilot, "constr 5556", "1 of 9 clients")
        await wait_for(pilot.app, "found in Phone: +34 944 555 626")
        assert found(pilot) == ["Constr"]
        screen.query_one(Find).value = "inigo.ex"  # in the e-mail, a column that is shown
        await wait_until(lambda: found(pilot) == ["inigo.ex"])
        await wait_until(lambda: "found in" not in text_of(pilot.app))
        await pilot.resize_terminal(80, 24)  # now it is not shown any more
        await wait_for(pilot.app, "found in E-mail: hola@inigo.example")


async def test_each_client_under_the_cursor_tells_where(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await finding(pilot, "example", "6 of 9 clients")
        await wait_for(pilot.app, "found in E-mail: hola@inigo")
        await pilot.press("enter", "j")
        await wait_for(pilot.app, "found in E-mail: admin@pena.example")
        assert screen.table.rows.cursor_row == 1


async def test_each_row_names_the_field_that_is_not_shown(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await finding(pilot, "mail", "0 of 9 clients")  # the remark itself is nothing that was found
        cast(ClientList, pilot.app.screen).query_one(Find).value = "example"
        await wait_for(pilot.app, "6 of 9 clients")
        await wait_for_lines(
            pilot.app, lambda lines: ["(E-mail)" in line for line in lines[3:-2] if line.strip()] == [True] * 6
        )
        cast(ClientList, pilot.app.screen).query_one(Find).value = "o example"
        await wait_until(lambda: found(pilot) and "(E-mail)" in text_of(pilot.app))
        await pilot.resize_terminal(120, 24)
        await wait_until(lambda: "(E-mail)" not in text_of(pilot.app) and "example" in found(pilot))


async def test_a_match_beyond_the_end_of_a_cell_is_told(firm: str, running: Running) -> None:
    with at_work(firm) as session:
        clients.add(session, {"display_name": "Sociedad " * 9 + "Limitada"})
    async with running(firm) as pilot:
        screen = cast(ClientList, pilot.app.screen_stack[0])
        await wait_for(pilot.app, "9 of 10 clients")
        screen.query_one(Find).value = "limitada"
        await wait_for(pilot.app, "found in Display name: Sociedad")


async def test_a_pasted_tab_is_a_blank(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await finding(pilot, "", "8 of 9 clients")
        pilot.app.post_message(events.Paste("constr\tpeña\n"))
        await wait_until(lambda: screen.query_one(Find).value == "constr peña")
        await wait_for(pilot.app, "1 of 9 clients")
        await pilot.press("escape")
        await wait_until(lambda: screen.table.has_focus)


async def test_both_lines_say_what_esc_does(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        screen = await finding(pilot, "", "8 of 9 clients")
        await wait_until(lambda: lines_of(pilot.app)[-1].strip() == "esc Back to the list")
        screen.query_one(Find).value = "peña"
        await wait_until(lambda: lines_of(pilot.app)[-1].strip() == "esc Back to the list, esc again clears")
        await wait_until(lambda: lines_of(pilot.app)[-2].endswith("esc back, again clears"))
        await pilot.press("escape")
        await wait_until(lambda: lines_of(pilot.app)[-2].endswith(" esc clears"))
        assert screen.query_one(Find).value == "peña"
        await pilot.press("escape")
        await wait_until(lambda: screen.query_one(Find).value == "")
        await wait_until(lambda: "esc" not in lines_of(pilot.app)[-2])


async def test_other_keys_of_find_are_told_as_they_are(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "person_keys", cache(lambda: {"find.list": "f8", "list.clear": "0"}))
    async with running(firm) as pilot:
        await finding(pilot, "peña", "1 of 9 clients")
        await wait_until(lambda: lines_of(pilot.app)[-1].strip() == "f8 Back to the list, then 0 clears")
        await wait_until(lambda: lines_of(pilot.app)[-2].endswith("f8 back, then 0 clears"))


def test_an_empty_list_tells_other_keys_and_what_they_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "person_keys", cache(lambda: {"find.list": "f8", "list.clear": "0"}))
    query, totals = ClientQuery(find="nobody").with_value("client_type", "3"), Totals(60, 57)

    def last_words(query: ClientQuery, finding: bool) -> str:
        return why_empty(query, totals, {}, finding)[2].partition(". ")[2]

    assert last_words(query, True) == "f8 goes back, then 0 clears search and filters."
    assert last_words(query, False) == "0 clears search and filters."
    assert last_words(query._replace(find=""), False) == "0 clears the filters."
    assert last_words(query.without("client_type"), False) == "0 clears the search."


async def test_an_empty_list_says_all_of_it_in_a_narrow_terminal(firm: str, running: Running) -> None:
    async with running(firm, size=(50, 24)) as pilot:
        await finding(pilot, "nobody", "0 of 9 clients")
        cast(ClientList, pilot.app.screen).shown.filter_by(filters=clients_where("lead", "1").filters)
        await wait_until(lambda: "again clears search and filters." in " ".join(text_of(pilot.app).split()))


async def test_an_empty_list_says_the_same_of_esc(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await finding(pilot, "nobody", "0 of 9 clients")
        await wait_for(pilot.app, "esc goes back, again clears the search.")
        await pilot.press("escape")
        await wait_for(pilot.app, "esc clears the search.")


async def test_the_dialog_that_finds_a_client_tells_where(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        dialog = FindClient("Who?")
        answers = await shown(pilot, dialog, lambda: dialog.focused)
        await pilot.press(*"inigo.")
        await wait_for(pilot.app, "found in E-mail: hola@inigo.example")
        await pilot.press(*"nobody", "enter")
        await told(pilot, "No client has “inigo.nobody”.")
        assert answers == []
