"""What the rules say of a change of a client."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from clientdesk.desk.judging import Case, Names, kept_added
from clientdesk.desk.meanwhile import deleted_by, in_words
from clientdesk.desk.session import Session
from clientdesk.domain import rules
from clientdesk.domain.contest import Wish, hopeless
from clientdesk.domain.deletion import conditions
from clientdesk.domain.fields import BY_NAME, EMPTY, NAMES, Kind
from clientdesk.domain.fold import fold, number_key
from clientdesk.domain.patch import Key, Patch, Stored, Value
from clientdesk.domain.plan_steps import HAND_OVER, step_between
from clientdesk.domain.problems import Problem, problem
from clientdesk.store import clients as rows
from clientdesk.store import history, undoing
from clientdesk.store.engines import Statement
from clientdesk.text import N_

# No I, L, O, U: a Company ID is read aloud and typed from paper.
_BY_BYTE = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ" * 8
REFERENCES = tuple(name for name in NAMES if BY_NAME[name].kind in (Kind.CLIENT_TYPE, Kind.MEMBER))
"""The fields that hold the id of a client type or team member."""
_TEXTS = tuple(name for name in NAMES if name not in REFERENCES)
_BESIDE = ("country", "subscription", "billed_to")
"""What other fields are judged by."""
_OF_THE_COUNTRY = ("phone", "mobile", "tax_id")
"""What is judged by the country, too."""
_LOOKED_BACK = 200
"""So many changes of a client are looked through for the one that made it inactive."""
_INSTEAD = N_("It stays; it can be made inactive.")
"""What can be done to a client that was added and changed, instead of taking it back."""
_ORDER = {name: place for place, name in enumerate(NAMES)}


def new_company_id() -> str:
    """A Company ID for a client of ours: L and twelve characters by chance (60 bits), never Intuit's form."""
    return "L" + os.urandom(12).translate(_BY_BYTE).decode()


