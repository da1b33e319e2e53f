"""What the rules say of a change of a client."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from clientdesk.desk.meanwhile import deleted_by
from clientdesk.desk.patch_judging import Case, Rules
from clientdesk.domain import own_value_rules, rules
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.deletion import Condition, conditions, referred_to
from clientdesk.domain.fields import Field, Kind
from clientdesk.domain.fold import fold, number_key
from clientdesk.domain.own_values import is_own, sort_key
from clientdesk.domain.patch import Key, Patch, Value
from clientdesk.domain.pricing_plan_steps import HAND_OVER, step_between
from clientdesk.domain.problems import Problem, problem
from clientdesk.domain.rules import called
from clientdesk.domain.unique_client_numbers import NOBODY, Claim, holder_of, number_taken, refused_claims
from clientdesk.store import clients as rows
from clientdesk.store import history
from clientdesk.store.engines import Statement
from clientdesk.store.entities import ENTITIES
from clientdesk.store.patches import Referring
from clientdesk.store.work_rows import GO_ALONG
from clientdesk.text import N_

# No I, L, O, U: a Company ID is read aloud and typed from paper.
_BY_BYTE = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ" * 8
_TEXTS = tuple(name for name in BUILT_IN.names if name not in BUILT_IN.referring)
_BESIDE = ("country", "subscription", "billed_to")
"""What other fields are judged by."""
_OF_THE_COUNTRY = ("phone", "mobile", "tax_id")
"""What is judged by the country, too."""


def new_company_id() -> str:
    """A Company ID for a client of ours: L and twelve characters by chance (60 bits), never Intuit's form."""
    return "L" + os.urandom(12).translate(_BY_BYTE).decode()


