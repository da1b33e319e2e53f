"""Undo and redo: each kind of change, what stands in the way, jobs that are stopped, and what is not undone."""

from collections.abc import Callable
from datetime import date
from typing import Any

import peewee
import pytest

from clientdesk.desk import (
    bulk_changes,
    bulk_kinds,
    client_types,
    clients,
    firm_settings,
    history,
    own_fields,
    pricing_plan,
    tags,
    team,
    template_files,
    template_parts,
    undoing,
    view_changes,
    views,
    work_templates,
)
from clientdesk.desk.change_kinds import KINDS, REDONE, UNDONE
from clientdesk.desk.checking import check_firm
from clientdesk.desk.records import Client
from clientdesk.desk.session import Session, changes
from clientdesk.desk.work_records import Work
from clientdesk.domain.access import Access, Action
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.field_edits import FieldEdit, How
from clientdesk.domain.filters import Filter, Op
from clientdesk.domain.kept_templates import kept_applies
from clientdesk.domain.own_fields import OwnKind, Tag
from clientdesk.domain.problems import Refused
from clientdesk.domain.views import Layout, View
from clientdesk.domain.work_templates import Item, Section, WorkTemplate, template_called
from clientdesk.store import patches as rows
from tests.conftest import At
from tests.desk import test_undoing_jobs
from tests.desk.undone import do_again, firm_of, take_back
from tests.desk.worked_on import IN_SEVERAL, OF_WORK, review_of
from tests.many import add_many
from tests.store.both import REFUSED_BY_DATABASE, on_server
from tests.worked import changed_once, tick, work_for

FORBIDDEN = (*REFUSED_BY_DATABASE, peewee.PeeweeException, Refused)
Do = Callable[[Session, "Firm"], object]
IN_VIGO = Layout(ClientQuery((Filter("city", Op.IS, ("Vigo",)),)))


def on_review(does: Callable[[Session, Work], object]) -> Do:
    """What is done to the work of the client of a firm."""
    return lambda session, firm: does(session, review_of(session, firm.client.id, firm.template))


class Firm:
    """A client on the plan, one whose hand-over is requested, Bob and Eve in the team, Bob leading a client; a view."""

    def __init__(self, session: Session) -> None:
        self.bob = team.add_member(session, "Bob Test", "", "bob", Access.FULL)
        self.eve = team.add_member(session, "Eve Test", "eve@a.es", "eve", Access.BASIC)
        self.client = clients.add(session, {"display_name": "Peña SA", "client_number": "C-1", "lead": "Bob Test"})
        self.planned = clients.add(session, {"display_name": "Mar SL", "subscription": "essentials"})
        pricing_plan.put_on_plan(session, self.planned.id, "essentials")
        self.requested = clients.add(session, {"display_name": "Sol SL", "primary_admin": "firm"})
        pricing_plan.request_hand_over(session, self.requested.id)
        view_changes.add_to_firm(session, "Another", IN_VIGO)
        self.acta = own_fields.add_field(session, "Acta", OwnKind.TEXT)
        self.risk = own_fields.add_field(session, "Risk", OwnKind.CHOICE, choices=["High", "Low"])
        self.template = work_for(session, self.client.id)
        self.tag = Tag(tags.add_tags(session, ["VIP"])[0], "VIP")


def a_type(session: Session) -> Any:
    return next(client_type for client_type in client_types.all_types(session) if client_type.name == "Trust")


def fresh(session: Session, client: Client) -> Client:
    return clients.get(session, client.id)


def a_view(session: Session) -> View:
    return views.named(session, "Another")


def edit_both(session: Session, client_ids: list[int]) -> None:
    change = bulk_kinds.edits(session, [FieldEdit("city", How.ADD, "Lugo")], len(client_ids))
    made = bulk_changes.plan(session, client_ids, change)
    assert made is not None
    bulk_changes.BulkJob(made).run(session)


def take_in(session: Session, shipped: str) -> WorkTemplate:
    """Takes a template that comes with clientdesk in, as from a file."""
    wanted = template_files.template_of(session, template_files.shipped(shipped))
    present = template_called(work_templates.templates(session), wanted.name)
    return template_files.import_template(session, present, wanted)


