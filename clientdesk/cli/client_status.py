"""`clientdesk deactivate`, `activate` and `status`: clients by their keys, or those that filters or a file choose."""

import signal
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from clientdesk.cli.choosing import Chosen, chosen_clients_of
from clientdesk.cli.filters import ListCommand, ListOptions, chosen_by_filters, filter_options
from clientdesk.cli.frame import opened_firm, with_options
from clientdesk.cli.long_work import Signals
from clientdesk.cli.printing import answer, say, tell
from clientdesk.cli.progress_bar import progress_bar
from clientdesk.domain.rules import called
from clientdesk.text import _, display_text, ngettext, whole_number

if TYPE_CHECKING:
    from clientdesk.desk.session import Session

_FIRST = 5
"""So many of the clients that filters choose are named."""
_COLUMNS = ("company_id", "client_number", "display_name")

_CHOOSING = (
    click.argument("keys", nargs=-1, metavar="[KEY…]"),
    filter_options,
    click.option("--dry-run", is_flag=True, help=_("Only say which clients are chosen.")),
    click.option("--yes", is_flag=True, help=_("Go on without asking.")),
    click.pass_context,
)


def _gives(name: str, active: bool | None, help_text: str, by_default: str = "") -> click.Command:
    """Declares `clientdesk NAME`, which gives the clients that are named or chosen a status; `by_default` says which ones
    filters choose, where these are not the active ones."""

    @click.command(name, cls=ListCommand, help=help_text)
    @with_options(*_CHOOSING)
    def run(context: click.Context, keys: Sequence[str], options: ListOptions, dry_run: bool, yes: bool) -> None:
        context.exit(_set_status(context, keys, options, dry_run=dry_run, yes=yes, active=active))

    for parameter in run.params:
        if by_default and parameter.name == "status" and isinstance(parameter, click.Option):
            parameter.help = by_default
    return run


deactivate = _gives(
    "deactivate",
    False,
    _(
        "Deactivate clients; subscription, plan and history stay. KEY is a Company ID or a client number; instead of "
        "KEYs, filters or a file choose the clients, after a question."
    ),
)
activate = _gives(
    "activate",
    True,
    _(
        "Activate clients again. KEY is a Company ID or a client number; instead of KEYs, filters or a file choose the clients "
        "among the inactive ones, after a question."
    ),
    _("Of this status; by default inactive, whatever --view says of it, or what --where says."),
)
status = _gives(
    "status",
    None,
    _(
        "Deactivate the active ones among clients or, where none is active, activate them, as the key x does on the list. "
        "KEY is a Company ID or a client number; instead of KEYs, filters or a file choose the clients, after a question."
    ),
    _("Of this status; by default any, or what --view or --where says of it."),
)


def _set_status(
    context: click.Context,
    keys: Sequence[str],
    options: ListOptions,
    *,
    dry_run: bool,
    yes: bool,
    active: bool | None,
) -> int:
    """Gives clients the status and says how many got it; with None the active ones become inactive, or all active where
    none is. Many are a job in batches, which a signal stops between two of them. The exit code: 1 for a no or a wrong
    key, 2 where nobody can answer and --yes is not there."""
    filtered = chosen_by_filters(context, keys)
    from clientdesk.desk import chosen_clients, client_status, clients

    signals = Signals()
    with signals.watched(), opened_firm(to_write=not dry_run) as session:
        if filtered:
            by_default = {None: None, True: "inactive", False: "active"}[active]
            chosen = chosen_clients_of(session, options, by_default, has_status=True)
        else:
            chosen = Chosen(clients.ids_of_keys(session, keys))
        client_ids = chosen.client_ids
        if filtered or dry_run or active is None:
            standing = chosen_clients.standing(session, client_ids)
            if active is None:
                active = standing.activates
            changing = [
                client_id for client_id in client_ids if client_id in (standing.inactive if active else standing.active)
            ]
            if filtered or dry_run:
                _say_chosen(session, changing, len(client_ids) - len(changing), active)
                if dry_run or not changing:
                    return 1 if chosen.wrong_keys else 0
                code = 0 if yes else _ask()
                if code:
                    return code
            client_ids = changing
        signals.writing = True
        with progress_bar(_("Writing clients")) as progress:
            change = client_status.set_status_of_many(session, client_ids, active, progress, signals.stopped)
    say(_done(change.changed, len(client_ids), active, whole=change.whole))
    if change.whole:
        return 1 if chosen.wrong_keys else 0
    tell(_("It was stopped. The same command goes on with the rest."))
    return 128 + (signals.number or signal.SIGINT)


def _done(n: int, wanted: int, active: bool, *, whole: bool) -> str:
    """What was done to those that were `wanted`; where it was nothing, why."""
    if not n and not whole:
        text = _("No client was changed.")
    elif not n:
        text = (
            ngettext(
                "No client was activated: it is active already.",
                "No client was activated: they are active already.",
                wanted,
            )
            if active
            else ngettext(
                "No client was deactivated: it is inactive already.",
                "No client was deactivated: they are inactive already.",
                wanted,
            )
        )
    elif active:
        text = ngettext("{n} client activated.", "{n} clients activated.", n)
    else:
        text = ngettext("{n} client deactivated.", "{n} clients deactivated.", n)
    return text.format(n=whole_number(n))


def _say_chosen(session: "Session", changing: Sequence[int], left_out: int, active: bool) -> None:
    """How many clients will have another status, the first of them by name, and how many have it already."""
    from clientdesk.desk import chosen_clients

    n = len(changing)
    if active:
        text = ngettext("{n} client to activate", "{n} clients to activate", n) if n else _("No client to activate")
    else:
        text = (
            ngettext("{n} client to deactivate", "{n} clients to deactivate", n) if n else _("No client to deactivate")
        )
    if changing or left_out:
        say(text.format(n=whole_number(n)) + (":" if n else "."))
    else:
        tell(_("No client is in this list."))
    for row in chosen_clients.rows(session, changing, _COLUMNS, _FIRST):
        company_id, number, name = row.values
        say(f"  {called(name)} ({display_text(number or company_id)})")
    if n > _FIRST:
        say("  " + _("and {n} more").format(n=whole_number(n - _FIRST)))
    if left_out:
        if active:
            text = ngettext("{n} is active already.", "{n} are active already.", left_out)
        else:
            text = ngettext("{n} is inactive already.", "{n} are inactive already.", left_out)
        say(text.format(n=whole_number(left_out)))


def _ask() -> int:
    """0 for a yes; else says that nothing was changed: 1 for a no, 2 where nobody can answer."""
    said = answer(_("Go on?"))
    if said:
        return 0
    tell(_("Nothing was changed. Add --yes to go on.") if said is None else _("Nothing was changed."))
    return 2 if said is None else 1
