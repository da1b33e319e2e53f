"""The accounts of a client, and how they are reconciled in its work.

The difference is what somebody types: what the books say of an account is not known here.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from clientdesk.desk import clients as desk_clients
from clientdesk.desk import patches
from clientdesk.desk.session import Session, changes, reads
from clientdesk.desk.work_doing import Done, write
from clientdesk.desk.work_records import Reconciliation, Work
from clientdesk.domain.access import Action
from clientdesk.domain.amounts import amount_from, currency_from
from clientdesk.domain.fold import fold
from clientdesk.domain.likely_names import likely_names
from clientdesk.domain.patch import Patch, Value
from clientdesk.domain.problems import refuse
from clientdesk.domain.rules import called
from clientdesk.store import work_rows
from clientdesk.store.entities import ENTITIES

FIELDS = ("state", "through", "balance", "difference", "due", "assignee")
"""What is said of an account in a work."""


class Account(NamedTuple):
    """An account of a client: its name, its currency (three letters, "" for none), its place and whether it is retired."""

    id: int
    client_id: int
    name: str
    currency: str
    position: int
    retired: bool


@reads
def accounts(session: Session, client_id: int) -> tuple[Account, ...]:
    """The accounts of a client in their order, the retired ones last."""
    return _accounts(session, client_id)


def _accounts(session: Session, client_id: int) -> tuple[Account, ...]:
    listed = (
        Account(
            row.id,
            client_id,
            str(row.values["name"]),
            str(row.values["currency"]),
            int(row.values["position"] or 0),
            bool(row.values["retired"]),
        )
        for row in work_rows.rows(session.engine, "client_account", client_id=client_id)
    )
    return tuple(sorted(listed, key=lambda account: (account.retired, account.position, account.id)))


@reads
def account_by_name(session: Session, client_id: int, name: str) -> Account:
    """The account of a client with this name, also a retired one. Refused ("unknown_client_account", "no_accounts")."""
    listed = _accounts(session, client_id)
    for account in listed:
        if fold(account.name) == fold(name):
            return account
    client = called(desk_clients.get(session, client_id).values["display_name"])
    if not listed:
        raise refuse("no_accounts", name=client, value=name)
    raise refuse(
        "unknown_client_account", name=client, value=name, choices=likely_names(name, (a.name for a in listed))
    )


@changes("account.added", Action.MANAGE_WORK)
def add_account(session: Session, client_id: int, name: str, currency: str = "") -> Account:
    """Adds an account at the end of those of a client."""
    place = max((account.position for account in _accounts(session, client_id)), default=0) + 1
    values: dict[str, Value] = {
        "client": client_id,
        "name": name,
        "currency": currency_from(currency),
        "position": place,
    }
    return _saved(session, client_id, Patch("client_account", "", None, values))


@changes("account.changed", Action.MANAGE_WORK)
def save_account(session: Session, account: Account, changes: Mapping[str, str]) -> Account:
    """Changes name or currency of an account as it was read."""
    after = {name: currency_from(value) if name == "currency" else value for name, value in changes.items()}
    before = {"name": account.name, "currency": account.currency}
    return _saved(session, account.client_id, Patch("client_account", str(account.id), before, after))


@changes("account.retired", Action.MANAGE_WORK)
def retire_account(session: Session, account: Account) -> Account:
    """Retires an account: it is in no work any more, but where something was said of it."""
    return _saved(session, account.client_id, Patch("client_account", str(account.id), {}, {"retired": 1}))


@changes("account.restored", Action.MANAGE_WORK)
def restore_account(session: Session, account: Account) -> Account:
    """Brings a retired account back."""
    return _saved(session, account.client_id, Patch("client_account", str(account.id), {}, {"retired": 0}))


def _saved(session: Session, client_id: int, patch: Patch) -> Account:
    present = patches.landed(patches.apply_one(session, patch)).present
    assert present is not None
    return next(account for account in _accounts(session, client_id) if account.id == present.id)


@changes("work.reconciled", Action.DO_WORK)
def reconcile(session: Session, read: Work, account_ids: Sequence[int], values: Mapping[str, Value]) -> Done:
    """Writes what is said of accounts in a work: state ("todo", "waiting", "done", "not_applicable"), reconciled through, due (""
    or YYYY-MM-DD), ending balance and difference as they are typed, and assignee (an id, None for nobody)."""
    unknown = [name for name in values if name not in FIELDS]
    if unknown:
        raise refuse("unknown_field", value=unknown[0], choices=", ".join(FIELDS))
    by_id = {account.account_id: account for account in read.accounts}
    missing = [account_id for account_id in account_ids if account_id not in by_id]
    if missing:
        raise refuse("item_of_other_work", name=f"#{missing[0]}")
    outcome = Done(read)
    by_currency: dict[str, list[Reconciliation]] = {}
    for account_id in dict.fromkeys(account_ids):
        by_currency.setdefault(by_id[account_id].currency, []).append(by_id[account_id])
    for currency, of_currency in by_currency.items():
        after = {name: _kept(name, value, currency) for name, value in values.items()}
        part = write(session, read, "reconciliation", [account.values for account in of_currency], after)
        outcome = Done(part.work, outcome.changed + part.changed, outcome.conflicts + part.conflicts)
    return outcome


def _kept(name: str, value: Value, currency: str) -> Value:
    if name not in ("balance", "difference"):
        return value
    return amount_from(str(value or ""), currency, name, ENTITIES["reconciliation"].by_name[name].label)