def of(session: Session) -> WorkTemplate:
    """The last template that is not retired."""
    return [template for template in work_templates.templates(session) if not template.retired][-1]


def section(session: Session, firm: "Firm") -> Section:
    return min(work_templates.template_with(session, firm.template).sections)


def item(session: Session, firm: "Firm") -> Item:
    return min(section(session, firm).items)


def begin(session: Session, firm: "Firm") -> None:
    """A template comes to apply to clients who were the firm's long before."""
    work_templates.restore_template(session, firm.template)
    today, session.today = session.today, lambda: date(2190, 5, 10)
    in_vigo = kept_applies([Filter("city", Op.IS, ("Vigo",))])
    narrowed = work_templates.save_template(session, of(session), {"applies": in_vigo})
    work_templates.save_template(session, narrowed.template, {"applies": kept_applies([])})
    session.today = today


DONE: dict[str, Do] = {
    "client.edited": lambda s, f: clients.edit(s, fresh(s, f.client), {"city": "Vigo", "client_type": "Trust"}),
    "client.changed": lambda s, f: edit_both(s, [f.client.id, f.planned.id]),
    "client.added": lambda s, f: clients.add(s, {"display_name": "Río SL", "client_number": "C-9", "lead": "Bob Test"}),
    "client.deactivated": lambda s, f: clients.set_status(s, [f.client.id, f.planned.id], active=False),
    "client.activated": lambda s, f: clients.set_status(s, [f.requested.id], active=True),
    "plan.on": lambda s, f: pricing_plan.put_on_plan(s, f.client.id, "essentials"),
    "plan.off": lambda s, f: pricing_plan.take_off_plan(s, f.planned.id),
    "plan.requested": lambda s, f: pricing_plan.request_hand_over(s, clients.add(s, {"display_name": "X", "primary_admin": "firm"}).id),
    "plan.accepted": lambda s, f: pricing_plan.accept_hand_over(s, f.requested.id),
    "plan.cancelled": lambda s, f: pricing_plan.cancel_hand_over(s, f.requested.id),
    "type.added": lambda s, f: client_types.add_type(s, "Charity"),
    "type.renamed": lambda s, f: client_types.rename_type(s, a_type(s), "Foundation"),
    "type.removed": lambda s, f: client_types.remove_type(s, a_type(s).id),
    "view.added": lambda s, f: view_changes.add_to_firm(s, "In Vigo", IN_VIGO),
    "view.changed": lambda s, f: view_changes.save(s, a_view(s), Layout()),
    "view.renamed": lambda s, f: view_changes.rename(s, a_view(s), "Vigo"),
    "view.deleted": lambda s, f: view_changes.delete(s, a_view(s)),
    "field.added": lambda s, f: own_fields.add_field(s, "Ámbito", OwnKind.CHOICE, choices=["A", "B"]),
    "field.changed": lambda s, f: own_fields.save_field(s, f.acta, {"name": "Libro", "width": 9, "unique": 1, "section": "notes"}),
    "field.ordered": lambda s, f: own_fields.place_fields(s, [f.risk.id], f.acta.id),
    "field.retired": lambda s, f: own_fields.retire_field(s, f.acta.id),
    "field.restored": lambda s, f: (own_fields.retire_field(s, f.risk.id), own_fields.restore_field(s, f.risk.id)),
    "choice.added": lambda s, f: own_fields.add_choices(s, f.risk.id, ["Medium", "None"]),
    "choice.renamed": lambda s, f: own_fields.rename_choice(s, f.risk.id, f.risk.choices[0], "Top"),
    "choice.ordered": lambda s, f: own_fields.place_choices(s, f.risk.id, [f.risk.choices[0].id]),
    "choice.retired": lambda s, f: own_fields.retire_choice(s, f.risk.id, f.risk.choices[0].id),
    "choice.restored": lambda s, f: (own_fields.retire_choice(s, f.risk.id, f.risk.choices[1].id), own_fields.restore_choice(s, f.risk.id, f.risk.choices[1].id)),
    "tag.added": lambda s, f: tags.add_tags(s, ["Moroso"]),
    "tag.renamed": lambda s, f: tags.rename_tag(s, f.tag, "Gold"),
    "tag.merged": lambda s, f: tags.merge_tags(s, tags.add_tags(s, ["Doomed"]), f.tag),
    "tag.deleted": lambda s, f: tags.delete_tag(s, f.tag.id),
    "work.ticked": lambda s, f: tick(s, f.client.id, f.template),
    "template.changed": lambda s, f: changed_once(s, f.client.id, f.template),
    **{kind: on_review(does) for kind, does in OF_WORK.items()},
    "template.added": lambda s, f: work_templates.add_template(s, template_files.template_of(s, template_files.shipped("books-close"))),
    "template.imported": lambda s, f: (work_for(s, f.planned.id, "Books close"), take_in(s, "books-close")),
    "template.ordered": lambda s, f: work_templates.place_templates(s, [of(s).id, f.template]),
    "template.retired": lambda s, f: work_templates.retire_template(s, f.template),
    "template.restored": lambda s, f: (work_templates.retire_template(s, f.template), work_templates.restore_template(s, f.template)),
    "section.added": lambda s, f: template_parts.add_section(s, f.template, "Extra", ["One", "Two"]),
    "section.renamed": lambda s, f: template_parts.rename_section(s, f.template, section(s, f), "Begin"),
    "section.ordered": lambda s, f: (template_parts.add_section(s, f.template, "Last"), template_parts.place_sections(s, f.template, [section(s, f).id])),
    "section.retired": lambda s, f: template_parts.retire_section(s, f.template, section(s, f).id),
    "section.restored": lambda s, f: (template_parts.retire_section(s, f.template, section(s, f).id), template_parts.restore_section(s, f.template, section(s, f).id)),
    "item.added": lambda s, f: template_parts.add_items(s, f.template, section(s, f).id, ["Three", "Four"]),
    "item.renamed": lambda s, f: template_parts.rename_item(s, f.template, item(s, f), "Ask twice"),
    "item.ordered": lambda s, f: (template_parts.add_items(s, f.template, section(s, f).id, ["Five"]), template_parts.place_items(s, f.template, section(s, f).id, [item(s, f).id])),
    "item.retired": lambda s, f: template_parts.retire_item(s, f.template, item(s, f).id),
    "item.restored": lambda s, f: (template_parts.retire_item(s, f.template, item(s, f).id), template_parts.restore_item(s, f.template, item(s, f).id)),
    "work.begun": begin,
    "firm.settings": lambda s, f: firm_settings.save(s, s.firm, {"name": "Sur SL", "client_notice": "", "upload_limit": "no"}),
    "firm.offer": lambda s, f: team.offer_primary_admin(s, f.bob.id),
    "firm.withdraw": lambda s, f: (team.offer_primary_admin(s, f.bob.id), team.withdraw_offer(s)),
    "team.edited": lambda s, f: team.save_member(s, f.eve, {"name": "Eva", "login": "eva", "access": "full", "email": ""}),
    "team.deactivated": lambda s, f: team.deactivate_member(s, f.bob.id, everyone_to="Ana García"),
    "team.activated": lambda s, f: (team.deactivate_member(s, f.eve.id), team.activate_member(s, f.eve.id)),
}  # fmt: skip
OF_SEVERAL = {
    "plan.requested",
    "firm.withdraw",
    "team.activated",
    "field.restored",
    "choice.restored",
    "tag.merged",
    "work.begun",
    "work.ticked",
    *IN_SEVERAL,
    *("template.imported", "template.restored"),
    *("section.ordered", "section.restored", "item.ordered", "item.restored"),
}
"""What is done in several changes, of which the last is undone here."""


