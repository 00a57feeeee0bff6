"""A Word file by any hand, as a list of paragraphs: words, manner, bookmarks, remarks.

Pending tracked changes are read as accepted: what is inserted or moved here counts, what is deleted
or moved away does not, and where a pending deletion takes a paragraph's end, two paragraphs are one.
Content controls, links and fields are walked through.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from exports.formatted import Span, Spans, tidy, words
from exports.ooxml.container import Unfit, open_container
from exports.ooxml.inspection.rules import PARSER, q, val

SKIPPED = {q("w:del"), q("w:moveFrom"), q("w:pPr"), q("w:rPr"), q("w:sdtPr"), q("w:tblPr"), q("w:tblGrid")}
DRAWN = {q("w:drawing"), q("w:pict"), q("w:object")}
BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordPicture:
    content: bytes
    """Empty of a drawing that is no picture, or that is not in the file."""
    described: str
    """Its alternative text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordParagraph:
    style: str
    """The lower-cased name of its style."""
    spans: Spans
    ordered: bool | None = None
    """Of a list: whether it is numbered; None of what is no list."""
    depth: int = 0
    starts: tuple[str, ...] = ()
    """Bookmarks that begin here."""
    ends: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    """Comments, « who: what »."""
    pictures: tuple[WordPicture, ...] = ()
    table: int | None = None
    """Number of the table that it is in, from 0."""
    cell: tuple[int, int] = (0, 0)
    tracked: bool = False
    """Something in it was a pending change."""

    @property
    def text(self) -> str:
        return words(self.spans)


@dataclass(slots=True)
class WordFile:
    paragraphs: list[WordParagraph] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    """Custom properties by name."""


def read_word_file(content: bytes) -> WordFile:
    """Raises Unfit, with a French sentence, where it is no Word file."""
    files = open_container(content)
    if "word/document.xml" not in files:
        raise Unfit("Ce fichier n’est pas un document Word (.docx).")
    try:
        return _Walk(files).file()
    except etree.XMLSyntaxError as error:
        raise Unfit("Ce fichier est abîmé : son texte ne se lit pas.") from error


def properties_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """The custom properties of a package."""
    content = files.get("docProps/custom.xml")
    if not content:
        return {}
    root = etree.fromstring(content, PARSER)
    return {one.get("name", ""): "".join(str(text) for text in one.itertext()) for one in root}


