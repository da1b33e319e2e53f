"""Saves that are killed, at any moment: what was said to be saved is there, and besides it at most the next save, whole.

CLIENTDESK_KILLS says how often on each engine (1).
"""

import os
from collections.abc import Iterator, Sequence
from itertools import islice

import pytest

from clientdesk.desk import checking, opening
from tests import kills
from tests.exchange.firms import await_end_of_connections
from tests.store.both import on_server

pytestmark = pytest.mark.long("kills")

KILLS = kills.kills()
SAVING = """
import itertools, sys
from clientdesk.desk import clients, opening
print("begin", flush=True)
for place in itertools.islice(itertools.count(), int(sys.argv[3])):
    with opening.open_firm(sys.argv[1], "ana") as session:
        for part in range(2):
            name = f"{sys.argv[2]} {place} {part}"
            client = clients.add(session, {"display_name": name})
            print(name, flush=True)
            name += " edited"
            clients.edit(session, client, {"display_name": name})
            print(name, flush=True)
"""
"""Adds a client and edits it, twice each time that it opens the firm; it says each name that is saved."""
FOREVER = str(10**9)


def saves(run: str) -> Iterator[str]:
    """What a run says, in its order."""
    place = 0
    while True:
        for part in range(2):
            yield f"{run} {place} {part}"
            yield f"{run} {place} {part} edited"
        place += 1


def standing(said: Sequence[str]) -> set[str]:
    """The names of the clients behind these saves."""
    return set(said) - {name.removesuffix(" edited") for name in said if name.endswith(" edited")}


def check(location: str, run: str, said: Sequence[str]) -> None:
    """Looks at all that must hold in a firm in which a run was killed that had said this."""
    await_end_of_connections(location)
    with opening.open_firm(location, "ana") as session:
        assert [finding.sentence for finding in checking.check_firm(session) if not finding.sound] == []
        rows = session.engine.sql("SELECT display_name FROM client").fetchall()
    present = {name for (name,) in rows if name.startswith(f"{run} ")}
    expected = list(islice(saves(run), len(said) + 1))
    assert list(said) == expected[:-1]
    assert present in (standing(said), standing(expected)), "all that was said, and at most the next one"


def test_killing_a_program_that_saves(location: str) -> None:
    whole = kills.run(SAVING, location, "first", "3").seconds
    check(location, "first", list(islice(saves("first"), 12)))
    acknowledged = 0
    for number, moment in enumerate(kills.Moments(KILLS, whole)):
        ended = kills.run(SAVING, location, str(number), FOREVER, kill_after=moment)
        check(location, str(number), ended.said)
        acknowledged += len(ended.said)
    print(f"{acknowledged} saves were reported before {KILLS} kills; none had ended before the kill")
    if not on_server(location):
        assert not [name for name in os.listdir(os.path.dirname(location)) if "aside" in name]


def test_a_build_that_reports_before_it_commits_is_found_out(location: str) -> None:
    wrong = f"SAID = None\n{kills.TOO_SOON}{SAVING}"
    ended = kills.killed_at("wrong 0 0", wrong, location, "wrong", FOREVER)
    with pytest.raises(AssertionError, match="all that was said"):
        check(location, "wrong", ended.said)
