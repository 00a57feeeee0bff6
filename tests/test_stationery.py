"""The organiser's own Word file: taken where it can be, refused with a sentence where it cannot."""

import copy
import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from conftest import Person, Room
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt, RGBColor
from office import converted, pages
from readback import outline, part, sdk_errors, text
from word_files import (
    LAUGHS,
    OLE,
    RELS,
    STYLES,
    TYPES,
    XXE,
    Change,
    bomb,
    changed,
    encrypted_zip,
    letter,
    packed,
    parts_of,
    picture,
    workbook,
)

from contrib.documents import latest_document
from exports.documents.prepare import Prepared, prepare
from exports.documents.restitution import compile_restitution
from exports.documents.specimen import specimen
from exports.ooxml.container import Unfit
from exports.ooxml.inspection import inspect
from exports.ooxml.stationery import built_in, open_stationery
from exports.ooxml.stationery.styles import ROLES


def swap(name: str, old: str, new: str) -> Change:
    def change(parts: dict[str, bytes]) -> None:
        assert old.encode() in parts[name], f"{old} is not in {name}: this test would prove nothing."
        parts[name] = parts[name].replace(old.encode(), new.encode(), 1)

    return change


def with_french_ids(content: bytes) -> bytes:
    """As a French Word saves it: names stay English, ids are French."""
    ids = {"Heading1": "Titre1", "Heading2": "Titre2", "ListBullet": "Listepuces", "Title": "Titre", "Header": "En-tte"}  # fmt: skip

    def change(parts: dict[str, bytes]) -> None:
        for name in [n for n in parts if n.startswith("word/") and n.endswith(".xml")]:
            body = parts[name].decode()
            for old, new in ids.items():
                body = re.sub(rf'((?:w:styleId|w:val)=")({old})"', rf'\g<1>{new}"', body)
            parts[name] = body.encode()

    return changed(content, change)


def sound(prepared: Prepared, tmp_path: Path) -> None:
    """What the stationery gives is what ours gives: valid, nothing to say against its structure."""
    path = tmp_path / "trial.docx"
    for content in (prepared.trial, prepared.content):
        path.write_bytes(content)
        assert sdk_errors(path) == []
        docx.Document(io.BytesIO(content))
    assert list(outline(prepared.trial)) == outline(compile_restitution(specimen()).content)


def test_the_letter_of_a_public_body_gives_header_logo_footer_and_styles(tmp_path: Path) -> None:
    prepared = prepare(letter())

    sound(prepared, tmp_path)
    assert inspect(prepared.trial) == ()
    assert prepared.remarks == ()
    header, footer = part(prepared.trial, "word/header1.xml"), part(prepared.trial, "word/footer1.xml")
    assert "IREV, centre de ressources" in header
    assert "État" in header
    assert 'r:embed="' in header
    assert "www.irev.fr" in footer
    assert " NUMPAGES " in footer
    assert picture(300, 100) in parts_of(prepared.trial).values()
    assert "À dire 18" in prepared.made
    assert "Heading 1" not in prepared.made


def test_styles_are_found_by_name_whatever_the_language_of_word(tmp_path: Path) -> None:
    prepared = prepare(with_french_ids(letter()))

    sound(prepared, tmp_path)
    assert {"heading 1", "heading 2", "Title", "List Bullet", "header"}.isdisjoint(prepared.made)
    assert part(prepared.trial, STYLES).count('w:val="heading 1"') == 1


def test_a_template_without_lists_or_headings_gets_ours(tmp_path: Path) -> None:
    bare = docx.Document()
    for style in list(bare.styles):
        if style.name != "Normal" and style.type == 1:
            style.delete()
    out = io.BytesIO()
    bare.save(out)

    prepared = prepare(out.getvalue())

    sound(prepared, tmp_path)
    assert {role.name for role in ROLES} - {"Normal"} == set(prepared.made)


def test_a_dotx_is_taken_as_it_comes(tmp_path: Path) -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml."
    template = changed(letter(), swap(TYPES, f"{kind}document.main", f"{kind}template.main"))

    sound(prepare(template), tmp_path)


OPEN_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.text">
<office:styles><style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph"
 style:default-outline-level="1"><style:text-properties fo:color="#7a1f5c" fo:font-size="22pt"/></style:style>
