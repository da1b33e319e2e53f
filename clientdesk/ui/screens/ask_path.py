"""Asks where a file is written; one that is there already is asked about."""

from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from clientdesk.domain.problems import Refused
from clientdesk.text import _, display_text
from clientdesk.ui.screens.base import Commanding, style
from clientdesk.ui.screens.dialogs import Buttons, Confirm, SavingDialog, save_or_cancel
from clientdesk.ui.widgets.dialog_box import DialogBox, DialogText
from clientdesk.ui.widgets.path_input import PathInput

Save = Callable[[str, bool], Awaitable[None]]
"""Writes the file at a path, over another one if the flag says so; raises Refused."""


async def ask_path(screen: Commanding[Any], title: str, path: str, save: Save) -> str | None:
    """Ask for a path and write; the path where it was written, None for esc."""
    return await screen.app.push_screen_wait(PathDialog(title, path, save))


async def write_or_ask(screen: Commanding[Any], path: str, save: Save) -> bool:
    """Write; if a file is there already, ask whether it is replaced. Whether it is written; raises Refused."""
    try:
        await save(path, False)
    except Refused as refusal:
        if refusal.code != "file_exists":
            raise
        text = _("What stands in it is lost.")
        question = _("Replace {path}?").format(path=display_text(path))
        if not await screen.app.push_screen_wait(Confirm(question, text, yes=_("Replace"), danger=True)):
            return False
        await save(path, True)
    return True


OFFERED = 12
"""So many names are offered at most with which a path may go on."""


class PathDialog(SavingDialog[str]):
    """One line for the path; what is refused stands below it, and what was typed stays."""

    CSS_PATH = [style("dialogs"), style("import")]
    AUTO_FOCUS = "PathInput"

    def __init__(self, title: str, path: str, save: Save) -> None:
        super().__init__()
        self._title, self._path, self._save = title, path, save

    def compose(self) -> ComposeResult:
        with DialogBox(id="ask-path"):
            yield Static(Content(self._title), classes="question")
            yield PathInput(self._path)
            with DialogText(classes="fields"):
                yield Static(classes="hint", id="offered")
            with Buttons(classes="buttons"):
                yield from save_or_cancel()

    def on_mount(self) -> None:
        """The cursor stands at the end of the path."""
        path = self.query_one(PathInput)
        path.cursor_position = len(path.value)

    def on_path_input_offered(self, event: PathInput.Offered) -> None:
        """The names with which the path may go on."""
        self._below("   ".join([*event.names[:OFFERED], *["…"] * (len(event.names) > OFFERED)]), False)

    def _below(self, text: str, wrong: bool) -> None:
        below = self.query_one("#offered", Static)
        below.set_classes("error" if wrong else "hint")
        below.update(Content(display_text(text)))

    async def command_member_save(self) -> None:
        """Write the file."""
        path = self.query_one(PathInput).path
        if not path:
            self._below(_("Type the path of a file."), True)
            return
        try:
            if await write_or_ask(self, path, self._save):
                self.dismiss(path)
        except Refused as refusal:
            self._below(refusal.message, True)
