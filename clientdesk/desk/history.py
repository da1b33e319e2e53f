"""The history as a person reads it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial

from clientdesk.desk import clients
from clientdesk.desk.carried_history import unpack
from clientdesk.desk.change_kinds import file_of, title
from clientdesk.desk.records import Change, FieldChange
from clientdesk.desk.session import Session, reads
from clientdesk.domain.catalogue import Catalogue
from clientdesk.domain.fields import Kind
from clientdesk.domain.fold import fold, number_key
from clientdesk.domain.kept_templates import applies_parts, roles_parts
from clientdesk.domain.own_fields import TAGS
from clientdesk.domain.own_values import COLUMN
from clientdesk.domain.patch import Key, Value
from clientdesk.domain.problems import Refused
from clientdesk.domain.views import parts_in_words
from clientdesk.store import firm, history
from clientdesk.store.entities import ENTITIES, Attribute
from clientdesk.text import _

AT_ONCE = 500
"""So many entries are read at a time where all are wanted."""


@reads
def of_client(session: Session, client_id: int, limit: int = 200, before: int | None = None) -> tuple[Change, ...]:
    """The latest changes of a client (older than the one with the id `before`), newest first; those that it brought
    along from another firm after its own."""
    return _of_client(session, client_id, limit, before)


def _of_client(
    session: Session, client_id: int, limit: int, before: int | None, naming: bool = False
) -> tuple[Change, ...]:
    """The changes of a client; with `naming`, each names it."""
    changes: tuple[Change, ...] = ()
    last = history.LAST if before is None else before - 1
    if last > 0:  # what was brought along has ids below zero
        changes = readable(session, history.entries(session.engine, "client", str(client_id), limit, last), naming)
    if len(changes) == limit or (changes and changes[-1].operation != "insert"):
        return changes
    addition = history.addition(session.engine, "client", str(client_id))
    skipped = -before if before is not None and before < 0 else 0
    brought = unpack(session, client_id, addition.change_set, skipped, limit - len(changes))
    if naming and brought:
        key = str(client_id)
        called = history.called(session.engine, {"client": [key]}).get(("client", key), _NOT_CALLED)
        brought = tuple(
            change._replace(subject=called.name, entity="client", key=key, company_id=called.company_id)
            for change in brought
        )
    return changes + brought


@reads
def of_key(session: Session, key: str, limit: int = 200, before: int | None = None) -> tuple[Change, ...]:
    """The latest changes of the client with a Company ID or number, each with its name; of one that was deleted, too.
    See `of_client`."""
    return _of_client(session, of_whom(session, key), limit, before, naming=True)


def of_whom(session: Session, key: str) -> int:
    """The client with a Company ID or number; one that was deleted, too."""
    try:
        return clients.by_key(session, key).id
    except Refused as refusal:
        if refusal.code != "unknown_client":
            raise
        number = number_key(key)
        deleted_id = history.deleted_client(
            session.engine,
            lambda old: (
                key.strip() == old.get("company_id") or number == number_key(str(old.get("client_number", ""))) != ""
            ),
        )
        if not deleted_id:
            raise
        return deleted_id


@reads
def of_firm(session: Session, limit: int = 200, before: int | None = None) -> tuple[Change, ...]:
    """The latest changes of the whole firm (clients, team, settings, client types; older than the one with the id
    `before`), newest first."""
    last = history.LAST if before is None else before - 1
    return readable(session, history.latest(session.engine, limit, last), naming=True)


Page = Callable[[int, int | None], Sequence[Change]]


def _everything(page: Page) -> Iterator[Change]:
    """All changes, page by page (`page(limit, before)`): what is held at once does not grow with them."""
    before: int | None = None
    while part := page(AT_ONCE, before):
        yield from part
        before = part[-1].id


def all_of_client(session: Session, client_id: int) -> Iterator[Change]:
    """All changes of a client, each with its name, read as they are wanted. See `of_client`."""
    page = reads(_of_client)
    return _everything(lambda limit, before: page(session, client_id, limit, before, naming=True))


def all_of_key(session: Session, key: str) -> Iterator[Change]:
    """All changes of a client, each with its name, read as they are wanted. See `of_key`; refused at once where there is
    no such client."""
    return all_of_client(session, reads(of_whom)(session, key))


Names = Mapping[str, Mapping[int, str]]
"""By entity: how the rows that others refer to are called, by their ids."""


Attributes = Callable[[str], Mapping[str, Attribute]]
"""The attributes of an entity, by name; none of what another program wrote."""


def reference_names(session: Session) -> Names:
    """The names of team members and client types by their ids, as `shown` wants them: there are few of these."""
    return {
        "team_member": {row.id: row.name for row in firm.members(session.engine)},
        "client_type": {row.id: row.name for row in firm.types(session.engine)},
    }


def readable(session: Session, entries: Sequence[history.Entry], naming: bool = False) -> tuple[Change, ...]:
    """Entries as a person reads them; with `naming`, each says what it is about."""
    attributes = attributes_in(session)
    called = history.called(session.engine, _asked_names(entries, attributes, naming))
    names = by_id({row: of_row.name for row, of_row in called.items()})
    return tuple(
        Change(
            entry.id,
            entry.at,
            entry.actor,
            entry.kind,
            title(entry.kind, entry.note, entry.stayed),
            entry.operation,
            tuple(_fields(entry, attributes(entry.entity), names)),
            own_name(entry) or called.get((entry.entity, entry.key), _NOT_CALLED).name if naming else "",
            entry.change_set,
            history.row_id(entry.key) if entry.entity == "client" else 0,
            entry.entity,
            entry.key,
            _value_in(entry, _ID) or called.get((entry.entity, entry.key), _NOT_CALLED).company_id if naming else "",
            entry.erased,
            file_of(entry.kind, entry.note),
            title(entry.kind, entry.note, entry.stayed, short=True),
        )
        for entry in entries
    )


def own_name(entry: history.Entry) -> str:
    """What the row of an entry is called, as far as the entry itself says it."""
    entity = ENTITIES.get(entry.entity)
    return "" if entity is None else _value_in(entry, entity.called_by)


_ID = "company_id"
_NOT_CALLED = history.Called()


def _value_in(entry: history.Entry, name: str) -> str:
    """The value of a field of the row, as far as the entry itself says it."""
    present = (values.get(name) for values in (entry.new, entry.old, entry.values_when_deleted))
    return str(next(filter(None, present), ""))


def _asked_names(entries: Iterable[history.Entry], attributes: Attributes, naming: bool) -> dict[str, set[Key]]:
    """The rows whose names are needed to tell of entries."""
    named_rows: dict[str, set[Key]] = {}
    for entry in entries:
        of_entity = attributes(entry.entity)
        if naming and not (own_name(entry) and (_value_in(entry, _ID) or _ID not in of_entity)):
            named_rows.setdefault(entry.entity, set()).add(entry.key)
        for values in (entry.old, entry.new):
            for entity, key in referred(of_entity, values):
                named_rows.setdefault(entity, set()).add(key)
    return named_rows


_IN_WORDS: Mapping[str, Mapping[str, Callable[..., Mapping[str, str]]]] = {
    "view": {"content": parts_in_words},
    "template": {"applies": applies_parts, "roles": roles_parts},
}
"""By entity what says in words what some of its attributes keep, with the names of what they refer to."""


def attributes_in(session: Session) -> Attributes:
    """The attributes of the firm's entities: of a client its own fields, too, each by itself; of a view what it shows, and
    of a template to whom it applies, with the names of what they refer to."""
    catalogue = session.catalogue

    @cache
    def of_entity(entity: str) -> Mapping[str, Attribute]:
        declared = ENTITIES[entity].by_name if entity in ENTITIES else {}
        if in_words := _IN_WORDS.get(entity):
            from clientdesk.desk import client_filters

            names = client_filters.names(session)
            with_names = {
                name: declared[name]._replace(parts=partial(of, names=names)) for name, of in in_words.items()
            }
            return {**declared, **with_names}
        return {**declared, **_own_attributes(catalogue)} if entity == "client" and catalogue.own else declared

    return of_entity


def _own_attributes(catalogue: Catalogue) -> dict[str, Attribute]:
    """The firm's own fields as attributes of a client."""
    attributes = {}
    for field in catalogue.own.values():
        words: dict[Value, str] = {choice.value: choice.label for choice in field.choices if choice.value}
        sign = "#" if field.kind is Kind.TAGS else ""
        words |= {f"{sign}{row_id}" if sign else row_id: name for row_id, name in field.called.items()}
        to = "team_member" if field.kind is Kind.MEMBER else ""
        attributes[field.name] = Attribute(field.name, field.label, COLUMN, refers_to=to, words=words)
    return attributes


