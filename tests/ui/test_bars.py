"""The one-line bars: what gives way where there is no room, and what is never cut."""

import pytest
from textual import events

from clientdesk.commands.scopes import PARTS
from clientdesk.desk import clients, team
from clientdesk.desk.opening import create_firm
from clientdesk.desk.records import Totals
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery
from clientdesk.ui.commands import COMMANDS
from clientdesk.ui.screens.clients_words import Said, status_parts
from clientdesk.ui.screens.help import FIRST_HEADING
from clientdesk.ui.widgets.bars import GIVES_WAY, LEAST, Bar, Part, StatusLine, sentence_parts, shares
from tests.ui.conftest import Running
from tests.ui.screen import text_of, wait_for, wait_for_lines
from tests.ui.slow_store import arrive

LONG = "Construcciones y Reformas Integrales Hermanos Fernández de la Vega y Asociados Castilla"
LEAD = "María de los Ángeles Fernández de la Vega y Sáenz de Santamaría"


@pytest.mark.parametrize(
    ("parts", "room", "sizes"),
    [
        ([(10, 0), (3, 0), (5, 0)], 20, [10, 3, 5]),
        ([(100, 0), (3, 0), (5, 0)], 20, [12, 3, 5]),  # the longest gives way
        ([(30, 0), (3, 0), (40, 0)], 23, [10, 3, 10]),
        ([(10, 0), (40, 1)], 30, [0, 30]),  # what matters is cut last
        ([(40, 0), (20, 1)], 30, [10, 20]),
        ([(10, 0)], 0, [0]),
        ([], 10, []),
    ],
)
def test_the_longest_of_the_least_important_is_cut(parts: list[tuple[int, int]], room: int, sizes: list[int]) -> None:
    assert shares(parts, room) == sizes


@pytest.mark.parametrize(
    ("room", "line"), [(40, "10 clients · find “abcdefghijkl”"), (25, "10 clients · find “abc…"), (20, "10 clients")]
)
def test_a_part_that_would_say_nothing_any_more_is_left_out(room: int, line: str) -> None:
    bar = Bar()
    bar.show([Part("10 clients", keep=2), Part(" · find “abcdefghijkl”", least=LEAST)])
    assert "".join(drawn.text for drawn in bar.drawn(room)) == line


def test_a_key_in_a_sentence_is_cut_last() -> None:
    sentence = "{who} changed this client in another window; {key} asks where it is the same field."
    bar = Bar()
    bar.show(sentence_parts(sentence, keys={"key": "ctrl+s"}, who=LEAD))
    for room in (78, 60, 40):
        assert "ctrl+s" in "".join(drawn.text for drawn in bar.drawn(room))


def test_no_two_headings_of_a_help_are_the_same() -> None:
    for scopes in (
        ("form", "field", "line", "notes", "choice", "picker"),
        ("list", "table", "find", "picker"),
        ("page", "reading"),
        ("import-file", "path", "choice", "picker"),
        ("download", "field", "path"),
    ):
        headings = [PARTS.get(scope, FIRST_HEADING) for scope in (*scopes, "global")]
        assert len(set(headings)) == len(headings)


@pytest.fixture
def long_names(tmp_path: object) -> str:
    """A firm in which everything has a long name."""
    path = f"{tmp_path}/long.db"
    session = create_firm(path, f"Gestoría {LONG}", LEAD, "ana")
    team.add_member(session, f"Juan {LEAD}"[:60], "", "juan", Access.FULL)
    clients.add(session, {"display_name": LONG, "client_number": "C-1", "lead": f"Juan {LEAD}"[:60]})
    session.close()
    return path


async def test_a_long_name_pushes_nothing_out(long_names: str, running: Running) -> None:
    async with running(long_names) as pilot:
        await wait_for(pilot.app, "1 client")
        await wait_for_lines(
            pilot.app, lambda lines: lines[0].startswith(" Gestoría Cons") and "primary admin" in lines[0]
        )
        await pilot.press("enter")
        await wait_for(pilot.app, "Company ID")
        wanted = (" › Construcciones", " María", "primary admin")
        await wait_for_lines(
            pilot.app, lambda lines: all(words in lines[0] for words in wanted) and "1 of 1" in lines[1]
        )


