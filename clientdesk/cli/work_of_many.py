"""`clientdesk work tick`, `state`, `complete`, `assign` and `move`: what is done to the work of one client, of several, or of all
that filters or a file choose."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from clientdesk.cli.bulk_changes import Asked, Counted, change_clients
from clientdesk.cli.choosing import Chosen, chosen_clients_of
from clientdesk.cli.filters import ListCommand, ListOptions, chosen_by_filters, filter_options
from clientdesk.cli.frame import opened_firm, with_options
from clientdesk.cli.long_work import Signals
from clientdesk.cli.work import Which, which_work
from clientdesk.cli.work_doing import day_from, do_one, items_called, member_called
from clientdesk.domain.problems import refuse
from clientdesk.text import _, ngettext

if TYPE_CHECKING:
    from clientdesk.desk.bulk_changes import BulkChange
    from clientdesk.desk.bulk_work import Chosen as ChosenWork
    from clientdesk.desk.session import Session
    from clientdesk.desk.work_doing import Done
    from clientdesk.desk.work_facts import TemplateFacts
    from clientdesk.desk.work_records import Work
    from clientdesk.domain.work_templates import State

_MANY = (
    click.argument("keys", nargs=-1, metavar="[KEY…]"),
    which_work,
    filter_options,
    click.option("--dry-run", is_flag=True, help=_("Only show the plan.")),
    click.option("--yes", is_flag=True, help=_("Go on without asking.")),
    click.option("--all", "show_all", is_flag=True, help=_("Show every client of the plan.")),
    click.option(
        "--json", "as_json", is_flag=True, help=_("Print one JSON object: the work, or the plan and what became of it.")
    ),
    click.pass_context,
)
_ONE_ITEM = click.option(
    "--item",
    "items",
    multiple=True,
    required=True,
    metavar="ITEM",
    help=_("The item by its title, or as SECTION: ITEM; of one client it may be repeated."),
)


class _Many(NamedTuple):
    """What the options of a command on the work of many clients say."""

    keys: Sequence[str]
    which: Which
    options: ListOptions
    asked: Asked

    def run(
        self,
        context: click.Context,
        one: "Callable[[Session, Work], Done]",
        many: "Callable[[Session, ChosenWork], BulkChange]",
    ) -> None:
        """Does it to the work of one client at once, or to that of many after a plan and a question."""
        filtered = chosen_by_filters(context, self.keys)
        if len(self.keys) == 1 and not self.asked.dry_run:
            do_one(self.keys[0], self.which, one, self.asked.as_json)
            return
        from clientdesk.desk import clients
        from clientdesk.desk.bulk_work import Chosen as ChosenWork

        signals = Signals()
        with signals.watched(), opened_firm(to_write=not self.asked.dry_run) as session:
            template = self.which.template_in(session)
            if template is None:
                template = _only_template(session)
            work_of = ChosenWork(template, self.which.period_in(template))
            if filtered:
                chosen = chosen_clients_of(session, self.options)
            else:
                chosen = Chosen(clients.ids_of_keys(session, self.keys))
            context.exit(change_clients(session, chosen, many(session, work_of), self.asked, signals, _CHANGED))


_CHANGED = Counted(
    lambda n: ngettext("{n} to change", "{n} to change", n),
    lambda n: ngettext("The work of {n} client was changed.", "The work of {n} clients was changed.", n),
)


def _only_template(session: "Session") -> "TemplateFacts":
    """The template where the firm has only one in use. Refused ("template_unnamed")."""
    from clientdesk.desk import work_facts

    templates = [known for known in work_facts.templates(session).values() if not known.retired]
    if len(templates) != 1:
        raise refuse("template_unnamed", choices=", ".join(known.name for known in templates))
    return templates[0]


@click.command(
    "tick",
    cls=ListCommand,
    help=_(
        "Tick items: they are done, by you and now. Of one client (KEY), of several, or of those that filters choose."
    ),
)
@with_options(
    _ONE_ITEM,
    click.option("--not-applicable", "not_applicable", is_flag=True, help=_("They are not applicable in this period.")),
    click.option("--undone", "to_do", is_flag=True, help=_("They are to do again.")),
    *_MANY,
)
def tick(
    context: click.Context,
    keys: Sequence[str],
    which: Which,
    options: ListOptions,
    items: Sequence[str],
    not_applicable: bool,
    to_do: bool,
    dry_run: bool,
    yes: bool,
    show_all: bool,
    as_json: bool,
) -> None:
    """Gives items a state."""
    from clientdesk.desk import bulk_work, work_doing

    if not_applicable and to_do:
        raise click.UsageError(_("Choose one of --not-applicable and --undone."))
    does, state = (
        (work_doing.set_to_do, "todo")
        if to_do
        else (work_doing.set_not_applicable, "not_applicable")
        if not_applicable
        else (work_doing.tick, "done")
    )
    if len(keys) != 1 and len(items) > 1:
        raise click.UsageError(_("Of several clients, one --item can be ticked at a time."))
    _Many(keys, which, options, Asked(dry_run, yes, as_json, show_all)).run(
        context,
        lambda session, read: does(session, read, items_called(read, items)),
        lambda session, chosen: bulk_work.tick(session, chosen, items[0], state),
    )


@click.command(
    "state",
    cls=ListCommand,
    help=_("Give work another state, of one client (KEY), of several, or of those that filters choose."),
)
@with_options(
    click.option("--to", "name", required=True, metavar="STATE", help=_("The state by its name.")),
    click.option("--anyway", is_flag=True, help=_("Complete it although items are open.")),
    *_MANY,
)
def state(
    context: click.Context,
    keys: Sequence[str],
    which: Which,
    options: ListOptions,
    name: str,
    anyway: bool,
    dry_run: bool,
    yes: bool,
    show_all: bool,
    as_json: bool,
) -> None:
    """Gives a state."""
    from clientdesk.desk import bulk_work, work_doing

    _Many(keys, which, options, Asked(dry_run, yes, as_json, show_all)).run(
        context,
        lambda session, read: work_doing.set_state(session, read, _state(read.states, name, read.template), anyway),
        lambda session, chosen: bulk_work.set_state(
            session, chosen, _state(chosen.template.states, name, chosen.template.name), anyway
        ),
    )


def _state(states: "Sequence[State]", name: str, template: str) -> "State":
    from clientdesk.domain.fold import fold

    for known in states:
        if fold(known.name) == fold(name):
            return known
    choices = ", ".join(known.name for known in states if not known.retired)
    raise refuse("unknown_work_state", value=name, template=template, choices=choices)


@click.command(
    "complete",
    cls=ListCommand,
    help=_(
        "Complete work: of one client (KEY), of several, or of those that filters choose. Refused while items are open."
    ),
)
@with_options(
    click.option("--anyway", is_flag=True, help=_("Although items are open, where the template allows it.")), *_MANY
)
def complete(
    context: click.Context,
    keys: Sequence[str],
    which: Which,
    options: ListOptions,
    anyway: bool,
    dry_run: bool,
    yes: bool,
    show_all: bool,
    as_json: bool,
) -> None:
    """Completes work."""
    from clientdesk.desk import bulk_work, work_doing
    from clientdesk.domain.work_templates import COMPLETED

    _Many(keys, which, options, Asked(dry_run, yes, as_json, show_all)).run(
        context,
        lambda session, read: work_doing.complete(session, read, anyway),
        lambda session, chosen: bulk_work.set_state(
            session, chosen, next(known for known in chosen.template.states if known.number == COMPLETED), anyway
        ),
    )


@click.command(
    "assign",
    cls=ListCommand,
    help=_("Name who does work, of one client (KEY), of several, or of those that filters choose."),
)
@with_options(
    click.option("--role", metavar="ROLE", default="1", show_default=True, help=_("The role by its name or number.")),
    click.option(
        "--to", "name", required=True, metavar="NAME", help=_("The team member; empty for whom the template says.")
    ),
    *_MANY,
)
def assign(
    context: click.Context,
    keys: Sequence[str],
    which: Which,
    options: ListOptions,
    role: str,
    name: str,
    dry_run: bool,
    yes: bool,
    show_all: bool,
    as_json: bool,
) -> None:
    """Assigns a role."""
    from clientdesk.desk import bulk_work, work_managing

    _Many(keys, which, options, Asked(dry_run, yes, as_json, show_all)).run(
        context,
        lambda session, read: work_managing.assign(
            session,
            read,
            {work_managing.role_called(read.people, role, read.template): member_called(session, name)},
        ),
        lambda session, chosen: bulk_work.assign(
            session,
            chosen,
            work_managing.role_called(chosen.template.roles, role, chosen.template.name),
            member_called(session, name),
        ),
    )


@click.command(
    "move",
    cls=ListCommand,
    help=_("Move the due date of work, of one client (KEY), of several, or of those that filters choose."),
)
@with_options(
    click.option(
        "--due", "day", required=True, metavar="DATE", help=_("The day: YYYY-MM-DD; empty for what the template says.")
    ),
    *_MANY,
)
def move(
    context: click.Context,
    keys: Sequence[str],
    which: Which,
    options: ListOptions,
    day: str,
    dry_run: bool,
    yes: bool,
    show_all: bool,
    as_json: bool,
) -> None:
    """Moves a due date."""
    from clientdesk.desk import bulk_work, work_managing

    due = day_from(day) if day else None
    _Many(keys, which, options, Asked(dry_run, yes, as_json, show_all)).run(
        context,
        lambda session, read: work_managing.move_due(session, read, due),
        lambda _session, chosen: bulk_work.move_due(chosen, due),
    )
