"""Each workshop as desk and presenter see it: how far it is, and since when nothing was heard of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum

from contrib import clock
from contrib.capture.summary import Summary, summaries
from contrib.store import heartbeats
from contrib.store.db import db
from contrib.store.heartbeats import Heartbeat
from contrib.store.models import Event, Workshop
from contrib.web.pages import said
from exports.text import counted

QUIET_AFTER = timedelta(seconds=90)
"""A page asks every 2-10 s, once a minute where its tab is hidden: after this it has gone quiet."""
LATE_BEFORE = timedelta(minutes=20)
"""Before the end of the workshops: from here on what is missing for the plenary is late."""
A_MOMENT = timedelta(seconds=10)


class State(IntEnum):
    """How a workshop is, the most urgent first."""

    SILENT = 0
    LATE = 1
    GOING = 2
    READY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One workshop, what its laptops say, and what is missing for the plenary."""

    workshop: Workshop
    summary: Summary
    laptops: int
    """Those of the room that were heard of lately."""
    news: str
    """When the last of them was: « il y a 20 s »; empty where none ever was."""
    held: int
    """Notes that they said they have not sent."""
    held_since: str
    state: State
    reasons: tuple[str, ...]
    """Why it is silent or late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The moments of a day; those of another date than today's are not waited for."""

    event: Event
    now: datetime

    @property
    def is_today(self) -> bool:
        return clock.local(self.now, self.event.timezone).date() == self.event.date

    def at(self, hour: time | None) -> datetime | None:
        return clock.at(self.event.date, hour, self.event.timezone) if hour else None

    @property
    def start(self) -> datetime | None:
        return self.at(self.event.workshops_start)

    @property
    def end(self) -> datetime:
        """When people have to walk to the hall."""
        return clock.at(
            self.event.date, self.event.workshops_end or self.event.plenary_at, self.event.timezone
        )

    @property
    def plenary(self) -> datetime:
        return clock.at(self.event.date, self.event.plenary_at, self.event.timezone)

    @property
    def has_begun(self) -> bool:
        return self.now >= (self.start or self.end - timedelta(hours=2))


def of_event(event: Event) -> list[Room]:
    """The workshops of a day in their order."""
    day = Day(event=event, now=clock.now())
    beats = heartbeats.of_event(db.session(), event, heartbeats.live())
    found = summaries(db.session(), event)
    return [_room(day, workshop, found[workshop.id], beats[workshop.id]) for workshop in event.workshops]


def by_urgency(rooms: Sequence[Room]) -> list[Room]:
    return sorted(rooms, key=lambda room: (room.state, not room.held, room.workshop.position))


def _room(day: Day, workshop: Workshop, summary: Summary, beats: list[Heartbeat]) -> Room:
    heard_at = max((beat.at for beat in beats), default=None)
    holding = [beat for beat in beats if beat.unsent]
    since = min((beat.unsent_since or beat.at for beat in holding), default=None)
    silence = tuple(_silence(day, summary, beats))
    late = tuple(_late(day, workshop, summary))
    state = State.GOING
    if silence:
        state = State.SILENT
    elif summary.ready:
        state = State.READY
    elif late:
        state = State.LATE
    return Room(
        workshop=workshop,
        summary=summary,
        laptops=sum(day.now - beat.at <= QUIET_AFTER for beat in beats),
        news=ago(day, heard_at) if heard_at else "",
        held=sum(beat.unsent for beat in holding),
        held_since=said(day.event, since) if since else "",
        state=state,
        reasons=(*silence, *late) if state in (State.SILENT, State.LATE) else (),
    )


def _silence(day: Day, summary: Summary, beats: list[Heartbeat]) -> Iterator[str]:
    """Why a workshop is silent. One that is ready may close its laptops, but not over unsent notes."""
    lost = [beat for beat in beats if beat.unsent and day.now - beat.at > QUIET_AFTER]
    if lost:
        last = clock.when(said(day.event, max(beat.at for beat in lost)))
        number = sum(beat.unsent for beat in lost)
        where = "un ordinateur qui n’a" if len(lost) == 1 else f"{len(lost)} ordinateurs qui n’ont"
        yield f"{counted(number, 'note', 'notes')} sur {where} plus donné signe, la dernière fois {last}"
        return
    if not day.is_today or summary.ready or not day.has_begun or day.now > day.plenary:
        return
    heard_at = max((beat.at for beat in beats), default=None)
    if heard_at is None and day.start:
        if day.now > day.start + QUIET_AFTER:
            noted = "aucun ordinateur ne donne signe"
            yield noted if summary.notes else "personne n’est encore entré avec son code"
    elif heard_at and day.now - heard_at > QUIET_AFTER:
        yield f"plus de nouvelle depuis {said(day.event, heard_at)}"


def _late(day: Day, workshop: Workshop, summary: Summary) -> Iterator[str]:
    """What is missing for the plenary, from twenty minutes before the end."""
    if not day.is_today or summary.ready or day.now < day.end - LATE_BEFORE:
        return
    if summary.chosen < summary.expected:
        yield chosen_of(summary)
    if not summary.has_message:
        yield "message clé vide"
    if not workshop.speaker:
        yield "personne pour parler"
    if day.now > day.end:
        yield f"« c’est prêt » attendu depuis {said(day.event, day.end)}"


def chosen_of(summary: Summary) -> str:
    """« 1 note choisie sur 3 », « aucune note choisie »."""
    if not summary.chosen:
        return "aucune note choisie"
    return f"{counted(summary.chosen, 'note choisie', 'notes choisies')} sur {summary.expected}"


def ago(day: Day, moment: datetime) -> str:
    """« à l’instant », « il y a 20 s », « il y a 10 min »; then the hour."""
    gone = day.now - moment
    if gone < A_MOMENT:
        return "à l’instant"
    if gone < timedelta(minutes=1):
        return f"il y a {int(gone / A_MOMENT) * 10} s"
    if gone < timedelta(hours=1):
        return f"il y a {int(gone.total_seconds() // 60)} min"
    return clock.when(said(day.event, moment))
