"""Settings and places: the settings file, the firm that is opened, the log, the styles."""

import os
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import logging

APP = "clientdesk"


def _user_folder(kind: str) -> str:
    import platformdirs  # slow to import, and seldom needed: most people name their firm

    return str(getattr(platformdirs, f"user_{kind}_dir")(APP, appauthor=False))


def settings_path() -> str:
    """The settings file: CLIENTDESK_SETTINGS, else settings.toml in the user's configuration folder."""
    return os.environ.get("CLIENTDESK_SETTINGS") or os.path.join(_user_folder("config"), "settings.toml")


def log_path() -> str:
    """The log file: CLIENTDESK_LOG, else clientdesk.log in the user's folder for logs."""
    return os.environ.get("CLIENTDESK_LOG") or os.path.join(_user_folder("log"), "clientdesk.log")


class SettingsError(ValueError):
    """The settings file cannot be used; the text is the reason."""


class Settings(NamedTuple):
    """What a person sets for this computer: the firm's file, language, theme, keys by command id."""

    firm: str = ""
    language: str = ""
    theme: str = "textual-dark"
    keys: Mapping[str, str] = MappingProxyType({})


@cache
def settings() -> Settings:
    """The settings file's content; the defaults where there is no such file. Raises SettingsError."""
    try:
        with open(settings_path(), "rb") as file:
            import tomllib

            content = tomllib.load(file)
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        raise SettingsError(str(error)) from error
    known = {"firm": str, "language": str, "theme": str, "keys": dict}
    for name, value in content.items():
        if name not in known:
            raise SettingsError(f"{name} is not a setting")
        if not isinstance(value, known[name]):
            raise SettingsError(f"{name} has the wrong kind of value")
    keys = content.get("keys", {})
    if not all(isinstance(value, str) for value in keys.values()):
        raise SettingsError("keys: each key is a text")
    return Settings(**content)


def firm_location(named: str | None = None) -> str:
    """The firm to open: the one named, else CLIENTDESK_FIRM, else the settings', else firm.db in the data folder."""
    location = named or os.environ.get("CLIENTDESK_FIRM") or settings().firm
    return os.path.expanduser(location) if location else os.path.join(_user_folder("data"), "firm.db")


@cache
def styles_folder() -> str:
    """The folder of the .tcss files: inside the installed package, or at the top of a checkout."""
    package = os.path.dirname(os.path.abspath(__file__))
    for folder in (os.path.join(package, "styles"), os.path.join(os.path.dirname(package), "styles")):
        if os.path.isdir(folder):
            return folder
    raise FileNotFoundError("the folder styles is missing: install clientdesk again")


@cache
def log() -> "logging.Logger":
    """The program's log: tracebacks go there, never to the screen. It is made when first written to."""
    import logging

    logger = logging.getLogger(APP)
    logger.propagate = False
    try:
        path = log_path()
        os.makedirs(os.path.dirname(path) or ".", mode=0o700, exist_ok=True)
        from logging.handlers import RotatingFileHandler

        handler: logging.Handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=2, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    except OSError:
        handler = logging.NullHandler()
    logger.addHandler(handler)
    return logger
