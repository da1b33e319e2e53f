"""A field, a setting and an entity more are one declaration and one script each: everything else follows from these."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from clientdesk.desk import clients, opening, team
from clientdesk.domain.access import Access
from tests import programs
from tests.conftest import ADMIN
from tests.next_program import NextProgram
from tests.servers import OWNER, Server
from tests.store.both import on_server, seen_by, tamper

pytestmark = pytest.mark.long("programs")

Next = Callable[..., NextProgram]


@pytest.fixture
def next_program(firm: str, tmp_path: Path) -> Iterator[Next]:
    """Makes a program of the next schema, which brings the firm up to date: it has the client Peña SA, and Bob works in
    it."""
    with opening.open_firm(firm) as session:
        clients.add(session, {"display_name": "Peña SA", "client_number": "C-1"})
        team.add_member(session, "Bob", "", "bob", Access.FULL)

    def make(module: str, entry: str, script: str, imports: str = "") -> NextProgram:
        program = NextProgram(tmp_path / "next", {module: entry}, script, imports)
        served.enter_context(programs.served(program.environment))
        upgraded = program.run("firm", "upgrade", firm.replace(f"//{ADMIN}@", f"//{OWNER}@"))
        assert upgraded.code == 0, upgraded.err
        return program

    with ExitStack() as served:
        yield make


COMMANDS = """
import contextlib, io, json, sys
from clientdesk.cli.main import main
for arguments in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    print(json.dumps([code, out.getvalue(), err.getvalue()]))
"""


def told(program: NextProgram, *commands: tuple[str, ...]) -> list[str]:
    """What commands print, which all end well."""
    ended = program.python(COMMANDS, json.dumps(commands))
    assert ended.code == 0, ended.err
    answers = [json.loads(line) for line in ended.out.splitlines()]
    assert [code for code, _out, _err in answers] == [0] * len(commands), answers
    return [out for _code, out, _err in answers]


def records(printed: str) -> list[dict[str, Any]]:
    """The objects that a command has printed, one a line."""
    return [json.loads(line) for line in printed.splitlines()]


# Opens the firm in a window of 120 columns, presses keys, and prints the screen as soon as it has some words.
ON_SCREEN = """
import asyncio, sys, time
from clientdesk.ui.app import ClientdeskApp
from clientdesk.ui.gateway import Gateway

async def main():
    gateway = Gateway()
    gateway.open(sys.argv[1], rows=50).result()
    app = ClientdeskApp(gateway)
    try:
        async with app.run_test(size=(120, 50)) as pilot:
            for step in sys.argv[2:]:
                words, _tab, keys = step.partition("\\t")
                until = time.monotonic() + 60
                while words not in (text := shown(app)):
                    assert time.monotonic() < until, text
                    await asyncio.sleep(0.02)
                await pilot.press(*keys.split())
            print(text)
    finally:
        gateway.close()

def shown(app):
    return "\\n".join("".join(part.text for part in strip) for strip in app.screen._compositor.render_strips())

