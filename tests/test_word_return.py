"""The report comes back from Word: each change is found, none is invented, nothing is dropped."""

import copy
import io
import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from made_up_day import digest_of
from office import converted
from photographs import SVG, encoded, photograph
from PIL import Image

from exports.digest import Digest, Merger, to_json
from exports.documents.report import compile_report
from exports.documents.report_comparison import read_report
from exports.documents.report_reading import (
    Reading,
    applied,
    as_plain,
    recognised,
)
from exports.documents.restitution import compile_restitution
from exports.formatted import parse
from exports.keys import Key, Source
from exports.pictures import pixels_of
from exports.report import Answer, Chapter, Edited, PassageText, Picture, Report

GARDEN = pixels_of(photograph())
SHOWN = Picture(
    key=Key(GARDEN.key), content=Key(GARDEN.base64), ending=Key(GARDEN.ending), width=GARDEN.width,
    height=GARDEN.height, alternative="Le jardin partagé, un soir", credit="Ville de Liévin",
)  # fmt: skip
TEXT = (
    "Un premier paragraphe qui dit *ouvrir* et **prêter**.\n\nUn second paragraphe, sur l’écoute (AB-1).\n\n"
    "## Ce qui aide\n\n- un lieu ouvert\n- une personne\n\n1. venir\n2. rester\n\n> On venait pour le café.\n\n"
    f"![](image:{GARDEN.key})\n\n"
    "| Lieu | Soir |\n| --- | --- |\n| *Lens*, [carte](https://exemple.fr/l) | oui |\n\nUn dernier paragraphe, avant [le site](https://exemple.fr/a)."
)


@pytest.fixture(scope="module")
def sent() -> Digest:
    """A day whose report has a written chapter, a rewording, a merger, an answer."""
    day = digest_of(24)
    first = day.workshops[0]
    text = PassageText(revision=Key("r1"), source=Source(TEXT))
    reworded = PassageText(revision=Key("r2"), source=Source("Une recommandation dans les mots du rapport"))
    chapters = (
        Chapter(key=Key("introduction"), kind=Key("introduction"), title="Introduction", texts=(text,)),
        Chapter(
            key=Key("atelier-w0"), kind=Key("workshop"), title=first.title, workshop=first.id,
            texts=(replace(text, source=Source("Le texte de l’atelier.\n\nEt sa suite.")),),
        ),
    )  # fmt: skip
    about = first.notes[0].id
    answers = (
        Answer(
            id=Key("a"), about=about, status=Key("retenue"), who="La Ville", text="Oui", on=date(2021, 11, 2)
        ),
    )
    report = Report(
        chapters=chapters, edited=(Edited(id=about, texts=(reworded,)),), answers=answers, pictures=(SHOWN,)
    )
    merged = (first.notes[4].id, day.workshops[1].notes[3].id)
    return replace(
        day, report=report, mergers=(Merger(id=Key("m"), text="Une synthèse des deux", notes=merged),)
    )


@pytest.fixture(scope="module")
def document(sent: Digest) -> bytes:
    return compile_report(sent).content


def edited(document: bytes, edit: Callable[..., object]) -> bytes:
    opened = docx.Document(io.BytesIO(document))
    edit(opened)
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def beginning(opened, words: str):
    return next(p for p in opened.paragraphs if p.text.startswith(words))


def retype(paragraph, text: str) -> None:
    """As people do: the words go, new ones come; the bookmark's ends stay around them."""
    for run in list(paragraph._p.iter(qn("w:r"))):
        run.getparent().remove(run)
    run = OxmlElement("w:r")
    words = OxmlElement("w:t")
    words.text = text
    run.append(words)
    ends = paragraph._p.findall(qn("w:bookmarkEnd"))
    (ends[0].addprevious if ends else paragraph._p.append)(run)


