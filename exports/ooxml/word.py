"""Our words on top of WordprocessingML: heading, list, note, table, table of contents.

A `Document` is written from top to bottom. Each verb appends escaped XML and, beside it,
what pagination needs to know. Bodies are strings: elements cost three times as much
(measured). Anything that changes with the clock alone is written through `volatile`, so
that the fingerprint leaves it out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote

from exports.ooxml.package import Part, fingerprint, pack, part
from exports.ooxml.pagination import Block, PageMap, Shape, filled, paginate, ruler
from exports.ooxml.stationery import Stationery
from exports.ooxml.stationery.skeleton import (
    APP,
    APP_XML,
    CORE,
    CORE_XML,
    CUSTOM,
    CUSTOM_XML,
    DOCUMENT,
    FOOTER,
    HEAD,
    HEADER,
    NUMBERING,
    OFFICE,
    PICTURES,
    custom_properties,
)
from exports.ooxml.stationery.styles import FIRST_NUMBERED, R, W, numbering_xml

CELL_MARGINS = 11.0
"""Points to the left and the right of a cell's text together, in Word's own table style; 9 in ours."""
WIDEST = 1.3
"""How wide the widest of usual fonts (Verdana, Courier New) sets a word, as a multiple of Arial."""
PER_INCH, DENSITY = 72, 150
"""Points, and pixels of a picture that is not too large for the page."""
TALLEST = 0.55
"""Of a page's height: a picture that does not fit leaves less than that blank."""
EMU = 12_700
"""English metric units to a point."""
DRAWN = "http://schemas.openxmlformats.org/drawingml/2006"
TYPES, RELATIONS = "[Content_Types].xml", "word/_rels/document.xml.rels"
VOLATILE_FIRST = 0xE000
"""Tokens of volatile text: private-use characters, which no typeset string contains."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A finished document."""

    content: bytes
    fingerprint: str
    page_map: PageMap


class Inline(NamedTuple):
    """A piece of a paragraph: its XML, and the text that a reader sees."""

    xml: str
    text: str


Cell = str | Sequence[Inline]
"""Of a table: text, or text in pieces."""


def escape(text: str) -> str:
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if '"' in text:
        text = text.replace('"', "&quot;")
    return text


def run(text: str, style: str | None = None) -> Inline:
    """Text in one run; a line feed is a line break within the paragraph."""
    properties = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    body = escape(text).replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    return Inline(f'<w:r>{properties}<w:t xml:space="preserve">{body}</w:t></w:r>', text)


def strong(text: str) -> Inline:
    return run(text, "Strong")


def link(anchor: str, text: str) -> Inline:
    """A link to a bookmark of this document."""
    inner = run(text, "Hyperlink").xml
    return Inline(f'<w:hyperlink w:anchor="{anchor}" w:history="1">{inner}</w:hyperlink>', text)


def plain_link(anchor: str, text: str) -> Inline:
    """A link that its paragraph's style draws: half the markup, where a paragraph is nothing but links."""
    return Inline(
        f'<w:hyperlink w:anchor="{anchor}"><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:hyperlink>',
        text,
    )


_IN_ADDRESSES = "/:?#[]@!$&'()*+,;=%~-._"


def emphasised(text: str, *, bold: bool = False) -> Inline:
    """Text in italics: emphasis that the organiser's Word file need not have a style for."""
    style = '<w:rStyle w:val="Strong"/>' if bold else ""
    inner = run(text).xml.removeprefix("<w:r>")
    return Inline(f"<w:r><w:rPr>{style}<w:i/><w:iCs/></w:rPr>{inner}", text)


def outside_link(address: str, text: str) -> Inline:
    """A link to a page elsewhere, as a field: it needs no relationship."""
    inner = run(text, "Hyperlink").xml
    return Inline(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
        f' HYPERLINK "{escape(quote(address, safe=_IN_ADDRESSES))}" </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{inner}<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        text,
    )


def field(instruction: str, cached: str) -> str:
    """A complex field with the result that Word would compute: nothing to update."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"<w:r><w:t>{cached}</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture of the text."""

    name: str
    """The same for the same picture: it is in the file once."""
    content: bytes
    ending: str
    """`jpg` or `png`."""
    width: int
    height: int
    """Pixels."""
    described: str
    """Its alternative text."""


