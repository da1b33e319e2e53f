"""Where commands work: the words for each scope of their declaration, in the order in which they are told.

The help screen heads the parts of a screen with these words, and the manual's page of keys all of them.
"""

from clientdesk.text import N_

SCREENS: dict[str, str] = {
    "list": N_("The client list"),
    "page": N_("A client's page"),
    "review": N_("A client's review"),
    "board": N_("The board of reviews"),
    "form": N_("In the form"),
    "conflict": N_("Two changes of the same fields"),
    "columns": N_("The columns of the list"),
    "views": N_("The views"),
    "bulk-plan": N_("The plan of a bulk change"),
    "missing": N_("Missing clients"),
    "team": N_("The team"),
    "member": N_("A team member's form"),
    "reassign": N_("New lead accountants"),
    "sql": N_("SQL for the server's administrator"),
    "settings": N_("The settings"),
    "fields": N_("The fields of the firm's own"),
    "choices": N_("The choices of a field"),
    "tags": N_("The tags"),
    "templates": N_("The templates of work"),
    "template": N_("The sections and items of a template"),
    "history": N_("The history"),
    "history-rows": N_("The rows of a change"),
    "history-fields": N_("The fields of a row"),
    "import-file": N_("Import: the file"),
    "import-columns": N_("Import: the columns"),
    "import-names": N_("Import: unknown names"),
    "import-plan": N_("Import: the plan"),
    "import-apply": N_("Import: writing"),
    "error-log": N_("Import: the error log"),
    "row-edit": N_("Import: mending a row"),
    "imports": N_("The imports so far"),
    "kept-log": N_("The error log of an import so far"),
    "download": N_("Downloading the list"),
    "messages": N_("The last messages"),
    "help": N_("Help"),
    "welcome": N_("The first start"),
}
"""Screens and dialogs."""

PARTS: dict[str, str] = {
    "form": SCREENS["form"],
    "field": N_("In a field"),
    "line": N_("In a line of text"),
    "reading": N_("Reading"),
    "table": N_("Moving"),
    "filters": N_("In the filters above the list"),
    "find": N_("In Find"),
    "path": N_("In the path"),
    "notes": N_("In the notes"),
    "choice": N_("On a choice"),
    "picker": N_("In a list to choose from"),
    "several": N_("In a list to choose several from"),
    "dialog": N_("In a dialog"),
    "answer": N_("On a question with two answers"),
    "global": N_("Everywhere"),
}
"""What several screens have in them."""
