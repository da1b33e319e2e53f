"""Reviews in a made-up firm: *Books review* is in use for the businesses on its plan, and some of them are under way."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

from clientdesk.desk import clients, patches, template_files, work_facts, work_templates
from clientdesk.desk.session import Session, changes
from clientdesk.domain.access import Action
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.filters import ACTIVE
from clientdesk.domain.patch import Patch, Value
from clientdesk.domain.periods import Period, period_at
from clientdesk.domain.work_templates import COMPLETED, WorkTemplate
from clientdesk.store.entities import ENTITIES

_LOOKED_AT, _BEGUN = 60, 0.4
"""So many clients are looked at, and of this part of them reviews are begun."""
_PERIODS = 4
"""So many months before the present one their reviews begin."""
_STARTED = 2
"""The first state of the template's own."""


def begin_reviews(session: Session) -> None:
    """Takes *Books review* in use for businesses on the firm's plan, and begins reviews of some: of those of one day the same every time."""
    shipped = template_files.shipped("books-review")._replace(applies=("client_type=Business", "billed_to=firm"))
    template = work_templates.add_template(session, template_files.template_of(session, shipped))
    _begin(session, template, random.Random(20_026))


@changes("client.demo", Action.IMPORT)
def _begin(session: Session, template: WorkTemplate, chance: random.Random) -> None:
    listed = clients.window(session, ClientQuery((ACTIVE, *template.applies)), (), 0, _LOOKED_AT)
    chosen = [row.id for row in listed if chance.random() < _BEGUN]
    now = period_at(template.period, session.today(), "")
    first = Period(now.kind, now.number - _PERIODS)
    starts = [
        Patch("work_start", "", None, {"client": client_id, "template": template.id, "first": first.key})
        for client_id in chosen
    ]
    _write(session, starts)
    facts = work_facts.works(session, {template.id: work_facts.templates(session)[template.id]}, chosen)
    works: list[Patch] = []
    items: list[Patch] = []
    completed: list[Patch] = []
    for client_id in chosen:
        done_up_to = first.number + int(chance.random() * _PERIODS)
        for number in range(first.number, done_up_to + 1):
            of: dict[str, Value] = {
                "client": client_id,
                "template": template.id,
                "period": (period := Period(now.kind, number)).key,
            }
            days = facts.of[template.id, client_id].periods.span(period)
            assert days is not None  # every month has days
            about: dict[str, Value] = {
                "first": days.first.isoformat(),
                "last": days.last.isoformat(),
                "state": _STARTED,
            }
            works.append(Patch("work", "", None, {**of, **about}))
            is_whole = number < done_up_to
            items += _items(session, template, of, chance, is_whole)
            if is_whole:
                completed.append(Patch("work", ENTITIES["work"].key_of(of), {"state": _STARTED}, {"state": COMPLETED}))
    for part in (works, items, completed):
        _write(session, part)


def _items(
    session: Session, template: WorkTemplate, of: dict[str, Value], chance: random.Random, is_whole: bool
) -> Iterator[Patch]:
    """The items of a work that are settled: all of them, or the first ones and then perhaps a question."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    items = template.items
    settled = len(items) if is_whole else int(chance.random() * len(items))
    for item in items[:settled]:
        state = "done" if chance.random() < 0.9 else "not_applicable"
        yield Patch("work_item", "", None, {**of, "item": item.id, "state": state, "by": session.me.id, "at": at})
    if not is_whole and chance.random() < 0.5:
        asked: dict[str, Value] = {
            "state": "waiting",
            "question": "Which invoice is this?",
            "asked": session.today().isoformat(),
        }
        yield Patch("work_item", "", None, {**of, "item": items[settled].id, **asked})


def _write(session: Session, wanted: list[Patch]) -> None:
    for outcome in patches.apply(session, wanted):
        patches.landed(outcome)
