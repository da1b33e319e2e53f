"""What is judged of clients that come from a list or from another firm, when they are written: their values were judged
as they were read, by rules of their own, and stand as they are."""

from collections.abc import Mapping, Sequence

from clientdesk.desk.client_rules import ClientRules, new_company_id
from clientdesk.desk.patch_judging import Case
from clientdesk.desk.patches import RULES, Judges
from clientdesk.domain.fold import number_key
from clientdesk.domain.patch import Patch, Value
from clientdesk.domain.problems import Problem, problem
from clientdesk.store import clients as rows
from clientdesk.store.engines import Statement

_ALL = 1 << 62


class JudgedClients(ClientRules):
    """The rules of a client whose values were judged."""

    together = 2_000

    def complete(self, values: Mapping[str, Value], new: bool) -> Mapping[str, Value]:
        """See Rules: a new client without a Company ID gets one, all else stays."""
        if not new or values["company_id"]:
            return values
        company_id = new_company_id()
        self._made.add(company_id)
        return {**values, "company_id": company_id}

    def asks(self, patches: Sequence[Patch]) -> Sequence[Statement]:
        """See Rules: who has the numbers and Company IDs that are wanted."""
        numbers, company_ids = set(), set()
        for _entity, _key, before, after in patches:
            if after is None:
                continue
            number = after.get("client_number")
            if number and (before is None or before.get("client_number") != number):
                numbers.add(number_key(str(number)))
            if before is None and after["company_id"] not in self._made:
                company_ids.add(str(after["company_id"]))
        own_keys = self._own_keys(patch.after for patch in patches if patch.after is not None)
        return rows.rivals_asked(numbers, (), company_ids, (), own_keys)

    def _of_values(self, case: Case) -> list[Problem]:
        """Of the values, only what two people can break together."""
        unpaid = case.present is not None and case.whole["billed_to"] == "firm" and not case.whole["subscription"]
        if unpaid and ("subscription" in case.changed or "billed_to" in case.changed):
            return [problem("plan_without_subscription", "subscription")]
        return []


class _Together(JudgedClients):
    """Clients that may hand numbers on to each other, however many they are."""

    together = _ALL


JUDGED: Judges = {**RULES, "client": JudgedClients}
"""The rules for what was judged before."""
SWAPPING: Judges = {**RULES, "client": _Together}
"""Those for clients that want numbers which others of them bear."""
