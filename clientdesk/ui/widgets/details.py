"""A client's fields to read, in sections: beside the list and on the client's page."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from clientdesk.desk.records import Client
from clientdesk.domain.fields import FIELDS, Kind
from clientdesk.text import _, display_lines, display_text
from clientdesk.ui.widgets.bars import cut
from clientdesk.ui.widgets.wrapping import wrapped

LABEL = 24
"""The width of the labels, in cells; a third of the line where it is short."""


def _label_width(width: int) -> int:
    return LABEL if width >= 2 * LABEL else max(8, width // 3)


class Fields(Widget):
    """The fields of a client that are not empty: the label on the left, the value wrapped on the right."""

    DEFAULT_CSS = "Fields { height: auto; width: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self._client: Client | None = None
        self._instead = ""

    def show(self, client: Client | None, instead: str = "") -> None:
        """Show this client, or the sentence that says why it cannot be shown."""
        self._client, self._instead = client, instead
        self.refresh(layout=True)

    def _lines(self, width: int) -> list[tuple[str, str]]:
        """(look, text) of each line; a label's look is "" and its value follows in the same text."""
        client = self._client
        if client is None:
            return [("value", line) for line in wrapped(self._instead, width)] if self._instead else []
        label = _label_width(width)
        lines: list[tuple[str, str]] = []
        section = None
        for field in FIELDS:
            value = client.values.get(field.name, "")
            shown = field.display(value) if field.choices else value
            if not value or not shown:
                continue
            if field.section is not section:
                if section is not None:
                    lines.append(("", ""))
                section = field.section
                lines.append(("heading", _(section.value)))
            safe = display_lines(shown) if field.kind is Kind.NOTES else display_text(shown)
            if field.kind is Kind.NOTES:
                lines.extend(("value", line) for line in wrapped(safe, width))
                continue
            for number, line in enumerate(wrapped(safe, max(1, width - label))):
                lines.append((field.title if number == 0 else " ", line))
        return lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        """The fields as safe text with two looks."""
        width = self.size.width or 40
        label = _label_width(width)
        parts: list[Content] = []
        for look, text in self._lines(width):
            if look == "heading":
                parts.append(Content.styled(text, "bold $text-accent"))
            elif look in ("", "value"):
                parts.append(Content(text))
            else:
                parts.append(Content.assemble((cut(look, label - 1).ljust(label), "$foreground-muted"), text))
        return Content("\n").join(parts)


class ClientDetails(VerticalScroll):
    """A client's fields, scrolling where they do not fit. `show(client)`; for None a sentence says why."""

    client_id: int | None = None
    """Whose fields are shown."""

    DEFAULT_CSS = """
    ClientDetails { padding: 0 1; scrollbar-size-vertical: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._fields = Fields()

    def compose(self) -> ComposeResult:
        yield self._fields

    def show(self, client: Client | None, instead: str = "") -> None:
        """Show this client's fields; those of another client from the top. They may not be on the screen yet.

        `instead` is the sentence, safe to show, that stands there where they could not be read.
        """
        self._fields.show(client, instead)
        client_id = None if client is None else client.id
        if client_id != self.client_id:
            self.client_id = client_id
            self.scroll_home(animate=False)
