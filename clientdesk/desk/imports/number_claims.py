"""Who bears a client number that a row wants."""

from collections.abc import Mapping

from clientdesk.domain import rules
from clientdesk.domain.fold import number_key
from clientdesk.domain.judged_row import Draft
from clientdesk.domain.problems import Problem, problem

Holders = Mapping[str, tuple[int, str]]
"""Id and display name of the clients that bear numbers now, by the keys of the numbers."""


def new_claim(number: str, holders: Holders) -> tuple[str, int, str]:
    """What a new client's draft says of its number: `claim`, `holder`, `holder_name`."""
    claim = number_key(number)
    return (claim, *holders.get(claim, _NOBODY)) if claim else ("", *_NOBODY)


_NOBODY = (0, "")


def claiming(draft: Draft, present: str, wanted: str, holders: Holders) -> Draft:
    """The draft of a row whose client bears the number `present` ("" for none) and bears `wanted` in the end."""
    claim, before = number_key(wanted), number_key(present)
    holder, name = holders.get(claim, _NOBODY) if claim != before else (draft.client_id, draft.name)
    return draft._replace(
        claim=claim,
        holder=holder if claim else 0,
        holder_name=name if claim else "",
        leaves=bool(before) and claim != before,
    )


def number_taken(draft: Draft, number: str) -> Problem:
    """The refusal of a row whose number another client keeps."""
    return problem("number_taken", "client_number", number=number, holder=called(draft.holder_name))


def called(name: str) -> str:
    """What a client is called in a sentence."""
    return rules.shown_name({"display_name": name})