class ClientRules(Rules):
    """The rules of a client."""

    together = 1_000
    activity = "status", "active"
    instead = N_("It stays; it can be made inactive.")

    _rivals = rows.Rivals({}, {}, {})
    _leaving: frozenset[int] = frozenset()
    """The clients whose number becomes another one."""

    def complete(self, values: Mapping[str, Value], new: bool) -> Mapping[str, Value]:
        """See Rules: texts tidied, choices by their words, and references by their ids where a name says which."""
        completed: dict[str, Value] = {}
        catalogue = self._session.catalogue
        for name, value in values.items():
            if not isinstance(value, str):
                completed[name] = value
                continue
            field = catalogue.known(name)
            if field is None:  # of an own field that was taken back
                continue
            if is_own(name):
                completed[name] = self._own(field, value)
            elif name in catalogue.referring:
                completed[name] = self._reference(name, rules.tidy(field, value))
            else:
                text = rules.tidy(field, value)
                completed[name] = rules.choice_from(field, text) if field.choices else text
        if new:
            completed = {
                **catalogue.empty,
                **dict.fromkeys(catalogue.referring),
                **dict.fromkeys(catalogue.own, ""),
                **completed,
            }
            if not completed["company_id"]:
                completed["company_id"] = company_id = new_company_id()
                self._made.add(company_id)
        return completed

    def _own(self, field: Field, text: str) -> Value:
        """What is typed into an own field, as it is kept; a team member by the id where a name says which."""
        value = own_value_rules.kept(field, text)
        if field.kind is Kind.MEMBER and isinstance(value, str) and value:
            member_id = self._names.member_id(value)
            return value if member_id is None else member_id
        return value

    def _reference(self, field: str, name: str) -> Value:
        """The id that a name stands for; None for no name, and the name itself where nothing is called so."""
        if not name:
            return None
        by_name = self._names.type_id if field == "client_type" else self._names.member_id
        row_id = by_name(name)
        return name if row_id is None else row_id

    def asks(self, part: Sequence[Patch]) -> Sequence[Statement]:
        """See Rules: who has the numbers, names and Company IDs that are wanted."""
        if part[0].after is None:
            return super().asks(part)
        wanted = [patch.after for patch in part if patch.after is not None]
        numbers = {key for values in wanted if (key := number_key(str(values.get("client_number", ""))))}
        names = {fold(str(values["display_name"])) for values in wanted if values.get("display_name")}
        own_keys = self._own_keys(wanted)
        if part[0].before is not None:
            own = [int(patch.key) for patch in part]
            return rows.rivals_asked(numbers, names, (), own, own_keys) if numbers or names or own_keys else ()
        company_ids = {str(values["company_id"]) for values in wanted} - self._made
        return rows.rivals_asked(numbers, names, company_ids, (), own_keys)

    def _own_keys(self, wanted: Iterable[Mapping[str, Value]]) -> Mapping[str, Collection[str]]:
        """The keys of what is wanted in unique own fields, by field."""
        unique = [field.name for field in self._session.catalogue.own.values() if field.unique]
        keys: dict[str, set[str]] = {}
        for values in wanted if unique else ():
            for name in unique:
                if (value := values.get(name)) not in ("", None):
                    keys.setdefault(name, set()).add(sort_key(value))
        return keys

    def look(self, cases: Sequence[Case], answers: Sequence[Sequence[Any]]) -> None:
        """See Rules. Where another program made a client's key another one, its own number is looked for, too."""
        if not cases:
            return
        if cases[0].patch.after is None:
            super().look(cases, answers)
            return
        if answers:
            self._rivals = rows.rivals(row for answer in answers for row in answer)
        leaving, odd = set(), set()
        for case in cases:
            if case.present is not None and "client_number" in case.changed:
                leaving.add(case.present.id)
            elif case.present is not None and not _FREE.isdisjoint(case.changed):  # a text mends the key that is there
                key = number_key(str(case.whole["client_number"]))
                odd |= {key} - {"", case.present.keys["number_key"]}
        self._leaving = frozenset(leaving)
        if odd:
            (holders,) = self._session.engine.together(*rows.rivals_asked(odd, (), (), ()))
            self._rivals = self._rivals._replace(holders={**self._rivals.holders, **rows.rivals(holders).holders})

    def problems(self, case: Case) -> list[Problem]:
        """See Rules: what the values show by themselves, then what they are beside what else the firm has."""
        problems = self._of_values(case) + self._beside_others(case)
        if case.present is not None and ("company_id" in case.changed or "primary_admin" in case.changed):
            problems += _of_steps(case, self._session.undoes is not None)
        places = self._session.catalogue.places
        return sorted(problems, key=lambda wrong: places.get(wrong.field, len(places)))

    def _of_values(self, case: Case) -> list[Problem]:
        """The problems of the changed fields that show by themselves, and of what depends on them."""
        whole, changed, catalogue = case.whole, case.changed, self._session.catalogue
        own = [name for name in changed if is_own(name)]
        names = [name for name in changed if not is_own(name) and name not in BUILT_IN.referring]
        looked_at = (*names, *_BESIDE, *(_OF_THE_COUNTRY if "country" in changed else ()))
        texts = {name: str(whole[name]) for name in looked_at}
        problems = rules.check(texts, sorted(names, key=catalogue.places.__getitem__), catalogue)
        if "country" in changed:  # what depends on it is looked at again
            problems += rules.check(texts, [name for name in _OF_THE_COUNTRY if name not in changed], catalogue)
        if "subscription" not in changed and "billed_to" not in changed:
            problems = [wrong for wrong in problems if wrong.code != "plan_without_subscription"]
        for name in own:
            field = catalogue.known(name) if changed[name] else catalogue.by_name.get(name)
            if field is not None and (refusal := self._wrong_own(field, changed[name])) is not None:
                problems.append(refusal)
        return list({(wrong.code, wrong.field): wrong for wrong in problems}.values())

    def _wrong_own(self, field: Field, value: Value) -> Problem | None:
        members = self._names.members if field.kind is Kind.MEMBER else {}
        active = [member_id for member_id, member in members.items() if member.active]
        return own_value_rules.wrong(field, value, active, retired=self._session.undoes is not None)

    def _beside_others(self, case: Case) -> list[Problem]:
        """References that lead nowhere, and numbers, names and Company IDs that others have."""
        changed, whole, rivals, wrong = case.changed, case.whole, self._rivals, []
        type_id, lead_id = changed.get("client_type"), changed.get("lead")
        if type_id is not None and type_id not in self._names.types:
            choices = ", ".join(self._names.types.values())
            wrong.append(problem("unknown_client_type", "client_type", value=type_id, choices=choices))
        if lead_id is not None:
            lead = self._names.members.get(lead_id) if isinstance(lead_id, int) else None
            if lead is None or not lead.active:
                wrong.append(problem("unknown_lead", "lead", value=lead.name if lead else lead_id))
        if "display_name" in changed and (sake := rivals.namesakes.get(fold(str(whole["display_name"])))):
            wrong.append(problem("same_name", "display_name", name=called(sake.name), number=sake.number or "—"))
        if rivals.holders:
            number = str(whole["client_number"])
            holder_id, holder = holder_of(number, rivals.holders)
            given_up = holder_id in self._leaving and "client_number" in changed
            if holder_id not in (0, _id(case)) and not given_up:
                wrong.append(number_taken(number, holder))
        for name, value in changed.items() if rivals.own else ():
            holder_id, holder = rivals.own.get((name, sort_key(value)), NOBODY)
            if holder_id not in (0, _id(case)) and (field := self._session.catalogue.known(name)) is not None:
                wrong.append(own_value_rules.own_taken(field, value, holder))
        if case.present is None and (holder := rivals.company_ids.get(str(whole["company_id"]), "")):
            about = {"company_id": whole["company_id"], "holder": called(holder)}
            wrong.append(problem("company_id_taken", "company_id", **about))
        return wrong

    def keeps(self, case: Case) -> list[Problem]:
        """See Rules: a client that is not taken back has to meet the conditions of its deletion."""
        if self._session.undoes is not None:
            return super().keeps(case)
        texts = {name: str(case.whole[name]) for name in _TEXTS}
        referring = to_be_met(self.referring.get(_id(case))) if self.referring else ()
        all_conditions = conditions(self._session.me.access, texts, referring)
        missing = [condition for condition in all_conditions if not condition.met]
        if not missing:
            return []
        reasons = " ".join(f"{condition.sentence} ✗ {condition.advice}" for condition in missing)
        return [problem("delete_refused", name=self.called(case.whole), reasons=reasons)]

    def referred_to(self, case: Case) -> list[Problem]:
        """See Rules: of a client that is not taken back, its work goes along."""
        if self._session.undoes is None:
            row_id = _id(case)
            self.referring = {row_id: [of for of in self.referring.get(row_id, ()) if of.entity not in GO_ALONG]}
        return super().referred_to(case)

    def broken_by_both(self, case: Case) -> list[Problem]:
        """See Rules. The rules are those for what is typed, also where values were judged before."""
        assert case.present is not None
        as_read = {**case.present.values, **(case.patch.before or {}), **case.changed}
        both, mine, theirs = (
            {(wrong.code, wrong.field): wrong for wrong in ClientRules._of_values(self, case._replace(whole=values))}
            for values in (case.whole, as_read, case.present.values)
        )
        broken = [wrong for which, wrong in both.items() if which not in mine and which not in theirs]
        return super().broken_by_both(case) + broken

    def contested(self, cases: Sequence[Case]) -> Mapping[int, Problem]:
        """See Rules: a number goes to the first that takes it, once whoever bears it gives it up."""
        claims = [
            Claim(place, _id(case), str(case.whole["display_name"]), str(case.whole["client_number"]))
            for place, case in enumerate(cases)
            if "client_number" in case.changed
        ]
        refused = dict(refused_claims(claims, self._rivals.holders))
        for field in self._session.catalogue.own.values():
            first: dict[str, str] = {}
            for place, case in enumerate(cases) if field.unique else ():
                value = case.changed.get(field.name)
                if value in ("", None) or place in refused:
                    continue
                holder = first.setdefault(sort_key(value), name := str(case.whole["display_name"]))
                if holder is not name:
                    refused[place] = own_value_rules.own_taken(field, value, holder)
        return refused

    def _gone(self, key: Key, entry: history.Entry | None) -> Problem:
        name = called(str(entry.old.get("display_name", ""))) if entry else ""
        return problem("client_gone", name=name, who=deleted_by(self._session, entry))

    def called(self, values: Mapping[str, Value]) -> str:
        """See Rules."""
        return called(str(values["display_name"]))


