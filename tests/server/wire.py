"""A line to a server that a test can cut, silence, or make lose just the COMMIT or the answer to it."""

import contextlib
import socket
import threading

COMMIT = b"COMMIT\x00"
_PATIENCE = 60
"""Seconds in which a server answers, or the test fails by what it looks for."""


class Wire:
    """Passes bytes on between who connects to `port` and a server.

    `on_commit` says what becomes of the next COMMIT: "" it is passed on; "lost" it never reaches the server and the line
    is cut; "held" the same, but the server is not told that the line is cut until `let_go`; "late" it reaches the server
    with `let_go` only, while the line is cut at once; "answer lost" the server commits and the line is cut then.
    """

    def __init__(self, port: int) -> None:
        self._server = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.on_commit = ""
        self.passes = 0
        """So many COMMITs are passed on before the one that is cut off."""
        self.stays_away = False
        """After a COMMIT that was cut off, nobody is let in until `back`."""
        self.silent = False
        """Whether everything is swallowed, in both directions, and the line stays open."""
        self.turned_away = 0
        """So many were not let in."""
        self._away = False
        self._open: list[socket.socket] = []
        self._kept: list[tuple[socket.socket, bytes]] = []
        self._answered: dict[socket.socket, threading.Event] = {}
        """By its socket, whether a server has answered somebody who does not hear it any more."""
        self._closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                if self._away:
                    client.close()
                    self.turned_away += 1
                    continue
                server = socket.create_connection(("127.0.0.1", self._server))
                self._open += [client, server]
                self._answered[server] = threading.Event()
                for source, target, asks in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._pass_on, args=(source, target, asks), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, asks: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if self.silent:
                    continue
                if asks and COMMIT in data and self.on_commit and self._is_the_one():
                    self._cut_off(source, target, data)
                    return
                target.sendall(data)
        if not asks:
            self._answered[source].set()
        if not self.silent and all(kept is not target for kept, _data in self._kept):
            _close(source, target)

    def _is_the_one(self) -> bool:
        self.passes -= 1
        return self.passes < 0

    def _cut_off(self, client: socket.socket, server: socket.socket, data: bytes) -> None:
        what, self.on_commit = self.on_commit, ""
        self._away = self.stays_away
        if what == "answer lost":
            _close_reading(client)  # nothing comes back any more
            server.sendall(data)
            self._answered[server].wait(_PATIENCE)
        elif what in ("late", "held"):
            self._kept.append((server, data if what == "late" else b""))
            _close(client)
            return
        _close(client, server)

    def let_go(self) -> None:
        """Lets the COMMIT that was late arrive, and tells the server that the line is cut."""
        kept, self._kept = self._kept, []
        for server, data in kept:
            if data:
                server.sendall(data)
                self._answered[server].wait(_PATIENCE)
            _close(server)

    def back(self) -> None:
        """The line is there again."""
        self._away = self.silent = False

    def close(self) -> None:
        """Ends everything."""
        self.let_go()
        _close(self._listener, *self._open)


def _close_reading(client: socket.socket) -> None:
    """Cuts the client's side off at once."""
    with contextlib.suppress(OSError):
        client.shutdown(socket.SHUT_RDWR)


def _close(*sockets: socket.socket) -> None:
    for each in sockets:
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
