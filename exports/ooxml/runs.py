"""Pieces of a paragraph: runs, links, fields, pictures; each with the text that a reader sees.

Bodies are strings: elements cost three times as much (measured).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

DRAWN = "http://schemas.openxmlformats.org/drawingml/2006"


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


def cell_text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else "".join([piece.text for piece in cell])


def cell_xml(cell: Cell) -> str:
    return run(cell).xml if isinstance(cell, str) else "".join([piece.xml for piece in cell])
