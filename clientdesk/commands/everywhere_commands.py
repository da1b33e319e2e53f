"""The commands that work everywhere, those of dialogs, and those of the first start."""

from clientdesk.commands.command import Command
from clientdesk.domain.access import Action
from clientdesk.text import N_

_BACK = (
    *(
        "page",
        "review",
        "board",
        "views",
        "missing",
        "team",
        "settings",
        "fields",
        "choices",
        "tags",
        "templates",
        "template",
        "help",
        "imports",
        "download",
    ),
    *("messages", "bulk-plan"),
    *("history", "history-rows", "history-fields"),
    *("import-file", "import-columns", "import-names", "import-plan", "import-apply", "error-log", "kept-log"),
)

EVERYWHERE_COMMANDS: tuple[Command, ...] = (
    # the first start
    Command(
        "welcome.create",
        "ctrl+s",
        N_("Create the firm"),
        N_("Create the firm's file."),
        ("welcome",),
        footer=9,
        saves=True,
        cli="firm create",
    ),
    Command("welcome.leave", "escape", N_("Leave"), N_("Leave; nothing is created."), ("welcome",), footer=8),
    # dialogs
    Command("dialog.cancel", "escape", N_("Cancel"), N_("Leave without a change."), ("dialog",), footer=9),
    Command("answer.yes", "y", N_("Yes"), N_("Do what a question with two answers asks about."), ("answer",)),
    Command("answer.no", "n", N_("No"), N_("Leave everything as it is."), ("answer",)),
    # everywhere
    Command("app.back", "escape", N_("Back"), N_("Go one level back."), _BACK, footer=8),
    Command("app.help", "question_mark,f1", N_("Help"), N_("Show the keys of this screen."), ("global",), footer=5),
    Command(
        "app.palette", "colon,ctrl+p", N_("Commands"), N_("Find a command, or a client, by its words."), ("global",)
    ),
    Command(
        "app.suspend",
        "ctrl+z",
        N_("Suspend"),
        N_("Go back to the shell; its fg brings clientdesk back."),
        ("global",),
        at_once=True,
    ),
    Command("app.repaint", "ctrl+l", N_("Repaint"), N_("Paint the whole screen again."), ("global",), at_once=True),
    Command(
        "app.messages",
        "ctrl+g",
        N_("Messages"),
        N_("Read the last messages again, each with its time."),
        ("global", "dialog"),
    ),
    Command(
        "app.save-copy",
        "f4",
        N_("Save a copy as…"),
        N_("Save a copy of the whole firm in another file."),
        ("global",),
        Action.COPY_FIRM,
        cli="firm copy",
    ),
    Command("app.leave", "ctrl+q", N_("Quit"), N_("Leave clientdesk from anywhere."), ("global",)),
)
