"""The firm's tags: renamed, deleted."""

from textual.app import ComposeResult

from clientdesk.desk import tags as desk_tags
from clientdesk.domain.own_fields import Tag
from clientdesk.domain.problems import Refused
from clientdesk.text import N_, _, display_text, ngettext, whole_number
from clientdesk.ui.commands import bindings_for
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

_COLUMNS = (TableColumn("name", N_("Tag"), 30, grow=40, pin=True),)


class TagsScreen(ListScreen[None]):
    """The tags by name."""

    SCOPE = "tags"
    BINDINGS = bindings_for("tags")
    OPENS = "tags.rename"
    CSS_PATH = style("settings")

    def __init__(self) -> None:
        super().__init__()
        self._tags: dict[int, Tag] = {}

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
        tags = await self.gateway.call(desk_tags.tags)
        if not self.is_there:
            return
        self._tags = {tag.id: tag for tag in tags}
        self.table.set_empty(
            [_("The firm has no tags yet."), "", _("One is made where somebody types it for a client.")]
        )
        self.table.set_source(ListSource(PlainRow(tag.id, True, (tag.name,)) for tag in tags))
        if change.row_id is not None:
            self.rows.read_again(change)
        parts = [Part(ngettext("{count} tag", "{count} tags", len(tags)).format(count=whole_number(len(tags))))]
        if words := read_only_words(self):
            parts.append(Part(f" · {words}", "accent"))
        self.query_one(StatusLine).show(parts)
        self.write_title()

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

    async def command_tags_delete(self) -> None:
        """Delete the tag, if no client has it, after a question."""
        from clientdesk.ui.screens.dialogs import Confirm

        if (tag := self._chosen()) is None:
            return
        question = _("Delete the tag {name}?").format(name=display_text(tag.name))
        if await self.app.push_screen_wait(Confirm(question, yes=_("Delete"), danger=True)):
            try:
                await self.gateway.call(desk_tags.delete_tag, tag.id)
            finally:
                await self.guarded(self.freshen(BY_YOU))
            self.tell(with_undo(_("The tag {name} is deleted.").format(name=display_text(tag.name))))
