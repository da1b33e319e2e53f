"""What the work of clients follows from, read for many clients at once; and the table of what follows (`client_work`), by which
the list is sorted and filtered.

The table has a row for each client and template that applies, and one of template 0 for what is due first of them all. Whoever writes
what it follows from writes it along; `check` compares.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from peewee import Case, fn

from clientdesk.domain.filters import Filter
from clientdesk.store import filters_to_sql
from clientdesk.store.all_models import TABLES
from clientdesk.store.engines import Engine
from clientdesk.store.history_models import ChangeSetModel, HistoryModel
from clientdesk.store.models import ClientModel, TeamMemberModel
from clientdesk.store.work_models import WorkRenewalModel

_CLIENT: Mapping[str, Any] = ClientModel._meta.columns
_TOGETHER = 1_000
ANY = 0
"""The template of the row that says what of a client is due first."""


class TemplateRow(NamedTuple):
    """A template as it is kept, but for its name and states."""

    id: int
    applies: str
    period: str
    due: str
    roll: str
    calendar: str
    begins: str
    roles: str


class FactsRow(NamedTuple):
    """What of a client its work follows from, as it is kept."""

    id: int
    status: str
    year_end: str
    lead: int | None
    own: str


class WorkRow(NamedTuple):
    """What is stored of a client's work in a period."""

    client_id: int
    template_id: int
    period: str
    state: int
    first: str
    last: str
    due: str
    who1: int | None
    who2: int | None
    who3: int | None


class OwnItem(NamedTuple):
    """An item that one client alone has, of the periods from `first` to `last` ("": open)."""

    client_id: int
    template_id: int
    item_id: int
    first: str
    last: str


class Row(NamedTuple):
    """A row of the table: a client's first open period by a template, when it is due ("" both of an inactive client), its state, how
    many of its items are open and how many wait for the client, and who does it."""

    template_id: int
    client_id: int
    of_template: int
    period: str
    due: str
    state: int
    open_items: int
    waiting: int
    who1_id: int | None
    who2_id: int | None
    who3_id: int | None


def templates(engine: Engine) -> list[TemplateRow]:
    """The templates that are in use, in their order."""
    model = TABLES["template"]
    columns = model._meta.columns
    query = model.select(*(columns[name] for name in TemplateRow._fields)).where(columns["retired"] == 0)
    return [TemplateRow(*row) for row in engine.execute(query.order_by(columns["place"], columns["id"])).fetchall()]


def shared_items(engine: Engine) -> dict[int, set[int]]:
    """The ids of the items that all clients have, by template."""
    item, section = TABLES["template_item"], TABLES["template_section"]
    of, within = item._meta.columns, section._meta.columns
    query = item.select(within["template_id"], of["id"]).join(section, on=(within["id"] == of["section_id"]))
    stands = query.where(of["retired"] == 0, within["retired"] == 0, of["client_id"].is_null())
    by_template: dict[int, set[int]] = {}
    for template_id, item_id in engine.execute(stands).fetchall():
        by_template.setdefault(template_id, set()).add(item_id)
    return by_template


def own_items(engine: Engine, client_ids: Sequence[int]) -> list[OwnItem]:
    """The items that these clients have for themselves."""
    item, section = TABLES["template_item"], TABLES["template_section"]
    of, within = item._meta.columns, section._meta.columns
    selected = (of["client_id"], within["template_id"], of["id"], of["first"], of["last"])
    query = item.select(*selected).join(section, on=(within["id"] == of["section_id"]))
    stands = query.where(
        of["retired"] == 0,
        within["retired"] == 0,
        of["client_id"].is_null(False),
        engine.one_of(of["client_id"], client_ids),
    )
    return [OwnItem(*row) for row in engine.execute(stands).fetchall()]


def facts(engine: Engine, client_ids: Sequence[int]) -> list[FactsRow]:
    """What of these clients their work follows from; of those that are there."""
    shown = (_CLIENT[name] for name in ("id", "status", "fiscal_year_end", "lead_id", "own"))
    query = ClientModel.select(*shown).where(engine.one_of(_CLIENT["id"], client_ids))
    return [FactsRow(*row) for row in engine.execute(query).fetchall()]


def applying(engine: Engine, filters: Sequence[Filter], client_ids: Sequence[int]) -> set[int]:
    """Those of some clients that meet a template's filters."""
    if not filters:
        return set(client_ids)
    conditions = filters_to_sql.conditions(engine, filters)
    query = ClientModel.select(_CLIENT["id"]).where(engine.one_of(_CLIENT["id"], client_ids), *conditions)
    return {row[0] for row in engine.execute(query).fetchall()}


