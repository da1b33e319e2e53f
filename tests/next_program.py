"""A clientdesk of the next schema: a copy of the program with one declaration more, and one script on each engine.

Nothing else of it is touched, and it runs in processes of its own: what a field, a setting or an entity needs besides
its declaration and its script is seen by that.
"""

import os
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import clientdesk
from clientdesk.store.engines.versions import SCHEMA_VERSION
from tests import programs
from tests.next_schema import next_script

ANCHORS = {
    "domain/fields.py": "FIELDS: tuple[Field, ...] = (\n",
    "domain/firm_settings.py": "SETTINGS: tuple[Setting, ...] = (\n",
    "store/firm_entities.py": "FIRM_ENTITIES: tuple[Entity, ...] = (\n",
}
"""By module of the program the line behind which a declaration more is written."""
TEXT = {"sqlite": "TEXT", "postgres": 'text COLLATE "C"'}
NUMBER = {"sqlite": "INTEGER", "postgres": "bigint"}
"""The columns' types of the engines, for {text} and {number} in the script."""
_SOURCE = Path(clientdesk.__file__).parent


class Done(NamedTuple):
    """What a run of the program gave."""

    code: int
    out: str
    err: str


class NextProgram:
    """The copy in a folder, with `declared` entries by module (see ANCHORS), what these have to import, and the
    statements of a `script`."""

    def __init__(self, folder: Path, declared: Mapping[str, str], script: str, imports: str = "") -> None:
        self._folder = folder
        package = folder / "clientdesk"
        shutil.copytree(_SOURCE, package)
        if (styles := _SOURCE.parent / "styles").is_dir():
            (folder / "styles").symlink_to(styles)
        for module, entry in declared.items():
            _changed(package / module, ANCHORS[module], f"{imports}\n{ANCHORS[module]}    {entry},\n")
        versions = package / "store" / "engines" / "versions.py"
        _changed(versions, f"SCHEMA_VERSION = {SCHEMA_VERSION}\n", f"SCHEMA_VERSION = {SCHEMA_VERSION + 1}\n")
        for engine in ("sqlite", "postgres"):
            statements = script.format(text=TEXT[engine], number=NUMBER[engine])
            lines = [f"    db.execute_sql({part.strip()!r})" for part in re.split(r";\s*", statements) if part.strip()]
            up = "\n".join(["def up(migrator, db):", *lines, ""])
            scripts = package / "store" / "engines" / f"{engine}_schema"
            (scripts / next_script(str(scripts))).write_text(up)

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which Python runs the copy."""
        path = f"{self._folder}{os.pathsep}{programs.ROOT}"  # the tests', behind the copy
        return {**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1", "COLUMNS": "200"}

    def run(self, *arguments: str, typed: str = "") -> Done:
        """Runs the copy as a command."""
        return self._run("-m", "clientdesk", *arguments, typed=typed)

    def python(self, program: str, *arguments: str) -> Done:
        """Runs a Python program over the copy."""
        return self._run("-c", program, *arguments)

    def _run(self, *arguments: str, typed: str = "") -> Done:
        command = [sys.executable, *arguments]
        ended = programs.run(
            command, env=self.environment, input=typed, capture_output=True, text=True, check=False, cwd=self._folder
        )
        return Done(ended.returncode, ended.stdout, ended.stderr)


def _changed(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
    path.write_text(text.replace(old, new))
