"""What every screen shares: title and footer, commands, and failures told in a sentence."""

import os
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.message_pump import MessagePump
from textual.screen import ModalScreen
from textual.worker import Worker, get_current_worker

from clientdesk.domain.access import READING
from clientdesk.domain.catalogue import Catalogue
from clientdesk.domain.problems import FirmUnusable, Problem, Refused, refuse
from clientdesk.folders import styles_folder
from clientdesk.text import _
from clientdesk.ui.commands import BY_ID, Command, bindings_for, commands_of, keys_of
from clientdesk.ui.desk_app import desk_app
from clientdesk.ui.firm_change import BY_OTHERS, FirmChange
from clientdesk.ui.gateway import Dropped, Gateway
from clientdesk.ui.resizing import LatestSize
from clientdesk.ui.screens.ending import EndsOnTop
from clientdesk.ui.textual_private import PassesOver
from clientdesk.ui.timers import LateTimers
from clientdesk.ui.widgets.bars import FooterCommand, FooterLine, Part, TitleLine
from clientdesk.ui.widgets.missing_parts import PartsGone, WithParts, staying
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.ui.textual_private import CSSPathType

Result = TypeVar("Result")
SLOW = 0.7
"""After so many seconds a command that is still under way says so."""


def style(name: str) -> str:
    """The path of the stylesheet `styles/<name>.tcss`, for a screen's CSS_PATH."""
    return os.path.join(styles_folder(), f"{name}.tcss")


def gateway_of(node: MessagePump) -> Gateway:
    """The gateway of the program a screen or widget belongs to."""
    return desk_app(node).gateway


def is_away(refusal: Refused) -> bool:
    """Whether something was refused because the firm's server does not answer now, or its file is another one: a line
    says so, and what is on the screen is still true as far as known."""
    return isinstance(refusal, FirmUnusable) and (refusal.away or refusal.another_file)


