"""Makes the built-in stationery: `python -m exports.ooxml.stationery.build`.

Clean on purpose: compatibility mode 15, fr-FR in the defaults and nowhere else, no
thumbnail, no theme, no style that we do not use. A test holds the file against this.
"""

from exports.ooxml.stationery import HERE
from exports.ooxml.stationery.skeleton import Letterhead, package
from exports.ooxml.stationery.styles import (
    CHARACTER_STYLES,
    FONT,
    FRENCH_PAGE_HEIGHT,
    FRENCH_PAGE_WIDTH,
    ROLES,
    TABLE_STYLES,
    W,
    style_xml,
)

MARGIN_SIDE, MARGIN_TOP, MARGIN_BOTTOM = 1247, 1304, 1191

SIZE = (
    f'<w:pgSz w:w="{FRENCH_PAGE_WIDTH}" w:h="{FRENCH_PAGE_HEIGHT}"/>'
    f'<w:pgMar w:top="{MARGIN_TOP}" w:right="{MARGIN_SIDE}" w:bottom="{MARGIN_BOTTOM}"'
    f' w:left="{MARGIN_SIDE}" w:header="624" w:footer="567" w:gutter="0"/>'
)

STYLES = (
    f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
    f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
    '<w:sz w:val="24"/><w:szCs w:val="24"/><w:lang w:val="fr-FR" w:eastAsia="fr-FR" w:bidi="fr-FR"/>'
    "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    + "".join(style_xml(role, (FRENCH_PAGE_WIDTH - 2 * MARGIN_SIDE) / 20) for role in ROLES)
    + "".join(CHARACTER_STYLES.values())
    + "".join(TABLE_STYLES.values())
    + "</w:styles>"
)


def build() -> bytes:
    """The bytes of the built-in stationery, a .docx that opens by itself."""
    return package(STYLES, SIZE, Letterhead())


if __name__ == "__main__":
    (HERE / "restitution.docx").write_bytes(build())
