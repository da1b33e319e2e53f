"""The one way to write: patches are completed, judged, compared with what stands there, written and answered.

It is part of a use case (see `session.changes`), which gives it the transaction, the change set and the access. A use
case of several entities applies several patches, or applies more than once: it is one change all the same.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import islice
from typing import Any, Protocol

from clientdesk.desk.client_rules import ClientRules
from clientdesk.desk.declared_rules import DeclaredRules
from clientdesk.desk.firm_rules import FirmRules, MemberRules, TypeRules
from clientdesk.desk.judging import Case, Names
from clientdesk.desk.meanwhile import named
from clientdesk.desk.session import Session
from clientdesk.domain.patch import Key, Outcome, Patch, RowId, Stored, Value, Verdict
from clientdesk.domain.problems import Problem, Refused, problem
from clientdesk.domain.rules import errors
from clientdesk.store import patches as rows
from clientdesk.store.engines import Statement
from clientdesk.store.entities import ENTITIES, Attribute, Entity, key_reader


class Rules(Protocol):
    """What the rules say of the patches of one entity."""

    together: int
    """So many patches are looked at, judged and written at a time."""

    def complete(self, values: Mapping[str, Value], new: bool) -> Mapping[str, Value]:
        """Values of some fields as they are kept; of a new row, all that it says."""

    def asks(self, patches: Sequence[Patch]) -> Sequence[Statement]:
        """What `problems` has to know of completed patches, asked of the database set-wise."""

    def look(self, cases: Sequence[Case], answers: Sequence[Sequence[Any]]) -> None:
        """Takes in the cases and the answers, before `problems` is asked about each."""

    def problems(self, case: Case) -> list[Problem]:
        """Everything that is wrong with a case, errors and warnings."""

    def broken_by_both(self, case: Case) -> list[Problem]:
        """The rules that neither the change nor what somebody else did meanwhile (in `case.others`) has broken, but both
        together."""

    def contested(self, cases: Sequence[Case]) -> Mapping[int, Problem]:
        """Of cases that are right one by one, those that another one of them rules out, by their place."""

    def meanwhile(self, there: Stored, before: Mapping[str, Value]) -> Problem:
        """That somebody else changed a row, or what matters more of what they did."""

    def gone(self, keys: Sequence[Key]) -> Mapping[Key, Problem]:
        """That there are no such rows, by key."""

    def called(self, values: Mapping[str, Value]) -> str:
        """How a row is called in a sentence."""


Judges = Mapping[str, Callable[[Session, Names], Rules]]
"""The rules by entity; one without rules of its own has those that its declaration says."""

RULES: Judges = {
    **{entity: partial(DeclaredRules, entity) for entity in ENTITIES},
    "client": ClientRules,
    "team_member": MemberRules,
    "client_type": TypeRules,
    "firm": FirmRules,
}


def apply(
    session: Session, patches: Iterable[Patch], names: Names | None = None, judges: Judges = RULES
) -> Iterator[Outcome]:
    """Writes what patches say, and answers each, in their order, as soon as its part is written: what is not asked for
    is not written.

    It is as if one patch came after the other, but clients that stand together may swap their numbers. What the
    database refuses raises, and ends the transaction. `judges` has other rules than those for what is typed in.
    """
    return _in_parts(session, patches, names or Names(session.engine), _write, judges)


def foresee(
    session: Session, patches: Iterable[Patch], names: Names | None = None, judges: Judges = RULES
) -> Iterator[Outcome]:
    """What `apply` would answer as the firm stands now; nothing is written, so that a patch sees nothing of those before
    it which are not of its part."""
    return _in_parts(session, patches, names or Names(session.engine), _foreseen, judges)


def take_away(session: Session, entity: str, ids: Sequence[int]) -> Collection[int]:
    """Deletes rows, in a change that takes their addition back, of which it is known that they stand as they were added
    and that you may: those that are gone. The database looks again."""
    gone = rows.delete(session.engine, entity, ids) if ids else ()
    return {row_id for row_id in gone if isinstance(row_id, int)}


def bring_back(session: Session, patches: Sequence[Patch]) -> None:
    """Adds the rows of an entity again that patches bring back, of which it is known that nothing stands in their way."""
    rows.add(session.engine, patches[0].entity, [int(patch.key) for patch in patches], [p.after or {} for p in patches])


_Answering = Callable[[Session, Rules, Sequence[Patch], Names], "list[Outcome]"]


def _in_parts(
    session: Session, patches: Iterable[Patch], names: Names, answer: _Answering, judges: Judges
) -> Iterator[Outcome]:
    waiting = iter(patches)
    held: Patch | None = next(waiting, None)
    while held is not None:
        rules = judges[held.entity](session, names)
        part, held = _part(held, waiting, rules.together)
        yield from answer(session, rules, part, names)
        if part[0].entity in ("client_type", "team_member"):
            names.forget()


def _part(first: Patch, waiting: Iterator[Patch], most: int) -> tuple[list[Patch], Patch | None]:
    """The patches that are written together, of one entity and one operation and each of another row; and the next."""
    part, keys = [first], {first.key}
    for patch in islice(waiting, most):
        if not _alike(patch, first) or (patch.key in keys and patch.key) or len(part) == most:
            return part, patch
        part.append(patch)
        keys.add(patch.key)
    return part, None


def _alike(patch: Patch, other: Patch) -> bool:
    """Whether two patches are of one entity, and both add, change or delete."""
    same = (patch.before is None) == (other.before is None) and (patch.after is None) == (other.after is None)
    return same and patch.entity == other.entity


def apply_one(session: Session, patch: Patch, names: Names | None = None) -> Outcome:
    """`apply` for one patch; that its row was changed meanwhile is told with who did it."""
    (outcome,) = apply(session, [patch], names)
    return named(session, outcome)


def check(session: Session, patch: Patch, names: Names | None = None) -> list[Problem]:
    """Everything that is wrong with a patch, errors and warnings, as `apply` would find it."""
    rules = RULES[patch.entity](session, names or Names(session.engine))
    (judged,) = _judge(session, rules, [patch])
    return list(judged.problems) if isinstance(judged, Outcome) else rules.problems(judged)


def landed(outcome: Outcome) -> Outcome:
    """The outcome of a patch that was written, or that changes nothing. Refused with what is wrong with it otherwise."""
    if outcome.verdict in (Verdict.WRITTEN, Verdict.UNCHANGED):
        return outcome
    raise Refused(*outcome.problems)


def _judge(session: Session, rules: Rules, part: Sequence[Patch]) -> list[Case | Outcome]:
    """The patches of a part with what stands there, or their outcomes where they need not be judged."""
    entity = part[0].entity
    part = [_completed(rules, patch) for patch in part]
    id_of = key_reader(entity)
    if part[0].before is not None:
        ids = [id_of(patch.key) for patch in part]
    else:
        part, ids = _keyed(ENTITIES[entity], part)
    present, answers = rows.stored(session.engine, entity, ids, *rules.asks(part))
    absent = {} if part[0].before is None or len(present) == len(ids) else _absent(rules, part, present)
    judged: list[Case | Outcome] = []
    for patch in part:
        if patch.before is None:
            there = present.get(id_of(patch.key)) if present and patch.key else None
            judged.append(_new(patch) if there is None else _taken(rules, patch, there))
        elif patch.key in absent:
            judged.append(Outcome(patch, Verdict.GONE, [absent[patch.key]]))
        else:
            judged.append(_meet(rules, patch, present[id_of(patch.key)]))
    rules.look([case for case in judged if isinstance(case, Case)], answers)
    return judged


def _completed(rules: Rules, patch: Patch) -> Patch:
    if patch.after is None:
        return patch
    after = rules.complete(patch.after, patch.before is None)
    return patch if after is patch.after else patch._replace(after=after)


def _keyed(entity: Entity, part: Sequence[Patch]) -> tuple[Sequence[Patch], list[RowId]]:
    """New rows with the keys that follow from their values, where an entity is known by these, and what stands in them."""
    if not entity.key_attributes:
        return part, []
    keyed = [patch._replace(key=entity.key_of(patch.after or {})) for patch in part]
    return keyed, [key_reader(entity.name)(patch.key) for patch in keyed if patch.key]


def _taken(rules: Rules, patch: Patch, there: Stored) -> Outcome:
    """A new row where one of its key stands already."""
    return Outcome(patch, Verdict.REFUSED, [problem("row_there", name=rules.called(there.values))], there)


def _absent(rules: Rules, part: Sequence[Patch], present: Mapping[RowId, Stored]) -> Mapping[Key, Problem]:
    """What is said of the patches whose rows are not there, by key."""
    id_of = key_reader(part[0].entity)
    return rules.gone([patch.key for patch in part if id_of(patch.key) not in present])


def _new(patch: Patch) -> Case:
    defaults, after = _defaults(patch.entity), patch.after or {}
    whole = after if len(after) == len(defaults) else {**defaults, **after}
    return Case(patch, None, whole, tuple(whole))


@cache
def _defaults(entity: str) -> Mapping[str, Value]:
    return {each.name: each.default for each in ENTITIES[entity].attributes}


@cache
def _references(entity: str) -> tuple[Attribute, ...]:
    return tuple(each for each in ENTITIES[entity].attributes if each.refers_to)


def _meet(rules: Rules, patch: Patch, there: Stored) -> Case | Outcome:
    """A patch against the row that it is about, field by field."""
    before = patch.before or {}
    if patch.after is None:  # whether it may go at all comes before whether it is as it was
        others = tuple(name for name, value in before.items() if there.values[name] != value)
        return Case(patch, there, there.values, (), others)
    wanted = patch.after
    others = tuple(
        name
        for name, value in wanted.items()
        if there.values[name] not in (value, before.get(name, there.values[name]))
    )
    if others:
        return _changed(rules, Case(patch, there, there.values, (), others))
    changed = tuple(name for name, value in wanted.items() if there.values[name] != value)
    if not changed:
        return Outcome(patch, Verdict.UNCHANGED, (), there)
    meanwhile = tuple(name for name, value in before.items() if name not in wanted and there.values[name] != value)
    return Case(patch, there, {**there.values, **wanted}, changed, meanwhile)


def _changed(rules: Rules, case: Case) -> Outcome:
    assert case.present is not None
    stale = rules.meanwhile(case.present, case.patch.before or {})
    return Outcome(case.patch, Verdict.CHANGED, [stale], case.present, case.others)


_Fine = dict[int, tuple[Case, "list[Problem]"]]


def _write(session: Session, rules: Rules, part: Sequence[Patch], names: Names) -> list[Outcome]:
    """Judges a part, writes what is right, and says what became of each patch."""
    outcomes, fine = _sorted_out(session, rules, part)
    for place, outcome in zip(fine, _written(session, rules, names, list(fine.values())), strict=True):
        outcomes[place] = outcome
    return [outcome for outcome in outcomes if outcome is not None]


def _foreseen(session: Session, rules: Rules, part: Sequence[Patch], _names: Names) -> list[Outcome]:
    """Judges a part, and says what would become of each patch."""
    outcomes, fine = _sorted_out(session, rules, part)
    for place, (case, warnings) in fine.items():
        outcomes[place] = Outcome(case.exact, Verdict.WRITTEN, warnings, case.present)
    return [outcome for outcome in outcomes if outcome is not None]


def _sorted_out(session: Session, rules: Rules, part: Sequence[Patch]) -> tuple[list[Outcome | None], _Fine]:
    """Judges a part: the outcomes of what is not written, in their places, and in the other places what is right, with
    its warnings."""
    judged = _judge(session, rules, part)
    outcomes: list[Outcome | None] = []
    fine: _Fine = {}
    for place, case in enumerate(judged):
        if isinstance(case, Outcome):
            outcomes.append(case)
            continue
        found = rules.problems(case)
        merging = bool(case.others) and case.patch.after is not None
        if merging and (both := rules.broken_by_both(case)):
            outcomes.append(Outcome(case.patch, Verdict.CHANGED, both, case.present, case.others))
        elif wrong := errors(found):
            outcomes.append(Outcome(case.patch, Verdict.REFUSED, wrong, case.present))
        elif case.others and not merging:
            outcomes.append(_changed(rules, case))
        else:
            outcomes.append(None)
            fine[place] = case, found
    places = list(fine)
    cases = [case for case, _found in fine.values()]
    for at, wrong_with in (rules.contested(cases) if len(part) > 1 else {}).items():
        case, _found = fine.pop(places[at])
        outcomes[places[at]] = Outcome(case.patch, Verdict.REFUSED, [wrong_with], case.present)
    return outcomes, fine


def _written(session: Session, rules: Rules, names: Names, fine: Sequence[tuple[Case, list[Problem]]]) -> list[Outcome]:
    """Writes what was judged to be right."""
    if not fine:
        return []
    engine, first = session.engine, fine[0][0].patch
    id_of = key_reader(first.entity)
    if first.before is None:
        return _added(session, names, fine)
    if first.after is None:
        gone = rows.delete(engine, first.entity, [id_of(case.patch.key) for case, _found in fine])
        versions = dict.fromkeys(gone, 0)
    else:
        versions = rows.update(
            engine,
            first.entity,
            [rows.Write(id_of(case.patch.key), case.values, case.whole) for case, _found in fine],
        )
    missed = [case.patch for case, _found in fine if id_of(case.patch.key) not in versions]
    again, _more = rows.stored(engine, first.entity, [id_of(patch.key) for patch in missed])
    lost = _absent(rules, missed, again) if len(again) < len(missed) else {}
    outcomes = []
    for case, warnings in fine:
        row_id = id_of(case.patch.key)
        if row_id in versions:
            present = None if first.after is None else _row(case, row_id, versions[row_id], names)
            outcomes.append(Outcome(case.exact, Verdict.WRITTEN, warnings, present))
        elif row_id in again:
            outcomes.append(_forbidden(session, rules, case, again[row_id]))
        else:
            outcomes.append(Outcome(case.patch, Verdict.GONE, [lost[case.patch.key]]))
    return outcomes


def _added(session: Session, names: Names, fine: Sequence[tuple[Case, list[Problem]]]) -> list[Outcome]:
    """Writes new rows; one that has no key yet gets an id of its own."""
    engine, entity = session.engine, fine[0][0].patch.entity
    if ENTITIES[entity].key_attributes:
        rows.insert(engine, entity, [case.whole for case, _warnings in fine])
        return [Outcome(case.exact, Verdict.WRITTEN, warnings, _row(case, (), 1, names)) for case, warnings in fine]
    keyless = sum(1 for case, _warnings in fine if not case.patch.key)
    new = iter(engine.next_ids(entity, keyless) if keyless else ())
    ids = [int(case.patch.key) if case.patch.key else next(new) for case, _warnings in fine]
    rows.add(session.engine, entity, ids, [case.patch.after or {} for case, _warnings in fine])
    outcomes = []
    for (case, warnings), row_id in zip(fine, ids, strict=True):
        patch = Patch(entity, str(row_id), None, case.whole)
        outcomes.append(Outcome(patch, Verdict.WRITTEN, warnings, _row(case, row_id, 1, names)))
    return outcomes


def _row(case: Case, row_id: RowId, version: int, names: Names) -> Stored:
    """A row as it stands after it was written."""
    known = case.present.names if case.present is not None else {}
    called: dict[str, str] = {}
    for attribute in _references(case.patch.entity):
        if (value := case.whole[attribute.name]) is not None:
            same = attribute.name in known and attribute.name not in case.changed
            called[attribute.name] = known[attribute.name] if same else names.of(attribute.refers_to, int(value))
    return Stored(row_id if isinstance(row_id, int) else 0, version, case.whole, called)


def _forbidden(session: Session, rules: Rules, case: Case, present: Stored) -> Outcome:
    """Nobody can have come in between within a transaction that holds the right to write: the database itself keeps
    the row from you, without an error."""
    name = rules.called(present.values)
    forbidden = problem("database_forbids", name=name, admin=session.firm.primary_admin)
    return Outcome(case.patch, Verdict.REFUSED, [forbidden], present)
