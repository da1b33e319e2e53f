"""Peewee's database on a server, with psycopg as its driver."""

from typing import Any

import psycopg
from peewee import PostgresqlDatabase, Psycopg3Adapter
from psycopg.pq import TransactionStatus


class PsycopgAdapter(Psycopg3Adapter):
    """Peewee's adapter, where Peewee has not imported psycopg itself (see `clientdesk.store`)."""

    txn_idle = TransactionStatus.IDLE
    txn_inerror = TransactionStatus.INERROR
    txn_unknown = TransactionStatus.UNKNOWN

    def check_driver(self) -> None:
        """It is there: this module has imported it."""

    def get_binary_type(self) -> Any:
        """What holds bytes in a statement."""
        return psycopg.Binary

    def connect(self, db: PostgresqlDatabase, **parameters: Any) -> "psycopg.Connection[Any]":
        """A new connection; the database's name is a URL."""
        return psycopg.connect(db.database, **parameters)


class ServerDatabase(PostgresqlDatabase):
    """A database that knows no other driver."""

    psycopg2_adapter = psycopg3_adapter = PsycopgAdapter
