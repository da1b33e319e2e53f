"""The plan of an import: what every row will do. Nothing is written before the person has seen it."""

import asyncio
import time
from collections.abc import Iterable
from functools import partial

from textual.app import ComposeResult

from clientdesk.desk.imports.import_records import ImportKind, PlanRow
from clientdesk.domain.judged_row import Counts, RowVerdict
from clientdesk.domain.problems import Refused
from clientdesk.text import _, display_text, ngettext, whole_number
from clientdesk.ui.commands import Command, bindings_for
from clientdesk.ui.screens import import_words as words
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.import_duplicates import count_duplicates
from clientdesk.ui.screens.import_plan_rows import PlanRows, plan_columns
from clientdesk.ui.screens.import_step import APPLY, NAMES, PLAN, REPORT, ImportStep, Steps
from clientdesk.ui.widgets.bars import Bar, Part, StatusLine, sentence_parts
from clientdesk.ui.widgets.in_place_words import Said
from clientdesk.ui.widgets.line_colours import ERROR, WARNING
from clientdesk.ui.widgets.progress import ProgressLines
from clientdesk.ui.widgets.row_table import RowTable

SHOWN_EVERY = 0.1
"""So many seconds pass between two looks at the progress."""
AT_ONCE = 0.4
"""An import that takes no longer goes straight to its report, in seconds."""
SEEN_AFTER = 0.6
"""A plan can be written when it has been in sight for so many seconds, and so many after a key that came too early."""


