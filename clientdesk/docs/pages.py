"""The pages of keys, commands, fields, messages and settings."""

import re

from clientdesk.cli.cures import CURES, IMPORTS
from clientdesk.commands import COMMANDS, commands_of, labels
from clientdesk.commands.scopes import PARTS, SCREENS
from clientdesk.docs.command_line import CommandHelp, command_helps, exit_codes, firm_option
from clientdesk.docs.markdown import code, page, plain, sentence, table
from clientdesk.domain.access import MAY, Access, Action
from clientdesk.domain.backup_and_copy_problems import BACKUP_AND_COPY_PROBLEMS
from clientdesk.domain.bulk_problems import BULK_PROBLEMS
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.disk_and_lock_problems import DISK_AND_LOCK_PROBLEMS
from clientdesk.domain.due_date_problems import DUE_DATE_PROBLEMS
from clientdesk.domain.field_and_setting_problems import USE_PROBLEMS
from clientdesk.domain.fields import Field, Kind, Section
from clientdesk.domain.filter_problems import FILTER_PROBLEMS
from clientdesk.domain.filter_text import EXAMPLES, read
from clientdesk.domain.filter_words import NO_NAMES, in_words
from clientdesk.domain.firm_settings import SETTINGS, Setting
from clientdesk.domain.import_export_problems import LIST_PROBLEMS
from clientdesk.domain.missing_problems import MISSING_PROBLEMS
from clientdesk.domain.opening_problems import OPENING_PROBLEMS
from clientdesk.domain.own_field_problems import OWN_FIELD_PROBLEMS
from clientdesk.domain.own_value_problems import OWN_VALUE_PROBLEMS
from clientdesk.domain.problem_catalogue import CATALOGUE
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
from clientdesk.own_settings import OWN_SETTINGS, VARIABLES


def keys() -> str:
    """Every command of the screens, where it works, with its keys."""
    parts = [
        f"## {heading}\n\n"
        + table(
            ("key", "does", "id"),
            (
                (
                    " ".join(map(code, labels(command.keys))),
                    plain(command.help) + _who(command.action, command.in_work),
                    code(command.id),
                )
                for command in commands_of(scope)
            ),
        )
        for scope, heading in (SCREENS | PARTS).items()
        if commands_of(scope)
    ]
    return page(
        "Keys",
        "`?` or F1 shows the keys of a screen, `:` or `ctrl+p` finds a command, or a client, by its words. The id is what other keys are "
        "given to in your [settings file](settings.md).",
        "The mouse works too: a click chooses, the wheel moves, a click on a heading sorts, a heading that is "
        "dragged moves its column. Keys typed ahead are obeyed in order, each when what the one before it opened has the focus and its rows, "
        "however long that takes. They wait for a save as well: they are for what it leads back to, or for the form where "
        "it is refused; what is being saved is not left meanwhile. While something is being opened, `esc` gives it up "
        "and `ctrl+q` leaves; pressed twice they count at once, and what was typed before them is forgotten.",
        "`x`, `y`, `d`, `D`, `E` and `.` act on the marked clients, or on the one under the cursor where none is marked. `alt+shift+p`, `alt+]`, `alt+_`, `alt+^` and `alt+shift+x` are no keys: what a "
        "terminal reports by itself begins with them.",
        *parts,
    )


def _who(action: Action | None, in_work: Action | None = None) -> str:
    if action is None or MAY[action] == frozenset(Access):
        return ""
    if in_work is not None:
        return " (with basic access only what one may do to work)"
    return " (primary admin only)" if MAY[action] == {Access.PRIMARY_ADMIN} else " (not with basic access)"


def fields() -> str:
    """Every field of a client."""
    return page(
        "The fields of a client",
        "What the form, the columns, imports, downloads and the command line call a client's fields. The first two "
        "headings are the ones that our own files have, in English and Spanish; an import knows [many more](importing.md).",
        *(
            f"## {section.value}\n\n"
            + table(
                ("field", "is called", "may hold", "changed by", "in files"),
                (
                    (code(field.name), field.label, _holds(field), _changed(field), ", ".join(field.headings))
                    for field in BUILT_IN.fields
                    if field.section is section
                ),
            )
            for section in Section
        ),
        f"Find looks in: {', '.join(field.label for field in BUILT_IN.fields if field.searched)}.",
    )


