"""What a team member who leaves has of work: open work, and roles that templates give them; and that somebody else takes it over."""

from typing import NamedTuple

from clientdesk.desk import patches
from clientdesk.desk.session import Session, reads
from clientdesk.domain.kept_templates import kept_roles
from clientdesk.domain.patch import Patch, Value
from clientdesk.domain.work_templates import MEMBER
from clientdesk.store import work_rows
from clientdesk.store import work_templates as template_rows


class WorkToHandOver(NamedTuple):
    """In how many works that are not completed a member is named, for a role, an item or an account; and the names of the
    templates, also retired ones, by which they have a role unless somebody else is named."""

    works: int
    templates: tuple[str, ...]


@reads
def work_to_hand_over(session: Session, member_id: int) -> WorkToHandOver:
    """What somebody has to take over where a member becomes inactive."""
    templates = template_rows.giving_roles_to(session.engine, member_id)
    works = work_rows.count_open_work_of(session.engine, member_id)
    return WorkToHandOver(works, tuple(template.name for template in templates))


def hand_over(session: Session, leaving_id: int, member_id: int | None) -> None:
    """Names another member wherever one is named for open work (None: nobody, so that roles go to whom the template
    says), and where a template gives them a role; part of a use case."""
    before: dict[tuple[str, str], dict[str, Value]] = {}
    for of in work_rows.open_work_of(session.engine, leaving_id):
        before.setdefault((of.entity, of.key), {})[of.field] = leaving_id
    handed = [Patch(entity, key, fields, dict.fromkeys(fields, member_id)) for (entity, key), fields in before.items()]
    by = "" if member_id is None else f"{MEMBER}{member_id}"
    for template in template_rows.giving_roles_to(session.engine, leaving_id):
        roles = [role._replace(by=by) if role.by == f"{MEMBER}{leaving_id}" else role for role in template.roles]
        handed.append(Patch("template", str(template.id), {}, {"roles": kept_roles(roles)}))
    for outcome in patches.apply(session, handed):
        patches.landed(outcome)
