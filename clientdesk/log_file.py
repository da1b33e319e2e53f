"""The program's log: a file that only its owner reads."""

import os
import stat
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from clientdesk.folders import APP, user_folder

if TYPE_CHECKING:
    import logging
    from io import TextIOWrapper


def log_path() -> str:
    """The log file: CLIENTDESK_LOG, else clientdesk.log in the user's folder for logs."""
    return os.environ.get("CLIENTDESK_LOG") or os.path.join(user_folder("log"), "clientdesk.log")


_OLDER_LOGS = 2
"""So many files of what was logged before are kept, as `….1` and `….2`."""


@cache
def log() -> "logging.Logger":
    """The program's log, of mode 0600: tracebacks go there, never to the screen. It is made when first written to, and
    where it cannot be written nothing is said about it."""
    import logging
    from logging.handlers import RotatingFileHandler

    class OwnFile(RotatingFileHandler):
        """A log that only its owner reads, also one that was made before."""

        failed = False

        def emit(self, record: logging.LogRecord) -> None:
            self.failed = False
            super().emit(record)

        def _open(self) -> "TextIOWrapper":
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe never answers
            descriptor = os.open(self.baseFilename, flags, 0o600)
            about = os.fstat(descriptor)
            if stat.S_ISREG(about.st_mode) and about.st_uid == os.geteuid():
                os.fchmod(descriptor, 0o600)
                for number in range(1, _OLDER_LOGS + 1):
                    with suppress(OSError):
                        os.chmod(f"{self.baseFilename}.{number}", 0o600)
            return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")

        def handleError(self, record: logging.LogRecord) -> None:
            self.failed = True  # a full disk, say: what was to be told is told to the person anyway

    logger = logging.getLogger(APP)
    logger.propagate = False
    logging.raiseExceptions = False  # nor may a library's log print a traceback
    try:
        path = log_path()
        os.makedirs(os.path.dirname(path) or ".", mode=0o700, exist_ok=True)
        handler: logging.Handler = OwnFile(path, maxBytes=1_000_000, backupCount=_OLDER_LOGS, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    except (OSError, ValueError):  # there is no such place, or it is none at all
        handler = logging.NullHandler()
    logger.addHandler(handler)
    return logger


def log_failed() -> bool:
    """Whether what was last written to the log is not in it."""
    return all(getattr(handler, "failed", True) for handler in log().handlers)
