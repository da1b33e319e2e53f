"""The question at the start to the member who is offered the primary admin's role."""

from typing import Any

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button, Static

from clientdesk.domain.access import Access
from clientdesk.text import _, display_text
from clientdesk.ui.screens.base import Commanding, DeskScreen, DialogScreen
from clientdesk.ui.screens.dialogs import Buttons, button
from clientdesk.ui.screens.login_grant import show_grants
from clientdesk.ui.widgets.dialog_box import DialogBox, DialogText


class HandOverDialog(DialogScreen[str]):
    """Who offers the role and what it means: "accept", "decline" or "later" (esc; the button with the focus)."""

    AUTO_FOCUS = "#later"

    def compose(self) -> ComposeResult:
        firm = self.gateway.firm
        admin = display_text(firm.primary_admin)
        question = _("{name} offers you the primary admin's role of {firm}.").format(
            name=admin, firm=display_text(firm.name)
        )
        text = _(
            "The primary admin may do everything, also delete clients permanently and hand the role on. There is"
            " exactly one: when you accept, {name} has full access."
        )
        later = _("With “Not now” you are asked again at your next start.")
        with DialogBox():
            yield Static(Content(question), classes="question")
            with DialogText():
                yield Static(Content(text.format(name=admin)), classes="text")
                yield Static(Content(later), classes="text hint")
            with Buttons(classes="buttons"):
                yield button(_("Not now"), "later")
                yield button(_("Accept the role"), "accept")
                yield button(_("Decline"), "decline")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        event.stop()
        self.dismiss(event.button.id)

    def nothing(self) -> str:
        return "later"


async def offer_role(screen: Commanding[Any]) -> None:
    """Ask the member whether they take the role, and do what they answer. Awaited in a worker of `screen`."""
    from clientdesk.desk import team

    firm = screen.gateway.firm
    answer = await screen.app.push_screen_wait(HandOverDialog())
    if answer == "accept":
        members = await screen.gateway.call(team.members)
        await screen.gateway.call(team.accept_primary_admin)
        before = [(member.login, Access.FULL) for member in members if member.access is Access.PRIMARY_ADMIN]
        sentence = _("You are the primary admin of {firm} now.").format(firm=display_text(firm.name))
        await show_grants(screen, sentence, (screen.gateway.me.login, Access.PRIMARY_ADMIN), *before)
    elif answer == "decline":
        await screen.gateway.call(team.decline_primary_admin)
        screen.tell(
            _("You have declined. {name} stays the primary admin.").format(name=display_text(firm.primary_admin))
        )
    if isinstance(screen, DeskScreen):
        screen.write_title()
        screen.write_footer()
