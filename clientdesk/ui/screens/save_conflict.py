"""A save that came too late: theirs and yours side by side, to choose field by field."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from clientdesk.domain.catalogue import Catalogue
from clientdesk.domain.problems import Refused
from clientdesk.domain.rules import errors, shown_name, tidy
from clientdesk.text import _, display_text, local_time
from clientdesk.ui.commands import bindings_for, first_key
from clientdesk.ui.desk_app import desk_app
from clientdesk.ui.screens.base import DeskScreen, style
from clientdesk.ui.widgets.bars import cut
from clientdesk.ui.widgets.theirs_and_yours import Side, Sides

if TYPE_CHECKING:
    from clientdesk.desk.records import Change, Client, Saved, Stale

LONGEST = 200
"""What only they changed is told with so many cells of each value at most."""


def sides_of(catalogue: Catalogue, base: "Client", theirs: "Client", changes: Mapping[str, str]) -> list[Side]:
    """The fields of your `changes` to `base` that are not what stands there now."""
    sides = []
    for name, value in changes.items():
        if (field := catalogue.known(name)) is None:
            continue
        yours, present, before = tidy(field, value), theirs.values.get(name, ""), base.values.get(name, "")
        if yours != present:
            sides.append(Side(field, present, yours, present != before, before))
    return sorted(sides, key=lambda side: not side.both)


def _why(stale: "Stale") -> str:
    """What stands in the way where it is not the same field; "" where it is."""
    if stale.code == "stale":
        return ""
    if stale.code == "made_inactive":
        return stale.message
    sentence = _("Each of the two changes is right, but not both together: {sentence}").format(sentence=stale.message)
    if not errors(stale.problems):
        return sentence
    leave = _("Yours cannot be saved as long as that is so: take theirs, or {key} goes back to the form.")
    return f"{sentence} {leave.format(key=first_key('form.cancel'))}"


async def settle(
    screen: DeskScreen[int | None], base: "Client", stale: "Stale", changes: Mapping[str, str]
) -> "Saved | None":
    """What was saved after the person has chosen; None if they came back without. Nothing to choose: theirs."""
    from clientdesk.desk.records import Saved

    if not sides_of(screen.catalogue, base, stale.theirs, changes):
        return Saved(stale.theirs, written=False)
    return await screen.app.push_screen_wait(ConflictScreen(base, stale, changes))


class ConflictScreen(DeskScreen["Saved | None"]):
    """`changes` were made to `base`, but what somebody else did stands in their way (`stale`). Answers with what was
    saved, or None.

    Nothing is saved over theirs unless it was chosen here: a field that both changed has no answer at first, and where
    there is none none has. What only they changed stays theirs and is told below.
    """

    is_unasked = True

    SCOPE = "conflict"
    BINDINGS = bindings_for("conflict")
    CSS_PATH = style("form")

    def __init__(self, base: "Client", stale: "Stale", changes: Mapping[str, str]) -> None:
        super().__init__()
        self._base, self._theirs, self._changes = base, stale.theirs, changes
        self._why = _why(stale)
        """What stands in the way where it is not the same field."""

    def title_text(self) -> str:
        return _("{name}: theirs and yours").format(name=shown_name(self._theirs.values))

    def body(self) -> ComposeResult:
        with VerticalScroll(id="conflict", can_focus=False):
            yield Static(id="who")
            yield Sides()
            yield Static(id="taken")

    def on_mount(self) -> None:
        """Show both sides."""
        self._show(self._yours_alone())

    @property
    def _sides(self) -> Sequence[Side]:
        return sides_of(self.catalogue, self._base, self._theirs, self._changes)

    def _yours_alone(self) -> dict[str, bool]:
        """Your values of the fields that only you changed, where it is others that stand in the way."""
        alone = {side.field.name: True for side in self._sides if not side.both}
        return alone if len(alone) < len(self._sides) else {}

    def _show(self, chosen: Mapping[str, bool]) -> None:
        self.query_one(Sides).show(self._sides, chosen)
        theirs_alone = [
            field
            for field in self.catalogue.fields
            if self._theirs.values.get(field.name, "") != self._base.values.get(field.name, "")
            and field.name not in self._changes
        ]
        lines = []
        for field in theirs_alone:
            old, new = (
                cut(display_text(field.display(client.values.get(field.name, ""))[:LONGEST]), LONGEST - 1)
                or _("(empty)")
                for client in (self._base, self._theirs)
            )
            lines.append(Content.assemble((f"{field.title}: ", "$foreground-muted"), f"{old} → {new}"))
        heading = Content.styled(_("Only they changed this; it stays as they have it:"), "bold $text-accent")
        self.query_one("#taken", Static).update(Content("\n").join([heading, *lines]) if lines else "")
        self._tell_who(None)
        self._load_who()

    @work(exclusive=True, group="who")
    async def _load_who(self) -> None:
        from clientdesk.desk import history
        from clientdesk.ui.gateway import Dropped

        with suppress(Refused, Dropped):
            changes = await self.gateway.read("conflict.who", history.of_client, self._theirs.id, 1)
            self._tell_who(changes[0] if changes else None)

    def _tell_who(self, change: "Change | None") -> None:
        if change is None:
            sentence = _("This client was changed while you did.")
        elif change.who == self.gateway.me.name:
            sentence = _("You changed this client in another window on {time}.").format(time=local_time(change.at))
        else:
            sentence = _("{who} changed this client on {time}, while you did.").format(
                who=display_text(change.who), time=local_time(change.at)
            )
        nothing_yet = _("Nothing is saved yet: choose for each field.")
        self.query_one("#who", Static).update(Content(" ".join(filter(None, (sentence, self._why, nothing_yet)))))

    def save_settled(self, saved: bool) -> None:
        """What was chosen is saved after all."""
        if saved:
            self.run_worker(self.guarded(self._was_saved()), group="settled")

    async def _was_saved(self) -> None:
        from clientdesk.desk import clients
        from clientdesk.desk.records import Saved

        self.dismiss(Saved(await self.gateway.call(clients.get, self._theirs.id)))

    # --- commands

    def command_conflict_up(self) -> None:
        """To the field above."""
        self.query_one(Sides).move(-1)

    def command_conflict_down(self) -> None:
        """To the field below."""
        self.query_one(Sides).move(1)

    def command_conflict_next(self) -> None:
        """From a field that is chosen to the next one that is not; what is open is not chosen by this key."""
        sides = self.query_one(Sides)
        if not sides.open:
            self.tell(_("Every field is chosen; {key} saves.").format(key=first_key("form.save")))
            return
        if sides.current in sides.chosen:
            sides.go_to_open()
        theirs, yours = first_key("conflict.theirs"), first_key("conflict.yours")
        self.tell(_("{theirs} takes theirs, {yours} yours.").format(theirs=theirs, yours=yours))

    def _take(self, names: Sequence[str], yours: bool) -> None:
        self.query_one(Sides).take(names, yours)

    def command_conflict_theirs(self) -> None:
        """Take their value of this field."""
        self._take([self.query_one(Sides).current], False)

    def command_conflict_yours(self) -> None:
        """Take your value of this field."""
        self._take([self.query_one(Sides).current], True)

    def on_sides_picked(self, event: Sides.Picked) -> None:
        """A value was clicked."""
        self._take([self.query_one(Sides).current], event.yours)

    def command_conflict_all_theirs(self) -> None:
        """Take their values."""
        self._take([side.field.name for side in self._sides], False)

    def command_conflict_all_yours(self) -> None:
        """Take your values."""
        self._take([side.field.name for side in self._sides], True)

    async def command_form_save(self) -> None:
        """Save what was chosen over what stands there now."""
        from clientdesk.desk import clients
        from clientdesk.desk.records import Saved, Stale

        sides = self.query_one(Sides)
        if sides.open:
            sides.go_to_open()
            fields = ", ".join(field.title for field in sides.open)
            self.tell(_("Nothing is saved yet. Choose theirs or yours: {fields}").format(fields=fields))
            return
        yours = {name: value for name, value in self._changes.items() if name in sides.yours}
        if not yours:
            self.dismiss(Saved(self._theirs, written=False))
            return
        try:
            saved = await self.gateway.call(clients.save, self._theirs, yours)
        except Stale as stale:
            self._meet(stale)
            return
        self.dismiss(saved)

    def _meet(self, stale: "Stale") -> None:
        """They changed it once more: what was chosen between other values is open again."""
        before = self._theirs
        self._theirs, self._why = stale.theirs, _why(stale)
        if not self._sides:
            self.dismiss(Saved(self._theirs, written=False))
            return
        changed = {name for name, value in before.values.items() if self._theirs.values[name] != value}
        chosen = {name: yours for name, yours in self.query_one(Sides).chosen.items() if name not in changed}
        self._show(chosen if any(side.field.name not in chosen for side in self._sides) else {})
        desk_app(self).forget_typed()
        self.tell(stale)

    def command_form_cancel(self) -> None:
        """Back to the form; what was typed is still there."""
        self.dismiss(None)
