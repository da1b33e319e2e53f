"""The way to a client's review: which template is asked where several apply, and which period on the client's page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.late_words import due_words
from clientdesk.domain.rules import shown_name
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import _, display_text, ngettext, whole_number
from clientdesk.ui.commands import first_key
from clientdesk.ui.screens.base import DeskScreen
from clientdesk.ui.screens.openings import review

if TYPE_CHECKING:
    from datetime import date

    from clientdesk.desk.session import Session
    from clientdesk.desk.work_records import ClientWorks, WorkLine


class WorksSeen(NamedTuple):
    """The works of a client as they stand today; `soon` is how many days from it on a due date is near."""

    works: "ClientWorks"
    today: "date"
    soon: int
    templates: int
    """How many templates the firm has in use."""


def read_works(session: "Session", client_id: int) -> WorksSeen | None:
    """The works of a client, None where the firm has no template of work and so nothing of it."""
    if not session.catalogue.templates:
        return None
    from clientdesk.desk import work_lists

    soon = int(session.firm.settings["soon_days"] or 0)
    works = work_lists.of_client(session, client_id)
    return WorksSeen(works, session.today(), soon, len(session.catalogue.templates))


def line_words(line: "WorkLine", seen: WorksSeen) -> str:
    """How a work stands: its state, what is left and when it is due."""
    if line.is_completed:
        return line.state.name
    left = ngettext("{n} left", "{n} left", line.open_items).format(n=whole_number(line.open_items))
    return " · ".join((due_words(line.due, seen.today, seen.soon), line.state.name, left))


class LineOfWork(NamedTuple):
    """A work as a line says it."""

    name: str
    standing: str
    over: bool


def lines_of(seen: WorksSeen) -> tuple[LineOfWork, ...]:
    """The works of a client as lines, those that are open first."""
    return tuple(
        LineOfWork(work_name(line), line_words(line, seen), line.is_completed)
        for line in (*seen.works.open, *seen.works.past)
    )


def work_name(line: "WorkLine") -> str:
    """What a work of a client is called."""
    return f"{line.template} · {line.of.period.words}"


async def open_review(
    screen: DeskScreen[Any], client_id: int, query: ClientQuery, all_of_them: bool = False
) -> int | None:
    """Open the review of a client: the first open one, of a template that is asked where several apply; with `all_of_them`
    any of its works, past and present, that the person chooses. The id of the client shown last; None where none was opened,
    which is told."""
    seen = await screen.gateway.read("review.works", read_works, client_id)
    if seen is None:
        key = first_key("work.board")
        screen.tell(
            _("The firm has no template of work in use. In the client list, {key} takes one in use.").format(key=key)
        )
        return None
    lines = [*seen.works.open, *(seen.works.past if all_of_them else ())]
    line = await _chosen(screen, lines, seen)
    if line is None:
        if not lines:
            await _tell_none(screen, client_id)
        return None
    last: int | None = await screen.app.push_screen_wait(review(line.of, query))
    return last


async def _chosen(screen: DeskScreen[Any], lines: "Sequence[WorkLine]", seen: WorksSeen) -> "WorkLine | None":
    from clientdesk.ui.screens.picker import Choose

    if len(lines) < 2:
        return next(iter(lines), None)
    options = [(number, work_name(line)) for number, line in enumerate(lines)]
    remarks = [line_words(line, seen) for line in lines]
    number = await screen.app.push_screen_wait(Choose(_("Which review?"), options, remarks=remarks))
    return None if number is None else lines[number]


async def _tell_none(screen: DeskScreen[Any], client_id: int) -> None:
    from clientdesk.desk import clients

    client = await screen.gateway.call(clients.get, client_id)
    name = display_text(shown_name(client.values))
    if client.active:
        screen.tell(_("No template of work applies to {name}.").format(name=name))
    else:
        screen.tell(_("{name} is inactive, and has no work.").format(name=name))
