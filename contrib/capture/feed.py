"""What changed in a workshop since a number: fragments that are the same for every viewer."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from sqlalchemy import Select, bindparam, select, tuple_
from sqlalchemy.orm import aliased

from contrib import clock
from contrib.access import roles
from contrib.capture import others, queries
from contrib.capture.queries import Card
from contrib.capture.summary import spoken_time, summary
from contrib.documents import latest_document
from contrib.forms import whole_number
from contrib.notices.queries import waiting
from contrib.programme import cache
from contrib.store import heartbeats
from contrib.store.db import db
from contrib.store.models import Event, Note, Operation, Theme, Workshop

MOST = 200
"""Changes in one answer; it says when there are more."""
REGIONS_S, REGIONS_MOST_S = 0.125, 2.0
"""For each workshop of a day, and at the most: between two makings, in a workshop, of the counts and choices beside
the notes. It takes 7 ms: twice a second in each of 40 workshops would be a third of a core."""


def since(workshop: Workshop, arguments: Mapping[str, str], *, company: bool = False) -> str:
    """The answer to a poll, as JSON. « Nothing new » is a tiny one.

    With `company` it says who else is here; an answer to a save does not wait for that.
    """
    if roles.is_of_the_room(workshop.event, workshop):
        heartbeats.heard(workshop.id, roles.device(), roles.person_id(), arguments)
    programme = cache.current()
    workshop = programme.now(workshop)
    event = workshop.event
    start = whole_number(arguments.get("since", ""))
    latest, latest_mark = programme.position(workshop)
    answer: dict[str, Any] = {"epoch": epoch(), "seq": latest, "mark": latest_mark}
    answer["printed"] = printed(event)
    if start and arguments.get("mark", "") not in ("", latest_mark if start == latest else mark(start)):
        # another history stands under this number: a backup was put back
        return json.dumps(answer | {"rewritten": True})
    if arguments.get("workshop", workshop.id) != workshop.id:
        # the trial was cleared: this address is now the fresh day's
        return json.dumps(answer | {"moved": workshop.id})
    day_s_own = programme.after_rehearsal(workshop)
    if day_s_own is not None and not roles.is_organiser():
        return json.dumps(answer | {"moved": day_s_own.id})
    if company:
        answer["others"] = others.of(workshop, roles.device())
    made = _made(workshop, latest)
    if whole_number(arguments.get("regions", "")) < made.seq:  # never older ones than the page has
        answer["regions"] = made.regions
        answer["made"] = made.seq
        answer["sections"] = made.sections
        answer["ends"] = ends_at(event)
    if made.seq < latest:
        answer["soon_ms"] = max(0, round((made.until - time.monotonic()) * 1000)) + 1
    if latest == start:
        return json.dumps(answer)
    rows = list(db.session.execute(_CHANGED, {"workshop": workshop.id, "start": start, "most": MOST + 1}))
    if len(rows) > MOST:
        answer["more"] = True
        answer["seq"] = rows[MOST - 1].changed_seq
        answer["mark"] = mark(answer["seq"])
        rows = rows[:MOST]
    return f'{json.dumps(answer)[:-1]}, "notes": [{", ".join(_changes(workshop, rows))}]}}'


def slice_of(workshop: Workshop, section: str, after: str) -> str:
    """The notes of a rubric that follow a cursor, as JSON: the page asks until there is no rest."""
    cards, rest = queries.part(db.session(), workshop.event, workshop, section, after, queries.SLICE)
    before = after.partition(".")[2]
    notes = []
    for card in cards:
        notes.append(f'{_shown(workshop, card)[:-1]}, "after": {json.dumps(before or None)}}}')
        before = card.id
    return f'{{"rest": {json.dumps(rest)}, "notes": [{", ".join(notes)}]}}'


def _changed() -> Select[Any]:
    """What changed in a workshop, with the note that each one stands after."""
    before = aliased(Note)
    last_before = (
        select(before.id)
        .where(
            before.workshop_id == Note.workshop_id,
            before.kind == "note",
            before.rubric_id.is_not_distinct_from(Note.rubric_id),
            tuple_(before.place, before.id) < tuple_(Note.place, Note.id),
        )
        .order_by(before.place.desc(), before.id.desc())
        .limit(1)
        .correlate(Note)
        .scalar_subquery()
    )
    return (
        select(Note.id, Note.changed_seq, Note.rubric_id, Note.place, last_before.label("after"))
        .where(
            Note.workshop_id == bindparam("workshop"),
            Note.kind == "note",
            Note.changed_seq > bindparam("start"),
        )
        .order_by(Note.changed_seq)
        .limit(bindparam("most"))
    )


_CHANGED = _changed()


def mark(seq: int) -> str:
    """The id of the operation that bears a number: what a restored backup changes."""
    return db.session.scalar(select(Operation.id).where(Operation.seq == seq)) or ""


def printed(event: Event) -> int:
    """The last operation that the last good document contains."""
    return latest_document.printed_seq(event.id)


def ends_at(event: Event) -> str | None:
    """When people have to walk to the hall, for the countdown; None on another day."""
    today = clock.local(clock.now(), event.timezone).date()
    if event.workshops_end is None or today != event.date:
        return None
    return clock.at(event.date, event.workshops_end, event.timezone).isoformat()


def epoch() -> str:
    installation = cache.current().installation
    return installation.epoch if installation else ""


def themes(event: Event) -> list[str]:
    return list(db.session.scalars(select(Theme.name).where(Theme.event_id == event.id).order_by(Theme.name)))


def _changes(workshop: Workshop, rows: Sequence[Any]) -> Iterator[str]:
    """Each changed note as the page shows it, in order of place, as JSON."""
    version = cache.current().programme_seq
    for row in sorted(rows, key=lambda row: (row.place, row.id)):
        text = _FRAGMENTS.get((row.id, row.changed_seq, version))
        if text is None:
            card = queries.card(db.session(), workshop.event, workshop, row.id)
            text = _shown(workshop, card) if card else ""
        if text:
            yield f'{text[:-1]}, "after": {json.dumps(row.after)}}}'


def _shown(workshop: Workshop, card: Card) -> str:
    """The note as JSON, made once for all who look."""
    key = (card.id, card.seq, cache.current().programme_seq)
    text = _FRAGMENTS.get(key)
    if text is None:
        shown = {
            "id": card.id,
            "section": card.rubric_id or queries.TO_SORT,
            "html": fragment(card, workshop),
        }
        text = json.dumps(shown, ensure_ascii=False)
        if len(_FRAGMENTS) > MOST_FRAGMENTS:
            _FRAGMENTS.clear()
        _FRAGMENTS[key] = text
    return text


_FRAGMENTS: dict[tuple[str, int, int], str] = {}
MOST_FRAGMENTS = 20_000


def fragment(card: Card, workshop: Workshop) -> str:
    return render_template(
        "capture/_note.html",
        card=card,
        event_name=workshop.event.name,
        workshop_name=workshop.name,
        rubrics=rubric_pairs(workshop),
    )


def rubric_pairs(workshop: Workshop) -> tuple[tuple[str, str], ...]:
    """Id and label of each rubric: what a note's buttons need."""
    return tuple((rubric.id, rubric.label) for rubric in workshop.rubrics)


