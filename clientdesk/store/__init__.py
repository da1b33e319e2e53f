"""The firm's database: models, migrations, the engines, queries."""

import sys

_DRIVERS = ("psycopg2", "psycopg2cffi", "psycopg", "pymysql", "MySQLdb")


def _import_peewee_alone() -> None:
    """Peewee imports whatever database driver is installed, which takes longer than all the rest of it: a firm in a file
    needs none, and the engine of a server imports its own (`engines/postgres_driver.py`)."""
    hidden = [name for name in _DRIVERS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: there is no such module
    try:
        import peewee  # noqa: F401
    finally:
        for name in hidden:
            del sys.modules[name]


_import_peewee_alone()
