"""A client's fields beside the list, scrolling where they do not fit."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from clientdesk.desk.records import Client
from clientdesk.domain.catalogue import Catalogue
from clientdesk.ui.widgets.client_sections import ClientSections


class ClientDetails(VerticalScroll):
    """A client's fields, scrolling where they do not fit. `show(client, catalogue)`; for None a sentence says why."""

    client_id: int | None = None
    """Whose fields are shown."""

    DEFAULT_CSS = """
    ClientDetails { padding: 0 1; scrollbar-size-vertical: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._fields = ClientSections(beside=True)

    def compose(self) -> ComposeResult:
        yield self._fields

    def show(self, client: Client | None, catalogue: Catalogue, instead: str = "") -> None:
        """Show this client's fields; those of another client from the top. They may not be on the screen yet.

        `instead` is the sentence, safe to show, that stands there where they could not be read.
        """
        self._fields.show(client, catalogue, instead)
        client_id = None if client is None else client.id
        if client_id != self.client_id:
            self.client_id = client_id
            self.scroll_home(animate=False)
