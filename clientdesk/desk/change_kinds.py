"""The kinds of change sets: what a use case is called in the history, and how it is undone."""

from clientdesk.domain.access import Action
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_, _, display_text


class Kind(NamedTuple):
    """What a change set is called (untranslated), and how it is taken back.

    `undone_by` is what somebody's access must allow for that, besides what the rules say of the rows. `instead` says
    what to do instead (untranslated) where a change set of this kind is not taken back. `noted` is the title where there
    is a note, which is data.
    `short` is the title where a line of 80 cells has no room for it, also after "Undone: ".
    """

    title: str
    undone_by: Action | None = None
    instead: str = ""
    noted: str = ""
    short: str = ""


KINDS: dict[str, Kind] = {
    "firm.created": Kind(N_("Firm created"), instead=N_("Make another firm where this one shall not be used.")),
    "firm.restored": Kind(N_("Backup put back"), instead=N_("Put the backup back that was made of the firm before.")),
    "firm.copied": Kind(N_("Login changed in a copy"), instead=N_("Change the member's login in the team.")),
    "firm.settings": Kind(N_("Firm settings changed"), Action.MANAGE_FIRM, short=N_("Settings changed")),
    "firm.offer": Kind(N_("Primary admin's role offered"), Action.HAND_OVER, short=N_("Admin's role offered")),
    "firm.withdraw": Kind(
        N_("Offer of the primary admin's role withdrawn"), Action.HAND_OVER, short=N_("Admin's offer withdrawn")
    ),
    "firm.accept": Kind(
        N_("Primary admin's role accepted"),
        instead=N_("Offer the role back: who has it now offers it, and the other one accepts."),
        short=N_("Admin's role accepted"),
    ),
    "firm.decline": Kind(N_("Primary admin's role declined"), Action.HAND_OVER, short=N_("Admin's role declined")),
    "type.added": Kind(N_("Client type added"), Action.MANAGE_FIRM),
    "type.renamed": Kind(N_("Client type renamed"), Action.MANAGE_FIRM),
    "type.removed": Kind(N_("Client type removed"), Action.MANAGE_FIRM),
    "view.added": Kind(N_("View of the firm added"), Action.MANAGE_VIEWS, short=N_("View added")),
    "view.given": Kind(
        N_("View given to the firm"),
        instead=N_("Save the view as one of your own, then delete the firm's."),
        short=N_("View given"),
    ),
    "view.changed": Kind(N_("View of the firm changed"), Action.MANAGE_VIEWS, short=N_("View changed")),
    "view.renamed": Kind(N_("View of the firm renamed"), Action.MANAGE_VIEWS, short=N_("View renamed")),
    "view.deleted": Kind(N_("View of the firm deleted"), Action.MANAGE_VIEWS, short=N_("View deleted")),
    "field.added": Kind(N_("Own field added"), Action.MANAGE_FIRM),
    "field.changed": Kind(N_("Own field changed"), Action.MANAGE_FIRM),
    "field.ordered": Kind(N_("Own fields put in order"), Action.MANAGE_FIRM, short=N_("Own fields ordered")),
    "field.retired": Kind(N_("Own field retired"), Action.MANAGE_FIRM),
    "field.restored": Kind(N_("Own field brought back"), Action.MANAGE_FIRM),
    "choice.added": Kind(N_("Choice added"), Action.MANAGE_FIRM),
    "choice.renamed": Kind(N_("Choice renamed"), Action.MANAGE_FIRM),
    "choice.ordered": Kind(N_("Choices put in order"), Action.MANAGE_FIRM),
    "choice.retired": Kind(N_("Choice retired"), Action.MANAGE_FIRM),
    "choice.restored": Kind(N_("Choice brought back"), Action.MANAGE_FIRM),
    "tag.added": Kind(N_("Tag added"), Action.EDIT_CLIENT),
    "tag.renamed": Kind(N_("Tag renamed"), Action.MANAGE_FIRM),
    "tag.merged": Kind(N_("Tags merged"), Action.MANAGE_FIRM),
    "tag.deleted": Kind(N_("Tag deleted"), Action.MANAGE_FIRM),
    "template.added": Kind(N_("Template added"), Action.MANAGE_WORK),
    "template.changed": Kind(N_("Template changed"), Action.MANAGE_WORK),
    "template.imported": Kind(N_("Template imported"), Action.MANAGE_WORK),
    "template.ordered": Kind(N_("Templates put in order"), Action.MANAGE_WORK),
    "template.retired": Kind(N_("Template retired"), Action.MANAGE_WORK),
    "template.restored": Kind(N_("Template brought back"), Action.MANAGE_WORK),
    "section.added": Kind(N_("Section added"), Action.MANAGE_WORK),
    "section.renamed": Kind(N_("Section renamed"), Action.MANAGE_WORK),
    "section.ordered": Kind(N_("Sections put in order"), Action.MANAGE_WORK),
    "section.retired": Kind(N_("Section retired"), Action.MANAGE_WORK),
    "section.restored": Kind(N_("Section brought back"), Action.MANAGE_WORK),
    "item.added": Kind(N_("Items added"), Action.MANAGE_WORK),
    "item.renamed": Kind(N_("Item renamed"), Action.MANAGE_WORK),
    "item.ordered": Kind(N_("Items put in order"), Action.MANAGE_WORK),
    "item.retired": Kind(N_("Item retired"), Action.MANAGE_WORK),
    "item.restored": Kind(N_("Item brought back"), Action.MANAGE_WORK),
    "work.begun": Kind(N_("Work begins by a template"), Action.MANAGE_WORK, short=N_("Work begins")),
    "work.ticked": Kind(N_("Items ticked"), Action.DO_WORK),
    "work.waiting": Kind(N_("Items wait for the client"), Action.DO_WORK, short=N_("Items waiting")),
    "work.not_applicable": Kind(N_("Items not applicable"), Action.DO_WORK),
    "work.todo": Kind(N_("Items to do again"), Action.DO_WORK),
    "work.item": Kind(N_("Items of work changed"), Action.DO_WORK, short=N_("Items changed")),
    "work.noted": Kind(N_("Note on work written"), Action.DO_WORK),
    "work.state": Kind(N_("State of work changed"), Action.DO_WORK),
    "work.completed": Kind(N_("Work completed"), Action.DO_WORK),
    "work.reopened": Kind(N_("Work reopened"), Action.MANAGE_WORK),
    "work.assigned": Kind(N_("Work assigned"), Action.MANAGE_WORK),
    "work.moved": Kind(N_("Work's due date moved"), Action.MANAGE_WORK),
    "work.start": Kind(N_("Start of work set"), Action.MANAGE_WORK),
    "work.odd_period": Kind(N_("Days of a client's period set"), Action.MANAGE_WORK, short=N_("Period's days set")),
    "work.own_items": Kind(N_("Items of one client added"), Action.MANAGE_WORK, short=N_("Client's items added")),
    "work.own_item": Kind(N_("Item of one client changed"), Action.MANAGE_WORK, short=N_("Client's item changed")),
    "work.reconciled": Kind(N_("Accounts reconciled"), Action.DO_WORK),
    "account.added": Kind(N_("Account added"), Action.MANAGE_WORK),
    "account.changed": Kind(N_("Account changed"), Action.MANAGE_WORK),
    "account.retired": Kind(N_("Account retired"), Action.MANAGE_WORK),
    "account.restored": Kind(N_("Account brought back"), Action.MANAGE_WORK),
    "team.added": Kind(N_("Team member added"), Action.MANAGE_TEAM),
    "team.edited": Kind(N_("Team member changed"), Action.MANAGE_TEAM, short=N_("Member changed")),
    "team.deactivated": Kind(N_("Team member made inactive"), Action.MANAGE_TEAM, short=N_("Member made inactive")),
    "team.activated": Kind(N_("Team member made active"), Action.MANAGE_TEAM),
    "client.added": Kind(N_("Client added"), Action.ADD_CLIENT),
    "client.edited": Kind(N_("Client edited"), Action.EDIT_CLIENT),
    "client.changed": Kind(N_("Clients changed"), Action.EDIT_CLIENT),
    "client.deactivated": Kind(N_("Client deactivated"), Action.CHANGE_STATUS),
    "client.activated": Kind(N_("Client activated"), Action.CHANGE_STATUS),
    "client.deleted": Kind(
        N_("Client deleted permanently"),
        instead=N_("It is for good: add the client anew, or put a backup back. Its history stays."),
    ),
    "client.imported": Kind(N_("Clients imported"), Action.IMPORT),
    "client.numbers": Kind(N_("Client numbers uploaded"), Action.IMPORT, short=N_("Numbers uploaded")),
    "client.received": Kind(
        N_("Received from another firm"), instead=N_("Transfer the clients back."), noted=N_("Received from {note}")
    ),
    "client.moved": Kind(
        N_("Moved to another firm"), instead=N_("Transfer the clients back."), noted=N_("Moved to {note}")
    ),
    "client.demo": Kind(
        N_("Demo clients written"), instead=N_("A demo is a firm of its own: delete its file, or make another one.")
    ),
    "plan.on": Kind(N_("Put on the firm's plan"), Action.MANAGE_PLAN),
    "plan.off": Kind(N_("Taken off the firm's plan"), Action.MANAGE_PLAN, short=N_("Taken off the plan")),
    "plan.requested": Kind(
        N_("Hand-over to the client requested"), Action.MANAGE_PLAN, short=N_("Hand-over requested")
    ),
    "plan.accepted": Kind(N_("Hand-over accepted by the client"), Action.MANAGE_PLAN, short=N_("Hand-over accepted")),
    "plan.cancelled": Kind(N_("Hand-over cancelled"), Action.MANAGE_PLAN),
    "change.undone": Kind(N_("Change undone"), noted=N_("Undone: {note}")),
    "change.redone": Kind(N_("Change redone"), noted=N_("Redone: {note}")),
}
"""By the word for it in the history. What is undone and redone has the kind of what was done first as its note."""

