"""The first step of an import: which file, which kind of list, and how the file is read."""

import os
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker, WorkerError

from clientdesk.desk.imports.import_records import ImportKind
from clientdesk.domain.encodings_and_delimiters import DELIMITERS, ENCODINGS, TITLES, encoding_title
from clientdesk.domain.problems import Problem, Refused
from clientdesk.text import N_, _, display_text, ngettext
from clientdesk.ui.commands import Command, bindings_for
from clientdesk.ui.import_under_way import Peek
from clientdesk.ui.screens import import_words as words
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.screens.import_step import COLUMNS, FILE, PLAN, ImportStep, Steps
from clientdesk.ui.widgets.answers import OneOf
from clientdesk.ui.widgets.field_lines import Chooser, Opening, Options
from clientdesk.ui.widgets.in_place_words import Said
from clientdesk.ui.widgets.line_colours import ERROR, WARNING
from clientdesk.ui.widgets.line_input import LineInput
from clientdesk.ui.widgets.path_input import PathInput
from clientdesk.ui.widgets.sheet_view import SheetView

if TYPE_CHECKING:
    from clientdesk.exchange.file_reading import Choices

READ_AFTER = 0.3
"""So many seconds after the last key a path that names a file is read."""
OFFERED = 12
"""So many names are offered at most."""
ABOUT = N_(
    "A CSV, an Excel or an OpenDocument file: either client numbers (Company ID, Display name, Client number), or a list"
    " of clients from any program. You see what every row would do before anything is written."
)
"""What stands on the screen before a file is named."""
_LAID_OUT = ("missing_column", "duplicate_column", "no_rows")
"""Refusals of files that could be read all the same: how they were read may be what is wrong."""
_READ_WRONGLY = ("encoding", "mixed_encoding", "nul_byte", "bad_quotes")
"""Refusals of files that another encoding or delimiter may make readable."""
CHOICES = ("encoding", "delimiter", "sheet", "heading_row")
"""How a file is read, in the order of `Choices`."""
UNREAD = Peek((), (), "?", "?", "", (), (), ())
"""What is shown of such a file: nothing but the choices."""


class Labelled(Horizontal):
    """A label and what it is for, in a line."""

    DEFAULT_CSS = """
    Labelled { height: 1; }
    Labelled > .label { width: 12; color: $foreground-muted; }
    """

    def __init__(self, label: str, field: Widget, *, id: str) -> None:
        super().__init__(id=id)
        self._label, self._field = label, field

    def compose(self) -> ComposeResult:
        yield Static(Content(self._label), classes="label")
        yield self._field


