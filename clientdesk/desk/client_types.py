"""The firm's list of client types: added to, renamed, removed from."""

from clientdesk.desk import patches
from clientdesk.desk.meanwhile import Since, since
from clientdesk.desk.records import ClientType
from clientdesk.desk.session import Session, changes, reads
from clientdesk.domain.access import Action
from clientdesk.domain.patch import Outcome, Patch
from clientdesk.domain.problems import Refused
from clientdesk.store import firm as rows


@reads
def all_types(session: Session) -> tuple[ClientType, ...]:
    """The firm's client types by name, with how many clients are of each."""
    return tuple(rows.types(session.engine))


@reads
def type_names(session: Session) -> tuple[str, ...]:
    """The names of the firm's client types, sorted."""
    return tuple(rows.type_names(session.engine))


@reads
def renamed_since(session: Session, kind: ClientType) -> Since:
    """What somebody did to a client type since it was read. Raises Refused ("type_gone")."""
    renamed = since(session, "client_type", str(kind.id), {"name": kind.name})
    if renamed is None:
        raise Refused(*patches.check(session, Patch("client_type", str(kind.id), {}, {"name": kind.name})))
    return renamed


def _saved(session: Session, outcome: Outcome) -> ClientType:
    present = patches.landed(outcome).present
    assert present is not None
    count = rows.clients_of_type(session.engine, present.id)
    return ClientType(present.id, present.version, str(present.values["name"]), count)


@changes("type.added", Action.MANAGE_FIRM)
def add_type(session: Session, name: str) -> ClientType:
    """Adds a client type."""
    return _saved(session, patches.apply_one(session, Patch("client_type", "", None, {"name": name})))


@changes("type.renamed", Action.MANAGE_FIRM)
def rename_type(session: Session, kind: ClientType, name: str) -> ClientType:
    """Renames a client type as it was read; the clients of the type keep it."""
    renamed = Patch("client_type", str(kind.id), {"name": kind.name}, {"name": name})
    return _saved(session, patches.apply_one(session, renamed))


@changes("type.removed", Action.MANAGE_FIRM)
def remove_type(session: Session, type_id: int) -> None:
    """Removes a client type. Refused while clients are of it."""
    patches.landed(patches.apply_one(session, Patch("client_type", str(type_id), {}, None)))
