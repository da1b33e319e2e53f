"""`clientdesk work`: the clients' work, listed, shown and proved. What is done to it stands in `work_doing`, `work_of_many`,
`work_periods` and `work_accounts`."""

from collections.abc import Callable
from functools import wraps
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from clientdesk.cli.choosing import chosen_clients_of
from clientdesk.cli.filters import ListCommand, ListOptions, filter_options
from clientdesk.cli.frame import PATH, DeskCommand, LazyGroup, group_that_lists, opened_firm, with_options
from clientdesk.cli.printing import json_text, say, tell
from clientdesk.text import _, display_text

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.desk.work_facts import TemplateFacts
    from clientdesk.desk.work_records import Work
    from clientdesk.domain.periods import Period

_CHANGES = {
    "tick": "clientdesk.cli.work_of_many:tick",
    "waiting": "clientdesk.cli.work_doing:waiting",
    "item": "clientdesk.cli.work_doing:item",
    "note": "clientdesk.cli.work_doing:note",
    "state": "clientdesk.cli.work_of_many:state",
    "complete": "clientdesk.cli.work_of_many:complete",
    "reopen": "clientdesk.cli.work_doing:reopen",
    "assign": "clientdesk.cli.work_of_many:assign",
    "move": "clientdesk.cli.work_of_many:move",
    "start": "clientdesk.cli.work_periods:start",
    "period": "clientdesk.cli.work_periods:period",
    "own": "clientdesk.cli.work_periods:own",
    "account": "clientdesk.cli.work_accounts:account",
}


class _WorkGroup(LazyGroup):
    """The commands of work, those that change it among them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, lazy=_CHANGES, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """What reads comes first."""
        return [*self.commands, *self.lazy]


work = group_that_lists(
    "work",
    _(
        "The clients' work by the firm's templates. KEY is a Company ID or a client number. Without --period, the first "
        "period that is not completed is meant; --template may be left out where one template applies."
    ),
    kind=_WorkGroup,
)


class Which(NamedTuple):
    """Which work is meant: the names of a template and of a period, None where they were not given."""

    template: str | None
    period: str | None

    def template_in(self, session: "Session") -> "TemplateFacts | None":
        """The template that is named, None without one."""
        from clientdesk.desk import work as desk_work

        return None if self.template is None else desk_work.template_by_name(session, self.template)

    def of_one(self, session: "Session", key: str) -> "Work":
        """The work of a client that is meant."""
        from clientdesk.desk import clients
        from clientdesk.desk import work as desk_work

        template = self.template_in(session)
        client_id = clients.by_key(session, key).id
        return desk_work.read(session, desk_work.which(session, client_id, template, self.period or ""))

    def period_in(self, template: "TemplateFacts | None") -> "Period | None":
        """The period that is named, None without one; of a template's kind where there is one."""
        from clientdesk.desk import work as desk_work
        from clientdesk.domain.periods import period_from
        from clientdesk.domain.problems import refuse

        if self.period is None:
            return None
        if template is not None:
            return desk_work.period_of(template, self.period)
        period = period_from(self.period.strip().upper())
        if period is None:
            raise refuse("unknown_period", value=self.period)
        return period


def which_work(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command --template and --period, in one argument `which`."""

    @wraps(command)
    def with_one_argument(*args: Any, template: str | None, period: str | None, **values: Any) -> Any:
        return command(*args, which=Which(template, period), **values)

    options = (
        click.option("--template", metavar="NAME", help=_("By this template.")),
        click.option("--period", metavar="PERIOD", help=_("Of this period: 2026-07, 2026-Q3, 2026-H1, 2026, FY2026.")),
    )
    return with_options(*options)(with_one_argument)


@work.command(
    "list",
    cls=ListCommand,
    help=_("Print the work of clients: by each template the first period that is not completed, or --period."),
)
@which_work
@filter_options
@click.option("--late", is_flag=True, help=_("Only what is late."))
@click.option("--waiting", is_flag=True, help=_("Only what waits for the client."))
@click.option("--mine", is_flag=True, help=_("Only what you have a role in."))
@click.option("--json", "as_json", is_flag=True, help=_("One object a line."))
@click.pass_context
def list_work(
    context: click.Context, which: Which, options: ListOptions, late: bool, waiting: bool, mine: bool, as_json: bool
) -> None:
    """Prints the works of the clients that filters choose, by their due dates."""
    from clientdesk.cli.work_words import line_record, say_lines
    from clientdesk.desk import work_lists

    with opened_firm() as session:
        template = which.template_in(session)
        chosen = chosen_clients_of(session, options)
        only = work_lists.Only(late, waiting, mine)
        lines = work_lists.listed(session, chosen.client_ids, template, which.period_in(template), only)
        first = next(lines, None)
        if first is None and not as_json:
            tell(_("No work is in this list."))
        elif first is not None and as_json:
            for line in chain([first], lines):
                say(json_text(line_record(line)))
        elif first is not None:
            say_lines(session, chain([first], lines))
    context.exit(1 if chosen.wrong_keys else 0)


@work.command("show", cls=DeskCommand, help=_("Print one work of a client with its items and accounts."))
@click.argument("key")
@which_work
@click.option("--json", "as_json", is_flag=True, help=_("Print the work as one object."))
def show(key: str, which: Which, as_json: bool) -> None:
    """Prints one work."""
    from clientdesk.cli.work_words import say_work, work_record

    with opened_firm() as session:
        read = which.of_one(session, key)
        if as_json:
            say(json_text(work_record(read)))
        else:
            say_work(session, read)


@work.command(
    "evidence",
    cls=DeskCommand,
    help=_(
        "Write who did what when of a client's work in a period, as the sealed history has it, into FILE or to standard "
        "output; also of a client that was deleted."
    ),
)
@click.argument("key")
@click.argument("path", type=PATH, metavar="[FILE]", required=False)
@which_work
@click.option(
    "--format",
    "kind",
    type=click.Choice(["markdown", "csv"]),
    help=_("By default what FILE's ending says, else Markdown."),
)
@click.option("--overwrite", is_flag=True, help=_("Replace a file that is there already."))
def evidence(key: str, path: str | None, which: Which, kind: str | None, overwrite: bool) -> None:
    """Writes the evidence of one work."""
    from clientdesk.desk import work_evidence

    if path == "":
        raise click.UsageError(_("FILE names no file."))
    is_csv = kind == "csv" or (kind is None and (path or "").lower().endswith(".csv"))
    with opened_firm() as session:
        found = work_evidence.evidence(
            session, work_evidence.which(session, key, which.template_in(session), which.period or "")
        )
        text = work_evidence.in_csv(found) if is_csv else work_evidence.in_markdown(found)
        if path is None:
            say(text.rstrip("\n"))
            return
        from clientdesk.exchange.file_writing import check_place, write_file

        check_place(path, overwrite, session.location)
        write_file(path, overwrite, lambda file: _write(file, text))
    tell(_("Written: {path}").format(path=display_text(path)))


def _write(file: Any, text: str) -> None:
    file.write(text.encode())