class ImportFileStep(ImportStep):
    """A path, and below it what stands in the file. As soon as the path names a file, it is read."""

    SCOPE = "import-file"
    STEP = FILE
    BINDINGS = bindings_for("import-file")
    CSS_PATH = style("import")
    AUTO_FOCUS = "PathInput"

    def __init__(self) -> None:
        super().__init__()
        self._resting: Timer | None = None
        self._reading: Worker[bool | None] | None = None
        self._read: tuple[str, ImportKind | None, Choices] | None = None
        self._peek: Peek | None = None
        self._sheets: tuple[str, tuple[str, ...]] = ("", ())
        self._chosen: ImportKind | None = None

    def help_scopes(self) -> tuple[str, ...]:
        return ("import-file", "path", "choice", "picker")

    def body(self) -> ComposeResult:
        kinds = [(kind.value, _(title)) for kind, title in words.KINDS.items()]
        yield Steps()
        with Vertical(id="file"):
            yield Labelled(_("File"), PathInput(self.importing.path, words.ENDINGS), id="path")
            yield Static(id="offered", classes="hint")
            yield Labelled(_("Kind"), OneOf(kinds, ImportKind.NUMBERS.value), id="kind")
            yield Labelled(_("Encoding"), Chooser("", [("", "")]), id="encoding")
            yield Labelled(_("Delimiter"), Chooser("", [("", "")]), id="delimiter")
            yield Labelled(_("Sheet"), Chooser("", [("", "")]), id="sheet")
            yield Labelled(_("Headings"), Chooser("", [("", "")]), id="heading_row")
            yield Said(id="said")
        yield SheetView()

    def on_mount(self) -> None:
        """Show what was read before, when the person has come back."""
        from clientdesk.exchange.file_reading import Choices

        self._show(None)
        path = self.query_one(PathInput)
        path.cursor_position = len(path.value)
        importing = self.importing
        if importing.plan is not None:
            # The bytes are not read again: what was seen is what is imported.
            self._chosen = importing.kind
            self._read = (importing.path, importing.kind, importing.choices or Choices())
            self._offer(())
            self._show(importing.peek)
        else:
            self._hint(_("{key} completes a name; drag a file here, or paste its path.").format(
                key=first_key("path.complete")))  # fmt: skip

    # --- the path

    def _hint(self, sentence: str) -> None:
        self.query_one("#offered", Static).update(Content(sentence))

    def on_path_input_offered(self, event: PathInput.Offered) -> None:
        """The names with which the path may go on."""
        self._offer(event.names)

    def _offer(self, names: Iterable[str]) -> None:
        shown = [display_text(name) for name in names]
        more = len(shown) - OFFERED
        if more > 0:
            shown = [*shown[:OFFERED], ngettext("and {count} more", "and {count} more", more).format(count=more)]
        self._hint("   ".join(shown))

    def on_input_changed(self, event: LineInput.Changed) -> None:
        """The path has changed: a file is read a moment later."""
        event.stop()
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(READ_AFTER, self._look)

    def on_input_submitted(self, event: LineInput.Submitted) -> None:
        """Enter goes on."""
        event.stop()
        self.action_command("import.next")

    def _look(self) -> None:
        path = self.query_one(PathInput).path
        if os.path.isfile(path):
            self._offer(())
            self._begin()
        elif self._read is not None:
            self._read, self._chosen = None, None
            self._show(None)

    # --- reading

    def _wanted(self) -> "tuple[str, ImportKind | None, Choices]":
        from clientdesk.exchange.file_reading import Choices

        path = self.query_one(PathInput).path
        if self._read is not None and self._read[0] != path:
            return path, None, Choices()  # another file: nothing is chosen yet
        encoding, delimiter, sheet, line = (self.query_one(f"#{name} Chooser", Chooser).value for name in CHOICES)
        return path, self._chosen, Choices(encoding, delimiter, sheet, int(line or 0))

    @property
    def is_read(self) -> bool:
        """Whether the file has been read as it is chosen, or it is known why it cannot be."""
        return self._reading is not None and self._reading.is_finished and self._read == self._wanted()

    def _begin(self) -> None:
        if self._reading is not None and not self._reading.is_finished and self._read == self._wanted():
            return  # it is being read at this moment
        work = self.guarded(self._read_file())
        self._reading = self.run_worker(work, group="read", exclusive=True)

    async def _read_file(self) -> bool:
        """Read the file as it is chosen; whether it can be gone on with."""
        wanted = self._wanted()
        if wanted == self._read:
            return self.importing.plan is not None
        path, kind, choices = wanted
        if self._read is not None and self._read[0] != path:
            self._chosen = None
        self._read = wanted
        try:
            peek = await self.importing.read(path, kind, choices)
        except Refused as refusal:
            await self._refused(refusal, path, choices)
            return False
        if not self.is_there or self._read != wanted:
            return False
        self._show(peek)
        self.write_title()
        return True

    async def _refused(self, refusal: Refused, path: str, choices: "Choices") -> None:
        """One sentence in place; where the file is a table all the same, or may be one if it is read otherwise, how
        it was read."""
        unread = self._unread(path)
        peek = unread if any(choices) or refusal.code in _READ_WRONGLY else None
        if refusal.code in _LAID_OUT:
            try:
                peek = await self.importing.glance(path, choices)
            except Refused:
                peek = unread
        if self.is_there:
            self._show(peek, refusal)

    def _unread(self, path: str) -> Peek:
        """What is shown of a file that cannot be read as it is chosen: of a workbook, the sheets that it has."""
        of, sheets = self._sheets
        return UNREAD._replace(encoding="", delimiter="", sheets=sheets) if sheets and of == path else UNREAD

    # --- what was found

    def _show(self, peek: Peek | None, refusal: Refused | None = None) -> None:
        self._peek = peek
        if peek is not None and self._read is not None:
            self._sheets = (self._read[0], peek.sheets)
        kind = self.importing.kind if peek is not None else None
        if kind is not None:
            one_of = self.query_one(OneOf)
            with one_of.prevent(OneOf.Changed):
                one_of.value = (self._chosen or kind).value
        for name in ("kind", *CHOICES):
            self.query_one(f"#{name}").display = peek is not None
        if peek is not None:
            self._show_choices(peek)
        self._say(peek, refusal)
        self.query_one(SheetView).show(peek.headings if peek else (), peek.rows if peek else ())
        self.write_step()

    def _show_choices(self, peek: Peek) -> None:
        as_found = _("as found") if not peek.headings else _("{what} (as found)")
        choices = self._read[2] if self._read is not None else None
        encoding = encoding_title(peek.encoding)
        delimiter = _(TITLES.get(peek.delimiter, peek.delimiter))
        options: dict[str, Options] = {
            "encoding": [
                ("", as_found.format(what=encoding) if not (choices and choices.encoding) else _("as found")),
                *ENCODINGS.items(),
            ],
            "delimiter": [
                ("", as_found.format(what=delimiter) if not (choices and choices.delimiter) else _("as found")),
                *((delimiter.character, _(delimiter.title)) for delimiter in DELIMITERS),
            ],
            "sheet": [
                ("", as_found.format(what=peek.sheet)) if not (choices and choices.sheet) else ("", _("as found"))
            ]
            + [(name, name) for name in peek.sheets],
            "heading_row": self._heading_rows(peek, as_found, bool(choices and choices.heading_row)),
        }
        shown = {
            "encoding": bool(peek.encoding),
            "delimiter": bool(peek.delimiter),
            "sheet": bool(peek.sheets),
            "heading_row": bool(peek.firsts) or bool(choices and choices.heading_row),
        }
        for name, its_options in options.items():
            chooser = self.query_one(f"#{name} Chooser", Chooser)
            chooser.options = its_options
            chooser.value = str(getattr(choices, name) or "") if choices is not None else ""
            chooser.refresh()
            self.query_one(f"#{name}").display = shown[name]

    @staticmethod
    def _heading_rows(peek: Peek, sentence: str, chosen: bool) -> Options:
        """The lines in which the headings may stand."""
        line = _("line {n}")
        as_found = _("as found") if chosen else sentence.format(what=line.format(n=peek.heading_row))
        return [("", as_found), *((str(number), f"{line.format(n=number)}: {text}") for number, text in peek.firsts)]

    def _say(self, peek: Peek | None, refusal: Refused | None) -> None:
        sentences: list[tuple[str, str]] = []
        if peek is None and refusal is None:
            sentences.append((_(ABOUT), "$foreground-muted"))
        if refusal is not None:
            sentences.append((words.refused(refusal), ERROR))
        notices: Iterable[Problem] = peek.notices if peek is not None else ()
        sentences += [(words.sentence_of(notice), WARNING) for notice in notices]
        if peek is not None and peek.ignored:
            shown = ", ".join(heading.strip() for heading in peek.ignored[:OFFERED]) + (
                ", …" if len(peek.ignored) > OFFERED else ""
            )
            sentence = ngettext("Ignored column: {names}", "Ignored columns: {names}", len(peek.ignored))
            sentences.append((display_text(sentence.format(names=shown)), "$foreground-muted"))
        self.query_one(Said).say(sentences)

    # --- choosing how it is read

    def on_one_of_changed(self, event: OneOf.Changed) -> None:
        """Another kind of list."""
        event.stop()
        self._chosen = ImportKind(event.value)
        self._begin()

    def open_line(self, opening: Opening, typed: str = "") -> None:
        """Encoding, delimiter, sheet, or the line of the headings."""
        from clientdesk.ui.screens.picker import Choose

        def take(chosen: str | None) -> None:
            if chosen is not None:
                chooser.choose(chosen)

        assert isinstance(opening, Chooser)
        chooser = opening
        assert isinstance(chooser.parent, Labelled)
        titles = {
            "encoding": _("Which encoding?"),
            "delimiter": _("Which delimiter?"),
            "sheet": _("Which sheet?"),
            "heading_row": _("In which line are the headings?"),
        }
        title = titles[str(chooser.parent.id)]
        self.app.push_screen(Choose(title, chooser.choices, chooser.value, typed), take)

    def on_chooser_changed(self, event: Chooser.Changed) -> None:
        """The file is read again, otherwise."""
        event.stop()
        self._begin()

    # --- commands

    def footer_commands(self) -> Iterable[Command]:
        """Tab completes while the path is being typed, and a question mark is a letter of it."""
        from clientdesk.ui.commands import BY_ID

        commands = [command for command in super().footer_commands() if command.id != "app.help"]
        return [*commands, BY_ID["path.complete"]]

    def command_import_help(self) -> None:
        """Show the keys of this screen."""
        self.app_of.command_app_help()

    def on_key(self, event: events.Key) -> None:
        """Up and down go from one line to the next, also from the kind."""
        if event.key in ("up", "down") and isinstance(self.focused, OneOf):
            event.stop()
            (self.focus_next if event.key == "down" else self.focus_previous)()

    async def command_import_next(self) -> None:
        """To the columns of a client list, or to the plan."""
        if not self.query_one(PathInput).value.strip():
            self._say(None, None)
            self._hint(_("Type the path of a file."))
            return
        if self._resting is not None:
            self._resting.stop()
        if self._reading is not None and self._read == self._wanted():
            with suppress(WorkerError):
                await self._reading.wait()  # it is being read at this moment
        if self._peek is None or not self._peek.headings or self._wanted() != self._read:
            self._read = None
        if self._read is None and not await self._read_file():
            return
        if self.importing.plan is None or not self.is_there:
            return
        self.go(COLUMNS if self.importing.kind is ImportKind.CLIENTS else PLAN)

    def command_path_complete(self) -> None:
        """Complete the path."""
        self.query_one(PathInput).command_path_complete()

    def command_app_back(self) -> None:
        """Leave the import; nothing was written."""
        self.leave()
