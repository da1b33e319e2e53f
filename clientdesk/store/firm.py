"""The firm, its team, its client types and what each member keeps for themselves."""

import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from peewee import JOIN, Case, ModelSelect, Value, fn

from clientdesk.domain.access import Access
from clientdesk.domain.firm_records import ClientType, Member
from clientdesk.domain.firm_settings import DEFAULTS, SETTINGS
from clientdesk.domain.fold import fold
from clientdesk.domain.patch import Value as Held
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.named_tuple import NamedTuple
from clientdesk.store import own_fields
from clientdesk.store.engines import Change, Engine, Statement
from clientdesk.store.engines.peewee_text import Prepared, slot
from clientdesk.store.models import ClientModel, ClientTypeModel, FirmModel, MemberSettingModel, TeamMemberModel


class FirmRow(NamedTuple):
    """The firm's row, with its settings by name, and its primary admin's name."""

    version: int
    primary_admin_id: int
    primary_admin: str
    offered_to_id: int | None
    settings: Mapping[str, Held]


_ADMIN, _MEMBER = TeamMemberModel.alias("a"), TeamMemberModel.alias("m")
_BEFORE_SETTINGS = len(FirmRow._fields) - 1
_OF_THE_FIRM = _BEFORE_SETTINGS + len(SETTINGS)


@cache
def _asking(begins: str) -> Prepared:
    """The firm as `answered` takes it, with the name of its primary admin and the member of an account."""
    of, columns = FirmModel, FirmModel._meta.columns
    settings = [columns[setting.name] for setting in SETTINGS]
    change = [slot(name) for name in Change._fields]
    begun = Case(None, [(_MEMBER.active == 1, getattr(fn, begins)(*change) if begins else Value(None))])
    own = own_fields.state()
    selected = (of.version, of.primary_admin, _ADMIN.name, of.offered_to, *settings, *_of_member(Value(0)), own, begun)
    query = of.select(*selected).join(_ADMIN, on=(_ADMIN.id == of.primary_admin))
    return Prepared(query.join(_MEMBER, JOIN.LEFT_OUTER, on=(_MEMBER.login == slot("login"))))


def asked(login: str, begins: str = "", change: Change | None = None) -> Statement:
    """Asks for the firm and the team member who works in it with this account, while a function of the server `begins`
    a change set for an active one ("" for none); see `answered`."""
    return _asking(begins)(login=login, **(change._asdict() if change is not None else {}))


def answered(engine: Engine, rows: Sequence[Any]) -> tuple[FirmRow, Member | None, int | None, str]:
    """The firm, the member (None for nobody), the number of the change set that was begun, and the state of the firm's
    own fields (see `own_fields.state`). Raises FirmUnusable ("no_firm_row")."""
    if not rows:
        raise FirmUnusable(problem("no_firm_row", path=engine.location))
    row = rows[0]
    settings = {setting.name: value for setting, value in zip(SETTINGS, row[_BEFORE_SETTINGS:], strict=False)}
    member = None if row[_OF_THE_FIRM] is None else _member(row[_OF_THE_FIRM:-2])
    version, admin_id, admin, offered_to_id = row[:_BEFORE_SETTINGS]
    return FirmRow(version, admin_id, admin, offered_to_id, settings), member, row[-1], row[-2]


def firm(engine: Engine) -> FirmRow:
    """The firm. Raises FirmUnusable ("no_firm_row")."""
    return answered(engine, engine.together(asked(""))[0])[0]


def insert_firm(engine: Engine, name: str, primary_admin_id: int) -> None:
    """Writes the firm's row, once, with its settings as a new firm has them and an identity by chance that no other firm
    has."""
    settings = {**DEFAULTS, "name": name}
    query = FirmModel.insert(id=1, **settings, primary_admin=primary_admin_id, uid=os.urandom(8).hex())
    query.execute(engine.db)
    from clientdesk.store import history  # only making a firm needs it

    history.wrote(engine, "firm", 1)


