"""The server is killed in the middle of an import: nothing half is written, and the import can be completed.

Each test has a control: the same steps against builds that are wrong on purpose must fail.
"""

import csv
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import psycopg
import pytest

from clientdesk.cli.main import main
from clientdesk.desk import imports, opening, watching
from clientdesk.desk.checking import check_firm
from clientdesk.desk.imports import applying, importing
from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.desk.imports.importing import Import
from clientdesk.desk.session import Session
from clientdesk.domain.judged_row import Counts
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.exchange.file_reading import open_table
from clientdesk.store.engines.postgres import PostgresEngine
from tests.exchange import wrong_builds
from tests.exchange.firms import ADMIN, HEAD, count, query
from tests.many import add_many
from tests.servers import Server

pytestmark = pytest.mark.long("kills")

ROWS, BATCH = 480, 120
PATIENCE = 4.0
"""So many seconds after the server is there again the program works again, at the latest."""
DURABLE = "fsync = off\nwal_level = minimal\nmax_wal_senders = 0\nautovacuum = off\nshared_buffers = 64MB\n"
"""What was committed survives the end of the server's processes."""

Patch = pytest.MonkeyPatch


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server that may be killed: nobody else uses it."""
    server = Server(DURABLE)
    yield server
    server.close()


@pytest.fixture
def firm(own_server: Server) -> Iterator[str]:
    """A firm on that server, which runs before and after a test."""
    name = own_server.firm(login=ADMIN)
    yield own_server.url(name, ADMIN)
    try:
        own_server.drop_database(name)
    except psycopg.OperationalError:
        own_server.start()
        own_server.drop_database(name)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list of clients."""
    return written(tmp_path_factory.mktemp("list") / "clients.csv", "K")


