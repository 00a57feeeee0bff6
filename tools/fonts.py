"""Makes the two fonts of the pages from their npm packages: every sign that the product prints, no more.

    cd tools && npm install --no-save @fontsource-variable/atkinson-hyperlegible-next @fontsource-variable/newsreader
    pip install fonttools brotli && python tools/fonts.py

The packages hold neither U+202F (before « ? ») nor U+2011 (in a reference): without them each would fall into
another font. Both are SIL OFL 1.1 without a reserved name; the licences stand beside the fonts.
"""

import io
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.varLib import instancer

ROOT = Path(__file__).parent.parent
PACKAGES = ROOT / "tools" / "node_modules" / "@fontsource-variable"
FONTS = ROOT / "contrib" / "static" / "fonts"
THIN, HYPHEN, THIN_SPACE = 0x202F, 0x2011, 0x2009
SIGNS = {*range(0x20, 0x7F), *range(0xA0, 0x100)} | {
    ord(sign) for sign in "ŒœŸ\u2009‐\u2011‒–—‘’‚“”„†•…\u202f‰‹›⁄€™−←↑→↓"
}
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "tnum", "pnum", "frac", "rvrn"]
NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]
"""Of the name table: those that say who made it and under which licence."""


def main() -> None:
    sans = PACKAGES / "atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2"
    serif = PACKAGES / "newsreader/files/newsreader-latin-opsz-normal.woff2"
    _make(sans, FONTS / "atelier-sans.woff2", {"wght": (400, 700)})
    _make(serif, FONTS / "atelier-serif.woff2", {"wght": (400, 600), "opsz": (14, 18, 72)})


def _make(source: Path, target: Path, axes: dict[str, tuple[float, ...]]) -> None:
    font = _reopened(instancer.instantiateVariableFont(TTFont(source), axes))
    if not {THIN, THIN_SPACE} & font.getBestCmap().keys():
        _draw_thin_space(font)
        font = _reopened(font)
    signs = font.getBestCmap()
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap.setdefault(HYPHEN, signs[ord("-")])
            table.cmap.setdefault(THIN, signs.get(THIN, signs.get(THIN_SPACE)))
    options = subset.Options(
        flavor="woff2", layout_features=FEATURES, name_IDs=NAMES, hinting=False, notdef_outline=True
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=SIGNS)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)
    print(f"{target.name}: {target.stat().st_size} bytes, {len(TTFont(target).getBestCmap())} signs")


def _draw_thin_space(font: TTFont) -> None:
    """An empty glyph, an eighth of an em wide. The tables are read before the order of glyphs changes."""
    tables = font["gvar"].variations, font["hmtx"].metrics, font["glyf"].glyphs
    variations, metrics, glyphs = tables
    font.setGlyphOrder([*font.getGlyphOrder(), "uni202F"])
    glyphs["uni202F"] = Glyph()
    font["glyf"].glyphOrder = font.getGlyphOrder()
    metrics["uni202F"] = (font["head"].unitsPerEm // 8, 0)
    variations["uni202F"] = []
    if "HVAR" in font:
        del font["HVAR"]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[THIN] = table.cmap[THIN_SPACE] = "uni202F"


def _reopened(font: TTFont) -> TTFont:
    """The same, as it is read from a file."""
    out = io.BytesIO()
    font.flavor = None
    font.save(out)
    out.seek(0)
    return TTFont(out)


if __name__ == "__main__":
    main()
