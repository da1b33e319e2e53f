"""`clientdesk transfer`: clients with their history into another firm."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from clientdesk.cli.choosing import chosen_clients_of
from clientdesk.cli.cures import all_with_cures, with_cure
from clientdesk.cli.filters import ListCommand, ListOptions, chosen_by_filters, filter_options
from clientdesk.cli.firm_location import located
from clientdesk.cli.frame import LOCATION, opened_firm, tell_opened
from clientdesk.cli.printing import answer, json_text, say, sentence, tell
from clientdesk.cli.progress_bar import progress_bar
from clientdesk.domain.problems import Refused
from clientdesk.text import _

if TYPE_CHECKING:
    from clientdesk.desk.client_keys import WrongKey
    from clientdesk.desk.transfer import Clash, Transferred


@click.command(
    "transfer",
    cls=ListCommand,
    help=_(
        "Copy clients with their numbers, notes and history into another firm. KEY is a Company ID or a client number; "
        "instead of KEYs, filters or a file choose the clients (--status all: every client). The plan is shown first. "
        "What stopped half-way is finished by running the same command again."
    ),
)
@click.argument("keys", nargs=-1, metavar="[KEY…]")
@click.option(
    "--to",
    "named",
    required=True,
    type=LOCATION,
    metavar="FIRM",
    help=_("The other firm, which must be there (see firm create): a file's path, or postgresql://host/database."),
)
@click.option("--move", is_flag=True, help=_("Take the clients out of this firm; it keeps a note in its history."))
@click.option("--same-names", is_flag=True, help=_("Take clients whose name another client bears there, too."))
@filter_options
@click.option("--dry-run", is_flag=True, help=_("Only show the plan."))
@click.option("--yes", is_flag=True, help=_("Go on without asking."))
@click.option("--json", "as_json", is_flag=True, help=_("Print one object with the counts and the refused clients."))
@click.pass_context
def transfer(
    context: click.Context,
    keys: Sequence[str],
    named: str,
    move: bool,
    same_names: bool,
    options: ListOptions,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Shows the plan and, with a yes, writes it; exits with 1 if a client is refused, with 2 for want of a yes."""
    chosen_by_filters(context, keys)
    if not named:
        raise click.UsageError(_("--to names no firm."))
    from clientdesk.desk import transfer as use_case
    from clientdesk.desk.transfer import How, Transferred

    outcome, location = Transferred(), ""
    wrong_keys: Sequence[WrongKey] = ()
    try:
        location = located(named)
        how, to_write = How(move, same_names), move and not dry_run
        with opened_firm(to_write) as session, use_case.open_other(session, location) as other:
            if not dry_run:
                other.demand_writable()
            tell_opened(other)
            if keys:
                chosen = use_case.named(session, other, keys, how)
            else:
                by_options = chosen_clients_of(session, options)
                wrong_keys = by_options.wrong_keys
                chosen = use_case.of_ids(session, by_options.client_ids)
            with progress_bar(_("Comparing clients")) as progress:
                outcome = planned = use_case.plan(session, other, chosen, how, progress)
            if not as_json:
                _say_planned(planned, move, other.firm.name)
            writes = not dry_run and bool(outcome.new or outcome.moved)
            code = 0 if yes or not writes else _ask(as_json)
            if writes and not code:
                outcome = Transferred(rows=outcome.rows)  # until it is written
                with progress_bar(_("Writing clients")) as progress:
                    outcome = use_case.transfer(session, other, chosen, how, progress)
                if not as_json:
                    _say_done(outcome, planned, move, other.firm.name)
    except Refused as refusal:
        if as_json:
            say(json_text(_record(location, outcome, refusal)))
        raise
    if as_json:
        say(json_text(_record(location, outcome, None)))
    context.exit(code or (1 if outcome.refused or wrong_keys else 0))


def _ask(as_json: bool) -> int:
    """0 for a yes; else says that nothing was written: 1 for a no, 2 where nobody can answer."""
    confirmed = None if as_json else answer(_("Go on?"))
    if confirmed:
        return 0
    tell(_("Nothing was written. Add --yes to go on.") if confirmed is None else _("Nothing was written."))
    return 2 if confirmed is None else 1


def _tell_clashes(clashes: "Iterable[Clash]") -> None:
    """Every reason on a line of its own, after the client's Company ID and name."""
    from clientdesk.desk.transfer_words import clash_in_words

    for clash in clashes:
        tell(clash_in_words(clash, sentence(clash.problem)))


def _say_planned(planned: "Transferred", move: bool, firm: str) -> None:
    """Why clients are refused, and how many of each kind there are."""
    from clientdesk.desk.transfer_words import planned_in_words

    if not planned.rows:
        tell(_("No client is in this list."))
        return
    _tell_clashes(planned.clashes)
    for line in planned_in_words(planned, move, firm):
        say(line)


def _say_done(outcome: "Transferred", planned: "Transferred", move: bool, firm: str) -> None:
    """What was written, and why clients were refused that the plan had not."""
    from clientdesk.desk.transfer_words import done_in_words

    expected = {(clash.key, clash.problem.code) for clash in planned.clashes}
    _tell_clashes(clash for clash in outcome.clashes if (clash.key, clash.problem.code) not in expected)
    say(done_in_words(outcome, move, firm))


def _record(location: str, outcome: "Transferred", refusal: Refused | None) -> dict[str, object]:
    errors = [
        {
            "key": clash.key,
            "field": clash.problem.field,
            "code": clash.problem.code,
            "message": with_cure(clash.problem),
        }
        for clash in outcome.clashes
    ]
    return {
        "to": location,
        "rows": outcome.rows,
        "new": outcome.new,
        "unchanged": outcome.unchanged,
        "refused": outcome.refused,
        "moved": outcome.moved,
        "refusal": {"code": refusal.code, "message": all_with_cures(refusal)} if refusal else None,
        "errors": errors,
    }
