"""Views: your own and the firm's, on both engines: made, changed by two, renamed, ordered, hidden, and what is gone."""

import json
from collections.abc import Callable
from functools import partial

import pytest

from clientdesk.desk import client_types, clients, list_columns, own_fields, tags, undoing, view_changes, views
from clientdesk.desk.checking import check_firm
from clientdesk.desk.session import Session, keeping
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery, Column, SortKey
from clientdesk.domain.filters import ME, Filter, Op
from clientdesk.domain.own_fields import OwnKind
from clientdesk.domain.problems import Refused
from clientdesk.domain.views import Layout, Owner, View
from clientdesk.store import firm
from tests.conftest import At
from tests.store.both import on_one_engine

MADRID = Layout(ClientQuery((Filter("city", Op.IS, ("Madrid",)),)), (Column("display_name", 30), Column("city", 9)))
LUGO = Layout(ClientQuery((Filter("city", Op.IS, ("Lugo",)),)))


def names(session: Session) -> list[str]:
    return [view.name for view in views.all_views(session).all]


def refused(code: str, do: Callable[[], object]) -> Refused:
    """What `do` is refused with."""
    with pytest.raises(Refused) as refusal:
        do()
    assert refusal.value.code == code, refusal.value.message
    return refusal.value


def test_your_own_are_yours_alone(session: Session, at_work: At) -> None:
    eve = at_work("eve", Access.BASIC)
    mine = view_changes.add_own(eve, "  Madrid ", MADRID)
    assert (mine.name, mine.layout, mine.owner) == ("Madrid", MADRID, Owner.OWN)
    assert "Madrid" in names(eve)
    assert "Madrid" not in names(session)
    assert view_changes.save(eve, mine, LUGO).layout == LUGO
    wrong = refused("view_changed", lambda: view_changes.save(eve, mine, MADRID))
    assert "Columns said “Display name, City” when it was read, and says “those of each person” now." in wrong.message
    assert view_changes.rename(eve, mine, "Lugo").name == "Lugo"
    view_changes.delete(eve, mine)
    refused("view_deleted", lambda: view_changes.save(eve, mine, LUGO))
    refused("view_deleted", lambda: view_changes.delete(eve, mine))
    assert "Lugo" not in names(eve)
    assert view_changes.add_own(eve, "Lugo", LUGO).key != mine.key, "a key never means another view"
    assert undoing.latest(eve) is None, "they have no history"


def test_the_firms_are_made_by_full_members_and_seen_by_all(session: Session, at_work: At) -> None:
    bob, eve = at_work("bob", Access.FULL), at_work("eve", Access.BASIC)
    made = view_changes.add_to_firm(bob, "Madrid", MADRID)
    assert views.named(eve, "madrid").layout == MADRID
    refused("not_allowed", lambda: view_changes.add_to_firm(eve, "Lugo", LUGO))
    refused("not_allowed", lambda: view_changes.save(eve, made, LUGO))
    refused("not_allowed", lambda: view_changes.rename(eve, made, "Lugo"))
    refused("not_allowed", lambda: view_changes.delete(eve, made))
    own = view_changes.add_own(eve, "Lugo", LUGO)
    refused("not_allowed", lambda: view_changes.give_to_firm(eve, own))
    assert views.named(eve, "Lugo") == own, "it is still there"
    view_changes.delete(session, made)
    assert "Madrid" not in names(eve)
    assert all(finding.sound for finding in check_firm(session))


def test_one_of_your_own_becomes_the_firms(session: Session, at_work: At) -> None:
    own = view_changes.add_own(session, "Madrid", MADRID)
    view_changes.put_in_order(session, [own.key])
    firms_view = view_changes.give_to_firm(session, own)
    assert (firms_view.owner, firms_view.layout) == (Owner.FIRM, MADRID)
    assert names(session)[0] == "Madrid", "it stands where it stood"
    assert names(session).count("Madrid") == 1
    assert "Madrid" in names(at_work("eve", Access.BASIC))
    refused("view_of_firm", lambda: view_changes.give_to_firm(session, firms_view))


