"""What a server's failures are to a person: one sentence each."""

import re

import psycopg

from clientdesk.domain.problems import FirmUnusable, problem

# What libpq and the server say of a connection that could not be made. SQLSTATE is not to be had there, and a server
# that speaks another language falls to the last sentence, which says what it said.
_CONNECTING = (
    ("server_full", r"too many clients|too many connections|connection slots|no more connections|max_client_conn"),
    ("server_starting", r"starting up|shutting down|in recovery mode|not yet accepting"),
    ("wrong_password", r"password authentication failed|SASL authentication failed"),
    ("no_password", r"no password supplied"),
    ("unknown_database", r'database ".*" does not exist'),
    ("no_tls", r"SSL|certificate|TLS|GSSAPI|encryption negotiation"),
    (
        "login_refused",
        r"pg_hba\.conf|role \".*\" (does not exist|is not permitted)|authentication failed|permission denied for database",
    ),
    ("unknown_host", r"could not translate host name|Name or service not known|failed to resolve host"),
    (
        "server_unreachable",
        r"Connection refused|timeout|timed out|No route to host|unreachable|No such file or directory|is the server running"
        r"|server closed the connection|Connection reset|could not connect|connection is bad",
    ),
)
_STATES = {
    "55P03": "locked",
    "40P01": "locked",
    "57014": "slow",
    "42501": "server_forbids",
    "53100": "disk_full",
    "53300": "server_full",
    "XX001": "damaged",
    "XX002": "damaged",
    "25006": "server_refused",
    "42P01": "not_as_made",
    "42703": "not_as_made",
    "42883": "not_as_made",
}
_LOST = ("08", "57P01", "57P02", "57P03", "57P05", "25P03")
"""The beginnings of the states with which a connection ends."""

RETRIED = ("server_unreachable", "server_starting", "server_full", "unknown_host")
"""Why a connection cannot be made just now, though it could before."""


def found_in(error: BaseException | None) -> psycopg.Error | None:
    """The driver's own error, which may stand some levels down in the chain of contexts."""
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, psycopg.Error):
            return error
        error, seen = error.__cause__ or error.__context__, seen + 1
    return None


def is_lost(state: str | None) -> bool:
    """Whether a connection ended with this SQLSTATE."""
    return state is not None and state.startswith(_LOST)


def while_connecting(error: BaseException, location: str) -> FirmUnusable:
    """Why a connection could not be made."""
    text = str(error).replace("\n", " ")
    fatal = re.search(r"(?:FATAL|ERROR):\s+(.*?)(?:\s+connection to server|$)", text)
    reason = (fatal.group(1) if fatal else text.rpartition("failed: ")[2]).strip().rstrip(".")
    reason = reason.partition(" DETAIL:")[0].strip().rstrip(".")
    code = next((code for code, pattern in _CONNECTING if re.search(pattern, text, re.IGNORECASE)), "server_refused")
    return FirmUnusable(problem(code, place=location, reason=reason[:300]))


def while_working(error: psycopg.Error, location: str) -> FirmUnusable | None:
    """What a statement's failure is to a person; None for what no firm should ever meet."""
    code = _STATES.get(error.sqlstate or "")
    if code is None:
        return None
    reason = (error.diag.message_primary or str(error)).removeprefix("clientdesk: ")
    return FirmUnusable(problem(code, place=location, path=location, reason=reason))