def to_be_met(referring: Sequence[Referring] | None) -> Sequence[Condition]:
    """The preconditions of a client's deletion that what refers to it leaves unmet; its work goes along."""
    return [
        referred_to(ENTITIES[entity].title, ENTITIES[entity].by_name[field].label, referring_rows)
        for entity, field, referring_rows in referring or ()
        if entity not in GO_ALONG
    ]


_FREE = frozenset(name for name in _TEXTS if not BUILT_IN.by_name[name].choices)
"""The texts that are not one of some choices."""


def _id(case: Case) -> int:
    """The client's id; 0 for a new one."""
    return case.present.id if case.present is not None else 0


def _of_steps(case: Case, backwards: bool) -> list[Problem]:
    """The refusal of what never changes, and of a primary admin who changes in another way than by a step, or, in a
    change that undoes one, by a step `backwards`."""
    assert case.present is not None
    problems = []
    if "company_id" in case.changed:
        field = BUILT_IN.by_name["company_id"]
        problems.append(problem("fixed_field", "company_id", label=field.label, instead=field.instead))
    if "primary_admin" in case.changed:
        before, after = str(case.present.values["primary_admin"]), str(case.whole["primary_admin"])
        ways = {(before, after), (after, before)} if backwards else {(before, after)}
        if not any((step.before, step.after) in ways for step in HAND_OVER):
            step, field = step_between("primary_admin", before, after), BUILT_IN.by_name["primary_admin"]
            words = step.words.replace("KEY", str(case.whole["company_id"])) if step else "--help"
            values = {"value": field.display(after), "action": step.title if step else "", "step": words}
            problems.append(problem("left_to_plan", "primary_admin", label=field.label, **values))
    return problems
