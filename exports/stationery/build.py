"""Makes the built-in stationery: `python -m exports.stationery.build`.

Clean on purpose: compatibility mode 15, fr-FR in the defaults and nowhere else, no
thumbnail, no theme, no style that we do not use. A test holds the file against this.
"""

from exports.package import pack, part
from exports.stationery import HERE
from exports.stationery.styles import (
    CHARACTER_STYLES,
    FONT,
    FRENCH_PAGE_HEIGHT,
    FRENCH_PAGE_WIDTH,
    ROLES,
    TABLE_STYLES,
    W,
    numbering_xml,
    style_xml,
)

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MARGIN_SIDE, MARGIN_TOP, MARGIN_BOTTOM = 1247, 1304, 1191

SECTION = (
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
    + CHARACTER_STYLES
    + TABLE_STYLES
    + "</w:styles>"
)

# w:compat 15 keeps « Mode de compatibilité » out of the title bar; nothing here asks Word
# to update fields, which would open with a question.
SETTINGS = (
    f'<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/>'
    '<w:hyphenationZone w:val="425"/><w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
    + "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", "15"),
            ("overrideTableStyleFontSizeAndJustification", "1"),
            ("enableOpenTypeFeatures", "1"),
            ("doNotFlipMirrorIndents", "1"),
            ("differentiateMultirowTableHeaders", "1"),
        )
    )
    + '</w:compat><w:themeFontLang w:val="fr-FR"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
)

FONTS = (
    f'<w:fonts xmlns:w="{W}"><w:font w:name="{FONT}"><w:altName w:val="Liberation Sans"/>'
    '<w:panose1 w:val="020B0604020202020204"/><w:charset w:val="00"/><w:family w:val="swiss"/>'
    '<w:pitch w:val="variable"/></w:font></w:fonts>'
)

TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def build() -> bytes:
    """The bytes of the built-in stationery, a .docx that opens by itself."""
    document = (
        f'<w:document xmlns:w="{W}"><w:body><w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr>'
        "<w:r><w:t>Modèle de restitution</w:t></w:r></w:p>"
        f"<w:sectPr>{SECTION}</w:sectPr></w:body></w:document>"
    )
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{TYPES}.{kind}+xml"/>'
        for name, kind in (
            ("document", "document.main"),
            ("styles", "styles"),
            ("settings", "settings"),
            ("fontTable", "fontTable"),
            ("numbering", "numbering"),
        )
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>'
        for n, kind in enumerate(("styles", "settings", "fontTable", "numbering"), 1)
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": document,
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        "word/styles.xml": STYLES,
        "word/settings.xml": SETTINGS,
        "word/fontTable.xml": FONTS,
        "word/numbering.xml": numbering_xml(0),
    }
    return pack(part(name, (HEAD + text).encode()) for name, text in files.items())


if __name__ == "__main__":
    (HERE / "restitution.docx").write_bytes(build())
