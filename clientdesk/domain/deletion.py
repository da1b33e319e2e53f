"""When a client may be deleted permanently: three preconditions, each with what to do about it."""

from collections.abc import Mapping
from typing import NamedTuple

from clientdesk.domain.access import Access, Action, may
from clientdesk.text import N_, _


class Condition(NamedTuple):
    """One precondition: a stable code, whether it is met, what it asks for and what to do (untranslated)."""

    code: str
    met: bool
    demand: str
    cure: str

    @property
    def sentence(self) -> str:
        """What the precondition asks for, in the person's language."""
        return _(self.demand)

    @property
    def advice(self) -> str:
        """What to do about it, in the person's language."""
        return _(self.cure)


def conditions(access: Access, client: Mapping[str, str]) -> tuple[Condition, ...]:
    """The three preconditions of deleting `client` (values by field name) for someone with `access`."""
    requested = client["primary_admin"] == "requested"
    return (
        Condition(
            "you_are_primary_admin",
            may(access, Action.DELETE_CLIENT),
            N_("You are the firm's primary admin."),
            N_("Ask the firm's primary admin to delete the client."),
        ),
        Condition(
            "client_has_primary_admin",
            client["primary_admin"] == "client",
            N_("The client has its own primary admin."),
            N_("The hand-over is requested: mark it accepted in the preferred pricing plan.")
            if requested
            else N_("Request the hand-over of the role in the preferred pricing plan."),
        ),
        Condition(
            "off_the_plan",
            client["billed_to"] != "firm",
            N_("The client is off the firm's plan."),
            N_("Take the client off the plan in the preferred pricing plan."),
        ),
    )