asyncio.run(main())
"""


def on_screen(program: NextProgram, firm: str, *steps: str) -> str:
    """The screen after some steps, each of words that it waits for and the keys that are pressed then."""
    ended = program.python(ON_SCREEN, firm, *steps)
    assert ended.code == 0, ended.err
    return ended.out


def test_a_field_is_one_entry_and_one_column(firm: str, next_program: Next, tmp_path: Path) -> None:
    entry = 'Field("nickname", N_("Nickname"), _MAIN, limit=40, headings=("Nickname", "Apodo"))'
    program = next_program(
        "domain/fields.py", entry, "ALTER TABLE client ADD COLUMN nickname {text} NOT NULL DEFAULT ''"
    )
    listed = tmp_path / "list.csv"
    listed.write_text("Company name,Client number,Apodo\nPeña SA,C-1,Peñita\nVino SL,C-2,Vinito\n")
    copy = str(tmp_path / "copy.db")
    show = ("list", "--columns", "client_number,nickname", "--sort", "-nickname,client_number", "--json")
    _edited, shown, _undone, taken_back, help_, _imported, after, filtered, history, _copied, in_copy, checked = told(
        program,
        ("edit", "C-1", "nickname=Pepe"),
        show,
        ("undo",),
        show,
        ("edit", "--help"),
        ("import", "clients", str(listed), "--key", "client_number"),
        show,
        ("list", "--where", "nickname~ENIT", "--where", "nickname!=x", "--csv", "--columns", "client_number"),
        ("history", "--field", "nickname", "--json"),
        ("firm", "copy", firm, copy),
        ("--firm", copy, *show) if not on_server(firm) else ("--version",),
        ("check",),
    )
    assert [record["nickname"] for record in records(shown)] == ["Pepe"]
    assert [record["nickname"] for record in records(taken_back)] == [""]
    assert "nickname" in help_
    assert [record["nickname"] for record in records(after)] == ["Vinito", "Peñita"]
    assert filtered.splitlines() == ["client_number", "C-1"]
    changes = [field for record in records(history) for field in record["fields"] if field["field"] == "nickname"]
    assert {"Peñita", "Vinito", "Pepe"} <= {change["new"] for change in changes}
    assert on_server(firm) or [record["nickname"] for record in records(in_copy)] == ["Vinito", "Peñita"]
    assert "✗" not in checked
    too_long = program.run("edit", "C-1", f"nickname={'x' * 41}")
    assert (too_long.code, "Nickname" in too_long.err) == (1, True)
    assert "Nickname" in on_screen(program, firm, "Vino SL\te", "Add more info\tf2", "Nickname\t")


def test_a_setting_is_one_entry_and_one_column(
    firm: str, next_program: Next, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    entry = 'Setting("motto", N_("Motto"), N_("What is the motto?"), limit=40, action=Action.HAND_OVER)'
    program = next_program(
        "domain/firm_settings.py", entry, "ALTER TABLE firm ADD COLUMN motto {text} NOT NULL DEFAULT ''"
    )
    if on_server(firm):
        server: Server = request.getfixturevalue("server")
        server.login("bob", Access.FULL)
    copy = str(tmp_path / "copy.db")
    show = ("settings", "show", "--json")
    _set, shown, _undone, taken_back, _redone, help_, history, _copied, in_copy, checked = told(
        program,
        ("settings", "set", "motto=Todo claro"),
        show,
        ("undo",),
        show,
        ("redo",),
        ("settings", "set", "--help"),
        ("history", "--field", "firm.motto"),
        ("firm", "copy", firm, copy),
        ("--firm", copy, *show) if not on_server(firm) else show,
        ("check",),
    )
    assert [records(each)[0]["motto"] for each in (shown, taken_back, in_copy)] == ["Todo claro", "", "Todo claro"]
    assert "Motto" in help_
    assert "Motto: – → Todo claro" in history
    assert "✗" not in checked
    assert program.run("settings", "set", f"motto={'x' * 41}").code == 1
    refused = program.python(AS_BOB, seen_by(firm, "bob"))
    assert refused.out.split() == (["not_allowed", "permission"] if on_server(firm) else ["not_allowed"]), refused.err
    typed = "What is the motto?\tend exclamation_mark ctrl+s"
    assert "Todo claro!" in on_screen(
        program, firm, "Peña SA\tcomma", "▌ Motto\te", typed, "▌ Motto                Todo claro!\t"
    )


# A member with full access tries to write a setting that is the primary admin's; on a server past the program, too.
AS_BOB = """
import sys
from clientdesk.desk import opening, firm_settings
from clientdesk.desk.session import changes
from clientdesk.domain.problems import Refused

with opening.open_firm(sys.argv[1], "bob") as session:
    try:
        firm_settings.save(session, session.firm, {"motto": "Mine"})
    except Refused as refusal:
        print(refusal.code)

