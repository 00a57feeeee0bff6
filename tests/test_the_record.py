"""From the room to the record: a whole day imported, written up, published, and counted from the files."""

import csv
import io
import re
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from conftest import Person
from lxml import html
from material import Material

from contrib.cli import main
from contrib.installation import open_folder, set_up_day
from contrib.intake.csv_file import import_rows, read_csv
from contrib.programme import toml_file
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author
from contrib.store.models import Event, Note
from exports.documents.record import plain_reference
from exports.text import typeset

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def published(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static folder of a day of real size, in which something of each kind was decided."""
    folder = tmp_path_factory.mktemp("record")
    app, password = open_folder(folder / "data")
    app.config["PASSWORD"] = password
    with app.app_context():
        event = set_up_day(toml_file.read(material.day.programme))
        rows = read_csv(event, material.day.notes.read_bytes())
        added, _ = import_rows(event.id, Author(), rows)
        assert added == len(material.day.rows())
        _write_up(app, event, folder)
        db.session.remove()
        db.engine.dispose()
    said = CliRunner().invoke(main, ["publish", "-o", str(folder / "site"), "--data", str(folder / "data")])
    assert said.exit_code == 0, said.output
    return folder


def _write_up(app, event: Event, folder: Path) -> None:
    """What the desk and the editor do, each in a browser without a script."""
    desk, rapport = Person(app), f"/{event.name}/organisation/rapport"
    notes = db.session.query(Note).filter(Note.event_id == event.id, Note.number.is_not(None)).all()
    kept = [one for one in notes if one.rubric_id]
    by_workshop = {w.id: [one for one in kept if one.workshop_id == w.id] for w in event.workshops}
    first = [ones[0] for ones in by_workshop.values() if ones]
    withdrawn = [ones[-2] for ones in by_workshop.values() if len(ones) > 4]
    for one in withdrawn:
        values = {"withdrawn": True}
        log.write(
            log.VERBS["withdraw"], Author(), values, event=event.id, workshop=one.workshop_id, subject=one.id
        )
    merged = [ones[1] for ones in by_workshop.values() if len(ones) > 3][:2]
    log.write(
        log.VERBS["merge"],
        Author(),
        {"notes": [n.id for n in merged], "text": "Une synthèse"},
        event=event.id,
    )
    reworded, annexed = first[:2], [ones[2] for ones in by_workshop.values() if len(ones) > 3][:2]
    ids = {name: [one.id for one in ones] for name, ones in (("r", reworded), ("a", annexed), ("f", first))}
    desk.organise()
    desk.get(rapport)
    desk.post(f"{rapport}/passages", key="chapter:introduction", text="Une journée.\n\n- dense", base="")
    for key in ids["r"]:
        desk.post(f"{rapport}/passages", key=f"note:{key}", text="Dans les mots du rapport", base="")
    for key in ids["a"]:
        desk.post(f"{rapport}/reprises", key=f"note:{key}", kept="0")
    for key in ids["f"]:
        desk.post(f"{rapport}/reprises", key=f"note:{key}", kept="1")
    desk.post(f"{rapport}/editions")
    assert "est figée" in desk.page
    desk.post(f"{rapport}/publication", number="1")
    assert "est publique" in desk.page


def read_table(published: Path, name: str) -> list[dict[str, str]]:
    content = (published / "site" / "1" / name).read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content), delimiter=";"))


def bookmarks(document: bytes, kind: str) -> set[str]:
    """The notes that have a bookmark of that kind: `t` in a chapter, `r` in the annex."""
    body = docx.Document(io.BytesIO(document)).element.body
    names = [mark.get(f"{W}name") for mark in body.iter(f"{W}bookmarkStart")]
    return {"_".join(name.split("_")[1:3]) for name in names if name.startswith(f"{kind}_")}


def test_every_note_received_is_in_the_chapters_in_the_annex_or_counted_as_withdrawn(
    material: Material, published: Path
) -> None:
    received = len(material.day.rows())
    notes = {row["reference"]: row for row in read_table(published, "notes.csv")}
    numbers = _numbers_by_workshop(notes).values()
    gaps = sum(max(one) - len(one) for one in numbers)
    site = published / "site"
    page = html.fromstring((site / "index.html").read_bytes())
    document = (site / "1" / "rapport.docx").read_bytes()

    in_chapter = bookmarks(document, "t")
    in_annex = bookmarks(document, "r")
    plain = {plain_reference(reference): row for reference, row in notes.items()}
    assert in_annex | (in_chapter & plain.keys()) == plain.keys(), "each note is somewhere in the Word file"
    assert {e.get("id") for e in page.xpath("//ul[@class='notes']/li")} == {
        f"note-{one.lower().replace('_', '-')}" for one in plain
    }
    taken_up = {one for one, row in plain.items() if row["reprise"] == "oui"}
    synthesis = {
        plain_reference(r)
        for row in read_table(published, "recommandations.csv")
        for r in row["sources"].split(", ")
        if r
    }
    assert taken_up == (in_chapter & plain.keys()) | synthesis
    said = re.search(
        r"(\d+)\s*notes reçues = (\d+)\s*reprises \+ (\d+)\s*en annexe \+ (\d+)\s*retirée",
        page.text_content(),
    )
    taken, left = len(taken_up), len(plain) - len(taken_up)
    assert [int(one) for one in said.groups()] == [received, taken, left, gaps]
    assert taken + left + gaps == received
    assert min(taken, left, gaps) > 0


def _numbers_by_workshop(notes: dict[str, dict[str, str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for reference in notes:
        initials, _, number = reference.rpartition("-")
        found.setdefault(initials, []).append(int(number))
    return found


def test_three_recommendations_are_followed_from_the_page_to_the_raw_note_and_back(
    material: Material, published: Path
) -> None:
    page = html.fromstring((published / "site" / "index.html").read_bytes())
    typed = {" ".join(typeset(row["texte"]).split()) for row in material.day.rows()}
    articles = page.xpath("//article[contains(@class, 'reco')][.//a[starts-with(@href, '#note-')]]")
    assert len(articles) >= 3

    for article in (articles[0], articles[len(articles) // 2], articles[-1]):
        there = article.xpath(".//a[starts-with(@href, '#note-')]/@href")[0].removeprefix("#")
        note = page.get_element_by_id(there)
        words = " ".join(note.xpath("./span[2]/text()")).split()
        assert " ".join(words) in typed, "the note is what was typed"
        assert f"#{article.get('id')}" in note.xpath(".//a/@href")
        assert page.get_element_by_id(article.get("id")) is article
