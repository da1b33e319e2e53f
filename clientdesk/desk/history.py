"""The history as a person reads it."""

from collections.abc import Iterable, Mapping

from clientdesk.desk import clients
from clientdesk.desk.kinds import KINDS
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
}
_FIELDS = {"lead_id": "lead", "client_type_id": "client_type"}
_MEMBERS = ("lead_id", "primary_admin_id", "offered_to_id")


@reads
def of_client(session: Session, client_id: int, limit: int = 200) -> tuple[Change, ...]:
    """The latest changes of a client, newest first."""
    return _readable(session, history.entries(session.engine, "client", client_id, limit))


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
        return of_client(session, gone, limit)


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
            _(KINDS.get(entry.kind, entry.kind)),
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
    return history.name_of(session.engine, entry.entity, entry.entity_id)


def _fields(entry: history.Entry, names: Mapping[str, Mapping[int, str]]) -> Iterable[FieldChange]:
    for column in entry.new or entry.old:
        old, new = entry.old.get(column), entry.new.get(column)
        if entry.operation != "update" and not (old or new):
            continue
        label, shown_old, shown_new = _shown(entry.entity, column, old, new, names)
        yield FieldChange(_FIELDS.get(column, column), label, shown_old, shown_new)


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
        if column == "active":
            return _("Active") if raw else _("Inactive")
        if column == "access":
            return _(Access(str(raw)).label)
        return BY_NAME[column].display(str(raw)) if entity == "client" else str(raw)

    if entity == "client":
        label = BY_NAME[_FIELDS.get(column, column)].title
    elif entity == "firm":
        label = _(_FIRM[column])
    else:
        label = _({**LABELS, "active": N_("Status")}[column])
    return label, value(old), value(new)
