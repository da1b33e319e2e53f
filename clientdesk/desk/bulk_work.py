"""What can be done to the work of many clients at once, each a `BulkChange`: people named, the due date moved, a state, an item
ticked."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from clientdesk.desk import patches, work_facts
from clientdesk.desk.bulk_changes import BulkChange, FieldDifference
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.session import Session
from clientdesk.desk.work import one_item, untouched_item
from clientdesk.desk.work_facts import TemplateFacts, Works
from clientdesk.desk.work_records import SETTLED, WorkOf
from clientdesk.domain.access import Action
from clientdesk.domain.patch import Patch, Stored, Value
from clientdesk.domain.periods import Period, period_from
from clientdesk.domain.problems import Problem, problem, refuse
from clientdesk.domain.rules import called
from clientdesk.domain.work_templates import COMPLETED, ITEM_STATES, State
from clientdesk.store import client_work, listing, work_rows
from clientdesk.store.entities import ENTITIES
from clientdesk.text import _, listed

_BATCH = 1_500
"""So many clients are one transaction: of each, several rows are written, and what follows from them."""
_NAMED = 5
"""So many open items are named in a sentence."""


class Chosen(NamedTuple):
    """Whose work is meant: by a template, of a period, or of each client's first open one (None)."""

    template: TemplateFacts
    period: Period | None = None


def assign(session: Session, chosen: Chosen, role: int, member_id: int | None) -> BulkChange:
    """Names who has a role (its number): a team member, or whom the template says (None). Refused ("unknown_role")."""
    names = {known.number: known.name for known in chosen.template.roles}
    if role not in names:
        choices = ", ".join(names.values())
        raise refuse("unknown_role", value=role, template=chosen.template.name, choices=choices)
    members = Names(session.engine).members

    def in_words(value: Value) -> str:
        return members[value].name if isinstance(value, int) and value in members else ""

    field = f"who{role}"
    return _of_work(chosen, "work.assigned", Action.MANAGE_WORK, {field: member_id}, {field: (names[role], in_words)})


def move_due(chosen: Chosen, due: date | None) -> BulkChange:
    """Moves the due date; None: as the template says."""
    titles = {"due": (_("Due"), str)}
    return _of_work(chosen, "work.moved", Action.MANAGE_WORK, {"due": due.isoformat() if due else ""}, titles)


def set_state(session: Session, chosen: Chosen, state: State, anyway: bool = False) -> BulkChange:
    """Gives another state. Completed work stays; one with open items is completed only `anyway`, and never where its template
    wants all of them settled."""
    names = {known.number: known.name for known in chosen.template.states}
    kind = "work.completed" if state.number == COMPLETED else "work.state"
    titles: _Titles = {"state": (_("State"), lambda value: names.get(int(value or 0), str(value)))}
    change = _of_work(chosen, kind, Action.DO_WORK, {"state": state.number}, titles)
    make = change.patch

    def patch(row: Stored) -> Patch | Problem:
        if row.values["state"] == COMPLETED != state.number:
            return problem("work_completed", name=_called(chosen, row))
        left = str(row.values[_OPEN]).split("\n") if row.values[_OPEN] else []
        if state.number == COMPLETED != row.values["state"] and left and (chosen.template.closing or not anyway):
            shown = listed([*left[:_NAMED], *(["…"] if len(left) > _NAMED else [])])
            code = "work_open_items" if chosen.template.closing else "work_left_open"
            return problem(code, name=_called(chosen, row), count=len(left), names=shown)
        return make(row)

    with_items = _Rows(chosen, has_items=state.number == COMPLETED)
    return change._replace(patch=patch, rows=with_items)


def tick(session: Session, chosen: Chosen, item: str, state: str = "done") -> BulkChange:
    """Gives an item of the template, by its title, a state: "done", "not_applicable" or "todo". Refused ("unknown_item",
    "ambiguous_item")."""
    return tick_item(session, chosen, _item_called(session, chosen.template, item), item, state)


