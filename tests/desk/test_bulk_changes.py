"""Changes of many clients: what their plan says, what is written, and what others do meanwhile; on each engine."""

from collections.abc import Iterator
from itertools import islice

import pytest

from clientdesk.desk import (
    bulk_kinds,
    change_sets,
    chosen_clients,
    clients,
    opening,
    own_fields,
    pricing_plan,
    tags,
    undoing,
)
from clientdesk.desk.bulk_changes import BulkChange, BulkJob, Plan, plan, plan_rows
from clientdesk.desk.records import ChangeSet
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import EVERYONE, ClientQuery
from clientdesk.domain.field_edits import FieldEdit, How
from clientdesk.domain.history_filter import HistoryFilter
from clientdesk.domain.own_fields import OwnKind
from clientdesk.domain.problems import Refused
from clientdesk.domain.selection import Selection
from clientdesk.store.history_models import ChangeSetModel
from tests.conftest import At
from tests.many import add_many
from tests.store.both import on_one_engine

MANY = 25
LEAD = ("lead", "Lead accountant", "", "Ana García")


@pytest.fixture
def ids(session: Session) -> list[int]:
    """Clients by their names; every third one is in Madird, the others in Vigo."""
    add_many(
        session,
        [
            {
                "display_name": f"Client {number:03}",
                "client_number": f"C-{number}",
                "city": "Madird" if number % 3 == 0 else "Vigo",
                "notes": "Old" if number == 0 else "",
            }
            for number in range(MANY)
        ],
    )
    return chosen_clients.settle(session, Selection(EVERYONE))


def values(session: Session, field: str) -> list[str]:
    """The values of a field, by name of the client."""
    rows = chosen_clients.rows(session, chosen_clients.settle(session, Selection(EVERYONE)), (field,))
    return [row.values[0] for row in rows]


def lines_of(session: Session) -> Iterator[ChangeSet]:
    """The lines of the history, newest first."""
    return change_sets.all_lines(session, HistoryFilter())


def planned(session: Session, client_ids: list[int], change: BulkChange) -> Plan:
    made = plan(session, client_ids, change)
    assert made is not None
    return made


def edit(session: Session, client_ids: list[int], *wanted: FieldEdit) -> Plan:
    return planned(session, client_ids, bulk_kinds.edits(session, wanted, len(client_ids)))


def test_a_plan_writes_nothing_and_a_job_is_one_undo(session: Session, ids: list[int]) -> None:
    made = edit(session, ids, FieldEdit("city", How.SET, " Vigo "), FieldEdit("lead", How.SET, "ana garcía"))
    assert (len(made.client_ids), made.unchanged, dict(made.refused)) == (MANY, 0, {})
    first, second = plan_rows(session, made, 0, 2)
    assert [tuple(change) for change in first.differences] == [("city", "City", "Madird", "Vigo"), LEAD]
    assert [tuple(change) for change in second.differences] == [LEAD]
    assert values(session, "city").count("Madird") == 9

    progress: list[tuple[int, int]] = []
    job = BulkJob(made).run(session, lambda done, rows: progress.append((done, rows)), batch=10)
    assert (job.changed, job.unchanged, job.refused, job.whole) == (MANY, 0, {}, True)
    assert progress[0] == (0, MANY)
    assert progress[-1] == (MANY, MANY)
    assert set(values(session, "city")) == {"Vigo"}
    assert set(values(session, "lead")) == {"Ana García"}
    asked = ChangeSetModel.select(ChangeSetModel.job).where(ChangeSetModel.kind == "client.changed")
    jobs = [row[0] for row in session.engine.execute(asked).fetchall()]
    assert len(jobs) == 3
    assert len(set(jobs)) == 1
    line = next(lines_of(session))
    assert (line.rows, line.change.title) == (MANY, "Clients changed")

    undo = undoing.latest(session)
    assert undo is not None
    assert (undo.rows, undo.can) == (MANY, MANY)
    undoing.undo(session, undo)
    assert values(session, "city").count("Madird") == 9
    assert edit(session, ids, FieldEdit("lead", How.EMPTY)).unchanged == MANY


