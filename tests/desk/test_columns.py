"""The columns that a team member has saved: read, told where they cannot be read, never lost."""

import json

import pytest

from clientdesk.desk import clients, list_columns, own_fields
from clientdesk.desk.records import Column
from clientdesk.desk.session import Session, keeping
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.own_fields import OwnKind, internal_name
from clientdesk.domain.problems import Refused
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
    list_columns.save_columns(session, [Column("client_number", 20)])
    list_columns.save_columns(session, [Column("client_number", 21)])
    assert list_columns.columns_as_kept(session) == ((Column("client_number", 21),), None)
    assert firm.setting(session.engine, session.me.id, "columns.unread") is None


def test_a_format_is_kept_with_its_column_and_changes_no_value(session: Session) -> None:
    fee = internal_name(own_fields.add_field(session, "Fee", OwnKind.NUMBER).id)
    clients.add(session, {"display_name": "Peña SA", fee: "1250,5", "fiscal_year_end": "11-30"})
    chosen = (Column("display_name", 30), Column(fee, 12, "grouped"), Column("fiscal_year_end", 6, "words"))
    list_columns.save_columns(session, chosen)
    assert list_columns.columns_as_kept(session) == (chosen, None)
    names = tuple(column.field for column in chosen)
    (row,) = clients.window(session, ClientQuery(), names, 0, 2)
    assert row.values == ("Peña SA", "1250.5", "11-30")


def test_a_format_that_the_field_has_not_is_told_and_kept_beside(session: Session) -> None:
    kept = '[["display_name", 30, "grouped"], ["fiscal_year_end", 8, "words"]]'
    keep(session, kept)
    columns, unread = list_columns.columns_as_kept(session)
    assert columns == (Column("display_name", 30), Column("fiscal_year_end", 8, "words"))
    assert unread is not None
    assert unread.code == "columns_unread"


def test_columns_say_whose_line_it_is(session: Session) -> None:
    with pytest.raises(Refused) as caught:
        list_columns.save_columns(session, [Column("city", 20), Column("notes", 20)])
    assert caught.value.code == "columns_tell_nobody"
    assert list_columns.columns(session) == list_columns.first_columns()
    keep(session, '[["city", 20]]')  # as programs before this one saved them
    assert list_columns.columns_as_kept(session) == ((Column("display_name", 30), Column("city", 20)), None)
