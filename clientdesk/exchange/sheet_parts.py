"""The sheets of a workbook as the program that reads it needs them: checked first, then with what their cells show."""

import tempfile
from array import array
from collections.abc import Mapping
from functools import partial
from typing import BinaryIO, cast

from clientdesk.exchange.number_formats import formats_of
from clientdesk.exchange.ods_scan import scan_ods
from clientdesk.exchange.shown_cells import Overlay
from clientdesk.exchange.workbook_parts import Package, in_usual_places
from clientdesk.exchange.xlsx_scan import check_shared, check_texts, row_of_text, scan_xlsx
from clientdesk.exchange.xml_stream import TooLong


class XlsxSheets:
    """The sheets of an .xlsx whose cells may have so many characters, and all of a sheet so many bytes of text."""

    def __init__(self, package: Package, limit: int, most: int) -> None:
        self._package, self._limit, self._most = package, limit, most
        self._lengths = array("I")
        self._layout = package.layout()
        self._parts = {sheet.name: sheet.part for sheet in self._layout.sheets if sheet.part}
        self._formats: Mapping[str, str] = {}
        self.from_1904 = self._layout.from_1904

    def check(self) -> None:
        """Looks at what is read whole with any sheet. Raises TooLong, NotXml."""
        if self._layout.styles:
            with self._package.open(self._layout.styles) as part:
                self._formats = formats_of(part)
        if self._layout.strings:
            with self._package.open(self._layout.strings) as part:
                self._lengths = check_texts(part, self._limit)

    def readable(self, workbook: BinaryIO) -> BinaryIO:
        """The workbook as the library can read it."""
        if self._layout.usual:
            workbook.seek(0)
            return workbook
        file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - it is gone with the process
        in_usual_places(self._package, self._layout, file)
        file.seek(0)
        return file

    def overlay(self, name: str) -> Overlay:
        """What the cells of a sheet show. Raises TooLong, TooMuch, NotXml."""
        if name not in self._parts:
            return Overlay()
        part = partial(self._package.open, self._parts[name])
        check_shared(part, self._package.size(self._parts[name]), self._lengths, self._most)
        return scan_xlsx(part, self._formats, self.from_1904, self._limit)

    def row_of(self, error: TooLong, name: str) -> int:
        """The row of a cell that is too long; of a shared text the first in a sheet ("": in any) that has it, else 1."""
        if error.text < 0:
            return error.row
        for sheet in self._layout.sheets:
            if sheet.part and sheet.kind == "worksheet" and name in ("", sheet.name):
                with self._package.open(sheet.part) as part:
                    if row := row_of_text(part, error.text):
                        return row
        return 1


class OdsSheets:
    """The tables of an .ods whose cells may have so many characters, and all of them so many bytes of text."""

    from_1904 = False

    def __init__(self, package: Package, limit: int, most: int) -> None:
        self._package, self._limit, self._most = package, limit, most

    def check(self) -> None:
        """Looks at what is read whole with any table. Raises TooLong, TooMuch, NotXml."""
        self.overlay("")

    def readable(self, workbook: BinaryIO) -> BinaryIO:
        """The workbook as the library can read it."""
        workbook.seek(0)
        return workbook

    def overlay(self, name: str) -> Overlay:
        """What the cells of a table show. Raises TooLong, TooMuch, NotXml."""
        with self._package.open("content.xml") as part:
            return scan_ods(part, name, self._limit, self._most)

    def row_of(self, error: TooLong, _name: str) -> int:
        """The row of a cell that is too long."""
        return error.row