def tick_item(session: Session, chosen: Chosen, item_id: int, title: str, state: str) -> BulkChange:
    """See `tick`, of an item of the template that is known; its `title` is how the plan calls it."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    settled: Mapping[str, Value] = {"by": session.me.id, "at": at} if state in SETTLED else {"by": None, "at": None}

    def patch(row: Stored) -> Patch:
        after: Mapping[str, Value] = {"state": state} if row.values["state"] == state else {"state": state, **settled}
        if row.version:
            key = ENTITIES["work_item"].key_of(row.values)
            return Patch("work_item", key, {"state": row.values["state"]}, after)
        if row.values["state"] == state:
            return Patch("work_item", ENTITIES["work_item"].key_of(row.values), {}, {})
        return Patch("work_item", "", None, {**_key(row, "work_item"), **after})

    kinds = {"done": "work.ticked", "not_applicable": "work.not_applicable", "todo": "work.todo"}
    titles: _Titles = {"state": (title, lambda value: _(ITEM_STATES.get(str(value), str(value))))}
    rows = _Rows(chosen, item_id=item_id)
    return BulkChange(
        kinds[state],
        Action.DO_WORK,
        ("period", "state"),
        patch,
        rows=rows,
        differences=_Differences(titles),
        also=rows.touch,
        batch=_BATCH,
    )


_Titles = Mapping[str, tuple[str, Callable[[Value], str]]]
"""By field what it is called, and how a person reads its values."""
_OPEN, _NAME = "open items", "client's name"
"""What is said of a work beside the values of its row: the titles of its open items, a line each; and whose it is."""


def _of_work(chosen: Chosen, kind: str, action: Action, after: Mapping[str, Value], titles: _Titles) -> BulkChange:
    """A change of the row of each work."""

    def patch(row: Stored) -> Patch | Problem:
        if row.version:
            before = {name: row.values[name] for name in after}
            return Patch("work", ENTITIES["work"].key_of(row.values), before, after)
        if all(row.values[name] == value for name, value in after.items()):
            return Patch("work", ENTITIES["work"].key_of(row.values), {}, {})
        days = {name: row.values[name] for name in ("first", "last")}
        return Patch("work", "", None, {**_key(row, "work"), **days, **after})

    return BulkChange(
        kind, action, ("period", *after), patch, rows=_Rows(chosen), differences=_Differences(titles), batch=_BATCH
    )


def _key(row: Stored, entity: str) -> dict[str, Value]:
    return {attribute.name: row.values[attribute.name] for attribute in ENTITIES[entity].key_attributes}


def _called(chosen: Chosen, row: Stored) -> str:
    period = period_from(str(row.values["period"]))
    return f"{row.values[_NAME]}, {chosen.template.name}, {period.words if period else row.values['period']}"


class _Differences:
    """What a patch changes of a work, in words; its period first."""

    def __init__(self, titles: _Titles) -> None:
        self._titles = titles

    def __call__(self, row: Stored, patch: Patch) -> tuple[FieldDifference, ...]:
        period = period_from(str(row.values["period"]))
        return tuple(
            FieldDifference(
                name, f"{period.words if period else '–'}: {title}", in_words(row.values[name]), in_words(value)
            )
            for name, value in (patch.after or {}).items()
            if name in self._titles and value != row.values[name]
            for title, in_words in [self._titles[name]]
        )


class _Rows:
    """The rows of the works that are meant, by client: what is stored of each, or what it would be (version 0); why a client
    has none. With an item, the rows of that item."""

    def __init__(self, chosen: Chosen, item_id: int = 0, has_items: bool = False) -> None:
        self._chosen, self._item_id, self._has_items = chosen, item_id, has_items

    def __call__(self, session: Session, client_ids: Sequence[int]) -> dict[int, Stored | Problem]:
        """See BulkChange."""
        works, meant, missing = self._meant(session, client_ids)
        names = {row[0]: called(row[2][0]) for row in listing.rows(session.engine, client_ids, ("display_name",))}
        stored = {
            of: row
            for row in work_rows.rows(
                session.engine,
                "work_item" if self._item_id else "work",
                client_id=list(meant),
                template_id=self._chosen.template.id,
                **({"item_id": self._item_id} if self._item_id else {}),
            )
            if (of := meant[int(row.values["client"] or 0)]).period.key == row.values["period"]
        }
        left = self._open_items(session, list(meant.values())) if self._has_items else {}
        rows: dict[int, Stored | Problem] = {
            client_id: wrong._replace(values={**wrong.values, "name": names.get(client_id, "")})
            for client_id, wrong in missing.items()
        }
        for client_id, of in meant.items():
            row = stored.get(of, Stored(0, 0, self._untouched(works, of), {}))
            extra: dict[str, Value] = {_OPEN: left.get(client_id, ""), _NAME: names.get(client_id, "")}
            rows[client_id] = row._replace(values={**row.values, **extra})
        return rows

    def _meant(
        self, session: Session, client_ids: Sequence[int]
    ) -> tuple[Works, dict[int, WorkOf], dict[int, Problem]]:
        template = self._chosen.template
        works = work_facts.works(session, {template.id: template}, client_ids)
        meant: dict[int, WorkOf] = {}
        missing: dict[int, Problem] = {}
        for client_id in works.clients:
            of_client, period = works.of[template.id, client_id], self._chosen.period
            touched = works.touched.get((template.id, client_id), {})
            if period is None and works.is_open(template.id, client_id) and of_client.standing is not None:
                meant[client_id] = WorkOf(client_id, template.id, of_client.standing.period)
            elif period is not None and (period in touched or works.is_open(template.id, client_id)):
                if of_client.has(period):
                    meant[client_id] = WorkOf(client_id, template.id, period)
                else:
                    first = of_client.first.words if of_client.first else "–"
                    about = {"template": template.name, "period": period.words, "first": first}
                    missing[client_id] = problem("no_work_in_period", **about)
            elif client_id in works.applying[template.id]:
                missing[client_id] = problem("no_work_of_inactive", template=template.name)
            else:
                missing[client_id] = problem("no_work_by_template", template=template.name)
        return works, meant, missing

    def _untouched(self, works: Works, of: WorkOf) -> dict[str, Value]:
        if self._item_id:
            return untouched_item(of, self._item_id)
        return {**ENTITIES["work"].defaults, **of.values, **_days(works, of)}

    def _open_items(self, session: Session, wanted: Sequence[WorkOf]) -> dict[int, str]:
        engine = session.engine
        shared = client_work.shared_items(engine).get(self._chosen.template.id, set())
        client_ids = [of.client_id for of in wanted]
        own = client_work.own_items(engine, client_ids)
        states = client_work.item_states(engine, {(of.client_id, of.template_id, of.period.key) for of in wanted})
        ids = shared | {item.item_id for item in own}
        titles = {row.id: str(row.values["title"]) for row in work_rows.rows(engine, "template_item", id=sorted(ids))}
        left = {}
        for of in wanted:
            of_items = states.get((of.client_id, of.template_id, of.period.key), {})
            item_ids = shared | {
                item.item_id
                for item in own
                if (item.client_id, item.template_id) == of[:2]
                and work_facts.is_within(item.first, item.last, of.period)
            }
            left[of.client_id] = "\n".join(
                titles[item_id] for item_id in sorted(item_ids) if of_items.get(item_id) not in SETTLED
            )
        return left

    def touch(self, session: Session, client_ids: Sequence[int]) -> None:
        """Writes the rows of works of which only an item is to be written."""
        works, meant, _missing = self._meant(session, client_ids)
        stands = {
            (row.values["client"], row.values["period"])
            for row in work_rows.rows(
                session.engine, "work", client_id=list(client_ids), template_id=self._chosen.template.id
            )
        }
        untouched = [of for of in meant.values() if (of.client_id, of.period.key) not in stands]
        for outcome in patches.apply(
            session, (Patch("work", "", None, {**of.values, **_days(works, of)}) for of in untouched)
        ):
            patches.landed(outcome)


def _days(works: Works, of: WorkOf) -> dict[str, Value]:
    days = works.of[of.template_id, of.client_id].periods.span(of.period)
    return {"first": days.first.isoformat(), "last": days.last.isoformat()} if days else {}


def _item_called(session: Session, template: TemplateFacts, title: str) -> int:
    """The item of a template with this title. See `one_item`."""
    engine = session.engine
    sections = {
        row.id: str(row.values["name"]) for row in work_rows.rows(engine, "template_section", template_id=template.id)
    }
    items = (
        {
            row.id: (sections[int(row.values["section"] or 0)], str(row.values["title"]))
            for row in work_rows.rows(engine, "template_item", section_id=list(sections), retired=0, client_id=None)
        }
        if sections
        else {}
    )
    return one_item(title, items, template.name)