class ImportPlanStep(ImportStep):
    """Counts, then every row with what it does."""

    SCOPE = "import-plan"
    STEP = PLAN
    BINDINGS = bindings_for("import-plan")
    CSS_PATH = style("import")
    AUTO_FOCUS = "RowTable"

    def __init__(self) -> None:
        super().__init__()
        self.verdict = ""
        """The verdict whose rows are shown; "" for all."""
        self._judged = 0
        self.counts: Counts | None = None
        """How many rows have which verdict; None while they are judged."""
        self._duplicates = 0
        self._unseen_since = 0.0

    def help_scopes(self) -> tuple[str, ...]:
        return ("import-plan", "table", "picker")

    def body(self) -> ComposeResult:
        yield Steps()
        yield Bar(id="import-counts")
        yield RowTable(plan_columns())
        yield ProgressLines(id="judging")
        yield Said(id="import-notices")
        yield StatusLine(id="status")

    def on_mount(self) -> None:
        """Judge every row."""
        self.query_one("#import-notices").display = False
        self.query_one("#import-counts").display = False
        self._begin_judging()
        self.set_interval(SHOWN_EVERY, self._show_progress)

    def _begin_judging(self) -> None:
        self.counts = None
        self.write_footer()
        self.table.display = False
        self.query_one(ProgressLines).display = True
        self.query_one("#status", StatusLine).show([Part(_("Every row is looked at; nothing is written."))])
        self.begin_reading(self._judge, group="judge")

    def _show_progress(self) -> None:
        if self.query_one(ProgressLines).display:
            self.query_one(ProgressLines).show(self.importing.progress)

    async def _judge(self) -> None:
        try:
            counts = await self.importing.judge()
        except Refused as refusal:
            if self.is_there:
                self._refused(refusal)
            return
        if counts is None or not self.is_there:
            return
        if self._unsettled():
            self.go(NAMES)
            return
        if self.importing.kind is ImportKind.CLIENTS:
            self._duplicates = await self.importing.ask(count_duplicates)
        if self.is_there:
            self.write_step()
            self._show_plan(counts)

    def _unsettled(self) -> bool:
        """Whether the file has names that the firm does not know, and nobody has said what becomes of them."""
        setup, unknown = self.importing.setup, self.importing.unknown
        if setup is None:
            return False
        return any(name not in setup.types for name, _rows in unknown.types) or any(
            name not in setup.leads for name, _rows in unknown.leads
        )

    def _refused(self, refusal: Refused) -> None:
        """The file breaks further down: one sentence in place, and the way back."""
        self.query_one(ProgressLines).display = False
        self.query_one(Said).say([(words.refused(refusal), ERROR)])
        back = _("Nothing is written. {key} goes back.")
        self.query_one("#status", StatusLine).show(sentence_parts(back, keys={"key": first_key("app.back")}))

    # --- what is planned

    def _show_plan(self, counts: Counts) -> None:
        self._judged += 1
        self.counts = counts
        self._unseen_since = time.monotonic()
        self.query_one(ProgressLines).display = False
        self.query_one("#import-counts").display = True
        self.table.display = True
        self.table.focus()
        if self.verdict and not words.count_of(counts, RowVerdict(self.verdict)):
            self.verdict = ""
        self._write(counts)
        # After a decision about a duplicate the cursor stays where it was.
        self.table.set_source(
            PlanRows(self.importing, self.verdict, self._judged), "cursor" if self._judged > 1 else "top"
        )
        self.write_footer()

    def _show_rows(self) -> None:
        self.table.set_source(PlanRows(self.importing, self.verdict, self._judged), "top")

    def _write(self, counts: Counts) -> None:
        look = "strong" if not self.verdict else "plain"
        parts = [Part(words.rows_in_words(counts.rows), look, "all"), Part(": ", "dim")]
        for verdict in RowVerdict:
            count = words.count_of(counts, verdict)
            if count or verdict in (RowVerdict.NEW, RowVerdict.CHANGED):
                look = "danger" if verdict is RowVerdict.REFUSED else "plain" if count else "dim"
                text = words.verdict_count(verdict, count)
                if verdict.value == self.verdict:
                    text, look = f"[{text}]", "strong"
                parts += [Part(text, look, verdict.value), Part(" · ", "dim")]
        self.query_one("#import-counts", Bar).show(parts[:-1])
        self._write_notices()
        writes = counts.new + counts.changed
        if writes:
            sentence = _("{key} writes {rows}.")
        elif counts.refused:
            sentence = _("No row can go in as it is; {key} opens the error log.")
        else:
            sentence = _("No row has anything to write.")
        key, rows = first_key("import.apply"), words.rows_in_words(writes)
        left = [Part(_("Nothing is written yet."), "plain"), Part(" ")]
        left += sentence_parts(sentence, keys={"key": key}, rows=rows)
        self.query_one("#status", StatusLine).show(left)

    def _write_notices(self) -> None:
        plan = self.importing.plan
        sentences: list[tuple[str, str]] = []
        if self._duplicates:
            sentence = ngettext(
                "{count} row looks like another client: {next} goes there, {one} decides.",
                "{count} rows look like other clients: {next} goes to the next, {one} decides, {all} for all.",
                self._duplicates,
            ).format(
                count=whole_number(self._duplicates),
                next=first_key("import.next-duplicate"),
                one=first_key("import.duplicate"),
                all=first_key("import.duplicates"),
            )
            sentences.append((sentence, WARNING))
        if plan is not None:
            sentences += [(words.sentence_of(notice), WARNING) for notice in plan.notices]
            if plan.ignored and plan.kind is ImportKind.NUMBERS:
                sentence = ngettext("Ignored column: {names}", "Ignored columns: {names}", len(plan.ignored))
                names = ", ".join(plan.ignored)
                sentences.append((display_text(sentence.format(names=names)), "$foreground-muted"))
        self.query_one(Said).say(sentences)

    def footer_commands(self) -> Iterable[Command]:
        """Those about rows when they are judged, those about duplicates only where there are some."""
        commands = super().footer_commands()
        if self.counts is None:
            return [command for command in commands if not command.id.startswith("import.")]
        return [command for command in commands if self._duplicates or "duplicate" not in command.id]

    def footer_title(self, command: Command) -> str:
        """Where no row can be written, the way to the error log."""
        counts = self.counts
        if command.id == "import.apply" and counts is not None and not counts.new + counts.changed and counts.refused:
            return _("Error log")
        return super().footer_title(command)

    # --- commands

    def on_row_table_opened(self, event: RowTable.Opened) -> None:
        """A click on the cursor's row."""
        self.action_command("import.row")

    def on_bar_picked(self, event: Bar.Picked) -> None:
        """A count was clicked."""
        if event.bar.id == "import-counts":
            event.stop()
            self._filter("" if event.target == "all" else event.target)

    def _filter(self, verdict: str) -> None:
        counts = self.counts
        if counts is not None and verdict != self.verdict:
            self.verdict = verdict
            self._write(counts)
            self._show_rows()

    async def command_import_filter(self) -> None:
        """Show the rows of one verdict."""
        from clientdesk.ui.screens.picker import Choose

        counts = self.counts
        if counts is None:
            return
        options = [("", _("All rows ({count})").format(count=whole_number(counts.rows)))]
        options += [
            (verdict.value, words.verdict_count(verdict, words.count_of(counts, verdict)))
            for verdict in RowVerdict
            if words.count_of(counts, verdict)
        ]
        chosen = await self.app.push_screen_wait(Choose(_("Which rows?"), options, self.verdict))
        if chosen is not None:
            self._filter(chosen)

    async def _current(self) -> PlanRow | None:
        number = self.table.rows.cursor_row
        if self.counts is None:
            return None
        verdict = self.verdict
        rows = await self.importing.ask(lambda plan: plan.rows(number, 1, verdict=verdict))
        return rows[0] if rows else None

    async def command_import_row(self) -> None:
        """Every change of the row, field by field."""
        from clientdesk.ui.screens.import_row import RowDialog

        row, plan = await self._current(), self.importing.plan
        if row is None:
            self.tell(_("No row here."))
        if row is not None and plan is not None:
            await self.app.push_screen_wait(RowDialog(row, plan.headings))

    async def command_import_duplicate(self) -> None:
        """Decide about a likely duplicate."""
        from clientdesk.ui.screens.import_duplicates import decide

        row = await self._current()
        if row is None:
            self.tell(_("No row here."))
        if row is not None and await decide(self, row) and self.is_there:
            self._begin_judging()

    async def command_import_duplicates(self) -> None:
        """Decide about all likely duplicates at once."""
        from clientdesk.ui.screens.import_duplicates import decide_all

        if await decide_all(self) and self.is_there:
            self._begin_judging()

    async def command_import_next_duplicate(self) -> None:
        """To the next likely duplicate, from the end again from the top."""
        from clientdesk.ui.screens.import_duplicates import next_duplicate

        if self.counts is None or not self._duplicates:
            self.tell(_("No row looks like another client."))
            return
        place = await self.importing.ask(
            partial(next_duplicate, row_id=self.table.rows.cursor_id or 0, verdict=self.verdict)
        )
        if place is None:
            self.tell(_("None of the rows shown looks like another client."))
        elif self.is_there:
            self.table.rows.move_to(place)

    def _came_too_early(self) -> bool:
        """Whether the plan cannot have been seen yet: the key was meant for the step before, or is held down."""
        now = time.monotonic()
        early = now - self._unseen_since < SEEN_AFTER
        if early:
            self._unseen_since = now
        return early

    async def command_import_apply(self) -> None:
        """Write what is planned; the screen is free meanwhile."""
        counts, plan = self.counts, self.importing.plan
        if counts is None or plan is None or self.importing.at_work:
            return
        if self._came_too_early():
            self.tell(_("The plan is here: {key} writes it.").format(key=first_key("import.apply")))
            return
        if not counts.new + counts.changed + counts.refused:
            self.tell(_("Every row stands in the firm already; there is nothing to write."))
            return
        if plan.batch_question is not None and counts.new + counts.changed:
            from clientdesk.ui.screens.dialogs import Confirm

            text = words.batches_in_words(plan.batch_question)
            if not await self.app.push_screen_wait(Confirm(_("Import in batches?"), text, yes=_("Import in batches"))):
                return
        task = self.importing.apply(self.app_of.import_ended)
        await asyncio.wait([task], timeout=AT_ONCE)
        self.go(REPORT if task.done() else APPLY)

    def command_app_back(self) -> None:
        """Back to the step before; nothing was written."""
        if self.importing.at_work:
            return
        self.importing.break_off()
        self.go_back()