@pytest.fixture
def firm(session: Session) -> Firm:
    return Firm(session)


@pytest.mark.thorough("steps")
def test_each_kind_is_undone_and_redone(session: Session, firm: Firm) -> None:
    clients.set_status(session, [firm.requested.id], active=False)
    original = firm_of(session)
    for kind, do in DONE.items():
        do(session, firm)
        after = firm_of(session)
        planned = undoing.latest(session)
        assert planned is not None, kind
        assert (planned.title, planned.conflicts, planned.mine, planned.fresh) == (KINDS[kind].title, (), True, True)
        assert planned.can == planned.rows > 0, kind
        undone = undoing.undo(session, planned)
        assert (undone.left, undone.rows, undone.whole) == (0, planned.rows, True), kind
        before = firm_of(session)
        assert before != after, kind
        assert kind in OF_SEVERAL or before == original, kind
        assert do_again(session).left == 0, kind
        assert firm_of(session) == after, kind
        assert take_back(session).left == 0, kind
        assert firm_of(session) == before, kind
        original = before
        last = history.of_firm(session, limit=1)[0]
        assert (last.kind, last.title) == ("change.undone", f"Undone: {KINDS[kind].title}")
    assert all(finding.sound for finding in check_firm(session)), [f for f in check_firm(session) if not f.sound]


