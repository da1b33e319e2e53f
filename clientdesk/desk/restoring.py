"""Putting a backup back: into the place of a firm's file, or where none stands."""

import json
from typing import NamedTuple

from clientdesk import saved
from clientdesk.desk.opening import account_login
from clientdesk.domain.problems import FirmUnusable, problem
from clientdesk.store import firm, history, listing, transfers
from clientdesk.store.engines import places


class Restored(NamedTuple):
    """A backup that was put back: the firm in it, how many clients it has, and where what stood there is kept ("" where
    nothing did). `left` and `taken` are number and seal of the latest change set there before, and in the backup; (0,
    "") where there was none."""

    firm: str
    clients: int
    kept: str
    left: tuple[int, str]
    taken: tuple[int, str]


def restore_firm(backup: str, to: str, login: str | None = None, other_firm: bool = False) -> Restored:
    """Puts the firm in the file `backup` to `to`, where a firm's file may stand that nobody has open: it is kept.
    It is the same firm, or any with `other_firm`.

    The history says who has done it (you, by default; the primary admin where the firm does not know you), and which
    change sets were the latest before and after. Raises FirmUnusable; nothing is changed then.
    """
    login = login or account_login()
    with places.restoring(backup, to) as job:
        engine = job.engine
        with engine.errors(), engine.writing():
            row = firm.firm(engine)
            if job.firm_there is not None and job.firm_there[0] != transfers.uid(engine) and not other_firm:
                raise FirmUnusable(
                    problem("restore_other_firm", path=to, firm=row.settings["name"], there=job.firm_there[1])
                )
            member = firm.member_by_login(engine, login)
            is_active = member is not None and member.active
            note: dict[str, object] = {"left": job.left, "taken": job.taken}
            if not is_active:
                note["by"] = login
            actor_id = member.id if member is not None and is_active else row.primary_admin_id
            change_set = history.begin(engine, actor_id, "primary_admin", history.new_change("firm.restored"))
            engine.note_change(json.dumps(note))
            job.record(change_set)
            history.seal(engine, change_set)
        with engine.errors():
            clients = listing.totals(engine)[0]
        kept_as = job.finish()
    saved.anything = True
    return Restored(str(row.settings["name"]), clients, kept_as, job.left, job.taken)