def added_at(engine: Engine, client_ids: Sequence[int]) -> dict[int, str]:
    """When the firm got these clients: the moment of the first entry in the history of each, by id."""
    first = (
        HistoryModel.select(fn.MIN(HistoryModel.id))
        .where(HistoryModel.entity == "client", HistoryModel.key.in_([str(client_id) for client_id in client_ids]))
        .group_by(HistoryModel.key)
    )
    query = HistoryModel.select(HistoryModel.key, ChangeSetModel.at).join(
        ChangeSetModel, on=(ChangeSetModel.id == HistoryModel.change_set)
    )
    return {int(key): at for key, at in engine.execute(query.where(HistoryModel.id.in_(first))).fetchall()}


def touched(engine: Engine, client_ids: Sequence[int]) -> list[WorkRow]:
    """All that is stored of the work of these clients."""
    columns = TABLES["work"]._meta.columns
    names = ("client_id", "template_id", "period", "state", "first", "last", "due", "who1_id", "who2_id", "who3_id")
    query = TABLES["work"].select(*(columns[name] for name in names))
    return [
        WorkRow(*row) for row in engine.execute(query.where(engine.one_of(columns["client_id"], client_ids))).fetchall()
    ]


def starts(engine: Engine, client_ids: Sequence[int]) -> dict[tuple[int, int], str]:
    """The first period that is stored for these clients, by client and template."""
    columns = TABLES["work_start"]._meta.columns
    query = TABLES["work_start"].select(columns["client_id"], columns["template_id"], columns["first"])
    rows = engine.execute(query.where(engine.one_of(columns["client_id"], client_ids))).fetchall()
    return {(client_id, template_id): first for client_id, template_id, first in rows}


def odd_periods(engine: Engine, client_ids: Sequence[int]) -> list[tuple[int, str, str, str]]:
    """The periods of these clients that have days of their own: client, period, first and last day."""
    columns = TABLES["odd_period"]._meta.columns
    query = TABLES["odd_period"].select(*(columns[name] for name in ("client_id", "period", "first", "last")))
    rows = engine.execute(query.where(engine.one_of(columns["client_id"], client_ids))).fetchall()
    return [tuple(row) for row in rows]


def item_states(engine: Engine, works: Collection[tuple[int, int, str]]) -> dict[tuple[int, int, str], dict[int, str]]:
    """The states of the items of some works (client, template, period) that somebody has touched, by item."""
    columns = TABLES["work_item"]._meta.columns
    clients: dict[tuple[int, str], list[int]] = {}
    for client_id, template_id, period in works:
        clients.setdefault((template_id, period), []).append(client_id)
    by_work: dict[tuple[int, int, str], dict[int, str]] = {}
    for (template_id, period), client_ids in sorted(clients.items()):
        query = TABLES["work_item"].select(columns["client_id"], columns["item_id"], columns["state"])
        is_of = columns["template_id"] == template_id, columns["period"] == period
        rows = engine.execute(query.where(engine.one_of(columns["client_id"], client_ids), *is_of)).fetchall()
        for client_id, item_id, state in rows:
            by_work.setdefault((client_id, template_id, period), {})[item_id] = state
    return by_work


# --- the table


def rows(engine: Engine, client_ids: Sequence[int]) -> dict[tuple[int, int], Row]:
    """The rows of these clients, by template and client."""
    columns = TABLES["client_work"]._meta.columns
    query = TABLES["client_work"].select(*(columns[name] for name in Row._fields))
    read = engine.execute(query.where(engine.one_of(columns["client_id"], client_ids))).fetchall()
    return {(row[0], row[1]): Row(*row) for row in read}


def standing(engine: Engine, template_ids: Collection[int], client_ids: Sequence[int] | None) -> list[Row]:
    """The rows of first open periods of active clients by some templates: of some clients, or of all (None)."""
    columns = TABLES["client_work"]._meta.columns
    query = TABLES["client_work"].select(*(columns[name] for name in Row._fields))
    query = query.where(columns["template_id"].in_(list(template_ids)), columns["period"] != "")
    if client_ids is not None:
        query = query.where(engine.one_of(columns["client_id"], client_ids))
    return [Row(*row) for row in engine.execute(query).fetchall()]


def write(engine: Engine, gone: Collection[tuple[int, int]], new: Iterable[Row]) -> None:
    """Takes rows away (by template and client), and writes others."""
    columns = TABLES["client_work"]._meta.columns
    clients: dict[int, list[int]] = {}
    for template_id, client_id in sorted(gone):
        clients.setdefault(template_id, []).append(client_id)
    for template_id, client_ids in clients.items():
        is_gone = columns["template_id"] == template_id, engine.one_of(columns["client_id"], client_ids)
        TABLES["client_work"].delete().where(*is_gone).execute(engine.db)
    for written in _parts(list(new)):
        engine.insert_many("client_work", Row._fields, written)


def _parts(whole: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(whole), _TOGETHER):
        yield whole[start : start + _TOGETHER]


# --- what was changed