def test_two_change_one_view(session: Session, at_work: At) -> None:
    bob = at_work("bob")
    read_by_both = view_changes.add_to_firm(session, "Madrid", MADRID)
    view_changes.save(bob, read_by_both, LUGO)
    refusal = refused("stale", lambda: view_changes.save(session, read_by_both, Layout()))
    assert "Bob Test" in refusal.message
    assert "Filters said “City is Madrid” when it was read, and says “City is Lugo” now." in refusal.message
    assert "Order" not in refusal.message, "only what differs is told"
    assert views.named(session, "Madrid").layout == LUGO, "nothing of Bob's is lost"
    assert view_changes.rename(session, read_by_both, "Lugo").name == "Lugo", "another field of it is no conflict"
    assert views.named(bob, "Lugo").layout == LUGO
    view_changes.delete(bob, views.named(bob, "Lugo"))
    assert "Bob Test" in refused("view_deleted", lambda: view_changes.save(session, read_by_both, LUGO)).message
    refused("view_deleted", lambda: view_changes.delete(session, read_by_both))


@on_one_engine
@pytest.mark.parametrize("name", ["MADRID", "Mádrid ", "lugo", "all active", "  "])
def test_a_name_that_is_taken_or_none(session: Session, name: str) -> None:
    own, of_firm = view_changes.add_own(session, "Lugo", LUGO), view_changes.add_to_firm(session, "Madrid", MADRID)
    third = view_changes.add_own(session, "Third", LUGO)
    code = "view_taken" if name.strip() else "required"
    refused(code, lambda: view_changes.add_own(session, name, LUGO))
    refused(code, lambda: view_changes.add_to_firm(session, name, LUGO))
    refused(code, lambda: view_changes.rename(session, third, name))
    if name != "lugo":
        refused(code, lambda: view_changes.rename(session, own, name))
    if name not in ("MADRID", "Mádrid "):
        refused(code, lambda: view_changes.rename(session, of_firm, name))
    assert view_changes.rename(session, own, "LUGO").name == "LUGO", "its own in another case"


def test_long_and_hostile_names(session: Session) -> None:
    for add in (view_changes.add_own, view_changes.add_to_firm):
        assert "100" in refused("too_long", partial(add, session, "x" * 101, LUGO)).message
        assert add(session, f"[/b]\x1b]0;x\x07 {add.__name__}", LUGO).name.startswith("[/b]]0;x ")
    assert all(finding.sound for finding in check_firm(session))


def test_built_in_views_stay_and_can_be_hidden(session: Session) -> None:
    first = views.all_views(session).all[0]
    for do in (
        lambda: view_changes.save(session, first, LUGO),
        lambda: view_changes.rename(session, first, "Everyone"),
        lambda: view_changes.delete(session, first),
        lambda: view_changes.give_to_firm(session, first),
    ):
        refused("view_built_in", do)
    view_changes.hide(session, first)
    assert first.name not in [view.name for view in views.all_views(session).shown]
    assert views.named(session, "all ACTIVE").hidden
    view_changes.unhide(session, first)
    assert views.all_views(session).shown[0].name == first.name


def test_many_views_in_your_order(session: Session) -> None:
    for number in range(12):
        view_changes.add_own(session, f"View {number}", LUGO)
    keys = [view.key for view in views.all_views(session).all]
    view_changes.put_in_order(session, keys[::-1])
    assert names(session)[:2] == ["Preferred pricing plan", "View 11"]
    added = view_changes.add_to_firm(session, "New", LUGO)
    assert views.all_views(session).all[-1].key == added.key, "what has no place yet stands last"


def test_a_type_that_is_gone_is_told_and_the_rest_works(session: Session) -> None:
    added = client_types.add_type(session, "Charity")
    clients.add(session, {"display_name": "Uno", "city": "Lugo"})
    of_type = Filter("client_type", Op.IS, (str(added.id),))
    view = view_changes.add_to_firm(session, "Charities", Layout(ClientQuery((*LUGO.query.filters, of_type))))
    client_types.remove_type(session, added.id)
    (problem,) = (view := views.named(session, "Charities")).problems
    assert (problem.code, f"“Charity” (#{added.id})" in problem.message) == ("view_reference_gone", True)
    assert clients.count(session, view.query) == 1, "by the other filter"
    view_changes.save(session, view, Layout(view.query._replace(find="uno")))
    number = session.engine.change_set
    undoing.undo(session, undoing.plan(session, number - 1))
    view = views.named(session, "Charities")
    assert (of_type in view.query.filters, view.problems) == (True, ()), "it was kept with the view"


