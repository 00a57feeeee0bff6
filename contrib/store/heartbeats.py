"""What laptops say of themselves when they ask for news: kept, and shown only as what it is.

Heartbeats are kept in memory, and written together at most every 15 s: 400 laptops must not
take the disk's time from notes. They are no operations: the log does not hold them.
"""

import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from contrib import clock
from contrib.forms import whole_number
from contrib.memory import remembered
from contrib.store.db import WRITES, db
from contrib.store.models import Event, Presence, Workshop

WRITE_EVERY = timedelta(seconds=15)
MOST_UNSENT = 9_999

Key = tuple[str, str]
"""A workshop's id and a laptop's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """One laptop, when it last asked, and what it said that it had not sent."""

    at: datetime
    unsent: int
    draft_open: bool


class Heard:
    """The last heartbeat of each laptop, and which of them the store does not have yet."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.latest: dict[Key, Heartbeat] = {}
        self.unwritten: set[Key] = set()
        self.written_at: datetime | None = None

    def add(self, key: Key, beat: Heartbeat) -> dict[Key, Heartbeat]:
        """Remember one; what is to be written now, if it is time."""
        with self.lock:
            self.latest[key] = beat
            self.unwritten.add(key)
            if self.written_at and beat.at - self.written_at < WRITE_EVERY:
                return {}
            self.written_at = beat.at
            due = {key: self.latest[key] for key in self.unwritten}
            self.unwritten.clear()
            return due


def heard(workshop_id: str, device: str, arguments: Mapping[str, str]) -> None:
    """Remember that a laptop asked, and what it announced."""
    unsent = min(whole_number(arguments.get("unsent", "")), MOST_UNSENT)
    beat = Heartbeat(at=clock.now(), unsent=unsent, draft_open=arguments.get("draft") == "1")
    due = remembered(Heard).add((workshop_id, device), beat)
    if due:
        # a heartbeat is no note: where it cannot be written, the next one will be
        with suppress(SQLAlchemyError):
            _write(due)


def live() -> dict[Key, Heartbeat]:
    """The last heartbeat of each laptop that this process heard of; some are not stored yet."""
    memory = remembered(Heard)
    with memory.lock:
        return dict(memory.latest)


def of_event(session: Session, event: Event, unstored: Mapping[Key, Heartbeat]) -> dict[str, list[Heartbeat]]:
    """The last heartbeat of each laptop, by workshop id: what is stored, and what came since."""
    rows = session.scalars(
        select(Presence)
        .join(Workshop, Workshop.id == Presence.workshop_id)
        .where(Workshop.event_id == event.id)
    )
    found = {
        (row.workshop_id, row.device): Heartbeat(
            at=row.heard_at, unsent=row.unsent, draft_open=row.draft_open
        )
        for row in rows
    }
    by_workshop: dict[str, list[Heartbeat]] = {workshop.id: [] for workshop in event.workshops}
    for key, beat in unstored.items():
        if key[0] in by_workshop and (key not in found or found[key].at < beat.at):
            found[key] = beat
    for (workshop_id, _device), beat in found.items():
        by_workshop[workshop_id].append(beat)
    return by_workshop


def _write(due: Mapping[Key, Heartbeat]) -> None:
    columns: dict[str, Any] = {
        "heard_at": bindparam("at"),
        "unsent": bindparam("count"),
        "draft_open": bindparam("open"),
    }
    of_one = Presence.workshop_id == bindparam("workshop"), Presence.device == bindparam("laptop")
    new = {"workshop_id": bindparam("workshop"), "device": bindparam("laptop"), **columns}
    with Session(db.engine) as session:
        connection = session.connection(execution_options={WRITES: True})
        known = {
            (row[0], row[1]) for row in connection.execute(select(Presence.workshop_id, Presence.device))
        }
        for statement, wanted in (
            (update(Presence).where(*of_one).values(columns), True),
            (insert(Presence).values(new), False),
        ):
            rows = [
                {
                    "workshop": key[0],
                    "laptop": key[1],
                    "at": beat.at,
                    "count": beat.unsent,
                    "open": beat.draft_open,
                }
                for key, beat in sorted(due.items(), key=lambda item: item[0])
                if (key in known) == wanted
            ]
            if rows:
                connection.execute(statement, rows)
        session.commit()
