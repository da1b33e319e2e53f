"""The columns of the client list that each member has chosen."""

import json
from collections.abc import Sequence
from typing import Any

from clientdesk.desk.session import Session, keeping, reads
from clientdesk.domain import column_formats
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import NARROWEST as NARROWEST
from clientdesk.domain.client_query import WIDEST as WIDEST
from clientdesk.domain.client_query import Column
from clientdesk.domain.problems import Problem, problem, refuse
from clientdesk.store import firm as rows
from clientdesk.text import N_

_SHOWN_OF_UNREAD = 60
"""So many characters are told of what cannot be read."""


def first_columns() -> tuple[Column, ...]:
    """The columns of a list that nobody has customized: of built-in fields."""
    return tuple(Column(name, BUILT_IN.by_name[name].width) for name in BUILT_IN.first_columns)


@reads
def columns(session: Session) -> tuple[Column, ...]:
    """Your columns of the client list, in their order."""
    return _read_columns(session, _kept_columns(session))[0]


@reads
def columns_as_kept(session: Session) -> tuple[tuple[Column, ...], Problem | None]:
    """Your columns as `columns` gives them, and what to tell you where not all that was saved can be read."""
    return _read_columns(session, _kept_columns(session))


def _kept_columns(session: Session) -> str | None:
    return rows.setting(session.engine, session.me.id, "columns")


def _read_columns(session: Session, stored: str | None) -> tuple[tuple[Column, ...], Problem | None]:
    try:
        columns = [_column(*entry) for entry in json.loads(stored or "[]")]
        unread = stored is not None and not columns
    except (ValueError, TypeError, OverflowError, RecursionError):
        columns, unread = [], True
    fields = session.catalogue.by_name
    usable = tuple(column_formats.usable(column, fields[column.field]) for column in columns if column.field in fields)
    notice = None
    if unread or [column.format for column in usable] != [column.format for column in columns]:
        notice = problem("columns_unread", "columns", value=str(stored)[:_SHOWN_OF_UNREAD])
    return column_formats.that_tell(usable) or first_columns(), notice


def _column(name: object, width: Any, in_format: object = "") -> Column:
    """A column as it is kept; the first programs kept none of the formats."""
    return Column(str(name), int(width), str(in_format))


def save_columns(session: Session, columns: Sequence[Column]) -> None:
    """Keeps your columns of the client list. It is a matter of taste: anyone may, and no history is kept.

    What was kept before and cannot be read is kept beside, for a build of the program that can. Refused ("required")
    where there are none, and ("columns_tell_nobody") where none says whose line it is.
    """
    if not columns:
        raise refuse("required", "columns", label=N_("A column"))
    if column_formats.telling(column.field for column in columns) is None:
        raise refuse("columns_tell_nobody", "columns")
    with keeping(session):
        before = _kept_columns(session)
        if _read_columns(session, before)[1] is not None:
            rows.save_setting(session.engine, session.me.id, "columns.unread", json.dumps(before))
        value = json.dumps([column_formats.kept(column) for column in columns])
        rows.save_setting(session.engine, session.me.id, "columns", value)
