"""`clientdesk firm`: make a firm, bring its schema up to date, share it, take it along, put a backup back."""

from typing import TYPE_CHECKING

import click

from clientdesk import server_passwords
from clientdesk.cli.cures import all_with_cures
from clientdesk.cli.firm_location import located
from clientdesk.cli.frame import LOCATION, PATH, LazyGroup, asked_firm, opened_firm
from clientdesk.cli.printing import json_text, say, say_sql, tell, tell_problems
from clientdesk.cli.progress_bar import progress_bar
from clientdesk.domain.problems import Refused
from clientdesk.text import _, display_text, ngettext, whole_number

if TYPE_CHECKING:
    from clientdesk.desk.copying import Copied
    from clientdesk.desk.opening import Upgraded

_JSON = click.option("--json", "as_json", is_flag=True, help=_("Print one object."))
MUCH_COPIED = 300_000
"""So much work of a copy is done without a bar: about a second."""

firm = LazyGroup(
    "firm",
    help=_(
        "Make a firm, bring its database up to date, share its file with a group, copy it between a file and a server. "
        "A LOCATION is a file's path, or postgresql://host/database on a server."
    ),
)


def _one(named: str | None) -> str:
    """The location that is named, or that --firm and the settings name."""
    if named is not None and asked_firm() is not None:
        raise click.UsageError(_("Name the firm once: as LOCATION, or with --firm."))
    if named == "":
        raise click.UsageError(_("LOCATION names no firm."))
    return located(named or asked_firm())


@firm.command("create", help=_("Make a new firm. On a server, the owner of the database does it, once."))
@click.argument("location", required=False, type=LOCATION)
@click.option("--name", "firm_name", required=True, help=_("The firm's name."))
@click.option("--admin", required=True, metavar="NAME", help=_("The name of its primary admin."))
@click.option(
    "--login",
    help=_(
        "The primary admin's login on the server, or account on this computer; by default the login that connects, or"
        " your account's name where nothing connects (a file, --print-sql)."
    ),
)
@click.option(
    "--print-sql",
    is_flag=True,
    help=_("Only print the SQL that makes the firm on a server, for its administrator, who runs it by hand (psql)."),
)
def create(location: str | None, firm_name: str, admin: str, login: str | None, print_sql: bool) -> None:
    """Makes the firm, or prints how."""
    from clientdesk.desk import opening

    if login == "":
        raise click.UsageError(_("--login names nobody."))
    if print_sql:
        _print_creation(location, firm_name, admin, login)
        return
    place = _one(location)
    sql = opening.make_firm(place, firm_name, admin, login)
    sentence = _("{firm} is ready in {location}. Its primary admin is {name}.")
    say(sentence.format(firm=display_text(firm_name), location=display_text(place), name=display_text(admin)))
    if sql:
        say(
            _("An administrator of the server gives {name} their rights with this SQL:").format(
                name=display_text(admin)
            )
        )
        say_sql(sql)


def _print_creation(location: str | None, firm_name: str, admin: str, login: str | None) -> None:
    """Prints what makes the firm on a server; a file that is named is wrong usage, as no SQL is needed for one."""
    from clientdesk.desk import opening

    if location is not None or asked_firm() is not None:
        place = _one(location)
        if not server_passwords.is_url(place):
            sentence = _("{location} is a file: --print-sql is for a server. Leave it out to make the file.")
            raise click.UsageError(sentence.format(location=display_text(place)))
    own = opening.account_login()
    say_sql(opening.creation_sql(firm_name, admin, login or own))
    if login is None:
        sentence = _(
            "Warning: the primary admin's login on the server is to be “{login}”, your account's name here."
            " --login names another one."
        )
        tell(sentence.format(login=display_text(own)))


@firm.command("upgrade", help=_("Bring the firm's database up to date with this clientdesk, after a backup."))
@click.argument("location", required=False, type=LOCATION)
@click.option(
    "--repair",
    is_flag=True,
    help=_(
        "Also set anew what keeps the firm's rules: triggers, functions, grants, who may connect. Run it after a restore."
    ),
)
@_JSON
def upgrade(location: str | None, repair: bool, as_json: bool) -> None:
    """Upgrades the firm and says where the backup is; repairs it where that is wanted."""
    from clientdesk.desk import opening

    place = _one(location)
    done = opening.upgrade_firm(place)
    tell_problems(done.notices)
    repaired = opening.repair_firm(place) if repair else None
    if repaired is None and done.before == done.after:
        tell_problems(opening.notices_of_rules(place))
    if as_json:
        sql = {} if repaired is None else {"repaired": True, "sql": repaired.sql, "kept": repaired.backup}
        say(json_text({"firm": place, "before": done.before, "after": done.after, "backup": done.backup, **sql}))
        return
    _say_upgraded(done, display_text(place), repaired is not None)
    if repaired is None:
        return
    say(_("What keeps its rules is set anew: triggers, functions, grants, who may connect."))
    if repaired.backup:
        say(_("The backup of before is in {path}.").format(path=display_text(repaired.backup)))
    if repaired.sql:
        say(_("An administrator of the server sets with this SQL who may connect, and what the team may do:"))
        say_sql(repaired.sql)


def _say_upgraded(done: "Upgraded", shown: str, more: bool) -> None:
    """What an upgrade did, and where the backup is; `more` if something else was done besides."""
    if done.before == done.after and more:
        say(_("{location} is up to date (schema {number}).").format(location=shown, number=done.after))
        return
    if done.before == done.after:
        say(
            _("{location} is up to date (schema {number}). Nothing was done.").format(location=shown, number=done.after)
        )
        return
    sentence = _("{location} is up to date now: from schema {before} to {after}.")
    say(sentence.format(location=shown, before=done.before, after=done.after))
    if done.backup:
        say(_("The backup of before is in {path}.").format(path=display_text(done.backup)))


