"""The line to the server is cut while something is saved, or falls silent: what was saved is told, and written once."""

import threading
import time
from typing import Any

import pytest

from clientdesk.desk import clients, opening, watching
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import FirmUnusable
from clientdesk.store.engines import postgres_connection, postgres_silence
from clientdesk.store.engines.postgres import PostgresEngine
from tests.server.wire import Wire
from tests.server.working import add, look_until_it_is_back, names
from tests.servers import Server
from tests.store.both import soon

pytestmark = pytest.mark.long("servers")

# --- the line is cut while it is being saved


def outcome(alone: Server, database: str, far: Session, wire: Wire, what: str, repeat: bool = False) -> list[str]:
    """Saves a client while something happens to the COMMIT; what is wrong with what is said and done then."""
    wire.on_commit = what
    ending = add(far)
    if repeat and ending != "saved":  # what nobody should do who does not know
        ending = add(far)
    times = names(alone, database).count("Nueva SL")
    faults = []
    if wire.on_commit:
        faults.append("the COMMIT was not seen")
    if ending == "saved" and times != 1:
        faults.append(f"saved, and there {times} times")
    if ending == "not_saved" and times:
        faults.append("not saved, and there")
    if ending not in ("saved", "not_saved"):
        faults.append(ending)
    if add(far, "Next") != "saved" or names(alone, database).count("Next") != 1:
        faults.append("the next one is not saved")
    return faults


@pytest.mark.parametrize("what", ["lost", "answer lost"])
def test_a_commit_on_a_line_that_is_cut(alone: Server, database: str, far: Session, wire: Wire, what: str) -> None:
    assert outcome(alone, database, far, wire, what) == []
    assert ("Nueva SL" in names(alone, database)) == (what == "answer lost")


@pytest.mark.parametrize(
    ("what", "settle", "repeat"),
    [("lost", True, False), ("answer lost", False, False), ("answer lost", False, True)],
    ids=["always saved", "never saved", "blindly repeated"],
)
def test_a_build_that_does_not_look_fails_the_same(
    alone: Server,
    database: str,
    far: Session,
    wire: Wire,
    what: str,
    settle: bool,
    repeat: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(PostgresEngine, "settle", lambda engine, operation: settle)
    assert outcome(alone, database, far, wire, what, repeat) != []


def settled_later(alone: Server, database: str, far: Session, wire: Wire, what: str) -> list[str]:
    """Saves while the COMMIT is cut off and the server stays away; what is wrong with what is told when it is back."""
    wire.on_commit, wire.stays_away = what, True
    faults = []
    if (ending := add(far)) != "save_unknown":
        faults.append(f"{ending} while nobody can know")
    for _ in range(2):
        with pytest.raises(FirmUnusable) as caught:
            watching.news(far)
        if not caught.value.away or caught.value.code not in ("save_unknown", "server_away"):
            faults.append(caught.value.code)
    wire.back()
    news, until = None, time.monotonic() + 30
    while news is None and time.monotonic() < until:
        try:
            news = watching.news(far)
        except FirmUnusable as refusal:
            if not refusal.away:
                raise
            time.sleep(0.05)
            if what in ("late", "held") and time.monotonic() > until - 28:
                wire.let_go()
    times = names(alone, database).count("Nueva SL")
    if news is None or not news.changed or news.settled != ("saved" if times else "not_saved") or times > 1:
        faults.append(f"told {news}, and there {times} times")
    if watching.news(far).settled:
        faults.append("told twice")
    if add(far, "Next") != "saved":
        faults.append("the next one is not saved")
    return faults


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for their turn to write does so for a short time only."""
    monkeypatch.setattr(postgres_connection, "SETTINGS", postgres_connection.SETTINGS.replace("'5s'", "'300ms'"))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("what", ["lost", "answer lost", "held", "late"])
def test_a_commit_that_is_settled_when_the_server_is_back(
    alone: Server, database: str, far: Session, wire: Wire, what: str
) -> None:
    assert settled_later(alone, database, far, wire, what) == []
    assert ("Nueva SL" in names(alone, database)) == (what in ("answer lost", "late"))


@pytest.mark.usefixtures("impatient")
def test_a_build_that_does_not_wait_for_the_turn_fails_the_same(
    alone: Server, database: str, far: Session, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settle(engine: PostgresEngine, operation: str) -> bool:
        with engine.errors(), engine.reading():
            sql = "SELECT EXISTS (SELECT FROM change_set WHERE operation = ?)"
            return bool(engine.sql(sql, (operation,)).fetchone()[0])

    monkeypatch.setattr(PostgresEngine, "settle", settle)
    faults = settled_later(alone, database, far, wire, "late")
    wire.let_go()
    # "not saved" was said, and then it arrived
    assert faults or soon(lambda: "Nueva SL" in names(alone, database))


# --- nobody says anything


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence makes suspicious sooner than it does otherwise."""
    whole = (
        postgres_silence.SILENCE
        + postgres_silence.ANSWER_WITHIN
        + int(str(postgres_connection.CONNECTION["connect_timeout"]))
    )
    assert whole <= 15  # seconds until a person is told, when nothing is made shorter
    monkeypatch.setattr(postgres_silence, "SILENCE", 0.4)
    monkeypatch.setattr(postgres_silence, "ANSWER_WITHIN", 0.4)
    monkeypatch.setitem(postgres_connection.CONNECTION, "connect_timeout", 2)  # it takes no less


def counted(far: Session, wire: Wire, patience: float) -> list[str]:
    """Counts the clients while everything is swallowed: what is said within so many seconds."""
    endings: list[str] = []

    def count() -> None:
        try:
            endings.append(str(clients.count(far, ClientQuery())))
        except FirmUnusable as refusal:
            endings.append("away" if refusal.away else refusal.code)

    wire.silent = True
    counting = threading.Thread(target=count)
    counting.start()
    counting.join(patience)
    sentences = list(endings)
    if counting.is_alive():
        wire.close()
        counting.join()
    return sentences


@pytest.mark.usefixtures("hasty")
def test_a_line_that_swallows_everything(alone: Server, database: str, far: Session, wire: Wire) -> None:
    assert counted(far, wire, 60) == ["away"]
    wire.back()
    look_until_it_is_back(far)
    assert add(far) == "saved"
    assert names(alone, database) == ["Nueva SL", "Peña SA"]


@pytest.mark.usefixtures("hasty")
def test_a_build_that_waits_for_ever_fails_the_same(
    alone: Server, database: str, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_silence, "watch", lambda connection: None)
    with opening.open_firm(alone.url(database, "ana", wire.port)) as far:
        assert counted(far, wire, 3.5) == []


@pytest.mark.usefixtures("hasty")
def test_a_server_that_is_busy_is_not_taken_for_one_that_is_gone(ana: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_silence, "ANSWER_WITHIN", 60)  # it may be as slow as it likes
    engine: Any = ana.engine
    served = engine.sql("SELECT pg_backend_pid()").fetchone()
    assert engine.sql("SELECT pg_sleep(1.2)").fetchone() == ("",)
    assert engine.sql("SELECT pg_backend_pid()").fetchone() == served
