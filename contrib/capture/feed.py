"""What changed in a workshop since a number: fragments that are the same for every viewer."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import render_template
from sqlalchemy import func, or_, select

from contrib import clock
from contrib.access import roles
from contrib.capture import board, presence
from contrib.capture.board import Card
from contrib.db import db
from contrib.models import Event, Installation, Note, Operation, Theme, Workshop
from contrib.publish import press

MOST = 200
"""Changes in one answer; it says when there are more."""


def since(here: Workshop, arguments: Mapping[str, str]) -> dict[str, Any]:
    """The answer to a poll. « Nothing new » is a tiny one."""
    event = here.event
    start = int(arguments.get("since", "0") or 0) if arguments.get("since", "0").isdigit() else 0
    presence.heard(here.id, roles.device(), arguments)
    latest = position(here)
    answer: dict[str, Any] = {"epoch": epoch(), "seq": latest, "printed": printed(event)}
    answer["mark"] = mark(latest)
    if start and arguments.get("mark", "") not in ("", mark(start)):
        # another history stands under this number: a backup was put back
        return answer | {"rewritten": True}
    if arguments.get("workshop", here.id) != here.id:
        # the trial was cleared: this address is now the fresh day's
        return answer | {"moved": here.id}
    if latest == start:
        return answer
    rows = db.session.execute(
        select(Note.id, Note.changed_seq)
        .where(Note.workshop_id == here.id, Note.kind == "note", Note.changed_seq > start)
        .order_by(Note.changed_seq)
        .limit(MOST + 1)
    ).all()
    if len(rows) > MOST:
        answer["more"] = True
        answer["seq"] = rows[MOST - 1].changed_seq
        answer["mark"] = mark(answer["seq"])
        rows = rows[:MOST]
    answer["notes"] = [_change(here, card) for card in _in_order(here, [row.id for row in rows])]
    answer["regions"] = _regions(here)
    answer["sections"] = [["a-classer", "À classer"], *rubric_pairs(here)]
    answer["ends"] = ends_at(event)
    return answer


def position(here: Workshop) -> int:
    """The last operation that this workshop's page depends on: its own, or the day's."""
    return (
        db.session.scalar(
            select(func.max(Operation.seq)).where(
                Operation.event_id == here.event_id,
                or_(Operation.workshop_id == here.id, Operation.workshop_id.is_(None)),
            )
        )
        or 0
    )


def mark(seq: int) -> str:
    """The id of the operation that bears a number: what a restored backup changes."""
    return db.session.scalar(select(Operation.id).where(Operation.seq == seq)) or ""


def printed(event: Event) -> int:
    """The last operation that the last good document contains."""
    return press.printed_seq(event.id)


def ends_at(event: Event) -> str | None:
    """When people have to walk to the hall, for the countdown; None on another day."""
    today = clock.local(clock.now(), event.timezone).date()
    if event.workshops_end is None or today != event.date:
        return None
    return clock.at(event.date, event.workshops_end, event.timezone).isoformat()


def epoch() -> str:
    return db.session.get_one(Installation, 1).epoch


def themes(event: Event) -> list[str]:
    return list(db.session.scalars(select(Theme.name).where(Theme.event_id == event.id).order_by(Theme.name)))


def _in_order(here: Workshop, ids: list[str]) -> list[Card]:
    return board.cards(db.session(), here.event, here, ids)


def _change(here: Workshop, card: Card) -> dict[str, Any]:
    place = select(Note.place).where(Note.id == card.id).scalar_subquery()
    before = db.session.scalar(
        select(Note.id)
        .where(
            Note.workshop_id == here.id,
            Note.kind == "note",
            Note.rubric_id.is_(None) if card.rubric_id is None else Note.rubric_id == card.rubric_id,
            or_(Note.place < place, (Note.place == place) & (Note.id < card.id)),
        )
        .order_by(Note.place.desc(), Note.id.desc())
        .limit(1)
    )
    return {
        "id": card.id,
        "section": card.rubric_id or "a-classer",
        "after": before,
        "html": fragment(card, here),
    }


def fragment(card: Card, here: Workshop) -> str:
    return _rendered(card, here.event.name, here.name, rubric_pairs(here))


def rubric_pairs(here: Workshop) -> tuple[tuple[str, str], ...]:
    """Id and label of each rubric: what a note's buttons need."""
    return tuple((rubric.id, rubric.label) for rubric in here.rubrics)


@lru_cache(maxsize=20_000)
def _rendered(card: Card, event_name: str, workshop_name: str, rubrics: tuple[tuple[str, str], ...]) -> str:
    return render_template(
        "capture/_note.html",
        card=card,
        event_name=event_name,
        workshop_name=workshop_name,
        rubrics=rubrics,
    )


def _regions(here: Workshop) -> dict[str, str]:
    """The parts of the page beside the notes, by the id of their element."""
    event = here.event
    common = {
        "event": event,
        "workshop": here,
        "summary": board.summary(db.session(), event, here),
        "message": board.message(db.session(), event, here),
        "highlights": board.highlights(db.session(), event, here),
        "latest": board.latest(db.session(), event, here),
    }
    return {
        name: render_template(f"capture/_{name}.html", **common)
        for name in ("heading", "counts", "latest", "late", "choices", "message", "closing")
    }
