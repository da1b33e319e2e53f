"""What a server's failures are to a person: one sentence each."""

import re
from itertools import chain

import psycopg

from clientdesk.domain.fold import fold
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store.engines.id_counters import COUNTED, REFUSED

# What libpq and PgBouncer say of a connection that could not be made; both speak English, as nothing in this program sets
# the language of C libraries. What may have a name of the person's in it stands after what is known by its beginning.
CONNECTING = (
    ("unknown_service", r"^definition of service .* not found|^service file .* not found|syntax error in service file"),
    ("bad_option", r"^invalid .*(?:value|parameter)|^bad value for|^could not match|may not be used with"),
    ("unknown_host", r"^could not translate host name|^failed to resolve host|Name or service not known"),
    ("unknown_database", r"^no such database"),
    ("login_refused", r"pg_hba\.conf|^no such user|not allowed to connect"),
    ("server_full", r"connection slots|no more connections|max_client_conn|query_wait_timeout"),
    ("wrong_password", r"SASL authentication failed"),
    ("no_password", r"no password supplied"),
    ("replica_unnamed", r"server is in hot standby mode|session is read-only"),
    ("no_encryption", r"GSSAPI encryption|GSSAPI negotiation|GSS encryption"),
    ("login_refused", r"^(?:could not acquire )?(?:GSSAPI|SSPI)|duplicate (?:GSS|SSPI)|authentication failed"),
    ("no_tls", r"SSL|certificate|TLS|encryption negotiation"),
    (
        "server_unreachable",
        r"Connection refused|timeout|timed out|No route to host|unreachable|No such file or directory|is the server running"
        r"|server closed the connection|Connection reset|could not connect|no error details available",
    ),
)
_ATTEMPT = re.compile(r"connection to server (?:at|on socket) .*?failed: (.*?)(?=connection to server |$)", re.DOTALL)
_SEVERITY = re.compile(r"^[^\W\d_]+:\s+")
_NO_LETTER = re.compile(r"[\W_]+")
STATES = {
    "55P03": "locked",
    "40P01": "locked",
    "57014": "slow",
    "42501": "server_forbids",
    "22003": "number_too_great",
    "23001": "referred_to_meanwhile",
    "23503": "referred_to_meanwhile",
    "53100": "disk_full",
    "53300": "server_full",
    "XX001": "damaged",
    "XX002": "damaged",
    "25006": "server_refused",
    "42P01": "not_as_made",
    "42703": "not_as_made",
    "42883": "not_as_made",
}
_IDS = (REFUSED, *(f"{name}_pkey" for name in COUNTED))
"""The constraints that an id breaks which was not reserved, or was given before."""
_LOST = ("08", "57P01", "57P02", "57P03", "57P05", "25P03")
"""The beginnings of the states with which a connection ends."""

RETRIED = ("server_unreachable", "server_starting", "server_full", "unknown_host")
"""Why a connection cannot be made just now, though it could before."""


def found_in(error: BaseException | None) -> psycopg.Error | None:
    """The driver's own error, which may stand some levels down in the chain of contexts."""
    depth = 0
    while error is not None and depth < 10:
        if isinstance(error, psycopg.Error):
            return error
        error, depth = error.__cause__ or error.__context__, depth + 1
    return None


def is_lost(state: str | None) -> bool:
    """Whether a connection ended with this SQLSTATE."""
    return state is not None and state.startswith(_LOST)


def while_connecting(error: BaseException, location: str) -> FirmUnusable:
    """Why a connection could not be made, whatever language the server speaks.

    SQLSTATE is not to be had there. So: whether a password was asked for and given, the words of the server, those of
    the libraries on the way; what is not known is told with the words.
    """
    driver = found_in(error)
    pgconn = driver.pgconn if driver is not None else None
    text = str(error).removeprefix("connection failed: ").removeprefix("connection is bad: ")
    attempts = [_SEVERITY.sub("", message).strip() for message in _ATTEMPT.findall(text)] or [text.strip()]
    recognized = ((code, message) for message in attempts if (code := _code_of(message)))
    code, message = next(recognized, ("server_refused", attempts[0]))
    if pgconn is not None and pgconn.needs_password:
        code = "no_password"
    elif code == "server_refused" and pgconn is not None and pgconn.used_password:
        code = "login_or_password"
    reason = " ".join(message.partition("\nDETAIL:")[0].partition("\nHINT:")[0].split()).rstrip(".")
    return FirmUnusable(problem(code, place=location, reason=reason[:300]))


def _code_of(message: str) -> str:
    """The code of what is said of a connection that could not be made; "" where that is not known.

    A server in the locale C speaks without accents and with other quotation marks: letters alone are compared.
    """
    from clientdesk.store.engines.postgres_login_messages import WORDS

    letters = _letters(message.partition("\nDETAIL:")[0])
    for code, messages in WORDS.items():
        for words in chain.from_iterable(messages):
            pattern = ".*".join(re.escape(_letters(part)) for part in words.split("%s"))
            if re.fullmatch(pattern, letters):
                return code
    return next((code for code, pattern in CONNECTING if re.search(pattern, message, re.IGNORECASE)), "")


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", fold(text))


def while_working(error: psycopg.Error, location: str) -> FirmUnusable | None:
    """What a statement's failure is to a person; None for what no firm should ever meet."""
    code = "ids_uncounted" if error.diag.constraint_name in _IDS else STATES.get(error.sqlstate or "")
    if code is None:
        return None
    reason = (error.diag.message_primary or str(error)).removeprefix("clientdesk: ")
    return FirmUnusable(problem(code, place=location, path=location, reason=reason))