_OF_FILES = frozenset(("client.imported", "client.numbers"))
"""The kinds whose note is the name of the file that was imported."""

_OF_ONE = frozenset(("client.added", "client.edited", "field.added", "template.added"))

UNDONE, REDONE = "change.undone", "change.redone"
_IN_PART = {UNDONE: N_("Undone in part: {note}"), REDONE: N_("Redone in part: {note}")}
"""The titles of those that have left something as it was."""


def title(kind: str, note: str = "", stayed: int = 0, short: bool = False) -> str:
    """What a change set is called in the person's language, safe to show; `stayed` rows it has left as they were. With
    `short`, as a line of 80 cells has room for it."""
    if kind not in KINDS:
        return display_text(kind)
    if note and kind in (UNDONE, REDONE):
        return _(_IN_PART[kind] if stayed else KINDS[kind].noted).format(note=title(note, short=short))
    if note and KINDS[kind].noted:
        return _(KINDS[kind].noted).format(note=display_text(note))
    return _((short and KINDS[kind].short) or KINDS[kind].title)


def in_part_titles() -> list[str]:
    """What undoing and doing again in part are called, in the person's language."""
    return [_(text) for text in _IN_PART.values()]


def file_of(kind: str, note: str) -> str:
    """The name of the file that was imported, safe to show, as the note of a change set says it; "" for none."""
    return display_text(note) if is_of_file(kind) else ""


def is_of_one(kind: str, note: str = "") -> bool:
    """Whether a change set is about one row, whatever it has made along with it: tags that were typed, first choices. What
    takes one back is about the same row; its note is the kind of that."""
    return (note if kind in (UNDONE, REDONE) else kind) in _OF_ONE


def is_of_file(kind: str) -> bool:
    """Whether the note of a kind is the name of the file that was imported."""
    return kind in _OF_FILES
