"""The terminal's clipboard: what is sent there, told in words. Whether the terminal takes it cannot be known."""

from collections.abc import Sequence
from typing import Any

from textual.app import App

from clientdesk.text import _, display_text, ngettext, whole_number
from clientdesk.ui.screens.base import Commanding
from clientdesk.ui.widgets.bars import cut

CLIENT_FIELDS = ("client_number", "display_name", "email")
"""What is copied of a client."""
MOST_BYTES = 74_994
"""So much at most, as terminals take 100,000 bytes of base64 and drop what is longer."""
MOST_CLIENTS = (MOST_BYTES + 1) // 2
"""So many clients at most, as each takes a character of its name and the end of its line."""
SHOWN = 40
"""So many cells of each value are told."""
NAMED = 3
"""So many clients are called by their names."""


def send(app: App[Any], text: str, what: str) -> str:
    """Send `text` to the terminal's clipboard; the sentence that says so, with `what` was sent."""
    app.copy_to_clipboard(text)
    return _("Sent to the terminal's clipboard: {what}").format(what=what)


def on_one_line(value: str) -> str:
    """A value as it is told: safe to show, in one line and not long."""
    return cut(display_text(value[: 4 * SHOWN]), SHOWN)


def takes_clients(screen: Commanding[Any], count: int, bytes_of_text: int = 0) -> bool:
    """Whether a terminal's clipboard takes so many clients, in a text of so many bytes where that is known; otherwise it
    is said, and what takes them."""
    if count <= MOST_CLIENTS and bytes_of_text <= MOST_BYTES:
        return True
    from clientdesk.ui.commands import first_key

    sentence = _("{count} clients are more than a terminal's clipboard takes. {key} writes them into a file.")
    screen.tell(sentence.format(count=whole_number(count), key=first_key("download.open")))
    return False


def send_clients(screen: Commanding[Any], clients: Sequence[Sequence[str]]) -> None:
    """Send clients (the values of CLIENT_FIELDS of each): a line for each, with tabs between the values, and say so."""
    lines = ["\t".join(value for value in values if value) for values in clients]
    text = "\n".join(lines)
    count = len(clients)
    if not takes_clients(screen, count, len(text.encode(errors="replace"))):
        return
    if count == 1:
        clients_in_words = ", ".join(on_one_line(value) for value in clients[0] if value)
    else:
        names = [on_one_line(values[1]) for values in clients[:NAMED]]
        clients_in_words = ngettext("{count} client: {names}", "{count} clients: {names}", count).format(
            count=whole_number(count), names=", ".join(names) + (", …" if count > NAMED else "")
        )
    screen.tell(send(screen.app, text, clients_in_words))