@changes("firm.settings", None)
def past_the_rules(session):
    session.engine.sql("UPDATE firm SET motto = 'Mine', version = version + 1")

if session.engine.login is not None:
    with opening.open_firm(sys.argv[1], "bob") as session:
        try:
            past_the_rules(session)
        except Exception as error:
            print("permission" if "permission" in f"{error} {error.__cause__}" else repr(error))
"""

REVIEW = """Entity(
        "review",
        N_("Review"),
        (
            reference("client", N_("Client"), "client", once=True),
            reference("template", N_("Template"), "client_type", once=True),
            value("period", N_("Period"), once=True, bound=Text(10, filled=True)),
            value("state", N_("State"), default="open", words={"open": N_("open"), "done": N_("finished")},
                   bound=Text(choices=("open", "done"))),
            reference("reviewer", N_("Reviewer"), "team_member"),
            number("points", N_("Points"), bound=Number(0, 100)),
        ),
        called_by="",
        identity=("client_id", "template_id", "period"),
        deleted_by=Access.FULL,
    )"""
REVIEWS = """
CREATE TABLE review (
    client_id {number} NOT NULL REFERENCES client (id) ON DELETE RESTRICT,
    template_id {number} NOT NULL REFERENCES client_type (id) ON DELETE RESTRICT,
    period {text} NOT NULL,
    state {text} NOT NULL DEFAULT 'open',
    reviewer_id {number} REFERENCES team_member (id) ON DELETE RESTRICT,
    points {number} NOT NULL DEFAULT 0,
    version {number} NOT NULL DEFAULT 1,
    PRIMARY KEY (client_id, template_id, period)
)
"""
# Writes patches, [entity, key, before, after] in JSON, as one use case, and prints what became of each.
WRITES = """
import json, sys
from clientdesk.desk import opening, patches
from clientdesk.desk.session import changes
from clientdesk.domain.access import Action
from clientdesk.domain.patch import Patch

@changes("client.edited", Action.EDIT_CLIENT)
def write(session, wanted):
    return list(patches.apply(session, [Patch(*each) for each in wanted]))

with opening.open_firm(sys.argv[1]) as session:
    for wanted in json.loads(sys.argv[2]):
        print(json.dumps([[each.verdict.value, each.patch.key, *(wrong.code for wrong in each.problems),
                           *(wrong.message for wrong in each.problems)] for each in write(session, wanted)]))
"""


# A period that would make the key another one is refused by the database itself.
PAST_THE_RULES = """
import sys
from clientdesk.desk import opening
from clientdesk.desk.session import changes

@changes("client.edited", None)
def write(session):
    session.engine.sql("INSERT INTO review (client_id, template_id, period) VALUES (1, 1, '2026/9')")

with opening.open_firm(sys.argv[1]) as session:
    try:
        write(session)
    except Exception as error:
        print("refused" if "what its column may hold" in f"{error} {error.__cause__}" else repr(error))
