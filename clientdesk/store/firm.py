"""The firm, its team, its client types and what each member keeps for themselves."""

import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from clientdesk.domain.fold import fold
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store import history
from clientdesk.store.engines import Engine
from clientdesk.store.models import ClientTypeModel, FirmModel, TeamMemberModel


class FirmRow(NamedTuple):
    """The firm's row and its primary admin's name."""

    version: int
    name: str
    client_notice: int | None
    primary_admin_id: int
    primary_admin: str
    offered_to_id: int | None
    upload_limit: bool


class MemberRow(NamedTuple):
    """A team member's row; `access` is "primary_admin" for the one whom the firm names."""

    id: int
    version: int
    name: str
    email: str
    login: str
    access: str
    active: bool
    clients: int


class TypeRow(NamedTuple):
    """A client type's row, and how many clients are of it."""

    id: int
    version: int
    name: str
    clients: int


_FIRM = (
    "SELECT f.version, f.name, f.client_notice, f.primary_admin_id, a.name, f.offered_to_id, f.upload_limit = 1{more}"
    " FROM firm f JOIN team_member a ON a.id = f.primary_admin_id"
)
_OF_THE_FIRM = len(FirmRow._fields)


def firm(engine: Engine) -> FirmRow:
    """The firm. Raises FirmUnusable ("no_firm_row")."""
    return _firm(engine, engine.sql(_FIRM.format(more="")).fetchone())


def _firm(engine: Engine, row: Sequence[Any] | None) -> FirmRow:
    if row is None:
        raise FirmUnusable(problem("no_firm_row", path=engine.location))
    return FirmRow(*row)._replace(upload_limit=bool(row[6]))


def firm_of(engine: Engine, login: str) -> tuple[FirmRow, MemberRow | None]:
    """The firm, and the team member who works in it with this account (None for nobody); in one look. Raises
    FirmUnusable ("no_firm_row")."""
    sql = f"{_FIRM.format(more=', ' + _MEMBER.format(clients='0'))} LEFT JOIN team_member m ON m.login = ?"
    row = engine.sql(sql, (login,)).fetchone()
    the_firm = _firm(engine, None if row is None else row[:_OF_THE_FIRM])
    return the_firm, None if row[_OF_THE_FIRM] is None else _member(row[_OF_THE_FIRM:])


def update_firm(engine: Engine, version: int, changes: Mapping[str, object]) -> bool:
    """Writes columns of the firm. False if its version is another."""
    return _update(engine, FirmModel, 1, version, changes)


def insert_firm(engine: Engine, name: str, primary_admin_id: int, client_notice: int | None) -> None:
    """Writes the firm's row, once, with an identity by chance that no other firm has."""
    query = FirmModel.insert(
        id=1, name=name, primary_admin=primary_admin_id, client_notice=client_notice, uid=os.urandom(8).hex()
    )
    query.execute(engine.db)
    history.wrote(engine, "firm", 1)


_MEMBER = (
    "m.id, m.version, m.name, m.email, m.login,"
    " CASE WHEN m.id = f.primary_admin_id THEN 'primary_admin' ELSE m.access END, m.active = 1, {clients}"
)
_MEMBERS = f"SELECT {_MEMBER} FROM team_member m JOIN firm f ON f.id = 1"
_LED = "(SELECT count(*) FROM client c WHERE c.lead_id = m.id AND c.status = 'active')"


def members(engine: Engine) -> list[MemberRow]:
    """All team members by name, and how many active clients each leads."""
    sql = _MEMBERS.format(clients=_LED) + " ORDER BY m.active DESC, m.name_key"
    return [_member(row) for row in engine.sql(sql).fetchall()]


def member(engine: Engine, member_id: int) -> MemberRow | None:
    """The team member with this id, and how many active clients they lead."""
    return _one_member(engine, "m.id = ?", member_id, clients=_LED)


def member_by_login(engine: Engine, login: str) -> MemberRow | None:
    """The team member who works with this account (their clients are not counted)."""
    return _one_member(engine, "m.login = ?", login, clients="0")


def member_by_name(engine: Engine, name: str) -> MemberRow | None:
    """The team member of this name (case and accents do not matter; their clients are not counted)."""
    return _one_member(engine, "m.name_key = ?", fold(name), clients="0")


def _one_member(engine: Engine, condition: str, value: object, *, clients: str) -> MemberRow | None:
    row = engine.sql(f"{_MEMBERS.format(clients=clients)} WHERE {condition}", (value,)).fetchone()
    return _member(row) if row else None


