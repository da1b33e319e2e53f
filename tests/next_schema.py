"""A clientdesk of the next schema, which only tests know: what upgrades must be able to do."""

import shutil
from pathlib import Path

import pytest

from clientdesk.store.engines import postgres_making, sqlite, versions

NEXT = versions.SCHEMA_VERSION + 1
NICKNAME = """
def up(migrator, db):
    db.execute_sql("ALTER TABLE client ADD COLUMN nickname text {collation} NOT NULL DEFAULT ''")
"""


def next_script(folder: str) -> str:
    """The name of the script behind those of a folder."""
    numbers = [int(path.name[:4]) for path in Path(folder).glob("[0-9]*.py")]
    return f"{max(numbers) + 1:04}_next.py"


def become_next(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str = NICKNAME) -> None:
    """From now on the program is of the next schema, with one more `script` on each engine."""
    for module, name, collation in ((sqlite, "sqlite", ""), (postgres_making, "postgres", 'COLLATE \\"C\\"')):
        shutil.copytree(module.MIGRATIONS, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / name / next_script(module.MIGRATIONS)).write_text(script.replace("{collation}", collation))
        monkeypatch.setattr(module, "MIGRATIONS", str(folder / name))
    monkeypatch.setattr(versions, "SCHEMA_VERSION", NEXT)
