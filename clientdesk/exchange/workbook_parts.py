"""A workbook as a ZIP file: which kind it is, what its parts unpack to, and where they are.

The parts of an .xlsx are found by its relationships. The library that reads the cells looks for them in the usual
places only: where they are elsewhere, `in_usual_places` makes a workbook of them that has them there.
"""

import posixpath
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from typing import BinaryIO, NamedTuple, cast
from urllib.parse import unquote

from clientdesk.exchange.xml_stream import local, parse

_CHUNK = 1 << 18
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CONTENT_TYPES = f'{_HEAD}<Types xmlns="{_TYPES}"><Default Extension="xml" ContentType="application/xml"/></Types>'
_WORKBOOK = "xl/workbook.xml"
_FOLDERS = {
    "worksheet": "worksheets",
    "chartsheet": "chartsheets",
    "dialogsheet": "dialogsheets",
    "xlMacrosheet": "macrosheets",
}
"""The usual folder of each kind of sheet, by the last word of its relationship's type."""
_OTHERS = {"styles": "xl/styles.xml", "sharedStrings": "xl/sharedStrings.xml"}
_MOST_SHEETS = 10_000


class NotWorkbook(Exception):
    """The file is no workbook, or a damaged one, or has a password."""


class Sheet(NamedTuple):
    """A sheet of an .xlsx: its name, "visible" or how it is hidden, the word for its kind ("worksheet"), its part."""

    name: str
    state: str
    kind: str
    part: str


class Layout(NamedTuple):
    """Where the parts of an .xlsx are ("" for one that it does not have), and whether its dates count from 1904."""

    workbook: str
    strings: str
    styles: str
    sheets: Sequence[Sheet]
    from_1904: bool
    usual: bool
    """Whether every part is where the library looks for it."""


class Package:
    """The parts of a ZIP file, by names without regard to case and to the kind of slash."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._infos = {_key(info.filename): info for info in archive.infolist()}

    @property
    def said_size(self) -> int:
        """What the parts unpack to, in bytes, by the ZIP file's own word."""
        return sum(info.file_size for info in self._archive.infolist())

    def check(self) -> None:
        """Unpacks every part once. Raises NotWorkbook where one has a password or is damaged, or unpacks to more or
        less than the ZIP file says."""
        for info in self._archive.infolist():
            if info.flag_bits & 1:
                raise NotWorkbook
            unpacked_size, info.file_size = info.file_size, 1 << 62  # so that all that is packed is unpacked
            size = 0
            try:
                with self._archive.open(info) as file:
                    while size <= unpacked_size and (chunk := file.read(_CHUNK)):
                        size += len(chunk)
            finally:
                info.file_size = unpacked_size
            if size != unpacked_size:
                raise NotWorkbook

    def has(self, part: str) -> bool:
        """Whether there is a part of this name."""
        return _key(part) in self._infos

    def named(self, part: str) -> str:
        """The name of a part as the ZIP file writes it."""
        return self._infos[_key(part)].filename

    def size(self, part: str) -> int:
        """What a part unpacks to, in bytes."""
        return self._infos[_key(part)].file_size

    def open(self, part: str) -> BinaryIO:
        """A part from its beginning. Raises NotWorkbook where there is none."""
        info = self._infos.get(_key(part))
        if info is None:
            raise NotWorkbook
        return cast(BinaryIO, self._archive.open(info))

    def kind(self) -> str:
        """Which workbook it may be: "xlsx", "ods", or "" for another thing."""
        if self.has("mimetype") and self.has("content.xml"):
            with self.open("mimetype") as file:
                mime = file.read(100)
            return "ods" if mime.startswith(b"application/vnd.oasis.opendocument.spreadsheet") else ""
        return "xlsx" if self.has("[Content_Types].xml") and self._workbook() else ""

    def _workbook(self) -> str:
        """The workbook's part: by the package's relationships, else in its usual place."""
        for relation in self._relations(""):
            if relation.type == "officeDocument" and self.has(relation.target):
                return relation.target
        return _WORKBOOK if self.has(_WORKBOOK) else ""

    def _relations(self, part: str) -> "list[_Relation]":
        """What a part ("" for the package) is related to, with the targets as names of parts."""
        folder, name = posixpath.split(part)
        place = posixpath.join(folder, "_rels", f"{name}.rels")
        relations: list[_Relation] = []

        def start(element: str, attributes: Mapping[str, str]) -> None:
            if local(element) == "Relationship" and attributes.get("TargetMode") != "External":
                target = unquote(attributes.get("Target", "")).replace("\\", "/").partition("#")[0]
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                kind = attributes.get("Type", "").rpartition("/")[2]
                relations.append(_Relation(attributes.get("Id", ""), kind, target))

        if self.has(place):
            with self.open(place) as file:
                parse(file, start)
        return relations

    def layout(self) -> Layout:
        """Where the parts of an .xlsx are. Raises NotWorkbook, NotXml."""
        workbook = self._workbook()
        relations = {relation.id: relation for relation in self._relations(workbook)}
        sheets: list[Sheet] = []
        root, prefixes, from_1904 = "", True, False

        def start(element: str, attributes: Mapping[str, str]) -> None:
            nonlocal root, prefixes, from_1904
            name = local(element)
            root = root or name
            if name == "workbookPr":
                from_1904 = attributes.get("date1904", "0") in ("1", "true", "on")
            elif name == "sheet" and len(sheets) < _MOST_SHEETS:
                key = next((attribute for attribute in attributes if local(attribute) == "id"), "")
                prefixes = prefixes and key == "r:id"
                relation = relations.get(attributes.get(key, ""), _Relation("", "", ""))
                part = relation.target if self.has(relation.target) else ""
                state = attributes.get("state", "visible")
                sheets.append(Sheet(attributes.get("name", ""), state, relation.type, part))

        with self.open(workbook) as file:
            parse(file, start)
        if root != "workbook":
            raise NotWorkbook
        others = {
            word: next((part.target for part in relations.values() if part.type == word and self.has(part.target)), "")
            for word in _OTHERS
        }
        for word, place in _OTHERS.items():
            if not others[word] and self.has(place):
                others[word] = place
        is_told = self.has("_rels/.rels") and self.has("xl/_rels/workbook.xml.rels")
        usual = prefixes and is_told and self._is_usual(workbook, _WORKBOOK)
        usual = usual and all(not part or self._is_usual(part, _OTHERS[word]) for word, part in others.items())
        usual = usual and all(self._in_usual_folder(sheet) for sheet in sheets)
        return Layout(workbook, others["sharedStrings"], others["styles"], sheets, from_1904, usual)

    def _is_usual(self, part: str, place: str) -> bool:
        return self.named(part) == place

    def _in_usual_folder(self, sheet: Sheet) -> bool:
        folder = f"xl/{_FOLDERS.get(sheet.kind, '')}/"
        return bool(sheet.part) and sheet.kind in _FOLDERS and self.named(sheet.part).startswith(folder)


