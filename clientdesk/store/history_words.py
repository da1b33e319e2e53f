"""Which entries of the history may have what is looked for, as a database tells it while it goes through them: most have
not, and are never read. What is left is judged by what a person reads of it."""

from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from peewee import Expression, fn

from clientdesk.store.engines import Engine
from clientdesk.store.history_models import ChangeSetModel, HistoryModel
from clientdesk.store.models import ClientModel

_LONGEST = 1_000
"""Words of more letters are not looked for here: SQLite refuses patterns of 50,000 bytes."""


class WordSearch(NamedTuple):
    """A folded word, and where else than in the text of an entry it may be read: in these fields, by their names, and in
    what change sets are called, but for those of `other_kinds` whose note, and that of what they take back, has it not (None: that does not count)."""

    word: str
    fields: Collection[str]
    other_kinds: Collection[str] | None


def touching(engine: Engine, field: str) -> Expression:
    """That an entry may touch a field with this name."""
    return _in_text(engine, f'"{field}')


def saying(engine: Engine, searches: Sequence[WordSearch]) -> list[Expression]:
    """That all words may be told of an entry, of an `entry_query`: of its values, its row or its change set."""
    return [_says(engine, *search) for search in searches if _is_plain(search.word)]


def may_have_said(engine: Engine, column: Any, words: Sequence[str]) -> list[Expression]:
    """That a kept text may have all folded words."""
    plain = [engine.may_hold(column, word) for word in words if _is_plain(word)]
    return plain if all(word.isascii() for word in words) else [*plain, engine.beyond_ascii(column)]


def _is_plain(word: str) -> bool:
    """Whether a word is kept as it is told but for its case."""
    return word.isascii() and len(word) <= _LONGEST and '"' not in word and "\\" not in word


def _says(engine: Engine, word: str, fields: Collection[str], other_kinds: Collection[str] | None) -> Expression:
    entry, of, client = HistoryModel, ChangeSetModel, ClientModel
    ways: list[Any] = [_in_text(engine, word), *(_in_text(engine, f'"{name}"') for name in sorted(fields))]
    if other_kinds is not None:
        ways += [of.kind.not_in(sorted(other_kinds)), engine.may_hold(of.note, word), _undoes_one_noted(engine, word)]
    # A client is called by what stands there now, which its search text has; one that is gone, and a row of anything
    # else, is looked at.
    has_it = client._meta.columns["search_text"].contains(word)
    is_other = client.select(client.id).where(client.id == engine.number_in(entry.key), ~has_it)
    ways += [entry.entity != "client", ~fn.EXISTS(is_other)]
    is_told: Expression = reduce(or_, ways)
    return is_told


def _undoes_one_noted(engine: Engine, word: str) -> Expression:
    """That the change set of an entry takes one back, or one that takes one back, whose note may have a word."""
    back, first = ChangeSetModel.alias("back"), ChangeSetModel.alias("first")
    noted = engine.may_hold(back.note, word) | engine.may_hold(first.note, word)
    query = back.select(back.id).left_outer_join(first, on=(first.id == back.undoes))
    undoes: Expression = ChangeSetModel.undoes.is_null(False)
    return undoes & fn.EXISTS(query.where(back.id == ChangeSetModel.undoes, noted))


def _in_text(engine: Engine, text: str) -> Expression:
    """That the values before or after may have a text, as they are kept."""
    return engine.may_hold(HistoryModel.new, text) | engine.may_hold(HistoryModel.old, text)
