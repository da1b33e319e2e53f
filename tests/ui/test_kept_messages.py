"""No failure is silent: what cannot be read says so, and no screen lacks what its base says that it does."""

import importlib
import inspect
import pkgutil
from typing import Any

import pytest

from clientdesk.desk import clients, list_columns
from clientdesk.desk.session import keeping
from clientdesk.domain.problems import FirmUnusable, Refused, problem, refuse
from clientdesk.store import firm as firm_rows
from clientdesk.ui import screens
from clientdesk.ui.screens.base import Commanding
from clientdesk.ui.widgets.row_table import RowTable
from tests.ui.conftest import Running
from tests.ui.forms import at_work, notices
from tests.ui.screen import text_of, wait_for, wait_until


@pytest.mark.parametrize(
    "refusal", [FirmUnusable(problem("disk_error", path="firm.db")), refuse("client_gone", name="Norte")]
)
async def test_the_fields_beside_the_list_say_why_they_are_not_there(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch, refusal: Refused
) -> None:
    def refused(*_arguments: object) -> None:
        raise refusal

    monkeypatch.setattr(clients, "get", refused)
    async with running(firm, size=(150, 40)) as pilot:
        words = refusal.message.split()
        await wait_for(pilot.app, " ".join(words[:3]))
        await wait_until(lambda: words[-1] in text_of(pilot.app))


async def test_columns_that_cannot_be_read_are_told_and_saved_anew(firm: str, running: Running) -> None:
    with at_work(firm, "ana") as session, keeping(session):
        firm_rows.save_setting(session.engine, session.me.id, "columns", '[["nickname", 9], ["city", 20]]')
    async with running(firm) as pilot:
        await wait_until(lambda: any("nickname" in notice for notice in notices(pilot.app)))
        await pilot.press("c")
        await wait_until(lambda: pilot.app.screen.query("Preview") and pilot.app.screen.query_one(RowTable).rows.count)
        await pilot.press("ctrl+s")
        await wait_until(lambda: len(pilot.app.screen_stack) == 1)
    with at_work(firm, "ana") as session:
        assert list_columns.columns_as_kept(session)[1] is None
        assert "nickname" in (firm_rows.setting(session.engine, session.me.id, "columns.unread") or "")


def test_every_screen_does_what_its_base_says() -> None:
    for module in pkgutil.iter_modules(screens.__path__):
        importlib.import_module(f"{screens.__name__}.{module.name}")

    def below(kind: type[Any]) -> list[type[Any]]:
        return [kind, *(each for found in kind.__subclasses__() for each in below(found))]

    promised = 0
    for screen in below(Commanding):
        if screen.__subclasses__() or not screen.__module__.startswith("clientdesk."):
            continue
        for base in screen.__mro__:
            hooks = [name for name, kind in inspect.get_annotations(base).items() if "Callable" in str(kind)]
            for name in hooks if base.__module__.startswith(screens.__name__) else ():
                promised += 1
                assert callable(getattr(screen, name, None)), f"{screen.__name__} has no {name}"
    assert promised > 15
