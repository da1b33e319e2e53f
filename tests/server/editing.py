"""A process that edits the same few clients as others do at the same time: read, write, and once more when stale.

    python -m tests.server.editing LOCATION LOGIN EDITS [unguarded]

With "unguarded" it is the deliberately wrong build: it writes whatever version the row has by now.
"""

import random
import sys
from typing import Any

from clientdesk.desk import clients, opening, patches
from clientdesk.desk.records import Stale
from clientdesk.desk.session import Session
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.patch import Outcome, Patch
from clientdesk.domain.problems import FirmUnusable


def edit_blindly() -> None:
    """Takes the guard out: nobody compares what was read with what stands there."""
    apply_one = patches.apply_one

    def blindly(session: Session, patch: Patch, *more: Any, **others: Any) -> Outcome:
        return apply_one(session, patch._replace(before={}), *more, **others)

    patches.apply_one = blindly


def main(location: str, login: str, edits: int) -> None:
    """Makes the edits; each counts the one before in the notes, and leaves its mark there."""
    chance = random.Random(login)
    stale = 0
    with opening.open_firm(location, login) as session:
        ids = [row.id for row in clients.window(session, ClientQuery(), (), 0, 100)]
        print("ready", flush=True)
        sys.stdin.readline()
        for number in range(edits):
            mark, client_id = f"{login}.{number}", chance.choice(ids)
            client = clients.get(session, client_id)
            while True:
                before = int((client.values["notes"] or "0").split()[0])
                changes = {"notes": f"{before + 1} {mark}", "phone": f"600 {number:06}"}
                try:
                    clients.edit(session, client, changes)
                    break
                except Stale as other:
                    stale += 1
                    client = other.theirs
                except FirmUnusable as refusal:
                    if refusal.code != "locked":  # on a busy machine somebody may wait too long for the others
                        raise
    print(stale, flush=True)


if __name__ == "__main__":
    if "unguarded" in sys.argv[4:]:
        edit_blindly()
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
