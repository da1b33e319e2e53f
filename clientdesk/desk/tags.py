"""The firm's tags: listed, made where somebody types them, renamed, merged, deleted."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from clientdesk.desk import patches
from clientdesk.desk.jobs import Progress, Stop, Stopped, go_on, never, new_job, seldom_collected, silent
from clientdesk.desk.session import Session, changes, reads
from clientdesk.domain.access import Action
from clientdesk.domain.bounds import json_to_keep
from clientdesk.domain.fold import fold
from clientdesk.domain.likely_names import likely_names
from clientdesk.domain.own_fields import TAGS, Tag
from clientdesk.domain.own_values import tag_ids as own_value_ids
from clientdesk.domain.own_values import tags_kept
from clientdesk.domain.patch import Patch
from clientdesk.domain.problems import Refused, refuse
from clientdesk.domain.rules import tidy_name
from clientdesk.domain.views import parsed, retagged
from clientdesk.store import own_fields as rows
from clientdesk.store import own_values, views
from clientdesk.store.patches import stored

BATCH = 5_000
"""So many clients get another tag in one transaction, so that others can write to the firm in between."""
_LOOKED_AT = 250
"""After so many clients it is asked whether the person wants no more."""


@reads
def tags(session: Session) -> tuple[Tag, ...]:
    """All tags by name."""
    return rows.tags(session.engine)


class TagUse(NamedTuple):
    """A tag, and how many clients have it."""

    tag: Tag
    clients: int


@reads
def tags_in_use(session: Session) -> tuple[TagUse, ...]:
    """All tags by name, and how many clients have each."""
    counts = own_values.clients_by_tag(session.engine)
    return tuple(TagUse(tag, counts.get(tag.id, 0)) for tag in rows.tags(session.engine))


@reads
def tag_by_name(session: Session, name: str) -> Tag:
    """The tag of this name. Refused ("unknown_tag", "no_tags")."""
    tag = rows.tags_by_key(session.engine, [fold(name)]).get(fold(name))
    if tag is not None:
        return tag
    if known := rows.tags(session.engine):
        raise refuse("unknown_tag", value=name, choices=likely_names(name, (tag.name for tag in known)))
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


class Merged(NamedTuple):
    """How many clients have another tag now, and whether the merging was not stopped before its end."""

    clients: int
    whole: bool = True


@reads
def would_merge(session: Session, merged_ids: Sequence[int], into: Tag) -> int:
    """How many clients `merge_tags` would give another tag. Refused as that is."""
    if into.id in merged_ids:
        raise refuse("tag_into_itself", name=into.name)
    return own_values.count_tagged(session.engine, merged_ids)


@seldom_collected()
def merge_tags(
    session: Session,
    merged_ids: Sequence[int],
    into: Tag,
    progress: Progress = silent,
    stopped: Stopped = never,
    batch: int = BATCH,
) -> Merged:
    """Gives every client that has one of some tags another one instead, and deletes those tags: `batch` clients in one
    change set, more than that as a job, which is one line of the history and one undo.

    Stopped, it leaves whole batches: the tags are deleted with the last one. Refused where a tag is gone ("tag_gone"), or
    is merged into itself.
    """
    count = would_merge(session, merged_ids, into)
    job = new_job(session) if count >= batch else None  # the last batch may have nothing but the tags to delete
    write = changes("tag.merged", Action.MANAGE_FIRM, job=job)(_merge)
    done, is_whole = 0, False
    while not is_whole:
        try:
            clients, is_whole = write(session, merged_ids, into, batch, lambda: go_on(stopped))
        except Stop:
            return Merged(done, whole=False)
        done += clients
        progress(min(done, count), count)
    return Merged(done)


def _merge(
    session: Session, merged_ids: Sequence[int], into: Tag, batch: int, look: Callable[[], None]
) -> tuple[int, bool]:
    """A batch of it: how many clients have the other tag now, and whether none is left, so that the tags are gone."""
    for tag_id in (*merged_ids, into.id):
        _demand(session, tag_id)
    client_ids = own_values.clients_tagged(session.engine, merged_ids, batch)
    present, _more = stored(session.engine, "client", client_ids)
    merged = set(merged_ids)
    retagged = (
        Patch("client", str(row.id), {TAGS: row.values[TAGS]}, {TAGS: tags_kept({*kept, into.id} - merged)})
        for row in present.values()
        for kept in (own_value_ids(row.values[TAGS]),)
    )
    for number, outcome in enumerate(patches.apply(session, retagged)):
        if number % _LOOKED_AT == 0:
            look()
        patches.landed(outcome)
    is_whole = len(client_ids) < batch
    if is_whole:
        session.engine.note_change(
            str(into.id)
        )  # by which own views find the tag that stands for those of their filters
        for outcome in patches.apply(session, _views_retagged(session, merged, into.id)):
            patches.landed(outcome)
        for outcome in patches.apply(session, (Patch("tag", str(tag_id), {}, None) for tag_id in merged_ids)):
            patches.landed(outcome)
    return len(client_ids), is_whole


def _views_retagged(session: Session, merged: Collection[int], into_id: int) -> Iterator[Patch]:
    """The firm's views that filter by one of the merged tags, by the other one instead."""
    for row in views.views(session.engine):
        content = retagged(parsed(row.content), {str(tag_id): str(into_id) for tag_id in merged})
        if content is not None:
            yield Patch("view", str(row.id), {"content": row.content}, {"content": json_to_keep(content)})


def _demand(session: Session, tag_id: int) -> None:
    """Refuses ("tag_gone") where there is no such tag."""
    if tag_id not in {tag.id for tag in rows.tags(session.engine)}:
        raise Refused(*patches.check(session, Patch("tag", str(tag_id), {}, {"name": ""})))
