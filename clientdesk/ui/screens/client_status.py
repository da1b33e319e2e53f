"""Deactivating and activating clients: the question, and the change."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.problems import refuse
from clientdesk.domain.rules import called
from clientdesk.text import _, ngettext, whole_number
from clientdesk.ui.commands import BY_ID, keys_of
from clientdesk.ui.screens.base import DeskScreen
from clientdesk.ui.widgets.bars import cut

if TYPE_CHECKING:
    from clientdesk.desk.client_status import StatusChange
    from clientdesk.desk.records import Standing
    from clientdesk.desk.session import Session
    from clientdesk.ui.screens.long_work import Report

NAMED = 5
"""So many clients are called by their names, the others counted."""

NAME_SHOWN = 60
"""So many cells of a name are shown: each stands in a line of its own."""


class Case(NamedTuple):
    """How the clients stand, and the first names of those whose status changes."""

    standing: "Standing"
    names: Sequence[str]

    @property
    def changing(self) -> int:
        """How many clients change."""
        return len(self.standing.changing)


def _case(session: "Session", client_ids: Sequence[int], query: ClientQuery | None) -> Case:
    """The case as it is now. Refused ("client_gone") where none of the clients is there any more."""
    from clientdesk.desk import chosen_clients

    standing = chosen_clients.standing(session, client_ids, query)
    if not standing.changing:
        raise refuse("client_gone")
    rows = chosen_clients.rows(session, sorted(standing.changing), ("display_name",), NAMED)
    return Case(standing, [cut(called(row.values[0]), NAME_SHOWN) for row in rows])


async def change_status(
    screen: DeskScreen[Any], client_ids: Sequence[int], query: ClientQuery | None = None, note: str = ""
) -> bool:
    """Asks, then deactivates the active ones of the clients, or activates them if none is active.

    `query` is the list that the person sees: who is outside it is told, else the `note` about a single one. Only those that the question was about are
    changed, if they still have the status that it named. Whether it was answered with yes and done to its end. Raises what the desk
    refuses.
    """
    from clientdesk.ui.screens.dialogs import Confirm
    from clientdesk.ui.screens.undo_words import with_undo

    case = await screen.gateway.call(_case, client_ids, query)
    activates = case.standing.activates
    verb = _("Activate") if activates else _("Deactivate")
    if not await screen.app.push_screen_wait(Confirm(_question(case), _text(case, note), yes=verb)):
        return False
    change = await _changed(screen, case)
    report = _report(case, change.changed) if change.whole else _stopped(case, change.changed)
    screen.tell(with_undo(report) if change.changed else report)
    return change.whole


async def _changed(screen: DeskScreen[Any], case: Case) -> "StatusChange":
    """Changes those that the question was about; of many it is shown how far it is, and esc stops it."""
    from clientdesk.desk import client_status
    from clientdesk.ui.screens.long_work import with_progress

    client_ids, activates = sorted(case.standing.changing), case.standing.activates

    def change(session: "Session", report: "Report", stopped: Callable[[], bool]) -> "StatusChange":
        return client_status.set_status_of_many(session, client_ids, activates, report, stopped)

    return await with_progress(screen, _("Activating…") if activates else _("Deactivating…"), case.changing, change)


def _question(case: Case) -> str:
    if case.changing == 1:
        sentence = _("Activate {name}?") if case.standing.activates else _("Deactivate {name}?")
        return sentence.format(name=case.names[0])
    if case.standing.activates:
        sentence = ngettext("Activate {count} client?", "Activate {count} clients?", case.changing)
    else:
        sentence = ngettext("Deactivate {count} client?", "Deactivate {count} clients?", case.changing)
    return sentence.format(count=whole_number(case.changing))


def _text(case: Case, note: str) -> str:
    lines: list[str] = []
    if case.changing > 1:
        lines += case.names
        if (more := case.changing - len(case.names)) > 0:
            lines.append(ngettext("and {count} more", "and {count} more", more).format(count=whole_number(more)))
        lines.append("")
    lines += _unseen(case) or ([note] if note else [])
    lines.append(_("Subscription, plan and history stay as they are."))
    key = next(iter(keys_of(BY_ID["client.status"])), "")
    if key:
        back = _("{key} deactivates again.") if case.standing.activates else _("{key} activates again.")
        lines.append(back.format(key=key))
    return "\n".join(lines)


def _unseen(case: Case) -> list[str]:
    """What cannot be seen in the list: who is outside it, and who is left out and why."""
    standing = case.standing
    lines: list[str] = []
    if outside := len(standing.changing & standing.outside):
        if case.changing == 1:
            sentence = _("It is marked and outside this list.")
        elif outside == case.changing:
            sentence = _("All {count} are outside this list.")
        else:
            sentence = ngettext(
                "{count} of them is outside this list.", "{count} of them are outside this list.", outside
            )
        lines.append(sentence.format(count=whole_number(outside)))
    if already := len(standing.inactive - standing.changing):
        sentence = ngettext(
            "{count} marked client is inactive already and stays as it is.",
            "{count} marked clients are inactive already and stay as they are.",
            already,
        )
        lines.append(sentence.format(count=whole_number(already)))
    if gone := len(standing.gone):
        sentence = ngettext(
            "{count} marked client was deleted meanwhile and is left out.",
            "{count} marked clients were deleted meanwhile and are left out.",
            gone,
        )
        lines.append(sentence.format(count=whole_number(gone)))
    return lines


def _stopped(case: Case, changed: int) -> str:
    """How far it was when it was stopped."""
    if not changed:
        return (
            _("Stopped: no client was activated.")
            if case.standing.activates
            else _("Stopped: no client was deactivated.")
        )
    if case.standing.activates:
        sentence = _("Stopped: {count} of {all} clients are active now.")
    else:
        sentence = _("Stopped: {count} of {all} clients are inactive now.")
    return sentence.format(count=whole_number(changed), all=whole_number(case.changing))


def _report(case: Case, changed: int) -> str:
    """What was done, and for whom someone else had been faster."""
    if case.changing == 1:
        if case.standing.activates:
            sentence = _("{name} is active now.") if changed else _("{name} was active already.")
        else:
            sentence = _("{name} is inactive now.") if changed else _("{name} was inactive already.")
        return sentence.format(name=case.names[0])
    if not changed:
        return (
            _("No client was activated: all {count} were changed or deleted meanwhile.")
            if case.standing.activates
            else _("No client was deactivated: all {count} were changed or deleted meanwhile.")
        ).format(count=whole_number(case.changing))
    if case.standing.activates:
        done = ngettext("{count} client is active now.", "{count} clients are active now.", changed)
    else:
        done = ngettext("{count} client is inactive now.", "{count} clients are inactive now.", changed)
    sentences = [done.format(count=whole_number(changed))]
    if unchanged := case.changing - changed:
        sentence = ngettext(
            "{count} was changed or deleted meanwhile.",
            "{count} were changed or deleted meanwhile.",
            unchanged,
        )
        sentences.append(sentence.format(count=whole_number(unchanged)))
    return " ".join(sentences)
