"""Who has a client number in the end, where rows and clients want the same one."""

from collections.abc import Collection, Mapping, Sequence

from clientdesk.domain import rules
from clientdesk.domain.contest import Wish, hopeless
from clientdesk.domain.fold import number_key
from clientdesk.domain.judged import Draft
from clientdesk.domain.problems import Problem, problem

Holders = Mapping[str, tuple[int, str]]
"""Id and display name of the clients that bear numbers now, by the keys of the numbers."""


def claiming(draft: Draft, present: str, wanted: str, holders: Holders) -> Draft:
    """The draft of a row whose client bears the number `present` ("" for none) and bears `wanted` in the end."""
    claim, before = number_key(wanted), number_key(present)
    holder, name = holders.get(claim, (0, "")) if claim != before else (draft.client_id, draft.name)
    return draft._replace(
        claim=claim,
        holder=holder if claim else 0,
        holder_name=name if claim else "",
        leaves=bool(before) and claim != before,
    )


def contested(drafts: Sequence[Draft], claimed: Collection[str] = ()) -> list[Draft]:
    """The rows of a batch, those refused whose number another client keeps, or another row takes too (`claimed` are
    the keys of the numbers that are taken by rows already)."""
    fine = [each for each in drafts if each.problem is None]
    leaving = {each.client_id for each in fine if each.leaves}
    wishes = [Wish(each.row, each.client_id, each.holder) for each in fine if each.holder not in (0, each.client_id)]
    refused = hopeless(wishes, leaving)
    judged, claims = [], set(claimed)
    for each in drafts:
        if each.row in refused or (each.problem is None and each.claim and each.claim in claims):
            each = each.refused(number_taken(each, each.values.get("client_number", each.claim)))
        elif each.problem is None and each.claim:
            claims.add(each.claim)
        judged.append(each)
    return judged


def number_taken(draft: Draft, number: str) -> Problem:
    """The refusal of a row whose number another client keeps."""
    return problem("number_taken", "client_number", number=number, holder=called(draft.holder_name))


def called(name: str) -> str:
    """What a client is called in a sentence."""
    return rules.shown_name({"display_name": name})
