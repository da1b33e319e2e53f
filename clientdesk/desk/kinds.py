"""The kinds of change sets: what a use case is called in the history."""

from clientdesk.text import N_, _, display_text

KINDS: dict[str, str] = {
    "firm.created": N_("Firm created"),
    "firm.restored": N_("Backup put back"),
    "firm.settings": N_("Firm settings changed"),
    "firm.offer": N_("Primary admin's role offered"),
    "firm.withdraw": N_("Offer of the primary admin's role withdrawn"),
    "firm.accept": N_("Primary admin's role accepted"),
    "firm.decline": N_("Primary admin's role declined"),
    "type.added": N_("Client type added"),
    "type.renamed": N_("Client type renamed"),
    "type.removed": N_("Client type removed"),
    "team.added": N_("Team member added"),
    "team.edited": N_("Team member changed"),
    "team.deactivated": N_("Team member made inactive"),
    "team.activated": N_("Team member made active"),
    "client.added": N_("Client added"),
    "client.edited": N_("Client edited"),
    "client.deactivated": N_("Client deactivated"),
    "client.activated": N_("Client activated"),
    "client.deleted": N_("Client deleted permanently"),
    "client.imported": N_("Clients imported"),
    "client.numbers": N_("Client numbers uploaded"),
    "client.received": N_("Received from another firm"),
    "client.moved": N_("Moved to another firm"),
    "client.demo": N_("Demo clients written"),
    "plan.on": N_("Put on the firm's plan"),
    "plan.off": N_("Taken off the firm's plan"),
    "plan.requested": N_("Hand-over to the client requested"),
    "plan.accepted": N_("Hand-over accepted by the client"),
    "plan.cancelled": N_("Hand-over cancelled"),
}

NOTED: dict[str, str] = {
    "client.received": N_("Received from {note}"),
    "client.moved": N_("Moved to {note}"),
}
"""The titles of change sets that have a note, which is data."""


def title(kind: str, note: str = "") -> str:
    """What a change set is called in the person's language, safe to show."""
    if note and kind in NOTED:
        return _(NOTED[kind]).format(note=display_text(note))
    return _(KINDS[kind]) if kind in KINDS else display_text(kind)
