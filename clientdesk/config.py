"""Settings and places: the settings file, the firm that is opened, passwords, the log, the styles.

A firm's location is a file's path or a server's URL. A password in a URL is taken out where the URL comes in, and kept
in memory only: what is shown, logged, stored and handed on never has it.
"""

import os
import re
import stat
from collections.abc import Mapping, MutableMapping, Sequence
from contextlib import suppress
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import logging
    from io import TextIOWrapper

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


def state_folder() -> str:
    """The folder for what the program remembers by itself: CLIENTDESK_STATE, else the user's folder for that."""
    return os.environ.get("CLIENTDESK_STATE") or _user_folder("state")


def heads_path() -> str:
    """The file that remembers where you saw the history of each firm end: heads.json in the folder for state."""
    return os.path.join(state_folder(), "heads.json")


class SettingsError(ValueError):
    """The settings file cannot be used; the text is the reason."""


class Settings(NamedTuple):
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
    language = content.get("language", "")
    if language and language.replace("-", "_").partition("_")[0].partition(".")[0] not in languages():
        raise SettingsError(f"there is no language “{language}”; there is {', '.join(languages())}")
    keys = content.get("keys", {})
    if not all(isinstance(value, str) for value in keys.values()):
        raise SettingsError("keys: each key is a text")
    return Settings(**content)


def firm_location(named: str | None = None) -> str:
    """The firm to open: the one named, else CLIENTDESK_FIRM, else the settings', else firm.db in the data folder.

    Raises LocationError for what is neither a path nor a server's URL, and SettingsError.
    """
    wanted = os.environ.get("CLIENTDESK_FIRM", "")
    if is_url(wanted):
        try:
            os.environ["CLIENTDESK_FIRM"] = wanted = without_password(wanted)  # no program that is started sees it
        except LocationError:
            if not named:
                raise
    location = named or wanted or settings().firm
    if not location:
        return os.path.join(_user_folder("data"), "firm.db")
    return without_password(location) if is_url(location) else os.path.expanduser(_no_words(location))


# --- servers' URLs and the passwords in them

SCHEMES = ("postgresql", "postgres")
_PASSWORDS = "CLIENTDESK_PASSWORDS"
"""The environment variable by which the program hands passwords to itself when it starts again."""
# What libpq takes in a URL's query and nobody else may see.
_SECRET = ("password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key")
# A connection string of libpq (host=db password=…): its words, and those with which one begins.
_WORD = re.compile(r"(\w+)\s*=")
_FIRST_WORDS = frozenset(
    (
        *_SECRET,
        *("host", "hostaddr", "port", "dbname", "user", "passfile", "service", "servicefile", "options"),
        *("application_name", "fallback_application_name", "client_encoding", "connect_timeout", "require_auth"),
        *("sslmode", "sslnegotiation", "sslcert", "sslkey", "sslrootcert", "sslcrl", "channel_binding"),
        *("target_session_attrs", "load_balance_hosts", "gssencmode", "krbsrvname", "keepalives", "tcp_user_timeout"),
    )
)
_secrets: dict[str, dict[str, str]] = {}


