"""Work as a person reads it: which one is meant, and one whole, with what changed since the period before."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from clientdesk.desk import clients as desk_clients
from clientdesk.desk import work_facts
from clientdesk.desk.items_then import ItemsThen
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.session import Session, reads
from clientdesk.desk.work_facts import TemplateFacts, is_within
from clientdesk.desk.work_records import (
    DifferenceBefore,
    InRole,
    Item,
    Person,
    Reconciliation,
    SectionOfWork,
    SinceBefore,
    Work,
    WorkOf,
)
from clientdesk.domain.fold import fold
from clientdesk.domain.likely_names import likely_names
from clientdesk.domain.patch import Stored, Value
from clientdesk.domain.periods import Period, period_from
from clientdesk.domain.problems import refuse
from clientdesk.domain.rules import called
from clientdesk.domain.work import People
from clientdesk.domain.work_templates import COMPLETED, State
from clientdesk.store import work_rows
from clientdesk.store.entities import ENTITIES

# --- which work is meant


@reads
def template_by_name(session: Session, name: str) -> TemplateFacts:
    """The template of this name, also a retired one. Refused ("unknown_template", "no_templates")."""
    templates = work_facts.templates(session).values()
    for template in templates:
        if fold(template.name) == fold(name):
            return template
    if not templates:
        raise refuse("no_templates", value=name)
    raise refuse("unknown_template", value=name, choices=likely_names(name, (known.name for known in templates)))


def period_of(template: TemplateFacts, key: str) -> Period:
    """The period with this key, of the template's kind. Refused ("unknown_period", "wrong_period")."""
    period = period_from(key.strip().upper())
    if period is None:
        raise refuse("unknown_period", value=key)
    if period.kind is not template.rule.kind:
        kind = template.rule.kind.label
        raise refuse("wrong_period", period=period.key, template=template.name, kind=kind)
    return period


@reads
def which(session: Session, client_id: int, template: TemplateFacts | None = None, period: str = "") -> WorkOf:
    """Which work of a client is meant: by the only template that applies where none is named, and of the first open period
    where none is. Refused where there is no such work."""
    client = desk_clients.get(session, client_id)
    by = work_facts.templates(session) if template is None else {template.id: template}
    works = work_facts.works(session, by, [client_id])
    if template is None:
        applying = [found for found in by.values() if client_id in works.applying[found.id]]
        if not applying:
            raise refuse("no_work_of_client", name=called(client.values["display_name"]))
        if len(applying) > 1:
            choices = ", ".join(found.name for found in applying)
            raise refuse("several_works", name=called(client.values["display_name"]), choices=choices)
        template = applying[0]
    if period:
        return WorkOf(client_id, template.id, period_of(template, period))
    standing = works.of[template.id, client_id].standing
    if standing is None or client_id not in works.applying[template.id]:
        name = called(client.values["display_name"])
        raise refuse("no_work_by_template", name=name, template=template.name)
    return WorkOf(client_id, template.id, standing.period)


def section_called(read: Work, name: str) -> SectionOfWork:
    """The section of a work with this name. Refused ("unknown_section")."""
    for section in read.sections:
        if fold(section.name) == fold(name):
            return section
    if not read.sections:
        raise refuse("no_sections", value=name, of=read.template)
    choices = likely_names(name, (section.name for section in read.sections))
    raise refuse("unknown_section", value=name, of=read.template, choices=choices)


def item_called(read: Work, title: str) -> Item:
    """The item of a work with this title, which its section may stand before (SECTION: ITEM). See `one_item`."""
    titles = {item.id: (section.name, item.title) for section in read.sections for item in section.items}
    item_id = one_item(title, titles, read.template)
    return next(item for item in read.items if item.id == item_id)


def one_item(title: str, titles: Mapping[int, tuple[str, str]], template: str) -> int:
    """The item with this title, or with one that begins so and no other one does, of some of which the section and the title
    are known. Refused ("unknown_item", "ambiguous_item")."""
    wanted = fold(title)
    whole = {item_id: (fold(parts[1]), fold(": ".join(parts))) for item_id, parts in titles.items()}
    named = [item_id for item_id, names in whole.items() if wanted in names]
    if not named and wanted:
        named = [item_id for item_id, names in whole.items() if any(name.startswith(wanted) for name in names)]
    if len(named) == 1:
        return named[0]
    if named:
        raise refuse("ambiguous_item", value=title, choices=", ".join(": ".join(titles[item_id]) for item_id in named))
    if not titles:
        raise refuse("no_items", value=title, of=template)
    choices = likely_names(title, (parts[1] for parts in titles.values()))
    raise refuse("unknown_item", value=title, of=template, choices=choices)