def written(path: Path, letter: str) -> Path:
    """A file of clients whose numbers begin with a letter."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD.split(","))
        writer.writerows([f"92{n:06}", f"Öztürk {n:05}", f"{letter}-{n:05}"] for n in range(ROWS))
    return path


@pytest.fixture(autouse=True)
def small_and_quick(monkeypatch: Patch) -> None:
    """Batches of a few rows, of client lists and of numbers; and a server that is back is found soon."""
    monkeypatch.setattr("clientdesk.store.engines.postgres_connection.BACK_OFF", 0.05)
    monkeypatch.setattr(applying, "BATCH", BATCH)
    monkeypatch.setattr(importing, "UPLOAD_ROWS", BATCH)


# --- when


class Cut:
    """Cuts the program off at the n-th time that it is told of something."""

    def __init__(self, how: Callable[[], object], at: int) -> None:
        self._how, self._at, self._seen = how, at, 0

    def __call__(self) -> bool:
        """Whether that was just now."""
        self._seen += 1
        if self._seen == self._at:
            self._how()
        return self._seen == self._at


class Moment(NamedTuple):
    """When the server is killed: how often what is counted happens before, how it is counted, how many batches are in
    then, and what becomes known of a save in doubt."""

    at: int
    counted: Callable[[Cut, Session, Patch], "Hooks"]
    batches: int
    settled: str = ""


class Hooks(NamedTuple):
    """What `Import.apply` is given."""

    progress: Callable[[int, int], None] = lambda _done, _rows: None
    stopped: Callable[[], bool] = lambda: False


def batches_written(cut: Cut, _session: Session, _patch: Patch) -> Hooks:
    """Counts batches that are in."""

    def told(_done: int, _rows: int) -> None:
        cut()

    return Hooks(progress=told)


def looks(cut: Cut, _session: Session, _patch: Patch) -> Hooks:
    """Counts, twice in each batch: before its first row, and after its last."""

    def asked() -> bool:
        cut()
        return False

    return Hooks(stopped=asked)


def rows_sent(cut: Cut, _session: Session, patch: Patch) -> Hooks:
    """Counts new clients on their way to the server."""
    insert_many = PostgresEngine.insert_many

    def counting(rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
        for row in rows:
            cut()
            yield row

    def insert(engine: PostgresEngine, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        sent = cast(Sequence[Sequence[object]], counting(rows)) if table == "client" else rows
        insert_many(engine, table, columns, sent)

    patch.setattr(PostgresEngine, "insert_many", insert)
    return Hooks()


def commits(after: bool) -> Callable[[Cut, Session, Patch], Hooks]:
    """Counts commits (the first is of the run, the others of a batch each), before or after the server has done it."""

    def counted(cut: Cut, session: Session, patch: Patch) -> Hooks:
        database: Any = session.engine.db
        commit = database.commit

        def committing() -> object:
            if after:
                commit()
                return session.engine.sql("SELECT 1") if cut() else None  # no answer comes any more
            cut()
            return commit()

        patch.setattr(database, "commit", committing)
        return Hooks()

    return counted


MOMENTS = {
    "between two batches": Moment(2, batches_written, batches=2),
    "before a batch's first row": Moment(5, looks, batches=2),
    "among a batch's rows": Moment(2 * BATCH + 60, rows_sent, batches=2),
    "after a batch's last row": Moment(4, looks, batches=1),
    "before a commit arrives": Moment(3, commits(after=False), batches=1, settled="not_saved"),
    "after a commit, before its answer": Moment(3, commits(after=True), batches=2, settled="saved"),
}


# --- what must hold


def check_what_is_in(session: Session, kind: str, batches: int) -> None:
    """Whole batches only, once each, with their history; what the runs say is what is in."""
    firm = session.location
    counted = "new" if kind == "clients" else "changed"
    operation = "insert" if kind == "clients" else "update"
    change = "client.imported" if kind == "clients" else "client.numbers"
    sets = f"FROM change_set WHERE kind = '{change}'"
    history = (
        f"FROM history WHERE entity = 'client' AND operation = '{operation}' AND change_set_id IN (SELECT id {sets})"
    )
    assert count(firm, f"SELECT count(*) {history}") == batches * BATCH
    assert count(firm, f"SELECT count(DISTINCT key) {history}") == batches * BATCH
    assert query(firm, f"SELECT DISTINCT count(*) {history} GROUP BY change_set_id") == [(BATCH,)]
    assert count(firm, "SELECT count(*) FROM client WHERE client_number LIKE 'K-%'") == batches * BATCH
    assert sum(getattr(run, counted) for run in imports.runs(session) if run.kind == kind) == batches * BATCH
    assert [finding.name for finding in check_firm(session) if not finding.sound] == []


def back_at_work(session: Session) -> str:
    """Waits until the program has found the server again by itself; what became of a save that was in doubt."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            news = watching.news(session)
        except FirmUnusable as refusal:
            if not refusal.away:
                raise
        else:
            assert news.changed
            return news.settled
        assert time.monotonic() < until, "the program does not find the server again"
        time.sleep(0.05)


def judged(session: Session, path: Path, kind: ImportKind) -> Import:
    """The plan of a file."""
    job = Import.open(session, open_table(str(path)), kind)
    job.judge(session)
    return job


def ended(job: Import, session: Session, hooks: Hooks) -> Exception | None:
    """How an import ended that is cut off."""
    try:
        job.apply(session, hooks.progress, hooks.stopped)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is looked at
        return error
    return None