class Commanding(LateTimers, LatestSize, PassesOver, WithParts, EndsOnTop[Result]):
    """Does commands: a key, a click in the footer or the palette calls `action_command(id)`, which asks
    the access table and then calls the method `command_<id>` (see `Command.method`) of the screen or of one of its `parts`.

    The method may be a coroutine: it runs in a worker, so it may use `push_screen_wait`, and what it
    is refused is shown as a notification. The same command is not begun twice at once.
    """

    SCOPE: ClassVar[str] = ""
    parts: Sequence[object] = ()
    """What does commands of the screen for it."""
    is_unasked = False
    """Whether it is a question that no key has asked for: keys typed before it is seen are forgotten."""

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._under_way: dict[str, Worker[None]] = {}
        self._readings: list[Worker[None]] = []
        self._due: Callable[[], Any] | None = None
        """What begins to read, as soon as the screen is laid out."""
        self._told = False
        self.is_stale = False
        """Whether someone else has changed the firm since what is shown was read, or may have."""
        self.is_freshening = False
        """Whether it is being read again because of that."""

    @property
    def is_opening(self) -> bool:
        """Whether what the screen needs before it can obey is still being read: it is there, or known not to come,
        when this is over."""
        self._readings = [reading for reading in self._readings if not (reading.is_finished or reading.is_cancelled)]
        if self._due is not None:
            self.call_after_refresh(self._begin_due)  # Textual forgets what comes after a failure
            return True
        return bool(self._readings)

    @property
    def is_unfinished(self) -> bool:
        """Whether something is still being read that shall be seen with the rest: it is painted with it, unless it takes
        long."""
        return self.is_opening or (isinstance(self.focused, RowTable) and self.focused.rows.is_reading)

    def awaits(self, event: events.Event) -> bool:
        """Whether a key (or a paste) must wait, as what it acts upon is on its way."""
        return self.is_opening or (isinstance(self.focused, RowTable) and self.focused.awaits(event))

    @property
    def is_obeying(self) -> bool:
        """Whether a command is under way, so that the keys after it wait for what it opens."""
        return bool(self._under_way)

    @property
    def is_saving(self) -> bool:
        """Whether what the screen shows is being saved, and nothing is asked about it: it is neither changed nor left
        before it is known what becomes of it."""
        saves = any(name in BY_ID and BY_ID[name].saves for name in self._under_way)
        return saves and self.app.screen is self

    def tell_of_save(self) -> None:
        """Say why nothing else is done now."""
        self.tell(_("One moment: it is being saved."))

    lets_go: ClassVar[bool] = True
    """Whether esc gives up what a command is about to open; otherwise it is a key of the screen at any time."""

    def give_up(self) -> Collection[Worker[None]]:
        """Let the keys wait no longer for what is being opened; the workers that shall open nothing any more."""
        given_up = list(self._under_way.values())
        self._under_way.clear()
        return given_up

    @property
    def under_way(self) -> frozenset[str]:
        """The ids of the commands that were begun here and have not ended."""
        return frozenset(self._under_way)

    @property
    def gateway(self) -> Gateway:
        """The way to the desk."""
        return gateway_of(self)

    @property
    def catalogue(self) -> Catalogue:
        """The fields of the firm's clients."""
        return self.gateway.catalogue

    def footer_commands(self) -> Iterable[Command]:
        """The commands of which the footer shows as many as fit; those of the clients' work where the firm has a template of
        it."""
        commands = (*commands_of(self.SCOPE), *(() if self.is_modal else commands_of("global")))
        idle = () if self.catalogue.templates else ("work.",)
        return [command for command in commands if command.footer and not command.id.startswith(idle)]

    def footer_title(self, command: Command) -> str:
        """The word the footer shows for a command (it may depend on the row, say Activate)."""
        return _(command.title)

    def may(self, command: Command) -> bool:
        """Whether your access allows the command, and the firm can be written where it writes."""
        if command.action is None or not self.gateway.is_open:
            return True
        if command.action not in READING and self.gateway.read_only is not None:
            return False
        return self._allows(command)

    def _allows(self, command: Command) -> bool:
        """Whether your access allows the command, were the firm written or not."""
        gateway = self.gateway
        is_in_work = command.in_work is not None and bool(gateway.catalogue.templates)
        return gateway.allows(command.action) or (is_in_work and gateway.allows(command.in_work))

    def is_offered(self, command: Command) -> bool:
        """Whether the command is shown to you: not one that your access never allows."""
        return command.action is None or not self.gateway.is_open or self._allows(command)

    def _method(self, command: Command) -> Callable[[], Coroutine[Any, Any, Any] | None] | None:
        """What does a command: a method of the screen, or of one of its parts."""
        methods = (getattr(part, command.method, None) for part in (self, *self.parts))
        return next(filter(None, methods), None)

    def action_command(self, command_id: str) -> None:
        """Do a command by its id."""
        command = BY_ID[command_id]
        method = self._method(command)
        if method is None:
            desk_app(self).action_command(command_id)
            return
        if self.is_saving:
            self.tell_of_save()
            return
        if command_id in self._under_way:
            return
        self.app.clear_notifications()  # what they say was about something before this
        self._told = False
        if not self.may(command):
            self.tell(self.refusal(command))
            return
        try:
            result = method()
        except PartsGone:
            return
        if result is not None:
            self.begin(command_id, result)

    def begin(self, name: str, work: Coroutine[Any, Any, Any]) -> None:
        """Do something that may open a screen, a command or another thing, unless it is under way: keys wait for it."""
        if name in self._under_way:
            work.close()
            return
        self._under_way[name] = self.run_worker(self._finish(name, work), group="command", exit_on_error=True)

    async def _finish(self, name: str, work: Awaitable[Any]) -> None:
        worker = get_current_worker()
        slow = self.set_timer(SLOW, self._tell_patience)
        try:
            await self.guarded(work, asked=True)
        finally:
            slow.stop()
            if self._under_way.get(name) is worker:  # otherwise it was given up
                del self._under_way[name]

    def begin_reading(self, function: Callable[..., Awaitable[Any]], *arguments: Any, group: str = "load") -> None:
        """Read what the screen's keys act upon: they wait until it is there or refused. A newer one of the group
        replaces it."""

        async def read() -> None:
            await self.guarded(function(*arguments))

        self._readings.append(self.run_worker(read, group=group, exclusive=True))

    def when_laid_out(self, begin: Callable[[], Any]) -> None:
        """Call what begins to read, as soon as it is known how many rows fit; keys wait from now on."""
        self._due = begin
        self.call_after_refresh(self._begin_due)

    def _begin_due(self) -> None:
        begin, self._due = self._due, None
        if begin is not None:
            begin()

    def _tell_patience(self) -> None:
        """Say that the work goes on, unless it has said something itself or asks something in a dialog."""
        if self.app.screen is self and not self._told:
            self.app.clear_notifications()
            desk_app(self).show_passing(_("Working…"))

    async def guarded(self, work: Awaitable[Any], asked: bool = False) -> Any:
        """Await `work`; a refusal is shown as a notification, a dropped read is nothing. None then.

        That the firm's server is away is only told where the person has `asked` for this; a line says it anyway.
        """
        try:
            return await work
        except Refused as refusal:
            if not desk_app(self).is_offering_copy and (asked or not is_away(refusal)):
                self.tell(refusal)
        except Dropped:
            pass
        except PartsGone:
            pass  # the screen was left while the work went on, or is not there yet
        return None

    @property
    def has_parts(self) -> bool:
        """Whether all parts of the screen are there: it is neither being opened nor has been left."""
        return super().has_parts and not self.is_unopened and not self.is_opening

    is_unopened = False
    """Whether opening it has failed (see `failures.Failures`)."""

    PASSED_OVER = (PartsGone,)
    # What is told to a screen that is not there yet, or not any more, is told to nobody; its other messages go on.

    def refusal(self, command: Command) -> Refused:
        """The desk's sentence for a command that your access does not allow, or that a firm which is read only does not."""
        assert command.action is not None
        gateway = self.gateway
        if gateway.read_only is not None and self._allows(command):
            return gateway.read_only
        return refuse(
            "not_allowed",
            access=gateway.me.access.label,
            action=command.action.value,
            admin=gateway.firm.primary_admin,
        )

    def tell(self, what: Refused | str) -> None:
        """Show a sentence for a few seconds: a refusal as a warning, a text as a plain notice."""
        self.app.clear_notifications()
        self._told = True
        if isinstance(what, Refused):
            self.notify(what.message, severity="warning", markup=False, timeout=8)
        else:
            self.notify(what, markup=False, timeout=4)

    def tell_unread(self, *unread: "Problem | None") -> None:
        """Say that something that was saved cannot be read, where that is so."""
        if problems := [problem for problem in unread if problem is not None]:
            self.tell(Refused(*problems))

    # --- what others do meanwhile

    @property
    def in_sight(self) -> bool:
        """Whether nothing but dialogs stands over the screen."""
        stack = self.app.screen_stack
        return self in stack and all(screen.is_modal for screen in stack[stack.index(self) + 1 :])

    def firm_changed(self, change: FirmChange = BY_OTHERS) -> None:
        """The firm has changed, or may have: what is in sight is read again, the rest when it is seen."""
        self.is_stale = True
        self._begin_freshening()

    def _begin_freshening(self) -> None:
        if self.is_stale and not self.is_freshening and self.in_sight:
            self.is_freshening = True
            self.run_worker(self._freshen(), group="fresh")

    async def _freshen(self) -> None:
        # One reading after the other: what changes while one is under way is read by the next.
        try:
            while self.is_stale and self.in_sight:
                self.is_stale = False
                await self.guarded(self.freshen(BY_OTHERS))
        finally:
            self.is_freshening = False

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read again what is shown, because of a change; nothing that was typed or chosen is lost by it."""

    def save_settled(self, saved: bool) -> None:
        """It is known now what became of this screen's save that was under way when the server went away."""

    def on_screen_resume(self) -> None:
        """What was changed while other screens stood over this one is read now."""
        self._begin_freshening()

    def help_scopes(self) -> tuple[str, ...]:
        """The scopes whose commands the help screen and the palette list."""
        return (self.SCOPE,)

    async def may_leave(self) -> bool:
        """Whether the screen may go when the person leaves it or quits; asks where something would be lost."""
        unsaved = self.unsaved()
        return not unsaved or await desk_app(self).may_discard(unsaved)

    def unsaved(self) -> str:
        """What was typed or chosen here and would be lost, in words; "" for nothing."""
        return ""


