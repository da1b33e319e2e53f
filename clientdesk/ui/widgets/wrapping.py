"""Safe text in lines of a width."""

from rich.cells import cell_len, chop_cells

from clientdesk.text import _
from clientdesk.ui.commands import first_key


def wrapped(text: str, width: int) -> list[str]:
    """Safe `text` in lines of at most `width` cells, broken between words where that can be."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if cell_len(longer) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            *full, line = chop_cells(word, width) or [""]
            lines.extend(full)
        lines.append(line)
    return lines


def fitted(text: str, width: int, height: int) -> list[str]:
    """`text` (safe) in at most `height` lines of `width` cells; where it is longer, the last one says what opens it."""
    lines = wrapped(text, max(8, width))
    if len(lines) <= max(1, height):
        return lines
    more = wrapped(_("… {key} shows the whole message.").format(key=first_key("app.messages")), max(8, width))
    return [*lines[: max(1, height - len(more))], *more]