# --- one work


@reads
def read(session: Session, of: WorkOf) -> Work:
    """One work whole. Refused where there is none: the template does not apply, or the period is before the first one or
    does not exist ("no_work_by_template", "no_work_in_period", "wrong_period"), and where the client is gone."""
    return read_within(session, of)


def read_within(session: Session, of: WorkOf) -> Work:
    """See `read`; part of a use case."""
    client = desk_clients.get(session, of.client_id)
    name = called(client.values["display_name"])
    template = work_facts.templates(session).get(of.template_id)
    if template is None:
        raise refuse("template_unread", name=f"#{of.template_id}")
    if of.period.kind is not template.rule.kind:
        kind = template.rule.kind.label
        raise refuse("wrong_period", period=of.period.key, template=template.name, kind=kind)
    works = work_facts.works(session, {template.id: template}, [of.client_id])
    of_client, touched = works.of[template.id, of.client_id], works.touched.get((template.id, of.client_id), {})
    if of.period not in touched and of.client_id not in works.applying[template.id]:
        raise refuse("no_work_by_template", name=name, template=template.name)
    days, first = of_client.periods.span(of.period), of_client.first
    if days is None or not of_client.has(of.period):
        begins = first.words if first is not None else "–"
        raise refuse("no_work_in_period", name=name, template=template.name, period=of.period.words, first=begins)
    row = _row(session, of)
    previous, following = of_client.periods.previous(of.period), of_client.periods.next(of.period)
    before = previous if of_client.has(previous) else None
    items, accounts = _ItemsOf(session, of), _accounts(session, of)
    values = row.values if row is not None else {**ENTITIES["work"].defaults, **of.values}
    return Work(
        of,
        client.values["display_name"],
        client.values["company_id"],
        client.values["client_number"],
        client.active,
        template.name,
        days,
        of_client.due(of.period),
        bool(values["due"]),
        state_of(template, of_client.state(of.period)),
        template.states,
        people_of(template, Names(session.engine), of_client.named(of.period), of_client.people(of.period)),
        str(values["note"]),
        str(values["reason"]),
        template.closing,
        row is not None,
        items.sections,
        accounts,
        _since(session, of, before, items, accounts),
        before,
        following,
        values,
    )


def _row(session: Session, of: WorkOf) -> Stored | None:
    found = work_rows.rows(
        session.engine, "work", client_id=of.client_id, template_id=of.template_id, period=of.period.key
    )
    return found[0] if found else None


def state_of(template: TemplateFacts, number: int) -> State:
    """The state with a number; one that the template does not have (any more) is called by it."""
    return next((state for state in template.states if state.number == number), State(number, f"#{number}", True))


def people_of(template: TemplateFacts, names: Names, named: People, people: People) -> tuple[InRole, ...]:
    """Who does a work in the template's roles: those who were `named` for it, and in all."""
    return tuple(
        InRole(
            role.number,
            role.name,
            _person(names, people[role.number - 1]),
            named[role.number - 1] is not None,
        )
        for role in sorted(template.roles)
    )


def _person(names: Names, member_id: int | None) -> Person:
    return Person(member_id, names.of("team_member", member_id)) if member_id else Person()


class _ItemsOf:
    """The items of a work by their sections: those of the template and of its client, and those that somebody has touched
    here and that are retired since."""

    def __init__(self, session: Session, of: WorkOf) -> None:
        engine = session.engine
        rows = work_rows.rows(
            engine, "work_item", client_id=of.client_id, template_id=of.template_id, period=of.period.key
        )
        self._touched = {int(row.values["item"] or 0): row for row in rows}
        sections = sorted(work_rows.rows(engine, "template_section", template_id=of.template_id), key=_place)
        section_ids = [section.id for section in sections]
        self.rows = (
            sorted(work_rows.rows(engine, "template_item", section_id=section_ids), key=_place) if sections else []
        )
        was_there = ItemsThen(session, of, _row(session, of), self.rows)
        retired = {section.id for section in sections if section.values["retired"]}
        kept = {section_id for section_id in retired if was_there.kept("template_section", section_id)}
        by_section: dict[Value, list[Item]] = {}
        for row in self.rows:
            if not is_item_of(row, of):
                continue
            first, last = str(row.values["first"]), str(row.values["last"])
            is_retired = bool(row.values["retired"]) and not was_there.kept("template_item", row.id)
            is_retired = is_retired or row.values["section"] in retired - kept or not is_within(first, last, of.period)
            if row.id in self._touched or not (is_retired or was_there.came_behind(row.id)):
                by_section.setdefault(row.values["section"], []).append(self._item(of, row, is_retired))
        self.sections = tuple(
            SectionOfWork(
                section.id, str(section.values["name"]), tuple(by_section.get(section.id, ())), section.id in retired
            )
            for section in sections
            if section.id in by_section or section.id not in retired
        )

    def _item(self, of: WorkOf, row: Stored, is_retired: bool) -> Item:
        stored = self._touched.get(row.id)
        names: Mapping[str, str] = stored.names if stored is not None else {}
        values = stored.values if stored is not None else untouched_item(of, row.id)
        return Item(
            row.id,
            str(row.values["title"]),
            str(values["state"]),
            str(values["question"]),
            date_of(values["asked"]),
            _called(values["by"], names.get("by", "")),
            str(values["at"] or ""),
            str(values["note"]),
            date_of(values["due"]),
            _called(values["assignee"], names.get("assignee", "")),
            row.values["client"] is not None,
            is_retired,
            values,
        )