@pytest.mark.parametrize(
    ("wanted", "changed", "first"),
    [
        (FieldEdit("city", How.REPLACE, "Madird", "Madrid"), 9, "Madrid"),
        (FieldEdit("city", How.ADD, "Centro"), MANY, "Madird Centro"),
        (FieldEdit("city", How.ADD, "Vigo"), 9, "Madird Vigo"),
        (FieldEdit("city", How.REMOVE, "Mad"), 9, "ird"),
        (FieldEdit("city", How.EMPTY), MANY, ""),
        (FieldEdit("notes", How.ADD, "Call in May"), MANY, "Old\nCall in May"),
        (FieldEdit("notes", How.REMOVE, "Old"), 1, ""),
        (FieldEdit("subscription", How.SET, "quickbooks essentials"), MANY, "essentials"),
        (FieldEdit("client_type", How.SET, "trust"), MANY, "Trust"),
        (FieldEdit("client_number", How.REPLACE, "C-", "K/"), MANY, "K/0"),
    ],
)
def test_what_is_done_to_a_field(session: Session, ids: list[int], wanted: FieldEdit, changed: int, first: str) -> None:
    made = edit(session, ids, wanted)
    assert (len(made.client_ids), made.unchanged) == (changed, MANY - changed)
    BulkJob(made).run(session)
    assert values(session, wanted.field)[0] == first
    assert edit(session, ids, wanted).unchanged == MANY, "once more, nothing is done twice"


