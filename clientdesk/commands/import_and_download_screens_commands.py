"""The commands for files: imports, step by step, their error logs, and downloads."""

from clientdesk.commands.command import Command
from clientdesk.domain.access import Action
from clientdesk.text import N_

# The steps of an import that lead on to the next with nothing to be written.
_STEPS = ("import-file", "import-columns", "import-names")
_LOG = ("error-log", "kept-log")

IMPORT_AND_DOWNLOAD_COMMANDS: tuple[Command, ...] = (
    # an import: its file
    Command("import.next", "ctrl+s", N_("Next"), N_("Go on to the next step."), _STEPS, footer=9),
    Command("import.help", "f1", N_("Help"), N_("Show the keys of this screen."), ("import-file",), footer=5),
    Command(
        "path.complete",
        "tab",
        N_("Complete"),
        N_("Complete the file's name; where it is complete, go to the next field."),
        ("path",),
    ),
    # an import: which column is which field
    Command(
        "mapping.field",
        "enter,e",
        N_("Field"),
        N_("Choose the field that the column becomes, or ignore the column."),
        ("import-columns",),
        footer=7,
    ),
    Command(
        "mapping.clears",
        "b",
        N_("Blank clears"),
        N_("Let a blank cell of the column clear the field, or leave it as it is."),
        ("import-columns",),
        footer=5,
    ),
    Command(
        "mapping.key",
        "u",
        N_("Update by"),
        N_("Choose the field by which clients are found and updated, or add only."),
        ("import-columns",),
        footer=6,
    ),
    Command(
        "mapping.dates",
        "d",
        N_("Dates"),
        N_("Say what comes first in a date such as 5/6: the day or the month."),
        ("import-columns",),
        footer=8,
    ),
    Command(
        "mapping.load",
        "o",
        N_("Load"),
        N_("Take a saved mapping, or that of a known program."),
        ("import-columns",),
        footer=4,
    ),
    Command(
        "mapping.save",
        "s",
        N_("Save as"),
        N_("Save the mapping under a name."),
        ("import-columns",),
        footer=3,
        cli="import mappings save",
    ),
    Command(
        "mapping.delete",
        "D",
        N_("Delete"),
        N_("Delete a saved mapping."),
        ("import-columns",),
        footer=1,
        cli="import mappings delete",
    ),
    Command(
        "names.choose",
        "enter,e",
        N_("Choose"),
        N_("Choose what becomes of an unknown client type or lead accountant."),
        ("import-names",),
        footer=8,
    ),
    Command(
        "names.all",
        "a",
        N_("For all"),
        N_("Choose the same for all unknown names of that kind."),
        ("import-names",),
        footer=7,
    ),
    # an import: its plan, and how far it is
    Command(
        "import.apply",
        "ctrl+s",
        N_("Import"),
        N_("Write what the plan says."),
        ("import-plan",),
        Action.IMPORT,
        footer=9,
        cli="import",
    ),
    Command("import.row", "enter", N_("Details"), N_("Show the row, field by field."), ("import-plan",), footer=7),
    Command(
        "import.filter", "f", N_("Filter"), N_("Show the rows of one verdict, or all."), ("import-plan",), footer=6
    ),
    Command(
        "import.duplicate",
        "d",
        N_("Duplicate"),
        N_("Add a likely duplicate all the same, merge it into the client, or skip it."),
        ("import-plan",),
        footer=5,
    ),
    Command(
        "import.duplicates",
        "D",
        N_("All duplicates"),
        N_("Add, merge or skip all likely duplicates."),
        ("import-plan",),
        footer=3,
    ),
    Command(
        "import.next-duplicate",
        "n",
        N_("Next duplicate"),
        N_("Go to the next likely duplicate."),
        ("import-plan",),
        footer=2,
    ),
    Command(
        "import.stop",
        "x",
        N_("Stop"),
        N_("Stop the import, after a question; nothing of the running batch is written."),
        ("import-apply",),
        footer=7,
    ),
    # the rows that an import refused
    Command(
        "log.edit",
        "enter,e",
        N_("Edit"),
        N_("Change the row's cells, and try it again."),
        _LOG,
        Action.IMPORT,
        footer=9,
    ),
    Command("log.retry", "r", N_("Retry"), N_("Try the row again."), _LOG, Action.IMPORT, footer=7),
    Command(
        "log.retry-all",
        "R",
        N_("Retry all"),
        N_("Try all refused rows again."),
        _LOG,
        Action.IMPORT,
        footer=6,
        cli="imports --retry",
    ),
    Command(
        "log.save", "ctrl+s", N_("Save report"), N_("Save the refused rows as a file."), _LOG, footer=5, cli="imports"
    ),
    Command("log.filter", "f", N_("Filter"), N_("Show the rows of one reason, or all."), _LOG, footer=4),
    Command("log.next", "n", N_("Next reason"), N_("Go to the next row with another reason."), _LOG, footer=3),
    Command("log.previous", "N", N_("Reason before"), N_("Go to the row before with another reason."), _LOG, footer=2),
    Command("log.line", "number_sign", N_("Go to line"), N_("Go to a line of the file."), _LOG, footer=2),
    Command("row-edit.keep", "f2", N_("Keep"), N_("Keep the cells and try the row later."), ("row-edit",)),
    Command("row-edit.retry", "ctrl+s", N_("Retry"), N_("Keep the cells and try the row."), ("row-edit",), footer=9),
    # the imports so far
    Command(
        "imports.log",
        "enter",
        N_("Review error log"),
        N_("Show the rows that the import refused, to mend them and try them again."),
        ("imports",),
        footer=9,
        cli="imports",
    ),
    Command(
        "imports.remove",
        "x",
        N_("Take away"),
        N_("Take away what cannot be read of an import, as another program wrote it."),
        ("imports",),
        Action.REMOVE_IMPORT,
        footer=5,
        cli="imports --remove-unreadable",
    ),
    Command("imports.refresh", "r", N_("Refresh"), N_("Read the list again."), ("imports",), footer=6, cli="imports"),
    # the list as a file
    Command("download.save", "ctrl+s", N_("Download"), N_("Write the file."), ("download",), footer=9, cli="export"),
)
