"""What SQLite's index of a -wal (-shm) says: how many frames are committed, and how many are moved into the file.

SQLite keeps its locks on that file: a process that closes any descriptor of it gives them up. So whoever looks holds it
open until the connection is closed.
"""

import os
import sys
from typing import NamedTuple

_SIZE = 136
"""So many bytes at the beginning hold two copies of the header and, behind them, what is known of checkpoints."""
_HEADER = 48


class Progress(NamedTuple):
    """The -wal's present use (`salts`), its frames that are `committed`, and how many of them are `moved` into the file."""

    salts: bytes
    committed: int
    moved: int

    @property
    def is_complete(self) -> bool:
        """Whether everything that is committed stands in the file, too."""
        return 0 < self.committed == self.moved


class Index:
    """The -shm at `path`, held open from the first look on until `close`."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptors: list[int] = []

    def progress(self) -> Progress | None:
        """What it says now; None where there is none, it cannot be read, or it is just being written."""
        try:
            content = os.pread(self._descriptor(), _SIZE, 0)
        except OSError:
            return None
        header, again = content[:_HEADER], content[_HEADER : 2 * _HEADER]
        if len(content) < _SIZE or header != again or not header[12]:
            return None
        committed, moved = (int.from_bytes(content[at : at + 4], sys.byteorder) for at in (16, 96))
        return Progress(header[32:40], committed, moved)

    def _descriptor(self) -> int:
        about = os.stat(self._path)
        if self._descriptors:
            held = os.fstat(self._descriptors[-1])
            if (held.st_dev, held.st_ino) == (about.st_dev, about.st_ino):
                return self._descriptors[-1]
        self._descriptors.append(os.open(self._path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC))
        return self._descriptors[-1]

    def close(self) -> None:
        """Lets it go: after the connection is closed."""
        while self._descriptors:
            os.close(self._descriptors.pop())
