"""The conditions that a row holds what it may, made from `store.bounds`: the same walk for both engines, each of which
says one thing in its own words (`Words`)."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Protocol

from clientdesk.domain.bounds import UNSEEN, Bound, Json, Moment, Number, Size, Text
from clientdesk.store.engines.quoting import literal

Ranges = tuple[tuple[int, int], ...]
"""Code points that a text may not have: the first and the last of each range."""


class Words(Protocol):
    """How an engine says it; each answer is a condition in SQL on the value named."""

    def differs(self, value: str, other: str) -> str:
        """They are not the same; NULL is the same as NULL."""

    def short(self, value: str, limit: int) -> str:
        """It has at most so many characters."""

    def filled(self, value: str, unseen: Ranges) -> str:
        """It has other characters than these code points."""

    def without(self, value: str, forbidden: Ranges) -> str:
        """It has none of these code points."""

    def readable(self, value: str) -> str:
        """It is text."""

    def moment(self, value: str) -> str:
        """It is a moment as clientdesk writes it."""

    def json(self, value: str, shape: str, empty: bool) -> str:
        """It is JSON of that shape, of any but null where that is "", or where it may be `empty`, nothing."""

    def together(self, values: Sequence[str]) -> str:
        """Not a condition, but one text of several, at whose borders no character arises; NULL adds nothing."""

    def usual(self, value: str, forbidden: Sequence[Ranges]) -> str:
        """Quicker to tell than `without`, and never true where that is false for one of the `forbidden`; "" where
        nothing is quicker."""


def row_condition(words: Words, row: str, bounds: Mapping[str, Bound]) -> str:
    """The condition that all of a row (NEW or OLD) is what it may be."""
    return " AND ".join(_row_conditions(words, row, bounds))


def changed(words: Words, bounds: Mapping[str, Bound]) -> str:
    """The condition that a value has changed, and is not what it may be."""
    return " OR ".join(
        f"({words.differs(f'NEW.{column}', f'OLD.{column}')} AND NOT ({_condition(words, f'NEW.{column}', bound)}))"
        for column, bound in bounds.items()
    )


def _row_conditions(words: Words, row: str, bounds: Mapping[str, Bound]) -> Iterator[str]:
    """The conditions on all columns; texts of the same kind are looked through together, as that costs a third."""
    alike: dict[Ranges, list[str]] = {}
    for column, bound in bounds.items():
        value = f"{row}.{column}"
        if isinstance(bound, Text) and not bound.choices:
            alike.setdefault(bound.forbidden, []).append(value)
            if bound.limit:
                yield words.short(value, bound.limit)
            if bound.filled:
                yield words.filled(value, UNSEEN)
        else:
            yield _condition(words, value, bound)
    texts = " AND ".join(words.without(words.together(values), forbidden) for forbidden, values in alike.items())
    all_values = [*chain.from_iterable(alike.values())]
    usual = words.usual(words.together(all_values), [*alike]) if len(alike) > 1 else ""
    if texts:
        yield f"({usual} OR ({texts}))" if usual else texts


def _condition(words: Words, value: str, bound: Bound) -> str:
    match bound:
        case Text(choices=choices) if choices:
            return f"{value} IN ({', '.join(map(literal, choices))})"
        case Text(limit=limit, filled=filled):
            within = f"{words.short(value, limit)} AND " if limit else ""
            within += f"{words.filled(value, UNSEEN)} AND " if filled else ""
            return within + words.without(value, bound.forbidden)
        case Size(limit=limit):
            return f"{words.short(value, limit)} AND {words.readable(value)}"
        case Number(low=low, high=high):
            return f"{value} BETWEEN {low} AND {high}"
        case Moment():
            return words.moment(value)
        case Json(shape=shape, empty=empty):
            return f"{words.json(value, shape, empty)} AND {words.readable(value)}"
