"""Words that are ready made, from the programme; and those that go by themselves at their moment."""

import json
from datetime import datetime, timedelta

from sqlalchemy import select

from contrib import clock
from contrib.notices.operations import UNREADY, send_notice
from contrib.programme import cache
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author, Refused
from contrib.store.models import Event, Notice
from exports.text import counted

TIMES = (20, 10, 5, 0)
"""Minutes before the end of the workshops at which a word may go by itself."""
EVERY_S = 5.0
"""Between two looks whether one is due."""
LATEST = timedelta(minutes=2)
"""After its moment a word is no longer true: it does not go."""
NOTHING_IS_LOST = "Gardez votre page ouverte : rien ne se perd."
WHO_SPEAKS = "Dites qui parle en plénière, et combien vous êtes."


def end_of(event: Event) -> datetime | None:
    """When the workshops end; None where the programme does not say."""
    if event.workshops_end is None:
        return None
    return clock.at(event.date, event.workshops_end, event.timezone)


def told(event: Event, minutes: int) -> str:
    """What is said so many minutes before the end."""
    if minutes <= 0:
        return "C’est l’heure : dites « c’est prêt », puis rejoignez la salle."
    left = f"Il reste {counted(minutes, 'minute', 'minutes')}"
    if minutes > 10:
        return f"{left} : commencez à choisir ce qui sera dit en plénière."
    expected = {workshop.expected_highlights for workshop in event.workshops}
    number = expected.pop() if len(expected) == 1 else 0
    notes = counted(number, "note", "notes") if number else "vos notes à dire"
    return f"{left} : choisissez {notes} et écrivez votre message clé."


def offered(event: Event) -> list[str]:
    """Words for this moment, ready to be sent."""
    end, now = end_of(event), clock.now()
    left = round((end - now).total_seconds() / 60) if end else None
    first = told(event, left) if left is not None and -15 <= left <= 60 else told(event, 5)
    return [first, WHO_SPEAKS, NOTHING_IS_LOST]


def wanted(event: Event) -> list[int]:
    """The minutes at which the organiser wants a word to go by itself."""
    found: list[int] = json.loads(event.timed_notices)
    return found


def look() -> None:
    """Send the words that are due: a turn of the background."""
    event = cache.current().event
    end = end_of(event) if event else None
    if event is None or end is None:
        return
    now = clock.now()
    for minutes in wanted(event):
        moment = end - timedelta(minutes=minutes)
        if moment <= now < moment + LATEST:
            _send_once(event, minutes, moment)


def _send_once(event: Event, minutes: int, moment: datetime) -> None:
    timed = moment.isoformat()
    sent = select(Notice.id).where(Notice.event_id == event.id, Notice.timed == timed).limit(1)
    if db.session.scalar(sent):
        return
    values = {"text": told(event, minutes), "to": UNREADY, "timed": timed}
    try:
        log.write(send_notice, Author(), values, event=event.id)
    except Refused:  # everybody is ready, or another process was quicker
        return
