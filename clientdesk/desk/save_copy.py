"""A copy of the open firm in a file of its own, and going on in it where the firm's own file is another one by now."""

import errno
import os

from clientdesk import temporary
from clientdesk.desk.checking import check_firm
from clientdesk.desk.session import Session, reads
from clientdesk.domain.access import Action
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store.engines import places

_OF_THE_PLACE = ("permissions", "place")
"""What `check` says of where a file lies, not of what is in it."""


@reads
def save_copy(session: Session, path: str) -> None:
    """Copies the firm as it is to the file `path`, where nothing may stand: whole, or not at all.

    Raises Refused ("not_allowed") and FirmUnusable ("firm_exists", "copy_unsound" where another file was copied over
    the open one and what is left of it does not hold together, "copy_of_server" and others).
    """
    session.demand(Action.COPY_FIRM)
    places.look_before_making(path)
    try:
        with temporary.folder(os.path.dirname(os.path.abspath(path))) as folder:
            copy = os.path.join(folder, "firm.db")
            _back_up(session, copy)
            temporary.give_name(copy, path)
    except OSError as error:
        raise FirmUnusable(problem(_code(error), path=path)) from error


def go_on_in(session: Session, location: str) -> None:
    """Works in the firm at `location` from now on, a copy of the one that was open. Raises like opening it."""
    engine = places.open_engine(location)
    before = session.engine, session.location
    session.engine, session.location = engine, engine.location
    try:
        with engine.errors():
            session.refresh()
    except BaseException:  # whatever ends it, the session works where it did
        session.engine, session.location = before
        engine.close()
        raise
    before[0].close()


def _back_up(session: Session, copy: str) -> None:
    """Writes the copy. Of a file that was overwritten in place only what is in its -wal is what it was: then the copy
    counts only if everything in it fits together."""
    try:
        with session.engine.errors():
            session.engine.back_up(copy)
        overwritten = _is_overwritten(session)
    except FirmUnusable as refusal:
        if refusal.code in ("damaged", "not_a_firm", "firm_overwritten"):
            raise FirmUnusable(problem("copy_unsound", path=session.location)) from refusal
        raise
    if overwritten:
        engine = places.open_engine(copy)
        try:
            findings = check_firm(Session(engine, session.login))
        finally:
            engine.close()
        if not all(finding.sound for finding in findings if finding.name not in _OF_THE_PLACE):
            raise FirmUnusable(problem("copy_unsound", path=session.location))


def _is_overwritten(session: Session) -> bool:
    try:
        session.engine.news()
    except FirmUnusable as refusal:
        return refusal.code == "firm_overwritten"
    return False


def _code(error: OSError) -> str:
    if isinstance(error, FileExistsError):
        return "firm_exists"
    return "disk_full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "read_only"
