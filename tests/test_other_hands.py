"""A room fell back to Word, LibreOffice, a notepad or Excel: its file is read all the same."""

import csv
import html
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from conftest import Person, Room, code_of
from material import Material
from office import converted
from readback import outline, sdk_errors
from word_files import LAUGHS, OLE, XXE, bomb, encrypted_zip, packed, parts_of, workbook

from contrib.digest import take
from contrib.installation import set_up_day
from contrib.intake.document_file import read_lines
from contrib.intake.limits import UnreadableFile
from contrib.intake.sorting import ASIDE, chosen_rows, sort_lines
from contrib.programme import toml_file
from contrib.store.db import db
from contrib.store.models import Event, Note, Workshop
from exports.documents.trame import DOTS, compile_trame
from exports.ooxml.inspection import inspect
from exports.text import typeset

WANTED = ["Ouvrir le soir", "Un café mobile", "Prêter des salles"]
"""What each of the files says, whoever made it: two recommendations and an experience."""


def by_word() -> bytes:
    """As somebody types it in Word: headings and a list."""
    document = docx.Document()
    document.add_heading("Recommandations", 1)
    document.add_paragraph("Ouvrir le soir", style="List Bullet")
    document.add_paragraph("Prêter des salles", style="List Bullet")
    document.add_heading("Expériences fertiles :", 2)
    document.add_paragraph("Un café mobile")
    return saved(document)


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_body(xml: str) -> bytes:
    def change(parts: dict[str, bytes]) -> dict[str, bytes]:
        body = parts["word/document.xml"].decode()
        before, after = body.split("<w:body>", 1)
        parts["word/document.xml"] = (before + "<w:body>" + xml + after).encode()
        return parts

    return packed(change(parts_of(saved(docx.Document()))))


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


HEADING = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'


def in_a_table() -> bytes:
    document = docx.Document()
    table = document.add_table(rows=0, cols=1)
    for text in (
        "Recommandations",
        "Ouvrir le soir",
        "Prêter des salles",
        "Expériences fertiles",
        "Un café mobile",
    ):
        table.add_row().cells[0].text = text
    return saved(document)


def in_bold_without_headings() -> bytes:
    document = docx.Document()
    for text, bold in (("RECOMMANDATIONS", True), ("1. Ouvrir le soir", False), ("2) Prêter des salles", False),
                       ("Expériences fertiles", True), ("• Un café mobile", False)):  # fmt: skip
        document.add_paragraph().add_run(text).bold = bold
    return saved(document)


def with_corrections() -> bytes:
    return with_body(
        p("Recommandations", HEADING)
        + '<w:p><w:r><w:t>Ouvrir le </w:t></w:r><w:del w:id="1" w:author="A"><w:r><w:delText>matin</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="A"><w:r><w:t>soir</w:t></w:r></w:ins></w:p>'
        + p("Prêter des salles")
        + p("Expériences fertiles", HEADING)
        + p("Un café mobile")
    )


def in_controls_and_runs() -> bytes:
    return with_body(
        f"<w:sdt><w:sdtContent>{p('Recommandations', HEADING)}"
        '<w:p><w:r><w:t>Ouv</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:t xml:space="preserve">rir le soir</w:t></w:r></w:p>'
        "</w:sdtContent></w:sdt>"
        + '<w:p><w:hyperlink w:anchor="x"><w:r><w:t>Prêter des salles</w:t></w:r></w:hyperlink></w:p>'
        + p("Expériences fertiles", HEADING)
        + p("Un café mobile")
    )


def in_a_text_box() -> bytes:
    box = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:txbxContent>{p("Un café mobile")}</w:txbxContent></mc:Choice>'
        f"<mc:Fallback><w:txbxContent>{p('Un café mobile')}</w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    return with_body(
        p("Recommandations", HEADING) + p("Ouvrir le soir") + p("Prêter des salles") + p("Expériences fertiles", HEADING) + box
    )  # fmt: skip


def french_word() -> bytes:
    parts = parts_of(by_word())
    for name in ("word/document.xml", "word/styles.xml"):
        parts[name] = parts[name].replace(b'"Heading1"', b'"Titre1"').replace(b'"Heading2"', b'"Titre2"')
    return packed(parts)


