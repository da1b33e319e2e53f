"""Undo and redo of an import that are killed, at any moment: each batch is whole or absent, and the same command goes on.

CLIENTDESK_KILLS says how often each of them is killed at random on each engine (1: the undo in a file, the redo on a
server).
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from clientdesk.desk import clients, opening, undoing
from clientdesk.desk.change_kinds import REDONE, UNDONE
from clientdesk.desk.checking import check_firm
from clientdesk.desk.imports import applying
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.session import Session
from clientdesk.domain.import_decisions import CREATE
from clientdesk.exchange.file_reading import open_table
from tests import kills
from tests.desk.undone import firm_of
from tests.exchange.firms import Firms, Originals, await_end_of_connections, query
from tests.servers import Server

pytestmark = pytest.mark.long("kills")

KILLS = kills.kills()
ROWS, BATCH = 600, 100
State = dict[str, dict[int, Any]]

PROGRAM = """
import sys
from clientdesk.desk import undoing
from clientdesk.cli.main import main
undo = undoing.undo
def begun(*arguments):
    print("begin", flush=True)
    return undo(*arguments)
undoing.undo = begun
sys.exit(main(sys.argv[1:]))
"""
"""The program, which says when it begins to take back, or to do again, what it has looked at."""


class Work(NamedTuple):
    """What is killed: a command, and the kind of the change sets that it writes."""

    command: str
    kind: str


DONE = '{"whole": true}'
"""What the program prints, among other things, when it has done all."""
UNDO, REDO = Work("undo", UNDONE), Work("redo", REDONE)


class Imported(NamedTuple):
    """An import of several batches: where the firm is behind it and where it is behind its undo, and what stands in
    the firm after so many of the batches were taken back."""

    whole: str
    undone: str
    states: list[State]

    def before(self, work: Work) -> str:
        """The firm in which the work has not begun."""
        return self.whole if work == UNDO else self.undone

    def after(self, work: Work, batches: int) -> State:
        """What stands in the firm when the work has done so many batches."""
        return self.states[batches] if work == UNDO else self.states[len(self.states) - 1 - batches]


@pytest.fixture(scope="module")
def made() -> Iterator[dict[str, tuple[Firms, Imported]]]:
    """What was imported, by engine, and the firms that are taken away in the end."""
    by_engine: dict[str, tuple[Firms, Imported]] = {}
    yield by_engine
    for firms, _imported in by_engine.values():
        firms.close()


@pytest.fixture
def imported(
    engine_name: str,
    made: dict[str, tuple[Firms, Imported]],
    originals: Originals,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Imported:
    """The firm on each engine in turn, which stays as it is: tests take copies."""
    if engine_name not in made:
        server: Server | None = request.getfixturevalue("server") if engine_name == "postgres" else None
        folder = tmp_path_factory.mktemp("imported")
        firms = Firms(originals, folder, server)
        made[engine_name] = firms, bring_in(firms, folder / "list.csv")
    return made[engine_name][1]


def bring_in(firms: Firms, path: Path) -> Imported:
    """Imports new clients, half of them of a new type, and some that are changed, and takes it back batch by batch."""
    lines = [f"N-{n},Öztürk {n * 7919 % ROWS:05},Vigo,{'Nuevo' if n % 2 else 'Trust'}" for n in range(ROWS)]
    path.write_text("\n".join(["Client number,Display name,City,Client type", *lines]), encoding="utf-8")
    whole = firms.copy("empty")
    with opening.open_firm(whole) as session:
        for number in (3, 300):
            clients.add(session, {"display_name": f"Client {number}", "client_number": f"N-{number}", "city": "Lugo"})
        job = Import.open(session, open_table(str(path)), ImportKind.CLIENTS)
        assert job.setup is not None
        job.set_setup(job.setup._replace(key="client_number", types={"Nuevo": CREATE}))
        job.judge(session)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(applying, "BATCH", BATCH)
            job.apply(session)
        job.close()
    await_end_of_connections(whole)
    undone = firms.copy_of(whole)
    with opening.open_firm(undone) as session:
        states = [firm_of(session)]
        while (planned := undoing.latest(session)) is not None and planned.job is not None:
            take_back_a_batch(session, planned)
            states.append(firm_of(session))
    await_end_of_connections(undone)
    assert len(states) == ROWS // BATCH + 1
    return Imported(whole, undone, states)


def take_back_a_batch(session: Session, planned: undoing.Plan) -> None:
    progress: list[int] = []  # each batch tells once of its rows
    undoing.undo(session, planned, lambda done, _rows: progress.append(done), lambda: bool(progress))


def batches_done(firm: str, work: Work, imported: Imported) -> int:
    """How many batches of the work are in a firm that was left in a hurry, after a look at everything that must hold."""
    await_end_of_connections(firm)
    with opening.open_firm(firm) as session:
        assert [finding.name for finding in check_firm(session) if not finding.sound] == []
        state = firm_of(session)
    sets = query(firm, f"SELECT job, count(*) FROM change_set WHERE kind = '{work.kind}' GROUP BY job")  # noqa: S608
    assert len(sets) <= 1, "it is one line in the history, however often it was begun"
    done: int = sum(count for _job, count in sets)
    assert state == imported.after(work, done), f"{done} whole batches, and nothing else"
    return done


def check_reported(ended: kills.Ended, batches: int) -> bool:
    """Whether the program had reported the end of its work, which is then done."""
    reported = bool(ended.said) and json.loads(ended.said[-1])["whole"]
    assert not reported or batches == ROWS // BATCH, "what was reported is there"
    return reported


def killed(firm: str, work: Work, imported: Imported, kill_after: float) -> tuple[int, bool]:
    """Kills the work in a firm: how many batches are done, and whether it had ended before."""
    ended = kills.run(PROGRAM, work.command, "--firm", firm, "--yes", "--json", kill_after=kill_after)
    done = batches_done(firm, work, imported)
    return done, check_reported(ended, done)


def test_killing_undo_and_redo_at_random_moments(engine_name: str, firms: Firms, imported: Imported) -> None:
    few = {"sqlite": (UNDO,), "postgres": (REDO,)}
    for work in (UNDO, REDO) if KILLS > 1 else few[engine_name]:
        kill_at_random(firms, imported, work)


def kill_at_random(firms: Firms, imported: Imported, work: Work) -> None:
    """Kills the work so often: in a firm in which it has not begun, or where the kill before has left it."""
    firm, every = firms.copy_of(imported.before(work)), ROWS // BATCH
    whole = kills.run(PROGRAM, work.command, "--firm", firm, "--yes", "--json").seconds
    assert batches_done(firm, work, imported) == every
    present, parts, moments = every, 0, kills.Moments(KILLS, whole)
    for moment in moments:
        before = present
        if before == every or random.random() < 0.5:
            firm, before = firms.copy_of(imported.before(work)), 0
        rest = (every - before) / every
        present, ended = killed(firm, work, imported, moment * rest)
        assert present >= before
        parts += before < present < every
        if ended:
            moments.too_late()
    if present < every:
        kills.run(PROGRAM, work.command, "--firm", firm, "--yes", "--json")
        assert batches_done(firm, work, imported) == every
    print(f"{work.command}: {parts} of {KILLS} kills left a part; {moments.late} more came too late")
    assert parts or KILLS < 10


def test_a_build_that_commits_half_a_batch_is_found_out(engine_name: str, firms: Firms, imported: Imported) -> None:
    work = UNDO if engine_name == "postgres" else REDO
    firm = firms.copy_of(imported.before(work))
    kills.killed_at("half", kills.IN_HALVES + PROGRAM, work.command, "--firm", firm, "--yes", "--json")
    with pytest.raises(AssertionError, match="whole batches, and nothing else"):
        batches_done(firm, work, imported)


def test_a_build_that_reports_before_it_commits_is_found_out(firms: Firms, imported: Imported) -> None:
    firm = firms.copy_of(imported.whole)
    wrong = f"SAID = {DONE!r}\n{kills.TOO_SOON}{PROGRAM}"
    ended = kills.killed_at(DONE, wrong, "undo", "--firm", firm, "--yes", "--json")
    with pytest.raises(AssertionError, match="what was reported is there"):
        check_reported(ended, batches_done(firm, UNDO, imported))
