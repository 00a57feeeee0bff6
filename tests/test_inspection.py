"""Inspection finds nothing in our documents, and each fault in a document that has it."""

import io
import zipfile
from collections.abc import Callable

import pytest
from conftest import Room
from material import Material
from word_files import packed, parts_of

from contrib.digest import take
from contrib.forms import raw
from contrib.store.db import db
from exports.documents.restitution import compile_restitution
from exports.ooxml.inspection import BLOCKS, WARNS, blocking, inspect
from exports.ooxml.inspection.accessibility import contrast

DOCUMENT, STYLES, SETTINGS = "word/document.xml", "word/styles.xml", "word/settings.xml"
CORE, NUMBERING, TYPES = "docProps/core.xml", "word/numbering.xml", "[Content_Types].xml"
RELS = "word/_rels/document.xml.rels"


@pytest.fixture
def sound(emergence: Room) -> bytes:
    """A document with everything that can be broken."""
    emergence.note("Ouvrir le soir", "recommandations", highlight=True, theme="Lieux")
    emergence.note("Une liste :\n- un point\n- un autre", "recommandations")
    emergence.note("Un café mobile", "experiences", highlight=True)
    emergence.write("message", text="Ouvrir d’abord")
    return compile_restitution(take(db.session(), emergence.event)).content


def swap(part: str, old: str, new: str, count: int = 1) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        text = parts[part].decode()
        assert old in text, f"{old} is not in {part}: this test would prove nothing."
        parts[part] = text.replace(old, new, count).encode()

    return change


def drop(part: str) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.pop(part) and None


