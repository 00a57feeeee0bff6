"""What laptops say of themselves when they ask for news: kept, and shown only as what it is.

One process keeps them in memory and writes them together at most every 15 s: 400 laptops must not
take the disk's time from notes. Several processes write at once what is new, and read what is stored.
They are no operations: the log does not hold them.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from contrib import clock
from contrib.forms import whole_number
from contrib.memory import remembered
from contrib.store import shared
from contrib.store.models import Event, Presence, Workshop

WRITE_EVERY = timedelta(seconds=15)
RENEW_EVERY = timedelta(seconds=5)
"""Between two writes that only say that a laptop is still there, where processes share the store."""
HERE = timedelta(seconds=12)
"""Whoever has not asked for so long is not said to be there: pages ask every 2 s or so."""
MOST_UNSENT = 9_999
MOST_ID = 80

Laptop = tuple[str, str]
"""A workshop's id and a laptop's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """One laptop, when it last asked, and what it said that it had not sent."""

    at: datetime
    unsent: int
    unsent_since: datetime | None
    """Since when it says without a break that something is not sent."""
    draft_open: bool
    person_id: str | None = None
    note_id: str | None = None
    """The note that is open in it."""


class Heard:
    """The last heartbeat of each laptop, and which of them the store does not have yet."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.latest: dict[Laptop, Heartbeat] = {}
        self.unwritten: set[Laptop] = set()
        self.written_at: datetime | None = None

    def add(self, key: Laptop, beat: Heartbeat) -> dict[Laptop, Heartbeat]:
        """Remember one; what is to be written now, if it is time."""
        with self.lock:
            before = self.latest.get(key)
            if beat.unsent and before and before.unsent_since:
                beat = replace(beat, unsent_since=before.unsent_since)
            self.latest[key] = beat
            self.unwritten.add(key)
            if self.written_at and beat.at - self.written_at < WRITE_EVERY:
                return {}
            self.written_at = beat.at
            due = {key: self.latest[key] for key in self.unwritten}
            self.unwritten.clear()
            return due


def heard(workshop_id: str, device: str, person_id: str | None, arguments: Mapping[str, str]) -> None:
    """Remember that a laptop asked, and what it announced."""
    unsent = min(whole_number(arguments.get("unsent", "")), MOST_UNSENT)
    now = clock.now()
    since = now if unsent else None
    draft_open = arguments.get("draft") == "1"
    beat = Heartbeat(
        at=now,
        unsent=unsent,
        unsent_since=since,
        draft_open=draft_open,
        person_id=person_id,
        note_id=arguments.get("note", "")[:MOST_ID] or None,
    )
    key = workshop_id, device
    alone = not shared.is_shared()
    due = remembered(Heard).add(key, beat) if alone else {key: beat}
    if due:
        # a heartbeat is no note: where it cannot be written, the next one will be
        with suppress(SQLAlchemyError):
            _write(due, None if alone else _says_more(beat))


def _says_more(beat: Heartbeat) -> Callable[[Any], ColumnElement[bool]]:
    """Whether it says something else than what is stored, or that is older than `RENEW_EVERY`."""
    return lambda new: or_(
        Presence.unsent != new.unsent,
        Presence.draft_open != new.draft_open,
        Presence.person_id.is_distinct_from(new.person_id),
        Presence.note_id.is_distinct_from(new.note_id),
        Presence.heard_at < beat.at - RENEW_EVERY,
    )


def live() -> dict[Laptop, Heartbeat]:
    """The last heartbeat of each laptop that this process heard of; some are not stored yet.

    Empty where other processes hear laptops too: what all of them know is what is stored.
    """
    memory = remembered(Heard)
    with memory.lock:
        return dict(memory.latest)


def of_event(
    session: Session, event: Event, unstored: Mapping[Laptop, Heartbeat]
) -> dict[str, list[Heartbeat]]:
    """The last heartbeat of each laptop, by workshop id: what is stored, and what came since."""
    rows = session.scalars(
        select(Presence)
        .join(Workshop, Workshop.id == Presence.workshop_id)
        .where(Workshop.event_id == event.id)
    )
    found = {(row.workshop_id, row.device): _beat(row) for row in rows}
    by_workshop: dict[str, list[Heartbeat]] = {workshop.id: [] for workshop in event.workshops}
    for key, beat in unstored.items():
        if key[0] in by_workshop and (key not in found or found[key].at < beat.at):
            found[key] = beat
    for (workshop_id, _device), beat in found.items():
        by_workshop[workshop_id].append(beat)
    return by_workshop


def here(session: Session, workshop_id: str) -> dict[str, Heartbeat]:
    """The laptops that are in a workshop at this moment, by their name; the rest has aged away."""
    since = clock.now() - HERE
    if shared.is_shared():
        rows = session.scalars(
            select(Presence).where(Presence.workshop_id == workshop_id, Presence.heard_at > since)
        )
        return {row.device: _beat(row) for row in rows}
    return {key[1]: beat for key, beat in live().items() if key[0] == workshop_id and beat.at > since}


def _beat(row: Presence) -> Heartbeat:
    return Heartbeat(
        at=row.heard_at,
        unsent=row.unsent,
        unsent_since=row.unsent_since,
        draft_open=row.draft_open,
        person_id=row.person_id,
        note_id=row.note_id,
    )


def _write(due: Mapping[Laptop, Heartbeat], replaces: Callable[[Any], ColumnElement[bool]] | None) -> None:
    rows = [
        {
            "workshop_id": key[0],
            "device": key[1],
            "heard_at": beat.at,
            "unsent": beat.unsent,
            "unsent_since": beat.unsent_since,
            "draft_open": beat.draft_open,
            "person_id": beat.person_id,
            "note_id": beat.note_id,
        }
        for key, beat in sorted(due.items(), key=lambda item: item[0])
    ]
    shared.upsert(Presence, rows, replaces, keeps=["unsent_since"])
