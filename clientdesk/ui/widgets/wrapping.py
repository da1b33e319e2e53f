"""Safe text in lines of a width."""

from rich.cells import cell_len, chop_cells


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
