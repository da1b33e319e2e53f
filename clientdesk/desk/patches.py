"""The one way to write: patches are completed, judged, compared with what stands there, written and answered.

It is part of a use case (see `session.changes`), which gives it the transaction, the change set and the access. A use
case of several entities applies several patches, or applies more than once: it is one change all the same.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from clientdesk.desk.client_rules import ClientRules
from clientdesk.desk.firm_rules import FirmRules, MemberRules, TypeRules
from clientdesk.desk.meanwhile import named
from clientdesk.desk.own_rules import OwnChoiceRules, OwnFieldRules, TagRules
from clientdesk.desk.patch_judging import KNOWN_WHOLE, Case, Names, Rules
from clientdesk.desk.session import Session
from clientdesk.desk.view_rules import ViewRules
from clientdesk.desk.work_rules import (
    AccountRules,
    OddPeriodRules,
    ReconciliationRules,
    WorkItemRules,
    WorkRules,
    WorkStartRules,
)
from clientdesk.desk.work_template_rules import ItemRules, SectionRules, TemplateRules
from clientdesk.domain.patch import Outcome, Patch, RowId, Stored, Verdict
from clientdesk.domain.problems import Problem, Refused, problem
from clientdesk.store import patches as rows
from clientdesk.store import work_rows
from clientdesk.store.entities import CLIENT, ENTITIES, REFERRED_BY, Entity, key_reader

Judges = Mapping[str, Callable[[str, Session, Names], Rules]]
"""The rules by entity; one without rules of its own has those that its declaration says."""

OF_CATALOGUE = ("own_field", "own_choice", "tag")
"""The entities that the firm's catalogue of fields follows from."""

RULES: Judges = {
    **dict.fromkeys(ENTITIES, Rules),
    "client": ClientRules,
    "team_member": MemberRules,
    "client_type": TypeRules,
    "firm": FirmRules,
    "view": ViewRules,
    "own_field": OwnFieldRules,
    "own_choice": OwnChoiceRules,
    "tag": TagRules,
    "work": WorkRules,
    "work_item": WorkItemRules,
    "work_start": WorkStartRules,
    "odd_period": OddPeriodRules,
    "client_account": AccountRules,
    "reconciliation": ReconciliationRules,
    "template": TemplateRules,
    "template_section": SectionRules,
    "template_item": ItemRules,
}


def apply(
    session: Session,
    patches: Iterable[Patch],
    names: Names | None = None,
    judges: Judges = RULES,
    write: bool = True,
    present: Mapping[RowId, Stored] | None = None,
) -> Iterator[Outcome]:
    """Writes what patches say, and answers each, in their order, as soon as its part is written: what is not asked for
    is not written.

    It is as if one patch came after the other, but clients that stand together may swap their numbers. What the
    database refuses raises, and ends the transaction. `judges` has other rules than those for what is typed in. `present`
    are all rows that the patches are about, where the transaction has read them before and no two patches are about one.
    Where it does not `write`, see `foresee`.
    """
    names, waiting = names or Names(session.engine), iter(patches)
    first: Patch | None = next(waiting, None)
    while first is not None:
        entity = first.entity
        rules = judges[entity](entity, session, names)
        part, first = _part(first, waiting, rules.together)
        outcomes, right = _judged(session, rules, part, present)
        if write and right:
            _write(session, rules, names, outcomes, right)
        yield from outcomes
        if entity in KNOWN_WHOLE:
            names.forget()
        if entity in OF_CATALOGUE and write and right:
            session.read_own_fields()


def foresee(
    session: Session,
    patches: Iterable[Patch],
    names: Names | None = None,
    judges: Judges = RULES,
    present: Mapping[RowId, Stored] | None = None,
) -> Iterator[Outcome]:
    """What `apply` would answer as the firm stands now; nothing is written, so that a patch sees nothing of those before
    it which are not of its part."""
    return apply(session, patches, names, judges, write=False, present=present)


def take_away(session: Session, entity: str, ids: Sequence[int]) -> Collection[int]:
    """Deletes rows, in a change that takes their addition back, of which it is known that they stand as they were added
    and that you may: those that are gone. The database looks again."""
    gone = rows.delete(session.engine, entity, ids) if ids else ()
    return {row_id for row_id in gone if isinstance(row_id, int)}


def bring_back(session: Session, patches: Sequence[Patch]) -> None:
    """Adds the rows of an entity again that patches bring back, of which it is known that nothing stands in their way."""
    added = (patch.after or {} for patch in patches)
    rows.insert(session.engine, patches[0].entity, added, ids=[int(patch.key) for patch in patches])


def apply_one(session: Session, patch: Patch, names: Names | None = None, version: int = 0) -> Outcome:
    """`apply` for one patch of a row as it was read in a `version`; that it was changed meanwhile is told with who did
    it."""
    (outcome,) = apply(session, [patch], names)
    return named(session, outcome, version) if outcome.fields else outcome


