"""How long something may take, on a machine of whatever speed and with whatever else goes on there."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

_PASSES = 1_000_000
_USUAL = 0.03
"""So many seconds of the processor `_PASSES` take on the machine that the bounds in the tests were found on."""


@cache
def slowness() -> float:
    """How many times slower than that machine this one is; never less than 1."""
    begun = time.process_time()
    sum(number & 7 for number in range(_PASSES))
    return max((time.process_time() - begun) / _USUAL, 1.0)


@contextmanager
def at_once(seconds: float = 1.0) -> Iterator[None]:
    """What is done inside needs no more than `seconds` of the processor (on a slow machine so much longer)."""
    allowed = seconds * slowness()
    begun = time.process_time()
    yield
    used = time.process_time() - begun
    if used >= allowed:  # others may have come since, with whom the processor's memory is shared
        slowness.cache_clear()
        allowed = max(allowed, seconds * slowness())
    assert used < allowed, f"{used:.2f} s of the processor, {allowed:.2f} s are allowed"
