"""What the draft of a row says of the client number that its row wants."""

from clientdesk.domain.fold import number_key
from clientdesk.domain.judged_row import Draft
from clientdesk.domain.unique_client_numbers import Holders, holder_of


def new_claim(number: str, holders: Holders) -> tuple[str, int, str]:
    """What a new client's draft says of its number: `claim`, `holder`, `holder_name`."""
    return number_key(number), *holder_of(number, holders)


def claiming(draft: Draft, present: str, wanted: str, holders: Holders) -> Draft:
    """The draft of a row whose client bears the number `present` ("" for none) and bears `wanted` in the end."""
    claim, before = number_key(wanted), number_key(present)
    holder, name = holder_of(wanted, holders) if claim != before else (draft.client_id, draft.name)
    return draft._replace(
        claim=claim,
        holder=holder if claim else 0,
        holder_name=name if claim else "",
        leaves=bool(before) and claim != before,
    )
