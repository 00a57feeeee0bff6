"""Rows -> what the capture page shows. The same cards serve the page and the live feed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contrib.store.models import Event, Note, Person, Revision, Rubric, Theme, Workshop, message_id
from contrib.web.pages import said
from exports.documents.speech import LONG_WORDS
from exports.text import word_count


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    revision: str
    text: str
    signature: str | None
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One note as everybody sees it: nothing in it depends on who looks."""

    id: str
    reference: str
    wordings: tuple[Wording, ...]
    rubric_id: str | None
    signature: str | None
    received: str
    seq: int
    chosen: bool
    withdrawn: bool
    theme: str | None
    too_long: bool
    edited: bool

    @property
    def text(self) -> str:
        return self.wordings[0].text

    @property
    def revision(self) -> str:
        return self.wordings[0].revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A rubric with its notes; the first one, without a rubric, is « À classer »."""

    id: str
    label: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the page says about the workshop as a whole."""

    notes: int
    chosen: int
    expected: int
    withdrawn: int
    added_since_ready: int
    ready: str | None
    has_message: bool


_NOTES = (
    select(
        Note.id,
        Note.number,
        Note.rubric_id,
        Note.highlight_place,
        Note.withdrawn_at,
        Note.created_at,
        Note.changed_seq,
        Person.name.label("signature"),
        Theme.name.label("theme"),
    )
    .outerjoin(Note.person)
    .outerjoin(Note.theme)
    .where(Note.kind == "note")
    .order_by(Note.place, Note.id)
)
_WORDINGS = (
    select(
        Revision.id,
        Revision.note_id,
        Revision.text,
        Revision.created_at,
        Person.name.label("signature"),
    )
    .outerjoin(Revision.person)
    .order_by(Revision.seq)
)


def cards(session: Session, event: Event, workshop: Workshop) -> list[Card]:
    """The notes of a workshop in order of place."""
    found: dict[str, list[Wording]] = {}
    standing = _WORDINGS.join(Revision.note).where(Note.workshop_id == workshop.id, Revision.standing)
    for row in session.execute(standing):
        found.setdefault(row.note_id, []).append(_wording(event, row))
    rows = session.execute(_NOTES.where(Note.workshop_id == workshop.id))
    return [_card(event, workshop, row, tuple(found[row.id])) for row in rows]


def card(session: Session, event: Event, workshop: Workshop, note_id: str) -> Card | None:
    """One note; None where this workshop has none of that id."""
    one = _NOTES.where(Note.workshop_id == workshop.id, Note.id == note_id)
    row = session.execute(one).one_or_none()
    return _card(event, workshop, row, standing(session, event, note_id)) if row else None


def sections(session: Session, event: Event, workshop: Workshop) -> list[Section]:
    """« À classer », then the rubrics in their order."""
    by_rubric: dict[str | None, list[Card]] = {}
    for item in cards(session, event, workshop):
        by_rubric.setdefault(item.rubric_id, []).append(item)
    rows: list[tuple[str | None, str]] = [(None, "À classer")]
    rows += [(rubric.id, rubric.label) for rubric in workshop.rubrics]
    return [
        Section(id=key or "a-classer", label=label, cards=tuple(by_rubric.get(key, ())))
        for key, label in rows
    ]


def latest(session: Session, event: Event, workshop: Workshop) -> Card | None:
    """The last note that arrived: in view under the box, wherever it was sorted."""
    note_id = session.scalar(
        select(Note.id)
        .where(Note.workshop_id == workshop.id, Note.kind == "note", Note.withdrawn_at.is_(None))
        .order_by(Note.created_seq.desc(), Note.number.desc())
        .limit(1)
    )
    return card(session, event, workshop, note_id) if note_id else None


def highlights(session: Session, event: Event, workshop: Workshop) -> list[Card]:
    """The notes chosen for the plenary, in the order set by hand."""
    chosen = session.scalars(
        select(Note.id)
        .where(
            Note.workshop_id == workshop.id,
            Note.kind == "note",
            Note.highlight_place.is_not(None),
            Note.withdrawn_at.is_(None),
        )
        .order_by(Note.highlight_place, Note.id)
    )
    found = [card(session, event, workshop, note_id) for note_id in chosen]
    return [one for one in found if one is not None]


def message(session: Session, event: Event, workshop: Workshop) -> tuple[Wording, ...]:
    """The standing texts of the key message; none while it is empty."""
    return standing(session, event, message_id(workshop.id))


def standing(session: Session, event: Event, note_id: str) -> tuple[Wording, ...]:
    """The texts of a note that nothing has replaced: one, or two while they conflict."""
    rows = session.execute(_WORDINGS.where(Revision.note_id == note_id, Revision.standing))
    return tuple(_wording(event, row) for row in rows)


def history(session: Session, event: Event, note_id: str) -> list[Wording]:
    """Every text of a note, the newest first."""
    rows = session.execute(_WORDINGS.where(Revision.note_id == note_id)).all()
    return [_wording(event, row) for row in reversed(rows)]


_LIVE = Note.withdrawn_at.is_(None)


def summary(session: Session, event: Event, workshop: Workshop) -> Summary:
    counts = session.execute(
        select(
            func.count().filter(_LIVE).label("notes"),
            func.count(Note.highlight_place).filter(_LIVE).label("chosen"),
            func.count().filter(_LIVE, Note.created_seq > (workshop.ready_seq or 0)).label("since"),
            func.count(Note.withdrawn_at).label("withdrawn"),
        ).where(Note.workshop_id == workshop.id, Note.kind == "note")
    ).one()
    texts = message(session, event, workshop)
    return Summary(
        notes=counts.notes,
        chosen=counts.chosen,
        expected=workshop.expected_highlights,
        withdrawn=counts.withdrawn,
        added_since_ready=counts.since if workshop.ready_at else 0,
        ready=said(event, workshop.ready_at) if workshop.ready_at else None,
        has_message=any(w.text.strip() for w in texts),
    )


def removable(session: Session, rubric: Rubric) -> bool:
    return not session.scalar(select(func.count()).where(Note.rubric_id == rubric.id))


def _card(event: Event, workshop: Workshop, note: Any, wordings: tuple[Wording, ...]) -> Card:
    return Card(
        id=note.id,
        reference=f"{workshop.initials}\u2011{note.number}",
        wordings=wordings,
        rubric_id=note.rubric_id,
        signature=note.signature,
        received=said(event, note.created_at),
        seq=note.changed_seq,
        chosen=note.highlight_place is not None,
        withdrawn=note.withdrawn_at is not None,
        theme=note.theme,
        too_long=note.highlight_place is not None and word_count(wordings[0].text) > LONG_WORDS,
        edited=wordings[0].revision != note.id,
    )


def _wording(event: Event, revision: Any) -> Wording:
    return Wording(
        revision=revision.id,
        text=revision.text,
        signature=revision.signature,
        at=said(event, revision.created_at),
    )
