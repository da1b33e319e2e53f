"""The SQL by which a server's administrator gives a team member's login its rights there."""

from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Button, Static

from clientdesk.text import _, display_lines, display_text, ngettext
from clientdesk.ui.commands import bindings_for
from clientdesk.ui.screens.base import Commanding, style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.clipboard import on_one_line, send
from clientdesk.ui.screens.dialogs import SAFE, Buttons, TwoAnswers, answer, button
from clientdesk.ui.screens.undo_words import with_undo
from clientdesk.ui.widgets.dialog_box import DialogBox, DialogText

if TYPE_CHECKING:
    from clientdesk.desk.records import Member
    from clientdesk.domain.access import Access


class SqlDialog(TwoAnswers[None]):
    """What was done, and the SQL that somebody else has to run; it can be selected, and copied with a key."""

    BINDINGS = bindings_for("sql")
    CSS_PATH = [style("dialogs"), style("team")]
    AUTO_FOCUS = "#copy"

    def __init__(self, done: str, sql: str) -> None:
        super().__init__()
        self._done, self._sql = done, sql

    def compose(self) -> ComposeResult:
        why = _("The server does not know of it yet. Whoever administers the server runs this:")
        with DialogBox(id="sql"):
            yield Static(Content(display_text(self._done)), classes="question")
            with DialogText():
                yield Static(Content(why), classes="text")
                with Vertical(id="statements"):
                    yield Static(Content(display_lines(self._sql)))
            yield Static(id="copied", classes="hint")
            with Buttons(classes="buttons"):
                yield button(_("{key} Copy").format(key=first_key("sql.copy")), "copy")
                yield answer(_("Close"), SAFE)

    def on_mount(self) -> None:
        """Nothing is copied yet."""
        self.query_one("#copied").display = False

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Copy or close."""
        event.stop()
        self.action_command("sql.copy" if event.button.id == "copy" else "dialog.cancel")

    def command_sql_copy(self) -> None:
        """Copy the SQL."""
        lines = self._sql.splitlines()
        count = ngettext("{count} line of SQL: {first}", "{count} lines of SQL: {first}", len(lines))
        sent = send(self.app, self._sql, count.format(count=len(lines), first=on_one_line(lines[0])))
        hint = _("If nothing arrives, your terminal does not allow it: select the text with the mouse.")
        copied = self.query_one("#copied", Static)
        copied.update(Content(f"{sent}\n{hint}"))
        copied.display = True


async def show_grants(
    screen: Commanding[Any], done: str, *rights: "tuple[str, Access | None]", can_be_undone: bool = False
) -> None:
    """Say what is `done`; where the firm is on a server, with the SQL for the rights of each (login, access).

    Access None is for a login that has none any more. Awaited in a worker of `screen`.
    """
    from clientdesk.desk import team

    parts = [await screen.gateway.call(team.grant_sql, login, access) for login, access in rights]
    sql = "\n".join(part for part in parts if part)
    if sql:
        await screen.app.push_screen_wait(SqlDialog(done, sql))
    else:
        screen.tell(with_undo(done) if can_be_undone else done)


def rights_of(member: "Member", before: "Member | None" = None) -> "list[tuple[str, Access | None]]":
    """The (login, access) pairs that the server has to be told: nothing where neither of them is another than `before`."""
    if before is not None and _right(before) == _right(member):
        return []
    lost: list[tuple[str, Access | None]] = []
    if before is not None and before.login != member.login:
        lost.append((before.login, None))
    return [*lost, _right(member)]


def _right(member: "Member") -> "tuple[str, Access | None]":
    return member.login, member.access if member.active else None
