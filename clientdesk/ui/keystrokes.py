"""Keys in the order in which they were typed, each to what has the focus when its turn comes.

Textual hands a key to the focused widget as soon as it arrives, and a key that moves the focus or opens a screen is
only obeyed when it has come up to the app. Keys that arrive together (a slow line, a pasted word, a fast typist) would
go to where the focus was. Here a key waits until the one before it has been obeyed and what that one opened says that
it is ready: it is laid out, has the focus, and has its rows or knows that none will come. No clock decides this.
A question that nobody has asked for (someone else was faster) is not answered by what was typed before it was seen.

Whoever waits can leave. Esc, with nothing typed before it that waits too, gives up what is being opened; ctrl+q leaves.
After other keys both wait for their turn, and pressed once more they count at once: what was typed before is forgotten.
Only what is being saved is not left: they say so.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, cast
from weakref import WeakSet

from textual import events
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import NoActiveWorker, Worker, get_current_worker

from clientdesk.ui.gateway import Dropped
from clientdesk.ui.screens.base import Commanding
from clientdesk.ui.textual_private import OpenApp

LOOK_AGAIN = 0.01
"""So many seconds pass between two looks whether what a key waits for is there."""
ROUNDS = 2
"""So often at least everything on the screen is waited for after a key: what a key sets going is told from part to
part, and as long as a part has something to do, so it is asked again."""
AT_MOST = 30
"""So often at most: what never rests is not waited for. No screen is nested so deep."""
AT_ONCE = frozenset(("ctrl+c",))
"""These do nothing that the keys before them could change; while something is being opened they do not wait."""
LEAVING = frozenset(("escape", "ctrl+q"))

Typed = events.Key | events.Paste


class Passage:
    """The way of a key through the program: from the widget that had the focus up to the app, as the key goes; then,
    where it may have set something going there, through the screen and all its parts that have something to do."""

    def __init__(self, app: "KeysInOrder", first: DOMNode, thorough: bool, over: Callable[[], None]) -> None:
        self._app = app
        self._over = over
        self._way: list[MessagePump] = [first, *first.ancestors]
        if app not in self._way:
            self._way.append(app)
        self._is_thorough = thorough
        self._rounds = 0
        self._waiting: set[MessagePump] = set()
        self._next()

    @property
    def is_over(self) -> bool:
        """Whether all that the key has set going was done. Who has gone meanwhile is not waited for."""
        if self._waiting and not any(part.is_running for part in self._waiting):
            self._waiting = set()
            self._next()
        return not self._waiting

    def _next(self) -> None:
        while not self._waiting:
            if self._way:
                self._ask([self._way.pop(0)])
            elif not self._ask_around():
                self._over()
                return

    def _ask_around(self) -> bool:
        """Ask the screen and all its parts that have something to do, unless that is over."""
        if not self._is_thorough or self._rounds == AT_MOST:
            return False
        screen = self._app.screen
        parts = [part for part in screen.walk_children(Widget, with_self=False) if self._app.has_something_to_do(part)]
        if self._rounds >= ROUNDS and not parts and not self._app.has_something_to_do(screen):
            return False
        self._rounds += 1
        self._ask([screen, *parts])
        self._way = [self._app]
        return True

    def _ask(self, parts: Iterable[MessagePump]) -> None:
        for part in parts:
            if part.post_message(events.Callback(callback=_Question(self, part).answer)):
                self._waiting.add(part)

    def came(self, part: MessagePump) -> None:
        """A part has come to the question, so it has done all that was there before."""
        if part in self._waiting:
            self._waiting.discard(part)
            if not self._waiting:
                self._next()


class _Question:
    """What a part is asked, to be answered when its turn comes: a method, of which Textual counts the parameters once
    and not each time, as with `call_later`."""

    def __init__(self, passage: Passage, part: MessagePump) -> None:
        self._passage = passage
        self._part = part

    def answer(self) -> None:
        """The part has come to it."""
        self._passage.came(self._part)


class KeysInOrder(OpenApp):
    """An app that obeys one key after the other."""

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[Typed] = deque()
        self._passage: Passage | None = None
        self._is_looking = False
        self._idle = True
        self._top: Screen[object] | None = None
        """The screen on top at the last look."""
        self._is_laid_out = False
        self._had_focus = False
        self._given_up: WeakSet[Worker[None]] = WeakSet()
        self.parts_at_work: set[MessagePump] = set()
        """The parts of the screens that are within a message now."""

    def has_something_to_do(self, part: Widget) -> bool:
        """Whether messages wait for a part of a screen, it is within one, or it is still being made."""
        return part in self.parts_at_work or part.message_queue_size > 0 or not part.is_mounted

    @property
    def obeying(self) -> bool:
        """Whether a key has not been obeyed yet, or what the last one opened is not ready."""
        return not self._idle

    @property
    def is_leaving(self) -> bool:
        """Whether the person is about to leave and may be asked something."""
        return False

    def note_asked(self) -> None:
        """A key or a click is obeyed from now on."""

    def note_obeyed(self) -> None:
        """All that was typed has been obeyed, and what it has opened is ready."""

    def forget_typed(self) -> None:
        """Forget the keys that wait for their turn; those that come are obeyed."""
        self._typed.clear()
        self._passage, self._idle = None, False
        self.call_later(self._look)

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes wait for their turn, and nothing is clicked in what is being saved; the rest goes its way."""
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            self._typed.append(event)
            self._idle = False
            await self._go_on()
            return
        if isinstance(event, events.MouseDown):
            self.note_asked()
        if isinstance(event, (events.MouseDown, events.MouseUp)) and self._is_saving:
            if isinstance(event, events.MouseDown):
                cast("Commanding[Any]", self.screen).tell_of_save()
        else:
            await super().on_event(event)

    @property
    def _is_saving(self) -> bool:
        """Whether what the screen on top shows is being saved."""
        screen = self.screen if self.screen_stack else None
        return isinstance(screen, Commanding) and screen.is_saving

    async def push_screen_wait(self, screen: Any, *, mode: str | None = None) -> Any:
        """Show a screen and wait for its answer. Raises Dropped where the person did not wait for it."""
        try:
            worker = get_current_worker()
        except NoActiveWorker:
            worker = None
        if worker in self._given_up:
            raise Dropped
        return await super().push_screen_wait(screen, mode=mode)

    # --- one key after the other

    async def _go_on(self) -> None:
        """Obey the next key, if the one before has been obeyed and everything is ready for it."""
        while self._passage is None or self._passage.is_over:
            self._passage = None
            typed = self._typed[0] if self._typed else None
            if self._is_ready_for(typed):
                if typed is None:
                    self._idle = True
                    self.note_obeyed()
                    return
                self._typed.popleft()
                await self._obey(typed)
            elif not await self._obey_whoever_waits():
                break
        self._look_again()

    async def _obey(self, typed: Typed) -> None:
        target = self.focused or self.screen
        thorough = isinstance(typed, events.Key) and not (typed.is_printable and isinstance(target, Input))
        self.note_asked()
        await super().on_event(typed)
        self._passage = Passage(self, target, thorough, self._note_over)

    def _note_over(self) -> None:
        self.post_message(events.Callback(callback=self._look))

    def _look_again(self) -> None:
        if not self._is_looking:
            self._is_looking = True
            asyncio.get_running_loop().call_later(LOOK_AGAIN, self._looked)

    def _looked(self) -> None:
        self._is_looking = False
        if not self._idle and self.is_running:
            self._note_over()

    async def _look(self) -> None:
        if not self._idle:
            await self._go_on()

    # --- what a key waits for

    def _is_ready_for(self, typed: Typed | None) -> bool:
        if not self.screen_stack or self.is_ending:
            return False
        screen = self.screen
        if not self._is_standing(screen) or self.is_leaving:
            return False
        if isinstance(screen, Commanding):
            return not screen.is_obeying and not (typed is not None and screen.awaits(typed))
        return True

    def _is_standing(self, screen: Screen[object]) -> bool:
        """Whether a screen has been laid out since it came to the top, and its first part has the focus."""
        if screen is not self._top:
            self._top, self._is_laid_out, self._had_focus = screen, False, False
        if not self._is_laid_out or not screen.is_mounted:
            if not self.has_something_to_do(screen):  # else the question would be one more that it has not come to
                screen.call_after_refresh(self._note_laid_out, screen)  # asked at each look: Textual forgets some
            return False
        if not self._had_focus:
            auto_focus = screen.AUTO_FOCUS if screen.AUTO_FOCUS is not None else self.AUTO_FOCUS
            nobody = not auto_focus or not any(widget.focusable for widget in screen.query(auto_focus))
            self._had_focus = screen.focused is not None or nobody
            if self._had_focus and isinstance(screen, Commanding) and screen.is_unasked:
                screen.is_unasked = False
                self._typed.clear()
                return False  # whoever asks has looked at one of the keys that are forgotten now
        return self._had_focus

    def _note_laid_out(self, screen: Screen[object]) -> None:
        if screen is self._top:
            self._is_laid_out = True

    # --- whoever does not wait

    async def _obey_whoever_waits(self) -> bool:
        """While something is being opened: obey what does not wait for it; whether that was something."""
        for typed in [event for event in self._typed if isinstance(event, events.Key) and event.key in AT_ONCE]:
            self._typed.remove(typed)
            await super().on_event(typed)
        place = self._leaves()
        if place is None or not self.screen_stack or self.is_ending:
            return False
        screen = self.screen
        leaving = self._typed[place]
        assert isinstance(leaving, events.Key)
        if self._is_saving:
            cast("Commanding[Any]", screen).tell_of_save()
            self._forget(place)
            return True
        if leaving.key == "escape" and isinstance(screen, Commanding) and screen.is_obeying and screen.lets_go:
            self._given_up.update(screen.give_up())
            self._forget(place)
            return True
        if not screen.is_mounted or not self._is_laid_out or screen is not self._top:
            return False
        self._forget(place)
        await self._obey(leaving)
        return True

    def _leaves(self) -> int | None:
        """The place of the key that leaves at once: the first of all, or one that was pressed twice."""
        keys = [event.key if isinstance(event, events.Key) else "" for event in self._typed]
        if keys and keys[0] in LEAVING:
            return 0
        return next((at for at in range(1, len(keys)) if keys[at] in LEAVING and keys[at] == keys[at - 1]), None)

    def _forget(self, place: int) -> None:
        """Forget the keys up to this one."""
        for _key in range(place + 1):
            self._typed.popleft()
