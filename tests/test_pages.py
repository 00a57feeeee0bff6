"""LibreOffice lays our documents out: page numbers, bookmarks and every text are where we say."""

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from made_up_day import digest_of
from material import Material
from office import converted, outline, pages
from readback import outline as headings
from readback import sdk_errors
from sqlalchemy import select

from contrib import clock, demo
from contrib.capture.operations import record
from contrib.digest import take
from contrib.installation import set_up_day
from contrib.intake.csv_file import import_rows, read_csv
from contrib.programme import toml_file
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author
from contrib.store.models import Event
from exports.digest import Digest, typeset_digest
from exports.documents.restitution import compile_restitution
from exports.ooxml.assembly import Compiled
from exports.ooxml.inspection import inspect
from exports.ooxml.typed_lists import note_rows

RIGHT_TO = 1
"""Pages that an estimate may be wrong by (the goal that was set)."""


def demonstration(app, material: Material) -> Digest:
    with clock.frozen_at(datetime(2021, 9, 30, 16, 6, tzinfo=ZoneInfo("Europe/Paris"))):
        demo.set_up(app)
        db.session.rollback()
        return take(db.session(), db.session.scalars(select(Event).where(Event.fictional)).one())


def another_day(app, material: Material) -> Digest:
    """A day of another shape, as its file has it."""
    event = set_up_day(toml_file.read(material.day.programme))
    import_rows(event.id, Author(), read_csv(event, material.day.notes.read_bytes()))
    return take(db.session(), event)


def platform(app, material: Material) -> Digest:
    """Raw contributions as citizens typed them, dealt out to the workshops."""
    event = set_up_day(toml_file.read(material.day.programme))
    for number, text in enumerate(material.contributions):
        workshop = event.workshops[number % len(event.workshops)]
        rubric = workshop.rubrics[number % len(workshop.rubrics)]
        values = {"text": text, "rubric": rubric.id}
        log.write(record, Author(), values, event=event.id, workshop=workshop.id)
    db.session.rollback()
    return take(db.session(), db.session.get_one(Event, event.id))


def crowd(app, material: Material) -> Digest:
    """A day that nobody has seen: 600 sentences of made-up words."""
    return digest_of(600)


DAYS = {day.__name__: day for day in (demonstration, another_day, platform, crowd)}


@pytest.fixture(params=DAYS)
def laid_out(request, app, material: Material, tmp_path: Path) -> tuple[Digest, Compiled, Path]:
    digest = DAYS[request.param](app, material)
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
