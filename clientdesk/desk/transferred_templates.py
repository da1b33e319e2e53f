"""Templates of work that go along when clients go into another firm: by their names, as the history of the work names them.

They arrive retired, so that nothing is due by them there, for whomever they apply to, until somebody brings them back.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from clientdesk.desk import patches, template_files, work_templates
from clientdesk.desk.session import Session, reads
from clientdesk.domain import template_files as files
from clientdesk.domain.fold import fold
from clientdesk.domain.patch import Patch
from clientdesk.domain.problems import Refused
from clientdesk.domain.work_templates import WorkTemplate
from clientdesk.store import work_rows
from clientdesk.store import work_templates as rows


class Templates:
    """The templates of a firm that another one does not have."""

    def __init__(self, session: Session, other: Session) -> None:
        self._session, self._other = session, other
        self._lacking = reads(_lacking)(session, other)
        self._brought: set[int] = set()

    def of(self, client_ids: Sequence[int]) -> Counter[str]:
        """By which of them some clients have work that somebody has touched: their names, each with how many clients."""
        return Counter(self._lacking[template_id].name for _client_id, template_id in self._pairs(client_ids))

    def bring(self, client_ids: Sequence[int]) -> None:
        """Adds those to the other firm by which some clients have work; part of a change there."""
        wanted = dict.fromkeys(template_id for _client_id, template_id in self._pairs(client_ids))
        for template_id in wanted:
            if template_id not in self._brought:
                self._brought.add(template_id)
                added = work_templates.added(
                    self._other, _fitted(self._session, self._other, self._lacking[template_id])
                )
                retired = Patch("template", str(added.id), {}, {"retired": 1})
                patches.landed(patches.apply_one(self._other, retired))

    def _pairs(self, client_ids: Sequence[int]) -> list[tuple[int, int]]:
        """Clients, each with those of the templates by which it has work."""
        if not self._lacking:
            return []
        touched = reads(_touched)(self._session, client_ids)
        return sorted(pair for pair in touched if pair[1] in self._lacking)


def _lacking(session: Session, other: Session) -> Mapping[int, WorkTemplate]:
    with other.engine.errors():
        there = {fold(template.name) for template in rows.templates(other.engine)}
    here = rows.templates(session.engine)
    return {template.id: template for template in here if fold(template.name) not in there}


def _touched(session: Session, client_ids: Sequence[int]) -> set[tuple[int, int]]:
    works = work_rows.rows(session.engine, "work", client_id=list(client_ids)) if client_ids else []
    return {(int(row.values["client"] or 0), int(row.values["template"] or 0)) for row in works}


def _fitted(session: Session, other: Session, template: WorkTemplate) -> WorkTemplate:
    """A template as the other firm can have it: what it applies to, and who has its roles, only where that firm knows all of
    it by its name."""
    says = files.read(template_files.file_of(session, template), template.name)
    try:
        return template_files.template_of(other, says)
    except Refused:
        roles = tuple(role._replace(member="", field="") for role in says.roles)
        return template_files.template_of(other, says._replace(applies=(), roles=roles))