def written(
    engine: Engine, change_set: int, entities: Sequence[str] = ()
) -> list[tuple[str, str, str, str | None, str | None]]:
    """What the history says of a change set: entity, key, operation, and both sides (JSON) of each entry; of a client that was added
    or deleted neither. With `entities`, only of rows of these."""
    entry = HistoryModel
    is_told = (entry.entity != "client") | (entry.operation == "update")
    old, new = (Case(None, [(is_told, side)]) for side in (entry.old, entry.new))
    query = entry.select(entry.entity, entry.key, entry.operation, old, new)
    is_of = [entry.change_set == change_set, *([entry.entity.in_(entities)] if entities else [])]
    return [tuple(row) for row in engine.execute(query.where(*is_of)).fetchall()]


def owner_of(engine: Engine, entity: str, row_id: int, fields: Mapping[str, object]) -> tuple[int | None, int | None]:
    """Of which template a template, a section or an item is (None for one that is gone with its section), and which client alone has the
    item (None: all). `fields` is what the history says of it."""
    if entity == "template":
        return row_id, None
    section_id: object = row_id if entity == "template_section" else fields.get("section")
    client_id: object = fields.get("client")
    if entity == "template_item" and section_id is None:
        of = TABLES["template_item"]._meta.columns
        query = TABLES["template_item"].select(of["section_id"], of["client_id"]).where(of["id"] == row_id)
        section_id, client_id = engine.execute(query).fetchone() or (None, None)
    within = TABLES["template_section"]._meta.columns
    query = TABLES["template_section"].select(within["template_id"]).where(within["id"] == section_id)
    row = engine.execute(query).fetchone()
    template_id: object = row[0] if row else fields.get("template")
    return (
        template_id if isinstance(template_id, int) else None,
        client_id if isinstance(client_id, int) else None,
    )


# --- templates whose rows are being made anew


class Renewed(NamedTuple):
    """Who changed a template, up to which client its rows are made anew, and whether it applies to other clients than before."""

    claimed_by: int
    claimed_at: str
    done_to: int
    is_widened: bool


_BEFORE_ALL = -(2**63)
"""Before the ids of all clients."""


def renewed(engine: Engine) -> dict[int, Renewed]:
    """The templates whose rows are not all made anew yet, by id."""
    of = WorkRenewalModel
    query = of.select(of.template_id, of.claimed_by, of.claimed_at, of.done_to, of.is_widened).order_by(of.template_id)
    return {row[0]: Renewed(row[1], row[2], row[3], bool(row[4])) for row in engine.execute(query).fetchall()}


def note_renewals(engine: Engine, template_ids: Collection[int], widened: Collection[int], member_id: int) -> None:
    """Notes that a member has changed templates: the rows of all clients are made anew from the beginning on."""
    of, now = WorkRenewalModel, datetime.now(UTC).isoformat(timespec="milliseconds")
    before = renewed(engine)
    of.delete().where(of.template_id.in_(list(template_ids))).execute(engine.db)
    lines = [
        (template_id, member_id, now, _BEFORE_ALL, int(template_id in widened or _was_widened(before, template_id)))
        for template_id in sorted(template_ids)
    ]
    engine.insert_many("work_renewal", [field.column_name for field in of._meta.sorted_fields], lines)


def _was_widened(before: Mapping[int, Renewed], template_id: int) -> bool:
    return template_id in before and before[template_id].is_widened


def note_done(engine: Engine, template_ids: Collection[int], client_id: int | None) -> None:
    """Notes up to which client the rows of templates are made anew; None: all are."""
    of = WorkRenewalModel
    if client_id is None:
        of.delete().where(of.template_id.in_(list(template_ids))).execute(engine.db)
    else:
        of.update(done_to=client_id).where(of.template_id.in_(list(template_ids))).execute(engine.db)


def clients_behind(engine: Engine, client_id: int, most: int) -> list[int]:
    """The ids of so many clients at most, in their order, behind one."""
    query = ClientModel.select(_CLIENT["id"]).where(_CLIENT["id"] > client_id).order_by(_CLIENT["id"]).limit(most)
    return [row[0] for row in engine.execute(query).fetchall()]


def all_clients(engine: Engine, together: int) -> Iterator[list[int]]:
    """The ids of all clients, so many at once."""
    behind = _BEFORE_ALL
    while client_ids := clients_behind(engine, behind, together):
        yield client_ids
        behind = client_ids[-1]


def clients_up_to(engine: Engine, client_id: int) -> tuple[int, int]:
    """How many clients there are up to one, and in all."""
    counts = fn.COUNT(Case(None, [(_CLIENT["id"] <= client_id, 1)])), fn.COUNT(_CLIENT["id"])
    done, clients = engine.execute(ClientModel.select(*counts)).fetchone()
    return int(done), int(clients)


def member_name(engine: Engine, member_id: int) -> str:
    """What a team member is called."""
    query = TeamMemberModel.select(TeamMemberModel.name).where(TeamMemberModel.id == member_id)
    row = engine.execute(query).fetchone()
    return row[0] if row else ""
