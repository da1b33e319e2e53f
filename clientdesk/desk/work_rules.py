"""What the rules say of a change of a work, of its items, of where work begins, of periods with days of their own, of accounts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from clientdesk.desk import work_facts
from clientdesk.desk.meanwhile import deleted_by
from clientdesk.desk.patch_judging import Case, Rules
from clientdesk.desk.work_facts import TemplateFacts
from clientdesk.domain.access import Action
from clientdesk.domain.amounts import is_amount
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_periods import clashes
from clientdesk.domain.fold import fold
from clientdesk.domain.patch import Key, Value
from clientdesk.domain.periods import Span, months_in, months_of, period_from, span
from clientdesk.domain.problems import Problem, problem
from clientdesk.domain.rules import tidy, tidy_name
from clientdesk.domain.work_templates import COMPLETED
from clientdesk.store import history, work_rows
from clientdesk.text import N_, _

_TEXTS = ("note", "reason", "question")
"""What may have several lines."""
_LOOKED_BACK = 100
"""So many entries at most of an item are looked through for who retired it."""
_LONGEST = 24
"""So many months an odd period has at most."""
_YEARS_FROM_END = 10
"""So many years at most a due date is before or after the end of its period."""
_DAYS_AHEAD = 366
"""So many days at most an account is reconciled beyond today."""
_STANDS = frozenset(("due", "who1", "who2", "who3"))
"""What of a work stays as it is once the work is completed."""
_NOTES = BUILT_IN.by_name["notes"]


class _OfWork(Rules):
    """What these rules share: dates are dates, those who are named are active, and a period is of its template's kind."""

    dates: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    def complete(self, values: Mapping[str, Value], new: bool) -> Mapping[str, Value]:
        """See Rules: a note keeps its lines."""
        texts = {
            name: tidy(_NOTES, value) for name, value in values.items() if name in _TEXTS and isinstance(value, str)
        }
        return {**super().complete(values, new), **texts}

    def problems(self, case: Case) -> list[Problem]:
        """See Rules."""
        wrong = super().problems(case)
        return wrong or [*self._of_dates(case), *self._of_people(case), *self._of_period(case), *self._beside(case)]

    def _of_dates(self, case: Case) -> Iterator[Problem]:
        for name in self.dates:
            value = case.changed.get(name)
            if value not in (None, "") and not _is_date(value):
                yield problem("no_date", name, label=self._entity.by_name[name].label, value=value)

    def _of_people(self, case: Case) -> Iterator[Problem]:
        for name in self.people:
            member_id = case.changed.get(name)
            if isinstance(member_id, int) and not self._names.members[member_id].active:
                member = self._names.members[member_id].name
                yield problem("inactive_in_work", name, label=self._label(name, case), value=member)

    def _of_due(self, case: Case) -> Iterator[Problem]:
        """That a due date is too far from the end of its period."""
        due, period = str(case.changed.get("due") or ""), period_from(str(case.whole["period"]))
        if _is_date(due) and period is not None:
            last = span(period, "").last
            if abs(date.fromisoformat(due).year - last.year) > _YEARS_FROM_END:
                yield problem("far_due", "due", due=due, last=last.isoformat())

    def _label(self, name: str, case: Case) -> str:
        """What a field is called; a role as the template calls it."""
        template = self._template(case) if name.startswith("who") else None
        roles = template.roles if template is not None else ()
        label = self._entity.by_name[name].label
        return next((role.name for role in roles if f"who{role.number}" == name), label)

    def _of_period(self, case: Case) -> Iterator[Problem]:
        if case.present is None and "period" in case.whole:
            template = self._template(case)
            yield from _wrong_period(template, str(case.whole["period"])) if template else ()

    def _beside(self, case: Case) -> Iterator[Problem]:
        """What is wrong with it beside what else the firm has."""
        yield from ()

    @cached_property
    def _templates(self) -> Mapping[int, TemplateFacts]:
        return work_facts.templates(self._session)

    def _template(self, case: Case) -> TemplateFacts | None:
        return self._templates.get(int(case.whole["template"] or 0))

    def _work_called(self, case: Case) -> str:
        """What the work of a row is called."""
        client, template = (self._names.of(entity, int(case.whole[entity] or 0)) for entity in ("client", "template"))
        period = period_from(str(case.whole["period"]))
        return f"{client}, {template}, {period.words if period else case.whole['period']}"

    def _gone(self, key: Key, entry: history.Entry | None) -> Problem:
        return problem("stale", name=self._called_by(key), who=deleted_by(self._session, entry))


