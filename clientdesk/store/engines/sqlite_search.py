"""Search in a SQLite firm: the trigram index for three letters and more, its pieces for fewer."""

import sys
from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from peewee import OP, SQL, Expression, Field, fn

from clientdesk.store.engines import Matches, OverBudget

if TYPE_CHECKING:
    from clientdesk.store.engines import Engine

FEW = 2_000  # so many matches are fetched and sorted at once, more are met soon enough in the list's order
_DEAR = 6
"""Looking a client up by the search index costs so many times what passing over it in the list does."""
MOST_TERMS = 2_000  # of the index's three-letter pieces in one query
_PIECES_SECONDS = 0.01
_LONGEST_PATTERN = 1_000  # letters; SQLite refuses patterns of 50,000 bytes
_NEXT_PIECE = "(SELECT term FROM client_search_terms WHERE term >= {} LIMIT 1)"
_FOUND = "SELECT rowid FROM client_search WHERE client_search MATCH ?"


def contains(column: Field, words: Sequence[str]) -> Expression:
    """The condition that all words occur, as it is checked row by row: GLOB takes half of instr's time."""
    if max(map(len, words)) > _LONGEST_PATTERN:
        return reduce(and_, [fn.INSTR(column, word) > 0 for word in words])
    return reduce(and_, [Expression(column, "GLOB", f"*{_literally(word)}*") for word in words])


def any_of(column: Field, pieces: Sequence[str]) -> Expression:
    """See `Engine.any_of`. Only the clients' texts have an index of pieces; the others are few and looked through."""
    if column.model._meta.table_name == "client":
        terms = " OR ".join(map(_phrase, pieces))
        return Expression(column.model.id, OP.IN, SQL(f"({_FOUND})", [terms]))
    return reduce(or_, [contains(column, [piece]) for piece in pieces])


def _literally(word: str) -> str:
    """A word as GLOB finds it, whatever signs it has."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in word)


def sweep(engine: "Engine", column: Field, words: Sequence[str], matches: Matches) -> Expression:
    """See `Engine.sweep`."""
    terms, _long = _terms(engine, words)
    if matches.lookup is None or terms is None:
        return contains(column, words)
    most = engine.sql("SELECT count(*) FROM client").fetchone()[0] // _DEAR
    many = engine.sql(f"SELECT count(*) FROM ({_FOUND} LIMIT ?)", (terms, most + 1)).fetchone()[0] > most
    return contains(column, words) if many else matches.lookup


def find(engine: "Engine", column: Field, words: Sequence[str]) -> Matches:
    """See `Engine.matches`."""
    terms, is_whole = _terms(engine, words)
    if terms is None:
        return Matches(None)
    if not terms:
        return Matches(())
    ids = [row[0] for row in engine.sql(f"{_FOUND} LIMIT ?", (terms, FEW + 1)).fetchall()]
    id_column = column.model.id
    if len(ids) > FEW:
        lookup = Expression(id_column, OP.IN, SQL(f"({_FOUND})", [terms]))
        return Matches(None, lookup if is_whole else lookup & contains(column, words))
    if not is_whole:
        rows = column.model.select(id_column).where(engine.one_of(id_column, ids) & contains(column, words))
        ids = [row[0] for row in engine.execute(rows).fetchall()]
    return Matches(ids)


def _terms(engine: "Engine", words: Sequence[str]) -> tuple[str | None, bool]:
    """What the trigram index is asked ("" where nothing can match, None where it cannot help), and whether that is all:
    with long words it need not know the short ones."""
    long = [word for word in words if len(word) >= 3]
    if long:
        return " AND ".join(map(_phrase, long)), len(long) == len(words)
    pieces = [_pieces(engine, word) for word in words]
    if any(group is not None and not group for group in pieces):
        return "", True
    groups = [" OR ".join(map(_phrase, group)) for group in pieces if group is not None]
    return " AND ".join(f"({group})" for group in groups) or None, len(groups) == len(words)


def _pieces(engine: "Engine", word: str) -> list[str] | None:
    """The index's three-letter pieces that begin with a word of one or two letters; None where it has too many.

    Every occurrence of the word begins such a piece, as search texts end with two spaces. Each piece is asked
    for by itself: a list of them would count the clients of each.
    """
    if word[-1] == chr(sys.maxunicode):
        return None
    after = "\ue000" if word[-1] == "\ud7ff" else chr(ord(word[-1]) + 1)  # surrogates are no letters
    end = word[:-1] + after
    sql = (
        f"WITH RECURSIVE piece (term) AS (SELECT {_NEXT_PIECE.format('?')} UNION ALL"
        f" SELECT {_NEXT_PIECE.format('piece.term || char(0)')} FROM piece WHERE piece.term < ?)"
        " SELECT term FROM piece WHERE term < ? LIMIT ?"
    )
    try:
        with engine.budget(_PIECES_SECONDS):
            rows = engine.sql(sql, (word, end, end, MOST_TERMS + 1)).fetchall()
    except OverBudget:
        return None
    return None if len(rows) > MOST_TERMS else [row[0] for row in rows]


def _phrase(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
