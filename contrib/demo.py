"""An afternoon already typed, dated today, its hours set so that it is nearly 16 h 20."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from contrib import clock
from contrib.access.operations import sign
from contrib.capture import operations as notes
from contrib.installation import set_up_day
from contrib.intake.csv_file import read_csv
from contrib.intake.operations import import_rows
from contrib.programme import toml_file
from contrib.store import log
from contrib.store.db import db
from contrib.store.log import Author
from contrib.store.models import Event, Note

NOTES = Path(__file__).parent / "programme" / "days" / "demonstration.csv"
FACTS = {
    "emergence": ("Le centre social de la Gohelle", 24),
    "consolidation": ("Une élue de quartier", 31),
    "concretisation": ("Le collectif du Jardin partagé", 18),
    "numerique": ("Une médiatrice numérique", 22),
}
MESSAGES = {
    "emergence": "Avant le dossier, il y a une envie : accueillons-la sans lui demander de statuts.",
    "consolidation": "De petites sommes, vite et sans dossier, valent mieux qu’un gros appel à projets.",
    "concretisation": "Un collectif n’a pas à devenir une association : d’autres peuvent l’héberger.",
}
BEFORE, AFTER = timedelta(minutes=108), timedelta(minutes=14)


def set_up(app: Flask) -> Event:
    """The demonstration's day; made once a day, then left as people change it."""
    with app.app_context():
        now = clock.now()
        event = _day(now)
        if not db.session.scalar(select(func.count()).where(Note.event_id == event.id)):
            _type_notes(event, now)
        return event


def _day(now: datetime) -> Event:
    wanted = toml_file.read(toml_file.DEFAULT)
    zone = wanted.event["timezone"]
    local_now = clock.local(now, zone)
    midnight = local_now.replace(hour=0, minute=0, second=0, microsecond=0)
    last = midnight + timedelta(hours=23, minutes=40)
    start = max(midnight, local_now - BEFORE).replace(second=0, microsecond=0)
    end = min(last, local_now + AFTER).replace(second=0, microsecond=0)
    dated = toml_file.dated(
        wanted,
        local_now.date(),
        workshops_start=start.time(),
        workshops_end=end.time(),
        plenary_at=(end + timedelta(minutes=10)).time(),
        ends_at=min(end + timedelta(minutes=40), midnight + timedelta(hours=23, minutes=59)).time(),
    )
    dated.event["name"] = f"demonstration-{local_now.date().isoformat()}"
    return set_up_day(dated, fictional=True)


def _type_notes(event: Event, now: datetime) -> None:
    """Notes one by one through the same door, as if typed since the workshops began."""
    rows = read_csv(event, NOTES.read_bytes())
    event_id = event.id
    ids = {w.name: w.id for w in event.workshops}
    moments = _moments(event, now, len(rows))
    authors = {workshop_id: _author(event_id, workshop_id) for workshop_id in ids.values()}
    for row, moment in zip(rows, moments, strict=True):
        with clock.frozen_at(moment):
            author = authors[row["workshop"]]
            log.write(import_rows, author, {"rows": [row]}, event=event_id, workshop=row["workshop"])
    for name, (speaker, people) in FACTS.items():
        of_it = {"event": event_id, "workshop": ids[name]}
        log.write(notes.speaker, Author(), {"name": speaker}, **of_it)
        log.write(notes.participants, Author(), {"number": people}, **of_it)
        if name in MESSAGES:
            log.write(notes.message, Author(), {"text": MESSAGES[name], "base": ""}, **of_it)
    for name in ("emergence", "consolidation"):
        with clock.frozen_at(now - timedelta(minutes=1)):
            log.write(notes.ready, Author(), {"ready": True}, event=event_id, workshop=ids[name])


def _moments(event: Event, now: datetime, count: int) -> Iterator[datetime]:
    start = clock.at(event.date, event.workshops_start or event.plenary_at, event.timezone)
    span = max(now - timedelta(minutes=2) - start, timedelta(minutes=1))
    return (start + span * (n + 1) / (count + 1) for n in range(count))


def _author(event_id: str, workshop_id: str) -> Author:
    names = ("A. B.", "Mme K.", "J.-P. L.", "Nadia")
    name = names[sum(map(ord, workshop_id)) % len(names)]
    receipt = log.write(sign, Author(), {"name": name}, event=event_id)
    return Author(person_id=receipt.outcome["person"])
