"""Where the firms of tests are: in memory where there is plenty, since nobody will miss them and a disk makes each change
of each of them wait. A person's own TMPDIR counts.
"""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

_MEMORY, _ROOM = "/dev/shm", 4 << 30
"""At most half of the room is needed: by three runs of which one is for what takes long."""


def in_memory() -> str | None:
    """A folder in memory; None where there is no such place, or little room."""
    with contextlib.suppress(OSError):
        if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
            return _MEMORY
    return None


def use() -> None:
    """From now on temporary files of this process, and of those that it starts, are in memory where there is room."""
    memory = in_memory()
    if memory is None or "TMPDIR" in os.environ:
        return
    folder = Path(memory, f"clientdesk-tests-{os.getuid()}")
    folder.mkdir(exist_ok=True)
    folder.chmod(0o1777)  # as any place of that kind: programs that run as somebody else have temporary files, too
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None  # what Python has found out before
