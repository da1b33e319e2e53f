"""Mappings of columns that are known: those of other programs, and those that the firm has saved."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from clientdesk.domain.problems import Refused
from clientdesk.text import _, display_text
from clientdesk.ui.screens.import_step import ImportStep

if TYPE_CHECKING:
    from clientdesk.desk.imports.import_records import ClientSetup

NAME_SHOWN = 50
"""So many characters of a mapping's name stand in a title."""
_GUESSED = "guess"


class Mappings(ImportStep):
    """A step with a mapping of columns: load, save and delete it."""

    show_setup: Callable[[], None]
    """Draw what is chosen."""

    @property
    def setup(self) -> "ClientSetup":
        """What is chosen."""
        setup = self.importing.setup
        assert setup is not None
        return setup

    def change(self, **chosen: Any) -> None:
        """Choose some things otherwise; then it is no longer the mapping that was loaded."""
        self._take(self.setup._replace(**chosen), "")

    def _take(self, setup: "ClientSetup", name: str) -> None:
        self.importing.choose(setup)
        self.importing.mapping = name
        self.show_setup()

    async def command_mapping_load(self) -> None:
        """Take what the headings say, the mapping of a known program, or a saved one."""
        from clientdesk.desk import imports
        from clientdesk.desk.imports.saved_mappings import setup_from_saved
        from clientdesk.domain.columns.guessing import columns_by, guess
        from clientdesk.domain.columns.presets import PRESETS
        from clientdesk.ui.screens.picker import Choose

        plan, peek = self.importing.plan, self.importing.peek
        if plan is None or peek is None:
            return
        saved = await self.gateway.call(imports.mappings)
        options = [((_GUESSED, ""), _("As the headings say"))]
        options += [(("saved", mapping.name), mapping.name) for mapping in saved]
        options += [(("preset", preset.name), preset.title) for preset in PRESETS]
        chosen = await self.app.push_screen_wait(Choose(_("Which mapping?"), options))
        if chosen is None:
            return
        kind, name = chosen
        if kind == "saved":
            chosen_one = next(mapping for mapping in saved if mapping.name == name)
            self._take(setup_from_saved(chosen_one.columns, plan.headings), name)
        elif kind == "preset":
            preset = next(preset for preset in PRESETS if preset.name == name)
            columns = columns_by(preset, plan.headings, peek.rows)
            if not any(columns):
                self.tell(_("No heading of the file is one of {mapping}.").format(mapping=preset.title))
                return
            self._take(self.setup._replace(columns=columns, key="", clears=frozenset()), preset.title)
        else:
            guessed = guess(plan.headings, peek.rows, plan.catalogue)
            self._take(
                self.setup._replace(columns=guessed.columns, key=guessed.key, clears=frozenset()),
                preset_title(guessed.preset),
            )

    async def command_mapping_save(self) -> None:
        """Save the mapping under a name."""
        from clientdesk.desk import imports
        from clientdesk.desk.imports.saved_mappings import setup_to_saved
        from clientdesk.domain.fold import fold
        from clientdesk.ui.screens.ask_and_save import AskAndSave
        from clientdesk.ui.screens.dialogs import Confirm

        plan = self.importing.plan
        assert plan is not None
        content = setup_to_saved(self.setup, plan.headings)
        folded_names = {fold(mapping.name) for mapping in await self.gateway.call(imports.mappings)}
        saved_names: list[str] = []

        async def save(text: str) -> str:
            name = " ".join(text.split())
            if fold(name) in folded_names and name:
                question = _("Replace the mapping {name}?").format(name=display_text(name[:NAME_SHOWN]))
                if not await self.app.push_screen_wait(Confirm(question, yes=_("Replace"), danger=True)):
                    return _("There is a mapping of that name. Give this one another name, or replace it.")
            try:
                await self.gateway.call(imports.save_mapping, name, content)
            except Refused as refusal:
                return refusal.message
            saved_names.append(name)
            return ""

        hint = _("It is the firm's: all who import see it.")
        dialog = AskAndSave(_("What is this mapping called?"), _("Name"), self.importing.mapping, save, hint=hint)
        if await self.app.push_screen_wait(dialog):
            self.importing.mapping = saved_names[-1]
            self.show_setup()
            self.tell(_("The mapping is saved."))

    async def command_mapping_delete(self) -> None:
        """Delete a saved mapping, after a question."""
        from clientdesk.desk import imports
        from clientdesk.ui.screens.dialogs import Confirm
        from clientdesk.ui.screens.picker import Choose

        saved = await self.gateway.call(imports.mappings)
        if not saved:
            self.tell(_("No mapping is saved."))
            return
        options = [(mapping.name, mapping.name) for mapping in saved]
        name = await self.app.push_screen_wait(Choose(_("Which mapping is deleted?"), options, self.importing.mapping))
        if name is None:
            return
        question = _("Delete the mapping {name}?").format(name=display_text(str(name)[:NAME_SHOWN]))
        if await self.app.push_screen_wait(Confirm(question, yes=_("Delete"), danger=True)):
            await self.gateway.call(imports.delete_mapping, str(name))
            self.tell(_("The mapping is deleted."))


def preset_title(name: str) -> str:
    """What a known program is called; "" for none."""
    from clientdesk.domain.columns.presets import PRESETS

    return next((preset.title for preset in PRESETS if preset.name == name), "")
