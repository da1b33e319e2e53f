"""The first start: there is no firm yet at the place that was named. It says so, and asks before it makes one."""

import os
from collections.abc import Iterable

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button, Static

from clientdesk.domain.problems import Refused
from clientdesk.text import _, display_text
from clientdesk.ui.commands import Command, bindings_for, commands_of
from clientdesk.ui.screens.base import DeskScreen, style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.dialogs import Buttons, button
from clientdesk.ui.widgets.answers import Answer
from clientdesk.ui.widgets.in_sight import StaysInSight
from clientdesk.ui.widgets.line_input import LineInput


class WelcomeScreen(DeskScreen[None]):
    """Asks for the firm's name and yours and makes the firm's file at `location`; then the client list.

    Nothing is made before it is said so: leaving leaves nothing behind.
    """

    SCOPE = "welcome"
    BINDINGS = bindings_for("welcome")
    CSS_PATH = [style("dialogs"), style("welcome")]
    AUTO_FOCUS = "#firm LineInput"

    def __init__(self, location: str) -> None:
        super().__init__()
        self._location = location

    def title_text(self) -> str:
        return _("Welcome")

    def body(self) -> ComposeResult:
        from clientdesk.desk.opening import account_full_name, account_login

        # Textual reads the styles of the screens that are pushed; this is the app's first one.
        self.app.stylesheet.read_all(self.css_path)
        place = display_text(os.path.abspath(self._location))
        missing, mistyped, admin, file, demo = (
            _("There is no firm at {path} yet. Create one there?"),
            _("If you meant another file: {key} leaves, and nothing is created."),
            _("You become the firm's primary admin; clientdesk knows you by your account {login}."),
            _("The file will stand at the place above with mode 0600: only you can read and write it."),
            _("Only looking around? The command clientdesk demo shows a made-up firm."),
        )
        key = first_key("welcome.leave")
        with StaysInSight(id="welcome"):
            yield Static(Content(missing.format(path=place)), classes="question")
            yield Static(Content(mistyped.format(key=key)), classes="hint")
            yield Answer(_("The firm's name"), LineInput(max_length=200), id="firm")
            yield Answer(_("Your name"), LineInput(account_full_name(), max_length=200, proposed=True), id="name")
            yield Static(Content(admin.format(login=display_text(account_login()))), classes="note")
            yield Static(Content(file), classes="note")
            yield Static("", id="refusal", classes="error")
            with Buttons(classes="buttons"):
                yield button(_("Create the firm"), "create")
                yield button(_("Leave"), "leave")
            yield Static(Content(demo), classes="hint")

    def footer_commands(self) -> Iterable[Command]:
        """Letters are typed here, so that the other global keys are none."""
        return list(commands_of("welcome"))

    def unsaved(self) -> str:
        """The name of a firm that is not made yet."""
        answer = self.query_one("#firm", Answer)
        return "" if self.gateway.is_open or not answer.value else _("The firm is not created yet.")

    async def may_leave(self) -> bool:
        """The screen says that leaving creates nothing, and a key that leaves is pressed on purpose."""
        return True

    def on_input_submitted(self, event: LineInput.Submitted) -> None:
        """Enter goes on: to your name, then to creating."""
        event.stop()
        if event.input is self.query_one("#firm LineInput"):
            self.query_one("#name", Answer).enter()
        else:
            self.action_command("welcome.create")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Create or leave."""
        event.stop()
        self.action_command(f"welcome.{event.button.id}")

    def command_welcome_leave(self) -> None:
        """Leave; nothing was created."""
        self.app.exit(0)

    async def command_welcome_create(self) -> None:
        """Make the firm and show its list; what stands in the way is said on the screen."""
        from clientdesk.desk.opening import create_firm
        from clientdesk.ui.screens.clients import ClientList

        answers = {answer.id: answer for answer in self.query(Answer)}
        for answer in answers.values():
            answer.complain("")
        self._refuse("")
        try:
            session = await self.gateway.run(create_firm, self._location, answers["firm"].value, answers["name"].value)
        except Refused as refusal:
            self._show(refusal, answers)
            return
        self.gateway.adopt(session)
        # Over this screen: Textual cannot switch the app's first one. Nothing leads back here.
        self.app.push_screen(ClientList())

    def _show(self, refusal: Refused, answers: "dict[str | None, Answer]") -> None:
        other_messages = []
        for problem in refusal.problems:
            if problem.field in answers:
                answers[problem.field].complain(problem.message)
            else:
                other_messages.append(problem.message)
        self._refuse(" ".join(other_messages) if refusal.problems else refusal.message)
        for problem in refusal.problems:
            if problem.field in answers:
                answers[problem.field].enter()
                break

    def _refuse(self, sentence: str) -> None:
        """Say what stands in the way; "" takes it away."""
        refusal = self.query_one("#refusal", Static)
        refusal.update(Content(display_text(sentence)))
        refusal.display = bool(sentence)
