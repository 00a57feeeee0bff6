"""The corrected report is given back: on its page, on the command line, or by mistake elsewhere."""

import io
import json
import re
from datetime import timedelta
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from conftest import Person, Room
from flask import Flask
from photographs import photograph

from contrib import clock
from contrib.cli import main
from contrib.digest import take
from contrib.documents import sent_reports
from contrib.publication import operations
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author
from contrib.store.models import Event
from exports.documents.report_content import content_of
from exports.documents.trame import compile_trame


@pytest.fixture
def editor(app: Flask, day: Event, emergence: Room) -> Person:
    emergence.note("Ouvrir le soir", "recommandations")
    emergence.note("Prêter une clé", "recommandations")
    write(day, "Un début.\n\nUne suite.")
    found = Person(app)
    found.organise()
    return found


def write(day: Event, text: str, base: str = "") -> str:
    values = {"key": "chapter:introduction", "text": text, "base": base}
    return log.write(operations.write_passage, Author(), values, event=day.id).id


def corrected(document: bytes, changes: dict[str, str]) -> bytes:
    opened = docx.Document(io.BytesIO(document))
    for old, new in changes.items():
        run = next(run for p in opened.paragraphs for run in p.runs if run.text.strip() == old)
        run.text = run.text.replace(old, new)
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def introduction(day: Event) -> list[str]:
    db.session.rollback()
    event = db.session.get_one(Event, day.id)
    return [one.source for one in take(db.session(), event, report=True).report.chapters[0].texts]


def given_back(editor: Person, day: Event, content: bytes) -> str:
    desk = f"/{day.name}/organisation/rapport/retours"
    editor.get(desk)
    return editor.post(desk, file=(io.BytesIO(content), "rapport-relu.docx"))


def decide(editor: Person, page: str, words: str, accepted: str) -> str:
    """Press the button of the change that says these words."""
    change = next(one for one in re.findall(r'<li class="diff.*?</li>', page, re.S) if words in one)
    ids = re.search(r'name="changes" value="([^"]+)"', change)[1]
    action = re.search(r'action="([^"]+/choix)"', change)[1]
    return editor.post(action, changes=ids, accepted=accepted)


def test_changes_are_accepted_or_refused_one_by_one(editor: Person, day: Event) -> None:
    editor.get(f"/{day.name}/rapport.docx")
    sent = editor.bytes
    changes = {"Un début.": "Un vrai début.", "Une suite.": "Une fin.", "Ouvrir le soir": "Ouvrir deux soirs"}

    page = given_back(editor, day, corrected(sent, changes))

    assert "3 à décider" in page
    assert "<ins>vrai </ins>" in page
    page = decide(editor, page, "vrai", "1")
    assert introduction(day) == ["Un vrai début.\n\nUne suite."]
    page = decide(editor, page, "fin.", "0")
    page = decide(editor, page, "deux soirs", "1")
    assert "Tout est décidé." in page
    assert introduction(day) == ["Un vrai début.\n\nUne suite."]
    content = content_of(take(db.session(), db.session.get_one(Event, day.id), report=True))
    assert content.recommendations[0].text == "Ouvrir deux soirs"
    assert content.recommendations[0].said == ("Ouvrir le soir",)
    page = decide(editor, page, "vrai", "0")
    assert introduction(day) == ["Un début.\n\nUne suite."]


def test_what_somebody_wrote_meanwhile_is_not_written_over(editor: Person, day: Event) -> None:
    editor.get(f"/{day.name}/rapport.docx")
    back = corrected(editor.bytes, {"Un début.": "Un vrai début."})
    chapter = take(db.session(), db.session.get_one(Event, day.id), report=True).report.chapters[0]
    write(day, "Entre-temps.", base=chapter.texts[0].revision)

    decide(editor, given_back(editor, day, back), "vrai", "1")

    assert sorted(introduction(day)) == ["Entre-temps.", "Un vrai début.\n\nUne suite."]


def chapter_of(day: Event, key: str) -> list[str]:
    db.session.rollback()
    report = take(db.session(), db.session.get_one(Event, day.id), report=True).report
    return [text.source for one in report.chapters if one.key == key for text in one.texts]


def test_a_picture_put_in_in_word_is_shown_and_accepted_with_its_words(editor: Person, day: Event) -> None:
    editor.get(f"/{day.name}/rapport.docx")
    opened = docx.Document(io.BytesIO(editor.bytes))
    paragraph = opened.add_paragraph()
    shape = paragraph.add_run().add_picture(io.BytesIO(photograph(sideways=True)))
    shape._inline.docPr.set("descr", "Le jardin partagé")
    next(p for p in opened.paragraphs if p.text == "Un début.")._p.addnext(paragraph._p)
    out = io.BytesIO()
    opened.save(out)

    page = given_back(editor, day, out.getvalue())

    assert re.search(r'<img src="data:image/jpeg;base64,[^"]+" alt="Le jardin partagé"', page)
    decide(editor, page, "Le jardin partagé", "1")
    written = introduction(day)[0]
    assert re.fullmatch(r"Un début\.\n\n!\[\]\(image:[0-9a-f]{10}\)\n\nUne suite\.", written)
    shown = take(db.session(), db.session.get_one(Event, day.id), report=True).report.pictures
    assert [(one.alternative, one.width, one.height) for one in shown] == [("Le jardin partagé", 600, 900)]
    assert b"ZENOBIE" not in shown[0].bytes
    editor.get(f"/{day.name}/rapport.docx")
    assert "Rien n’a changé." in given_back(editor, day, editor.bytes)


