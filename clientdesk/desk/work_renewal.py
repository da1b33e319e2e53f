"""Keeps the table of the clients' work (`store/client_work.py`) true.

Whatever changes what it follows from is part of a change set, and the history of that says which rows were written: the rows of those
clients are made anew in the same transaction. A change of a template is about all clients: it is noted in a row (`work_renewal`), and
goes on in batches, by whoever made it, or by any full member after them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from clientdesk.desk import patches, work_facts
from clientdesk.desk.jobs import Progress, Stop, Stopped, go_on, never, paced, silent
from clientdesk.desk.session import Session, changes, keeping, reads
from clientdesk.desk.work_facts import TemplateFacts, Works
from clientdesk.domain.access import Action
from clientdesk.domain.own_values import COLUMN, is_own
from clientdesk.domain.patch import Patch
from clientdesk.domain.periods import Period, period_from
from clientdesk.domain.work import ClientWork
from clientdesk.domain.work_templates import FIELD, LEAD
from clientdesk.store import client_work as rows
from clientdesk.store.client_work import ANY, Row
from clientdesk.store.history import values_of

BATCH = 2_000
"""So many clients are made anew in one transaction where a template was changed."""
_TOGETHER = 1_000
_INPUTS = frozenset(("status", "fiscal_year_end", LEAD))
"""The fields of a client that work follows from whatever a template says."""
_OF_CLIENTS = frozenset(("work", "work_item", "work_start", "odd_period"))
"""The entities whose key begins with the client's id."""
_OF_TEMPLATES: Mapping[str, frozenset[str]] = {
    "template": frozenset(("applies", "period", "due", "roll", "calendar", "begins", "roles", "retired")),
    "template_section": frozenset(("retired",)),
    "template_item": frozenset(("retired",)),
}
"""The fields of templates and their parts that the table follows from."""
_SETTLED = frozenset(("done", "not_applicable"))


class _Touching(NamedTuple):
    """What of a change set work follows from: the clients that it has added, all that it has touched, and the templates that it
    has changed, with those of them that apply to other clients than before."""

    added: set[int]
    client_ids: set[int]
    template_ids: set[int]
    widened: set[int]


class _Making(NamedTuple):
    """How rows are made: the templates in use, the items that all clients have by them, which clients are new, by which templates
    those begin with the present period to whom they did not apply before, and which day it is."""

    templates: Mapping[int, TemplateFacts]
    items: Mapping[int, Collection[int]]
    added: Collection[int]
    beginning: Collection[int]
    today: date


def _making(session: Session, added: Collection[int] = (), beginning: Collection[int] = ()) -> _Making:
    templates = _in_use(session)
    begun = frozenset(beginning) & templates.keys()
    return _Making(templates, rows.shared_items(session.engine), added, begun, session.today())


def _in_use(session: Session) -> dict[int, TemplateFacts]:
    """The templates in use that make sense, by id; `check` tells of others."""
    facts = work_facts.templates(session)
    return {template_id: template for template_id, template in facts.items() if not template.retired}


def _inputs(template: TemplateFacts) -> frozenset[str]:
    """The fields of a client that its work by a template follows from."""
    of_roles = (by.removeprefix(FIELD) for by in template.rule.roles if by.startswith(FIELD))
    return _INPUTS.union((on.field for on in template.applies), of_roles)


def renew(session: Session, change_set: int) -> None:
    """Makes the rows anew of the clients that the open change set has touched; part of every change of a firm that has
    templates, before its seal. Templates that it has changed are noted, see `go_on_renewing`.

    For a client to whom a template applies from now on, work begins with the present period: that start is written along, but where
    the change takes another one back.
    """
    engine = session.engine
    touching = _touching(session, change_set)
    if touching.template_ids:
        rows.note_renewals(engine, touching.template_ids, touching.widened, session.me.id)
        session.is_renewing = True
    if (
        not touching.client_ids or not session.catalogue.templates
    ):  # the first template is made known to all clients by `go_on_renewing`
        return
    making = _making(session, touching.added)
    if session.undoes is None:
        making = making._replace(beginning=making.templates.keys() - rows.renewed(engine).keys())
    for client_ids in _parts(sorted(touching.client_ids)):
        _write(session, making, client_ids)