class LocationError(ValueError):
    """A location is neither a path nor a server's URL.

    `reason` says what is wrong: its "scheme", "database", "port" or "characters". `shown` is safe to show.
    """

    def __init__(self, reason: str, scheme: str, shown: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.shown = shown or f"{scheme}://…"


def is_url(location: str) -> bool:
    """Whether a location is meant as a URL: `scheme://…`, or `postgres:…` with a slip of the pen after it."""
    scheme, colon, rest = location.partition(":")
    if not colon or not scheme[:1].isalpha() or not scheme.isascii():
        return False
    if not all(character.isalnum() or character in "+.-" for character in scheme):
        return False
    return rest.startswith("//") or scheme.lower() in SCHEMES


def without_password(location: str) -> str:
    """The location without its password, which is remembered; a path as it is. Raises LocationError."""
    if not is_url(location):
        return _no_words(location)
    scheme, _, rest = location.partition("://")
    if scheme.lower() not in SCHEMES:
        raise LocationError("scheme", scheme.partition(":")[0])
    url, secrets = _taken_apart(rest)
    if secrets:
        _secrets[url] = {**_secrets.get(url, {}), **secrets}
    return url


def _no_words(location: str) -> str:
    """What is no URL, as it is. Raises LocationError for words of libpq with a password among them."""
    words = [word.lower() for word in _WORD.findall(location)]
    if len(words) > 1 and any(word in _SECRET or word == "passfile" for word in words):
        raise LocationError("scheme", "", f"{words[0]}=…" if words[0] in _FIRST_WORDS else "…")
    return location


def secrets_for(location: str) -> Mapping[str, str]:
    """All that was taken out of the URL, by libpq's names: `password`, `sslpassword` and the like."""
    return _secrets.get(location, {})


def _taken_apart(rest: str) -> tuple[str, dict[str, str]]:
    """A URL from behind `://` on: the whole URL without its secrets, and these.

    Stricter than libpq, so that no piece of a password with a bare @, /, : or ? is taken for a host or a database.
    """
    from urllib.parse import unquote

    place, asked, query = rest.partition("?")
    authority, slash, database = place.partition("/")
    login, at, hosts = authority.rpartition("@")
    user, _colon, password = login.partition(":")
    secrets = {"password": unquote(password)} if password else {}
    kept = []
    for option in query.split("&") if asked else ():
        name, equals, value = option.partition("=")
        name = unquote(name).lower()
        if not equals or not (name.isascii() and name.replace("_", "").isalnum()):
            raise LocationError("characters", SCHEMES[0])
        if name in _SECRET:
            secrets.update({name: unquote(value)} if value else {})
        else:
            kept.append(option)
    for host in hosts.split(","):
        address, colon, port = host.rpartition(":")
        if host.endswith("]") or not colon:
            address, port = host, ""
        if ":" in address and not (address.startswith("[") and address.endswith("]")):
            raise LocationError("port", SCHEMES[0])
        if port and not (port.isascii() and port.isdigit() and len(port) < 6 and 0 < int(port) < 65_536):
            raise LocationError("port", SCHEMES[0])
    if any(character in database for character in "@/:") or "\0" in unquote(rest):
        raise LocationError("characters", SCHEMES[0])
    if not database and not any(option.startswith(("dbname=", "service=")) for option in kept):
        raise LocationError("database", SCHEMES[0])
    url = f"{SCHEMES[0]}://{user}{at if user else ''}{hosts}{slash}{database}"
    return url + ("?" + "&".join(kept) if kept else ""), secrets


def without_passwords(arguments: Sequence[str]) -> list[str]:
    """A command line with servers' URLs (`--option=URL` too) as `without_password` leaves them.

    Raises LocationError for what looks like a server's URL with a password in it, and is none, and for words of libpq
    (host=… password=…).
    """
    return [_harmless(argument) for argument in arguments]


def _harmless(argument: str) -> str:
    option, equals, value = argument.partition("=") if argument.startswith("--") else ("", "", argument)
    first = _WORD.match(value.lstrip()) if "=" in value else None
    if first and first[1].lower() in _FIRST_WORDS:
        return option + equals + _no_words(value)
    if not (value[:8].lower() == SCHEMES[1] and "://" in value and is_url(value)):
        return argument
    try:
        return option + equals + without_password(value)
    except LocationError:
        if "@" in value or "password" in value.lower():
            raise
        return argument  # whoever is given it says what is wrong with it


def take_passwords(environment: MutableMapping[str, str]) -> bool:
    """Takes the passwords that the program handed to itself out of its environment; whether there were any."""
    handed = environment.pop(_PASSWORDS, None)
    if handed is None:
        return False
    import json

    try:
        passwords = json.loads(handed)
    except ValueError:
        return False  # somebody else's variable
    for url, secrets in passwords.items() if isinstance(passwords, dict) else ():
        if isinstance(secrets, dict):
            _secrets[url] = {name: str(value) for name, value in secrets.items()}
    return True


def passwords_known() -> bool:
    """Whether any location so far had a password."""
    return bool(_secrets)


def hand_passwords(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment for the program itself, with the passwords that are remembered."""
    import json

    return {**environment, _PASSWORDS: json.dumps(_secrets)}


# --- the program's own files


@cache
def styles_folder() -> str:
    """The folder of the .tcss files: inside the installed package, or at the top of a checkout."""
    package = os.path.dirname(os.path.abspath(__file__))
    for folder in (os.path.join(package, "styles"), os.path.join(os.path.dirname(package), "styles")):
        if os.path.isdir(folder):
            return folder
    raise FileNotFoundError("the folder styles is missing: install clientdesk again")


_OLDER_LOGS = 2
"""So many files of what was logged before are kept, as `….1` and `….2`."""


@cache
def log() -> "logging.Logger":
    """The program's log, of mode 0600: tracebacks go there, never to the screen. It is made when first written to, and
    where it cannot be written nothing is said about it."""
    import logging
    from logging.handlers import RotatingFileHandler

    class OwnFile(RotatingFileHandler):
        """A log that only its owner reads, also one that was made before."""

        failed = False

        def emit(self, record: logging.LogRecord) -> None:
            self.failed = False
            super().emit(record)

        def _open(self) -> "TextIOWrapper":
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe never answers
            descriptor = os.open(self.baseFilename, flags, 0o600)
            about = os.fstat(descriptor)
            if stat.S_ISREG(about.st_mode) and about.st_uid == os.geteuid():
                os.fchmod(descriptor, 0o600)
                for number in range(1, _OLDER_LOGS + 1):
                    with suppress(OSError):
                        os.chmod(f"{self.baseFilename}.{number}", 0o600)
            return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")

        def handleError(self, record: logging.LogRecord) -> None:
            self.failed = True  # a full disk, say: what was to be told is told to the person anyway

    logger = logging.getLogger(APP)
    logger.propagate = False
    logging.raiseExceptions = False  # nor may a library's log print a traceback
    try:
        path = log_path()
        os.makedirs(os.path.dirname(path) or ".", mode=0o700, exist_ok=True)
        handler: logging.Handler = OwnFile(path, maxBytes=1_000_000, backupCount=_OLDER_LOGS, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    except (OSError, ValueError):  # there is no such place, or it is none at all
        handler = logging.NullHandler()
    logger.addHandler(handler)
    return logger


def log_failed() -> bool:
    """Whether what was last written to the log is not in it."""
    return all(getattr(handler, "failed", True) for handler in log().handlers)
