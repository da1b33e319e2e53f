"""The plan of a bulk change: what becomes of each client, and what became of it. Nothing is written before it was seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from clientdesk.domain.problems import Refused
from clientdesk.domain.rules import called
from clientdesk.text import N_, _, display_text, ngettext, whole_number
from clientdesk.ui.commands import Command, bindings_for, first_key
from clientdesk.ui.desk_app import desk_app
from clientdesk.ui.gateway import Gateway
from clientdesk.ui.screens.base import DialogScreen, style
from clientdesk.ui.screens.bulk_plan_words import PlanWords, cells
from clientdesk.ui.screens.list_screen import ListScreen
from clientdesk.ui.screens.long_work import with_progress
from clientdesk.ui.widgets.bars import Bar, Part, StatusLine, sentence_parts
from clientdesk.ui.widgets.dialog_box import DialogBox
from clientdesk.ui.widgets.in_place_words import Said
from clientdesk.ui.widgets.line_colours import ERROR, WARNING
from clientdesk.ui.widgets.line_layout import TableColumn
from clientdesk.ui.widgets.long_text import Reading
from clientdesk.ui.widgets.row_source import PlainRow
from clientdesk.ui.widgets.row_table import RowTable
from clientdesk.ui.widgets.wrapping import wrapped

if TYPE_CHECKING:
    from clientdesk.desk.bulk_changes import BulkJob, Plan
    from clientdesk.desk.bulk_plan_rows import PlanRow

_COLUMNS = (
    TableColumn("number", N_("Number"), 11),
    TableColumn("client", N_("Client"), 24, grow=16, pin=True),
    TableColumn("what", N_("What happens"), 40, grow=200),
)
_OF_DELETION = (
    _COLUMNS[0],
    _COLUMNS[1]._replace(grow=0),
    TableColumn("access", N_("Your access"), 11),
    TableColumn("own-admin", N_("Own admin"), 9),
    TableColumn("off-plan", N_("Off plan"), 12),
    TableColumn("what", N_("What to do"), 20, grow=200),
)
"""A column for each of the three conditions of a deletion."""
_ROOM = 68
"""Cells of a line in the details of a client."""
_SHOWING = {"all": None, "refused": True, "changing": False}
"""By what a click on a count means: whether the refused clients are shown, those that change, or all."""
_WARNINGS = 2
"""So many warnings stand above the status line."""


@dataclass(frozen=True)
class BulkPlanRows:
    """The clients of a plan: `refused` ones, those that change (False), or all (None)."""

    gateway: Gateway = field(compare=False)
    plan: "Plan" = field(compare=False)
    refused: bool | None
    number: int
    """How many plans were shown before this one."""

    async def rows(self, offset: int, limit: int) -> Sequence[PlainRow]:
        """A piece of the plan."""
        from clientdesk.desk.bulk_plan_rows import plan_rows

        rows = await self.gateway.read("bulk.rows", plan_rows, self.plan, offset, limit, self.refused)
        return [
            PlainRow(row.id, row.problem is None, (row.number or row.company_id, row.name, *cells(row))) for row in rows
        ]

    async def count(self) -> int:
        """How many clients these are."""
        refused, changing = len(self.plan.refused), len(self.plan.client_ids)
        return {True: refused, False: changing, None: refused + changing}[self.refused]

    async def position(self, row_id: int) -> int | None:
        """Nobody returns to a row of a plan."""
        return None


class BulkPlanScreen(ListScreen["BulkJob | None"]):
    """Counts, then every client with what happens; ctrl+s writes it. Its result is the job, None where nothing was
    written. Clients that were refused meanwhile are shown before it is left."""

    SCOPE = "bulk-plan"
    BINDINGS = bindings_for("bulk-plan")
    OPENS = "bulk.row"
    CSS_PATH = style("import")

    def __init__(self, plan: "Plan", words: PlanWords, remarks: Sequence[str] = ()) -> None:
        super().__init__()
        self._plan, self._words, self._remarks = plan, words, remarks
        self._refused: bool | None = None
        """Whether only the refused clients are shown, or only those that change."""
        self._job: BulkJob | None = None
        """The job, once it has ended."""
        self._shown = 0

    def help_scopes(self) -> tuple[str, ...]:
        return ("bulk-plan", "table")

    def title_text(self) -> str:
        return self._words.heading

    def body(self) -> ComposeResult:
        yield Bar(id="import-counts")
        columns = _OF_DELETION if self._words.lost else _COLUMNS
        yield RowTable([column._replace(title=_(column.title)) for column in columns])
        yield Said(id="import-notices")
        yield StatusLine(id="status")

    def begin_list(self) -> None:
        """Show the plan; keys that were typed before it was seen do not write it."""
        desk_app(self).forget_typed()
        self.app.clear_notifications()  # that it takes a while is over
        self.when_laid_out(self._show)

    def _show(self) -> None:
        self._shown += 1
        self.table.set_source(BulkPlanRows(self.gateway, self._plan, self._refused, self._shown), "top")
        self._write()

    # --- in words

    def _write(self) -> None:
        plan, job, refused = self._plan, self._job, len(self._plan.refused)
        counts = [("refused", ngettext("{count} refused", "{count} refused", refused), refused)]
        if job is None:
            counts = [
                ("all", _clients(plan.clients), plan.clients),
                ("changing", self._words.to_do(len(plan.client_ids)), len(plan.client_ids)),
                ("", ngettext("{count} unchanged", "{count} unchanged", plan.unchanged), plan.unchanged),
                *counts,
            ]
        else:
            counts = [("all", self._words.done(job.changed), job.changed), *counts]
        parts: list[Part] = []
        for target, words, count in counts:
            if count or target == "all":
                is_shown = target in _SHOWING and target != "all" and _SHOWING[target] is self._refused
                look = "strong" if is_shown or target == "all" else "danger" if target == "refused" else "plain"
                text = words.format(count=whole_number(count))
                parts += [Part(f"[{text}]" if is_shown else text, look, target), Part(" · ", "dim")]
        self.query_one("#import-counts", Bar).show(parts[:-1])
        self.table.set_empty([_("No client is changed or refused.")])
        self._write_notices()
        self.query_one(StatusLine).show(self._status())
        self.write_footer()

    def _status(self) -> list[Part]:
        if self._job is not None:
            sentence = _("Those were changed or deleted meanwhile, or a rule refuses them. {key} goes back.")
            return sentence_parts(sentence, keys={"key": first_key("app.back")})
        left = [Part(_("Nothing is written yet."), "plain"), Part(" ")]
        if not self._plan.client_ids:
            return left + sentence_parts(
                _("There is nothing to write. {key} goes back."), keys={"key": first_key("app.back")}
            )
        clients = _clients(len(self._plan.client_ids)).format(count=whole_number(len(self._plan.client_ids)))
        return left + sentence_parts(self._words.does, keys={"key": first_key("bulk.apply")}, clients=clients)

    def _write_notices(self) -> None:
        sentences = [(sentence, "$foreground-muted") for sentence in self._remarks]
        if self._job is None:
            if self._words.lost:
                sentences.append((self._words.lost, WARNING))
            for warning, clients in self._plan.warnings[:_WARNINGS]:
                of = _clients(clients).format(count=whole_number(clients))
                sentences.append((f"{warning.message} ({of})", WARNING))
        self.query_one(Said).say(sentences)

    def footer_commands(self) -> Iterable[Command]:
        """Writing only where there is something to write."""
        writes = self._job is None and bool(self._plan.client_ids)
        return [command for command in super().footer_commands() if writes or command.id != "bulk.apply"]

    def footer_title(self, command: Command) -> str:
        """What writing does, where that cannot be taken back."""
        return self._words.heading if command.id == "bulk.apply" and self._words.lost else super().footer_title(command)

    # --- commands

    def on_bar_picked(self, event: Bar.Picked) -> None:
        """A count was clicked."""
        event.stop()
        self._filter(_SHOWING.get(event.target))

    def _filter(self, refused: bool | None) -> None:
        if refused is not self._refused:
            self._refused = refused
            self._show()

    def command_bulk_filter(self) -> None:
        """The refused ones, then those that change, then all."""
        order = [which for which in (None, True, False) if self._count_of(which)] or [None]
        at = order.index(self._refused) if self._refused in order else -1
        self._filter(order[(at + 1) % len(order)])

    def _count_of(self, which: bool | None) -> int:
        return len(self._plan.refused) if which else len(self._plan.client_ids) if which is False else 1

    async def command_bulk_row(self) -> None:
        """The client, field by field."""
        from clientdesk.desk.bulk_plan_rows import plan_rows

        rows = await self.gateway.call(plan_rows, self._plan, self.table.rows.cursor_row, 1, self._refused)
        if not rows:
            self.tell(_("No client here."))
        else:
            await self.app.push_screen_wait(BulkRowDialog(rows[0]))

    async def command_bulk_apply(self) -> None:
        """Write what is planned; of many it is shown how far it is, and esc stops it."""
        from clientdesk.desk.bulk_changes import BulkJob

        plan = self._plan
        if self._job is not None or not plan.client_ids:
            self.tell(_("There is nothing to write."))
            return
        if self._words.lost and not await self._confirmed(plan.client_ids):
            return
        job = BulkJob(plan)
        self.query_one(StatusLine).show([Part(self._words.doing, "plain")])
        try:
            await with_progress(self, self._words.doing, len(plan.client_ids), job.run)
        except Refused as refusal:
            if not job.changed:
                raise
            self.tell(Refused(*refusal.problems))
        finally:
            self._write()
        if not job.refused:
            self.dismiss(job)
            return
        self._job, self._refused, self._remarks = job, True, ()
        self._plan = plan._replace(client_ids=plan.client_ids[:0], stood=plan.stood[:0], refused=job.refused)
        self._show()

    async def _confirmed(self, client_ids: Sequence[int]) -> bool:
        """Whether the person types how many clients there are; what of their work goes along is told."""
        from clientdesk.desk.work_going_along import going_along
        from clientdesk.ui.screens.dialogs import Ask

        along = await self.gateway.call(going_along, client_ids)
        clients, number = len(client_ids), whole_number(len(client_ids))

        def check(text: str) -> str | None:
            is_it = text.replace(",", "").replace(".", "").replace(" ", "") == str(clients)
            return (
                None
                if is_it
                else _("Type {count}, the number of clients, or leave with {key}.").format(
                    count=number, key=first_key("dialog.cancel")
                )
            )

        question = _("Type how many clients are deleted permanently ({count}):").format(count=number)
        save = _("Delete permanently")
        hint = " ".join(filter(None, (along.sentence, self._words.lost)))
        return await self.app.push_screen_wait(Ask(question, save=save, hint=hint, check=check)) is not None

    def command_app_back(self) -> None:
        """Go back to the list."""
        self.dismiss(self._job)


def _clients(n: int) -> str:
    return ngettext("{count} client", "{count} clients", n)


class BulkRowDialog(DialogScreen[None]):
    """A client of a plan: each field from old to new, the conditions of its deletion, or why it is refused."""

    CSS_PATH = [style("dialogs"), style("import")]
    AUTO_FOCUS = "Reading"

    def __init__(self, row: "PlanRow") -> None:
        super().__init__()
        self._row = row

    def compose(self) -> ComposeResult:
        row = self._row
        with DialogBox(id="row"):
            number = display_text(row.number or row.company_id)
            yield Static(Content(f"{called(row.name)} ({number})" if number else called(row.name)), classes="question")
            with Reading():
                yield Static(Content("\n").join(self._lines()))
            yield Static(Content(_("{key} goes back").format(key=first_key("dialog.cancel"))), classes="hint")

    def _lines(self) -> list[Content]:
        row, lines = self._row, list[Content]()
        for condition in row.conditions:
            sign, look = ("✓ ", "$text-success") if condition.met else ("✗ ", ERROR)
            lines.append(Content.assemble((sign, look), condition.sentence))
            if not condition.met:
                lines += [Content.styled(f"  {line}", "$foreground-muted") for line in wrapped(condition.advice, _ROOM)]
        if row.problem is not None and not any(not condition.met for condition in row.conditions):
            lines += [Content.styled(line, ERROR) for line in wrapped(row.problem.message, _ROOM)]
        empty = _("(empty)")
        for change in row.differences:
            lines.append(Content.styled(change.title, "bold"))
            for sign, value in (("- ", change.old), ("+ ", change.new)):
                lines += [Content(sign + line) for line in wrapped(display_text(value or empty), _ROOM)]
        return lines