def test_a_declined_offer_is_offered_again_by_undo(session: Session, firm: Firm, at_work: At) -> None:
    team.offer_primary_admin(session, firm.bob.id)
    bob = at_work("bob")
    before = firm_of(session)
    team.decline_primary_admin(bob)
    number, after = bob.engine.change_set, firm_of(session)
    with pytest.raises(Refused, match="hand over the primary admin's role"):
        undoing.plan(bob, number)
    with pytest.raises(Refused, match="hand over the primary admin's role"):
        undoing.latest(bob)
    planned = undoing.plan(session, number)
    assert (planned.title, planned.mine, planned.can) == ("Primary admin's role declined", False, 1)
    assert undoing.undo(session, planned).left == 0
    assert firm_of(session) == before
    assert do_again(session).left == 0
    assert firm_of(session) == after
    assert undoing.latest(bob) is None, "it is told once"


@pytest.mark.thorough("steps")
def test_undoing_everything_in_reverse_gives_the_first_day(session: Session) -> None:
    first = firm_of(session)
    Firm(session)
    while (planned := undoing.latest(session)) is not None:
        assert not planned.conflicts
        undoing.undo(session, planned)
    now = firm_of(session)
    for member in now["team_member"].values():
        assert member["active"] == int(member["login"] == "ana"), "who was added is inactive"
    now["team_member"] = {1: now["team_member"][1]}
    assert now == first
    while undoing.latest_undone(session) is not None:
        do_again(session)
    assert {each["display_name"] for each in firm_of(session)["client"].values()} == {"Peña SA", "Mar SL", "Sol SL"}
    assert all(finding.sound for finding in check_firm(session))


def test_a_member_who_was_added_is_made_inactive(session: Session, firm: Firm) -> None:
    member = team.add_member(session, "Zoe Test", "", "zoe", Access.BASIC)
    planned = undoing.latest(session)
    assert planned is not None
    assert bool(planned.sql) == on_server(session.location)
    assert not planned.sql or "zoe" in planned.sql
    undoing.undo(session, planned)
    assert [(m.name, m.active) for m in team.members(session) if m.id == member.id] == [("Zoe Test", False)]
    do_again(session)
    assert [(m.name, m.active) for m in team.members(session) if m.id == member.id] == [("Zoe Test", True)]


def test_what_is_not_a_matter_of_logins_needs_no_sql(session: Session, firm: Firm) -> None:
    team.save_member(session, firm.eve, {"name": "Eva"})
    assert undoing.plan(session, session.engine.change_set).sql == ""
    team.save_member(session, team.member_by_key(session, "eve"), {"login": "eva"})
    planned = undoing.plan(session, session.engine.change_set)
    assert all(login in planned.sql for login in ("eve", "eva")) == on_server(session.location)


# --- what stands in the way


def test_a_later_change_of_a_field_stays_and_the_other_fields_are_taken_back(
    session: Session, firm: Firm, at_work: At
) -> None:
    clients.edit(session, fresh(session, firm.client), {"city": "Vigo", "street": "Rúa 1"})
    number = session.engine.change_set
    bob = at_work("bob")
    clients.edit(bob, clients.get(bob, firm.client.id), {"city": "Lugo"})
    planned = undoing.plan(session, number)
    (conflict,) = planned.conflicts
    assert (planned.rows, planned.can) == (1, 1)
    assert conflict[:4] == ("Peña SA", "City", "Lugo", "Bob Test")
    assert conflict.at
    assert conflict.sentence.startswith("Peña SA: City is “Lugo” now, by Bob Test (")
    undone = undoing.undo(session, planned)
    assert (undone.rows, undone.left) == (1, 1)
    assert undone.conflicts[0].sentence == conflict.sentence
    values = clients.get(session, firm.client.id).values
    assert (values["city"], values["street"]) == ("Lugo", "")


