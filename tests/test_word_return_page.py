"""The corrected report is given back: on its page, on the command line, or by mistake elsewhere."""

import io
import json
import re
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from conftest import Person, Room
from flask import Flask

from contrib.cli import main
from contrib.digest import take
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