"""


def test_an_entity_with_a_key_of_several_parts_is_one_declaration_and_one_table(
    firm: str, next_program: Next, tmp_path: Path
) -> None:
    program = next_program("store/firm_entities.py", REVIEW, REVIEWS, "from clientdesk.domain.bounds import Number")

    def write(*sets: list[list[Any]]) -> list[list[list[str]]]:
        ended = program.python(WRITES, firm, json.dumps(sets))
        assert ended.code == 0, ended.err
        return [json.loads(line) for line in ended.out.splitlines()]

    def review(period: str, **more: object) -> list[Any]:
        return ["review", "", None, {"client": 1, "template": 1, "period": period, **more}]

    ten, eleven, twelve = ("1/1/2026-10", "1/1/2026-11", "1/1/2026-12")
    added, refused, changed, alike, gone = write(
        [review("2026-10"), review("2026-11", reviewer=1, points=3), review("2026-11"), review("2026-12")],
        [
            review("2026-10"),
            review("2026/9"),
            review(""),
            review("2027-01", client=99),
            review("2027-01", state="x"),
            review("2027-01", points=101),
            ["review", "1/1/2030-01", {"state": "open"}, {"state": "done"}],
        ],
        [["review", ten, {"points": 0}, {"points": 5}], ["review", eleven, {"points": 3}, {"points": 6}]],
        [["review", ten, {"state": "open"}, {"state": "done"}], ["review", twelve, {}, {"state": "done"}]],
        [["review", eleven, {"state": "done"}, {"state": "open"}], ["review", twelve, {}, None]],
    )
    assert [each[:3] for each in added] == [
        ["written", ten],
        ["written", eleven],
        ["refused", eleven, "row_there"],
        ["written", twelve],
    ]
    assert [refusal[2] for refusal in refused] == [
        "row_there", "not_in_a_key", "required", "no_such_row", "not_a_choice", "out_of_bounds", "row_gone",
    ]  # fmt: skip
    assert "Peña SA, Business, 2026-10" in refused[0][3]
    assert [each[:2] for each in (*changed, *alike)] == [
        ["written", ten], ["written", eleven], ["written", ten], ["written", twelve],
    ]  # fmt: skip
    assert [each[:2] for each in gone] == [["unchanged", eleven], ["written", twelve]]

    copy = str(tmp_path / "copy.db")
    _undone, history, _redone, _again, found_again, _copied, checked = told(
        program,
        ("undo",),
        ("history", "--json"),
        ("redo",),
        ("undo",),
        ("history", "--find", "peña finished", "--json"),
        ("firm", "copy", firm, copy),
        ("check",),
    )
    entries = records(history)
    assert (entries[0]["entity"], entries[0]["key"], entries[0]["operation"]) == ("review", twelve, "insert")
    assert entries[0]["subject"] == "Peña SA, Business, 2026-12"
    fields = {entry["field"]: entry["new"] for entry in entries[0]["fields"]}
    assert (fields["client"], fields["template"], fields["state"]) == ("Peña SA", "Business", "finished")
    assert found_again
    assert "✗" not in checked
    stands = [["review", each, {}, {"points": 9}] for each in (ten, eleven, twelve)]
    standing, (of_type,) = write(stands, [["client_type", "1", {}, None]])
    assert [each[0] for each in standing] == ["written"] * 3
    assert of_type[:3] == ["refused", "1", "referred_to"]
    assert "Review (3), by Template" in of_type[3]
    assert program.python(PAST_THE_RULES, firm).out.strip() == "refused"
    tamper(firm, "review", "UPDATE review SET state = 'open', version = version + 1 WHERE period = '2026-10'")
    checked = program.run("check").out
    assert "Review “Peña SA, Business, 2026-10”: State is “open”, the history says “finished”." in checked


NOTE = """Entity(
        "note",
        N_("Note"),
        (
            reference("client", N_("Client"), "client", once=True),
            value("text", N_("Text"), bound=Text(200, filled=True)),
        ),
        called_by="text",
        deleted_by=Access.FULL,
    )"""
NOTES = """
CREATE TABLE note (
    id {number} PRIMARY KEY,
    client_id {number} NOT NULL REFERENCES client (id) ON DELETE RESTRICT,
    text {text} NOT NULL,
    version {number} NOT NULL DEFAULT 1
)
"""
# Adds a client with a note of it, as one use case; and says how much of that could be taken back.
BOTH = """
import sys
from clientdesk.desk import opening, patches
from clientdesk.desk.undoing import undo_plan
from clientdesk.desk.session import changes
from clientdesk.domain.access import Action
from clientdesk.domain.patch import Patch

@changes("client.added", Action.ADD_CLIENT)
def add_both(session):
    (client_id,) = session.engine.next_ids("client", 1)
    client = Patch("client", str(client_id), None, {"display_name": "Both SL"})
    for outcome in patches.apply(session, [client, Patch("note", "", None, {"client": client_id, "text": "Both"})]):
        patches.landed(outcome)

