"""Firms in files that tests copy: making one takes ten times as long as copying it."""

import shutil
from collections.abc import Callable
from pathlib import Path

Make = Callable[[str], object]
"""Makes a firm at a path and closes it."""


class Originals:
    """Each firm is made when the first test wants it, in a folder of the whole run, and copied for every test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[object, Path] = {}

    def copy(self, key: object, make: Make, path: Path | str) -> str:
        """Puts a copy of the firm that `make` makes (once for each `key`) at `path`; the path as text."""
        if key not in self._made:
            original = self._folder / f"original {len(self._made)}.db"
            make(str(original))
            self._made[key] = original
        return str(shutil.copy(self._made[key], path))
