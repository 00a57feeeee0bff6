"""What laptops say of themselves when they ask for news: kept, and shown only as what it is.

Signs are kept in memory, and written together at most every 15 s: 400 laptops must not
take the disk's time from notes.
"""

import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from contrib import clock
from contrib.db import WRITES, db
from contrib.forms import whole_number
from contrib.models import Event, Presence, Workshop

WRITE_EVERY = timedelta(seconds=15)

Key = tuple[str, str]
"""A workshop's id and a laptop's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One laptop, when it last asked, and what it said that it had not sent."""

    at: datetime
    unsent: int
    draft_open: bool


class _Signs:
    """The signs of one process, and those among them that the store does not have yet."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.latest: dict[Key, Sign] = {}
        self.unwritten: set[Key] = set()
        self.written_at: datetime | None = None

    def add(self, key: Key, sign: Sign) -> dict[Key, Sign]:
        """Remember a sign; what is to be written now, if it is time."""
        with self.lock:
            self.latest[key] = sign
            self.unwritten.add(key)
            if self.written_at and sign.at - self.written_at < WRITE_EVERY:
                return {}
            self.written_at = sign.at
            due = {key: self.latest[key] for key in self.unwritten}
            self.unwritten.clear()
            return due


_SIGNS: WeakKeyDictionary[Engine, _Signs] = WeakKeyDictionary()
_SIGNS_LOCK = threading.Lock()


def _signs() -> _Signs:
    with _SIGNS_LOCK:
        return _SIGNS.setdefault(db.engine, _Signs())


def heard(workshop_id: str, device: str, arguments: Mapping[str, str]) -> None:
    """Remember that a laptop asked, and what it announced."""
    count = min(whole_number(arguments.get("unsent", "")), 9999)
    sign = Sign(at=clock.now(), unsent=count, draft_open=arguments.get("draft") == "1")
    due = _signs().add((workshop_id, device), sign)
    if due:
        # a sign is no note: where it cannot be written, the next one will be
        with suppress(SQLAlchemyError):
            _write(due)


def _write(due: Mapping[Key, Sign]) -> None:
    rows = [
        {"workshop": key[0], "laptop": key[1], "at": sign.at, "count": sign.unsent, "open": sign.draft_open}
        for key, sign in sorted(due.items())
    ]
    with Session(db.engine) as session:
        connection = session.connection(execution_options={WRITES: True})
        known = {(row[0], row[1]) for row in connection.execute(_KNOWN)}
        there = [row for row in rows if (row["workshop"], row["laptop"]) in known]
        new = [row for row in rows if (row["workshop"], row["laptop"]) not in known]
        if there:
            connection.execute(_LATER, there)
        if new:
            connection.execute(_FIRST, new)
        session.commit()


_KNOWN = select(Presence.workshop_id, Presence.device)
_SAID: dict[str, Any] = {
    "heard_at": bindparam("at"),
    "unsent": bindparam("count"),
    "draft_open": bindparam("open"),
}
_LATER = (
    update(Presence)
    .where(Presence.workshop_id == bindparam("workshop"), Presence.device == bindparam("laptop"))
    .values(_SAID)
)
_FIRST = insert(Presence).values(
    {"workshop_id": bindparam("workshop"), "device": bindparam("laptop"), **_SAID}
)


def live() -> dict[Key, Sign]:
    """The last sign of each laptop that this process heard of; some are not stored yet."""
    here = _signs()
    with here.lock:
        return dict(here.latest)


def signs(
    session: Session, event: Event, since_stored: Mapping[Key, Sign] | None = None
) -> dict[str, list[Sign]]:
    """The last sign of each laptop, by workshop id: what is stored, and what came since."""
    rows = session.execute(
        select(Presence)
        .join(Workshop, Workshop.id == Presence.workshop_id)
        .where(Workshop.event_id == event.id)
    ).scalars()
    found = {
        (row.workshop_id, row.device): Sign(at=row.heard_at, unsent=row.unsent, draft_open=row.draft_open)
        for row in rows
    }
    by_workshop: dict[str, list[Sign]] = {workshop.id: [] for workshop in event.workshops}
    for key, sign in (live() if since_stored is None else since_stored).items():
        if key[0] in by_workshop and (key not in found or found[key].at < sign.at):
            found[key] = sign
    for (workshop_id, _device), sign in found.items():
        by_workshop[workshop_id].append(sign)
    return by_workshop