def test_a_tag_that_was_deleted_is_told_by_its_name(session: Session) -> None:
    tags.add_tags(session, ["VIP"])
    vip = tags.tag_by_name(session, "VIP")
    of_vip = str(vip.id)
    view_changes.add_own(session, "Important", Layout(ClientQuery((Filter("tags", Op.IS, (of_vip,)),))))
    tags.delete_tag(session, vip.id)
    (problem,) = views.named(session, "Important").problems
    assert f"filters by Tags “VIP” (#{of_vip}), which is not there any more" in problem.message


def test_a_member_who_is_gone_and_one_who_is_inactive(session: Session, at_work: At) -> None:
    bob = at_work("bob")
    query = ClientQuery((Filter("lead", Op.ONE_OF, ("4711", str(bob.me.id))),))
    assert view_changes.add_own(session, "Bob's", Layout(query)).query == query
    gone = view_changes.add_own(session, "Nobody's", Layout(ClientQuery((Filter("lead", Op.IS, ("4711",)),))))
    assert [problem.code for problem in gone.problems] == ["view_reference_gone"]
    mine = view_changes.add_own(session, "Mine", Layout(ClientQuery((Filter("lead", Op.IS, (ME,)),))))
    assert not mine.problems


@pytest.mark.parametrize(
    "kept", ["5", "[]", '{"views": 5}', '{"views": [{"id": 1, "name": "Ok", "view": {}}, {"id": 1, "name": "Twice", "view": {}}]}']
)  # fmt: skip
def test_what_cannot_be_read_of_your_own_is_told_and_kept_beside(session: Session, kept: str) -> None:
    with keeping(session):
        firm.save_setting(session.engine, session.me.id, "views", kept)
    assert [problem.code for problem in views.all_views(session).problems] == ["views_unread"]
    view_changes.add_own(session, "New", LUGO)
    assert views.all_views(session).problems == ()
    assert json.loads(firm.setting(session.engine, session.me.id, "views.unread") or "") == kept
    assert "New" in names(session)


def test_the_last_one_is_open_again(session: Session, at_work: At) -> None:
    def open_again() -> tuple[str, tuple[Column, ...]]:
        opened = views.last_open(session)
        return opened.view.name, opened.columns

    yours = (Column("display_name", 20),)
    assert open_again() == ("All active", list_columns.first_columns())
    views.keep_open(session, views.named(session, "My clients"), yours)
    assert open_again() == ("My clients", yours)
    assert list_columns.columns(session) == yours, "a view without columns of its own has yours"
    madrid = view_changes.add_to_firm(session, "Madrid", MADRID)
    assert MADRID.columns is not None
    views.keep_open(session, madrid, MADRID.columns)
    assert open_again() == ("Madrid", MADRID.columns)
    wider = (Column("display_name", 50), MADRID.columns[1])
    views.keep_open(session, madrid, wider)
    assert open_again() == ("Madrid", wider), "as you left it"
    assert list_columns.columns(session) == yours
    view_changes.delete(at_work("bob"), madrid)
    assert open_again() == ("All active", yours)
    with keeping(session):
        firm.save_setting(session.engine, session.me.id, "view", '{"key": ["x"], "columns": 5}')
    assert open_again() == ("All active", yours)


def test_a_view_is_named_by_its_name_in_both_languages(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clientdesk.domain.views._", lambda text: {"All active": "Todos activos"}.get(text, text))
    assert views.named(session, "todos ACTIVOS").key == views.named(session, "All active").key
    refusal = refused("view_gone", lambda: views.named(session, "nothing"))
    assert "Todos activos" in refusal.message
    own: View = view_changes.add_own(session, "Nothing", LUGO)
    assert views.named(session, "nothing") == own


@pytest.mark.parametrize("name", ["\u200b", " \u200d\u2060 "])
def test_a_name_that_nobody_sees_is_none(session: Session, name: str) -> None:
    refused("required", lambda: view_changes.add_own(session, name, LUGO))


def test_a_retired_field_is_told_once_though_filter_order_and_column_have_it(session: Session) -> None:
    own = own_fields.add_field(session, "Risk", OwnKind.TEXT)
    field = f"own_{own.id}"
    query = ClientQuery((Filter(field, Op.IS, ("high",)),), sort=(SortKey(field),))
    view_changes.add_own(session, "Risky", Layout(query, (Column("display_name", 30), Column(field, 9))))
    own_fields.retire_field(session, own.id)
    (told,) = views.named(session, "Risky").problems
    assert told.code == "view_field_gone"
