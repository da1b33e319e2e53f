"""All views of the client list: opened, put in order, renamed, hidden, deleted, and made the firm's."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from clientdesk.domain.access import Action
from clientdesk.domain.filter_words import NO_NAMES, Names, in_words
from clientdesk.domain.filters import ACTIVE
from clientdesk.domain.problems import Refused, refuse
from clientdesk.domain.views import Owner, View
from clientdesk.text import N_, _, display_text, ngettext, whole_number
from clientdesk.ui.commands import Command, bindings_for
from clientdesk.ui.firm_change import BY_OTHERS, BY_YOU, FirmChange
from clientdesk.ui.screens.ask_and_save import AskAndSave
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.undo_words import with_undo
from clientdesk.ui.widgets.bars import Part, StatusLine
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_source import ListSource, PlainRow
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.desk.views import Views

_COLUMNS = (
    TableColumn("key", N_("Key"), 6),
    TableColumn("view", N_("View"), 20, grow=10, pin=True),
    TableColumn("owner", N_("Whose"), 10),
    TableColumn("shows", N_("Shows"), 34, grow=30),
)


def _read(session: "Session") -> "tuple[Views, Names]":
    from clientdesk.desk import client_filters, views

    return views.all_views(session), client_filters.names(session)


class ViewsScreen(ListScreen[str | None]):
    """One line a view, in your order. Answers the key of the view that is to be opened; the cursor begins on `key`."""

    SCOPE = "views"
    BINDINGS = bindings_for("views")
    OPENS = "views.open"
    CSS_PATH = style("team")

    def __init__(self, key: str) -> None:
        super().__init__()
        self._first_key = key
        self._views: tuple[View, ...] = ()
        self._row_ids: dict[str, int] = {}
        """A number for the row of each view, by its key."""

    def title_text(self) -> str:
        return _("Views")

    def body(self) -> ComposeResult:
        yield RowTable([column._replace(title=_(column.title)) for column in _COLUMNS])
        yield StatusLine(id="status")

    @property
    def view(self) -> View | None:
        """The view that the cursor is on."""
        row_id = self.table.rows.cursor_id
        return next((view for view in self._views if self._row_id(view) == row_id), None)

    def _row_id(self, view: View) -> int:
        return self._row_ids.setdefault(view.key, len(self._row_ids) + 1)

    def _chosen_view(self) -> View:
        """The view that a command acts on. Refused while the views are still being read."""
        if (view := self.view) is None:
            raise refuse("view_gone", name="", choices=", ".join(view.name for view in self._views))
        return view

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the views again."""
        views, names = await self.gateway.call(_read)
        if not self.is_there:
            return
        is_first, self._views = not self._views, views.all
        keys = {view.key: str(number) for number, view in enumerate(views.keyed, 1)}
        rows = [self._row(view, keys.get(view.key, ""), names) for view in views.all]
        top, row_id = self.table.top, self.rows.cursor_id
        self.table.set_source(ListSource(rows), first=rows)
        if is_first:
            row_id = self._row_ids.get(self._first_key)
            self.tell_unread(*views.problems)
        self.table.scroll_to(y=top, animate=False, force=True)
        self.rows.move_to(next((number for number, row in enumerate(rows) if row.id == row_id), 0))
        hidden = sum(view.hidden for view in views.all)
        count = ngettext("{count} view", "{count} views", len(rows)).format(count=whole_number(len(rows)))
        counts = [count, *([_("{count} hidden").format(count=whole_number(hidden))] if hidden else [])]
        self.query_one(StatusLine).show([Part(" · ".join(counts))])

    def _row(self, view: View, key: str, names: Names) -> PlainRow:
        key = _("hidden") if view.hidden else key
        return PlainRow(self._row_id(view), not view.hidden, (key, view.name, view.owner.label, shows(view, names)))

    # --- what the table tells

    def on_row_table_moved(self, event: RowTable.Moved) -> None:
        """The footer's words depend on the view."""
        self.write_footer()

    def footer_title(self, command: Command) -> str:
        """What space does to the view under the cursor."""
        if command.id == "views.hide" and (view := self.view) is not None:
            return _("Show") if view.hidden else _("Hide")
        return super().footer_title(command)

    def footer_commands(self) -> Iterable[Command]:
        """What can be done with the view under the cursor."""
        view = self.view
        if view is None or view.owner is Owner.OWN:
            return super().footer_commands()
        idle = {"views.give", "views.rename", "views.delete"}
        if view.owner is Owner.FIRM and self.gateway.allows(Action.MANAGE_VIEWS):
            idle = {"views.give"}
        return [command for command in super().footer_commands() if command.id not in idle]

    # --- commands

    def command_views_open(self) -> None:
        """Show the clients of the view."""
        self.dismiss(self._chosen_view().key)

    async def _move(self, step: int) -> None:
        from clientdesk.desk import view_changes

        view, keys = self._chosen_view(), [view.key for view in self._views]
        place = keys.index(view.key)
        if 0 <= place + step < len(keys):
            keys.insert(place + step, keys.pop(place))
            await self.gateway.call(view_changes.put_in_order, keys)
            await self.freshen(BY_YOU)

    async def command_views_up(self) -> None:
        """Move the view up."""
        await self._move(-1)

    async def command_views_down(self) -> None:
        """Move the view down."""
        await self._move(1)

    async def command_views_hide(self) -> None:
        """Hide the view, or show it again."""
        from clientdesk.desk import view_changes

        view = self._chosen_view()
        await self.gateway.call(view_changes.unhide if view.hidden else view_changes.hide, view)
        await self.freshen(BY_YOU)

    async def command_views_rename(self) -> None:
        """Give the view another name."""
        from clientdesk.desk import view_changes

        view = self._chosen_view()
        if view.owner is Owner.BUILT_IN:
            raise refuse("view_built_in", name=view.name)
        self._demand(view)

        async def save(name: str) -> str:
            try:
                await self.gateway.call(view_changes.rename, view, name)
            except Refused as refusal:
                return refusal.message
            return ""

        title = _("What is the view {name} called?").format(name=display_text(view.name))
        if await self.app.push_screen_wait(AskAndSave(title, _("Name"), view.name, save)):
            self._tell_done(view, _("The view is renamed."))
        await self.freshen(BY_YOU)

    async def command_views_give(self) -> None:
        """Make the view the firm's, after a question."""
        from clientdesk.desk import view_changes

        view = self._chosen_view()
        if view.owner is not Owner.OWN:
            raise refuse("view_built_in" if view.owner is Owner.BUILT_IN else "view_of_firm", name=view.name)
        question = _("Make {name} a view of the firm?").format(name=display_text(view.name))
        text = _("All of the team see it then, and full members may change it.")
        if await self.app.push_screen_wait(Confirm(question, text, yes=_("Make it the firm's"))):
            firms_view = await self.gateway.call(view_changes.give_to_firm, view)
            self._row_ids[firms_view.key] = self._row_id(view)
            del self._row_ids[view.key]
            self.tell(_("The view is the firm's now."))
            await self.freshen(BY_YOU)

    async def command_views_delete(self) -> None:
        """Delete the view, after a question."""
        from clientdesk.desk import view_changes

        view = self._chosen_view()
        if view.owner is Owner.BUILT_IN:
            raise refuse("view_built_in", name=view.name)
        self._demand(view)
        question = _("Delete the view {name}?").format(name=display_text(view.name))
        text = _("All of the team have it no more.")
        if view.owner is Owner.OWN:
            text = _("No client is touched. The view cannot be brought back: your own views have no undo.")
        if await self.app.push_screen_wait(Confirm(question, text, yes=_("Delete"), danger=True)):
            try:
                await self.gateway.call(view_changes.delete, view)
            finally:
                await self.guarded(self.freshen(BY_YOU))
            self._tell_done(view, _("The view is deleted."))

    def _demand(self, view: View) -> None:
        """Refuses what you may not do to the firm's."""
        if view.owner is Owner.FIRM:
            self.gateway.session.demand(Action.MANAGE_VIEWS)

    def _tell_done(self, view: View, sentence: str) -> None:
        self.tell(with_undo(sentence) if view.owner is Owner.FIRM else sentence)


def shows(view: View, names: Names = NO_NAMES) -> str:
    """What a view shows, in words (data in it is not made safe yet)."""
    query = view.query
    filters = [in_words(on, names) for on in query.filters if on != ACTIVE]
    if query.filter_of(ACTIVE.field) is None:
        filters.append(_("active and inactive"))
    if query.find.strip():
        filters.append(_("find “{text}”").format(text=query.find.strip()))
    if view.problems:
        filters.insert(0, _("in part"))
    return " · ".join(filters) or _("active clients")