@pytest.mark.thorough("many")
def test_398_of_400(session: Session, at_work: At) -> None:
    add_many(session, [{"display_name": f"Client {n}"} for n in range(400)])
    all_clients = firm_of(session)["client"]
    ids = sorted(all_clients)
    clients.set_status(session, ids, active=False)
    number = session.engine.change_set
    bob = at_work("bob")
    clients.set_status(bob, ids[:1], active=True)
    clients.set_status(bob, ids[:1], active=False)  # stands as it was left
    clients.edit(bob, clients.get(bob, ids[1]), {"city": "Lugo"})  # another field
    clients.set_status(bob, ids[2:3], active=True)  # taken back already
    clients.delete(session, clients.get(session, ids[3]))
    planned = undoing.plan(session, number)
    assert (planned.rows, planned.can) == (400, 398)
    names = [all_clients[client_id]["display_name"] for client_id in ids]
    assert {conflict.sentence.split(" (")[0] for conflict in planned.conflicts} == {
        f"{names[3]} was deleted by Ana García",
        f"{names[2]}: Status is “Active” already, since Bob Test changed it",
    }
    assert undoing.undo(session, planned)[1:3] == (398, 2)
    assert {row["status"] for row in firm_of(session)["client"].values()} == {"active"}


def test_rules_are_asked(session: Session, firm: Firm) -> None:
    clients.edit(session, fresh(session, firm.client), {"client_number": "C-2"})
    number = session.engine.change_set
    other = clients.add(session, {"display_name": "Río SL", "client_number": "C-1"})
    planned = undoing.plan(session, number)
    (conflict,) = planned.conflicts
    assert (planned.can, conflict.subject, conflict.who) == (0, "Peña SA", "Ana García")
    assert conflict.sentence.startswith("Peña SA: Client number “C-1” belongs to “Río SL” now, by Ana García (")
    assert undoing.undo(session, planned)[:3] == (0, 0, 1)
    assert clients.get(session, firm.client.id).values["client_number"] == "C-2"
    clients.edit(session, other, {"client_number": ""})
    assert undoing.undo(session, undoing.plan(session, number)).rows == 1


def test_an_added_client_is_taken_back_only_while_nothing_else_was_done_to_it(
    session: Session, firm: Firm, at_work: At
) -> None:
    bob, eve = at_work("bob"), at_work("eva", Access.FULL)
    added = clients.add(bob, {"display_name": "Río SL"})
    number = bob.engine.change_set
    (conflict,) = undoing.plan(eve, number).conflicts
    assert conflict.sentence == "Río SL was added by Bob Test. Only they take that back, or Ana García."
    assert (conflict.who, conflict.at) == ("Bob Test", undoing.plan(eve, number).at)
    assert undoing.plan(session, number).can == 1, "the primary admin may"
    clients.add(session, {"display_name": "Mar SL"})
    (conflict,) = undoing.plan(eve, session.engine.change_set).conflicts
    assert conflict.sentence == "Mar SL was added by Ana García. Only they take that back."
    clients.edit(session, clients.get(session, added.id), {"city": "Vigo"})
    (conflict,) = undoing.plan(bob, number).conflicts
    assert conflict.sentence.startswith("Río SL was changed since it was added, by Ana García (")
    assert undoing.undo(bob, undoing.plan(bob, number))[:3] == (0, 0, 1)
    take_back(session)
    assert undoing.undo(bob, undoing.plan(bob, number)).rows == 1, "what was taken back counts no more"
    with pytest.raises(Refused, match="deleted"):
        clients.get(bob, added.id)
    do_again(bob)
    assert clients.get(bob, added.id).values == added.values
    assert clients.get(bob, added.id).id == added.id


