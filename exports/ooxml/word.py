"""Our words on top of WordprocessingML: heading, list, note, table, table of contents.

A `Document` is written from top to bottom. Each verb appends escaped XML and, beside it,
what pagination needs to know. Bodies are strings: elements cost three times as much
(measured). Anything that changes with the clock alone is written through `volatile`, so
that the fingerprint leaves it out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from exports.ooxml.assembly import FINGERPRINT, Compiled, Written, assembled, token
from exports.ooxml.pagination import Block, PageMap, Shape, paginate, ruler
from exports.ooxml.runs import Cell, Drawing, Inline, drawing_xml, escape, field, run
from exports.ooxml.stationery import Stationery
from exports.ooxml.stationery.styles import FIRST_NUMBERED
from exports.ooxml.tables import table
from exports.ooxml.typed_lists import note_rows, unmarked

PER_INCH, DENSITY = 72, 150
"""Points, and pixels of a picture that is not too large for the page."""
TALLEST = 0.55
"""Of a page's height: a picture that does not fit leaves less than that blank."""
SPACE = 8
"""Points between a table and the text below it, at least."""
EMU = 12_700
"""English metric units to a point."""


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
        self._title, self._author, self._subject = title, author, subject
        self._edition = edition
        self._custom = custom or {}
        self._body: list[str] = []
        self._blocks: list[Block] = []
        self._entries: list[_Entry] = []
        self._chapters: dict[str, tuple[int, int]] = {}
        """By bookmark of a chapter: where its heading is in the body, and where its properties begin."""
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

    def chapter(self, level: int, text: str) -> str:
        """A heading that begins a page, unless that left one nearly blank. Returns its bookmark."""
        bookmark = self.heading(level, text)
        block = self._blocks[-1]
        self._blocks[-1] = block._replace(shape=replace(block.shape, page_wanted=True))
        self._chapters[bookmark] = (len(self._body) - 1, len(self._open(f"heading {level}")[0]))
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
            if shape.before < SPACE:
                properties += f'<w:spacing w:before="{SPACE * 20}"/>'
                shape = replace(shape, before=SPACE)
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
        text = unmarked(text) or text
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
        xml, blocks = table(self._stationery, self._open, caption, header, rows, shares)
        self._body.append(xml)
        self._blocks += blocks
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
        space = f' w:before="{SPACE * 20}"' if self._after_table else ""
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
        return token(len(self._volatile))

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

    def pages_since(self, checkpoint: Checkpoint, *, margin: float = 0.0) -> int:
        """Pages that the blocks since `mark` fill, `margin` (0-1) of each kept free."""
        page = self._stationery.page
        room = replace(page, height=page.height * (1 - margin))
        return paginate(self._blocks[checkpoint.blocks :], room).total

    # --- the end ------------------------------------------------------------------

    def finish(self, *, taken_at: datetime, pages: PageMap | None = None) -> Compiled:
        """The .docx. `pages` is a map from an earlier layout; None estimates one."""
        laid = self._estimate()
        estimate = pages or laid
        for bookmark in laid.opening:
            at, begins = self._chapters[bookmark]
            self._body[at] = f"{self._body[at][:begins]}<w:pageBreakBefore/>{self._body[at][begins:]}"
        if self._contents_at:
            self._body[self._contents_at[0]] = self._contents_xml(estimate)
        written = Written(
            body="".join(self._body),
            header=self._header,
            lists=self._lists,
            drawings=self._drawings,
            volatile=self._volatile,
            title=self._title,
            author=self._author,
            subject=self._subject,
            edition=self._edition,
            custom=self._custom,
        )
        return assembled(self._stationery, written, taken_at=taken_at, pages=estimate)

    def fingerprint_text(self) -> str:
        """A stand-in for the shortened fingerprint, known only at the end."""
        return FINGERPRINT

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
