"""Servers' URLs, and the passwords in them.

A firm's location is a file's path or a server's URL. A password in a URL is taken out where the URL comes in, and kept
in memory only: what is shown, logged, stored and handed on never has it.
"""

import re
from collections.abc import Mapping, MutableMapping, Sequence

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
known_secrets: dict[str, dict[str, str]] = {}


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
        known_secrets[url] = {**known_secrets.get(url, {}), **secrets}
    return url


def _no_words(location: str) -> str:
    """What is no URL, as it is. Raises LocationError for words of libpq with a password among them."""
    words = [word.lower() for word in _WORD.findall(location)]
    if len(words) > 1 and any(word in _SECRET or word == "passfile" for word in words):
        raise LocationError("scheme", "", f"{words[0]}=…" if words[0] in _FIRST_WORDS else "…")
    return location


def secrets_for(location: str) -> Mapping[str, str]:
    """All that was taken out of the URL, by libpq's names: `password`, `sslpassword` and the like."""
    return known_secrets.get(location, {})


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
            known_secrets[url] = {name: str(value) for name, value in secrets.items()}
    return True


def passwords_known() -> bool:
    """Whether any location so far had a password."""
    return bool(known_secrets)


def hand_passwords(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment for the program itself, with the passwords that are remembered."""
    import json

    return {**environment, _PASSWORDS: json.dumps(known_secrets)}