class _Walk:
    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.root = etree.fromstring(files["word/document.xml"], PARSER)
        self.styles = self._styles()
        self.lists = self._lists()
        self.links, self.media = self._relations()
        self.comments = self._comments()
        self.names: dict[str, str] = {}
        """Open bookmarks: name by id."""
        self.waiting: list[str] = []
        """Bookmarks that began between paragraphs."""
        self.tables = -1
        self.found: list[WordParagraph] = []
        self.joins = False
        """The last paragraph's end is a pending deletion."""
        self.field: list[str] = []
        self.address = ""

    def file(self) -> WordFile:
        body = self.root.find(q("w:body"))
        if body is not None:
            self._blocks(body, None, (0, 0))
        return WordFile(self.found, properties_of(self.files))

    def _blocks(self, parent: etree._Element, table: int | None, cell: tuple[int, int]) -> None:
        for node in parent:
            if node.tag == q("w:p"):
                self._paragraph(node, table, cell)
            elif node.tag == q("w:tbl"):
                self.tables += 1
                self._table(node, self.tables)
            elif node.tag == q("w:bookmarkStart"):
                self._open(node)
            elif node.tag == q("w:bookmarkEnd"):
                self._close(node)
            elif node.tag not in SKIPPED:
                self._blocks(node, table, cell)

    def _table(self, node: etree._Element, number: int) -> None:
        self.joins = False
        for row, line in enumerate(node.iter(q("w:tr"))):
            if any(parent is not node for parent in [next(line.iterancestors(q("w:tbl")))]):
                continue
            for column, cell in enumerate(line.findall(q("w:tc"))):
                self._blocks(cell, number, (row, column))
                self.joins = False

    def _paragraph(self, node: etree._Element, table: int | None, cell: tuple[int, int]) -> None:
        properties = node.find(q("w:pPr"))
        marks = properties.find(q("w:rPr")) if properties is not None else None
        gone = marks is not None and (
            marks.find(q("w:del")) is not None or marks.find(q("w:moveFrom")) is not None
        )
        piece = _Piece(starts=self.waiting)
        self.waiting = []
        self._inline(node, piece)
        tracked = gone or any(True for _ in node.iter(q("w:ins"), q("w:del"), q("w:moveTo"), q("w:moveFrom")))
        style, ordered, depth = self._manner(properties)
        paragraph = WordParagraph(
            style=style,
            spans=tidy(piece.spans),
            ordered=ordered,
            depth=depth,
            starts=tuple(piece.starts),
            ends=tuple(piece.ends),
            remarks=tuple(piece.remarks),
            pictures=tuple(piece.pictures),
            table=table,
            cell=cell,
            tracked=tracked,
        )
        if self.joins:
            paragraph = _joined(self.found.pop(), paragraph)
        self.joins = gone
        self.found.append(paragraph)

    def _inline(self, parent: etree._Element, piece: "_Piece", link: str = "") -> None:
        for node in parent:
            if node.tag in SKIPPED:
                continue
            if node.tag == q("w:r"):
                self._run(node, piece, link)
            elif node.tag == q("w:hyperlink"):
                self._inline(node, piece, self.links.get(node.get(RELATION, ""), ""))
            elif node.tag == q("w:bookmarkStart"):
                self._open(node)
                piece.starts, self.waiting = [*piece.starts, *self.waiting], []
            elif node.tag == q("w:bookmarkEnd"):
                name = self.names.pop(node.get(q("w:id"), ""), None)
                if name:
                    piece.ends.append(name)
            else:
                self._inline(node, piece, link)

    def _run(self, run: etree._Element, piece: "_Piece", link: str) -> None:
        properties = run.find(q("w:rPr"))
        style = (
            self.styles.get(val(properties.find(q("w:rStyle"))) or "", "") if properties is not None else ""
        )
        strong = style == "strong" or _on(properties, "w:b")
        emphasis = style == "emphasis" or _on(properties, "w:i")
        for node in run:
            if node.tag == q("w:fldChar"):
                self._field(node.get(q("w:fldCharType"), ""))
            elif node.tag == q("w:instrText"):
                if self.field:
                    self.field[-1] += node.text or ""
            elif node.tag == q("w:commentReference"):
                piece.remarks.append(self.comments.get(node.get(q("w:id"), ""), ""))
            elif node.tag in DRAWN or node.tag == ALTERNATIVES:
                piece.pictures.append(self._picture(node))
            else:
                text = _SIGNS.get(str(node.tag), node.text or "" if node.tag == q("w:t") else "")
                manner = Span(text, strong, emphasis, link or self.address)
                piece.spans.append(manner)

    def _picture(self, node: etree._Element) -> WordPicture:
        blip, said = next(node.iter(BLIP), None), next(node.iter(q("wp:docPr")), None)
        target = self.media.get(blip.get(EMBED, ""), "") if blip is not None else ""
        described = said.get("descr", "") if said is not None else ""
        return WordPicture(content=self.files.get(target, b""), described=" ".join(described.split()))

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self.field.append("")
        elif kind == "separate" and self.field:
            found = re.search(r'HYPERLINK\s+"([^"]+)"', self.field[-1])
            self.address = found[1] if found and not found[1].startswith("#") else ""
        elif kind == "end" and self.field:
            self.field.pop()
            self.address = ""

    def _open(self, node: etree._Element) -> None:
        name = node.get(q("w:name"), "")
        self.names[node.get(q("w:id"), "")] = name
        self.waiting.append(name)

    def _close(self, node: etree._Element) -> None:
        """An end between paragraphs is that of the one before."""
        name = self.names.pop(node.get(q("w:id"), ""), None)
        if name and name in self.waiting:
            self.waiting.remove(name)
        elif name and self.found:
            last = self.found[-1]
            self.found[-1] = replace(last, ends=(*last.ends, name))

    def _manner(self, properties: etree._Element | None) -> tuple[str, bool | None, int]:
        if properties is None:
            return "normal", None, 0
        key = val(properties.find(q("w:pStyle"))) or ""
        style = self.styles.get(key, "normal")
        number = properties.find(q("w:numPr"))
        level = val(number.find(q("w:ilvl"))) if number is not None else None
        which = val(number.find(q("w:numId"))) if number is not None else None
        depth = 1 if style == "list bullet 2" else int(level or 0) if (level or "0").isdecimal() else 0
        if which and which != "0":
            return (
                style,
                self.lists.get((which, str(depth)), self.lists.get((which, "0"), False)),
                min(depth, 1),
            )
        if style.startswith("list bullet"):
            return style, False, depth
        if style.startswith("list number"):
            return style, True, 0
        return style, None, 0

    def _styles(self) -> dict[str, str]:
        if "word/styles.xml" not in self.files:
            return {}
        root = etree.fromstring(self.files["word/styles.xml"], PARSER)
        return {
            style.get(q("w:styleId"), ""): (val(style.find(q("w:name"))) or "").lower()
            for style in root.iter(q("w:style"))
        }

    def _lists(self) -> dict[tuple[str, str], bool]:
        """By number id and level, whether it counts."""
        if "word/numbering.xml" not in self.files:
            return {}
        root = etree.fromstring(self.files["word/numbering.xml"], PARSER)
        abstract = {
            one.get(q("w:abstractNumId"), ""): {
                level.get(q("w:ilvl"), ""): val(level.find(q("w:numFmt"))) not in ("bullet", "none", None)
                for level in one.iter(q("w:lvl"))
            }
            for one in root.iter(q("w:abstractNum"))
        }
        return {
            (number.get(q("w:numId"), ""), level): counts
            for number in root.iter(q("w:num"))
            for level, counts in abstract.get(val(number.find(q("w:abstractNumId"))) or "", {}).items()
        }

    def _relations(self) -> tuple[dict[str, str], dict[str, str]]:
        """By id, the addresses that lead out of the file, and the names of parts within it."""
        if "word/_rels/document.xml.rels" not in self.files:
            return {}, {}
        root = etree.fromstring(self.files["word/_rels/document.xml.rels"], PARSER)
        outside = {o.get("Id", ""): o.get("Target", "") for o in root if o.get("TargetMode") == "External"}
        inside = {
            one.get("Id", ""): posixpath.normpath(posixpath.join("/word", one.get("Target", "")))[1:]
            for one in root
            if one.get("TargetMode") != "External"
        }
        return outside, inside

    def _comments(self) -> dict[str, str]:
        if "word/comments.xml" not in self.files:
            return {}
        root = etree.fromstring(self.files["word/comments.xml"], PARSER)
        return {
            one.get(q("w:id"), ""): "".join(t.text or "" for t in one.iter(q("w:t")))
            for one in root.iter(q("w:comment"))
        }


