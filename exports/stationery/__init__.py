"""Stationery: the Word file that carries styles, page and settings of our documents."""

import io
import re
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from exports.package import Part, part
from exports.pagination import Page
from exports.stationery.styles import BY_NAME, Role

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Stationery:
    """What a compiler takes from the file, ready to be packed again."""

    parts: tuple[Part, ...]
    """Static parts: styles, settings, fonts."""
    style_ids: dict[str, str]
    """Lower-cased style name -> the id that this file uses."""
    section: str
    """Page size and margins, as the inside of `w:sectPr`."""
    page: Page

    def style(self, name: str) -> str:
        return self.style_ids[name.lower()]

    def role(self, name: str) -> Role:
        return BY_NAME[name.lower()]


@lru_cache(maxsize=8)
def open_stationery(content: bytes) -> Stationery:
    """Stationery from the bytes of a .docx that this application made."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    styles = files["word/styles.xml"].decode()
    ids = {
        name.lower(): style_id
        for style_id, name in re.findall(
            r'<w:style [^>]*w:styleId="([^"]+)"[^>]*>\s*<w:name w:val="([^"]+)"', styles
        )
    }
    section = re.search(r"<w:pgSz[^>]*/><w:pgMar[^>]*/>", files["word/document.xml"].decode())
    if section is None:
        raise ValueError("The stationery has no page size.")
    return Stationery(
        parts=tuple(
            part(name, files[name]) for name in ("word/styles.xml", "word/settings.xml", "word/fontTable.xml")
        ),
        style_ids=ids,
        section=section[0],
        page=text_area(section[0]),
    )


def text_area(section: str) -> Page:
    """Width and height in points of the text area that a page size and margins leave."""

    def twips(name: str) -> int:
        found = re.search(rf'w:{name}="(\d+)"', section)
        return int(found[1]) if found else 0

    width = twips("w") - twips("left") - twips("right")
    height = twips("h") - twips("top") - twips("bottom")
    return Page(width=width / 20, height=height / 20)


@lru_cache(maxsize=4)
def built_in(name: str) -> Stationery:
    """The stationery that ships with the application: `restitution`."""
    return open_stationery((HERE / f"{name}.docx").read_bytes())
