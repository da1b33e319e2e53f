"""Deactivating and activating clients: the question, and the change."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from clientdesk.domain.problems import Refused
from clientdesk.domain.rules import shown_name
from clientdesk.text import _, ngettext, whole_number
from clientdesk.ui.commands import BY_ID, keys_of
from clientdesk.ui.screens.base import DeskScreen

if TYPE_CHECKING:
    from clientdesk.desk.records import Client
    from clientdesk.desk.session import Session

NAMED = 5
"""So many clients are called by their names, the others counted."""


def _present(session: "Session", client_ids: Sequence[int]) -> "list[Client]":
    """Those of the clients that are still there."""
    from clientdesk.desk import clients

    found = []
    for client_id in client_ids:
        try:
            found.append(clients.get(session, client_id))
        except Refused as refusal:
            if refusal.code != "client_gone" or len(client_ids) == 1:
                raise
    return found


async def change_status(screen: DeskScreen[Any], client_ids: Sequence[int]) -> int:
    """Asks, then deactivates the active ones of the clients, or activates them if none is active.

    Answers how many were changed (0 for no). Raises what the desk refuses.
    """
    from clientdesk.desk import clients
    from clientdesk.ui.dialogs import Confirm

    found = await screen.gateway.call(_present, client_ids)
    activate = not any(client.active for client in found)
    chosen = [client for client in found if client.active != activate]
    if not chosen:
        return 0
    if not await screen.app.push_screen_wait(
        Confirm(
            _question(chosen, activate), _text(chosen, activate), yes=_("Activate") if activate else _("Deactivate")
        )
    ):
        return 0
    changed = await screen.gateway.call(clients.set_status, [client.id for client in chosen], activate)
    screen.tell(_told(chosen, changed, activate))
    return changed


def _question(chosen: "Sequence[Client]", activate: bool) -> str:
    count = len(chosen)
    if count == 1:
        sentence = _("Activate {name}?") if activate else _("Deactivate {name}?")
        return sentence.format(name=shown_name(chosen[0].values))
    if activate:
        return ngettext("Activate {count} client?", "Activate {count} clients?", count).format(
            count=whole_number(count)
        )
    return ngettext("Deactivate {count} client?", "Deactivate {count} clients?", count).format(
        count=whole_number(count)
    )


def _text(chosen: "Sequence[Client]", activate: bool) -> str:
    lines = []
    if len(chosen) > 1:
        lines += [shown_name(client.values) for client in chosen[:NAMED]]
        if (more := len(chosen) - NAMED) > 0:
            lines.append(ngettext("and {count} more", "and {count} more", more).format(count=whole_number(more)))
        lines.append("")
    lines.append(_("Subscription, plan and history stay as they are."))
    key = next(iter(keys_of(BY_ID["client.status"])), "")
    if key:
        back = _("{key} deactivates again.") if activate else _("{key} activates again.")
        lines.append(back.format(key=key))
    return "\n".join(lines)


def _told(chosen: "Sequence[Client]", changed: int, activate: bool) -> str:
    if len(chosen) == 1:
        sentence = _("{name} is active now.") if activate else _("{name} is inactive now.")
        return sentence.format(name=shown_name(chosen[0].values))
    if activate:
        return ngettext("{count} client is active now.", "{count} clients are active now.", changed).format(
            count=whole_number(changed)
        )
    return ngettext("{count} client is inactive now.", "{count} clients are inactive now.", changed).format(
        count=whole_number(changed)
    )