@on_one_engine
@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (FieldEdit("client_number", How.SET, "X-1"), "number_for_many"),
        (FieldEdit("status", How.SET, "inactive"), "fixed_field"),
        (FieldEdit("town", How.SET, "Vigo"), "unknown_field"),
        (FieldEdit("lead", How.SET, "Nobody"), "unknown_lead"),
        (FieldEdit("client_type", How.SET, "Nothing"), "unknown_client_type"),
        (FieldEdit("subscription", How.SET, "free"), "not_a_choice"),
        (FieldEdit("subscription", How.ADD, "plus"), "edited_in_part"),
        (FieldEdit("tags", How.REPLACE, "VIP", "Late"), "tags_in_part"),
        (FieldEdit("display_name", How.EMPTY), "required"),
        (FieldEdit("notes", How.ADD, " "), "edits_nothing"),
    ],
)
def test_what_makes_no_sense_is_refused_as_a_whole(
    session: Session, ids: list[int], wanted: FieldEdit, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        bulk_kinds.edits(session, [wanted], len(ids))
    assert refused.value.code == code
    twice = [FieldEdit("city", How.ADD, "A"), FieldEdit("city", How.SET, "B")]
    with pytest.raises(Refused) as refused:
        bulk_kinds.edits(session, twice, len(ids))
    assert refused.value.code == "edited_twice"


def test_rules_refuse_single_clients_and_the_others_go_on(session: Session, ids: list[int]) -> None:
    pricing_plan.put_on_plan(session, ids[3], "plus")
    made = edit(session, ids, FieldEdit("subscription", How.EMPTY))
    assert {client_id: wrong.code for client_id, wrong in made.refused.items()} == {ids[3]: "plan_without_subscription"}
    clients.edit(session, clients.get(session, ids[4]), {"client_number": "K-5"})
    made = edit(session, ids, FieldEdit("client_number", How.REPLACE, "C", "K"))
    assert [wrong.code for wrong in made.refused.values()] == ["number_taken"]
    assert len(made.client_ids) == MANY - 2
    (row,) = plan_rows(session, made, 0, MANY, refused=True)
    assert (row.name, row.differences[0].new) == ("Client 005", "K-5")
    assert row.problem is not None
    assert len(plan_rows(session, made, 0, MANY, refused=False)) == MANY - 2
    assert plan_rows(session, made, 0, 2)[1].problem is None
    assert BulkJob(made).run(session).changed == MANY - 2


def test_all_but_two_while_a_colleague_works(session: Session, ids: list[int]) -> None:
    """Who comes to match after the plan is not touched; who changed or went is answered by itself."""
    query = ClientQuery(find="client")
    settled = chosen_clients.settle(session, Selection(query, without=frozenset(ids[:2])))
    made = edit(session, settled, FieldEdit("city", How.SET, "Lugo"))
    with opening.open_firm(session.location, session.login) as colleague:
        clients.add(colleague, {"display_name": "Client new"})
        clients.delete(colleague, clients.get(colleague, ids[2]))
        clients.edit(colleague, clients.get(colleague, ids[3]), {"city": "Ourense"})
        clients.edit(colleague, clients.get(colleague, ids[4]), {"city": "Lugo"})
        clients.edit(colleague, clients.get(colleague, ids[5]), {"street": "Rúa Nova 1", "display_name": "Other"})
    job = BulkJob(made).run(session, batch=10)
    assert (job.changed, job.unchanged) == (MANY - 5, 1)
    assert {client_id: wrong.code for client_id, wrong in job.refused.items()} == {
        ids[2]: "client_gone",
        ids[3]: "changed_meanwhile",
    }
    assert [(clients.get(session, client_id).values["city"]) for client_id in (ids[0], ids[1], ids[3], ids[5])] == [
        "Madird",
        "Vigo",
        "Ourense",
        "Lugo",
    ]
    assert values(session, "city")[-2:] == ["", "Lugo"]


def test_stopped_it_leaves_whole_batches(session: Session, ids: list[int]) -> None:
    made = edit(session, ids, FieldEdit("city", How.SET, "Lugo"))
    job = BulkJob(made)
    job.run(session, stopped=lambda: job.done >= 10, batch=10)
    assert (job.changed, job.whole) == (10, False)
    assert values(session, "city").count("Lugo") == 10
    assert plan(session, ids, made.change, stopped=lambda: True) is None


def test_status_and_plan_go_their_own_ways(session: Session, ids: list[int]) -> None:
    made = planned(session, ids[:3], bulk_kinds.status(active=False))
    assert BulkJob(made).run(session).changed == 3
    assert planned(session, ids[:4], bulk_kinds.status(active=True)).unchanged == 1
    BulkJob(planned(session, ids[:3], bulk_kinds.put_on_plan("plus"))).run(session)
    off = planned(session, ids[:4], bulk_kinds.plan_step("off"))
    assert [wrong.code for wrong in off.refused.values()] == ["not_on_plan"]
    assert BulkJob(off).run(session).changed == 3
    assert values(session, "billed_to")[:4] == ["client"] * 3 + [""]
    hand_over = planned(session, ids[:1], bulk_kinds.plan_step("hand-over"))
    assert [wrong.code for wrong in hand_over.refused.values()] == ["hand_over_not_firm"]
    kinds = [line.change.kind for line in islice(lines_of(session), 3)]
    assert kinds == ["plan.off", "plan.on", "client.deactivated"]


def test_deleting_tells_the_conditions_of_each_client(session: Session, ids: list[int], at_work: At) -> None:
    pricing_plan.put_on_plan(session, ids[0], "plus")
    made = planned(session, ids[:5], bulk_kinds.deletion(session))
    assert list(made.refused) == [ids[0]]
    rows = plan_rows(session, made, 0, 5)
    assert [[condition.met for condition in row.conditions] for row in rows] == [
        [True, True, False],
        *[[True, True, True]] * 4,
    ]
    clients.edit(session, clients.get(session, ids[1]), {"city": "Lugo"})
    job = BulkJob(made).run(session, batch=2)
    assert job.changed == 3
    assert [wrong.code for wrong in job.refused.values()] == ["changed_meanwhile"]
    assert len(values(session, "city")) == MANY - 3
    bob = at_work("bob", Access.FULL)
    with pytest.raises(Refused) as refused:
        plan(bob, ids, bulk_kinds.deletion(bob))
    assert refused.value.code == "not_allowed"


def test_own_fields_and_tags_are_changed_as_built_in_ones(session: Session, ids: list[int]) -> None:
    fees = own_fields.add_field(session, "Fees", OwnKind.NUMBER)
    level = own_fields.add_field(session, "Level", OwnKind.CHOICE, choices=("Gold", "Silver"))
    helper = own_fields.add_field(session, "Helper", OwnKind.MEMBER)
    code = own_fields.add_field(session, "Code", OwnKind.TEXT, required=True, unique=True)
    clients.edit(session, clients.get(session, ids[-1]), {"tags": "VIP, Late", f"own_{code.id}": "X-1"})
    late = tags.tag_by_name(session, "Late").id
    names = {field.name: f"own_{field.id}" for field in (fees, level, helper, code)}
    for field, typed, shown in (
        ("Fees", "1.250,50", "1250.5"),
        ("Level", "gold", "Gold"),
        ("Helper", "ana garcía", "Ana García"),
    ):
        made = edit(session, ids, FieldEdit(names[field], How.SET, typed))
        (first,) = plan_rows(session, made, 0, 1)
        assert [tuple(change)[1:] for change in first.differences] == [(field, "", shown)]
        assert BulkJob(made).run(session).changed == MANY
        assert set(values(session, names[field])) == {shown}
    BulkJob(edit(session, ids[:3], FieldEdit("tags", How.ADD, "VIP"))).run(session)
    BulkJob(edit(session, ids[:2], FieldEdit("tags", How.ADD, f"#{late}"))).run(session)
    made = edit(session, ids, FieldEdit("tags", How.REMOVE, "vip"))
    assert (len(made.client_ids), made.unchanged) == (4, MANY - 4)
    BulkJob(made).run(session)
    assert values(session, "tags")[:4] == ["Late", "Late", "", ""]

    for wanted, problem_code in (
        (FieldEdit(names["Level"], How.SET, "Bronze"), "unknown_choice"),
        (FieldEdit(names["Fees"], How.ADD, "1"), "edited_in_part"),
        (FieldEdit(names["Fees"], How.SET, "much"), "own_number"),
        (FieldEdit(names["Code"], How.SET, "X"), "number_for_many"),
        (FieldEdit(names["Code"], How.EMPTY), "required"),
        (FieldEdit("tags", How.REMOVE, "Nowhere"), "unknown_tag"),
    ):
        with pytest.raises(Refused) as refused:
            bulk_kinds.edits(session, [wanted], len(ids))
        assert refused.value.code == problem_code
    undo = undoing.latest(session)
    assert undo is not None
    undoing.undo(session, undo)
    assert values(session, "tags")[:4] == ["Late, VIP", "Late, VIP", "VIP", ""]


def test_a_new_tag_is_made_with_the_first_batch(session: Session, ids: list[int]) -> None:
    made = edit(session, ids, FieldEdit("tags", How.ADD, "VIP"), FieldEdit("tags", How.ADD, "Late"))
    assert (len(made.client_ids), dict(made.refused)) == (MANY, {})
    (first,) = plan_rows(session, made, 0, 1)
    assert [tuple(change) for change in first.differences] == [("tags", "Tags", "", "VIP, Late")]
    assert tags.tags(session) == (), "a plan writes nothing"
    job = BulkJob(made).run(session, batch=10)
    assert (job.changed, dict(job.refused), job.whole) == (MANY, {}, True)
    assert set(values(session, "tags")) == {"Late, VIP"}
    assert edit(session, ids, FieldEdit("tags", How.ADD, "vip")).unchanged == MANY
    undo = undoing.latest(session)
    assert undo is not None
    undoing.undo(session, undo)
    assert {clients.get(session, client_id).row.get("tags", "") for client_id in ids} == {""}
