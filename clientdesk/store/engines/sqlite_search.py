"""Search in a SQLite firm: the trigram index for three letters and more, its pieces for fewer."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from clientdesk.store.engines import Matches, OverBudget

if TYPE_CHECKING:
    from clientdesk.store.engines import Engine

_FEW = 2_000  # so many matches are fetched and sorted at once, more are met soon enough in the list's order
_DENSE = 15_000  # looking so many up mostly takes longer than walking until a window is full
_MOST_TERMS = 2_000  # of the index's three-letter pieces in one query
_PIECES_SECONDS = 0.01
_LONGEST_PATTERN = 1_000  # letters; SQLite refuses patterns of 50,000 bytes
_NEXT_PIECE = "(SELECT term FROM client_search_terms WHERE term >= {} LIMIT 1)"


def contains(words: Sequence[str]) -> tuple[str, tuple[object, ...]]:
    """The condition that all words occur, as it is checked row by row: GLOB takes half of instr's time."""
    if max(map(len, words)) > _LONGEST_PATTERN:
        return " AND ".join("instr(search_text, ?) > 0" for _ in words), tuple(words)
    return " AND ".join("search_text GLOB ?" for _ in words), tuple(f"*{_literally(word)}*" for word in words)


def _literally(word: str) -> str:
    """A word as GLOB finds it, whatever signs it has."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in word)


def tally(engine: "Engine", matches: Matches) -> int:
    """How many clients the index finds."""
    sql = "SELECT count(*) FROM client_search WHERE client_search MATCH ?"
    return int(engine.sql(sql, matches.lookup_parameters[:1]).fetchone()[0])


def find(engine: "Engine", words: Sequence[str]) -> Matches:
    """See `Engine.matches`."""
    long = [word for word in words if len(word) >= 3]
    terms = " AND ".join(_phrase(word) for word in long)
    if not long:
        pieces = [_pieces(engine, word) for word in words]
        if any(group is not None and not group for group in pieces):
            return Matches(())
        terms = " AND ".join("(" + " OR ".join(map(_phrase, group)) + ")" for group in pieces if group is not None)
    if not terms:
        return Matches(None)
    sql = "SELECT rowid FROM client_search WHERE client_search MATCH ? LIMIT ?"
    probe = engine.sql(sql, (terms, _FEW + 1)).fetchall()
    if len(probe) > _FEW:
        sql = f"SELECT count(*) FROM ({sql})"
        dense = engine.sql(sql, (terms, _DENSE)).fetchone()[0] == _DENSE
        return Matches(None, *_through_index(terms, words, long), dense, "client INDEXED BY client_by_id")
    ids = [row[0] for row in probe]
    if len(long) < len(words):
        condition, parameters = engine.any_of(ids)
        scan, scanned = contains(words)
        matching = engine.sql(f"SELECT id FROM client WHERE {condition} AND {scan}", (*parameters, *scanned))
        ids = [row[0] for row in matching.fetchall()]
    return Matches(ids)


def _through_index(terms: str, words: Sequence[str], long: Sequence[str]) -> tuple[str, tuple[object, ...]]:
    """The condition by the trigram index, which answers for the long words; the short ones are looked at."""
    short = [word for word in words if word not in long] if long else []
    short_condition, parameters = contains(short) if short else ("1", ())
    return f"id IN (SELECT rowid FROM client_search WHERE client_search MATCH ?) AND {short_condition}", (
        terms,
        *parameters,
    )


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
            rows = engine.sql(sql, (word, end, end, _MOST_TERMS + 1)).fetchall()
    except OverBudget:
        return None
    return None if len(rows) > _MOST_TERMS else [row[0] for row in rows]


def _phrase(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
