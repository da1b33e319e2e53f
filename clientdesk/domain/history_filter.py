"""Which changes of the history are meant: one value that the screen, the command line and saved views read."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from clientdesk.domain import fold


class HistoryFilter(NamedTuple):
    """The changes that meet all of it; what is empty asks nothing.

    `member` is the id of who made the change, `client` that of the client it is about. `kind` is a kind of change
    ("client.edited") or the part before its dot ("client"). `field` is a field's name, of whatever has one so called
    ("lead"), or of one entity ("team_member.access"). `since` and `until` are the first and the last day (ISO 8601, by
    the clock of this computer). Every word of `find` occurs in what a person reads of the change.
    """

    member: int | None = None
    client: int | None = None
    kind: str = ""
    field: str = ""
    since: str = ""
    until: str = ""
    find: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """What is looked for, folded."""
        return fold.words(self.find)

    @property
    def is_on(self) -> bool:
        """Whether it leaves out anything."""
        return bool(self.words) or self._replace(find="") != HistoryFilter()

    @property
    def asks_sets(self) -> bool:
        """Whether it asks something of a whole change set: who, which kind, when."""
        return self.member is not None or bool(self.kind or self.since or self.until)

    @property
    def asks_rows(self) -> bool:
        """Whether it asks something of the rows of a change set, so that these must be read."""
        return self.client is not None or bool(self.field or self.words)

    def of_rows(self, called: str) -> "HistoryFilter":
        """What it asks of the rows of a change set, without the rest: words in what that is `called` (its title and its
        file) are met by it, whatever its rows say."""
        text = fold.fold(called)
        others = (typed for typed in self.find.split() if any(word not in text for word in fold.words(typed)))
        return HistoryFilter(client=self.client, field=self.field, find=" ".join(others))

    @property
    def first_moment(self) -> str:
        """The moment from which on (ISO 8601, UTC, as the history has them); "" for the beginning."""
        return _moment(date.fromisoformat(self.since)) if self.since else ""

    @property
    def end_moment(self) -> str:
        """The moment before which; "" for no end."""
        return _moment(date.fromisoformat(self.until) + timedelta(days=1)) if self.until else ""

    def touches(self, entity: str, old: Mapping[str, object], new: Mapping[str, object]) -> bool:
        """Whether a change of a row from `old` to `new` (by field; {} where there is none) touches the field asked for.

        What was added or deleted touches the fields that it had.
        """
        if not self.field:
            return True
        of_entity, _dot, name = self.field.rpartition(".")
        if of_entity not in ("", entity):
            return False
        if old and new:
            return name in new or name in old
        return (old or new).get(name) not in (None, "")


def _moment(day: date) -> str:
    return datetime.combine(day, time()).astimezone(UTC).isoformat(timespec="milliseconds")