def _touching(session: Session, change_set: int) -> _Touching:
    touching = _Touching(set(), set(), set(), set())
    inputs = frozenset[str]().union(*map(_inputs, _in_use(session).values()))
    entities = () if session.catalogue.templates else tuple(_OF_TEMPLATES)  # without work, only these are of interest
    for entity, key, operation, old, new in rows.written(session.engine, change_set, entities):
        fields = {**values_of(old), **values_of(new)}
        if entity == "client" and (operation != "update" or _is_input(fields, inputs)):
            touching.client_ids.add(int(key))
            if operation == "insert":
                touching.added.add(int(key))
        elif entity in _OF_CLIENTS:
            touching.client_ids.add(int(key.split("/")[0]))
        elif entity in _OF_TEMPLATES and (operation != "update" or _OF_TEMPLATES[entity] & fields.keys()):
            template_id, client_id = rows.owner_of(session.engine, entity, int(key), fields)
            if client_id is not None:
                touching.client_ids.add(client_id)
            elif template_id is not None:
                touching.template_ids.add(template_id)
                if operation == "update" and "applies" in fields:
                    touching.widened.add(template_id)
    return touching


def _is_input(fields: Mapping[str, object], inputs: Collection[str]) -> bool:
    """Whether a client was changed in something that work follows from."""
    if COLUMN in fields and any(is_own(name) for name in inputs):
        return True
    return any(name in inputs for name in fields)


def _write(session: Session, making: _Making, client_ids: Sequence[int]) -> None:
    """Makes the rows of some clients anew, and writes those that become others; with the starts that follow from it."""
    present = rows.rows(session.engine, client_ids)
    made, starts = _made(session, making, client_ids, present)
    new = [row for key, row in made.items() if present.get(key) != row]
    gone = [key for key in present if made.get(key) != present[key]]
    rows.write(session.engine, gone, new)
    _write_starts(session, starts)


def _write_starts(session: Session, starts: Mapping[tuple[int, int], Period]) -> None:
    """Writes with which periods work begins, by template and client."""
    begun = (
        Patch("work_start", "", None, {"client": client_id, "template": template_id, "first": first.key})
        for (template_id, client_id), first in starts.items()
    )
    for outcome in patches.apply(session, begun):
        patches.landed(outcome)


Rows = dict[tuple[int, int], Row]
"""Rows of the table by template and client."""


def _made(
    session: Session, making: _Making, client_ids: Sequence[int], present: Mapping[tuple[int, int], Row]
) -> tuple[Rows, dict[tuple[int, int], Period]]:
    """The rows of some clients as they should be; and with which periods work begins for those who had none so far, where that is
    not the period with which it would begin by itself."""
    read = work_facts.works(session, making.templates, client_ids)
    starts = rows.starts(session.engine, client_ids)
    works: dict[tuple[int, int], ClientWork] = {}
    begun: dict[tuple[int, int], Period] = {}
    for template_id, template in making.templates.items():
        for client_id in read.applying[template_id] & read.clients.keys():
            key = template_id, client_id
            works[key], done = read.of[key], read.touched.get(key, {})
            was_none = key not in present and client_id not in making.added
            if template_id in making.beginning and was_none and not done and (client_id, template_id) not in starts:
                first, now = works[key].first, works[key].periods.at(template.rule.kind, making.today)
                if first is not None and now is not None and first.number < now.number:
                    begun[key], works[key] = now, ClientWork(template.rule, read.clients[client_id], now, done)
    return _rows(session, making, read, works), begun


def _rows(
    session: Session,
    making: _Making,
    read: Works,
    works: Mapping[tuple[int, int], ClientWork],
) -> Rows:
    """The rows of works, and of each client that of what is due first."""
    clients, standings = read.clients, {key: work.standing for key, work in works.items()}
    opened = {  # nobody has touched an item of a work that nobody has touched
        (key[1], key[0], standing.period.key)
        for key, standing in standings.items()
        if standing is not None and standing.period in read.touched.get(key, ())
    }
    states = rows.item_states(session.engine, opened)
    own: dict[tuple[int, int], list[rows.OwnItem]] = {}
    for item in rows.own_items(session.engine, list(clients)):
        own.setdefault((item.template_id, item.client_id), []).append(item)
    made: Rows = {}
    due_first: dict[int, Row] = {}
    for (template_id, client_id), standing in standings.items():
        if standing is None:
            continue
        period = standing.period
        item_ids = frozenset(making.items.get(template_id, ()))
        if (template_id, client_id) in own:
            item_ids |= {item.item_id for item in own[template_id, client_id] if _is_within(item, period)}
        of_items = states.get((client_id, template_id, period.key), {})
        settled = sum(1 for item_id, state in of_items.items() if item_id in item_ids and state in _SETTLED)
        waiting = sum(1 for item_id, state in of_items.items() if item_id in item_ids and state == "waiting")
        is_active = clients[client_id].is_active
        key, due = (period.key, standing.due.isoformat()) if is_active else ("", "")
        open_items = len(item_ids) - settled
        row = Row(template_id, client_id, template_id, key, due, standing.state, open_items, waiting, *standing.people)
        made[template_id, client_id] = row
        if is_active and (client_id not in due_first or (due, template_id) < _by_due(due_first[client_id])):
            due_first[client_id] = row
    return made | {(ANY, client_id): row._replace(template_id=ANY) for client_id, row in due_first.items()}


