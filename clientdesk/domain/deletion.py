"""When a client may be deleted permanently: three preconditions, each with what to do about it."""

from collections.abc import Mapping
from typing import NamedTuple

from clientdesk.domain.access import MAY, Access, Action
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


_BY_ADMIN = Condition(
    "you_are_primary_admin",
    False,
    N_("You are the firm's primary admin."),
    N_("Ask the firm's primary admin to delete the client."),
)
_OWN_ADMIN = Condition(
    "client_has_primary_admin",
    False,
    N_("The client has its own primary admin."),
    N_("Request the hand-over of the role in the preferred pricing plan."),
)
_REQUESTED = _OWN_ADMIN._replace(cure=N_("The hand-over is requested: mark it accepted in the preferred pricing plan."))
_OFF_THE_PLAN = Condition(
    "off_the_plan",
    False,
    N_("The client is off the firm's plan."),
    N_("Take the client off the plan in the preferred pricing plan."),
)


def conditions(access: Access, client: Mapping[str, str]) -> tuple[Condition, ...]:
    """The three preconditions of deleting `client` (values by field name) for someone with `access`."""
    own_admin = _REQUESTED if client["primary_admin"] == "requested" else _OWN_ADMIN
    return (
        _BY_ADMIN._replace(met=access in MAY[Action.DELETE_CLIENT]),
        own_admin._replace(met=client["primary_admin"] == "client"),
        _OFF_THE_PLAN._replace(met=client["billed_to"] != "firm"),
    )
