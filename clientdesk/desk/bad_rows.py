"""What `check` says of rows that hold what their columns may not, and how each is mended."""

from collections.abc import Iterator

from clientdesk.desk.records import Finding
from clientdesk.desk.session import Session
from clientdesk.store.bad_rows import VERSION, BadRow, bad_rows
from clientdesk.text import N_, _, display_text

_SHOWN = 20
"""So many rows of a table are named at most."""

# By table: what is wrong with a row, which may be named, and what mends it.
_SENTENCES = {
    "client": N_("The client {name} holds what its fields may not ({columns}); clientdesk edit {name} FIELD=VALUE."),
    "team_member": N_("Team member {name} holds what their fields may not ({columns}); clientdesk team edit."),
    "client_type": N_("Client type {name} has a name that it may not have; rename it in the settings."),
    "view": N_("The firm's view {name} holds what it may not ({columns}); clientdesk views delete {name}."),
    "own_field": N_(
        "The field {name} of the firm's own is what it may not be ({columns}); clientdesk fields set {name} PROPERTY=VALUE, "
        "or put a backup back."
    ),
    "own_choice": N_(
        "The choice {name} of an own field has a name that it may not have; rename it (clientdesk fields)."
    ),
    "tag": N_("The tag {name} has a name that it may not have; clientdesk tags rename {name} NAME."),
    "client_own": N_(
        "What a client has in the own field {name} cannot be searched ({columns}); give it another value there, and this one again."
    ),
    "template": N_("The template {name} is what it may not be ({columns}); put a backup back."),
    "template_section": N_(
        "The section {name} of a template has a name that it may not have; rename it in the settings."
    ),
    "template_item": N_("The item {name} of a template is what it may not be ({columns}); change it in the settings."),
    **dict.fromkeys(
        ("work", "work_item", "work_start", "odd_period", "reconciliation"),
        N_("The work of the client with the id {name} holds what it may not ({columns}); put a backup back."),
    ),
    "client_account": N_("The account {name} of a client is what it may not be ({columns}); rename it."),
    "client_work": N_(
        "What is due by the template with the id {name} cannot be read ({columns}); “clientdesk firm upgrade --repair” makes"
        " it anew."
    ),
    "work_renewal": N_(
        "How far the dates of the template with the id {name} are renewed cannot be read; “clientdesk firm upgrade --repair”"
        " makes it anew."
    ),
    "firm": N_("A setting of the firm is what it may not be ({columns}); clientdesk settings set SETTING=VALUE."),
    "member_setting": N_(
        "What team member {name} keeps for themselves cannot be read; they choose their columns anew."
    ),
    "import_run": N_(
        "Import {name} cannot be read ({columns}); the primary admin runs clientdesk imports --run {name} --remove-unreadable."
    ),
    "import_refusal": N_(
        "The error log of import {name} has rows that cannot be read; the primary admin runs clientdesk imports --run {name} --remove-unreadable."
    ),
    "import_mapping": N_(
        "The saved mapping {name} cannot be read or found ({columns}); clientdesk import mappings delete {name}."
    ),
    "arrival": N_(
        "What the client with the id {name} brought along from another firm cannot be read; its history here is not touched by that."
    ),
    "change_set": N_("Change set {name} holds what it may not ({columns}); nothing but its title is touched by that."),
}


def findings(session: Session) -> Iterator[Finding]:
    """A finding for each row, the first of each table; one that all is well where there is none."""
    counts: dict[str, int] = {}
    logs: set[str] = set()
    for row in bad_rows(session.engine):
        if row.table == "import_refusal":
            if row.name in logs:
                continue
            logs.add(row.name)
        counts[row.table] = counts.get(row.table, 0) + 1
        if counts[row.table] <= _SHOWN:
            yield Finding("values", False, _sentence(row))
    for table, count in counts.items():
        if count > _SHOWN:
            sentence = _("There are {count} more of these in the table {table}.")
            yield Finding("values", False, sentence.format(count=count - _SHOWN, table=table))
    if not counts:
        yield Finding("values", True, _("Every row holds what it may."))


def _sentence(row: BadRow) -> str:
    if row.columns == (VERSION,):
        sentence = _(
            "{name} in the table {table} cannot be changed any more: another program gave it the last version that "
            "there is. Whoever owns the database lowers it, or you put a backup back."
        )
        return sentence.format(name=display_text(row.name), table=row.table)
    return _(_SENTENCES[row.table]).format(name=display_text(row.name), columns=", ".join(row.columns))
