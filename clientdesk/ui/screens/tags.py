"""The firm's tags: renamed, deleted."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from clientdesk.desk import tags as desk_tags
from clientdesk.domain.own_fields import Tag
from clientdesk.domain.problems import Refused, refuse
from clientdesk.text import N_, _, display_text, ngettext, whole_number
from clientdesk.ui.commands import Command, bindings_for
from clientdesk.ui.firm_change import BY_OTHERS, BY_YOU, FirmChange
from clientdesk.ui.meanwhile_words import Contested
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.own_fields import read_only_words
from clientdesk.ui.screens.undo_words import with_undo
from clientdesk.ui.widgets.bars import Part, StatusLine
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.row_source import ListSource, PlainRow
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.ui.screens.long_work import Report

_COLUMNS = (
    TableColumn("name", N_("Tag"), 30, grow=30, pin=True),
    TableColumn("clients", N_("Clients"), 9, right=True),
)


class TagsScreen(ListScreen[None]):
    """The tags by name."""

    SCOPE = "tags"
    BINDINGS = bindings_for("tags")
    OPENS = "tags.rename"
    CSS_PATH = style("settings")

    def __init__(self) -> None:
        super().__init__()
        self._tags: dict[int, Tag] = {}
        self._clients: dict[int, int] = {}

    def title_text(self) -> str:
        return _("Tags")

    def body(self) -> ComposeResult:
        yield RowTable([column._replace(title=_(column.title)) for column in _COLUMNS])
        yield StatusLine(id="status")

    @property
    def tag(self) -> Tag | None:
        """The tag that the cursor is on."""
        return self._tags.get(self.table.rows.cursor_id or 0)

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Read the tags again."""
        uses = await self.gateway.call(desk_tags.tags_in_use)
        if not self.is_there:
            return
        self._tags = {use.tag.id: use.tag for use in uses}
        self._clients = {use.tag.id: use.clients for use in uses}
        self.table.set_empty(
            [_("The firm has no tags yet."), "", _("One is made where somebody types it for a client.")]
        )
        rows = (PlainRow(use.tag.id, True, (use.tag.name, whole_number(use.clients))) for use in uses)
        self.table.set_source(ListSource(rows))
        if change.row_id is not None:
            self.rows.read_again(change)
        parts = [Part(ngettext("{count} tag", "{count} tags", len(uses)).format(count=whole_number(len(uses))))]
        if words := read_only_words(self):
            parts.append(Part(f" · {words}", "accent"))
        self.query_one(StatusLine).show(parts)
        self.write_title()
        self.write_footer()

    def footer_commands(self) -> Iterable[Command]:
        """What can be done with a tag only where there is one."""
        return [
            command
            for command in super().footer_commands()
            if self._tags or not command.id.startswith(f"{self.SCOPE}.")
        ]

    def _chosen(self) -> Tag | None:
        """The tag that a command acts on; that there is none is said."""
        if self.tag is None:
            self.tell(_("No tag here. One is made where somebody types it for a client."))
        return self.tag

    # --- commands

    async def command_tags_rename(self) -> None:
        """Ask for another name of the tag."""
        from clientdesk.ui.screens.ask_and_save import AskAndSave

        if (chosen := self._chosen()) is None:
            return
        present = chosen

        async def save(text: str) -> str | Contested:
            nonlocal present
            try:
                await self.gateway.call(desk_tags.rename_tag, present, text)
            except Refused as refusal:
                await self.guarded(self.freshen(BY_YOU))
                if refusal.code != "stale":
                    return refusal.message
                before, present = present, self._tags.get(present.id, present)
                return Contested(before.name, present.name, present.name, refusal.problems[0].message)
            await self.guarded(self.freshen(FirmChange(row_id=present.id)))
            return ""

        question = _("What is the tag {name} called?").format(name=display_text(chosen.name))
        if await self.app.push_screen_wait(AskAndSave(question, _("Name"), chosen.name, save)):
            self.tell(with_undo(_("The tag is renamed.")))

    async def command_tags_merge(self) -> None:
        """Merge the tag into another one, after a question; of many clients it is shown how far it is."""
        from clientdesk.ui.screens.dialogs import Confirm
        from clientdesk.ui.screens.long_work import with_progress
        from clientdesk.ui.screens.picker import Choose

        if (tag := self._chosen()) is None:
            return
        others = [(other.id, other.name) for other in self._tags.values() if other.id != tag.id]
        name = display_text(tag.name)
        if not others:
            self.tell(_("There is no other tag to merge {name} into.").format(name=name))
            return
        chosen = await self.app.push_screen_wait(Choose(_("Merge {name} into which tag?").format(name=name), others))
        if chosen is None:
            return
        into, count = self._tags[int(str(chosen))], self._clients[tag.id]
        about = {"name": name, "into": display_text(into.name), "count": whole_number(count)}
        text = ngettext("{count} client has {into} instead then.", "{count} clients have {into} instead then.", count)
        question = _("Merge the tag {name} into {into}?").format(**about)
        text = (text if count else _("No client has it.")) + "\n" + _("The tag {name} is deleted.")
        if not await self.app.push_screen_wait(Confirm(question, text.format(**about), yes=_("Merge"))):
            return

        def merge(session: "Session", report: "Report", stopped: Callable[[], bool]) -> "desk_tags.Merged":
            return desk_tags.merge_tags(session, [tag.id], into, report, stopped)

        try:
            merged = await with_progress(self, _("Merging…"), count, merge)
        finally:
            await self.guarded(self.freshen(FirmChange(row_id=into.id)))
        if not (merged.whole or merged.clients):
            self.tell(_("Stopped; nothing is written."))
            return
        done = ngettext("{count} client has {into} now.", "{count} clients have {into} now.", merged.clients)
        done = done if merged.clients else _("No client had {name}; the tag is deleted.")
        sentence = done.format(**about | {"count": whole_number(merged.clients)})
        self.tell(with_undo(sentence if merged.whole else _("Stopped: {sentence}").format(sentence=sentence)))

    async def command_tags_delete(self) -> None:
        """Delete the tag, if no client has it, after a question."""
        from clientdesk.ui.screens.dialogs import Confirm

        if (tag := self._chosen()) is None:
            return
        if clients := self._clients[tag.id]:
            raise refuse("tag_in_use", name=tag.name, count=clients)
        question = _("Delete the tag {name}?").format(name=display_text(tag.name))
        if await self.app.push_screen_wait(Confirm(question, yes=_("Delete"), danger=True)):
            try:
                await self.gateway.call(desk_tags.delete_tag, tag.id)
            finally:
                await self.guarded(self.freshen(BY_YOU))
            self.tell(with_undo(_("The tag {name} is deleted.").format(name=display_text(tag.name))))