def test_what_was_carried_or_had_no_place_goes_into_a_chapter_and_comes_back(
    editor: Person, day: Event
) -> None:
    conclusion = {"key": "chapter:conclusion", "text": "À suivre.", "base": ""}
    log.write(operations.write_passage, Author(), conclusion, event=day.id)
    db.session.rollback()
    editor.get(f"/{day.name}/rapport.docx")
    opened = docx.Document(io.BytesIO(editor.bytes))
    paragraphs = {p.text: p for p in opened.paragraphs}
    paragraphs["À suivre."]._p.addnext(paragraphs["Une suite."]._p)
    said = next(p for p in opened.paragraphs if p.text.startswith("Prêter une clé"))
    said._p.addnext(opened.add_paragraph("Voir le guide de Tourcoing.")._p)
    out = io.BytesIO()
    opened.save(out)

    page = given_back(editor, day, out.getvalue())
    action = re.search(r'action="([^"]+/placements)"', page)[1]
    passage = re.search(r'name="passage" value="([^"]+)"', page)[1]
    assert "Choisissez le chapitre" in editor.post(action, passage=passage, chapter="")
    page = editor.post(action, passage=passage, chapter="conclusion")

    assert "Mis dans « Conclusion et suites »" in page
    assert chapter_of(day, "conclusion") == ["À suivre.\n\nVoir le guide de Tourcoing."]
    page = decide(editor, page, "Une suite.", "1")
    assert introduction(day) == ["Un début."]
    assert chapter_of(day, "conclusion") == ["À suivre.\n\nUne suite.\n\nVoir le guide de Tourcoing."]
    page = decide(editor, page, "guide de Tourcoing", "0")
    assert chapter_of(day, "conclusion") == ["À suivre.\n\nUne suite."]
    assert "Le mettre ici" in page
    decide(editor, page, "Une suite.", "0")
    assert introduction(day) == ["Un début.\n\nUne suite."]
    assert chapter_of(day, "conclusion") == ["À suivre."]


def test_an_untouched_file_says_so_and_one_of_elsewhere_is_told_apart(
    editor: Person, day: Event, app: Flask
) -> None:
    editor.get(f"/{day.name}/rapport.docx")
    assert "Rien n’a changé." in given_back(editor, day, editor.bytes)
    blank = io.BytesIO()
    docx.Document().save(blank)
    assert "n’est pas un rapport fait ici" in given_back(editor, day, blank.getvalue())
    editor.get(f"/{day.name}/restitution.docx")
    assert "Ce fichier est la restitution" in given_back(editor, day, editor.bytes)
    assert "Choisissez d’abord" in editor.post(f"/{day.name}/organisation/rapport/retours")


def test_the_command_line_reads_it_for_people_and_for_programs(
    editor: Person, day: Event, app: Flask, tmp_path: Path
) -> None:
    data, path = ["--data", str(app.config["DATA"])], tmp_path / "rapport.docx"
    made = CliRunner().invoke(main, ["compile", "report", "-o", str(path), *data])
    assert made.exit_code == 0, made.output
    path.write_bytes(corrected(path.read_bytes(), {"Un début.": "Un vrai début."}))

    said = CliRunner().invoke(main, ["report", "read", str(path), *data])
    read = CliRunner().invoke(main, ["report", "read", str(path), "--json", *data])

    assert "+ Un vrai début." in said.output
    answer = json.loads(read.output)
    assert [(one["kind"], one["new"]) for one in answer["changes"]] == [("changed", "Un vrai début.")]
    assert answer["unplaced"] == []
    (tmp_path / "x.docx").write_bytes(b"PK")
    assert CliRunner().invoke(main, ["report", "read", str(tmp_path / "x.docx"), *data]).exit_code == 1


def test_a_report_given_to_the_import_is_sent_to_the_right_page(
    editor: Person, day: Event, emergence: Room
) -> None:
    editor.get(f"/{day.name}/rapport.docx")
    report = editor.bytes
    editor.get(f"/{day.name}/restitution.docx")
    for content, words in (
        (report, "Rendre le fichier relu"),
        (editor.bytes, "Ce fichier est la restitution"),
    ):
        page = editor.post(f"{emergence.path}/importer", file=(io.BytesIO(content), "document.docx"))
        assert editor.status == 422
        assert words in page
    trame = compile_trame(take(db.session(), db.session.get_one(Event, day.id)), "emergence").content
    editor.post(f"{emergence.path}/importer", file=(io.BytesIO(trame), "trame.docx"))
    assert "fait ici" not in editor.page


def test_what_was_sent_is_forgotten_in_time_and_what_came_back_is_not(
    editor: Person, day: Event, app: Flask
) -> None:
    editor.get(f"/{day.name}/rapport.docx")
    returned = corrected(editor.bytes, {"Un début.": "Un vrai début."})
    given_back(editor, day, returned)
    write(day, "Un autre début.")
    editor.get(f"/{day.name}/rapport.docx")
    waiting = corrected(editor.bytes, {"Un autre début.": "Un bon début."})
    folder = app.config["DATA"] / "versions"
    digest = take(db.session(), db.session.get_one(Event, day.id), report=True)

    for number in range(sent_reports.MOST - 1):
        sent_reports.keep(digest, f"{number:016x}")
    assert "<ins>bon </ins>" in given_back(editor, day, waiting), "the first of two hundred is there"
    for number in range(sent_reports.MOST + 3):
        sent_reports.keep(digest, f"{number:016x}")
    assert len(list(folder.glob("envoi-*"))) == sent_reports.MOST
    with clock.frozen_at(clock.now() + sent_reports.FOR + timedelta(days=1)):
        sent_reports.keep(digest, "f" * 16)

    assert list(folder.glob("envoi-*")) == []
    for content in (returned, waiting):
        assert "à décider" in given_back(editor, day, content)
