"""Whether this run of the program has saved anything: asked when it fails afterwards, as its exit code must say so."""

from collections.abc import Iterator
from contextlib import contextmanager

_anything = False


def note() -> None:
    """Something that was asked for is in its place: a write was committed, a firm or a file got its name."""
    global _anything
    _anything = True


def anything() -> bool:
    """Whether anything was saved since the last `forget`."""
    return _anything


def forget() -> None:
    """A new run begins."""
    global _anything
    _anything = False


@contextmanager
def apart() -> Iterator[None]:
    """What is saved inside does not count: it only goes with something else, or is not in its place yet."""
    global _anything
    before = _anything
    try:
        yield
    finally:
        _anything = before
