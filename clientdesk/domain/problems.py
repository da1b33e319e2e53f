"""What can be wrong with what someone gave us: every code and its sentence, declared once."""

from collections.abc import Mapping
from typing import NamedTuple

from clientdesk.domain.backup_and_copy_problems import BACKUP_AND_COPY_PROBLEMS
from clientdesk.domain.bulk_problems import BULK_PROBLEMS
from clientdesk.domain.client_work_problems import CLIENT_WORK_PROBLEMS
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
from clientdesk.domain.replaced_file_problems import ANOTHER_FILE, REPLACED_FILE_PROBLEMS
from clientdesk.domain.row_problems import ROW_PROBLEMS
from clientdesk.domain.server_problems import SERVER_PROBLEMS
from clientdesk.domain.sharing_problems import SHARING
from clientdesk.domain.undo_problems import UNDO_PROBLEMS
from clientdesk.domain.unsound_firm_problems import UNSOUND_FIRM_PROBLEMS
from clientdesk.domain.view_problems import VIEW_PROBLEMS
from clientdesk.domain.work_problems import WORK_PROBLEMS
from clientdesk.text import N_, _, display_text, shortened, whole_number

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
    **WORK_PROBLEMS,
    **CLIENT_WORK_PROBLEMS,
}


# code: the sentences instead of that in the catalogue where these values are empty; the first that fits counts.
_WITHOUT: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
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


class Problem(NamedTuple):
    """One thing that is wrong: a code from CATALOGUE, the field it is about ("" for none), its values."""

    code: str
    field: str
    values: Mapping[str, object]

    @property
    def warning(self) -> bool:
        """Whether the person may go on all the same."""
        return CATALOGUE[self.code][1]

    @property
    def message(self) -> str:
        """The sentence in the person's language, safe to show."""
        values = {name: _shown(name, value) for name, value in self.values.items()}
        instead = (
            sentence
            for names, sentence in _WITHOUT.get(self.code, ())
            if not any(values.get(name, "").strip() for name in names)
        )
        return _(next(instead, CATALOGUE[self.code][0])).format_map(_Values(values))


class _Values(dict[str, str]):
    """The values of a sentence. A problem that an older clientdesk kept may lack one."""

    def __missing__(self, name: str) -> str:
        return "…"


_WORDS = ("label", "entity", "action", "access", "kind", "instead", "hint")
"""The values that are words of the program, to be translated; all others are data."""
_WHOLE = ("path", "aside", "beside", "backup", "place", "location", "sql", "signs", "reason", "reasons")
"""The data that a sentence shows whole, however long."""
_AS_TYPED = ("change", "number")
"""Numbers by which something is asked for, which are shown as they are typed: 1234, not 1,234."""
_LISTS = ("choices", "headings", "lines", "names", "sheets", "company_ids")
SHOWN, SHOWN_OF_LISTS = 80, 1_000
"""So many characters of a value, and of several in a row, a sentence shows at most."""


def _shown(name: str, value: object) -> str:
    if isinstance(value, int):
        return str(value) if name in _AS_TYPED else whole_number(value)
    text = str(value)
    if name in _WORDS:
        return _(text)
    if name == "reason" and text:  # the program's own words, or those of a library or a server
        return display_text(_(text))
    if name not in _WHOLE:
        text = shortened(text, SHOWN_OF_LISTS if name in _LISTS else SHOWN)
    return display_text(text)


def problem(code: str, field: str = "", **values: object) -> Problem:
    """A problem with the values its sentence needs."""
    return Problem(code, field, values)


class Refused(Exception):
    """A use case was refused and nothing was changed; `problems` says why, a sentence each."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*(problem.code for problem in problems))
        self.problems = problems

    @property
    def code(self) -> str:
        """The code of the first problem: a stable word for programs."""
        return self.problems[0].code

    @property
    def message(self) -> str:
        """All the sentences in the person's language, safe to show."""
        return " ".join(problem.message for problem in self.problems)

    def __str__(self) -> str:
        return self.message


class FirmUnusable(Refused):
    """The firm cannot be used as it is (a file missing, damaged, locked; a full disk; a server that is away)."""

    @property
    def away(self) -> bool:
        """Whether the server of an open firm does not answer now: what was on the screen is still true as far as known,
        and clientdesk connects again by itself."""
        return self.code in ("server_away", "save_unknown")

    @property
    def another_file(self) -> bool:
        """Whether what stands at the place of the open firm's file is not that file any more: nothing can be saved
        there, and what was open is still on the screen."""
        return self.code in ANOTHER_FILE


def refuse(code: str, field: str = "", **values: object) -> Refused:
    """A refusal with one problem: `raise refuse("client_gone")`."""
    return Refused(problem(code, field, **values))