def strict_word() -> bytes:
    parts = parts_of(by_word())
    old = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    for name in ("word/document.xml", "word/styles.xml"):
        parts[name] = parts[name].replace(old, b"http://purl.oclc.org/ooxml/wordprocessingml/main")
    return packed(parts)


def renamed_main_part() -> bytes:
    parts = parts_of(by_word())
    parts["word/document2.xml"] = parts.pop("word/document.xml")
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"/word/document.xml", b"/word/document2.xml")  # fmt: skip
    return packed(parts)


TYPED = "Recommandations :\n- Ouvrir le soir\n- Prêter des salles\n\nExpériences fertiles\n* Un café mobile\n"
MARKED = "# Recommandations\n\n1. Ouvrir le soir\n2. Prêter des salles\n\n## Expériences fertiles\n\nUn café mobile\n"
ROWS = [["Rubrique", "Texte"], ["Recommandations", "Ouvrir le soir"], ["recommandation", "Prêter des salles"], ["Expériences fertiles", "Un café mobile"]]  # fmt: skip


def table(delimiter: str, encoding: str, *, header: bool = True, quoted: bool = False) -> bytes:
    out = io.StringIO()
    style = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, quoting=style).writerows(ROWS if header else ROWS[1:])
    return out.getvalue().encode(encoding)


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "Word, headings and bullets": ("notes.docx", by_word),
    "Word, everything in a table": ("notes.docx", in_a_table),
    "Word, bold instead of headings, typed numbers": ("notes.docx", in_bold_without_headings),
    "Word, with corrections not yet accepted": ("notes.docx", with_corrections),
    "Word, content controls, split runs, links": ("notes.docx", in_controls_and_runs),
    "Word, a text box and its hidden twin": ("notes.docx", in_a_text_box),
    "Word in French": ("notes.docx", french_word),
    "Word, Strict Open XML": ("notes.docx", strict_word),
    "Word 365, another main part": ("notes.docx", renamed_main_part),
    "notepad, UTF-8": ("notes.txt", lambda: TYPED.encode()),
    "notepad, UTF-8 with BOM": ("notes.txt", lambda: TYPED.encode("utf-8-sig")),
    "old notepad, Windows-1252 and CRLF": ("notes.txt", lambda: TYPED.replace("\n", "\r\n").encode("cp1252")),
    "notepad, « Unicode » (UTF-16)": ("notes.txt", lambda: TYPED.encode("utf-16")),
    "Mac, only CR": ("notes.txt", lambda: TYPED.replace("\n", "\r").encode()),
    "a pad's Markdown": ("notes.md", lambda: MARKED.encode()),
    "Excel, CSV UTF-8, semicolons": ("notes.csv", lambda: table(";", "utf-8-sig")),
    "Excel, CSV (séparateur : point-virgule), Windows": ("notes.csv", lambda: table(";", "cp1252")),
    "Excel, Texte Unicode, tabs": ("notes.csv", lambda: table("\t", "utf-16")),
    "a CSV with commas, all quoted": ("notes.csv", lambda: table(",", "utf-8", quoted=True)),
    "a CSV with sep=": ("notes.csv", lambda: b"sep=;\r\n" + table(";", "cp1252")),
}
FILES |= {
    "Word, comments of a program in the XML": (
        "notes.docx",
        lambda: with_body(
            p("Recommandations", HEADING) + "<w:p><w:r><w:t>Ouvrir <!--x-->le soir</w:t></w:r></w:p>" + p("Prêter des salles")
            + p("Expériences fertiles", HEADING) + p("Un café mobile")
        ),
    ),
    "Word, hidden text, a symbol, a body text's level": (
        "notes.docx",
        lambda: with_body(
            p("Recommandations", HEADING)
            + '<w:p><w:r><w:t>Ouvrir</w:t></w:r><w:r><w:sym w:font="Symbol" w:char="F0AE"/></w:r><w:r><w:t>le soir</w:t></w:r></w:p>'
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Caché</w:t></w:r></w:p>"
            + p("Prêter des salles", '<w:pPr><w:outlineLvl w:val="9"/></w:pPr>')
            + p("Expériences fertiles", HEADING) + p("Un café mobile")
        ),
    ),
    "UTF-16 without BOM": ("notes.txt", lambda: TYPED.encode("utf-16-le")),
    "UTF-16 without BOM, big end first": ("notes.txt", lambda: TYPED.encode("utf-16-be")),
    "a CSV that begins with empty lines": ("notes.csv", lambda: b"\r\n\r\n" + table(";", "utf-8")),
    "a CSV that says its separator": ("notes.csv", lambda: b"sep=|\r\n" + table("|", "utf-8")),
}  # fmt: skip


