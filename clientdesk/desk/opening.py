"""Opening a firm, and making a new one."""

import os

from clientdesk import saved
from clientdesk.desk.session import Session
from clientdesk.domain.problems import Problem, Refused, problem
from clientdesk.domain.rules import tidy_name
from clientdesk.store import firm
from clientdesk.store.engines import Founding, Repaired, Shared, places
from clientdesk.store.engines import Upgraded as Upgraded
from clientdesk.text import N_, shows_nothing

FIRST_TYPES = ("Business", "Individual", "Nonprofit", "Trust")


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
    engine = places.open_engine(location)
    try:
        with engine.errors():
            return Session(engine, login or account_login())
    except BaseException as error:  # whatever ends it, no connection stays open
        engine.close()
        if isinstance(error, Refused) and engine.read_only is None:
            error.problems += tuple(engine.notices)  # what opening has done must be told, whatever comes after it
        raise


def check_new(firm_name: str, your_name: str) -> list[Problem]:
    """What is wrong with the answers of the welcome screen."""
    from clientdesk.store.bounds import limit

    answers = (
        ("firm", N_("The firm's name"), firm_name, limit("firm", "name")),
        ("name", N_("Your name"), your_name, limit("team_member", "name")),
    )
    problems = [
        problem("required", name, label=label) for name, label, value, _longest in answers if shows_nothing(value)
    ]
    return problems + [
        problem("too_long", name, label=label, value=value, length=len(value), limit=longest)
        for name, label, value, longest in answers
        if len(value) > longest
    ]


def make_firm(location: str, firm_name: str, your_name: str, login: str | None = None) -> str:
    """Makes a new firm at `location` (a file of mode 0600, or a server's database) with its primary admin.

    The SQL by which a server's administrator gives the login its rights; "" for a file. `login` is yours by default:
    the account of the operating system, on a server the login with which you are connected. Raises FirmUnusable if a
    firm stands there or it cannot be written; nothing half is left behind.
    """
    from clientdesk.store import history, patches

    if problems := check_new(firm_name, your_name):
        raise Refused(*problems)
    engine = places.create_engine(location)
    try:
        login = login or engine.login or account_login()
        with engine.errors(), engine.writing():
            change_set = history.begin(engine, 1, "primary_admin", history.new_change("firm.created"))
            patches.insert(engine, "client_type", [{"name": name} for name in FIRST_TYPES])
            (member_id,) = engine.next_ids("team_member", 1)
            you = {"name": tidy_name(your_name), "email": "", "login": login, "access": "full"}
            patches.insert(engine, "team_member", [you], ids=[member_id])
            firm.insert_firm(engine, tidy_name(firm_name), member_id)
            history.seal(engine, change_set)
        engine.publish()
    except BaseException:  # whatever ends it, half a firm does not stay
        engine.discard()
        raise
    saved.anything = True
    return engine.grant_sql(login, "primary_admin")


def create_firm(location: str, firm_name: str, your_name: str, login: str | None = None) -> Session:
    """Makes a new firm, see `make_firm`, and opens it."""
    make_firm(location, firm_name, your_name, login)
    return open_firm(location, login)


def creation_sql(firm_name: str, your_name: str, login: str) -> str:
    """All the SQL that makes a firm on a server, for an administrator who runs it by hand."""
    if problems := check_new(firm_name, your_name):
        raise Refused(*problems)
    return places.creation_sql(Founding(tidy_name(firm_name), tidy_name(your_name), login, FIRST_TYPES))


def upgrade_firm(location: str) -> Upgraded:
    """Brings the schema of the firm at `location` up to date, after a backup. Raises FirmUnusable."""
    done = places.upgrade(location)
    if done.before != done.after:
        saved.anything = True
    return done


def notices_of_rules(location: str) -> tuple[Problem, ...]:
    """Says so where what keeps the rules of an up-to-date firm is not as it is made now, and `repair_firm` mends it."""
    engine = places.open_engine(location)
    try:
        with engine.errors():
            differ = any(difference.mended for difference in engine.differences())
    finally:
        engine.close()
    return (problem("rules_of_another_build", path=location),) if differ else ()


def repair_firm(location: str) -> Repaired:
    """Makes anew what keeps the rules of the firm at `location`, and who may connect; and what is due of the clients' work, or
    notes that the next full member does it. Raises FirmUnusable."""
    repaired = places.repair(location)
    saved.anything = True
    from contextlib import closing, suppress

    with (
        suppress(Refused),
        closing(open_firm(location)) as session,
    ):  # who repairs a server's firm need not be one of its team
        if session.catalogue.templates:
            from clientdesk.desk import work_renewal

            work_renewal.go_on_renewing(session)
    return repaired


def share_firm(location: str, group: str) -> Shared:
    """Lets a group of this computer's accounts work in the firm's file: the folder 2770, the file 0660.

    Everyone in the group can rewrite the file then, access rules included. Only the owner of file and folder may; the
    folder must hold nothing else. Raises FirmUnusable.
    """
    shared = places.share(location, group)
    saved.anything = True
    return shared
