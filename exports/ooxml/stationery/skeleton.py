"""The package of a stationery: a whole .docx in which the compiler replaces what it writes itself.

Part names and relationship ids are the same in every stationery, built in or the organiser's:
a compiled document keeps all the parts and changes six of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from exports.ooxml.package import pack, part
from exports.ooxml.stationery.styles import FONT, R, W, numbering_xml

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DOCUMENT, STYLES, NUMBERING = "word/document.xml", "word/styles.xml", "word/numbering.xml"
HEADER, FOOTER = "word/header1.xml", "word/footer1.xml"
FIRST_HEADER, FIRST_FOOTER = "word/header2.xml", "word/footer2.xml"
CORE, APP, CUSTOM = "docProps/core.xml", "docProps/app.xml", "docProps/custom.xml"

PLACE = {
    name: f'<w:p xmlns:w="{W}"><w:pPr><w:pStyle w:val="{style}"/></w:pPr></w:p>'
    for name, style in ((HEADER, "Header"), (FOOTER, "Footer"))
}
"""The empty paragraph that the compiler fills: title and state above, page number below."""

# w:compat 15 keeps « Mode de compatibilité » out of the title bar; nothing here asks Word
# to update fields, which would open with a question.
SETTINGS_XML = (
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

FONTS_XML = (
    f'<w:fonts xmlns:w="{W}"><w:font w:name="{FONT}"><w:altName w:val="Liberation Sans"/>'
    '<w:panose1 w:val="020B0604020202020204"/><w:charset w:val="00"/><w:family w:val="swiss"/>'
    '<w:pitch w:val="variable"/></w:font></w:fonts>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What stands above and below every page; XML of whole parts, with their pictures."""

    stories: Mapping[str, str] = field(default_factory=dict)
    """By part name (header1, footer1; header2 and footer2 for the first page). The first two
    hold the place that the compiler fills, unless they number the pages themselves."""
    relations: Mapping[str, str] = field(default_factory=dict)
    """The `.rels` of those parts, by part name."""
    media: Mapping[str, bytes] = field(default_factory=dict)
    theme: str = ""


def package(styles: str, size: str, letterhead: Letterhead) -> bytes:
    """The stationery, as a .docx that opens by itself. `size` is `w:pgSz` and `w:pgMar`."""
    stories = {HEADER: _empty("hdr", HEADER), FOOTER: _empty("ftr", FOOTER), **letterhead.stories}
    parts = {
        STYLES: (f"{WORD}.styles+xml", "styles", styles),
        "word/settings.xml": (f"{WORD}.settings+xml", "settings", SETTINGS_XML),
        "word/fontTable.xml": (f"{WORD}.fontTable+xml", "fontTable", FONTS_XML),
        NUMBERING: (f"{WORD}.numbering+xml", "numbering", numbering_xml(0)),
        **{name: _story(name, xml) for name, xml in stories.items()},
    }
    if letterhead.theme:
        kind = "application/vnd.openxmlformats-officedocument.theme+xml"
        parts["word/theme/theme1.xml"] = (kind, "theme", letterhead.theme)
    ids = {name: f"rId{number}" for number, name in enumerate(parts, 1)}
    references = "".join(
        f'<w:{kind}Reference w:type="{which}" r:id="{ids[name]}"/>'
        for kind, which, name in (
            ("header", "default", HEADER),
            ("header", "first", FIRST_HEADER),
            ("footer", "default", FOOTER),
            ("footer", "first", FIRST_FOOTER),
        )
        if name in ids
    )
    first = "<w:titlePg/>" if FIRST_HEADER in ids or FIRST_FOOTER in ids else ""
    document = (
        f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body><w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr>'
        "<w:r><w:t>Modèle Word de la restitution</w:t></w:r></w:p>"
        f"<w:sectPr>{references}{size}{first}</w:sectPr></w:body></w:document>"
    )
    files = {
        "[Content_Types].xml": _types({name: kind for name, (kind, _, _) in parts.items()}, letterhead.media),
        "_rels/.rels": _relations(
            {
                "rId1": (f"{OFFICE}/relationships/officeDocument", DOCUMENT),
                "rId2": (f"{PACKAGE}/relationships/metadata/core-properties", CORE),
                "rId3": (f"{OFFICE}/relationships/extended-properties", APP),
                "rId4": (f"{OFFICE}/relationships/custom-properties", CUSTOM),
            }
        ),
        "word/_rels/document.xml.rels": _relations(
            {
                ids[name]: (f"{OFFICE}/relationships/{kind}", name.removeprefix("word/"))
                for name, (_, kind, _) in parts.items()
            }
        ),
        DOCUMENT: document,
        **{name: content for name, (_, _, content) in parts.items()},
        **{f"word/_rels/{n.removeprefix('word/')}.rels": x for n, x in letterhead.relations.items()},
        CORE: CORE_XML.format(title="Modèle Word", subject="", author="", moment="1980-01-01T00:00:00Z"),
        APP: APP_XML,
        CUSTOM: CUSTOM_XML.format(moment="", print="", edition="", more=""),
    }
    whole = {
        name: (text if text.startswith("<?xml") else HEAD + text).encode() for name, text in files.items()
    }
    return pack(part(name, content) for name, content in {**whole, **letterhead.media}.items())


def _empty(root: str, name: str) -> str:
    return f'<w:{root} xmlns:w="{W}">{PLACE[name]}</w:{root}>'


def _story(name: str, xml: str) -> tuple[str, str, str]:
    kind = "header" if "header" in name else "footer"
    return f"{WORD}.{kind}+xml", kind, xml


def _types(kinds: Mapping[str, str], media: Iterable[str]) -> str:
    kinds = {
        DOCUMENT: f"{WORD}.document.main+xml",
        **kinds,
        CORE: "application/vnd.openxmlformats-package.core-properties+xml",
        APP: "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        CUSTOM: "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    }
    endings = sorted({name.rsplit(".", 1)[1] for name in media})
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Default Extension="{e}" ContentType="{PICTURES[e]}"/>' for e in endings)
        + "".join(f'<Override PartName="/{k}" ContentType="{v}"/>' for k, v in kinds.items())
        + "</Types>"
    )


PICTURES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "emf": "image/x-emf",
    "wmf": "image/x-wmf",
}
"""By file ending: what a letterhead may hold."""


def _relations(rows: Mapping[str, tuple[str, str]]) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>'
            for key, (kind, target) in rows.items()
        )
        + "</Relationships>"
    )


CORE_XML = (
    HEAD + f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{title}</dc:title><dc:subject>{subject}</dc:subject><dc:creator>{author}</dc:creator>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>'
    "<dc:language>fr-FR</dc:language></cp:coreProperties>"
)
APP_XML = (
    HEAD + f'<Properties xmlns="{OFFICE}/extended-properties"><Application>Microsoft Office Word'
    "</Application><AppVersion>16.0000</AppVersion></Properties>"
)
CUSTOM_XML = (
    HEAD + f'<Properties xmlns="{OFFICE}/custom-properties" xmlns:vt="{OFFICE}/docPropsVTypes">'
    '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="État">'
    "<vt:lpwstr>{moment}</vt:lpwstr></property>"
    '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="3" name="Empreinte">'
    "<vt:lpwstr>{print}</vt:lpwstr></property>"
    '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="4" name="Version">'
    "<vt:lpwstr>{edition}</vt:lpwstr></property>{more}</Properties>"
)


def custom_properties(values: Mapping[str, str]) -> str:
    """More of them, after the three that every document has; values are escaped already."""
    return "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="{name}">'
        f"<vt:lpwstr>{value}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(values.items(), 5)
    )
