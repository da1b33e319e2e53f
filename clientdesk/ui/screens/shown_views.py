"""Which view the client list shows, whether it was changed since, and the commands of views."""

from collections.abc import Callable, Sequence
from functools import partialmethod
from typing import TYPE_CHECKING, Any

from clientdesk.domain.access import Action
from clientdesk.domain.client_query import Column
from clientdesk.domain.problems import Refused, refuse
from clientdesk.domain.views import Layout, Owner, View, built_in_views
from clientdesk.named_tuple import NamedTuple
from clientdesk.text import _, display_text
from clientdesk.ui.commands import first_key
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.shown_clients import ShownClients
from clientdesk.ui.widgets.row_window import Follow

if TYPE_CHECKING:
    from clientdesk.desk.views import OpenView, Views

STEPS = 200
"""So many changes of what the list shows can be taken back."""
NAME_SHOWN = 40
"""So many characters of a view's name are shown in the title and in questions."""


class Step(NamedTuple):
    """What the list showed: a view, and what was made of it."""

    view: View
    layout: Layout

    def is_like(self, other: "Step") -> bool:
        """Whether both show the same of the same view, however that is called and kept."""
        return self.view.key == other.view.key and self.layout == other.layout

    def is_beside(self, other: "Step") -> bool:
        """Whether nothing but the search is another one."""
        one, another = (step.layout.query._replace(find="") for step in (self, other))
        return self.view.key == other.view.key and (one, self.layout.columns) == (another, other.layout.columns)


