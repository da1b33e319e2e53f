"""The commands of bulk changes: on the list, and on the screen of their plan."""

from clientdesk.commands.command import Command
from clientdesk.domain.access import Action
from clientdesk.text import N_

_LIST, _PLAN = ("list",), ("bulk-plan",)

BULK_CHANGE_COMMANDS: tuple[Command, ...] = (
    Command(
        "clients.change",
        "E",
        N_("Change"),
        N_("Change a field or the work of the marked clients in bulk, or of the cursor's: the plan is shown first."),
        _LIST,
        Action.EDIT_CLIENT,
        footer=1,
        cli="edit",
        in_work=Action.DO_WORK,
    ),
    Command(
        "clients.repeat",
        "full_stop",
        N_("Repeat"),
        N_("Do the last change once more to the clients that are marked now, or to the cursor's, after its plan."),
        _LIST,
        Action.EDIT_CLIENT,
        in_work=Action.DO_WORK,
    ),
    Command(
        "clients.transfer",
        "X",
        N_("Transfer"),
        N_("Copy or move the marked clients, or the cursor's, into another firm, after its plan."),
        _LIST,
        footer=1,
        cli="transfer",
    ),
    # the plan
    Command(
        "bulk.apply",
        "ctrl+s",
        N_("Write"),
        N_("Write what the plan says."),
        _PLAN,
        Action.EDIT_CLIENT,
        footer=9,
        saves=True,
        in_work=Action.DO_WORK,
    ),
    Command("bulk.row", "enter", N_("Details"), N_("Show the client's change, or why it is refused."), _PLAN, footer=7),
    Command(
        "bulk.filter", "f", N_("Filter"), N_("Show the refused clients, those that change, or all."), _PLAN, footer=6
    ),
)
