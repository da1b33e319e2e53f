"""Many clients at once, as tests need them: written straight through the store, with their history."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from clientdesk.desk.client_rules import new_company_id
from clientdesk.desk.patch_judging import Names
from clientdesk.desk.session import Session, changes
from clientdesk.domain.access import Action
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.rules import tidy
from clientdesk.store import patches


def add_many(
    session: Session,
    clients: Iterable[Mapping[str, str]],
    progress: Callable[[int], None] | None = None,
    job: int | None = None,
    file: str = "",
) -> int:
    """Adds clients, all or none, in one change set (of a job), as if from a file; how many. One without a Company ID gets
    one. Nothing is checked."""

    def write(session: Session) -> int:
        held = map(Names(session.engine).held, _whole(list(clients)))
        if file:
            session.engine.note_change(file)
        return patches.insert(session.engine, "client", held, progress)

    return changes("client.imported", Action.IMPORT, job=job)(write)(session)


def add_in_job(session: Session, job: int, names: Sequence[str]) -> int:
    """Adds clients in a change set of a job; its number."""
    add_many(session, [{"display_name": name} for name in names], job=job)
    return session.engine.change_set


def _whole(clients: Sequence[Mapping[str, str]]) -> Iterable[Mapping[str, str]]:
    for values in clients:
        whole = {**BUILT_IN.empty, **{name: tidy(BUILT_IN.by_name[name], value) for name, value in values.items()}}
        yield whole if whole["company_id"] else {**whole, "company_id": new_company_id()}
