"""What a person used last, by ids: the commands of the palette, and of each firm the clients that were opened.

It is kept beside the own settings, in the folder for state, and is no loss: what cannot be read counts as nothing, and
what cannot be written is not.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from clientdesk.folders import recent_path
from clientdesk.state_files import alone, read_json, write_json

KEPT = 20
"""So many commands are kept, and so many clients of a firm."""
_FIRMS = 50
"""Of so many firms, those that were used last."""


class _Used(NamedTuple):
    """The latest first: ids of commands, and by the firms' uids those of clients."""

    commands: Sequence[str] = ()
    clients: Mapping[str, Sequence[int]] = {}


def recent_commands() -> Sequence[str]:
    """The ids of the commands that were used last, the latest first."""
    return _read().commands


def recent_clients(firm_uid: str) -> Sequence[int]:
    """The ids of the firm's clients that were opened last, the latest first; some may be gone."""
    return _read().clients.get(firm_uid, ())


def note_command(command_id: str) -> None:
    """Keeps that a command was used now."""

    def with_it(used: _Used) -> _Used:
        return used._replace(commands=[command_id, *(name for name in used.commands if name != command_id)][:KEPT])

    _keep(with_it)


def note_client(firm_uid: str, client_id: int) -> None:
    """Keeps that a client was opened now."""

    def with_it(used: _Used) -> _Used:
        others = [other for other in used.clients.get(firm_uid, ()) if other != client_id]
        firms = {firm_uid: [client_id, *others][:KEPT]} | {
            uid: ids for uid, ids in used.clients.items() if uid != firm_uid
        }
        return used._replace(clients=dict(list(firms.items())[:_FIRMS]))

    _keep(with_it)


def _keep(change: Callable[[_Used], _Used]) -> None:
    with suppress(OSError), alone(recent_path()):
        used = change(_read())
        write_json(recent_path(), {"commands": [*used.commands], "clients": dict(used.clients)})


def _read() -> _Used:
    try:
        content = read_json(recent_path())
    except (OSError, ValueError, RecursionError):
        return _Used()
    match content:
        case {"commands": list(commands), "clients": dict(firms)}:
            names = [name for name in commands if isinstance(name, str)]
            return _Used(names, {uid: _ids(kept) for uid, kept in firms.items()})
    return _Used()


def _ids(kept: object) -> Sequence[int]:
    """What the file keeps of a firm, without what is no id that a database can have."""
    return [number for number in kept if type(number) is int and 0 < number < 2**63] if isinstance(kept, list) else ()
