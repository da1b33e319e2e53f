"""All texts of a new row are looked through, with a first look that passes what nearly every text is made of."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import permutations
from typing import Any

import pytest

from clientdesk.desk.session import Session
from clientdesk.domain.bounds import Text
from clientdesk.store.bounds import BOUNDS
from tests.servers import OWNER
from tests.store.both import REFUSED_BY_DATABASE, bare, on_a_file, on_server, reserved

NOW = "2026-11-24T02:57:00.123+00:00"
COLUMNS = ("display_name", "notes", "phone", "tax_id")
"""A text of each kind that a client has."""


class Adding:
    """Another program that adds a client with some texts, and takes that back."""

    def __init__(self, session: Session, connection: Any) -> None:
        self._client_id, self._connection = reserved(session, "client"), connection
        self._place = "%s" if on_server(session.location) else "?"

    def refuses(self, **texts: object) -> bool:
        """Whether the database refuses these; bytes are a text for a file."""
        texts = {"company_id": "L9", "display_name": "N", **texts}
        columns = ("id", "number_sort", "display_name_sort", "search_text", *texts)
        values = (self._client_id, "~", "n", "n", *texts.values())
        places = ", ".join("CAST(? AS TEXT)" if isinstance(value, bytes) else self._place for value in values)
        statement = f"INSERT INTO client ({', '.join(columns)}) VALUES ({places})"  # noqa: S608
        self._begin()
        try:
            self._connection.execute(statement, values)
        except REFUSED_BY_DATABASE as error:
            if "may hold" not in str(error):
                raise
            return True
        finally:
            self._connection.execute("ROLLBACK")
        return False

    def _begin(self) -> None:
        self._connection.execute("BEGIN")
        if self._place == "?":
            sql = "INSERT INTO change_set (at, actor_id, kind) VALUES (?, 1, 'client.edited')"
            self._connection.execute(sql, (NOW,))
        else:
            self._connection.execute("SELECT begin_change('client.edited')")


@contextmanager
def adding(session: Session) -> Iterator[Adding]:
    with bare(session.location) as connection:
        yield Adding(session, connection)


def test_a_new_row_may_have_in_each_text_what_that_column_may_and_nothing_else(session: Session) -> None:
    with adding(session) as other:
        for column in COLUMNS:
            bound = BOUNDS["client"][column]
            assert isinstance(bound, Text)
            borders = {code for low, high in bound.forbidden for code in (low - 1, low, high, high + 1)}
            signs = [chr(code) for code in sorted(borders) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000]
            allowed = [sign for sign in signs if bound.holds(f"a{sign}b")]
            assert 0 < len(allowed) < len(signs)
            assert not other.refuses(**{column: "".join(allowed)}), column
            passed = [sign for sign in signs if sign not in allowed and not other.refuses(**{column: f"a{sign}b"})]
            assert passed == [], column


def test_what_is_wrong_is_found_wherever_it_stands(session: Session) -> None:
    longest = {column: "é" * BOUNDS["client"][column].limit for column in ("display_name", "phone")}  # type: ignore[union-attr]
    with adding(session) as other:
        assert not other.refuses(**longest, notes="one\ntwo", tax_id="山")
        assert other.refuses(**longest, notes="one\ntwo", tax_id="山\u200b")
        assert other.refuses(**longest, notes="\x1b", tax_id="山")


@on_a_file
def test_a_new_row_may_have_no_nul(session: Session) -> None:
    with adding(session) as other:
        assert other.refuses(notes="a\0b")
        assert other.refuses(phone="\0")


@on_a_file
def test_two_halves_in_two_texts_are_no_character(session: Session) -> None:
    whole = "é".encode()
    with adding(session) as other:
        assert not other.refuses(display_name=whole, notes=whole)
        for one, two in permutations((*COLUMNS, "company_id"), 2):  # two of one kind, and those of others
            assert other.refuses(**{one: whole[:1], two: whole[1:]}), (one, two)


def test_a_text_is_looked_through_beside_one_that_is_null(session: Session) -> None:
    insert = (
        "INSERT INTO change_set (id, at, actor_id, kind, operation, note) VALUES (?, ?, 1, 'client.edited', NULL, ?)"
    )
    with bare(session.location, OWNER) as connection:
        insert = insert.replace("?", "%s") if on_server(session.location) else insert
        connection.execute(insert, (998, NOW, "usual"))
        with pytest.raises(REFUSED_BY_DATABASE, match="may hold"):
            connection.execute(insert, (999, NOW, "a\x1b"))


@on_a_file
def test_texts_of_usual_characters_pass_in_fewer_steps(session: Session) -> None:
    """Without the first look each kind of text would be looked through by itself, whatever it is made of: a line end,
    which only some may have, is passed by that."""
    with bare(session.location) as connection:
        assert isinstance(connection, sqlite3.Connection)
        other = Adding(session, connection)

        def steps(notes: str) -> int:
            counted = 0

            def step() -> int:
                nonlocal counted
                counted += 1
                return 0

            connection.set_progress_handler(step, 1)
            try:
                assert not other.refuses(notes=notes, phone="1", tax_id="Ñ")
            finally:
                connection.set_progress_handler(None, 0)
            return counted

        steps("the first time, when the database reads what the statements mean")
        assert steps("one two") < steps("one\ntwo")
        assert steps("one two") == steps("ñandú")