async def test_a_long_search_leaves_the_count_and_what_clears_it(long_names: str, running: Running) -> None:
    async with running(long_names) as pilot:
        await wait_for(pilot.app, "1 client")
        await pilot.press("space", "slash")
        pilot.app.post_message(events.Paste(LONG.lower()))
        arrive(pilot.app, "enter")
        await wait_for_lines(
            pilot.app,
            lambda lines: (
                lines[-2].startswith(" 1 client · 1 marked · found in Display name")
                and lines[-2].endswith("esc clears")
            ),
        )


@pytest.mark.parametrize(
    ("everyone", "words"), [(1, "… of 1 client"), (2, "… of 2 clients"), (1_234, "… of 1,234 clients")]
)
def test_a_count_that_is_still_to_come_has_its_singular(everyone: int, words: str) -> None:
    [part] = status_parts(ClientQuery(), None, Totals(everyone, everyone), (), Said())
    assert part.text == words


async def test_the_filters_show_their_keys(firm: str, running: Running) -> None:
    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9")
        await wait_for_lines(
            pilot.app, lambda lines: lines[1].startswith(" t Type All ▾   w Lead All ▾   s Status Active ▾   / Find")
        )


async def test_filters_leave_their_names_out_where_there_is_no_room(long_names: str, running: Running) -> None:
    async with running(long_names, size=(60, 24)) as pilot:
        await wait_for(pilot.app, "1 client")
        await wait_for_lines(pilot.app, lambda lines: lines[1].startswith(" t All ▾  w All ▾  s Active ▾  / Find"))


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (120, ("F Filter", "o Sort", "c Columns", "I Import")),
        (150, ("F Filter", "t Type", "w Lead", "o Sort", "c Columns", "I Import", "d Download")),
        (200, ("F Filter", "t Type", "w Lead", "s Status", "o Sort", "c Columns", "I Import", "d Download", "p Plan")),
    ],
)
async def test_the_footer_uses_the_room_it_has(firm: str, running: Running, width: int, shown: tuple[str, ...]) -> None:
    async with running(firm, size=(width, 40)) as pilot:
        await wait_for(pilot.app, "8 of 9")
        wanted = ("enter Open", "/ Find", "a Add", "e Edit", "space Mark", "? Help", "q Quit", "x ", *shown)
        await wait_for_lines(pilot.app, lambda lines: all(words in lines[-1] for words in wanted))
        await wait_for(pilot.app, "t Type", "w Lead", "s Status")  # the filters' keys stand with the filters, too


async def test_help_shows_the_id_of_every_command(firm: str, running: Running) -> None:
    async with running(firm, size=(80, 60)) as pilot:
        await wait_for(pilot.app, "8 of 9")
        await pilot.press("question_mark")
        await wait_for(pilot.app, "On this screen")
        seen = ""
        for _page in range(4):
            seen += text_of(pilot.app) + "\n"
            await pilot.press("pagedown")
        lines = [line.rstrip(" ▁▂▃▄▅▆▇█") for line in seen.splitlines()]  # the scrollbar's end may stand behind it
        ids = {line.split()[-1] for line in lines if line}
        for command in COMMANDS:
            if {"list", "table", "find", "global"} & set(command.scopes):
                assert command.id in ids


def test_in_a_sentence_the_data_gives_way_before_the_words() -> None:
    parts = sentence_parts("{who} changed it; {key} shows both.", "strong", who="M" * 50, key="ctrl+s")
    assert [part.text for part in parts] == ["M" * 50, " changed it; ", "ctrl+s", " shows both."]
    sizes = shares([(len(part.text), part.keep) for part in parts], 40)
    assert sizes == [9, 13, 6, 12]


def test_a_count_gives_way_whole_to_how_an_import_ended() -> None:
    line = StatusLine()
    count = Part("110,229 of 110,240 clients", "plain", keep=GIVES_WAY)
    ended = [
        Part("big.csv", "accent"),
        Part(" was stopped, 20,000 of 200,000 rows are in · I Report", "accent", keep=3),
    ]
    line.show([count], ended)
    assert line.parts(78) == ([], ended)
    assert line.parts(118) == ([count], ended)
