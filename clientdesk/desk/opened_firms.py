"""The firms that you have opened, the latest first, remembered beside your own settings: a client that is missing in one
may be in another."""

import json
import os
import stat
from contextlib import suppress

from clientdesk.desk.opening import account_login
from clientdesk.desk.session import Session
from clientdesk.folders import opened_path
from clientdesk.store.engines import places

_MOST = 30
"""So many firms are remembered."""
_LARGEST = 1_000_000
"""So many bytes the file may have."""


def remember(location: str) -> None:
    """Remembers that a firm was opened. Where that cannot be kept it is not: the firm is open all the same."""
    if not places.is_server(location):
        location = os.path.realpath(location)
    firms = remembered()
    if firms[:1] == [location]:
        return
    firms = [location, *(other for other in firms if other != location)][:_MOST]
    path = opened_path()
    partial = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(firms, file, indent=1)
        os.replace(partial, path)
    except (OSError, ValueError):
        with suppress(OSError):
            os.remove(partial)


def remembered() -> list[str]:
    """The places of the firms that were opened, the latest first; whatever the program has not written is left out."""
    try:
        descriptor = os.open(opened_path(), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a pipe would be waited for
        with open(descriptor, "rb") as file:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode) or about.st_size > _LARGEST:
                return []
            content = json.loads(file.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return []
    return [place for place in content if isinstance(place, str) and place] if isinstance(content, list) else []


def others(session: Session) -> list[str]:
    """The places of the other firms that were opened; files that are gone are left out."""
    return [
        place
        for place in remembered()
        if not places.is_same_firm(place, session.location) and (places.is_server(place) or os.path.isfile(place))
    ]


def open_to_read(session: Session, location: str) -> Session:
    """Another firm for the same account, to be read only. Raises FirmUnusable, and Refused where you are not in its
    team."""
    engine = places.open_to_read(location)
    try:
        with engine.errors():
            # Who a server knows you as says nothing about a file.
            login = session.login if session.engine.login is None else account_login()
            return Session(engine, login)
    except BaseException:
        engine.close()
        raise
