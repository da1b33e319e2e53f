"""`clientdesk work start`, `period` and `own`: with which period work begins, periods with days of their own, and items that
one client alone has."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from clientdesk.cli.choosing import Chosen, chosen_clients_of
from clientdesk.cli.filters import ListCommand, ListOptions, chosen_by_filters, filter_options
from clientdesk.cli.frame import DeskCommand, opened_firm
from clientdesk.cli.printing import json_text, say, tell
from clientdesk.cli.work import Which, which_work
from clientdesk.cli.work_doing import JSON_ONE, day_from
from clientdesk.text import _, display_text, ngettext, whole_number

if TYPE_CHECKING:
    from clientdesk.desk.work_managing import OddPeriod


@click.command(
    "start",
    cls=ListCommand,
    help=_(
        "Set with which period the work of clients begins, by KEYs, filters or a file; without PERIOD in --from-period, print "
        "it of one client."
    ),
)
@click.argument("keys", nargs=-1, metavar="[KEY…]")
@click.option("--template", required=True, metavar="NAME", help=_("By this template."))
@click.option(
    "--from-period", "first", metavar="PERIOD", help=_("The first period; empty: as it follows from the template.")
)
@filter_options
@click.pass_context
def start(context: click.Context, keys: Sequence[str], template: str, first: str | None, options: ListOptions) -> None:
    """Sets or prints where work begins."""
    from clientdesk.desk import clients, work_managing
    from clientdesk.desk import work as desk_work

    filtered = chosen_by_filters(context, keys)
    if first is None and (filtered or len(keys) != 1):
        raise click.UsageError(_("Say with which period the work begins: --from-period."))
    with opened_firm(to_write=first is not None) as session:
        known = desk_work.template_by_name(session, template)
        chosen = chosen_clients_of(session, options) if filtered else Chosen(clients.ids_of_keys(session, keys))
        if first is None:
            begins, is_set = work_managing.start_of(session, chosen.client_ids[0], known)
            words = begins.key if begins is not None else "–"
            say(_("{period} (set)").format(period=words) if is_set else words)
            return
        period = desk_work.period_of(known, first) if first else None
        n = work_managing.set_start(session, chosen.client_ids, known, period)
    text = ngettext("The work of {n} client begins otherwise.", "The work of {n} clients begins otherwise.", n)
    say(text.format(n=whole_number(n)))
    context.exit(1 if chosen.wrong_keys else 0)


@click.command(
    "period",
    cls=DeskCommand,
    help=_(
        "Give a client's PERIOD days of its own, which count for work that was touched, too; without PERIOD, print those that have "
        "some."
    ),
)
@click.argument("key")
@click.argument("period", required=False)
@click.option("--first", metavar="DATE", help=_("Its first day: YYYY-MM-DD."))
@click.option("--last", metavar="DATE", help=_("Its last day: YYYY-MM-DD."))
@click.option("--remove", is_flag=True, help=_("It has no days of its own any more."))
@click.option("--json", "as_json", is_flag=True, help=_("One object a line."))
def period(key: str, period: str | None, first: str | None, last: str | None, remove: bool, as_json: bool) -> None:
    """Sets, removes or prints odd periods."""
    from clientdesk.desk import clients, work_managing
    from clientdesk.domain.periods import Span, period_from
    from clientdesk.domain.problems import refuse

    if period is None and (first or last or remove):
        raise click.UsageError(_("Name the period: 2026-07, 2026-Q3, 2026-H1, 2026, FY2026."))
    if period is not None and not remove and not (first and last):
        raise click.UsageError(_("Say which days it has, with --first and --last, or --remove."))
    with opened_firm(to_write=period is not None) as session:
        client_id = clients.by_key(session, key).id
        if period is not None:
            known = period_from(period.strip().upper())
            if known is None:
                raise refuse("unknown_period", value=period)
            if remove:
                moved = work_managing.remove_odd_period(session, client_id, known)
            else:
                days = Span(day_from(first or ""), day_from(last or ""))
                moved = work_managing.set_odd_period(session, client_id, known, days)
            for work in moved:
                sentence = _("{template}, {period} has other days now: due {due} instead of {before}.")
                about = {"template": display_text(work.template), "period": work.period.words}
                tell(sentence.format(**about, due=work.due.isoformat(), before=work.before.isoformat()))
        odd = work_managing.odd_periods(session, client_id)
    _say_odd(odd, as_json)


def _say_odd(odd: "Sequence[OddPeriod]", as_json: bool) -> None:
    for known in odd:
        first, last = (day.isoformat() for day in known.days)
        record = {"period": known.period.key, "first": first, "last": last}
        say(json_text(record) if as_json else f"{known.period.key}  {first} – {last}")
    if not odd and not as_json:
        say(_("No period has days of its own."))


@click.command(
    "own",
    cls=DeskCommand,
    help=_(
        "Give one client items of its own at the end of SECTION: from this period on, or --only in it; or --end one."
    ),
)
@click.argument("key")
@click.argument("section")
@click.argument("titles", nargs=-1, required=True, metavar="ITEM…")
@click.option("--only", is_flag=True, help=_("Only in this period."))
@click.option("--end", is_flag=True, help=_("Take the items out of this period and later ones."))
@click.option("--rename", metavar="TITLE", help=_("Rename the one ITEM."))
@which_work
@JSON_ONE
def own(
    key: str,
    section: str,
    titles: Sequence[str],
    only: bool,
    end: bool,
    rename: str | None,
    which: Which,
    as_json: bool,
) -> None:
    """Adds, ends or renames items of one client."""
    from clientdesk.cli.work_words import say_work, work_record
    from clientdesk.desk import work as desk_work
    from clientdesk.desk import work_managing

    if (end and (only or rename is not None)) or (only and rename is not None):
        raise click.UsageError(_("Choose one of --only, --end and --rename."))
    if rename is not None and len(titles) > 1:
        raise click.UsageError(_("Name the one item that --rename renames."))
    with opened_firm(to_write=True) as session:
        read = which.of_one(session, key)
        known = desk_work.section_called(read, section)
        if end or rename is not None:
            for title in titles:
                item = desk_work.item_called(read, f"{known.name}: {title}")
                if end:
                    read = work_managing.end_own_item(session, read, item)
                else:
                    read = work_managing.rename_own_item(session, read, item, rename or "")
        else:
            read = work_managing.add_own_items(session, read, known.id, titles, only)
        if as_json:
            say(json_text(work_record(read)))
        else:
            say_work(session, read)
