"""What the steps of an import share: the import itself, where one is among the steps, and going on."""

from collections.abc import Container
from typing import TYPE_CHECKING, NamedTuple

from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.text import N_, _
from clientdesk.ui.desk_app import desk_app
from clientdesk.ui.import_under_way import Importing
from clientdesk.ui.screens.base import DeskScreen
from clientdesk.ui.screens.openings import import_step
from clientdesk.ui.widgets.bars import Bar, Part
from clientdesk.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from clientdesk.ui.desk_app import DeskApp


class Step(NamedTuple):
    """A step of an import: its title, and its screen as `openings` knows it."""

    title: str
    screen: str


STEPS = (
    Step(N_("File"), "import-file"),
    Step(N_("Columns"), "import-columns"),
    Step(N_("Names"), "import-names"),
    Step(N_("Plan"), "import-plan"),
    Step(N_("Apply"), "import-apply"),
    Step(N_("Report"), "import-report"),
)
"""The steps in their order."""
FILE, COLUMNS, NAMES, PLAN, APPLY, REPORT = range(len(STEPS))


def left_out(importing: Importing) -> frozenset[int]:
    """The steps that an import has no need of: the columns are a client list's, the names those that are unknown."""
    columns = () if importing.kind is ImportKind.CLIENTS else (COLUMNS,)
    names = () if any(importing.unknown) else (NAMES,)
    return frozenset((*columns, *names))


class Steps(Bar):
    """The steps of an import in a line; the present one stands out."""

    DEFAULT_CSS = "Steps { height: 1; margin-bottom: 1; background: $surface; }"

    def show_step(self, step: int, left_out: Container[int] = ()) -> None:
        """The present step, among all that are not `left_out`."""
        parts: list[Part] = []
        for number, (title, _screen) in enumerate(STEPS):
            if number in left_out:
                continue
            if parts:
                parts.append(Part(" › ", "dim"))
            parts.append(Part(_(title), "strong" if number == step else "dim"))
        self.show(parts)


class OfImport(DeskScreen[None]):
    """A screen about one import: `importing`, by default the one that the program has under way."""

    def __init__(self, importing: Importing | None = None) -> None:
        super().__init__()
        self._importing = importing

    @property
    def app_of(self) -> "DeskApp":
        """The program."""
        return desk_app(self)

    @property
    def importing(self) -> Importing:
        """The import."""
        if self._importing is None:
            self._importing = self.app_of.importing
            assert self._importing is not None
        return self._importing


class ImportStep(OfImport):
    """A step of an import. It gives way to the next one, and never stands above another step."""

    STEP = FILE
    lets_go = False

    def __init__(self) -> None:
        super().__init__()
        self._next: int | None = None
        """The step that takes its place as soon as it is on top."""
        self._gone = False

    @property
    def table(self) -> RowTable:
        """Its rows, of a step that has a table."""
        return self.query_one(RowTable)

    @property
    def is_there(self) -> bool:
        """Whether the step is still there, after a wait in which the person may have left it."""
        return self.is_attached and self.app.is_running and not self._gone

    def title_text(self) -> str:
        name = self.importing.name if self.importing.plan is not None else ""
        return " › ".join(part for part in (_("Import"), name) if part)

    def on_mount(self) -> None:
        """Show which step this is."""
        self.write_step()

    def write_step(self) -> None:
        """Draw the line of steps again (the kind may have changed, or unknown names been found)."""
        for steps in self.query(Steps):  # the program may be ending
            steps.show_step(self.STEP, left_out(self.importing))

    def unsaved(self) -> str:
        """What was chosen for the client list, from the columns on, until it is imported; a path is soon typed again."""
        importing = self._importing or self.app_of.importing  # also while the step is being opened
        if self.STEP == FILE or importing is None or not (importing.is_choosing and importing.chosen_by_person):
            return super().unsaved()
        return _("Not imported: what was chosen for {file}").format(file=importing.name)

    def go(self, step: int) -> None:
        """Give way to another step, now or as soon as this one is on top."""
        if self._gone:
            return
        if self.app.screen is self:
            self._gone = True
            self.app.switch_screen(import_step(STEPS[step].screen))
        else:
            self._next = step

    def go_back(self) -> None:
        """Give way to the step before, of those that this import needs."""
        needed = set(range(self.STEP)) - left_out(self.importing)
        self.go(max(needed, default=FILE))

    def on_screen_resume(self) -> None:
        """The screen above has gone."""
        if self._next is not None:
            step, self._next = self._next, None
            self.go(step)

    def leave(self) -> None:
        """Leave the import; it ends, and what was read is forgotten."""
        importing = self.importing
        self._gone = True
        self.app_of.importing = None
        self.dismiss()
        self.app.run_worker(importing.close(), group="import")
