"""Opening a firm, and making a new one."""

import os

from clientdesk.desk.session import Session
from clientdesk.domain.fields import BY_NAME
from clientdesk.domain.problems import Problem, Refused, problem
from clientdesk.domain.rules import tidy
from clientdesk.store import firm, history
from clientdesk.store.engines import create_engine, open_engine
from clientdesk.text import N_

FIRST_TYPES = ("Business", "Individual", "Nonprofit", "Trust")
NOTICE = 2_000
"""QuickBooks Online Accountant holds so many clients a firm."""


def account_login() -> str:
    """The operating-system account that runs the program, by its uid."""
    try:
        import pwd
    except ImportError:  # Windows has no uids
        return os.getlogin()
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid-{os.getuid()}"


def account_full_name() -> str:
    """The full name the operating system knows for the account; "" if it knows none."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_gecos.split(",")[0].strip()
    except (ImportError, KeyError):
        return ""


def open_firm(location: str, login: str | None = None) -> Session:
    """Opens the firm at `location` for the account `login` (yours, by default).

    Raises FirmUnusable ("firm_missing" where there is none) and Refused ("unknown_account",
    "inactive_member").
    """
    engine = open_engine(location)
    try:
        with engine.errors():
            return Session(engine, login or account_login())
    except BaseException:
        engine.close()
        raise


def check_new(firm_name: str, your_name: str) -> list[Problem]:
    """What is wrong with the answers of the welcome screen."""
    given = (("firm", N_("The firm's name"), firm_name), ("name", N_("Your name"), your_name))
    found = [problem("required", name, label=label) for name, label, value in given if not _tidy(value)]
    return found + [
        problem("too_long", name, label=label, length=len(value), limit=200)
        for name, label, value in given
        if len(value) > 200
    ]


def _tidy(text: str) -> str:
    return tidy(BY_NAME["display_name"], text)


def create_firm(location: str, firm_name: str, your_name: str, login: str | None = None) -> Session:
    """Makes a new firm at `location` (mode 0600) with you as its primary admin, and opens it.

    Raises FirmUnusable if something stands there or it cannot be written; nothing half is left behind.
    """
    if found := check_new(firm_name, your_name):
        raise Refused(*found)
    login = login or account_login()
    engine = create_engine(location)
    try:
        with engine.errors(), engine.writing():
            change_set = history.begin(engine, 1, "firm.created", "primary_admin")
            member_id = firm.insert_member(engine, _tidy(your_name), "", login, "full")
            firm.insert_firm(engine, _tidy(firm_name), member_id, NOTICE)
            for name in FIRST_TYPES:
                firm.insert_type(engine, name)
            history.seal(engine, change_set)
        engine.publish()
    except BaseException:
        engine.discard()
        raise
    return open_firm(location, login)