@firm.command(
    "share",
    help=_(
        "Let a group of this computer's accounts work in the firm's file, as its owner: the folder, which may hold "
        "nothing else, gets the mode 2770, the file 0660. Everyone in the group can then rewrite the file, access "
        "rules included."
    ),
)
@click.argument("group")
@click.argument("location", required=False, type=LOCATION)
@_JSON
def share(group: str, location: str | None, as_json: bool) -> None:
    """Shares the firm, and says what that means."""
    from clientdesk.desk import opening

    if not group:
        raise click.UsageError(_("GROUP names no group."))
    place = _one(location)
    shared = opening.share_firm(place, group)
    tell_problems(shared.warnings)
    if as_json:
        say(json_text({"firm": shared.path, "folder": shared.folder, "group": shared.group}))
        return
    group, path, folder = (display_text(words) for words in (shared.group, shared.path, shared.folder))
    sentence = _("The group {group} can work in {path} now (mode 0660), and in its folder {folder} (mode 2770).")
    say(sentence.format(group=group, path=path, folder=folder))
    say(
        _(
            "Everyone in {group} can rewrite the file, access rules and history included: the firm trusts them all. "
            "Each works under an account of their own, as a team member with that login."
        ).format(group=group)
    )


@firm.command(
    "copy",
    help=_(
        "Copy the firm FROM, with all its history, to TO, where nothing may stand: from a file to a server, from a "
        "server to a file, or to another file. The copy is compared with the firm, table by table, before it is there."
    ),
)
@click.argument("source", metavar="FROM", type=LOCATION)
@click.argument("to", metavar="TO", type=LOCATION)
@click.option(
    "--login",
    "pairs",
    multiple=True,
    metavar="OLD=NEW",
    help=_(
        "In the copy, the team member whose login is OLD has the login NEW (an account in a file, a login on a server). "
        "It may be given several times; the history keeps what it said, and tells of the change."
    ),
)
@_JSON
def copy(source: str, to: str, pairs: tuple[str, ...], as_json: bool) -> None:
    """Copies the firm, and says what was copied and compared."""
    if asked_firm() is not None:
        raise click.UsageError(_("A copy names both firms, FROM and TO: leave --firm out."))
    if not source or not to:
        raise click.UsageError(_("FROM and TO name a firm each."))
    from clientdesk.desk.copying import copy_firm, login_map

    start = end = ""
    copied = None
    try:
        start, end = located(source), located(to)
        logins = login_map(pairs)
        with opened_firm(location=start) as session, progress_bar(least=MUCH_COPIED) as progress:
            copied = copy_firm(session, end, progress, logins)
    except Refused as refusal:
        if as_json:
            wrong = {"code": refusal.code, "message": all_with_cures(refusal)}
            say(json_text({"from": start, "to": end, "tables": [], "sql": "", "refusal": wrong}))
        raise
    except KeyboardInterrupt:
        if copied is None:
            tell(_("Stopped: nothing was copied."))
        raise
    tell_problems(copied.warnings)
    if as_json:
        tables = [{"table": table.name, "rows": table.rows, "sha256": table.sha256} for table in copied.tables]
        say(json_text({"from": start, "to": end, "tables": tables, "sql": copied.sql, "refusal": None}))
        return
    _say_copied(copied, end)


@firm.command(
    "restore",
    help=_(
        "Put the firm in the file BACKUP back to TO, by default the firm that --firm and the settings name. The backup is "
        "checked first; the file that stands there is kept under another name; nobody may have it open."
    ),
)
@click.argument("backup", metavar="BACKUP", type=PATH)
@click.argument("to", metavar="[TO]", required=False, type=LOCATION)
@click.option("--other-firm", is_flag=True, help=_("Also where another firm than the backup's stands."))
@_JSON
def restore(backup: str, to: str | None, other_firm: bool, as_json: bool) -> None:
    """Puts a backup back, and says where what stood there is kept."""
    from clientdesk.desk.restoring import restore_firm

    place = _one(to)
    restored = restore_firm(located(backup), place, other_firm=other_firm)
    if as_json:
        left, taken = ({"number": number, "seal": seal} for number, seal in (restored.left, restored.taken))
        record = {"firm": place, "clients": restored.clients, "kept": restored.kept, "left": left, "taken": taken}
        say(json_text(record))
        return
    sentence = ngettext(
        "{firm} is back in {location}, as it was in {backup}: {n} client.",
        "{firm} is back in {location}, as it was in {backup}: {n} clients.",
        restored.clients,
    )
    say(
        sentence.format(
            firm=display_text(restored.firm),
            location=display_text(place),
            backup=display_text(backup),
            n=whole_number(restored.clients),
        )
    )
    if restored.kept:
        say(_("What stood there is kept as {path}.").format(path=display_text(restored.kept)))


def _say_copied(copied: "Copied", to: str) -> None:
    """What is in the copy, and the SQL with which the team gets its rights there."""
    rows = sum(table.rows for table in copied.tables)
    sentence = ngettext(
        "{firm} is copied to {location}: {n} client, {rows} rows in {tables} tables, each compared.",
        "{firm} is copied to {location}: {n} clients, {rows} rows in {tables} tables, each compared.",
        copied.clients,
    )
    say(
        sentence.format(
            firm=display_text(copied.firm),
            location=display_text(to),
            n=whole_number(copied.clients),
            rows=whole_number(rows),
            tables=len(copied.tables),
        )
    )
    if copied.sql:
        say(_("An administrator of the server gives the team its rights with this SQL:"))
        say_sql(copied.sql)
