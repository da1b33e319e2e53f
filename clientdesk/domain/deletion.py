"""When a client may be deleted permanently: its preconditions, each with what to do about it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from clientdesk.domain.access import MAY, Access, Action
from clientdesk.text import N_, _, whole_number


class Condition(NamedTuple):
    """One precondition: a stable code, whether it is met, what it asks for and what to do (untranslated), and of what
    refers to the client the title of its entity and the label of its field (untranslated), and how many there are."""

    code: str
    met: bool
    demand: str
    cure: str
    entity: str = ""
    label: str = ""
    rows: int = 0

    @property
    def sentence(self) -> str:
        """What the precondition asks for, in the person's language."""
        return _(self.demand).format_map(self._words)

    @property
    def advice(self) -> str:
        """What to do about it, in the person's language."""
        return _(self.cure).format_map(self._words)

    @property
    def _words(self) -> Mapping[str, str]:
        entity, label = (_(words) if words else "" for words in (self.entity, self.label))
        return {"entity": entity, "label": label, "count": whole_number(self.rows)}


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


def conditions_met() -> tuple[Condition, ...]:
    """The three preconditions, as every client meets them that may be deleted."""
    return tuple(condition._replace(met=True) for condition in (_BY_ADMIN, _OWN_ADMIN, _OFF_THE_PLAN))


def referred_to(entity: str, label: str, rows: int) -> Condition:
    """The precondition that is not met where so many rows of an entity (its title) refer to the client by a field (its
    label)."""
    demand = N_("Nothing else of the firm refers to the client.")
    cure = N_("{entity} ({count}) does, by {label}: delete that first, or let it refer to something else.")
    return Condition("nothing_refers", False, demand, cure, entity, label, rows)


def conditions(access: Access, client: Mapping[str, str], referring: Iterable[Condition] = ()) -> tuple[Condition, ...]:
    """The preconditions of deleting `client` (values by field name) for someone with `access`: three, and where something
    refers to it, that nothing does."""
    own_admin = _REQUESTED if client["primary_admin"] == "requested" else _OWN_ADMIN
    return (
        _BY_ADMIN._replace(met=access in MAY[Action.DELETE_CLIENT]),
        own_admin._replace(met=client["primary_admin"] == "client"),
        _OFF_THE_PLAN._replace(met=client["billed_to"] != "firm"),
        *referring,
    )
