"""The program with its screens: it only wires."""

import asyncio
import gc
import signal
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import RenderableType
from rich.terminal_theme import TerminalTheme
from textual import events
from textual.binding import Binding
from textual.css.query import NoMatches
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import WorkerFailed

from clientdesk.domain.problems import Problem, Refused
from clientdesk.own_settings import own_settings
from clientdesk.text import _
from clientdesk.ui.colours import SIXTEEN, PaperReversed, fitting_theme, no_colour_wanted
from clientdesk.ui.commands import BY_ID, bindings_for, keys_of, person_keys
from clientdesk.ui.failures import Failures
from clientdesk.ui.gateway import Dropped, Failed, Gateway
from clientdesk.ui.kept_messages import Telling
from clientdesk.ui.leaving import Leaving
from clientdesk.ui.painting import PaintsChanges
from clientdesk.ui.screens.base import Commanding, style
from clientdesk.ui.styles_kept import KeptStyles
from clientdesk.ui.terminal.driver import TerminalDriver
from clientdesk.ui.timers import LateTimers
from clientdesk.ui.watching import Watch
from clientdesk.ui.widgets.missing_parts import PartsGone

if TYPE_CHECKING:
    from clientdesk.ui.desk_app import DeskApp
    from clientdesk.ui.import_under_way import Importing
    from clientdesk.ui.terminal.driver import UsesTerminal