@dataclass(slots=True)
class _Made:
    """The parts beside the notes of one workshop, as of operation `seq`."""

    seq: int
    until: float
    """When newer ones may be made, in seconds of the monotonic clock."""
    regions: dict[str, str]
    sections: list[tuple[str, str, int]]
    """Id, label and number of notes of each rubric."""


_MADE: dict[str, _Made] = {}
_MAKING: dict[str, threading.Lock] = defaultdict(threading.Lock)


def _made(workshop: Workshop, latest: int) -> _Made:
    """The parts of the page beside the notes.

    With 100 people in a workshop something changes 33 times a second; nobody reads counts
    that fast. A page says which ones it has, so the last ones always arrive.
    """
    with _MAKING[workshop.id]:
        made = _MADE.get(workshop.id)
        now = time.monotonic()
        fresh = made and (made.seq == latest or now < made.until)
        if made is None or not fresh or made.seq > latest:
            numbers = queries.counts(db.session(), workshop)
            sections = [(key, label, numbers.get(key, 0)) for key, label in queries.labels(workshop)]
            until = now + min(REGIONS_S * len(workshop.event.workshops), REGIONS_MOST_S)
            made = _MADE[workshop.id] = _Made(latest, until, _render_regions(workshop), sections)
    return made


def _render_regions(workshop: Workshop) -> dict[str, str]:
    """By the id of their element."""
    event = workshop.event
    common = {
        "event": event,
        "workshop": workshop,
        "summary": summary(db.session(), event, workshop),
        "message": queries.message(db.session(), event, workshop),
        "highlights": queries.highlights(db.session(), event, workshop),
        "latest": queries.latest(db.session(), event, workshop),
        "spoken": spoken_time(db.session(), workshop),
        "notices": waiting(db.session(), event, workshop),
    }
    return {
        name: render_template(f"capture/_{name}.html", **common)
        for name in (
            "notice",
            "heading",
            "counts",
            "latest",
            "late",
            "choices",
            "message",
            "closing",
            "ready",
        )
    }
