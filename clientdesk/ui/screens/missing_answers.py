"""The answers about a missing client as the rows of a table, read where they are wanted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from clientdesk.desk.missing_causes import (
    Answer,
    Cause,
    Elsewhere,
    Gone,
    Hidden,
    Inactive,
    NeverSeen,
    NotLooked,
    RefusedRow,
    Unread,
)
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.filter_words import Names
from clientdesk.domain.views import View
from clientdesk.text import _, display_text
from clientdesk.ui.commands import first_key
from clientdesk.ui.gateway import Gateway


class AnswerRow(NamedTuple):
    """An answer: the client or row that it is about, why in a few words, and what the key does; its `cause`."""

    id: int
    active: bool
    values: Sequence[str]
    cause: Cause


class Told(NamedTuple):
    """What was read: the rows, how many more there are, and what was looked through, in words."""

    rows: tuple[AnswerRow, ...] = ()
    more: str = ""
    looked: str = ""


@dataclass(frozen=True)
class Answers:
    """Why what is typed is not in the list that `query` asks for; `names` are of what its filters refer to, `view` is
    the one that is shown. With `also_slow`, firms on servers are looked through, too. It is read once."""

    gateway: Gateway
    typed: str
    query: ClientQuery
    names: Names = field(compare=False)
    also_slow: bool = False
    view: View | None = field(default=None, compare=False)
    _told: list[Told] = field(default_factory=list, compare=False)

    @property
    def told(self) -> Told:
        """What was read; nothing until then."""
        return self._told[0] if self._told else Told()

    async def _read(self) -> Told:
        from clientdesk.desk import missing, missing_elsewhere, missing_words

        if not self._told:
            answer = await self.gateway.read("missing", missing.why, self.typed, self.query)
            elsewhere = await self.gateway.read("missing", missing_elsewhere.look, self.typed, self.also_slow)
            looked = missing_words.looked_in_words(answer.looked._replace(firms=elsewhere.firms))
            causes = missing_elsewhere.together(answer, elsewhere)
            self._told[:] = [Told(self._rows_of(causes), self._more(answer), looked)]
        return self._told[0]

    @staticmethod
    def _more(answer: Answer) -> str:
        from clientdesk.desk import missing_words

        return missing_words.more_in_words(answer)

    def _rows_of(self, causes: Sequence[Cause]) -> tuple[AnswerRow, ...]:
        from clientdesk.desk import missing_words

        key = first_key("missing.go")
        return tuple(
            AnswerRow(
                place,
                True,
                (
                    missing_words.subject(cause) or display_text(self.typed.strip()),
                    missing_words.brief(cause, self.query.find, self.names, self.view),
                    f"{key} {verb(cause)}",
                ),
                cause,
            )
            for place, cause in enumerate(causes, 1)
        )

    async def rows(self, offset: int, limit: int) -> Sequence[AnswerRow]:
        """A piece of the answers."""
        return (await self._read()).rows[offset : offset + limit]

    async def count(self) -> int:
        """How many there are."""
        return len((await self._read()).rows)

    async def position(self, row_id: int) -> int | None:
        """Where an answer stands."""
        return row_id - 1 if 0 < row_id <= await self.count() else None


def verb(cause: Cause) -> str:
    """What the key does with an answer, in a word or two."""
    match cause:
        case Hidden() | Inactive():
            return _("Show it")
        case Gone():
            return _("History")
        case RefusedRow():
            return _("Error log")
        case Elsewhere():
            return _("Copy command")
        case NotLooked() | Unread():
            return _("Look there")
        case NeverSeen():
            return _("Add it")
        case _:
            return _("Go there")
