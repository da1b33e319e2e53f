"""A server that says nothing: is it busy, or is it gone?

TCP notices by itself when packets get lost. It does not notice a server that stands still, or something on the way that
takes all packets and passes nothing on. So whoever waits for an answer asks from time to time, on a connection of its
own, whether there is still somebody who answers.
"""

import socket
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg

RV = TypeVar("RV")

SILENCE = 5.0  # seconds without an answer after which is asked whether anybody is there
ANSWER = 3.0  # seconds in which the server must say that it is
_GREETING = (8).to_bytes(4, "big") + (80_877_103).to_bytes(4, "big")
"""SSLRequest, which every server answers with one byte before it wants to know anything."""


def watch(connection: "psycopg.Connection[Any]") -> None:
    """Lets every wait on the connection end with OperationalError, and close it, once the server answers nobody."""
    wait = connection.wait

    def watched_wait(generator: Generator[Any, Any, RV], *arguments: Any, **options: Any) -> RV:
        return wait(_watched(generator, connection), *arguments, **options)

    vars(connection)["wait"] = watched_wait


@contextmanager
def within(connection: "psycopg.Connection[Any]", seconds: float) -> Iterator[None]:
    """Closes the connection and raises TimeoutError where what is asked meanwhile has no answer within some seconds.

    A pooler that has no session free keeps one waiting, and answers all the same when asked whether it is there.
    """
    before = vars(connection).pop("wait", None)
    wait, until = connection.wait if before is None else before, time.monotonic() + seconds

    def bounded(generator: Generator[Any, Any, RV]) -> Generator[Any, Any, RV]:
        try:
            waited_for = next(generator)
            while True:
                ready = yield waited_for
                if not ready and time.monotonic() > until:
                    connection.close()
                    raise TimeoutError
                waited_for = generator.send(ready)
        except StopIteration as end:
            result: RV = end.value
            return result

    vars(connection)["wait"] = lambda generator, *arguments, **options: wait(bounded(generator), *arguments, **options)
    try:
        yield
    finally:
        del vars(connection)["wait"]
        if before is not None:
            vars(connection)["wait"] = before


def _watched(
    generator: Generator[Any, Any, RV],
    connection: "psycopg.Connection[Any]",
    clock: Callable[[], float] = time.monotonic,
) -> Generator[Any, Any, RV]:
    """Passes on what the driver waits for; it is told several times a second that nothing has come."""
    try:
        waited_for = next(generator)
        heard = clock()
        while True:
            ready = yield waited_for
            if ready:
                heard = clock()
            elif clock() - heard > SILENCE:
                if not answers(connection):
                    connection.close()
                    raise psycopg.OperationalError("the server does not answer any more")
                heard = clock()
            waited_for = generator.send(ready)
    except StopIteration as end:
        result: RV = end.value
        return result


def answers(connection: "psycopg.Connection[Any]") -> bool:
    """Whether somebody answers where the connection leads to."""
    info = connection.info
    try:
        if info.host.startswith(("/", "@")):
            asking = socket.socket(socket.AF_UNIX)
            asking.settimeout(ANSWER)
            asking.connect(f"{info.host}/.s.PGSQL.{info.port}")
        else:
            asking = socket.create_connection((info.hostaddr or info.host, info.port), ANSWER)
        with asking:
            asking.sendall(_GREETING)
            return bool(asking.recv(1))
    except OSError:
        return False