def _of_member(clients: Any) -> tuple[Any, ...]:
    """The columns of a member as `_member` takes them; `clients` is what counts those that they lead."""
    access = Case(None, [(_MEMBER.id == FirmModel.primary_admin, "primary_admin")], _MEMBER.access)
    return _MEMBER.id, _MEMBER.version, _MEMBER.name, _MEMBER.email, _MEMBER.login, access, _MEMBER.active, clients


def _led() -> Any:
    """How many active clients the member leads."""
    client, status = ClientModel, ClientModel._meta.columns["status"]
    return client.select(fn.COUNT(client.id)).where(client.lead_ref == _MEMBER.id, status == "active")


def _member_query(clients: Any) -> "ModelSelect[Any]":
    return _MEMBER.select(*_of_member(clients)).join(FirmModel, on=(FirmModel.id == 1))


def members(engine: Engine) -> list[Member]:
    """All team members by name, and how many active clients each leads."""
    query = _member_query(_led()).order_by(_MEMBER.active.desc(), _MEMBER.name_key)
    return [_member(row) for row in engine.execute(query).fetchall()]


def member(engine: Engine, member_id: int) -> Member | None:
    """The team member with this id, and how many active clients they lead."""
    return _one_member(engine, _MEMBER.id == member_id, _led())


def member_by_login(engine: Engine, login: str) -> Member | None:
    """The team member who works with this account (their clients are not counted)."""
    return _one_member(engine, _MEMBER.login == login, Value(0))


def member_by_name(engine: Engine, name: str) -> Member | None:
    """The team member of this name (case and accents do not matter; their clients are not counted)."""
    return _one_member(engine, _MEMBER.name_key == fold(name), Value(0))


def _one_member(engine: Engine, condition: Any, clients: Any) -> Member | None:
    row = engine.execute(_member_query(clients).where(condition)).fetchone()
    return _member(row) if row else None


def _member(row: Sequence[Any]) -> Member:
    return Member(*row)._replace(access=Access(row[5]), active=bool(row[6]))


def leads_by_id(engine: Engine) -> dict[int, str]:
    """The names that may stand as lead accountant, sorted, by id: active members, and inactive ones who still lead
    clients."""
    leads = fn.EXISTS(ClientModel.select(ClientModel.id).where(ClientModel.lead_ref == _MEMBER.id))
    query = _MEMBER.select(_MEMBER.id, _MEMBER.name).where((_MEMBER.active == 1) | leads).order_by(_MEMBER.name_key)
    return dict(engine.execute(query).fetchall())


def clients_led(engine: Engine, member_id: int) -> int:
    """How many clients a member leads, inactive ones too."""
    return int(ClientModel.select().where(ClientModel.lead_ref == member_id).count(engine.db))


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


def types(engine: Engine) -> list[ClientType]:
    """All client types by name, and how many clients are of each."""
    kind, client = ClientTypeModel, ClientModel
    clients = client.select(fn.COUNT(client.id)).where(client.client_type_ref == kind.id)
    query = kind.select(kind.id, kind.version, kind.name, clients).order_by(kind.name_key)
    return [ClientType(*row) for row in engine.execute(query).fetchall()]


def type_names(engine: Engine) -> list[str]:
    """The names of the client types, sorted."""
    query = ClientTypeModel.select(ClientTypeModel.name).order_by(ClientTypeModel.name_key)
    return [row[0] for row in engine.execute(query).fetchall()]


def setting(engine: Engine, member_id: int, name: str) -> str | None:
    """What a member keeps under a name (JSON)."""
    settings = MemberSettingModel
    row = engine.execute(
        settings.select(settings.value).where(settings.member == member_id, settings.name == name)
    ).fetchone()
    return str(row[0]) if row else None


def save_setting(engine: Engine, member_id: int, name: str, value: str) -> None:
    """Keeps something for a member under a name (JSON)."""
    engine.keep_setting(member_id, name, value)
