"""What laptops say of themselves when they ask for news: kept, and shown only as what it is."""

import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from contrib import clock
from contrib.db import WRITES, db
from contrib.models import Presence

WRITE_EVERY = timedelta(seconds=15)

_last: dict[tuple[str, str], tuple[datetime, int]] = {}
_lock = threading.Lock()


def heard(workshop_id: str, device: str, arguments: Mapping[str, str]) -> None:
    """Remember that a laptop asked; written at most every 15 s, at once when its count changes."""
    now = clock.now()
    unsent = arguments.get("unsent", "0")
    count = min(int(unsent), 9999) if unsent.isdigit() else 0
    with _lock:
        before = _last.get((workshop_id, device))
        if before and before[1] == count and now - before[0] < WRITE_EVERY:
            return
        _last[workshop_id, device] = (now, count)
    with Session(db.engine) as session:
        session.connection(execution_options={WRITES: True})
        row = session.get(Presence, (workshop_id, device))
        if row is None:
            row = Presence(workshop_id=workshop_id, device=device)
            session.add(row)
        row.heard_at, row.unsent = now, count
        row.draft_open = arguments.get("draft") == "1"
        # two processes may meet on a laptop's first sign: the other one has written it
        with suppress(IntegrityError):
            session.commit()


def last_heard(session: Session, workshop_id: str) -> datetime | None:
    """When a laptop of this workshop last gave a sign; None where none ever did."""
    return session.scalar(
        select(Presence.heard_at)
        .where(Presence.workshop_id == workshop_id)
        .order_by(Presence.heard_at.desc())
        .limit(1)
    )
