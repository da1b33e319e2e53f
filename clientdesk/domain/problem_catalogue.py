"""Every problem there is: its code and its sentence, declared once by subject. It is read when there is one to tell."""

from clientdesk.domain.backup_and_copy_problems import BACKUP_AND_COPY_PROBLEMS
from clientdesk.domain.bulk_problems import BULK_PROBLEMS
from clientdesk.domain.disk_and_lock_problems import DISK_AND_LOCK_PROBLEMS
from clientdesk.domain.due_date_problems import DUE_DATE_PROBLEMS
from clientdesk.domain.field_and_setting_problems import USE_PROBLEMS
from clientdesk.domain.filter_problems import FILTER_PROBLEMS
from clientdesk.domain.import_export_problems import LIST_PROBLEMS
from clientdesk.domain.missing_problems import MISSING_PROBLEMS
from clientdesk.domain.opening_problems import OPENING_PROBLEMS
from clientdesk.domain.own_field_problems import OWN_FIELD_PROBLEMS
from clientdesk.domain.own_value_problems import OWN_VALUE_PROBLEMS
from clientdesk.domain.read_only_problems import READING_PROBLEMS
from clientdesk.domain.replaced_file_problems import REPLACED_FILE_PROBLEMS
from clientdesk.domain.row_problems import ROW_PROBLEMS
from clientdesk.domain.server_problems import SERVER_PROBLEMS
from clientdesk.domain.sharing_problems import SHARING
from clientdesk.domain.template_problems import TEMPLATE_PROBLEMS
from clientdesk.domain.undo_problems import UNDO_PROBLEMS
from clientdesk.domain.unsound_firm_problems import UNSOUND_FIRM_PROBLEMS
from clientdesk.domain.view_problems import VIEW_PROBLEMS
from clientdesk.domain.work_problems import WORK_PROBLEMS
from clientdesk.text import N_

# code: (sentence, is a warning). Sentences are templates over the values a problem carries.
CATALOGUE: dict[str, tuple[str, bool]] = {
    **USE_PROBLEMS,
    **FILTER_PROBLEMS,
    **OWN_FIELD_PROBLEMS,
    **OWN_VALUE_PROBLEMS,
    **OPENING_PROBLEMS,
    **DISK_AND_LOCK_PROBLEMS,
    **UNSOUND_FIRM_PROBLEMS,
    **SERVER_PROBLEMS,
    **ROW_PROBLEMS,
    **LIST_PROBLEMS,
    **REPLACED_FILE_PROBLEMS,
    **BACKUP_AND_COPY_PROBLEMS,
    **READING_PROBLEMS,
    **SHARING,
    **UNDO_PROBLEMS,
    **VIEW_PROBLEMS,
    **MISSING_PROBLEMS,
    **BULK_PROBLEMS,
    **DUE_DATE_PROBLEMS,
    **TEMPLATE_PROBLEMS,
    **WORK_PROBLEMS,
}


# code: the sentences instead of that in the catalogue where these values are empty; the first that fits counts.
WITHOUT: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "locked": ((("who",), N_("Another program is writing to {path}. Nothing was changed; try again in a moment.")),),
    "client_gone": (
        (("name",), N_("This client was deleted meanwhile.")),
        (("who",), N_("{name} was deleted meanwhile.")),
    ),
    "type_gone": ((("who",), N_("The client type {name} was removed meanwhile. Add it again where it is needed.")),),
    "view_deleted": (
        (("who",), N_("The view {name} was deleted meanwhile. Save what you see under a name to keep it.")),
    ),
    "field_gone": ((("who",), N_("The field {name} was taken back meanwhile. Add it again where it is needed.")),),
    "choice_gone": ((("who",), N_("The choice {name} was taken back meanwhile. Add it again where it is needed.")),),
    "tag_gone": ((("who",), N_("The tag {name} was deleted meanwhile. Type it again where it is needed.")),),
    "template_gone": (
        (("who",), N_("The template {name} was taken back meanwhile. Add it again where it is needed.")),
    ),
    "section_gone": ((("who",), N_("The section {name} was taken back meanwhile. Add it again where it is needed.")),),
    "item_gone": ((("who",), N_("The item “{name}” was taken back meanwhile. Add it again where it is needed.")),),
    "made_inactive": ((("who",), N_("{name} was made inactive meanwhile.")),),
    "taken_since": (
        (("holder", "who"), N_("{name}: something else is called “{value}” now.")),
        (("holder",), N_("{name}: something else is called “{value}” now, by {who} ({at}).")),
        (("who",), N_("{name}: {label} “{value}” belongs to “{holder}” now.")),
    ),
    "added_by_other": ((("admin",), N_("{name} was added by {who}. Only they take that back.")),),
    "not_undone": ((("name",), N_("“{title}” is not taken back by undo. {instead}")),),
    "undone_already": ((("name",), N_("Change {change} was undone already, by {who} ({at}).")),),
    "redone_already": ((("name",), N_("What change {change} took back was done again already, by {who} ({at}).")),),
    "change_stays": ((("name",), N_("“{title}” (change {change}) stays.")),),
    "already_so": ((("who",), N_("{name}: {label} is “{theirs}” already.")),),
    "stale": ((("who",), N_("{name} was changed meanwhile.")),),
    "left_to_plan": (
        (
            ("action",),
            N_(
                "{label}: “{value}” is left out; of a client that is there, only the commands of the preferred pricing plan change it."
            ),
        ),
    ),
    "name_mismatch": (
        (
            ("given",),
            N_(
                "The row gives no display name; the client with the Company ID {company_id} is called “{name}”. Add it."
            ),
        ),
    ),
    "bad_mapping": (
        (("value", "heading"), N_("This mapping of columns cannot be used. {hint}")),
        (("heading",), N_("This mapping of columns cannot be used, because of “{value}”. {hint}")),
    ),
}
