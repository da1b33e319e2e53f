"""Managing work: who does it, when it is due, with which period it begins, periods with days of their own, and items that one
client alone has."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from clientdesk.desk import clients as desk_clients
from clientdesk.desk import patches, work_facts
from clientdesk.desk.session import Session, changes, reads
from clientdesk.desk.work import read_within
from clientdesk.desk.work_doing import Done, demand_open, save
from clientdesk.desk.work_facts import TemplateFacts
from clientdesk.desk.work_records import InRole, Item, Work
from clientdesk.domain.access import Action
from clientdesk.domain.client_periods import ClientPeriods
from clientdesk.domain.fold import fold
from clientdesk.domain.patch import Patch, Value, Verdict
from clientdesk.domain.periods import Period, PeriodKind, Span, period_from
from clientdesk.domain.problems import refuse
from clientdesk.domain.rules import called
from clientdesk.domain.work_templates import Role
from clientdesk.store import patches as rows
from clientdesk.store import work_rows
from clientdesk.store.entities import ENTITIES, key_reader


class OddPeriod(NamedTuple):
    """A period of a client that has days of its own."""

    period: Period
    days: Span


class MovedWork(NamedTuple):
    """Touched work that has other days now: by which template, of which period, and when it was due and is due."""

    template: str
    period: Period
    before: date
    due: date


# --- people and dates


@changes("work.assigned", Action.MANAGE_WORK)
def assign(session: Session, work: Work, people: Mapping[int, int | None]) -> Done:
    """Names who does a work, by the roles' numbers: the ids of team members; None for whom the template says. Refused for a role
    that the template does not have ("unknown_role"), and for who is inactive."""
    return save(session, work, {f"who{number}": member_id for number, member_id in people.items()})


def role_called(roles: "Iterable[Role | InRole]", name: str, template: str) -> int:
    """The number of the role of a template with this name, or number. Refused ("unknown_role")."""
    known = list(roles)
    for role in known:
        if fold(role.name) == fold(name) or name == str(role.number):
            return role.number
    raise refuse("unknown_role", value=name, template=template, choices=", ".join(role.name for role in known))


@changes("work.moved", Action.MANAGE_WORK)
def move_due(session: Session, work: Work, due: date | None) -> Done:
    """Moves the due date of a work; None: as the template says. Refused where it is completed ("work_completed")."""
    return save(session, work, {"due": "" if due is None else due.isoformat()})


# --- where it begins, and odd periods


@changes("work.start", Action.MANAGE_WORK)
def set_start(session: Session, client_ids: Sequence[int], template: TemplateFacts, first: Period | None) -> int:
    """Sets with which period the work of clients by a template begins; None: as it follows from the template and the day since
    when the firm has the client. For how many it is another one now."""
    values: dict[str, Value] = {} if first is None else {"first": first.key}
    keys = [(client_id, template.id) for client_id in client_ids]
    return _kept(session, "work_start", ("client", "template"), keys, values)


@reads
def start_of(session: Session, client_id: int, template: TemplateFacts) -> tuple[Period | None, bool]:
    """With which period a client's work by a template begins, and whether that was set."""
    works = work_facts.works(session, {template.id: template}, [client_id])
    stored = work_rows.rows(session.engine, "work_start", client_id=client_id, template_id=template.id)
    return works.of[template.id, client_id].first, bool(stored)


@changes("work.odd_period", Action.MANAGE_WORK)
def set_odd_period(session: Session, client_id: int, period: Period, days: Span) -> tuple[MovedWork, ...]:
    """Gives a period of a client days of its own, which count for work that was touched, too: which of it moved. Refused where
    they clash with those of another one ("odd_clash", "odd_gap"), are the wrong way round ("days_reversed") or too many
    ("odd_too_long")."""
    before = _touched(session, client_id, period.kind)
    values: dict[str, Value] = {"first": days.first.isoformat(), "last": days.last.isoformat()}
    _kept(session, "odd_period", ("client", "period"), [(client_id, period.key)], values)
    return _moved(before, _touched(session, client_id, period.kind))


@changes("work.odd_period", Action.MANAGE_WORK)
def remove_odd_period(session: Session, client_id: int, period: Period) -> tuple[MovedWork, ...]:
    """Takes the days that a period has for itself away: it follows the calendar or the year end again, and touched work has the
    days again that it had when it was touched first. Which of it moved. Refused where it has none ("no_odd_period")."""
    before = _touched(session, client_id, period.kind)
    if not _kept(session, "odd_period", ("client", "period"), [(client_id, period.key)], {}):
        name = called(desk_clients.get(session, client_id).values["display_name"])
        raise refuse("no_odd_period", name=name, period=period.words)
    return _moved(before, _touched(session, client_id, period.kind))


_Touched = Mapping[tuple[str, Period], tuple[Span, date]]
"""By template and period: the days of touched work, and when it is due."""


