"""Word files by other hands, sound and hostile."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt, RGBColor


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


TYPES, RELS, STYLES = "[Content_Types].xml", "word/_rels/document.xml.rels", "word/styles.xml"


Change = Callable[[dict[str, bytes]], None]


def picture(width: int, height: int) -> bytes:
    """A PNG of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * ((width + 7) // 8 + 1) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def letter(logo: bytes | None = None) -> bytes:
    """A public body's letter, made with python-docx: header, logo, footer, calm styles, A4."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.header.paragraphs[0].text = "IREV, centre de ressources"
    run = section.header.paragraphs[0].add_run()
    shape = run.add_picture(io.BytesIO(logo or picture(300, 100)), width=Cm(4))
    shape._inline.docPr.set("descr", "Logo de l’IREV")
    section.footer.paragraphs[0].text = "www.irev.fr"
    for style in document.styles:
        if style.type == 1:
            style.font.name = "Arial"
            style.font.size = Pt(max(12, style.font.size.pt if style.font.size else 12))
            style.font.color.rgb = RGBColor(0x20, 0x20, 0x40)
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    for style in document.styles:
        if style.type == 2 and style.font.color.rgb:
            style.font.color.rgb = RGBColor(0x20, 0x20, 0x40)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def changed(content: bytes, *changes: Change) -> bytes:
    parts = parts_of(content)
    for change in changes:
        change(parts)
    return packed(parts)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts_of(letter()).items():
            archive.writestr(name, content)
        archive.writestr("word/bomb.xml", b" " * 90_000_000)
    return out.getvalue()


def encrypted_zip() -> bytes:
    content = bytearray(letter())
    for at in [m.start() for m in re.finditer(b"PK\x01\x02", bytes(content))]:
        content[at + 8] |= 1
    return bytes(content)


def workbook() -> bytes:
    return packed(
        {
            TYPES: b"<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
            "xl/workbook.xml": b"<workbook/>",
            "_rels/.rels": b"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'/>",
        }
    )


LAUGHS = b'<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><w>&b;</w>'


XXE = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
