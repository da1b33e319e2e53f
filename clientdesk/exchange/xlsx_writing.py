"""The client list as an XLSX workbook: every cell is text, the headings stay in view."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import BinaryIO

from clientdesk import temporary
from clientdesk.domain.fields import Field
from clientdesk.domain.problems import refuse
from clientdesk.text import shortened

ROWS = 1_048_575
"""So many rows a sheet has beneath its headings."""
_WIDEST = 50


def write_workbook(
    file: BinaryIO,
    fields: Sequence[Field],
    headings: Sequence[str],
    pages: Iterable[Sequence[Sequence[str]]],
    title: str,
) -> int:
    """Writes a workbook with one sheet of this title; how many rows it has beneath its headings. What is under way is kept in a temporary folder.

    Raises Refused (sheet_full, sheet_cell), and OSError where it cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    with temporary.folder() as folder:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "tmpdir": folder})
        book.use_zip64()
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        for place, field in enumerate(fields):
            sheet.set_column(place, place, min(_WIDEST, max(field.width, len(headings[place])) + 2))
        bold = book.add_format({"bold": True})
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, bold)
        row = 0
        try:
            for page in pages:
                for cells in page:
                    row += 1
                    if row > ROWS:
                        raise refuse("sheet_full", limit=ROWS)
                    for place, cell in enumerate(cells):
                        if cell and sheet.write_string(row, place, _as_text(cell)):
                            name = next((cell for cell in cells if cell), "")
                            raise refuse("sheet_cell", label=fields[place].label, name=shortened(name))
            book.close()
        except FileCreateError as error:
            raise error.args[0] if error.args and isinstance(error.args[0], OSError) else OSError(str(error)) from error
        finally:
            sheet._opt_close()
            book.fileclosed = True  # after a failure it would try once more when it is collected
    return row


def _as_text(cell: str) -> str:
    """A cell as XlsxWriter writes it literally: what looks like its own mark-up for rich text is written as such."""
    if cell.startswith("<r>") and cell.endswith("</r>"):
        return f'<r><t xml:space="preserve">{escape(cell, quote=False)}</t></r>'
    return cell
