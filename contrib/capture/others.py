"""Who else is in a workshop at this moment, and in which note: what laptops say when they ask for news."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from contrib.programme import cache
from contrib.store import heartbeats
from contrib.store.db import db
from contrib.store.models import Person, Workshop

UNSIGNED = "un autre ordinateur"
MOST_NAMES = 3
_NAMES: dict[tuple[str, int], str] = {}
MOST_KEPT = 5_000


def of(workshop: Workshop, device: str) -> dict[str, Any]:
    """For the page of one laptop: a sentence about the others, and by note id who is changing it."""
    beats = [beat for name, beat in heartbeats.here(db.session(), workshop.id).items() if name != device]
    names = _names({beat.person_id for beat in beats if beat.person_id})
    people = [
        (names.get(beat.person_id or "") or "", beat.draft_open or beat.note_id is not None) for beat in beats
    ]
    notes = {beat.note_id: names.get(beat.person_id or "") or UNSIGNED for beat in beats if beat.note_id}
    return {"said": sentence(people), "notes": notes} if beats else {}


def sentence(people: Iterable[tuple[str, bool]]) -> str:
    """« Aussi ici : Nadia (écrit), A. B. et 2 autres ordinateurs » of names, empty ones for unsigned laptops,
    and whether each is writing; who writes comes first."""
    known = sorted({person for person in people if person[0]}, key=lambda person: (not person[1], person[0]))
    unsigned = [writes for name, writes in people if not name]
    said = [f"{name} (écrit)" if writes else name for name, writes in known]
    rest = len(unsigned) + max(len(said) - MOST_NAMES, 0)
    said = said[:MOST_NAMES]
    if rest == 1 and unsigned:
        said.append(f"{UNSIGNED} (écrit)" if unsigned[0] else UNSIGNED)
    elif rest:
        said.append(f"{rest} autres ordinateurs" if rest > 1 else UNSIGNED)
    if not said:
        return ""
    first, last = ", ".join(said[:-1]), said[-1]
    return f"Aussi ici : {first} et {last}" if first else f"Aussi ici : {last}"


def _names(wanted: set[str]) -> dict[str, str]:
    """By the id of a person the name it signs with; read once until anybody signs anew."""
    version = cache.current().programme_seq
    unknown = [one for one in wanted if (one, version) not in _NAMES]
    if unknown:
        if len(_NAMES) > MOST_KEPT:
            _NAMES.clear()
        for row in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(unknown))):
            _NAMES[row.id, version] = row.name or ""
    return {one: _NAMES.get((one, version), "") for one in wanted}