def tracked(paragraph, text: str) -> None:
    """A pending retype: the old runs in `w:del`, the new one in `w:ins`, outside the bookmark's range."""
    for run in list(paragraph._p.findall(qn("w:r"))) + list(paragraph._p.findall(qn("w:hyperlink"))):
        gone = OxmlElement("w:del")
        run.addprevious(gone)
        gone.append(run)
    come = OxmlElement("w:ins")
    run, words = OxmlElement("w:r"), OxmlElement("w:t")
    words.text = text
    run.append(words)
    come.append(run)
    paragraph._p.append(come)


def added_after(paragraph, text: str, style: str = "Normal"):
    new = copy.deepcopy(paragraph._p)
    for mark in [*new.iter(qn("w:bookmarkStart")), *new.iter(qn("w:bookmarkEnd"))]:
        mark.getparent().remove(mark)
    paragraph._p.addnext(new)
    found = docx.text.paragraph.Paragraph(new, paragraph._parent)
    retype(found, text)
    found.style = style
    return found


def kinds(reading: Reading) -> list[tuple[str, str, str]]:
    return [(one.kind, one.old, one.new) for one in reading.changes]


def test_an_untouched_file_changes_nothing(sent: Digest, document: bytes) -> None:
    for content in (document, edited(document, lambda opened: None)):
        reading = read_report(content, sent)
        assert (kinds(reading), reading.unplaced) == ([], ())
        assert reading.compared > 40


@pytest.mark.parametrize("ways", [("docx",), ("odt", "docx")])
def test_nor_does_one_that_libreoffice_saved(
    sent: Digest, document: bytes, tmp_path: Path, ways: tuple[str, ...]
) -> None:
    path = tmp_path / "a" / "rapport.docx"
    path.parent.mkdir()
    path.write_bytes(document)
    for number, ending in enumerate(ways):
        made = converted(path, ending)
        path = tmp_path / f"{number}" / f"rapport.{ending}"
        path.parent.mkdir()
        path.write_bytes(made.read_bytes())

    reading = read_report(path.read_bytes(), sent)

    assert (kinds(reading), reading.unplaced) == ([], ())
    assert recognised(path.read_bytes()).event == "e"


