"""What a person sets for one computer: the settings file, and what the program reads of the environment.

`clientdesk settings --help` and the manual tell it from here.
"""

import os
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from clientdesk.folders import user_folder
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_


class OwnSetting(NamedTuple):
    """One line of the settings file: its name, the kind of its value, what it means, and an example as TOML."""

    name: str
    kind: type
    meaning: str
    example: str


OWN_SETTINGS: tuple[OwnSetting, ...] = (
    OwnSetting("firm", str, N_("The firm to open: a file's path, or a server's URL."), 'firm = "~/practice/firm.db"'),
    OwnSetting(
        "theme",
        str,
        N_(
            "The colours, by the name of a Textual theme: textual-dark by default, textual-light; “terminal” takes the "
            "terminal's own sixteen colours."
        ),
        'theme = "textual-light"',
    ),
    OwnSetting(
        "language",
        str,
        N_("The language; without it your locale's, where there is a translation. English is the only one so far."),
        'language = "en"',
    ),
    OwnSetting(
        "keys",
        dict,
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


def settings_path() -> str:
    """The settings file: CLIENTDESK_SETTINGS, else settings.toml in the user's configuration folder."""
    return os.environ.get("CLIENTDESK_SETTINGS") or os.path.join(user_folder("config"), "settings.toml")


class OwnSettingsError(ValueError):
    """The settings file cannot be used; the text is the reason."""


class OwnSettings(NamedTuple):
    """What a person sets for this computer: the firm's location, language, theme, keys by command id."""

    firm: str = ""
    language: str = ""
    theme: str = "textual-dark"
    keys: Mapping[str, str] = MappingProxyType({})


@cache
def languages() -> tuple[str, ...]:
    """The languages that the program speaks: English, and those of which there is a catalogue."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "locale")
    return ("en", *sorted(os.listdir(folder))) if os.path.isdir(folder) else ("en",)


@cache
def own_settings() -> OwnSettings:
    """The settings file's content; the defaults where there is no such file. Raises OwnSettingsError."""
    try:
        with open(settings_path(), "rb") as file:
            import tomllib

            content = tomllib.load(file)
    except FileNotFoundError:
        return OwnSettings()
    except (OSError, ValueError) as error:
        raise OwnSettingsError(str(error)) from error
    kinds = {setting.name: setting.kind for setting in OWN_SETTINGS}
    for name, value in content.items():
        if name not in kinds:
            raise OwnSettingsError(f"{name} is not a setting")
        if not isinstance(value, kinds[name]):
            raise OwnSettingsError(f"{name} has the wrong kind of value")
    language = content.get("language", "")
    if language and language.replace("-", "_").partition("_")[0].partition(".")[0] not in languages():
        raise OwnSettingsError(f"there is no language “{language}”; there is {', '.join(languages())}")
    keys = content.get("keys", {})
    if not all(isinstance(value, str) for value in keys.values()):
        raise OwnSettingsError("keys: each key is a text")
    return OwnSettings(**content)
