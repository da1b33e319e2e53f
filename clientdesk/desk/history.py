"""The history as a person reads it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from clientdesk.desk import clients
from clientdesk.desk.carried import REFERENCES, unpack
from clientdesk.desk.kinds import title
from clientdesk.desk.records import Change, FieldChange
from clientdesk.desk.session import Session, reads
from clientdesk.desk.team import LABELS
from clientdesk.domain.access import Access
from clientdesk.domain.fields import BY_NAME
from clientdesk.domain.fold import number_key
from clientdesk.domain.patch import Key
from clientdesk.domain.problems import Refused
from clientdesk.store import firm, history
from clientdesk.text import N_, _

_FIRM = {
    "name": N_("Firm"),
    "client_notice": N_("Notice from so many clients on"),
    "primary_admin_id": N_("Primary admin"),
    "offered_to_id": N_("Primary admin's role offered to"),
    "upload_limit": N_("QuickBooks' upload limit"),
    "uid": N_("Identity"),
}
UNSHOWN = ("uid",)
"""What says nothing to a person."""
MEMBERS = ("lead_id", "primary_admin_id", "offered_to_id")


AT_ONCE = 500
"""So many entries are read at a time where all are wanted."""


@reads
def of_client(session: Session, client_id: int, limit: int = 200, before: int | None = None) -> tuple[Change, ...]:
    """The latest changes of a client (older than the one with the id `before`), newest first; those that it brought
    along from another firm after its own."""
    return _of_client(session, client_id, limit, history.LAST, before)


def _of_client(session: Session, client_id: int, limit: int, until: int, before: int | None) -> tuple[Change, ...]:
    """The changes of a client, of one that was deleted `until` the entry of that."""
    changes: tuple[Change, ...] = ()
    last = until if before is None else min(until, before - 1)
    if last > 0:  # what was brought along has ids below zero
        changes = readable(session, history.entries(session.engine, "client", str(client_id), limit, last))
    if len(changes) == limit or (changes and changes[-1].operation != "insert"):
        return changes
    added = history.added(session.engine, "client", str(client_id), until)
    skipped = -before if before is not None and before < 0 else 0
    return changes + unpack(session, client_id, added.change_set, skipped, limit - len(changes))


@reads
def of_key(session: Session, key: str, limit: int = 200, before: int | None = None) -> tuple[Change, ...]:
    """The latest changes of the client with a Company ID or number; of one that was deleted, too. See `of_client`."""
    client_id, until = of_whom(session, key)
    return _of_client(session, client_id, limit, until, before)


def of_whom(session: Session, key: str) -> tuple[int, int]:
    """The client with a Company ID or number, and up to which entry its history goes; one that was deleted, too."""
    try:
        return clients.by_key(session, key).id, history.LAST
    except Refused as refusal:
        if refusal.code != "unknown_client":
            raise
        number = number_key(key)
        gone = history.deleted_client(
            session.engine,
            lambda old: (
                key.strip() == old.get("company_id") or number == number_key(str(old.get("client_number", ""))) != ""
            ),
        )
        if gone is None:
            raise
        return gone


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
    while found := page(AT_ONCE, before):
        yield from found
        before = found[-1].id


def all_of_client(session: Session, client_id: int) -> Iterator[Change]:
    """All changes of a client, read as they are wanted. See `of_client`."""
    return _everything(lambda limit, before: of_client(session, client_id, limit, before))


def all_of_key(session: Session, key: str) -> Iterator[Change]:
    """All changes of a client, read as they are wanted. See `of_key`; refused at once where there is no such client."""
    client_id, until = reads(of_whom)(session, key)
    page = reads(_of_client)
    return _everything(lambda limit, before: page(session, client_id, limit, until, before))


Names = Mapping[str, Mapping[int, str]]


def reference_names(session: Session) -> Names:
    """The names of team members and client types by their ids, as `shown` wants them."""
    return {
        "member": {row.id: row.name for row in firm.members(session.engine)},
        "type": {row.id: row.name for row in firm.types(session.engine)},
    }


def readable(session: Session, entries: Sequence[history.Entry], naming: bool = False) -> tuple[Change, ...]:
    """Entries as a person reads them; with `naming`, each says what it is about."""
    called = history.names(session.engine, _asked_names(entries, naming))
    names = _by_kind(called)
    return tuple(
        Change(
            entry.id,
            entry.at,
            entry.actor,
            entry.kind,
            title(entry.kind, entry.note),
            entry.operation,
            tuple(_fields(entry, names)),
            own_name(entry) or called.get((entry.entity, entry.key), "") if naming else "",
            entry.change_set,
            int(entry.key) if entry.entity == "client" else 0,
        )
        for entry in entries
    )


def own_name(entry: history.Entry) -> str:
    """What the row of an entry is called, as far as the entry itself says it."""
    names = (values.get("display_name") or values.get("name") for values in (entry.new, entry.old))
    return str(next(filter(None, names), ""))


_ENTITIES = dict.fromkeys(MEMBERS, "team_member") | {"client_type_id": "client_type"}
"""By column whose values are ids, of what."""


def _asked_names(entries: Iterable[history.Entry], naming: bool) -> dict[str, set[Key]]:
    """The rows whose names are needed to tell of entries."""
    asked: dict[str, set[Key]] = {}
    for entry in entries:
        if naming and not own_name(entry):
            asked.setdefault(entry.entity, set()).add(entry.key)
        for values in (entry.old, entry.new):
            for column, entity in _ENTITIES.items():
                if isinstance(row_id := values.get(column), int):
                    asked.setdefault(entity, set()).add(str(row_id))
    return asked


def _by_kind(called: Mapping[tuple[str, Key], str]) -> Names:
    """Names of rows, as `shown` wants them."""
    kinds = {"team_member": "member", "client_type": "type"}
    names: dict[str, dict[int, str]] = {kind: {} for kind in kinds.values()}
    for (entity, key), name in called.items():
        if entity in kinds:
            names[kinds[entity]][int(key)] = name
    return names


def _fields(entry: history.Entry, names: Names) -> Iterable[FieldChange]:
    for column in entry.new or entry.old:
        if column in UNSHOWN:
            continue
        old, new = entry.old.get(column), entry.new.get(column)
        if entry.operation != "update" and not (old or new):
            continue
        label, shown_old, shown_new = shown(entry.entity, column, old, new, names)
        yield FieldChange(REFERENCES.get(column, column), label, shown_old, shown_new)


def shown(entity: str, column: str, old: object, new: object, names: Names) -> tuple[str, str, str]:
    """Label, old and new value of a column as a person reads them. ValueError for what can be no value of it."""

    def value(raw: object) -> str:
        if raw is None or raw == "":
            return ""
        if column in MEMBERS:
            return names["member"].get(int(str(raw)), f"#{raw}")
        if column == "client_type_id":
            return names["type"].get(int(str(raw)), f"#{raw}")
        if column == "upload_limit":
            return _("on") if raw else _("off")
        if column == "active":
            return _("Active") if raw else _("Inactive")
        if column == "access":
            return _(Access(str(raw)).label)
        return BY_NAME[column].display(str(raw)) if entity == "client" else str(raw)

    if entity == "client":
        label = BY_NAME[REFERENCES.get(column, column)].title
    elif entity == "firm":
        label = _(_FIRM[column])
    else:
        label = _({**LABELS, "active": N_("Status")}[column])
    return label, value(old), value(new)
