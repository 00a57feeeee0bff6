"""The day's programme as lines that people edit, and back: « 11:00 | titre | qui ; qui »."""

import json
import re
from datetime import time

from contrib.store.log import Refused, Values
from contrib.store.models import Event

_HOUR = re.compile(r"([01]?\d|2[0-3])\s?[:hH]\s?([0-5]\d)?")


def parse_sequences(text: str) -> list[Values]:
    """Sequences from their lines. Raises Refused naming the line."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        hour, _, rest = line.partition("|")
        title, _, speakers = rest.partition("|")
        found_hour = _HOUR.fullmatch(hour.strip())
        if found_hour is None:
            raise Refused(f"Ligne {number} : « {hour.strip()} » n’est pas une heure comme 11:00.")
        at = time(int(found_hour[1]), int(found_hour[2] or 0))
        if not title.strip():
            raise Refused(f"Ligne {number} : il manque le titre, après « | ».")
        people = [name.strip() for name in speakers.split(";") if name.strip()]
        found.append({"at": at.isoformat(), "title": title.strip(), "speakers": people})
    return found


def sequences_text(event: Event) -> str:
    """The lines that `parse_sequences` reads."""
    return "\n".join(
        " | ".join(part for part in (row["at"][:5], row["title"], " ; ".join(row["speakers"])) if part)
        for row in json.loads(event.sequences)
    )
