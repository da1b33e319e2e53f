"""When clients were changed last, as the history says it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from peewee import Value, fn

from clientdesk.domain.filters import Op
from clientdesk.store.engines import Engine
from clientdesk.store.engines.peewee_text import among
from clientdesk.store.history_models import ChangeSetModel, HistoryModel
from clientdesk.store.models import ClientModel

_ID = ClientModel._meta.columns["id"]
_NEVER = "9999"
"""Behind all moments of the history."""


def condition(engine: Engine, op: Op, days: Sequence[str]) -> Any:
    """That a client was changed last on, before or after a day (YYYY-MM-DD) by the clock of this computer, or between two
    days. A client was always changed once."""
    if op in (Op.EMPTY, Op.FILLED):
        return Value(1) == (1 if op is Op.FILLED else 0)
    if op is Op.BEFORE:
        return ~_changed_since(engine, _begin(days[0]))
    if op is Op.AFTER:
        return _changed_since(engine, _begin(days[0], 1))
    if op is Op.BETWEEN:
        return _changed_since(engine, _begin(days[0])) & ~_changed_since(engine, _begin(days[1], 1))
    on_one = reduce(or_, (condition(engine, Op.BETWEEN, (day, day)) for day in days if day), Value(1) == 0)
    return ~on_one if op is Op.IS_NOT else on_one


def _changed_since(engine: Engine, moment: str) -> Any:
    entry, of = HistoryModel.alias(), ChangeSetModel.alias()
    changed = entry.select(engine.number_in(entry.key)).join(of, on=(of.id == entry.change_set))
    return _ID.in_(changed.where(entry.entity == "client", of.at >= moment))


def _begin(day: str, later: int = 0) -> str:
    """When a day begins, or one so many days `later`, as the history writes moments."""
    try:
        begin = datetime.fromisoformat(day) + timedelta(later)
        return begin.astimezone(UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError):
        return _NEVER


def entries(engine: Engine) -> dict[int, int]:
    """The number of the latest entry of each client in the history, by the client's id."""
    entry = HistoryModel
    latest = entry.select(entry.key, fn.MAX(entry.id)).where(entry.entity == "client").group_by(entry.key)
    return {int(key): number for key, number in engine.execute(latest).fetchall() if key.isdigit()}


def latest(engine: Engine, most: int, after: Sequence[str] = ()) -> list[int]:
    """The ids of the clients of which the latest `most` entries of the history are, the latest first; of those who were
    changed last after all these days (YYYY-MM-DD)."""
    entry, of = HistoryModel.alias(), ChangeSetModel.alias()
    since = max((_begin(day, 1) for day in after), default="")
    latest_first = (
        entry.select(entry.key).where(engine.aside(entry.entity == "client")).order_by(entry.id.desc()).limit(most)
    )
    if since:
        latest_first = latest_first.join(of, on=(of.id == entry.change_set)).where(of.at >= since)
    keys = dict.fromkeys(key for (key,) in engine.execute(latest_first).fetchall())
    return [int(key) for key in keys if key.isdigit()]


def days(engine: Engine, client_ids: Sequence[int]) -> dict[int, str]:
    """The day (YYYY-MM-DD) by the clock of this computer on which each of some clients was changed last, by the client's
    id."""
    entry, of = HistoryModel.alias(), ChangeSetModel.alias()
    keys = among([str(client_id) for client_id in client_ids])
    latest = entry.select(fn.MAX(entry.id)).where(entry.entity == "client", entry.key.in_(keys)).group_by(entry.key)
    told = HistoryModel.select(HistoryModel.key, of.at).join(of, on=(of.id == HistoryModel.change_set))
    moments = engine.execute(told.where(HistoryModel.id.in_(latest))).fetchall()
    return {int(key): datetime.fromisoformat(at).astimezone().date().isoformat() for key, at in moments}


def key() -> Any:
    """The same of a client, as an expression that a few are sorted by."""
    entry = HistoryModel.alias()
    latest = entry.select(fn.MAX(entry.id)).where(entry.entity == "client", entry.key == _ID.cast("text"))
    return fn.COALESCE(latest, 0)
