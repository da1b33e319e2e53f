"""Tags: made where they are typed, renamed, deleted."""

import pytest

from clientdesk.desk import tags
from clientdesk.desk.session import Session
from clientdesk.domain.access import Access
from clientdesk.domain.own_fields import Tag
from clientdesk.domain.problems import Refused
from tests.conftest import At
from tests.desk.undone import do_again, take_back


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
    ("name", "told"),
    [
        ("a,b", "The tag “a,b” has the sign ,, which stands between tags. Leave it out."),
        ("x" * 51, "has 51 characters; at most 50 are allowed"),
    ],
)
def test_what_can_be_no_tag_is_told(session: Session, name: str, told: str) -> None:
    with pytest.raises(Refused) as refusal:
        tags.add_tags(session, ["VIP", name])
    assert told in refusal.value.message
    assert tags.tags(session) == ()


def test_there_is_no_tag_yet(session: Session, at_work: At) -> None:
    with pytest.raises(Refused, match=r"There is no tag “VIP”, and no other one. Type it"):
        tags.tag_by_name(session, "VIP")
    with pytest.raises(Refused, match="does not allow this: edit clients"):
        tags.add_tags(at_work("eve", Access.BASIC), ["VIP"])
