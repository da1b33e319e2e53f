"""Downloading the client list: which clients, as what kind of file, and where to."""

import asyncio
import os
import threading
import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from clientdesk.desk.clients import values_in_pages
from clientdesk.desk.records import Standing
from clientdesk.domain.client_query import EVERYONE, ClientQuery
from clientdesk.domain.encodings_and_delimiters import DELIMITERS
from clientdesk.domain.filter_words import NO_NAMES, Names
from clientdesk.domain.filters import ACTIVE
from clientdesk.domain.problems import Refused
from clientdesk.domain.quickbooks_upload import UPLOAD_BYTES, UPLOAD_COLUMNS, UPLOAD_ROWS
from clientdesk.exchange.export import (
    Export,
    Format,
    Watch,
    Written,
    export_clients,
    headings,
    numbered,
    own_language,
)
from clientdesk.text import N_, _, display_text, ngettext, whole_number
from clientdesk.ui.commands import bindings_for
from clientdesk.ui.gateway import Gateway
from clientdesk.ui.import_under_way import Progress
from clientdesk.ui.screens.base import DeskScreen, style
from clientdesk.ui.screens.clients_words import filters_in_words
from clientdesk.ui.screens.dialogs import Confirm
from clientdesk.ui.widgets.answers import Answer, OneOf
from clientdesk.ui.widgets.line_input import LineInput
from clientdesk.ui.widgets.path_input import PathInput
from clientdesk.ui.widgets.progress import ProgressLines

if TYPE_CHECKING:
    from clientdesk.desk.session import Session
    from clientdesk.ui.commands import Command

NAME = "clients"
"""What the file is called at first, without its ending."""
SHOWN_EVERY = 0.15
"""So many seconds pass between two looks at the progress."""
OFFERED = 8
"""So many names are offered at most."""

_VIEW, _ALL, _MARKED = "view", "all", "marked"
_YES, _NO = "yes", "no"
_FORMATS = (
    (Format.CSV.value, "CSV"),
    (Format.XLSX.value, "XLSX"),
    (Format.JSONL.value, "JSON Lines"),
    (Format.QUICKBOOKS.value, N_("for QuickBooks")),
)
_LANGUAGES = (("en", N_("English")), ("es", N_("Spanish")))
# The questions that only some formats ask.
_ASKED = {
    "delimiter": (Format.CSV,),
    "mark": (Format.CSV, Format.QUICKBOOKS),
    "formulas": (Format.CSV, Format.QUICKBOOKS),
    "language": (Format.CSV, Format.XLSX, Format.QUICKBOOKS),
}


def write_clients(session: "Session", export: Export, path: str, overwrite: bool, watch: Watch) -> Written:
    """Writes the clients of the firm into a file."""
    return export_clients(partial(values_in_pages, session), export, path, session.location, overwrite, watch)