class DeskScreen(Commanding[Result]):
    """A whole screen: title line, the body that the subclass composes, footer line.

    A subclass sets SCOPE, `BINDINGS = bindings_for(SCOPE)` and CSS_PATH, and overrides `body`, `title_text`.
    """

    def compose(self) -> ComposeResult:
        """Title, body, footer."""
        yield TitleLine(id="title")
        yield from self.body()
        yield FooterLine(self._footer, self.action_command, id="footer")

    def _footer(self) -> Iterable[FooterCommand]:
        """What the footer shows, if there is room."""
        for command in filter(self.is_offered, self.footer_commands()):
            key, title = next(iter(keys_of(command)), ""), self.footer_title(command)
            yield FooterCommand(command.id, key, title, command.footer, self.may(command))

    def body(self) -> ComposeResult:
        """The widgets between title and footer."""
        yield from ()

    def title_text(self) -> str:
        """What the title says after the firm's name; "" for nothing. Data needs no escaping."""
        return ""

    def on_mount(self) -> None:
        """Write the title, and where the server is away, since when."""
        self.write_title()
        self.write_away()

    def on_screen_resume(self) -> None:
        """Names and access may have changed on the screen above."""
        self.write_title()
        self.write_footer()

    def write_title(self) -> None:
        """Draw the title line again."""
        if not self.gateway.is_open:
            self.query_one(TitleLine).show([Part("clientdesk", "strong"), *self._after()])
            return
        firm, me = self.gateway.firm, self.gateway.me
        self.query_one(TitleLine).show(
            [Part(firm.name, "strong"), *self._after()],
            [Part(me.name), Part(f" · {_(me.access.label)}", "dim"), *self._limits()],
        )

    def _limits(self) -> list[Part]:
        """That nothing can be changed, where the firm is read only; it is cut last."""
        if self.gateway.read_only is None:
            return []
        return [Part(" · ", "dim", keep=1), Part(_("read only"), "strong", keep=1)]

    def _after(self) -> list[Part]:
        parts = self.title_parts()
        return [Part(" › ", "dim", keep=max(part.keep for part in parts)), *parts] if parts else []

    def title_parts(self) -> list[Part]:
        """The same in parts, where some of it is cut later than the firm's name."""
        text = self.title_text()
        return [Part(text)] if text else []

    def firm_changed(self, change: FirmChange = BY_OTHERS) -> None:
        """The firm's name and your access may have changed, too."""
        if self.query(TitleLine):
            self.write_title()
            self.write_footer()
        super().firm_changed(change)

    def write_away(self) -> None:
        """While the firm's server does not answer, or its file is another one, a line above the footer says so."""
        if not self.gateway.has_alarm:
            self.query("AlarmLine").remove()
            return
        from clientdesk.ui.widgets.note_lines import AlarmLine, AnotherFileLine, AwayLine

        since, error = self.gateway.away_since, self.gateway.another_file
        is_gone = error is not None and error.code == "firm_gone"
        if staying(self, AlarmLine):
            for line in self.query(AnotherFileLine):
                line.tell(is_gone)
        elif self.query("#footer"):
            away = since is not None and AwayLine(since.strftime("%H:%M:%S"))
            self.mount(away or AnotherFileLine(is_gone, self.action_command), before="#footer")

    def write_footer(self) -> None:
        """Draw the footer again (a title or a permission may have changed)."""
        self.query_one(FooterLine).write()

    def command_app_back(self) -> None:
        """Go one level back."""
        self.dismiss()


class DialogScreen(ModalScreen[Result], Commanding[Result]):
    """A dialog over a screen. Esc leaves it with the result None (see `nothing`)."""

    SCOPE = "dialog"
    BINDINGS = bindings_for("dialog")
    CSS_PATH: "ClassVar[CSSPathType | None]" = style("dialogs")
    AUTO_FOCUS = "*"
    # Smaller terminals than the usual one: see styles/dialogs.tcss.
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (50, "-narrow"), (80, "-usual")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (16, "-low"), (24, "-high")]

    def nothing(self) -> Any:
        """What the dialog returns when it is left without an answer."""
        return None

    def command_dialog_cancel(self) -> None:
        """Leave without an answer, by key or button; asks where something would be lost."""
        if self.unsaved():
            self.begin("leave", self._ask_and_leave())
        else:
            self.dismiss(self.nothing())

    async def _ask_and_leave(self) -> None:
        if await self.may_leave():
            self.dismiss(self.nothing())
