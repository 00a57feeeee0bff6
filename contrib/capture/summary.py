"""What is said of a workshop as a whole: counts, readiness, how long its choice takes to say."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contrib.store.models import Event, Merger, Note, Revision, Workshop
from contrib.web.pages import said
from exports.documents.speech import spoken
from exports.text import word_count


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
    syntheses: tuple[tuple[str, str], ...] = ()
    """What the desk chose to say here for several notes: the sentence, and this workshop's references."""


_COUNTS = (
    select(
        Note.workshop_id,
        func.count().filter(Note.live).label("notes"),
        func.count(Note.highlight_place).filter(Note.live).label("chosen"),
        func.count().filter(Note.live, Note.created_seq > Workshop.ready_seq).label("since"),
        func.count(Note.withdrawn_at).label("withdrawn"),
    )
    .join(Workshop, Workshop.id == Note.workshop_id)
    .where(Note.kind == "note")
    .group_by(Note.workshop_id)
)
_MESSAGES = (
    select(Note.workshop_id)
    .join(Note.revisions)
    .where(Note.kind == "message", Revision.standing, func.trim(Revision.text, " \n\t") != "")
)


def summary(session: Session, event: Event, workshop: Workshop) -> Summary:
    counts = session.execute(_COUNTS.where(Note.workshop_id == workshop.id)).one_or_none()
    has_message = session.scalar(_MESSAGES.where(Note.workshop_id == workshop.id).limit(1)) is not None
    return replace(_summary(event, workshop, counts, has_message), syntheses=_syntheses(session, workshop))


def summaries(session: Session, event: Event) -> dict[str, Summary]:
    """The same of every workshop of a day, by its id, without what the desk says for it."""
    counts = {row.workshop_id: row for row in session.execute(_COUNTS.where(Note.event_id == event.id))}
    with_message = set(session.scalars(_MESSAGES.where(Note.event_id == event.id)))
    return {w.id: _summary(event, w, counts.get(w.id), w.id in with_message) for w in event.workshops}


def _summary(event: Event, workshop: Workshop, counts: Any, has_message: bool) -> Summary:
    return Summary(
        notes=counts.notes if counts else 0,
        chosen=counts.chosen if counts else 0,
        expected=workshop.expected_highlights,
        withdrawn=counts.withdrawn if counts else 0,
        added_since_ready=counts.since if counts and workshop.ready_at else 0,
        ready=said(event, workshop.ready_at) if workshop.ready_at else None,
        has_message=has_message,
    )


def spoken_time(session: Session, workshop: Workshop) -> str:
    """How long the message and the chosen notes of a workshop take to say."""
    texts = session.scalars(
        select(Revision.text)
        .join(Revision.note)
        .where(
            Note.workshop_id == workshop.id,
            Note.live,
            Note.highlight_place.is_not(None) | (Note.kind == "message"),
            Revision.standing,
        )
    )
    return spoken(sum(map(word_count, texts)))


def _syntheses(session: Session, workshop: Workshop) -> tuple[tuple[str, str], ...]:
    chosen = Merger.highlight_place.is_not(None), Merger.live
    rows = session.scalars(
        select(Merger).where(Merger.workshop_id == workshop.id, *chosen).order_by(Merger.highlight_place)
    ).all()
    cited = {key for row in rows for key in row.references.split()}
    ours = select(Note.id, Note.number).where(Note.id.in_(cited), Note.workshop_id == workshop.id)
    numbers = {row.id: row.number for row in session.execute(ours)} if cited else {}

    def references(keys: list[str]) -> str:
        return ", ".join(workshop.reference(numbers[key]) for key in keys if key in numbers)

    return tuple((row.text, references(row.references.split())) for row in rows)