</office:styles><office:automatic-styles><style:page-layout style:name="pm1"><style:page-layout-properties
 fo:page-width="21cm" fo:page-height="29.7cm" fo:margin-top="1.5cm" fo:margin-bottom="1.5cm"
 fo:margin-left="2cm" fo:margin-right="2cm"/><style:header-style><style:header-footer-properties
 fo:min-height="1cm" fo:margin-bottom="0.5cm"/></style:header-style><style:footer-style>
<style:header-footer-properties fo:min-height="1cm"/></style:footer-style></style:page-layout>
</office:automatic-styles><office:master-styles><style:master-page style:name="Standard"
 style:page-layout-name="pm1"><style:header><text:p>Centre de ressources</text:p></style:header><style:footer>
<text:p>Page <text:page-number>1</text:page-number></text:p></style:footer></style:master-page>
</office:master-styles><office:body><office:text><text:h text:style-name="Heading_20_1"
 text:outline-level="1">Titre</text:h><text:p>Texte</text:p><text:list><text:list-item><text:p>un</text:p>
</text:list-item></text:list></office:text></office:body></office:document>"""


def test_a_file_by_libreoffice_numbers_its_own_pages(tmp_path: Path) -> None:
    source = tmp_path / "modele.fodt"
    source.write_text(OPEN_DOCUMENT, "utf-8")

    prepared = prepare(converted(source, "docx").read_bytes())

    sound(prepared, tmp_path)
    assert "Centre de ressources" in part(prepared.trial, "word/header1.xml")
    assert part(prepared.trial, "word/footer1.xml").count(" PAGE ") == 1
    assert "7A1F5C" in part(prepared.trial, STYLES).upper()
    assert [remark.sentence for remark in prepared.remarks] == [
        "La police « Liberation Serif » (Normal) n’est pas sûre d’être sur chaque ordinateur, ou d’une "
        "lecture simple."
    ]


def test_a_section_without_a_header_of_its_own_goes_on_with_the_one_before() -> None:
    two = docx.Document(io.BytesIO(letter()))
    two.add_section()

    header = part(prepare(saved(two)).trial, "word/header1.xml")

    assert "IREV, centre de ressources" in header


def test_a_first_page_that_was_switched_off_is_off() -> None:
    off = docx.Document(io.BytesIO(letter()))
    off.sections[0].different_first_page_header_footer = True
    off.sections[0].first_page_header.paragraphs[0].text = "Seulement la première"
    on = prepare(saved(off))
    off.sections[0]._sectPr.find("{*}titlePg").set(
        "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}val", "0"
    )

    assert "Seulement la première" in part(on.trial, "word/header2.xml")
    assert "word/header2.xml" not in parts_of(prepare(saved(off)).trial)


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_tall_header_leaves_less_room_and_the_page_numbers_know_it() -> None:
    tall = docx.Document(io.BytesIO(letter()))
    for _ in range(8):
        tall.sections[0].header.add_paragraph("Une ligne d’en-tête")
    out = io.BytesIO()
    tall.save(out)

    low, high = prepare(letter()).content, prepare(out.getvalue()).content

    assert open_stationery(high).page.height < open_stationery(low).page.height - 80


@pytest.mark.parametrize("font", ["DejaVu Sans", "Courier New", "Verdana", "Arial"])
def test_no_word_of_the_running_order_breaks_in_a_wide_font(font: str, tmp_path: Path) -> None:
    wide = docx.Document(io.BytesIO(letter()))
    for style in wide.styles:
        if style.type == 1:
            style.font.name = font
    path = tmp_path / "large.docx"
    path.write_bytes(prepare(saved(wide)).trial)

    first = pages(converted(path))[0]

    assert re.search(r"Heure +Atelier +Qui parle +Durée\n", first), first
    assert len(re.findall(r"^ +16.h.3[05] .* 5.min$", first, re.MULTILINE)) == 2, first


FLOATING = (
    '<wp:anchor{names} distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="0" locked="0" layoutInCell="1"'
    ' allowOverlap="1"><wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="{across}"><wp:posOffset>{left}'
    '</wp:posOffset></wp:positionH><wp:positionV relativeFrom="{down}"><wp:posOffset>{top}</wp:posOffset>'
    "</wp:positionV>{extent}<wp:wrapNone/>{rest}</wp:anchor>"
)
EMU = 360_000
"""A centimetre in Word's finest unit."""


