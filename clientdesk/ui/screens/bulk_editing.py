"""Bulk changes from the client list: what is asked, the plan, and what is told of it afterwards."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from clientdesk.domain.selection import Selection
from clientdesk.text import _, display_text, ngettext, whole_number
from clientdesk.ui.commands import first_key
from clientdesk.ui.firm_change import BY_YOU
from clientdesk.ui.screens.acting import ActingClients
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.shown_clients import ShownClients
from clientdesk.ui.widgets import row_marking

if TYPE_CHECKING:
    from clientdesk.desk.bulk_changes import BulkChange, BulkJob, Plan
    from clientdesk.desk.bulk_work_edits import WorkEdit
    from clientdesk.desk.session import Session
    from clientdesk.domain.field_edits import FieldEdit
    from clientdesk.ui.screens.bulk_plan_words import PlanWords
    from clientdesk.ui.screens.long_work import Report

Make = Callable[["Session", int], "BulkChange"]
"""Makes the change of so many clients. Refused where it makes no sense."""


class BulkEditing:
    """Changes a field or the work of the clients that are chosen, after a plan; the last change can be repeated."""

    def __init__(self, screen: ListScreen[Any], shown: ShownClients, acting: ActingClients) -> None:
        self._screen, self._shown, self._acting = screen, shown, acting
        self._last: FieldEdit | WorkEdit | None = None

    async def command_clients_change(self) -> None:
        """Ask for the change, then show its plan."""
        from clientdesk.desk import client_filters
        from clientdesk.ui.screens.bulk_pickers import ask_edit

        selection = self._acting.selection()
        if selection is None:
            return
        names = await self._screen.gateway.call(client_filters.choices)
        question = (
            _("Change what of {clients}?") if names.catalogue.templates else _("Change which field of {clients}?")
        )
        edit = await ask_edit(self._screen, self._acting.question(question), self._shown.query, names)
        if edit is not None:
            await self.change(selection, edit)

    async def command_clients_repeat(self) -> None:
        """The last change, of the clients that are chosen now."""
        if self._last is None:
            sentence = _("Nothing was changed yet that could be repeated. {key} changes a field.")
            self._screen.tell(sentence.format(key=first_key("clients.change")))
        elif (selection := self._acting.selection()) is not None:
            await self.change(selection, self._last)

    async def change(self, selection: Selection, edit: "FieldEdit | WorkEdit") -> None:
        """Show the plan of an edit, which can be repeated afterwards."""
        from clientdesk.domain.field_edits import FieldEdit
        from clientdesk.ui.screens.bulk_plan_words import changed_words, work_changed_words

        self._last = edit
        if isinstance(edit, FieldEdit):
            from clientdesk.desk import bulk_kinds, client_filters
            from clientdesk.domain.field_edit_words import in_words

            field_edit = edit
            names = await self._screen.gateway.call(client_filters.names)
            words = changed_words(in_words(edit, names))

            def make(session: "Session", clients: int) -> "BulkChange":
                return bulk_kinds.wanted(session, [field_edit], clients)
        else:
            from clientdesk.desk import bulk_work_edits

            work_edit = edit
            words = work_changed_words(*await self._screen.gateway.call(bulk_work_edits.in_words, edit))

            def make(session: "Session", clients: int) -> "BulkChange":
                return bulk_work_edits.wanted(session, work_edit)

        await change_clients(self._screen, self._shown, selection, make, words)


async def change_clients(
    screen: ListScreen[Any], shown: ShownClients, selection: Selection, make: Make, words: "PlanWords"
) -> "BulkJob | None":
    """Settles who is chosen, shows the plan, and tells what became of it; the job, None where nothing was written. Raises
    what the desk refuses."""
    from clientdesk.desk import chosen_clients
    from clientdesk.ui.screens.bulk_plan import BulkPlanScreen
    from clientdesk.ui.screens.undo_words import with_undo

    client_ids = await screen.gateway.call(chosen_clients.settle_with_gone, selection)
    change = await screen.gateway.call(make, len(client_ids))
    plan = await _planned(screen, client_ids, change)
    if plan is None:
        screen.tell(_("Stopped; nothing is written."))
        return None
    row_marking.hold(screen.rows, client_ids)
    outside = await _outside(screen, shown, client_ids)
    job: BulkJob | None = await screen.app.push_screen_wait(
        BulkPlanScreen(plan, words, [*filter(None, [display_text(words.about)]), *_remarks(len(client_ids), outside)])
    )
    if job is not None:
        done = words.done(job.changed).format(count=whole_number(job.changed))
        if not job.whole:
            left = len(plan.client_ids) - job.done
            sentence = ngettext("Stopped: {count} stays as it was.", "Stopped: {count} stay as they were.", left)
            done += "\n" + sentence.format(count=whole_number(left))
        screen.tell(with_undo(done) if job.changed and not words.lost else done)
        screen.firm_changed(BY_YOU)
    return job


async def _planned(screen: ListScreen[Any], client_ids: Sequence[int], change: "BulkChange") -> "Plan | None":
    from clientdesk.desk.bulk_changes import plan
    from clientdesk.ui.screens.long_work import with_progress

    def make_plan(session: "Session", report: "Report", stopped: Callable[[], bool]) -> "Plan | None":
        return plan(session, client_ids, change, report, stopped)

    return await with_progress(screen, _("Looking at clients…"), len(client_ids), make_plan, writes=False)


async def _outside(screen: ListScreen[Any], shown: ShownClients, client_ids: Sequence[int]) -> int:
    """How many of the clients are outside the list that is seen."""
    from clientdesk.desk import chosen_clients

    inside = await screen.gateway.call(chosen_clients.among, client_ids, shown.query)
    return len(client_ids) - len(inside)


def _remarks(clients: int, outside: int) -> list[str]:
    """What cannot be seen in the list."""
    if not outside:
        return []
    if outside == clients:
        sentence = ngettext("It is outside this list.", "All {count} are outside this list.", clients)
    else:
        sentence = ngettext("{count} of them is outside this list.", "{count} of them are outside this list.", outside)
    return [sentence.format(count=whole_number(outside))]
