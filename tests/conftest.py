"""What every test may use: a firm on each engine, people to work in it, and settings apart from yours."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from clientdesk import config
from clientdesk.desk import opening, team
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access

settings.register_profile(
    "quick", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("quick")

ENGINES = ("sqlite",)
ADMIN = "ana"
"""The login of the primary admin of a test's firm."""


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Settings, log and firm of the person who runs the tests stay out of them."""
    for name in ("CLIENTDESK_FIRM", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLIENTDESK_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("CLIENTDESK_LOG", str(tmp_path / "clientdesk.log"))
    config.settings.cache_clear()
    config.log.cache_clear()
    yield
    config.settings.cache_clear()
    config.log.cache_clear()


@pytest.fixture(params=ENGINES)
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new firm may stand, on each engine in turn."""
    assert request.param == "sqlite"
    return os.fspath(tmp_path / "the firm.db")


@pytest.fixture
def session(location: str) -> Iterator[Session]:
    """A new firm with its primary admin Ana García at work."""
    session = opening.create_firm(location, "Ríos y Asociados", "Ana García", ADMIN)
    yield session
    session.close()


At = Callable[..., Session]


@pytest.fixture
def at_work(session: Session) -> Iterator[At]:
    """Opens the firm for another member: `at_work("bob", Access.BASIC)` adds them first where needed."""
    opened: list[Session] = []

    def open_for(login: str, access: Access = Access.FULL) -> Session:
        if login not in {member.login for member in team.members(session)}:
            team.add_member(session, f"{login.title()} Test", "", login, access)
        opened.append(opening.open_firm(session.location, login))
        return opened[-1]

    yield open_for
    for each in opened:
        each.close()