def killed_and_completed(server: Server, firm: str, path: Path, moment: Moment, kind: ImportKind) -> None:
    """Everything that must hold when the server is killed in the middle of an import."""
    with opening.open_firm(firm) as session:
        job = judged(session, path, kind)
        with pytest.MonkeyPatch.context() as patch:
            hooks = moment.counted(Cut(server.stop, moment.at), session, patch)
            end = ended(job, session, hooks)
        assert isinstance(end, FirmUnusable), end
        assert end.away, end.code
        assert end.code == ("save_unknown" if moment.settled else "server_away")
        assert len(end.message.splitlines()) == 1
        assert job.run.stopped
        job.close()

        server.start()
        assert back_at_work(session) == moment.settled
        check_what_is_in(session, kind.value, moment.batches)

        present = moment.batches * BATCH
        rest = judged(session, path, kind)
        done = {"new" if kind is ImportKind.CLIENTS else "changed": ROWS - present}
        assert rest.apply(session) == Counts(ROWS, unchanged=present, **done)
        rest.close()
        check_what_is_in(session, kind.value, ROWS // BATCH)
        assert imports.runs(session)[0].state == "done"


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_import_of_clients(moment: str, own_server: Server, firm: str, path: Path) -> None:
    killed_and_completed(own_server, firm, path, MOMENTS[moment], ImportKind.CLIENTS)


@pytest.mark.parametrize("moment", ["between two batches", "after a batch's last row"])
def test_an_upload_of_numbers(moment: str, own_server: Server, firm: str, path: Path, tmp_path: Path) -> None:
    with opening.open_firm(firm) as session:
        add_many(session, [{"company_id": f"92{n:06}", "display_name": f"Öztürk {n:05}"} for n in range(ROWS)])
    killed_and_completed(own_server, firm, path, MOMENTS[moment], ImportKind.NUMBERS)


def test_the_command_says_one_sentence_and_is_run_again(
    own_server: Server, firm: str, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["import", "--firm", firm, "clients", str(path), "--json"]
    with opening.open_firm(firm) as session, pytest.MonkeyPatch.context() as patch:
        rows_sent(Cut(own_server.stop, 2 * BATCH + 60), session, patch)
        assert main(command) == 1, "rows are in"
    printed = capsys.readouterr()
    record = json.loads(printed.out)
    assert record["refusal"]["code"] == "server_away"
    assert (record["new"], record["left_out"]) == (2 * BATCH, ROWS - 2 * BATCH)
    assert "Traceback" not in printed.err
    assert printed.err.splitlines()
    own_server.start()
    with opening.open_firm(firm) as session:
        check_what_is_in(session, "clients", 2)
        assert main(command) == 0
        check_what_is_in(session, "clients", ROWS // BATCH)


def test_a_batch_in_doubt_stays_in_the_counts_of_its_run(own_server: Server, firm: str, path: Path) -> None:
    """Its answer is lost with the connection, and the program cannot ask at once; then it can."""
    with opening.open_firm(firm) as session, pytest.MonkeyPatch.context() as patch:
        commits(after=True)(Cut(lambda: disconnect(firm), 3), session, patch)
        patch.setattr(session.engine, "settle", Once(session.engine.settle))
        job = judged(session, path, ImportKind.CLIENTS)
        end = ended(job, session, Hooks())
        assert isinstance(end, FirmUnusable)
        assert end.code == "save_unknown"
        job.close()
        assert back_at_work(session) == "saved"
        check_what_is_in(session, "clients", 2)


def disconnect(firm: str) -> None:
    """Ends the program's connections to a firm; the server goes on."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    query(firm, f"SELECT pg_terminate_backend(pid, 5000) {others}")


class Once:
    """A question to the server that has no answer the first time."""

    def __init__(self, question: Callable[[str], bool]) -> None:
        self._question, self._asked = question, False

    def __call__(self, operation: str) -> bool:
        if not self._asked:
            self._asked = True
            raise FirmUnusable(problem("server_away", place=""))
        return self._question(operation)


# --- the controls: builds that are wrong on purpose


WRONG: list[tuple[Callable[[Patch], None], str]] = [
    (wrong_builds.without_transactions, "after a batch's last row"),
    (wrong_builds.in_two_transactions, "after a batch's last row"),
    (wrong_builds.in_two_transactions, "among a batch's rows"),
    (wrong_builds.with_counts_at_the_end, "between two batches"),
    (wrong_builds.without_connecting_again, "between two batches"),
    (wrong_builds.with_raw_errors, "before a batch's first row"),
    (wrong_builds.without_asking, "after a commit, before its answer"),
]


@pytest.mark.parametrize(("wrong", "moment"), WRONG, ids=lambda each: each if isinstance(each, str) else each.__name__)
def test_a_wrong_build_is_found_out(
    wrong: Callable[[Patch], None], moment: str, own_server: Server, firm: str, path: Path, monkeypatch: Patch
) -> None:
    wrong(monkeypatch)
    with pytest.raises(AssertionError):
        killed_and_completed(own_server, firm, path, MOMENTS[moment], ImportKind.CLIENTS)
