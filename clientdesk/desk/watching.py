"""What others do to the firm while it is open, and whether its server is there."""

from typing import NamedTuple

from clientdesk.desk.session import Session, reads, settled


class News(NamedTuple):
    """What happened since the last look.

    `changed`: someone else has changed the firm, or may have. `settled`: what became of a write whose end was not known
    when the connection was lost, "saved" or "not_saved"; "" where there was none.
    """

    changed: bool
    settled: str = ""


def news(session: Session) -> News:
    """Asks what happened, which is quick; where the connection was lost, tries once to connect again.

    Raises FirmUnusable, with `away` as long as the server does not answer.
    """
    engine, became = session.engine, ""
    with engine.errors():
        if session.doubt:
            became = "saved" if settled(session) else "not_saved"
        changed = engine.news()
    if changed:
        _look_at_own_fields(session)
    return News(changed or bool(became), became)


@reads
def _look_at_own_fields(session: Session) -> None:
    session.look_at_own_fields()