def _is_date(value: Value) -> bool:
    try:
        return date.fromisoformat(str(value)).isoformat() == value
    except ValueError:
        return False


def _wrong_period(template: TemplateFacts, key: str) -> Iterator[Problem]:
    period = period_from(key)
    if period is None:
        yield problem("unknown_period", "period", value=key)
    elif period.kind is not template.rule.kind:
        kind = template.rule.kind.label
        yield problem("wrong_period", "period", period=key, template=template.name, kind=kind)


class WorkRules(_OfWork):
    """The rules of a work."""

    dates = ("first", "last", "due")
    people = ("who1", "who2", "who3")
    instead = N_("It stays as it is.")

    def _beside(self, case: Case) -> Iterator[Problem]:
        first, last = case.whole["first"], case.whole["last"]
        if not first or not last:
            if first or last:
                yield problem("days_apart", "first")
        elif str(first) > str(last):
            yield problem("days_reversed", "first", first=first, last=last)
        yield from self._of_due(case)
        template = self._template(case)
        stood = case.present.values["state"] if case.present is not None else None
        if stood == COMPLETED and "state" not in case.changed and not _STANDS.isdisjoint(case.changed):
            yield problem("work_completed", name=self._work_called(case))
        if template is None:
            return
        if "state" in case.changed:
            yield from self._of_state(case, template)
        for number in (1, 2, 3):
            if case.changed.get(f"who{number}") is not None and number not in {role.number for role in template.roles}:
                choices = ", ".join(role.name for role in template.roles)
                yield problem("unknown_role", f"who{number}", template=template.name, value=number, choices=choices)

    def _of_state(self, case: Case, template: TemplateFacts) -> Iterator[Problem]:
        state = next((state for state in template.states if state.number == case.whole["state"]), None)
        is_taken_back = self._session.undoes is not None
        if state is None:
            choices = ", ".join(state.name for state in template.states if not state.retired)
            value = case.whole["state"]
            yield problem("unknown_work_state", "state", template=template.name, value=value, choices=choices)
        elif state.retired and not is_taken_back:
            yield problem("work_retired_state", "state", name=state.name)
        if case.present is not None and case.present.values["state"] == COMPLETED and not is_taken_back:
            if denied := self._session.denial(Action.MANAGE_WORK):
                yield denied._replace(field="state")
            if not str(case.changed.get("reason", "")).strip():
                yield problem("reason_missing", "reason", name=self.called(case.whole))

    def keeps(self, case: Case) -> list[Problem]:
        """See Rules: it stays as long as somebody's items or accounts of it do."""
        if self._session.undoes is None:
            return super().keeps(case)
        key = {f"{name}_id": case.whole[name] for name in ("client", "template")}
        count = sum(
            len(work_rows.rows(self._session.engine, entity, **key, period=case.whole["period"]))
            for entity in ("work_item", "reconciliation")
        )
        return [problem("work_has_rows", name=self.called(case.whole), count=count)] if count else super().keeps(case)


class _InWork(_OfWork):
    """The rules of a row of a work: it stays as it is once the work is completed, but for its note."""

    dates = ("asked", "due", "through")
    people = ("assignee",)
    instead = N_("It stays as it is.")
    _completed: frozenset[tuple[Value, ...]] = frozenset()
    """The works of the rows that are judged together which are completed: client, template and period of each."""

    def look(self, cases: Sequence[Case], answers: Sequence[Sequence[Any]]) -> None:
        """See Rules: whether the works are completed is read at once."""
        super().look(cases, answers)
        works = {name: {int(case.whole[name] or 0) for case in cases} for name in ("client", "template")}
        if cases:
            rows = work_rows.rows(
                self._session.engine,
                "work",
                client_id=sorted(works["client"]),
                template_id=sorted(works["template"]),
                state=COMPLETED,
            )
            self._completed = frozenset(_work_of(row.values) for row in rows)

    def _is_completed(self, case: Case) -> bool:
        """Whether the work of a row is completed."""
        return _work_of(case.whole) in self._completed

    def _beside(self, case: Case) -> Iterator[Problem]:
        stands = case.present.values if case.present is not None else self._entity.defaults
        free = {"note", *(attribute.name for attribute in self._entity.key_attributes)}
        yield from self._of_due(case)
        if any(
            name not in free and stands[name] != value for name, value in case.changed.items()
        ) and self._is_completed(case):
            yield problem("work_completed", name=self._work_called(case))

    def keeps(self, case: Case) -> list[Problem]:
        """See Rules: what was done before a work was completed is not taken back behind that."""
        if self._session.undoes is not None and self._is_completed(case):
            return [problem("work_completed", name=self._work_called(case))]
        return super().keeps(case)