@dataclass(frozen=True, slots=True)
class _Entry:
    level: int
    title: str
    bookmark: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A place in the document to come back to."""

    body: int
    blocks: int
    entries: int
    bookmarks: int
    lists: int
    tables: int
    after_table: bool


class Document:
    def __init__(
        self,
        stationery: Stationery,
        *,
        title: str,
        author: str,
        subject: str,
        edition: str,
        custom: Mapping[str, str] | None = None,
    ) -> None:
        """`custom`: properties of the file by which we know it again."""
        self._stationery = stationery
        self._properties = {"title": title, "author": author, "subject": subject}
        self._edition = edition
        self._custom = {name: escape(value) for name, value in (custom or {}).items()}
        self._body: list[str] = []
        self._blocks: list[Block] = []
        self._entries: list[_Entry] = []
        self._bookmarks = 0
        self._lists = 0
        self._tables = 0
        self._volatile: list[str] = []
        self._drawings: dict[str, Drawing] = {}
        self._drawn = 0
        self._contents_at: tuple[int, int] | None = None
        self._break_next = False
        self._after_table = False
        self._header = ""
        # looked up once: a record has 10,000 paragraphs of the same style
        self._opening: dict[str, tuple[str, Shape]] = {}

    # --- words --------------------------------------------------------------------

    def title(self, text: str) -> None:
        self.paragraph("Title", run(text))

    def heading(self, level: int, text: str, *, new_page: bool = False) -> str:
        """A heading that the navigation pane and the table of contents know. Returns its bookmark."""
        bookmark = f"_Toc{len(self._entries) + 1:06}"
        self._entries.append(_Entry(level, text, bookmark))
        if new_page:
            self._break_next = True
        self.paragraph(f"heading {level}", run(text), bookmarks=(bookmark,))
        return bookmark

    def subheading(self, level: int, text: str, bookmarks: tuple[str, ...]) -> None:
        """A heading that somebody wrote, with a bookmark of its own beside that of the contents."""
        toc = f"_Toc{len(self._entries) + 1:06}"
        self._entries.append(_Entry(level, text, toc))
        self.paragraph(f"heading {level}", run(text), bookmarks=(toc, *bookmarks))

    def paragraph(
        self, style: str, *pieces: Inline, bookmarks: tuple[str, ...] = (), number: int | None = None
    ) -> None:
        """A paragraph in a named style; `number` puts it into that numbered list."""
        opening, shape = self._open(style)
        properties = ""
        if self._break_next:
            properties = "<w:pageBreakBefore/>"
            shape = replace(shape, page_before=True)
            self._break_next = False
        if self._after_table:
            # Word puts no space between a table and the text below it
            properties += '<w:spacing w:before="160"/>'
            shape = replace(shape, before=8)
            self._after_table = False
        if number is not None:
            properties += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        inner = "".join([piece.xml for piece in pieces])
        if bookmarks:
            inner = self._bookmarked(inner, bookmarks)
        self._body.append(f"{opening}{properties}</w:pPr>{inner}</w:p>")
        self._blocks.append(Block(shape, "".join([p.text for p in pieces]), bookmarks))

    def bullets(self, items: Iterable[Sequence[Inline]], style: str = "List Bullet") -> None:
        for pieces in items:
            self.paragraph(style, *pieces)

    def numbered(self) -> int:
        """A new list that starts at 1: the number that its paragraphs carry."""
        self._lists += 1
        return FIRST_NUMBERED + self._lists - 1

    def note(self, texts: Sequence[str], tail: Sequence[Inline], *, bookmark: str | None = None) -> None:
        """A note in the record: its sentence first, lists kept as lists, `tail` last.

        `texts` has more than one string while two wordings stand; each starts a bullet.
        """
        if bookmark and len(texts) == 1 and "\n" not in texts[0] and not self._after_table:
            self._plain_note(texts[0], tail, bookmark)
            return
        rows = [row for text in texts for row in note_rows(text)]
        last = len(rows) - 1
        number: int | None = None
        for index, (style, text) in enumerate(rows):
            pieces = (run(text), *tail) if index == last else (run(text),)
            if style != "List Number":
                number = None
            elif number is None:
                number = self.numbered()
            if bookmark and index == 0:
                self._open_bookmark(bookmark, style, pieces, closed=last == 0)
            elif bookmark and index == last:
                self._close_bookmark(style, pieces, number)
            else:
                self.paragraph(style, *pieces, number=number)

    def _plain_note(self, text: str, tail: Sequence[Inline], bookmark: str) -> None:
        """What nearly all notes are, 10,000 times: one paragraph, its bookmark around it."""
        text = _unmarked(text) or text
        opening, shape = self._open("List Bullet")
        self._bookmarks += 1
        number = self._bookmarks
        self._body.append(
            f'{opening}</w:pPr><w:bookmarkStart w:id="{number}" w:name="{bookmark}"/>'
            f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
            f'{"".join([piece.xml for piece in tail])}<w:bookmarkEnd w:id="{number}"/></w:p>'
        )
        self._blocks.append(Block(shape, text + "".join([piece.text for piece in tail]), (bookmark,)))

    def table(
        self,
        caption: str,
        header: Sequence[Cell],
        rows: Sequence[Sequence[Cell]],
        shares: Sequence[float],
        *,
        bookmarks: tuple[str, ...] = (),
    ) -> None:
        """A captioned table; `shares` are the columns' parts of the width."""
        self._tables += 1
        number = Inline(field("SEQ Tableau \\* ARABIC", str(self._tables)), str(self._tables))
        said = run(f"\u00a0: {caption}")
        self.paragraph("caption", run("Tableau "), number, said, bookmarks=bookmarks)
        columns = self._columns(header, rows, shares)
        cells = [self._row(header, columns, header=True)]
        cells += [self._row(row, columns) for row in rows]
        grid = "".join([f'<w:gridCol w:w="{c}"/>' for c in columns])
        self._body.append(
            f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
            f'<w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
            '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0"'
            ' w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
            f'<w:tblCaption w:val="{escape(caption)}"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(cells)}</w:tbl>"
        )
        self._after_table = True

    def picture(self, drawing: Drawing, below: Sequence[Inline], bookmarks: tuple[str, ...]) -> None:
        """A picture in a paragraph of its own, with what stands below it in the same paragraph."""
        opening, shape = self._open("Normal")
        page = self._stationery.page
        points = PER_INCH / DENSITY
        scale = min(1.0, page.width / drawing.width / points, page.height * TALLEST / drawing.height / points)
        width, height = drawing.width * points * scale, drawing.height * points * scale
        self._drawings[drawing.name] = drawing
        self._drawn += 1
        properties = "<w:keepLines/>" + ("<w:pageBreakBefore/>" if self._break_next else "")
        # the style's own line would be as many times as high
        space = ' w:before="160"' if self._after_table else ""
        properties += f'<w:spacing{space} w:line="240" w:lineRule="auto"/>'
        inner = drawing_xml(drawing, self._drawn, round(width * EMU), round(height * EMU))
        inner = self._bookmarked(inner + "".join([piece.xml for piece in below]), bookmarks)
        self._body.append(f"{opening}{properties}</w:pPr>{inner}</w:p>")
        text = "".join([piece.text for piece in below]).strip()
        lines = ruler(False).lines(text, page.width / page.pace, shape.size) if text else 0
        fixed = height + lines * shape.line + shape.after
        kept = Shape(keep_lines=True, page_before=self._break_next)
        self._blocks.append(Block(kept, "", bookmarks, fixed=fixed))
        self._break_next = self._after_table = False

    def contents(self, heading: str, *, new_page: bool = False) -> None:
        """The table of contents goes here; it is filled when the headings are known."""
        self._break_next = new_page
        self.paragraph("TOC Heading", run(heading))
        self._contents_at = (len(self._body), len(self._blocks))
        self._body.append("")

    def header(self, *pieces: Inline) -> None:
        self._header = "".join([piece.xml for piece in pieces])

    def volatile(self, text: str) -> str:
        """A stand-in for text that changes with the clock alone."""
        self._volatile.append(text)
        return chr(VOLATILE_FIRST + len(self._volatile))

    # --- trying a page ------------------------------------------------------------

    def checkpoint(self) -> Checkpoint:
        return Checkpoint(
            len(self._body),
            len(self._blocks),
            len(self._entries),
            self._bookmarks,
            self._lists,
            self._tables,
            self._after_table,
        )

    def rewind(self, checkpoint: Checkpoint) -> None:
        """Forget what was written since `mark`."""
        del (
            self._body[checkpoint.body :],
            self._blocks[checkpoint.blocks :],
            self._entries[checkpoint.entries :],
        )
        self._bookmarks, self._lists = checkpoint.bookmarks, checkpoint.lists
        self._tables, self._after_table = checkpoint.tables, checkpoint.after_table

    def filled_since(self, checkpoint: Checkpoint, start: float = 0.0) -> float:
        """The share (0-1) of its last page that the blocks since `mark` fill, after `start` of one."""
        return filled(self._blocks[checkpoint.blocks :], self._stationery.page, start)

    def filled_by_contents(self) -> float:
        """The share (0-1) of its last page that what stands up to the table of contents fills, with it."""
        at = self._contents_at[1] if self._contents_at else 0
        return filled([*self._blocks[:at], *self._contents_blocks()], self._stationery.page)

    def pages_since(self, checkpoint: Checkpoint, *, margin: float = 0.0) -> int:
        """Pages that the blocks since `mark` fill, `margin` (0-1) of each kept free."""
        page = self._stationery.page
        room = replace(page, height=page.height * (1 - margin))
        return paginate(self._blocks[checkpoint.blocks :], room).total

    # --- the end ------------------------------------------------------------------

    def finish(self, *, taken_at: datetime, pages: PageMap | None = None) -> Compiled:
        """The .docx. `pages` is a map from an earlier layout; None estimates one."""
        estimate = pages or self._estimate()
        if self._contents_at:
            self._body[self._contents_at[0]] = self._contents_xml(estimate)
        moment = taken_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        moment_token = self.volatile(moment)
        print_token = chr(VOLATILE_FIRST)
        texts = self._parts(moment_token, print_token, estimate.total)
        encoded = {name: text.encode() for name, text in texts.items()}
        fixed = self._with_drawings()
        whole = fingerprint([*((p.name, p.content) for p in fixed), *encoded.items()])
        swaps = {print_token: short_fingerprint(whole)}
        swaps |= {chr(VOLATILE_FIRST + n): escape(t) for n, t in enumerate(self._volatile, 1)}
        plain = {token.encode(): text.encode() for token, text in swaps.items()}
        finished = [part(name, _swap(content, plain)) for name, content in encoded.items()]
        return Compiled(pack([fixed[0], *finished, *fixed[1:]]), whole, estimate)

    def fingerprint_text(self) -> str:
        """A stand-in for the shortened fingerprint, known only at the end."""
        return chr(VOLATILE_FIRST)

    # --- behind the words ---------------------------------------------------------

    def _open(self, style: str) -> tuple[str, Shape]:
        known = self._opening.get(style)
        if known is None:
            opening = f'<w:p><w:pPr><w:pStyle w:val="{self._stationery.style(style)}"/>'
            known = self._opening[style] = (opening, self._stationery.shape(style))
        return known

    def _bookmarked(self, inner: str, names: Iterable[str]) -> str:
        for name in names:
            self._bookmarks += 1
            number = self._bookmarks
            inner = (
                f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{inner}<w:bookmarkEnd w:id="{number}"/>'
            )
        return inner

    def _open_bookmark(self, name: str, style: str, pieces: Sequence[Inline], *, closed: bool) -> None:
        if closed:
            self.paragraph(style, *pieces, bookmarks=(name,))
            return
        self._bookmarks += 1
        start = Inline(f'<w:bookmarkStart w:id="{self._bookmarks}" w:name="{name}"/>', "")
        self.paragraph(style, start, *pieces)
        before = self._blocks[-1]
        self._blocks[-1] = Block(before.shape, before.text, (name,))

    def _close_bookmark(self, style: str, pieces: Sequence[Inline], number: int | None) -> None:
        end = Inline(f'<w:bookmarkEnd w:id="{self._bookmarks}"/>', "")
        self.paragraph(style, *pieces, end, number=number)

    def _columns(
        self, header: Sequence[Cell], rows: Sequence[Sequence[Cell]], shares: Sequence[float]
    ) -> list[int]:
        """Widths in twentieths of a point: the shares, except that no word of a column is broken.

        What a narrow column lacks is taken from the others, where all have room.
        """
        total = self._stationery.page.width
        needs = [0.0] * len(shares)
        for style, cells in (("Table Heading", header), *(("Table Text", row) for row in rows)):
            shape = self._stationery.shape(style)
            for at, text in enumerate(cells):
                widest = max(map(ruler(shape.bold).word, _text(text).split(" ")))
                needs[at] = max(needs[at], widest * shape.size / 1000 * WIDEST + CELL_MARGINS)
        widths = [max(total * share, need) for share, need in zip(shares, needs, strict=True)]
        excess, spare = sum(widths) - total, sum(widths) - sum(needs)
        if sum(needs) > total:
            widths = [total * share for share in shares]
        elif excess > 0:
            widths = [
                width - excess * (width - need) / spare for width, need in zip(widths, needs, strict=True)
            ]
        return [round(width * 20) for width in widths]

    def _row(self, cells: Sequence[Cell], columns: Sequence[int], *, header: bool = False) -> str:
        style = "Table Heading" if header else "Table Text"
        opening, shape = self._open(style)
        xml, lines, pace = [], 1, self._stationery.page.pace
        for text, width in zip(cells, columns, strict=True):
            xml.append(
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
                f"{opening}</w:pPr>{_xml(text)}</w:p></w:tc>"
            )
            lines = max(
                lines, ruler(shape.bold).lines(_text(text), (width / 20 - CELL_MARGINS) / pace, shape.size)
            )
        self._blocks.append(
            Block(
                Shape(keep_next=header, keep_lines=True),
                "",
                fixed=lines * shape.line + 4.5,
            )
        )
        repeat = "<w:cantSplit/><w:tblHeader/>" if header else "<w:cantSplit/>"
        return f"<w:tr><w:trPr>{repeat}</w:trPr>{''.join(xml)}</w:tr>"

    def _contents_entries(self) -> list[_Entry]:
        return [entry for entry in self._entries if entry.level <= 2]

    def _contents_blocks(self) -> list[Block]:
        return [Block(self._open(f"toc {one.level}")[1], one.title) for one in self._contents_entries()]

    def _estimate(self) -> PageMap:
        blocks = self._blocks
        if self._contents_at:
            at = self._contents_at[1]
            blocks = blocks[:at] + self._contents_blocks() + blocks[at:]
        return paginate(blocks, self._stationery.page)

    def _contents_xml(self, pages: PageMap) -> str:
        entries = self._contents_entries()
        rows = []
        for index, entry in enumerate(entries):
            opening, _ = self._open(f"toc {entry.level}")
            start = end = ""
            if index == 0:
                start = (
                    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText'
                    ' xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
                    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
                )
            if index == len(entries) - 1:
                end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            number = field(f"PAGEREF {entry.bookmark} \\h", str(pages.pages.get(entry.bookmark, 1)))
            rows.append(
                f'{opening}</w:pPr>{start}<w:hyperlink w:anchor="{entry.bookmark}" w:history="1">'
                f"{run(entry.title).xml}<w:r><w:tab/></w:r>{number}</w:hyperlink>{end}</w:p>"
            )
        return "".join(rows)

    def _parts(self, moment: str, print_token: str, total: int) -> dict[str, str]:
        stationery = self._stationery
        texts = {name: escape(value) for name, value in self._properties.items()}
        return {
            DOCUMENT: "".join(
                [
                    f'{HEAD}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>',
                    *self._body,
                    f"{stationery.section}</w:body></w:document>",
                ]
            ),
            NUMBERING: HEAD + numbering_xml(self._lists),
            HEADER: self._placed(stationery.around_header, "Header", self._header, stationery.above_line),
            FOOTER: stationery.around_footer
            if isinstance(stationery.around_footer, str)
            else self._placed(stationery.around_footer, "Footer", _page_of(total)),
            CORE: CORE_XML.format(moment=moment, **texts),
            APP: APP_XML,
            CUSTOM: CUSTOM_XML.format(
                moment=moment,
                print=print_token,
                edition=escape(self._edition),
                more=custom_properties(self._custom),
            ),
        }

    def _placed(self, around: tuple[str, str], style: str, inner: str, space: float = 0) -> str:
        """Our paragraph above or below every page, where the stationery leaves its place."""
        before, after = around
        room = f'<w:spacing w:before="{round(space * 20)}"/>' if space else ""
        opening = f'<w:p xmlns:w="{W}"><w:pPr><w:pStyle w:val="{style}"/>{room}</w:pPr>'
        return f"{before}{opening}{inner}</w:p>{after}"

    def _with_drawings(self) -> list[Part]:
        """The parts of the stationery, content types first, with the pictures of the text."""
        parts = list(self._stationery.parts)
        if not self._drawings:
            return parts
        relations = "".join(
            f'<Relationship Id="{one.name}" Type="{OFFICE}/relationships/image" Target="media/{one.name}.{one.ending}"/>'
            for one in self._drawings.values()
        )
        for index, one in enumerate(parts):
            text = one.content.decode() if one.name in (TYPES, RELATIONS) else ""
            if one.name == TYPES:
                for ending in sorted({drawing.ending for drawing in self._drawings.values()}):
                    if f'Extension="{ending}"' not in text:
                        text = text.replace(
                            "<Default ",
                            f'<Default Extension="{ending}" ContentType="{PICTURES[ending]}"/><Default ',
                            1,
                        )
                parts[index] = part(TYPES, text.encode())
            elif one.name == RELATIONS:
                parts[index] = part(
                    RELATIONS, text.replace("</Relationships>", f"{relations}</Relationships>").encode()
                )
        media = [part(f"word/media/{one.name}.{one.ending}", one.content) for one in self._drawings.values()]
        return [*parts, *media]


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else "".join([piece.text for piece in cell])


