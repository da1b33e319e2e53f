"""Looks once a second whether someone else has changed the firm, and whether its server is there."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.worker import Worker

from clientdesk.domain.problems import FirmUnusable, Refused, problem
from clientdesk.text import _
from clientdesk.ui.gateway import Dropped, Failed, Gateway
from clientdesk.ui.screens.base import Commanding, DeskScreen

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.desk.watching import News

LOOK_EVERY = 1.0
"""So many seconds pass between two looks: also the least time between two readings of the same list."""
AFTER_FAILURE = 30.0
"""So many seconds more after something unexpected, so that the log stays readable."""
SHOWN = 8
"""So many seconds the sentences about the server are shown."""


def look(session: "Session") -> "tuple[News, Refused | None]":
    """What happened since the last look; where something did, the firm and you are read again.

    With it comes the refusal where you are not (any more) one of the firm's active members.
    """
    from clientdesk.desk import watching
    from clientdesk.desk.session import Session, reads

    news = watching.news(session)
    if news.changed:
        try:
            reads(Session.refresh)(session)
        except FirmUnusable:
            raise
        except Refused as refusal:
            return news, refusal
    return news, None


class Watch:
    """Asks for news through the gateway, one look after the other, and tells the screens.

    While the server is away the gateway refuses reads at once, each screen shows since when, and the looks go on: the
    first that is answered ends it, and everything that is shown is read again.
    """

    def __init__(self, app: App[int], gateway: Gateway) -> None:
        self._app, self._gateway = app, gateway
        self._worker: Worker[None] | None = None
        self._saving: Commanding[Any] | None = None
        """The screen whose save was under way when the server went away."""
        self._looking = asyncio.Lock()
        self._failure = ""
        self._account = ""
        self._offer: Worker[Any] | None = None
        """What asks whether a copy is saved."""

    def start(self) -> None:
        """Look from now on, unless that goes on already; the first time a second from now."""
        if (self._worker is None or self._worker.is_finished) and self._app.is_running:
            self._gateway.lost = self.lost
            self._gateway.replaced = self.replaced
            self._worker = self._app.run_worker(self._run(), group="watch")

    def stop(self) -> None:
        """Look no more."""
        self._gateway.lost = self._gateway.replaced = None
        if self._worker is not None:
            self._worker.cancel()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if self._gateway.is_open:
                await self.look()

    async def look(self) -> None:
        """Look once, after a look that is under way, and tell what there is to tell."""
        async with self._looking:  # of two looks at once one would be dropped, with the news that it has
            await self._look()

    async def _look(self) -> None:
        try:
            news, refusal = await self._gateway.ask("watch", look)
        except Dropped:
            return
        except Refused as failure:
            if not (isinstance(failure, FirmUnusable) and failure.away):
                await self._failed(failure)
            return
        self._failure = ""
        if news.changed:
            self._tell_account(refusal)
        self._answered(news)

    async def _failed(self, failure: Refused) -> None:
        """Tell what is wrong with the firm, once."""
        if isinstance(failure, FirmUnusable) and failure.another_file:
            self._note_another_file(failure)
        if failure.code != self._failure:
            self._failure = failure.code
            if self._gateway.another_file is not None:
                self._app.clear_notifications()  # that something was saved before is not said beside this
            self._notify(failure.message, warning=True)
        if isinstance(failure, Failed):
            await asyncio.sleep(AFTER_FAILURE)

    def _tell_account(self, refusal: Refused | None) -> None:
        """That you were made inactive, once. What you see stays, and reading goes on."""
        code = "" if refusal is None else refusal.code
        if refusal is not None and code != self._account:
            self._notify(refusal.message, warning=True)
        self._account = code

    def _notify(self, sentence: str, warning: bool = False) -> None:
        self._app.notify(
            sentence, severity="warning" if warning else "information", markup=False, timeout=SHOWN if warning else 4
        )

    # --- a file that is another one by now

    @property
    def is_offering(self) -> bool:
        """Whether a question tells that something was not saved, and offers a copy."""
        return self._offer is not None and not self._offer.is_finished

    def replaced(self, error: FirmUnusable) -> None:
        """Something was not saved, as the firm's file is not the one that was opened: offer a copy, once at a time."""
        from clientdesk.ui.screens.another_file import offer_copy

        self._failure = error.code
        self._note_another_file(error)
        screen = self._app.screen
        if isinstance(screen, Commanding) and not self.is_offering:
            self._offer = self._app.run_worker(screen.guarded(offer_copy(screen, error), asked=True), group="copy")

    def _note_another_file(self, error: FirmUnusable) -> None:
        noted = self._gateway.another_file
        if noted is None or noted.code != error.code:
            self._gateway.another_file = error
            self.show_away()

    # --- the server

    def lost(self, error: FirmUnusable) -> None:
        """A call has found the server away, perhaps in the middle of a save."""
        gateway = self._gateway
        if error.code == "save_unknown" and gateway.unsure is None:
            gateway.unsure = error
            under_way = [
                screen for screen in self._app.screen_stack if isinstance(screen, Commanding) and screen.under_way
            ]
            self._saving = under_way[-1] if under_way else None
        if gateway.away is None:
            is_known_away = error.code == "server_away"
            gateway.away = (
                error if is_known_away else FirmUnusable(problem("server_away", place=gateway.session.location))
            )
            gateway.away_since = datetime.now()
            self.show_away()

    def _answered(self, news: "News") -> None:
        """The server is there, as always or again."""
        gateway = self._gateway
        was_away = gateway.away is not None
        if gateway.another_file is not None:
            gateway.another_file = None
            self.show_away()
            self._notify(_("The firm's file is there again."))
        saving, self._saving = self._saving, None
        gateway.away = gateway.away_since = gateway.unsure = None
        if was_away:
            self.show_away()
        if was_away or news.settled:
            self._app.clear_notifications()  # what they say of the server is over
            self._notify(_in_words(was_away, news.settled), warning=news.settled == "not_saved")
        if news.settled and saving is not None and saving in self._app.screen_stack:
            saving.save_settled(news.settled == "saved")
        if was_away or news.changed:
            for screen in self._app.screen_stack:
                if isinstance(screen, Commanding):
                    screen.firm_changed()

    def show_away(self) -> None:
        """Say on every screen whether the server is away."""
        for screen in self._app.screen_stack:
            if isinstance(screen, DeskScreen):
                screen.write_away()


def _in_words(was_away: bool, settled: str) -> str:
    """That the server is back, and what became of the save that was under way."""
    sentences = [_("The firm's server is back.")] if was_away else []
    if settled == "saved":
        sentences.append(_("What was being saved is saved."))
    elif settled:
        sentences.append(_("What was being saved is not saved; what you typed is still there."))
    return " ".join(sentences)
