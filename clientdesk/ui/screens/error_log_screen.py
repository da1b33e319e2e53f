"""What the two screens share that show an error log: filter, jump, and save the report."""

from collections.abc import Awaitable, Callable

from clientdesk.text import _, display_text, whole_number
from clientdesk.ui.screens import import_words as words
from clientdesk.ui.screens.ask_path import ask_path
from clientdesk.ui.screens.base import DeskScreen
from clientdesk.ui.widgets.error_log import ErrorLog


class LogScreen(DeskScreen[None]):
    """A screen with an error log."""

    AUTO_FOCUS = "RowTable"

    write_status: Callable[[], None]
    """Say which rows are shown."""
    save_report: Callable[[str, bool], Awaitable[None]]
    """Write the report to a path, in the place of what is there or not. Raises Refused."""
    report_name: Callable[[], str]
    """The path that is offered for the report."""

    def help_scopes(self) -> tuple[str, ...]:
        return (self.SCOPE, "table", "picker")

    @property
    def error_log(self) -> ErrorLog:
        """The error log."""
        return self.query_one(ErrorLog)

    # --- commands

    async def command_log_filter(self) -> None:
        """Show the rows of one reason."""
        from clientdesk.ui.screens.picker import Choose

        reasons = await self.error_log.source.reasons()
        if not reasons:
            self.tell(_("No row is refused here."))
            return
        everything = _("All reasons ({count})").format(count=whole_number(sum(count for _code, count in reasons)))
        options = [("", everything)]
        options += [(code, f"{words.reason_title(code)} ({whole_number(count)})") for code, count in reasons]
        chosen = await self.app.push_screen_wait(Choose(_("Which reason?"), options, self.error_log.code))
        if chosen is not None and chosen != self.error_log.code:
            self.error_log.show(self.error_log.source, chosen)
            self.write_status()

    async def command_log_next(self) -> None:
        """To the next row with another reason."""
        if not await self.error_log.go_to_reason(1):
            self.tell(_("No row further down has another reason."))

    async def command_log_previous(self) -> None:
        """To the row before with another reason."""
        if not await self.error_log.go_to_reason(-1):
            self.tell(_("No row further up has another reason."))

    async def command_log_line(self) -> None:
        """To a line of the file."""
        from clientdesk.ui.screens.dialogs import Ask

        def check(text: str) -> str | None:
            return None if text.isascii() and text.isdigit() and len(text) < 12 else _("Write the number of a line.")

        text = await self.app.push_screen_wait(Ask(_("Which line of the file?"), save=_("Go"), check=check))
        if text:
            await self.error_log.go_to_line(int(text))

    async def command_log_save(self) -> None:
        """Save the refused rows as a file that can be corrected and imported again."""
        if not await self.error_log.source.count(""):
            self.tell(_("No row is refused; there is nothing to save."))
            return
        if path := await ask_path(self, _("Where is the report saved?"), self.report_name(), self.save_report):
            self.tell(_("Saved: {path}").format(path=display_text(path)))