def _touched(session: Session, client_id: int, kind: PeriodKind) -> _Touched:
    templates = {of.id: of for of in work_facts.templates(session).values() if of.rule.kind is kind}
    works = work_facts.works(session, templates, [client_id])
    return {
        (templates[template_id].name, period): (days, works.of[template_id, client_id].due(period))
        for (template_id, _client_id), touched in works.touched.items()
        if template_id in templates
        for period in touched
        if (days := works.of[template_id, client_id].periods.span(period)) is not None
    }


def _moved(before: _Touched, now: _Touched) -> tuple[MovedWork, ...]:
    return tuple(
        MovedWork(*of, before[of][1], due) for of, (days, due) in now.items() if of in before and before[of][0] != days
    )


@reads
def odd_periods(session: Session, client_id: int) -> tuple[OddPeriod, ...]:
    """The periods of a client that have days of their own, by kind and number."""
    kept = [
        OddPeriod(period, days)
        for row in work_rows.rows(session.engine, "odd_period", client_id=client_id)
        if (period := period_from(str(row.values["period"]))) is not None
        and (days := work_facts.days_from(str(row.values["first"]), str(row.values["last"]))) is not None
    ]
    return tuple(sorted(kept))


@reads
def periods_of(session: Session, client_id: int) -> ClientPeriods:
    """The periods of a client as they follow from its year end and its odd ones, whatever work has kept of them."""
    year_end = desk_clients.get(session, client_id).values["fiscal_year_end"]
    return ClientPeriods(year_end, dict(odd_periods(session, client_id)))


def _kept(
    session: Session,
    entity: str,
    names: Sequence[str],
    keys: Sequence[tuple[int | str, ...]],
    values: Mapping[str, Value],
) -> int:
    """Makes rows that are known by keys of several parts say these values; takes them away for none. How many were changed."""
    declared, engine = ENTITIES[entity], session.engine
    by_key = {declared.key_of(dict(zip(names, key, strict=True))): key for key in keys}
    ids = {key: key_reader(entity)(key) for key in by_key}
    present = rows.stored(engine, entity, ids.values())[0]
    patched: list[Patch] = []
    for key, parts in by_key.items():
        row = present.get(ids[key])
        if row is not None:
            patched.append(Patch(entity, key, row.values if not values else {}, values or None))
        elif values:
            patched.append(Patch(entity, "", None, {**dict(zip(names, parts, strict=True)), **values}))
    outcomes = [patches.landed(outcome) for outcome in patches.apply(session, patched)]
    return sum(outcome.verdict is Verdict.WRITTEN for outcome in outcomes)


# --- items of one client


@changes("work.own_items", Action.MANAGE_WORK)
def add_own_items(session: Session, read: Work, section_id: int, titles: Sequence[str], only: bool = False) -> Work:
    """Gives one client items of its own at the end of a section: from this period on, or `only` in this one. Refused where this
    period is completed ("work_completed")."""
    section = next((section for section in read.sections if section.id == section_id), None)
    if section is None:
        raise refuse("item_of_other_work", name=f"#{section_id}")
    demand_open(read_within(session, read.of))
    if section.retired:
        raise refuse("section_retired", name=section.name, of=read.template)
    place = max(
        (
            int(row.values["position"] or 0)
            for row in work_rows.rows(session.engine, "template_item", section_id=section_id)
        ),
        default=0,
    )
    key = read.of.period.key
    about: dict[str, Value] = {
        "section": section_id,
        "client": read.of.client_id,
        "first": key,
        "last": key if only else "",
    }
    added = [
        Patch("template_item", "", None, {**about, "title": title, "position": number})
        for number, title in enumerate(titles, place + 1)
    ]
    for outcome in patches.apply(session, added):
        patches.landed(outcome)
    return read_within(session, read.of)


@changes("work.own_item", Action.MANAGE_WORK)
def rename_own_item(session: Session, read: Work, item: Item, title: str) -> Work:
    """Renames an item that this client alone has. Refused for one of the template ("item_of_all")."""
    return _change_own(session, read, item, {"title": item.title}, {"title": title})


@changes("work.own_item", Action.MANAGE_WORK)
def end_own_item(session: Session, read: Work, item: Item) -> Work:
    """Takes an item of one client out of this period and all later ones; what was ticked of it before stays. Refused for one of
    the template ("item_of_all"), and where this period is completed ("work_completed")."""
    demand_open(read_within(session, read.of))
    row = next(iter(work_rows.rows(session.engine, "template_item", id=item.id)), None)
    first = period_from(str(row.values["first"])) if row is not None else None
    before = Period(read.of.period.kind, read.of.period.number - 1)
    if first is None or first.number <= before.number:
        return _change_own(session, read, item, {}, {"last": before.key})
    return _change_own(session, read, item, {}, {"retired": 1})


def _change_own(
    session: Session, read: Work, item: Item, before: Mapping[str, Value], after: Mapping[str, Value]
) -> Work:
    if not item.of_client:
        raise refuse("item_of_all", name=item.title, template=read.template)
    patches.landed(patches.apply_one(session, Patch("template_item", str(item.id), before, after)))
    return read_within(session, read.of)
