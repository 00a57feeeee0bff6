"""LibreOffice lays our documents out: page numbers, bookmarks and every text are where we say."""

import csv
import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import SHARED
from made_up_day import digest_of
from office import converted, outline, pages
from readback import outline as headings
from readback import sdk_errors
from sqlalchemy import select

from contrib import clock, demo, programme, store
from contrib.db import db
from contrib.digest import take
from contrib.installation import set_up_day
from contrib.intake.csv_file import import_rows, read_csv
from contrib.models import Event
from contrib.store import Author
from exports.digest import Digest, typeset_digest
from exports.inspection import inspect
from exports.restitution import compile_restitution
from exports.word import Compiled, note_rows

RIGHT_TO = 1
"""Pages that an estimate may be wrong by (the goal that was set)."""


def demonstration(app) -> Digest:
    with clock.frozen_at(datetime(2021, 9, 30, 16, 6, tzinfo=ZoneInfo("Europe/Paris"))):
        demo.set_up(app)
        db.session.rollback()
        return take(db.session(), db.session.scalars(select(Event).where(Event.fictional)).one())


def convention(app) -> Digest:
    """Citizens' convention measures, four groups, as their file has them."""
    event = set_up_day(programme.read(SHARED / "data" / "journee-ccc.toml"))
    import_rows(event.id, Author(), read_csv(event, (SHARED / "data" / "journee-ccc.csv").read_bytes()))
    return take(db.session(), event)


def platform(app) -> Digest:
    """268 raw contributions as citizens typed them, dealt out to the four workshops."""
    event = set_up_day(programme.read(SHARED / "data" / "journee-ccc.toml"))
    with (SHARED / "data" / "ccc_plateforme.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["text"].strip()]
    for number, row in enumerate(rows):
        workshop = event.workshops[number % len(event.workshops)]
        rubric = workshop.rubrics[number % len(workshop.rubrics)]
        values = {"text": row["text"], "rubric": rubric.id}
        store.write("record", Author(), values, event=event.id, workshop=workshop.id)
    db.session.rollback()
    return take(db.session(), db.session.get_one(Event, event.id))


def crowd(app) -> Digest:
    """A day that nobody has seen: 600 sentences of made-up words."""
    return digest_of(600)


DAYS = {day.__name__: day for day in (demonstration, convention, platform, crowd)}


@pytest.fixture(params=DAYS)
def laid_out(request, app, tmp_path: Path) -> tuple[Digest, Compiled, Path]:
    digest = DAYS[request.param](app)
    compiled = compile_restitution(digest)
    path = tmp_path / "restitution.docx"
    path.write_bytes(compiled.content)
    return digest, compiled, converted(path)


def flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_libreoffice_finds_the_same_headings_on_the_same_pages_and_every_text(
    laid_out: tuple[Digest, Compiled, Path],
) -> None:
    digest, compiled, pdf = laid_out
    assert inspect(compiled.content) == ()
    assert sdk_errors(pdf.parent.parent / "restitution.docx") == []
    found = outline(pdf)

    assert [flat(title) for title, _ in found] == [flat(title) for _, title in headings(compiled.content)]

    with zipfile.ZipFile(io.BytesIO(compiled.content)) as archive:
        marks = re.findall(r'w:name="(_Toc\d+)"', archive.read("word/document.xml").decode())
    said = compiled.page_map.pages
    wrong = [
        (title, said[mark], page)
        for mark, (title, page) in zip(marks, found, strict=True)
        if abs(said[mark] - page) > RIGHT_TO
    ]
    assert wrong == []
    assert abs(compiled.page_map.total - len(pages(pdf))) <= RIGHT_TO

    printed = flat("".join(map(body, pages(pdf))))
    for workshop in typeset_digest(digest).workshops:
        for note in workshop.notes:
            missing = [line for _, line in note_rows(note.text) if flat(line) not in printed]
            assert missing == [], note.reference


def body(page: str) -> str:
    """A page without its header and its footer, which fall into the middle of texts."""
    return "\n".join([line for line in page.split("\n") if line.strip()][1:-1])


def test_ten_thousand_notes_are_as_valid_as_ten(tmp_path: Path) -> None:
    compiled = compile_restitution(digest_of(10_000))
    path = tmp_path / "crowd.docx"
    path.write_bytes(compiled.content)

    assert inspect(compiled.content) == ()
    assert sdk_errors(path) == []
