"""Style files are read when they are first wanted, and again only in other colours."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.css import stylesheet

from clientdesk.ui.screens.base import style
from tests.ui.conftest import Running
from tests.ui.forms import open_form
from tests.ui.screen import wait_for, wait_until


def text_of_style(name: str) -> str:
    return Path(style(name)).read_text(encoding="utf-8")


async def test_a_screen_with_styles_of_its_own_does_not_read_the_others_again(
    firm: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    parse: Callable[..., Any] = vars(stylesheet)["parse"]

    def noted(scope: str, css: str, *how: Any, **named: Any) -> Any:
        read.append(css)
        return parse(scope, css, *how, **named)

    async with running(firm) as pilot:
        await wait_for(pilot.app, "8 of 9 clients")
        monkeypatch.setattr(stylesheet, "parse", noted)
        await open_form(pilot)
        assert text_of_style("form") in read
        assert text_of_style("app") not in read
        before = pilot.app.screen.styles.background
        pilot.app.theme = "textual-light"
        await wait_until(lambda: pilot.app.screen.styles.background != before)
        assert text_of_style("app") in read
