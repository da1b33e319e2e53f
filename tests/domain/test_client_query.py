"""One filter more, another one in its place, one less."""

import pytest

from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.filters import ACTIVE, Filter, Op

HAS_A, HAS_B = (Filter("city", Op.CONTAINS, (part,)) for part in "ab")
MADRID, LUGO = (Filter("city", Op.IS, (city,)) for city in ("Madrid", "Lugo"))
NOT_LUGO, NONE, NAMED = Filter("city", Op.IS_NOT, ("Lugo",)), Filter("city", Op.EMPTY), Filter("notes", Op.FILLED)


@pytest.mark.parametrize(
    ("present", "wanted", "filters"),
    [
        ((), HAS_A, (HAS_A,)),
        ((HAS_A,), HAS_B, (HAS_A, HAS_B)),
        ((HAS_A,), HAS_A, (HAS_A,)),
        ((HAS_A, NAMED, NOT_LUGO), MADRID, (MADRID, NAMED)),
        ((MADRID, NAMED), LUGO, (LUGO, NAMED)),
        ((MADRID,), HAS_A, (HAS_A,)),
        ((NONE,), Filter("city", Op.IS_NOT, ("",)), (Filter("city", Op.FILLED),)),
        ((HAS_A,), Filter("city", Op.IS, ("",)), (NONE,)),
    ],
)
def test_another_filter(present: tuple[Filter, ...], wanted: Filter, filters: tuple[Filter, ...]) -> None:
    assert ClientQuery((ACTIVE, *present)).with_another(wanted).filters == (ACTIVE, *filters)


def test_another_filter_in_the_place_of_one() -> None:
    query = ClientQuery((HAS_A, NAMED, HAS_B))
    assert query.with_another_for(HAS_A, NOT_LUGO).filters == (NOT_LUGO, NAMED, HAS_B)
    assert query.with_another_for(HAS_A, HAS_B).filters == (HAS_B, NAMED)
    assert query.with_another_for(HAS_B, MADRID).filters == (NAMED, MADRID)
    assert query.with_another_for(NAMED, Filter("phone", Op.EMPTY)).filters == (HAS_A, Filter("phone", Op.EMPTY), HAS_B)
    assert ClientQuery((MADRID, NAMED)).with_another_for(NAMED, HAS_A).filters == (HAS_A,)
    assert ClientQuery((MADRID,)).with_another_for(MADRID, HAS_A).filters == (HAS_A,)


def test_tags_that_are_asked_for_stand_beside_each_other() -> None:
    vip, late, none = Filter("tags", Op.IS, ("1",)), Filter("tags", Op.ONE_OF, ("2", "3")), Filter("tags", Op.EMPTY)
    both = ClientQuery((ACTIVE, vip)).with_another(late)
    assert both.filters == (ACTIVE, vip, late)
    assert both.with_another_for(vip, Filter("tags", Op.IS_NOT, ("1",))).filters[2] == late
    assert both.with_another(none).filters == (ACTIVE, none)
    assert both.with_another(none).with_another(vip).filters == (ACTIVE, vip)


def test_one_filter_less() -> None:
    assert ClientQuery((ACTIVE, HAS_A, HAS_B)).without_filter(HAS_A).filters == (ACTIVE, HAS_B)
