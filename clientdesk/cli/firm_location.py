"""Which firm the command line names, and what is wrong with a name that cannot be one."""

from clientdesk import firm_location, server_passwords
from clientdesk.domain.problems import Refused, refuse
from clientdesk.text import N_

_SERVER = N_("Write a file's path, or postgresql://host/database for a firm on a server.")
_HINTS = {
    "scheme": _SERVER,
    "database": N_("Name the database after the host: postgresql://host/database."),
    "port": N_("The port is a number up to 65535. Inside a user or a password, write @ as %40, / as %2F and : as %3A."),
    "characters": N_("Inside a user, a password or a database, write @ as %40, / as %2F, : as %3A and ? as %3F."),
}


def located(named: str | None) -> str:
    """The location of the firm that is named, else of the one that the settings name; a password is taken out.

    Refused ("bad_location") for a URL of another kind, or with a slip of the pen.
    """
    try:
        return firm_location.firm_location(named)
    except server_passwords.LocationError as error:
        raise bad_location(error) from None


def bad_location(error: server_passwords.LocationError) -> Refused:
    """The refusal that says what is wrong with a location; it shows no more of it than is safe."""
    return refuse("bad_location", location=error.shown, hint=_HINTS[error.reason])
