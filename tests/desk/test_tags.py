"""Tags: made where they are typed, renamed, deleted."""

import pytest

from clientdesk.desk import clients, tags, undoing, view_changes, views
from clientdesk.desk.checking import check_firm
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.filters import ACTIVE, Filter, Op
from clientdesk.domain.own_fields import Tag
from clientdesk.domain.problems import Refused
from clientdesk.domain.views import Layout
from tests.conftest import At
from tests.desk.undone import do_again, firm_of, take_back


def test_tags_are_made_where_they_are_typed(session: Session) -> None:
    first = tags.add_tags(session, ["VIP", " moroso ", "vip", ""])
    assert [tag.name for tag in tags.tags(session)] == ["moroso", "VIP"]
    assert len(first) == 2
    assert tags.add_tags(session, ["MOROSO", "Nuevo"])[0] == first[1]
    assert tags.tag_ids(session, ["Vip"]) == first[:1]
    with pytest.raises(Refused, match=r"There is no tag “Otro”. There are: moroso, Nuevo, VIP"):
        tags.tag_ids(session, ["Otro"])
    take_back(session)
    assert [tag.name for tag in tags.tags(session)] == ["moroso", "VIP"]


def test_a_tag_is_renamed_in_one_row(session: Session, at_work: At) -> None:
    vip, moroso = (
        Tag(tag_id, name)
        for tag_id, name in zip(tags.add_tags(session, ["VIP", "Moroso"]), ("VIP", "Moroso"), strict=True)
    )
    assert tags.rename_tag(session, vip, "Importante") == Tag(vip.id, "Importante")
    with pytest.raises(Refused, match=r"There is a tag Moroso already. Give another name, or merge the two."):
        tags.rename_tag(session, Tag(vip.id, "Importante"), "MOROSO")
    with pytest.raises(Refused) as conflict:
        tags.rename_tag(at_work("bob"), vip, "Oro")
    assert conflict.value.message == (
        "The tag VIP was changed by Ana García meanwhile. Name said “VIP” when it was read, and says “Importante” now."
    )
    tags.delete_tag(session, moroso.id)
    with pytest.raises(Refused, match=r"The tag Moroso was deleted by Ana García. Type it again where it is needed."):
        tags.rename_tag(at_work("bob"), moroso, "Malo")
    take_back(session)
    assert [tag.name for tag in tags.tags(session)] == ["Importante", "Moroso"]
    do_again(session)
    assert [tag.name for tag in tags.tags(session)] == ["Importante"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("a,b", "The tag “a,b” has the sign ,, which stands between tags, or before them. Leave it out."),
        ("x" * 51, "has 51 characters; at most 50 are allowed"),
    ],
)
def test_what_can_be_no_tag_is_told(session: Session, name: str, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        tags.add_tags(session, ["VIP", name])
    assert sentence in refusal.value.message
    assert tags.tags(session) == ()


def test_there_is_no_tag_yet(session: Session, at_work: At) -> None:
    with pytest.raises(Refused, match=r"There is no tag “VIP”, and no other one. Type it"):
        tags.tag_by_name(session, "VIP")
    with pytest.raises(Refused, match="does not allow this: edit clients"):
        tags.add_tags(at_work("eve", Access.BASIC), ["VIP"])


def tagged(session: Session) -> dict[str, str]:
    """What tags each client has, by name."""
    shown = (clients.get(session, row.id) for row in clients.window(session, ClientQuery(filters=()), (), 0, 9))
    return {client.values["display_name"]: client.values["tags"] for client in shown}


def with_tags(session: Session) -> tuple[Tag, ...]:
    """Four clients with tags; these by name."""
    for name, tags_of in (("A", "VIP"), ("B", "vip, Moroso"), ("C", "Gold, VIPs"), ("D", "Moroso")):
        clients.add(session, {"display_name": name, "tags": tags_of})
    return tags.tags(session)


def test_how_many_clients_have_a_tag(session: Session) -> None:
    with_tags(session)
    tags.add_tags(session, ["Nobody"])
    counts = {use.tag.name: use.clients for use in tags.tags_in_use(session)}
    assert counts == {"Gold": 1, "Moroso": 2, "Nobody": 0, "VIP": 2, "VIPs": 1}


def test_tags_are_merged_and_their_clients_keep_the_others(session: Session) -> None:
    gold, moroso, vip, vips = with_tags(session)
    before, rows_before = tagged(session), firm_of(session)
    assert tags.merge_tags(session, [vips.id, gold.id], vip) == (1, True)
    assert tagged(session) == {"A": "VIP", "B": "Moroso, VIP", "C": "VIP", "D": "Moroso"}
    assert tags.tags(session) == (moroso, vip)
    planned = undoing.latest(session)
    assert planned is not None
    assert (planned.title, planned.conflicts, planned.rows) == ("Tags merged", (), 3)
    assert undoing.undo(session, planned).left == 0
    assert (tagged(session), firm_of(session)["tag"]) == (before, rows_before["tag"])
    do_again(session)
    assert tagged(session)["C"] == "VIP"
    assert [finding.sentence for finding in check_firm(session) if not finding.sound] == []


def test_many_clients_are_one_job_which_is_stopped_between_batches(session: Session) -> None:
    gold, moroso, vip, vips = with_tags(session)
    progress: list[tuple[int, int]] = []
    stops = iter([False, True])
    stopped = tags.merge_tags(
        session, [vip.id, moroso.id], gold, lambda *done: progress.append(done), lambda: next(stops), batch=1
    )
    assert stopped == (1, False)
    assert progress == [(1, 3)]
    assert tagged(session) == {"A": "Gold", "B": "Moroso, VIP", "C": "Gold, VIPs", "D": "Moroso"}
    assert len(tags.tags(session)) == 4
    take_back(session)
    assert tags.merge_tags(session, [vip.id, moroso.id], gold, batch=2) == (3, True)
    assert tagged(session) == {"A": "Gold", "B": "Gold", "C": "Gold, VIPs", "D": "Gold"}
    assert tags.tags(session) == (gold, vips)
    planned = undoing.latest(session)
    assert planned is not None
    assert planned.rows == 5, "one line for the whole job"
    assert planned.conflicts == ()
    assert undoing.undo(session, planned).left == 0
    assert tagged(session) == {"A": "VIP", "B": "Moroso, VIP", "C": "Gold, VIPs", "D": "Moroso"}
    assert tags.tags(session) == (gold, moroso, vip, vips)


def test_views_that_filter_by_a_merged_tag_filter_by_the_other(session: Session) -> None:
    gold, vips, vip = (Tag(tag_id, "") for tag_id in tags.add_tags(session, ["Gold", "VIPs", "VIP"]))
    query = ClientQuery((Filter("tags", Op.ONE_OF, (str(gold.id), str(vip.id))), ACTIVE))
    view_changes.add_to_firm(session, "Firm's", Layout(query))
    view_changes.add_own(session, "Mine", Layout(ClientQuery((Filter("tags", Op.IS, (str(gold.id),)),))))
    tags.merge_tags(session, [gold.id], vips)
    tags.merge_tags(session, [vips.id], vip)
    for name in ("Firm's", "Mine"):
        view = views.named(session, name)
        assert view.query.filters[0].value == (str(vip.id),)
        assert not view.problems
    take_back(session)
    take_back(session)
    assert views.named(session, "Firm's").query == query
    assert views.named(session, "Mine").query.filters[0].value == (str(gold.id),)
    assert all(finding.sound for finding in check_firm(session))


def test_what_cannot_be_merged_is_told(session: Session, at_work: At) -> None:
    gold, moroso, vip, _vips = with_tags(session)
    with pytest.raises(Refused, match="VIP is not merged into itself"):
        tags.merge_tags(session, [gold.id, vip.id], vip)
    with pytest.raises(Refused, match="does not allow this: change the firm's settings"):
        tags.merge_tags(at_work("eve", Access.BASIC), [gold.id], vip)
    tags.merge_tags(session, [moroso.id], vip)
    with pytest.raises(Refused, match="The tag Moroso was deleted by Ana García"):
        tags.merge_tags(at_work("bob"), [moroso.id], vip)
    with pytest.raises(Refused, match="Clients have the tag VIP"):
        tags.delete_tag(session, vip.id)