def test_who_added_a_client_takes_it_back_and_who_brought_it_back_too(session: Session, at_work: At) -> None:
    bob, eve, fay = at_work("bob"), at_work("eve"), at_work("fay")
    client = clients.add(bob, {"display_name": "Río SL"})
    added = bob.engine.change_set
    undoing.undo(session, undoing.plan(session, added))
    do_again(session)
    undoing.undo(bob, undoing.plan(bob, added))
    with pytest.raises(Refused, match="deleted"):
        clients.get(session, client.id)
    taken_back = bob.engine.change_set
    undoing.undo(eve, undoing.plan(eve, taken_back))
    (conflict,) = undoing.plan(fay, added).conflicts
    assert conflict.sentence == "Río SL was added by Bob Test. Only they take that back, or Ana García."
    assert undoing.undo(eve, undoing.plan(eve, added)).rows == 1


def _delete(session: Session, client_id: int, undoes: int | None = None) -> None:
    def delete(session: Session) -> None:
        rows.delete(session.engine, "client", [client_id])

    changes("change.undone" if undoes else "client.edited", Action.EDIT_CLIENT, undoes=undoes)(delete)(session)


def _insert_undoing(session: Session, values: Any, undoes: int | None) -> None:
    def insert(session: Session) -> None:
        rows.insert(session.engine, "client", [values], ids=[values["id"]])

    changes("change.redone" if undoes else "client.added", Action.ADD_CLIENT, undoes=undoes)(insert)(session)


def test_the_database_itself_lets_nothing_else_go_or_come_back(session: Session, firm: Firm, at_work: At) -> None:
    bob, eve = at_work("bob"), at_work("eva", Access.FULL)
    added = clients.add(bob, {"display_name": "Río SL"})
    number = bob.engine.change_set
    refused = pytest.raises(FORBIDDEN)
    with refused:
        _delete(bob, added.id)
    with refused:
        _delete(eve, added.id, number)
    clients.edit(session, clients.get(session, added.id), {"city": "Vigo"})
    with refused:
        _delete(bob, added.id, number)
    take_back(session)
    whole = {"id": added.id, **firm_of(session)["client"][added.id]}
    _delete(bob, added.id, number)
    undo = bob.engine.change_set
    with refused:
        _insert_undoing(bob, whole, None)
    with refused:
        _insert_undoing(bob, {**whole, "company_id": "L-another"}, undo)
    _insert_undoing(bob, whole, undo)
    gone = clients.add(session, {"display_name": "Gone SL"})
    whole = {"id": gone.id, **firm_of(session)["client"][gone.id]}
    clients.delete(session, gone)
    with refused:  # what was deleted for good stays so
        _insert_undoing(session, whole, session.engine.change_set)


def test_the_steps_of_a_hand_over_go_backwards_only_in_an_undo(session: Session, firm: Firm) -> None:
    pricing_plan.accept_hand_over(session, firm.requested.id)
    number = session.engine.change_set

    def back(session: Session) -> None:
        before = firm_of(session)["client"][firm.requested.id]
        step = {"primary_admin": "requested"}
        rows.update(session.engine, "client", [rows.Write(firm.requested.id, step, {**before, **step})])

    with pytest.raises(FORBIDDEN):
        changes("client.edited", Action.EDIT_CLIENT)(back)(session)
    with pytest.raises(FORBIDDEN):
        changes("change.undone", Action.EDIT_CLIENT, undoes=number - 1)(back)(session)
    assert undoing.undo(session, undoing.plan(session, number)).rows == 1


# --- what is not undone, and by whom