def _member(row: tuple[object, ...]) -> MemberRow:
    return MemberRow(*row)._replace(active=bool(row[6]))  # type: ignore[arg-type]  # a row of _MEMBERS


def lead_names(engine: Engine) -> list[str]:
    """The names that may stand as lead accountant: active members, and inactive ones who still lead clients."""
    sql = (
        "SELECT m.name FROM team_member m WHERE m.active = 1"
        " OR EXISTS (SELECT 1 FROM client c WHERE c.lead_id = m.id) ORDER BY m.name_key"
    )
    return [row[0] for row in engine.sql(sql).fetchall()]


def clients_led(engine: Engine, member_id: int) -> int:
    """How many clients a member leads, inactive ones too."""
    row = engine.sql("SELECT count(*) FROM client WHERE lead_id = ?", (member_id,)).fetchone()
    return int(row[0])


def insert_member(engine: Engine, name: str, email: str, login: str, access: str) -> int:
    """Writes a new team member; the id."""
    (member_id,) = engine.next_ids("team_member", 1)
    TeamMemberModel.insert(
        id=member_id, name=name, name_key=fold(name), email=email, login=login, access=access
    ).execute(engine.db)
    history.wrote(engine, "team_member", 1)
    return member_id


def update_member(engine: Engine, member_id: int, version: int, changes: Mapping[str, object]) -> bool:
    """Writes columns of a team member. False if their version is another."""
    return _update(engine, TeamMemberModel, member_id, version, _with_key(changes))


def types(engine: Engine) -> list[TypeRow]:
    """All client types by name, and how many clients are of each."""
    sql = (
        "SELECT t.id, t.version, t.name, (SELECT count(*) FROM client c WHERE c.client_type_id = t.id)"
        " FROM client_type t ORDER BY t.name_key"
    )
    return [TypeRow(*row) for row in engine.sql(sql).fetchall()]


def type_names(engine: Engine) -> list[str]:
    """The names of the client types, sorted."""
    return [row[0] for row in engine.sql("SELECT name FROM client_type ORDER BY name_key").fetchall()]


def insert_type(engine: Engine, name: str) -> int:
    """Writes a new client type; the id."""
    (type_id,) = engine.next_ids("client_type", 1)
    ClientTypeModel.insert(id=type_id, name=name, name_key=fold(name)).execute(engine.db)
    history.wrote(engine, "client_type", 1)
    return type_id


def update_type(engine: Engine, type_id: int, version: int, name: str) -> bool:
    """Renames a client type. False if its version is another."""
    return _update(engine, ClientTypeModel, type_id, version, _with_key({"name": name}))


def delete_type(engine: Engine, type_id: int) -> bool:
    """Removes a client type that no client is of. False if there is none."""
    deleted = bool(ClientTypeModel.delete().where(ClientTypeModel.id == type_id).execute(engine.db))
    history.wrote(engine, "client_type", deleted)
    return deleted


def _with_key(changes: Mapping[str, object]) -> Mapping[str, object]:
    return {**changes, "name_key": fold(str(changes["name"]))} if "name" in changes else changes


def _update(
    engine: Engine,
    model: type[FirmModel] | type[TeamMemberModel] | type[ClientTypeModel],
    row_id: int,
    version: int,
    changes: Mapping[str, object],
) -> bool:
    fields = model._meta.columns
    written = {fields[name]: value for name, value in {**changes, "version": version + 1}.items()}
    of_row = (model.id == row_id) & (model.version == version)
    present = model.select(*[fields[name] for name in changes]).where(of_row).tuples().execute(engine.db)
    before = next(iter(present), None) if changes else ()
    updated = bool(model.update(written).where(of_row).execute(engine.db))
    # What is written as it was is no change, and the history keeps silent about it.
    history.wrote(engine, model._meta.table_name, updated and before != tuple(changes.values()))
    return updated


def setting(engine: Engine, member_id: int, name: str) -> str | None:
    """What a member keeps under a name (JSON)."""
    row = engine.sql("SELECT value FROM member_setting WHERE member_id = ? AND name = ?", (member_id, name)).fetchone()
    return str(row[0]) if row else None


def save_setting(engine: Engine, member_id: int, name: str, value: str) -> None:
    """Keeps something for a member under a name (JSON)."""
    engine.keep_setting(member_id, name, value)
