"""Open work of a team member who leaves: how much there is, and that somebody else takes it over."""

from clientdesk.desk import patches
from clientdesk.desk.session import Session, reads
from clientdesk.domain.patch import Patch, Value
from clientdesk.store import work_rows


@reads
def open_works(session: Session, member_id: int) -> int:
    """In how many works that are not completed a member is named, for a role, an item or an account."""
    return work_rows.count_open_work_of(session.engine, member_id)


def hand_over(session: Session, leaving_id: int, member_id: int | None) -> None:
    """Names another member wherever one is named for open work (None: nobody, so that roles go to whom the template
    says); part of a use case."""
    before: dict[tuple[str, str], dict[str, Value]] = {}
    for of in work_rows.open_work_of(session.engine, leaving_id):
        before.setdefault((of.entity, of.key), {})[of.field] = leaving_id
    handed = (Patch(entity, key, fields, dict.fromkeys(fields, member_id)) for (entity, key), fields in before.items())
    for outcome in patches.apply(session, handed):
        patches.landed(outcome)