class ClientdeskApp(LateTimers, PaintsChanges, Telling, inherit_bindings=False):
    """clientdesk in a terminal. `gateway` has the firm open, unless `missing` names a place where there is none.

    `notices` are sentences to be told at the start.
    """

    BINDINGS = [*bindings_for("global"), Binding("ctrl+c", "say_how_to_leave", show=False)]
    CSS_PATH: ClassVar = [style("app"), style("list")]
    ENABLE_COMMAND_PALETTE = False
    TITLE = "clientdesk"
    _ansi_theme: tuple[str, TerminalTheme] | None = None
    """The theme for which `ansi_theme` was looked up, and what it is."""

    def __init__(self, gateway: Gateway, missing: str | None = None, notices: Sequence[str] = ()) -> None:
        super().__init__()
        self.stylesheet = KeptStyles(variables=self.get_css_variables())
        self.gateway = gateway
        self.watcher = Watch(self, gateway)
        self._missing = missing
        self._notices = notices
        self.leaving = Leaving(self, gateway, self._break_off_import)
        self.failures = Failures(self)
        self.failure: Failed | None = None
        self.importing: Importing | None = None
        """The import that is being prepared or under way, or whose report was not read yet."""
        self.animation_level = "none"
        self.register_theme(SIXTEEN)
        theme = fitting_theme(own_settings().theme, self.console)
        if theme != self.theme:
            self.theme = theme

    def get_driver_class(self) -> type[Driver]:
        """What reads and writes the terminal."""
        return TerminalDriver

    @property
    def native_ansi_color(self) -> bool:
        """Whether colours go to the terminal by its own names; without any colour Textual only then takes all away."""
        return no_colour_wanted() or super().native_ansi_color

    @property
    def ansi_theme(self) -> TerminalTheme:
        """How the terminal's own colours look: asked for each line, and looked up once for each theme."""
        if self._ansi_theme is None or self._ansi_theme[0] != self.theme:
            self._ansi_theme = self.theme, super().ansi_theme
        return self._ansi_theme[1]

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What lines go through before they are written."""
        filters = super().get_line_filters()
        return [PaperReversed(), *filters] if self.no_color else filters

    def get_default_screen(self) -> Screen[Any]:
        """The client list, or the welcome screen where there is no firm yet."""
        if self._missing is not None:
            from clientdesk.ui.screens.welcome import WelcomeScreen

            welcome: Screen[Any] = WelcomeScreen(self._missing)
            return welcome
        from clientdesk.ui.screens.clients import ClientList

        return ClientList()

    def on_mount(self) -> None:
        """The person's keys, and an orderly end when the terminal or the system goes away."""
        if keys := person_keys():
            self.set_keymap(keys)
        asyncio.get_running_loop().set_exception_handler(self._failed_in_loop)
        if not self.is_headless:
            self.leaving.hear_signals()
        self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        self._collect_garbage()
        self.watcher.start()
        for sentence in self._notices:
            self.notify(sentence, markup=False, timeout=10)
        if self.gateway.is_open:
            self._warn(self.gateway.session.notices)
            self.run_worker(self._warn_of_history(), group="history heads")

    def _warn(self, notices: Sequence[Problem]) -> None:
        for notice in notices:
            self.notify(notice.message, severity="warning", markup=False, timeout=20)

    async def _warn_of_history(self) -> None:
        with suppress(Dropped, Refused):  # what cannot be read now says so itself, to whoever wants to see it
            self._warn(await self.gateway.history_warnings())

    def _collect_garbage(self) -> None:
        if not gc.isenabled():
            gc.freeze()
            gc.enable()

    def note_asked(self) -> None:
        """Something is asked of the program: a key, a click."""
        self.failures.asked()

    async def on_event(self, event: events.Event) -> None:
        """Keys of commands that are obeyed at once do not wait for the keys before them, nor for what has the focus.

        One that comes when the last screen has gone (the program is being left) is for nobody."""
        if isinstance(event, events.Key) and not self.screen_stack:
            return
        if isinstance(event, events.Key) and not event.is_forwarded and await self.obey_at_once(event.key):
            return
        await super().on_event(event)

    @property
    def is_leaving(self) -> bool:
        """Whether the screens are being asked whether they let go, and none of them asks the person now."""
        return self.leaving.is_deciding

    @property
    def is_offering_copy(self) -> bool:
        """Whether a question tells that something was not saved, and offers a copy of the firm."""
        return self.watcher.is_offering

    async def may_discard(self, unsaved: str) -> bool:
        """Whether what is `unsaved`, in words, may be lost: the person is asked."""
        from clientdesk.ui.screens.dialogs import Discard

        discarded: bool = await self.push_screen_wait(Discard(unsaved))
        return discarded

    # --- commands that work everywhere

    def command_app_suspend(self) -> None:
        """Stop the program; the shell's `fg` brings it back."""
        if isinstance(self.driver, TerminalDriver):
            self.driver.suspend(everyone=True)

    def command_app_repaint(self) -> None:
        """Paint everything again, in the size that the terminal has now."""
        if isinstance(self.driver, TerminalDriver):
            self.driver.look_at_size()
        self.repaint()

    def action_command(self, command_id: str) -> None:
        """Do a command: the part of the screen with the focus may have its own way, then the screen."""
        method = BY_ID[command_id].method
        for node in (self.focused, self.screen, self):
            if command := getattr(node, method, None):
                command()
                return

    def command_app_help(self) -> None:
        """Show the keys of the screen."""
        from clientdesk.ui.screens.help import HelpScreen

        screen = self.screen
        self.push_screen(HelpScreen(screen.help_scopes() if isinstance(screen, Commanding) else ()))

    def command_app_palette(self) -> None:
        """Find a command or a client by its words."""
        from clientdesk.ui.screens.palette import PALETTE, choose_command

        if isinstance(self.screen, Commanding):
            self.screen.begin(PALETTE, choose_command(self.screen))

    def command_app_save_copy(self) -> None:
        """Save a copy of the firm in another file."""
        from clientdesk.ui.screens.another_file import save_copy

        if isinstance(self.screen, Commanding) and self.gateway.is_open:
            self.screen.begin("app.save-copy", save_copy(self.screen))

    def command_app_messages(self) -> None:
        """Read the last messages again."""
        from clientdesk.ui.screens.messages import MessagesScreen

        self.clear_notifications()  # they are the first of those
        self.push_screen(MessagesScreen(list(self.messages())))

    def command_app_quit(self) -> None:
        """Leave from the list."""
        self.command_app_leave()

    def command_app_leave(self) -> None:
        """Leave from anywhere, if the open screens let go."""
        self.leaving.leave()

    def action_say_how_to_leave(self) -> None:
        """Ctrl+c interrupts nothing here: say what does leave."""
        key = next(iter(keys_of(BY_ID["app.leave"])), "")
        self.notify(_("{key} leaves clientdesk.").format(key=key), markup=False)

    # --- an import, which goes on whatever screen is shown

    def open_import(self) -> None:
        """Show the import where it is; begin one where there is none."""
        from clientdesk.ui.import_under_way import Importing, Stage
        from clientdesk.ui.screens.import_step import APPLY, FILE, REPORT, STEPS
        from clientdesk.ui.screens.openings import import_step

        if self.importing is None:
            session = self.gateway.session
            self.importing = Importing(session.location, session.login, session.done)
        step = {Stage.CHOOSING: FILE, Stage.APPLYING: APPLY}.get(self.importing.stage, REPORT)
        self.push_screen(import_step(STEPS[step].screen))

    def import_wrote(self) -> None:
        """What the import has written is read, as soon as it is seen."""
        for screen in self.screen_stack:
            if isinstance(screen, Commanding):
                screen.firm_changed()

    def import_ended(self) -> None:
        """The import has written what it could; its report is there."""
        if self.is_running:
            self.import_wrote()

    def _break_off_import(self) -> None:
        if self.importing is not None:
            self.importing.break_off()

    async def end_import(self) -> None:
        """Forget the import; what it is writing is broken off and rolls back."""
        importing, self.importing = self.importing, None
        if importing is not None:
            await importing.close()

    async def on_unmount(self) -> None:
        """Nothing is written after the person has left."""
        self.watcher.stop()
        await self.end_import()

    # --- failures

    def note_part(self, part: Widget) -> None:
        """What fails in a part of a screen is told, and the part goes on."""
        self.failures.guard(part)

    def failed(self, error: Exception) -> None:
        """Tell what has failed, in a dialog, or in a sentence of `start.run_app` when the terminal is restored.

        Textual would end, and draw a traceback with every local variable. Here the log has the traceback; tests get
        the error raised.
        """
        cause = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(cause, PartsGone) or (self.is_ending and isinstance(cause, NoMatches)):
            return  # a screen that is just being opened, or left, has no parts
        self.failures.came(cause)  # a worker's failure is inside another one, and the traceback is there
        self.raise_in_test(error)

    @property
    def can_ask(self) -> bool:
        """Whether a dialog can be shown and answered."""
        return self.is_running and bool(self.screen_stack) and not self.is_ending and self.failure is None

    def go_on(self) -> None:
        """After a failure: look again for what others do."""
        self.watcher.start()

    def log_failure(self, error: BaseException | None) -> None:
        """Write down what has failed."""
        from clientdesk.log_file import log

        log().error("unexpected failure", exc_info=error)

    def fail(self, error: BaseException | None) -> None:
        """End with a sentence and 1; the log is told what has failed, if that is not known yet."""
        if error is not None:
            self.log_failure(error)
        self.failure = Failed()
        self.end_with(1)

    def panic(self, *renderables: RenderableType) -> None:
        """End because of what Textual would show instead of a sentence."""
        self.fail(RuntimeError(*renderables))

    def _failed_in_loop(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """A callback of the event loop has failed, or nobody has asked what became of a task."""
        error = context.get("exception")
        if "handle" in context and isinstance(error, Exception) and not self.is_ending:
            self.failed(error)
        else:  # what was to be done has been told where it was asked for, or is of no use any more
            from clientdesk.log_file import log

            log().error(context.get("message", ""), exc_info=error)

    def input_failed(self, error: BaseException) -> None:
        """The thread that reads the terminal has ended."""
        if not self.is_ending:
            self.fail(error)

    def terminal_lost(self, error: OSError) -> None:
        """The terminal has gone away: that is the end, whether or not the system has sent its signal."""
        if not self.is_ending:
            from clientdesk.log_file import log

            log().error("the terminal has gone away: %s", error)
            self.leaving.at_once(signal.SIGHUP)

    def release_terminal(self) -> None:
        """Give the terminal back, however the program has ended."""
        if isinstance(self.driver, TerminalDriver):
            self.driver.release()


if TYPE_CHECKING:

    def _is_what_others_take_it_for(app: ClientdeskApp) -> tuple[DeskApp, UsesTerminal]:
        return app, app  # the types prove it
