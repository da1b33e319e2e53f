"""What the rules say of a change of the firm's views."""

from collections.abc import Mapping, Sequence

from clientdesk.desk.meanwhile import deleted_by
from clientdesk.desk.patch_judging import Case, Rules
from clientdesk.domain.fold import fold
from clientdesk.domain.patch import Key, Value
from clientdesk.domain.problems import Problem, problem
from clientdesk.domain.views import built_in_names
from clientdesk.store import history, views
from clientdesk.text import N_, _


class ViewRules(Rules):
    """The rules of a view of the firm. One at a time, as each is seen by the next."""

    together = 1
    labels = {"name": N_("The view's name")}
    instead = N_("It stays; it can be changed, renamed or deleted.")

    def problems(self, case: Case) -> list[Problem]:
        """See Rules: no two views of the firm have a name that differs in case or accents only, nor that of a built-in
        one."""
        wrong = super().problems(case)
        if wrong or "name" not in case.changed:
            return wrong
        own_id, name = case.present.id if case.present is not None else None, str(case.whole["name"])
        same = [
            row.name for row in views.views(self._session.engine) if fold(row.name) == fold(name) and row.id != own_id
        ]
        same += built_in_names(name)
        return [problem("view_taken", "name", name=same[0])] if same else []

    def subject(self, as_read: Mapping[str, Value], fields: Sequence[str]) -> str:
        """See Rules."""
        return _("The view {name}").format(name=self.called(as_read))

    def _gone(self, key: Key, entry: history.Entry | None) -> Problem:
        name = str(entry.old.get("name", "")) if entry else ""
        return problem("view_deleted", name=name or f"#{key}", who=deleted_by(self._session, entry))
