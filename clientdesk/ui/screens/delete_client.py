"""Deleting a client permanently: the preconditions, what will be lost, and the question."""

from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button, Static

from clientdesk.domain.access import Action
from clientdesk.domain.problems import Refused
from clientdesk.domain.rules import shown_name
from clientdesk.text import _, ngettext
from clientdesk.ui.screens.base import DeskScreen, style
from clientdesk.ui.screens.dialogs import SAFE, Buttons, TwoAnswers, answer, button
from clientdesk.ui.widgets.dialog_box import DialogBox, DialogText
from clientdesk.ui.widgets.line_colours import ERROR
from clientdesk.ui.widgets.wrapping import wrapped

if TYPE_CHECKING:
    from clientdesk.desk.records import Client
    from clientdesk.desk.session import Session
    from clientdesk.domain.deletion import Condition

ADVICE = 56
"""The advice is broken into lines of so many cells, below its sentence."""


def _case(session: "Session", client_id: int) -> "tuple[Client, tuple[Condition, ...]]":
    """The client and its preconditions, as they stand now."""
    from clientdesk.desk import clients

    return clients.get(session, client_id), clients.deletion_conditions(session, client_id)


async def ask_delete(screen: DeskScreen[Any], client_id: int, note: str = "") -> bool:
    """Asks, then deletes the client permanently if its preconditions are met. Whether it is gone.

    Where one is not met, deactivating is offered instead. The question says `note`, too. Raises what the desk refuses.
    """
    from clientdesk.desk import clients
    from clientdesk.ui.screens.undo_words import with_undo

    while True:
        client, conditions = await screen.gateway.call(_case, client_id)
        instead = client.active and screen.gateway.allows(Action.CHANGE_STATUS)
        answer = await screen.app.push_screen_wait(DeleteDialog(client, conditions, instead, note))
        if answer == "deactivate":
            await screen.gateway.call(clients.set_status, [client.id], False)
            screen.tell(with_undo(_("{name} is inactive now.").format(name=shown_name(client.values))))
        if answer != "delete":
            return False
        try:
            await screen.gateway.call(clients.delete, client)
        except Refused as refusal:
            if refusal.code in ("stale", "made_inactive", "delete_refused"):
                continue  # the question is asked again, about what stands there now
            if refusal.code != "client_gone":
                raise
            screen.tell(refusal)
            return True
        screen.tell(_("{name} was deleted permanently.").format(name=shown_name(client.values)))
        return True


class DeleteDialog(TwoAnswers[str]):
    """The preconditions with ✓ or ✗. Answers "delete", "deactivate" or "" for no."""

    CSS_PATH = style("dialogs")
    AUTO_FOCUS = f"#{SAFE}"

    def __init__(self, client: "Client", conditions: "tuple[Condition, ...]", instead: bool, note: str = "") -> None:
        super().__init__()
        self._client, self._conditions, self._instead, self._note = client, conditions, instead, note

    @property
    def _met(self) -> bool:
        return all(condition.met for condition in self._conditions)

    def compose(self) -> ComposeResult:
        name = shown_name(self._client.values)
        question = _("Delete {name} permanently?") if self._met else _("{name} cannot be deleted permanently yet.")
        with DialogBox():
            yield Static(Content(question.format(name=name)), classes="question")
            with DialogText():
                if self._note:
                    yield Static(Content(self._note), classes="text")
                yield Static(self._list(), classes="text")
                if self._met:
                    yield Static(Content(self._loss()), classes="text")
                elif self._instead:
                    sentence = _("Deactivating takes the client off the list and keeps everything.")
                    yield Static(Content(sentence), classes="text")
            with Buttons(classes="buttons"):
                if self._met:
                    yield answer(_("No"), SAFE)
                    yield answer(_("Yes, delete permanently"), "delete", danger=True)
                elif self._instead:
                    yield answer(_("Close"), SAFE)
                    yield answer(_("Deactivate instead"), "deactivate")
                else:
                    yield button(_("Close"), SAFE)

    def _list(self) -> Content:
        met, not_met = _("✓ met"), _("✗ not met")
        width = max(len(met), len(not_met)) + 2
        lines = []
        for condition in self._conditions:
            sign, look = (met, "$text-success") if condition.met else (not_met, ERROR)
            lines.append(Content.assemble((sign.ljust(width), look), condition.sentence))
            if not condition.met:
                advice = wrapped(condition.advice, ADVICE)
                lines += [Content.styled(" " * width + line, "$foreground-muted") for line in advice]
        return Content("\n").join(lines)

    def _loss(self) -> str:
        """What will be gone, and what stays."""
        filled = sum(
            1
            for field in self.catalogue.fields
            if self._client.values[field.name] not in ("", self.catalogue.empty[field.name])
        )
        if self._client.values["notes"]:
            lost = ngettext(
                "The notes will be lost.", "{count} filled-in fields, the notes among them, will be lost.", filled
            )
        else:
            lost = ngettext("{count} filled-in field will be lost.", "{count} filled-in fields will be lost.", filled)
        final = _("This cannot be taken back.")
        history_stays = _("The history keeps that the client was there, and what was changed.")
        return f"{lost.format(count=filled)} {final}\n{history_stays}"

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        event.stop()
        self.dismiss("" if event.button.id == SAFE else event.button.id or "")

    def nothing(self) -> str:
        return ""