def floating(across: str, left: float, down: str, top: float, width: float, height: float) -> bytes:
    """A letter of which the logo floats, measured in centimetres."""

    def lift(parts: dict[str, bytes]) -> None:
        name = next(n for n in parts if n.startswith("word/header"))
        inline = re.search(
            r"<wp:inline(.*?)>(<wp:extent [^>]*/>)(.*)</wp:inline>", parts[name].decode(), re.DOTALL
        )
        extent = f'<wp:extent cx="{width * EMU:.0f}" cy="{height * EMU:.0f}"/>'
        size = f'<a:ext cx="{width * EMU:.0f}" cy="{height * EMU:.0f}"/>'
        anchor = FLOATING.format(
            across=across,
            left=round(left * EMU),
            down=down,
            top=round(top * EMU),
            extent=extent,
            rest=re.sub(r"<a:ext cx[^>]*/>", size, inline[3]),
            names="".join(re.findall(r' xmlns:\w+="[^"]+"', inline[1])),
        )
        parts[name] = parts[name].replace(inline[0].encode(), anchor.encode())

    return changed(letter(), lift)


@pytest.mark.parametrize(
    ("logo", "lowest"),
    [
        (("page", 4, "page", 1, 4, 3), 4),
        (("column", 0, "paragraph", 0, 4, 3), 4.2),
        (("page", 15, "page", 0.7, 4, 2.5), 3.2),
        (("margin", 0, "topMargin", 1, 4, 3), 4),
    ],
)
def test_the_header_line_stands_below_a_logo_that_floats(logo: tuple, lowest: float, tmp_path: Path) -> None:
    path = tmp_path / "logo.docx"
    path.write_bytes(prepare(floating(*logo)).trial)

    words = words_of_first_page(converted(path))

    assert words["État"] >= lowest
    assert words["Restitution"] > words["État"] + 0.5


@pytest.mark.parametrize(
    "logo",
    [("page", 0, "page", 0, 21, 29.7), ("page", 0, "page", 0, 1.5, 29), ("page", 4, "page", 26, 4, 2)],
)
def test_a_ground_a_strip_and_a_logo_at_the_foot_leave_the_header_line_where_it_is(logo: tuple) -> None:
    assert open_stationery(prepare(floating(*logo)).content).above_line == 0


def words_of_first_page(pdf: Path) -> dict[str, float]:
    """By word its top on the first page, in centimetres: the first time that it stands there."""
    run = subprocess.run(
        ["pdftotext", "-bbox", "-l", "1", str(pdf), "-"], capture_output=True, text=True, check=True
    )
    found: dict[str, float] = {}
    for top, word in re.findall(r'yMin="([\d.]+)"[^>]*>([^<]+)</word>', run.stdout):
        found.setdefault(word, float(top) / 72 * 2.54)
    return found


