"""The steps by which the preferred pricing plan changes a client: who pays, and who holds the primary admin's role."""

from clientdesk.domain.client_query import ClientQuery, clients_where
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_


class Step(NamedTuple):
    """One step: the field that it changes, from which values (None: from any) to which, the title of its command
    (untranslated) and its words behind “clientdesk plan”, where KEY stands for the client."""

    field: str
    before: str | None
    after: str
    title: str
    words: str


HAND_OVER = (
    Step("primary_admin", "firm", "requested", N_("Hand over"), "hand-over KEY"),
    Step("primary_admin", "requested", "client", N_("Accepted"), "accept KEY"),
    Step("primary_admin", "requested", "firm", N_("Cancel hand-over"), "cancel KEY"),
)
"""The only ways from one primary admin of a client's books to another; every engine refuses the others."""
STEPS = (
    Step("billed_to", None, "firm", N_("Put on"), "on KEY --subscription NAME"),
    Step("billed_to", "firm", "client", N_("Take off"), "off KEY"),
    *HAND_OVER,
)
ON_PLAN = clients_where("billed_to", "firm")
"""The clients for whom the firm's plan pays, inactive ones too."""
FIELDS = frozenset(step.field for step in STEPS)
"""The fields that only these steps change, once a client is there."""


def is_of_plan(query: ClientQuery) -> bool:
    """Whether only the clients are asked for that are billed to the firm's plan."""
    return query.value_of("billed_to") == "firm"


def step_between(field: str, before: str, after: str) -> Step | None:
    """The step that changes a field so, or the first of several that do; None where none does."""
    for step in STEPS:
        if step.field == field and step.before in (None, before) and step.after == after:
            return step
    if (field, before, after) == ("primary_admin", "firm", "client"):
        return HAND_OVER[0]
    return None
