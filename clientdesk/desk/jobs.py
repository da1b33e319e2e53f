"""What is done in batches, each one transaction, so that others get their turn: an import, an undo of many rows."""

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from clientdesk import saved
from clientdesk.desk.session import Session, keeping

B = TypeVar("B")
_OBJECTS_BETWEEN_LOOKS = 50_000
"""So many objects are made before Python looks for circles, where many rows come and go."""
BREATH = 0.005
"""So many seconds pass between two batches, in which others can write to the firm."""

Progress = Callable[[int, int], None]
"""Is told how many rows are done, of how many."""
Stopped = Callable[[], bool]
"""Whether the person wants no more of it."""


class Stop(Exception):
    """The person has stopped it: the running transaction rolls back."""


def never() -> bool:
    """Nobody wants to stop."""
    return False


def silent(_done: int, _rows: int) -> None:
    """Nobody is told."""


def go_on(stopped: Stopped) -> None:
    """Raises Stop where the person wants no more."""
    if stopped():
        raise Stop


def paced(batches: Iterable[B]) -> Iterator[B]:
    """The batches, with a pause between two of them."""
    for place, batch in enumerate(batches):
        if place:
            time.sleep(BREATH)
        yield batch


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Python looks seldom for objects that refer to each other in a circle: rows make none, and to look through them
    again and again takes a tenth of an import."""
    often = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, *often[1:])
    try:
        yield
    finally:
        gc.set_threshold(*often)


def new_job(session: Session) -> int:
    """The number of a new job, which its change sets carry."""
    with saved.apart(), keeping(session):
        return session.engine.next_ids("job", 1).start
