"""What can be wrong with a firm's server: codes and sentences, for the catalogue."""

from clientdesk.text import N_

SERVER_PROBLEMS: dict[str, tuple[str, bool]] = {
    # the firm's server
    "no_driver": (
        N_(
            "{place} is on a server, and the part for that is missing. Install it from its checkout (pip install '.[postgres]')."
        ),
        False,
    ),
    "server_away": (
        N_("The firm's server ({place}) does not answer. Nothing more was changed; do it again when it is back."),
        False,
    ),
    "save_unknown": (
        N_(
            "The server went away just while change {change} was being saved. When it answers again, look whether it is there before you do it once more."
        ),
        False,
    ),
    "kept_unknown": (
        N_(
            "The server went away just while this was being saved. Do it once more: where it is there already, that changes nothing."
        ),
        False,
    ),
    "not_saved": (N_("The server went away before this was saved. Nothing of it was changed; do it once more."), False),
    "made_unknown": (
        N_(
            "The server went away just while the firm was being made, up to change {change}. Do it once more when the server answers: where the firm is there already, nothing is done."
        ),
        False,
    ),
    "upgrade_unknown": (
        N_(
            "The server went away just while the firm's database was brought up to date. Do it once more when the server answers: where it is up to date already, nothing is done."
        ),
        False,
    ),
    "log_not_kept": (
        N_(
            "The rows are written, but their error log could not be kept in the firm. Correct the refused rows by what is said here."
        ),
        False,
    ),
    "change_gone": (
        N_(
            "There is no change {change} in this firm: it was not saved, or is in another firm. Look at the latest changes in the history."
        ),
        False,
    ),
    "server_unreachable": (
        N_("No server answers at {place}. Check the name, the port and your network; nothing was changed."),
        False,
    ),
    "unknown_host": (N_("The name of the computer in {place} is not known. Check how it is written."), False),
    "wrong_password": (
        N_("{place} does not accept the password. Check it in ~/.pgpass; nothing was changed."),
        False,
    ),
    "no_password": (N_("{place} asks for a password. Keep it in ~/.pgpass, which only you can read."), False),
    "login_refused": (
        N_("{place} does not let you in: {reason}. Ask whoever administers the server."),
        False,
    ),
    "login_or_password": (
        N_(
            "{place} does not let you in with this login and password: {reason}. Check ~/.pgpass, or ask its administrator."
        ),
        False,
    ),
    "bad_option": (N_("{place} is not written as it should be: {reason}. Correct it behind the ?."), False),
    "unknown_service": (
        N_("{place} names a service that is not known here: {reason}. Check the service file (~/.pg_service.conf)."),
        False,
    ),
    "unknown_database": (N_("There is no database {place}. Check the name at the end of the URL."), False),
    "no_tls": (
        N_(
            "{place} and this computer do not agree about encryption (TLS): {reason}. Set sslmode behind the ?, or ask whoever administers the server."
        ),
        False,
    ),
    "no_encryption": (
        N_(
            "{place} and this computer do not agree about encryption (GSSAPI): {reason}. Set gssencmode behind the ?, or ask whoever administers the server."
        ),
        False,
    ),
    "server_full": (
        N_("{place} has no free connection just now. Try again in a moment, or ask for more connections."),
        False,
    ),
    "server_starting": (N_("{place} is starting or shutting down. Try again in a moment."), False),
    "replica": (
        N_("{place}: this is a replica; the firm's server is {primary}. Name that one in the URL."),
        False,
    ),
    "replica_unnamed": (
        N_("{place}: this is a replica; the firm's server is the one that it copies. Name that one in the URL."),
        False,
    ),
    "pooled": (
        N_(
            "A pooler (PgBouncer) at {place} shares sessions among people. clientdesk needs session mode there (pool_mode = session), or the server itself."
        ),
        False,
    ),
    "open_to_all": (
        N_(
            "Every login of the server has rights on the firm's database ({rights}), as after a restore. "
            "Its owner closes it by repairing the firm."
        ),
        True,
    ),
    "no_trigrams": (
        N_("{place} has no extension pg_trgm to search with: {reason}. An administrator of the server installs it."),
        False,
    ),
    "server_refused": (N_("{place} refused: {reason}. Ask whoever administers the server."), False),
    "no_firm_on_server": (
        N_(
            "There is no firm in {place}. The database's owner makes one: clientdesk firm create {place}, with the firm's name and yours."
        ),
        False,
    ),
    "firm_on_server": (N_("There is a firm in {place} already. Nothing was changed; name another database."), False),
    "no_rights": (
        N_("The login {login} may not see the firm in {place}. Whoever administers the server gives it a group."),
        False,
    ),
    "server_forbids": (
        N_("The server does not allow this to your login ({reason}). Ask whoever administers the server."),
        False,
    ),
    "older_schema": (
        N_(
            "The firm in {place} is of an older clientdesk. The database's owner brings it up to date (clientdesk firm upgrade {place})."
        ),
        False,
    ),
    "server_too_old": (
        N_("{place} is PostgreSQL {version}. clientdesk needs 15 or newer: whoever administers the server updates it."),
        False,
    ),
    "not_utf8": (N_("The database {place} is not in UTF-8. Make one with ENCODING 'UTF8' first."), False),
    "roles_missing": (
        N_("The group roles are missing, and {login} may not make them. An administrator runs this first: {sql}"),
        False,
    ),
    "owner_needed": (
        N_("Only the owner of the database {place} can do this: {reason}. Ask whoever administers the server."),
        False,
    ),
    "slow": (N_("The server took too long for this. Nothing was changed; try again in a moment."), False),
}
