"""The firm's settings, its client types, and the columns each member has chosen."""

import json
from collections.abc import Mapping, Sequence

from clientdesk.desk.records import ClientType, Column, FirmInfo
from clientdesk.desk.session import Session, changes, keeping, reads
from clientdesk.domain.access import Action
from clientdesk.domain.bounds import limit
from clientdesk.domain.fields import BY_NAME, FIRST_COLUMNS
from clientdesk.domain.fold import fold
from clientdesk.domain.problems import Problem, problem, refuse
from clientdesk.domain.rules import tidy
from clientdesk.store import firm, history
from clientdesk.text import N_

NARROWEST, WIDEST = 3, 120
"""The width of a column, in cells."""
_TOLD = 60
"""So many characters are told of what cannot be read."""
FIELDS = ("name", "client_notice", "upload_limit")
"""The settings that `save` changes."""


@reads
def info(session: Session) -> FirmInfo:
    """The firm's settings as they stand now."""
    session.refresh()
    return session.firm


@changes("firm.settings", Action.MANAGE_FIRM)
def save(session: Session, version: int, changes: Mapping[str, str]) -> FirmInfo:
    """Changes the firm's name, from how many clients on the notice shows (client_notice, "" for never), and
    whether uploads of client numbers keep to QuickBooks' limit (upload_limit, "yes" or "no")."""
    if session.firm.version != version:
        raise refuse("stale", name=session.firm.name)
    columns: dict[str, object] = {}
    for name, value in changes.items():
        if name == "name":
            columns[name] = _name(value, N_("The firm's name"), limit("firm", "name"))
        elif name == "client_notice":
            columns[name] = _notice(value)
        elif name == "upload_limit":
            columns[name] = _yes(value)
        else:
            raise refuse("unknown_field", value=name, choices=", ".join(FIELDS))
    session.landed(firm.update_firm(session.engine, version, columns), session.firm.name)
    session.refresh()
    return session.firm


def _notice(text: str) -> int | None:
    digits = "".join(text.replace(",", "").replace(".", "").split())
    if digits in ("", "0"):
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        raise refuse("not_a_number", "client_notice", label=N_("The notice"), value=text)
    return int(digits)


def _yes(text: str) -> int:
    """1 for yes, 0 for no."""
    answer = text.strip().casefold()
    if answer not in ("yes", "no"):
        raise refuse("not_yes_or_no", "upload_limit", label=N_("The upload limit"), value=text)
    return int(answer == "yes")


def _name(text: str, label: str, longest: int) -> str:
    name = tidy(BY_NAME["display_name"], text)
    if not name:
        raise refuse("required", "name", label=label)
    if len(name) > longest:
        raise refuse("too_long", "name", label=label, value=name, length=len(name), limit=longest)
    return name


def _type(session: Session, type_id: int) -> ClientType:
    for row in firm.types(session.engine):
        if row.id == type_id:
            return ClientType(*row)
    raise refuse("type_gone", name=history.name_of(session.engine, "client_type", str(type_id)) or f"#{type_id}")


def _free_type_name(session: Session, text: str, own: str = "") -> str:
    name = _name(text, N_("The client type's name"), limit("client_type", "name"))
    for other in firm.type_names(session.engine):
        if fold(other) == fold(name) and other != own:
            raise refuse("type_taken", "name", name=other)
    return name


@changes("type.added", Action.MANAGE_FIRM)
def add_type(session: Session, name: str) -> ClientType:
    """Adds a client type."""
    return _type(session, firm.insert_type(session.engine, _free_type_name(session, name)))


@changes("type.renamed", Action.MANAGE_FIRM)
def rename_type(session: Session, type_id: int, version: int, name: str) -> ClientType:
    """Renames a client type as read at `version`; the clients of the type keep it."""
    present = _type(session, type_id)
    if present.version != version:
        raise refuse("stale", name=present.name)
    free = _free_type_name(session, name, present.name)
    if free != present.name:
        session.landed(firm.update_type(session.engine, type_id, version, free), present.name)
    return _type(session, type_id)


@changes("type.removed", Action.MANAGE_FIRM)
def remove_type(session: Session, type_id: int) -> None:
    """Removes a client type. Refused while clients are of it."""
    present = _type(session, type_id)
    if present.clients:
        raise refuse("type_in_use", name=present.name, count=present.clients)
    session.landed(firm.delete_type(session.engine, type_id), present.name)


def first_columns() -> tuple[Column, ...]:
    """The columns of a list that nobody has customized."""
    return tuple(Column(name, BY_NAME[name].width) for name in FIRST_COLUMNS)


@reads
def columns(session: Session) -> tuple[Column, ...]:
    """Your columns of the client list, in their order."""
    return _read_columns(_kept_columns(session))[0]


@reads
def columns_as_kept(session: Session) -> tuple[tuple[Column, ...], Problem | None]:
    """Your columns as `columns` gives them, and what to tell you where not all that was saved can be read."""
    return _read_columns(_kept_columns(session))


def _kept_columns(session: Session) -> str | None:
    return firm.setting(session.engine, session.me.id, "columns")


def _read_columns(kept: str | None) -> tuple[tuple[Column, ...], Problem | None]:
    try:
        found = [Column(str(name), int(width)) for name, width in json.loads(kept or "[]")]
        unread = kept is not None and not found
    except (ValueError, TypeError, OverflowError, RecursionError):
        found, unread = [], True
    known = tuple(
        Column(each.field, min(max(each.width, NARROWEST), WIDEST)) for each in found if each.field in BY_NAME
    )
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
            firm.save_setting(session.engine, session.me.id, "columns.unread", json.dumps(before))
        value = json.dumps([[each.field, each.width] for each in columns])
        firm.save_setting(session.engine, session.me.id, "columns", value)