def add(part: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({part: content})


def paragraph(inner: str, style: str = "Normal", more: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{inner}</w:p><w:sectPr>'


def words(text: str, properties: str = "") -> str:
    """A run; `@` stands for the quotation mark in its properties."""
    properties = properties.replace("@", '"')
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def before_section(xml: str) -> Callable[[dict[str, bytes]], None]:
    return swap(DOCUMENT, "<w:sectPr>", f"{xml}<w:sectPr>")


CELL = '<w:tc><w:tcPr><w:tcW w:w="100" w:type="dxa"/></w:tcPr>'
TABLE_END = "</w:tbl>"
IMAGE = (
    '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
    'wordprocessingDrawing"><wp:docPr id="1" name="Logo"/></wp:inline></w:drawing></w:r>'
)

DESCRIBED = IMAGE.replace('name="Logo"', 'name="Logo" descr="Logo de l’organisateur"')

BROKEN: list[tuple[str, str, Callable[[dict[str, bytes]], None]]] = [
    ("part relationship", BLOCKS, drop(STYLES)),
    ("xml", BLOCKS, swap(DOCUMENT, "</w:body>", "")),
    ("xml", BLOCKS, swap(SETTINGS, "<w:settings", "<!DOCTYPE x [<!ENTITY e 'boum'>]><w:settings")),
    ("content-type", BLOCKS, add("word/orphan.bin", b"?")),
    ("macro", BLOCKS, swap(TYPES, "document.main+xml", "document.macroEnabled.main+xml")),
    ("relationship page-number", BLOCKS, drop("word/footer1.xml")),
    ("relationship-id", BLOCKS, swap(DOCUMENT, 'r:id="rId6"', 'r:id="rId66"')),
    (
        "external",
        WARNS,
        swap(
            RELS,
            "</Relationships>",
            '<Relationship Id="rId9" TargetMode="External" Target="http://ailleurs.example/a.png" Type="http://'
            'schemas.openxmlformats.org/officeDocument/2006/relationships/image"/></Relationships>',
        ),
    ),
    ("dates", BLOCKS, swap(CORE, "Z</dcterms:created>", " UTC</dcterms:created>")),
    ("body", BLOCKS, swap(DOCUMENT, "</w:sectPr></w:body>", f"</w:sectPr>{paragraph(words('x')).removesuffix('<w:sectPr>')}</w:body>")),
    ("cell-empty grid", BLOCKS, swap(DOCUMENT, "<w:tc>", "<w:tc/><w:tc>")),
    ("table-empty grid", BLOCKS, swap(DOCUMENT, TABLE_END, f"<w:tr/>{TABLE_END}")),
    ("nested", BLOCKS, before_section("<w:p><w:t>hors de tout</w:t></w:p>")),
    ("field", BLOCKS, swap(DOCUMENT, '<w:r><w:fldChar w:fldCharType="end"/></w:r>', "")),
    ("style", WARNS, swap(DOCUMENT, 'w:val="ListBullet"', 'w:val="Puce"')),
    ("numbering", WARNS, swap(NUMBERING, '<w:num w:numId="3"', '<w:num w:numId="33"')),
    ("numbering", WARNS, swap(NUMBERING, '<w:abstractNumId w:val="3"/>', '<w:abstractNumId w:val="31"/>')),
    ("bookmark link", WARNS, swap(DOCUMENT, 'w:name="r_EME_2"', 'w:name="r_EME_1"')),
    ("bookmark link", WARNS, swap(DOCUMENT, 'w:name="r_EME_2"', 'w:name="2 mots"')),
    ("bookmark", WARNS, swap(DOCUMENT, '<w:bookmarkEnd w:id="2"/>', "")),
    ("link", WARNS, swap(DOCUMENT, 'w:anchor="r_EME_1"', 'w:anchor="r_EME_99"')),
    ("link", WARNS, swap(DOCUMENT, "PAGEREF _Toc000001", "PAGEREF _Toc999999")),
    ("grid", WARNS, swap(DOCUMENT, '<w:gridCol w:w="', '<w:gridCol w:w="1"/><w:gridCol w:w="')),
    ("prompt", WARNS, swap(SETTINGS, "<w:zoom", '<w:updateFields w:val="true"/><w:zoom')),
    ("prompt", WARNS, swap(DOCUMENT, 'w:fldCharType="begin"', 'w:fldCharType="begin" w:dirty="true"')),
    ("tracked", WARNS, before_section(f'<w:p><w:ins w:id="900" w:author="x">{words("ajouté")}</w:ins></w:p>')),
    ("compatibility", WARNS, swap(SETTINGS, 'w:val="15"', 'w:val="12"')),
    ("title", WARNS, swap(CORE, "dc:title>", "dc:subject>", 2)),
    ("title-paragraph", WARNS, swap(DOCUMENT, 'w:val="Title"', 'w:val="Subtitle"')),
    ("heading-levels", WARNS, before_section('<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>' + words("Un") + '</w:p><w:p><w:pPr><w:pStyle w:val="Heading3"/></w:pPr>' + words("Trois") + "</w:p>")),
    ("heading-empty", WARNS, before_section(f'<w:p><w:pPr><w:pStyle w:val="Heading2"/></w:pPr>{DESCRIBED}</w:p>')),
    ("heading-twice", WARNS, before_section('<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>' + words("L’essentiel") + "</w:p>")),
    ("heading-keep", WARNS, swap(STYLES, '<w:name w:val="heading 3"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:uiPriority w:val="9"/><w:qFormat/><w:pPr><w:keepNext/>', '<w:name w:val="heading 3"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:uiPriority w:val="9"/><w:qFormat/><w:pPr>')),
    ("false-heading", WARNS, before_section(f"<w:p>{words('Un titre qui n’en est pas un', '<w:b/>')}</w:p>")),
    ("typed-list", WARNS, before_section(f"<w:p>{words('- un point tapé à la main')}</w:p>")),
    ("empty-paragraph", WARNS, before_section("<w:p/>")),
    ("layout", WARNS, before_section(f"<w:p>{words('à gauche')}<w:r><w:tab/></w:r>{words('à droite')}</w:p>")),
    ("layout", WARNS, before_section(f"<w:p>{words('à gauche          à droite')}</w:p>")),
    ("table-header", WARNS, swap(DOCUMENT, "<w:tblHeader/>", "")),
    ("table-caption", WARNS, swap(DOCUMENT, '<w:pStyle w:val="Caption"/>', '<w:pStyle w:val="Normal"/>')),
    ("alternative", WARNS, before_section(f"<w:p>{IMAGE}</w:p>")),
    ("contrast", WARNS, before_section(f"<w:p>{words('pâle', '<w:color w:val=@999999@/>')}</w:p>")),
    ("size", WARNS, before_section(f"<w:p>{words('petit', '<w:sz w:val=@14@/>')}</w:p>")),
    ("aligned", WARNS, before_section(f'<w:p><w:pPr><w:jc w:val="both"/></w:pPr>{words("justifié")}</w:p>')),
    ("font", WARNS, before_section(f"<w:p>{words('fantaisie', '<w:rFonts w:ascii=@Comic Sans MS@/>')}</w:p>")),
    ("contents", WARNS, swap(DOCUMENT, " TOC \\o", " RIEN \\o")),
    ("page-number", WARNS, swap("word/footer1.xml", " PAGE ", " FILENAME ")),
    ("paper", WARNS, swap(DOCUMENT, 'w:w="11906"', 'w:w="12240"')),
    ("language", WARNS, before_section(f"<w:p>{words('hello', '<w:lang w:val=@en-US@/>')}</w:p>")),
    ("language", WARNS, swap(STYLES, 'w:lang w:val="fr-FR"', 'w:lang w:val="en-US"')),
    ("separators", WARNS, swap(SETTINGS, '<w:decimalSymbol w:val=","/>', '<w:decimalSymbol w:val="."/>')),
    ("invisible", WARNS, before_section(f"<w:p>{words('mot' + chr(0x200B) + 'coupé')}</w:p>")),
    ("leftover", WARNS, swap("word/header1.xml", "<w:t xml", "<w:t>{{ titre }}</w:t><w:t xml")),
]  # fmt: skip


def test_nothing_is_wrong_with_a_document_of_ours(sound: bytes) -> None:
    assert inspect(sound) == ()


@pytest.mark.parametrize(
    ("rule", "grade", "spoil"), BROKEN, ids=[f"{n}-{rule}" for n, (rule, _, _) in enumerate(BROKEN)]
)
def test_each_fault_is_found_and_nothing_else(
    sound: bytes, rule: str, grade: str, spoil: Callable[[dict[str, bytes]], None]
) -> None:
    parts = parts_of(sound)
    spoil(parts)

    found = inspect(packed(parts))

    assert {fault.rule for fault in found} == set(rule.split())
    assert bool(blocking(found)) == (grade == BLOCKS)
    assert all(str(fault).endswith(".") for fault in found)


def test_a_cell_that_ends_in_a_table_blocks(sound: bytes) -> None:
    parts = parts_of(sound)
    inner = (
        '<w:tbl><w:tblPr><w:tblCaption w:val="x"/></w:tblPr><w:tblGrid><w:gridCol w:w="9"/></w:tblGrid><w:tr><w:trPr>'
        f"<w:tblHeader/></w:trPr>{CELL}<w:p>{words('dedans')}</w:p></w:tc></w:tr></w:tbl>"
    )
    swap(DOCUMENT, "</w:p></w:tc>", f"</w:p>{inner}</w:tc>")(parts)

    assert {fault.rule for fault in blocking(inspect(packed(parts)))} == {"cell-end"}


def test_what_is_no_word_file_at_all_blocks_and_never_raises(sound: bytes) -> None:
    kinds = [b"", b"PK\3\4", b"une lettre", sound[: len(sound) // 2], sound[:200] + b"\0" * 500 + sound[700:]]
    for content in kinds:
        assert blocking(inspect(content)), content[:20]


def test_a_part_that_is_there_twice_blocks(sound: bytes) -> None:
    out = io.BytesIO(sound)
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(DOCUMENT, b"<x/>")

    assert "duplicate-part" in {fault.rule for fault in blocking(inspect(out.getvalue()))}


def test_every_hostile_string_passes_inspection(emergence: Room, material: Material) -> None:
    for text in map(raw, material.hostile_strings):
        if text.strip("\0"):
            emergence.note(text, "recommandations")

    assert inspect(compile_restitution(take(db.session(), emergence.event)).content) == ()


def test_contrast_is_that_of_wcag() -> None:
    assert round(contrast("000000", "FFFFFF"), 1) == 21.0
    assert round(contrast("767676", "FFFFFF"), 2) == 4.54
