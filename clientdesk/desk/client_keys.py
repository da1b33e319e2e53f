"""Clients that a person names by what they have at hand: a client number, a Company ID or a name."""

from collections.abc import Sequence
from typing import NamedTuple

from clientdesk.desk import clients
from clientdesk.desk.session import Session, reads
from clientdesk.domain.problems import Problem, problem
from clientdesk.store import clients as rows
from clientdesk.text import strip_controls


class WrongKey(NamedTuple):
    """A key that is not one client's: its line, the key, and why."""

    line: int
    key: str
    problem: Problem


class Named(NamedTuple):
    """The clients that are named, each once, in the order of the keys; and the keys that are wrong."""

    client_ids: list[int]
    wrong: list[WrongKey]


def named(session: Session, lines: Sequence[tuple[int, str]]) -> Named:
    """The clients with these keys, each with its line: a client number or a Company ID counts before a name."""
    client_ids: dict[int, None] = {}
    wrong: list[WrongKey] = []
    answers = clients.of_keys(session, [key for _line, key in lines])
    unknown = {key for (_line, key), answer in zip(lines, answers, strict=True) if _is_unknown(answer)}
    by_name = _of_names(session, sorted(unknown))
    for (line, key), answer in zip(lines, answers, strict=True):
        if isinstance(answer, Problem):
            bearers = by_name.get(key, [])
            if _is_unknown(answer) and len(bearers) == 1:
                client_ids[bearers[0]] = None
            elif not _is_unknown(answer):
                wrong.append(WrongKey(line, key, answer))
            elif bearers:
                wrong.append(WrongKey(line, key, problem("name_of_several", key=key, count=len(bearers))))
            else:
                wrong.append(WrongKey(line, key, problem("key_unknown", key=key)))
        else:
            client_ids[answer[0]] = None
    return Named(list(client_ids), wrong)


def _is_unknown(answer: tuple[int, str] | Problem) -> bool:
    return isinstance(answer, Problem) and answer.code == "unknown_client"


@reads
def _of_names(session: Session, names: Sequence[str]) -> dict[str, list[int]]:
    """The clients of each name, without case and accents."""
    return rows.of_names(session.engine, {name: strip_controls(name) for name in names})
