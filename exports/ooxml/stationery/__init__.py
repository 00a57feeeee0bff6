"""Stationery: the Word file that carries styles, page, header and footer of our documents.

Built in, or the organiser's own once `prepare` has checked and completed it: both are the
same kind of file, in which the compiler replaces the parts that it writes itself.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lxml import etree

from exports.ooxml.package import Part, part
from exports.ooxml.pagination import Page, Shape
from exports.ooxml.stationery.floats import Paper, room_above_line
from exports.ooxml.stationery.shapes import height_of, read_shapes
from exports.ooxml.stationery.skeleton import (
    APP,
    CORE,
    CUSTOM,
    DOCUMENT,
    FOOTER,
    HEADER,
    NUMBERING,
    PLACE,
    STYLES,
)
from exports.ooxml.stationery.styles import BY_NAME, ROLES, style_xml

HERE = Path(__file__).parent
_WRITTEN = {DOCUMENT, NUMBERING, HEADER, FOOTER, CORE, APP, CUSTOM}


@dataclass(frozen=True, slots=True)
class Stationery:
    """What a compiler takes from the file, ready to be packed again."""

    parts: tuple[Part, ...]
    """Everything that the compiler does not write: styles, settings, pictures."""
    shapes: dict[str, Shape]
    """Lower-cased style name -> what the style does to space."""
    section: str
    """The whole `w:sectPr`: page size, margins, header and footer."""
    page: Page
    around_header: tuple[str, str]
    """The header's XML before and after the compiler's paragraph."""
    above_line: float
    """Points above that paragraph, so that it stands below a logo that floats."""
    around_footer: tuple[str, str] | str
    """The same; a string where the footer numbers the pages itself and is taken whole."""

    def style(self, name: str) -> str:
        """The id of a style. It is the same in every stationery."""
        return BY_NAME[name.lower()].id

    def shape(self, name: str) -> Shape:
        return self.shapes[name.lower()]


@lru_cache(maxsize=8)
def open_stationery(content: bytes) -> Stationery:
    """Stationery from the bytes of a .docx that `build` or `prepare` made."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    section = re.search(r"<w:sectPr>.*</w:sectPr>", files[DOCUMENT].decode())
    if section is None:
        raise ValueError("The stationery has no page size.")
    sheet = read_shapes(etree.fromstring(files[STYLES]))
    absent = [role for role in ROLES if role.name.lower() not in sheet.shapes]
    if absent:  # it was prepared by an older version
        width = text_area(section[0]).width
        ours = "".join(style_xml(role, width) for role in absent)
        files[STYLES] = files[STYLES].replace(b"</w:styles>", f"{ours}</w:styles>".encode())
        sheet = read_shapes(etree.fromstring(files[STYLES]))
    header, footer = files[HEADER].decode(), files[FOOTER].decode()
    story = etree.fromstring(files[HEADER])
    clearance = room_above_line(story, paper(section[0]), sheet.shapes)
    above = height_of(story, sheet.shapes) + clearance
    below = height_of(etree.fromstring(files[FOOTER]), sheet.shapes)
    before, _, after = header.partition(PLACE[HEADER])
    return Stationery(
        parts=tuple(part(name, body) for name, body in files.items() if name not in _WRITTEN),
        shapes=sheet.shapes,
        section=section[0],
        page=text_area(section[0], above=above, below=below, pace=sheet.pace),
        around_header=(before, after),
        above_line=clearance,
        around_footer=_around(footer),
    )


def _around(footer: str) -> tuple[str, str] | str:
    before, place, after = footer.partition(PLACE[FOOTER])
    return (before, after) if place else footer


def text_area(section: str, *, above: float = 0, below: float = 0, pace: float = 1.0) -> Page:
    """The text area, in points, that size, margins and what stands above and below leave."""

    def twips(name: str) -> int:
        return _twips(section, name)

    # Word moves the text down where the header needs more than the margin
    top = max(twips("top"), twips("header") + above * 20)
    bottom = max(twips("bottom"), twips("footer") + below * 20)
    width = twips("w") - twips("left") - twips("right")
    return Page(width=width / 20, height=(twips("h") - top - bottom) / 20, pace=pace)


def paper(section: str) -> Paper:
    """The page of a `w:sectPr` and its margins, in points."""
    return Paper(*(_twips(section, name) / 20 for name in ("w", "h", "left", "right", "top", "header")))


def _twips(section: str, name: str) -> int:
    found = re.search(rf'w:{name}="(\d+)"', section)
    return int(found[1]) if found else 0


@lru_cache(maxsize=4)
def built_in(name: str) -> Stationery:
    """The stationery that ships with the application: `restitution`."""
    return open_stationery((HERE / f"{name}.docx").read_bytes())