@dataclass(slots=True)
class _Piece:
    starts: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    pictures: list[WordPicture] = field(default_factory=list)


def _joined(first: WordParagraph, second: WordParagraph) -> WordParagraph:
    """Two paragraphs that a pending deletion makes one."""
    manner = first if first.text or first.pictures else second
    return replace(
        manner,
        spans=tidy((*first.spans, *second.spans)),
        starts=(*first.starts, *second.starts),
        ends=(*first.ends, *second.ends),
        remarks=(*first.remarks, *second.remarks),
        pictures=(*first.pictures, *second.pictures),
        tracked=True,
    )


def _on(properties: etree._Element | None, name: str) -> bool:
    found = properties.find(q(name)) if properties is not None else None
    return found is not None and found.get(q("w:val"), "1") not in ("0", "false", "off")


_SIGNS = {q("w:br"): "\n", q("w:cr"): "\n", q("w:tab"): " ", q("w:noBreakHyphen"): "\u2011"}


def tables_of(paragraphs: list[WordParagraph]) -> Iterator[tuple[int, list[list[Spans]]]]:
    """Each table's number, and its rows of cells."""
    found: dict[int, dict[tuple[int, int], list[Span]]] = {}
    for one in paragraphs:
        if one.table is not None:
            cell = found.setdefault(one.table, {}).setdefault(one.cell, [])
            cell += [Span(" "), *one.spans] if cell else list(one.spans)
    for number, cells in found.items():
        rows: dict[int, list[Spans]] = {}
        for (row, _), spans in sorted(cells.items()):
            rows.setdefault(row, []).append(tidy(spans))
        yield number, [rows[row] for row in sorted(rows)]