def _holds(field: Field) -> str:
    if field.kind is Kind.CHOICE:
        held = "; ".join(
            f"{code(choice.value) if choice.value else 'empty'} {choice.label}" for choice in field.choices
        )
    elif field.kind is Kind.CLIENT_TYPE:
        held = "one of the firm's client types"
    elif field.kind is Kind.MEMBER:
        held = "an active team member"
    else:
        lines = "several lines, " if field.kind is Kind.NOTES else ""
        held = f"{lines}at most {field.limit:,} characters"
    return f"{held} ({field.hint})" if field.hint else held


def _changed(field: Field) -> str:
    words = {
        "form": "form, command line, import",
        "new": "a new client's form",
        "command": "a command",
        "never": "nobody",
    }
    return " ".join((words[field.editor] + ("." if field.instead else ""), field.instead)).strip()


_GROUPS = (
    ("Fields, clients, team and settings", USE_PROBLEMS, ""),
    ("Fields of the firm's own, and tags", OWN_FIELD_PROBLEMS, ""),
    ("What clients have in them", OWN_VALUE_PROBLEMS, ""),
    ("Filters", FILTER_PROBLEMS, ""),
    ("Views", VIEW_PROBLEMS, "What a notice tells of a view is left out of the list, and stays in the view."),
    ("A client that is missing", MISSING_PROBLEMS, ""),
    ("Many clients at once", BULK_PROBLEMS, "A client that is refused stops no other."),
    ("Templates of work, and their files", TEMPLATE_PROBLEMS, ""),
    ("When work is due", DUE_DATE_PROBLEMS, ""),
    ("The clients' work", WORK_PROBLEMS, "What one of several items is refused for stops no other."),
    ("Undo and redo", UNDO_PROBLEMS, "What stands in the way stays; it can be taken back when nothing does any more."),
    ("A list that comes in: its rows", ROW_PROBLEMS, "A row that is refused stops no other."),
    ("A list that comes in, goes out, or goes to another firm: its file", LIST_PROBLEMS, ""),
    ("A firm that is opened, or made", OPENING_PROBLEMS, ""),
    ("The disk, and who else writes", DISK_AND_LOCK_PROBLEMS, ""),
    ("A file that is gone or replaced while the firm is open", REPLACED_FILE_PROBLEMS, ""),
    ("Copies and backups", BACKUP_AND_COPY_PROBLEMS, ""),
    ("A firm that does not hold together", UNSOUND_FIRM_PROBLEMS, ""),
    ("A firm that can only be read", READING_PROBLEMS, ""),
    ("A firm on a server", SERVER_PROBLEMS, ""),
    ("A file that a group shares", SHARING, ""),
)


def messages() -> str:
    """Every code, with its sentence and what to do about it."""
    grouped = {code_ for _heading, problems, _words in _GROUPS for code_ in problems}
    assert grouped == set(CATALOGUE), "a problem of no group"
    return page(
        "Messages",
        "Every refusal and every notice has a code, a stable word for programs (`--json` prints it), and a sentence, which "
        "ends with what to do. Values stand in *italics*. A notice stops nothing. Some sentences say less where a value "
        "is not known. Where `--json` is asked for and nothing else was printed, a refusal is printed as one object, too: "
        '`{"refusal": {"code", "message", "errors": [{"field", "code", "message"}]}}`.',
        *(
            f"## {heading}\n\n{words + chr(10) * 2 if words else ''}"
            + table(
                ("code", "", "what is said", "on the command line also"),
                (
                    (code(name), "notice" if warning else "", sentence(CATALOGUE[name][0]), _cure(name))
                    for name, (_sentence, warning) in problems.items()
                ),
            )
            for heading, problems, words in _GROUPS
        ),
    )


def _cure(name: str) -> str:
    return re.sub(r"(?<!\w)(--[a-z-]+)", r"`\1`", sentence(CURES.get(name) or IMPORTS.get(name, "")))


