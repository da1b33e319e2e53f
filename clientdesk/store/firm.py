"""The firm, its team, its client types and what each member keeps for themselves."""

import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from clientdesk.domain.firm_settings import DEFAULTS, SETTINGS
from clientdesk.domain.fold import fold
from clientdesk.domain.patch import Value
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store import history
from clientdesk.store.engines import Engine, Statement
from clientdesk.store.models import ClientModel, ClientTypeModel, FirmModel, TeamMemberModel


class FirmRow(NamedTuple):
    """The firm's row, with its settings by name, and its primary admin's name."""

    version: int
    primary_admin_id: int
    primary_admin: str
    offered_to_id: int | None
    settings: Mapping[str, Value]


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


_BEFORE_SETTINGS = len(FirmRow._fields) - 1
_OF_THE_FIRM = _BEFORE_SETTINGS + len(SETTINGS)
_FIRM = (
    "SELECT f.version, f.primary_admin_id, a.name, f.offered_to_id,"
    f" {', '.join(f'f.{setting.name}' for setting in SETTINGS)}{{more}}"
    " FROM firm f JOIN team_member a ON a.id = f.primary_admin_id"
)


def firm(engine: Engine) -> FirmRow:
    """The firm. Raises FirmUnusable ("no_firm_row")."""
    return _firm(engine, engine.sql(_FIRM.format(more="")).fetchone())


def _firm(engine: Engine, row: Sequence[Any] | None) -> FirmRow:
    if row is None:
        raise FirmUnusable(problem("no_firm_row", path=engine.location))
    settings = {setting.name: value for setting, value in zip(SETTINGS, row[_BEFORE_SETTINGS:], strict=True)}
    version, admin_id, admin, offered_to_id = row[:_BEFORE_SETTINGS]
    return FirmRow(version, admin_id, admin, offered_to_id, settings)


def asked(login: str, also: str = "NULL", parameters: Sequence[object] = ()) -> Statement:
    """Asks for the firm and the team member `m` who works in it with this account, and `also` for something more; see
    `answered`."""
    sql = f"{_FIRM.format(more=f', {_MEMBER.format(clients=0)}, {also}')} LEFT JOIN team_member m ON m.login = ?"
    return sql, (*parameters, login)


def answered(engine: Engine, rows: Sequence[Any]) -> tuple[FirmRow, MemberRow | None, Any]:
    """The firm, the member (None for nobody), and what was asked for besides. Raises FirmUnusable ("no_firm_row")."""
    row = next(iter(rows), None)
    the_firm = _firm(engine, None if row is None else row[:_OF_THE_FIRM])
    assert row is not None
    return the_firm, None if row[_OF_THE_FIRM] is None else _member(row[_OF_THE_FIRM:-1]), row[-1]


def insert_firm(engine: Engine, name: str, primary_admin_id: int) -> None:
    """Writes the firm's row, once, with its settings as a new firm has them and an identity by chance that no other firm
    has."""
    settings = {**DEFAULTS, "name": name}
    query = FirmModel.insert(id=1, **settings, primary_admin=primary_admin_id, uid=os.urandom(8).hex())
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


class Called(NamedTuple):
    """How a team member is called, and whether they are active."""

    name: str
    login: str
    active: bool


def called_by_id(engine: Engine) -> dict[int, Called]:
    """How the team members are called, by id."""
    member = TeamMemberModel
    query = member.select(member.id, member.name, member.login, member.active == 1).order_by(member.id)
    return {row[0]: Called(row[1], row[2], bool(row[3])) for row in query.tuples().execute(engine.db)}


def types_by_id(engine: Engine) -> dict[int, str]:
    """The names of the client types, sorted, by id."""
    kind = ClientTypeModel
    return dict(kind.select(kind.id, kind.name).order_by(kind.name_key).tuples().execute(engine.db))


def clients_of_type(engine: Engine, type_id: int) -> int:
    """How many clients are of a type."""
    return int(ClientModel.select().where(ClientModel.client_type_ref == type_id).count(engine.db))


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


def setting(engine: Engine, member_id: int, name: str) -> str | None:
    """What a member keeps under a name (JSON)."""
    row = engine.sql("SELECT value FROM member_setting WHERE member_id = ? AND name = ?", (member_id, name)).fetchone()
    return str(row[0]) if row else None


def save_setting(engine: Engine, member_id: int, name: str, value: str) -> None:
    """Keeps something for a member under a name (JSON)."""
    engine.keep_setting(member_id, name, value)
