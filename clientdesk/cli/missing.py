"""`clientdesk missing`: why a client is not in the list, each answer with the command that clears the cause or goes there."""

import shlex
from typing import TYPE_CHECKING

import click

from clientdesk.cli.filters import ListCommand, ListOptions, asked_view, query_from, query_options
from clientdesk.cli.frame import asked_firm, opened_firm
from clientdesk.cli.printing import json_text, say
from clientdesk.domain.problems import Refused
from clientdesk.text import _, display_text

if TYPE_CHECKING:
    from clientdesk.desk.missing_causes import Cause
    from clientdesk.domain.filter_words import Names
    from clientdesk.domain.views import View


@click.command(
    "missing",
    cls=ListCommand,
    help=_(
        "Say why a client is not in the list: TEXT is a name or a number. The list is that of the active clients, or "
        "the one that the options ask for. Told are filters and the search that hide it, since when it is inactive, near "
        "names and numbers, where it was moved to, who deleted it, what was undone, in which import it was refused, and "
        "whether it is in another firm that you have opened."
    ),
)
@click.argument("text")
@query_options
@click.option("--servers", is_flag=True, help=_("Look through your firms on servers and on a network, too."))
@click.option("--json", "as_json", is_flag=True, help=_("One object a line, for each cause."))
def missing(text: str, options: ListOptions, servers: bool, as_json: bool) -> None:
    """Prints the causes."""
    from clientdesk.desk import client_filters, missing_elsewhere, missing_words
    from clientdesk.desk import missing as whereabouts

    try:
        line = whereabouts.demand_text(text)
    except Refused as refusal:
        raise click.UsageError(refusal.message) from None
    with opened_firm() as session:
        view = asked_view(session, options)
        query = query_from(session, options, view)
        answer = whereabouts.why(session, line, query)
        names = client_filters.names(session)
        causes = missing_elsewhere.together(answer, missing_elsewhere.look(session, line, servers))
    for cause in causes:
        reason, command = missing_words.sentence(cause, query.find, names, view), _command(cause, line)
        about = missing_words.subject(cause)
        if as_json:
            say(json_text(_record(cause, names, view) | {"subject": about, "sentence": reason, "command": command}))
        else:
            say(f"{about}: {reason}" if about else reason)
            if command:
                say(f"    {command}")
    if not as_json and (more := missing_words.more_in_words(answer)):
        say(more)


def _command(cause: "Cause", line: str) -> str:
    """What clears a cause, or goes there, as it can be typed; "" where nothing does."""
    from clientdesk.desk.missing_causes import Elsewhere, Gone, Inactive, NeverSeen, NotLooked, RefusedRow, Unread

    firm = asked_firm()
    match cause:
        case Inactive(client=client):
            parts = ["activate", client.company_id]
        case Gone(change=change, may_be_undone=True):
            parts = ["undo", str(change)]
        case Gone(client=client):
            parts = ["history", client.company_id]
        case RefusedRow(run=run):
            parts = ["imports", "--run", str(run)]
        case Elsewhere(client=client, location=location):
            parts, firm = ["show", client.company_id], location
        case NotLooked():
            parts = ["missing", "--servers", "--", line] if line.startswith("-") else ["missing", line, "--servers"]
        case Unread():
            return ""
        case NeverSeen():
            parts = ["add", f"display_name={line}"]
        case _:
            parts = ["show", cause.client.company_id]
    parts[1:1] = [] if firm is None else ["--firm", firm]
    return display_text(shlex.join(["clientdesk", *parts]))


def _record(cause: "Cause", names: "Names", view: "View | None") -> dict[str, object]:
    """What a cause says, for programs."""
    from clientdesk.desk import missing_words
    from clientdesk.desk.missing_causes import Called, Hiding
    from clientdesk.domain.filter_text import written
    from clientdesk.domain.problems import Problem

    record: dict[str, object] = {"cause": missing_words.code(cause)}
    for name, value in cause._asdict().items():
        if isinstance(value, Called):
            about = value._asdict()
            record |= {"company_id": about["company_id"], "client_number": about["number"]}
            record |= {"display_name": about["name"], "status": about["status"]}
        elif isinstance(value, Hiding):
            filters = [written(on, names) for on in value.filters]
            record |= {"filters": filters, "by_search": value.by_search}
            if view is not None and missing_words.is_hidden_by_view(value, view):
                record["view"] = view.name
        elif isinstance(value, Problem):
            record[name] = {"code": value.code, "field": value.field}
        else:
            record[name] = value
    return record
