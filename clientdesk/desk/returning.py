"""What is judged of clients that an undo brings back: by what others did since. Their values stood in the firm already."""

from collections.abc import Mapping, Sequence

from clientdesk.desk.client_rules import ClientRules
from clientdesk.desk.judging import Case
from clientdesk.desk.patches import RULES, Judges
from clientdesk.domain.fields import NAMES
from clientdesk.domain.fold import number_key
from clientdesk.domain.patch import Patch, Value
from clientdesk.domain.problems import Problem
from clientdesk.store import clients as rows
from clientdesk.store.engines import Statement

_WHOLE = frozenset(NAMES)


class ReturningClients(ClientRules):
    """See `patches.Rules`. A client that only changes is judged as ever."""

    def complete(self, values: Mapping[str, Value], new: bool) -> Mapping[str, Value]:
        """See Rules: what came out of the history whole stays as it is."""
        if new and values.keys() >= _WHOLE and values["company_id"]:
            return values
        return super().complete(values, new)

    def asks(self, part: Sequence[Patch]) -> Sequence[Statement]:
        """See Rules: of clients that come back, who has their numbers and Company IDs."""
        if part[0].before is not None:
            return super().asks(part)
        coming = [patch.after or {} for patch in part]
        numbers = {number_key(str(number)) for values in coming if (number := values["client_number"])}
        return rows.rivals_asked(numbers, (), {str(values["company_id"]) for values in coming}, ())

    def _of_values(self, case: Case) -> list[Problem]:
        return [] if case.present is None else super()._of_values(case)


JUDGES: Judges = {**RULES, "client": ReturningClients}
"""The rules for what an undo, or a redo, writes."""
