"""The firm's database: models, migrations, the engines, queries."""

import sys
from types import ModuleType
from typing import Any

_DRIVERS = ("psycopg2", "psycopg2cffi", "psycopg", "pymysql", "MySQLdb")


class _ImportedLater(ModuleType):
    """Stands for a module that is imported when something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        from importlib import import_module

        return getattr(import_module(self.__name__), name)


def _import_peewee_alone() -> None:
    """Peewee imports whatever database driver is installed, which takes longer than all the rest of it: a firm in a file
    needs none, and the engine of a server imports its own (`engines/postgres_driver.py`). hashlib loads a library of
    its own, and Peewee asks it for nothing but short names of long constraints."""
    hidden: dict[str, ModuleType | None] = dict.fromkeys(_DRIVERS)  # None: there is no such module
    hidden["hashlib"] = _ImportedLater("hashlib")
    hidden = {name: module for name, module in hidden.items() if name not in sys.modules}
    sys.modules.update(hidden)  # type: ignore[arg-type]
    try:
        import peewee  # noqa: F401
    finally:
        for name in hidden:
            del sys.modules[name]


_import_peewee_alone()
