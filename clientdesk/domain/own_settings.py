"""What a person sets for one computer, and what the program reads of the environment: what each means.

The names and their kinds stand in `clientdesk.config`; the help of `clientdesk settings` and the manual read this.
"""

from typing import NamedTuple

from clientdesk.text import N_


class OwnSetting(NamedTuple):
    """One line of the settings file: its name, what it means, and an example as TOML."""

    name: str
    meaning: str
    example: str


OWN_SETTINGS: tuple[OwnSetting, ...] = (
    OwnSetting("firm", N_("The firm to open: a file's path, or a server's URL."), 'firm = "~/practice/firm.db"'),
    OwnSetting(
        "theme",
        N_(
            "The colours, by the name of a Textual theme: textual-dark by default, textual-light; “terminal” takes the "
            "terminal's own sixteen colours."
        ),
        'theme = "textual-light"',
    ),
    OwnSetting(
        "language",
        N_("The language; without it your locale's, where there is a translation. English is the only one so far."),
        'language = "en"',
    ),
    OwnSetting(
        "keys",
        N_(
            "Other keys, by the command's id, several with commas between them. Keys are written like a, A, f5, ctrl+e, "
            "shift+up, slash. What cannot work is told at the start: a key that is none or that terminals send for "
            "another (ctrl+h, ctrl+i, ctrl+j, ctrl+m), and two commands of one screen on one key."
        ),
        '[keys]\n"client.add" = "insert"',
    ),
)

VARIABLES: dict[str, str] = {
    "CLIENTDESK_FIRM": N_("The firm to open, before the settings file's."),
    "CLIENTDESK_SETTINGS": N_("The settings file; else settings.toml in your configuration folder."),
    "CLIENTDESK_LOG": N_("The log; else clientdesk.log in your folder for logs."),
    "CLIENTDESK_STATE": N_("The folder for what the program remembers by itself; else your folder for state."),
    "NO_COLOR": N_("With anything in it: no colours. Bold, reverse and underline say what matters."),
    "COLORTERM": N_("truecolor: the terminal has all colours. TERM says how many else."),
}
"""The environment variables that the program reads."""