def test_a_table_without_a_header_loses_no_cell() -> None:
    lines = read_lines("notes.csv", "Bonjour, ça va\nla ville, la rue".encode())

    assert [line.text for line in lines] == ["Bonjour, ça va", "la ville, la rue"]


BY_LIBREOFFICE = ("docx", "odt", "txt:Text (encoded):UTF8", "docx:MS Word 2007 XML", "odt:writer8")


def sorted_texts(workshop: Workshop, name: str, content: bytes) -> list[tuple[str, str]]:
    """Text and rubric of what would be taken."""
    labels = {rubric.id: rubric.name for rubric in workshop.rubrics} | {"": "a-classer"}
    candidates = sort_lines(db.session(), workshop, read_lines(name, content))
    return [(one.text, labels[one.choice]) for one in candidates if one.choice != ASIDE]


RIGHT = sorted([("Ouvrir le soir", "recommandations"), ("Prêter des salles", "recommandations"), ("Un café mobile", "experiences")])  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_file_by_another_hand_is_read_and_sorts_itself(kind: str, emergence: Room) -> None:
    name, make = FILES[kind]

    assert sorted(sorted_texts(emergence.workshop, name, make())) == RIGHT


@pytest.mark.parametrize("to", BY_LIBREOFFICE)
def test_a_file_that_libreoffice_saved_is_read_and_sorts_itself(
    to: str, emergence: Room, tmp_path: Path
) -> None:
    source = tmp_path / "source.docx"
    source.write_bytes(by_word())
    made = converted(source, to)

    assert sorted(sorted_texts(emergence.workshop, made.name, made.read_bytes())) == RIGHT


REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "old Word": ("notes.doc", lambda: OLE, "« Document Word (.docx) »"),
    "PDF": ("notes.pdf", lambda: b"%PDF-1.7", "Ce fichier est un PDF"),
    "Excel": ("notes.xlsx", workbook, "« CSV UTF-8 »"),
    "old Excel": ("notes.xls", lambda: OLE, "« CSV UTF-8 »"),
    "RTF": ("notes.rtf", lambda: b"{\\rtf1}", "RTF"),
    "password": ("notes.docx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
    "encrypted zip": ("notes.docx", encrypted_zip, "mot de passe"),
    "truncated": ("notes.docx", lambda: by_word()[:8000], "abîmé ou incomplet"),
    "XXE": ("notes.docx", lambda: packed({**parts_of(by_word()), "word/document.xml": XXE}), "qu’aucun Word"),
    "laughs": (
        "notes.docx",
        lambda: packed({**parts_of(by_word()), "word/styles.xml": LAUGHS}),
        "qu’aucun Word",
    ),  # fmt: skip
    "XXE in an odt": (
        "notes.odt",
        lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": XXE}),
        "qu’aucun Word",
    ),
    "locked odt": (
        "notes.odt",
        lambda: packed(
            {
                "mimetype": b"application/vnd.oasis.opendocument.text",
                "META-INF/manifest.xml": b"<manifest:encryption-data/>",
                "content.xml": b"\0\1\2",
            }
        ),
        "mot de passe",
    ),
    "zip bomb": ("notes.docx", bomb, "démesuré"),
    "macros": ("notes.docm", lambda: packed({**parts_of(by_word()), "word/vbaProject.bin": b"x"}), "macros"),
    "a picture": ("notes.png", lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(50), "n’est pas du texte"),
    "nothing": ("notes.txt", lambda: b" \n\n", "aucun texte"),
    "an open quotation mark": (
        "notes.csv",
        lambda: b'texte;rubrique\n"jamais ferm\xc3\xa9;x\n' + b"y" * 200_000,
        "CSV lisible",
    ),  # fmt: skip
    "a quotation mark that swallows lines": (
        "notes.csv",
        lambda: b'texte,rubrique\n"ouvert,R\nb,R\n',
        "CSV lisible",
    ),
    "a cell too many": ("notes.csv", lambda: b"texte,rubrique\na, b,R\n", "plus de cases"),
    "a table of all workshops": (
        "notes.csv",
        lambda: b"atelier,rubrique,texte\nx,y,z",
        "colonne « atelier »",
    ),
    "a web page": ("notes.txt", lambda: b"<!DOCTYPE html><p>a</p>", "page web"),
    "a novel": ("notes.txt", lambda: b"une ligne\n" * 3000, "plus de 2\u202f000 lignes"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_that_cannot_be_read_says_what_to_save_it_as(kind: str, emergence: Room) -> None:
    name, make, sentence = REFUSED[kind]

    with pytest.raises(UnreadableFile) as refused:
        read_lines(name, make())

    assert sentence in str(refused.value)


# --- the trame -------------------------------------------------------------------------------


def trame_of(event: Event, name: str) -> bytes:
    return compile_trame(take(db.session(), event), name).content


def test_the_trame_has_the_rubrics_as_headings_and_is_as_good_as_our_other_documents(
    emergence: Room, tmp_path: Path
) -> None:
    content = trame_of(emergence.event, "emergence")
    (tmp_path / "trame.docx").write_bytes(content)

    assert outline(content) == [
        (1, rubric.label) for rubric in emergence.workshop.rubrics
    ] + [(1, "À classer")]  # fmt: skip
    assert sdk_errors(tmp_path / "trame.docx") == []
    assert [fault.rule for fault in inspect(content)] == []


def test_an_empty_trame_gives_no_note(emergence: Room) -> None:
    assert sorted_texts(emergence.workshop, "trame.docx", trame_of(emergence.event, "emergence")) == []


def typed_into(trame: bytes, texts: dict[str, list[str]]) -> bytes:
    """Each text over the dots of its rubric, as people type."""
    document = docx.Document(io.BytesIO(trame))
    texts = {typeset(label): lines for label, lines in texts.items()}
    heading = ""
    for paragraph in list(document.paragraphs):
        if paragraph.style.name.startswith("Heading"):
            heading = paragraph.text
        elif paragraph.text == DOTS and texts.get(heading):
            lines = texts.pop(heading)
            paragraph.runs[0].text = lines[0]
            for line in reversed(lines[1:]):
                copied = docx.oxml.parse_xml(paragraph._p.xml)
                paragraph._p.addnext(copied)
                docx.text.paragraph.Paragraph(copied, paragraph._parent).runs[0].text = line
    assert texts == {}
    return saved(document)


@pytest.mark.parametrize("to", ["docx", "odt"])
def test_the_texts_of_a_whole_day_typed_into_trames_and_saved_by_libreoffice_come_back_sorted(
    to: str, app, material: Material, tmp_path: Path
) -> None:
    event = set_up_day(toml_file.read(material.day.programme))
    # a note of several lines is typed as several: it cannot come back as one
    rows = [row for row in material.day.rows() if row["rubrique"] and "\n" not in row["texte"]]
    assert len(rows) > 100
    wanted, found = [], []
    for workshop in event.workshops:
        labels = {rubric.name: rubric.label for rubric in workshop.rubrics}
        texts: dict[str, list[str]] = {}
        for row in rows:
            if row["atelier"] == workshop.name:
                rubric = next(
                    rubric
                    for key in ("name", "label", "nature")
                    for rubric in workshop.rubrics
                    if getattr(rubric, key) == row["rubrique"]
                )
                texts.setdefault(labels[rubric.name], []).append(row["texte"])
                wanted.append((flat(row["texte"]), rubric.name))
        source = tmp_path / f"{workshop.name}.docx"
        source.write_bytes(typed_into(trame_of(event, workshop.name), texts))
        made = converted(source, f"{to}:MS Word 2007 XML" if to == "docx" else to)
        found += [
            (flat(text), rubric) for text, rubric in sorted_texts(workshop, made.name, made.read_bytes())
        ]

    assert sorted(found) == sorted(wanted)


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


# --- the page --------------------------------------------------------------------------------


@pytest.fixture
def facilitator(app, emergence: Room) -> Person:

    person = Person(app)
    person.enter(code_of(app, emergence.event, "emergence"))
    return person


def fields(page: str) -> dict[str, list[str]]:

    lines = [html.unescape(t) for t in re.findall(r'name="line" value="([^"]*)"', page)]
    selects = re.findall(r'<select name="choice".*?</select>', page, re.S)
    choices = [re.search(r'value="([^"]*)" selected', select)[1] for select in selects]
    return {"line": lines, "choice": choices}


def test_a_file_is_shown_then_taken_and_the_second_time_it_says_so(
    facilitator: Person, emergence: Room
) -> None:
    address = f"{emergence.path}/importer"
    facilitator.get(address)

    page = facilitator.post(address, file=(io.BytesIO(by_word()), "notes.docx")).replace("\u00a0", " ")

    assert "5 lignes lues : 3 notes, 2 laissées de côté" in page
    assert db.session.query(Note).count() == 0, "nothing is written before somebody says so"
    sent = fields(page)
    assert sorted(sent["line"]) == sorted([*WANTED, "Recommandations", "Expériences fertiles :"])
    page = facilitator.post(f"{address}/notes", **sent).replace("\u00a0", " ")
    assert "5 lignes lues : 3 notes ajoutées, 2 laissées de côté." in page
    assert "Prêter des salles" in page

    facilitator.get(address)
    page = facilitator.post(address, file=(io.BytesIO(by_word()), "notes.docx"))
    assert "Ce fichier a déjà été lu" in page
    facilitator.post(f"{address}/notes", **fields(page))
    assert db.session.query(Note).count() == 3


def test_what_was_left_aside_can_be_taken_and_what_was_sorted_left_aside(
    facilitator: Person, emergence: Room
) -> None:
    address = f"{emergence.path}/importer"
    facilitator.get(address)
    sent = fields(facilitator.post(address, file=(io.BytesIO(by_word()), "notes.docx")))
    sent["choice"] = [ASIDE if line == "Ouvrir le soir" else "" for line in sent["line"]]

    facilitator.post(f"{address}/notes", **sent)

    with_texts = sorted(n.text for w in take(db.session(), emergence.event).workshops for n in w.unsorted)
    assert with_texts == ["Expériences fertiles :", "Prêter des salles", "Recommandations", "Un café mobile"]


def test_a_list_is_pasted_without_javascript(facilitator: Person, emergence: Room) -> None:
    address = f"{emergence.path}/importer"
    facilitator.get(address)

    page = facilitator.post(address, text="- Une idée\n- Une autre\n\n1. Une troisième")
    assert "Coller une liste dans" in page
    assert "fichier" not in page
    facilitator.post(f"{address}/notes", **fields(page))

    notes = [n.text for w in take(db.session(), emergence.event).workshops for n in w.unsorted]
    assert sorted(notes) == ["Une autre", "Une idée", "Une troisième"]


def test_an_unreadable_file_leaves_the_pasted_list_in_its_box(facilitator: Person, emergence: Room) -> None:
    facilitator.get(f"{emergence.path}/importer")

    page = facilitator.post(f"{emergence.path}/importer", file=(io.BytesIO(b"%PDF"), "a.pdf"), text="Gardé")

    assert facilitator.status == 422
    assert "Ce fichier est un PDF" in page
    assert "Gardé</textarea>" in page


def test_the_same_line_twice_in_a_file_is_two_notes(emergence: Room) -> None:
    rows = chosen_rows(emergence.workshop, [("Oui", ""), ("Oui", ""), ("  Oui ", "")])

    assert len({row["id"] for row in rows}) == 3


def test_a_facilitator_of_another_workshop_cannot_import_here(app, emergence: Room) -> None:

    stranger = Person(app)
    stranger.enter(code_of(app, emergence.event, "numerique"))

    stranger.get(f"{emergence.path}/importer")

    assert "code" in stranger.page.lower()
    assert "Importer un fichier dans" not in stranger.page


def test_the_organiser_types_and_imports_in_a_workshop_s_name(app, emergence: Room) -> None:
    organiser = Person(app)
    organiser.organise()
    organiser.get(f"{emergence.path}/importer")

    page = organiser.post(f"{emergence.path}/importer", text="Lue au téléphone")
    organiser.post(f"{emergence.path}/importer/notes", **fields(page))
    organiser.get(emergence.path)
    organiser.post(f"{emergence.path}/notes", text="Tapée depuis le bureau", rubric="")

    assert db.session.query(Note).count() == 2


def test_a_zip_of_nothing_is_no_document() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")

    with pytest.raises(UnreadableFile, match="n’est pas un document Word"):
        read_lines("a.docx", out.getvalue())