class ClientRules:
    """See `patches.Rules`."""

    together = 1_000

    def __init__(self, session: Session, names: Names) -> None:
        self._session = session
        self._names = names
        self._found = rows.Rivals({}, {}, {})
        self._leaving: frozenset[int] = frozenset()
        self._standing: dict[str, undoing.Standing] = {}
        self._made: set[str] = set()
        """Company IDs made here, which nobody has."""

    def complete(self, values: Mapping[str, Value], new: bool) -> Mapping[str, Value]:
        """See Rules: texts tidied, choices by their words, and references by their ids where a name says which."""
        completed: dict[str, Value] = {}
        for name, value in values.items():
            field = BY_NAME[name]
            if not isinstance(value, str):
                completed[name] = value
            elif name in REFERENCES:
                completed[name] = self._reference(name, rules.tidy(field, value))
            else:
                text = rules.tidy(field, value)
                completed[name] = rules.choice_from(field, text) if field.choices else text
        if new:
            completed = {**EMPTY, **dict.fromkeys(REFERENCES), **completed}
            if not completed["company_id"]:
                completed["company_id"] = company_id = new_company_id()
                self._made.add(company_id)
        return completed

    def _reference(self, field: str, name: str) -> Value:
        """The id that a name stands for; None for no name, and the name itself where nothing is called so."""
        if not name:
            return None
        by_name = self._names.type_id if BY_NAME[field].kind is Kind.CLIENT_TYPE else self._names.member_id
        found = by_name(name)
        return name if found is None else found

    def asks(self, patches: Sequence[Patch]) -> Sequence[Statement]:
        """See Rules: who has the numbers, names and Company IDs that are wanted; what was done to clients whose
        addition is taken back."""
        if self._takes_back(patches[0]):
            return undoing.standing_asked("client", [patch.key for patch in patches])
        wanted = [patch.after for patch in patches if patch.after is not None]
        numbers = {key for values in wanted if (key := number_key(str(values.get("client_number", ""))))}
        names = {fold(str(values["display_name"])) for values in wanted if values.get("display_name")}
        new = [patch.after for patch in patches if patch.before is None and patch.after is not None]
        company_ids = {str(values["company_id"]) for values in new if values["company_id"] not in self._made}
        return rows.rivals_asked(
            numbers, names, company_ids, [int(patch.key) for patch in patches if patch.before is not None]
        )

    def look(self, cases: Sequence[Case], answers: Sequence[Sequence[Any]]) -> None:
        """See Rules. Where another program made a client's key another one, its own number is looked for, too."""
        if cases and self._takes_back(cases[0].patch):
            self._standing = undoing.standing(answers)
            return
        if answers and cases:
            self._found = rows.rivals(row for answer in answers for row in answer)
        self._leaving = frozenset(_id(case) for case in cases if case.present and "client_number" in case.changed)
        odd = [case for case in cases if case.present is not None and _is_odd(case)]
        if odd:
            keys = {number_key(str(case.whole["client_number"])) for case in odd}
            (found,) = self._session.engine.together(*rows.rivals_asked(keys, (), (), ()))
            self._found = self._found._replace(holders={**self._found.holders, **rows.rivals(found).holders})

    def problems(self, case: Case) -> list[Problem]:
        """See Rules."""
        if self._takes_back(case.patch):
            return kept_added(self._session, self.called(case.whole), self._standing.get(case.patch.key), _INSTEAD)
        if case.patch.after is None:
            return self._kept_by_conditions(case)
        found = [*self._of_values(case), *self._of_references(case), *self._of_number(case)]
        if case.present is None:
            found += self._of_identity(case)
        elif "company_id" in case.changed or "primary_admin" in case.changed:
            found += _of_steps(case, self._session.undoes is not None)
        return sorted(found, key=lambda each: _ORDER[each.field])

    def _of_values(self, case: Case) -> list[Problem]:
        """What the values show by themselves, and who is called so already."""
        found, name = _of_texts(case.whole, case.changed), fold(str(case.whole["display_name"]))
        if "display_name" in case.changed and (sake := self._found.namesakes.get(name)):
            found.append(problem("same_name", "display_name", name=_called(sake.name), number=sake.number or "—"))
        return found

    def _of_references(self, case: Case) -> list[Problem]:
        changed, whole, found = case.changed, case.whole, []
        if "client_type" in changed and whole["client_type"] not in {None, *self._names.types}:
            choices = ", ".join(self._names.types.values())
            found.append(problem("unknown_client_type", "client_type", value=whole["client_type"], choices=choices))
        if "lead" in changed and whole["lead"] is not None:
            lead = self._names.members.get(whole["lead"]) if isinstance(whole["lead"], int) else None
            if lead is None or not lead.active:
                found.append(problem("unknown_lead", "lead", value=lead.name if lead else whole["lead"]))
        return found

    def _of_number(self, case: Case) -> list[Problem]:
        if not self._found.holders:
            return []
        holder_id, holder = self._found.holders.get(number_key(str(case.whole["client_number"])), (0, ""))
        given_up = holder_id in self._leaving and "client_number" in case.changed
        return [] if holder_id in (0, _id(case)) or given_up else [_taken(case, holder)]

    def _takes_back(self, patch: Patch) -> bool:
        """Whether it takes a client back that was added."""
        return patch.after is None and self._session.undoes is not None

    def _kept_by_conditions(self, case: Case) -> list[Problem]:
        texts = {name: str(case.whole[name]) for name in _TEXTS}
        missing = [each for each in conditions(self._session.me.access, texts) if not each.met]
        if not missing:
            return []
        reasons = " ".join(f"{each.sentence} ✗ {each.advice}" for each in missing)
        return [problem("delete_refused", name=self.called(case.whole), reasons=reasons)]

    def _of_identity(self, case: Case) -> list[Problem]:
        company_id = str(case.whole["company_id"])
        if holder := self._found.company_ids.get(company_id):
            return [problem("company_id_taken", "company_id", company_id=company_id, holder=_called(holder))]
        return []

    def broken_by_both(self, case: Case) -> list[Problem]:
        """See Rules: who was made inactive meanwhile counts as such."""
        before, there = case.patch.before or {}, case.present
        assert there is not None
        mine = {**there.values, **before, **case.values}
        known = {_told(each) for values in (mine, there.values) for each in _of_texts(values, case.changed)}
        both = [each for each in _of_texts(case.whole, case.changed) if _told(each) not in known]
        if "status" in case.others and before["status"] == "active":
            both.insert(0, self.meanwhile(there, before))
        return both

    def meanwhile(self, there: Stored, before: Mapping[str, Value]) -> Problem:
        """See Rules: the history says who made a client inactive."""
        name = self.called(there.values)
        if before.get("status") == "active" != there.values["status"]:
            for entry in history.entries(self._session.engine, "client", str(there.id), _LOOKED_BACK):
                if entry.old.get("status") == "active":
                    return problem("made_inactive", name=name, who=in_words(self._session, entry.actor))
        return problem("stale", name=name)

    def contested(self, cases: Sequence[Case]) -> Mapping[int, Problem]:
        """See Rules: a number goes to the first that takes it, once whoever bears it gives it up."""
        wanted = {
            place: key
            for place, case in enumerate(cases)
            if "client_number" in case.changed and (key := number_key(str(case.whole["client_number"])))
        }
        holders = self._found.holders
        wishes = [
            Wish(place, _id(cases[place]), holders[key][0])
            for place, key in wanted.items()
            if key in holders and holders[key][0] != _id(cases[place])
        ]
        refused: dict[int, Problem] = {}
        while True:
            fine = {place: key for place, key in wanted.items() if place not in refused}
            leaving = {
                _id(case)
                for place, case in enumerate(cases)
                if case.present is not None and "client_number" in case.changed and place not in refused
            }
            kept = hopeless((wish for wish in wishes if wish.row in fine), leaving)
            wrong = {place: _taken(cases[place], holders[wanted[place]][1]) for place in kept}
            claims: dict[str, int] = {}
            for place, key in fine.items():
                if place in wrong:
                    continue
                if key in claims:
                    wrong[place] = _taken(cases[place], str(cases[claims[key]].whole["display_name"]))
                else:
                    claims[key] = place
            if not wrong:
                return refused
            refused |= wrong

    def gone(self, keys: Sequence[Key]) -> Mapping[Key, Problem]:
        """See Rules: the history says how they were called, and who deleted them."""
        deletions = history.deletions(self._session.engine, "client", keys)
        gone = {}
        for key in keys:
            entry = deletions.get(key)
            name = _called(str(entry.old.get("display_name", ""))) if entry else ""
            gone[key] = problem("client_gone", name=name, who=deleted_by(self._session, entry))
        return gone

    def called(self, values: Mapping[str, Value]) -> str:
        """See Rules."""
        return _called(str(values["display_name"]))


