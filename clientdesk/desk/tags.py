"""The firm's tags: listed, made where somebody types them, renamed, merged, deleted."""

from collections.abc import Sequence

from clientdesk.desk import patches
from clientdesk.desk.session import Session, changes, reads
from clientdesk.domain.access import Action
from clientdesk.domain.fold import fold
from clientdesk.domain.own_fields import Tag
from clientdesk.domain.patch import Patch
from clientdesk.domain.problems import refuse
from clientdesk.domain.rules import tidy_name
from clientdesk.store import own_fields as rows


@reads
def tags(session: Session) -> tuple[Tag, ...]:
    """All tags by name."""
    return rows.tags(session.engine)


@reads
def tag_by_name(session: Session, name: str) -> Tag:
    """The tag of this name. Refused ("unknown_tag", "no_tags")."""
    tag = rows.tags_by_key(session.engine, [fold(name)]).get(fold(name))
    if tag is not None:
        return tag
    if known := rows.tags(session.engine):
        raise refuse("unknown_tag", value=name, choices=", ".join(tag.name for tag in known))
    raise refuse("no_tags", value=name)


def tag_ids(session: Session, names: Sequence[str], create: bool = False) -> tuple[int, ...]:
    """The ids of tags with these names, each once; with `create`, those that the firm does not have are added, as a part
    of the use case that calls it. Refused for what can be no tag, and without `create` where there is none ("unknown_tag",
    "no_tags")."""
    by_key: dict[str, str] = {}
    for tidied in map(tidy_name, names):
        if tidied:
            by_key.setdefault(fold(tidied), tidied)
    known = rows.tags_by_key(session.engine, by_key)
    missing = [name for key, name in by_key.items() if key not in known]
    if missing and not create:
        tag_by_name(session, missing[0])
    added = (Patch("tag", "", None, {"name": name}) for name in missing)
    for outcome in patches.apply(session, added):
        present = patches.landed(outcome).present
        assert present is not None
        known[fold(str(present.values["name"]))] = Tag(present.id, str(present.values["name"]))
    return tuple(known[key].id for key in by_key)


@changes("tag.added", Action.EDIT_CLIENT)
def add_tags(session: Session, names: Sequence[str]) -> tuple[int, ...]:
    """Adds those of the tags that the firm does not have; the ids of all. See `tag_ids`."""
    return tag_ids(session, names, create=True)


@changes("tag.renamed", Action.MANAGE_FIRM)
def rename_tag(session: Session, tag: Tag, name: str) -> Tag:
    """Renames a tag as it was read: one row, and every client that has it shows the new name."""
    renamed = Patch("tag", str(tag.id), {"name": tag.name}, {"name": name})
    present = patches.landed(patches.apply_one(session, renamed)).present
    assert present is not None
    return Tag(present.id, str(present.values["name"]))


@changes("tag.deleted", Action.MANAGE_FIRM)
def delete_tag(session: Session, tag_id: int) -> None:
    """Deletes a tag. Refused while clients have it."""
    patches.landed(patches.apply_one(session, Patch("tag", str(tag_id), {}, None)))
