"""The steps of the preferred pricing plan: of one client, each in a question where it is more than a change of a field, and of
the marked clients of the list, by the plan of a bulk change."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from clientdesk.domain.catalogue import BUILT_IN
from clientdesk.domain.client_query import ClientQuery
from clientdesk.domain.pricing_plan_steps import is_of_plan
from clientdesk.domain.problems import Refused
from clientdesk.domain.rules import shown_name
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import N_, _
from clientdesk.ui.commands import BY_ID, Command, first_key
from clientdesk.ui.firm_change import BY_YOU, FirmChange
from clientdesk.ui.screens.acting import ActingClients
from clientdesk.ui.screens.base import DeskScreen
from clientdesk.ui.screens.bulk_editing import BulkEditing
from clientdesk.ui.screens.list_screen import ListScreen

if TYPE_CHECKING:
    from clientdesk.desk.records import Client
    from clientdesk.desk.session import Session

_FOOTER = {
    "plan.add": 9,
    "plan.remove": 9,
    "plan.request": 9,
    "plan.accept": 9,
    "plan.subscription": 5,
    "plan.cancel": 1,
}
STEPS = tuple(_FOOTER)
"""The commands."""


def with_steps(commands: Iterable[Command], query: ClientQuery) -> list[Command]:
    """The footer's commands; in a list of the plan, its steps before them."""
    steps = [BY_ID[name]._replace(footer=place) for name, place in _FOOTER.items()] if is_of_plan(query) else []
    return [*steps, *commands]


class _Question(NamedTuple):
    """What is asked before a step: {name} is the client's; the step is `danger`ous where the firm cannot go back by itself."""

    question: str
    text: str
    yes: str
    danger: bool = False


_OFF = _Question(
    N_("Take {name} off the firm's plan?"),
    N_("The subscription is billed to the client from then on. You can put them on again."),
    N_("Take off"),
)
_REQUEST = _Question(
    N_("Request the hand-over of the primary admin's role to {name}?"),
    N_("The client is asked to take the role; until they have accepted, the firm keeps it."),
    N_("Request the hand-over"),
)
_ACCEPT = _Question(
    N_("Has {name} accepted the primary admin's role?"),
    N_("{name} is their own primary admin then. The firm cannot take the role back by itself."),
    N_("Mark as accepted"),
    danger=True,
)
_CANCEL = _Question(
    N_("Take back the hand-over request to {name}?"),
    N_("The firm stays the primary admin of {name}. You can request the hand-over again."),
    N_("Take the request back"),
)