def test_what_is_not_undone_says_what_to_do_instead(session: Session, firm: Firm, at_work: At) -> None:
    number = {}
    gone = clients.add(session, {"display_name": "Gone SL"})
    clients.delete(session, gone)
    number["client.deleted"] = session.engine.change_set
    number["firm.created"] = 1
    team.offer_primary_admin(session, firm.bob.id)
    bob = at_work("bob")
    team.accept_primary_admin(bob)
    number["firm.accept"] = bob.engine.change_set
    with pytest.raises(Refused, match=r"role accepted” is not taken back by undo\. Offer the role back"):
        undoing.latest(bob)
    with pytest.raises(Refused, match="does not allow this: hand over"):
        undoing.latest(session)  # the offer
    with pytest.raises(Refused, match=r"“Client deleted permanently” is not taken back by undo\. It is for good"):
        undoing.latest(session)
    for kind, declared in KINDS.items():
        if not declared.instead:
            continue
        if kind not in number:  # written as another use case writes it
            changes(kind, None)(lambda session: rows.update(session.engine, "firm", [_named(session)]))(session)
            number[kind] = session.engine.change_set
        with pytest.raises(Refused) as refused:
            undoing.plan(session, number[kind])
        assert refused.value.code == "not_undone"
        assert refused.value.message.endswith(declared.instead)
    with pytest.raises(Refused, match="There is no change 999"):
        undoing.plan(session, 999)


def _named(session: Session) -> rows.Write:
    whole = firm_of(session)["firm"][1]
    name = {"name": whole["name"] + "."}
    return rows.Write(1, name, {**whole, **name})


def test_access_is_asked_like_for_the_change_itself(session: Session, firm: Firm, at_work: At) -> None:
    clients.edit(session, fresh(session, firm.client), {"city": "Vigo"})
    edited = session.engine.change_set
    team.offer_primary_admin(session, firm.bob.id)
    offered = session.engine.change_set
    eve, bob = at_work("eve", Access.BASIC), at_work("bob")
    with pytest.raises(Refused, match=r"\(basic\) does not allow this: edit clients"):
        undoing.plan(eve, edited)
    with pytest.raises(Refused, match=r"does not allow this: hand over the primary admin's role"):
        undoing.plan(bob, offered)
    planned = undoing.plan(bob, edited)
    assert not planned.mine
    assert undoing.undo(bob, planned).rows == 1
    with pytest.raises(Refused, match=rf"Change {edited} was undone already, by Bob Test"):
        undoing.undo(session, planned)
    undo = bob.engine.change_set
    again = undoing.plan(session, undo)
    assert again.redo
    assert undoing.undo(session, again).rows == 1
    with pytest.raises(Refused, match=rf"change {undo} took back was done again already, by Ana"):
        undoing.plan(bob, undo)
    assert undoing.plan(bob, session.engine.change_set).number == edited, "a redo stands for the change itself"


def test_redo_goes_as_far_as_nothing_else_was_changed(session: Session, firm: Firm) -> None:
    for city in ("Vigo", "Lugo"):
        clients.edit(session, fresh(session, firm.client), {"city": city})
    take_back(session)
    take_back(session)
    assert clients.get(session, firm.client.id).values["city"] == ""
    do_again(session)
    do_again(session)
    assert clients.get(session, firm.client.id).values["city"] == "Lugo"
    assert undoing.latest_undone(session) is None
    take_back(session)
    assert clients.get(session, firm.client.id).values["city"] == "Vigo"
    clients.edit(session, fresh(session, firm.client), {"street": "Rúa 1"})
    assert undoing.latest_undone(session) is None


UNDONE_ELSEWHERE: dict[str, Callable[..., None]] = {
    "firm.decline": test_a_declined_offer_is_offered_again_by_undo,
    "team.added": test_a_member_who_was_added_is_made_inactive,
    "client.imported": test_undoing_jobs.test_an_import_of_several_batches_is_undone_as_one,
    "client.numbers": test_undoing_jobs.test_the_undo_of_an_upload_of_numbers_gives_swapped_numbers_back,
}
"""The kinds whose undo another test shows."""


def test_every_kind_has_an_undo_that_is_tried_or_says_what_to_do_instead() -> None:
    """A new kind is an entry in DONE above (what does it), or has a sentence, which the test above asks for."""
    kinds = {kind: declared for kind, declared in KINDS.items() if kind not in (UNDONE, REDONE)}
    undoable = {kind for kind, declared in kinds.items() if declared.undone_by is not None}
    assert undoable == set(DONE) | set(UNDONE_ELSEWHERE)
    assert {kind for kind, declared in kinds.items() if declared.instead} == set(kinds) - undoable