def check(session: Session, patch: Patch, names: Names | None = None) -> list[Problem]:
    """Everything that is wrong with a patch, errors and warnings, as `apply` would find it."""
    rules = RULES[patch.entity](patch.entity, session, names or Names(session.engine))
    (met,) = _met(session, rules, [patch])
    return rules.problems(met) if isinstance(met, Case) else list(met.problems)


def landed(outcome: Outcome) -> Outcome:
    """The outcome of a patch that was written, or that changes nothing. Refused with what is wrong with it otherwise."""
    if outcome.verdict in (Verdict.WRITTEN, Verdict.UNCHANGED):
        return outcome
    raise Refused(*outcome.problems)


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


def _met(
    session: Session, rules: Rules, part: Sequence[Patch], known: Mapping[RowId, Stored] | None = None
) -> list[Case | Outcome]:
    """The patches of a part, completed, with what stands there (`known`, or read now), or their outcomes where they need
    not be judged."""
    is_new, entity = part[0].before is None, ENTITIES[part[0].entity]
    if part[0].after is not None:
        part = [patch._replace(after=rules.complete(patch.after or {}, is_new)) for patch in part]
    if is_new and entity.key_attributes:  # their keys follow from their values
        part = [patch._replace(key=entity.key_of(patch.after or {})) for patch in part]
    id_of = key_reader(entity.name)
    # of what is deleted by itself, and that nothing refers to, there is nothing to ask
    asks = part[0].after is not None or session.undoes is not None or entity.name in REFERRED_BY
    looked_for = [] if is_new and not entity.key_attributes else [patch.key for patch in part if patch.key]
    asked = rules.asks(part) if asks else ()
    if known is None:
        present, answers = rows.stored(session.engine, entity.name, map(id_of, looked_for), *asked)
    else:
        ids = map(id_of, looked_for)
        present = {row_id: known[row_id] for row_id in ids if row_id in known}
        answers = session.engine.together(*asked)
    absent = [key for key in looked_for if id_of(key) not in present] if not is_new and len(present) < len(part) else []
    gone = rules.gone(absent) if absent else {}
    met: list[Case | Outcome] = []
    for patch in part:
        row = present.get(id_of(patch.key)) if present and patch.key else None
        if row is not None:
            met.append(_taken(rules, patch, row) if is_new else _meet(rules, patch, row))
        elif is_new:
            after = patch.after or {}
            whole = after if len(after) == len(entity.defaults) else {**entity.defaults, **after}
            met.append(Case(patch, None, whole, whole))
        else:
            met.append(Outcome(patch, Verdict.GONE, [gone[patch.key]]))
    if asks:
        rules.look([case for case in met if isinstance(case, Case)], answers)
    return met


def _taken(rules: Rules, patch: Patch, present: Stored) -> Outcome:
    """A new row where one of its key stands already."""
    return Outcome(patch, Verdict.REFUSED, [problem("row_there", name=rules.called(present.values))], present)


def _meet(rules: Rules, patch: Patch, present: Stored) -> Case | Outcome:
    """A patch against the row that it is about, field by field."""
    stands, before, wanted = present.values, patch.before or {}, patch.after
    others = tuple(name for name, value in before.items() if stands[name] != value)
    if wanted is None:  # whether it may go at all comes before whether it is as it was
        return Case(patch, present, stands, {}, others)
    contrary = tuple(name for name in wanted if name in others and stands[name] != wanted[name])
    if contrary:
        return _changed(rules, Case(patch, present, stands, {}, contrary))
    changed = {name: value for name, value in wanted.items() if stands[name] != value}
    others = tuple(name for name in others if name not in wanted)
    if not changed:
        return Outcome(patch, Verdict.UNCHANGED, (), present, others)
    return Case(patch, present, {**stands, **wanted}, changed, others)


def _changed(rules: Rules, case: Case) -> Outcome:
    return Outcome(case.patch, Verdict.CHANGED, [rules.meanwhile(case)], case.present, case.others)


def _judged(
    session: Session, rules: Rules, part: Sequence[Patch], present: Mapping[RowId, Stored] | None
) -> tuple[list[Outcome], dict[int, Case]]:
    """What becomes of the patches of a part, and those of them that can be written, by their place."""
    outcomes: list[Outcome] = []
    right: dict[int, Case] = {}
    for place, met in enumerate(_met(session, rules, part, present)):
        if isinstance(met, Outcome):
            outcomes.append(met)
            continue
        patch, row, others = met.patch, met.present, met.others
        problems = rules.keeps(met) if patch.after is None else rules.problems(met)
        if patch.after is None and rules.referring and not problems:
            problems = rules.referred_to(met)
        if others and patch.after is not None and (both := rules.broken_by_both(met)):
            outcomes.append(Outcome(patch, Verdict.CHANGED, both, row, others))
        elif wrong := [refusal for refusal in problems if not refusal.warning]:
            outcomes.append(Outcome(patch, Verdict.REFUSED, wrong, row))
        elif others and patch.after is None:
            outcomes.append(_changed(rules, met))
        else:
            outcomes.append(Outcome(met.exact, Verdict.WRITTEN, problems, row, others))
            right[place] = met
    places = list(right)
    contested = rules.contested(list(right.values())) if len(part) > 1 else {}
    for number, refusal in contested.items():
        case = right.pop(places[number])
        outcomes[places[number]] = Outcome(case.patch, Verdict.REFUSED, [refusal], case.present)
    return outcomes, right


