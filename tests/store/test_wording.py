"""A query has the same text as Peewee gives it."""

from typing import Any

import pytest
from peewee import Context, fn

from clientdesk.desk.session import Session
from clientdesk.store.all_models import MODELS
from clientdesk.store.history_models import ChangeSetModel
from clientdesk.store.models import ClientModel, TeamMemberModel

_OTHER = TeamMemberModel.alias("other")
_LEADS = ClientModel.select(fn.COUNT(ClientModel.id)).where(ClientModel.lead_ref == _OTHER.id)
QUERIES: dict[str, Any] = {
    "all columns": [model.select() for model in MODELS],
    "an alias and a query in a query": _OTHER.select(_OTHER.name, _LEADS).order_by(_OTHER.name_key.desc()),
    "a join": ChangeSetModel.select(ChangeSetModel.id, _OTHER.name).join(
        _OTHER, on=(_OTHER.id == ChangeSetModel.actor)
    ),
    "new rows": TeamMemberModel.insert(name="Ana", login="ana"),
    "new values": ClientModel.update(version=ClientModel.version + 1).where(ClientModel.id.in_([1, 2])),
    "rows that go": ClientModel.delete().where(ClientModel.id == ClientModel.select(fn.MAX(ClientModel.id))),
}


@pytest.mark.parametrize("what", QUERIES)
def test_a_query_has_the_text_that_peewee_gives_it(session: Session, what: str) -> None:
    queries = QUERIES[what] if isinstance(QUERIES[what], list) else [QUERIES[what]]
    database = session.engine.db
    for query in queries:
        assert database.get_sql_context().sql(query).query() == (
            Context(**database.get_context_options()).sql(query).query()
        )