def _work_of(values: Mapping[str, Value]) -> tuple[Value, ...]:
    return values["client"], values["template"], values["period"]


class _Owner(NamedTuple):
    """Of which template and section an item is, which client alone has it (None: all), whether it or its section is retired,
    and from which period to which one it is there."""

    template_id: Value = None
    client_id: Value = None
    section_id: int = 0
    retired: bool = False
    first: str = ""
    last: str = ""

    def is_retired_in(self, key: str) -> bool:
        """Whether nobody is asked for the item in a period any more."""
        period = period_from(key)
        return self.retired or (period is not None and not work_facts.is_within(self.first, self.last, period))


class WorkItemRules(_InWork):
    """The rules of an item of a work."""

    def _beside(self, case: Case) -> Iterator[Problem]:
        yield from super()._beside(case)
        if case.whole["state"] == "waiting" and not str(case.whole["question"]).strip() and "state" in case.changed:
            yield problem("question_missing", "question")
        if self._session.undoes is not None:
            return
        item_id = int(case.whole["item"] or 0)
        owner = self._owner(item_id)
        name = self._names.of("template_item", item_id)
        if case.present is None and (
            owner.template_id != case.whole["template"] or owner.client_id not in (None, case.whole["client"])
        ):
            yield problem("item_of_other_work", "item", name=name)
        elif case.changed.get("state", "todo") != "todo" and owner.is_retired_in(str(case.whole["period"])):
            yield problem("item_retired", "state", name=name, who=self._retired_by(item_id, owner))

    def _retired_by(self, item_id: int, owner: "_Owner") -> str:
        """Who retired an item, or its section."""
        engine, rows = self._session.engine, (("template_item", item_id), ("template_section", owner.section_id))
        for entity, row_id in rows:
            for entry in history.entries(engine, entity, str(row_id), _LOOKED_BACK):
                if entry.operation == "update" and (entry.new.get("retired") or entry.new.get("last")):
                    return _("you") if entry.actor == self._session.me.name else entry.actor
        return "–"

    def _owner(self, item_id: int) -> "_Owner":
        """Of which template an item is, and which client alone has it."""
        if item_id not in self._owners:
            engine = self._session.engine
            item = next(iter(work_rows.rows(engine, "template_item", id=item_id)), None)
            section_id = item.values["section"] if item is not None else 0
            section = next(iter(work_rows.rows(engine, "template_section", id=section_id)), None)
            of = _Owner()
            if item is not None and section is not None:
                retired = bool(item.values["retired"] or section.values["retired"])
                begins, ends = str(item.values["first"]), str(item.values["last"])
                of = _Owner(section.values["template"], item.values["client"], section.id, retired, begins, ends)
            self._owners[item_id] = of
        return self._owners[item_id]

    @cached_property
    def _owners(self) -> dict[int, "_Owner"]:
        return {}

    def subject(self, as_read: Mapping[str, Value], fields: Sequence[str]) -> str:
        """See Rules."""
        return _("The item “{name}”").format(name=self._names.of("template_item", int(as_read["item"] or 0)))