def _write(session: Session, rules: Rules, names: Names, outcomes: list[Outcome], right: Mapping[int, Case]) -> None:
    """Writes what was judged to be right; what became of it takes the place of what was foreseen."""
    engine, cases = session.engine, list(right.values())
    first = cases[0].patch
    entity, id_of = ENTITIES[first.entity], key_reader(first.entity)
    if first.before is None:
        ids = _add(session, entity, cases)
        versions = dict.fromkeys(ids, 1)
    else:
        ids = [id_of(case.patch.key) for case in cases]
        if first.after is None:
            if entity is CLIENT and session.undoes is None:
                _take_work_along(session, [int(case.patch.key) for case in cases])
            versions = dict.fromkeys(rows.delete(engine, entity.name, ids), 0)
        else:
            writes = [rows.Write(row_id, case.changed, case.whole) for row_id, case in zip(ids, cases, strict=True)]
            versions = rows.update(engine, entity.name, writes)
    for place, row_id in zip(right, ids, strict=True):
        if row_id in versions:
            patch = outcomes[place].patch
            written = None if patch.after is None else _row(right[place], row_id, versions[row_id], names)
            patch = patch if patch.key else patch._replace(key=str(row_id))
            outcomes[place] = outcomes[place]._replace(patch=patch, present=written)
    if len(versions) < len(ids):
        missed = {place: right[place].patch for place, row_id in zip(right, ids, strict=True) if row_id not in versions}
        for place, outcome in zip(missed, _missed(session, rules, list(missed.values())), strict=True):
            outcomes[place] = outcome


def _take_work_along(session: Session, client_ids: Sequence[int]) -> None:
    """Deletes all that is kept of the work of clients that are deleted for good."""
    going = [Patch(entity, key, {}, None) for entity, key in work_rows.going_along(session.engine, client_ids)]
    for outcome in apply(session, going):
        landed(outcome)


def _add(session: Session, entity: Entity, cases: Sequence[Case]) -> list[RowId]:
    """Writes new rows; one that has no key yet gets an id of its own. What their identities hold."""
    engine, id_of = session.engine, key_reader(entity.name)
    if entity.key_attributes:
        # what your access may not write is judged to be what the table has by itself
        names = [attribute.name for attribute in entity.writable(session.me.access)]
        rows.insert(engine, entity.name, [{name: case.whole[name] for name in names} for case in cases])
        return [id_of(case.patch.key) for case in cases]
    keyless = sum(1 for case in cases if not case.patch.key)
    new = iter(engine.next_ids(entity.name, keyless) if keyless else ())
    ids = [int(case.patch.key) if case.patch.key else next(new) for case in cases]
    rows.insert(engine, entity.name, [case.patch.after or {} for case in cases], ids=ids)
    return list(ids)


def _row(case: Case, row_id: RowId, version: int, names: Names) -> Stored:
    """A row as it stands after it was written."""
    known = case.present.names if case.present is not None else {}
    called: dict[str, str] = {}
    for attribute in ENTITIES[case.patch.entity].references:
        if (value := case.whole[attribute.name]) is not None:
            same = attribute.name in known and attribute.name not in case.changed
            called[attribute.name] = known[attribute.name] if same else names.of(attribute.refers_to, int(value))
    if case.patch.entity == "client":
        called |= names.of_own_fields(case.whole)
    return Stored(row_id if isinstance(row_id, int) else 0, version, case.whole, called)


def _missed(session: Session, rules: Rules, patches: Sequence[Patch]) -> Iterator[Outcome]:
    """What became of patches that the database has passed over. Nobody can have come in between within a transaction
    that holds the right to write: it keeps a row that is there from you, without an error."""
    id_of = key_reader(patches[0].entity)
    present, _more = rows.stored(session.engine, patches[0].entity, [id_of(patch.key) for patch in patches])
    gone = rules.gone([patch.key for patch in patches if id_of(patch.key) not in present])
    for patch in patches:
        if (row := present.get(id_of(patch.key))) is None:
            yield Outcome(patch, Verdict.GONE, [gone[patch.key]])
        else:
            about = {"name": rules.called(row.values), "admin": session.firm.primary_admin}
            yield Outcome(patch, Verdict.REFUSED, [problem("database_forbids", **about)], row)
