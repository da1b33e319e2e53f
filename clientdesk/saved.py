"""Whether this run of the program has saved anything: asked when it fails afterwards, as its exit code must say so."""

from collections.abc import Iterator
from contextlib import contextmanager

anything = False
"""Whether something that was asked for is in its place: a write was committed, a firm or a file got its name. False again
where a new run begins."""


@contextmanager
def apart() -> Iterator[None]:
    """What is saved inside does not count: it only goes with something else, or is not in its place yet."""
    global anything
    before = anything
    try:
        yield
    finally:
        anything = before
