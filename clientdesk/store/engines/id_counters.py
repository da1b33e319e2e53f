"""What counts ids, on either engine: whether it is ahead of every id that was given, and how it gets there again."""

from collections.abc import Iterator

from peewee import Database

from clientdesk.named_tuple import NamedTuple
from clientdesk.store.engines import ROOM
from clientdesk.store.entities import ENTITIES

_ENTITIES = tuple(name for name, entity in ENTITIES.items() if entity.counted)
COUNTED = (*_ENTITIES, "import_run", "job")
"""What has ids that are reserved before they are given."""

REFUSED = "ids_count_up"
"""The name of the constraint, on a server, that an id breaks which was not reserved, or was given before."""

_DIGITS = "CASE WHEN ltrim(key, '0123456789') = '' AND length(key) BETWEEN 1 AND 18 THEN CAST(key AS BIGINT) END"
_HISTORY = f"SELECT {_DIGITS} FROM history WHERE entity = '%s'"
_NUMBERS_GIVEN = {
    **{name: f"SELECT id AS number FROM {name} UNION ALL {_HISTORY % name}" for name in _ENTITIES},
    "import_run": "SELECT id AS number FROM import_run",
    "job": "SELECT job AS number FROM change_set",
}
"""All ids of each kind that stand in the firm, those of rows that are gone too."""


class IdCounter(NamedTuple):
    """A counter that is not where it must be.

    `kind` says whether it is "behind" an id that was given, "past" the ids that this firm may give, or counts what
    has no ids ("extra"). `next` is the id that it would give next, None where it is missing; `greatest` the greatest
    that was given, None where none was; `first` the first that this firm may give.
    """

    kind: str
    entity: str
    next: int | None
    greatest: int | None
    first: int

    @property
    def least(self) -> int:
        """The id that it may give next."""
        return self.first if self.greatest is None else self.greatest + 1


def wrong(db: Database) -> Iterator[IdCounter]:
    """The counters that are not where they must be."""
    origin = db.execute_sql("SELECT coalesce((SELECT origin FROM firm), 0)").fetchone()[0]
    first, last = origin * ROOM + 1, (origin + 1) * ROOM
    counted = dict(db.execute_sql("SELECT entity, next FROM id_counter ORDER BY entity").fetchall())
    for entity in COUNTED:
        sql = f"SELECT max(number) FROM ({_NUMBERS_GIVEN[entity]}) given WHERE number BETWEEN {first} AND {last}"
        greatest = db.execute_sql(sql).fetchone()[0]
        following = counted.pop(entity, None)
        if following is not None and following > last + 1:
            yield IdCounter("past", entity, following, greatest, first)
        elif greatest is not None and (following or 0) <= greatest:
            yield IdCounter("behind", entity, following, greatest, first)
    for entity, following in counted.items():
        yield IdCounter("extra", entity, following, None, first)


def mend(db: Database) -> None:
    """Puts the counters where they must be, inside a transaction in which no trigger keeps them where they are."""
    mark = db.param
    for counter in list(wrong(db)):
        db.execute_sql(f"DELETE FROM id_counter WHERE entity = {mark}", (counter.entity,))
        if counter.kind != "extra":
            sql = f"INSERT INTO id_counter (entity, next) VALUES ({mark}, {mark})"
            db.execute_sql(sql, (counter.entity, counter.least))
