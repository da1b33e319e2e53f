"""A firm taken along: all of it from a file to a server, from a server to a file, or to another file.

The firm is read as it was at one moment. The copy is written in one transaction, read again whole, and compared with
what was read, before it stands under its name. Whatever stops it, nothing stands there. What counts ids is right in the
copy, also where it is not in the firm. Logins may be others in the copy, as a file knows accounts of the operating
system, and a server its own logins; the history keeps what it said, and tells of the change.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from clientdesk import saved
from clientdesk.desk.opening import account_login
from clientdesk.desk.session import Session
from clientdesk.domain.access import Action
from clientdesk.domain.problems import Problem, problem, refuse
from clientdesk.domain.rules import tidy_name
from clientdesk.store import copying, firm
from clientdesk.store.engines import Engine, places
from clientdesk.text import N_, is_control, shows_nothing

COPYING, BUILDING, COMPARING = N_("Copying"), N_("Building the indexes"), N_("Comparing")
Progress = Callable[[int, int, str], None]
"""Hears how much is done, of how much, and what is being done (one of the words above)."""
Logins = Mapping[str, str]
"""The login in the copy of each member who has another one there, by the login in the firm."""
_SAME_LOGINS: Logins = MappingProxyType({})
_LONGEST = 200
_ROW = 5
"""To write a row, or to read it again, takes about as long as to put so many into an index."""


class CopiedTable(NamedTuple):
    """A table that is the same in both: its rows and the SHA-256 over them (each a line of JSON, by primary key)."""

    name: str
    rows: int
    sha256: str


class Copied(NamedTuple):
    """A firm that was copied.

    `sql` gives the logins of the active team their rights on the copy's server; "" where it is a file. `warnings` say
    what the person should know before they work in it.
    """

    firm: str
    clients: int
    tables: tuple[CopiedTable, ...]
    sql: str
    warnings: tuple[Problem, ...] = ()


def login_map(pairs: Sequence[str]) -> Logins:
    """What texts such as "OLD=NEW" say. Raises Refused ("bad_login_map") for what can be no login."""
    logins: dict[str, str] = {}
    for pair in pairs:
        old, equals, typed = pair.partition("=")
        if not old or not equals:
            raise _bad_map(pair, N_("write the login in the firm, =, and the one in the copy."))
        if any(is_control(character) for character in typed):
            raise _bad_map(pair, N_("the new login has a control character."))
        new = tidy_name(typed)
        if shows_nothing(new):
            raise _bad_map(pair, N_("the new login is empty."))
        if len(new) > _LONGEST:
            raise _bad_map(pair, N_("the new login has more than 200 characters."))
        if logins.setdefault(old, new) != new:
            raise _bad_map(pair, N_("the old login is named twice, with different new ones."))
    return logins


def copy_firm(session: Session, to: str, progress: Progress | None = None, logins: Logins = _SAME_LOGINS) -> Copied:
    """Copies the firm to the location `to`, where nothing may stand. `progress` hears all along how far it is.

    Raises Refused ("not_allowed"; "bad_login_map" where `logins` do not fit the team; "copy_differs" if the copy is
    not the same) and FirmUnusable.
    """
    session.demand(Action.COPY_FIRM)
    target = places.create_engine(to)
    try:
        telling = _Telling(progress or _nobody)
        sums = _load(session, target, telling, logins)
        tables = _compare(session, target, sums, telling)
        sql, warnings = _handed_over(session, target)
        with target.errors():
            target.publish()
    except BaseException:  # whatever ends it, half a firm does not stay
        target.discard()
        raise
    saved.anything = True
    clients = next(table.rows for table in tables if table.name == "client")
    return Copied(session.firm.name, clients, tables, sql, warnings)


def _nobody(_done: int, _total: int, _doing: str) -> None:
    """Nobody listens."""


def _bad_map(pair: str, hint: str) -> Exception:
    return refuse("bad_login_map", "login", pair=pair, hint=hint)


def _check_logins(source: Engine, logins: Logins) -> None:
    """Each old login is a member's, and no two members have the same afterwards."""
    if not logins:
        return
    team = {member.login for member in firm.members(source)}
    for old, new in logins.items():
        if old not in team:
            raise _bad_map(f"{old}={new}", N_("nobody in the team has the old login."))
        if any(logins.get(login, login) == new for login in team if login != old):
            raise _bad_map(f"{old}={new}", N_("another team member has the new login."))


class _Telling:
    """Tells how far a copy is: the rows that were written, each index that each is in, and the rows that were compared."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done = self._total = 0

    def begin(self, total: int) -> None:
        """So much is to be done in all."""
        self._total = total

    def add(self, done: int, doing: str) -> None:
        """So much more is done."""
        self._done += done
        self._progress(self._done, self._total, doing)


def _load(session: Session, target: Engine, telling: _Telling, logins: Logins) -> dict[str, copying.Sum]:
    """Writes all tables; what was read of each, with what the copy's history tells of other logins."""
    source = session.engine
    sums: dict[str, copying.Summing] = {}
    # What a copy does at its end takes a while: until then the firm is not read any more.
    with target.errors(), target.loading() as loading:
        with source.errors(), source.reading():
            _check_logins(source, logins)
            counts = {table.name: copying.count(source, table) for table in copying.tables()}
            counters = copying.counters(source)
            counts[copying.COUNTERS] = len(counters)
            telling.begin(2 * _ROW * sum(counts.values()) + sum(counts[name] for name in loading.indexes))
            for table in copying.tables():
                sums[table.name] = summing = copying.Summing()
                for page in [counters] if table.name == copying.COUNTERS else copying.pages(source, table):
                    rows = copying.with_logins(table, page, logins)
                    summing.add(rows)
                    copying.write(target, table, rows)
                    telling.add(_ROW * len(rows), COPYING)
                if summing.total().rows != counts[table.name]:
                    raise _differs(session, table, counts[table.name], summing.total().rows)
        if any(old != new for old, new in logins.items()):
            for name, told_rows in copying.tell_logins(target, session.me.id, logins).items():
                sums[name].add(told_rows)
        for indexed in copying.build(target, loading, counts):
            telling.add(indexed, BUILDING)
    return {name: summing.total() for name, summing in sums.items()}


def _compare(
    session: Session, target: Engine, sums: dict[str, copying.Sum], telling: _Telling
) -> tuple[CopiedTable, ...]:
    """Reads the copy and compares it, table by table, with what was read of the firm."""
    compared = []
    for table in copying.tables():
        summing = copying.Summing()
        for rows in copying.pages(target, table):
            summing.add(rows)
            telling.add(_ROW * len(rows), COMPARING)
        total = summing.total()
        if total != sums[table.name]:
            raise _differs(session, table, sums[table.name].rows, total.rows)
        compared.append(CopiedTable(table.name, *total))
    return tuple(compared)


def _differs(session: Session, table: copying.Table, rows: int, rows_in_copy: int) -> Exception:
    return refuse("copy_differs", path=session.location, table=table.name, rows=rows, other=rows_in_copy)


def _handed_over(session: Session, target: Engine) -> tuple[str, tuple[Problem, ...]]:
    """The SQL for the team's logins, and whether whoever made a copy that is a file can open it."""
    with target.errors():
        team = [member for member in firm.members(target) if member.active]
    sql = "\n".join(filter(None, (target.grant_sql(member.login, member.access) for member in team)))
    if target.login is None and account_login() not in {member.login for member in team}:
        return sql, (problem("copy_of_others", login=account_login(), firm=session.firm.name),)
    return sql, ()
