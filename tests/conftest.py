"""What every test may use: a firm on each engine, people to work in it, and settings apart from yours."""

import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from clientdesk import folders, log_file
from clientdesk.desk import opening, team
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.own_settings import own_settings
from tests import installed, kept, quick_place, running, sharing
from tests.founding import Originals
from tests.running import pytest_collection_modifyitems as pytest_collection_modifyitems
from tests.running import pytest_runtest_logreport as pytest_runtest_logreport
from tests.running import pytest_runtest_setup as pytest_runtest_setup
from tests.running import pytest_sessionstart as pytest_sessionstart
from tests.running import pytest_terminal_summary as pytest_terminal_summary
from tests.servers import Server

settings.register_profile(
    "quick",
    max_examples=int(os.environ.get("CLIENTDESK_EXAMPLES", "20")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],  # no clock says what is wrong
)
settings.load_profile("quick")

# Where Python is told to leave no bytecode, each program that a test starts would compile all of ours anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A runner in the background, or under nohup, ignores these, and its children would inherit that. What has a handler
# here has its default in a child.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda _number, _frame: None)

ENGINES = ("sqlite", "postgres")
ADMIN = "ana"
"""The login of the primary admin of a test's firm."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The server on which the tests of a firm on a server run, and what else is asked of a run."""
    parser.addoption("--server", choices=installed.KINDS, default=installed.EMBEDDED)
    running.add_options(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Every server that a test starts is of the kind asked for, and firms are where they are quick."""
    quick_place.use()
    running.begin(config)
    kind = config.getoption("--server")
    if reason := installed.missing(kind):
        raise pytest.UsageError(f"--server {kind}: {reason}")
    Server.usual_kind = kind
    sharing.compile_share(config)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """See `sharing.scheduler`."""
    return sharing.scheduler(config, log)


def pytest_collection_finish() -> None:
    """What the modules have made stays to the end: whoever collects garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(autouse=True)
def persons_own_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Settings, log, firm and language of the person who runs the tests stay out of them."""
    monkeypatch.delenv("CLIENTDESK_FIRM", raising=False)
    monkeypatch.setenv("LANGUAGE", "en")  # it counts before LC_ALL, LC_MESSAGES and LANG
    monkeypatch.setenv("CLIENTDESK_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("CLIENTDESK_LOG", str(tmp_path / "clientdesk.log"))
    monkeypatch.setenv("CLIENTDESK_STATE", f"{tmp_path}-state")
    own_settings.cache_clear()
    log_file.log.cache_clear()
    yield
    own_settings.cache_clear()
    log_file.log.cache_clear()
    logger = logging.getLogger(folders.APP)
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        with suppress(OSError):  # a full disk
            handler.close()


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Originals:
    """The firms in files that tests copy."""
    return Originals(tmp_path_factory.mktemp("originals"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A real PostgreSQL server, which starts when the first test wants it."""
    server = Server(keeps=True)
    with pytest.MonkeyPatch.context() as patch:
        kept.keep_connections(patch)
        yield server
    server.close()


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    return str(request.param)


NewFirm = Callable[..., str]


@pytest.fixture
def new_firm(engine_name: str, files: Originals, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewFirm]:
    """Makes a firm on the engine: `new_firm("Norte SL")`; where it is. Its primary admin is Ana García, as ana."""
    made: list[str] = []
    server: Server | None = request.getfixturevalue("server") if engine_name == "postgres" else None

    def make(name: str = "Ríos y Asociados") -> str:
        if server is None:
            path = tmp_path / ("the firm.db" if not made else f"firm {len(made)}.db")
            made.append(files.copy(name, lambda original: opening.make_firm(original, name, "Ana García", ADMIN), path))
            return made[-1]
        made.append(server.firm(name))
        return server.url(made[-1], ADMIN)

    yield make
    if server is not None:
        for database in made:
            server.give_back(database)


@pytest.fixture
def location(new_firm: NewFirm) -> str:
    """Where a new firm is, on each engine in turn."""
    return new_firm()


@pytest.fixture
def session(location: str) -> Iterator[Session]:
    """A new firm with its primary admin Ana García at work."""
    session = opening.open_firm(location, ADMIN)
    yield session
    session.close()


At = Callable[..., Session]


@pytest.fixture
def at_work(session: Session, engine_name: str, request: pytest.FixtureRequest) -> Iterator[At]:
    """Opens the firm for another member: `at_work("bob", Access.BASIC)` adds them first where needed."""
    opened: list[Session] = []

    def open_for(login: str, access: Access = Access.FULL) -> Session:
        if login not in {member.login for member in team.members(session)}:
            team.add_member(session, f"{login.title()} Test", "", login, access)
        location = session.location
        if engine_name == "postgres":
            server: Server = request.getfixturevalue("server")
            server.login(login, access)
            location = location.replace(f"//{ADMIN}@", f"//{login}@")
        opened.append(opening.open_firm(location, login))
        return opened[-1]

    yield open_for
    for each in opened:
        each.close()
