"""Rows -> what capture page and desk show of the desk's words."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from contrib.store.models import Event, Notice, Workshop
from contrib.web.pages import said

MOST_SENT = 4
MOST_WAITING = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One that waits for « bien reçu »."""

    id: str
    text: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A word as it was sent: who said that it arrived, and who did not yet."""

    text: str
    at: str
    by_itself: bool
    read: Sequence[tuple[Workshop, str]]
    """With the hour."""
    waiting: Sequence[Workshop]


def waiting(session: Session, event: Event, workshop: Workshop) -> list[Word]:
    """What a workshop has not acknowledged, the newest first."""
    rows = session.scalars(
        select(Notice)
        .where(Notice.workshop_id == workshop.id, Notice.read_at.is_(None))
        .order_by(Notice.sent_at.desc(), Notice.id)
        .limit(MOST_WAITING)
    )
    return [Word(id=row.id, text=row.text, at=said(event, row.sent_at)) for row in rows]


def sent(session: Session, event: Event) -> list[Sending]:
    """The last words, the newest first."""
    newest: dict[str, list[Notice]] = {}
    rows = select(Notice).where(Notice.event_id == event.id).order_by(Notice.sent_at.desc(), Notice.id)
    for row in session.scalars(rows.limit(MOST_SENT * max(len(event.workshops), 1))):
        newest.setdefault(row.sending, []).append(row)
    workshops = {workshop.id: workshop for workshop in event.workshops}
    return [_sending(event, group, workshops) for group in list(newest.values())[:MOST_SENT]]


def _sending(event: Event, group: Sequence[Notice], workshops: dict[str, Workshop]) -> Sending:
    there = [(workshops[row.workshop_id], row) for row in group if row.workshop_id in workshops]
    there.sort(key=lambda pair: pair[0].position)
    return Sending(
        text=group[0].text,
        at=said(event, group[0].sent_at),
        by_itself=group[0].timed is not None,
        read=[(workshop, said(event, row.read_at)) for workshop, row in there if row.read_at],
        waiting=[workshop for workshop, row in there if not row.read_at],
    )
