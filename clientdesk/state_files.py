"""The files in which the program remembers something by itself: JSON, read with care, written whole or not at all."""

import fcntl
import json
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PATIENCE = 2.0
"""So many seconds another program is waited for that writes such a file."""
LARGEST = 4_000_000
"""So many bytes a file may have: far more than all the firms of a person fill."""


def read_json(path: str) -> object:
    """What a file says. Raises OSError, and ValueError or RecursionError for what is no regular file, too large or no
    JSON."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe would be waited for
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode) or about.st_size > LARGEST:
            raise ValueError
        with open(descriptor, "rb", closefd=False) as file:
            content: object = json.loads(file.read(LARGEST))
        return content
    finally:
        os.close(descriptor)


@contextmanager
def alone(path: str) -> Iterator[None]:
    """No other program writes into the file's folder meanwhile, so that none takes another's back; the folder is made.
    Raises OSError."""
    folder = os.path.dirname(path)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    until = time.monotonic() + PATIENCE
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise
                time.sleep(0.01)
                continue
            except OSError:
                pass  # a disk that knows no locks
            break
        yield
    finally:
        os.close(descriptor)


def write_json(path: str, content: object) -> None:
    """Writes a file, for its owner alone, whole or not at all. Raises OSError."""
    partial = f"{path}.{os.getpid()}"
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
        os.replace(partial, path)
    except OSError:
        with suppress(OSError):
            os.remove(partial)
        raise