class Download(DeskScreen[Written]):
    """A form, and under it a sentence of what will be written. What was written, or None for esc."""

    SCOPE = "download"
    BINDINGS = bindings_for("download", "field")
    CSS_PATH = style("download")
    AUTO_FOCUS = "OneOf"
    lets_go = False  # esc stops the writing

    def __init__(
        self, query: ClientQuery, columns: Sequence[str], marked: frozenset[int], names: Names = NO_NAMES
    ) -> None:
        super().__init__()
        self._query, self._columns, self._marked = query, tuple(columns), marked
        self._names = names
        """Of what the filters refer to."""
        self._counts: dict[str, int] = {_MARKED: len(marked)}
        self._standing = Standing()
        """How the marked clients stand."""
        self._stop: threading.Event | None = None
        self._done, self._began = 0, 0.0

    def title_text(self) -> str:
        return _("Download")

    def help_scopes(self) -> tuple[str, ...]:
        return ("download", "field", "path")

    def body(self) -> ComposeResult:
        choices = [(_VIEW, _("this list")), (_ALL, _("all clients"))]
        if self._marked:
            choices.append((_MARKED, _("the marked ones")))
        with Vertical(id="download"):
            yield Answer(_("Clients"), OneOf(choices, _MARKED if self._marked else _VIEW), id="what")
            yield Answer(_("Format"), OneOf([(value, _(label)) for value, label in _FORMATS], "csv"), id="format")
            yield Answer(
                _("Delimiter"),
                OneOf([(delimiter.character, _(delimiter.title)) for delimiter in DELIMITERS], ","),
                id="delimiter",
            )
            mark = [(_YES, _("yes, for Excel")), (_NO, _("no"))]
            yield Answer(_("Byte order mark"), OneOf(mark, _YES), id="mark")
            formulas = [(_YES, _("made text, a ' before them")), (_NO, _("left as they are"))]
            yield Answer(_("Formulas"), OneOf(formulas, _YES), id="formulas")
            languages = [(value, _(label)) for value, label in _LANGUAGES]
            yield Answer(_("Headings"), OneOf(languages, own_language()), id="language")
            yield Answer(_("File"), PathInput(NAME + Format.CSV.ending), id="path")
        with Vertical(id="outcome"):
            yield Static(id="sentence")
            yield ProgressLines()

    def on_mount(self) -> None:
        """Count, and say what will be written."""
        path = self.query_one(PathInput)
        path.cursor_position = len(path.value)
        self.query_one(ProgressLines).display = False
        self._show()
        self.run_worker(self.guarded(self._count()), group="count")

    async def _count(self) -> None:
        from clientdesk.desk import chosen_clients, clients

        marked = sorted(self._marked)
        self._standing = await self.gateway.read("download.marked", chosen_clients.standing, marked, self._query)
        self._counts[_MARKED] -= len(self._standing.gone)
        self._counts[_ALL] = (await self.gateway.read("download.totals", clients.totals)).all
        self._counts[_VIEW] = await self.gateway.read("download.count", clients.count, self._query)
        if self.is_attached:
            self._show()

    # --- what is chosen

    def _chosen(self, name: str) -> str:
        return self.query_one(f"#{name}", Answer).value

    @property
    def _format(self) -> Format:
        return Format(self._chosen("format"))

    def _export(self) -> Export:
        chosen = self._chosen("what")
        return Export(
            query={_VIEW: self._query, _ALL: EVERYONE, _MARKED: self._query.everything()}[chosen],
            columns=self.catalogue.names if chosen == _ALL else self._columns,
            only=self._marked if chosen == _MARKED else None,
            format=self._format,
            language=self._chosen("language"),
            delimiter=self._chosen("delimiter"),
            bom=self._chosen("mark") == _YES,
            neutral=self._chosen("formulas") == _YES,
            catalogue=self.catalogue,
        )

    def on_one_of_changed(self, event: OneOf.Changed) -> None:
        """Another choice: the questions and the sentence fit it; the file's ending fits its format."""
        event.stop()
        if event.value in {file_format.value for file_format in Format}:
            path = self.query_one(PathInput)
            root, ending = os.path.splitext(path.value)
            if ending.lower() in {file_format.ending for file_format in Format}:
                path.value = root + Format(event.value).ending
                path.cursor_position = len(path.value)
        self._show()

    def on_input_changed(self, event: LineInput.Changed) -> None:
        """Another path."""
        event.stop()
        self._show()

    def on_path_input_offered(self, event: PathInput.Offered) -> None:
        """The names with which the path may go on."""
        names = [*event.names[:OFFERED], *["…"] * (len(event.names) > OFFERED)]
        self.query_one("#path", Answer).remark("   ".join(names))

    def on_input_submitted(self, event: LineInput.Submitted) -> None:
        """Enter writes."""
        event.stop()
        self.action_command("download.save")

    # --- the words

    def _show(self) -> None:
        """Show the questions of the format, and say what will be written."""
        kind = self._format
        for name, formats in _ASKED.items():
            self.query_one(f"#{name}").display = kind in formats
        self.query_one("#what", Answer).remark(self._what_in_words())
        self.query_one("#path", Answer).complain("")
        self.query_one("#sentence", Static).update(Content("\n").join(map(Content, self._sentences())))

    def _what_in_words(self) -> str:
        chosen, query = self._chosen("what"), self._query
        if chosen == _ALL:
            return _("every client, inactive ones too, with every field, by name")
        sentence = _("by {column}, downwards") if query.descending else _("by {column}")
        order = sentence.format(column=self.catalogue.field(query.sort_field).title)
        if chosen == _MARKED:
            return " · ".join((self._count_in_words() + self._unseen_in_words(), order))
        first = [] if ACTIVE not in query.filters else [_("active")]
        return " · ".join((self._count_in_words(), *first, *filters_in_words(query, self._names), order))

    def _count_in_words(self) -> str:
        count = self._counts.get(self._chosen("what"))
        if count is None:
            return _("… clients")
        return ngettext("{count} client", "{count} clients", count).format(count=whole_number(count))

    def _unseen_in_words(self) -> str:
        """How many of the marked clients the list does not show, and how many are not there any more."""
        unseen = [
            (len(self._standing.outside), _("{count} of them outside this list")),
            (len(self._standing.gone), _("{count} more marked and deleted meanwhile")),
        ]
        return "".join(", " + words.format(count=whole_number(count)) for count, words in unseen if count)

    def _sentences(self) -> list[str]:
        """What will be written, and where."""
        path = self.query_one(PathInput).path
        if not path:
            return [_("Type the path of a file.")]
        place = display_text(os.path.abspath(path))
        if self._format is Format.QUICKBOOKS:
            first, second = (display_text(os.path.basename(numbered(path, number))) for number in (1, 2))
            sentence = _(
                "Those of {clients} that have a client number are written to {folder}: {first}, {second} and so on, each"
                " with at most {rows} clients and {bytes} bytes."
            )
            destination = sentence.format(
                clients=self._count_in_words(),
                folder=os.path.dirname(place),
                first=first,
                second=second,
                rows=whole_number(UPLOAD_ROWS),
                bytes=whole_number(UPLOAD_BYTES),
            )
            return [destination, self._columns_in_words(), *self._if_there(numbered(path, 1))]
        destination = _("{clients} → {path}").format(clients=self._count_in_words(), path=place)
        return [destination, self._columns_in_words(), *self._if_there(path)]

    def _columns_in_words(self) -> str:
        """The columns as the file calls them."""
        export = self._export()
        columns = UPLOAD_COLUMNS if export.format is Format.QUICKBOOKS else export.columns
        names = columns if export.format is Format.JSONL else headings(columns, export.language, export.catalogue)
        shown = ", ".join(names[:OFFERED]) + (", …" if len(names) > OFFERED else "")
        sentence = ngettext("{count} column: {names}", "{count} columns: {names}", len(names))
        return sentence.format(count=len(names), names=shown)

    def _if_there(self, path: str) -> list[str]:
        is_taken = os.path.isfile(path)
        return [_("There is a file of that name: you will be asked before it is replaced.")] if is_taken else []

    # --- writing

    async def command_download_save(self) -> None:
        """Write; a file that is there already is asked about."""
        path = self.query_one(PathInput).path
        answer = self.query_one("#path", Answer)
        if not path:
            answer.complain(_("Type the path of a file."))
            answer.enter()
            return
        export = self._export()
        try:
            written = await self._write(export, os.path.join(os.getcwd(), path), False)
            if written is None:
                return
        except Refused as refusal:
            if not self.is_attached:
                return
            if refusal.code == "download_stopped":
                self.tell(refusal)
                return
            answer.complain(refusal.message)
            answer.enter()
            return
        self.dismiss(written)

    async def _write(self, export: Export, path: str, overwrite: bool) -> Written | None:
        """What was written, None where the person keeps the file that is there. Raises Refused."""
        try:
            return await self._run(export, path, overwrite)
        except Refused as refusal:
            if refusal.code != "file_exists":
                raise
            names = [display_text(os.path.basename(str(problem.values["path"]))) for problem in refusal.problems]
        shown = ", ".join(names[:OFFERED]) + (", …" if len(names) > OFFERED else "")
        question = ngettext("Replace {names}?", "Replace {count} files: {names}?", len(names))
        text = ngettext("What stands in it is lost.", "What stands in them is lost.", len(names))
        dialog = Confirm(question.format(count=len(names), names=shown), text, yes=_("Replace"), danger=True)
        if not await self.app.push_screen_wait(dialog):
            return None
        return await self._run(export, path, True)

    async def _run(self, export: Export, path: str, overwrite: bool) -> Written:
        """Write on a thread of its own, with its own opening of the firm, so that the list stays usable."""
        stop = self._stop = threading.Event()
        self._done, self._began, self._told = 0, time.monotonic(), True
        form = self.query_one("#download")
        focused = self.focused
        form.disabled = True
        self.write_footer()
        timer = self.set_interval(SHOWN_EVERY, self._show_progress)
        session = self.gateway.session
        gateway = Gateway()
        try:
            await asyncio.wrap_future(gateway.open(session.location, session.login))
            return await gateway.call(write_clients, export, path, overwrite, Watch(self._report, stop.is_set))
        finally:
            stop.set()
            await asyncio.to_thread(gateway.close, True)
            self._stop = None
            timer.stop()
            if self.is_attached:
                self.query_one(ProgressLines).display = False
                form.disabled = False
                self.write_footer()
                self.set_focus(focused)

    def _report(self, done: int) -> None:
        self._done = done

    def _show_progress(self) -> None:
        lines = self.query_one(ProgressLines)
        lines.display = True
        rows = max(self._counts.get(self._chosen("what"), 0), self._done)
        lines.show(Progress(self._done, rows, time.monotonic() - self._began))

    def footer_title(self, command: "Command") -> str:
        """Esc stops the writing."""
        return _("Stop") if command.id == "app.back" and self._stop is not None else super().footer_title(command)

    def command_app_back(self) -> None:
        """Leave; while the file is being written, stop."""
        if self._stop is not None:
            self._stop.set()
        else:
            self.dismiss(None)

    # --- from one question to the next

    def command_field_previous(self) -> None:
        """To the question above."""
        self.focus_previous()

    def command_field_next(self) -> None:
        """To the question below."""
        self.focus_next()
