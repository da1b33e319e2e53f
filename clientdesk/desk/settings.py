"""The firm's settings, its client types, and the columns each member has chosen."""

import json
from collections.abc import Mapping, Sequence

from clientdesk.desk import patches
from clientdesk.desk.firm_rules import FIRM_KEY
from clientdesk.desk.meanwhile import Since, since
from clientdesk.desk.records import ClientType, Column, FirmInfo, SavedFirm
from clientdesk.desk.session import Session, changes, keeping, reads
from clientdesk.domain.access import Action
from clientdesk.domain.fields import BY_NAME as FIELDS
from clientdesk.domain.fields import FIRST_COLUMNS
from clientdesk.domain.firm_settings import BY_NAME
from clientdesk.domain.patch import Outcome, Patch, Value, Verdict
from clientdesk.domain.problems import Problem, Refused, problem, refuse
from clientdesk.store import firm as rows
from clientdesk.text import N_

NARROWEST, WIDEST = 3, 120
"""The width of a column, in cells."""
_TOLD = 60
"""So many characters are told of what cannot be read."""


@reads
def info(session: Session) -> FirmInfo:
    """The firm's settings as they stand now."""
    session.refresh()
    return session.firm


def save(session: Session, firm: FirmInfo, changes: Mapping[str, str]) -> FirmInfo:
    """Changes settings of the firm. See `save_settings`."""
    return save_settings(session, firm, changes).firm


@changes("firm.settings", None)
def save_settings(session: Session, firm: FirmInfo, changes: Mapping[str, str]) -> SavedFirm:
    """Changes settings of the firm as they were read, each to what a person writes for it (see `Setting.read`).

    What somebody else changed meanwhile in other settings stays as they have it. Refused where they changed one of the
    same ("stale"), and where your access does not allow it for one of them ("not_allowed").
    """
    after: dict[str, Value] = {}
    for name, value in changes.items():
        if name not in BY_NAME:
            raise refuse("unknown_setting", value=name, choices=", ".join(BY_NAME))
        session.demand(BY_NAME[name].action)
        after[name] = BY_NAME[name].read(value)
    patch = Patch("firm", FIRM_KEY, firm.settings, after)
    outcome = patches.landed(patches.apply_one(session, patch, version=firm.version))
    session.refresh()
    return SavedFirm(session.firm, outcome.fields, outcome.by, outcome.verdict is Verdict.WRITTEN)


@reads
def changed_since(session: Session, firm: FirmInfo, name: str) -> Since:
    """What somebody did to a setting since the firm was read."""
    return since(session, "firm", FIRM_KEY, {name: firm.settings[name]}) or Since()  # there is always a firm


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


def first_columns() -> tuple[Column, ...]:
    """The columns of a list that nobody has customized."""
    return tuple(Column(name, FIELDS[name].width) for name in FIRST_COLUMNS)


@reads
def columns(session: Session) -> tuple[Column, ...]:
    """Your columns of the client list, in their order."""
    return _read_columns(_kept_columns(session))[0]


@reads
def columns_as_kept(session: Session) -> tuple[tuple[Column, ...], Problem | None]:
    """Your columns as `columns` gives them, and what to tell you where not all that was saved can be read."""
    return _read_columns(_kept_columns(session))


def _kept_columns(session: Session) -> str | None:
    return rows.setting(session.engine, session.me.id, "columns")


def _read_columns(kept: str | None) -> tuple[tuple[Column, ...], Problem | None]:
    try:
        found = [Column(str(name), int(width)) for name, width in json.loads(kept or "[]")]
        unread = kept is not None and not found
    except (ValueError, TypeError, OverflowError, RecursionError):
        found, unread = [], True
    known = tuple(Column(each.field, min(max(each.width, NARROWEST), WIDEST)) for each in found if each.field in FIELDS)
    if unread or len(known) < len(found):
        told = problem("columns_unread", "columns", value=str(kept)[:_TOLD])
        return known or first_columns(), told
    return known or first_columns(), None


def save_columns(session: Session, columns: Sequence[Column]) -> None:
    """Keeps your columns of the client list. It is a matter of taste: anyone may, and no history is kept.

    What was kept before and cannot be read is kept beside, for a build of the program that can.
    """
    if not columns:
        raise refuse("required", "columns", label=N_("A column"))
    with keeping(session):
        before = _kept_columns(session)
        if _read_columns(before)[1] is not None:
            rows.save_setting(session.engine, session.me.id, "columns.unread", json.dumps(before))
        value = json.dumps([[each.field, each.width] for each in columns])
        rows.save_setting(session.engine, session.me.id, "columns", value)
