"""Advance widths of Arial, which Liberation Sans repeats glyph for glyph.

Source: the `hmtx` table of Liberation Sans 2.x (SIL OFL), in thousandths of the type
size. A character that is not listed counts as a digit (556).
"""

from typing import NamedTuple

LINE_HEIGHT = 1.149
"""Ascent + descent + line gap, as a multiple of the type size (`hhea` table)."""


class Face(NamedTuple):
    """A font beside Arial."""

    pace: float
    """How wide French text runs, as a multiple of Arial."""
    line: float
    """Its line height, as a multiple of the type size."""


def face(font: str) -> Face:
    """The metrics of a font by name; Arial's where it is not known."""
    return _FACES.get(font.lower(), Face(1.0, LINE_HEIGHT))


# measured over 128 French notes with their metric twins: Carlito, DejaVu Sans
_FACES = {
    "calibri": Face(0.918, 1.221),
    "carlito": Face(0.918, 1.221),
    "verdana": Face(1.141, 1.215),
    "dejavu sans": Face(1.141, 1.164),
}


def _table(groups: dict[int, str]) -> dict[str, int]:
    return {character: width for width, characters in groups.items() for character in characters}


REGULAR = _table(
    {
        0: "́̀\u200d️",
        191: "'",
        200: "\u202f",
        222: "ijl’‘",
        260: "|¦",
        278: " !,./:;I[\\]ft\u00a0·ÌÍÎÏìíîï",
        333: "()-`r¡¨²³´¸¹“”‑",
        334: "{}",
        350: "•",
        355: '"',
        365: "º",
        370: "ª",
        389: "*",
        400: "°",
        469: "^",
        500: "Jcksvxyzçýÿ",
        537: "¶",
        549: "±÷",
        552: "¯",
        556: "#$0123456789?L_abdeghnopqu¢£¤¥§«»àáâãäåèéêëðñòóôõöùúûüþ–€",
        576: "µ",
        584: "+<=>~¬×",
        611: "FTZ¿ßø",
        667: "&ABEKPSVXYÀÁÂÃÄÅÈÉÊËÝÞ",
        722: "CDHNRUwÇÐÑÙÚÛÜ",
        737: "©®",
        778: "GOQÒÓÔÕÖØ",
        833: "Mm",
        834: "¼½¾",
        889: "%æ",
        944: "Wœ",
        1000: "Æ…—Œ→",
        1015: "@",
    }
)

BOLD = _table(
    {
        0: "́̀\u200d️",
        200: "\u202f",
        238: "'",
        278: " ,./I\\ijl\u00a0·ÌÍÎÏìíîï’‘",
        280: "|¦",
        333: "!()-:;[]`ft¡¨²³´¸¹‑",
        350: "•",
        365: "º",
        370: "ª",
        389: "*r{}",
        400: "°",
        474: '"',
        500: "z“”",
        549: "±÷",
        552: "¯",
        556: "#$0123456789J_aceksvxy¢£¤¥§«¶»àáâãäåçèéêëýÿ–€",
        576: "µ",
        584: "+<=>^~¬×",
        611: "?FLTZbdghnopqu¿ßðñòóôõöøùúûüþ",
        667: "EPSVXYÈÉÊËÝÞ",
        722: "&ABCDHKNRUÀÁÂÃÄÅÇÐÑÙÚÛÜ",
        737: "©®",
        778: "GOQwÒÓÔÕÖØ",
        833: "M",
        834: "¼½¾",
        889: "%mæ",
        944: "Wœ",
        975: "@",
        1000: "Æ…—Œ→",
    }
)
