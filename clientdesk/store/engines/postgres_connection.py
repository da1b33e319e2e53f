"""The connection to a firm's server: made, found lost, made again; what it tells, and how a statement is stopped."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

import psycopg
from peewee import PeeweeException, PostgresqlDatabase

from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.log_file import log
from clientdesk.server_passwords import secrets_for
from clientdesk.store.engines import Interrupted, postgres_errors, postgres_server_kind, postgres_silence, versions
from clientdesk.store.engines.peewee_text import Wording
from clientdesk.store.engines.postgres_change_sets import CHANNEL
from clientdesk.store.engines.postgres_driver import ServerDatabase

BACK_OFF = 1.0  # seconds between two attempts to connect again
_ASK_EVERY = 10.0  # seconds after which a connection on which nothing is wanted is asked whether it is there

# A network that swallows packets is noticed after some seconds, a lock or a slow statement ends in a sentence.
CONNECTION = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 12_000,
    "application_name": "clientdesk",
    "client_encoding": "utf8",
}
# What a search finds is sorted in memory: with the server's usual 4 MB 175,000 clients go to the disk.
SETTINGS = f"""
SET search_path = clientdesk, public;
SET lock_timeout = '5s';
SET statement_timeout = '{{statement}}';
SET idle_in_transaction_session_timeout = '60s';
SET timezone = 'UTC';
SET work_mem = '32MB';
LISTEN {CHANNEL};
"""
PATIENCE, LONG = "30s", "30min"
SHOW_IMPORT = "pg_advisory_lock_shared(%s)"
"""Shows that an import is at work, as long as the connection stands."""


class ServerConnection:
    """One connection to the database of a firm, which is renewed when it was lost."""

    def __init__(self, location: str) -> None:
        self.location = location
        self.login: str | None = None
        self.database = ""
        self.schema = 0
        self.open_to_all: list[str] = []
        """What every login of the server may do with the firm's database, by the name of the privilege."""
        self._usable = False
        self._pid = 0
        self._lost = False
        self._not_before = 0.0
        self._asked_at = 0.0
        self.imports: set[int] = set()
        """The imports that are at work here."""
        self._interrupted = False
        self._cancelling: threading.Thread | None = None
        self._changed = False
        self._raw: psycopg.Connection[Any] | None = None
        self.db: PostgresqlDatabase = ServerDatabase(
            location.replace("postgres://", "postgresql://", 1),
            autoconnect=False,
            thread_safe=False,
            **{**_connection_settings(location), **secrets_for(location)},
        )
        self.db.context_class = Wording

    def connect(self, patience: str = PATIENCE) -> None:
        """Connects, and learns who the server says you are and what stands there."""
        try:
            self.db.connect()
        except (PeeweeException, psycopg.Error) as error:
            refusal = postgres_errors.while_connecting(error, self.location)
            if not self._not_before:  # of many attempts in a row the log has the first
                log().error("%s: %s", self.location, refusal.code, exc_info=error)
            raise refusal from None
        self._raw = cast("psycopg.Connection[Any]", self.db.connection())
        self._asked_at = time.monotonic()
        self._raw.add_notify_handler(self._notified)
        postgres_silence.watch(self._raw)
        with self.errors():
            greeting = postgres_server_kind.greet(self._raw, self.location, self._another)
            self._raw.execute(SETTINGS.format(statement=patience))
            for at_work in self.imports:
                self._raw.execute(f"SELECT {SHOW_IMPORT}", (at_work,))
        self._pid, self.login, self.database = greeting.pid, greeting.login, greeting.database
        self._usable, self.open_to_all = greeting.usable, greeting.open_to_all
        number = greeting.comment.rpartition(" ")[2]
        self.schema = int(number) if number.isdigit() else 0

    def _another(self) -> "psycopg.Connection[Any]":
        """A second connection to the same place, for a moment."""
        try:
            return psycopg.connect(self.db.database, autocommit=True, **self.db.connect_params)
        except psycopg.Error as error:
            raise postgres_errors.while_connecting(error, self.location) from None

    @property
    def address(self) -> str:
        """Host and port of the server, as they were named; "" where it is reached without a network."""
        if self._raw is None or self._raw.info.host.startswith(("/", "@")):
            return ""
        return f"{self._raw.info.host}:{self._raw.info.port}"

    def look_inside(self) -> None:
        """Refuses where no firm of this version stands that the login may see."""
        if not self.schema:
            raise FirmUnusable(problem("no_firm_on_server", place=self.location))
        versions.check(self.schema, self.location)
        if self.schema < versions.SCHEMA_VERSION:
            raise FirmUnusable(problem("older_schema", place=self.location))
        if not self._usable:
            raise FirmUnusable(problem("no_rights", place=self.location, login=self.login))

    def renew(self) -> None:
        """See Engine: not more often than once a second, so that whoever waits is not kept waiting."""
        if not self._is_lost() or self.inside:
            return
        began = time.monotonic()
        if began < self._not_before:
            raise self._away()
        self._forget()
        try:
            self.connect()
            self.look_inside()
        except FirmUnusable as refusal:
            self._forget()
            self._not_before = time.monotonic() + max(BACK_OFF, time.monotonic() - began)
            if refusal.code in (*postgres_errors.RETRIED, "server_away"):
                raise self._away() from refusal
            raise
        self._lost, self._not_before = False, 0.0
        self.heard()

    def _forget(self) -> None:
        self._lost = True
        raw, self._raw = self._raw, None
        if raw is not None:
            with suppress(psycopg.Error):
                raw.close()
        self.db.dispose()

    def _is_lost(self) -> bool:
        return self._lost or self._raw is None or self._raw.closed

    def _away(self) -> FirmUnusable:
        return FirmUnusable(problem("server_away", place=self.location))

    def close(self) -> None:
        """See Engine."""
        self._forget()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """See Engine."""
        try:
            yield
        except (PeeweeException, psycopg.Error) as error:
            cause = postgres_errors.found_in(error)
            state = cause.sqlstate if cause is not None else None
            if state == "57014" and self._interrupted:
                raise Interrupted from None
            if postgres_errors.is_lost(state) or self._is_lost():
                log().error("%s: the connection was lost", self.location, exc_info=error)
                self._lost = True
                raise self._away() from error
            refusal = postgres_errors.while_working(cause, self.location) if cause is not None else None
            if refusal is None:
                raise
            log().error("%s: %s (%s)", self.location, refusal.code, state, exc_info=error)
            raise refusal from error

    @property
    def inside(self) -> bool:
        """See Engine."""
        return bool(self.db.in_transaction())

    # --- what others do

    def heard(self) -> None:
        """Others have changed something, or may have."""
        self._changed = True

    def _notified(self, notice: Any) -> None:
        if notice.pid != self._pid:
            self.heard()

    def _listen(self) -> None:
        """Takes in what the server has told without being asked, which needs no answer from it."""
        if self._raw is None:
            return
        pgconn = self._raw.pgconn
        pgconn.consume_input()
        while (notice := pgconn.notifies()) is not None:
            if notice.be_pid != self._pid:
                self.heard()

    def news(self) -> bool:
        """See Engine."""
        try:
            with self.errors():
                if self._lost:
                    raise self._away()
                self._listen()
                if self._raw is not None and not self.inside and time.monotonic() - self._asked_at > _ASK_EVERY:
                    self._raw.execute("SELECT 1")  # who only listens would not notice that nobody is there any more
                    self._asked_at = time.monotonic()
        except FirmUnusable as lost:
            if lost.code != "server_away":
                raise
            self.renew()
        changed, self._changed = self._changed, False
        return changed

    # --- interrupting

    def interrupt(self) -> None:
        """See Engine: the server is asked by a thread of its own, as that takes a connection."""
        self._interrupted = True
        raw = self._raw
        if raw is None or self._cancelling is not None:
            return

        def cancel() -> None:
            with suppress(psycopg.Error, OSError):
                raw.cancel_safe(timeout=5)

        self._cancelling = threading.Thread(target=cancel, name="clientdesk-cancel", daemon=True)
        self._cancelling.start()

    def resume(self) -> None:
        """See Engine: not before the server has been asked, so that it stops nothing that comes after."""
        cancelling, self._cancelling = self._cancelling, None
        if cancelling is not None:
            cancelling.join()
        self._interrupted = False


def _connection_settings(location: str) -> dict[str, Any]:
    """The settings of the connection that the URL leaves open."""
    place, _, query = location.partition("?")
    chosen = {part.partition("=")[0] for part in query.split("&")}
    several = {"target_session_attrs": "primary"} if "," in place else {}  # of servers and replicas the one that writes
    return {name: value for name, value in {**CONNECTION, **several}.items() if name not in chosen}