def _xml(cell: Cell) -> str:
    return run(cell).xml if isinstance(cell, str) else "".join([piece.xml for piece in cell])


def drawing_xml(drawing: Drawing, number: int, width: int, height: int) -> str:
    """A picture in a line of text; lengths in EMU, `number` its own among the drawings of the file."""
    name, described = escape(drawing.name), escape(drawing.described)
    extent = f'cx="{width}" cy="{height}"'
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{DRAWN}/wordprocessingDrawing" distT="0" distB="0" distL="0"'
        f' distR="0"><wp:extent {extent}/><wp:docPr id="{number}" name="{name}" descr="{described}"/>'
        f'<wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="{DRAWN}/main" noChangeAspect="1"/>'
        f'</wp:cNvGraphicFramePr><a:graphic xmlns:a="{DRAWN}/main"><a:graphicData uri="{DRAWN}/picture">'
        f'<pic:pic xmlns:pic="{DRAWN}/picture"><pic:nvPicPr><pic:cNvPr id="{number}" name="{name}"/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{name}"/><a:stretch><a:fillRect/>'
        f'</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def _page_of(total: int) -> str:
    return (
        f'<w:r><w:t xml:space="preserve">Page </w:t></w:r>{field("PAGE", "1")}'
        f'<w:r><w:t xml:space="preserve"> sur </w:t></w:r>{field("NUMPAGES", str(total))}'
    )