def by_id(called: Mapping[tuple[str, Key], str]) -> Names:
    """Names of rows by entity and key, as `shown` wants them."""
    names: dict[str, dict[int, str]] = {name: {} for name in ENTITIES}
    for (entity, key), name in called.items():
        if row_id := history.row_id(key):
            names[entity][row_id] = name
    return names


def referred(attributes: Mapping[str, Attribute], values: Mapping[str, object]) -> Iterator[tuple[str, Key]]:
    """The rows that some values of a row with these attributes refer to: entity and key."""
    for name, row_id in values.items():
        if isinstance(row_id, int) and name in attributes and (to := attributes[name].refers_to):
            yield to, str(row_id)


def _fields(entry: history.Entry, attributes: Mapping[str, Attribute], names: Names) -> Iterable[FieldChange]:
    for name in entry.new or entry.old:
        attribute = attributes.get(name)  # None for what another program wrote
        old, new = entry.old.get(name), entry.new.get(name)
        if attribute is not None and attribute.parts is not None:
            for label, *values in differing_parts(attribute, old, new):
                yield FieldChange(name, label, *values)
        elif attribute is not None and attribute.shown and (entry.operation == "update" or old or new):
            yield FieldChange(name, *shown(attribute, old, new, names))


def differing_parts(attribute: Attribute, old: object, new: object) -> Iterator[tuple[str, str, str]]:
    """The parts in which two values of an attribute that has `parts` differ: label, old and new words ("" for nothing)."""
    assert attribute.parts is not None
    before, after = ({} if value in (None, "") else attribute.parts(value) for value in (old, new))
    for label in {**before, **after}:
        if before.get(label, "") != after.get(label, ""):
            yield label, before.get(label, ""), after.get(label, "")


def shown(attribute: Attribute, old: object, new: object, names: Names) -> tuple[str, str, str]:
    """Label, old and new value of a field as a person reads them."""
    return _(attribute.label), _value(attribute, old, names), _value(attribute, new, names)


def _value(attribute: Attribute, raw: object, names: Names) -> str:
    if raw is None or raw == "":
        return ""
    if not isinstance(raw, (str, int)):
        return str(raw)
    if attribute.refers_to:
        return names.get(attribute.refers_to, {}).get(raw, f"#{raw}")  # type: ignore[arg-type]  # a text is no id
    if attribute.parts is not None:
        return " · ".join(f"{label}: {text}" for label, text in attribute.parts(raw).items() if text)
    if attribute.name == TAGS:
        return ", ".join(sorted((attribute.words.get(part, part) for part in str(raw).split(",")), key=fold))
    word = attribute.words.get(raw) if attribute.words else None
    return str(raw) if word is None else _(word)
