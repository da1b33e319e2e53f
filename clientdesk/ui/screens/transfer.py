"""The chosen clients into another firm, from the list: where to, the plan, and how far it is."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from clientdesk.domain.problems import refuse
from clientdesk.text import _, ngettext, whole_number
from clientdesk.ui.firm_change import BY_YOU
from clientdesk.ui.screens.acting import ActingClients
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.widgets import row_marking

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.desk.transfer import How, Transferred
    from clientdesk.ui.screens.long_work import Report

_CLASHES_SHOWN = 8
"""So many refused clients are told one by one."""


class TransferringClients:
    """Copies or moves the clients that a list's commands act on; nothing is written before its plan was confirmed."""

    def __init__(self, screen: ListScreen[Any], acting: ActingClients) -> None:
        self._screen, self._acting = screen, acting

    async def ask_and_transfer(self) -> None:
        """Ask whether they are copied or moved, and where to; show the plan, then do it."""
        from clientdesk.desk.transfer import How
        from clientdesk.desk.transfer_words import done_in_words
        from clientdesk.ui.screens.ask_path import ask_path
        from clientdesk.ui.screens.dialogs import Confirm
        from clientdesk.ui.screens.picker import Choose

        screen, client_ids = self._screen, await self._acting.settled()
        if not client_ids:
            return
        row_marking.hold(screen.rows, client_ids)
        options = [(False, _("Copy: they stay here, too")), (True, _("Move: they leave this firm"))]
        question = self._acting.question(_("Transfer {clients} into another firm?"))
        move = await screen.app.push_screen_wait(Choose(question, options))
        if move is None:
            return
        how = How(move, False)
        plans: list[tuple[Transferred, str]] = []

        async def look(path: str, _is_replaced: bool) -> None:
            plans.append(await self._work(client_ids, path, how, writes=False))

        title = _("Which firm's file do they go into, or which server (postgresql://host/database)?")
        path = await ask_path(screen, title, "", look)
        if path is None or not plans:
            return
        planned, firm = plans[-1]
        if not planned.new and not (move and planned.unchanged):
            screen.tell(_plan_text(planned, move, firm))
            return
        yes = _("Move") if move else _("Copy")
        dialog = Confirm(_("Write what this plan says?"), _plan_text(planned, move, firm), yes=yes, danger=bool(move))
        if not await screen.app.push_screen_wait(dialog):
            return
        try:
            outcome, firm = await self._work(client_ids, path, how, writes=True)
        finally:
            if screen.is_there:
                screen.firm_changed(BY_YOU)
        screen.tell(done_in_words(outcome, bool(move), firm))

    async def _work(
        self, client_ids: Sequence[int], location: str, how: "How", *, writes: bool
    ) -> "tuple[Transferred, str]":
        """The plan, or, where it `writes`, the transfer: what becomes of the clients, and the other firm's name. It is one
        transaction in each firm, so that nothing is written where it is stopped."""
        from clientdesk.ui.screens.long_work import with_progress

        def work(session: "Session", report: "Report", stopped: Callable[[], bool]) -> "tuple[Transferred, str]":
            from clientdesk.desk import transfer

            def progress(done: int, count: int) -> None:
                if stopped():
                    raise refuse("transfer_stopped")
                report(done, count)

            with transfer.open_other(session, location) as other:
                chosen = transfer.of_ids(session, client_ids)
                if not writes:
                    return transfer.plan(session, other, chosen, how, progress), other.firm.name
                other.demand_writable()
                return transfer.transfer(session, other, chosen, how, progress), other.firm.name

        doing = _("Writing clients…") if writes else _("Comparing clients…")
        return await with_progress(self._screen, doing, len(client_ids), work, writes=False)


def _plan_text(planned: "Transferred", move: bool, firm: str) -> str:
    """The plan, and why the first of the refused clients stay."""
    from clientdesk.desk.transfer_words import clash_in_words, planned_in_words

    lines = list(planned_in_words(planned, move, firm))
    lines += [clash_in_words(clash, clash.problem.message) for clash in planned.clashes[:_CLASHES_SHOWN]]
    if (more := planned.refused - _CLASHES_SHOWN) > 0:
        lines.append(ngettext("and {n} more", "and {n} more", more).format(n=whole_number(more)))
    return "\n".join(lines)