def untouched_item(of: WorkOf, item_id: int) -> dict[str, Value]:
    """The values of an item that nobody has touched in a work."""
    return {**ENTITIES["work_item"].defaults, **of.values, "item": item_id}


def is_item_of(row: Stored, of: WorkOf) -> bool:
    """Whether an item is everybody's, or this client's own."""
    return row.values["client"] in (None, of.client_id)


def _place(row: Stored) -> tuple[int, int]:
    return int(row.values["position"] or 0), row.id


def _called(member_id: Value, name: str) -> Person:
    return Person(int(member_id), name) if member_id else Person()


def date_of(value: Value) -> date | None:
    """A date that is kept; None for none, and for what cannot be read."""
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _accounts(session: Session, of: WorkOf) -> tuple[Reconciliation, ...]:
    """The accounts of the client with what is said of them in a work; a retired one only where something is."""
    engine = session.engine
    accounts = sorted(work_rows.rows(engine, "client_account", client_id=of.client_id), key=_place)
    rows = work_rows.rows(
        engine, "reconciliation", client_id=of.client_id, template_id=of.template_id, period=of.period.key
    )
    touched = {row.values["account"]: row for row in rows}
    return tuple(
        _reconciliation(of, account, touched.get(account.id))
        for account in accounts
        if account.id in touched or not account.values["retired"]
    )


def _reconciliation(of: WorkOf, account: Stored, row: Stored | None) -> Reconciliation:
    values = row.values if row is not None else untouched_account(of, account.id)
    return Reconciliation(
        account.id,
        str(account.values["name"]),
        str(account.values["currency"]),
        bool(account.values["retired"]),
        row is not None,
        str(values["state"]),
        date_of(values["through"]),
        _amount(values["balance"]),
        _amount(values["difference"]),
        date_of(values["due"]),
        _called(values["assignee"], row.names.get("assignee", "") if row is not None else ""),
        values,
    )


def untouched_account(of: WorkOf, account_id: int) -> dict[str, Value]:
    """The values of an account of which nobody has written anything in a work."""
    return {**ENTITIES["reconciliation"].defaults, **of.values, "account": account_id}


def _amount(value: Value) -> Decimal | None:
    try:
        return Decimal(str(value)) if value else None
    except ArithmeticError:
        return None


def _since(
    session: Session, of: WorkOf, before: Period | None, items: _ItemsOf, accounts: Sequence[Reconciliation]
) -> SinceBefore:
    """What changed since the period before. An item came since where it is the client's own from this period on, or was added
    to the template after the work before was completed; one went that was touched there and is none of this work."""
    if before is None:
        return SinceBefore()
    of_before = of._replace(period=before)
    items_before = _ItemsOf(session, of_before)
    now = {item.id: item for section in items.sections for item in section.items}
    then = {item.id: item for section in items_before.sections for item in section.items}
    completed = work_rows.last_set(session.engine, "work", of_before.key, "state", COMPLETED)
    keys = [str(item_id) for item_id in now]
    added_at = work_rows.added_at(session.engine, "template_item", keys) if completed else {}
    differences = {account.account_id: account for account in _accounts(session, of_before)}
    return SinceBefore(
        before,
        tuple(
            item.title
            for item in now.values()
            if not item.retired and (item.id not in then or added_at.get(str(item.id), "") > completed)
        ),
        tuple(item.title for item in then.values() if item.id not in now or now[item.id].retired),
        tuple(
            item.title
            for item in then.values()
            if item.state == "not_applicable" and item.id in now and now[item.id].state != "not_applicable"
        ),
        tuple(
            DifferenceBefore(
                account.name, account.currency, differences[account.account_id].difference, account.difference
            )
            for account in accounts
            if account.account_id in differences
            and differences[account.account_id].touched
            and account.touched
            and differences[account.account_id].difference != account.difference
        ),
    )
