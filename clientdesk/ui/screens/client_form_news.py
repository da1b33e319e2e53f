"""What happens to a form's client while the form is open: someone else changes it, or the server goes away."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from clientdesk.domain.problems import Refused
from clientdesk.text import _
from clientdesk.ui.commands import Command
from clientdesk.ui.firm_change import BY_OTHERS, FirmChange
from clientdesk.ui.meanwhile_words import CLIENT_ACTIVATED, CLIENT_CHANGED, CLIENT_DEACTIVATED, GONE, somebody
from clientdesk.ui.screens.base import DeskScreen
from clientdesk.ui.screens.clients_words import first_key
from clientdesk.ui.widgets.bars import Part, sentence_parts
from clientdesk.ui.widgets.missing_parts import staying
from clientdesk.ui.widgets.note_lines import NoteLine

if TYPE_CHECKING:
    from clientdesk.desk.records import Client
    from clientdesk.desk.session import Session


class Meanwhile(NamedTuple):
    """A client as it stands now, and who changed it last ("" if that is not known)."""

    client: "Client"
    who: str


def _meanwhile(session: "Session", client_id: int) -> Meanwhile:
    from clientdesk.desk import clients, history

    client = clients.get(session, client_id)
    changes = history.of_client(session, client_id, 1)
    return Meanwhile(client, changes[0].who if changes else "")


class FormNote(NoteLine):
    """That the form's client was changed elsewhere."""


class FormNews(DeskScreen[int | None]):
    """A form that says at once in a line what someone else did to its client; what was typed stays."""

    client_id: int | None
    _base: "Client | None"
    _given: Mapping[str, str] | None = None
    """What the latest save was to write."""
    _is_gone = False
    """Whether the client is known to be deleted."""
    _to_check: Callable[[], dict[str, str]]
    """What would be saved now."""
    _saved: "Callable[[Client], None]"
    """Say that it is saved, and leave."""
    _saved_in_part: "Callable[[Client, Mapping[str, str]], None]"
    """Only what was given is saved: the rest was typed since, is not lost, and is not saved yet."""
    load_choices: Callable[[], Awaitable[None]]
    """Read what can be chosen."""

    async def freshen(self, change: FirmChange = BY_OTHERS) -> None:
        """Say what became of the client meanwhile."""
        await self.load_choices()
        base = self._base
        if base is None:
            return
        try:
            now = await self.gateway.read("form.fresh", _meanwhile, base.id)
        except Refused as refusal:
            if refusal.code != "client_gone":
                raise
            self._tell_gone(True)
            self.note(sentence_parts(_(GONE).format(sentence=refusal.message), "strong"))
            return
        self._tell_gone(False)
        if self._base is base:  # otherwise it was saved while this was read
            is_same = now.client.version == base.version
            self.note([] if is_same else _in_words(base, now, self.gateway.me.name))

    def _tell_gone(self, is_gone: bool) -> None:
        """The footer offers what the key of saving does: of a client that was deleted, copy what was typed."""
        if is_gone != self._is_gone:
            self._is_gone = is_gone
            self.write_footer()

    def footer_title(self, command: Command) -> str:
        """See Commanding."""
        return _("Copy") if self._is_gone and command.id == "form.save" else super().footer_title(command)

    def note(self, parts: Sequence[Part]) -> None:
        """Show a line above the footer, or another one; no parts take it away."""
        if not parts:
            self.query(FormNote).remove()
            return
        lines = staying(self, FormNote)
        if not lines:
            lines = [FormNote()]
            self.mount(*lines, before="#footer")
        lines[0].show(parts)

    async def offer_a_copy(self, gone: Refused) -> None:
        """Tells that the client was deleted; what was typed can be copied, and stays."""
        from clientdesk.ui.screens.clipboard import send
        from clientdesk.ui.screens.dialogs import Confirm

        self._tell_gone(True)
        typed = self._to_check()
        lines = [f"{self.catalogue.by_name[name].title}: {value}" for name, value in typed.items()]
        question = _("Copy what you typed?")
        dialog = Confirm(question, gone.message, yes=_("Copy"), no=_("Back to the form"))
        dialog.is_unasked = True
        if await self.app.push_screen_wait(dialog):
            self.tell(send(self.app, "\n".join(lines), ", ".join(self.catalogue.by_name[name].title for name in typed)))

    # --- a save that was under way when the server went away

    def save_settled(self, saved: bool) -> None:
        """Leave if it was saved, unless something was typed since; otherwise everything stays as it is."""
        if saved and self._given is not None:
            self.run_worker(self.guarded(self._was_saved(self._given)), group="settled", exclusive=True)

    async def _was_saved(self, values: Mapping[str, str]) -> None:
        from clientdesk.desk import clients

        if self.client_id is not None:
            client = await self.gateway.call(clients.get, self.client_id)
            if self._to_check() == values:
                self._saved(client)
            else:
                self._saved_in_part(client, values)
        elif self._to_check() == values:
            self.dismiss(None)
        else:
            sentence = _("The client is added as you saved it; what you typed since is not in it.")
            self.note(sentence_parts(sentence, "strong"))


def _in_words(base: "Client", now: Meanwhile, me: str) -> list[Part]:
    """What was done to the client in another window, and what saving does."""
    if now.client.active == base.active:
        news = CLIENT_CHANGED
    else:
        news = CLIENT_ACTIVATED if now.client.active else CLIENT_DEACTIVATED
    who = somebody(now.who)
    return sentence_parts(news.sentence(now.who, me), "strong", keys={"key": first_key("form.save")}, who=who)
