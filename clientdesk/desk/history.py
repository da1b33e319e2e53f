"""The history as a person reads it."""

from collections.abc import Iterable, Mapping

from clientdesk.desk import clients
from clientdesk.desk.carried import REFERENCES, unpack
from clientdesk.desk.kinds import title
from clientdesk.desk.records import Change, FieldChange
from clientdesk.desk.session import Session, reads
from clientdesk.desk.team import LABELS
from clientdesk.domain.access import Access
from clientdesk.domain.fields import BY_NAME
from clientdesk.domain.fold import number_key
from clientdesk.domain.problems import Refused
from clientdesk.store import firm, history
from clientdesk.text import N_, _

_FIRM = {
    "name": N_("Firm"),
    "client_notice": N_("Notice from so many clients on"),
    "primary_admin_id": N_("Primary admin"),
    "offered_to_id": N_("Primary admin's role offered to"),
    "upload_limit": N_("QuickBooks' upload limit"),
}
_MEMBERS = ("lead_id", "primary_admin_id", "offered_to_id")


@reads
def of_client(session: Session, client_id: int, limit: int = 200) -> tuple[Change, ...]:
    """The latest changes of a client, newest first; those that it brought along from another firm after its own."""
    return _of_client(session, client_id, limit)


def _of_client(session: Session, client_id: int, limit: int, until: int | None = None) -> tuple[Change, ...]:
    """The changes of a client, of one that was deleted `until` the entry of that."""
    entries = list(history.entries(session.engine, "client", client_id, limit, until))
    changes = _readable(session, entries)
    if len(entries) == limit or not entries or entries[-1].operation != "insert":
        return changes
    return changes + unpack(session, client_id, entries[-1].change_set, limit - len(entries))


@reads
def of_key(session: Session, key: str, limit: int = 200) -> tuple[Change, ...]:
    """The latest changes of the client with a Company ID or number; of one that was deleted, too."""
    try:
        return of_client(session, clients.by_key(session, key).id, limit)
    except Refused as refusal:
        if refusal.code != "unknown_client":
            raise
        number = number_key(key)
        gone = history.deleted_client(
            session.engine,
            lambda old: key.strip() == old["company_id"] or number == number_key(str(old["client_number"])) != "",
        )
        if gone is None:
            raise
        return _of_client(session, gone[0], limit, gone[1])


@reads
def of_firm(session: Session, limit: int = 200) -> tuple[Change, ...]:
    """The latest changes of the whole firm (clients, team, settings, client types), newest first."""
    return _readable(session, history.latest(session.engine, limit), naming=True)


def _readable(session: Session, entries: Iterable[history.Entry], naming: bool = False) -> tuple[Change, ...]:
    names = {
        "member": {row.id: row.name for row in firm.members(session.engine)},
        "type": {row.id: row.name for row in firm.types(session.engine)},
    }
    return tuple(
        Change(
            entry.id,
            entry.at,
            entry.actor,
            entry.kind,
            title(entry.kind, entry.note),
            entry.operation,
            tuple(_fields(entry, names)),
            _subject(session, entry) if naming else "",
        )
        for entry in entries
    )


def _subject(session: Session, entry: history.Entry) -> str:
    """The name of what an entry is about."""
    for values in (entry.new, entry.old):
        if found := values.get("display_name") or values.get("name"):
            return str(found)
    return history.name_of(session.engine, entry.entity, entry.entity_id, entry.id)


def _fields(entry: history.Entry, names: Mapping[str, Mapping[int, str]]) -> Iterable[FieldChange]:
    for column in entry.new or entry.old:
        old, new = entry.old.get(column), entry.new.get(column)
        if entry.operation != "update" and not (old or new):
            continue
        label, shown_old, shown_new = _shown(entry.entity, column, old, new, names)
        yield FieldChange(REFERENCES.get(column, column), label, shown_old, shown_new)


def _shown(
    entity: str, column: str, old: object, new: object, names: Mapping[str, Mapping[int, str]]
) -> tuple[str, str, str]:
    """Label, old and new value of a column as a person reads them."""

    def value(raw: object) -> str:
        if raw is None or raw == "":
            return ""
        if column in _MEMBERS:
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