class PlanSteps:
    """The steps of one client: `client_id` says which one it is; None where there is none, and that is said."""

    def __init__(self, screen: DeskScreen[Any], client_id: Callable[[str], int | None]) -> None:
        self._screen, self._client_id = screen, client_id

    async def _current(self, command_id: str) -> "Client | None":
        """The client as it stands now."""
        client_id = self._client_id(command_id)
        return None if client_id is None else await self._client(client_id)

    async def _client(self, client_id: int) -> "Client":
        from clientdesk.desk import clients

        try:
            return await self._screen.gateway.call(clients.get, client_id)
        except Refused:
            self._screen.firm_changed(BY_YOU)
            raise

    async def _do(self, use_case: "Callable[..., Client]", client: "Client", done: str, *arguments: Any) -> None:
        """One step, and a notice; `done` may have {name}. Whatever comes of it, what is shown is read again."""
        screen = self._screen
        try:
            changed = await screen.gateway.call(use_case, client.id, *arguments)
        finally:
            if screen.is_attached and screen.app.is_running:
                screen.firm_changed(FirmChange(row_id=client.id))
        from clientdesk.ui.screens.undo_words import with_undo

        screen.tell(with_undo(done.format(name=shown_name(changed.values), accept=first_key("plan.accept"))))

    async def _confirmed(self, asked: _Question, client: "Client") -> bool:
        from clientdesk.ui.screens.dialogs import Confirm

        name = shown_name(client.values)
        dialog = Confirm(
            _(asked.question).format(name=name), _(asked.text).format(name=name), yes=_(asked.yes), danger=asked.danger
        )
        answer: bool = await self._screen.app.push_screen_wait(dialog)
        return answer

    async def _subscription(self, title: str, present: str = "", none: bool = False) -> str | None:
        from clientdesk.ui.screens.picker import Choose

        choices = [choice for choice in BUILT_IN.by_name["subscription"].choices if choice.value or none]
        options = [(choice.value, _(choice.label)) for choice in choices]
        chosen = await self._screen.app.push_screen_wait(Choose(title, options, present))
        return None if chosen is None else str(chosen)

    # --- commands

    async def command_plan_add(self) -> None:
        """Put a client on the plan: the present one, or, where it is there already or is none, one that is looked for."""
        from clientdesk.desk import pricing_plan
        from clientdesk.ui.screens.find_client import FindClient

        client = await self._present_for_plan()
        if client is None:
            client_id = await self._screen.app.push_screen_wait(
                FindClient(_("Which client is put on the firm's plan?"))
            )
            if client_id is None:
                return
            client = await self._client(client_id)
        title = _("What does the firm's plan pay for {name}?").format(name=shown_name(client.values))
        subscription = await self._subscription(title, client.values["subscription"])
        if subscription is not None:
            await self._do(pricing_plan.put_on_plan, client, _("{name} is on the firm's plan now."), subscription)

    async def _present_for_plan(self) -> "Client | None":
        client = await self._current("plan.add")
        return None if client is None or client.values["billed_to"] == "firm" else client

    async def command_plan_subscription(self) -> None:
        """Another subscription; who pays for it stays."""
        from clientdesk.desk import pricing_plan

        client = await self._current("plan.subscription")
        if client is None:
            return
        on_plan = client.values["billed_to"] == "firm"
        title = _("Which subscription has {name}?").format(name=shown_name(client.values))
        chosen = await self._subscription(title, client.values["subscription"], none=not on_plan)
        if chosen is None or chosen == client.values["subscription"]:
            return
        done = _("The subscription of {name} is changed.")
        if on_plan:
            await self._do(pricing_plan.put_on_plan, client, done, chosen)
        else:
            await self._do(_set_subscription, client, done, client, chosen)

    async def command_plan_remove(self) -> None:
        """Take the client off the plan, after a question."""
        from clientdesk.desk import pricing_plan

        client = await self._current("plan.remove")
        if client is not None and (client.values["billed_to"] != "firm" or await self._confirmed(_OFF, client)):
            done = _("{name} is off the plan and billed to the client now.")
            await self._do(pricing_plan.take_off_plan, client, done)

    async def command_plan_request(self) -> None:
        """Ask the client to take the primary admin's role, after a question: the first of two steps."""
        from clientdesk.desk import pricing_plan

        client = await self._current("plan.request")
        if client is not None and (client.values["primary_admin"] != "firm" or await self._confirmed(_REQUEST, client)):
            done = _("Hand-over requested. When {name} has accepted: {accept}")
            await self._do(pricing_plan.request_hand_over, client, done)

    async def command_plan_accept(self) -> None:
        """Mark the hand-over as accepted, after a question: the firm cannot take the role back."""
        from clientdesk.desk import pricing_plan

        client = await self._current("plan.accept")
        if client is not None and (not _is_requested(client) or await self._confirmed(_ACCEPT, client)):
            await self._do(pricing_plan.accept_hand_over, client, _("{name} is their own primary admin now."))

    async def command_plan_cancel(self) -> None:
        """Take the request back, after a question."""
        from clientdesk.desk import pricing_plan

        client = await self._current("plan.cancel")
        if client is not None and (not _is_requested(client) or await self._confirmed(_CANCEL, client)):
            await self._do(pricing_plan.cancel_hand_over, client, _("The firm stays the primary admin of {name}."))

    async def command_page_plan(self) -> None:
        """How it stands with the client, and the steps that it can take from there."""
        from clientdesk.ui.screens.picker import Choose

        if (client := await self._current("page.plan")) is not None:
            steps = [BY_ID[name] for name in _possible(client.values)]
            keys = [first_key(step.id) for step in steps]
            options = [(step.id, _(step.title)) for step in steps]
            chosen = await self._screen.app.push_screen_wait(Choose(in_words(client.values), options, remarks=keys))
            if chosen is not None:
                self._screen.action_command(chosen)