def _by_due(row: Row) -> tuple[str, int]:
    return row.due, row.of_template


def _is_within(item: rows.OwnItem, period: Period) -> bool:
    """Whether an item that one client has is one of a period."""
    first, last = period_from(item.first), period_from(item.last)
    return (first is None or first.number <= period.number) and (last is None or period.number <= last.number)


def _parts(client_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(client_ids), _TOGETHER):
        yield client_ids[start : start + _TOGETHER]


# --- after a change of a template


class Renewing(NamedTuple):
    """That rows are made anew as templates were changed: who began with it, how many clients are done, of how many."""

    who: str
    done: int
    clients: int


@reads
def renewing(session: Session) -> Renewing | None:
    """What is to be told of a renewal that goes on; None for none."""
    renewed = rows.renewed(session.engine)
    if not renewed:
        return None
    first = next(iter(renewed.values()))
    done, clients = rows.clients_up_to(session.engine, min(noted.done_to for noted in renewed.values()))
    return Renewing(rows.member_name(session.engine, first.claimed_by), done, clients)


def go_on_renewing(session: Session, progress: Progress = silent, stopped: Stopped = never, batch: int = 0) -> bool:
    """Makes the rows of all clients anew of templates that were changed, in batches; whether none is left. Whoever may change
    templates goes on where somebody else has stopped."""
    session.is_renewing = False
    for _more in paced(iter(partial(_renew_batch, session, batch or BATCH, progress), False)):
        try:
            go_on(stopped)
        except Stop:
            return False
    return True


def _renew_batch(session: Session, batch: int, progress: Progress) -> bool:
    """One batch; False where nothing is left."""
    session.demand(Action.MANAGE_WORK)
    engine = session.engine
    with engine.errors():
        renewed = rows.renewed(engine)
        widened = {template_id for template_id, noted in renewed.items() if noted.is_widened}
        behind = min((noted.done_to for noted in renewed.values()), default=0)
        client_ids = rows.clients_behind(engine, behind, batch)
    if not renewed:
        return False
    if widened and client_ids:
        _begin(session, widened, client_ids)
    with keeping(session):
        # somebody else may have gone on meanwhile, or changed a template once more: what is noted now counts
        if (noted := rows.renewed(engine)) != renewed:
            return True
        making = _making(session)
        for part in _parts(client_ids):
            _write(session, making, part)
        rows.note_done(engine, noted, client_ids[-1] if len(client_ids) == batch else None)
    progress(*rows.clients_up_to(engine, client_ids[-1] if client_ids else behind))
    return len(client_ids) == batch


@changes("work.begun", Action.MANAGE_WORK, bulk=True)
def _begin(session: Session, template_ids: Collection[int], client_ids: Sequence[int]) -> None:
    """Writes with which period work begins for those of some clients to whom templates apply from now on."""
    making = _making(session, beginning=template_ids)
    for part in _parts(client_ids):
        _made_rows, starts = _made(session, making, part, rows.rows(session.engine, part))
        _write_starts(session, starts)


# --- check


def untrue_rows(session: Session) -> Iterator[tuple[Row | None, Row | None]]:
    """The rows of the table that are not what they should be, each with what it should be; None for one that there is not. Nothing
    where templates were changed whose rows are still being made anew."""
    if rows.renewed(session.engine):
        return
    making = _making(session)
    for client_ids in rows.all_clients(session.engine, _TOGETHER):
        present = rows.rows(session.engine, client_ids)
        made, _starts = _made(session, making, client_ids, present)
        for key in sorted(present.keys() | made.keys()):
            if present.get(key) != made.get(key):
                yield present.get(key), made.get(key)
