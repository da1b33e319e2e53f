"""Which clients a command acts on: those that filters choose, or a file names; settled when the command asks or plans."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from clientdesk.cli.cures import with_cure
from clientdesk.cli.filters import ListOptions, chosen_query, query_from
from clientdesk.cli.printing import tell
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.selection import Selection
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import _, display_text

if TYPE_CHECKING:
    from clientdesk.desk.client_keys import WrongKey
    from clientdesk.desk.session import Session
    from clientdesk.domain.views import View


class Chosen(NamedTuple):
    """The ids of the clients, and the keys in the file that are no client's."""

    client_ids: list[int]
    wrong_keys: "Sequence[WrongKey]" = ()


def chosen_clients_of(
    session: "Session", options: ListOptions, status: str | None = "active", *, has_status: bool = False
) -> Chosen:
    """The clients that the options choose now, in the order of the list, or of the file; of a command that `has_status`
    see `chosen_query`. Wrong keys are told."""
    from clientdesk.desk import chosen_clients

    query = chosen_query(session, options, status, has_status=has_status)
    if options.from_file is None:
        return Chosen(chosen_clients.settle(session, Selection(query)))
    chosen = in_file(session, options.from_file)
    if not query.filters and not query.find.strip():
        return chosen
    inside = chosen_clients.among(session, chosen.client_ids, query)
    return chosen._replace(client_ids=[client_id for client_id in chosen.client_ids if client_id in inside])


def in_file(session: "Session", path: str) -> Chosen:
    """The clients that a file names. Each key that is not one client's is told, with its line."""
    from clientdesk.desk import client_keys
    from clientdesk.exchange.key_lines import key_lines

    named = client_keys.named(session, key_lines(path))
    tell_wrong(named.wrong)
    return Chosen(named.client_ids, named.wrong)


def narrowed(
    session: "Session", options: ListOptions, view: "View | None" = None
) -> tuple[ClientQuery, frozenset[int] | None, bool]:
    """For what prints or writes a list: its query, which clients of it alone are wanted (None: all), and whether all
    keys of the file are right."""
    query = query_from(session, options, view)
    if options.from_file is None:
        return query, None, True
    chosen = in_file(session, options.from_file)
    return query, frozenset(chosen.client_ids), not chosen.wrong_keys


def tell_wrong(wrong_keys: "Sequence[WrongKey]") -> None:
    """Every wrong key on a line of its own."""
    for wrong in wrong_keys:
        tell(_("line {n}: {sentence}").format(n=wrong.line, sentence=with_cure(wrong.problem)))


def key_records(wrong_keys: "Sequence[WrongKey]") -> list[dict[str, object]]:
    """The wrong keys as JSON shows them."""
    return [
        {
            "line": wrong.line,
            "key": wrong.key,
            "code": wrong.problem.code,
            "message": display_text(with_cure(wrong.problem)),
        }
        for wrong in wrong_keys
    ]
