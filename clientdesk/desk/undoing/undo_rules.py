"""What is judged of clients that an undo brings back: by what others did since. Their values stood in the firm already."""

from collections.abc import Mapping, Sequence

from clientdesk.desk.client_rules import ClientRules
from clientdesk.desk.patch_judging import Case, Names
from clientdesk.desk.patches import RULES, Judges
from clientdesk.desk.session import Session
from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.fold import number_key
from clientdesk.domain.own_values import is_own
from clientdesk.domain.patch import Patch, Value
from clientdesk.domain.problems import Problem
from clientdesk.domain.rules import check, errors, tidy
from clientdesk.store import clients as rows
from clientdesk.store.engines import Statement


class ReturningClients(ClientRules):
    """See `patch_judging.Rules`. A client that only changes is judged as ever."""

    def complete(self, values: Mapping[str, Value], new: bool) -> Mapping[str, Value]:
        """See Rules: what came out of the history whole stays as it is."""
        if new and _is_whole(values):
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


def in_nobodys_way(session: Session, names: Names, patches: Sequence[Patch]) -> bool:
    """Whether patches do nothing but bring clients back that were whole, to none of which the rules would say a word: one
    statement tells that of all of them."""
    if not all(patch.entity == "client" and patch.before is None and _is_whole(patch.after or {}) for patch in patches):
        return False
    rules = ReturningClients("client", session, names)
    cases = [Case(patch, None, patch.after or {}, patch.after or {}) for patch in patches]
    rules.look(cases, session.engine.together(*rules.asks(patches)))
    return not any(map(rules.problems, cases)) and not rules.contested(cases)


def changes_in_nobodys_way(session: Session, names: Names, patches: Sequence[Patch]) -> bool:
    """Whether patches, each of another client, only give clients former values back, which stand as the patches say, to
    none of which `ReturningClients` would say a word: of fields that are judged by themselves that is known without the
    other fields."""
    numbers: list[str] = []
    values_before: dict[int, Mapping[str, Value]] = {}
    for patch in patches:
        if patch.entity != "client" or patch.before is None or patch.after is None:
            return False
        if not _JUDGED_BESIDE_OTHERS.isdisjoint(patch.after) or any(map(is_own, patch.after)):
            return False
        texts = {name: value for name, value in patch.after.items() if isinstance(value, str)}
        fields = session.catalogue.by_name
        if any(tidy(fields[name], text) != text for name, text in texts.items()):
            return False
        if errors(check(texts, texts, session.catalogue)):
            return False
        if not _leads_somewhere(names, patch.after):
            return False
        if number := texts.get("client_number"):
            numbers.append(number_key(number))
        values_before[int(patch.key)] = patch.before
    if len(values_before) != len(patches) or len(set(numbers)) != len(numbers):
        return False
    are_free = not any(session.engine.together(*rows.rivals_asked(numbers, (), (), ())))
    return are_free and rows.have(session.engine, values_before)


_JUDGED_BESIDE_OTHERS = frozenset(
    ("company_id", "primary_admin", "country", "phone", "mobile", "tax_id", "subscription", "billed_to")
)
"""The fields that are judged by others, or others by them, or by the steps that lead to them."""


def _leads_somewhere(names: Names, values: Mapping[str, Value]) -> bool:
    """Whether the type and the lead that values name, where they do, are there."""
    type_id, lead_id = values.get("client_type"), values.get("lead")
    lead = names.members.get(lead_id) if isinstance(lead_id, int) else None
    return (type_id is None or type_id in names.types) and (lead_id is None or (lead is not None and lead.active))


def _is_whole(values: Mapping[str, Value]) -> bool:
    return all(name in values for name in BUILT_IN.names) and bool(values["company_id"])