_FREE = frozenset(name for name in _TEXTS if not BY_NAME[name].choices)
"""The texts that are not one of some choices."""


def _told(each: Problem) -> tuple[str, str]:
    return each.code, each.field


def _called(name: str) -> str:
    return rules.shown_name({"display_name": name})


def _id(case: Case) -> int:
    """The client's id; 0 for a new one."""
    return case.present.id if case.present is not None else 0


def _is_odd(case: Case) -> bool:
    """Whether a client that keeps its number has another key than follows from it, which a text that changes mends."""
    if case.present is None or case.patch.after is None or "client_number" in case.changed:
        return False
    key = number_key(str(case.whole["client_number"]))
    return bool(key) and case.present.keys.get("number_key") != key and not _FREE.isdisjoint(case.changed)


def _taken(case: Case, holder: str) -> Problem:
    number = case.whole["client_number"]
    return problem("number_taken", "client_number", number=number, holder=_called(holder))


def _of_texts(whole: Mapping[str, Value], changed: Sequence[str]) -> list[Problem]:
    """The problems of the `changed` fields that show by themselves, and of what depends on them."""
    names = [name for name in changed if name not in REFERENCES]
    looked_at = (*names, *_BESIDE, *(_OF_THE_COUNTRY if "country" in changed else ()))
    texts = {name: str(whole[name]) for name in looked_at}
    found = rules.check(texts, sorted(names, key=_ORDER.__getitem__))
    if "country" in changed:  # what depends on it is looked at again
        found += rules.check(texts, [name for name in _OF_THE_COUNTRY if name not in changed])
    if "subscription" not in changed and "billed_to" not in changed:
        found = [each for each in found if each.code != "plan_without_subscription"]
    return list({_told(each): each for each in found}.values())


def _of_steps(case: Case, backwards: bool) -> list[Problem]:
    """The refusal of what never changes, and of a primary admin who changes in another way than by a step, or, in a
    change that undoes one, by a step `backwards`."""
    assert case.present is not None
    found = []
    if "company_id" in case.changed:
        field = BY_NAME["company_id"]
        found.append(problem("fixed_field", "company_id", label=field.label, instead=field.instead))
    if "primary_admin" in case.changed:
        before, after = str(case.present.values["primary_admin"]), str(case.whole["primary_admin"])
        ways = {(before, after), (after, before)} if backwards else {(before, after)}
        if not any((step.before, step.after) in ways for step in HAND_OVER):
            step, field = step_between("primary_admin", before, after), BY_NAME["primary_admin"]
            words = step.words.replace("KEY", str(case.whole["company_id"])) if step else "--help"
            values = {"value": field.display(after), "action": step.title if step else "", "step": words}
            found.append(problem("left_to_plan", "primary_admin", label=field.label, **values))
    return found