class ReconciliationRules(_InWork):
    """The rules of a reconciliation of an account in a work."""

    def _beside(self, case: Case) -> Iterator[Problem]:
        yield from super()._beside(case)
        through = str(case.changed.get("through") or "")
        if _is_date(through) and date.fromisoformat(through) > self._session.today() + timedelta(_DAYS_AHEAD):
            yield problem("through_ahead", "through", through=through)
        for name in ("balance", "difference"):
            value = case.changed.get(name)
            if value and not is_amount(value):
                yield problem("no_amount", name, label=self._entity.by_name[name].label, value=value)
        if case.present is None:
            account = next(iter(work_rows.rows(self._session.engine, "client_account", id=case.whole["account"])), None)
            if account is not None and account.values["client"] != case.whole["client"]:
                yield problem("account_of_other", "account", name=account.values["name"])

    def subject(self, as_read: Mapping[str, Value], fields: Sequence[str]) -> str:
        """See Rules."""
        return _("The account {name}").format(name=self._names.of("client_account", int(as_read["account"] or 0)))


class WorkStartRules(_OfWork):
    """The rules of the period with which a client's work begins."""

    def _beside(self, case: Case) -> Iterator[Problem]:
        template = self._template(case)
        if template is not None:
            yield from _wrong_period(template, str(case.whole["first"]))


class OddPeriodRules(_OfWork):
    """The rules of a client's period that has days of its own. One at a time, as each is compared with those before it."""

    together = 1
    dates = ("first", "last")

    def _of_period(self, case: Case) -> Iterator[Problem]:
        if period_from(str(case.whole["period"])) is None:
            yield problem("unknown_period", "period", value=case.whole["period"])

    def _beside(self, case: Case) -> Iterator[Problem]:
        first, last, period = (str(case.whole[name]) for name in ("first", "last", "period"))
        if first > last:
            yield problem("days_reversed", "first", first=first, last=last)
            return
        own, client_id = period_from(period), case.whole["client"]
        if own is None:
            return
        months = months_in(Span(date.fromisoformat(first), date.fromisoformat(last)))
        most = min(3 * months_of(own.kind), _LONGEST)
        if months > most and self._session.undoes is None:
            yield problem("odd_too_long", "last", period=own.words, n=months, first=first, last=last, most=most)
            return
        fixed = {
            kept: days
            for row in work_rows.rows(self._session.engine, "odd_period", client_id=client_id)
            if (kept := period_from(str(row.values["period"]))) is not None
            and (days := work_facts.days_from(str(row.values["first"]), str(row.values["last"]))) is not None
        }
        fixed[own] = Span(date.fromisoformat(first), date.fromisoformat(last))
        for clash in clashes(fixed):
            if own not in clash[:2]:
                continue
            other = clash.earlier if clash.later == own else clash.later
            about = {"other_first": fixed[other].first.isoformat(), "other_last": fixed[other].last.isoformat()}
            if clash.gap:
                earlier, later = clash.earlier, clash.later
                gap = {"other_last": fixed[earlier].last.isoformat(), "first": fixed[later].first.isoformat()}
                yield problem("odd_gap", "first", other=earlier.words, period=later.words, **gap)
            else:
                yield problem(
                    "odd_clash", "first", period=own.words, first=first, last=last, other=other.words, **about
                )


class AccountRules(Rules):
    """The rules of an account of a client. One at a time, as each is seen by the next."""

    together = 1
    instead = N_("It stays; it can be retired, and what was reconciled is kept.")

    def problems(self, case: Case) -> list[Problem]:
        """See Rules: no two accounts of a client have names that differ in case or accents only, and amounts stay in the
        currency in which they were written."""
        wrong = super().problems(case)
        if not wrong and "currency" in case.changed and case.present is not None:
            client_id = int(case.whole["client"] or 0)
            if work_rows.had_amounts(self._session.engine, client_id, case.present.id):
                currency = case.present.values["currency"] or "–"
                wrong = [
                    problem("currency_in_use", "currency", name=self.called(case.present.values), currency=currency)
                ]
        if wrong or "name" not in case.changed:
            return wrong
        name = tidy_name(str(case.whole["name"]))
        own_id = case.present.id if case.present is not None else None
        for row in work_rows.rows(self._session.engine, "client_account", client_id=case.whole["client"]):
            if row.id != own_id and fold(str(row.values["name"])) == fold(name):
                code = "account_taken_retired" if row.values["retired"] else "account_taken"
                return [problem(code, "name", name=row.values["name"])]
        return []

    def subject(self, as_read: Mapping[str, Value], fields: Sequence[str]) -> str:
        """See Rules."""
        return _("The account {name}").format(name=self.called(as_read))