EDITS = {
    "retyped": (
        lambda o: retype(beginning(o, "Un second"), "Tout autre chose."),
        [("changed", "Un second paragraphe, sur l’écoute (AB-1).", "Tout autre chose.")],
    ),
    "tracked": (
        lambda o: tracked(beginning(o, "Un second"), "Tout autre chose."),
        [("changed", "Un second paragraphe, sur l’écoute (AB-1).", "Tout autre chose.")],
    ),
    "deleted": (
        lambda o: o.element.body.remove(beginning(o, "Un dernier")._p),
        [("deleted", "Un dernier paragraphe, avant le site.", "")],
    ),
    "added": (
        lambda o: added_after(beginning(o, "Un second"), "Un ajout."),
        [("added", "", "Un ajout.")],
    ),
    "copied": (
        lambda o: added_after(beginning(o, "un lieu ouvert"), "un lieu ouvert", "List Bullet"),
        [("added", "", "un lieu ouvert")],
    ),
    "reworded": (
        lambda o: retype(beginning(o, "Une recommandation dans"), "Autrement dit AB\u20111, reformulée"),
        [("changed", "Une recommandation dans les mots du rapport", "Autrement dit")],
    ),
    "merger": (
        lambda o: retype(beginning(o, "Une synthèse"), "La synthèse S\u20111 (d’après AB\u20112)"),
        [("changed", "Une synthèse des deux", "La synthèse")],
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_was_done_in_word_is_found_and_nothing_else(sent: Digest, document: bytes, name: str) -> None:
    edit, wanted = EDITS[name]

    reading = read_report(edited(document, edit), sent)

    assert kinds(reading) == wanted
    assert reading.unplaced == ()
    assert reading.tracked == (name == "tracked")


@pytest.mark.parametrize("name", EDITS)
def test_also_once_libreoffice_saved_it(sent: Digest, document: bytes, tmp_path: Path, name: str) -> None:
    edit, wanted = EDITS[name]
    path = tmp_path / "rapport.docx"
    path.write_bytes(edited(document, edit))

    reading = read_report(converted(path, "docx").read_bytes(), sent)

    assert kinds(reading) == wanted
    assert reading.unplaced == ()


def test_a_lost_bookmark_proposes_by_reference_and_by_words(sent: Digest, document: bytes) -> None:
    def without_bookmarks(opened) -> None:
        for words, text in (
            ("Un second", "Un second paragraphe, sur l’écoute de tous (AB-1)."),
            ("Une recommandation dans", "Autrement AB\u20111, reformulée"),
        ):
            paragraph = beginning(opened, words)
            retype(paragraph, text)
            for mark in list(paragraph._p):
                if mark.tag in (qn("w:bookmarkStart"), qn("w:bookmarkEnd")):
                    paragraph._p.remove(mark)

    reading = read_report(edited(document, without_bookmarks), sent)

    assert [(one.kind, one.new, one.proposed) for one in reading.changes] == [
        ("changed", "Un second paragraphe, sur l’écoute de tous (AB-1).", True),
        ("changed", "Autrement", True),
    ]


def test_a_move_within_a_list_is_an_order_and_into_another_chapter_a_move(
    sent: Digest, document: bytes
) -> None:
    def swap(opened) -> None:
        items = [p for p in opened.paragraphs if "AC\u2011" in p.text and p.style.name == "List Number"]
        items[0]._p.addprevious(items[2]._p)

    def away(opened) -> None:
        beginning(opened, "Et sa suite")._p.addprevious(beginning(opened, "Un dernier")._p)
        beginning(opened, "Et sa suite")._p.addprevious(beginning(opened, "On venait")._p)

    def among_recommendations(opened) -> None:
        beginning(opened, "Une recommandation dans")._p.addnext(beginning(opened, "Un dernier")._p)

    ordered = read_report(edited(document, swap), sent)
    carried = read_report(edited(document, away), sent)
    shown = read_report(edited(document, among_recommendations), sent)

    assert [one.kind for one in ordered.changes] == ["moved"]
    assert ordered.changes[0].new.startswith("AC\u20113, AC\u20111, AC\u20112")
    assert [(one.kind, one.key, one.to, one.new) for one in carried.changes] == [
        ("carried", "chapter:introduction", "chapter:atelier-w0", "Un dernier paragraphe, avant le site."),
        ("carried", "chapter:introduction", "chapter:atelier-w0", "On venait pour le café."),
    ]
    assert carried.unplaced == ()
    left = applied([TEXT], carried.changes, "chapter:introduction")
    assert "On venait" not in left
    assert left.endswith("| oui |")
    there = applied(["Le texte de l’atelier.\n\nEt sa suite."], carried.changes, "chapter:atelier-w0")
    assert there == (
        "Le texte de l’atelier.\n\nUn dernier paragraphe, avant [le site](https://exemple.fr/a).\n\n"
        "> On venait pour le café.\n\nEt sa suite."
    )
    assert [one.text for one in shown.unplaced] == ["Un dernier paragraphe, avant le site."]
    assert shown.unplaced[0].block is not None, "it can be put somewhere"


def test_pictures_of_the_word_file_come_back_with_their_words(sent: Digest, document: bytes) -> None:
    drawing = pixels_of(encoded(Image.new("RGB", (300, 200), "white"), "PNG"))

    def add(opened, content: bytes, near: str, described: str = "") -> None:
        paragraph = opened.add_paragraph()
        shape = paragraph.add_run().add_picture(io.BytesIO(content))
        shape._inline.docPr.set("descr", described)
        beginning(opened, near)._p.addnext(paragraph._p)

    def edit(opened) -> None:
        garden = next(p for p in opened.paragraphs if p._p.xpath(".//pic:pic"))
        garden._p.xpath(".//wp:docPr")[0].set("descr", "Le jardin, vu d’en haut")
        garden.runs[-1].text = "Crédit\u00a0: IREV"
        add(opened, drawing.content, "Un second", "Le plan du quartier")
        add(opened, drawing.content, "Une recommandation dans", "Le plan encore")

    def swap(opened) -> None:
        garden = next(p for p in opened.paragraphs if p._p.xpath(".//pic:pic"))
        new, _ = opened.part.get_or_add_image(io.BytesIO(drawing.content))
        garden._p.xpath(".//a:blip")[0].set(qn("r:embed"), new)

    def remove(opened) -> None:
        garden = next(p for p in opened.paragraphs if p._p.xpath(".//pic:pic"))
        for run in garden._p.xpath(".//w:r[w:drawing]"):
            run.getparent().remove(run)

    def strange(opened) -> None:
        add(opened, drawing.content, "Un second")
        part = next(
            r.target_part for r in opened.part.rels.values() if "image/png" in r.target_part.content_type
        )
        part._blob = SVG

    reading = read_report(edited(document, edit), sent)
    found = {(one.kind, one.key): one for one in reading.changes}
    described = found["described", f"picture:{GARDEN.key}"].picture
    assert (described.described, described.credit) == ("Le jardin, vu d’en haut", "IREV")
    added = found["added", "chapter:introduction"]
    assert (added.picture.described, added.picture.pixels) == (
        "Le plan du quartier",
        pixels_of(drawing.content),
    )
    assert f"AB-1).\n\n![](image:{added.picture.key})\n\n## Ce" in applied([TEXT], [added])
    assert len(reading.changes) == 2
    assert [one.why for one in reading.unplaced] == ["image ajoutée hors d’un chapitre"]
    assert reading.unplaced[0].picture.key == added.picture.key
    assert [(one.kind, one.new) for one in read_report(edited(document, swap), sent).changes] == [
        ("changed", f"[image {pixels_of(drawing.content).key}]")
    ]
    assert [one.kind for one in read_report(edited(document, remove), sent).changes] == ["deleted"]
    refused = read_report(edited(document, strange), sent)
    assert refused.changes == ()
    assert "en JPEG ou en PNG" in refused.unplaced[0].why


LINES = {
    "split": ("Crédit\u00a0: Ville de Liévin", True, None),
    "split and retyped": ("Photo de l’IREV", True, ("Le jardin partagé, un soir", "Photo de l’IREV")),
    "a paragraph of its own": ("© IREV, 2021", False, ("Le jardin partagé, un soir", "IREV, 2021")),
    "named": ("Crédits photo : A. B.", False, ("Le jardin partagé, un soir", "A. B.")),
}


@pytest.mark.parametrize("by_libreoffice", [False, True])
def test_a_credit_in_a_paragraph_of_its_own_is_the_picture_s(
    sent: Digest, document: bytes, tmp_path: Path, by_libreoffice: bool
) -> None:
    for name, (line, within, words) in LINES.items():

        def edit(opened, line=line, within=within) -> None:
            garden = next(p for p in opened.paragraphs if p._p.xpath(".//pic:pic"))
            last = garden.runs[-1]._r
            below = added_after(garden, line)
            last.getparent().remove(last)
            if within:  # Enter within a bookmark: it covers both paragraphs
                below._p.append(garden._p.findall(qn("w:bookmarkEnd"))[-1])

        content = edited(document, edit)
        if by_libreoffice:
            path = tmp_path / f"{name.replace(' ', '-')}.docx"
            path.write_bytes(content)
            content = converted(path, "docx").read_bytes()
        reading = read_report(content, sent)

        assert reading.unplaced == (), name
        told = [(one.kind, one.picture) for one in reading.changes]
        found = [(kind, new and new.described, new and new.credit) for kind, new in told]
        assert found == ([("described", *words)] if words else []), name


def test_a_line_below_a_picture_that_came_is_about_it_and_other_lines_are_text(
    sent: Digest, document: bytes
) -> None:
    plan = encoded(Image.new("RGB", (300, 200), "white"), "PNG")

    def edit(
        opened, line: str, style: str = "Normal", content: bytes = plan, near: str = "Un second"
    ) -> None:
        paragraph = opened.add_paragraph()
        paragraph.add_run().add_picture(io.BytesIO(plan))
        beginning(opened, near)._p.addnext(paragraph._p)
        added_after(paragraph, line, style)
        part = next(r.target_part for r in opened.part.rels.values() if r.target_part.blob == plan)
        part._blob = content

    def found(*about: object) -> list[tuple[str, object, object]]:
        reading = read_report(edited(document, lambda opened: edit(opened, *about)), sent)
        told = [(one.new, one.picture and one.picture.described, one.picture and one.picture.credit)
                for one in reading.changes]  # fmt: skip
        return told + [(one.text, None, None) for one in reading.unplaced]

    picture = f"[image {pixels_of(plan).key}]"
    assert found("Source\u00a0: Lille Métropole") == [(picture, "", "Lille Métropole")]
    assert found("Le plan du quartier", "Caption") == [(picture, "Le plan du quartier", None)]
    assert ("Un paragraphe.", None, None) in found("Un paragraphe."), "text is text"
    assert found("Crédit : X", "Normal", SVG) == [("Crédit : X", None, None), ("Une image", None, None)]


def test_emphasis_and_links_in_the_cells_of_a_table_come_back(sent: Digest, document: bytes) -> None:
    def edit(opened) -> None:
        table = next(t for t in opened.tables if t.cell(0, 0).text == "Lieu")
        table.cell(1, 1).paragraphs[0].runs[0].bold = True

    changes = read_report(edited(document, edit), sent).changes

    assert "| *Lens*, [carte](https://exemple.fr/l) | **oui** |" in applied([TEXT], changes)
    assert [one.kind for one in changes] == ["changed"]


def test_what_stands_where_the_application_writes_is_shown_and_never_dropped(
    sent: Digest, document: bytes
) -> None:
    def edit(opened) -> None:
        added_after(beginning(opened, "Une synthèse"), "Voir aussi le guide de Tourcoing.")
        retype(next(p for p in opened.paragraphs if p.text.startswith("Question")), "Une autre question")
        listed = next(t for t in opened.tables if t.cell(0, 1).text == "Recommandation")
        listed.cell(1, 1).paragraphs[0].runs[0].text = "Changée dans la liste "

    reading = read_report(edited(document, edit), sent)

    assert {one.text for one in reading.unplaced} == {
        "Voir aussi le guide de Tourcoing.",
        "Une autre question",
        "N° | Recommandation | Atelier\n1 | Changée dans la liste AB\u20111 | Atelier 1",
    }
    assert reading.changes == ()


def test_a_table_and_a_chapter_that_had_no_text_are_read(sent: Digest, document: bytes) -> None:
    def edit(opened) -> None:
        table = next(t for t in opened.tables if t.cell(0, 0).text == "Lieu")
        table.cell(1, 1).paragraphs[0].runs[0].text = "non"
        retype(next(p for p in opened.paragraphs if p.text.startswith("[Conclure")), "L’IREV répondra.")

    reading = read_report(edited(document, edit), sent)

    assert sorted((one.key, one.new) for one in reading.changes) == [
        ("chapter:conclusion", "L’IREV répondra."),
        ("chapter:introduction", "Lieu | Soir\nLens, carte | non"),
    ]


def test_accepted_changes_make_the_chapter_s_text_and_refused_ones_leave_it(
    sent: Digest, document: bytes
) -> None:
    def edit(opened) -> None:
        added_after(beginning(opened, "Un second"), "Un ajout.")
        retype(beginning(opened, "Un second"), "Tout autre chose.")
        opened.element.body.remove(beginning(opened, "Un dernier")._p)

    changes = read_report(edited(document, edit), sent).changes

    wanted = TEXT.replace("Un second paragraphe, sur l’écoute (AB-1).", "Tout autre chose.\n\nUn ajout.")
    assert parse(applied([TEXT], changes)) == parse(wanted.rpartition("\n\n")[0])
    assert applied([TEXT], []) == TEXT
    assert "Tout autre chose" not in applied([TEXT], [one for one in changes if one.kind == "added"])


def test_a_file_of_ours_is_recognised_and_no_other(sent: Digest, document: bytes) -> None:
    found = recognised(document)
    assert (found.kind, found.event) == ("rapport", "e")
    assert compile_report(sent).fingerprint.startswith(found.fingerprint)
    assert recognised(compile_restitution(sent).content).kind == "restitution"
    blank = io.BytesIO()
    docx.Document().save(blank)
    assert recognised(blank.getvalue()) is None


def test_two_hundred_random_edits_are_all_found_and_none_is_invented(sent: Digest, document: bytes) -> None:
    """One edit at a time, on any paragraph that bears one of our bookmarks."""
    chance = random.Random(16)
    wrong = []
    for number in range(200):
        opened = docx.Document(io.BytesIO(document))
        ours = [p for p in opened.paragraphs if _is_ours(p) and p.style.name != "Caption"]
        paragraph, new = chance.choice(ours), f"Texte retapé numéro {number}"
        kind = chance.choice(["retyped", "tracked", "deleted", "kept"])
        asked = paragraph.text.startswith("[")
        if kind == "retyped":
            retype(paragraph, new)
        elif kind == "tracked":
            tracked(paragraph, new)
        elif kind == "deleted":
            opened.element.body.remove(paragraph._p)
        out = io.BytesIO()
        opened.save(out)
        reading = read_report(out.getvalue(), sent)
        found = [(one.kind, one.new) for one in reading.changes]
        wanted = {"kept": [], "deleted": [] if asked else [("deleted", "")]}.get(kind, [("changed", new)])
        if found != wanted or reading.unplaced:
            wrong.append((number, kind, found, reading.unplaced))
    assert wrong == []


def _is_ours(paragraph) -> bool:
    marks = paragraph._p.findall(qn("w:bookmarkStart"))
    return any(mark.get(qn("w:name"))[:2] in ("t_", "c1", "c2", "c3", "c4", "c5") for mark in marks)


def test_a_program_reads_changes_and_unplaced(sent: Digest, document: bytes) -> None:
    reading = read_report(edited(document, EDITS["added"][0]), sent)

    said = json.loads(json.dumps(as_plain(reading)))

    assert [one["new"] for one in said["changes"]] == ["Un ajout."]
    assert said["unplaced"] == []
    assert to_json(sent)


def test_a_split_and_a_merge_are_each_shown_as_one(sent: Digest, document: bytes) -> None:
    def split(opened) -> None:
        """Enter in the middle: the bookmark begins in the first half and ends in the second."""
        paragraph = beginning(opened, "Un second")
        second = copy.deepcopy(paragraph._p)
        for mark in list(second.iter(qn("w:bookmarkStart"))):
            second.remove(mark)
        for mark in list(paragraph._p.iter(qn("w:bookmarkEnd"))):
            paragraph._p.remove(mark)
        paragraph._p.addnext(second)
        retype(paragraph, "La première moitié.")
        retype(docx.text.paragraph.Paragraph(second, paragraph._parent), "La seconde moitié.")

    def merge(opened) -> None:
        """Backspace at the beginning of the second: its runs and bookmark join the first."""
        first, second = beginning(opened, "Un premier"), beginning(opened, "Un second")
        for node in list(second._p):
            if node.tag != qn("w:pPr"):
                first._p.append(node)
        second._p.getparent().remove(second._p)

    def pending_merge(opened) -> None:
        """The same, tracked: the first paragraph's mark is deleted."""
        first = beginning(opened, "Un premier")
        marks = OxmlElement("w:rPr")
        marks.append(OxmlElement("w:del"))
        first._p.get_or_add_pPr().append(marks)

    one = read_report(edited(document, split), sent)
    assert kinds(one) == [
        (
            "changed",
            "Un second paragraphe, sur l’écoute (AB-1).",
            "La première moitié.\nLa seconde moitié.",
        )
    ]
    for edit in (merge, pending_merge):
        reading = read_report(edited(document, edit), sent)
        assert [one.kind for one in reading.changes] == ["changed", "deleted"]
        assert "prêter" in reading.changes[0].new
        assert "l’écoute" in reading.changes[0].new
        assert reading.changes[1].remarks == ("Réuni au passage voisin.",)
        assert "l’écoute" in applied([TEXT], reading.changes)
        assert applied([TEXT], reading.changes).count("l’écoute") == 1
        assert reading.unplaced == ()
