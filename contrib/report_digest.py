"""The report's rows -> frozen values: the half of the bridge that `contrib/digest.py` leaves here."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from contrib.forms import fold
from contrib.store.models import PASSAGE, Event, Note, Person, Revision, id_for
from contrib.store.report_models import Answer, Passage, Picture, PrintedName, Publication
from exports import report as values
from exports.digest import Digest
from exports.formatted import pictures_in
from exports.keys import Key, Source

Named = Callable[[str], bool]
"""Whether a name may be printed."""

CHAPTER, ABOUT = "chapter:", "note:"
"""What the key of a passage begins with: the name of a chapter, the id of a note or a merger."""
TITLES = {
    "introduction": "Introduction",
    "crossing": "Ce qui traverse les ateliers",
    "conclusion": "Conclusion et suites",
    "method": "Méthode",
    "abbreviations": "Sigles et abréviations",
}


def take(session: Session, event: Event) -> values.Report:
    """What the editors made of a day, as it stands."""
    passages = session.scalars(select(Passage).where(Passage.event_id == event.id)).all()
    texts = _texts(session, event)
    by_key = {row.key: row for row in passages}
    publication = session.get(Publication, event.id)
    return values.Report(
        chapters=tuple(_chapters(event, by_key, texts)),
        edited=tuple(
            values.Edited(
                id=Key(row.key.removeprefix(ABOUT)),
                texts=texts.get(row.id, ()),
                kept=row.kept,
                place=row.place,
                reviewed=_reviewed(row, texts.get(row.id, ())),
            )
            for row in sorted(passages, key=lambda one: one.key)
            if row.key.startswith(ABOUT)
        ),
        pictures=_pictures(session, event, texts),
        answers=_answers(session, event),
        licence=(publication and publication.licence) or values.LICENCE,
        expected_on=publication.expected_on if publication else None,
    )


def as_edition(whole: Digest, number: int, at: datetime, changes: tuple[str, ...]) -> Digest:
    """The same digest, as the frozen edition of that number."""
    report = whole.report or values.Report()
    edition = values.ReportEdition(number=number, frozen_at=at, changes=changes)
    return replace(whole, report=replace(report, edition=edition))


def named(session: Session, event: Event) -> Named:
    """Whether the editors switched a name on."""
    printed = set(session.scalars(select(PrintedName.id).where(PrintedName.event_id == event.id)))
    return lambda name: name_id(event, name) in printed


def name_id(event: Event, name: str) -> str:
    """What stands for a name where it is switched on: the name itself stands in one row, elsewhere."""
    return id_for(event.id, fold(name))


def names(session: Session, event: Event) -> list[tuple[str, str]]:
    """Every name that the report could print, each once, and where it comes from."""
    found: dict[str, tuple[str, str]] = {}
    for row in json.loads(event.sequences):
        for speaker in row["speakers"]:
            found.setdefault(fold(speaker), (speaker, "au programme"))
    for workshop in event.workshops:
        if workshop.speaker:
            found.setdefault(fold(workshop.speaker), (workshop.speaker, f"parle pour {workshop.title}"))
    signed = select(Person.name).join(Note, Note.person_id == Person.id).where(Note.event_id == event.id)
    for name in session.scalars(signed.where(Note.kind == "note").distinct().order_by(Person.name)):
        if name:
            found.setdefault(fold(name), (name, "a signé des notes"))
    return list(found.values())


def _texts(session: Session, event: Event) -> dict[str, tuple[values.PassageText, ...]]:
    """The standing texts of each passage that are not empty."""
    found: dict[str, tuple[values.PassageText, ...]] = {}
    rows = session.execute(
        select(Revision.note_id, Revision.id, Revision.text)
        .join(Revision.note)
        .where(Note.event_id == event.id, Note.kind == PASSAGE, Revision.standing)
        .order_by(Revision.seq, Revision.id)
    )
    for note_id, key, text in rows:
        if text.strip():
            passage = values.PassageText(revision=Key(key), source=Source(text))
            found[note_id] = (*found.get(note_id, ()), passage)
    return found


def _reviewed(row: Passage, texts: tuple[values.PassageText, ...]) -> bool:
    return len(texts) == 1 and texts[0].revision == row.reviewed_revision


Texts = dict[str, tuple[values.PassageText, ...]]


def _chapters(event: Event, passages: dict[str, Passage], texts: Texts) -> list[values.Chapter]:
    """In the order of the report; a text whose sequence left the programme keeps its place."""
    taken: set[str] = set()

    def chapter(name: str, kind: str, title: str, **more: object) -> values.Chapter:
        taken.add(name)
        row = passages.get(f"{CHAPTER}{name}")
        written = texts.get(row.id, ()) if row else ()
        return values.Chapter(
            key=Key(name),
            kind=Key(kind),
            title=title,
            texts=written,
            reviewed=bool(row and _reviewed(row, written)),
            **more,  # type: ignore[arg-type]
        )

    sequences = []
    for row in json.loads(event.sequences):
        at = time.fromisoformat(row["at"])
        name = _free(f"sequence-{at:%H%M}", taken)
        one = chapter(name, "sequence", row["title"], at=at)
        if row["speakers"] or one.texts:
            sequences.append(one)
    workshops = [
        chapter(f"atelier-{workshop.name}", "workshop", workshop.title, workshop=Key(workshop.id))
        for workshop in event.workshops
    ]
    ends = [chapter(kind, kind, title) for kind, title in TITLES.items()]
    lost = [
        chapter(name, "sequence", _title_of(name), at=None)
        for name in sorted(key.removeprefix(CHAPTER) for key in passages if key.startswith(CHAPTER))
        if name not in taken and texts.get(passages[f"{CHAPTER}{name}"].id)
    ]
    return [ends[0], *sequences, *lost, *workshops, *ends[1:]]


def _pictures(session: Session, event: Event, texts: Texts) -> tuple[values.Picture, ...]:
    """Those that the texts show; one that no text shows is nobody's to read."""
    shown = {key for found in texts.values() for one in found for key in pictures_in(one.source)}
    if not shown:
        return ()
    rows = select(Picture).where(Picture.event_id == event.id, Picture.key.in_(shown))
    return tuple(
        values.Picture(
            key=Key(row.key),
            content=Key(base64.b64encode(row.content).decode()),
            ending=Key(row.ending),
            width=row.width,
            height=row.height,
            alternative=row.alternative,
            credit=row.credit,
        )
        for row in session.scalars(rows.options(undefer(Picture.content)).order_by(Picture.key))
    )


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def _title_of(name: str) -> str:
    """What is left of a sequence or a workshop that is no longer in the programme."""
    found = re.match(r"sequence-(\d\d)(\d\d)", name)
    return (
        f"Séquence de {int(found[1])} h {found[2]}"
        if found
        else f"Atelier « {name.removeprefix('atelier-')} »"
    )


def _answers(session: Session, event: Event) -> tuple[values.Answer, ...]:
    rows = session.scalars(
        select(Answer)
        .where(Answer.event_id == event.id, Answer.live)
        .order_by(Answer.given_on, Answer.created_seq)
    )
    return tuple(
        values.Answer(
            id=Key(row.id),
            about=Key(row.about),
            status=Key(row.status),
            who=row.who,
            text=row.text,
            on=row.given_on,
            link=Key(row.link) if row.link else None,
        )
        for row in rows
    )