class PlanStepsOfMany(PlanSteps):
    """The steps of the clients that a list's commands act on: one is asked for its step, of several a plan is shown."""

    def __init__(self, screen: ListScreen[Any], acting: ActingClients, bulk: BulkEditing) -> None:
        super().__init__(screen, acting.only_id)
        self._rows_of, self._acting, self._bulk = screen, acting, bulk

    @property
    def _is_of_several(self) -> bool:
        return len(self._rows_of.rows.marks) > 1

    async def _present_for_plan(self) -> "Client | None":
        rows = self._rows_of.rows
        return await super()._present_for_plan() if rows.marks or rows.cursor_id is not None else None

    async def _change(self, field: str, value: str, by: str = "") -> None:
        if (selection := self._acting.selection()) is not None:
            from clientdesk.domain.field_edits import FieldEdit, How

            await self._bulk.change(selection, FieldEdit(field, How.SET if value else How.EMPTY, value, by))

    async def command_plan_add(self) -> None:
        """See PlanSteps."""
        if not self._is_of_several:
            await super().command_plan_add()
            return
        title = self._acting.question(_("What does the firm's plan pay for {clients}?"))
        if (subscription := await self._subscription(title)) is not None:
            await self._change("billed_to", "firm", subscription)

    async def command_plan_subscription(self) -> None:
        """See PlanSteps."""
        if not self._is_of_several:
            await super().command_plan_subscription()
            return
        title = self._acting.question(_("Which subscription have {clients}?"))
        if (subscription := await self._subscription(title, none=True)) is not None:
            await self._change("subscription", subscription)

    async def command_plan_remove(self) -> None:
        """See PlanSteps."""
        await (self._change("billed_to", "client") if self._is_of_several else super().command_plan_remove())

    async def command_plan_request(self) -> None:
        """See PlanSteps."""
        await (self._change("primary_admin", "requested") if self._is_of_several else super().command_plan_request())

    async def command_plan_accept(self) -> None:
        """See PlanSteps."""
        await (self._change("primary_admin", "client") if self._is_of_several else super().command_plan_accept())

    async def command_plan_cancel(self) -> None:
        """See PlanSteps."""
        await (self._change("primary_admin", "firm") if self._is_of_several else super().command_plan_cancel())


def _is_requested(client: "Client") -> bool:
    return client.values["primary_admin"] == "requested"


def _possible(values: Mapping[str, str]) -> list[str]:
    """The commands of the steps that a client can take."""
    steps = ["plan.subscription", "plan.remove"] if values["billed_to"] == "firm" else ["plan.add", "plan.subscription"]
    return steps + {"firm": ["plan.request"], "requested": ["plan.accept", "plan.cancel"]}.get(
        values["primary_admin"], []
    )


def in_words(values: Mapping[str, str]) -> str:
    """How it stands with a client: who is its primary admin, and what is paid for it by whom."""
    admin = {
        "requested": _("Hand-over requested"),
        "firm": _("The firm is the client's primary admin"),
    }.get(values["primary_admin"], _("The client is their own primary admin"))
    return f"{admin} · {_billing_in_words(values['subscription'], values['billed_to'])}"


def _billing_in_words(subscription: str, billed_to: str) -> str:
    if not subscription:
        return _("no subscription")
    name = BUILT_IN.by_name["subscription"].display(subscription)
    if billed_to == "firm":
        return _("{subscription} on the firm's plan").format(subscription=name)
    if billed_to == "client":
        return _("{subscription}, billed to the client").format(subscription=name)
    return name


def _set_subscription(session: "Session", _client_id: int, client: "Client", subscription: str) -> "Client":
    """Another subscription for a client whose own account pays for it."""
    from clientdesk.desk import clients

    return clients.edit(session, client, {"subscription": subscription})