def test_what_would_be_better_is_told_by_style_with_what_to_do_in_word() -> None:
    poor = docx.Document(io.BytesIO(letter()))
    poor.styles["Normal"].font.size = Pt(10.5)
    poor.styles["Heading 1"].font.color.rgb = RGBColor(0xFF, 0xB0, 0xB0)
    poor.styles["Caption"].font.name = "Comic Sans MS"
    poor.styles["List Bullet"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    poor.sections[0].page_width = Cm(20)
    out = io.BytesIO()
    poor.save(out)

    remarks = prepare(out.getvalue()).remarks

    assert [remark.sentence for remark in remarks] == [
        "La couleur du style « Titre 1 » se lit mal : un contraste de 1,7 pour 1, 4,5 au moins.",
        "Le style « Liste à puces » n’est pas aligné à gauche : les espaces inégaux gênent la lecture.",
        "Le style « Normal » est en 10,5 points : 12 au moins.",
        "La police « Comic Sans MS » (Légende) n’est pas sûre d’être sur chaque ordinateur, ou d’une "
        "lecture simple.",
        "La page n’est pas au format A4 (11339 × 16838).",
    ]
    assert all("Dans Word" in remark.remedy for remark in remarks)


def test_the_shapes_read_from_our_own_file_are_those_that_it_was_built_with() -> None:
    read = built_in("restitution").shapes

    for role in ROLES:
        found, built = read[role.name.lower()], role.shape
        assert (found.size, found.bold, found.keep_next) == (built.size, built.bold, built.keep_next)
        assert found.leading == pytest.approx(built.leading, abs=0.003)
        assert (found.before, found.after, found.left, found.hanging) == pytest.approx(
            (built.before, built.after, built.left, built.hanging)
        )


# --- hostile and odd files -------------------------------------------------------------------

RELATION = '<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"{mode}/></Relationships>'  # fmt: skip
OUTSIDE = ' TargetMode="External"'


def relation(kind: str, target: str, mode: str = OUTSIDE, part: str = RELS) -> Change:
    return swap(part, "</Relationships>", RELATION.format(kind=kind, target=target, mode=mode))


def add(name: str, content: bytes) -> Change:
    return lambda parts: parts.update({name: content})


def in_header(xml: str) -> Change:
    def change(parts: dict[str, bytes]) -> None:
        name = next(n for n in parts if n.startswith("word/header"))
        parts[name] = parts[name].replace(b"</w:hdr>", f"<w:p>{xml}</w:p></w:hdr>".encode())

    return change


def field(code: str) -> str:
    return f'<w:fldSimple w:instr="{code}"><w:r><w:t>x</w:t></w:r></w:fldSimple>'


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "n’est pas un fichier Word"),
    "text": (lambda: b"Bonjour", "n’est pas un fichier Word"),
    "pdf": (lambda: b"%PDF-1.7\n", "est un PDF"),
    "rtf": (lambda: b"{\\rtf1 x}", "est un fichier RTF"),
    "old doc": (lambda: OLE, "ancien format de Word (.doc)"),
    "password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
    "encrypted zip": (encrypted_zip, "mot de passe"),
    "truncated": (lambda: letter()[:9000], "abîmé ou incomplet"),
    "end cut off": (lambda: letter()[:-30], "abîmé ou incomplet"),
    "xxe in the styles": (lambda: changed(letter(), add(STYLES, XXE)), "qu’aucun Word n’écrit"),
    "xxe in utf-16": (
        lambda: changed(letter(), add(STYLES, XXE[21:].decode().encode("utf-16"))),
        "qu’aucun Word n’écrit",
    ),
    "a billion laughs": (
        lambda: changed(letter(), add("word/document.xml", LAUGHS)),
        "qu’aucun Word n’écrit",
    ),  # fmt: skip
    "macros": (lambda: changed(letter(), add("word/vbaProject.bin", b"x")), "macros"),
    "docm": (
        lambda: changed(
            letter(),
            swap(
                TYPES,
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                "application/vnd.ms-word.document.macroEnabled.main+xml",
            ),
        ),
        "macros",
    ),
    "attached template": (
        lambda: changed(letter(), relation("attachedTemplate", "https://example.org/t.dotm")),
        "attaché à un autre modèle",
    ),
    "linked picture": (
        lambda: changed(letter(), relation("image", "https://example.org/i.png")),
        "va chercher une image",
    ),
    "linked object": (
        lambda: changed(letter(), relation("oleObject", "file:///c:/x.xls")),
        "va chercher une image",
    ),  # fmt: skip
    "field that includes a file": (
        lambda: changed(letter(), in_header(field("INCLUDETEXT c:/secret.txt"))),
        "champ « INCLUDETEXT »",
    ),
    "field that starts a program": (
        lambda: changed(letter(), in_header(field("DDEAUTO cmd"))),
        "champ « DDEAUTO »",
    ),
    "a forbidden field around another": (
        lambda: changed(
            letter(),
            in_header(
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> INCLUDETEXT </w:instrText></w:r>'
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TITLE </w:instrText></w:r>'
                '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
            ),
        ),
        "champ « INCLUDETEXT »",
    ),
    "huge picture": (lambda: letter(picture(30_000, 30_000)), "millions de points"),
    "heavy picture": (lambda: letter(picture(10, 10) + bytes(2_500_000)), "pèse"),
    "heavy file": (lambda: letter() + bytes(16_000_000), "15 Mo au plus"),
    "zip bomb": (bomb, "démesuré"),
    "workbook": (workbook, "n’est pas un document Word"),
    "opendocument": (
        lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.text"}),
        "OpenDocument",
    ),
    "strict": (
        lambda: changed(
            letter(),
            swap(
                "word/document.xml",
                "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                "http://purl.oclc.org/ooxml/wordprocessingml/main",
            ),
        ),
        "Strict",
    ),
    "styles that are no xml": (lambda: changed(letter(), add(STYLES, b"<w:styles")), "abîmé"),
    "no room for text": (
        lambda: changed(letter(), swap("word/document.xml", 'w:left="', 'w:left="7')),
        "trop peu de place",
    ),
    "only the word PK": (lambda: b"PK\x03\x04", "abîmé ou incomplet"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_cannot_serve_is_refused_with_what_to_do(name: str) -> None:
    make, sentence = HOSTILE[name]

    with pytest.raises(Unfit) as refused:
        prepare(make())

    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")


ODD: dict[str, Callable[[], bytes]] = {
    "comments of a program": lambda: changed(
        letter(),
        swap(STYLES, "<w:pPr>", "<w:pPr><!--c-->"),
        swap("word/document.xml", "<w:pgSz", "<!--c--><w:pgSz"),
    ),
    "styles without a kind": lambda: changed(
        letter(), lambda parts: parts.update({STYLES: parts[STYLES].replace(b' w:type="paragraph"', b"")})
    ),
    "an id twice, and a circle": lambda: changed(
        letter(),
        swap(
            STYLES,
            "</w:styles>",
            '<w:style w:type="paragraph" w:styleId="X"><w:name w:val="x"/><w:basedOn w:val="Y"/></w:style>'
            '<w:style w:type="paragraph" w:styleId="Y"><w:name w:val="y"/><w:basedOn w:val="X"/></w:style>'
            '<w:style w:type="paragraph" w:styleId="X"><w:name w:val="z"/></w:style></w:styles>',
        ),
    ),
    "a size in points": lambda: changed(letter(), swap(STYLES, '<w:sz w:val="24"/>', '<w:sz w:val="12pt"/>')),
    "a page as large as a house": lambda: changed(
        letter(), swap("word/document.xml", 'w:w="11906"', 'w:w="99999"')
    ),
    "a kind of header that does not exist": lambda: changed(
        letter(),
        swap(
            "word/document.xml",
            "<w:headerReference",
            '<w:headerReference w:type="odd" r:id="rId1"/><w:headerReference',
        ),
    ),
    "styles based on each other": lambda: changed(
        letter(), swap(STYLES, '<w:basedOn w:val="Normal"/>', '<w:basedOn w:val="Heading1"/>')
    ),
    "a style twice": lambda: changed(
        letter(),
        swap(
            STYLES,
            "</w:styles>",
            '<w:style w:type="paragraph" w:styleId="H1b"><w:name w:val="heading 1"/></w:style></w:styles>',
        ),
    ),
    "our id for another style": lambda: changed(
        letter(),
        swap(
            STYLES,
            "</w:styles>",
            '<w:style w:type="paragraph" w:styleId="MessageCle"><w:name w:val="Autre chose"/></w:style></w:styles>',
        ),
    ),
    "our name for another kind of style": lambda: changed(
        letter(),
        swap(
            STYLES,
            "</w:styles>",
            '<w:style w:type="character" w:styleId="mc"><w:name w:val="Message clé"/></w:style></w:styles>',
        ),
    ),
    "no styles at all": lambda: changed(
        letter(), lambda parts: parts.pop(STYLES) and None, swap(RELS, "/styles", "/gone")
    ),
    "numbers that are no numbers": lambda: changed(
        letter(), swap("word/document.xml", 'w:w="11906"', 'w:w="large"')
    ),  # fmt: skip
    "a content control and a correction in the header": lambda: changed(
        letter(),
        in_header(
            "<w:sdt><w:sdtContent><w:r><w:t>Service</w:t></w:r></w:sdtContent></w:sdt>"
            '<w:ins w:id="1" w:author="A"><w:r><w:t>ajouté</w:t></w:r></w:ins>'
            '<w:del w:id="2" w:author="A"><w:r><w:delText>supprimé</w:delText></w:r></w:del>'
        ),
    ),
    "other languages": lambda: changed(
        letter(),
        swap(STYLES, "</w:rPrDefault>", "</w:rPrDefault>"),
        in_header('<w:r><w:rPr><w:lang w:val="en-US"/></w:rPr><w:t>x</w:t></w:r>'),  # fmt: skip
    ),
    "a style's parts in another order": lambda: styled(
        '<w:rPr><w:b/></w:rPr><w:pPr><w:keepNext/></w:pPr><w:qFormat/><w:uiPriority w:val="9"/>'
        '<w:basedOn w:val="Normal"/>'
    ),
    "characters in another order": lambda: styled(
        '<w:rPr><w:sz w:val="28"/><w:color w:val="202040"/><w:b/><w:rFonts w:ascii="Arial"/></w:rPr>'
    ),
    "a property twice": lambda: styled('<w:rPr><w:b/><w:b/><w:sz w:val="24"/><w:sz w:val="28"/></w:rPr>'),
    "negative spaces": lambda: styled(
        '<w:pPr><w:spacing w:before="-120" w:after="-60"/><w:ind w:left="-20" w:hanging="-100"/></w:pPr>'
    ),
    "a header in another order": lambda: changed(
        letter(),
        in_header(
            '<w:pPr><w:jc w:val="left"/><w:pStyle w:val="Header"/><w:spacing w:before="-20"/></w:pPr>'
            '<w:r><w:rPr><w:sz w:val="24"/><w:b/></w:rPr><w:t>x</w:t></w:r>'
        ),
    ),
    "a table of the header in another order": lambda: changed(letter(), table_in_header),
    "shapes copied with their ids": lambda: changed(letter(), in_header(SHAPE), in_header(SHAPE)),
    "pictures copied with their ids, on both kinds of first page": lambda: pictures_copied(),
}

SHAPE = (
    '<w:r><w:pict><v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" id="_x0000_t75" coordsize="21600,21600"'
    ' path="m0,0l21600,21600e"/><v:shape xmlns:v="urn:schemas-microsoft-com:vml" id="_x0000_s1025"'
    ' type="#_x0000_t75" style="width:40pt;height:40pt" alt="Logo"/></w:pict></w:r>'
)


def styled(properties: str) -> bytes:
    style = '<w:style w:type="paragraph" w:customStyle="1" w:styleId="Fautif"><w:name w:val="Fautif"/>'
    return changed(letter(), swap(STYLES, "</w:styles>", f"{style}{properties}</w:style></w:styles>"))


def table_in_header(parts: dict[str, bytes]) -> None:
    name = next(n for n in parts if n.startswith("word/header"))
    table = (
        '<w:tbl><w:tblPr><w:tblLook w:val="04A0"/><w:tblW w:w="5000" w:type="dxa"/></w:tblPr><w:tblGrid>'
        '<w:gridCol w:w="5000"/></w:tblGrid><w:tr><w:tc><w:tcPr><w:vAlign w:val="top"/><w:tcW w:w="5000"'
        ' w:type="dxa"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/></w:hdr>'
    )
    parts[name] = parts[name].replace(b"</w:hdr>", table.encode())


def pictures_copied() -> bytes:
    """The logo twice in the header of the first page, and twice in that of the others."""
    document = docx.Document(io.BytesIO(letter()))
    section = document.sections[0]
    section.different_first_page_header_footer = True
    first = section.first_page_header.paragraphs[0].add_run()
    first.add_picture(io.BytesIO(picture(300, 100)), width=Cm(4))._inline.docPr.set("descr", "Logo")
    for header in (section.header, section.first_page_header):
        element = next(run._r for run in header.paragraphs[0].runs if run._r.findall(".//{*}drawing"))
        element.addnext(copy.deepcopy(element))
    return saved(document)


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_mended_and_serves(name: str, tmp_path: Path) -> None:
    prepared = prepare(ODD[name]())

    sound(prepared, tmp_path)
    assert [f for f in inspect(prepared.trial) if f.rule in ("style", "numbering", "language", "link")] == []
    assert "supprimé" not in part(prepared.trial, "word/header1.xml")


# --- the organiser's page --------------------------------------------------------------------


def send(desk: Person, room: Room, content: bytes, name: str = "modele IREV.docx") -> str:
    page = f"/{room.event.name}/organisation/modele"
    desk.get(page)
    return desk.post(page, file=(io.BytesIO(content), name))


def test_the_organiser_sends_tries_chooses_and_goes_back(emergence: Room, desk: Person) -> None:
    emergence.note("Ouvrir le soir", "recommandations")
    latest_document.compile_now(emergence.event)
    page = send(desk, emergence, letter())

    assert "Ce fichier peut servir de modèle. Il n’est pas encore en service." in page
    assert "IREV, centre" not in part(
        latest_document.compile_now(emergence.event).content, "word/header1.xml"
    )
    key = re.search(r'name="stationery" value="(\w{64})"', page)[1]
    trial = desk.client.get(f"/{emergence.event.name}/organisation/modele/{key}/essai.docx").data
    assert "Document d’essai" in text(trial)

    choice = f"/{emergence.event.name}/organisation/modele/choice"
    assert "Le modèle est en service" in desk.post(choice, stationery=key)
    printed = latest_document.compile_now(emergence.event)
    assert "IREV, centre" in part(printed.content, "word/header1.xml")
    assert "Ouvrir le soir ÉME\u20111" in text(printed.content)
    assert printed.warnings == ()

    built_in_again = f"/{emergence.event.name}/organisation/modele/origine"
    assert "Le modèle d’origine est en service" in desk.post(built_in_again)
    assert desk.status == 200
    assert "IREV, centre" not in part(
        latest_document.compile_now(emergence.event).content, "word/header1.xml"
    )


def test_a_refused_file_leaves_the_last_good_one_in_force(emergence: Room, desk: Person) -> None:
    page = send(desk, emergence, letter())
    key = re.search(r'name="stationery" value="(\w{64})"', page)[1]
    desk.post(f"/{emergence.event.name}/organisation/modele/choice", stationery=key)

    page = send(desk, emergence, letter()[:5000], "abime.docx")

    assert desk.status == 422
    assert "« abime.docx » n’a pas été pris." in page
    assert "Le modèle en service reste le même." in page
    assert "IREV, centre" in part(latest_document.compile_now(emergence.event).content, "word/header1.xml")


def test_a_chosen_file_that_is_lost_gives_way_to_the_built_in_and_says_so(
    emergence: Room, desk: Person, app
) -> None:
    page = send(desk, emergence, letter())
    key = re.search(r'name="stationery" value="(\w{64})"', page)[1]
    desk.post(f"/{emergence.event.name}/organisation/modele/choice", stationery=key)
    (app.config["DATA"] / "modeles" / f"{key}.docx").unlink()

    printed = latest_document.compile_now(emergence.event)

    assert outline(printed.content)[0] == (1, "L’essentiel")
    assert "le modèle d’origine est employé" in desk.get(f"/{emergence.event.name}/restitution")


def test_nothing_sent_is_said_in_a_sentence(emergence: Room, desk: Person) -> None:
    page = f"/{emergence.event.name}/organisation/modele"
    desk.get(page)

    assert "Choisissez d’abord un fichier Word" in desk.post(page)
    assert desk.status == 422


def test_stationery_that_an_older_version_prepared_gets_the_styles_that_are_new(tmp_path: Path) -> None:
    prepared = prepare(letter()).content
    older = parts_of(prepared)
    new = r'<w:style [^>]*w:styleId="(?:EssentielMessage\d+|EssentielPuce\d+|EssentielPied|ADireEnsuite)".*?</w:style>'
    styles, removed = re.subn(new, "", older["word/styles.xml"].decode())
    older["word/styles.xml"] = styles.encode()
    assert removed == 8

    document = compile_restitution(specimen(), stationery=open_stationery(packed(older))).content

    assert inspect(document) == ()
    path = tmp_path / "older.docx"
    path.write_bytes(document)
    assert sdk_errors(path) == []
