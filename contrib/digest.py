"""Rows -> frozen values: the only bridge to `exports`. It decides what goes in.

A withdrawn note is counted and its text stays out. No person's name, unless asked for.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from contrib import clock, report_digest
from contrib.report_digest import Named
from contrib.store import heartbeats
from contrib.store.heartbeats import Heartbeat, Laptop
from contrib.store.log import last_seq
from contrib.store.models import (
    PASSAGE,
    Convergence,
    Edition,
    Event,
    Merger,
    Note,
    Person,
    Revision,
    Theme,
    Workshop,
    message_id,
)
from exports import digest as values
from exports.digest import Digest, Key

SILENT_AFTER = timedelta(seconds=30)
"""A page asks every 2-3 s, 10 s when it is slow: after this it has gone quiet."""


def take(
    session: Session,
    event: Event,
    *,
    signatures: bool = False,
    report: bool = False,
    now: datetime | None = None,
    heard: Mapping[Laptop, Heartbeat] | None = None,
    said_only: Collection[str] | None = None,
) -> Digest:
    """The state of an event in one database snapshot (the session's transaction).

    `said_only` leaves out the notes that are not said, of workshops that chose some and of those that
    it names: what a page of 10,000 notes needs to show the few that are.

    For the report: with what the editors made of the day, and only the names that they switched on.
    `now` and `heard` (what laptops said of themselves and is not stored yet) are those of the
    server, where another process reads.
    """
    now = now or clock.now()
    named = report_digest.named(session, event) if report else (lambda name: signatures)
    mergers = _mergers(session, event)
    wanted = true() if said_only is None else _is_said(event, said_only)
    notes = _notes(session, event, named, wanted, mergers)
    told = announcements(session, event, now, heard)
    counts = _counts(session, event)
    themes = session.scalars(
        select(Theme.name).where(Theme.event_id == event.id).order_by(Theme.place, Theme.folded)
    )
    whole = Digest(
        event=_event(event),
        taken_at=now.replace(microsecond=0),
        seq=last_seq(session, event.id),
        workshops=tuple(
            _workshop(workshop, notes.get(workshop.id, {}), told.get(workshop.id), counts)
            for workshop in event.workshops
        ),
        convergences=_convergences(session, event),
        mergers=tuple(
            values.Merger(id=Key(row.id), text=row.text, notes=tuple(map(Key, row.references.split())))
            for row in mergers
        ),
        themes=tuple(themes),
    )
    return _as_report(session, event, whole, named) if report else whole


def _as_report(session: Session, event: Event, whole: Digest, named: Named) -> Digest:
    """The same with the editors' work, without the names that they did not switch on."""
    sequences = tuple(
        replace(one, speakers=tuple(filter(named, one.speakers))) for one in whole.event.sequences
    )
    workshops = tuple(
        replace(one, speaker=one.speaker if one.speaker and named(one.speaker) else None)
        for one in whole.workshops
    )
    return replace(
        whole,
        event=replace(whole.event, sequences=sequences),
        workshops=workshops,
        report=report_digest.take(session, event),
    )


def _event(event: Event) -> values.Event:
    return values.Event(
        id=Key(event.id),
        name=Key(event.name),
        title=event.title,
        subtitle=event.subtitle,
        date=event.date,
        place=event.place,
        organiser=event.organiser,
        timezone=Key(event.timezone),
        plenary_at=event.plenary_at,
        fictional=event.fictional,
        sequences=tuple(
            values.Sequence(
                at=time.fromisoformat(row["at"]),
                title=row["title"],
                speakers=tuple(row["speakers"]),
            )
            for row in json.loads(event.sequences)
        ),
    )


def _workshop(
    workshop: Workshop,
    notes: dict[str | None, list[values.Note]],
    announcement: values.Announcement | None,
    counts: dict[str, tuple[int, int, int]],
) -> values.Workshop:
    received, withdrawn, late = counts.get(workshop.id, (0, 0, 0))
    messages = notes.get(_MESSAGE, [])
    return values.Workshop(
        id=Key(workshop.id),
        name=Key(workshop.name),
        initials=Key(workshop.initials),
        title=workshop.title,
        question=workshop.question,
        room=workshop.room,
        speaker=workshop.speaker,
        minutes=workshop.minutes,
        expected_highlights=workshop.expected_highlights,
        participants=workshop.participants,
        ready_at=workshop.ready_at,
        added_since_ready=late,
        announcement=announcement or values.Announcement(),
        message=messages[0] if messages else None,
        rubrics=tuple(
            values.Rubric(
                name=Key(rubric.name),
                nature=Key(rubric.nature),
                label=rubric.label,
                notes=tuple(notes.get(rubric.id, ())),
            )
            for rubric in workshop.rubrics
        ),
        unsorted=tuple(notes.get(None, ())),
        syntheses=tuple(notes.get(_SYNTHESES, ())),
        received=received,
        withdrawn=withdrawn,
    )


_MESSAGE = "message"
_SYNTHESES = "syntheses"


def _is_said(event: Event, but: Collection[str]) -> ColumnElement[bool]:
    """A note that is chosen, in conflict, a key message, or of a workshop that chose nothing.

    Of the workshops `but` only one note stands for those that are not.
    """
    live = Note.event_id == event.id, Note.kind == "note", Note.live
    chose = select(Note.workshop_id).where(*live, Note.highlight_place.is_not(None))
    one_each = select(func.min(Note.id)).where(*live).group_by(Note.workshop_id)
    disputed = (
        select(Revision.note_id).where(Revision.standing).group_by(Revision.note_id).having(func.count() > 1)
    )
    return or_(
        Note.kind == "message",
        Note.highlight_place.is_not(None),
        Note.id.in_(disputed),
        Note.id.in_(one_each),
        and_(Note.workshop_id.not_in(chose), Note.workshop_id.not_in(but)),
    )


def _notes(
    session: Session,
    event: Event,
    named: Named,
    wanted: ColumnElement[bool],
    mergers: Sequence[Merger],
) -> dict[str, dict[str | None, list[values.Note]]]:
    """Notes that are not withdrawn, by workshop, by rubric, in their places; with the chosen mergers."""
    texts: dict[str, list[values.Wording]] = {}
    standing = (
        select(Revision.id, Revision.note_id, Revision.text, Revision.created_at, Person.name)
        .join(Revision.note)
        .outerjoin(Revision.person)
        .where(Note.event_id == event.id, Revision.standing, Note.live, wanted)
        .order_by(Revision.seq, Revision.id)
    )
    for key, note_id, text, created_at, name in session.execute(standing):
        texts.setdefault(note_id, []).append(
            values.Wording(
                revision=Key(key),
                text=text,
                received_at=created_at,
                signature=name if name and named(name) else None,
            )
        )
    initials = {workshop.id: workshop.initials for workshop in event.workshops}
    natures = {r.id: r.nature for workshop in event.workshops for r in workshop.rubrics}
    # columns, not objects: this is read every 2 s while notes arrive
    rows = session.execute(
        select(
            Note.id,
            Note.workshop_id,
            Note.kind,
            Note.number,
            Note.rubric_id,
            Note.highlight_place,
            Note.created_seq,
            Theme.name.label("theme"),
            _after_restitution(session, event).label("late"),
        )
        .outerjoin(Note.theme)
        .where(Note.event_id == event.id, Note.kind != PASSAGE, Note.live, wanted)
        .order_by(Note.place, Note.id)
    ).all()
    ranks = _ranks([*rows, *mergers])
    found: dict[str, dict[str | None, list[values.Note]]] = {}
    for note in rows:
        wordings = tuple(texts.get(note.id, ()))
        if note.id == message_id(note.workshop_id):
            wordings = tuple(wording for wording in wordings if wording.text.strip())
            if not wordings:
                continue
        section = _MESSAGE if note.kind == "message" else note.rubric_id
        number = f"{initials[note.workshop_id]}-{note.number}" if note.number else None
        found.setdefault(note.workshop_id, {}).setdefault(section, []).append(
            values.Note(
                id=Key(note.id),
                reference=Key(number) if number else None,
                nature=Key(natures[note.rubric_id]) if note.rubric_id else None,
                wordings=wordings,
                rank=ranks.get(note.id),
                theme=note.theme,
                late=bool(note.late),
            )
        )
    for nth, merger in enumerate(mergers, 1):
        if merger.highlight_place is not None:
            said = values.Wording(revision=Key(merger.id), text=merger.text, received_at=merger.created_at)
            found.setdefault(merger.workshop_id, {}).setdefault(_SYNTHESES, []).append(
                values.Note(
                    id=Key(merger.id),
                    reference=values.merger_reference(nth),
                    nature=None,
                    wordings=(said,),
                    rank=ranks[merger.id],
                )
            )
    return found


def _after_restitution(session: Session, event: Event) -> ColumnElement[bool]:
    """Whether a note came after what the restitution was read from.

    That is the first version frozen between the end of the workshops and the end of the day. Where
    none was, those of before are trials, and what comes after the hour of the plenary is late; where
    the first version of all is of another day, what comes after it.
    """
    rows = select(Edition.frozen_at, Edition.seq).where(Edition.event_id == event.id)
    frozen = session.execute(rows.order_by(Edition.number)).all()
    if not frozen:
        return false()
    hours = event.workshops_end or event.plenary_at, event.plenary_at, event.ends_at or time.max
    end, plenary, close = (clock.at(event.date, hour, event.timezone) for hour in hours)
    said = next((seq for at, seq in frozen if end <= at <= close), None)
    if said is None and frozen[0].frozen_at > close:
        said = frozen[0].seq
    return Note.created_seq > said if said is not None else Note.created_at > plenary


def _mergers(session: Session, event: Event) -> Sequence[Merger]:
    rows = select(Merger).where(Merger.event_id == event.id, Merger.live)
    return session.scalars(rows.order_by(Merger.created_seq)).all()


def _ranks(rows: Iterable[Any]) -> dict[str, int]:
    chosen = [note for note in rows if note.highlight_place is not None]
    ranks: dict[str, int] = {}
    counters: dict[str, int] = {}
    for note in sorted(chosen, key=lambda n: (n.highlight_place or "", n.id)):
        counters[note.workshop_id] = counters.get(note.workshop_id, 0) + 1
        ranks[note.id] = counters[note.workshop_id]
    return ranks


def _counts(session: Session, event: Event) -> dict[str, tuple[int, int, int]]:
    """Received, withdrawn, and received after « c’est prêt », by workshop."""
    rows = session.execute(
        select(
            Note.workshop_id,
            func.count(),
            func.count(Note.withdrawn_at),
            func.count().filter(Note.created_seq > Workshop.ready_seq, Note.live),
        )
        .join(Workshop, Workshop.id == Note.workshop_id)
        .where(Note.event_id == event.id, Note.kind == "note")
        .group_by(Note.workshop_id)
    )
    return {row[0] or "": (row[1], row[2], row[3]) for row in rows}


def announcements(
    session: Session, event: Event, now: datetime, heard: Mapping[Laptop, Heartbeat] | None = None
) -> dict[str, values.Announcement]:
    """What each workshop's laptops last said, by its id; only what was said, never more."""
    unstored = heartbeats.live() if heard is None else heard
    by_workshop = heartbeats.of_event(session, event, unstored)
    return {workshop: _announcement(said, now) for workshop, said in by_workshop.items()}


def _announcement(beats: list[Heartbeat], now: datetime) -> values.Announcement:
    silent = [beat for beat in beats if beat.unsent and now - beat.at > SILENT_AFTER]
    return values.Announcement(
        heard_at=max((beat.at for beat in beats), default=None),
        unsent=sum(beat.unsent for beat in beats if now - beat.at <= SILENT_AFTER),
        lost=sum(beat.unsent for beat in silent),
        lost_at=max((beat.at for beat in silent), default=None),
    )


def _convergences(session: Session, event: Event) -> tuple[values.Convergence, ...]:
    rows = session.scalars(
        select(Convergence)
        .where(Convergence.event_id == event.id, Convergence.live)
        .order_by(Convergence.created_seq)
    )
    return tuple(
        values.Convergence(
            id=Key(row.id), text=row.text, notes=tuple(Key(key) for key in row.references.split())
        )
        for row in rows
    )


def as_edition(digest: Digest, number: int, changes: tuple[str, ...]) -> Digest:
    """The same digest, as the frozen version of that number."""
    return replace(digest, edition=values.Edition(number=number, changes=changes))
