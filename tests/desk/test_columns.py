"""The columns that a team member has saved: read, told where they cannot be read, never lost."""

import json

import pytest

from clientdesk.desk import list_columns
from clientdesk.desk.records import Column
from clientdesk.desk.session import Session, keeping
from clientdesk.store import firm


def keep(session: Session, value: str) -> None:
    """Another build of the program has saved this."""
    with keeping(session):
        firm.save_setting(session.engine, session.me.id, "columns", value)


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("{}", list_columns.first_columns()),
        ('{"display_name": 30}', list_columns.first_columns()),
        ('[["display_name", 1e999]]', list_columns.first_columns()),
        ('[["nickname", 12], ["display_name", 30]]', (Column("display_name", 30),)),
        ('[["nickname", 12]]', list_columns.first_columns()),
    ],
)
def test_what_cannot_be_read_is_told_and_kept(session: Session, kept: str, shown: tuple[Column, ...]) -> None:
    keep(session, kept)
    columns, unread = list_columns.columns_as_kept(session)
    assert columns == list_columns.columns(session) == shown
    assert unread is not None
    assert (unread.code, kept in unread.message) == ("columns_unread", True)
    list_columns.save_columns(session, columns)
    assert list_columns.columns_as_kept(session) == (shown, None)
    beside = firm.setting(session.engine, session.me.id, "columns.unread")
    assert json.loads(beside or "") == kept


def test_what_can_be_read_is_not_told(session: Session) -> None:
    assert list_columns.columns_as_kept(session) == (list_columns.first_columns(), None)
    list_columns.save_columns(session, [Column("city", 20)])
    list_columns.save_columns(session, [Column("city", 21)])
    assert list_columns.columns_as_kept(session) == ((Column("city", 21),), None)
    assert firm.setting(session.engine, session.me.id, "columns.unread") is None
