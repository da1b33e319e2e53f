"""What taking back means, for both engines: the conditions under which a row goes, or comes, because a change is taken
back, a walk through the history of which each engine gives what it says in its own words; and what a change set keeps
when another one is sealed."""

from collections.abc import Callable

from clientdesk.domain.access import Access
from clientdesk.store.engines import ROOM
from clientdesk.store.entities import Attribute, Entity

LATEST = """UPDATE change_set SET latest = 0
    WHERE id = (SELECT max(b.id) FROM change_set b WHERE b.job = NEW.job AND b.id < NEW.id)"""
"""The change set of the job before NEW is not its latest any more."""

_NOTHING_STAYED = "stayed = 0"
"""That an undo has left nothing."""
STANDING = f"""UPDATE change_set SET
    begun = CASE WHEN EXISTS (SELECT 1 FROM change_set b WHERE b.undoes = change_set.id
        AND NOT EXISTS (SELECT 1 FROM change_set a WHERE a.undoes = b.id AND a.{_NOTHING_STAYED})) THEN 1 ELSE 0 END,
    rest = CASE WHEN EXISTS (SELECT 1 FROM change_set b WHERE b.undoes = change_set.id AND b.{_NOTHING_STAYED}
        AND NOT EXISTS (SELECT 1 FROM change_set a JOIN change_set o ON o.id = a.undoes
            WHERE o.undoes = change_set.id AND a.id > b.id)) THEN 0 ELSE 1 END
    WHERE id IN (NEW.undoes, (SELECT u.undoes FROM change_set u WHERE u.id = NEW.undoes))"""
"""Whether something of a change set is taken back, and whether more of it can be, of the one that NEW takes back and of
the one that this took back: which `change_set_notes.begun` and `.rest` ask in Peewee's words for `check`."""


def may_be_taken_back(entity: Entity, change: str, access: str, is_as_added: str) -> str:
    """The condition that the row OLD goes because its addition is taken back: in a change set that undoes one, by who
    added it, whoever brought it back since, or the primary admin, while all else that was done to it is taken back, and it
    is as it was added.

    `change` is the open change set, `access` that of its actor; `is_as_added` compares the row with the entry `a`.
    """
    of_row = f"h.entity = '{entity.name}' AND h.key = {entity.key_sql('OLD')}"
    return f"""EXISTS (
        SELECT 1 FROM history a JOIN change_set o ON o.id = {change}
        WHERE a.id = (SELECT max(h.id) FROM history h WHERE {of_row} AND h.operation = 'insert')
            AND o.undoes IS NOT NULL AND ({access} = 'primary_admin' OR EXISTS (
                SELECT 1 FROM history h JOIN change_set s ON s.id = h.change_set_id
                WHERE {of_row} AND h.operation = 'insert' AND s.actor_id = o.actor_id))
            AND NOT EXISTS (SELECT 1 FROM history h JOIN change_set c ON c.id = h.change_set_id
                WHERE {of_row} AND h.id > a.id AND c.undoes IS NULL
                    AND NOT EXISTS (SELECT 1 FROM change_set u WHERE u.undoes = c.id
                        AND NOT EXISTS (SELECT 1 FROM change_set r WHERE r.undoes = u.id)))
            AND {is_as_added}
    )"""


def has_no_right_to_its_id(entity: Entity, row: str, change: str, is_as_deleted: Callable[[Attribute], str]) -> str:
    """The condition that a new row has an id that was not reserved or was given before, and that it does not come back
    under its own: in a change set that undoes one, where what took it away was a take-back itself, or, where a row is not
    deleted for good, is what the change set undoes; and it is the same row.

    `is_as_deleted` is the condition that an attribute is what the entry `d` of its deletion says.
    """
    undone = "s.undoes IS NOT NULL"
    if entity.deleted_by is not Access.PRIMARY_ADMIN:
        undone = f"({undone} OR s.id = o.undoes)"
    as_it_was = "".join(f" AND {is_as_deleted(attribute)}" for attribute in entity.attributes if attribute.once)
    of_row = f"h.entity = '{entity.name}' AND h.key = {entity.key_sql(row)}"
    return f"""({row}.id <= coalesce((SELECT origin FROM firm), 0) * {ROOM}
    OR {row}.id >= coalesce((SELECT next FROM id_counter WHERE entity = '{entity.name}'), 0)
    OR EXISTS (SELECT 1 FROM history h WHERE {of_row}))
    AND NOT EXISTS (
        SELECT 1 FROM history d JOIN change_set s ON s.id = d.change_set_id JOIN change_set o ON o.id = {change}
        WHERE d.id = (SELECT max(h.id) FROM history h WHERE {of_row})
            AND d.operation = 'delete' AND o.undoes IS NOT NULL AND {undone}{as_it_was}
    )"""