def settings() -> str:
    """The firm's settings, a person's own, and the environment."""
    examples = "\n".join(setting.example.replace("[keys]", "\n[keys]") for setting in OWN_SETTINGS)
    return page(
        "Settings",
        "## The firm's\n\nOn the screen `,` opens them; on the command line `clientdesk settings show` prints them and "
        "`clientdesk settings set NAME=VALUE` changes them. Everyone of the firm has the same.",
        table(
            ("setting", "is called", "may hold", "at first", "what it means"),
            (
                (
                    code(setting.name),
                    setting.title,
                    _may_hold(setting),
                    plain(setting.written(setting.default)),
                    plain(setting.meaning),
                )
                for setting in SETTINGS
            ),
        ),
        "The list of client types is the firm's, too: `clientdesk settings types`. So are its [own fields and tags](own_fields.md).",
        "## Your own\n\n`settings.toml` in your configuration folder (`~/.config/clientdesk` on Linux) holds what is yours on "
        "this computer. Without the file, or a line of it, the defaults count.",
        f"```toml\n{examples}\n```",
        table(("name", "what it means"), ((code(setting.name), plain(setting.meaning)) for setting in OWN_SETTINGS)),
        "## The environment",
        table(("variable", "what it means"), ((code(name), plain(meaning)) for name, meaning in VARIABLES.items())),
        "The firm that is opened is the one of `--firm`, else of `CLIENTDESK_FIRM`, else of the settings file, else `firm.db` "
        "in your data folder (`~/.local/share/clientdesk` on Linux).",
    )


def _may_hold(setting: Setting) -> str:
    if setting.kind is Kind.SWITCH:
        return "`yes` or `no`"
    if setting.kind is Kind.NUMBER:
        return f"a whole number up to {setting.limit:,}, or nothing"
    return f"at most {setting.limit:,} characters{', never empty' if setting.required else ''}"


def access() -> str:
    """Who may do what, as a part of a page."""
    return table(
        ("", *(access.label for access in Access)),
        ((action.value, *("yes" if access in allowed else "" for access in Access)) for action, allowed in MAY.items()),
    )


def commands() -> str:
    """Every command of the command line."""
    named, means = firm_option()
    return page(
        "Commands",
        "`clientdesk` alone opens the firm in the terminal. What the screens do with the firm, these commands do, with the same "
        "rules. `clientdesk COMMAND --help` says the same as this page; `man clientdesk` does where the program is installed "
        "beside the man pages.",
        f"KEY is a client's Company ID or client number. Every command takes {code(named)}. {plain(means)} Where a command "
        "prints records, `--json` prints one object a line, with the [names of the fields](fields.md). Notices go to standard "
        "error and stop nothing.",
        *(_command(command) for command in command_helps()),
        "## Commands of the screens\n\n`clientdesk run` takes the id of a command of the screens, whose keys are in "
        "[keys.md](keys.md), and runs what stands beside it here. Those that are not here are of the screens alone, and say "
        "by which key.\n\n"
        + table(
            ("`clientdesk run`", "runs"),
            ((code(command.id), " or ".join(map(code, command.command_lines))) for command in COMMANDS if command.cli),
        ),
        "## Filters\n\n`--where` takes a filter: a field, a sign and what it is compared with. Case and accents do not count. "
        "A value that has signs in it stands in quotation marks, and a quotation mark in them twice. Several filters hold all.\n\n"
        + table(
            ("filter", "means"),
            ((code(example), plain(in_words(read(example, NO_NAMES), NO_NAMES))) for example in EXAMPLES),
        ),
        "## How a command ends\n\n" + table(("exit code", "means"), ((code(a), plain(b)) for a, b in exit_codes())),
        "## Who may do what\n\nIn a file you are your account on the computer, on a server the login that it let in; the "
        "firm's team says what access you have. Undo and redo ask for what they do.\n\n" + access(),
        "There is always exactly one active primary admin. The role is offered to a member with full access, who accepts "
        "at the next start; while somebody holds the offer, only the primary admin changes their login, access or state. "
        "Team members are never deleted, only made inactive.",
        COMPLETION,
    )


def _command(command: CommandHelp) -> str:
    level = "##" if command.name.count(" ") < 2 else "###"
    parts = [f"{level} {command.name}", plain(command.does)]
    if command.usage:
        parts.append(f"```\n{command.name} {command.usage}\n```")
    if command.names_on:
        names = "settings" if command.names_on == "settings.md" else "fields"
        parts.append(f"[The names of the {names}]({command.names_on})")
    if command.options:
        parts.append(table(("option", "does"), ((code(names), plain(does)) for names, does in command.options)))
    return "\n\n".join(parts)


COMPLETION = """## Completion in the shell

One command for each shell; write it into the file that your shell reads at its start.

```sh
eval "$(_CLIENTDESK_COMPLETE=bash_source clientdesk)"    # bash: ~/.bashrc
eval "$(_CLIENTDESK_COMPLETE=zsh_source clientdesk)"     # zsh: ~/.zshrc, behind compinit
_CLIENTDESK_COMPLETE=fish_source clientdesk | source     # fish: ~/.config/fish/config.fish
```"""