class ShownViews:
    """The view of the list. `show` shows a layout; what was shown before can be shown again, which is no undo of what
    was done to clients."""

    def __init__(self, screen: ListScreen[Any], shown: ShownClients, show: Callable[[Layout, Follow], None]) -> None:
        self._screen, self._shown, self._show = screen, shown, show
        self.view = built_in_views()[0]
        self._noted: Step | None = None
        """What the list shows, as far as was noted."""
        self._before: list[Step] = []
        self._after: list[Step] = []
        self._is_typing = False
        """Whether the latest step was one of several in which only the search became another one."""
        self._title: tuple[str, str] = ("", "")
        self._others_made: str | None = None
        """What others have made of the view since it was opened: how it is kept by now, "" where it is deleted; None for
        nothing."""

    # --- what is shown

    def begin(self, opened: "OpenView") -> None:
        """Take the view that was open last, before its list is shown."""
        self.view, self._shown.query, self._noted = opened.view, opened.view.query, None
        self._others_made = None

    def note(self, columns: Sequence[Column]) -> None:
        """The list shows its present query in these columns: where that is something else, what it showed before can be
        shown again."""
        now, before = Step(self.view, Layout(self._shown.query, tuple(columns))), self._noted
        self._noted = now
        if before is not None and not now.is_like(before):
            if not (self._is_typing and now.is_beside(before)):
                self._before = [*self._before[1 - STEPS :], before]
            self._is_typing = now.is_beside(before)
            self._after.clear()
        self.write_title()

    @property
    def layout(self) -> Layout:
        """What the list shows."""
        return self.view.layout if self._noted is None else self._noted.layout

    @property
    def is_changed(self) -> bool:
        """Whether the list shows something else than the view says."""
        return self._noted is not None and not self.view.is_shown_by(self._noted.layout)

    @property
    def has_columns(self) -> bool:
        """Whether the view has columns of its own; else they are yours in all such views."""
        return self.view.layout.columns is not None

    @property
    def is_kept(self) -> bool:
        """Whether somebody may make something else of the view: it is not built in."""
        return self.view.owner is not Owner.BUILT_IN

    def title(self) -> tuple[str, str]:
        """What the title says after the firm's name: the view's, and a mark behind it."""
        mark = _(" · changed") if self.is_changed else ""
        if self._others_made is not None:
            mark = _(" · deleted") if not self._others_made else _(" · changed by others")
        return self.view.name[:NAME_SHOWN], mark

    def write_title(self) -> None:
        """Draw the title again where it says something else by now."""
        if (title := self.title()) != self._title:
            self._title = title
            self._screen.write_title()

    def keep(self, *, asked: bool = False) -> None:
        """Remember which view is open, and in which columns: for the next start. That it cannot be kept is told where the
        person has `asked` for other columns."""
        from clientdesk.desk import views

        gateway, columns = self._screen.gateway, self.layout.columns
        if columns is not None and (asked or gateway.read_only is None):
            keeping = gateway.call(views.keep_open, self.view, columns)
            self._screen.run_worker(self._screen.guarded(keeping, asked=asked))

    def _go_to(self, step: Step) -> None:
        """Show what was shown once."""
        if step.view.key != self.view.key:
            self._others_made = None
        self.view, self._noted, self._is_typing = step.view, step, False
        self._show(step.layout, "cursor")
        self.keep()

    async def _read(self) -> "Views":
        from clientdesk.desk import views

        return await self._screen.gateway.call(views.all_views)

    async def open(self, view: View) -> None:
        """Show a view as it is saved; what cannot be read of it is told."""
        from clientdesk.desk import list_columns

        columns = view.layout.columns
        if columns is None:
            columns = self.layout.columns if not self.has_columns else None
        if columns is None:
            columns = await self._screen.gateway.call(list_columns.columns)
        self.view, self._is_typing, self._others_made = view, False, None
        self._show(Layout(view.query, columns), "top")
        self.keep()
        self._screen.tell_unread(*view.problems)

    async def read_again(self) -> None:
        """Tell what somebody has made of the view meanwhile; the list stays as it is until the person chooses."""
        former, view = self.view, (await self._read()).by_key(self.view.key)
        if former.key != self.view.key:
            return
        told, key = self._others_made, first_key("view.put-back")
        sentences = []
        if view is None:
            self._others_made = ""
            if told != "":
                text = _(
                    "The view {view} was deleted meanwhile. The list stays as it is; {save} saves it under a name."
                )
                sentences.append(text.format(view=_shown(former.name), save=first_key("view.save")))
        else:
            is_same = view.kept == former.kept
            if view.name != former.name:
                text = _("The view {view} is called {name} now.")
                sentences.append(text.format(view=_shown(former.name), name=_shown(view.name)))
            self._others_made = None if is_same else view.kept
            if not is_same and told != view.kept:
                text = _("The view {view} was changed meanwhile. The list stays as it is; {key} shows the view anew.")
                sentences.append(text.format(view=_shown(view.name), key=key))
            # As long as it is kept otherwise, to save it is refused, and tells of the change.
            self._replace(view if is_same else former._replace(name=view.name))
        if sentences:
            self._screen.tell(" ".join(sentences))
        self.write_title()

    def _replace(self, view: View) -> None:
        """The view is called, or kept, otherwise by now."""
        former, self.view = self.view, view
        if self._noted is not None:
            self._noted = self._noted._replace(view=view)
        for steps in (self._before, self._after):
            steps[:] = [step._replace(view=view) if step.view.key == former.key else step for step in steps]

    # --- commands

    async def _open_keyed(self, number: int) -> None:
        """Open one of the first nine views."""
        keyed = (await self._read()).keyed
        if number <= len(keyed):
            await self.open(keyed[number - 1])
        else:
            sentence = _("There is no view {number}. {key} shows all views.")
            self._screen.tell(sentence.format(number=number, key=first_key("view.all")))

    command_view_1 = partialmethod(_open_keyed, 1)
    command_view_2 = partialmethod(_open_keyed, 2)
    command_view_3 = partialmethod(_open_keyed, 3)
    command_view_4 = partialmethod(_open_keyed, 4)
    command_view_5 = partialmethod(_open_keyed, 5)
    command_view_6 = partialmethod(_open_keyed, 6)
    command_view_7 = partialmethod(_open_keyed, 7)
    command_view_8 = partialmethod(_open_keyed, 8)
    command_view_9 = partialmethod(_open_keyed, 9)

    async def command_plan_open(self) -> None:
        """Open the view of the preferred pricing plan, as it is built in."""
        from clientdesk.domain.views import PLAN

        await self.open(next(view for view in built_in_views() if view.key == PLAN))

    async def command_view_all(self) -> None:
        """All views: open one, put them in order, rename, hide and delete them."""
        from clientdesk.ui.screens.views import ViewsScreen

        key = await self._screen.app.push_screen_wait(ViewsScreen(self.view.key))
        await self.read_again()
        view = None if key is None else (await self._read()).by_key(key)
        if view is not None:
            await self.open(view)

    async def command_view_put_back(self) -> None:
        """Show the view as it is saved, by whomever."""
        view = (await self._read()).by_key(self.view.key)
        if view is None:
            raise refuse("view_deleted", name=self.view.name, who="")
        if self.is_changed or self._others_made is not None:
            await self.open(view)
        else:
            self._screen.tell(_("The view {view} is not changed.").format(view=_shown(self.view.name)))

    def command_view_undo(self) -> None:
        """Show what the list showed before."""
        if self._noted is None or not self._before:
            self._screen.tell(_("The list has shown nothing else before."))
            return
        self._after.append(self._noted)
        self._go_to(self._before.pop())

    def command_view_redo(self) -> None:
        """Show what was taken back."""
        if self._noted is None or not self._after:
            self._screen.tell(_("Nothing that the list showed was taken back."))
            return
        self._before.append(self._noted)
        self._go_to(self._after.pop())

    async def command_view_save(self) -> None:
        """Save what the list shows: in the view, or under a new name."""
        from clientdesk.ui.screens.picker import Choose

        may_change_firms = self._screen.gateway.allows(Action.MANAGE_VIEWS)
        options = [("own", _("Under a new name, for you"))]
        if may_change_firms:
            options.append(("firm", _("Under a new name, for the firm")))
        is_own = self.view.owner is Owner.OWN or (self.view.owner is Owner.FIRM and may_change_firms)
        if (self.is_changed or self._others_made) and is_own and self._others_made != "":
            options.insert(0, ("here", _("In the view {view}").format(view=self.view.name[:NAME_SHOWN])))
        chosen: str | None = options[0][0]
        if len(options) > 1:
            chosen = await self._screen.app.push_screen_wait(Choose(_("Save what the list shows …"), options))
        if chosen == "here":
            await self._save_here()
        elif chosen is not None:
            await self._save_as(for_firm=chosen == "firm")

    async def _save_here(self) -> None:
        from clientdesk.desk import view_changes

        layout = self.layout if self.has_columns else self.layout._replace(columns=None)
        try:
            saved: View | None = await self._screen.gateway.call(view_changes.save, self.view, layout)
        except Refused as refusal:
            if refusal.code not in ("stale", "view_changed"):
                raise
            saved = await self._save_over(refusal, layout)
        if saved is not None:
            self._saved(saved)

    async def _save_over(self, refusal: Refused, layout: Layout) -> View | None:
        """What others made of the view, and, where the person wants it, yours instead; else what is shown stays as it is."""
        from clientdesk.desk import view_changes
        from clientdesk.ui.screens.dialogs import Confirm

        present = (await self._read()).by_key(self.view.key)
        keys = _("Not now: yours stays in the list; {save} saves it under another name, {back} shows theirs.")
        keys = keys.format(save=first_key("view.save"), back=first_key("view.put-back"))
        question = _("Save yours in the view {view} instead?").format(view=_shown(self.view.name))
        dialog = Confirm(question, f"{refusal.message}\n\n{keys}", yes=_("Save yours"), no=_("Not now"))
        if not await self._screen.app.push_screen_wait(dialog) or present is None:
            return None
        return await self._screen.gateway.call(view_changes.save, present, layout)

    async def _save_as(self, *, for_firm: bool) -> None:
        from clientdesk.desk import view_changes
        from clientdesk.ui.screens.ask_and_save import AskAndSave

        layout, gateway, made = self.layout, self._screen.gateway, list[View]()

        async def save(name: str) -> str:
            try:
                made.append(
                    await gateway.call(view_changes.add_to_firm if for_firm else view_changes.add_own, name, layout)
                )
            except Refused as refusal:
                return refusal.message
            return ""

        hint = _("All of the team see it.") if for_firm else _("Nobody else sees it.")
        dialog = AskAndSave(_("What is the view called?"), _("Name"), "", save, hint=hint)
        if await self._screen.app.push_screen_wait(dialog):
            self._saved(made[-1])

    def _saved(self, view: View) -> None:
        """The list shows this view now."""
        self._others_made = None
        if view.key == self.view.key:
            self._replace(view)
        else:
            self.view = view
        self.note(self.layout.columns or ())
        self.keep()
        self._screen.tell(_("The view {view} is saved.").format(view=_shown(view.name)))


def _shown(name: str) -> str:
    """A view's name in a sentence, safe to show."""
    return display_text(name[:NAME_SHOWN])
