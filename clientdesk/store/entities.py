"""All that a firm keeps a history of: what it is made of (`firm_entities`), and what is done for its clients (`work_entities`).

Triggers, grants and checks of both engines, the words of the history, copying, `check` and undo read these declarations. A
new entity is one declaration and the script that makes its table.
"""

from collections.abc import Callable, Mapping
from functools import cache

from clientdesk.domain.patch import Key, RowId
from clientdesk.store.entity import Attribute, Entity
from clientdesk.store.firm_entities import CLIENT, FIRM, FIRM_ENTITIES, TEAM_MEMBER
from clientdesk.store.work_entities import WORK_ENTITIES

__all__ = ["CLIENT", "FIRM", "TEAM_MEMBER", "Attribute", "Entity"]

DECLARED: tuple[Entity, ...] = (*FIRM_ENTITIES, *WORK_ENTITIES)
ENTITIES: Mapping[str, Entity] = {entity.name: entity for entity in DECLARED}
"""By name, which is the table's, too."""
REFERRED_BY: Mapping[str, tuple[tuple[Entity, Attribute], ...]] = {
    target.name: referring
    for target in DECLARED
    if target.deleted_by is not None
    if (
        referring := tuple(
            (entity, to) for entity in DECLARED for to in entity.references if to.refers_to == target.name
        )
    )
}
"""Who refers to the rows of an entity, and by which attribute: of each whose rows are deleted, and that is referred to.
A row is not deleted while another one refers to it."""


def is_key(entity: str, key: Key) -> bool:
    """Whether a text, which another program may have written, can be the key of a row."""
    try:
        identity = key_reader(entity)(key)
    except ValueError:
        return False
    return key == (str(identity) if isinstance(identity, int) else "/".join(map(str, identity)))


@cache
def key_reader(entity: str) -> Callable[[Key], RowId]:
    """Reads from the key of a row what the columns of its identity hold. That raises ValueError for what is no key."""
    attributes = ENTITIES[entity].key_attributes
    if not attributes:
        return int
    kinds = tuple(int if attribute.number or attribute.refers_to else str for attribute in attributes)

    def read(key: Key) -> RowId:
        return tuple(kind(part) for kind, part in zip(kinds, key.split("/"), strict=True))

    return read
