"""Dates of work that are being renewed after a change of a template: what the list says of it, and that it is gone on with."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from clientdesk.domain.access import Action
from clientdesk.domain.problems import FirmUnusable, Refused
from clientdesk.text import _, whole_number
from clientdesk.ui.firm_change import BY_OTHERS
from clientdesk.ui.gateway import Failed
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.widgets.bars import Part

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.desk.work_renewal import Renewing

_BATCH = 200
"""So many clients are made anew between two reads, so that no key waits for more."""


def _renewing(session: "Session") -> "Renewing | None":
    from clientdesk.desk import work_renewal

    return work_renewal.renewing(session)


def _go_on(session: "Session") -> bool:
    from clientdesk.desk import work_renewal

    return work_renewal.go_on_renewing(session, stopped=lambda: True, batch=_BATCH)


class RenewalNotice:
    """The word of a list about dates that are being renewed; `write` draws the status line."""

    def __init__(self, screen: ListScreen[Any], write: Callable[[], None]) -> None:
        self._screen, self._write = screen, write
        self._renewing: Renewing | None = None
        self._is_going_on = False

    async def look(self) -> None:
        """Ask whether dates are being renewed; whoever may goes on with it, batch by batch behind what is read meanwhile."""
        gateway = self._screen.gateway
        if not gateway.catalogue.templates and self._renewing is None:
            return
        self._renewing = await gateway.read("list.renewal", _renewing)
        may = gateway.read_only is None and gateway.allows(Action.MANAGE_WORK)
        if self._renewing is not None and may and not self._is_going_on:
            self._is_going_on = True
            self._screen.run_worker(self._go_on(), group="renewal", exit_on_error=False)

    async def _go_on(self) -> None:
        try:
            while not await self._screen.gateway.call(_go_on):
                self._renewing = await self._screen.gateway.call(_renewing)
                self._write()
            self._renewing = None
            self._screen.firm_changed(BY_OTHERS)
        except (Refused, FirmUnusable, Failed):
            pass  # it is noted: it goes on when the list is looked at the next time
        finally:
            self._is_going_on = False

    def parts(self) -> list[Part]:
        """What the status line says of it."""
        if self._renewing is None:
            return []
        sentence = _("dates are being renewed: {done} of {clients}")
        done, clients = whole_number(self._renewing.done), whole_number(self._renewing.clients)
        return [Part(" · " + sentence.format(done=done, clients=clients), "accent", keep=3)]