with opening.open_firm(sys.argv[1]) as session:
    add_both(session)
    undo_plan.TRIED_ROWS = 1  # more rows are only looked at
    plan = undo_plan.plan(session, session.engine.change_set)
    print(plan.can, plan.rows)
"""
# Deletes a client to which somebody has come to refer behind the look for what does.
UNSEEN = """
import sys
from clientdesk.desk import clients, opening
from clientdesk.domain.problems import Refused
from clientdesk.store.entities import REFERRED_BY

with opening.open_firm(sys.argv[1]) as session:
    REFERRED_BY.clear()
    try:
        clients.delete(session, clients.by_key(session, "C-1"))
    except Refused as refusal:
        print(refusal.code, refusal.message)
"""


def test_what_an_entity_of_one_declaration_refers_to_is_not_deleted(
    firm: str, next_program: Next, tmp_path: Path
) -> None:
    program = next_program("store/firm_entities.py", NOTE, NOTES)

    def write(*sets: list[list[Any]]) -> list[list[list[str]]]:
        ended = program.python(WRITES, firm, json.dumps(sets))
        assert ended.code == 0, ended.err
        return [json.loads(line) for line in ended.out.splitlines()]

    def listed() -> list[dict[str, Any]]:
        return records(told(program, ("list", "--columns", "display_name", "--sort", "client_number", "--json"))[0])

    list_of_two = tmp_path / "list.csv"
    list_of_two.write_text("Company name,Client number\nVino SL,C-2\nOliva SL,C-3\n")
    told(program, ("import", "clients", str(list_of_two)))
    imported = records(told(program, ("history", "--json"))[0])
    ids = {entry["subject"]: int(entry["key"]) for entry in imported if entry["entity"] == "client"}
    added = write([["note", "", None, {"client": client, "text": text}] for client, text in (
        (ids["Peña SA"], "A"), (ids["Peña SA"], "B"), (ids["Vino SL"], "C"))])  # fmt: skip
    before = listed()

    refused = program.run("delete", "C-1", "--yes")
    assert (refused.code, "Traceback" in refused.err) == (1, False)
    assert "✗ not met: Nothing else of the firm refers to the client. Note (2) does, by Client" in refused.err
    ((of_client,),) = write([["client", str(ids["Peña SA"]), {}, None]])
    assert of_client[2] == "delete_refused"
    assert "Note (2) does, by Client" in of_client[3]
    unseen = program.python(UNSEEN, firm)
    assert unseen.out.startswith("referred_to_meanwhile What was to be deleted is referred to"), unseen.err
    other = str(tmp_path / "other.db")
    told(program, ("firm", "create", other, "--name", "Other", "--admin", "Ana"))
    moved = program.run("transfer", "C-1", "C-3", "--to", other, "--move", "--dry-run")
    assert "Note (2) does, by Client" in moved.out + moved.err
    assert listed() == before

    number = next(str(entry["change"]) for entry in imported if entry["subject"] == "Vino SL")
    foreseen = program.run("undo", number, "--dry-run")
    assert "Vino SL is not deleted, as something refers to it: Note (1), by Client." in foreseen.out + foreseen.err
    taken_back = program.run("undo", number, "--yes")
    assert "Vino SL is not deleted, as something refers to it: Note (1), by Client." in taken_back.out + taken_back.err
    assert [record["display_name"] for record in listed()] == ["Peña SA", "Vino SL"]

    assert program.python(BOTH, firm).out == "2 2\n"
    undone = told(program, ("undo", "--dry-run"), ("undo", "--yes"), ("redo", "--yes"), ("undo", "--yes"))
    assert "2 of 2 rows can be taken back." in undone[0]
    assert [record["display_name"] for record in listed()] == ["Peña SA", "Vino SL"]

    write([["note", added[0][place][1], {}, None] for place in (0, 1)])
    told(program, ("delete", "C-1", "--yes"))
    assert [record["display_name"] for record in listed()] == ["Vino SL"]
    assert "✗" not in told(program, ("check",))[0]