def note_rows(text: str) -> list[tuple[str, str]]:
    """Style and text of each paragraph of a note: typed dashes and numbers become real lists.

    Numbers only where they begin at 1 after a line without one: others are said as they were typed.
    """
    if "\n" not in text:
        return [("List Bullet", _unmarked(text) or text)]
    rows: list[tuple[str, str]] = []
    for line in text.split("\n"):
        line = line.strip()
        if not line:
            continue
        plain = _unmarked(line)
        if not rows:
            rows.append(("List Bullet", plain or line))
        elif plain:
            rows.append(("List Bullet 2", plain))
        elif (numbered := _numbered(line)) and numbered[0] == _next_number(rows):
            rows.append(("List Number", numbered[1]))
        else:
            rows.append(("List Continue", line))
    return rows or [("List Bullet", text)]


def _numbered(line: str) -> tuple[int, str] | None:
    """The number and the text of a line that begins with « 1) » or « 1. »."""
    found = re.match(r"(\d{1,2})[.)][ \u00a0\u202f]+(?=\S)", line)
    return (int(found[1]), line[found.end() :]) if found else None


def _next_number(rows: Sequence[tuple[str, str]]) -> int:
    """The number that a numbered line has to bear after these."""
    count = 0
    while count < len(rows) and rows[-1 - count][0] == "List Number":
        count += 1
    return 0 if _numbered(rows[0][1]) else count + 1


def _unmarked(line: str) -> str | None:
    """The line without its typed bullet; None where it has none, or is nothing else."""
    if line[0:1] in "-–—•*·▪‣" and line[1:2] in (" ", "\u00a0", "\u202f") and line[2:].strip():
        return line[2:].strip()
    if line[0:1] in "•▪‣" and line[1:].strip():
        return line[1:].strip()
    return None


def short_fingerprint(whole: str) -> str:
    """The first 16 digits in groups of four: enough to compare two prints by eye."""
    return "\u00a0".join(whole[n : n + 4] for n in range(0, 16, 4))


def _swap(content: bytes, swaps: Mapping[bytes, bytes]) -> bytes:
    """Every token replaced in one pass; one that nobody wrote (a Key may hold anything) stays."""
    return _TOKEN.sub(lambda found: swaps.get(found[0], found[0]), content)


_TOKEN = re.compile(b"\xee[\x80-\xa3][\x80-\xbf]")
"""Private-use characters from U+E000, in UTF-8: the tokens of volatile text."""
