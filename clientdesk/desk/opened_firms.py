"""The firms that you have opened, the latest first, remembered beside your own settings: a client that is missing in one
may be in another."""

import os
from contextlib import suppress

from clientdesk.desk.opening import account_login
from clientdesk.desk.session import Session
from clientdesk.folders import opened_path
from clientdesk.state_files import alone, read_json, write_json
from clientdesk.store.engines import places

_MOST = 30
"""So many firms are remembered."""


def remember(location: str) -> None:
    """Remembers that a firm was opened. Where that cannot be kept it is not: the firm is open all the same."""
    if not places.is_server(location):
        location = os.path.realpath(location)
    if remembered()[:1] == [location]:
        return
    with suppress(OSError, ValueError), alone(opened_path()):
        write_json(opened_path(), list(dict.fromkeys([location, *remembered()]))[:_MOST])


def remembered() -> list[str]:
    """The places of the firms that were opened, the latest first; whatever the program has not written is left out."""
    try:
        content = read_json(opened_path())
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
    except BaseException:  # whatever ends it, no connection stays open
        engine.close()
        raise
