"""The form of a client: one for adding and for editing, made from the catalogue of fields."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker

from clientdesk.domain.fields import FORM_FIRST, Field, Kind, Section
from clientdesk.domain.problems import FirmUnusable, Problem, Refused
from clientdesk.domain.rules import errors, shown_name, tidy
from clientdesk.text import _
from clientdesk.ui.commands import Command, bindings_for
from clientdesk.ui.meanwhile_words import stays
from clientdesk.ui.screens.base import style
from clientdesk.ui.screens.client_form_news import FormNews
from clientdesk.ui.widgets.field_lines import Chooser, FieldLine, FixedLine, MoreHeader, Opening, Options, line_of
from clientdesk.ui.widgets.in_sight import StaysInSight

if TYPE_CHECKING:
    from clientdesk.desk.records import Client, Saved
    from clientdesk.desk.session import Session

CHECK_AFTER = 0.3
"""So many seconds after the last key what stands there is checked."""


def _choices(session: "Session") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the client types, and of the members who can lead clients."""
    from clientdesk.desk import client_types, team

    members = tuple(member.name for member in team.members(session) if member.active)
    return client_types.type_names(session), members


class ClientFormScreen(FormNews):
    """Add a client (`client_id` None) or change one. Answers with the saved client's id, None if nothing was saved.

    What is typed is checked when a field is left and a moment after the last key; only fields that were left
    show what is wrong with them, all of them after a save that was refused.
    """

    SCOPE = "form"
    BINDINGS = bindings_for("form")
    CSS_PATH = style("form")
    AUTO_FOCUS = "TextLine"

    def __init__(self, client_id: int | None = None) -> None:
        super().__init__()
        self.client_id = client_id
        self._base: Client | None = None
        self._first: dict[str, str] = {}
        self._values: dict[str, str] = {}
        self._options: dict[Kind, Options] = {}
        self._seen: set[str] = set()
        self._problems: Sequence[Problem] = ()
        self._resting: Timer | None = None
        self._choices: Worker[None] | None = None
        """What reads what can be chosen."""

    # --- what is shown

    def title_text(self) -> str:
        if self.client_id is None:
            return _("Add a client")
        return _("Edit {name}").format(name=shown_name(self._base.values)) if self._base else _("Edit")

    def help_scopes(self) -> tuple[str, ...]:
        return ("form", "field", "line", "notes", "choice", "picker")

    def awaits(self, event: events.Event) -> bool:
        """The client's lines must be there; what opens or takes a choice waits until it is known what can be chosen."""
        if self.is_opening:
            return True
        if not isinstance(self.focused, Chooser) or self._choices is None or self._choices.is_finished:
            return False
        return not isinstance(event, events.Key) or event.is_printable or event.key == "enter"

    def footer_commands(self) -> Iterable[Command]:
        """? is a letter here, so that the form has its own command for help."""
        return [command for command in super().footer_commands() if command.id != "app.help"]

    @property
    def _fields(self) -> Sequence[Field]:
        """The fields that are filled in here."""
        return self.catalogue.new_fields if self._base is None else self.catalogue.form_fields

    @property
    def more_fields(self) -> Sequence[Field]:
        """The fields of the part that is closed at first; of a client that is there, some are shown only."""
        return [field for field in self.catalogue.new_fields if field.name not in FORM_FIRST]

    def body(self) -> ComposeResult:
        with StaysInSight(id="form"):
            if self.client_id is None:
                from clientdesk.desk import clients

                # Only the session's record of you is read, so that what is typed at once is not lost.
                self._begin(clients.new_values(self.gateway.session))
                yield from self._lines()

    def on_mount(self) -> None:
        """Read the client, and what can be chosen."""
        if self.client_id is None:
            self._read_choices()
        else:
            self.begin_reading(self._load, self.client_id)

    def _read_choices(self) -> None:
        self._choices = self.run_worker(self.guarded(self.load_choices()), group="choices", exclusive=True)

    def _begin(self, values: Mapping[str, str]) -> None:
        self._first = {field.name: values.get(field.name, "") for field in self._fields}
        self._values = dict(self._first)

    def _lines(self) -> Iterable[Widget]:
        for name in FORM_FIRST:
            yield self._line(self.catalogue.by_name[name])
        yield MoreHeader()
        yield Vertical(id="more")

    def _line(self, field: Field) -> FieldLine:
        line = FieldLine(field, self._values[field.name], self._options_of(field))
        # What the editor makes of a value (it strips what steers a terminal) is not a change of the person's.
        self._first[field.name] = self._values[field.name] = line.first
        return line

    def _options_of(self, field: Field) -> Options:
        if field.choices:
            return [(choice.value, _(choice.label)) for choice in field.choices]
        if field.kind is Kind.OWN_CHOICE:
            return [("", _("None")), *((name, name) for name in map(field.called.__getitem__, field.offered))]
        return self._options.get(field.kind, ())

    async def _load(self, client_id: int) -> None:
        from clientdesk.desk import clients

        try:
            self._base = await self.gateway.call(clients.get, client_id)
        except Refused as refusal:
            self.tell(refusal)
            self.dismiss(None)
            return
        self._begin(self._base.values)
        self.write_title()
        lines = list(self._lines())
        await self.query_one("#form").mount(*lines)
        self.set_focus(next(line.editor for line in lines if isinstance(line, FieldLine)))
        self._write_header()
        self._read_choices()

    async def load_choices(self) -> None:
        """Read what can be chosen, once."""
        if self._options:
            return
        types, members = await self.gateway.call(_choices)
        self._options = {
            Kind.CLIENT_TYPE: [("", _("None")), *((name, name) for name in types)],
            Kind.MEMBER: [("", _("Unassigned")), *((name, name) for name in members)],
        }
        for line in self.query(FieldLine):
            if isinstance(line.editor, Chooser) and line.field.kind in self._options:
                line.editor.options = self._options[line.field.kind]
                line.editor.refresh()

    # --- what was typed

    def _changes(self) -> dict[str, str]:
        """The fields whose value is another than the form began with."""
        return {
            name: value
            for name, value in self._values.items()
            if (field := self.catalogue.known(name)) is not None
            and tidy(field, value) != tidy(field, self._first[name])
        }

    def _to_check(self) -> dict[str, str]:
        # What stands in a field counts already while it is still on its way to here.
        self._values.update({line.field.name: line.value for line in self.query(FieldLine)})
        return dict(self._values) if self._base is None else self._changes()

    def on_field_line_changed(self, event: FieldLine.Changed) -> None:
        """Something was typed or chosen: it is checked a moment later."""
        self._values[event.line.field.name] = event.line.value
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(CHECK_AFTER, self._check_now)

    def on_field_line_left(self, event: FieldLine.Left) -> None:
        """The field was left: what is wrong with it may be told."""
        if self.app.screen is self:
            self._seen.add(event.line.field.name)
            self._check()

    def _check_now(self) -> None:
        self._check()

    @work(exclusive=True, group="check")
    async def _check(self) -> None:
        from clientdesk.desk import clients
        from clientdesk.ui.gateway import Dropped

        # A check that cannot be made is told when the form is saved.
        with suppress(Refused, Dropped):
            self._problems = await self.gateway.read("form.check", clients.check, self._to_check(), self.client_id)
            self._show_problems()

    def _show_problems(self) -> None:
        shown = [problem for problem in self._problems if problem.field in self._seen]
        for line in self.query(FieldLine):
            line.tell([problem for problem in shown if problem.field == line.field.name])
        self._write_header(shown)

    def _write_header(self, shown: Sequence[Problem] = ()) -> None:
        names = {field.name for field in self.more_fields} & self._values.keys()
        filled = sum(1 for name in names if self._values[name] != self.catalogue.empty.get(name, ""))
        wrong = sum(1 for problem in errors(shown) if problem.field in names)
        for header in self.query(MoreHeader):
            header.show(bool(self.query_one("#more").display and self.query("#more FieldLine")), filled, wrong)

    # --- choosing, and the part that can be closed

    def open_line(self, opening: Opening, typed: str = "") -> None:
        """A choice, or the other fields."""
        if isinstance(opening, Chooser):
            self._choose(opening, typed)
        else:
            self.action_command("form.more")

    def _choose(self, chooser: Chooser, typed: str) -> None:
        from clientdesk.ui.screens.picker import Choose

        def take(chosen: str | None) -> None:
            if chosen is not None:
                chooser.choose(chosen)
                self.focus_next()

        title = line_of(chooser).field.title
        self.app.push_screen(Choose(title, chooser.choices, chooser.value, typed), take)

    async def command_form_more(self) -> None:
        """Open the other fields and go to the first, or close them."""
        more = self.query_one("#more")
        if more.display and more.children:
            if self.focused is not None and more in self.focused.ancestors:
                self.query_one(MoreHeader).focus()
            more.display = False
        else:
            await self._open_more()
            if first := [*more.query(FieldLine)][:1]:
                self.set_focus(first[0].editor)
        self._show_problems()

    async def _open_more(self) -> None:
        more = self.query_one("#more")
        more.display = True
        if not more.children:
            await more.mount(*self._more_lines())

    def _more_lines(self) -> Iterable[Widget]:
        for section, fields in groupby(self.more_fields, lambda field: field.section):
            group = list(fields)
            if section is not Section.MAIN and [field.label for field in group] != [section.value]:
                yield Static(Content(_(section.value)), classes="heading")
            for field in group:
                yield self._line(field) if field.name in self._values else self._shown(field)

    def _shown(self, field: Field) -> FixedLine:
        """A field that is changed elsewhere, and where."""
        assert self._base is not None
        return FixedLine(field, field.display(self._base.values.get(field.name, "")))

    # --- saving and leaving

    async def command_form_save(self) -> None:
        """Save what the form says, if it may be saved; then leave."""
        if not self._values:
            return  # the client is not read yet
        values = self._to_check()
        if not values:
            self.tell(_("Nothing was changed."))
            self.dismiss(None)
            return
        seen_problems = [problem for problem in self._problems if problem.field in self._seen]
        self._given = values
        try:
            saved = await self._write(values)
        except FirmUnusable:
            raise
        except Refused as refusal:
            if refusal.code == "client_gone":
                await self.offer_a_copy(refusal)
                return
            if not refusal.problems or not all(problem.field in self._values for problem in refusal.problems):
                raise  # what nobody foresaw has no problems: there is no field under which it could be told
            self._problems = [*refusal.problems, *(problem for problem in self._problems if problem.warning)]
            await self._show_all()
            return
        if saved is not None and not saved.written:
            self._leave_unwritten(saved)
        elif saved is not None:
            news = [
                _("Warning: {sentence}").format(sentence=warning.message)
                for warning in saved.warnings
                if warning not in seen_problems
            ]
            self._saved(saved.client, [*self._theirs(saved), *news])

    def _theirs(self, saved: "Saved") -> list[str]:
        """What was changed meanwhile in other fields, which stays; a sentence, or none."""
        return stays([self.catalogue.by_name[name].title for name in saved.meanwhile], saved.by, self.gateway.me.name)

    def _leave_unwritten(self, saved: "Saved") -> None:
        """Nothing was to be written: it stands there as it shall."""
        nothing = _("Nothing was changed: {name} says so already.").format(name=shown_name(saved.client.values))
        self.tell("\n".join([nothing, *self._theirs(saved)]))
        self.dismiss(saved.client.id)

    async def _write(self, values: Mapping[str, str]) -> "Saved | None":
        """What was saved; None if the person came back from choosing between theirs and yours."""
        from clientdesk.desk import clients
        from clientdesk.desk.records import Stale

        try:
            return await self.gateway.call(clients.save, self._base, values)
        except Stale as stale:
            from clientdesk.ui.screens.save_conflict import settle

            assert self._base is not None  # a new client has nobody in its way
            return await settle(self, self._base, stale, values)

    def _saved(self, client: "Client", news: Sequence[str] = ()) -> None:
        from clientdesk.ui.screens.undo_words import with_undo

        saved = _("Saved: {name}").format(name=shown_name(client.values))
        self.tell("\n".join([with_undo(saved), *news]))
        self.dismiss(client.id)

    def _saved_in_part(self, client: "Client", values: Mapping[str, str]) -> None:
        self.note([])
        self._first.update({name: self._values[name] for name in values if self._values[name] == values[name]})
        self.client_id, self._base = client.id, client
        self.write_title()

    async def _show_all(self) -> None:
        """Show everything that is wrong and go to the first field with an error."""
        self._seen = set(self._values)
        wrong = {problem.field for problem in errors(self._problems)}
        if wrong & {field.name for field in self.more_fields}:
            await self._open_more()
        self._show_problems()
        for line in self.query(FieldLine):
            if line.field.name in wrong:
                self.set_focus(line.editor)
                return

    async def command_form_cancel(self) -> None:
        """Leave; asks if something was changed."""
        if await self.may_leave():
            self.dismiss(None)

    def unsaved(self) -> str:
        """The fields that were changed."""
        changed = self._changes()
        labels = [field.title for field in self.catalogue.new_fields if field.name in changed]
        return _("Not saved: {fields}").format(fields=", ".join(labels)) if labels else ""

    def command_form_help(self) -> None:
        """The keys of the form."""
        from clientdesk.ui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.help_scopes()))
