"""Long lists of values in a query (`wording.among`)."""

from clientdesk.store.engines.peewee_text import among
from clientdesk.store.models import ClientModel


def asked(count: int) -> tuple[str, list[object]]:
    """The statement that looks for so many Company IDs, and its parameters."""
    company_ids = [f"L{number}" for number in range(count)]
    sql, parameters = (
        ClientModel.select(ClientModel.id).where(ClientModel._meta.columns["company_id"].in_(among(company_ids))).sql()
    )
    assert set(parameters) == set(company_ids), "none is lost, and none comes along"
    return sql, parameters


def test_lists_of_about_the_same_length_are_one_statement() -> None:
    assert len({asked(count)[0] for count in (901, 950, 999, 1_000)}) == 1
    assert asked(3)[1] == ["L0", "L1", "L2"]
    assert asked(1_001)[0] != asked(1_000)[0]