class _Relation(NamedTuple):
    """What a part is related to: the relationship's id, the last word of its type, the part."""

    id: str
    type: str
    target: str


def _key(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").lower()


def in_usual_places(package: Package, layout: Layout, file: BinaryIO) -> None:
    """Writes the workbook into `file` anew, with the parts that hold cells in their usual places and nothing else."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        rows, links = [], []
        for number, sheet in enumerate(layout.sheets, 1):
            kind = sheet.kind if sheet.kind in _FOLDERS and sheet.part else "chartsheet"  # what has no cells
            place = f"{_FOLDERS[kind]}/sheet{number}.xml"
            if kind == "worksheet":
                _copy(package, sheet.part, archive, f"xl/{place}")
            state = f' state="{escape(sheet.state)}"'
            rows.append(f'<sheet name="{escape(sheet.name)}" sheetId="{number}"{state} r:id="rId{number}"/>')
            links.append((f"rId{number}", kind, place))
        for word, part in (("styles", layout.styles), ("sharedStrings", layout.strings)):
            if part:
                _copy(package, part, archive, _OTHERS[word])
                links.append((word, word, posixpath.basename(_OTHERS[word])))
        dates = f'<workbookPr date1904="{int(layout.from_1904)}"/>'
        archive.writestr(
            _WORKBOOK,
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">{dates}<sheets>{"".join(rows)}</sheets></workbook>',
        )
        archive.writestr("xl/_rels/workbook.xml.rels", _relationships(links))
        archive.writestr("_rels/.rels", _relationships([("rId1", "officeDocument", _WORKBOOK)]))
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)


def _relationships(links: Sequence[tuple[str, str, str]]) -> str:
    """A part with relationships: of each its id, the last word of its type, its target."""
    rows = (f'<Relationship Id="{name}" Type="{_RELATIONS}/{word}" Target="{target}"/>' for name, word, target in links)
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}">{"".join(rows)}</Relationships>'


def _copy(package: Package, part: str, archive: zipfile.ZipFile, place: str) -> None:
    with package.open(part) as source, archive.open(place, "w", force_zip64=True) as target:
        shutil.copyfileobj(source, target, _CHUNK)
