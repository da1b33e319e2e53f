"""The man page `clientdesk.1`, from the same declarations as `--help`."""

from clientdesk.docs.command_line import command_helps, exit_codes, firm_option
from clientdesk.domain.filter_text import EXAMPLES, read
from clientdesk.domain.filter_words import NO_NAMES, in_words
from clientdesk.own_settings import OWN_SETTINGS, VARIABLES


def man() -> str:
    """The page as roff."""
    root, *commands = command_helps()
    lines = [
        ".\\\" Written by `python -m clientdesk.docs` from the program's own declarations: change those, not this.",
        ".TH CLIENTDESK 1",
        ".SH NAME",
        "clientdesk \\- the client list of an accounting practice, in the terminal",
        ".SH SYNOPSIS",
        ".B clientdesk",
        "[\\fB\\-\\-firm\\fR \\fILOCATION\\fR] [\\fICOMMAND\\fR ...]",
        ".SH DESCRIPTION",
        _text(root.does),
        ".PP",
        "KEY is a client's Company ID or client number.",
        ".SH OPTIONS",
        *_item(*firm_option()),
        ".SH COMMANDS",
    ]
    for command in commands:
        lines += [
            f".SS {_text(command.name.removeprefix('clientdesk '))} {_text(command.usage)}".rstrip(),
            _text(command.does),
        ]
        for names, does in command.options:
            lines += _item(names, does)
    lines += [
        ".SH FILTERS",
        "\\-\\-where takes a field, a sign and what it is compared with; case and accents do not count:",
    ]
    for example in EXAMPLES:
        lines += _item(example, in_words(read(example, NO_NAMES), NO_NAMES))
    lines.append(".SH EXIT STATUS")
    for codes, means in exit_codes():
        lines += _item(codes, means)
    lines += [".SH FILES", "settings.toml in your configuration folder holds what is yours on this computer:"]
    for setting in OWN_SETTINGS:
        lines += _item(setting.name, setting.meaning)
    lines.append(".SH ENVIRONMENT")
    for name, meaning in VARIABLES.items():
        lines += _item(name, meaning)
    return "\n".join(lines) + "\n"


def _item(label: str, words: str) -> list[str]:
    return [".TP", f"\\fB{_text(label)}\\fR", _text(words)]


def _text(words: str) -> str:
    """Words as they are: nothing in them is a request or an escape of roff."""
    escaped = words.replace("\\", "\\e").replace("-", "\\-").replace("“", "\\(lq").replace("”", "\\(rq")
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in escaped.splitlines())
