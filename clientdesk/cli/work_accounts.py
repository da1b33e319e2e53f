"""`clientdesk work account`: the accounts of a client, and how they are reconciled in its work."""

from typing import TYPE_CHECKING

import click

from clientdesk.cli.frame import group_that_lists, opened_firm
from clientdesk.cli.printing import json_text, say, say_table
from clientdesk.cli.work import Which, which_work
from clientdesk.cli.work_doing import JSON_ONE, day_from, do_one, member_called
from clientdesk.text import _, display_text

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.desk.work_accounts import Account
    from clientdesk.desk.work_doing import Done
    from clientdesk.desk.work_records import Work

_STATES = {"todo": "todo", "waiting": "waiting", "done": "done", "not-applicable": "not_applicable"}

account = group_that_lists(
    "account", _("The accounts of a client. KEY is a Company ID or a client number, ACCOUNT the account's name.")
)


@account.command("list", help=_("Print the accounts of a client."))
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help=_("One object a line."))
def list_accounts(key: str, as_json: bool) -> None:
    """Prints the accounts."""
    from clientdesk.desk import clients, work_accounts

    with opened_firm() as session:
        accounts = work_accounts.accounts(session, clients.by_key(session, key).id)
    if as_json:
        for known in accounts:
            say(json_text(_record(known)))
    elif accounts:
        status = {False: "", True: _("Retired")}
        rows = ([known.name, known.currency, status[known.retired]] for known in accounts)
        say_table([_("Account"), _("Currency"), _("Status")], rows)
    else:
        say(_("The client has no accounts yet."))


def _record(known: "Account") -> dict[str, object]:
    return {"name": known.name, "currency": known.currency, "retired": known.retired}


@account.command("add", help=_("Add an account to a client."))
@click.argument("key")
@click.argument("name")
@click.option("--currency", default="", metavar="CODE", help=_("Its currency by three letters, such as EUR."))
def add(key: str, name: str, currency: str) -> None:
    """Adds an account."""
    from clientdesk.desk import clients, work_accounts

    with opened_firm(to_write=True) as session:
        added = work_accounts.add_account(session, clients.by_key(session, key).id, name, currency)
    say(_("Added: {name}").format(name=display_text(added.name)))


@account.command("edit", help=_("Rename an account, or give it another currency where no amount was written of it."))
@click.argument("key")
@click.argument("name", metavar="ACCOUNT")
@click.option("--name", "new_name", metavar="NAME", help=_("Its name."))
@click.option("--currency", metavar="CODE", help=_("Its currency by three letters, such as EUR."))
def edit(key: str, name: str, new_name: str | None, currency: str | None) -> None:
    """Changes an account."""
    from clientdesk.desk import clients, work_accounts

    changes = {field: value for field, value in (("name", new_name), ("currency", currency)) if value is not None}
    if not changes:
        raise click.UsageError(_("Say what to change: --name or --currency."))
    with opened_firm(to_write=True) as session:
        known = work_accounts.account_by_name(session, clients.by_key(session, key).id, name)
        saved = work_accounts.save_account(session, known, changes)
    sentence = _("Nothing was changed.") if saved == known else _("Saved: {name}")
    say(sentence.format(name=display_text(saved.name)))


@account.command("retire", help=_("Retire an account: it is in no work any more, and what was reconciled is kept."))
@click.argument("key")
@click.argument("name", metavar="ACCOUNT")
def retire(key: str, name: str) -> None:
    """Retires an account."""
    from clientdesk.desk import clients, work_accounts

    with opened_firm(to_write=True) as session:
        known = work_accounts.account_by_name(session, clients.by_key(session, key).id, name)
        work_accounts.retire_account(session, known)
    say(_("Retired: {name}").format(name=display_text(known.name)))


@account.command("restore", help=_("Bring a retired account back."))
@click.argument("key")
@click.argument("name", metavar="ACCOUNT")
def restore(key: str, name: str) -> None:
    """Brings an account back."""
    from clientdesk.desk import clients, work_accounts

    with opened_firm(to_write=True) as session:
        known = work_accounts.account_by_name(session, clients.by_key(session, key).id, name)
        work_accounts.restore_account(session, known)
    say(_("Brought back: {name}").format(name=display_text(known.name)))


@account.command("reconcile", help=_("Write how an account stands in a work; an empty value takes it away."))
@click.argument("key")
@click.argument("name", metavar="ACCOUNT")
@click.option("--through", metavar="DATE", help=_("Reconciled through this day: YYYY-MM-DD."))
@click.option("--balance", metavar="AMOUNT", help=_("The ending balance, such as 1234.56."))
@click.option("--difference", metavar="AMOUNT", help=_("By how much that differs from the books."))
@click.option("--state", type=click.Choice(list(_STATES)), help=_("How far it is."))
@click.option("--due", metavar="DATE", help=_("When it is due: YYYY-MM-DD."))
@click.option("--to", "assignee", metavar="NAME", help=_("The team member who does it: a name or a login."))
@which_work
@JSON_ONE
def reconcile(
    key: str,
    name: str,
    through: str | None,
    balance: str | None,
    difference: str | None,
    state: str | None,
    due: str | None,
    assignee: str | None,
    which: Which,
    as_json: bool,
) -> None:
    """Writes what is said of an account in a work."""
    from clientdesk.desk import work_accounts

    given = {"through": through, "balance": balance, "difference": difference, "due": due}
    values: dict[str, str | int | None] = {field: value for field, value in given.items() if value is not None}
    for field in ("through", "due"):
        if values.get(field):
            values[field] = day_from(str(values[field])).isoformat()
    if state is not None:
        values["state"] = _STATES[state]
    if not values and assignee is None:
        raise click.UsageError(_("Say what to write: --through, --balance, --difference, --state, --due or --to."))

    def does(session: "Session", read: "Work") -> "Done":
        known = work_accounts.account_by_name(session, read.of.client_id, name)
        to = {} if assignee is None else {"assignee": member_called(session, assignee)}
        return work_accounts.reconcile(session, read, [known.id], {**values, **to})

    do_one(key, which, does, as_json)
